"""Mirrors: the server's side of each provider's protocol, one file each, written from its documentation."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from ...registry import Registry

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import Route

    from ..queue import Studio

__all__ = ["Mirror", "mirror", "mirrors"]


class Mirror(Protocol):
    """One file in this folder: which paths are its own, what they do, and how it says no.

    `scheme` is the word before the token in its protocol's `Authorization` header.
    """

    provider: str
    prefix: str
    scheme: str

    def routes(self, studio: Studio) -> list[Route]:
        """The documented endpoints, answered by this studio."""

    def refuse(self, status: int, message: str) -> Response:
        """An answer outside the documented endpoints: 404 unknown path, 405 wrong method, 413, 500."""


mirrors: Registry[Mirror] = Registry("ipydarkroom.local.mirrors", needs=("provider", "prefix", "scheme", "routes", "refuse"))


def mirror(rank: int) -> Callable[[type], type]:
    """Register a mirror class under a rank (tens, unique)."""

    def keep(cls: type) -> type:
        mirrors.add(cls(), rank)
        return cls

    return keep
