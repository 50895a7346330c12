"""A fold: rows that most people leave alone, behind one button that says how many there are, changed and wrong."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import ipywidgets as w

from ..markup import visible
from .guard import guarded
from .pump import put

if TYPE_CHECKING:
    from ..fields import Field
    from .rows import Bench, Row

__all__ = ["Fold"]


class Fold:
    """One fold. Its rows are made when it is opened first.

    Args:
        title: What it is called; empty for "More options".
        fields: What is in it.
        bench: What all rows share.
        row: Makes a row.
    """

    def __init__(self, title: str, fields: Sequence[Field], bench: Bench, row: Callable[[Field], Row]) -> None:
        self.names = frozenset(field.name for field in fields)
        self.rows: list[Row] = []
        self._title = visible(title)
        self._fields = fields
        self._bench = bench
        self._row = row
        self._opened = False
        self._seen = self._touched()
        self._button = bench.kit.make(w.Button, "dr-quiet", "dr-more", description=self._words())
        self._button.on_click(guarded(bench.model, lambda _button: self._press()))
        if self._seen:
            self.open()

    def widgets(self) -> tuple[w.Widget, ...]:
        """What stands in the form now."""
        return (self._button, *(row.root for row in self.rows)) if self._opened else (self._button,)

    def open(self) -> None:
        """Show what is in it."""
        self._opened = True
        if not self.rows:
            now = {field.name: field for field in self._bench.model.fields()}
            self.rows = [self._row(now.get(field.name, field)) for field in self._fields]
        put(self._button, description=self._words())

    def paint(self) -> None:
        """Bring it in line with the model; what is said in it for the first time, by code, opens it."""
        touched = self._touched()
        if touched - self._seen and not self._opened:
            self.open()
        self._seen = touched
        put(self._button, description=self._words())
        for row in self.rows:
            row.paint()

    def _press(self) -> None:
        if self._opened:
            self._opened = False
        else:
            self.open()
        self._bench.model.redraw()

    def _touched(self) -> frozenset[str]:
        return frozenset(name for name in self.names if self._bench.model.touched(name))

    def _words(self) -> str:
        say, model = self._bench.kit.say, self._bench.model
        count = sum(model.standing(name).shown for name in self.names)
        title = say("panel.fold.group", title=self._title, count=count) if self._title else say("panel.more", count=count)
        wrong = len({found.pointer[0] for found in model.visible_problems() if found.blocking and found.pointer} & self.names)
        changed = sum(model.standing(name).shown for name in self._touched())
        parts = [title, *([say("panel.fold.changed", count=changed)] if changed else [])]
        parts += [say("panel.fold.wrong", count=wrong)] if wrong else []
        return f"{'▾' if self._opened else '▸'} {' · '.join(parts)}"
