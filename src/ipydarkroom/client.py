"""AsyncClient: the whole client, written once. `sync` gives the same to people who do not await."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from .archive import Archive
from .arguments import demand_name, demand_seconds
from .browsing import Browser
from .budget import Budget, Estimate, Spent, estimate
from .callbacks import Callbacks, Hint, new_secret
from .catalog.overlay import overlaid
from .catalog_cache import CatalogCache
from .engine import Engine
from .errors import DarkroomError, InputError, ModelNotFound
from .files import Folder
from .finding import Finder
from .handle import AsyncJob
from .intent import demand_callbacks, demand_consent, demand_token, fingerprint_of, merged, new_record
from .jobs import Accepted, JobRecord, Sending, State, advance
from .journal import Journal
from .link_check import LinkCheck, check_link
from .models import Model
from .pacing import HOSTED, LOCAL, Pace
from .owners import new_owner
from .prepare import Prepared, prepare
from .providers import Balance, get_provider, providers
from .redaction import holds_stamp
from .routes import LOCAL_ORIGIN, Route, choose_route, local_token
from .settings import Settings, Token, load, usable_home, wished_local
from .settle import settle_dead
from .track import Track
from .transport import Transport

if TYPE_CHECKING:
    from .callbacks import Deliver
    from .fields import Media
    from .model_list import ModelList
    from .results import Result

__all__ = ["AsyncClient", "AsyncJob", "FindModel", "LocalApp", "PostCallback"]

log = logging.getLogger("ipydarkroom")

FindModel: TypeAlias = Callable[[str, str], Model | None]
PostCallback: TypeAlias = Callable[[str, Mapping[str, object], Mapping[str, str]], Awaitable[int]]
LocalApp: TypeAlias = Callable[[Token, FindModel, PostCallback], object]


class AsyncClient:
    """Submits jobs and keeps them. One per event loop; `async with` closes it.

    Args:
        local: True keeps every job on this machine, False insists on hosted services, None decides by token.
        base_url: Replaces all hosts of every provider (`"http://127.0.0.1:8000"`, as `ipydarkroom serve` prints it), or
            of some (`{"runcomfy": "http://127.0.0.1:8000"}`). An address on this machine counts as local.
        settings: Instead of reading the environment.
        budget: The cap on hosted orders of this client, `Budget(jobs=20, usd=1.50)`; None is no cap.
        paces: The rhythm of looking, for hosted and for local jobs.
        local_app: Makes the local backend, instead of the built-in one, from the token it shall accept, a function
            that finds a model by provider and id, and one that posts a callback to this machine.
    """

    def __init__(
        self,
        *,
        local: bool | None = None,
        base_url: str | Mapping[str, str] | None = None,
        settings: Settings | None = None,
        budget: Budget | None = None,
        paces: tuple[Pace, Pace] = (HOSTED, LOCAL),
        local_app: LocalApp | None = None,
    ) -> None:
        self.local = local
        self.settings = settings or load()
        if budget is not None and not isinstance(budget, Budget):
            raise InputError("budget= takes a Budget.", next_step="For example dr.Budget(jobs=20, usd=1.50).")
        self.budget = budget
        self.home, self.home_as_wished = usable_home(self.settings.home)
        self._owner = new_owner()
        everywhere = {found.name: base_url for found in providers} if isinstance(base_url, str) and base_url else {}
        self._base_url = {**everywhere, **(base_url if isinstance(base_url, Mapping) else {})}
        self._tracks: dict[str, Track] = {}
        self._journal = Journal(self.home / "journal.sqlite3")
        moved = f"{self.settings.home} cannot be written: journal and pictures go to {self.home}."
        self.notices = tuple(filter(None, ["" if self.home_as_wished else moved, self._journal.notice]))
        for notice in self.notices:
            log.warning("%s", notice)
        build = local_app or self._built_in
        self._transport = Transport(self.settings, lambda token: build(token, self._models.find_for, self._transport.post_loopback))
        folder = Folder(self.home / "pictures")
        self._engine = Engine(self._journal, self._transport, folder, owner=self._owner, paces=paces)
        pauses = tuple(4 * paces[0].first_backoff * factor for factor in (1, 2, 4))  # 2, 4 and 8 s
        browser = Browser(
            self._transport, CatalogCache(self.home / "cache"), pauses=pauses, longest_hold=paces[0].longest_hold
        )
        self._finder = Finder(browser, lambda name, here: self.route(Model("", name, ()), local=here), self._engine.traffic)
        self._models = self._finder.known
        settle_dead(self._journal, self._owner)
        folder.tidy()

    async def submit(
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
    ) -> AsyncJob:
        """Order one job and return at once; it always orders anew, and on a hosted service it costs money.

        The intent is on disk before this returns; sending goes on in the background. Interrupted while it is written, the
        order is placed all the same and is the newest of `jobs()`.

        Args:
            model: A model id (`"kie:ideogram/v3-reframe"` names the provider too) or a Model.
            inputs: Input name -> value, for names of any shape.
            provider: Whose model it is, where two providers know the id.
            local: This job only: True on this machine, False hosted.
            callback_url: Where the provider shall call back when the job has ended: `client.callbacks(...).url`, or an
                address of your own; `{job}` in it becomes our job's id. Polling goes on all the same. Kie only.
            confirm: Agree to an order of unknown price under a budget in money; it takes all that is left of it.
            **values: Inputs whose names are Python names.

        Raises:
            InputError: Something does not fit; nothing was sent.
            NeedsConfirmation: The price is unknown, and a budget in money is set; nothing was sent.
            BudgetExceeded: The most this order may make or cost goes beyond the budget; nothing was sent.
            ModelNotFound: Nobody knows this id. One that is not known here is asked for first, where there is a token.
            AmbiguousModel: Two providers do.
            NoAnswer: Nobody here knows it, and its provider's catalog did not answer; nothing was sent.
            AuthError: A hosted job was asked for, and there is no token.
            SpendingForbidden: A hosted job was asked for while IPYDARKROOM_LOCAL=1 keeps everything here.
            DarkroomError: The client is closed.
            StorageError: The intent could not be written; nothing was sent.
        """
        place: dict[str, object] = {"provider": provider, "local": local, "confirm": confirm, "callback_url": callback_url}
        return await self._order(model, merged(inputs, values), **place)  # type: ignore[arg-type]  # as above

    async def order_missing(
        self, model: Model, inputs: Mapping[str, object], *, known: int, local: bool | None = None, confirm: bool = False
    ) -> AsyncJob:
        """Order one job, unless the journal has more than `known` of these by now: of several kernels, one orders.

        Args:
            model: The model.
            inputs: Input name -> value.
            known: How many `made_before` has just returned.
            local: As for `submit`.
            confirm: As for `submit`.

        Raises what `submit` raises, and:
            AlreadyOrdered: Another kernel was quicker; look again.
        """
        return await self._order(model, inputs, local=local, confirm=confirm, most_same=known)

    async def _order(
        self, model: str | Model, inputs: Mapping[str, object], *, provider: str | None = None, local: bool | None = None,
        confirm: bool = False, callback_url: str = "", most_same: int | None = None,
    ) -> AsyncJob:
        if self._engine.closed:
            raise DarkroomError("This client is closed.", next_step="Make a new one, or use dr.default_client().")
        found = overlaid(model) if isinstance(model, Model) else await self._finder.find(model, provider, local=local, ask=False)
        self._demand_open()
        route = self.route(found, local=local)
        demand_token(self.settings, route)
        prepared = prepare(found, inputs, inline_limit=get_provider(route.provider).inline_limit)
        demand_callbacks(route, callback_url)
        most = estimate(found, prepared.kept)
        if not (confirm or route.is_local):
            demand_consent(self.budget, most)
        return await self._place(found, route, prepared, most, callback_url, most_same=most_same)

    async def run(
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
        """Order one job, wait for it, and return its pictures. Raises what `submit` and `AsyncJob.result` raise."""
        demand_seconds(timeout)
        job = await self.submit(
            model, inputs, provider=provider, local=local, confirm=confirm, callback_url=callback_url, **values
        )
        return await job.result(timeout)

    def estimate(
        self,
        model: str | Model,
        inputs: Mapping[str, object] | None = None,
        /,
        *,
        local: bool | None = None,
        **values: object,
    ) -> Estimate:
        """The most pictures an order would make and the most US dollars it would cost; None is unknown. Sends nothing.

        What would be drawn on this machine costs nothing.
        """
        found = self._model(model)
        most = estimate(found, merged(inputs, values))
        return replace(most, usd=0.0) if self.route(found, local=local).is_local else most

    def spent(self) -> Spent:
        """What this client's budget has used or reserved: orders, and US dollars."""
        self._engine.flush()
        return self._journal.spent(self._budget_name())

    async def balance(self, provider: str | None = None) -> Balance:
        """What the account has left, asked now. Free.

        Args:
            provider: Whose account; may be left out where there is a token for one provider only.

        Raises:
            InputError: Several providers have a token (or none), so it must be named.
            AuthError: There is no token, or it was not accepted.
            NoAnswer: No usable answer came.
        """
        name = provider or self._only_provider()
        route = self.route(Model("balance", name, ()))
        demand_token(self.settings, route)
        asked = get_provider(name)
        async with self._engine.traffic(route).place("other"):
            return asked.balanced(await self._transport.send(asked.balance(), route))

    async def models(
        self, search: str = "", category: str = "", *, provider: str | None = None, refresh: bool = False
    ) -> ModelList:
        """The models that providers offer, with their prices, as a list that shows itself as a table. Free.

        Each provider's list is kept on disk for a day, and longer where nobody answers; the table says how old it is. A
        provider whose jobs would run on this machine (there is no token, or it was asked for) is not asked: then the local
        backend's own list stands there, and the table says so.

        Args:
            search: Words that must all stand in the id, the title, the description or the categories.
            category: `text-to-image`, or its end: `image`, `video`.
            provider: Only this one's.
            refresh: Ask even where a list of today is there.

        Raises:
            AuthError: The token was not accepted.
            NoAnswer: No answer came, and no earlier one is kept.
            RateLimited: The provider wants fewer questions, and no earlier answer is kept.
            ModelNotFound: There is no such provider.
        """
        return await self._finder.models(search, category, provider, refresh=refresh)

    async def model(self, model_id: str, provider: str | None = None) -> Model:
        """The model of that id: one used before from a schema or a page, a bundled one, or one of the providers' catalogs.

        A catalog is asked, which is free, where nobody here knows the id and there is a token; its answer is kept on disk
        for a day, and longer where nobody answers: `model.fetched` says when it was told, `model.source` where.

        Args:
            model_id: The id; or a provider's documentation page, as text or as the name of a file (`model.md`).
            provider: Whose model it is, where two providers know the id.

        Raises:
            InputError: The id is no text.
            ModelNotFound: Nobody knows it (the next step names the nearest), or it cannot be run from here.
            AmbiguousModel: Two providers know it.
            NoAnswer: Nobody here knows it, and no answer came.
            RateLimited: The same, as the provider wants fewer questions.
            InputError: It is a page, and cannot be read; see `Model.from_page`.
        """
        return await self._finder.find(model_id, provider)

    async def check_link(self, url: str, media: Media | str = "file") -> LinkCheck:
        """What a link leads to, asked now, from here and without credentials: is it there, of what type, how large. Free.

        HEAD is asked, and the first 64 KiB where that does not tell. A provider's server asks from elsewhere, so it may be
        answered otherwise.

        Args:
            url: The link, public and https.
            media: What the field takes that it is meant for (`model.field("image").media`), or `image`, `video`, `audio`, `file`.

        Raises:
            InputError: It is no public https link.
            SpendingForbidden: IPYDARKROOM_LOCAL=1 keeps everything on this machine; nothing was sent.
            NotSent: No connection came about.
            NoAnswer: It leads into a private network, or no usable answer came.
        """
        return await check_link(self._transport, url, media)

    def route(self, model: Model, *, local: bool | None = None) -> Route:
        """Where a job of this model would run, and why."""
        wanted = next((wish for wish in (local, self.local, wished_local()) if wish is not None), None)
        name = model.provider or "runcomfy"
        return choose_route(
            model, self.settings, get_provider(name).hosts, local=wanted, base_url=self._base_url.get(name)
        )

    def jobs(self, limit: int | None = None, *, unfinished: bool = False) -> list[AsyncJob]:
        """The jobs of this journal, newest first, those of other sessions included.

        Args:
            limit: The most to return; None is all, which takes seconds where there are a hundred thousand.
            unfinished: Only those on their way, uncertain, or with files still to fetch.
        """
        self._engine.flush()
        return [self._job(record) for record in self._journal.jobs(limit=limit, unfinished=unfinished)]

    @property
    def archive(self) -> Archive:
        """The journal to be searched by words, model, time and state. Reads only."""
        return Archive(self._journal, self._engine.flush)

    async def resume(self) -> list[AsyncJob]:
        """Go on with every unfinished job of this journal: watch, download. Orders nothing, so it costs nothing.

        Returns:
            The unfinished jobs, newest first. Uncertain ones are among them and wait for a decision: see
            `AsyncJob.reconcile`. A job that another kernel drives is watched, and taken over when that kernel is gone.
        """
        found = self.jobs(unfinished=True)
        for job in found:
            job.follow()
        return found

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
        """What an order is recognised by: equal for equal inputs of one model at one place. Sends nothing.

        Raises what `submit` raises about the inputs and the model.
        """
        found = self._model(model, provider)
        route = self.route(found, local=local)
        prepared = prepare(found, merged(inputs, values), inline_limit=get_provider(route.provider).inline_limit)
        return fingerprint_of(found, route, prepared)

    def made_before(self, fingerprint: str, *, failed: bool = False) -> list[AsyncJob]:
        """The jobs of this journal with that fingerprint, oldest first.

        Those that failed or were cancelled are left out unless `failed`; uncertain ones and those on their way are
        among them.
        """
        self._engine.flush()  # an order of this very moment is one of them
        return [self._job(record) for record in self._journal.same(fingerprint, failed=failed)]

    def job(self, job_id: str) -> AsyncJob:
        """The job of that id (ours, or the provider's).

        Raises:
            InputError: The id is no text.
            ModelNotFound: The journal has no such job.
        """
        demand_name("A job's id", job_id)
        self._engine.flush()
        record = self._journal.get(job_id) or self._journal.find(job_id)
        if record is None:
            raise ModelNotFound(
                f"The journal has no job {job_id!r}.",
                next_step="client.jobs() lists what it has; client.adopt(...) takes in a provider's id.",
                key="error.job_not_found",
                id=job_id,
            )
        return self._job(record)

    async def adopt(self, remote_id: str, *, provider: str, model: str, local: bool | None = None) -> AsyncJob:
        """Take in a job that was ordered elsewhere, by the provider's own id, and follow it. Costs nothing."""
        remote_id = demand_name("The job's id", remote_id).strip()
        if not remote_id:
            raise InputError("There is no id.", next_step="Copy it from the provider's list of generations.")
        found = self._models.find_or_bare(model, provider)
        route = self.route(found, local=local)
        demand_token(self.settings, route)
        self._engine.flush()
        known = self._journal.by_remote(route.provider, route.origin, remote_id)
        if known is not None:
            job = self._job(known)
            job.follow()
            return job
        record = new_record(found, route, Prepared({}, {}), owner=self._owner)
        now = time.time()
        record = advance(advance(record, Sending(), now), Accepted(remote_id), now)
        return await self._start(Track(record, route, ours=True), at_once=True)  # nobody else takes it in between look and row

    def callbacks(self, public_url: str, *, keys: Sequence[str] = (), window_s: float = 300) -> Callbacks:
        """A server for the provider's callbacks, as an ASGI app to be run where the world can reach it. See docs/callbacks.md.

        A callback is a hint: it makes us look at once, with our own token. It also finds the id of an order whose
        answer was lost. Its `url` is what `submit(callback_url=...)` takes, the same for every kernel of this journal.

        Args:
            public_url: Where the world finds the app: https, or http on this very machine.
            keys: The signing keys made in the provider's settings; with one or more, every callback must be signed.
            window_s: How many seconds the timestamp of a signed callback may be off.

        Raises:
            InputError: The address or a key is not fit for this.
        """
        return self._receiver(self.hear, public_url, keys, window_s)

    async def hear(self, hint: Hint) -> bool:
        """Keep what a callback said, and look at that job. Returns whether the journal has it. Call it on the client's loop."""
        known = self._journal.hear(hint.job_id, hint.provider, hint.remote_id, time.time())
        track = self._tracks.get(hint.job_id)
        record = self._journal.get(hint.job_id) if known and track is None else None
        if record is not None and record.state is State.UNCERTAIN:  # another kernel's, which does not look any more
            self._job(record).follow()
        if track is not None:
            track.wake.set()
            self._engine.drive(track)
        return known

    async def close(self) -> None:
        """Stop watching and close every connection. No job is cancelled: hosted ones go on, and stay in the journal.

        Closing twice is harmless.
        """
        if self._engine.closed:
            return
        self._engine.closed = True  # first, so that nobody starts again what is being ended
        tasks = [track.task for track in self._tracks.values() if track.task is not None and not track.task.done()]
        for task in tasks:
            task.cancel()
        try:
            await asyncio.gather(*tasks, return_exceptions=True)
        finally:  # also where this wait is interrupted: nobody would do it later
            try:
                refused = self._engine.part(self._tracks.values())
            finally:
                try:
                    await self._transport.close()
                finally:
                    self._journal.close()
        if refused is not None:
            raise refused

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {self._where()} · {self.home}>"

    # --- within ---

    def _model(self, model: str | Model, provider: str | None = None) -> Model:
        """The model that is meant, with all that is known of it."""
        return overlaid(model) if isinstance(model, Model) else self._models.meant(model, provider)

    def _where(self) -> str:
        """Where this client's jobs run, in a few words; `route` tells it of one model."""
        wanted = next((wish for wish in (self.local, wished_local()) if wish is not None), None)
        if self.settings.local or wanted:
            return "on this machine"
        with_token = [found.title for found in providers if self.settings.token(found.name) is not None]
        hosted = f"hosted at {' and '.join(with_token)}" if with_token else ""
        elsewhere = {**self.settings.base_urls, **self._base_url}
        return ", ".join(filter(None, [f"at {', '.join(sorted(set(elsewhere.values())))}" if elsewhere else "", hosted])) or (
            "hosted, without a token" if wanted is False else "on this machine, without a token"
        )

    def _demand_open(self) -> None:
        """Raise where the client was closed while a step of an order was awaited."""
        if self._engine.closed:
            raise DarkroomError("This client was closed meanwhile.", next_step="Make a new one; nothing was sent.")

    def _job(self, record: JobRecord) -> AsyncJob:
        """A handle on a job of the journal; the one in memory where this client has it."""
        track = self._tracks.get(record.id)
        if track is None:
            track = Track(record, self._route_of(record))
            track.idle.set()
            if not track.done:  # nothing more happens to an ended one, so nobody need remember it
                self._tracks[record.id] = track
        elif not track.ours and track.idle.is_set() and not track.unwritten:
            track.record = record  # somebody else may have moved it on
            track.route = self._route_of(record)  # with today's token: somebody may have logged in
        return self._handle(track)

    def _receiver(self, deliver: Deliver, public_url: str, keys: Sequence[str], window_s: float) -> Callbacks:
        secret = self._journal.fact("callback_secret", new_secret)
        return Callbacks(deliver, public_url=public_url, secret=secret, keys=keys, window_s=window_s)

    def _handle(self, track: Track) -> AsyncJob:
        return AsyncJob(self._engine, track, self._send_again)

    async def _place(
        self, model: Model, route: Route, prepared: Prepared, most: Estimate, callback: str = "",
        instead: Callable[[Track], None] | None = None, most_same: int | None = None,
    ) -> AsyncJob:
        """Write one order down and let it go. With `instead` it is written at once, and that is called in the same breath."""
        self._models.keep(model, route.provider)
        record = new_record(model, route, prepared, owner=self._owner, most=most, budget=self._budget_name())
        track = Track(record, route, prepared.sent, prepared.blobs, prepared.advice, ours=True, callback=callback)
        return await self._start(
            track, None if route.is_local else self.budget, instead, at_once=instead is not None, most_same=most_same
        )

    async def _start(
        self, track: Track, budget: Budget | None = None, instead: Callable[[Track], None] | None = None, *,
        at_once: bool = False, most_same: int | None = None,
    ) -> AsyncJob:
        self._demand_open()
        loop = asyncio.get_running_loop()

        def go() -> None:  # in the same breath as it is on disk: whoever lists the jobs finds it driven, or not at all
            self._tracks[track.record.id] = track
            if instead is not None:
                instead(track)
            if _stands_still():
                loop.call_soon(self._engine.drive, track)
            else:
                self._engine.drive(track)

        await self._engine.plan(track, budget, go, at_once=at_once, most_same=most_same)
        return self._handle(track)

    async def _send_again(self, track: Track) -> AsyncJob:
        """Order what an uncertain job ordered once more, and give the old one up. The caller has the person's consent."""
        record = track.record
        model = self._models.find_or_bare(record.model, record.provider)
        inputs, blobs = (track.inputs, track.blobs) if track.ours else (record.inputs, {})
        if holds_stamp(inputs):
            raise InputError(
                "The journal keeps a file's name and hash, not the file, so this order cannot be sent again from here.",
                next_step="Order it anew with the file.", key="error.file_gone",
            )
        demand_token(self.settings, track.route)
        prepared = Prepared(inputs, record.inputs, blobs)

        def replaced(again: Track) -> None:  # in the same breath, so that a second press finds the old one given up
            with suppress(InputError):  # the first one's answer came in this very moment: then it goes on as well
                self._engine.reconciler.give_up(track, f"Given up: the order was sent again as job {again.record.id}.")

        return await self._place(model, track.route, prepared, Estimate(record.pictures, record.usd), track.callback, replaced)

    def _built_in(self, token: Token, find: FindModel, send: PostCallback) -> object:
        from .local import build_app  # the one line that knows the local backend: most clients never need it

        models = self._models.listed_for
        return build_app(tokens=frozenset({token.reveal()}), find=find, models=models, origin=LOCAL_ORIGIN, send=send)

    def _budget_name(self) -> str:
        return "" if self.budget is None else self.budget.name or self._owner

    def _only_provider(self) -> str:
        names = sorted(found.name for found in providers if self.settings.token(found.name) is not None)
        if len(names) != 1:
            raise InputError(
                "Whose balance?", next_step=f"Name the provider: {' or '.join(names or [found.name for found in providers])}.",
            )
        return names[0]

    def _route_of(self, record: JobRecord) -> Route:
        """The way back to where a job was sent: its own origin, with today's token."""
        known = next((found for found in providers if found.name == record.provider), None)
        hosts = {"api": record.origin} if known is None else known.hosts  # a plug-in may be gone; its jobs are still ours
        origins = dict(hosts) if record.origin == hosts["api"] else dict.fromkeys(hosts, record.origin)
        return Route(record.provider, record.backend, origins, "route.journal", self._token_for(record))

    def _token_for(self, record: JobRecord) -> Token | None:
        if record.backend == "local-process":
            return None
        return local_token(self.settings, record.provider) if record.is_local else self.settings.token(record.provider)


def _stands_still() -> bool:
    """Whether no loop runs here: what was ordered on it is written by somebody who asks for the list between two cells."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return True
    return False
