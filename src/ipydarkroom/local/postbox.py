"""Callbacks that jobs asked for: all are recorded, and only those to this very machine may be posted."""

from __future__ import annotations

from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urlsplit

from .aside import attempt, within

__all__ = ["Callback", "Postbox", "Send"]

Send: TypeAlias = Callable[[str, Mapping[str, object]], Awaitable[object]]
"""How a JSON body is posted to a URL; what it returns is ignored."""

_SECONDS = 15.0  # the time Kie's guide gives a receiver
_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_MOST = 1000


@dataclass(frozen=True, slots=True)
class Callback:
    """One callback as it would be posted; `sent` tells whether a receiver took it."""

    url: str
    body: Mapping[str, object] = field(repr=False)
    sent: bool


class Postbox:
    """Keeps the last thousand callbacks; posts those to loopback, when it was given a way to.

    Args:
        send: Posts a body to a URL; None records only.
    """

    def __init__(self, send: Send | None = None) -> None:
        self.callbacks: deque[Callback] = deque(maxlen=_MOST)
        self._send = send

    async def post(self, url: str, body: Mapping[str, object]) -> None:
        """Record a callback after posting it, where it may be posted. A receiver that fails is logged, no more."""
        sent = False
        if self._send is not None and _is_loopback(url):
            sent = await attempt(within(_SECONDS, self._send(url, body)), "a callback") is None
        self.callbacks.append(Callback(url, body, sent))


def _is_loopback(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # not an address at all, such as "http://["
        return False
    return parts.scheme in ("http", "https") and parts.hostname in _LOOPBACK
