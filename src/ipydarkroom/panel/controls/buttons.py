"""One of a few short values: all of them in sight, as buttons in a row.

They are real radio buttons dressed as buttons, because plain toggle buttons do not tell a screen reader which one is
pressed. Radio buttons have no name for the whole group either, so each one's own name begins with the field's title, in
a first line that the style sheet folds away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from ...fields import UNSET
from ..options import Options
from ..pump import put
from . import Control, Slot, control

if TYPE_CHECKING:
    from ...fields import Field

__all__ = ["buttons"]

_MOST = 4
_LONGEST = 16  # letters of one label


def _few_and_short(field: Field) -> bool:
    return field.kind != "array" and 1 < len(field.choices) <= _MOST and all(len(c.label) <= _LONGEST for c in field.choices)


@control(rank=210, accepts=_few_and_short)
def buttons(slot: Slot) -> Control:
    """Build the row."""
    options = Options(slot)
    row = slot.kit.make(
        w.RadioButtons, "dr-field", "dr-choices", *slot.marks,
        options=[(f"{slot.label.title}\n{name}", at) for at, name in enumerate(options.names)],
        value=options.place(slot.value), **slot.described(),
    )
    slot.listen(row, lambda: slot.give(UNSET if row.value is None else options.values[row.value]))
    return Control(row, row, lambda value, _raw: put(row, value=options.place(value)))
