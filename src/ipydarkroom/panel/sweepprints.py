"""The thumbnails of a sweep that are still missing: made where they hold nobody up, and told of once all are there."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .pump import Pump
    from .sweepgrid import GridHtml

__all__ = ["SweepPrints"]


class SweepPrints:
    """The making of one sweep's thumbnails.

    Args:
        html: The grid that shows them, and knows which are missing.
        pump: Gives the work to a worker, and paints after it.
        stamp: What the saved grid depends on; who waits for the thumbnails hears of each stamp once.
    """

    def __init__(self, html: GridHtml, pump: Pump, stamp: Callable[[], object]) -> None:
        self._html = html
        self._pump = pump
        self._stamp = stamp
        self._told: object = None
        self._when_all: list[Callable[[], None]] = []
        self._busy = False

    def more(self) -> None:
        """Begin a batch of what is missing, unless one is under way: the paint after that asks for the next."""
        work = None if self._busy else self._html.develop()
        if work is None:
            return
        self._busy = True

        def act() -> None:
            try:
                work()
            finally:
                self._busy = False

        self._pump.aside(act)

    def all_now(self) -> None:
        """Make what is missing, here. Blocks."""
        work = self._html.develop()
        if work is not None:
            work()

    def when_all(self, callback: Callable[[], None]) -> None:
        """Call back whenever `tell` finds something new."""
        self._when_all.append(callback)

    def tell(self) -> None:
        """All are there and nothing goes on any more: say so, once for each state of the grid."""
        now = self._stamp()
        if self._told != now:
            self._told = now
            for callback in self._when_all:
                callback()
