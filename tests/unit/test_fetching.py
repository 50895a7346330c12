"""Downloads: https only, no credentials, and no way into a private network."""

from __future__ import annotations

import asyncio
import gzip
import os
import subprocess
import sys
from collections.abc import Awaitable, Callable, Sequence
from pathlib import Path

import pytest
from web import HOST, Web, https_server

from ipydarkroom.errors import DarkroomError, NoAnswer, NotSent
from ipydarkroom.routes import Route
from ipydarkroom.settings import Token, load, proxy_for
from ipydarkroom.transport import Transport

REMOTE = Route("kie", "remote", {"api": "https://api.example"}, "route.token", Token("canary-77"))
PACKAGES = ["httpx", "httpx2"]


class Tray:
    """A sink in memory."""

    def __init__(self) -> None:
        self.data = b""

    def write(self, piece: bytes) -> None:
        self.data += piece


def fetch(
    faults, web: Web, scripts: Sequence[object], link: str = "https://files.example:{port}/a.png", *,
    package: str = "", cap: int = 10**6, route: Route = REMOTE, proxy: str | None = None, names: Sequence[str] = (HOST,),
    then: Callable[[Transport, str], Awaitable[None]] | None = None,
):  # fmt: skip
    """Download one link from a TLS server; returns the bytes (or the error) and the server."""

    async def whole():
        chosen = {"IPYDARKROOM_HTTP": package or os.environ.get("IPYDARKROOM_HTTP", "")}
        carrier, tray = Transport(load(chosen), lambda token: None, network=web.network(proxy)), Tray()
        async with https_server(faults, *scripts, names=names) as server:
            url = link.replace("{port}", str(server.port))
            try:
                await carrier.fetch(url, route, cap, tray)
                if then is not None:
                    await then(carrier, url)
            except DarkroomError as error:
                return error, server
            finally:
                await carrier.close()
            return tray.data, server

    return asyncio.run(whole())


@pytest.mark.parametrize("package", PACKAGES)
def test_a_download_goes_to_the_address_that_was_judged(faults, package):
    """The connection is made to the address, the certificate is checked for the name, and no credential travels."""
    web = Web()

    data, server = fetch(faults, web, [faults.says(b"picture")], package=package)

    assert b"picture" == data
    assert [HOST] == web.asked == server.names
    assert f"host: {HOST}:{server.port}\r\n".encode() in server.requests[0].lower()
    assert b"authorization" not in server.requests[0].lower()
    assert b"accept-encoding: identity" in server.requests[0].lower()


@pytest.mark.parametrize("package", PACKAGES)
def test_a_certificate_for_another_name_is_refused(faults, package):
    """Pinning the address does not loosen TLS."""
    error, server = fetch(faults, Web(), [faults.says(b"x")], package=package, names=("other.example",))

    assert isinstance(error, NotSent)
    assert [] == server.requests


@pytest.mark.parametrize("addresses", [["10.0.0.1"], ["127.0.0.1", "10.0.0.1"], ["10.0.0.1", "127.0.0.1"]])
def test_a_name_with_a_private_address_is_refused(faults, addresses):
    """One private address among several is enough; nothing is connected to."""
    error, server = fetch(faults, Web({HOST: addresses}, private=("10.0.0.1",)), [faults.says(b"x")])

    assert isinstance(error, NoAnswer)
    assert "private network" in error.message
    assert ([], []) == (server.requests, server.names)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "2130706433", "0x7f.1", "127.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "[fe80::1]", "169.254.169.254"]
)
def test_a_private_address_is_refused_in_every_notation(host):
    """The real judge, with the system's resolver left out of it."""

    async def act() -> None:
        carrier = Transport(load({}), lambda token: None)
        try:
            await carrier.fetch(f"https://{host}/a.png", REMOTE, 100, Tray())
        finally:
            await carrier.close()

    with pytest.raises(NoAnswer, match="private network|cannot be read"):
        asyncio.run(act())


@pytest.mark.parametrize("bad", ["https://inside.example:{port}/b", "http://files.example:{port}/b", "https://10.0.0.1/b", "file:///etc/passwd"])
def test_every_hop_is_judged(faults, bad):
    """A public host may not send us to a private one, nor away from https."""
    web = Web({HOST: ["127.0.0.1"], "inside.example": ["10.0.0.1"]}, private=("10.0.0.1",))

    async def moved(reader, writer):
        port = writer.get_extra_info("sockname")[1]
        await faults.says(b"", status="302 Found", headers=("Location: " + bad.replace("{port}", str(port)),))(reader, writer)

    error, server = fetch(faults, web, [moved, faults.says(b"secret")])

    assert isinstance(error, NoAnswer)
    assert "not one we fetch" in error.message
    assert 1 == len(server.requests)


def test_three_redirects_are_followed_and_a_fourth_is_not(faults):
    """CDNs redirect; loops end."""
    onward = faults.says(b"", status="307 Temporary Redirect", headers=("Location: /next",))

    data, _ = fetch(faults, Web(), [onward, onward, onward, faults.says(b"there")])
    error, server = fetch(faults, Web(), [onward])

    assert b"there" == data
    assert "without end" in error.message
    assert 4 == len(server.requests)


@pytest.mark.parametrize("package", PACKAGES)
def test_the_next_address_is_tried_where_one_does_not_answer(faults, package):
    """A host may have several addresses, one of them dead."""
    web = Web({HOST: ["::1", "127.0.0.1"]})  # nothing listens on the first

    data, _ = fetch(faults, web, [faults.says(b"picture")], package=package)

    assert b"picture" == data


def test_a_name_nobody_knows_was_not_reached(faults):
    """No address means that nothing left; it is worth another try later."""
    error, _ = fetch(faults, Web({"x": []}), [faults.says(b"x")])

    assert isinstance(error, NotSent)


def test_two_names_on_one_address_do_not_share_a_connection(faults):
    """The second name's certificate is checked for itself: a connection proven for one name is not reused for another."""
    web = Web({HOST: ["127.0.0.1"], "evil.example": ["127.0.0.1"]})

    async def stays(reader, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi")
        await writer.drain()
        await reader.read(1)

    async def again(carrier, url):
        await carrier.fetch(url.replace(HOST, "evil.example"), REMOTE, 100, Tray())

    error, server = fetch(faults, web, [stays], then=again)

    assert isinstance(error, NotSent)
    assert [HOST, "evil.example"] == server.names
    assert 1 == len(server.requests)


def test_cookies_are_not_kept(faults):
    """What one download was given, the next does not show."""

    async def again(carrier, url):
        await carrier.fetch(url, REMOTE, 100, Tray())

    _, server = fetch(faults, Web(), [faults.says(b"x", headers=("Set-Cookie: who=me; Path=/",))], then=again)

    assert 2 == len(server.requests)
    assert b"cookie" not in server.requests[1].lower()


@pytest.mark.parametrize("announced", [True, False])
def test_a_body_above_the_cap_is_cut_off(faults, announced):
    """By its announced length before it begins, else by counting."""
    body = bytes(60_000)

    async def unannounced(_, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + body)
        await writer.drain()

    error, _ = fetch(faults, Web(), [faults.says(body) if announced else unannounced], cap=50_000)

    assert isinstance(error, NoAnswer)
    assert "more than" in error.message


@pytest.mark.parametrize("package", PACKAGES)
def test_a_compression_nobody_asked_for_is_undone_within_the_cap(faults, package):
    """Decoded bytes are counted, a piece at a time; a bomb is cut off, an honest body comes out whole."""
    body = os.urandom(150_000) + bytes(200_000)
    honest = faults.says(gzip.compress(body[:170_000]) + gzip.compress(body[170_000:]), headers=("Content-Encoding: gzip",))
    bomb = faults.says(gzip.compress(bytes(10**7)), headers=("Content-Encoding: gzip",))

    data, _ = fetch(faults, Web(), [honest], package=package)
    error, _ = fetch(faults, Web(), [bomb], package=package)

    assert body == data
    assert "more than" in error.message


@pytest.mark.parametrize(
    ("encoding", "body"), [("br", b"x"), ("gzip, gzip", b"x"), ("gzip", b"no gzip"), ("gzip", gzip.compress(bytes(9_999), mtime=0)[:-9])]
)
def test_a_body_that_cannot_be_decoded_is_no_answer(faults, encoding, body):
    """Unknown, stacked, broken and truncated encodings."""
    error, _ = fetch(faults, Web(), [faults.says(body, headers=(f"Content-Encoding: {encoding}",))])

    assert isinstance(error, NoAnswer)


@pytest.mark.parametrize("link", ["https://", "https:///a", "https://[::1/a", "not a link", "https://u:p@files.example/a", "//files.example/a"])
def test_a_link_that_is_none_is_not_followed(faults, link):
    """Foreign input: an error of ours, and nothing is asked."""
    web = Web()

    error, _ = fetch(faults, web, [faults.says(b"x")], link)

    assert isinstance(error, NoAnswer)
    assert [] == web.asked


def test_a_proxy_resolves_names_and_literal_addresses_are_still_judged(faults):
    """Where the network has a proxy it is used; our own resolver is not asked, and an address in the link is judged."""
    web = Web(private=("10.0.0.1",))

    refused, _ = fetch(faults, web, [faults.says(b"x")], "https://10.0.0.1/a", proxy="http://127.0.0.1:1")
    unreached, _ = fetch(faults, web, [faults.says(b"x")], proxy="http://127.0.0.1:1")

    assert "private network" in refused.message
    assert isinstance(unreached, NotSent)
    assert [] == web.asked


@pytest.mark.parametrize("package", PACKAGES)
def test_a_download_that_was_judged_does_not_end_up_in_a_proxy(faults, monkeypatch, package):
    """Whether there is a proxy is decided once, by us; the HTTP package does not look at the environment again."""
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")

    data, _ = fetch(faults, Web(), [faults.says(b"picture")], package=package)

    assert b"picture" == data


def test_a_name_with_its_final_dot_is_the_same_name(faults):
    """`files.example.` is asked for, and its certificate checked, as `files.example`."""
    data, server = fetch(faults, Web(), [faults.says(b"picture")], "https://files.example.:{port}/a.png")

    assert b"picture" == data
    assert [HOST] == server.names


def test_the_environment_names_the_proxy(monkeypatch):
    """HTTPS_PROXY, ALL_PROXY and NO_PROXY are read as other tools read them."""
    for name in ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    without = proxy_for("https://files.example/a")
    monkeypatch.setenv("HTTPS_PROXY", "proxy.example:3128")
    monkeypatch.setenv("NO_PROXY", "inside.example")

    assert (None, "http://proxy.example:3128", None) == (
        without, proxy_for("https://files.example/a"), proxy_for("https://cdn.inside.example/a")
    )


def test_a_total_deadline_ends_a_body_that_drips(faults):
    """Bytes that keep coming do not hold a download for ever."""
    stop = asyncio.Event()

    async def drips(_, writer):
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n.")
        await writer.drain()
        await stop.wait()

    async def act() -> None:
        carrier = Transport(load({}), lambda token: None, network=Web().network())
        async with https_server(faults, drips) as server:
            try:
                await carrier.fetch(f"https://{HOST}:{server.port}/a", REMOTE, 100, Tray(), seconds=0.3)
            finally:
                await carrier.close()

    with pytest.raises(NoAnswer, match="TimeoutError"):
        asyncio.run(act())


FULL_DISK = """
import asyncio, resource, sys
from pathlib import Path
from ipydarkroom.errors import StorageError
from ipydarkroom.files import Folder
from ipydarkroom.jobs import JobRecord
from ipydarkroom.routes import Route
from ipydarkroom.settings import load
from ipydarkroom.transport import Transport

async def serve(reader, writer):
    await reader.readuntil(b"\\r\\n\\r\\n")
    writer.write(b"HTTP/1.1 200 OK\\r\\nContent-Length: 500000\\r\\n\\r\\n" + bytes(500000))
    await writer.drain()
    writer.close()

async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    carrier = Transport(load({}), lambda token: None)
    resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000))
    try:
        with Folder(Path(sys.argv[1])).receive(JobRecord("job-1", "kie", "o", "remote", "m", {}), 0) as received:
            await carrier.fetch(origin + "/a", Route("kie", "local-url", {"api": origin}, "x"), 10**6, received)
    except StorageError as error:
        print(error)
    await carrier.close()
    server.close()

asyncio.run(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file size limit to set")
def test_a_disk_that_fills_up_during_a_download_leaves_no_part(tmp_path: Path) -> None:
    """The error is typed and says that asking again is free; the hidden file is gone."""
    run = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, check=True, timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert "The disk did not keep the file" in run.stdout
    assert "that is free" in run.stdout
    assert [] == [path for path in tmp_path.rglob("*") if path.is_file()]
