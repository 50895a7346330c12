"""What a service says of single inputs: found in its answer, kept with the job, shown beside the input."""

from __future__ import annotations

import json

import pytest

from ipydarkroom.complaints import complaints, in_one
from ipydarkroom.jobs import Rejected
from ipydarkroom.providers import get_provider
from ipydarkroom.wire import Reply

DETAIL = [{"loc": ["body", "prompt"], "msg": "too long", "type": "string_too_long"}, {"loc": ["body", "loras", 0, "path"], "msg": "no such file"}]


def test_each_complaint_has_its_place_and_words():
    """Without the envelope that every order is in."""
    assert ((("prompt",), "too long"), (("loras", 0, "path"), "no such file")) == complaints({"detail": DETAIL})


@pytest.mark.parametrize(
    "found",
    [
        {}, {"detail": "No."}, {"detail": []}, {"detail": [1, None, "x"]}, {"detail": [{"loc": 3, "msg": "x"}]},
        {"detail": [{"loc": ["body"], "msg": "x"}]}, {"detail": [{"loc": ["body", True], "msg": "x"}]}, {"detail": [{"loc": ["body", "a"], "msg": []}]},
    ],
)
def test_an_answer_of_another_shape_complains_of_nothing(found):
    """A server may answer what it likes."""
    assert () == complaints(found)


def test_an_input_that_is_called_like_the_envelope_keeps_its_name():
    """`input` alone is an input."""
    assert ((("input",), "x"),) == complaints({"detail": [{"loc": ["body", "input"], "msg": "x"}]})


def test_a_signed_link_in_the_words_is_cut():
    """As everywhere."""
    said = complaints({"detail": [{"loc": ["body", "a"], "msg": "cannot read https://x.example/a.png?sig=canary"}]})

    assert "canary" not in repr(said)


def test_all_of_them_make_one_sentence():
    """For the line of the job."""
    assert "prompt: too long; loras.0.path: no such file" == in_one(DETAIL)


@pytest.mark.parametrize("name", ["runcomfy", "fal"])
def test_a_refused_order_remembers_what_was_said_of_its_inputs(name):
    """By both providers that answer so."""
    verdict = get_provider(name).submitted(Reply(422, {}, json.dumps({"detail": DETAIL}).encode()))

    assert isinstance(verdict, Rejected)
    assert ("prompt",) == verdict.trouble.about[0][0]
