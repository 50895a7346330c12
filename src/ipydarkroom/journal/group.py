"""Several facts, one commit: what is learnt in the same moment reaches the disk together.

A commit waits for the disk three or four times, however much it holds. So a fact that was learnt waits until the event
loop has heard whatever else is there to be heard, a few passes of some microseconds, and goes with it. Nobody who waits
for a fact goes on before the transaction that holds it is committed and flushed.

All of it happens on the event loop's own thread, a commit in one go: between a fact on disk and a fact in memory nothing
else runs. Who cannot wait (the client closes, a person asks for the list) has everything written at once by `flush`.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from ..errors import DarkroomError

if TYPE_CHECKING:
    from .store import Journal

__all__ = ["Group"]

T = TypeVar("T")
R = TypeVar("R")
_PASSES = 4  # of the loop at most, while others join; a fact that is alone waits for the second


class _Act:
    """One write, what follows it, and the future of whoever waits for that."""

    def __init__(self, write: Callable[[], Any], then: Callable[[Any], Any], told: asyncio.Future[Any]) -> None:
        self.write = write
        self.then = then
        self.told = told


_Outcome: TypeAlias = tuple[_Act, Any, Exception | None]


class Group:
    """Collects writes for the next commit. Belongs to one event loop.

    Args:
        journal: Where they go.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._waiting: dict[object, _Act] = {}
        self._ended: deque[_Outcome] = deque()
        self._pid = os.getpid()

    def do(self, key: object, write: Callable[[], T], then: Callable[[T | DarkroomError], R]) -> asyncio.Future[R]:
        """Have something written with the next commit.

        Args:
            key: What it is about; two writes about the same thing never share a commit, the first one goes at once.
            write: Writes, through the journal's own methods. It changes nothing in memory, as it may be called twice:
                where one write of a commit fails, each is tried alone.
            then: Called on the loop as soon as it is on disk, before anything else runs there, with what `write` returned
                or with the DarkroomError it raised.

        Returns:
            What `then` returned. Nothing is lost if nobody waits for it any more.
        """
        self._ours()
        if key in self._waiting:
            self.flush()
        loop = asyncio.get_running_loop()
        told: asyncio.Future[R] = loop.create_future()
        if not self._waiting:
            loop.call_soon(self._gather, loop, 0, 0)
        self._waiting[key] = _Act(write, then, told)
        return told

    def holds(self, key: object) -> bool:
        """Whether a write about that is still to be committed."""
        return key in self._waiting

    def keys(self) -> list[object]:
        """What the writes of the next commit are about, in their order."""
        return list(self._waiting)

    def withdraw(self, key: object, answer: object) -> None:
        """Take back a write that is still to be committed; whoever waits for it gets that answer."""
        self._ours()
        act = self._waiting.pop(key, None)
        if act is not None:
            _tell(act, answer)

    def flush(self) -> None:
        """Commit now what waits. Returns when it is on disk, or refused, and everybody was told."""
        self._ours()
        if self._waiting:
            self._ended.extend(self._committed(list(self._waiting.values())))
            self._waiting = {}  # not before: what an interrupt stopped is done again
        while self._ended:
            ended = self._ended.popleft()  # taken first: who is told may ask for a flush
            try:
                _end(*ended)
            except BaseException:  # an interrupt while somebody was told: the next flush tells it again
                self._ended.appendleft(ended)
                raise

    def _ours(self) -> None:
        """In a forked child, what waits is its parent's to write."""
        if os.getpid() != self._pid:
            self._waiting, self._pid = {}, os.getpid()
            self._ended.clear()

    def _gather(self, loop: asyncio.AbstractEventLoop, seen: int, passes: int) -> None:
        """Once in every pass of the loop: as long as others join, wait for more of them."""
        waiting = len(self._waiting)
        if waiting > seen and passes < _PASSES:
            loop.call_soon(self._gather, loop, waiting, passes + 1)
            return
        try:
            self.flush()
        except BaseException:  # an interrupt, on the main thread: whoever waits must not wait for ever
            loop.call_soon(self._gather, loop, 0, _PASSES)
            raise

    def _committed(self, acts: list[_Act]) -> list[_Outcome]:
        if len(acts) > 1:
            begun = False
            try:
                with self._journal.together():
                    begun = True
                    values = [act.write() for act in acts]
                return [(act, value, None) for act, value in zip(acts, values, strict=True)]
            except Exception as error:  # noqa: BLE001  # whatever one of them met, the others must not pay for it: each is tried alone
                if isinstance(error, DarkroomError) and (not begun or _is_locked(error)):  # and would be for each
                    return [(act, None, error) for act in acts]
        return [self._alone(act) for act in acts]

    def _alone(self, act: _Act) -> _Outcome:
        try:
            return act, act.write(), None
        except Exception as error:  # noqa: BLE001  # told to whoever waits for it
            return act, None, error


def _is_locked(error: DarkroomError) -> bool:
    """Whether another process holds the file, which has been waited for already."""
    cause = error.__cause__
    return isinstance(cause, sqlite3.OperationalError) and cause.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY


def _end(act: _Act, value: Any, error: Exception | None) -> None:
    """Go on with what follows a write, and answer whoever waits."""
    try:
        if error is not None and not isinstance(error, DarkroomError):
            raise error
        answer = act.then(value if error is None else error)
    except Exception as failed:  # noqa: BLE001  # told to whoever waits for it
        if not act.told.done():
            act.told.set_exception(failed)
    else:
        _tell(act, answer)


def _tell(act: _Act, answer: Any) -> None:
    """Answer whoever waits. Of a loop that was closed meanwhile nobody does; the write is done all the same."""
    with suppress(RuntimeError):
        if not act.told.done():
            act.told.set_result(answer)
