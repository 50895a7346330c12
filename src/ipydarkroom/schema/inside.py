"""What lies inside an array or an object, and what a schema demands of a value besides: the parts below a part.

Each function is handed `below`, which makes the field of a part: `below(raw, *step)`, where no step means a part that
looks at the same value.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from ..fields import Field, Further
from .bounds import whole
from .order import ordered_names
from .values import text

if TYPE_CHECKING:
    from ..fields import Pointer
    from .document import Document, Schema

__all__ = ["Below", "beside", "inside_array", "inside_object"]


_OF_OBJECTS = frozenset({"properties", "required", "additionalProperties", "dependentRequired", "dependencies"})
_BESIDE = frozenset({
    "allOf", "patternProperties", "dependentSchemas", "dependencies", "propertyNames", "contains", "not", "if",
})  # fmt: skip


class Below(Protocol):
    """Makes the field of a part of a part."""

    def __call__(
        self, raw: object, *step: str | int, name: str | None = None, required: bool = False, order: int | None = None,
        media: Schema | None = None,
    ) -> Field: ...


def inside_array(document: Document, part: Schema, pointer: Pointer, below: Below, *, is_array: bool, media: Schema | None) -> dict[str, Any]:
    """What the items are. A list that does not say, and whose format names links (`image_uris`), holds links."""
    found: dict[str, Any] = {}
    if not is_array and "items" not in part and "prefixItems" not in part:
        return found
    first, inner = part.get("prefixItems"), part.get("items")
    if isinstance(inner, list):  # places, in the words of draft 7
        document.note(pointer, "items_list", len(inner), "prefixItems")
        first, inner = inner, part.get("additionalItems", True)
    if isinstance(first, list) and first:
        found["prefix_items"] = tuple(below(one, at) for at, one in enumerate(first))
    if inner is not None:
        found["items"] = below(inner, "items", media=media)
    elif is_array and not first:
        form = text(part.get("format"))
        inner = {"type": "string", "format": form.removesuffix("s")} if form else {}
        document.note(pointer, "items_missing", None, inner)
        found["items"] = replace(below(inner, "items", media=media), types=())  # a guess, not a demand
    return found


def inside_object(document: Document, part: Schema, pointer: Pointer, below: Below) -> dict[str, Any]:
    """The properties in the order to show them, the names required, and what other names may hold."""
    found: dict[str, Any] = {}
    if _OF_OBJECTS.isdisjoint(part):
        return found
    needs = _names(part.get("required"))
    if needs:
        found["needs"] = needs
    properties = part.get("properties")
    if isinstance(properties, Mapping):
        ordered, needed = ordered_names(document, part, properties, pointer), frozenset(needs)
        found["children"] = tuple(
            below(properties[name], name, name=name, required=name in needed, order=at) for at, name in enumerate(ordered)
        )
    more = part.get("additionalProperties")
    if isinstance(more, Mapping | bool) and more is not True:
        found["additional"] = more if more is False else below(more, "*")
    dependent = [(str(name), _names(names)) for name, names in _map(part, "dependentRequired").items()]
    dependent += [(str(name), _names(names)) for name, names in _map(part, "dependencies").items() if isinstance(names, list)]
    if dependent:
        found["dependent_required"] = tuple(dependent)
    return found


def beside(part: Schema, below: Below) -> dict[str, Any]:
    """What must fit besides a value's own keywords."""
    if _BESIDE.isdisjoint(part):
        return {}
    pieces = part.get("allOf")
    found: dict[str, Any] = {"also": tuple(below(piece) for piece in pieces)} if isinstance(pieces, list) else {}
    if further := _further(part, below):
        found["further"] = Further(**further)
    return found


def _further(part: Schema, below: Below) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if patterns := _map(part, "patternProperties"):
        found["patterns"] = tuple((str(pattern), below(raw, "*")) for pattern, raw in patterns.items())
    # Draft 7 wrote names and schemas under one word.
    dependents = [*_map(part, "dependentSchemas").items(), *_map(part, "dependencies").items()]
    if several := [(str(name), raw) for name, raw in dependents if isinstance(raw, Mapping | bool)]:
        found["dependents"] = tuple((name, below(raw)) for name, raw in several)
    for ours, theirs in (("names", "propertyNames"), ("contains", "contains"), ("excluded", "not"), ("condition", "if")):
        if isinstance(part.get(theirs), Mapping | bool):
            found[ours] = below(part[theirs], *(("*",) if ours in ("names", "contains") else ()))
    if "contains" in found:
        least = whole(part.get("minContains"))
        found |= {"min_contains": 1 if least is None else least, "max_contains": whole(part.get("maxContains"))}
    if "condition" in found:
        found |= {
            ours: below(part[theirs]) for ours, theirs in (("then", "then"), ("otherwise", "else"))
            if isinstance(part.get(theirs), Mapping | bool)
        }
    return found


def _map(part: Schema, word: str) -> Mapping[str, object]:
    said = part.get(word)
    return said if isinstance(said, Mapping) else {}


def _names(names: object) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if isinstance(name, str))) if isinstance(names, list) else ()
