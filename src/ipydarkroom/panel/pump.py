"""The only place that sets a trait after construction, and the clock that says when.

What a hand or a cell does is painted at once, on its own thread. What jobs do arrives on the loop's thread, often
and in bursts: it is painted at most four times a second, the last state always. Painting is by state, not by event,
so a skipped paint loses nothing. Never `print`, `display` or an Output widget from here.
"""

from __future__ import annotations

import asyncio
import contextvars
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from ..publishing import publish

if TYPE_CHECKING:
    import threading

    from ipywidgets import Widget

__all__ = ["PAINTS_PER_SECOND", "TICK_S", "Pump", "put"]

PAINTS_PER_SECOND = 4
TICK_S = 1.0
"""How often the elapsed time of a live job is painted when nothing else happens."""


def put(widget: Widget, **traits: object) -> None:
    """Set traits that differ from what is there, in one message; nothing is sent when nothing differs."""
    news = {name: value for name, value in traits.items() if getattr(widget, name) != value}
    if not news:
        return
    with widget.hold_sync():
        for name, value in news.items():
            setattr(widget, name, value)


class Pump:
    """Calls `paint` when it is time.

    Args:
        paint: Brings every widget in line with the model. Called with `lock` held.
        lock: The model's own lock.
        live: Whether a job is on its way, so that the elapsed time must tick.
        gap_s: The least time between two paints of what jobs did.
        tick_s: See `TICK_S`.
    """

    def __init__(
        self,
        paint: Callable[[], None],
        lock: threading.RLock,
        live: Callable[[], bool],
        *,
        gap_s: float = 1 / PAINTS_PER_SECOND,
        tick_s: float = TICK_S,
    ) -> None:
        self.context = contextvars.copy_context()
        self._paint = paint
        self._lock = lock
        self._live = live
        self._gap_s = gap_s
        self._tick_s = tick_s
        self._last = float("-inf")
        self._depth = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._doing: set[asyncio.Future[None]] = set()
        self._closed = False

    @property
    def painting(self) -> bool:
        """True inside a paint; asked with the lock held, it tells a person's change from our own."""
        return self._depth > 0

    def now(self) -> None:
        """Paint on this thread, at once."""
        with self._lock:
            if self._closed:
                return
            self._depth += 1
            try:
                self._paint()
            finally:
                self._depth -= 1
                self._last = time.monotonic()

    def event(self) -> None:
        """A job changed: paint soon. Called on the loop's thread."""
        loop = self._loop = asyncio.get_running_loop()
        if not self._closed:
            self._wake_in(loop, max(0.0, self._last + self._gap_s - time.monotonic()))

    def aside(self, work: Callable[[], None]) -> None:
        """Do blocking work (a request, a thumbnail) where it blocks neither a cell nor the loop, then paint."""
        if self._loop is None or self._loop.is_closed():  # no job was ever heard of: nothing there to block
            work()
            self.now()
            return
        self._loop.call_soon_threadsafe(self._start, self._loop, work)

    def close(self) -> None:
        """Paint no more. A timer or work under way ends on its own thread."""
        with self._lock:
            self._closed = True
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end)

    def _start(self, loop: asyncio.AbstractEventLoop, work: Callable[[], None]) -> None:
        doing = loop.run_in_executor(None, publish, work, self.context)  # what fails in there is painted from there
        self._doing.add(doing)
        doing.add_done_callback(self._did)

    def _did(self, doing: asyncio.Future[None]) -> None:
        self._doing.discard(doing)
        self.event()

    def _end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
        for doing in self._doing:
            doing.cancel()

    def _wake_in(self, loop: asyncio.AbstractEventLoop, delay_s: float) -> None:
        """Be woken once, at the earlier of two times."""
        if self._timer is not None:
            if self._timer.when() <= loop.time() + delay_s:
                return
            self._timer.cancel()
        self._timer = loop.call_later(delay_s, self._wake, loop)

    def _wake(self, loop: asyncio.AbstractEventLoop) -> None:
        self._timer = None
        publish(self.now, self.context)
        if self._live() and not self._closed:
            self._wake_in(loop, self._tick_s)
