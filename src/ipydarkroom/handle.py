"""AsyncJob: one job in a person's hand. It reads the engine's track; it decides nothing itself."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Generator
from typing import TYPE_CHECKING, Any

from .arguments import demand_name, demand_seconds
from .display import card, card_text
from .errors import NeedsConfirmation, WaitTimeout
from .interrupts import awake, explained
from .jobs import State
from .results import Result, error_of

if TYPE_CHECKING:
    from .engine import Engine
    from .track import Track, Watcher
    from .errors import DarkroomError
    from .jobs import JobRecord
    from .providers import CancelOutcome
    from .reconciling import Found

__all__ = ["AsyncJob"]


class AsyncJob:
    """One job: where it stands, and how to wait for it, read it and stop it. `await job` gives the Result."""

    def __init__(self, engine: Engine, track: Track, again: Callable[[Track], Awaitable[AsyncJob]]) -> None:
        self._engine = engine
        self._track = track
        self._again = again

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
    def usual(self) -> float | None:
        """How many seconds a job of this model usually takes, as the journal's earlier ones tell; None of fewer than three."""
        return self._track.usual

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

    @property
    def attended(self) -> bool:
        """True while another kernel or client drives the job and this one reads along in the journal."""
        return self._track.attending

    def follow(self) -> None:
        """Go on watching the job in the background, if nobody does; returns at once."""
        self._engine.drive(self._track)

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
            InputError: The timeout is no number of seconds.
            WaitTimeout: The time is over. The job goes on.
        """
        timeout = demand_seconds(timeout)
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
        """Ask to stop the job: `stopped`, `still_running` (it may be charged), `ended` before, `unknown`, or `not_offered`."""
        with awake():
            return await self._engine.cancel(self._track)

    # --- an order whose answer was lost ---

    async def reconcile(self) -> Found:
        """Look for what became of an uncertain order, in what callbacks said and what other kernels know. Free.

        Returns:
            `resolved` when the job has its id or its end now (it is followed then), `settled` when it was not uncertain
            and there was nothing to look for, `open` when nobody we can ask
            knows: look at the provider's list of generations, then `adopt` an id, `give_up`, or `send_again`.
        """
        return await self._engine.reconcile(self._track)

    async def adopt(self, remote_id: str) -> None:
        """Tell an uncertain job the id it has at its provider; it is followed from then on. Costs nothing.

        Raises:
            InputError: The job is not uncertain, or another job has this id.
        """
        self._engine.reconciler.adopt(self._track, demand_name("The job's id", remote_id))
        self.follow()

    async def give_up(self) -> None:
        """End an uncertain job: nobody asks any more what became of it. It may have been charged.

        Raises:
            InputError: The job is not uncertain.
        """
        self._engine.reconciler.give_up(self._track)

    async def send_again(self, *, confirm: bool = False) -> AsyncJob:
        """Order the same once more, and give this one up. **It may be paid twice.**

        Raises:
            NeedsConfirmation: Without `confirm=True`; nothing was sent.
            InputError: The job is not uncertain, or it needs a file that only its own session had.
        """
        self._engine.reconciler.demand_uncertain(self._track)
        if not confirm:
            raise NeedsConfirmation(
                "The first order may have been placed, so sending it again may be paid twice.",
                next_step="Look at the provider's list of generations first; send_again(confirm=True) orders anew.",
                job=self, key="error.may_pay_twice",
            )
        return await self._again(self._track)

    def __await__(self) -> Generator[Any, None, Result]:
        return self.result().__await__()

    def __repr__(self) -> str:
        return card_text(self.record, time.time())

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        now = time.time()
        return {"text/plain": card_text(self.record, now), "text/html": card(self.record, now)}
