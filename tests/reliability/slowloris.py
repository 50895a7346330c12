"""G13: nothing overruns its total deadline by more than 250 ms, however slowly a server answers.

Servers that accept and say nothing, shake hands for ever, drip their headers, drip their body or stall in the middle of it,
and a resolver that never answers, against calls, orders and downloads (from our own backend and pinned over TLS), all at
once, on each HTTP package. The control, the HTTP package with a read timeout of the same length, must be held up by what
drips. Prints one JSON line.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import importlib
import json
import random
import ssl
import sys
import time
import warnings
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

import trustme

from ipydarkroom import transport
from ipydarkroom.errors import NoAnswer
from ipydarkroom.fetching import Network
from ipydarkroom.routes import Route
from ipydarkroom.settings import load
from ipydarkroom.transport import Transport
from ipydarkroom.wire import Call

MOST_MS = 250.0
DRIP_SECONDS = 0.05
HOST = "files.example"


def main(
    *, deadline: float = 1.0, rounds: int = 5, seed: int = 11, packages: tuple[str, ...] = ("httpx", "httpx2"),
    most_ms: float | None = MOST_MS, patience: float = 1.5,
) -> dict[str, object]:  # fmt: skip
    """Let every fault meet every kind of request, `rounds` times, with deadlines around `deadline` seconds.

    `most_ms` is the most a deadline may be overrun; None only reports it. What goes on for `patience` seconds longer is
    held up.
    """
    chance = random.SystemRandom().randrange(2**32)
    tries, controls = [], []
    for package, drawn in zip(packages, (seed, chance), strict=False):
        found = asyncio.run(all_of(package, random.Random(drawn), deadline, rounds, patience))
        tries += found[0]
        controls += found[1]
    failures = [f"{each.name}: {each.fate}" for each in tries if each.fate != "NoAnswer"]
    if most_ms is not None:
        failures += [f"{each.name}: {each.over_ms:.0f} ms late" for each in tries if each.over_ms > most_ms]
    early = [each for each in tries if each.over_ms < -20.0]
    failures += [f"{each.name}: ended {-each.over_ms:.0f} ms early, so the fault was not felt" for each in early]
    failures += [f"control {each.name}: a read timeout ended it, so it proves nothing" for each in controls if each.fate != "held up"]
    late = sorted(each.over_ms for each in tries)
    return {
        "goal": "G13", "ok": not failures, "seed": seed, "random_seed": chance, "requests": len(tries),
        "kinds": len({each.name for each in tries}), "deadline_s": deadline, "over_ms_p50": round(late[len(late) // 2], 1),
        "over_ms_p100": round(late[-1], 1), "controls_held_up": sum(each.fate == "held up" for each in controls),
        "failures": failures,
    }  # fmt: skip


@dataclass
class Try:
    """One request: what it was, how it ended, and by how much it overran its deadline."""

    name: str
    deadline: float
    patience: float
    begun: float = field(default_factory=time.monotonic)
    fate: str = "held up"
    over_ms: float = 0.0

    async def run(self, act: Awaitable[object]) -> Try:
        self.begun = time.monotonic()
        try:
            async with asyncio.timeout(self.deadline + self.patience):
                await act
            self.fate = "answered"
        except NoAnswer as error:
            self.fate = "NoAnswer" if type(error) is NoAnswer else type(error).__name__
        except TimeoutError:
            pass
        except Exception as error:  # whatever is not ours is the finding
            self.fate = repr(error)
        self.over_ms = (time.monotonic() - self.begun - self.deadline) * 1000
        return self


Serve = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


async def mute(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(60)


def dripping(first: bytes, then: bytes) -> Serve:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(first)
        while True:
            writer.write(then)
            await writer.drain()
            await asyncio.sleep(DRIP_SECONDS)

    return serve


async def stalled(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n" + bytes(500))
    await writer.drain()
    await asyncio.sleep(60)


async def round_and_round(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Redirects, each after a pause that no read timeout minds."""
    await reader.readuntil(b"\r\n\r\n")
    await asyncio.sleep(0.4)
    writer.write(b"HTTP/1.1 302 Found\r\nLocation: /again\r\nContent-Length: 99999\r\n\r\n")
    await writer.drain()
    await asyncio.sleep(60)


FAULTS: dict[str, Serve] = {
    "mute": mute,
    "header drip": dripping(b"HTTP/1.1 200 OK\r\n", b"X-Slow: 1\r\n"),
    "half header drip": dripping(b"HTTP/1.1 200 OK\r\nX-Slow: ", b"z"),
    "body drip": dripping(b"HTTP/1.1 200 OK\r\nContent-Length: 99999\r\n\r\n", b"."),
    "chunk drip": dripping(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n", b"1\r\n.\r\n"),
    "stalled body": stalled,
}
DRIPS = ("header drip", "body drip", "chunk drip")


class Nowhere:
    """A sink that keeps nothing."""

    def write(self, data: bytes) -> None:
        pass


async def all_of(package: str, rng: random.Random, deadline: float, rounds: int, patience: float) -> tuple[list[Try], list[Try]]:
    """Start every server, then all requests and controls at once."""
    authority = trustme.CA()
    trusting, serving = ssl.create_default_context(), ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.configure_trust(trusting)
    authority.issue_cert(HOST).configure_cert(serving)

    async def loopback(host: str, port: int) -> list[str]:
        if host == "silent.example":
            await asyncio.sleep(60)
        return ["127.0.0.1"]

    network = Network(loopback, lambda address: True, lambda url: None, trusting)
    # One transport a round: a host's gate lets 16 requests through at once, and waiting at the gate is not the fault here.
    carriers = [Transport(load({"IPYDARKROOM_HTTP": package}), lambda token: None, network=network) for _ in range(rounds)]
    remote = Route("kie", "remote", {"api": "https://api.example"}, "route.token")
    for carrier in carriers:  # trusted authorities are read from disk by the first request, which takes a while
        for purpose in ("call", "order", "fetch"):
            carrier._client(Route("kie", "local-url", {"api": "http://127.0.0.1"}, "route.base_url"), purpose)
        carrier._fetcher._client(None)
    call_seconds, submit_seconds = transport.CALL_SECONDS, transport.SUBMIT_SECONDS
    limits = {"calls": deadline * rng.uniform(0.8, 1.2), "orders": deadline * rng.uniform(0.8, 1.2)}
    transport.CALL_SECONDS, transport.SUBMIT_SECONDS = limits["calls"], limits["orders"]
    tries, acts, controls = [], [], []

    def add(kind: str, fault: str, seconds: float, act: Awaitable[object]) -> None:
        tries.append(Try(f"{package} {kind}, {fault}", seconds, patience))
        acts.append(act)

    try:
        async with AsyncExitStack() as stack:
            for fault, serve in FAULTS.items():
                plain = await started(stack, serve)
                tls = await started(stack, serve, serving)
                route = Route("kie", "local-url", {"api": f"http://127.0.0.1:{plain}"}, "route.base_url")
                for carrier in carriers:
                    seconds = deadline * rng.uniform(0.8, 1.2)
                    add("call", fault, limits["calls"], carrier.send(Call("GET", "/v1/x"), route))
                    add("order", fault, limits["orders"], carrier.send(Call("POST", "/v1/x", body={}), route, order=True))
                    add("download", fault, seconds, carrier.fetch(f"{route.origin}/a", route, 10**6, Nowhere(), seconds=seconds))
                    there = f"https://{HOST}:{tls}/a"
                    add("https download", fault, seconds, carrier.fetch(there, remote, 10**6, Nowhere(), seconds=seconds))
            for fault, port, host in (
                ("handshake without end", await started(stack, mute), HOST),
                ("name without answer", 443, "silent.example"),
                ("slow redirects", await started(stack, round_and_round, serving), HOST),
            ):
                for carrier in carriers:
                    seconds = deadline * rng.uniform(0.8, 1.2)
                    there = f"https://{host}:{port}/a"
                    add("https download", fault, seconds, carrier.fetch(there, remote, 10**6, Nowhere(), seconds=seconds))
            controls = [Try(f"{package} {fault}", deadline, patience) for fault in DRIPS]
            plain_client = importlib.import_module(package).AsyncClient(timeout=deadline, trust_env=False)
            stack.push_async_callback(plain_client.aclose)
            naive = [plain_client.get(f"http://127.0.0.1:{await started(stack, FAULTS[fault])}/") for fault in DRIPS]
            await asyncio.gather(*(each.run(act) for each, act in zip([*tries, *controls], [*acts, *naive], strict=True)))
    finally:
        transport.CALL_SECONDS, transport.SUBMIT_SECONDS = call_seconds, submit_seconds
        for carrier in carriers:
            await carrier.close()
        await asyncio.sleep(0.1)  # the loop closes sockets a turn later
        with warnings.catch_warnings():  # both HTTP packages leave a socket that was given up in its handshake to the collector
            warnings.simplefilter("ignore", ResourceWarning)
            gc.collect()
    return tries, controls


async def started(stack: AsyncExitStack, serve: Serve, tls: ssl.SSLContext | None = None) -> int:
    """Start a server for the length of the stack; returns its port."""
    at_work: set[asyncio.Task[None]] = set()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        at_work.add(task)
        try:
            await serve(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            at_work.discard(task)
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0, ssl=tls, ssl_handshake_timeout=60 if tls else None)

    async def stop() -> None:
        server.close()
        for task in list(at_work):
            task.cancel()
        await asyncio.sleep(0)

    stack.push_async_callback(stop)
    return server.sockets[0].getsockname()[1]


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seed", type=int, default=11)
    options.add_argument("--rounds", type=int, default=5)
    given = options.parse_args()
    report = main(seed=given.seed, rounds=given.rounds)
    print(json.dumps(report))
    sys.exit(not report["ok"])
