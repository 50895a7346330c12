"""Whose request is it? All hosts of all providers are one origin here, so two protocols may want the same path.

The word before the token tells them apart: a request that says `Key` is for the mirrors of that scheme, one that says
`Bearer` for the others. A request with neither is taken by the first route that fits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.datastructures import Headers
from starlette.routing import BaseRoute, Match

from .mirrors import mirrors

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

    from .mirrors import Mirror

__all__ = ["Door", "whose"]


class Door(BaseRoute):
    """A mirror's route, closed to requests that come with another mirror's scheme.

    Args:
        route: The route.
        mirror: Whose it is.
    """

    def __init__(self, route: BaseRoute, mirror: Mirror) -> None:
        self._route = route
        self._mirror = mirror

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """As the route says, where the scheme does not speak against it."""
        return self._route.matches(scope) if _may_be(self._mirror, scope) else (Match.NONE, {})

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """As the route does."""
        await self._route.handle(scope, receive, send)


def whose(scope: Scope) -> Mirror | None:
    """The mirror whose words a refusal of this request should have; None where it is nobody's."""
    path, possible = scope["path"], [mirror for mirror in mirrors if _may_be(mirror, scope)]
    return next((mirror for mirror in possible if path.startswith(mirror.prefix)), None)


def _may_be(mirror: Mirror, scope: Scope) -> bool:
    said = Headers(scope=scope).get("authorization", "").partition(" ")[0].lower()
    return said == mirror.scheme.lower() or said not in {other.scheme.lower() for other in mirrors}
