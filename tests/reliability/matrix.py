"""G6: the fault matrix. Every fault at every phase of both protocols, one scripted job per cell, held against `expected.py`.

    python tests/reliability/matrix.py [--only reset_after] [--control resends|wrong]

The state, the error's class, the POSTs the server saw, the orders it took, what is said of the bill, and the picture on
disk are all asserted. The client's deadlines and caps are lowered so that a drip or a too long answer ends soon; jobs
count as hosted, or nothing would ever be charged.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

from backend import Backend, Plan
from badclients import BAD_CLIENTS
from common import counted_log, finish, measured
from expected import ALWAYS, PROVIDERS, TABLE, cells
from ipydarkroom import files, jobs as rules, pacing, transport
from ipydarkroom.client import AsyncClient, AsyncJob
from ipydarkroom.errors import WaitTimeout
from ipydarkroom.jobs import State
from ipydarkroom.pacing import Pace
from jobs import is_its_own

AT_ONCE = 40
SHUT_S = 0.08
STEPS, BACKOFF = ((0, 0.02),), {"first_backoff": 0.1, "longest_backoff": 0.2, "longest_hold": 0.2}
ONCE = Pace(STEPS, grace=10, deadline=20, **BACKOFF)
FOREVER = Pace(STEPS, grace=0.7, deadline=6, **BACKOFF)
if hasattr(FOREVER, "patience"):  # how long an order that is refused for now is offered again
    FOREVER = replace(FOREVER, patience=1.0)
SECONDS = 3.0  # the client's deadline around one call
CANCEL_WAIT_S = 5.0

# word -> state, error class, POSTs, orders (None: either), charged, files, the cancel's outcome
_MEANS: dict[str, tuple[Any, ...]] = {
    "done": ("succeeded", "", 1, 1, "yes", 1, ""),
    "done-2": ("succeeded", "", 2, 1, "yes", 1, ""),
    "uncertain": ("uncertain", "SubmitUncertain", 1, None, "maybe", 0, ""),
    "no": ("failed", None, 1, 0, "no", 0, ""),
    "halt": ("open", None, 1, 1, "maybe", 0, ""),
    "failed": ("failed", "JobFailed", 1, 1, "maybe", 0, ""),
    "stopped": ("cancelled", "JobCancelled", 1, 1, "no", 0, "stopped"),
    "asked": ("open", "", 1, 1, "maybe", 0, "unknown"),
    "unsaved": ("succeeded", "NotSaved", 1, 1, "yes", 0, ""),
}


@dataclass(frozen=True)
class Cell:
    """One field of the matrix. `forever` repeats the fault at every request of the phase."""

    fault: str
    phase: str
    provider: str
    word: str
    forever: bool = False

    @property
    def marker(self) -> str:
        return "-".join((self.fault, self.phase, self.provider, "always" if self.forever else "once"))

    @property
    def expects(self) -> tuple[Any, ...]:
        word, _, error = self.word.partition(":")
        state, _, posts, *rest = _MEANS[word]
        if self.forever and self.phase == "submit":
            posts = {"NotSent": 0}.get(error, None if error == "RateLimited" and self.provider == "kie" else posts)
        return (state, error or _MEANS[word][1], posts, *rest)


def main(*, only: str = "", control: str = "", rows: int | None = None, forever: bool = True) -> dict[str, Any]:
    """Run the matrix.

    Args:
        only: One fault, instead of all.
        control: A bad client, or `wrong` for a table with one wrong word; either must be noticed.
        rows: Only every so many-th row, for a small dose.
        forever: Also the faults that come at every request of their phase.
    """
    table = dict(TABLE)
    every, always = cells(TABLE), cells(ALWAYS)
    if control == "wrong":
        every["reset_after", "submit", "runcomfy"] = "done"
    chosen = list(table)[::rows] if rows else list(table)
    todo = [Cell(*where, word) for where, word in every.items() if where[0] in chosen]
    if forever:
        todo += [Cell(*where, word, forever=True) for where, word in always.items() if where[0] in chosen]
    todo = [cell for cell in todo if not only or cell.fault == only]
    played = [cell for cell in todo if not cell.word.startswith("-")]
    with ExitStack() as stack:
        cost = stack.enter_context(measured())
        logged = stack.enter_context(counted_log())
        stack.enter_context(lowered())
        if control in BAD_CLIENTS:
            stack.enter_context(BAD_CLIENTS[control]())
        wrong, injected, counts = asyncio.run(_play(played))
    silent = [cell.marker for cell in played if not injected[cell.marker]]
    ok = not wrong and not silent and not counts["strangers"] and not counts["mistakes"]
    return {
        "goal": "G6", "ok": ok, "control": control, "faults": len({cell.fault for cell in todo}), "cells": len(todo),
        "played": len(played), "reasoned_away": len(todo) - len(played), "wrong": len(wrong), "not_injected": silent,
        "strangers": counts["strangers"], "mistakes": counts["mistakes"], **cost, "errors_logged": dict(logged), "cases": wrong,
    }  # fmt: skip


@contextmanager
def lowered() -> Iterator[None]:
    """Deadlines of seconds, caps of a MiB, repeats without a quota (see `outage.py`), and bills as a hosted service makes them."""
    with ExitStack() as stack:
        for name in ("CALL_SECONDS", "SUBMIT_SECONDS"):
            stack.enter_context(patch.object(transport, name, SECONDS))
        fetching = transport.FETCH_SECONDS  # one number, or one by kind of file
        if isinstance(fetching, dict):
            stack.enter_context(patch.dict(fetching, dict.fromkeys(fetching, SECONDS)))
        else:
            stack.enter_context(patch.object(transport, "FETCH_SECONDS", SECONDS))
        stack.enter_context(patch.object(transport, "CALL_CAP", 2**20))
        stack.enter_context(patch.dict(files.CAP_BYTES, dict.fromkeys(files.CAP_BYTES, 2**20)))
        if hasattr(pacing, "RetryQuota"):  # a client's jobs share it, and 40 cells at once would starve each other
            stack.enter_context(patch.object(pacing.RetryQuota, "spend", lambda self: True))
        stack.enter_context(patch.object(rules, "_bill", lambda record, charged: charged))
        yield


async def _play(played: list[Cell]) -> tuple[list[str], dict[str, int], Counter[str]]:
    """Play all cells; returns what went wrong, how often each cell's fault came, and the servers' own counts."""
    wrong: list[str] = []
    injected: dict[str, int] = {}
    counts: Counter[str] = Counter()
    for waiting in (False, True):  # a job can only be cancelled while it waits
        mine = [cell for cell in played if (cell.phase == "cancel") is waiting]
        if not mine:
            continue
        plan = Plan(shut_s=SHUT_S)
        with Backend(plan, wait_s=3600 if waiting else 0) as backend, tempfile.TemporaryDirectory() as home:
            stage = _Stage(backend, Path(home), ending=not waiting)
            async with stage:
                for cell, seen in await stage.play(mine):
                    injected[cell.marker] = stage.came[cell.marker]
                    if problem := _differs(cell.expects, seen):
                        wrong.append(f"{cell.marker}: {problem}")
            told = backend.counts()
            counts += Counter({name: told[name] for name in ("strangers", "mistakes")})
    return wrong, injected, counts


class _Stage:
    """Two clients (for faults that come once and for ever) before one server; `ending` where jobs come to their end there."""

    def __init__(self, backend: Backend, home: Path, *, ending: bool) -> None:
        self.backend = backend
        self._ending = ending
        self.came: Counter[str] = Counter()
        self._home = home
        self._once = self._client("once", ONCE)
        self._forever = self._client("forever", FOREVER)
        self._gate = asyncio.Semaphore(AT_ONCE)

    async def __aenter__(self) -> None:
        for provider in PROVIDERS:  # somebody else's orders, for answers that are mixed up
            job = await self._once.submit(self.backend.model(provider), prompt="somebody-else a fox")
            if self._ending:  # only then is its id given to others, see `faults.another_id`
                await job.wait(60)
        while len(self.backend.truth()) < 2:
            await asyncio.sleep(0.01)

    async def __aexit__(self, *_: object) -> None:
        await self._once.close()
        await self._forever.close()

    def _client(self, name: str, pace: Pace) -> AsyncClient:
        settings = self.backend.settings(self._home / name)
        return AsyncClient(settings=settings, base_url=self.backend.base_url, paces=(pace, pace))

    async def play(self, mine: list[Cell]) -> list[tuple[Cell, tuple[Any, ...]]]:
        shuts = [cell for cell in mine if cell.fault == "refused"]  # these disturb the others
        rest = [cell for cell in mine if cell.fault != "refused"]
        found = list(zip(rest, await asyncio.gather(*map(self._one, rest)), strict=True))
        for cell in shuts:  # each with a client of its own: what may be tried again is counted for all jobs of a client
            async with self._client(cell.marker, FOREVER if cell.forever else ONCE) as client:
                found.append((cell, await self._scene(cell, client)))
        return found

    async def _one(self, cell: Cell) -> tuple[Any, ...]:
        async with self._gate:
            return await self._scene(cell, self._forever if cell.forever else self._once)

    async def _scene(self, cell: Cell, client: AsyncClient) -> tuple[Any, ...]:
        """One job through its fault, and what became of it."""
        outcome = ""
        self.backend.script(cell.marker, _script(cell))
        shut = cell.fault == "refused" and cell.phase == "submit"
        if shut:
            self.backend.shut(None if cell.forever else SHUT_S)
        job = await client.submit(self.backend.model(cell.provider), prompt=f"{cell.marker} a fox")
        if cell.phase == "cancel":
            outcome = await self._cancel(job, cell)
        try:
            await job.wait(CANCEL_WAIT_S if outcome == "stopped" else 0.5 if outcome else 60)
        except WaitTimeout:
            pass
        if shut:
            self.backend.shut(0)
        return await self._seen(cell, job, outcome)

    async def _cancel(self, job: AsyncJob, cell: Cell) -> str:
        while not job.remote_id:
            await asyncio.sleep(0.01)
        if cell.fault == "refused":
            self.backend.shut(SHUT_S)
        return await job.cancel()

    async def _seen(self, cell: Cell, job: AsyncJob, outcome: str) -> tuple[Any, ...]:
        requests = self.backend.requests(cell.marker)
        self.came[cell.marker] = 1 if cell.fault == "refused" else self.backend.ask("came", {"marker": cell.marker})
        orders = sum(order.marker == cell.marker for order in self.backend.truth())
        kept = [file for file in job.record.kept if is_its_own(file.path, cell.marker)]
        state = "open" if job.state in (State.QUEUED, State.RUNNING) else job.state.value
        error = "" if job.error is None else type(job.error).__name__
        return (state, error, requests.get("submit", 0), orders, job.charged, len(kept), outcome)


def _script(cell: Cell) -> dict[str, list[str]]:
    """What the server is to do. A port can only be shut after the answer before."""
    if cell.fault == "refused":
        before = {"poll": "submit", "result": "poll", "download": "result" if cell.provider == "runcomfy" else "poll"}
        return {before[cell.phase]: ["refused"]} if cell.phase in before else {}
    faults = ["running", "backwards"] if cell.fault == "backwards" else [cell.fault]
    return {cell.phase: faults * (2000 if cell.forever else 1)}


def _differs(expects: tuple[Any, ...], seen: tuple[Any, ...]) -> str:
    names = ("state", "error", "posts", "orders", "charged", "files", "cancel")
    return "; ".join(
        f"{name} {found!r}, not {wish!r}"
        for name, wish, found in zip(names, expects, seen, strict=True)
        if wish is not None and wish != found
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="")
    parser.add_argument("--control", choices=[*sorted(BAD_CLIENTS), "wrong"], default="")
    wish = parser.parse_args()
    finish(main(only=wish.only, control=wish.control))
