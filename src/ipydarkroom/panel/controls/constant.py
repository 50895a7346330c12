"""A field with one allowed value: nothing to choose, so it is told, not asked."""

from __future__ import annotations

import ipywidgets as w

from ...markup import tag
from . import Control, Slot, control

__all__ = ["constant"]


@control(rank=10, accepts=lambda field: field.is_constant)
def constant(slot: Slot) -> Control:
    """Build the line that tells the value."""
    text = slot.name_choice(slot.field.choices[0])
    line = slot.kit.make(w.HTML, "dr-field", *slot.marks, value=tag("span", text, class_="dr-constant"), **slot.headed())

    def show(_value: object, _raw: str | None) -> None:
        """There is only one thing to show, and it is there."""

    return Control(line, line, show)
