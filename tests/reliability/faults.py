"""The kinds of faults: what a server, a gateway or a wire can do to one request, each a few real bytes on a socket.

A kind decides whether the request is processed (`exchange.process()`: the order is then placed, whatever the client hears)
and what goes back. Names ending in `_before` and `_after` say so where both exist. `phases` and `providers` tell where a
kind makes sense; `chance` is False for those that cost seconds or end a job by rights, which only a script asks for.

`refused` is not here: a shut port is the listener's business (see `backend.Plan`).
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from backend import PHASES
from loopback import Answer, wire
from server import Exchange

__all__ = ["KINDS", "Kind", "fitting"]

Act = Callable[[Exchange], Awaitable[None]]
CALLS = ("submit", "poll", "result", "cancel")
LOOKS = ("poll", "result")
BOTH = ("runcomfy", "kie")
TOO_LONG = 3 * 2**20  # the matrix lowers the client's caps below this
PIECE_S = 0.25
JSON = [("content-type", "application/json")]
HTML = [("content-type", "text/html")]
PAGE = b"<!doctype html><title>Sign in</title><p>Please sign in to this network.</p>"


@dataclass(frozen=True)
class Kind:
    """One fault: what it does, and where and when it makes sense."""

    name: str
    act: Act
    phases: tuple[str, ...]
    providers: tuple[str, ...]
    chance: bool


KINDS: dict[str, Kind] = {}


def kind(
    *, phases: tuple[str, ...] = PHASES, providers: tuple[str, ...] = BOTH, chance: bool = True, name: str = ""
) -> Callable[[Act], Act]:
    def keep(act: Act) -> Act:
        called = name or act.__name__
        KINDS[called] = Kind(called, act, phases, providers, chance)
        return act

    return keep


@cache
def fitting(provider: str, phase: str, wished: tuple[str, ...]) -> tuple[str, ...]:
    """The kinds that may come by chance to such a request, `refused` among them."""
    found = [one.name for one in KINDS.values() if one.chance and phase in one.phases and provider in one.providers]
    return tuple(name for name in (*found, "refused") if not wished or name in wished)


# --- the wire ---


@kind()
async def reset_before(exchange: Exchange) -> None:
    exchange.reset()


@kind()
async def reset_after(exchange: Exchange) -> None:
    await exchange.process()
    exchange.reset()


@kind()
async def fin_before(exchange: Exchange) -> None:
    exchange.writer.close()


@kind()
async def fin_after(exchange: Exchange) -> None:
    await exchange.process()
    exchange.writer.close()


@kind()
async def half_a_head(exchange: Exchange) -> None:
    whole = wire(await exchange.process())
    await exchange.write(whole[:30])
    exchange.writer.close()


@kind()
async def headers_only(exchange: Exchange) -> None:
    answer = await exchange.process()
    await exchange.write(wire(answer)[: -len(answer.body)])
    exchange.writer.close()


@kind()
async def cut_by_length(exchange: Exchange) -> None:
    answer = await exchange.process()
    await exchange.write(wire(answer)[: -(len(answer.body) // 2)])
    exchange.writer.close()


@kind()
async def cut_in_chunks(exchange: Exchange) -> None:
    answer = await exchange.process()
    half = answer.body[: len(answer.body) // 2]
    await exchange.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n%x\r\n%s\r\n" % (len(half), half))
    exchange.writer.close()


@kind()
async def cut_without_length(exchange: Exchange) -> None:
    """No length at all: only the content can tell that half is missing."""
    answer = await exchange.process()
    await exchange.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n" + answer.body[: len(answer.body) // 2])
    exchange.writer.close()


@kind()
async def no_http(exchange: Exchange) -> None:
    await exchange.process()
    await exchange.write(b"SSH-2.0-OpenSSH_9.2p1\r\n\r\n")
    exchange.writer.close()


@kind()
async def stale(exchange: Exchange) -> None:
    """A good answer; the next request on this connection finds it dead."""
    await exchange.send(await exchange.process())
    exchange.poisoned = True


@kind()
async def slow(exchange: Exchange) -> None:
    """A good answer in five small pieces: slow, but in time."""
    whole = wire(await exchange.process())
    for start in range(0, len(whole), len(whole) // 5 + 1):
        await exchange.write(whole[start : start + len(whole) // 5 + 1])
        await asyncio.sleep(0.005)
    if exchange.taken and exchange.phase == "download":
        exchange.taken.fetched.add(exchange.target.partition("?")[0])


@kind(chance=False)
async def drip(exchange: Exchange) -> None:
    """A good answer, a byte at a time, that would take minutes: every single read is in time, the whole is not."""
    for byte in wire(await exchange.process()):
        await exchange.write(bytes([byte]))
        await asyncio.sleep(PIECE_S)


@kind(chance=False)
async def silence(exchange: Exchange) -> None:
    await exchange.process()
    await asyncio.sleep(3600)


# --- gateways, and servers that are unwell ---


def _says(name: str, status: int, body: bytes, *, after: bool, headers: Any = HTML, **where: Any) -> None:
    async def act(exchange: Exchange) -> None:
        if after:
            await exchange.process()
        await exchange.write(wire(Answer(status, list(headers), body)))

    kind(name=name, **where)(act)


_says("html_200", 200, PAGE, after=False)
_says("html_502_before", 502, b"<h1>502 Bad Gateway</h1><hr>nginx", after=False)
_says("bare_500_after", 500, b"", after=True)
_says("json_500_after", 500, b'{"detail": "Internal Server Error"}', after=True, headers=JSON)
_says("html_502_after", 502, b"<h1>502 Bad Gateway</h1><hr>nginx", after=True)
_says("json_503_after", 503, b'{"error_message": "overloaded"}', after=True, headers=JSON)
_says("html_503_before", 503, b"<h1>503</h1>", after=False)
_says("html_504_after", 504, b"<h1>504 Gateway Time-out</h1>", after=True)
_says("bare_408_after", 408, b"", after=True)
_says("html_408_before", 408, b"<h1>408 Request Time-out</h1>", after=False)
_says("bare_501_before", 501, b"", after=False)
_says("plain_429", 429, b"{}", after=False, headers=JSON)
_says("soon_429", 429, b"{}", after=False, headers=[*JSON, ("retry-after", "0")])
_says("absurd_429", 429, b"{}", after=False, headers=[*JSON, ("retry-after", "nan")])
_says("arabic_429", 429, b"{}", after=False, headers=[*JSON, ("retry-after", "\u0663".encode().decode("latin-1"))])
_says("past_429", 429, b"{}", after=False, headers=[*JSON, ("retry-after", "Wed, 21 Oct 2015 07:28:00 GMT")])
_says("blip_404", 404, b"<h1>404</h1>", after=False)
_says("blip_422", 422, b"{}", after=False, headers=JSON)
_says("empty_200", 200, b"", after=True)
_says("empty_204", 204, b"", after=True)


def _redirects(status: int, *, after: bool) -> None:
    async def act(exchange: Exchange) -> None:
        if after:
            await exchange.process()
        headers = [("location", f"{exchange.server.trap_origin}/elsewhere")]
        await exchange.write(wire(Answer(status, headers, b"")))

    kind(name=f"redirect_{status}")(act)


_redirects(302, after=False)
_redirects(307, after=True)


# --- answers that arrive whole and are wrong ---


def _bodies(name: str, make: Callable[[bytes], bytes], *, headers: Any = JSON, **where: Any) -> None:
    """The request is processed, and its answer's body replaced."""

    async def act(exchange: Exchange) -> None:
        answer = await exchange.process()
        await exchange.write(wire(Answer(answer.status, list(headers), make(answer.body))))

    kind(name=name, **{"phases": CALLS} | where)(act)


def _and(more: bytes) -> Callable[[bytes], bytes]:
    return lambda body: body.rstrip()[:-1] + b", " + more + b"}"


_TWICE = b'"request_id": "r-other", "status": "cancelled", "outcome": "not_cancellable", "data": {"taskId": "t-other", "state": "fail"}'
_WRONG = b'{"request_id": {"a": 1}, "status": ["completed"], "outcome": 5, "code": "200", "data": {"taskId": {"a": 1}, "state": [0]}}'
_bodies("json_null", lambda _: b"null")
_bodies("json_list", lambda _: b"[]")
_bodies("json_string", lambda _: b'"accepted"')
_bodies("wrong_types", lambda _: _WRONG)
_bodies("nothing_in_it", lambda _: b'{"code": 200, "msg": "success", "data": null}')
_bodies("key_twice", _and(_TWICE))
_bodies("not_a_number", _and(b'"cost": NaN'))
_bodies("huge_whole", _and(b'"cost": ' + b"9" * 10_000))
_bodies("deep", _and(b'"note": ' + b"[" * 200_000 + b"]" * 200_000), chance=False)
_bodies("bad_utf8", _and(b'"note": "\xff\xfe\xed\xa0\x80"'))
_bodies("gzip_garbage", lambda _: b"\x1f\x8b\x08garbage", headers=[*JSON, ("content-encoding", "gzip")], phases=PHASES)
_bodies("unknown_coding", lambda body: body, headers=[*JSON, ("content-encoding", "snappy")], phases=PHASES, chance=False)
_bodies("too_long", lambda body: body[:-1] + b" " * TOO_LONG + body[-1:], phases=PHASES, chance=False)
_bodies("half_a_picture", lambda body: body[: len(body) - 20], phases=("download",), headers=[("content-type", "image/png")])
_bodies("no_picture", lambda _: b"%PDF-1.7\n%%EOF", phases=("download",), headers=[("content-type", "image/png")])


@kind(phases=LOOKS)
async def unknown_word(exchange: Exchange) -> None:
    await _reword(exchange, "pondering", "pondering")


@kind(phases=LOOKS)
async def running(exchange: Exchange) -> None:
    """Not a fault by itself: says that the job is at work."""
    await _reword(exchange, "in_progress", "generating")


@kind(phases=LOOKS)
async def backwards(exchange: Exchange) -> None:
    """Whatever was said before, the job waits."""
    await _reword(exchange, "in_queue", "waiting")


async def _reword(exchange: Exchange, runcomfy: str, kie: str) -> None:
    answer = await exchange.process()
    said = json.loads(answer.body)
    if exchange.taken is None or answer.status != 200:  # the mirror does not know this id: nothing to reword
        await exchange.send(answer)
        return
    if exchange.provider == "kie":
        said["data"] = {"taskId": said["data"]["taskId"], "state": kie}
    else:
        said = {"request_id": said["request_id"], "status": runcomfy}
    await exchange.send(Answer(200, JSON, json.dumps(said).encode()))


@kind(phases=CALLS)
async def another_id(exchange: Exchange) -> None:
    """The answer is about somebody else's job: on a submit its id, on a look its state and its files.

    On a submit only an id whose owner provably has it, as its file went out whole. One whose own answer is lost or still on
    its way is an id that no client can tell from its own: the books would accuse a good one.
    """
    book = exchange.server.book
    answer = await exchange.process()
    ours, ordering = exchange.marker, exchange.phase == "submit"
    others = ((i, one) for i, one in book.items() if one.provider == exchange.provider and one.marker != ours)
    theirs = next((i for i, one in others if one.fetched or not ordering), "")
    mine = next((i for i, one in reversed(book.items()) if one.marker == ours), "")
    if theirs and ordering:
        answer.body = answer.body.replace(mine.encode(), theirs.encode())
    elif theirs and mine:
        exchange.target = exchange.target.replace(mine, theirs)
        exchange.taken, kept = book[theirs], exchange.taken
        answer = await exchange.process()
        exchange.taken = kept
    await exchange.write(wire(answer))


@kind(phases=("download",))
async def expired(exchange: Exchange) -> None:
    """403 from now on, for this link: only a new look at the result gives one that works."""
    if exchange.taken:
        exchange.taken.deaths += 1
    await exchange.write(wire(Answer(403, [("content-type", "application/xml")], b"<Error><Code>AccessDenied</Code></Error>")))


# --- codes in the body, under HTTP 200 ---


def _codes(name: str, body: dict[str, object], *, provider: str, after: bool, **where: Any) -> None:
    _says(name, 200, json.dumps(body).encode(), after=after, headers=JSON, providers=(provider,), **{"phases": CALLS} | where)


_ORDERS = {"phases": ("submit",)}
_codes("kie_500", {"code": 500, "msg": "Server error", "data": None}, provider="kie", after=True)
_codes("kie_501", {"code": 501, "msg": "Generation failed", "data": None}, provider="kie", after=True, **_ORDERS)
_codes("kie_501_look", {"code": 501, "msg": "Generation failed"}, provider="kie", after=True, phases=LOOKS, chance=False)
_codes("kie_408_look", {"code": 408, "msg": "Timed out"}, provider="kie", after=True, phases=LOOKS, chance=False)
_codes("kie_404", {"code": 404, "msg": "not found"}, provider="kie", after=False)
_codes("kie_422", {"code": 422, "msg": "recordInfo is null"}, provider="kie", after=False)
_codes("kie_429", {"code": 429, "msg": "Rate limited"}, provider="kie", after=False)
_codes("kie_455", {"code": 455, "msg": "Service unavailable"}, provider="kie", after=False)
_codes("kie_433", {"code": 433, "msg": "Request limit of the sub-key"}, provider="kie", after=False, **_ORDERS)
_codes("kie_433_look", {"code": 433, "msg": "Request limit"}, provider="kie", after=False, phases=LOOKS, chance=False)
_codes("rc_500001", {"error_code": 500001, "error_message": "internal"}, provider="runcomfy", after=True)
_codes("rc_404001", {"error_code": 404001, "error_message": "not found"}, provider="runcomfy", after=False)
_codes("rc_400002", {"error_code": 400002, "error_message": "balance"}, provider="runcomfy", after=False, **_ORDERS)
_codes("rc_400002_look", {"error_code": 400002, "error_message": "balance"}, provider="runcomfy", after=False, phases=LOOKS, chance=False)
