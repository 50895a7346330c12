"""Longer text, with a live count. Only a maximal length blocks; an advised number of words is advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from ...fields import UNSET
from ..pump import put
from . import Control, Slot, control
from .text import plain_text

if TYPE_CHECKING:
    from ...fields import Field

__all__ = ["textarea"]

_LONG = 200  # characters from which one line is too little
_LONG_NAMES = ("prompt", "lyrics", "script", "story", "description", "caption")


def _is_long(field: Field) -> bool:
    if field.kind != "string" or field.choices or field.format in ("uri", "password"):
        return False
    named = any(word in field.name.lower() for word in _LONG_NAMES)
    return named or field.advised_words is not None or (field.max_length or 0) >= _LONG


@control(rank=400, accepts=_is_long)
def textarea(slot: Slot) -> Control:
    """Build the area."""
    def count(value: object, _raw: str | None) -> str:
        return _count(slot, plain_text(value))

    area = slot.kit.make(
        w.Textarea, "dr-field", "dr-long", *slot.marks,
        value=plain_text(slot.value), placeholder=slot.unset_text, rows=3, **slot.described(count(slot.value, None)),
    )
    slot.listen(area, lambda: slot.give(area.value or UNSET))
    return Control(area, area, lambda value, _raw: put(area, value=plain_text(value)), count)


def _count(slot: Slot, written: str) -> str:
    """The counter: characters where a length is a limit, words where one is advised, nothing while it says nothing."""
    parts = []
    if slot.field.max_length is not None:
        parts.append(slot.say("panel.characters", count=len(written), limit=slot.field.max_length))
    if slot.field.advised_words is not None:
        parts.append(slot.say("panel.words", count=len(written.split()), limit=slot.field.advised_words))
    return " · ".join(parts)
