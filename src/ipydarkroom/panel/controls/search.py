"""One of many values: a box to type a part of the name into, which offers what fits and takes listed values only.

The front end offers; we judge, because its own check drops what is not listed without a word.
"""

from __future__ import annotations

import ipywidgets as w

from ..options import Options
from ..pump import put
from . import Control, Slot, control

__all__ = ["SEARCH_FROM", "search", "take_listed"]

SEARCH_FROM = 21
"""From so many values on a list is too long to look through."""

_SHOWN_LETTERS = 40  # of what was typed, in the problem's sentence


@control(rank=220, accepts=lambda field: len(field.choices) >= SEARCH_FROM and field.kind != "array")
def search(slot: Slot) -> Control:
    """Build the box. A part of a name is enough where only one value has it."""
    options = Options(slot, silence=False)
    count = slot.say("panel.search", count=len(options.values))

    def text(value: object, raw: str | None) -> str:
        return options.name(value) if raw is None else raw

    box = slot.kit.make(
        w.Combobox, "dr-field", "dr-short", *slot.marks,
        options=options.names, value=text(slot.value, slot.raw), placeholder=options.unset, continuous_update=False,
        **slot.described(count),
    )
    slot.listen(box, lambda: take_listed(slot, options, box.value), typed=False)
    return Control(box, box, lambda value, raw: put(box, value=text(value, raw)), lambda _value, _raw: count)


def take_listed(slot: Slot, options: Options, text: str) -> None:
    """Report what was typed into a box that takes listed values only."""
    typed = text.strip()
    if not typed:
        slot.clear()
    elif (at := options.find(typed)) is not None:
        slot.give(options.values[at])
    else:
        near = options.nearest(typed)
        slot.broken(text, "not_listed", typed=typed[:_SHOWN_LETTERS], count=len(options.values), near=near)
