"""All rows of a form: in which order they stand, what is folded away, and keeping them in line with the model."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import ipywidgets as w

from ..fields import Field, Pointer
from .folds import Fold
from .pump import put
from .rows import Row
from .strays import is_drawn, strays

if TYPE_CHECKING:
    from .rows import Bench

__all__ = ["FOLD_FROM", "Rows", "in_order"]

FOLD_FROM = 10
"""From so many optional, unimportant fields on they are folded away, and built when the fold is opened."""


def in_order(fields: Iterable[Field]) -> list[Field]:
    """Required fields first, then important ones, the rest, and what is of little importance; each group in the model's order."""
    return sorted(fields, key=lambda field: (not field.required, ("high", "", "low").index(field.importance)))


class Rows:
    """The rows of a form. Folded ones are built when a person opens the fold, or at once when they hold a value.

    Args:
        bench: What all rows share.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._model = bench.model
        fields = in_order(field for field in self._model.fields() if is_drawn(self._model, field, (field.name,)))
        minor = [field for field in fields if not field.required and field.importance != "high"]
        folded = minor if len(minor) >= FOLD_FROM else [field for field in minor if field.importance == "low"]
        away = {field.name for field in folded}  # by name: to compare fields themselves is slow
        self._open = [self._row(field) for field in fields if field.name not in away]
        self._folds = [Fold(title, group, bench, self._row) for title, group in _grouped(folded)]
        self._late: list[Row] = []
        self._strays: list[Row] = []
        self._gone: list[Row] = []
        # What conditions bring in later stands in a box that is there from the start: else the page would make all below it anew.
        later = self._model.foreseen() - {field.name for field in self._model.fields()}
        self._late_box = bench.kit.make(w.VBox, "dr-fields") if later else None
        self._take_in()

    def widgets(self) -> tuple[w.Widget, ...]:
        """What stands in the form now."""
        folds = (widget for fold in self._folds for widget in fold.widgets())
        late = tuple(row.root for row in self._late)
        if self._late_box is not None:
            put(self._late_box, children=late)
            late = (self._late_box,)
        return (*(row.root for row in self._open), *late, *folds, *(row.root for row in self._strays))

    def paint(self) -> tuple[w.Widget, ...]:
        """Bring every row in line with the model; returns what stands in the form now."""
        self._take_in()
        for fold in self._folds:
            fold.paint()
        for row in (*self._open, *self._late, *self._strays):
            row.paint()
        return self.widgets()

    def unfold(self) -> None:
        """Build and show everything."""
        for fold in self._folds:
            fold.open()

    def row(self, name: str) -> Row | None:
        """The row of a field at the top, where it is built."""
        return next((row for row in self._built() if row.field.name == name), None)

    def open_for(self, pointer: Pointer) -> None:
        """Unfold what hides a place."""
        for fold in self._folds:
            if pointer and pointer[0] in fold.names:
                fold.open()

    def tells(self, pointer: Pointer) -> bool:
        """Whether a row tells what is wrong at a place, or will once its fold is opened."""
        if not pointer or not self._model.standing(pointer[0:1]).shown:
            return False
        return self.row(str(pointer[0])) is not None or any(pointer[0] in fold.names for fold in self._folds)

    def focus(self, pointer: Pointer) -> None:
        """Put the cursor at a place."""
        row = self.row(str(pointer[0])) if pointer else None
        if row is not None:
            row.control.reveal(pointer)

    def _built(self) -> list[Row]:
        return [*self._open, *self._late, *(row for fold in self._folds for row in fold.rows), *self._strays]

    def _take_in(self) -> None:
        """What only a condition or a value brings in gets a row the first time, behind those that are there."""
        now = {field.name: field for field in self._model.fields()}
        for rows in (self._open, self._late, *(fold.rows for fold in self._folds)):
            for at, row in enumerate(rows):
                if not row.still_draws(field := now.get(row.field.name)) and field is not None:
                    self._gone.append(row)
                    rows[at] = self._row(field)
        known = {row.field.name for row in (*self._open, *self._late)} | {name for fold in self._folds for name in fold.names}
        fields = [field for field in now.values() if field.name not in known]
        self._late += [self._row(field) for field in fields if is_drawn(self._model, field, (field.name,))]
        found = {field.name: field for field in strays(self._model)}
        for row in [row for row in self._strays if row.field.name not in found and self._model.raw(row.pointer) is None]:
            self._strays.remove(row)
            self._gone.append(row)
        there = {row.field.name for row in self._strays}
        self._strays += [Row(field, (name,), self._bench, title=name) for name, field in found.items() if name not in there]

    def tidy(self) -> None:
        """Close the rows that are gone; after what they stood in was painted without them."""
        gone, self._gone = self._gone, []
        for row in gone:
            row.close()

    def _row(self, field: Field) -> Row:
        return Row(field, (field.name,), self._bench)


def _grouped(fields: Iterable[Field]) -> list[tuple[str, list[Field]]]:
    """The fields by the group their schema puts them in, those of none last."""
    groups: dict[str, list[Field]] = {}
    for field in fields:
        groups.setdefault(field.group, []).append(field)
    rest = groups.pop("", [])
    return [*groups.items(), *([("", rest)] if rest else [])]

