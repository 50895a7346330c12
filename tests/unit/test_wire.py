"""What counts as JSON in an answer: one reading, or none."""

from __future__ import annotations

import json

import pytest

from ipydarkroom.errors import Unreadable
from ipydarkroom.wire import Reply


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<html>", b'{"a": 1, "a": 2}', b'{"a": [{"b": 1, "b": 1}]}', b'{"a": NaN}', b"[-Infinity]", b"9" * 10_000,
        b"[" * 200_000, b'{"a":' * 100_000, b'"\xff"', b'"\xed\xa0\x80"', b'{"a": 1} {}', '{"a": 1}'.encode("utf-16"),
    ],
    ids=[
        "nothing", "page", "key twice", "key twice inside", "NaN", "infinity", "10k digits", "deep lists", "deep objects",
        "no UTF-8", "surrogate", "two values", "UTF-16",
    ],
)
def test_an_unclear_answer_is_one_typed_error(body):
    """Whatever is wrong with the text, the reader meets `Unreadable` and nothing else."""
    with pytest.raises(Unreadable):
        Reply(200, {}, body).json()


def test_half_a_character_is_mended():
    """A server that cuts a sentence by UTF-16 units leaves half an emoji; a journal could not hold it."""
    body = b'{"failMsg": "no fox \\ud83d", "whole": "\\ud83e\\udd8a"}'

    assert {"failMsg": "no fox \ufffd", "whole": "\U0001f98a"} == Reply(200, {}, body).json()


def test_a_mark_at_the_beginning_is_allowed():
    """Some servers begin with a byte order mark; it changes no meaning."""
    assert {"a": 1} == Reply(200, {}, b'\xef\xbb\xbf{"a": 1}').json()


def test_brackets_in_a_sentence_are_no_nesting():
    """Kie echoes the prompt in every answer; a job whose prompt is full of brackets must still be readable."""
    prompt = "[" * 500 + '\\"{' * 500

    assert {"param": prompt} == Reply(200, {}, json.dumps({"param": prompt}).encode()).json()
