"""What a service says is wrong with single inputs, in the shape that FastAPI made common: a list of `{loc, msg}`.

RunComfy and fal answer so where an order does not fit (their pages show `detail: [{"loc": ["body", "prompt"], "msg": ...}]`).
Foreign words: kept short, and shown as text.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from .redaction import masked_text

if TYPE_CHECKING:
    from .fields import Pointer

__all__ = ["complaints", "in_one"]

_ENVELOPE = frozenset({"body", "input", "query"})  # what stands before the name of an input
_MOST, _LETTERS, _DEEPEST = 20, 300, 12


def complaints(found: Mapping[str, object]) -> tuple[tuple[Pointer, str], ...]:
    """Place and words of each complaint about an input; empty where the answer has none of this shape."""
    lists = [said for said in (found.get(key) for key in ("detail", "error", "errors")) if isinstance(said, list)]
    told = [(_place(item), _words(item)) for item in (lists[0][:_MOST] if lists else [])]
    return tuple((place, words) for place, words in told if place and words)


def in_one(items: list[object]) -> str:
    """The complaints as one sentence, each with its place."""
    return "; ".join(filter(None, map(_line, items[:_MOST])))[:_LETTERS]


def _line(item: object) -> str:
    where = ".".join(map(str, _place(item)))
    return f"{where}: {_words(item)}".strip(": ") if isinstance(item, Mapping) else str(item)


def _place(item: object) -> Pointer:
    place = item.get("loc") if isinstance(item, Mapping) else None
    steps = [step for step in place if isinstance(step, str | int) and not isinstance(step, bool)] if isinstance(place, list) else []
    while steps and steps[0] in _ENVELOPE and (len(steps) > 1 or steps[0] == "body"):
        steps = steps[1:]
    return tuple(steps[:_DEEPEST])


def _words(item: object) -> str:
    said = item.get("msg") if isinstance(item, Mapping) else None
    return masked_text(said)[:_LETTERS] if isinstance(said, str) else ""
