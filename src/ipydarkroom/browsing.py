"""Asks providers what models they have: the day's answer from the cache, else the provider, else an older answer.

Nothing here costs anything, and nothing here is in anybody's way: questions to one host go one after the other, a host
that wants to be left alone is waited for within a total time, and a job's own calls are never held back for it.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from .catalog.listing import Further, Listed, Listing, is_model_id
from .catalog_cache import CatalogCache, Told
from .errors import AuthError, DarkroomError, ModelNotFound, NoAnswer, RateLimited, Unreadable
from .pacing import retry_after
from .providers import get_provider
from .redaction import quiet

if TYPE_CHECKING:
    from .routes import Route
    from .traffic import Traffic
    from .transport import Transport
    from .wire import Call, Reply

__all__ = ["PAUSES_S", "Answer", "Browser"]

T = TypeVar("T")

PAUSES_S = (2.0, 4.0, 8.0)
"""Seconds before a question is asked again that was one too many; Kie's schema call says so after a few quick ones."""

_DEADLINE_S = 60.0  # for all that one call of ours has to ask
_MOST_PAGES, _MOST_MODELS = 200, 20_000
log = logging.getLogger("ipydarkroom")
quiet(log)


@dataclass(frozen=True, slots=True)
class Answer:
    """One provider's list. `trouble` says why it is an older one than was wanted; `skipped` entries were unreadable."""

    told: Told
    trouble: DarkroomError | None = None
    skipped: int = 0


class Browser:
    """Reads the catalogs for one client, on one event loop.

    Args:
        transport: The door to HTTP.
        cache: Where answers are kept.
        pauses: Seconds before each repeat of a question that was refused as one too many.
        deadline: Seconds for one list or one model, repeats and further pages included.
        longest_hold: The most seconds of a server's Retry-After that are kept.
    """

    def __init__(
        self,
        transport: Transport,
        cache: CatalogCache,
        *,
        pauses: tuple[float, ...] = PAUSES_S,
        deadline: float = _DEADLINE_S,
        longest_hold: float = _DEADLINE_S,
    ) -> None:
        self.cache = cache
        self._transport = transport
        self._pauses = pauses
        self._deadline = deadline
        self._longest_hold = longest_hold
        self._turns: dict[str, asyncio.Lock] = {}

    async def listing(self, route: Route, traffic: Traffic, *, refresh: bool = False) -> Answer:
        """All models of the provider a route leads to.

        Args:
            route: Where to ask. An answer of the backend in this process is not kept: it costs nothing to ask again.
            traffic: The gate to that host.
            refresh: Ask even where today's answer is there.

        Raises:
            AuthError: The token was not accepted.
            DarkroomError: No answer came (`NoAnswer`, `RateLimited`, `SpendingForbidden`), and none is kept.
            ModelNotFound: The provider offers no list.
        """
        held = self.cache.listing(route.provider, route.origin)
        if held is not None and not refresh and self.cache.is_fresh(held.fetched):
            return Answer(held)
        async with self._turn(route):
            now = self.cache.listing(route.provider, route.origin)
            if now is not None and now is not held and self.cache.is_fresh(now.fetched):
                return Answer(now)  # somebody else asked while we waited
            try:
                models, skipped = await self._within(self._pages(route, traffic))
            except AuthError:
                raise
            except DarkroomError as error:  # no answer, too many questions, or our own lock on paid hosts
                return Answer(_older(now, error), error)
            if route.backend == "local-process":
                return Answer(Told(models, self.cache.clock()), skipped=skipped)
            told = await asyncio.to_thread(self.cache.keep_listing, route.provider, route.origin, models)
            return Answer(told, skipped=skipped)

    async def model(self, route: Route, traffic: Traffic, model_id: str, *, refresh: bool = False) -> Listed:
        """One model with its input schema.

        Raises:
            ModelNotFound: The provider does not know it, publishes no schema for it, or cannot run it this way.
            AuthError: The token was not accepted.
            DarkroomError: No answer came, and none is kept.
        """
        held = self.cache.model(route.provider, route.origin, model_id)
        if held is not None and not refresh and self.cache.is_fresh(held.fetched):
            return held
        if not is_model_id(model_id):
            raise ModelNotFound(f"{model_id[:100]!r} is no model id.", model=model_id, provider=route.provider)
        async with self._turn(route):
            now = self.cache.model(route.provider, route.origin, model_id)
            if now is not None and now is not held and self.cache.is_fresh(now.fetched):
                return now
            try:
                found = await self._within(self._described(route, traffic, model_id))
            except (AuthError, ModelNotFound):
                raise
            except DarkroomError as error:
                if now is None:
                    raise
                log.info("%s is as of earlier: %s", model_id, error)
                return now
            return await asyncio.to_thread(self.cache.keep_model, route.provider, route.origin, found)

    async def _pages(self, route: Route, traffic: Traffic) -> tuple[tuple[Listed, ...], int]:
        """Page after page, until there is no other, one brings nothing new, or it is enough."""
        provider = get_provider(route.provider)
        call, found, skipped = provider.catalog(), dict[str, Listed](), 0
        if call is None:
            raise ModelNotFound(f"{provider.title} offers no list of its models.", provider=provider.name)
        for _ in range(_MOST_PAGES):
            page = await self._ask(route, traffic, call, _catalogued(route.provider, call))
            before = len(found)
            for entry in page.models:
                found.setdefault(entry.id, entry)
            skipped += page.skipped
            if page.more is None or len(found) == before or len(found) >= _MOST_MODELS:
                break
            call = page.more
        return tuple(found.values())[:_MOST_MODELS], skipped

    async def _described(self, route: Route, traffic: Traffic, model_id: str) -> Listed:
        provider = get_provider(route.provider)
        call = provider.describe(model_id)
        if call is None:
            raise ModelNotFound(f"{provider.title} describes no models.", model=model_id, provider=provider.name)
        found = await self._ask(route, traffic, call, lambda reply: provider.described(model_id, reply))
        if not isinstance(found, Further):
            return found
        known = self._with_list(route, found.known)
        if known.pricing_note or known.price:  # the list has told it already
            return known
        try:
            return await self._ask(route, traffic, found.call, found.read)
        except (NoAnswer, RateLimited) as error:  # the schema is here; a price is not worth losing it
            log.info("more about %s was not told: %s", model_id, error)
            return known

    def _with_list(self, route: Route, entry: Listed) -> Listed:
        """What the list says about the same model, where the description is silent."""
        line = self.cache.line(route.provider, route.origin, entry.id)
        return entry if line is None else entry.beside(line)

    async def _ask(self, route: Route, traffic: Traffic, call: Call, read: Callable[[Reply], T]) -> T:
        """One question; again after a pause where it was one too many.

        Raises:
            RateLimited: It still is.
        """
        begun = time.monotonic()
        for pause in (*self._pauses, None):
            async with traffic.place("other"):
                reply = await self._transport.send(call, route)
            try:
                return read(reply)
            except RateLimited:
                wished = retry_after(reply.headers, self.cache.clock())
                wait = pause if wished is None or pause is None else min(wished, self._longest_hold)
                if wait is None or time.monotonic() - begun + wait > self._deadline:
                    raise
                await asyncio.sleep(wait)
            except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
                log.warning("a catalog of %s could not be read", route.provider, exc_info=error)
                raise Unreadable(f"The catalog could not be read ({type(error).__name__}).", next_step="Try again later.") from error
        raise AssertionError  # pragma: no cover  # the last round returns or raises

    async def _within(self, work: Awaitable[T]) -> T:
        try:
            async with asyncio.timeout(self._deadline):
                return await work
        except TimeoutError as error:
            raise NoAnswer("The catalog took too long to answer.", next_step="Try again later.") from error

    def _turn(self, route: Route) -> asyncio.Lock:
        return self._turns.setdefault(route.origin, asyncio.Lock())


def _catalogued(provider: str, call: Call) -> Callable[[Reply], Listing]:
    return lambda reply: get_provider(provider).catalogued(call, reply)


def _older(told: Told | None, error: DarkroomError) -> Told:
    if told is None:
        raise error
    return told
