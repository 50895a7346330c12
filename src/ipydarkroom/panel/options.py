"""The allowed values of one field as a list to choose from: what each is called, and where a value stands in it."""

from __future__ import annotations

import difflib
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from ..fields import UNSET
from .model import same

if TYPE_CHECKING:
    from ..fields import Choice
    from .controls import Slot

__all__ = ["BETWEEN", "Options", "text_width", "unique"]

BETWEEN = " · "
"""Stands between the facts of a name, such as pixels and ratio."""


class Options:
    """Values and their names, in the order listed; no two names are the same, as front ends find entries by name.

    An optional field has one entry more at the front, which says what the server does when nothing is chosen. It is sent
    exactly what is listed, so `1`, `"1"` and `true` never meet.

    Args:
        slot: Whose field it is.
        silence: Whether an optional field gets the entry for silence.
        name: What a choice is called, where the slot's own word for it is not wanted.
    """

    def __init__(self, slot: Slot, *, silence: bool = True, name: Callable[[Choice], str] | None = None) -> None:
        self.values: list[object] = [choice.value for choice in slot.field.choices]
        self.names = unique([(name or slot.name_choice)(choice) for choice in slot.field.choices], self.values)
        self.unset = self._unset_name(slot)
        if silence and not slot.field.required:
            self.values.insert(0, UNSET)
            self.names.insert(0, self.unset)

    def place(self, value: object) -> int | None:
        """The place of a value in the list; None for one that is not listed."""
        return next((at for at, listed in enumerate(self.values) if same(listed, value)), None)

    def name(self, value: object) -> str:
        """What a value is called; nothing for one that is not listed."""
        at = self.place(value)
        return "" if at is None else self.names[at]

    def find(self, text: str) -> int | None:
        """The place of the entry that a typed text means: its name or value, one of its facts, or what only one name has in it."""
        wanted = text.strip().casefold()
        names = [name.casefold() for name in self.names]
        ways = (
            [at for at, name in enumerate(names) if name == wanted],
            [at for at, value in enumerate(self.values) if str(value).casefold() == wanted],
            [at for at, name in enumerate(names) if wanted in name.split(BETWEEN)],
            [at for at, name in enumerate(names) if name.startswith(wanted)],
            [at for at, name in enumerate(names) if wanted in name],
        )
        return next((found[0] for found in ways if len(found) == 1), None)

    def nearest(self, text: str) -> str:
        """The name most like a typed text."""
        wanted = text.strip().casefold()
        within = [name for name in self.names if wanted in name.casefold()]
        return (within or difflib.get_close_matches(text, self.names, n=1, cutoff=0.0) or self.names)[0]

    def _unset_name(self, slot: Slot) -> str:
        default = slot.field.default
        if default is UNSET:
            return slot.say("panel.not_set")
        return slot.say("panel.not_set_default", value=self.name(default) or str(default))


def text_width(text: str) -> int:
    """How wide a text is in Latin letters: a Chinese or Japanese one counts twice."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def unique(names: Sequence[str], values: Sequence[object]) -> list[str]:
    """The same names, no two alike: one that occurs twice says its value too, and its place where even that is the same."""
    often = Counter(names)
    told = [f"{name} ({value!r})" if often[name] > 1 else name for name, value in zip(names, values, strict=True)]
    often = Counter(told)
    return [f"{name} {at + 1}" if often[name] > 1 else name for at, name in enumerate(told)]
