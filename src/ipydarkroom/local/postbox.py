"""Callbacks that jobs asked for: all are recorded, and only those to this very machine may be posted.

Posting goes on beside the queue, so that a receiver that is slow or away never holds up a picture.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias
from urllib.parse import urlsplit

from ..addresses import LOOPBACK
from .aside import attempt, within

__all__ = ["Callback", "Headers", "Postbox", "Send"]

Send: TypeAlias = Callable[[str, Mapping[str, object], Mapping[str, str]], Awaitable[int]]
"""How a JSON body is posted to a URL with headers; it returns the receiver's HTTP status, or raises."""
Headers: TypeAlias = Callable[[], Mapping[str, str]]
"""The headers of one attempt: a signature holds the time."""

_SECONDS = 15.0  # the time Kie's guide gives a receiver
_MOST = 1000
_AWAY = 0


@dataclass(frozen=True, slots=True)
class Callback:
    """One callback as it would be posted; `sent` tells whether a receiver took it, `tries` how often it was asked."""

    url: str = field(repr=False)  # its path may hold a secret
    body: Mapping[str, object] = field(repr=False)
    sent: bool
    tries: int = 0


class Postbox:
    """Keeps the last thousand callbacks; posts those to loopback, when it was given a way to.

    Args:
        send: Posts a body to a URL; None records only.
        pauses_s: How long to wait before each further attempt, in seconds.
        told: Called after a callback was recorded.
    """

    def __init__(self, send: Send | None, pauses_s: tuple[float, ...], told: Callable[[], None]) -> None:
        self.callbacks: deque[Callback] = deque(maxlen=_MOST)
        self._send = send
        self._pauses_s = pauses_s
        self._told = told
        self._closing = asyncio.Event()
        self._under_way: set[asyncio.Task[None]] = set()

    def post(self, url: str, body: Mapping[str, object], headers: Headers = dict) -> None:
        """Post a callback, where it may be posted, and record it once that has ended. Returns at once."""
        if self._send is None or not _is_loopback(url) or self._closing.is_set():
            self._record(Callback(url, body, sent=False))
            return
        task = asyncio.get_running_loop().create_task(self._deliver(self._send, url, body, headers))
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    async def close(self, seconds: float) -> None:
        """Let what is being posted arrive, at most so long, and try nothing again."""
        self._closing.set()
        tasks = list(self._under_way)
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _deliver(self, send: Send, url: str, body: Mapping[str, object], headers: Headers) -> None:
        """Ask the receiver until it answers for itself; then, or after the last pause, polling must be enough."""
        tries = 1
        status = await _post(send, url, body, headers)
        for pause in self._pauses_s:
            if not _worth_another(status) or await self._closed_within(pause):
                break
            tries += 1
            status = await _post(send, url, body, headers)
        self._record(Callback(url, body, sent=200 <= status < 300, tries=tries))

    async def _closed_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            await within(seconds, self._closing.wait())
        return self._closing.is_set()

    def _record(self, callback: Callback) -> None:
        self.callbacks.append(callback)
        self._told()


async def _post(send: Send, url: str, body: Mapping[str, object], headers: Headers) -> int:
    """One attempt: the receiver's status, 0 where none came."""
    answers: list[int] = []

    async def ask() -> None:
        answers.append(await within(_SECONDS, send(url, body, headers())))

    await attempt(ask(), "a callback")
    return answers[0] if answers else _AWAY


def _worth_another(status: int) -> bool:
    """A receiver that is away, busy or broken may be better soon; one that says no, or sends us elsewhere, will not."""
    return status in (_AWAY, 408, 429) or status >= 500


def _is_loopback(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:  # not an address at all, such as "http://["
        return False
    return parts.scheme in ("http", "https") and parts.hostname in LOOPBACK
