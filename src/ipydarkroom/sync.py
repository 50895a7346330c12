"""Client and Job: AsyncClient for people who do not await. One loop, one thread, no second implementation.

The only door that starts threads. It works inside a running notebook loop, keeps watching while a cell is busy, and an
interrupt frees the cell at once while the job goes on.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import queue
import threading
import warnings
from collections.abc import Callable, Coroutine, Generator, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future, wait
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from .client import AsyncClient
from .errors import DarkroomError
from .interrupts import HEARTBEAT_S, awake, explained
from .settings import load

if TYPE_CHECKING:
    from .budget import Budget, Estimate, Spent
    from .callbacks import Callbacks, Hint
    from .client import LocalApp
    from .track import Watcher
    from .handle import AsyncJob
    from .jobs import JobRecord, State
    from .models import Model
    from .pacing import Pace
    from .providers import Balance, CancelOutcome
    from .reconciling import Found
    from .results import Result
    from .routes import Route
    from .settings import Settings

__all__ = ["Client", "Job"]

T = TypeVar("T")


class _LoopThread:
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


async def _later(make: Callable[[], T]) -> T:
    """Run a plain function on the loop's thread."""
    return make()


class Job:
    """One job, for people who do not await. `await job` works too, from any loop. See `AsyncJob` for each member."""

    def __init__(self, thread: _LoopThread, inner: AsyncJob) -> None:
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
        """Ask to stop the job: `stopped`, `still_running` (it may be charged), `unknown`, or `not_offered`."""
        return self._thread.call(self._inner.cancel())

    @property
    def attended(self) -> bool:
        """True while another kernel or client drives the job and this one reads along in the journal."""
        return self._inner.attended

    def follow(self) -> None:
        """Go on watching the job in the background, if nobody does; returns at once."""
        self._thread.call(_later(self._inner.follow))

    def reconcile(self) -> Found:
        """Look for what became of an uncertain order: `resolved` or `open`. Free. See `AsyncJob.reconcile`."""
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
        from .publishing import show_live  # IPython loads where there is a cell to show something in

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


class Client:
    """Submits jobs and keeps them, for people who do not await. See `AsyncClient` for the arguments."""

    def __init__(
        self,
        *,
        local: bool | None = None,
        base_url: Mapping[str, str] | None = None,
        settings: Settings | None = None,
        budget: Budget | None = None,
        paces: tuple[Pace, Pace] | None = None,
        local_app: LocalApp | None = None,
    ) -> None:
        options: dict[str, Any] = {
            "local": local, "base_url": base_url, "settings": settings or load(), "budget": budget, "local_app": local_app,
        }
        if paces is not None:
            options["paces"] = paces
        self._thread = _LoopThread()
        self._closed = False
        try:
            self._inner = self._thread.call(_later(lambda: AsyncClient(**options)))
        except BaseException:  # whatever stopped it, its thread must not stay
            self._thread.stop()
            raise
        atexit.register(self.close)

    @property
    def local(self) -> bool | None:
        """True keeps every job here, False insists on hosted services, None decides by token; may be set."""
        return self._inner.local

    @local.setter
    def local(self, wanted: bool | None) -> None:
        self._inner.local = wanted

    @property
    def budget(self) -> Budget | None:
        """The cap on this client's hosted orders; may be set."""
        return self._inner.budget

    @budget.setter
    def budget(self, wanted: Budget | None) -> None:
        self._inner.budget = wanted

    @property
    def settings(self) -> Settings:
        """What this client was told."""
        return self._inner.settings

    @property
    def home(self) -> os.PathLike[str]:
        """The folder of the journal and the pictures."""
        return self._inner.home

    @property
    def notices(self) -> tuple[str, ...]:
        """What a person should know about where things are kept; empty when all is as wished."""
        return self._inner.notices

    @property
    def usable(self) -> bool:
        """False once it is closed, or in a process forked from the one that made it."""
        return not self._closed and self._thread.pid == os.getpid()

    def submit(
        self,
        model: str | Model,
        inputs: Mapping[str, object] | None = None,
        /,
        *,
        provider: str | None = None,
        local: bool | None = None,
        confirm: bool = False,
        callback_url: str = "",
        **values: object,
    ) -> Job:
        """Order one job and return at once; it always orders anew. See `AsyncClient.submit`.

        In a cell, what is allowed but unwise about the inputs is a warning; a panel says it beside the field.
        """
        order = self._inner.submit(
            model, inputs, provider=provider, local=local, confirm=confirm, callback_url=callback_url, **values
        )
        with explained("interrupt.order"):
            inner = self._thread.call(order)
        if threading.current_thread() is threading.main_thread():
            for sentence in inner.advice:
                warnings.warn(sentence, stacklevel=2)
        return Job(self._thread, inner)

    def run(
        self,
        model: str | Model,
        inputs: Mapping[str, object] | None = None,
        /,
        *,
        provider: str | None = None,
        local: bool | None = None,
        confirm: bool = False,
        callback_url: str = "",
        timeout: float | None = None,
        **values: object,
    ) -> Result:
        """Order one job, wait for it, and return its pictures. An interrupt frees the cell; the job goes on."""
        job = self.submit(
            model, inputs, provider=provider, local=local, confirm=confirm, callback_url=callback_url, **values
        )
        return job.result(timeout)

    def estimate(self, model: str | Model, inputs: Mapping[str, object] | None = None, /, **values: object) -> Estimate:
        """The most pictures an order would make and the most US dollars it would cost; None is unknown. Sends nothing."""
        return self._inner.estimate(model, inputs, **values)

    def spent(self) -> Spent:
        """What this client's budget has used or reserved: orders, and US dollars."""
        return self._thread.call(_later(self._inner.spent))

    def balance(self, provider: str | None = None) -> Balance:
        """What the account has left, asked now. Free. See `AsyncClient.balance`."""
        return self._thread.call(self._inner.balance(provider))

    def model(self, model_id: str, provider: str | None = None) -> Model:
        """The model of that id. Raises `ModelNotFound` (naming the nearest) or `AmbiguousModel`."""
        return self._inner.model(model_id, provider)

    def route(self, model: Model, *, local: bool | None = None) -> Route:
        """Where a job of this model would run, and why."""
        return self._inner.route(model, local=local)

    def jobs(self, limit: int | None = None, *, unfinished: bool = False) -> list[Job]:
        """The jobs of this journal, newest first, those of other sessions included. `unfinished` leaves out the ended."""
        found = self._thread.call(_later(lambda: self._inner.jobs(limit, unfinished=unfinished)))
        return [Job(self._thread, inner) for inner in found]

    def resume(self) -> list[Job]:
        """Go on with every unfinished job of this journal, and return them. Orders nothing. See `AsyncClient.resume`."""
        return [Job(self._thread, inner) for inner in self._thread.call(self._inner.resume())]

    def fingerprint(
        self,
        model: str | Model,
        inputs: Mapping[str, object] | None = None,
        /,
        *,
        provider: str | None = None,
        local: bool | None = None,
        **values: object,
    ) -> str:
        """What an order is recognised by: equal for equal inputs of one model at one place. Sends nothing."""
        return self._inner.fingerprint(model, inputs, provider=provider, local=local, **values)

    def made_before(self, fingerprint: str) -> list[Job]:
        """The jobs of this journal with that fingerprint, oldest first; those that failed or were cancelled left out."""
        found = self._thread.call(_later(lambda: self._inner.made_before(fingerprint)))
        return [Job(self._thread, inner) for inner in found]

    def job(self, job_id: str) -> Job:
        """The job of that id (ours, or the provider's). Raises `ModelNotFound` when the journal has none."""
        return Job(self._thread, self._thread.call(_later(lambda: self._inner.job(job_id))))

    def adopt(self, remote_id: str, *, provider: str, model: str, local: bool | None = None) -> Job:
        """Take in a job that was ordered elsewhere, by the provider's own id, and follow it. Costs nothing."""
        return Job(self._thread, self._thread.call(self._inner.adopt(remote_id, provider=provider, model=model, local=local)))

    def callbacks(self, public_url: str, *, keys: Sequence[str] = (), window_s: float = 300) -> Callbacks:
        """A server for the provider's callbacks, as an ASGI app that may run on any loop. See `AsyncClient.callbacks`."""

        async def deliver(hint: Hint) -> bool:
            return await asyncio.wrap_future(self._thread.start(self._inner.hear(hint)))

        return self._thread.call(_later(lambda: self._inner._receiver(deliver, public_url, keys, window_s)))

    def hear(self, hint: Hint) -> bool:
        """Keep what a callback said, and look at that job. Returns whether the journal has it."""
        return self._thread.call(self._inner.hear(hint))

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Call `act` in a worker thread after so many seconds; not at all when the client is closed before."""
        loop = self._thread.loop

        def start() -> None:
            loop.call_later(seconds, lambda: None if self._closed else loop.run_in_executor(None, act))

        loop.call_soon_threadsafe(start)

    def close(self) -> None:
        """Stop watching, close every connection and end the thread. No hosted job is cancelled. Twice is harmless."""
        if self._closed or os.getpid() != self._thread.pid:  # after a fork, the parent's thread is not ours to end
            return
        ending = self._inner.close()
        self._thread.refuse_own_thread(ending)
        self._closed = True
        atexit.unregister(self.close)
        try:
            self._thread.call(ending)
        finally:
            self._thread.stop()

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return repr(self._inner).replace("AsyncClient", "Client")
