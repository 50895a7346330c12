"""An object with names nobody foresaw: a row for each name with its value, or the whole as JSON.

In a row, what reads as JSON is JSON (`4`, `true`, `["a"]`) and everything else is text; a text that would read as
something else, and the empty one, stand in quotes. A name without a value is a row on the screen and nothing in the order. Where the schema says what every value is, each gets the control for that.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

import ipywidgets as w

from ...fields import UNSET, Field
from ..inner import InnerRows
from ..pump import put
from . import Control, Slot, control
from .json_editor import json_text, take_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...fields import Pointer

__all__ = ["freeform", "read_value", "written_value"]


@control(rank=560, accepts=lambda field: field.kind == "object" and not field.children and not field.choices and not field.branches)
def freeform(slot: Slot) -> Control:
    """Build the title, a row for each name, and the button that shows all as JSON."""
    return _Freeform(slot).control()


def read_value(text: str) -> object:
    """What was meant by a text: JSON where it is JSON, else the text itself; UNSET for nothing."""
    if not text.strip():
        return UNSET
    try:
        return json.loads(text, parse_constant=lambda word: word)
    except (ValueError, RecursionError):
        return text


def written_value(value: object) -> str:
    """A value as a text that is read as the same value."""
    if isinstance(value, str) and value.strip() and read_value(value) == value and isinstance(read_value(value), str):
        return value
    return "" if value is UNSET else json.dumps(value, ensure_ascii=False, default=repr)


class _Freeform:
    """The widgets of one such object. What is typed into a row goes to the model at once; an unnamed row waits here."""

    def __init__(self, slot: Slot) -> None:
        assert slot.inside is not None
        self._slot, self._inside = slot, slot.inside
        self._value, self._raw = slot.value, slot.raw
        self._typed = slot.field.additional if isinstance(slot.field.additional, Field) else None
        self._rows = InnerRows()
        self._lines: list[tuple[w.Text, w.Text | None, w.Button, w.HBox]] = []
        self._blank = False
        self._fresh: str | None = None
        self._editor: w.Textarea | None = None
        self._as_json = slot.raw is not None or not _is_plain(slot.value)
        self._head = slot.kit.make(w.HTML, "dr-field", "dr-group-head", **slot.headed())
        self._add = self._button("plus", slot.say("panel.freeform.add"), self._added)
        self._turn: w.Button | None = None
        self._root = slot.kit.make(w.HBox, "dr-pair", "dr-list", *slot.marks, children=self._children())

    def control(self) -> Control:
        return Control(
            self._root, self._head, self._show, refresh=self._refresh, claims=self._rows.claims, show_place=self._reveal,
        )

    # --- what a person does

    def _added(self) -> None:
        self._blank, self._as_json = True, False
        self._inside.model.redraw()
        self._lines[len(self._given())][0].focus()

    def _turned(self) -> None:
        self._as_json = not self._as_json
        self._inside.model.redraw()

    def _named(self, at: int) -> None:
        names, new = list(self._given()), self._lines[at][0].value
        others = [name for place, name in enumerate(names) if place != at]
        if not new or new in others:  # a name of another row: that one is not overwritten
            self._inside.model.redraw()
        elif at < len(names):
            self._slot.give({(new if name == names[at] else name): value for name, value in self._given().items()})
        else:
            self._blank = False
            box = self._lines[at][1]
            self._slot.give({**self._given(), new: UNSET if box is None else read_value(box.value)})
            self._fresh = new if self._typed is not None else None

    def _valued(self, at: int) -> None:
        names, box = list(self._given()), self._lines[at][1]
        if box is not None and at < len(names):
            self._slot.give({**self._given(), names[at]: read_value(box.value)})

    def _removed(self, at: int) -> None:
        names = list(self._given())
        if at >= len(names):
            self._blank = False
            self._inside.model.redraw()
        else:
            left = {name: value for name, value in self._given().items() if name != names[at]}
            self._slot.give(left or ({} if self._slot.field.required else UNSET))
        (self._lines[at][2] if at < len(self._given()) + self._blank else self._add).focus()

    def _edited(self, editor: w.Textarea) -> None:
        take_json(self._slot, editor.value)

    # --- what is shown

    def _show(self, value: object, raw: str | None) -> None:
        self._value, self._raw = value, raw
        self._as_json |= raw is not None or not _is_plain(value)

    def _refresh(self) -> None:
        self._value = self._inside.model.get(self._inside.pointer)
        put(self._root, children=self._children())
        self._tidy()
        if self._fresh is not None and self._rows.show((*self._inside.pointer, self._fresh)):
            self._fresh = None  # its control has only now come, between name and button; the button was made anew

    def _children(self) -> tuple[w.Widget, ...]:
        if self._as_json:
            return (self._head, self._json(), *self._foot())
        names = list(self._given())
        count = len(names) + self._blank
        while len(self._lines) < count:
            self._lines.append(self._line(len(self._lines)))
        for (name, box, _away, _line), said in zip(self._lines, [*names, ""], strict=False):
            put(name, value=said)
            if box is not None:
                put(box, value=written_value(self._given().get(said, UNSET)))
        self._place_typed(names)
        return (self._head, *(line for *_parts, line in self._lines[:count]), *self._foot())

    def _foot(self) -> tuple[w.Button, ...]:
        """To add a name; once there is something, also to see it the other way."""
        if not self._as_json and not self._given() and not self._blank:
            return (self._add,)
        if self._turn is None:
            self._turn = self._button("code", self._turn_words(), self._turned)
        put(self._turn, description=self._turn_words())
        return (self._turn,) if self._as_json else (self._add, self._turn)

    def _tidy(self) -> None:
        """Close what stands nowhere any more."""
        self._rows.tidy()
        while not self._as_json and len(self._lines) > len(self._given()) + self._blank:
            self._slot.kit.drop(*(widget for widget in self._lines.pop() if widget is not None))

    def _place_typed(self, names: list[str]) -> None:
        """Where every value is of one kind, each name has that control."""
        typed = self._typed
        if typed is None:
            return
        rows = self._rows.keep(names, lambda name: self._inside.row(typed.opened(), str(name), title=self._slot.say("panel.freeform.value")))
        for at, (name, _box, away, line) in enumerate(self._lines):
            put(line, children=(name, *([rows[at].root] if at < len(rows) else []), away))

    def _line(self, at: int) -> tuple[w.Text, w.Text | None, w.Button, w.HBox]:
        make, say = self._slot.kit.make, self._slot.say
        name = make(w.Text, "dr-field", "dr-name", description=say("panel.freeform.name"), continuous_update=False)
        self._slot.listen(name, lambda: self._named(at), typed=False)
        box = None
        if self._typed is None:
            box = make(w.Text, "dr-field", "dr-grow", description=say("panel.freeform.value"), continuous_update=False)
            self._slot.listen(box, lambda: self._valued(at), typed=False)
        words = say("panel.list.remove", title=self._slot.label.title, number=at + 1)
        away = self._slot.icon_button("times", words, lambda: self._removed(at))
        return name, box, away, make(w.HBox, "dr-item", children=tuple(part for part in (name, box, away) if part is not None))

    def _json(self) -> w.Textarea:
        if self._editor is None:
            editor = self._slot.kit.make(
                w.Textarea, "dr-field", "dr-code", description=self._slot.say("panel.palette.json"), continuous_update=False,
                placeholder="{ }",
            )
            self._slot.listen(editor, lambda: self._edited(editor))
            self._editor = editor
        said = {name: value for name, value in self._given().items() if value is not UNSET} if _is_plain(self._value) else self._value
        put(self._editor, value=json_text(UNSET if self._value is UNSET else said, self._raw))
        return self._editor

    def _button(self, icon: str, words: str, act: Callable[[], None]) -> w.Button:
        made = self._slot.kit.make(w.Button, "dr-quiet", icon=icon, description=words)
        self._slot.press(made, act)
        return made

    def _turn_words(self) -> str:
        return self._slot.say("panel.freeform.rows" if self._as_json else "panel.freeform.json")

    def _given(self) -> Mapping[str, object]:
        return self._value if isinstance(self._value, Mapping) else {}

    def _reveal(self, pointer: Pointer) -> None:
        names = list(self._given())
        line = next((names.index(step) for step in pointer[len(self._inside.pointer) :][:1] if step in names), None)
        if self._rows.show(pointer):
            return
        if self._as_json and self._editor is not None:
            self._editor.focus()
        elif line is not None:
            (self._lines[line][1] or self._lines[line][0]).focus()
        else:
            self._add.focus()


def _is_plain(value: object) -> bool:
    """Whether rows can show it: an object, or nothing yet."""
    return value is UNSET or isinstance(value, Mapping)
