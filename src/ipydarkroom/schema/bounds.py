"""The limits a schema puts on a value, with the words of older drafts and other producers put right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from .patterns import is_readable

if TYPE_CHECKING:
    from ..fields import Pointer
    from .document import Document, Schema

__all__ = ["LIMITS", "SHORT_BOUNDS", "limits", "number", "whole"]

SHORT_BOUNDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
LIMITS = frozenset({
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength", "pattern", "format",
    "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", *SHORT_BOUNDS,
})  # fmt: skip
_EXACT = 2**53 - 1  # the largest whole number a browser holds exactly


def limits(document: Document, part: Schema, pointer: Pointer) -> dict[str, Any]:
    """The limits as arguments of a Field; only those the part has. What is no limit (`"minLength": "x"`) is none."""
    found = _ends(document, part, pointer) if not LIMITS.isdisjoint(part) else {}
    if (step := number(part.get("multipleOf"))) is not None and step > 0:
        found["multiple_of"] = found["step"] = step
    for ours, theirs in _COUNTS:
        if theirs in part and (count := whole(part[theirs])) is not None:
            found[ours] = count
    for word in ("pattern", "format"):
        if isinstance(said := part.get(word), str) and said:
            found[word] = said
            if word == "pattern" and not is_readable(said):
                document.note(pointer, "pattern_unread", said, "not judged")
    if part.get("uniqueItems") is True:
        found["unique_items"] = True
    return found


_COUNTS = (
    ("min_length", "minLength"), ("max_length", "maxLength"), ("min_items", "minItems"), ("max_items", "maxItems"),
    ("min_properties", "minProperties"), ("max_properties", "maxProperties"),
)  # fmt: skip


def _ends(document: Document, part: Schema, pointer: Pointer) -> dict[str, Any]:
    """The four bounds of a number: the short words, and the true/false of draft 4, become numbers."""
    said = dict(part)
    for short, proper in SHORT_BOUNDS.items():
        if short in said:
            document.note(pointer, "bound_alias", short, proper)
            said.setdefault(proper, said[short])
    found: dict[str, Any] = {}
    for end in ("minimum", "maximum"):
        plain, exclusive = number(said.get(end)), said.get(f"exclusive{end.capitalize()}")
        if exclusive is True:
            document.note(pointer, "draft4_exclusive", True, plain)
            plain, exclusive = None, plain
        for name, bound in ((end, plain), (f"exclusive_{end}", number(exclusive))):
            if bound is not None:
                found[name] = bound
                if isinstance(bound, int) and abs(bound) > _EXACT:
                    document.note(pointer, "big_bound", bound, "edited as text")
    return found


def number(value: object) -> float | None:
    """A finite number, or None."""
    return value if isinstance(value, int | float) and not isinstance(value, bool) and value - value == 0 else None


def whole(value: object) -> int | None:
    """A count: a whole number from 0, also written as 2.0; or None."""
    found = number(value)
    return int(found) if found is not None and found >= 0 and found == int(found) else None
