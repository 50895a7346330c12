"""HTTP/1.1 on this machine, by hand: answers as bytes, an ASGI app asked without a server, a callback posted and received."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote, urlsplit

__all__ = ["Answer", "asked", "post", "read_head", "serve_app", "wire"]


@dataclass
class Answer:
    """What the mirror answers: status, headers, body."""

    status: int
    headers: list[tuple[str, str]]
    body: bytes


def wire(answer: Answer, *, more: Sequence[tuple[str, str]] = (), length: int | None = None) -> bytes:
    """An answer as bytes; `length` is what is claimed, where it is not the truth."""
    lines = [f"HTTP/1.1 {answer.status} Said", f"content-length: {len(answer.body) if length is None else length}"]
    kept = [*answer.headers, *more]
    lines += [f"{name}: {value}" for name, value in kept if name.lower() not in ("content-length", "transfer-encoding")]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + answer.body


async def asked(app: Any, method: str, target: str, headers: Sequence[tuple[str, str]], body: bytes) -> Answer:
    """One request through an ASGI app."""
    parts, told = urlsplit(target), [{"type": "http.request", "body": body, "more_body": False}]
    said: dict[str, Any] = {"body": b""}

    async def receive() -> dict[str, Any]:
        return told.pop() if told else {"type": "http.disconnect"}

    async def send(message: dict[str, Any]) -> None:
        said["body"] += message.get("body", b"")
        said.update({key: message[key] for key in ("status", "headers") if key in message})

    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": unquote(parts.path), "raw_path": parts.path.encode(), "query_string": parts.query.encode(), "root_path": "",
        "headers": [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers],
        "server": ("127.0.0.1", 0), "client": ("127.0.0.1", 0),
    }  # fmt: skip
    await app(scope, receive, send)
    kept = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in said["headers"]]
    return Answer(said["status"], kept, said["body"])


async def post(url: str, body: Mapping[str, object], headers: Mapping[str, str] | None = None) -> int:
    """Post a callback to this machine; returns the receiver's HTTP status."""
    parts, text = urlsplit(url), json.dumps(body).encode()
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    more = {"Host": parts.netloc, "Content-Type": "application/json", "Content-Length": str(len(text)), **(headers or {})}
    lines = [f"POST {parts.path} HTTP/1.1", *(f"{name}: {value}" for name, value in more.items()), "", ""]
    writer.write("\r\n".join(lines).encode() + text)
    said, _ = await read_head(reader)
    writer.close()
    return int(said[0].split(" ")[1])


async def serve_app(app: Callable[[], Any]) -> tuple[asyncio.Server, str]:
    """Serve the ASGI app that `app()` gives on a free loopback port, on this loop; returns the server and its origin."""

    async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head, length = await read_head(reader)
        method, target, _ = head[0].split(" ", 2)
        headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in head[1:])]
        writer.write(wire(await asked(app(), method, target, headers, await reader.readexactly(length))))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(converse, "127.0.0.1", 0)
    return server, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def read_head(reader: asyncio.StreamReader) -> tuple[list[str], int]:
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")[:-2]
    told = [line.split(":")[1] for line in head if line.lower().startswith("content-length:")]
    return head, int(told[0]) if told else 0
