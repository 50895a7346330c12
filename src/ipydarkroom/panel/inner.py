"""The rows inside a control: made when they are first needed, painted with it, closed once they stand nowhere any more."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from typing import TYPE_CHECKING

from .draft import within

if TYPE_CHECKING:
    from ..fields import Pointer
    from .rows import Row

__all__ = ["InnerRows"]


class InnerRows:
    """Rows by a key: a name, a place in a list, a shape."""

    def __init__(self) -> None:
        self._rows: dict[Hashable, Row] = {}
        self._gone: list[Row] = []

    def __iter__(self) -> Iterator[Row]:
        return iter(self._rows.values())

    def keep(self, keys: Iterable[Hashable], make: Callable[[Hashable], Row]) -> list[Row]:
        """Have exactly these rows: what is new is made, the others are painted. `tidy` closes what is gone."""
        wanted = list(keys)
        self._gone += [self._rows.pop(key) for key in [key for key in self._rows if key not in wanted]]
        kept: list[Row] = []
        for key in wanted:
            if key in self._rows:
                self._rows[key].paint()
            else:
                self._rows[key] = make(key)
            kept.append(self._rows[key])
        self._rows = dict(zip(wanted, kept, strict=True))
        return kept

    def make_anew(self, key: Hashable) -> None:
        """The row of that key does not do any more: `keep` makes another one."""
        if key in self._rows:
            self._gone.append(self._rows.pop(key))

    def get(self, key: Hashable) -> Row | None:
        """The row of that key, where there is one."""
        return self._rows.get(key)

    def tidy(self) -> None:
        """Close the rows that are gone; after what they stood in was painted without them."""
        gone, self._gone = self._gone, []
        for row in gone:
            row.close()

    def claims(self, pointer: Pointer) -> bool:
        """Whether a row in here tells the problem at that place."""
        return any(within(pointer, row.pointer) for row in self._rows.values())

    def show(self, pointer: Pointer) -> bool:
        """Put the cursor at a place, if it is in one of these rows."""
        row = next((row for row in self._rows.values() if within(pointer, row.pointer)), None)
        if row is not None:
            row.control.reveal(pointer)
        return row is not None
