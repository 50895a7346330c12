"""AsyncJob: one job in a person's hand. It reads the engine's track; it decides nothing itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Generator
from typing import TYPE_CHECKING, Any

from .display import card, card_text
from .errors import WaitTimeout
from .interrupts import awake, explained
from .jobs import State
from .results import Result, error_of

if TYPE_CHECKING:
    from .engine import Engine
    from .track import Track, Watcher
    from .errors import DarkroomError
    from .jobs import JobRecord
    from .providers import CancelOutcome

__all__ = ["AsyncJob"]


class AsyncJob:
    """One job: where it stands, and how to wait for it, read it and stop it. `await job` gives the Result."""

    def __init__(self, engine: Engine, track: Track) -> None:
        self._engine = engine
        self._track = track

    @property
    def record(self) -> JobRecord:
        """Everything known about the job at this moment; a frozen value."""
        return self._track.record

    @property
    def id(self) -> str:
        """Our id of the job; it is known before anything is sent."""
        return self.record.id

    @property
    def remote_id(self) -> str:
        """The provider's id, empty until the order is accepted."""
        return self.record.remote_id

    @property
    def model(self) -> str:
        """The model's id."""
        return self.record.model

    @property
    def provider(self) -> str:
        """The provider's name."""
        return self.record.provider

    @property
    def state(self) -> State:
        """Where the job stands, in our words."""
        return self.record.state

    @property
    def word(self) -> str:
        """Where it stands in the provider's own word, verbatim."""
        return self.record.word

    @property
    def position(self) -> int | None:
        """How many jobs are ahead in the provider's queue, where it tells."""
        return self.record.position

    @property
    def fraction(self) -> float | None:
        """Progress from 0 to 1, where the provider tells it."""
        return self.record.fraction

    @property
    def elapsed(self) -> float:
        """Seconds since the order, until the end."""
        return self.record.elapsed(time.time())

    @property
    def charged(self) -> str:
        """What is known of the bill: `no`, `maybe` or `yes`."""
        return self.record.charged

    @property
    def advice(self) -> tuple[str, ...]:
        """What was allowed but unwise about the inputs, one sentence each; known to the session that ordered."""
        return self._track.advice

    @property
    def done(self) -> bool:
        """True when the job has ended and its files are here (or could not be fetched for now)."""
        return self._track.done

    @property
    def error(self) -> DarkroomError | None:
        """The typed error the job ended with, or why we stopped looking; None while all is well."""
        return error_of(self.record, self, self._track.halt or self._track.unsaved)

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher(record)` after every change, on the event loop's thread; returns a function that ends that."""
        watchers = self._track.watchers
        watchers.append(watcher)

        def unwatch() -> None:
            if watcher in watchers:
                watchers.remove(watcher)

        return unwatch

    async def events(self) -> AsyncIterator[JobRecord]:
        """Yield the record now and after every change, until the job is done or watching ends."""
        queue: asyncio.Queue[JobRecord] = asyncio.Queue()
        unwatch = self.watch(queue.put_nowait)
        try:
            yield self.record
            while not (self._track.idle.is_set() and queue.empty()):
                yield await queue.get()
        finally:
            unwatch()

    async def wait(self, timeout: float | None = None) -> AsyncJob:
        """Wait until the job has ended and its files are here.

        Args:
            timeout: Seconds to wait at most; None waits as long as the job is watched.

        Raises:
            WaitTimeout: The time is over. The job goes on.
        """
        self._engine.drive(self._track)
        try:
            with explained("interrupt.job", id=self.id), awake():
                async with asyncio.timeout(timeout):
                    await self._track.idle.wait()
        except TimeoutError as error:
            raise WaitTimeout(
                f"Job {self.id} is still {self.state.value} after {timeout:g} s; it goes on and nothing is lost.",
                next_step=f"Wait again with client.job({self.id!r}).wait().",
                job=self, seconds=timeout, id=self.id,
            ) from error
        return self

    async def result(self, timeout: float | None = None) -> Result:
        """Wait for the job and return its pictures.

        Raises:
            WaitTimeout: The time is over; the job goes on.
            Refused: The order was refused (`AuthError`, `BalanceError`, `RateLimited`, ...): nothing is charged.
            JobFailed: It was accepted and failed: may be charged.
            SubmitUncertain: Nobody knows whether the order was placed.
            NotSaved: It succeeded, but the files could not be fetched; call again.
        """
        await self.wait(timeout)
        error = self.error
        if error is not None:
            raise error
        if self.state is not State.SUCCEEDED:
            raise WaitTimeout(f"Job {self.id} is {self.state.value} and not watched any more; it goes on.", job=self, id=self.id)
        return Result(self.record)

    async def cancel(self) -> CancelOutcome:
        """Ask to stop the job: `stopped`, `still_running` (it may be charged), `unknown`, or `not_offered`."""
        with awake():
            return await self._engine.cancel(self._track)

    def __await__(self) -> Generator[Any, None, Result]:
        return self.result().__await__()

    def __repr__(self) -> str:
        return card_text(self.record, time.time())

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        now = time.time()
        return {"text/plain": card_text(self.record, now), "text/html": card(self.record, now)}
