"""A list of different values out of a few: a check box for each, sent in the order in which they are listed.

Check boxes have no name for all of them together either: each one's begins with the field's title, in a first line that
the style sheet folds away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from ...fields import UNSET
from ..labels import plain_traits
from ..model import same
from ..options import unique
from ..pump import put
from . import Control, Slot, control

if TYPE_CHECKING:
    from ...fields import Field

__all__ = ["MOST_TICKS", "ticks"]

MOST_TICKS = 12
"""More are a list with a drop-down in each row."""


def _is_ticked(field: Field) -> bool:
    items = field.items
    return field.kind == "array" and items is not None and field.unique_items and 1 <= len(items.choices) <= MOST_TICKS


@control(rank=530, accepts=_is_ticked)
def ticks(slot: Slot) -> Control:
    """Build the boxes. What is not on the list, as from code, is kept in front and unticked with the rest."""
    assert slot.field.items is not None
    listed = [choice.value for choice in slot.field.items.choices]
    names = unique([slot.name_choice(choice) for choice in slot.field.items.choices], listed)
    head = slot.kit.make(w.HTML, "dr-field", "dr-group-head", **slot.headed(_aside(slot, slot.value)))
    boxes = [
        slot.kit.make(w.Checkbox, "dr-tick", value=_has(slot.value, value), indent=False, **plain_traits(f"{slot.label.title}\n{name}"))
        for name, value in zip(names, listed, strict=True)
    ]
    held: list[object] = [slot.value]

    def ticked() -> None:
        others = [value for value in _items(held[0]) if not any(same(value, one) for one in listed)]
        chosen = [*others, *(value for value, box in zip(listed, boxes, strict=True) if box.value)]
        slot.give(chosen or ([] if slot.field.required else UNSET))
        held[0] = chosen or UNSET

    def show(value: object, _raw: str | None) -> None:
        held[0] = value
        for each, box in zip(listed, boxes, strict=True):
            put(box, value=_has(value, each))

    for box in boxes:
        slot.listen(box, ticked)
    root = slot.kit.make(w.VBox, "dr-ticks", *slot.marks, children=(head, slot.kit.make(w.HBox, "dr-tick-row", children=tuple(boxes))))
    return Control(root, head, show, aside=lambda value, _raw: _aside(slot, value), takes_focus=boxes[0])


def _items(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _has(value: object, wanted: object) -> bool:
    return any(same(each, wanted) for each in _items(value))


def _aside(slot: Slot, value: object) -> str:
    count, least, most = len(_items(value)), slot.field.min_items, slot.field.max_items
    if most is not None:
        return slot.say("panel.list.of", count=count, least=least, most=most) if least else slot.say("panel.list.upto", count=count, most=most)
    return slot.say("panel.list.from", count=count, least=least) if least else ""
