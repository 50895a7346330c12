"""The benchmark's server: one small, fast HTTP/1.1 process that takes orders in one protocol and keeps a ledger.

    python benchmarks/shop.py '{"protocol": "runcomfy", "seconds": [5, 15], "delay": 0.08, "seed": 7}'

It prints `{"port": …}` and serves until its standard input closes, so that it never outlives the benchmark. A job's
length comes from the seed and the number in its prompt ("job 17"), so every client is given the same jobs. `GET
/ledger` tells how many POSTs arrived for each job, when each ended (monotonic clock), the requests of each kind, the
faults done, and the connections opened. Jobs with a negative number are for warming up: they end at once, meet no
fault and are not in the ledger.

Options: `protocol`, `port` (0), `seconds` [least, most], `delay` (half before a request is read, half before its answer
leaves), `seed`, `fails` (every job fails), `lost` ("drop", "502 nginx" or "502 json": the order is taken, then its answer
is lost, however often it is sent), `bad_reads` (every that-many-th status read is bad, at a random place among its
neighbours, so that the share is exact: 503, reset and a web page by turns).
"""

from __future__ import annotations

import asyncio
import json
import random
import struct
import sys
import time
import zlib
from collections import Counter
from collections.abc import Callable
from itertools import count, cycle
from socket import SO_LINGER, SOL_SOCKET
from typing import Any

from protocols import PROTOCOLS, Errand, Job

_HOLD = 60.0  # seconds a POST with `Prefer: wait` is held open at most, as Replicate documents
_PAGE = b"<html><head><title>One moment, please</title></head><body>We will be right back.</body></html>"
_NGINX = b"<html><head><title>502 Bad Gateway</title></head><body><center>nginx</center></body></html>"
_REASONS = {200: "OK", 201: "Created", 400: "Bad Request", 404: "Not Found", 502: "Bad Gateway", 503: "Service Unavailable"}


class Shop:
    """Jobs and ledger. Everything happens on one event loop."""

    def __init__(self, options: dict[str, Any]) -> None:
        self.options = options
        self.protocol = PROTOCOLS[options["protocol"]]
        self.origin = ""
        self.half = float(options.get("delay", 0.0)) / 2
        self.picture = _picture(64, options.get("seed", 0))
        self._jobs: dict[str, Job] = {}
        self._ids = count(1)
        self._opened = time.time_ns()  # a shop that opens again on its port names no job twice
        self._posts: Counter[int] = Counter()
        self._kinds: Counter[str] = Counter()
        self._faults: Counter[str] = Counter()
        self._chance = random.Random(options.get("seed", 0))
        self._bad = cycle(("503", "reset", "web page"))
        self._reads = self._next_bad = 0
        self.connections = 0

    def take(self, body: dict[str, Any]) -> Job:
        """Take an order: from here on the job runs, whether anybody hears of it or not."""
        number = int(self.protocol.prompt(body).rpartition(" ")[2])
        least, most = self.options.get("seconds", (0.0, 0.0))
        length = random.Random(f"{self.options.get('seed', 0)}:{number}").uniform(least, most) if number >= 0 else 0.0
        job = Job(number, f"job-{self._opened}-{next(self._ids):06d}", time.monotonic() + length, bool(self.options.get("fails")))
        self._jobs[job.id] = job
        if number >= 0:
            self._posts[number] += 1
        return job

    def find(self, job_id: str) -> Job | None:
        return self._jobs.get(job_id)

    def note(self, kind: str, job: Job) -> None:
        if job.number >= 0:
            self._kinds[kind] += 1

    def fault(self, kind: str, job: Job) -> str:
        """The fault this request meets, or nothing."""
        chosen = ""
        if job.number >= 0 and kind == "order":
            chosen = self.options.get("lost", "")
        elif job.number >= 0 and kind == "status" and self._is_bad():
            chosen = next(self._bad)
        if chosen:
            self._faults[chosen] += 1
        return chosen

    def _is_bad(self) -> bool:
        """One read of each block is bad; a block has as many reads as the share says."""
        every = self.options.get("bad_reads", 0)
        if not every:
            return False
        place = self._reads % every
        if not place:
            self._next_bad = self._chance.randrange(every)
        self._reads += 1
        return place == self._next_bad

    def ledger(self) -> dict[str, Any]:
        ends = {job.number: job.ends for job in reversed(self._jobs.values()) if job.number >= 0}  # the first order counts
        return {
            "posts": self._posts, "ends": ends, "requests": self._kinds, "faults": self._faults, "connections": self.connections,
        }


class Till(asyncio.Protocol):
    """One connection: requests one after another, each answered after the delay."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._buffer = b""
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._shop.connections += 1

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = self._buffer[:end].decode("latin-1")
        lowered = head.lower()
        length = int(lowered.partition("content-length:")[2].partition("\r\n")[0] or 0)
        if len(self._buffer) < end + 4 + length:
            return
        body, self._buffer = self._buffer[end + 4 : end + 4 + length], self._buffer[end + 4 + length :]
        method, target, _ = head.split(" ", 2)
        self._later(self._shop.half, self._serve, method, target.partition("?")[0], body, "prefer: wait" in lowered)

    def _serve(self, method: str, path: str, body: bytes, held: bool) -> None:
        shop = self._shop
        if path == "/ledger":
            self._write(200, json.dumps(shop.ledger()).encode())
            return
        errand = shop.protocol.errand(method, path)
        job = shop.take(json.loads(body)) if errand.kind == "order" else shop.find(errand.id)
        if job is None:
            self._write(404, b'{"detail": "nobody knows it"}')
            return
        shop.note(errand.kind, job)
        fault = shop.fault(errand.kind, job)
        hold = min(_HOLD, max(0.0, job.ends - time.monotonic())) if errand.kind == "order" and held and not fault else 0.0
        self._later(hold, self._answer, errand, job, fault)

    def _answer(self, errand: Errand, job: Job, fault: str) -> None:
        """Say what is so now; the words leave half a delay later."""
        if fault:
            self._later(self._shop.half, self._break, fault)
        elif errand.kind == "file":
            self._later(self._shop.half, self._write, 200, self._shop.picture, "image/png")
        else:
            status, value = self._shop.protocol.say(errand.kind, job, time.monotonic(), self._shop.origin)
            self._later(self._shop.half, self._write, status, json.dumps(value).encode())

    def _later(self, seconds: float, act: Callable[..., None], *given: object) -> None:
        if seconds:
            asyncio.get_running_loop().call_later(seconds, act, *given)
        else:
            act(*given)

    def _break(self, fault: str) -> None:
        match fault:
            case "drop":
                self._transport.close()
            case "reset":
                self._transport.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
                self._transport.abort()
            case "web page":
                self._write(200, _PAGE, "text/html")
            case "502 nginx":
                self._write(502, _NGINX, "text/html")
            case "502 json":
                self._write(502, b'{"detail": "upstream closed"}')
            case "503":
                self._write(503, b'{"detail": "busy"}')

    def _write(self, status: int, body: bytes, mime: str = "application/json") -> None:
        head = f"HTTP/1.1 {status} {_REASONS[status]}\r\nContent-Type: {mime}\r\nContent-Length: {len(body)}\r\n\r\n"
        self._transport.write(head.encode() + body)


def _picture(edge: int, seed: int) -> bytes:
    """A PNG of that many pixels a side, a few kilobytes: a client that verifies has something to decode."""
    chance = random.Random(seed)
    rows = b"".join(b"\0" + bytes(chance.randrange(256) & 0xF0 for _ in range(3 * edge)) for _ in range(edge))
    chunks = ((b"IHDR", struct.pack(">IIBBBBB", edge, edge, 8, 2, 0, 0, 0)), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    parts = (struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data)) for name, data in chunks)
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


async def main(options: dict[str, Any]) -> None:
    """Serve until standard input closes."""
    shop, loop = Shop(options), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Till(shop), "127.0.0.1", options.get("port", 0), backlog=2048)
    port = server.sockets[0].getsockname()[1]
    shop.origin = f"http://127.0.0.1:{port}"
    print(json.dumps({"port": port}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main(json.loads(sys.argv[1])))
