"""One of several values: a drop-down. It sends exactly the listed value; what it shows is the label.

An optional one starts with an entry that says what the server does when nothing is chosen. A required one has no
such entry: without a default it starts blank and asks for a choice.
"""

from __future__ import annotations

import ipywidgets as w

from ...fields import UNSET
from ..options import Options
from ..pump import put
from . import Control, Slot, control

__all__ = ["choice"]


@control(rank=230, accepts=lambda field: bool(field.choices) and field.kind != "array")
def choice(slot: Slot) -> Control:
    """Build the drop-down. Its options are numbered."""
    options = Options(slot)
    box = slot.kit.make(
        w.Dropdown, "dr-field", *slot.marks,
        options=[(name, at) for at, name in enumerate(options.names)], value=options.place(slot.value), **slot.described(),
    )
    slot.listen(box, lambda: slot.give(UNSET if box.value is None else options.values[box.value]))
    return Control(box, box, lambda value, _raw: put(box, value=options.place(value)))
