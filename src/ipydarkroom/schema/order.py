"""The order fields are shown in, and how near to hand: what producers say about their own forms.

Key order means nothing in many public schemas (they come out of databases), so a stated order goes first: numbers on
the properties (`x-order`, of Replicate's Cog), or a list of names on the object (`x-fal-order-properties` of fal;
`x-apidog-orders`, and `x--orders` as some pages have it). Such a list may name what is no property: Apidog writes the
id of a shared part, and says beside it which.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Literal

from .bounds import number
from .values import text

if TYPE_CHECKING:
    from ..fields import Pointer
    from .document import Document, Schema

__all__ = ["ORDER_WORDS", "group_of", "importance_of", "ordered_names", "ui_of"]

_LISTS = ("x-fal-order-properties", "x-apidog-orders", "x--orders", "x-order", "ui:order")
_NUMBERS = ("x-order", "propertyOrder")
ORDER_WORDS = frozenset({*_LISTS, *_NUMBERS})


def ordered_names(document: Document, part: Schema, properties: Mapping[str, object], pointer: Pointer) -> list[str]:
    """The names of the properties in the order to show them; without an order given, as they stand."""
    names = dict.fromkeys(str(name) for name in properties)
    said = next((part[word] for word in _LISTS if isinstance(part.get(word), list) and part[word]), None)
    places = _places(document, said, part, names, pointer) if said is not None else _numbers(document, properties, pointer)
    if not places:
        return list(names)
    ordered = sorted(names, key=lambda name: places.get(name, float("inf")))
    if ordered != list(names):
        document.note(pointer, "order", list(names), ordered)
    return ordered


def _numbers(document: Document, properties: Mapping[str, object], pointer: Pointer) -> dict[str, float]:
    """Numbers on the properties, as text too; who has none comes last, in the order it stands."""
    found: dict[str, float] = {}
    without = []
    for name, part in properties.items():
        said = [place for word in _NUMBERS if isinstance(part, Mapping) and (place := _place(part.get(word))) is not None]
        if said:
            found[str(name)] = said[0]
        else:
            without.append(str(name))
    if found and without:
        document.note(pointer, "order_partly", without, "last")
    return found


def _place(said: object) -> float | None:
    return number(int(said)) if isinstance(said, str) and said.strip().isascii() and said.strip().isdecimal() and len(said) < 10 else number(said)


def _places(document: Document, said: list[Any], part: Schema, names: Mapping[str, None], pointer: Pointer) -> dict[str, float]:
    shared = part.get("x-apidog-refs")
    found: dict[str, float] = {}
    unknown = []
    for place, entry in enumerate(said):
        name = text(entry)
        if name not in names and isinstance(shared, Mapping) and isinstance(shared.get(name), Mapping):
            name = text(shared[name].get("$ref")).rpartition("/")[2]
        if name in names:
            found.setdefault(name, place)
        else:
            unknown.append(entry)
    if unknown:
        document.note(pointer, "order_unknown", unknown, None)
    return found


def ui_of(part: Schema) -> Schema:
    """What a producer says about its own form: fal's `ui`, else nothing."""
    ui = part.get("ui")
    return ui if isinstance(ui, Mapping) else {}


def importance_of(part: Schema, hint: Schema) -> Literal["", "high", "low"]:
    """`high` is never folded away, `low` always: what is deprecated, hidden, or frozen (fal: for callers only)."""
    ui = ui_of(part)
    if part.get("deprecated") is True or ui.get("hidden") is True or ui.get("frozen") is True or part.get("x-hidden") is True:
        return "low"
    return "high" if hint.get("important") or ui.get("important") is True else ""


def group_of(part: Schema) -> str:
    """The group a producer puts an input into."""
    return text(ui_of(part).get("group")) or text(part.get("x-group"))
