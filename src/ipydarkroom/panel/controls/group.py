"""An object with known names: a group of rows, in order, below one title.

An optional group nobody has said anything in is one line with a button; its rows are built when it is opened. What is
in it is then absent or there as a whole: once somebody fills in a row, what the group must have begins beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from ...fields import UNSET
from ..guard import guarded
from ..inner import InnerRows
from ..pump import put
from . import Control, Slot, control

if TYPE_CHECKING:
    from ...fields import Field, Pointer

__all__ = ["group"]


@control(rank=520, accepts=lambda field: field.kind == "object" and bool(field.children) and not field.choices)
def group(slot: Slot) -> Control:
    """Build the title, and the rows where there is something in them."""
    return _Group(slot).control()


class _Group:
    """The widgets of one group."""

    def __init__(self, slot: Slot) -> None:
        assert slot.inside is not None
        self._slot, self._inside, self._model = slot, slot.inside, slot.inside.model
        self._rows = InnerRows()
        always = slot.field.required or isinstance(self._inside.pointer[-1], int)  # an item is there: nothing to fold
        self._open = always or slot.value is not UNSET
        self._was_there = self._open
        self._head = slot.kit.make(w.HTML, "dr-field", "dr-group-head", **slot.described())
        self._fold = None if always else slot.kit.make(w.Button, "dr-quiet", "dr-fold", description=self._words())
        if self._fold is not None:
            self._fold.on_click(guarded(self._model, lambda _button: self._press()))
        self._body = slot.kit.make(w.VBox, "dr-fields", "dr-inside") if self._open else None
        self._root = slot.kit.make(w.VBox, "dr-group", *slot.marks, children=self._children())

    def control(self) -> Control:
        return Control(
            self._root, self._head, lambda _value, _raw: None, refresh=self._refresh, takes_focus=self._fold or self._head,
            claims=self._claims, show_place=self._reveal,
        )

    def _press(self) -> None:
        self._open = not self._open
        self._model.redraw()

    def _refresh(self) -> None:
        there = self._model.get(self._inside.pointer) is not UNSET
        self._open |= there and not self._was_there
        self._was_there = there
        put(self._root, children=self._children())
        self._rows.tidy()
        if self._fold is not None:
            put(self._fold, description=self._words())

    def _children(self) -> tuple[w.Widget, ...]:
        head = (self._head,) if self._fold is None else (self._head, self._fold)
        if not self._open:
            return head
        if self._body is None:
            self._body = self._slot.kit.make(w.VBox, "dr-fields", "dr-inside")
        fields: dict[str, Field] = {field.name: field for field in self._fields()}
        rows = self._rows.keep(fields, lambda name: self._inside.row(fields[str(name)], str(name)))
        put(self._body, children=tuple(row.root for row in rows))
        return (*head, self._body)

    def _fields(self) -> list[Field]:
        found = self._model.fields(self._inside.pointer) or self._slot.field.children
        return sorted((field for field in found if not (field.deprecated or field.read_only)), key=lambda field: not field.required)

    def _claims(self, pointer: Pointer) -> bool:
        return self._open and self._rows.claims(pointer)

    def _reveal(self, pointer: Pointer) -> None:
        if not self._open:
            self._open = True
            self._model.redraw()
        if not self._rows.show(pointer):
            (self._fold or self._head).focus()

    def _words(self) -> str:
        say, place = self._slot.say, self._inside.pointer
        given = self._model.get(place)
        count = len(given) if isinstance(given, dict) else 0
        wrong = sum(problem.blocking for problem in self._model.visible_problems(place))
        known = len(self._slot.field.children)
        parts = [say("panel.fold.input") if known == 1 else say("panel.fold.inputs", count=known)]
        parts += [say("panel.fold.given", count=count)] if count else []
        parts += [say("panel.fold.wrong", count=wrong)] if wrong and not self._open else []
        return f"{'▾' if self._open else '▸'} {' · '.join(parts)}"
