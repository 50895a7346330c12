"""One foreign document: its parts with references and `allOf` merged in, and the notes on what was put right.

Looked up inside the document only: nothing is fetched, imported or run. Whatever turns in circles without looking
deeper into a value is cut off and becomes "any JSON"; what turns in circles deeper down is left for its reader to
open one level at a time.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from ..fields import Pointer, pointer_text
from .merging import Schema, merged, narrowed_types
from .notes import Note
from .references import NOWHERE, References

__all__ = ["Document", "Note", "Recursion", "Schema"]

_DEEPEST = 40  # references and allOf within one another
_MOST_STEPS = 20_000  # parts merged while one document is read; the largest public schema seen needs a few hundred
_MOST_NESTED = 100  # lists and objects within one another; what is deeper is cut off first of all
_TELLS_NOTHING = frozenset({"type", "title", "description", "example", "examples"})

Trail = frozenset[int]
"""The parts that references led through, by identity."""


class Recursion(Exception):
    """A part refers to one of the parts it lies in."""


class Document:
    """A schema document while it is read."""

    def __init__(self, root: object) -> None:
        self.notes: list[Note] = []
        self.steps = 0
        self.root = root
        if _is_deeper(root, _MOST_NESTED):
            self.root = _cut(root, _MOST_NESTED)
            self.note((), "too_deep", _MOST_NESTED, "any")
        self._references = References(self.root)

    def note(self, pointer: Pointer, rule: str, was: object, became: object) -> None:
        """Write down a correction."""
        self.notes.append(Note(pointer_text(pointer), rule, was, became))

    def plain(
        self, raw: object, pointer: Pointer, chain: Trail = frozenset(), trail: Trail = frozenset(), depth: int = 0
    ) -> tuple[dict[str, Any], Trail]:
        """A part with its reference and its `allOf` merged in, and every place that references led through for it.

        What the parts demand is demanded; of what they only tell (title, default), what stands nearest wins. `chain`
        names the places of the values around this one. `trail` names the references that led here: one of them again
        ends there.

        Raises:
            Recursion: A reference leads to one of the `chain`.
        """
        if raw is False:
            return {"not": {}}, trail
        if not isinstance(raw, Mapping):
            if raw is not True:
                self.note(pointer, "no_schema", raw, "any")
            return {}, trail
        self.steps += 1
        if depth > _DEEPEST or self.steps > _MOST_STEPS:
            self.note(pointer, "too_deep", depth, "any")
            return {}, trail
        part = dict(raw)
        reference, several = part.pop("$ref", None), part.pop("allOf", None)
        found: dict[str, Any] = {}
        seen = trail
        if isinstance(reference, str):
            found, seen = self._referred(reference, raw, pointer, chain, trail, depth)
        for piece in several if isinstance(several, list) else ():
            inner, more = self.plain(piece, pointer, chain, trail, depth + 1)
            seen |= more
            if self._is_stub(inner, found, part):
                self.note(pointer, "stub", piece, None)
            else:
                found = merged(found, inner)
                self.steps += sum(len(found[word]) for word in ("properties", "allOf", "required") if word in found) // 100
        if depth == 0 and found and part:
            self.note(pointer, "merged", reference or "allOf", "one part")
        return merged(found, part), seen

    def _referred(
        self, reference: str, raw: Mapping[str, Any], pointer: Pointer, chain: Trail, trail: Trail, depth: int
    ) -> tuple[dict[str, Any], Trail]:
        place = self._references.find(reference, raw)
        if place is NOWHERE or id(place) in trail:
            self.note(pointer, "unknown_reference", reference, "any")
            return {}, trail
        if not isinstance(place, Mapping):  # also true and false, of which there is one each: no circle
            return self.plain(place, pointer)
        if id(place) in chain:
            raise Recursion(reference)
        return self.plain(place, pointer, chain, trail | {id(place)}, depth + 1)

    def _is_stub(self, piece: Schema, *others: Schema) -> bool:
        """Whether a part of `allOf` names a type and nothing else, and the others have named a different one.

        Apidog leaves `{type: string}` where somebody chose nothing; six Kie schemas have some beside an object.
        """
        if piece.keys() - _TELLS_NOTHING or "type" not in piece:
            return False
        types = [other.get("type", "object") for other in others if "type" in other or "properties" in other]
        return any(narrowed_types(piece["type"], said) is None for said in types)


def _is_deeper(document: object, most: int) -> bool:
    """Whether anything lies deeper than so many levels; asked without going down by calls."""
    level = [document]
    for _ in range(most):
        level = [inner for part in level for inner in _inside(part)]
        if not level:
            return False
    return True


def _inside(part: object) -> Iterable[object]:
    if isinstance(part, Mapping):
        return part.values()
    return part if isinstance(part, list | tuple) else ()


def _cut(part: object, levels: int) -> object:
    """A copy of that many levels; what lies deeper is true, which as a schema means any value."""
    if isinstance(part, Mapping):
        return {key: _cut(inner, levels - 1) for key, inner in part.items()} if levels else True
    if isinstance(part, list | tuple):
        return [_cut(inner, levels - 1) for inner in part] if levels else True
    return part
