"""G15: a full outage is not made worse by its clients. Requests during the outage, over those that were due anyway.

    python tests/reliability/outage.py [--jobs 1 100 500] [--control ten_tries]

For an order one request is due, so the ratio is POSTs (or connects, where the port is shut) per order. For looks, the same
jobs are followed twice from their acceptance on for the same seconds: once in health, once with the provider down.
A ratio of at most 1.2 is asked for; where it is above, at most `BUCKET` requests more than due: a single order may be
tried again, or a blink of the network would fail it.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from asyncio.selector_events import BaseSelectorEventLoop
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from backend import Backend, Plan
from badclients import BAD_CLIENTS
from common import counted_log, finish, measured
from ipydarkroom.client import AsyncClient, AsyncJob
from ipydarkroom.pacing import HOSTED, Pace

MOST = 1.2
BUCKET = 10
OUTAGES = ("refused", "html_503_before", "reset_before")
WINDOW_S = 8.0  # of hosted rhythm; fewer jobs run at a multiple of it
SPEEDS = {1: 10.0, 100: 5.0, 500: 1.0}
ENDED_S = 60.0


@dataclass
class Connects:
    """How often this process tried to connect to a port."""

    port: int
    number: int = 0


def main(
    *, sizes: tuple[int, ...] = (1, 100, 500), outages: tuple[str, ...] = OUTAGES, looks: bool = True, control: str = ""
) -> dict[str, Any]:
    """Measure every outage for every number of jobs; `ok` is False when one ratio is above what is allowed.

    Args:
        sizes: Numbers of jobs.
        outages: What happens to every request.
        looks: Measure looks too, not orders alone.
        control: `ten_tries`, which must be noticed.
    """
    ratios: dict[str, float] = {}
    above: list[str] = []
    with ExitStack() as stack:
        cost = stack.enter_context(measured())
        logged = stack.enter_context(counted_log())
        if control:
            stack.enter_context(BAD_CLIENTS[control]())
        for jobs in sizes:
            healthy = asyncio.run(_looks(jobs, "")) if looks else 0
            for outage in outages:
                measured_here = [("orders", asyncio.run(_orders(jobs, outage)), jobs)]
                if looks:
                    measured_here.append(("looks", asyncio.run(_looks(jobs, outage)), healthy))
                for what, sent, due in measured_here:
                    name = f"{outage}:{what}:{jobs}"
                    ratios[name] = round(sent / due, 2)
                    if not sent:
                        above.append(f"{name}: nothing was sent at all")
                    if sent > MOST * due and sent - due > BUCKET:
                        above.append(f"{name}: {sent} requests where {due} were due")
    return {
        "goal": "G15", "ok": not above, "control": control, "most": MOST, "worst": max(ratios.values()), "ratios": ratios,
        **cost, "errors_logged": dict(logged), "cases": above,
    }  # fmt: skip


def _pace(jobs: int) -> tuple[Pace, float]:
    """The hosted rhythm, quicker for fewer jobs, and for how many seconds to watch it."""
    speed = SPEEDS.get(jobs, 5.0)
    steps = tuple((start / speed, pause / speed) for start, pause in HOSTED.steps)
    quick = {"first_backoff": HOSTED.first_backoff / speed, "longest_backoff": HOSTED.longest_backoff / speed}
    return Pace(steps, **quick), WINDOW_S / speed


async def _orders(jobs: int, outage: str) -> int:
    """Order so many jobs while the provider is down; returns the requests (or connects) that were sent."""
    with Backend() as backend, tempfile.TemporaryDirectory() as home, counted_connects(backend) as connects:
        _down(backend, outage)
        async with _client(backend, home, _pace(jobs)[0]) as client:
            made = await _ordered(client, backend, jobs)
            async with asyncio.timeout(ENDED_S):
                await asyncio.gather(*(job.wait() for job in made))
        return connects.number if outage == "refused" else backend.counts()["requests"].get("submit", 0)


async def _looks(jobs: int, outage: str) -> int:
    """Follow so many waiting jobs for a while, with the provider down unless `outage` is empty; returns the looks sent."""
    pace, seconds = _pace(jobs)
    with Backend(wait_s=3600) as backend, tempfile.TemporaryDirectory() as home, counted_connects(backend) as connects:
        async with _client(backend, home, pace) as client:
            made = await _ordered(client, backend, jobs)
            while not all(job.remote_id for job in made):
                await asyncio.sleep(0.01)
            before = backend.counts()["requests"].get("poll", 0)
            if outage:
                _down(backend, outage)
            connects.number = 0
            await asyncio.sleep(seconds)
            after = backend.counts()["requests"].get("poll", 0)
            return connects.number if outage == "refused" else after - before


def _down(backend: Backend, outage: str) -> None:
    if outage == "refused":
        backend.shut(None)
    else:
        backend.use(Plan(1.0, (outage,)))


def _client(backend: Backend, home: str, pace: Pace) -> AsyncClient:
    return AsyncClient(settings=backend.settings(Path(home)), base_url=backend.base_url, paces=(pace, pace))


async def _ordered(client: AsyncClient, backend: Backend, jobs: int) -> list[AsyncJob]:
    models = [backend.model("runcomfy"), backend.model("kie")]
    return [await client.submit(models[number % 2], prompt=f"m-{number} a fox") for number in range(jobs)]


@contextmanager
def counted_connects(backend: Backend) -> Iterator[Connects]:
    """Count this process's attempts to connect: a server whose port is shut cannot."""
    connects, honest = Connects(int(backend.origin.rpartition(":")[2])), BaseSelectorEventLoop.sock_connect

    async def sock_connect(self: Any, sock: Any, address: Any) -> None:
        connects.number += address[1] == connects.port
        await honest(self, sock, address)

    with patch.object(BaseSelectorEventLoop, "sock_connect", sock_connect):
        yield connects


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, nargs="+", default=[1, 100, 500])
    parser.add_argument("--control", choices=["ten_tries"], default="")
    wish = parser.parse_args()
    finish(main(sizes=tuple(wish.jobs), control=wish.control))
