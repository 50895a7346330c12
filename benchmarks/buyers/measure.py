"""Runs one client through one task and prints what it took as one line of JSON. Shared by all buyers.

A buyer is a script that makes one client and hands `main` an object with three methods:

* `open(task)` - an async context: make the client
* `warm(number)` - one job that ends at once; what a client loads late is loaded here and not measured
* `order(number, heard)` - submit, wait and fetch the picture; calls `heard()` when the result is known

Nothing but the standard library and the client under test may be imported here.
"""

from __future__ import annotations

import asyncio
import json
import platform
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any, Protocol

__all__ = ["Buyer", "main"]


class Buyer(Protocol):
    """One client under test."""

    def open(self, task: dict[str, Any]) -> AbstractAsyncContextManager[Any]: ...

    async def warm(self, number: int) -> None: ...

    async def order(self, number: int, heard: Callable[[], None]) -> None: ...


def main(buyer: Buyer) -> None:
    """Do the task given as JSON on the command line.

    `jobs` numbers in all, `at_once` of them together (0: all), the whole repeated `rounds` times with fresh numbers;
    a job not in hand after `patience` seconds counts as hung.
    """
    task = json.loads(sys.argv[1])
    print(json.dumps(asyncio.run(_done(buyer, task))))


async def _done(buyer: Buyer, task: dict[str, Any]) -> dict[str, Any]:
    async with buyer.open(task):
        for number in range(1, task.get("warm", 1) + 1):
            await buyer.warm(-number)
        await asyncio.sleep(0.05)  # whatever warming up left behind
        _forget_peak()
        before = _resident_mb()
        jobs, rounds = task["jobs"], task.get("rounds", 1)
        took = [await _round(buyer, task, range(n * jobs, (n + 1) * jobs)) for n in range(rounds)]
        grown = _peak_mb() - before
    known = {number: at for round_ in took for number, at in round_.pop("known").items()}
    in_hand = {number: at for round_ in took for number, at in round_.pop("in_hand").items()}
    lost = {number: why for round_ in took for number, why in round_.pop("lost").items()}
    return {
        "rounds": took, "known": known, "in_hand": in_hand, "lost": lost, "why": Counter(lost.values()),
        "grown_mb": round(grown, 1), "python": platform.python_version(), "versions": _versions(task["packages"]),
    }


async def _round(buyer: Buyer, task: dict[str, Any], numbers: range) -> dict[str, Any]:
    """All jobs of one round, and what they took together."""
    gate = asyncio.Semaphore(task.get("at_once") or len(numbers))
    known: dict[int, float] = {}
    in_hand: dict[int, float] = {}
    lost: dict[int, str] = {}
    seconds: list[float] = []

    async def one(number: int) -> None:
        async with gate:
            began = time.monotonic()
            try:
                async with asyncio.timeout(task["patience"]):
                    await buyer.order(number, lambda: known.__setitem__(number, time.monotonic()))
            except TimeoutError as error:
                lost[number] = "hung" if time.monotonic() - began >= task["patience"] else type(error).__name__
            except Exception as error:  # noqa: BLE001  # whatever a client throws is a job that its caller lost
                lost[number] = type(error).__name__
            else:
                in_hand[number] = time.monotonic()
                seconds.append(in_hand[number] - began)

    began, cpu = time.perf_counter(), time.process_time()
    await asyncio.gather(*(one(number) for number in numbers))
    wall, cpu = time.perf_counter() - began, time.process_time() - cpu
    middle = sorted(seconds)[len(seconds) // 2] if seconds else None
    return {"wall": wall, "cpu": cpu, "one": middle, "known": known, "in_hand": in_hand, "lost": lost}


def _versions(packages: list[str]) -> dict[str, str]:
    from importlib.metadata import PackageNotFoundError, version

    found = {}
    for name in packages:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found


def _forget_peak() -> None:
    """Linux lets a process lower its own high-water mark to what it has now."""
    if sys.platform == "linux":
        Path("/proc/self/clear_refs").write_text("5")


def _resident_mb() -> float:
    """What is in memory now; elsewhere than on Linux the peak so far."""
    return _status_mb("VmRSS") if sys.platform == "linux" else _peak_mb()


def _peak_mb() -> float:
    # Not `ru_maxrss` on Linux: a child inherits there what its parent needed.
    if sys.platform == "linux":
        return _status_mb("VmHWM")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / 1e6 if sys.platform == "darwin" else peak / 1e3


def _status_mb(name: str) -> float:
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(name))
    return int(line.split()[1]) * 1024 / 1e6
