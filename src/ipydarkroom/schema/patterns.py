"""Does a text have the form of a pattern? Patterns are foreign: they are read by ECMA's rules and run in bounded time."""

from __future__ import annotations

import functools

from .automaton import Automaton, TooMuch, build
from .ecma import Unreadable, read_pattern

__all__ = ["is_pattern", "matches"]

_MOST_STEPS = 500_000  # about a third of a second
_LONGEST = 5_000  # characters of a pattern; the longest seen in a public schema has 200


def matches(pattern: str, text: str) -> bool | None:
    """Whether a pattern is found in a text, anywhere; None where we cannot tell.

    Not told are patterns with back references or scripts, those that are none, and what would take too long.
    """
    found = _automaton(pattern)
    try:
        return None if found is None else found.search(text, _MOST_STEPS)
    except (TooMuch, RecursionError):
        return None


def is_pattern(text: str) -> bool:
    """Whether a text is a regular expression of ECMA 262, in Unicode mode."""
    try:
        read_pattern(text, strict=True)
    except (Unreadable, RecursionError):
        return False
    return True


@functools.lru_cache(maxsize=128)
def _automaton(pattern: str) -> Automaton | None:
    if len(pattern) > _LONGEST:
        return None
    try:
        return build(read_pattern(pattern))
    except (Unreadable, TooMuch, RecursionError):
        return None
