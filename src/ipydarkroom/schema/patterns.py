"""Does a text have the form of a pattern? Patterns are foreign: they are read by ECMA's rules and run in bounded time."""

from __future__ import annotations

import functools

from .automaton import Automaton, Budget, TooMuch, build
from .ecma import Unreadable, read_pattern

__all__ = ["STEPS", "is_pattern", "is_readable", "matches"]

STEPS = 300_000
"""What one judgement may take: about a fifth of a second."""

_LONGEST = 5_000  # characters of a pattern; the longest seen in a public schema has 200


def matches(pattern: str, text: str, budget: Budget | None = None) -> bool | None:
    """Whether a pattern is found in a text, anywhere; None where we cannot tell.

    Not told are patterns with back references or scripts, those that are none, and what would take too long.
    """
    budget = budget or Budget(STEPS)
    if budget.left <= 0:
        return None
    found = _automaton(pattern)
    try:
        return None if found is None else found.search(text, budget)
    except (TooMuch, RecursionError):
        return None


def is_readable(pattern: str) -> bool:
    """Whether a pattern is one that is read here."""
    try:
        read_pattern(pattern)
    except (Unreadable, RecursionError):
        return False
    return len(pattern) <= _LONGEST


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
