"""An object with known names: a group of rows, in order, below one title.

An optional group nobody has said anything in is one line with a button; its rows are built when it is opened. What is
in it is then absent or there as a whole: once somebody fills in a row, what the group must have begins beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from ...fields import UNSET
from ...schema.conditions import conditions
from ..draft import is_said
from ..guard import guarded
from ..inner import InnerRows
from ..pump import put
from ..strays import is_drawn, strays
from . import Control, Slot, control

if TYPE_CHECKING:
    from collections.abc import Hashable

    from ...fields import Field, Pointer
    from ..rows import Row

__all__ = ["group"]


def _names_its_inputs(field: Field) -> bool:
    return field.kind == "object" and not field.choices and bool(conditions(field).names)


@control(rank=520, accepts=_names_its_inputs)
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
        self._order: list[str] = []
        self._head = slot.kit.make(w.HTML, "dr-field", "dr-group-head", **slot.headed())
        self._fold = None if always else slot.kit.make(w.Button, "dr-quiet", "dr-fold", description=self._words())
        if self._fold is not None:
            self._fold.on_click(guarded(self._model, lambda _button: self._press()))
        self._body: w.VBox | None = None
        self._root = slot.kit.make(w.VBox, "dr-group", *slot.marks, children=self._children())

    def control(self) -> Control:
        return Control(
            self._root, self._head, lambda _value, _raw: None, refresh=self._refresh, claims=self._claims, show_place=self._reveal,
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
        fields, extra = self._fields(), {field.name: field for field in strays(self._model, self._inside.pointer)}

        def row(key: Hashable) -> Row:
            name = str(key)
            return self._inside.row(fields[name], name) if name in fields else self._inside.row(extra[name], name, title=name)

        for name, field in fields.items():
            if (drawn := self._rows.get(name)) is not None and not drawn.still_draws(field):
                self._rows.make_anew(name)
        rows = self._rows.keep([*fields, *extra], row)
        roots = tuple(row.root for row in rows)
        if self._body is None:
            self._body = self._slot.kit.make(w.VBox, "dr-fields", "dr-inside", children=roots)
        put(self._body, children=roots)
        return (*head, self._body)

    def _fields(self) -> dict[str, Field]:
        """What has a row, those first that always must be given. The order stays: a row that moves would lose the cursor."""
        place = self._inside.pointer
        found = {field.name: field for field in self._model.fields(place)}
        drawn = [name for name, field in found.items() if is_drawn(self._model, field, (*place, name))]
        must = {child.name for child in self._slot.field.children if child.required}
        self._order += sorted((name for name in drawn if name not in self._order), key=lambda name: name not in must)
        return {name: found[name] for name in self._order if name in drawn}

    def _claims(self, pointer: Pointer) -> bool:
        return self._open and self._rows.claims(pointer)

    def _reveal(self, pointer: Pointer) -> None:
        if not self._open:
            self._open = True
            self._model.redraw()
        first = next((row for row in self._rows if self._model.standing(row.pointer).shown), None)
        if self._rows.show(pointer):
            return
        if self._fold is not None:
            self._fold.focus()
        elif first is not None:
            first.focus()

    def _words(self) -> str:
        """How many inputs there are, given and wrong. The first line is the title, for the ear."""
        say, place = self._slot.say, self._inside.pointer
        given = self._model.get(place)
        names = [name for name, value in given.items() if is_said(value)] if isinstance(given, dict) else []
        count = sum(self._model.standing((*place, name)).shown for name in names)
        wrong = len({problem.pointer for problem in self._model.visible_problems(place) if problem.blocking})
        fields = self._model.fields(place)
        known = sum(is_drawn(self._model, field, at) and self._model.standing(at).shown for field in fields for at in [(*place, field.name)])
        parts = [say("panel.fold.input") if known == 1 else say("panel.fold.inputs", count=known)]
        parts += [say("panel.fold.given", count=count)] if count else []
        parts += [say("panel.fold.wrong", count=wrong)] if wrong and not self._open else []
        return f"{self._slot.label.title}\n{'▾' if self._open else '▸'} {' · '.join(parts)}"
