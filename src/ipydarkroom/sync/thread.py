"""The only door that starts threads: one event loop on one daemon thread, which ends with the client that started it."""

from __future__ import annotations

import asyncio
import os
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import CancelledError, Future, wait
from typing import Any, NoReturn, TypeVar

from ..errors import DarkroomError
from ..interrupts import HEARTBEAT_S

__all__ = ["LoopThread", "on_loop"]

T = TypeVar("T")


class LoopThread:
    """One event loop on one daemon thread. Ends with the client that started it."""

    def __init__(self) -> None:
        self.pid = os.getpid()
        self.loop = asyncio.new_event_loop()
        self._stopped = False
        self._thread = threading.Thread(target=self.loop.run_forever, name="ipydarkroom", daemon=True)
        self._thread.start()

    def __reduce__(self) -> NoReturn:
        raise TypeError("a client and its jobs are not copied; another process makes its own on the same journal")

    def start(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Hand over work; returns at once.

        Raises:
            DarkroomError: The client is closed, or belongs to the process this one was forked from.
        """
        if self._stopped or os.getpid() != self.pid:
            work.close()
            why = "is closed" if self._stopped else "belongs to the parent process"
            raise DarkroomError(f"This client {why}.", next_step="Make a new one; its jobs are in the same journal.")
        try:
            return asyncio.run_coroutine_threadsafe(work, self.loop)
        except RuntimeError as error:  # closed in this very moment
            work.close()
            raise DarkroomError("This client is closed.", next_step="Make a new one; its jobs are in the same journal.") from error

    def call(self, work: Coroutine[Any, Any, T]) -> T:
        """Hand over work and wait for it. An interrupt stops the waiting, not the work.

        Raises:
            RuntimeError: Called on the loop's own thread (from a watcher), which would wait for itself.
        """
        self.refuse_own_thread(work)
        future = self.start(work)
        while not wait({future}, timeout=HEARTBEAT_S).done:  # on Windows a wait without an end hears no interrupt
            if not self._thread.is_alive() and not future.done():  # closed between our asking and its hearing
                work.close()
                raise DarkroomError("This client is closed.", next_step="Make a new one; its jobs are in the same journal.")
        try:
            return future.result()
        except CancelledError as error:
            raise DarkroomError("The client was closed meanwhile.", next_step="The job is in the journal.") from error

    def refuse_own_thread(self, work: Coroutine[Any, Any, Any]) -> None:
        """Raise instead of waiting for oneself."""
        if threading.current_thread() is self._thread:
            work.close()
            raise RuntimeError("this would wait for itself: inside a watcher, hand the work to another thread")

    def stop(self) -> None:
        """End the loop and its thread."""
        if self._stopped or os.getpid() != self.pid:
            return
        self._stopped = True
        asyncio.run_coroutine_threadsafe(_end_all(), self.loop).result(10)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(5)
        self.loop.close()


async def _end_all() -> None:
    """Cancel whatever still runs on this loop, so that nobody waits for it for ever."""
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)


async def on_loop(make: Callable[[], T]) -> T:
    """Run a plain function on the loop's thread."""
    return make()
