"""Yes, no, or silence: until somebody clicks, the box shows the default and nothing is sent."""

from __future__ import annotations

import ipywidgets as w

from ...fields import UNSET
from ..pump import put
from . import Control, Slot, control

__all__ = ["checkbox"]


@control(rank=300, accepts=lambda field: field.kind == "boolean" and not field.choices)
def checkbox(slot: Slot) -> Control:
    """Build the box. Its label is plain text, because the front end repeats it as a tooltip."""

    def state(value: object) -> bool:
        return bool(slot.field.default if value is UNSET else value)

    box = slot.kit.make(
        w.Checkbox, "dr-field", "dr-check", *slot.marks, value=state(slot.value), indent=False, tooltip=slot.label.own or None,
        **slot.label.traits(plain=True),
    )
    slot.listen(box, lambda: slot.give(box.value))
    return Control(box, box, lambda value, _raw: put(box, value=state(value)), plain=True)
