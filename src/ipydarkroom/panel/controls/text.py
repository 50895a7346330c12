"""A short line of text. Emptying it makes an optional field absent; an empty string is sent from code only."""

from __future__ import annotations

import ipywidgets as w

from ...fields import UNSET
from ..pump import put
from . import Control, Slot, control

__all__ = ["plain_text", "text"]


@control(rank=410, accepts=lambda field: field.kind == "string" and not field.choices)
def text(slot: Slot) -> Control:
    """Build the box."""
    start = plain_text(slot.value)
    box = slot.kit.make(
        w.Text, "dr-field", *slot.marks, value=start, placeholder=slot.unset_text, continuous_update=False, **slot.described(),
    )
    slot.listen(box, lambda: slot.give(box.value or UNSET))
    return Control(box, box, lambda value, _raw: put(box, value=plain_text(value)))


def plain_text(value: object) -> str:
    """What to write into a text box for a value: a string itself, nothing for anything else."""
    return value if isinstance(value, str) else ""
