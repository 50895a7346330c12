"""Job: an AsyncJob in the hand of somebody who does not await."""

from __future__ import annotations

import asyncio
import queue
from collections.abc import Callable, Generator, Iterator
from typing import TYPE_CHECKING, Any

from ..errors import DarkroomError
from ..interrupts import awake, explained
from .thread import LoopThread, on_loop

if TYPE_CHECKING:
    from ..handle import AsyncJob
    from ..jobs import JobRecord, State
    from ..providers import CancelOutcome
    from ..reconciling import Found
    from ..results import Result
    from ..track import Watcher

__all__ = ["Job"]


class Job:
    """One job, for people who do not await. `await job` works too, from any loop. See `AsyncJob` for each member."""

    def __init__(self, thread: LoopThread, inner: AsyncJob) -> None:
        self._thread = thread
        self._inner = inner

    @property
    def record(self) -> JobRecord:
        """Everything known about the job at this moment; a frozen value."""
        return self._inner.record

    @property
    def id(self) -> str:
        """Our id of the job; it is known before anything is sent."""
        return self._inner.id

    @property
    def remote_id(self) -> str:
        """The provider's id, empty until the order is accepted."""
        return self._inner.remote_id

    @property
    def model(self) -> str:
        """The model's id."""
        return self._inner.model

    @property
    def provider(self) -> str:
        """The provider's name."""
        return self._inner.provider

    @property
    def state(self) -> State:
        """Where the job stands, in our words."""
        return self._inner.state

    @property
    def word(self) -> str:
        """Where it stands in the provider's own word, verbatim."""
        return self._inner.word

    @property
    def position(self) -> int | None:
        """How many jobs are ahead in the provider's queue, where it tells."""
        return self._inner.position

    @property
    def fraction(self) -> float | None:
        """Progress from 0 to 1, where the provider tells it."""
        return self._inner.fraction

    @property
    def elapsed(self) -> float:
        """Seconds since the order, until the end."""
        return self._inner.elapsed

    @property
    def usual(self) -> float | None:
        """How many seconds a job of this model usually takes, as earlier ones tell; None of too few."""
        return self._inner.usual

    @property
    def charged(self) -> str:
        """What is known of the bill: `no`, `maybe` or `yes`."""
        return self._inner.charged

    @property
    def advice(self) -> tuple[str, ...]:
        """What was allowed but unwise about the inputs, one sentence each; known to the session that ordered."""
        return self._inner.advice

    @property
    def done(self) -> bool:
        """True when the job has ended and its files are here (or could not be fetched for now)."""
        return self._inner.done

    @property
    def error(self) -> DarkroomError | None:
        """The typed error the job ended with, or why we stopped looking; None while all is well."""
        error = self._inner.error
        if error is not None:
            error.job = self
        return error

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Call `watcher(record)` after every change, on the loop's own thread; returns a function that ends that."""
        return self._inner.watch(watcher)

    def events(self) -> Iterator[JobRecord]:
        """Yield the record now and after every change, until the job is done or watching ends."""
        seen: queue.SimpleQueue[JobRecord | None] = queue.SimpleQueue()

        async def pass_on() -> None:
            try:
                async for record in self._inner.events():
                    seen.put(record)
            finally:  # whatever ended it, nobody may wait for more
                seen.put(None)

        self._thread.start(pass_on())
        while True:
            with explained("interrupt.job", id=self.id):
                record = seen.get()
            if record is None:
                return
            yield record

    def wait(self, timeout: float | None = None) -> Job:
        """Wait until the job has ended and its files are here.

        Args:
            timeout: Seconds to wait at most.

        Raises:
            WaitTimeout: The time is over. The job goes on.
        """
        with _mine(self), explained("interrupt.job", id=self.id):
            self._thread.call(self._inner.wait(timeout))
        return self

    def result(self, timeout: float | None = None) -> Result:
        """Wait for the job and return its pictures. Raises what `AsyncJob.result` raises."""
        with _mine(self), explained("interrupt.job", id=self.id):
            return self._thread.call(self._inner.result(timeout))

    def cancel(self) -> CancelOutcome:
        """Ask to stop the job: `stopped`, `still_running` (it may be charged), `ended` before, `unknown`, or `not_offered`."""
        return self._thread.call(self._inner.cancel())

    @property
    def attended(self) -> bool:
        """True while another kernel or client drives the job and this one reads along in the journal."""
        return self._inner.attended

    def follow(self) -> None:
        """Go on watching the job in the background, if nobody does; returns at once."""
        self._thread.call(on_loop(self._inner.follow))

    def reconcile(self) -> Found:
        """Look for what became of an uncertain order: `resolved`, `settled` or `open`. Free. See `AsyncJob.reconcile`."""
        with _mine(self):
            return self._thread.call(self._inner.reconcile())

    def adopt(self, remote_id: str) -> None:
        """Tell an uncertain job the id it has at its provider; it is followed from then on. Costs nothing."""
        with _mine(self):
            self._thread.call(self._inner.adopt(remote_id))

    def give_up(self) -> None:
        """End an uncertain job: nobody asks any more what became of it. It may have been charged."""
        with _mine(self):
            self._thread.call(self._inner.give_up())

    def send_again(self, *, confirm: bool = False) -> Job:
        """Order the same once more, and give this one up. It may be paid twice, so it wants `confirm=True`."""
        with _mine(self):
            return Job(self._thread, self._thread.call(self._inner.send_again(confirm=confirm)))

    def __await__(self) -> Generator[Any, None, Result]:
        return self._from_any_loop().__await__()

    async def _from_any_loop(self) -> Result:
        """Wait on the caller's loop, waking often enough for an interrupt to be noticed; the job does not mind."""
        waiting = self._thread.start(self._inner.wait())
        future = asyncio.wrap_future(waiting)
        try:
            with explained("interrupt.job", id=self.id), awake():
                await asyncio.wait({future})
        finally:
            ours = not future.done()
            future.cancel()  # ends our waiting only
        if waiting.cancelled() and not ours:
            raise DarkroomError("The client was closed meanwhile.", next_step="The job is in the journal.", job=self)
        with _mine(self):
            return await asyncio.wrap_future(self._thread.start(self._inner.result()))

    def __repr__(self) -> str:
        return repr(self._inner)

    def _repr_mimebundle_(self, **rest: object) -> dict[str, str]:
        return self._inner._repr_mimebundle_(**rest)

    def _ipython_display_(self) -> None:
        from ..publishing import show_live  # IPython loads where there is a cell to show something in

        show_live(self)


class _mine:  # noqa: N801  # reads as a word: with _mine(job)
    """An error's `.job` is the handle the person holds, not the async one inside."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is not None and hasattr(error, "job"):
            error.job = self._job
