"""Which parts of the style sheet the widgets of one panel wear, and the widgets that carry them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ..markup import Markup, join
from .looks import always, parts_of, sheet

if TYPE_CHECKING:
    import ipywidgets as w

    from .looks import Part

__all__ = ["Wardrobe"]

_NOTHING = Markup()


class Wardrobe:
    """The looks of one panel.

    Args:
        make: Makes a widget that carries a sheet.
    """

    def __init__(self, make: Callable[[Markup], w.HTML]) -> None:
        self._make = make
        self._classes: set[str] = set()
        self._worn: frozenset[Part] = frozenset()
        self._known = 0  # how many classes there were when it was last looked
        self._sheets: list[w.HTML] = []

    def note(self, classes: Iterable[str]) -> None:
        """A widget with these classes was made, or will be."""
        self._classes.update(classes)

    @property
    def head(self) -> w.HTML:
        """See `Kit.head`."""
        return self.head_with(Markup())

    def head_with(self, more: Markup) -> w.HTML:
        """See `Kit.head_with`."""
        if not self._sheets:
            self._carry(more)
        return self._sheets[0]

    def more(self) -> tuple[w.HTML, ...]:
        """See `Kit.more`."""
        if self._known != len(self._classes) and self._sheets:
            self._carry()
        return tuple(self._sheets[1:])

    def _carry(self, more: Markup = _NOTHING) -> None:
        """Make a widget with what is worn and not carried yet, if there is any."""
        missing = always().union(*map(parts_of, self._classes)) - self._worn
        self._known = len(self._classes)
        if missing:
            self._worn |= missing
            self._sheets.append(self._make(join([sheet(missing), more])))
