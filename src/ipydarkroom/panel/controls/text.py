"""A short line of text. Emptying it makes an optional field absent; an empty string is sent from code only."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from ...fields import UNSET
from ..pump import put
from . import Control, Slot, control

if TYPE_CHECKING:
    from ...fields import Field

__all__ = ["plain_text", "text"]


@control(rank=410, accepts=lambda field: field.kind == "string" and not field.choices)
def text(slot: Slot) -> Control:
    """Build the box.

    What can only be judged as a whole is read when the person leaves it, and nobody is told off while typing. All else is read
    at every key: a front end puts back what it knows whenever the label changes, such as by a condition.
    """
    start = plain_text(slot.value)
    box = slot.kit.make(
        w.Text, "dr-field", *slot.marks, value=start, placeholder=slot.unset_text, continuous_update=not _is_judged(slot.field),
        **slot.described(),
    )
    slot.listen(box, lambda: slot.give(box.value or UNSET))
    return Control(box, box, lambda value, _raw: put(box, value=plain_text(value)))


def _is_judged(field: Field) -> bool:
    return bool(field.pattern or field.format or field.min_length)


def plain_text(value: object) -> str:
    """What to write into a text box for a value: a string itself, nothing for anything else."""
    return value if isinstance(value, str) else ""
