"""Which parts of the style sheet the widgets of one panel wear, and the widget that carries them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from .looks import always, parts_of, sheet
from .pump import put

if TYPE_CHECKING:
    import ipywidgets as w

    from ..markup import Markup
    from .looks import Part

__all__ = ["Wardrobe"]


class Wardrobe:
    """The looks of one panel.

    Args:
        make: Makes a widget that carries a sheet.
    """

    def __init__(self, make: Callable[[Markup], w.HTML]) -> None:
        self._make = make
        self._classes: set[str] = set()
        self._worn: frozenset[Part] = frozenset()
        self._head: w.HTML | None = None
        self._waiting = 0

    def note(self, classes: Iterable[str]) -> None:
        """A widget with these classes was made."""
        if not self._classes.issuperset(classes):
            self._classes.update(classes)
            self._dress()

    @property
    def head(self) -> w.HTML:
        """See `Kit.head`."""
        if self._head is None:
            self._worn |= self._missing()
            self._head = self._make(sheet(self._worn))
        return self._head

    def beside(self, *classes: str) -> w.HTML:
        """See `Kit.sheet`."""
        wanted = frozenset(part for name in classes for part in parts_of(name)) - self._worn
        self._worn |= wanted
        return self._make(sheet(wanted))

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """See `Kit.at_once`."""
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
            self._dress()

    def _dress(self) -> None:
        if self._head is None or self._waiting:
            return
        missing = self._missing()
        if missing:
            self._worn |= missing
            put(self._head, value=sheet(self._worn))

    def _missing(self) -> frozenset[Part]:
        """The parts that what was made needs, and that are not there yet."""
        return always().union(*map(parts_of, self._classes)) - self._worn
