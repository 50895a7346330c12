"""Controls: one function per file, from a field to widgets. By rank, first match wins, the last takes anything.

A control is drawn from the normalised field alone; no provider's quirk reaches it. It never stores a value: it tells
the panel's model what the person did (`slot.give`, `slot.broken`) and is told what to show.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeAlias

import ipywidgets as w

from ...fields import UNSET, Field
from ...registry import Registry

if TYPE_CHECKING:
    from ...fields import Choice
    from ..kit import Kit
    from ..labels import Label

__all__ = ["Control", "Entry", "Slot", "control", "control_for", "controls"]


@dataclass(frozen=True, slots=True)
class Slot:
    """What a control is given: its field, the words, the value it starts with, and the ways to report.

    `value` is what the field holds now (UNSET for nothing) and `raw` the unreadable typing in it, if any. `hint` is
    an example from the provider's page, shown grey. `marks` are the classes its root starts with. `name_choice` gives
    the words for a choice.

    `listen(widget, act)` calls `act` when the person changes the widget's value; with `typed=False` the widget is not
    what shows the value, so the control is painted afterwards. `press(button, act)` is the same for a click.
    `broken(text, code, **params)` reports typing that cannot be read.
    """

    kit: Kit
    field: Field
    label: Label
    value: object
    raw: str | None
    hint: str
    marks: tuple[str, ...]
    give: Callable[[object], None]
    broken: Callable[..., None]
    listen: Callable[..., None]
    press: Callable[[w.Button, Callable[[], None]], None]
    name_choice: Callable[[Choice], str]

    def say(self, key: str, **params: object) -> str:
        """A sentence in the panel's language."""
        return self.kit.say(key, **params)

    def clear(self) -> None:
        """The person emptied the control: an optional field is absent again."""
        self.give(UNSET)

    def described(self, aside: str = "") -> dict[str, object]:
        """The traits that label a control; `aside` is what its own `aside` will say of the value it starts with."""
        return {"description": replace(self.label, aside=aside).html(), "description_allow_html": True}

    @property
    def unset_text(self) -> str:
        """What stands grey in an empty control: the default the server will use, else an example."""
        return str(self.field.default) if self.field.default is not UNSET else self.hint


def _no_aside(_value: object, _raw: str | None) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class Control:
    """One field on the screen.

    `root` stands in the form, `speaks` carries the label. `show(value, raw)` paints a value that came from elsewhere.
    `aside(value, raw)` is the short note at the end of the label. `plain` asks for a label without HTML.
    """

    root: w.DOMWidget
    speaks: w.DescriptionWidget
    show: Callable[[object, str | None], None]
    aside: Callable[[object, str | None], str] = field(default=_no_aside)
    plain: bool = False


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of this folder: a question about a field, and how to draw it."""

    name: str
    accepts: Callable[[Field], bool]
    build: Callable[[Slot], Control]


Build: TypeAlias = Callable[[Slot], Control]

controls: Registry[Entry] = Registry("ipydarkroom.panel.controls", needs=("name", "accepts", "build"))


def control(*, rank: int, accepts: Callable[[Field], bool]) -> Callable[[Build], Build]:
    """Register a control under a rank (tens, unique; a lower one is asked first, a negative one before all of ours)."""

    def keep(build: Build) -> Build:
        controls.add(Entry(build.__name__, accepts, build), rank)
        return build

    return keep


def control_for(found: Field) -> Entry:
    """The first control by rank that takes the field. The JSON editor takes anything, so there always is one."""
    chosen: Entry = next(entry for entry in controls if entry.accepts(found))
    return chosen
