"""What is the same for every mirror at the edge to HTTP: tokens, bodies, their limit, and sentences about problems.

No provider's shapes here: a mirror decides how a refusal looks.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response

from ..fields import pointer_text
from ..languages import say

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from ..fields import Problem

__all__ = ["MAX_BODY", "BadBody", "Border", "Json", "Refuse", "bearer", "explain", "read_object"]

log = logging.getLogger("ipydarkroom")

MAX_BODY = 64 * 2**20  # bytes; a RunComfy order may carry a picture as text
_TOO_LARGE = "The request is larger than 64 MiB."
_MISTAKE = "The local backend made a mistake; its log says more."
Refuse = Callable[[Request, int, str], Response]
"""(request, HTTP status, sentence) -> the answer, in the shape of the mirror the request was meant for."""


class BadBody(Exception):
    """The request's body is not what it should be; the message says why."""


class Json(Response):
    """A JSON answer in pure ASCII, so that a lone surrogate sent by a client cannot break it."""

    media_type = "application/json"

    def render(self, content: object) -> bytes:
        """Write the value as JSON; numbers that JSON lacks are a programming error here."""
        return json.dumps(content, allow_nan=False, separators=(",", ":")).encode("ascii")


def bearer(request: Request, scheme: str = "Bearer") -> str:
    """The token of `Authorization: Bearer <token>` (or another scheme), empty when there is none."""
    said, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if said.lower() == scheme.lower() else ""


async def read_object(request: Request) -> dict[str, object]:
    """Read the body as a JSON object.

    Raises:
        BadBody: Not JSON (NaN and Infinity are not), nested too deeply, or not an object.
    """
    try:
        found = json.loads(await request.body(), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:  # broken UTF-8 is a ValueError too
        raise BadBody("the body is not valid JSON") from error
    if not isinstance(found, dict):
        raise BadBody("the body is not a JSON object")
    return found


def explain(problem: Problem) -> str:
    """Say what is wrong with one value, in English: a server does not know who reads it."""
    name = pointer_text(problem.pointer).removeprefix("/")
    said = problem.params.get("reason") or say(f"problem.{problem.code}", language="en", **problem.params)
    return f"{name}: {said}" if name else str(said)


class Border:
    """ASGI middleware: no body above the limit comes in, and no exception goes out.

    Args:
        app: The application.
        refuse: Makes the answer.
    """

    def __init__(self, app: ASGIApp, refuse: Refuse) -> None:
        self._app = app
        self._refuse = refuse

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request(scope)
        declared = request.headers.get("content-length", "")
        if declared.isdecimal() and len(declared) < 20 and int(declared) > MAX_BODY:
            await self._refuse(request, 413, _TOO_LARGE)(scope, receive, send)
            return
        begun: list[str] = []

        async def noticed(message: Message) -> None:
            begun.append(message["type"])
            await send(message)

        try:
            await self._app(scope, _limited(receive), noticed)
        except ClientDisconnect:
            log.debug("the client left before its request was complete")
        except Exception:  # the app's border: whatever went wrong inside, a client gets an answer, not a traceback
            log.exception("%s %s failed", request.method, request.url.path)
            if begun:
                raise  # half an answer is out; only the server can end the connection
            await self._refuse(request, 500, _MISTAKE)(scope, receive, send)


def _limited(receive: Receive) -> Receive:
    """Count what really comes in; a length may be missing or wrong."""
    size = 0

    async def limited() -> Message:
        nonlocal size
        message = await receive()
        size += len(message.get("body", b""))
        if size > MAX_BODY:
            raise HTTPException(413, _TOO_LARGE)
        return message

    return limited


def _refuse_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")
