"""AsyncClient: the whole client, written once. `sync` gives the same to people who do not await."""

from __future__ import annotations

import asyncio
import logging
import secrets
import time
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from . import catalog
from .engine import Engine
from .errors import AuthError, DarkroomError, InputError, ModelNotFound
from .files import Folder
from .handle import AsyncJob
from .jobs import Accepted, JobRecord, Sending, advance, new_job_id
from .journal import Journal
from .models import Model
from .pacing import HOSTED, LOCAL, Pace
from .prepare import Prepared, fingerprint, prepare
from .providers import get_provider
from .routes import LOCAL_ORIGIN, Route, choose_route
from .settings import Settings, Token, load, usable_home, wished_local
from .settle import OWNER, settle, settle_dead
from .track import Track
from .transport import Transport

if TYPE_CHECKING:
    from .results import Result

__all__ = ["AsyncClient", "AsyncJob", "FindModel", "LocalApp"]

log = logging.getLogger("ipydarkroom")

FindModel: TypeAlias = Callable[[str, str], Model | None]
LocalApp: TypeAlias = Callable[[Token, FindModel], object]

class AsyncClient:
    """Submits jobs and keeps them. One per event loop; `async with` closes it.

    Args:
        local: True keeps every job on this machine, False insists on hosted services, None decides by token.
        base_url: Replaces all hosts of a provider, as `{"runcomfy": "http://127.0.0.1:8000"}`.
        settings: Instead of reading the environment.
        paces: The rhythm of looking, for hosted and for local jobs.
        local_app: Makes the local backend, instead of the built-in one, from the token it shall accept and a function
            that finds a model by provider and id.
    """

    def __init__(
        self,
        *,
        local: bool | None = None,
        base_url: Mapping[str, str] | None = None,
        settings: Settings | None = None,
        paces: tuple[Pace, Pace] = (HOSTED, LOCAL),
        local_app: LocalApp | None = None,
    ) -> None:
        self.local = local
        self.settings = settings or load()
        self.home, self.home_as_wished = usable_home(self.settings.home)
        if not self.home_as_wished:
            log.warning("%s cannot be written: journal and pictures go to %s", self.settings.home, self.home)
        self._base_url = dict(base_url or {})
        self._custom: dict[tuple[str, str], Model] = {}
        self._tracks: dict[str, Track] = {}
        self._journal = Journal(self.home / "journal.sqlite3")
        build = local_app or _built_in
        self._transport = Transport(self.settings, lambda token: build(token, self._find_local))
        folder = Folder(self.home / "pictures")
        self._engine = Engine(self._journal, self._transport, folder, paces=paces)
        settle_dead(self._journal)
        folder.tidy()

    async def submit(
        self,
        model: str | Model,
        inputs: Mapping[str, object] | None = None,
        /,
        *,
        provider: str | None = None,
        local: bool | None = None,
        **values: object,
    ) -> AsyncJob:
        """Order one job and return at once; it always orders anew, and on a hosted service it costs money.

        The intent is on disk before this returns; sending goes on in the background.

        Args:
            model: A model id (`"kie:ideogram/v3-reframe"` names the provider too) or a Model.
            inputs: Input name -> value, for names of any shape.
            provider: Whose model it is, where two providers know the id.
            local: This job only: True on this machine, False hosted.
            **values: Inputs whose names are Python names.

        Raises:
            InputError: Something does not fit; nothing was sent.
            ModelNotFound: Nobody knows this id.
            AmbiguousModel: Two providers do.
            AuthError: A hosted job was asked for, and there is no token.
            SpendingForbidden: A hosted job was asked for while IPYDARKROOM_LOCAL=1 keeps everything here.
            DarkroomError: The client is closed.
            StorageError: The intent could not be written; nothing was sent.
        """
        if self._engine.closed:
            raise DarkroomError("This client is closed.", next_step="Make a new one, or use dr.default_client().")
        found = model if isinstance(model, Model) else self.model(model, provider)
        route = self.route(found, local=local)
        self._demand_token(route)
        prepared = prepare(found, _merge(inputs, values), inline_limit=get_provider(route.provider).inline_limit)
        track = Track(self._new_record(found, route, prepared), route, prepared.sent, prepared.blobs, prepared.advice, ours=True)
        if found.source == "schema":
            self._custom[route.provider, found.id] = found
        self._engine.plan(track)
        self._tracks[track.record.id] = track
        self._engine.drive(track)
        return AsyncJob(self._engine, track)

    async def run(
        self,
        model: str | Model,
        inputs: Mapping[str, object] | None = None,
        /,
        *,
        provider: str | None = None,
        local: bool | None = None,
        timeout: float | None = None,
        **values: object,
    ) -> Result:
        """Order one job, wait for it, and return its pictures. Raises what `submit` and `AsyncJob.result` raise."""
        job = await self.submit(model, inputs, provider=provider, local=local, **values)
        return await job.result(timeout)

    def model(self, model_id: str, provider: str | None = None) -> Model:
        """The model of that id: one used before from a schema, or a bundled one.

        Raises:
            ModelNotFound: Nobody knows it; the message names the nearest.
            AmbiguousModel: Two providers know it.
        """
        for (owner, name), custom in self._custom.items():
            if name == model_id and provider in (None, owner):
                return custom
        return catalog.find(model_id, provider)

    def route(self, model: Model, *, local: bool | None = None) -> Route:
        """Where a job of this model would run, and why."""
        wanted = next((wish for wish in (local, self.local, wished_local()) if wish is not None), None)
        name = model.provider or "runcomfy"
        return choose_route(
            model, self.settings, get_provider(name).hosts, local=wanted, base_url=self._base_url.get(name)
        )

    def jobs(self, limit: int | None = None) -> list[AsyncJob]:
        """The jobs of this journal, newest first, those of other sessions included."""
        return [self._job(record) for record in self._journal.jobs(limit=limit)]

    def job(self, job_id: str) -> AsyncJob:
        """The job of that id (ours, or the provider's).

        Raises:
            ModelNotFound: The journal has no such job.
        """
        record = self._journal.get(job_id) or next((r for r in self._journal.jobs() if r.remote_id == job_id), None)
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
        found = self._any_model(model, provider)
        route = self.route(found, local=local)
        self._demand_token(route)
        known = self._journal.by_remote(route.provider, route.origin, remote_id)
        if known is not None:
            return self._job(known)
        record = self._new_record(found, route, Prepared({}, {}))
        now = time.time()
        record = advance(advance(record, Sending(), now), Accepted(remote_id), now)
        track = Track(record, route, ours=True)
        self._engine.plan(track)
        self._tracks[record.id] = track
        self._engine.drive(track)
        return AsyncJob(self._engine, track)

    async def close(self) -> None:
        """Stop watching and close every connection. No job is cancelled: hosted ones go on, and stay in the journal."""
        self._engine.closed = True  # first, so that nobody starts again what is being ended
        tasks = [track.task for track in self._tracks.values() if track.task is not None and not track.task.done()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        try:
            for track in self._tracks.values():
                settle(self._journal, track)
                self._engine.leave(track)
            await self._transport.close()
        finally:
            self._journal.close()

    async def __aenter__(self) -> AsyncClient:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def __repr__(self) -> str:
        where = "on this machine" if self.local or self.settings.local else "hosted where there is a token"
        return f"<{type(self).__name__} {where} · {self.home}>"

    # --- within ---

    def _job(self, record: JobRecord) -> AsyncJob:
        """A handle on a job of the journal; the one in memory where this client has it."""
        track = self._tracks.get(record.id)
        if track is None:
            route = self._route_of(record)
            track = self._tracks[record.id] = Track(record, route)
            track.idle.set()
        elif not track.ours and track.idle.is_set():
            track.record = record  # somebody else may have moved it on
            track.route = self._route_of(record)  # with today's token: somebody may have logged in
        return AsyncJob(self._engine, track)

    def _route_of(self, record: JobRecord) -> Route:
        """The way back to where a job was sent: its own origin, with today's token."""
        hosts = get_provider(record.provider).hosts
        origins = dict(hosts) if record.origin == hosts["api"] else dict.fromkeys(hosts, record.origin)
        token = None if record.backend == "local-process" else self.settings.token(record.provider)
        return Route(record.provider, record.backend, origins, "route.journal", token)

    def _any_model(self, model_id: str, provider: str) -> Model:
        """A model by id, or a bare one: an adopted job needs no form."""
        try:
            return self.model(model_id, provider)
        except ModelNotFound:
            return Model(model_id, provider, ())

    def _new_record(self, model: Model, route: Route, prepared: Prepared) -> JobRecord:
        now = time.time()
        place = "local" if route.is_local else route.origin
        return JobRecord(
            id=new_job_id(now, secrets.randbits(74)),
            provider=route.provider,
            origin=route.origin,
            backend=route.backend,
            account=route.account,
            model=model.id,
            inputs=prepared.kept,
            fingerprint=fingerprint(place, model.id, prepared.kept),
            created=now,
            owner=OWNER,
        )

    def _demand_token(self, route: Route) -> None:
        """A hosted job without a token ends here, with the name of the variable to set."""
        if route.backend != "remote" or route.token is not None:
            return
        names = self.settings.token_names(route.provider)
        wrong = self.settings.placeholder
        said = f" ({wrong} holds the documentation's placeholder, not a token.)" if wrong else ""
        key = "error.placeholder_token" if wrong else "error.no_token"
        raise AuthError(
            f"There is no token for {get_provider(route.provider).title}.{said}",
            next_step=(
                f"Set {names[0]} (see {get_provider(route.provider).token_page}), or call dr.login({route.provider!r}), "
                "or use local=True."
            ),
            login=route.provider,
            key=key,
            wrong=wrong,
            provider=get_provider(route.provider).title,
            name=names[0],
            page=get_provider(route.provider).token_page,
        )

    def _find_local(self, provider: str, model_id: str) -> Model | None:
        custom = self._custom.get((provider, model_id))
        if custom is not None:
            return custom
        try:
            return catalog.find(model_id, provider)
        except ModelNotFound:
            return None


def _built_in(token: Token, find: FindModel) -> object:
    from .local import build_app  # the one line that knows the local backend: most clients never need it

    return build_app(tokens=frozenset({token.reveal()}), find=find, origin=LOCAL_ORIGIN)


def _merge(inputs: Mapping[str, object] | None, values: Mapping[str, object]) -> dict[str, object]:
    """Inputs from the mapping and from keywords, which may not contradict each other."""
    twice = sorted(set(inputs or {}) & set(values))
    if twice:
        raise InputError(f"Given twice, in the mapping and as keyword: {', '.join(twice)}.", next_step="Give it once.")
    return {**(inputs or {}), **values}
