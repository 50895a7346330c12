"""Who may come in when the local backend is served over HTTP: requests meant for this machine, whole within a minute.

A web page somebody has open can send requests to this machine too. Three things keep it out: the token, the `Host`
header (a page that points its own name at 127.0.0.1 still sends its name: DNS rebinding), and the `Origin` header that
browsers add to what pages send. No CORS header is ever given, so no page reads an answer.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request

from ..addresses import LOOPBACK
from .border import Json

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["BODY_SECONDS", "Gate", "Seen"]

BODY_SECONDS = 60.0  # for a whole body: 64 MiB from this very machine take a second
_LEAVING = frozenset({408, 413})  # more of the body is on its way, and nobody will read it
_MISDIRECTED = "This server answers to its own address on this machine only."
_FOREIGN = "Requests of web pages are not taken."
_TOO_SLOW = "The body did not come within a minute."

Seen = Callable[[str, str, int], None]
"""Told of every answer: method, path without its query, HTTP status."""


class Gate:
    """ASGI middleware around the app, for HTTP only; in-process there is nobody to keep out.

    Args:
        app: The application.
        port: The port it is served at.
        seen: Told of every answer; None tells nobody.
        body_seconds: How long a body may take to come in.
    """

    def __init__(self, app: ASGIApp, port: int, seen: Seen | None = None, body_seconds: float = BODY_SECONDS) -> None:
        names = [f"[{name}]" if ":" in name else name for name in LOOPBACK]
        self._app = app
        self._hosts = {f"{name}:{port}" for name in names} | (set(names) if port == 80 else set())
        self._seen = seen
        self._body_seconds = body_seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)

        async def answer(message: Message) -> None:
            if message["type"] == "http.response.start":
                if message["status"] in _LEAVING:
                    message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
                if self._seen is not None:
                    self._seen(request.method, scope["path"], message["status"])
            await send(message)

        if no := self._refusal(request):
            await no(scope, receive, answer)
        else:
            await self._app(scope, _punctual(receive, self._body_seconds), answer)

    def _refusal(self, request: Request) -> Json | None:
        if [host.lower() for host in request.headers.getlist("host")] not in [[host] for host in self._hosts]:
            return Json({"detail": _MISDIRECTED}, 421)
        origins = request.headers.getlist("origin")
        if any(origin.lower().removeprefix("http://") not in self._hosts for origin in origins):
            return Json({"detail": _FOREIGN}, 403)
        return None


def _punctual(receive: Receive, seconds: float) -> Receive:
    """The same messages; a body that trickles in is given up."""
    end = time.monotonic() + seconds
    whole = False

    async def punctual() -> Message:
        nonlocal whole
        if whole:  # what comes now is the news that the client left, and may take as long as it likes
            return await receive()
        try:
            async with asyncio.timeout(max(0.0, end - time.monotonic())):
                message = await receive()
        except TimeoutError as error:
            raise HTTPException(408, _TOO_SLOW) from error
        whole = message["type"] != "http.request" or not message.get("more_body", False)
        return message

    return punctual
