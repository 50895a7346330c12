"""The door to HTTP: how far a request provably got, and where a token may go."""

from __future__ import annotations

import asyncio
import gzip
import json
import logging
import os

import pytest

from ipydarkroom import transport
from ipydarkroom.errors import NoAnswer, NotSent, SpendingForbidden
from ipydarkroom.routes import Route
from ipydarkroom.settings import Token, load
from ipydarkroom.transport import Transport
from ipydarkroom.wire import Blob, Call

CALL = Call("GET", "/v1/x")
ORDER = Call("POST", "/v1/x", body={"prompt": "fox"})


def to(origin: str, backend: str = "local-url") -> Route:
    """A route to that origin with a token."""
    return Route("runcomfy", backend, {"api": origin, "upload": origin}, "route.base_url", Token("canary-77"))


def door(env: dict[str, str] | None = None) -> Transport:
    """A transport without a local backend."""
    chosen = {"IPYDARKROOM_HTTP": os.environ.get("IPYDARKROOM_HTTP", "")}  # one leg of the suite runs on httpx2
    return Transport(load(chosen | (env or {})), lambda token: None)


class Tray:
    """A sink in memory."""

    def __init__(self) -> None:
        self.data = b""

    def write(self, piece: bytes) -> None:
        self.data += piece


async def fetched(carrier: Transport, url: str, route: Route, cap: int) -> bytes:
    """What a download brings."""
    tray = Tray()
    await carrier.fetch(url, route, cap, tray)
    return tray.data


def ask(scripts, faults, act):
    """Start the server, run `act(transport, server)`, close everything; returns (what act returned, the server)."""

    async def whole():
        async with faults.server(*scripts) as server:
            carrier = door()
            try:
                return await act(carrier, server), server
            finally:
                await carrier.close()

    return asyncio.run(whole())


def test_an_answer_comes_back_whole_whatever_its_status(faults):
    """Statuses are for the provider's reader to judge; the door only carries."""
    script = faults.says(b'{"a": 1}', status="422 Nope")

    reply, server = ask([script], faults, lambda carrier, at: carrier.send(CALL, to(at.origin)))

    assert (422, {"a": 1}) == (reply.status, reply.json())
    assert b"authorization: bearer canary-77" in server.requests[0].lower()


def test_no_connection_is_proof_that_nothing_was_sent():
    """A refused connection may be tried again without fear."""

    async def act():
        carrier = door()
        try:
            await carrier.send(ORDER, to("http://127.0.0.1:1"), order=True)
        finally:
            await carrier.close()

    with pytest.raises(NotSent, match="nothing was sent"):
        asyncio.run(act())


@pytest.mark.parametrize(
    "data",
    [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\nhalf", b"nonsense\r\n\r\n"],
    ids=["hangs up", "truncated", "no HTTP"],
)
def test_a_lost_answer_is_not_called_unsent(faults, data):
    """The request arrived; whatever broke afterwards, the order may have been placed. It is sent exactly once."""
    servers = []

    async def act(carrier, server):
        servers.append(server)
        return await carrier.send(ORDER, to(server.origin), order=True)

    with pytest.raises(NoAnswer) as caught:
        ask([faults.sends_raw(data)], faults, act)

    assert not isinstance(caught.value, NotSent)
    assert 1 == len(servers[0].requests)


def test_a_slow_answer_ends_at_the_total_deadline(faults, monkeypatch):
    """Bytes that trickle for ever do not hold a call for ever."""
    monkeypatch.setattr(transport, "CALL_SECONDS", 0.2)
    stop = asyncio.Event()

    async def trickle(_, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n")
        await writer.drain()
        await stop.wait()

    with pytest.raises(NoAnswer):
        ask([trickle], faults, lambda carrier, at: carrier.send(CALL, to(at.origin)))


def test_paid_hosts_are_out_of_reach_while_spending_is_off():
    """The lock is checked before anything else, so not a byte leaves."""

    async def act():
        carrier = door({"IPYDARKROOM_SPENDING": "off"})
        await carrier.send(CALL, to("https://api.example", backend="remote"))

    with pytest.raises(SpendingForbidden):
        asyncio.run(act())


def test_a_redirect_is_not_followed_with_a_token(faults):
    """A POST that is redirected is an answer to be judged, not a reason to visit another host."""
    script = faults.says(b"", status="302 Found", headers=("Location: http://127.0.0.1:1/evil",))

    reply, server = ask([script], faults, lambda carrier, at: carrier.send(ORDER, to(at.origin), order=True))

    assert (302, 1) == (reply.status, len(server.requests))


def test_a_result_is_fetched_without_the_token(faults):
    """The file's host gets the link and nothing else."""
    script = faults.says(b"picture")

    data, server = ask([script], faults, lambda carrier, at: fetched(carrier, f"{at.origin}/a.png", to(at.origin), 100))

    assert b"picture" == data
    assert b"canary" not in server.requests[0]


def test_a_file_that_is_too_large_is_cut_off(faults):
    """The cap counts decoded bytes, also where a small compressed body hides a large one."""
    bomb = gzip.compress(bytes(100_000))
    script = faults.says(bomb, headers=("Content-Encoding: gzip",))

    with pytest.raises(NoAnswer, match="more than"):
        ask([script], faults, lambda carrier, at: fetched(carrier, f"{at.origin}/a.png", to(at.origin), 50_000))


@pytest.mark.parametrize("url", ["http://example.org/a.png", "file:///etc/passwd", "https://user@example.org/a.png"])
def test_only_https_links_and_our_own_are_fetched(url):
    """A result's address is foreign input."""

    async def act():
        carrier = door()
        await fetched(carrier, url, to("https://api.example", backend="remote"), 100)

    with pytest.raises(NoAnswer, match="not one we fetch"):
        asyncio.run(act())


def test_an_expired_link_says_so(faults):
    """Links die; the status is named."""
    with pytest.raises(NoAnswer, match="403"):
        ask([faults.says(b"", status="403 Gone")], faults, lambda carrier, at: fetched(carrier, f"{at.origin}/a", to(at.origin), 9))


def test_a_file_travels_as_a_stream_with_its_form(faults):
    """An upload is multipart: the fields, and the file under `file`."""
    blob = Blob(b"\x89PNG", "fox.png", "image/png")
    call = Call("POST", "/up", host="upload", upload=blob, form=(("uploadPath", "here"),))

    _, server = ask([faults.says(b"{}")], faults, lambda carrier, at: carrier.send(call, to(at.origin)))

    assert b'name="uploadPath"' in server.requests[0]
    assert b'filename="fox.png"' in server.requests[0]


def test_a_proxy_of_the_environment_does_not_see_loopback(faults, monkeypatch):
    """A token for this machine must not pass through somebody's proxy."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")

    reply, _ = ask([faults.says(b"{}")], faults, lambda carrier, at: carrier.send(CALL, to(at.origin)))

    assert 200 == reply.status


SECRET = "the-path-is-a-secret-77"


def test_a_callback_reaches_a_receiver_on_this_machine(faults, caplog, monkeypatch):
    """A JSON body, the headers given, no token, no proxy; and nobody logs its address."""
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")

    async def act(carrier, at):
        return await carrier.post_loopback(f"{at.origin}/{SECRET}/1", {"a": "狐"}, {"X-Webhook-Timestamp": "17"})

    status, server = ask([faults.says(b"", status="503 Later")], faults, act)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")

    assert 503 == status
    assert {"a": "狐"} == json.loads(body)
    assert b"x-webhook-timestamp: 17" in head.lower()
    assert b"authorization" not in head.lower()
    assert SECRET not in caplog.text


def test_a_callback_does_not_follow_a_redirect(faults):
    """The receiver's answer is final, wherever it points."""
    script = faults.says(b"", status="307 Elsewhere", headers=("Location: http://127.0.0.1:1/x",))

    status, server = ask([script], faults, lambda carrier, at: carrier.post_loopback(at.origin, {}, {}))

    assert (307, 1) == (status, len(server.requests))


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/x", "http://10.0.0.1/x", "http://2130706433/x", "http://[::ffff:127.0.0.1]/x", "file:///x", "nonsense",
        "http://user@127.0.0.1/x", "http://127.0.0.1@example.org/x", "http://127.0.0.1\t.example.org/x", "http://localhost.example.org/x",
        "http://[", "http://127.0.0.1:1/x", "",
    ],
)  # fmt: skip
def test_a_callback_never_leaves_this_machine(url):
    """Anything that is not plainly loopback is refused before a connection; so is one where nobody listens."""

    async def act():
        carrier = door()
        try:
            await carrier.post_loopback(url, {}, {})
        finally:
            await carrier.close()

    with pytest.raises(NotSent):
        asyncio.run(act())


def test_a_receiver_that_never_answers_is_given_up(faults, monkeypatch):
    """One total deadline, whatever trickles."""
    monkeypatch.setattr(transport, "POST_SECONDS", 0.2)
    stop = asyncio.Event()

    async def silent(_, writer):
        await stop.wait()

    with pytest.raises(NoAnswer):
        ask([silent], faults, lambda carrier, at: carrier.post_loopback(at.origin, {}, {}))
