"""What the checker does not judge is judged at submit by `jsonschema`, within limits; without it, a sentence says so."""

from __future__ import annotations

import sys

import pytest
from foreign import suite

from ipydarkroom.errors import InputError
from ipydarkroom.models import Model
from ipydarkroom.prepare import prepare
from ipydarkroom.schema import check
from ipydarkroom.schema.claims import UNCLAIMED, is_risky, unclaimed_in
from ipydarkroom.schema.opinion import second_opinion

CLOSED = {
    "type": "object", "properties": {"prompt": {"type": "string"}, "size": {"type": "float"}}, "required": ["prompt"],
    "allOf": [{"properties": {"seed": {"type": "integer"}}}], "unevaluatedProperties": False,
}  # fmt: skip
SUITE = dict(suite())


def test_a_keyword_of_the_whole_stops_an_order_before_it_is_sent():
    """`unevaluatedProperties` knows the names that `allOf` brought, which only the whole can."""
    model = Model.from_schema(CLOSED)

    assert {"prompt": "fox", "seed": 1} == prepare(model, {"prompt": "fox", "seed": 1}, inline_limit=None).sent
    with pytest.raises(InputError) as caught:
        prepare(model, {"prompt": "fox", "sede": 1}, inline_limit=None)

    [problem] = caught.value.problems
    assert ("whole_schema", {"keyword": "unevaluatedProperties"}) == (problem.code, problem.params)
    assert all(found.code != "whole_schema" for found in check(model.root, model.rules, {"prompt": "fox", "sede": 1}))


def test_without_the_package_a_sentence_says_what_was_not_judged(monkeypatch):
    """The order goes out: the server judges."""
    monkeypatch.setitem(sys.modules, "jsonschema", None)

    prepared = prepare(Model.from_schema(CLOSED), {"prompt": "fox", "sede": 1}, inline_limit=None)

    assert any("unevaluatedProperties" in sentence and "jsonschema" in sentence for sentence in prepared.advice)


def test_a_schema_of_claimed_keywords_asks_nobody(monkeypatch):
    """No import, no copy."""
    monkeypatch.setitem(sys.modules, "jsonschema", None)

    assert () == second_opinion({"type": "object", "properties": {"a": {"not": {"type": "null"}}}}, {"a": None})


def test_what_claimed_keywords_say_there_does_not_count():
    """The form knows more: a default outside its own list is accepted by its server."""
    schema = {"properties": {"a": {"enum": [1], "default": 2}}, "unevaluatedProperties": False}

    assert () == second_opinion(schema, {"a": 2})
    assert ["whole_schema"] == [problem.code for problem in second_opinion(schema, {"a": 2, "b": 1})]


def test_problems_below_such_a_keyword_are_told_as_the_checker_tells_them():
    """Same place, same code, same numbers."""
    part = {
        "type": "object", "required": ["x"], "minProperties": 2, "$dynamicAnchor": "part",
        "properties": {"x": {"type": ["string", "null"], "pattern": "^a", "enum": ["ab", "b", 1]}},
    }
    schema = {"type": "object", "properties": {"a": {"$dynamicRef": "#part"}}, "$defs": {"part": part}}

    assert {(("a",), "min_properties", 2), (("a",), "required", None)} == {
        (problem.pointer[:1], problem.code, problem.params.get("limit")) for problem in second_opinion(schema, {"a": {}})
    }
    found = second_opinion(schema, {"a": {"x": 1, "y": 2}})
    assert {(("a", "x"), "type")} == {(problem.pointer, problem.code) for problem in found}
    assert {"pattern"} == {problem.code for problem in second_opinion(schema, {"a": {"x": "b", "y": 2}})}
    assert {"choice", "pattern"} == {problem.code for problem in second_opinion(schema, {"a": {"x": "c", "y": 2}})}


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "http://127.0.0.1:9/schema", "unevaluatedProperties": False},
        {"$ref": "file:///etc/passwd", "unevaluatedProperties": False},
        {"unevaluatedProperties": False, "patternProperties": {"(a+)+$": {}}},
        {"unevaluatedProperties": 7},
        {"unevaluatedProperties": False, **{"$defs": {name: {"allOf": [{"$ref": f"#/$defs/{chr(ord(name) + 1)}"}] * 9} for name in "abcdefgh"}},
         "$ref": "#/$defs/a"},
    ],
    ids=["another host", "a file", "a pattern without end", "no schema", "nine of nine of nine"],
)
def test_what_cannot_be_judged_safely_is_said_and_not_tried(schema):
    """Nothing is fetched, nothing runs for ever; the order is not stopped."""
    said = second_opinion({"type": "object", **schema}, {"a" * 40 + "!": 1})

    assert "unjudged" in {problem.code for problem in said} <= {"unjudged", "unjudgeable"}
    assert not any(problem.blocking for problem in said)


@pytest.mark.parametrize(("pattern", "risky"), [("^(a+)+$", True), ("^(a|aa)*$", True), ("^x-", False), ("^[a-z]+_[0-9]{1,3}$", False), ("(", True)])
def test_a_pattern_that_an_engine_of_another_kind_may_never_finish_is_known(pattern, risky):
    """Repetition or choice inside repetition."""
    assert risky == is_risky(pattern)


def test_unclaimed_keywords_are_found_wherever_they_stand():
    """And not in names, values or samples."""
    assert ("unevaluatedItems",) == unclaimed_in({"properties": {"a": {"items": {"unevaluatedItems": False}}}})
    assert () == unclaimed_in({"properties": {"unevaluatedItems": {}}, "const": {"unevaluatedItems": False}})
    assert ("$ref", "$schema", "pattern") == unclaimed_in({"$schema": "http://x/y", "$ref": "other.json", "pattern": "("})


@pytest.mark.parametrize("file", ["unevaluatedItems", "unevaluatedProperties"])
def test_both_together_judge_these_keywords_as_the_suite_does(file):
    """Ours first, the other where ours claims nothing. Objects only: inputs are objects."""
    if not SUITE:
        pytest.skip("the JSON Schema test suite does not lie beside this checkout")
    judged = 0
    for group in SUITE[file]:
        if not set(unclaimed_in(group["schema"])) & set(UNCLAIMED):
            continue
        for case in group["tests"]:
            schema = {**group["schema"], "$defs": group["schema"].get("$defs", {})} if isinstance(group["schema"], dict) else {}
            found = second_opinion(schema, case["data"])
            if any(problem.code == "unjudged" for problem in found):
                continue
            judged += 1
            assert not (case["valid"] and found), (group["description"], case["description"], found)
    assert judged > 50


@pytest.mark.parametrize(("part", "word"), [({"$ref": "https://schemas.example.org/a.json"}, "$ref"), ({"pattern": "(a)\\1"}, "pattern")])
def test_what_nobody_here_judges_is_said(part, word):
    """A reference to elsewhere, and a pattern that refers back: no package helps, so none is asked for."""
    [problem] = second_opinion({"type": "object", "properties": {"a": part}}, {"a": "aa"})

    assert ("unjudgeable", {"words": word}, False) == (problem.code, problem.params, problem.blocking)
