"""Which types a part demands, and the one kind its form goes by. A guess is for the form only and demands nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .kinds import KINDS, STANDARD_KINDS, fits, guess

if TYPE_CHECKING:
    from ..fields import Kind, Pointer
    from .document import Document, Schema

__all__ = ["Demand", "demand_of"]


@dataclass(frozen=True, slots=True)
class Demand:
    """The JSON types (empty: any), the kind, and whether null is allowed."""

    types: tuple[str, ...]
    kind: Kind
    nullable: bool


def demand_of(
    document: Document, part: Schema, pointer: Pointer, listed: list[object] | None, shared: Mapping[str, Any], *,
    nullable: bool, quiet: bool,
) -> Demand:
    """What a part demands.

    Where the values it lists are of another type than the one it names, they are the truth, and no type is demanded;
    null among them is allowed. `shared` is what its branches have in common, `kind` among it; empty where it has none.
    `nullable` says that null was allowed already, `quiet` that a missing type is nothing to note.
    """
    said = part.get("type")
    words = said if isinstance(said, list) else [] if said is None else [said]
    nullable |= "null" in words
    kinds = list(dict.fromkeys(kind for word in words if isinstance(word, str) and (kind := KINDS.get(word.lower()))))
    unknown = [word for word in words if word != "null" and not (isinstance(word, str) and word.lower() in KINDS)]
    if isinstance(said, list):
        document.note(pointer, "type_list", said, kinds[0] if len(kinds) == 1 else "any")
    elif kinds and said not in STANDARD_KINDS and said != "any":
        document.note(pointer, "type_alias", said, kinds[0])
    if words == ["null"]:
        return Demand(("null",), "any", nullable=True)
    kind = "any" if "any" in kinds else _kind(kinds, shared) if kinds and not unknown else None
    if kind is None:
        kind = shared["kind"] if shared and not unknown else guess(part)
        if unknown or not (quiet or shared):
            document.note(pointer, "type_unknown" if unknown else "type_missing", said, kind)
    demanded = tuple(kinds) if kinds and "any" not in kinds and not unknown else ()
    nullable |= any(value is None for value in listed or ())
    types = (*demanded, "null") if demanded and nullable else demanded
    odd = [value for value in listed or () if types and not any(fits(each, value) for each in types)]
    if odd:
        document.note(pointer, "enum_type", odd, "kept as listed")
    return Demand(() if odd else types, kind, nullable)


def _kind(kinds: list[Kind], shared: Mapping[str, Any]) -> Kind:
    if set(kinds) == {"integer", "number"}:
        return "number"
    return kinds[0] if len(kinds) == 1 else "union" if shared else "any"
