"""A value of several shapes: a list of them, and below it the control of the chosen one.

The choice is kept. It is guessed once, from a value that comes from elsewhere, and never while somebody types; what was
filled in for another shape is put aside and comes back with it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import ipywidgets as w

from ...fields import UNSET, Choice
from ..inner import InnerRows
from ..options import unique
from ...markup import visible
from ..pump import put
from ..shapes import is_null, shape_of, varies
from . import Control, Slot, control

if TYPE_CHECKING:
    from ...fields import Field, Pointer
    from ..rows import Row

__all__ = ["shape"]


@control(rank=60, accepts=lambda field: varies(field) and not field.choices)
def shape(slot: Slot) -> Control:
    """Build the list of shapes, and the row of the one that is chosen."""
    return _Shape(slot).control()


class _Shape:
    """The widgets of one such field."""

    def __init__(self, slot: Slot) -> None:
        assert slot.inside is not None
        self._slot, self._inside, self._model = slot, slot.inside, slot.inside.model
        self._rows = InnerRows()
        shapes = range(len(slot.field.branches[0].branches))
        names = unique([self._name(at) for at in shapes], shapes)
        self._list = slot.kit.make(
            w.Dropdown, "dr-field", options=[(name, at) for at, name in enumerate(names)], value=self._now(), **slot.described(),
        )
        slot.listen(self._list, self._chosen, typed=False)
        self._root = slot.kit.make(w.VBox, "dr-shape", *slot.marks, children=self._children())

    def control(self) -> Control:
        return Control(
            self._root, self._list, lambda _value, _raw: None, refresh=self._refresh, claims=self._claims, show_place=self._reveal,
        )

    def _chosen(self) -> None:
        if self._list.value is not None:
            self._model.choose(self._inside.pointer, self._list.value)

    def _refresh(self) -> None:
        put(self._list, value=self._now())
        put(self._root, children=self._children())
        self._rows.tidy()

    def _children(self) -> tuple[w.Widget, ...]:
        rows = self._rows.keep([self._now()], lambda at: self._row(int(at)))  # type: ignore[call-overload]  # our own places
        return (self._list, *(row.root for row in rows))

    def _row(self, at: int) -> Row:
        field = self._slot.field
        if is_null(field.branches[0].branches[at]):
            return self._inside.row(_told_null(field, self._slot.say("panel.null")), title=self._name(at), drawn=True)
        drawn, own = shape_of(field, at), field.branches[0].branches[at].field.opened().help
        drawn = replace(drawn, required=drawn.required or drawn.kind == "object", help=own if own != field.help else "")
        return self._inside.row(drawn, title=self._name(at), drawn=True)

    def _now(self) -> int:
        return self._model.branch(self._inside.pointer)

    def _name(self, at: int) -> str:
        branch = self._slot.field.branches[0].branches[at]
        if is_null(branch):
            return self._slot.say("panel.shape.null")
        if branch.title or branch.field.title:
            return visible(branch.title or branch.field.title)
        if branch.field.media is not None:
            return self._slot.say(f"panel.shape.{branch.field.media.kind}")
        return self._slot.say("panel.shape.choice") if branch.field.choices else self._slot.say(f"panel.shape.{branch.field.kind}")

    def _claims(self, pointer: Pointer) -> bool:
        """The row of the shape tells of what is in it; of the place itself, the list does."""
        return any(row.control.claims(pointer) for row in self._rows)

    def _reveal(self, pointer: Pointer) -> None:
        if len(pointer) == len(self._inside.pointer) or not self._rows.show(pointer):
            self._list.focus()


def _told_null(field: Field, word: str) -> Field:
    """A constant that says null."""
    return replace(shape_of(field, 0), kind="any", choices=(Choice(None, word),), children=(), items=None, default=UNSET)
