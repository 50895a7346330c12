"""A password or key of another service: shown as dots. It is sent, and neither journal nor picture keep it.

Its value is never part of a saved notebook of ours, as no widget state is saved; see the page on forms for what is.
"""

from __future__ import annotations

import ipywidgets as w

from ...fields import UNSET
from ...schema.secrets import is_secret
from ..pump import put
from . import Control, Slot, control
from .text import plain_text

__all__ = ["secret"]


@control(rank=390, accepts=lambda field: field.kind == "string" and not field.choices and is_secret(field))
def secret(slot: Slot) -> Control:
    """Build the box. A default is not shown."""
    kept = slot.say("panel.secret")
    box = slot.kit.make(w.Password, "dr-field", *slot.marks, value=plain_text(slot.value), **slot.described(kept))
    slot.listen(box, lambda: slot.give(box.value or UNSET))
    return Control(box, box, lambda value, _raw: put(box, value=plain_text(value)), lambda _value, _raw: kept)
