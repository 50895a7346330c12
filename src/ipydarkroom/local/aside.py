"""Work that must not stop the event loop: blocking work beside it, foreign work behind a border."""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Awaitable, Callable
from typing import ParamSpec, TypeVar

__all__ = ["Stopped", "attempt", "off_loop", "within"]

log = logging.getLogger("ipydarkroom")

T = TypeVar("T")
P = ParamSpec("P")
_THREADS = sys.platform != "emscripten"


class Stopped(Exception):
    """Raised by a painter's `report` when the studio is closing: the work is no longer wanted."""


async def off_loop(work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    """Run blocking work in a thread; here and now where there are no threads (Pyodide)."""
    return await asyncio.to_thread(work, *args, **kwargs) if _THREADS else work(*args, **kwargs)


async def within(seconds: float, work: Awaitable[T]) -> T:
    """Await something, at most so long.

    Raises:
        TimeoutError: The time is over; the work was cancelled.
    """
    async with asyncio.timeout(seconds):
        return await work


async def attempt(work: Awaitable[object], what: str) -> Exception | None:
    """Await foreign work (a painter, a receiver of callbacks); return what it raised instead of raising it.

    It is logged under `what`. This is the queue's one border: such code may come from other packages and raise
    anything, and the queue must outlive it.
    """
    try:
        await work
    except Stopped as error:  # nobody's mistake
        return error
    except Exception as error:  # the border named above
        log.warning("%s failed", what, exc_info=error)
        return error
    return None
