"""Controls: one function per file, from a field to widgets. By rank, first match wins, the last takes anything.

A control is drawn from the normalised field alone; no provider's quirk reaches it. It never stores a value: it tells
the panel's model what the person did (`slot.give`, `slot.broken`) and is told what to show. `use` puts one of yours,
or another one of ours, in front of the folder's.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Protocol, TypeAlias

import ipywidgets as w

from ...fields import UNSET, Field
from ...markup import visible
from ...registry import Registry

if TYPE_CHECKING:
    from types import TracebackType

    from ...fields import Choice, Pointer
    from ..formmodel import FormModel
    from ..kit import Kit
    from ..labels import Label
    from ..linkline import Ask
    from ..rows import Row

__all__ = ["Around", "Control", "Entry", "Inside", "Slot", "Use", "control", "control_for", "controls", "in_force", "use"]


def _nothing_beside(_accepts: Callable[[Field], bool]) -> object:
    return UNSET


def _never_used() -> object:
    return UNSET


@dataclass(frozen=True, slots=True)
class Around:
    """What a control may ask of the form and panel around it; where there is none, the answer is UNSET.

    `beside(accepts)` is the value of the first other field that is accepted. `used()` is what the newest finished job
    used for this field, said by us or chosen by the server, as far as anybody knows. `file_limit` is the most bytes a
    local file may have to travel inside the request; None where files are uploaded, or nobody knows. `check` asks a link
    what it leads to (see `linkline.Ask`); None where nobody can.
    """

    beside: Callable[[Callable[[Field], bool]], object] = _nothing_beside
    used: Callable[[], object] = _never_used
    file_limit: int | None = None
    check: Ask | None = None


_ALONE = Around()


class RowOf(Protocol):
    """Makes a row for a part of a control's own field, some steps further down; `drawn` for one of its shapes."""

    def __call__(self, field: Field, *steps: str | int, title: str = "", drawn: bool = False) -> Row: ...


@dataclass(frozen=True, slots=True)
class Inside:
    """What a control that has rows in it works with: the form's model, its own place in it, and a way to make rows.

    Such a control paints its rows in `refresh`, and closes those that go.
    """

    model: FormModel
    pointer: Pointer
    row: RowOf


@dataclass(frozen=True, slots=True)
class Slot:
    """What a control is given: its field, the words, the value it starts with, and the ways to report.

    `value` is what the field holds now (UNSET for nothing) and `raw` the unreadable typing in it, if any. `hint` is
    an example from the provider's page, shown grey. `marks` are the classes its root starts with. `name_choice` gives
    the words for a choice. `around` answers questions about the rest of the form.

    `inside` is for controls with rows in them.

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
    around: Around = _ALONE
    inside: Inside | None = None

    def say(self, key: str, **params: object) -> str:
        """A sentence in the panel's language."""
        return self.kit.say(key, **params)

    def clear(self) -> None:
        """The person emptied the control: an optional field is absent again."""
        self.give(UNSET)

    def described(self, aside: str = "") -> dict[str, object]:
        """The traits that label a control; `aside` is what its own `aside` will say of the value it starts with."""
        return replace(self.label, aside=aside).traits(plain=False)

    def headed(self, aside: str = "") -> dict[str, object]:
        """The same for HTML and radio buttons: without a tooltip, the front end writes the word "null" there."""
        return {**self.described(aside), "tooltip": self.label.own or self.label.title}

    def icon_button(self, icon: str, words: str, act: Callable[[], None], *classes: str, disabled: bool = False) -> w.Button:
        """A button that shows an icon only. Its words are there for the ear, and on hover."""
        made = self.kit.make(w.Button, "dr-quiet", "dr-icon", *classes, icon=icon, description=words, tooltip=words, disabled=disabled)
        self.press(made, act)
        return made

    @property
    def unset_text(self) -> str:
        """What stands grey in an empty control: the default the server will use, else an example."""
        return visible(self.field.default if self.field.default is not UNSET else self.hint)


def _no_aside(_value: object, _raw: str | None) -> str:
    return ""


def _nothing_else() -> None:
    """Most controls show their own value and nothing else."""


def _claims_nothing(_pointer: Pointer) -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Control:
    """One field on the screen.

    `root` stands in the form, `speaks` carries the label. `show(value, raw)` paints a value that came from elsewhere.
    `aside(value, raw)` is the short note at the end of the label. `refresh()` is called at every paint, for what depends
    on other fields, and must cost nothing while nothing has changed. `plain` asks for a label without HTML.

    `takes_focus` is what the cursor goes to, where `speaks` does not take it. A control with rows in it `claims` the
    places whose problems its rows tell, and can `show_place` one of them, unfolding what hides it.
    """

    root: w.DOMWidget
    speaks: w.DescriptionWidget
    show: Callable[[object, str | None], None]
    aside: Callable[[object, str | None], str] = field(default=_no_aside)
    plain: bool = False
    refresh: Callable[[], None] = field(default=_nothing_else)
    takes_focus: w.DOMWidget | None = None
    claims: Callable[[Pointer], bool] = field(default=_claims_nothing)
    show_place: Callable[[Pointer], None] | None = None

    def focus(self) -> None:
        """Put the cursor into it."""
        (self.takes_focus or self.speaks).focus()

    def reveal(self, pointer: Pointer) -> None:
        """Put the cursor at a place in it, or into it where it has no places."""
        if self.show_place is not None:
            self.show_place(pointer)
        else:
            self.focus()


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


def control_for(found: Field, front: Iterable[Entry] = ()) -> Entry:
    """The first control that takes the field: of `front`, else by rank. The JSON editor takes anything, so there is one."""
    chosen: Entry = next(entry for entry in (*front, *controls) if entry.accepts(found))
    return chosen


# --- a person's own, in front

_in_front: list[Use] = []


class Use:
    """One entry in front of ours, in force from now on. `end()`, or leaving a `with` block, takes it away."""

    def __init__(self, entry: Entry) -> None:
        self.entry = entry
        _in_front.insert(0, self)

    def end(self) -> None:
        """Panels made from now on do without it; those that are there keep what they were made with. Twice is harmless."""
        if self in _in_front:
            _in_front.remove(self)

    def __enter__(self) -> Use:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.end()

    def __repr__(self) -> str:
        return f"<Use of {self.entry.name}{'' if self in _in_front else ', ended'}>"


def use(build: Build | str, *, where: Callable[[Field], bool]) -> Use:
    """Draw some fields with a control of your own, or with another one of ours; in front of all others.

    It holds for every panel of this process made from now on, until `end()`; in a `with` block, for the panels made in it.
    The newest entry is asked first.

        def stars(slot):
            box = slot.kit.make(ipywidgets.IntSlider, "dr-field", min=1, max=5, **slot.described())
            slot.listen(box, lambda: slot.give(box.value))
            return dr.controls.Control(box, box, lambda value, raw: None)

        with dr.controls.use(stars, where=lambda field: field.name == "rating"):
            panel = dr.Panel("some/model")

    Args:
        build: A function from a `Slot` to a `Control`, or the name of one of ours, such as `"text"` or `"json_editor"`.
            Widgets made with `slot.kit.make` are closed with the panel.
        where: Whether it takes a field. It sees the normalised `Field` and nothing else.

    Raises:
        ValueError: None of ours has that name.
    """
    if not isinstance(build, str):
        return Use(Entry(getattr(build, "__name__", type(build).__name__), where, build))
    ours = {entry.name: entry for entry in controls}
    if build not in ours:
        raise ValueError(f"there is no control {build!r}; there are {', '.join(sorted(ours))}")
    return Use(replace(ours[build], accepts=where))


def in_force() -> tuple[Entry, ...]:
    """The entries in front now, in the order they are asked. A form keeps them, as it builds folded fields later."""
    return tuple(each.entry for each in _in_front)
