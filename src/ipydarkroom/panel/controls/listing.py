"""A list: a row for each item, in their order; add, remove, move up. Limits are said and kept; several files at once.

An item without a value is a row on the screen and nothing in the order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from ...fields import Problem
from ...wire import Blob
from ..filefield import accepted, judged
from ..inner import InnerRows
from ..pump import put
from . import Control, Slot, control

if TYPE_CHECKING:
    from ...fields import Field, Pointer
    from ..rows import Row

__all__ = ["listing"]


def _is_listed(field: Field) -> bool:
    """Whether a row can be drawn for an item; what may be anything is told as JSON."""
    item = field.prefix_items[0] if field.prefix_items else field.items
    return field.kind == "array" and not field.choices and item is not None and (item.kind not in ("any", "never") or bool(item.branches))


@control(rank=540, accepts=_is_listed)
def listing(slot: Slot) -> Control:
    """Build the title and a row for each item that is there."""
    return _Listing(slot).control()


class _Listing:
    """The widgets of one list."""

    def __init__(self, slot: Slot) -> None:
        assert slot.inside is not None
        self._slot, self._inside, self._model, self._field = slot, slot.inside, slot.inside.model, slot.field
        self._rows = InnerRows()
        self._tools: list[tuple[w.Button, w.Button, w.HBox]] = []
        media = self._field.items.media if self._field.items is not None else None
        self._head = slot.kit.make(w.HTML, "dr-field", "dr-group-head", **slot.headed(self._aside()))
        words = slot.say("panel.list.add")
        self._add = slot.kit.make(w.Button, "dr-quiet", icon="plus", description=words, tooltip=words)
        slot.press(self._add, self._added)
        self._upload = None if media is None else slot.kit.make(
            w.FileUpload, "dr-quiet", "dr-upload", accept=accepted(media), multiple=True, icon="upload",
            description=slot.say("panel.list.upload") + "\n", tooltip=slot.say("panel.list.upload"),
        )
        if self._upload is not None:
            slot.listen(self._upload, self._uploaded, typed=False)
        self._foot = (self._add,) if self._upload is None else (self._add, self._upload)
        self._root = slot.kit.make(w.HBox, "dr-pair", "dr-list", *slot.marks, children=self._children())

    def control(self) -> Control:
        return Control(
            self._root, self._head, lambda _value, _raw: None, aside=lambda _value, _raw: self._aside(), refresh=self._refresh,
            claims=self._rows.claims, show_place=self._reveal,
        )

    # --- what a person does

    def _added(self) -> None:
        self._model.add(self._inside.pointer)
        self._rows.show((*self._inside.pointer, self._count() - 1))

    def _removed(self, at: int) -> None:
        """The cursor goes to what would take the next one away, behind the last to what adds one."""
        self._model.remove((*self._inside.pointer, at))
        (self._tools[at][1] if at < self._count() else self._add).focus()

    def _raised(self, at: int) -> None:
        """The cursor goes along, so that the item can be raised further; at the top, into the item."""
        self._model.move((*self._inside.pointer, at), at - 1)
        if at > 1:
            self._tools[at - 1][0].focus()
        else:
            self._rows.show((*self._inside.pointer, 0))

    def _uploaded(self) -> None:
        assert self._upload is not None
        for file in self._upload.value:
            if self._is_full():
                break
            blob = Blob(bytes(file["content"]), file["name"], file["type"] or "application/octet-stream")
            place = (*self._inside.pointer, self._count())
            media = self._field.items.media if self._field.items is not None else None
            found = None if media is None else judged(blob, media, self._slot.around.file_limit)
            self._model.add(self._inside.pointer, blob)
            if isinstance(found, Problem):
                self._model.set_raw(place, blob.name, found.code, **found.params)
        put(self._upload, value=())

    # --- what is shown

    def _refresh(self) -> None:
        put(self._root, children=self._children())
        self._tidy()
        full = self._is_full()
        for button in self._foot:
            words = str(button.description).strip()  # with no tooltip, the front end writes "null" at an upload's button
            put(button, disabled=full, tooltip=self._slot.say("panel.list.full", most=self._most()) if full else words)

    def _children(self) -> tuple[w.Widget, ...]:
        count = self._count()
        rows = self._rows.keep(range(count), lambda at: self._row(int(at)))  # type: ignore[call-overload]  # our own places
        for row in rows[len(self._tools) :]:
            self._tools.append(self._tools_of(len(self._tools), row))
        for row, (up, away, line) in zip(rows, self._tools, strict=False):
            put(line, children=(row.root, up, away))
        return (self._head, *(line for _up, _away, line in self._tools[:count]), *self._foot)

    def _tidy(self) -> None:
        """Close what stands nowhere any more."""
        self._rows.tidy()
        while len(self._tools) > self._count():
            self._slot.kit.drop(*self._tools.pop())

    def _row(self, at: int) -> Row:
        field = self._field.prefix_items[at] if at < len(self._field.prefix_items) else self._field.items
        assert field is not None
        title = self._slot.say("panel.list.item", title=field.title or self._slot.label.title, number=at + 1)
        return self._inside.row(field.opened(), at, title=title)

    def _tools_of(self, at: int, row: Row) -> tuple[w.Button, w.Button, w.HBox]:
        number = {"title": self._slot.label.title, "number": at + 1}
        up = self._slot.icon_button("arrow-up", self._slot.say("panel.list.up", **number), lambda: self._raised(at), "dr-up", disabled=not at)
        away = self._slot.icon_button("times", self._slot.say("panel.list.remove", **number), lambda: self._removed(at))
        return up, away, self._slot.kit.make(w.HBox, "dr-item", children=(row.root, up, away))

    def _reveal(self, pointer: Pointer) -> None:
        """To the item, or where one is added; in a full list, where the last one is taken away."""
        if not self._rows.show(pointer):
            (self._tools[-1][1] if self._is_full() and self._tools else self._add).focus()

    def _count(self) -> int:
        there = self._model.get(self._inside.pointer)
        return len(there) if isinstance(there, list) else 0

    def _most(self) -> int | None:
        """The most items there may be."""
        most, listed = self._field.max_items, len(self._field.prefix_items)
        return most if self._field.items is not None else listed if most is None else min(listed, most)

    def _is_full(self) -> bool:
        most = self._most()
        return most is not None and self._count() >= most

    def _aside(self) -> str:
        """How many there are, and how many there may be."""
        say, count, least, most = self._slot.say, self._count(), self._field.min_items, self._field.max_items
        if most is not None:
            return say("panel.list.of", count=count, least=least, most=most) if least else say("panel.list.upto", count=count, most=most)
        return say("panel.list.from", count=count, least=least) if least else say("panel.list.count", count=count) if count else ""
