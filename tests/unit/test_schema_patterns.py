"""Patterns mean what ECMA 262 says, and end in time."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipydarkroom.schema.patterns import is_pattern, matches


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        ("^ab$", ["ab"], ["aab", "abb", "ab\n", ""]), ("b", ["abc"], ["ac"]), ("", ["", "x"], []), ("^$", [""], ["x"]),
        ("^(a|bc)+$", ["abca", "bc"], ["ac", "ab"]), ("^a{2}$", ["aa"], ["a", "aaa"]), ("^a{2,}$", ["aaaa"], ["a"]),
        ("^a{1,2}?b$", ["ab", "aab"], ["b", "aaab"]), ("^[a-c-]+$", ["a-c"], ["d"]), ("^[^a]$", ["b", "\n"], ["a"]),
        ("^.$", ["狐", "🐲"], ["\n", "\u2028", "ab"]), (r"^\d\w\s$", ["1a\ufeff"], ["١a ", "1é "]), (r"^\D\W\S$", ["xéx"], ["1éx"]),
        (r"^\p{L}+$", ["狐é"], ["a1"]), (r"^\P{Lu}$", ["a"], ["A"]), (r"^\p{gc=Nd}$", ["৪"], ["a"]), (r"^[\p{L}\d]+$", ["狐1"], ["-"]),
        (r"^\x41\u0042\u{1F432}\uD83D\uDC32\cC\0$", ["AB🐲🐲\x03\0"], ["AB"]), (r"\bfox\b", ["a fox!"], ["foxy"]), (r"^\B$", [""], ["a"]),
        (r"^(?=.*\d)(?!.*x)[a-z\d]+$", ["a1"], ["a", "a1x"]), (r"(?<=\$)\d", ["$1"], ["1"]), (r"(?<!\$)\d", ["1"], ["$1"]),
        (r"^(?<year>\d{4})$", ["2026"], ["26"]), ("^#[0-9a-fA-F]{6}$", ["#00ff00"], ["#0f0", "00ff00"]), (r"^[\b]$", ["\b"], ["b"]),
        (r"^\-\.\/$", ["-./"], ["-x/"]), ("^a{,2}$", ["a{,2}"], ["aa"]),
    ],
)  # fmt: skip
def test_a_pattern_is_found_where_it_stands_and_nowhere_else(pattern, good, bad):
    """Unanchored, by Unicode, with JavaScript's digits, words and spaces."""
    assert [True] * len(good) == [matches(pattern, text) for text in good]
    assert [False] * len(bad) == [matches(pattern, text) for text in bad]


@pytest.mark.parametrize("pattern", ["(", ")", "[", "a**", "*", "a{2,1}", r"\p{Nothing}", r"(\w)\1", "(?i)a", "(?<n", r"\u{110000}", "a" * 9999,
                                     "(" * 500, "((a{1,99}){1,99}){1,99}", r"\a", "[z-a]", "\\", "^*", "(?P<x>a)"])
def test_a_pattern_that_is_none_or_not_read_here_judges_nothing(pattern):
    """A schema is foreign input; a bad pattern must not stop a person."""
    assert matches(pattern, "x") is None


@pytest.mark.parametrize(
    ("pattern", "text"),
    [("(a+)+$", "a" * 30_000 + "b"), ("^(.*)*x$", "a" * 30_000), (r"^(\s*\S*)*!$", "ab " * 9_000), ("(x+x+)+y", "x" * 20_000)],
)  # fmt: skip
def test_a_pattern_made_to_run_for_hours_ends(pattern, text):
    """Its time is the product of two lengths, not a power."""
    assert matches(pattern, text) is False


def test_what_would_take_too_long_is_not_judged():
    """Rather no answer than a late one."""
    assert matches("[ab]*a[ab]{1500}$", "ab" * 20_000) is None


@settings(max_examples=300, deadline=None)
@given(st.from_regex(r"\A(?:[ab.^$|]|\((?:\?:|\?=|\?!)?[ab]*\)|[ab][*+?]|\[\^?[ab]\]|b\{1,2\}){0,8}\Z"), st.text("ab\n", max_size=8))
def test_where_python_means_the_same_both_agree(pattern, text):
    """Except that `$` forgives a line break at the end in Python."""
    try:
        expected = re.search(pattern.replace("$", r"\Z"), text) is not None
    except re.error:
        return

    assert matches(pattern, text) in (expected, None)


def test_what_is_a_pattern_is_known():
    """As the format `regex` asks: by the letter of ECMA 262."""
    assert is_pattern("^a+$")
    assert is_pattern(r"(?<n>a)\1\k<n>")
    assert not is_pattern("^(a")
    assert not is_pattern(r"\a")
