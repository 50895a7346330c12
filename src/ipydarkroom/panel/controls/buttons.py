"""One of a few short values: all of them in sight, as buttons in a row.

They are real radio buttons dressed as buttons, because plain toggle buttons do not tell a screen reader which one is
pressed. Radio buttons have no name for the whole group either, so each one's own name begins with the field's title, in
a first line that the style sheet folds away. The front end makes them anew whenever the kernel changes anything about
them, and the focus is gone then; so the row's marks stand on a box around them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from ...fields import UNSET
from ..options import Options, text_width
from ..pump import put
from . import Control, Slot, control

if TYPE_CHECKING:
    from ...fields import Field

__all__ = ["buttons"]

_MOST = 4
_LONGEST = 16  # letters of one label
_SHORT, _LONG = 7, 14  # Latin letters that fit into the narrow and the middle width


def _few_and_short(field: Field) -> bool:
    return field.kind != "array" and 1 < len(field.choices) <= _MOST and all(len(c.label) <= _LONGEST for c in field.choices)


@control(rank=210, accepts=_few_and_short)
def buttons(slot: Slot) -> Control:
    """Build the row."""
    options = Options(slot)
    row = slot.kit.make(
        w.RadioButtons, "dr-field", *_looks(slot, options),
        options=[(f"{slot.label.title}\n{name}", at) for at, name in enumerate(options.names)],
        value=options.place(slot.value), **slot.headed(),
    )
    slot.listen(row, lambda: slot.give(UNSET if row.value is None else options.values[row.value]))
    root = slot.kit.make(w.VBox, "dr-row", *slot.marks, children=(row,))
    return Control(root, row, lambda value, _raw: put(row, value=options.place(value)))


def _looks(slot: Slot, options: Options) -> list[str]:
    """All buttons of a row are of one width, by the longest name; the entry for silence is a sentence and has its own."""
    widest = max(map(text_width, map(slot.name_choice, slot.field.choices)))
    width = ["dr-longest"] if widest > _LONG else ["dr-longer"] if widest > _SHORT else []
    return ["dr-choices", *(["dr-silent"] if options.values[0] is UNSET else []), *width]
