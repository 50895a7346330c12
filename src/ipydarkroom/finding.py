"""Finds a client's models: what it was given, what is bundled, what catalogs said before, and what they say when asked.

A catalog is asked only where a job of its provider would leave this process too: without a token, or kept local,
nothing is sent. One that does not answer stands in nobody's way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING

from .catalog import bundled, only, owner_of
from .catalog.known import KnownModels
from .catalog.listing import Listed, listed
from .errors import DarkroomError, ModelNotFound, SpendingForbidden
from .languages import say
from .model_list import ModelList, age_text
from .providers import get_provider, providers

if TYPE_CHECKING:
    from .browsing import Answer, Browser
    from .models import Model
    from .routes import Route
    from .traffic import Traffic

__all__ = ["Finder"]


class Finder:
    """The models of one client.

    Args:
        browser: Who asks the providers, and remembers.
        route: (provider's name, this once local or not) -> where its jobs would go now.
        traffic: The gate to where a route leads.
    """

    def __init__(self, browser: Browser, route: Callable[[str, bool | None], Route], traffic: Callable[[Route], Traffic]) -> None:
        self.known = KnownModels(self._remembered, self._heard, self._line)
        self._browser = browser
        self._route = route
        self._traffic = traffic

    async def find(self, model_id: str, provider: str | None = None, *, local: bool | None = None, ask: bool = True) -> Model:
        """The model of that id, asked for where nobody here knows it.

        Args:
            model_id: With or without a provider's name in front; or a documentation page.
            provider: Whose.
            local: Where this once a job would run; True asks nobody.
            ask: True also asks again about one whose description is older than a day.

        Raises:
            ModelNotFound: Nobody knows it; the next step names the nearest, of the providers' lists too.
            AmbiguousModel: Two providers do.
            DarkroomError: It is unknown here, and those who may know it could not be asked.
        """
        try:
            model = self.known.meant(model_id, provider)
        except ModelNotFound:
            return await self._asked(model_id, provider, local)
        if not ask or self._is_of_today(model):
            return model
        try:
            return await self._asked(model_id, model.provider, local)
        except DarkroomError:  # it was told once, and that is better than nothing
            return model

    def at_hand(self, model_id: str, provider: str | None = None, *, ask: bool = True) -> Model | None:
        """What `find` would give without asking anybody; None where it would ask. Safe from any thread."""
        try:
            model = self.known.meant(model_id, provider)
        except ModelNotFound:
            return None
        return model if not ask or self._is_of_today(model) else None

    def _is_of_today(self, model: Model) -> bool:
        return not model.fetched or self._browser.cache.is_fresh(model.fetched)

    async def models(self, search: str, category: str, provider: str | None, *, refresh: bool) -> ModelList:
        """The models of one provider, or of all.

        Raises:
            ModelNotFound: There is no such provider.
            DarkroomError: A provider could not be asked, nothing is kept of it, and no other one told its models.
        """
        names = [get_provider(provider).name] if provider else [each.name for each in providers]
        routes = [self._route(name, None) for name in names]
        asked = (self._browser.listing(route, self._traffic(route), refresh=refresh) for route in routes)
        answers = await asyncio.gather(*asked, return_exceptions=True)
        failed: list[DarkroomError] = []
        entries: list[Listed] = []
        notices: list[str] = []
        for route, answer in zip(routes, answers, strict=True):
            if isinstance(answer, BaseException):
                if not isinstance(answer, DarkroomError):
                    raise answer
                failed.append(answer)
                notices.append(say("model_list.failed", provider=get_provider(route.provider).title, reason=answer.message))
                entries += _bundled(route.provider)
                continue
            entries += _with_bundled(route.provider, answer.told.models)
            notices += self._notices(route, answer)
        told = [route for route, answer in zip(routes, answers, strict=True) if not isinstance(answer, BaseException)]
        if failed and not any(route.backend != "local-process" for route in told):
            raise failed[0]
        return ModelList(entries, notices, self._browser.cache.clock).search(search, category)

    def _notices(self, route: Route, answer: Answer) -> list[str]:
        title, found = get_provider(route.provider).title, []
        if route.backend == "local-process" and answer.told.models:  # of an empty list there is nothing to say
            found.append(say("model_list.local", provider=title))
        if answer.trouble is not None:
            age = age_text(self._browser.cache.clock() - answer.told.fetched)
            found.append(say("model_list.stale", provider=title, reason=answer.trouble.message, age=age))
        if answer.skipped:
            found.append(say("model_list.skipped", provider=title, count=answer.skipped))
        return found

    async def _asked(self, model_id: str, provider: str | None, local: bool | None) -> Model:
        """What the providers say about an id: all of those that may be asked and are meant."""
        owner, name = owner_of(model_id)
        owner = provider or owner
        routes = [route for route in self._routes(owner, local) if route.backend != "local-process"]
        routes = [route for route in routes if route.token is not None]
        work = (self._browser.model(route, self._traffic(route), name) for route in routes)
        answers = await asyncio.gather(*work, return_exceptions=True)
        found = [each for each in answers if isinstance(each, Listed)]
        if found:
            entry = only(found)
            origin = next(route.origin for route, each in zip(routes, answers, strict=True) if each is entry)
            return self.known.made(entry, _source(entry.provider, origin, name))
        errors = [each for each in answers if isinstance(each, BaseException)]
        for error in errors:
            if not isinstance(error, DarkroomError) or error.key in ("error.model_undescribed", "error.model_not_task"):
                raise error
        unsure = [error for error in errors if not isinstance(error, ModelNotFound)]
        if unsure and len(unsure) == len(errors) and not isinstance(unsure[0], SpendingForbidden):
            raise unsure[0]
        await self._hear(routes)
        hint = " ".join(str(error) for error in unsure)
        if not routes:
            hint = "With a token, the provider's own catalog is asked as well."
        raise self.known.not_found(model_id, provider, hint)

    async def _hear(self, routes: list[Route]) -> None:
        """Get the lists of those that were asked, for the nearest names; one that is not told is no matter."""
        work = (self._browser.listing(route, self._traffic(route)) for route in routes)
        for answer in await asyncio.gather(*work, return_exceptions=True):
            if isinstance(answer, BaseException) and not isinstance(answer, DarkroomError):
                raise answer

    def _routes(self, owner: str | None, local: bool | None = None) -> list[Route]:
        """Where the jobs of that provider, or of each, would go; none for a provider that is not there."""
        return [self._route(each.name, local) for each in providers if owner in (None, each.name)]

    def _remembered(self, owner: str | None, name: str) -> list[tuple[Listed, str]]:
        cache = self._browser.cache
        found = [(cache.model(each, origin, name), _source(each, origin, name)) for each, origin in self._origins(owner)]
        return [(entry, source) for entry, source in found if entry is not None]

    def _heard(self) -> Iterator[Listed]:
        for each, origin in self._origins(None):
            told = self._browser.cache.listing(each, origin)
            yield from told.models if told else ()

    def _line(self, provider: str, model_id: str) -> Listed | None:
        found = (self._browser.cache.line(each, origin, model_id) for each, origin in self._origins(provider))
        return next(found, None)

    def _origins(self, owner: str | None) -> Iterator[tuple[str, str]]:
        """Whose earlier answers count, as (provider, origin): its own, or those of the address that replaces its hosts.

        Also where jobs are kept local now: a form needs no network.
        """
        for each in providers:
            if owner not in (None, each.name):
                continue
            origin = each.hosts["api"]
            with suppress(SpendingForbidden):  # a replaced address, and everything is kept local: then its own
                route = self._route(each.name, None)
                origin = origin if route.backend == "local-process" else route.origin
            yield each.name, origin


def _source(provider: str, origin: str, model_id: str) -> str:
    """The address that describes a model, for `Model.source`."""
    found = get_provider(provider)
    call = found.describe(model_id)
    if call is None:
        return origin
    return (found.hosts.get(call.host, origin) if origin == found.hosts["api"] else origin) + call.path


def _bundled(provider: str) -> list[Listed]:
    found = (
        listed(model.id, provider, title=model.title, categories=(model.kind,), price=model.price, page=model.source)
        for model in bundled() if model.provider == provider
    )
    return [entry for entry in found if entry is not None]


def _with_bundled(provider: str, models: tuple[Listed, ...]) -> list[Listed]:
    """A provider's list, and what is bundled of it and not on it."""
    there = {entry.id for entry in models}
    return [*models, *(entry for entry in _bundled(provider) if entry.id not in there)]
