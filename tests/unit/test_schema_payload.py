"""What is shown and what is sent."""

from __future__ import annotations

import numpy as np

from ipydarkroom.fields import UNSET, Rule
from ipydarkroom.schema import check, payload, read_schema, shown

ROOT = read_schema({
    "type": "object",
    "properties": {
        "mode": {"type": "string", "enum": ["auto", "off"], "default": "off"},
        "count": {"type": "integer", "enum": [1, 2, 3]},
        "seed": {"type": "integer"},
        "scale": {"type": "number"},
        "style": {"type": "string", "default": "AUTO"},
        "codes": {},
        "size": {"type": "array", "items": {"type": "integer"}},
    },
    "required": ["style"],
}).root
RULES = (Rule("only_when", "count", "mode", "auto"), Rule("instead_of", "codes", "style"))


def codes(values):
    """The problems of these values: (name, code, blocking)."""
    return [(problem.pointer[0], problem.code, problem.blocking) for problem in check(ROOT, RULES, values)]


def test_silence_is_not_sent_and_what_was_said_is():
    """0, false and an empty text were said; UNSET was not."""
    said = {"style": "x", "scale": 0, "codes": UNSET, "seed": UNSET}

    assert {"style": "x", "scale": 0} == payload(ROOT, RULES, said)


def test_the_order_is_the_models_own_and_undocumented_names_come_last():
    """Equal orders look equal, however they were typed."""
    assert ["seed", "style", "extra"] == list(payload(ROOT, RULES, {"extra": 1, "style": "x", "seed": 2}))


def test_a_whole_number_is_sent_as_one_and_a_listed_value_as_listed():
    """3.0 is 3 for an integer; an open number stays as it was written."""
    sent = payload(ROOT, RULES, {"mode": "auto", "count": 2.0, "seed": 3.0, "scale": 3.0, "style": "x"})

    assert (2, 3, 3.0) == (sent["count"], sent["seed"], sent["scale"])
    assert [int, int, float] == [type(sent[name]) for name in ("count", "seed", "scale")]


def test_numbers_of_numpy_are_numbers():
    """A seed out of a random generator needs no cast, also inside a list."""
    values = {"style": "x", "seed": np.int64(7), "scale": np.float32(0.5), "size": [np.int32(3)]}

    assert [] == codes(values)
    sent = payload(ROOT, RULES, values)
    assert {"seed": 7, "scale": 0.5, "style": "x", "size": [3]} == sent
    assert [int, float, int] == [type(sent["seed"]), type(sent["scale"]), type(sent["size"][0])]


def test_a_condition_reads_the_default_while_nothing_is_chosen():
    """`mode` untouched is `off`, so `count` does not count: neither shown nor sent, with advice where it was given."""
    assert "count" not in shown(ROOT, RULES, {})
    assert "count" in shown(ROOT, RULES, {"mode": "auto"})
    assert [("count", "does_not_count", False)] == codes({"style": "x", "count": 2})
    assert {"style": "x"} == payload(ROOT, RULES, {"style": "x", "count": 2})


def test_a_value_that_does_not_count_is_not_judged():
    """Nobody is stopped by a field that is not sent."""
    assert [("count", "does_not_count", False)] == codes({"style": "x", "count": "many"})


def test_a_stand_in_lifts_the_required_mark_and_takes_the_place():
    """Both given is advice: a panel's prefilled style cannot be told from a typed one."""
    assert [("style", "required", True)] == codes({})
    assert [] == codes({"codes": ["A1"]})
    assert [("style", "not_together", False)] == codes({"codes": ["A1"], "style": "AUTO"})
    assert {"codes": ["A1"]} == payload(ROOT, RULES, {"codes": ["A1"], "style": "AUTO"})


def test_an_empty_stand_in_stands_for_nothing():
    """None, "", [] and {} leave the other field alone, and are not sent beside it."""
    for empty in (None, "", [], {}):
        assert {"style": "AUTO"} == payload(ROOT, RULES, {"codes": empty, "style": "AUTO"})
        assert [("style", "required", True)] == codes({"codes": empty})
