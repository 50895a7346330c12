"""One foreign document: its parts with references and `allOf` merged in, and the notes on what was put right.

Looked up inside the document only: nothing is fetched, imported or run. Whatever turns in circles, or grows without
end, is cut off and becomes "any JSON".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias
from urllib.parse import unquote

from ..fields import Pointer, pointer_text

__all__ = ["Document", "Note", "Schema"]

Schema: TypeAlias = Mapping[str, Any]
"""A part of a document. Its values are anything at all: they are looked at, never trusted."""

_DEEPEST = 40  # references and allOf within one another
_MOST_STEPS = 20_000  # parts merged while one document is read; the largest public schema seen needs a few hundred
_NOWHERE = object()


@dataclass(frozen=True, slots=True)
class Note:
    """One correction: where (a JSON Pointer), which rule, and what was and what became."""

    pointer: str
    rule: str
    was: object
    became: object


class Document:
    """A schema document while it is read."""

    def __init__(self, root: object) -> None:
        self.root = root
        self.notes: list[Note] = []
        self._steps = 0

    def note(self, pointer: Pointer, rule: str, was: object, became: object) -> None:
        """Write down a correction."""
        self.notes.append(Note(pointer_text(pointer), rule, was, became))

    def plain(self, raw: object, pointer: Pointer, trail: tuple[str, ...] = ()) -> dict[str, Any]:
        """A part with its reference and its `allOf` merged in; what stands beside them wins.

        `trail` names the references and lists that led here.
        """
        if not isinstance(raw, Mapping):
            if raw is not True:
                self.note(pointer, "no_schema", raw, "any")
            return {}
        self._steps += 1
        if len(trail) > _DEEPEST or self._steps > _MOST_STEPS:
            self.note(pointer, "too_deep", len(trail), "any")
            return {}
        part = dict(raw)
        reference = part.pop("$ref", None)
        several = part.pop("allOf", None)
        merged: dict[str, Any] = {}
        if isinstance(reference, str):
            merged = self._referred(reference, pointer, trail)
        for piece in several if isinstance(several, list) else ():
            merged = _merged(merged, self.plain(piece, pointer, (*trail, "allOf")))
        return _merged(merged, part)

    def _referred(self, reference: str, pointer: Pointer, trail: tuple[str, ...]) -> dict[str, Any]:
        found = _NOWHERE if reference in trail else self._find(reference)
        if found is _NOWHERE:
            self.note(pointer, "unknown_reference", reference, "any")
            return {}
        return self.plain(found, pointer, (*trail, reference))

    def _find(self, reference: str) -> object:
        """A place inside this document, by JSON Pointer in a URI fragment (RFC 6901, section 6)."""
        if reference != "#" and not reference.startswith("#/"):
            return _NOWHERE
        place = self.root
        for step in reference.split("/")[1:]:
            place = _step(place, unquote(step).replace("~1", "/").replace("~0", "~"))
        return place


def _step(place: object, key: str) -> object:
    if isinstance(place, Mapping):
        return place.get(key, _NOWHERE)
    if isinstance(place, list) and key.isascii() and key.isdecimal() and int(key) < len(place):
        return place[int(key)]
    return _NOWHERE


def _merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """Two parts as one: `over` wins, except that properties and lists of required names are joined."""
    both: dict[str, Any] = {**under, **over}
    if isinstance(under.get("properties"), Mapping) and isinstance(over.get("properties"), Mapping):
        both["properties"] = {**under["properties"], **over["properties"]}
    if isinstance(under.get("required"), list) and isinstance(over.get("required"), list):
        both["required"] = [*under["required"], *over["required"]]
    return both
