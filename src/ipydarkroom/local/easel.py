"""Paints one job: opens the picture to start from, finds a painter for each order, puts the pictures on the shelf."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import DarkroomError
from .aside import Stopped, off_loop

if TYPE_CHECKING:
    from .painters import Order, Painter, Report
    from .shelf import Shelf, Shelved
    from .tasks import Task

__all__ = ["ENDED", "Easel", "sentence"]

ENDED = "The local backend ended; nothing was charged."


class Easel:
    """Where painting happens, one worker thread per job being painted.

    Args:
        painters: Asked in this order; the first that accepts an order paints it.
        shelf: Where pictures are put.
        unwanted: Tells, in the painter's thread, whether the work is no longer wanted.
    """

    def __init__(self, painters: Iterable[Painter], shelf: Shelf, unwanted: Callable[[], bool]) -> None:
        self._painters = painters
        self._shelf = shelf
        self._unwanted = unwanted

    async def paint(self, task: Task, advance: Callable[[float], None]) -> None:
        """Paint all pictures of a job, in order.

        Args:
            task: The job; its `pictures` grow.
            advance: Called on the loop with 0..1, how much of the whole job is painted.

        Raises:
            Exception: Whatever a painter raises.
        """
        image = await self._open(task)
        for done, order in enumerate(task.orders):
            report = self._reporter(advance, done, len(task.orders))
            shelved = await off_loop(self._paint, replace(order, image=image), report)
            task.pictures.append(shelved)
            advance((done + 1) / len(task.orders))

    async def _open(self, task: Task) -> bytes | None:
        """The bytes of the picture to start from; a drawn one where there are none to be had."""
        source = task.source
        if source is None:
            return None
        if source.drawn is not None:
            return await off_loop(self._bytes, source.drawn, self._reporter(None, 0, 1))
        return await off_loop(source.upload.path.read_bytes) if source.upload else source.data

    def _paint(self, order: Order, report: Report) -> Shelved:
        """Paint and put away, all in the thread: tens of megabytes never meet the loop."""
        return self._shelf.put(self._bytes(order, report))

    def _bytes(self, order: Order, report: Report) -> bytes:
        report(0.0)
        for painter in self._painters:
            if painter.accepts(order):
                return painter.paint(order, report)
        raise DarkroomError("No painter of the local backend takes this order.")

    def _reporter(self, advance: Callable[[float], None] | None, done: int, of: int) -> Report:
        """A `report` for a painter: called in its thread, it moves the job's progress on the loop."""
        loop = asyncio.get_running_loop()

        def report(fraction: float) -> None:
            if self._unwanted():
                raise Stopped
            if advance is not None:
                loop.call_soon_threadsafe(advance, (done + fraction) / of)

        return report


def sentence(error: Exception) -> str:
    """What a person is told; the message of an unknown error may hold anything and stays in the log."""
    if isinstance(error, Stopped):
        return ENDED
    if isinstance(error, DarkroomError):
        return str(error)
    return f"The picture could not be painted ({type(error).__name__}); nothing was charged."
