"""A server for the callbacks of a provider: one route, one ASGI app, no framework, nothing of the notebook behind it.

A callback is a hint that a job may have moved on, never the news itself: the one thing read from its body is the
provider's task id, and the authenticated status call decides. So a forged, doubled, late or lost callback costs one
look at most, and polling alone is always enough.

The answers: 200 kept (also an unknown job: it may be what a lost order became), 400 not readable, 401 not signed
as it should be, 404 not our address, 405 not a POST, 408 too slow, 413 too large, 503 could not be kept, send again.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
import re
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

from .errors import InputError
from .routes import LOOPBACK
from .settings import Token
from .webhooks import JOB, Replays, Signatures, is_job_id, read_task_id

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

__all__ = ["Callbacks", "Deliver", "Hint", "new_secret"]

log = logging.getLogger("ipydarkroom")

BODY_CAP = 2**20  # bytes; a callback of the market models is a few thousand
BODY_SECONDS = 15.0  # Kie's guide gives a receiver 15 s in all
DELIVER_SECONDS = 10.0
_SECRET = re.compile(r"[A-Za-z0-9_-]{22,200}")  # 22 letters of an alphabet of 64 are 132 bits
_HEXADECIMAL = re.compile(r"[0-9a-fA-F]{,31}")  # fewer than 32 of an alphabet of 16 are less than 128


@dataclass(frozen=True, slots=True)
class Hint:
    """Somebody who knows the address says that this job may have moved on.

    `job_id` is ours, from the address; `remote_id` is the provider's, from the body. Neither is proof of anything.
    """

    provider: str
    job_id: str
    remote_id: str


Deliver: TypeAlias = Callable[[Hint], Awaitable[bool]]
"""Keeps a hint: one insert, no look. True for a job that is known, False for an orphan; both are kept."""


class _No(Exception):
    """The answer to a callback that is not taken; status 0 means that nobody listens any more."""

    def __init__(self, status: int) -> None:
        super().__init__(status)
        self.status = status


def new_secret() -> str:
    """A secret for the address: 256 bits, fit for a path. Keep it, or callbacks of older jobs find no door."""
    return secrets.token_urlsafe(32)


class Callbacks:
    """The ASGI app: `uvicorn.run(callbacks, access_log=False)`, with a tunnel that leads there.

    Args:
        deliver: Keeps one hint. What it raises becomes a 503, so that the provider tries again.
        public_url: Where the world finds this app: https, or http on this very machine. It may have a path.
        secret: The part of the address that nobody can guess, at least 128 bits of letters, digits, `-` and `_`;
            `new_secret()` makes one.
        keys: The provider's signing keys. With one or more, every callback must be signed by one of them.
        window_s: How many seconds the timestamp of a signed callback may be off.
        clock: Seconds since the epoch.

    Attributes:
        url: The address for `submit(..., callback_url=)`; `{job}` in it becomes the job's id. It holds the secret.

    Raises:
        InputError: The address, the secret or a key is not fit for this.
        TypeError: `keys` is one text instead of several.
    """

    def __init__(
        self,
        deliver: Deliver,
        *,
        public_url: str,
        secret: str,
        keys: Sequence[str] = (),
        window_s: float = 300,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._deliver = deliver
        self._public_url = _public(public_url)
        self._secret = Token(_unguessable(secret))
        self._signatures = Signatures(_signing(keys), window_s)
        self._replays = Replays(window_s)
        self._clock = clock

    @property
    def url(self) -> str:
        """The address to give away with an order. Whoever knows it can send hints, no more."""
        return f"{self._public_url}/{self._secret.reveal()}/{JOB}"

    def __repr__(self) -> str:
        signed = "signed" if self._signatures.required else "unsigned"
        return f"<{type(self).__name__} at {self._public_url}/… · {signed}>"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection, as ASGI 3 describes it."""
        match scope["type"]:
            case "http":
                await self._serve(scope, receive, send)
            case "lifespan":
                await _live(receive, send)
            case "websocket":
                await receive()
                await send({"type": "websocket.close", "code": 1008})
            case other:
                raise ValueError(f"ASGI's {other!r} is not served here")

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await self._take(scope, receive)
            status = 200
        except _No as no:
            status = no.status
        if status:
            with suppress(OSError):  # the sender left before our answer; ASGI servers say so this way
                await _answer(send, status)

    async def _take(self, scope: Scope, receive: Receive) -> None:
        """Judge one delivery and hand it over.

        Raises:
            _No: It is not taken.
        """
        job_id = self._job_of(scope)
        if scope["method"] != "POST":
            raise _No(405)
        remote_id = read_task_id(await _read(scope, receive))
        if not self._signatures.required:
            if remote_id is None:
                raise _No(400)
            await self._hand_over(Hint("kie", job_id, remote_id))
            return
        mark = (remote_id or "", _only(scope, b"x-webhook-timestamp"), _only(scope, b"x-webhook-signature"))
        now = self._clock()
        if remote_id is None or not self._signatures.holds(mark, now):
            raise _No(401)
        if mark not in self._replays:
            await self._hand_over(Hint("kie", job_id, remote_id))
            self._replays.add(mark, now)  # after it was kept: a retry of one that was not must come through

    def _job_of(self, scope: Scope) -> str:
        """The job's id from an address that ends in `/<secret>/<job>`; a tunnel may have cut the front off."""
        front, _, job_id = scope["path"].rpartition("/")
        front, slash, said = front.rpartition("/")
        known = hmac.compare_digest(said.encode("utf-8", "replace"), self._secret.reveal().encode())
        fronts = ("", urlsplit(self._public_url).path, scope.get("root_path", ""))
        if not (known and slash and front in fronts and is_job_id(job_id)):
            raise _No(404)
        return str(job_id)

    async def _hand_over(self, hint: Hint) -> None:
        """Let it be kept. Whatever goes wrong there is ours, not the sender's, who shall try again."""
        try:
            async with asyncio.timeout(DELIVER_SECONDS):
                known = await self._deliver(hint)
        except Exception as error:  # the app's border: foreign code, and a provider that needs an answer
            log.exception("a callback for job %s could not be kept; the provider is asked to send it again", hint.job_id)
            raise _No(503) from error
        if not known:
            log.info("a callback named job %s, which the journal does not have; kept as an orphan", hint.job_id)


def _public(url: str) -> str:
    """The address without a slash at its end."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        host = None
    if not host or parts.query or parts.fragment or parts.username is not None or not url.isascii() or JOB in url:
        raise InputError(
            "The public address of the callbacks is not a plain one.",
            next_step="Give it as https://name.example or https://name.example/path; the rest is added here.",
        )
    if parts.scheme != "https" and not (parts.scheme == "http" and host in LOOPBACK):
        raise InputError(
            "The public address of the callbacks must begin with https://: its path is a secret.",
            next_step="Use the https address of your tunnel. http:// is for this machine only (127.0.0.1).",
        )
    return url.rstrip("/")


def _unguessable(secret: str) -> str:
    few = len(set(secret)) < 6  # a repeated letter is long, and no secret
    if not _SECRET.fullmatch(secret) or _HEXADECIMAL.fullmatch(secret) or few:
        raise InputError(
            "The secret of the callback address needs at least 128 bits, as letters, digits, - and _.",
            next_step="ipydarkroom.callbacks.new_secret() makes one; keep it with your tokens.",
        )
    return secret


def _signing(keys: Sequence[str]) -> list[Token]:
    if isinstance(keys, str):
        raise TypeError("keys is a list of keys: one text would be read as many keys of one letter")
    if not all(key and key.isascii() and key.isprintable() and " " not in key for key in keys):
        raise InputError(  # an empty one would let everybody sign
            "A signing key is empty, or has a blank or a line break inside.",
            next_step="Copy it again from the provider's settings page, or leave it out.",
        )
    return [Token(key) for key in keys]


def _only(scope: Scope, name: bytes) -> str:
    """The header of that name where there is exactly one, else nothing: two are a trick."""
    found = [value for key, value in scope["headers"] if key.lower() == name]
    return found[0].decode("latin-1") if len(found) == 1 else ""


async def _read(scope: Scope, receive: Receive) -> bytes:
    """The body, as long as it is neither too large nor too slow; what really comes in is counted."""
    declared = _only(scope, b"content-length")
    if len(declared) < 20 and declared.isdecimal() and int(declared) > BODY_CAP:
        raise _No(413)
    body = bytearray()
    try:
        async with asyncio.timeout(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    raise _No(0)
                body += message.get("body", b"")
                if len(body) > BODY_CAP:
                    raise _No(413)
                if not message.get("more_body", False):
                    return bytes(body)
    except TimeoutError as error:
        raise _No(408) from error


async def _answer(send: Send, status: int) -> None:
    """A status and nothing else: a sender that is let in learns nothing, one that is not learns less."""
    headers = [(b"content-length", b"0"), (b"cache-control", b"no-store")]
    if status == 405:
        headers.append((b"allow", b"POST"))
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b""})


async def _live(receive: Receive, send: Send) -> None:
    """A server's start and end; there is nothing to start and nothing to end."""
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
