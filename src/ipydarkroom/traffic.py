"""One host asked with one key: how often, how many at once, and when not at all. Shared by all jobs that go there.

Kie refuses orders beyond 20 in 10 s and does not queue them, and allows 10 status calls a second; a server under load
says how long it wants to be left alone. Whoever wants to ask waits here for a place.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Literal, TypeAlias

from .pacing import Limits, RetryQuota, Window

__all__ = ["Kind", "Traffic"]

Kind: TypeAlias = Literal["create", "look", "other", "fetch"]

_FEW, _MANY, _CROWD = 16, 64, 200  # requests at once: up to 200 jobs, and above; a plain client drowns in its own pool


class Traffic:
    """The gate to one host.

    Args:
        limits: What the provider documents for one key.
        clock: Monotonic seconds.
        key: Which host and key; every gate of this process with the same one shares its windows, as the provider
            counts them together. None shares with nobody.
    """

    def __init__(
        self, limits: Limits, clock: Callable[[], float] = time.monotonic, *, key: tuple[str, str] | None = None
    ) -> None:
        self.limits = limits
        self.quota = RetryQuota()
        self.live = 0
        self._clock = clock
        self._creates, self._looks = _windows(limits, key)
        self._gates: dict[Kind, _Gate] = {}  # one for each kind: orders that wait their turn hold back no look
        self._closed_until = 0.0

    @property
    def crowded(self) -> bool:
        """True while hundreds of jobs are followed here."""
        return self.live > _CROWD

    @asynccontextmanager
    async def place(self, kind: Kind) -> AsyncIterator[None]:
        """Wait until a request of this kind may go, and hold its place while it is on its way."""
        gate = self._gates.setdefault(kind, _Gate())
        gate.size = _MANY if self.crowded else _FEW
        await gate.enter()
        try:
            if kind != "fetch":
                await self._turn(kind)
            yield
        finally:
            gate.leave()

    def hold(self, seconds: float) -> None:
        """Nobody asks this host anything for so long: it said that it has too much to do."""
        self._closed_until = max(self._closed_until, self._clock() + seconds)

    def full(self) -> None:
        """The host refused an order as one too many: somebody else uses this key too."""
        if self._creates is not None:
            self._creates.fill(self._clock())

    async def _turn(self, kind: Kind) -> None:
        window = {"create": self._creates, "look": self._looks}.get(kind)
        while True:
            if (closed := self._closed_until - self._clock()) > 0:
                await asyncio.sleep(closed)
            elif window is not None and (early := window.take(self._clock())) > 0:
                await asyncio.sleep(early)
            else:
                return


_shared: dict[tuple[str, str], tuple[Window | None, Window | None]] = {}


def _windows(limits: Limits, key: tuple[str, str] | None) -> tuple[Window | None, Window | None]:
    """The windows for orders and for looks; two clients of one process may run on two loops, so a Window has a lock."""
    made = tuple(Window(*each) if each else None for each in (limits.creates, limits.looks))
    return (made[0], made[1]) if key is None else _shared.setdefault(key, (made[0], made[1]))


class _Gate:
    """So many at once, first come first served; unlike a semaphore its size may change."""

    def __init__(self) -> None:
        self.size = _FEW
        self._inside = 0
        self._waiting: deque[asyncio.Future[None]] = deque()

    async def enter(self) -> None:
        if self._inside < self.size and not self._waiting:
            self._inside += 1
            return
        place: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.append(place)
        self._admit()
        try:
            await place
        except asyncio.CancelledError:
            if place.done() and not place.cancelled():
                self.leave()  # it was given in the very moment we left
            raise

    def leave(self) -> None:
        self._inside -= 1
        self._admit()

    def _admit(self) -> None:
        while self._waiting and self._inside < self.size:
            place = self._waiting.popleft()
            if not place.done():
                self._inside += 1
                place.set_result(None)
