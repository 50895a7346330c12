"""The process behind `backend.Backend`: the local backend's ASGI app on a real socket, faults in front, a book of the truth.

It speaks HTTP/1.1 itself (some 40 lines), because a fault is a matter of bytes: a reset, half an answer or a drip must be
real on the socket. A second port, without faults, answers what the harness asks. The process ends when its parent does.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import socket
import struct
import sys
import traceback
from collections import Counter, defaultdict
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from backend import PHASES, SCHEMA, TOKEN, Order, Plan, colour_of, marker_of
from ipydarkroom.local import Pace as Show
from ipydarkroom.local import build_app
from ipydarkroom.local.archive import Archive
from ipydarkroom.models import Model
from ipydarkroom.testing import tiny_png
from loopback import Answer, asked, post, read_head, wire

__all__ = ["Exchange"]

_PORTS = range(20_000, 32_000)  # below the range of outgoing ports: a port that is shut for a moment must stay ours


class Painter:
    """Paints at once: two by two pixels in the colour of the order's marker."""

    name = "reliability"

    def accepts(self, order: Any) -> bool:
        return True

    def paint(self, order: Any, report: Any) -> bytes:
        return tiny_png(colour=colour_of(marker_of(order.prompt)))


class EndlessArchive(Archive):
    """Forgets nothing, and does not look through ten thousand jobs at every question."""

    def __init__(self, shelf: Any) -> None:
        super().__init__(shelf)
        self._open: dict[str, Any] = {}

    def add(self, task: Any) -> None:
        super().add(task)
        self._open[task.id] = task

    def unfinished(self) -> tuple[Any, ...]:
        return tuple(self._open.values())

    def lay_down(self, task: Any) -> None:
        self._open.pop(task.id, None)


@dataclass
class Taken:
    """An order in the server's book. `deaths` counts how often its links were declared expired."""

    provider: str
    marker: str
    task: Any
    fetched: set[str] = field(default_factory=set)
    deaths: int = 0


@dataclass
class Exchange:
    """One request on one connection; a fault decides whether it is processed and which bytes go back."""

    server: Server
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes
    provider: str
    phase: str
    taken: Taken | None
    marker: str
    poisoned: bool = False  # the next request on this connection is to die

    async def process(self) -> Answer:
        """Let the mirror answer, and write down what it really did."""
        return await self.server.process(self)

    async def send(self, answer: Answer) -> None:
        """A whole, honest answer."""
        await self.write(wire(answer))
        if self.phase == "download" and answer.status == 200 and self.taken:
            self.taken.fetched.add(urlsplit(self.target).path)

    async def write(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    def reset(self) -> None:
        """End the connection with a RST."""
        made = self.writer.get_extra_info("socket")
        made.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()


_PATHS = (
    ("POST", re.compile(r"/v1/models/(?P<id>.+)"), "runcomfy", "submit"),
    ("GET", re.compile(r"/v1/requests/(?P<id>[^/]+)/status"), "runcomfy", "poll"),
    ("GET", re.compile(r"/v1/requests/(?P<id>[^/]+)/result"), "runcomfy", "result"),
    ("POST", re.compile(r"/v1/requests/(?P<id>[^/]+)/cancel"), "runcomfy", "cancel"),
    ("POST", re.compile(r"/api/v1/jobs/createTask"), "kie", "submit"),
    ("GET", re.compile(r"/api/v1/jobs/recordInfo"), "kie", "poll"),
    ("GET", re.compile(r"/files/(?P<id>[^/]+)"), "", "download"),
)


class Server:
    """Listens, tells requests apart, injects faults, keeps the book of what was really done."""

    def __init__(self, plan: Plan, seed: int, wait_s: float) -> None:
        self.plan = plan
        self.chance = random.Random(seed)
        self.scripts: dict[str, dict[str, list[str]]] = {}
        self.book: dict[str, Taken] = {}  # remote id -> order
        self.owners: dict[str, Taken] = {}  # file name -> order
        self.requests: Counter[str] = Counter()
        self.by_marker: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.came: Counter[str] = Counter()  # faults by marker
        self.faults: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self.refused = self.strangers = self.shutting = self.mistakes = 0
        self._idle: set[asyncio.StreamWriter] = set()  # connections on which nothing is being asked
        self._wait_s = wait_s

    async def start(self) -> None:
        for port in random.SystemRandom().sample(_PORTS, 50):
            try:
                self.server = await asyncio.start_server(self.converse, "127.0.0.1", port, backlog=2048)
                break
            except OSError:
                continue
        self.port = self.server.sockets[0].getsockname()[1]
        self.origin = f"http://127.0.0.1:{self.port}"
        trap = await asyncio.start_server(self.trap, "127.0.0.1", 0)
        self.trap_origin = f"http://127.0.0.1:{trap.sockets[0].getsockname()[1]}"
        self._trap = trap
        found = {name: Model.from_schema(SCHEMA, id="any", provider=name) for name in ("runcomfy", "kie")}
        self.app = build_app(
            tokens=frozenset({TOKEN}), find=lambda provider, _: found[provider], pace=Show(self._wait_s, 0),
            painters=[Painter()], workers=2, send=post, origin=self.origin,
        )
        studio = self.app.state.studio
        studio._archive = EndlessArchive(studio.shelf)

    async def converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection: requests one after the other, as long as both sides keep it."""
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        poisoned = False
        try:
            while not writer.is_closing():
                self._idle.add(writer)
                head, length = await read_head(reader)
                self._idle.discard(writer)
                exchange = self.read(reader, writer, head, await reader.readexactly(length))
                if poisoned:
                    exchange.reset()
                    return
                await self.serve(exchange)
                poisoned = exchange.poisoned
        except (asyncio.IncompleteReadError, ConnectionError):
            return
        except Exception:  # a mistake of this server must not pass for a fault
            self.mistakes += 1
            traceback.print_exc()
        finally:
            self._idle.discard(writer)
            writer.close()

    def read(self, reader: Any, writer: Any, head: list[str], body: bytes) -> Exchange:
        """Tell what is asked, and about which order."""
        method, target, _ = head[0].split(" ", 2)
        headers = [(name.lower(), value.strip()) for name, _, value in (line.partition(":") for line in head[1:])]
        parts = urlsplit(target)
        provider, phase, taken, marker = "", "other", None, ""
        for verb, pattern, owner, name in _PATHS:
            if verb == method and (match := pattern.fullmatch(parts.path)):
                provider, phase = owner, name
                named = match.groupdict().get("id") or parse_qs(parts.query).get("taskId", [""])[0]
                taken = self.owners.get(named) if phase == "download" else self.book.get(unquote(named))
        if phase == "submit":
            marker = _prompted(body)
        elif taken is not None:
            marker, provider = taken.marker, taken.provider
        self.requests[phase] += 1
        self.by_marker[marker][phase] += 1
        return Exchange(self, reader, writer, method, target, headers, body, provider, phase, taken, marker)

    async def serve(self, exchange: Exchange) -> None:
        """Answer one request: honestly, or as its script or chance has it."""
        kind = self.pick(exchange)
        if kind:
            self.faults[exchange.phase][kind] += 1
            self.came[exchange.marker] += 1
        if kind in ("", "refused"):
            await exchange.send(await exchange.process())
            if kind:
                exchange.writer.close()
                self.hide(self.plan.shut_s)
            return
        from faults import KINDS  # noqa: PLC0415  # only where there are any

        await KINDS[kind].act(exchange)

    def pick(self, exchange: Exchange) -> str:
        script = self.scripts.get(exchange.marker, {}).get(exchange.phase)
        if script is not None:
            return script.pop(0) if script else ""
        if exchange.phase not in PHASES or self.chance.random() >= self.plan.rate:
            return ""
        from faults import fitting  # noqa: PLC0415

        kinds = fitting(exchange.provider, exchange.phase, self.plan.kinds)
        return self.chance.choice(kinds) if kinds else ""

    async def process(self, exchange: Exchange) -> Answer:
        """Hand the request to the app; an order it takes is in the book before anybody hears of it."""
        if exchange.phase == "download" and exchange.taken and _signature(exchange.target) < exchange.taken.deaths:
            return Answer(403, [("content-type", "application/xml")], b"<Error><Code>AccessDenied</Code></Error>")
        answer = await asked(self.app, exchange.method, exchange.target, exchange.headers, exchange.body)
        if answer.status == 200 and exchange.phase == "submit":
            said = json.loads(answer.body)
            remote_id = said.get("request_id") or (said.get("data") or {}).get("taskId")
            if remote_id:
                task = self.app.state.studio.task(remote_id)
                exchange.taken = self.book[remote_id] = Taken(exchange.provider, exchange.marker, task)
        elif exchange.phase in ("poll", "result") and exchange.taken:
            for picture in exchange.taken.task.pictures:
                self.owners[picture.name] = exchange.taken
                fresh = f"{picture.name}?sig={exchange.taken.deaths}"
                answer.body = answer.body.replace(picture.name.encode(), fresh.encode())
        return answer

    def hide(self, seconds: float | None) -> None:
        """Close the port: whoever connects meanwhile is refused. Idle connections are hung up, busy ones may finish."""
        self.refused += 1
        self.shutting += 1
        mine = self.shutting
        self.server.close()
        for writer in tuple(self._idle):
            writer.close()
        if seconds is not None:
            asyncio.get_running_loop().call_later(seconds, lambda: asyncio.ensure_future(self.listen(mine)))

    async def listen(self, mine: int) -> None:
        """Open the port again, unless somebody has shut it anew since."""
        if mine == self.shutting and not self.server.is_serving():
            self.server = await asyncio.start_server(self.converse, "127.0.0.1", self.port, backlog=2048)

    async def trap(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Where redirects lead: whoever comes here has followed one."""
        self.strangers += 1
        writer.close()

    async def control(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head, length = await read_head(reader)
        about = json.loads(await reader.readexactly(length))
        said = json.dumps(await self.reply(head[0].split(" ")[1][1:], about)).encode()
        writer.write(wire(Answer(200, [("connection", "close")], said)))
        await writer.drain()
        writer.close()

    async def reply(self, what: str, about: Any) -> object:
        match what:
            case "truth":
                return [
                    asdict(Order(one.provider, remote_id, one.marker, one.task.state, len(one.fetched) >= len(one.task.pictures) > 0))
                    for remote_id, one in self.book.items()
                ]
            case "counts":
                return {
                    "requests": self.requests, "faults": self.faults, "refused": self.refused, "strangers": self.strangers,
                    "mistakes": self.mistakes,
                }
            case "script":
                self.scripts[about["marker"]] = about["faults"]
            case "requests":
                return self.by_marker[about["marker"]]
            case "came":
                return self.came[about["marker"]]
            case "shut" if about["seconds"] == 0:
                await self.listen(self.shutting)
            case "shut":
                self.hide(about["seconds"])
            case "plan":
                self.plan = Plan(**about | {"kinds": tuple(about["kinds"])})
        return None


def _prompted(body: bytes) -> str:
    """The marker of an order, whichever protocol it came by."""
    found = json.loads(body)
    inputs = found.get("input", found)
    return marker_of(inputs.get("prompt", ""))


def _signature(target: str) -> int:
    return int(parse_qs(urlsplit(target).query).get("sig", ["0"])[0])


async def _main(wish: dict[str, Any]) -> None:
    plan = Plan(**wish["plan"] | {"kinds": tuple(wish["plan"]["kinds"])})
    server = Server(plan, wish["seed"], wish["wait_s"])
    await server.start()
    control = await asyncio.start_server(server.control, "127.0.0.1", 0)
    sys.stdout.write(json.dumps([server.origin, control.sockets[0].getsockname()[1]]) + "\n")
    sys.stdout.flush()
    await asyncio.to_thread(sys.stdin.read)  # until the parent lets go, or dies
    server.app.state.studio.shelf.close()  # and nothing else: painters may be waiting for an hour
    os._exit(0)


if __name__ == "__main__":
    import server  # one module, so that `faults.py` and this agree on its classes

    import ipydarkroom.local.queue as queue

    queue.MOST_WAITING = 100_000
    asyncio.run(server._main(json.loads(sys.argv[1])))
