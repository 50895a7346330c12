"""A job in memory: its latest record, who watches it, and the background work that drives it.

The engine moves a track along; handles, panels and cards read it. Everything here belongs to one event loop.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from .jobs import JobRecord, State
from .redaction import quiet

if TYPE_CHECKING:
    from .fields import Pointer
    from .jobs import Trouble
    from .routes import Route
    from .wire import Blob

__all__ = ["Track", "Watcher", "spawn"]

log = logging.getLogger("ipydarkroom")
quiet(log)

Watcher: TypeAlias = Callable[[JobRecord], None]
_tasks: set[asyncio.Task[None]] = set()


def spawn(work: Callable[[], Coroutine[object, object, None]], failed: Callable[[Exception], None]) -> asyncio.Task[None]:
    """Start background work whose failure cannot be lost: it is logged, and `failed` is told.

    `work` makes the coroutine, so that a task cancelled before its first step leaves none behind.
    """

    async def guarded() -> None:
        try:
            await work()
        except Exception as error:  # the one place: a task's error has no other reader
            log.exception("background work failed")
            failed(error)

    task = asyncio.get_running_loop().create_task(guarded())
    _tasks.add(task)  # the loop itself keeps only a weak reference
    task.add_done_callback(_tasks.discard)
    return task


@dataclass(eq=False)
class Track:
    """One job in memory: its latest record, who watches it, and whether anybody is driving it.

    `inputs` is exactly what is sent. `blobs` are local files still to be uploaded, by their place. `advice` is what was
    allowed but unwise. `ours` marks the one track that may let this order go: the one its submit made. `unwritten`
    says that the disk refused the newest facts, which are then written with the next ones. `attending` says that
    another client drives the job and we read along in the journal. `callback` is where the provider shall call back.
    `halt` says why we stopped looking although the job may go on; `unsaved` why its files are not here yet. `usual` is how
    many seconds earlier jobs of the model took, known once we look.
    """

    record: JobRecord
    route: Route
    inputs: Mapping[str, object] = field(default_factory=dict, repr=False)
    blobs: Mapping[Pointer, Blob] = field(default_factory=dict, repr=False)
    advice: tuple[str, ...] = ()
    ours: bool = False
    callback: str = ""
    unwritten: bool = False
    attending: bool = False
    halt: Trouble | None = None
    unsaved: Trouble | None = None
    usual: float | None = None
    watchers: list[Watcher] = field(default_factory=list, repr=False)
    idle: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    wake: asyncio.Event = field(default_factory=asyncio.Event, repr=False)
    task: asyncio.Task[None] | None = field(default=None, repr=False)

    def halted(self) -> bool:
        """True when we stopped looking; asked anew after every pause, as anybody may have said so meanwhile."""
        return self.halt is not None

    def over(self) -> bool:
        """True when there is nothing left to look at: the job has ended, or we stopped."""
        return self.halted() or self.record.state.is_terminal

    @property
    def done(self) -> bool:
        """True when the job has ended and its files are here, or were given up on for now."""
        state = self.record.state
        if state is State.SUCCEEDED:
            return len(self.record.kept) >= len(self.record.outputs) or self.unsaved is not None
        return state.is_terminal

    def tell(self) -> None:
        """Call every watcher with the record as it is. A watcher's error is logged and harms nobody."""
        for watcher in tuple(self.watchers):
            try:
                watcher(self.record)
            except (Exception, asyncio.CancelledError):  # foreign code at the edge: the job must not care
                log.exception("a watcher of job %s failed", self.record.id)
