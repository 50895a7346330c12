"""The local backend over HTTP, on this machine only: a socket, uvicorn around the app, and a quick end.

What is served is `build_app` behind a `Gate`. uvicorn is an extra, so it is imported when somebody serves.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ..addresses import LOOPBACK
from ..errors import DarkroomError
from ..languages import say
from .app import build_app
from .gate import Gate
from .tasks import Pace

if TYPE_CHECKING:
    from starlette.applications import Starlette
    from starlette.types import ASGIApp, Receive, Scope, Send as AsgiSend

    from .gate import Seen
    from .postbox import Send

__all__ = ["CannotServe", "listen", "origin_of", "serve"]

HEADER_SECONDS = 10.0  # for a request's first line and headers
_HEADER_BYTES = 16 * 1024
_IDLE_SECONDS = 20  # a connection kept for the next request
_MOST_CONNECTIONS = 256
_ANSWER_SECONDS = 0.3  # for the answers under way, when the server ends
_CLOSING_SECONDS = 0.3  # for a painter to notice, and for callbacks under way


class CannotServe(DarkroomError):
    """The server cannot start; the message says why, the next step what to do, in the reader's language."""


@contextmanager
def listen(host: str, port: int) -> Iterator[socket.socket]:
    """Take a port on this machine for the length of a `with`.

    Args:
        host: `127.0.0.1`, `localhost` or `::1`; nothing else is listened on.
        port: 0 takes any free one.

    Raises:
        CannotServe: The host is not this machine alone, or the port cannot be had.
    """
    if host not in LOOPBACK:
        raise _cannot("serve.not_here", host=host)
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind((host, port))
            taken.listen(_MOST_CONNECTIONS)
        except OSError as error:
            key = "serve.port_taken" if error.errno == errno.EADDRINUSE else "serve.no_port"
            raise _cannot(key, port=str(port), host=host, reason=error.strerror or "") from error
        except OverflowError as error:  # not a port number
            raise _cannot("serve.no_port", port=str(port), host=host, reason="0–65535") from error
        yield taken


def origin_of(taken: socket.socket) -> str:
    """The address under which a taken port is reached."""
    host, port = taken.getsockname()[:2]
    return f"http://{f'[{host}]' if ':' in host else host}:{port}"


def serve(
    taken: socket.socket,
    *,
    tokens: frozenset[str],
    pace: Pace = Pace(),  # noqa: B008  # frozen
    send: Send | None = None,
    ready: Callable[[], None] = lambda: None,
    seen: Seen | None = None,
) -> None:
    """Serve until the process is told to end (Ctrl-C, SIGTERM), then delete every picture. Blocks.

    Args:
        taken: A socket of `listen`.
        tokens: The tokens it accepts.
        pace: The least time a job visibly waits and works.
        send: How a callback to this machine is posted; without it callbacks are recorded only.
        ready: Called once it answers.
        seen: Told of every answer.

    Raises:
        CannotServe: uvicorn is not installed.
        KeyboardInterrupt: Ctrl-C, after everything is tidied up.
    """
    try:
        import uvicorn
    except ImportError as error:
        raise _cannot("serve.no_uvicorn") from error
    app = build_app(tokens=tokens, pace=pace, send=send, origin=origin_of(taken))
    config = uvicorn.Config(
        _Whole(Gate(app, taken.getsockname()[1], seen), app, ready),
        lifespan="on",
        http=_punctual_protocol(),
        ws="none",
        loop="asyncio",
        log_config=None,
        log_level="warning",
        access_log=False,  # ours names no query
        proxy_headers=False,
        server_header=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_keep_alive=_IDLE_SECONDS,
        timeout_graceful_shutdown=_ANSWER_SECONDS,  # type: ignore[arg-type]  # handed to asyncio, which takes fractions
        h11_max_incomplete_event_size=_HEADER_BYTES,
    )
    asyncio.run(uvicorn.Server(config).serve(sockets=[taken]))


def _cannot(key: str, **params: str) -> CannotServe:
    return CannotServe(say(key, **params), next_step=say(f"{key}.next", **params), key=key)


class _Whole:
    """The app with its beginning and its end, which only a server knows (ASGI's lifespan)."""

    def __init__(self, inner: ASGIApp, app: Starlette, ready: Callable[[], None]) -> None:
        self._inner = inner
        self._app = app
        self._ready = ready

    async def __call__(self, scope: Scope, receive: Receive, send: AsgiSend) -> None:
        """Serve one request, or the whole life."""
        if scope["type"] != "lifespan":
            await self._inner(scope, receive, send)
            return
        await receive()
        self._ready()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await self._app.state.studio.close(_CLOSING_SECONDS)
        await send({"type": "lifespan.shutdown.complete"})


def _punctual_protocol() -> type[asyncio.Protocol]:
    """The HTTP/1.1 connection of uvicorn, which ends when a request's head does not come in time.

    By itself it only ends idle connections, and one byte now and then makes a connection busy.
    """
    import h11
    from uvicorn.protocols.http.h11_impl import H11Protocol

    class Punctual(H11Protocol):
        _deadline: asyncio.TimerHandle | None = None

        def connection_made(self, transport: Any) -> None:  # uvicorn narrows the type itself
            super().connection_made(transport)
            self._watch()

        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self._watch()

        def connection_lost(self, exc: Exception | None) -> None:
            self._rest()
            super().connection_lost(exc)

        def _watch(self) -> None:
            """Between requests a clock runs from the first byte on; it stops when the head is whole."""
            if self.conn.their_state is not h11.IDLE:
                self._rest()
            elif self._deadline is None:
                self._deadline = self.loop.call_later(HEADER_SECONDS, self.transport.close)

        def _rest(self) -> None:
            if self._deadline is not None:
                self._deadline.cancel()
                self._deadline = None

    return Punctual
