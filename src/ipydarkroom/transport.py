"""The only door to HTTP: a Call and a Route go in, a Reply comes out, or an error that says how far it got.

* `NotSent` - proven: nothing left this machine (no connection, no DNS, TLS refused)
* `NoAnswer` - something may have left and no usable answer came; for an order that means "uncertain"

The token is put on at the last moment, by an auth object that knows one origin and no other. Redirects are not
followed on calls; orders travel on connections of their own, since a kept-alive one may already be dead. What a
download may lead to is judged in `fetching`.
"""

from __future__ import annotations

import asyncio
import importlib
import importlib.util
import json
import logging
import secrets
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from .errors import NoAnswer, NotSent, SpendingForbidden
from .fetching import FETCH_SECONDS, Fetcher, Glance, Network, Own, Sink
from .redaction import quiet
from .providers import auth_scheme
from .routes import LOOPBACK
from .settings import Settings, Token, spending_forbidden
from .trust import local_trust, public_trust
from .wire import Call, Reply

if TYPE_CHECKING:
    import httpx

    from .routes import Route

__all__ = ["Transport", "http_package"]

CALL_CAP = 64 * 2**20  # bytes of an answer; base64 pictures inside JSON are the largest we expect
CALL_SECONDS = 45.0  # a total deadline around every look-up
SUBMIT_SECONDS = 120.0  # the vendors' own tools allow 90-100 s for an order
GLANCE_SECONDS = 20.0  # a person waits for it
POST_SECONDS = 15.0  # the time Kie's guide gives a receiver of callbacks


def http_package(settings: Settings) -> str:
    """Which HTTP package carries the calls: `httpx2` where installed, else `httpx`; IPYDARKROOM_HTTP decides first.

    Raises:
        ModuleNotFoundError: It is not installed; said here, before an order could meet it.
    """
    wished = (settings.http,) if settings.http in ("httpx", "httpx2") else ("httpx2", "httpx")
    for name in wished:
        if importlib.util.find_spec(name):
            return name
    raise ModuleNotFoundError(f"{wished[-1]} is not installed.", name=wished[-1])


class Transport:
    """Carries calls for one client, on one event loop.

    Args:
        settings: Tokens and the spending switch.
        build_local: Makes the local backend's ASGI app from the token it shall accept; called once, on first need.
        network: How downloads resolve names and judge addresses; the system's resolver and public addresses by default.
    """

    def __init__(self, settings: Settings, build_local: Callable[[Token], Any], *, network: Network | None = None) -> None:
        self._settings = settings
        self._package = http_package(settings)
        _quiet_loggers(self._package)
        self._build_local = build_local
        self._local_token = Token("local-" + secrets.token_urlsafe(16))
        self._local_app: Any = None
        self._closed = False
        self._clients: dict[tuple[str, str, int], httpx.AsyncClient] = {}
        self._idle: defaultdict[tuple[str, str], list[httpx.AsyncClient]] = defaultdict(list)
        self._network = network or Network()

    @cached_property
    def _http(self) -> Any:
        """The HTTP package, loaded when something is sent: a client that only lists its jobs does not need it."""
        return importlib.import_module(self._package)

    @cached_property
    def _signed(self) -> Callable[[str, Token, frozenset[str]], httpx.Auth]:
        return _auth_of(self._http)

    @cached_property
    def _fetcher(self) -> Fetcher:
        return Fetcher(self._http, self._network)

    async def send(self, call: Call, route: Route, *, order: bool = False) -> Reply:
        """Carry one call and return its whole answer, whatever the status.

        Args:
            call: What to ask.
            route: Where, and with which token.
            order: True for a submit: a connection of its own, and a longer deadline.

        Raises:
            SpendingForbidden: A paid host, while spending is switched off. Nothing left.
            NotSent: Proven that nothing left.
            NoAnswer: No usable answer; the request may have arrived.
        """
        if route.backend == "remote" and spending_forbidden(self._settings):
            raise SpendingForbidden(
                f"Paid hosts are switched off, so nothing was sent to {route.host}.",
                next_step="Unset IPYDARKROOM_SPENDING, or run on this machine with local=True.",
                host=route.host,
            )
        seconds = SUBMIT_SECONDS if order else CALL_SECONDS
        origin, content = route.origins[call.host], self._content(call, route)
        with self._line(route, origin, "order" if order else "call") as client:
            async with self._answers(route.host, seconds), client.stream(call.method, origin + call.path, **content) as got:
                body = await _read(got, CALL_CAP, route.host)
                if (token := self._token(route)) is not None:
                    body = token.hidden_in(body)
                return Reply(got.status_code, {k.lower(): v for k, v in got.headers.items()}, body)

    async def fetch(self, url: str, route: Route, cap: int, sink: Sink, *, seconds: float = FETCH_SECONDS["image"]) -> None:
        """Download a result without credentials into the sink, at most `cap` bytes after decoding; see `fetching`.

        Args:
            url: The result's link, which may lead anywhere.
            route: The job's route; a local one may be fetched from its own origin.
            cap: The most bytes we take.
            sink: Takes the bytes as they come. After an error it holds a part, of no use to anybody.
            seconds: The total deadline, see `FETCH_SECONDS`.

        Raises:
            NoAnswer: The link is not one we follow, has expired, answered with too much, or took too long.
            NotSent: No connection came about.
            StorageError: From the sink: the disk refused.
        """
        own = Own(frozenset(route.origins.values()) if route.is_local else frozenset(), lambda: self._client(route, "fetch"))
        async with self._answers(_host_of(url, route), seconds):
            await self._fetcher.fetch(url, own, cap, sink)

    async def glance(self, method: Literal["HEAD", "GET"], url: str, most: int = 0) -> Glance:
        """Ask a foreign link what it leads to, without credentials; see `fetching`. Nothing is kept.

        Args:
            method: `HEAD`, or `GET` for the first bytes too.
            url: A public https link.
            most: The most bytes to read.

        Raises:
            SpendingForbidden: IPYDARKROOM_LOCAL=1 keeps everything on this machine. Nothing left.
            NoAnswer: The link is not one we follow, or no usable answer came within 20 seconds.
            NotSent: No connection came about.
        """
        host = _host_named(url)
        if self._settings.local:
            raise SpendingForbidden(
                f"IPYDARKROOM_LOCAL=1 keeps everything on this machine, so {host} was not asked.",
                next_step="Start Jupyter without IPYDARKROOM_LOCAL to check links.", host=host, key="error.link_local_only",
            )
        async with self._answers(host, GLANCE_SECONDS):
            return await self._fetcher.glance(method, url, _NOBODYS, most)

    async def post_loopback(self, url: str, body: Mapping[str, object], headers: Mapping[str, str]) -> int:
        """Post a callback of the local backend to this very machine; no credentials, no redirect, no proxy.

        Args:
            url: `http(s)://` to 127.0.0.1, ::1 or localhost.
            body: Sent as JSON.
            headers: Beside the content type; a signature, say.

        Returns:
            The receiver's HTTP status, whatever it is.

        Raises:
            NotSent: Not an address of this machine, or nobody listens there.
            NoAnswer: No answer within 15 seconds.
        """
        content, told = json.dumps(body).encode(), {"Content-Type": "application/json", **headers}
        async with self._answers("the receiver of callbacks", POST_SECONDS):
            address = self._http.URL(url)  # judged as the sender itself reads it
            if address.scheme not in ("http", "https") or address.host not in LOOPBACK or address.userinfo:
                raise NotSent("A callback of the local backend is posted to this machine only.")
            unsaid = _unsaid.set(True)
            try:
                async with self._door_to_loopback(address.scheme).stream("POST", address, content=content, headers=told) as got:
                    return got.status_code
            finally:
                _unsaid.reset(unsaid)

    async def close(self) -> None:
        """End the local backend's workers, whose last callbacks may be under way, and close every connection."""
        self._closed = True
        app, self._local_app = self._local_app, None
        try:
            if app is not None:
                await app.state.studio.close()
        finally:
            clients, self._clients = list(self._clients.values()), {}
            self._idle.clear()
            for client in clients:
                await client.aclose()
            if "_fetcher" in vars(self):
                await self._fetcher.close()

    def _content(self, call: Call, route: Route) -> dict[str, Any]:
        content: dict[str, Any] = {"params": list(call.query) or None, "auth": self._auth(route)}
        if call.upload is not None:
            content["files"] = {"file": (call.upload.name, call.upload.data, call.upload.mime)}
            content["data"] = dict(call.form)
        elif call.body is not None:
            content["content"] = json.dumps(call.body).encode()  # ASCII: half a character must not stop an order
            content["headers"] = {"Content-Type": "application/json"}
        return content

    def _token(self, route: Route) -> Token | None:
        return self._local_token if route.backend == "local-process" else route.token

    def _auth(self, route: Route) -> httpx.Auth | None:
        token = self._token(route)
        return None if token is None else self._signed(auth_scheme(route.provider), token, frozenset(route.origins.values()))

    @contextmanager
    def _line(self, route: Route, origin: str, purpose: str) -> Iterator[httpx.AsyncClient]:
        """A client for one request at a time and one connection: the one used last, so that few are kept open.

        A pool asks the system about each of its idle connections whenever a request comes or goes. With one large pool
        that was a third of the time of a crowd of 1,000 jobs, and with four in each still of ten; a client of its own
        costs 3 KB and a tenth of a millisecond, once.
        """
        idle = self._idle[origin, purpose]
        client = self._client(route, purpose, len(self._clients)) if self._closed or not idle else idle.pop()
        try:
            yield client
        finally:
            idle.append(client)

    def _client(self, route: Route, purpose: str, number: int = 0) -> httpx.AsyncClient:
        """HTTP clients by kind of host and purpose; downloads never share one with credentials."""
        if self._closed:
            raise NotSent("The client is closed, so nothing was sent.", next_step="Make a new one; the job is in its journal.")
        key = (route.backend, purpose, number)
        if key not in self._clients:
            self._clients[key] = self._new_client(route, purpose)
        return self._clients[key]

    def _new_client(self, route: Route, purpose: str) -> httpx.AsyncClient:
        http = self._http
        seconds = SUBMIT_SECONDS if purpose == "order" else CALL_SECONDS
        options: dict[str, Any] = {
            "timeout": http.Timeout(seconds, connect=10.0, pool=60.0),
            "follow_redirects": False,
            "headers": {"User-Agent": "ipydarkroom", "Accept-Encoding": "identity"},
            # Only look-ups keep connections: a kept one may be dead, and a look that fails is simply made again.
            "limits": http.Limits(max_connections=64, max_keepalive_connections=1 if purpose == "call" else 0),
            "trust_env": not route.is_local,  # a proxy must not swallow loopback
            "verify": local_trust(route.origins.values()) if route.is_local else public_trust(http),
        }
        if route.backend == "local-process":
            if self._local_app is None:
                self._local_app = self._build_local(self._local_token)
            options["transport"] = http.ASGITransport(app=self._local_app, raise_app_exceptions=False)
        client: httpx.AsyncClient = http.AsyncClient(**options)
        return client

    def _door_to_loopback(self, scheme: str) -> httpx.AsyncClient:
        """The client for callbacks: it never saw a token, and opens a connection for each."""
        key = ("loopback", scheme, 0)
        if key not in self._clients:
            self._clients[key] = self._http.AsyncClient(
                timeout=POST_SECONDS,
                follow_redirects=False,
                trust_env=False,
                verify=local_trust([f"{scheme}:"]),
                headers={"User-Agent": "ipydarkroom", "Accept-Encoding": "identity"},
                limits=self._http.Limits(max_connections=16, max_keepalive_connections=0),
            )
        return self._clients[key]

    @asynccontextmanager
    async def _answers(self, host: str, seconds: float) -> AsyncIterator[None]:
        """Turn the HTTP package's errors into ours, by how far the request provably got."""
        http = self._http
        unsent = (http.ConnectError, http.ConnectTimeout, http.PoolTimeout, http.UnsupportedProtocol, http.InvalidURL)
        try:
            async with asyncio.timeout(seconds):
                yield
        except asyncio.CancelledError as stop:  # an interrupted cell shows the frames of what it awaited: a fresh one has none
            raise asyncio.CancelledError(*_bare(stop).args) from None
        except unsent as error:
            raise NotSent(
                f"No connection to {host}: {type(error).__name__}.",
                next_step="Check the network (and proxy), then run again; nothing was sent.",
                host=host,
            ) from _bare(error)
        except (http.TransportError, http.DecodingError, http.StreamError, TimeoutError) as error:
            raise NoAnswer(
                f"{host} gave no usable answer: {type(error).__name__}.", next_step="Try again later.", host=host
            ) from _bare(error)


def _bare(error: BaseException) -> BaseException:
    """The same error without its frames, and without those it came from: the HTTP package's locals hold the headers."""
    error.__traceback__ = error.__cause__ = error.__context__ = None
    return error


def _host_of(url: str, route: Route) -> str:
    """The host to name in an error: the link's own, where it can be read."""
    return _host_named(url) or route.host


def _host_named(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _no_client() -> Any:
    raise AssertionError("nobody's origins have no client")


_NOBODYS = Own(frozenset(), _no_client)
"""No origin is our own: a link that a person gave is foreign, wherever it leads."""


_unsaid: ContextVar[bool] = ContextVar("unsaid", default=False)
"""True while an address is called whose very path is a secret."""


def _quiet_loggers(package: str) -> None:
    """The HTTP package logs whole addresses, and its core every header of an answer: signed links are cut there too.

    A logger's filter does not hear its children, so each one is named.
    """
    core = package.replace("httpx", "httpcore")
    for name in (package, *(f"{core}.{part}" for part in ("connection", "http11", "http2", "proxy", "socks"))):
        logger = logging.getLogger(name)
        quiet(logger)
        logger.addFilter(_said_aloud)


def _said_aloud(_: logging.LogRecord) -> bool:
    """Not the address of a callback: its very path is a secret."""
    return not _unsaid.get()


async def _read(got: httpx.Response, cap: int, host: str) -> bytes:
    """The body, counted after decoding, so that a small compressed answer cannot fill the memory."""
    parts, size = [], 0
    plain = "content-encoding" not in got.headers  # as nearly always: then what comes is what is meant
    async for part in got.aiter_raw() if plain else got.aiter_bytes():
        size += len(part)
        if size > cap:
            raise NoAnswer(f"{host} answered with more than {cap // 2**20} MiB.", host=host)
        parts.append(part)
    return b"".join(parts)


def _auth_of(http: Any) -> Callable[[str, Token, frozenset[str]], httpx.Auth]:
    """The class of auth objects that name a token to its origins only; made here as its base is chosen at run time."""

    class Signed(http.Auth):  # type: ignore[misc]  # the base is httpx.Auth or httpx2.Auth
        def __init__(self, scheme: str, token: Token, origins: frozenset[str]) -> None:
            self._scheme = scheme
            self._token = token
            self._origins = origins

        def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
            url = request.url
            port = f":{url.port}" if url.port else ""
            host = f"[{url.host}]" if ":" in url.host else url.host
            if f"{url.scheme}://{host}{port}" in self._origins:
                request.headers["Authorization"] = f"{self._scheme} {self._token.reveal()}"
            yield request

    return Signed
