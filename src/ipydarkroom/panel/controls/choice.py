"""One of several values: a drop-down. It sends exactly the listed value; what it shows is the label.

An optional one starts with an entry that says what the server does when nothing is chosen. A required one has no
such entry: without a default it starts blank and asks for a choice.
"""

from __future__ import annotations

import ipywidgets as w

from ...fields import UNSET
from ..model import same
from ..pump import put
from . import Control, Slot, control

__all__ = ["choice"]


@control(rank=40, accepts=lambda field: bool(field.choices) and field.kind != "array")
def choice(slot: Slot) -> Control:
    """Build the drop-down. Options are numbered, so that `1`, `"1"` and `true` never meet."""
    field = slot.field
    values: list[object] = [found.value for found in field.choices]
    names = [slot.name_choice(found) for found in field.choices]
    if not field.required:
        values.insert(0, UNSET)
        names.insert(0, _unset_name(slot))
    box = slot.kit.make(
        w.Dropdown, "dr-field", *slot.marks,
        options=[(name, at) for at, name in enumerate(names)], value=_place(values, slot.value), **slot.described(),
    )
    slot.listen(box, lambda: slot.give(UNSET if box.value is None else values[box.value]))
    return Control(box, box, lambda value, _raw: put(box, value=_place(values, value)))


def _place(values: list[object], value: object) -> int | None:
    """The place of a value in the list; None, and a blank box, for one that is not listed."""
    return next((at for at, listed in enumerate(values) if same(listed, value)), None)


def _unset_name(slot: Slot) -> str:
    default = slot.field.default
    if default is UNSET:
        return slot.say("panel.not_set")
    named = next((slot.name_choice(found) for found in slot.field.choices if same(found.value, default)), str(default))
    return slot.say("panel.not_set_default", value=named)
