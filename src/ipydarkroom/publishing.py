"""Writing to the front end from a thread that runs no cell: in which context, and how often.

Tried on ipykernel 6.17 to 7.4: display ids and traits set from a thread arrive, live, also while a cell is busy. `print`
and a plain `display` from a thread end up in whatever cell happens to run, so nothing here uses them.
"""

from __future__ import annotations

import asyncio
import contextvars
import functools
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from IPython import get_ipython
from IPython.display import display

if TYPE_CHECKING:
    from .jobs import JobRecord

__all__ = ["Shown", "needs_cell_context", "publish", "show_live"]

_GAP_S = 0.25  # at most four updates a second; the last one always


@functools.cache
def needs_cell_context() -> bool:
    """True on ipykernel 7.0.x, where a thread without a cell's context cannot publish (LookupError).

    Asked once and beforehand: catching the error and trying again does not work, because the trait has its new
    value by then and the second assignment sends nothing.
    """
    try:
        contextvars.Context().run(get_ipython().kernel.get_parent)
    except LookupError:
        return True
    except AttributeError:  # not in a kernel
        return False
    return False


def publish(act: Callable[[], None], context: contextvars.Context) -> None:
    """Do something that writes to the front end, from a thread that runs no cell.

    In an empty context where that works: nbclient drops messages that belong to an earlier cell than the running one.
    """
    place = context.copy() if needs_cell_context() else contextvars.Context()
    place.run(act)


class Shown(Protocol):
    """What can be shown live: a bundle of representations, news, and an end."""

    @property
    def done(self) -> bool:
        """True when nothing more will change."""

    def watch(self, watcher: Callable[[JobRecord], None]) -> Callable[[], None]:
        """As `AsyncJob.watch`: called on the loop's thread."""

    def _repr_mimebundle_(self, **rest: object) -> dict[str, str]: ...


def show_live(thing: Shown) -> None:
    """Show a thing in this cell and keep what is shown up to date until it is done.

    Outside a notebook kernel, where nothing on the page can change, it is shown once.
    """
    if thing.done or not hasattr(get_ipython(), "kernel"):
        display(thing._repr_mimebundle_(), raw=True)  # type: ignore[no-untyped-call]
    else:
        _Live(thing)


class _Live:
    """One display that follows one thing. Painted by state, not by event, so a skipped paint loses nothing."""

    def __init__(self, thing: Shown) -> None:
        self._thing = thing
        self._context = contextvars.copy_context()  # of the cell that shows it
        self._handle = display(thing._repr_mimebundle_(), raw=True, display_id=True)  # type: ignore[no-untyped-call]
        self._last = time.monotonic()
        self._waiting = False
        self._unwatch = thing.watch(self._heard)
        if thing.done:  # it ended while we were showing it
            self._paint()

    def _heard(self, _: JobRecord) -> None:
        if not self._waiting:
            self._waiting = True
            asyncio.get_running_loop().call_later(max(0.0, self._last + _GAP_S - time.monotonic()), self._paint)

    def _paint(self) -> None:
        self._last, self._waiting = time.monotonic(), False
        publish(lambda: self._handle.update(self._thing._repr_mimebundle_(), raw=True), self._context)
        if self._thing.done:
            self._unwatch()
