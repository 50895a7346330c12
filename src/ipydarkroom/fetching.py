"""Downloads: a link to a result goes in, its bytes are poured into a sink. No credentials, and no way into a private network.

A link is foreign input. Only https is followed (the local backend's own origin excepted), at most three redirects, and
every hop is judged anew: the name is resolved, all its addresses must be public, and the connection goes to the very
address that was judged, so a name that changes its mind in between (DNS rebinding) gains nothing. The certificate is
still checked against the name.

Where an https proxy is configured, names are resolved by the proxy and not by us: then only hosts that spell out an
address (in any notation) and `localhost` can be judged here. The proxy is the network's own rule, and stays so.

The HTTP package is handed in by `transport`, which is the door; errors of that package are named there too.
"""

from __future__ import annotations

import asyncio
import base64
import socket
import zlib
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol
from urllib.parse import unquote_to_bytes, urljoin

from .addresses import is_public, literal
from .errors import NoAnswer, NotSent
from .settings import proxy_for
from .trust import public_trust

if TYPE_CHECKING:
    import ssl

    import httpx

    from .wire import Media

__all__ = ["FETCH_SECONDS", "REDIRECTS", "Fetcher", "Glance", "Network", "Own", "Sink"]

IMAGE_SECONDS = 300.0  # 64 MiB at 0.2 MiB a second
LONG_SECONDS = 1800.0  # 2 GiB at 1.2 MiB a second
FETCH_SECONDS: Mapping[Media, float] = {
    "image": IMAGE_SECONDS, "video": LONG_SECONDS, "audio": LONG_SECONDS, "file": LONG_SECONDS,
}
"""The total deadline of one download, by what the link leads to: names, handshakes, redirects and the whole body."""

REDIRECTS = 3
_STALL_SECONDS = 45.0  # between two pieces of a body
_PIECE = 2**16  # bytes unpacked at a time, so that a small compressed body cannot fill the memory
_HEADERS = {"User-Agent": "ipydarkroom", "Accept-Encoding": "identity", "Accept": "*/*"}


class Sink(Protocol):
    """Where the bytes go, piece by piece."""

    def write(self, data: bytes, /) -> object:
        """Take the next piece."""


async def _resolve(host: str, port: int) -> Sequence[str]:
    """Ask the system's resolver for all addresses of a name, best first."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(address[0]) for *_, address in found))


@dataclass(frozen=True, slots=True)
class Network:
    """What downloads know of the network. Tests put in their own, to let a server on loopback through.

    `resolve` gives all addresses of a name, `judge` says whether one may be connected to, `proxy` names the proxy for
    a link or None, `tls` is a context that trusts more than the usual authorities, or True.
    """

    resolve: Callable[[str, int], Awaitable[Sequence[str]]] = _resolve
    judge: Callable[[str], bool] = is_public
    proxy: Callable[[str], str | None] = proxy_for
    tls: ssl.SSLContext | bool = True


@dataclass(frozen=True, slots=True)
class Own:
    """The local backend's own origins, and the client that reaches them; no origins for hosted jobs."""

    origins: frozenset[str]
    client: Callable[[], httpx.AsyncClient]


@dataclass(frozen=True, slots=True)
class Glance:
    """What stands behind a link at first sight: the last hop's answer, its headers in lower case, and the first bytes."""

    host: str
    status: int
    headers: Mapping[str, str]
    head: bytes = b""


class Fetcher:
    """Downloads for one transport, on one event loop.

    Args:
        http: The HTTP package.
        network: How names are resolved and addresses judged.
    """

    def __init__(self, http: Any, network: Network) -> None:
        self._http = http
        self._network = network
        self._clients: dict[str | None, httpx.AsyncClient] = {}

    async def fetch(self, url: str, own: Own, cap: int, sink: Sink) -> None:
        """Pour what the link leads to into the sink, at most `cap` bytes after decoding. The caller sets the deadline.

        Nothing is written to the sink before the last hop has answered with 200.

        Raises:
            NoAnswer: The link is not one we follow, has expired, redirects without end, or answered with too much.
            NotSent: Its host's name is not known.
        """
        if url[:5].lower() == "data:":  # the file itself, inside the answer
            _pour_inline(url, cap, sink)
            return
        async with self._last_hop("GET", url, own, {}) as (host, got):
            if got.status_code != 200:
                raise NoAnswer(f"The file's address answered HTTP {got.status_code}.", host=host)
            await _pour(got, cap, host, sink)

    async def glance(self, method: Literal["HEAD", "GET"], url: str, own: Own, most: int = 0) -> Glance:
        """Ask what a link leads to, whatever the status, and read at most `most` bytes of it. The caller sets the deadline.

        Raises:
            NoAnswer: The link is not one we follow, redirects without end, or answered what cannot be read.
            NotSent: Its host's name is not known.
        """
        ranged = {"Range": f"bytes=0-{most - 1}"} if method == "GET" else {}
        async with self._last_hop(method, url, own, ranged) as (host, got):
            head = bytearray()
            if method == "GET":
                unpacked = _Unpacked(got.headers.get("content-encoding", ""))
                async for raw in got.aiter_raw():
                    for piece in unpacked.pieces(raw):
                        head += piece
                        if len(head) >= most:
                            break
                    if len(head) >= most:
                        break
            return Glance(host, got.status_code, {name.lower(): value for name, value in got.headers.items()}, bytes(head[:most]))

    @asynccontextmanager
    async def _last_hop(self, method: str, url: str, own: Own, asked: Mapping[str, str]) -> AsyncIterator[tuple[str, httpx.Response]]:
        """Follow a link to where it does not redirect any more; gives the host and its answer."""
        for _ in range(REDIRECTS + 1):
            place = self._read_link(url)
            async with self._answer(place, own, method, asked) as got:
                if not got.has_redirect_location:
                    yield place.host, got
                    return
                url = _next_link(url, got.headers["location"])
        raise NoAnswer("The file's address redirects without end.", host=place.host)

    async def close(self) -> None:
        """Close every connection."""
        clients, self._clients = list(self._clients.values()), {}
        for client in clients:
            await client.aclose()

    def _read_link(self, url: str) -> httpx.URL:
        """The link as the HTTP package itself reads it, so that what is judged and what is asked cannot differ."""
        try:
            link: httpx.URL = self._http.URL(url)
        except (self._http.InvalidURL, TypeError, ValueError) as error:
            raise NoAnswer("The result's address cannot be read.") from error
        return link

    @asynccontextmanager
    async def _answer(self, link: httpx.URL, own: Own, method: str, asked: Mapping[str, str]) -> AsyncIterator[httpx.Response]:
        """Ask one hop: our own backend as it is, everything else only where it is public."""
        headers = {**_HEADERS, **asked}
        async with AsyncExitStack() as stack:
            if not link.userinfo and _origin(link) in own.origins:
                yield await stack.enter_async_context(own.client().stream(method, link, headers=headers))
                return
            if link.scheme != "https" or link.userinfo or not link.host:
                raise NoAnswer(f"The result's address ({link.scheme}://{link.host}) is not one we fetch from.", host=link.host)
            proxy = self._network.proxy(str(link))
            if proxy is None:
                yield await self._pinned(stack, link, method, headers)
                return
            if (address := literal(link.host)) is not None:
                self._judge(link.host, [address])
            yield await stack.enter_async_context(self._client(proxy).stream(method, link, headers=headers))

    async def _pinned(self, stack: AsyncExitStack, link: httpx.URL, method: str, headers: Mapping[str, str]) -> httpx.Response:
        """Connect to the addresses that were judged, one after the other, under the name that was asked for."""
        name = link.raw_host.decode("ascii").rstrip(".")
        addresses = await self._addresses(name, link.port or 443)
        asked = {**headers, "Host": link.netloc.decode("ascii")}
        for left, address in zip(range(len(addresses) - 1, -1, -1), addresses, strict=True):
            there = link.copy_with(host=address)
            request = self._client(None).stream(method, there, headers=asked, extensions={"sni_hostname": name})
            try:
                return await stack.enter_async_context(request)
            except (self._http.ConnectError, self._http.ConnectTimeout):
                if not left:
                    raise
        raise NotSent(f"No connection to {link.host}: the name has no address.", host=link.host)

    async def _addresses(self, name: str, port: int) -> Sequence[str]:
        if (address := literal(name)) is not None:
            return self._judge(name, [address])
        try:
            return self._judge(name, await self._network.resolve(name, port))
        except UnicodeError as error:
            raise NoAnswer(f"The result's host {name[:80]!r} is no host name.") from error
        except OSError as error:
            raise NotSent(
                f"No connection to {name}: the name is not known.",
                next_step="Check the network (and proxy), then ask for the result again.", host=name,
            ) from error

    def _judge(self, name: str, addresses: Sequence[str]) -> Sequence[str]:
        """All of them, or none: a name with one private address among its public ones is an attack or a mistake."""
        inside = [address for address in addresses if not self._network.judge(address)]
        if inside:
            raise NoAnswer(
                f"The result's address ({name}) is not one we fetch from: it leads into a private network ({inside[0]}).",
                next_step="Where a VPN answers for every name, set HTTPS_PROXY to its proxy, then ask for the result again.",
                key="error.private_network", host=name,
            )
        return addresses

    def _client(self, proxy: str | None) -> httpx.AsyncClient:
        """One client for all public hosts, or per proxy. It knows no credentials and keeps no cookies.

        No connection is kept alive: the pool tells connections apart by address, and two names on one address would
        share a connection whose certificate was checked for one of them only.
        """
        if proxy not in self._clients:
            from http.cookiejar import CookieJar, DefaultCookiePolicy  # loaded late, with the HTTP package that wants it too

            http = self._http
            limits = http.Limits(max_connections=64, max_keepalive_connections=0)
            trust = public_trust(http) if self._network.tls is True else self._network.tls
            self._clients[proxy] = http.AsyncClient(
                transport=http.AsyncHTTPTransport(verify=trust, limits=limits, proxy=proxy),
                timeout=http.Timeout(_STALL_SECONDS, connect=10.0, pool=60.0),
                cookies=CookieJar(DefaultCookiePolicy(allowed_domains=[])),
                follow_redirects=False,
            )
        return self._clients[proxy]


def _origin(link: httpx.URL) -> str:
    return f"{link.scheme}://{link.netloc.decode('ascii')}"


def _next_link(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise NoAnswer("The file's address redirects to something that cannot be read.") from error


async def _pour(got: httpx.Response, cap: int, host: str, sink: Sink) -> None:
    """The body, counted after decoding; a body that announces too much is not even begun."""
    too_much = NoAnswer(f"{host} answered with more than {cap / 2**20:,.0f} MiB.", host=host)
    announced = got.headers.get("content-length", "")
    if announced.isascii() and announced.isdigit() and len(announced) < 20 and int(announced) > cap:
        raise too_much
    unpacked, size = _Unpacked(got.headers.get("content-encoding", "")), 0
    async for raw in got.aiter_raw():
        for piece in unpacked.pieces(raw):
            size += len(piece)
            if size > cap:
                raise too_much
            sink.write(piece)
    if not unpacked.whole:
        raise NoAnswer(f"{host} sent a compressed body that is cut short.", host=host)


def _pour_inline(link: str, cap: int, sink: Sink) -> None:
    """The bytes of a `data:` link (RFC 2397)."""
    head, _, body = link.partition(",")
    if len(body) > cap * 4 // 3 + 4:
        raise NoAnswer(f"The file inside the answer has more than {cap / 2**20:,.0f} MiB.")
    try:
        sink.write(base64.b64decode(body, validate=True) if head.lower().endswith(";base64") else unquote_to_bytes(body))
    except ValueError as error:
        raise NoAnswer("The file inside the answer is cut short.") from error


class _Unpacked:
    """Undoes a compression we did not ask for, a piece at a time; the HTTP packages unpack what came in one go."""

    def __init__(self, encoding: str) -> None:
        names = {name.strip().lower() for name in encoding.split(",")} - {"", "identity"}
        if names and (len(names) > 1 or not names <= {"gzip", "x-gzip", "deflate"}):
            raise NoAnswer("The file came in a compression that was not asked for.")
        self._unzip = zlib.decompressobj(wbits=47) if names else None  # 47: gzip or zlib, told by its header
        self._begun = False

    @property
    def whole(self) -> bool:
        """Whether the compressed body, if it is one, has come to its end."""
        return self._unzip is None or self._unzip.eof or not self._begun

    def pieces(self, raw: bytes) -> Iterator[bytes]:
        """What these bytes unpack to, at most 64 kB at a time."""
        if self._unzip is None:
            yield raw
            return
        while True:
            if self._unzip.eof and raw:  # the next member of a gzip file
                self._unzip = zlib.decompressobj(wbits=47)
            self._begun = self._begun or bool(raw)
            try:
                piece = self._unzip.decompress(raw, _PIECE)
            except zlib.error as error:
                raise NoAnswer("The file came in a broken compression.") from error
            raw = self._unzip.unconsumed_tail or self._unzip.unused_data
            yield piece
            if not raw and len(piece) < _PIECE:
                return
