"""Fixtures for the unit tests: a real server on loopback that misbehaves on request."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

Script = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Faulty:
    """A raw server: each connection is handed to the next script, the last one serving the rest."""

    scripts: list[Script]
    requests: list[bytes] = field(default_factory=list)
    origin: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Read one whole request, then let the script answer it."""
        script = self.scripts.pop(0) if len(self.scripts) > 1 else self.scripts[0]
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(
                (int(line.split(b":")[1]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length")), 0
            )
            self.requests.append(head + await reader.readexactly(length))
            await script(reader, writer)
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        finally:
            writer.close()


def says(body: bytes, *, status: str = "200 OK", headers: tuple[str, ...] = ()) -> Script:
    """A script that answers with that body."""

    async def script(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Connection: close", *headers, "", ""]
        writer.write("\r\n".join(lines).encode() + body)
        await writer.drain()

    return script


def sends_raw(data: bytes) -> Script:
    """A script that writes these bytes and hangs up; no bytes means hanging up without an answer."""

    async def script(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(data)
        await writer.drain()

    return script


@asynccontextmanager
async def faulty_server(*scripts: Script) -> AsyncIterator[Faulty]:
    """Run a Faulty server on a free loopback port for the length of the block."""
    faulty = Faulty(list(scripts))
    server = await asyncio.start_server(faulty.serve, "127.0.0.1", 0)
    faulty.origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield faulty
    finally:
        server.close()


@dataclass(frozen=True)
class Faults:
    """The server and its scripts, handed to a test by the fixture `faults`."""

    server = staticmethod(faulty_server)
    says = staticmethod(says)
    sends_raw = staticmethod(sends_raw)


@pytest.fixture
def faults() -> Faults:
    """A loopback server that breaks in the ways a test scripts."""
    return Faults()
