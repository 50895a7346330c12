"""Client: an AsyncClient on its own loop, for people who do not await."""

from __future__ import annotations

import asyncio
import atexit
import os
import threading
import warnings
from collections.abc import Callable, Coroutine, Mapping, Sequence
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, TypeVar

from ..archive import Archive
from ..arguments import demand_seconds
from ..client import AsyncClient
from ..interrupts import explained
from ..settings import load
from .job import Job
from .thread import LoopThread, on_loop

if TYPE_CHECKING:
    from ..budget import Budget, Estimate, Spent
    from ..callbacks import Callbacks, Hint
    from ..client import LocalApp
    from ..fields import Media
    from ..link_check import LinkCheck
    from ..handle import AsyncJob
    from ..model_list import ModelList
    from ..models import Model
    from ..pacing import Pace
    from ..providers import Balance
    from ..results import Result
    from ..routes import Route
    from ..settings import Settings

__all__ = ["Client"]

T = TypeVar("T")


class Client:
    """Submits jobs and keeps them, for people who do not await. See `AsyncClient` for the arguments."""

    def __init__(
        self,
        *,
        local: bool | None = None,
        base_url: str | Mapping[str, str] | None = None,
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
        self._thread = LoopThread()
        self._closed = False
        try:
            self._inner = self._thread.call(on_loop(lambda: AsyncClient(**options)))
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
        demand_seconds(timeout)
        job = self.submit(
            model, inputs, provider=provider, local=local, confirm=confirm, callback_url=callback_url, **values
        )
        return job.result(timeout)

    def estimate(
        self,
        model: str | Model,
        inputs: Mapping[str, object] | None = None,
        /,
        *,
        local: bool | None = None,
        **values: object,
    ) -> Estimate:
        """The most pictures an order would make and the most US dollars it would cost; None is unknown. Orders nothing."""
        return self._inner.estimate(self._known(model), inputs, local=local, **values)

    def spent(self) -> Spent:
        """What this client's budget has used or reserved: orders, and US dollars."""
        return self._thread.call(on_loop(self._inner.spent))

    def balance(self, provider: str | None = None) -> Balance:
        """What the account has left, asked now. Free. See `AsyncClient.balance`."""
        return self._thread.call(self._inner.balance(provider))

    def models(self, search: str = "", category: str = "", *, provider: str | None = None, refresh: bool = False) -> ModelList:
        """The models that providers offer, with their prices, as a list that shows itself. See `AsyncClient.models`."""
        return self._thread.call(self._inner.models(search, category, provider=provider, refresh=refresh))

    def model(self, model_id: str, provider: str | None = None) -> Model:
        """The model of that id, asked for where nobody here knows it. See `AsyncClient.model`."""
        return self._inner._finder.at_hand(model_id, provider) or self._thread.call(self._inner.model(model_id, provider))

    def check_link(self, url: str, media: Media | str = "file") -> LinkCheck:
        """What a link leads to, asked now and without credentials. Free. See `AsyncClient.check_link`."""
        return self._thread.call(self._inner.check_link(url, media))

    def route(self, model: Model, *, local: bool | None = None) -> Route:
        """Where a job of this model would run, and why."""
        return self._inner.route(model, local=local)

    def jobs(self, limit: int | None = None, *, unfinished: bool = False) -> list[Job]:
        """The jobs of this journal, newest first, those of other sessions included. `unfinished` leaves out the ended."""
        found = self._thread.call(on_loop(lambda: self._inner.jobs(limit, unfinished=unfinished)))
        return [Job(self._thread, inner) for inner in found]

    @property
    def archive(self) -> Archive:
        """The journal to be searched by words, model, time and state. Reads only; safe from any thread but the loop's."""
        return Archive(self._inner._journal, lambda: self._thread.call(on_loop(self._inner._engine.flush)))

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
        """What an order is recognised by: equal for equal inputs of one model at one place. Orders nothing."""
        return self._inner.fingerprint(self._known(model, provider, local), inputs, provider=provider, local=local, **values)

    def made_before(self, fingerprint: str, *, failed: bool = False) -> list[Job]:
        """The jobs of this journal with that fingerprint, oldest first. See `AsyncClient.made_before`."""
        found = self._thread.call(on_loop(lambda: self._inner.made_before(fingerprint, failed=failed)))
        return [Job(self._thread, inner) for inner in found]

    def order_missing(
        self, model: Model, inputs: Mapping[str, object], *, known: int, local: bool | None = None, confirm: bool = False
    ) -> Job:
        """Order one job, unless the journal has more than `known` of these by now. See `AsyncClient.order_missing`."""
        order = self._inner.order_missing(model, inputs, known=known, local=local, confirm=confirm)
        with explained("interrupt.order"):
            return Job(self._thread, self._thread.call(order))

    def job(self, job_id: str) -> Job:
        """The job of that id (ours, or the provider's). Raises `ModelNotFound` when the journal has none."""
        return Job(self._thread, self._thread.call(on_loop(lambda: self._inner.job(job_id))))

    def adopt(self, remote_id: str, *, provider: str, model: str, local: bool | None = None) -> Job:
        """Take in a job that was ordered elsewhere, by the provider's own id, and follow it. Costs nothing."""
        return Job(self._thread, self._thread.call(self._inner.adopt(remote_id, provider=provider, model=model, local=local)))

    def callbacks(self, public_url: str, *, keys: Sequence[str] = (), window_s: float = 300) -> Callbacks:
        """A server for the provider's callbacks, as an ASGI app that may run on any loop. See `AsyncClient.callbacks`."""

        async def deliver(hint: Hint) -> bool:
            return await asyncio.wrap_future(self._thread.start(self._inner.hear(hint)))

        return self._thread.call(on_loop(lambda: self._inner._receiver(deliver, public_url, keys, window_s)))

    def hear(self, hint: Hint) -> bool:
        """Keep what a callback said, and look at that job. Returns whether the journal has it."""
        return self._thread.call(self._inner.hear(hint))

    def inside(self, act: Callable[[AsyncClient], T]) -> T:
        """Call a plain function with the client that works here, on its own loop, and return what it returned."""
        return self._thread.call(on_loop(lambda: act(self._inner)))

    def start(self, act: Callable[[AsyncClient], Coroutine[Any, Any, T]]) -> Future[T]:
        """Start something with the client that works here, on its own loop; returns at once."""
        return self._thread.start(act(self._inner))

    def handle(self, inner: AsyncJob) -> Job:
        """The same job, for somebody who does not await."""
        return Job(self._thread, inner)

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """Call `act` in a worker thread after so many seconds; not at all when the client is closed before."""
        loop = self._thread.loop

        def start() -> None:
            loop.call_later(seconds, lambda: None if self._closed else loop.run_in_executor(None, act))

        loop.call_soon_threadsafe(start)

    def _known(self, model: str | Model, provider: str | None = None, local: bool | None = None) -> Model:
        """The model, asked for where it must be: unlike an awaiting client, this one may wait inside a plain call."""
        if not isinstance(model, str):
            return model
        finder = self._inner._finder
        return finder.at_hand(model, provider, ask=False) or self._thread.call(finder.find(model, provider, local=local, ask=False))

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
