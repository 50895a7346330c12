"""G3: 500 `kill -9` at random moments over a client at work: nothing paid twice, nothing paid and lost.

Each life goes on with what the one before left, orders more (both protocols, several jobs under way, files coming in)
and is killed after a random time; one in ten is killed when the server has its order and the client no answer yet, which
chance alone meets too seldom in a small dose. A last one may finish. Then the server's book is compared with the journal
and the pictures. The negative control is a client that writes the order down when the answer comes.
"""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from backend import Backend
from lives import client_on, end_of, fork, preload, resumed
from report import report, scratch
from verdict import judge, rows_of, sound

from ipydarkroom.jobs import JobRecord, State
from ipydarkroom.journal import Journal

__all__ = ["commit_late", "main"]

UNDER_WAY = 6  # jobs in flight in one life
CHECKED = 10  # the journal is looked through after every tenth kill
AIMED = 10  # in every tenth life the server keeps an answer to itself, and the kill comes then
TIMED = 25  # how long a life needs to get going is looked at again after so many: the machine may be busy


def main(kills: int = 500, control_kills: int = 100, seeds: tuple[int, ...] = (1,)) -> dict[str, Any]:
    """500 kills: 0 orders doubled, 0 lost, the journal sound; a client that commits after sending must lose some."""
    runs = [_run(-(-kills // len(seeds)), seed) for seed in seeds]
    control = _run(control_kills, seeds[0], commit_late)
    names = ("doubled", "silent", "stuck", "unexplained", "unsaved", "wrong", "half", "unsound")
    wrong = {name: sum(run[name] for run in runs) for name in names}
    done = {name: sum(run[name] for run in runs) for name in ("kills", "ended_early", "orders", "succeeded", "uncertain", "cut_while_sending")}
    enough = done["kills"] >= kills and not done["ended_early"] and done["orders"] >= kills // 2 and done["cut_while_sending"] > 0
    return {
        "goal": "G3", "ok": not any(wrong.values()) and enough and control["silent"] > 0, **done, **wrong,
        "examples": [example for run in runs for example in run["examples"]],
        "controls": {"commit_after_sending": {name: control[name] for name in ("kills", "orders", "silent", "doubled")}},
    }


def _run(kills: int, seed: int, sabotage: Callable[[], None] | None = None) -> dict[str, Any]:
    chance, tally = random.Random(seed), Counter[str]()
    with scratch() as folder, Backend(seed=seed, wait_s=0.02) as backend:
        home = Path(folder)
        preload(backend)
        unsound = 0
        span = 0.0
        for number in range(kills):
            first, aimed = f"life{number}-1", number % AIMED == 4  # never one of the timed
            if aimed:
                backend.script(first, {"submit": ["silence"]})
            pid = fork(lambda number=number: _work(home, backend, f"life{number}"), sabotage)
            if aimed:
                _until(lambda first=first: any(order.marker == first for order in backend.truth()))
            elif number % TIMED == 0:
                span = _until_going(backend)
            else:
                time.sleep(chance.uniform(0.1, 2.5) * span)
            os.kill(pid, signal.SIGKILL)
            tally["ended_early"] += end_of(pid) != -signal.SIGKILL
            tally["kills"] += 1
            if number % CHECKED == 0 and (home / "journal.sqlite3").exists():
                unsound += not sound(home)
        tally["ended_early"] += end_of(fork(lambda: _finish(home, backend), sabotage)) != 0
        orders = backend.truth()
        verdict = judge(home, orders)
        rows = rows_of(home).values()
        states = Counter(row.state for row in rows)
        lost = [row for row in rows if row.trouble and row.trouble.kind == "SubmitUncertain"]
        return {
            **{name: tally[name] for name in ("kills", "ended_early")}, "orders": len(orders),
            "succeeded": states[State.SUCCEEDED], "uncertain": states[State.UNCERTAIN], "cut_while_sending": len(lost),
            **vars(verdict), "unsound": verdict.unsound + unsound,
        }


def _until_going(backend: Backend) -> float:
    """How long it takes until a life has placed as many orders as it likes to have under way; at most five seconds."""
    before = len(backend.truth())
    return _until(lambda: len(backend.truth()) >= before + UNDER_WAY, 5)


def _until(seen: Callable[[], bool], limit_s: float = 20) -> float:
    """Ask the server until it has seen that; returns how long it took. A life that never comes so far is killed all the same."""
    begun = time.monotonic()
    while time.monotonic() < begun + limit_s and not seen():
        time.sleep(0.005)
    return time.monotonic() - begun


async def _work(home: Path, backend: Backend, name: str) -> None:
    """Go on with everything, and keep ordering until the end comes."""
    with client_on(home, backend) as client:
        going = {asyncio.ensure_future(job.wait()) for job in await resumed(client, 300)}
        models = [backend.model("runcomfy"), backend.model("kie")]
        number = 0
        while True:
            while len(going) < UNDER_WAY:
                number += 1
                job = await client.submit(models[number % 2], prompt=f"{name}-{number} a fox in the snow")
                going.add(asyncio.ensure_future(job.wait()))
            _, going = await asyncio.wait(going, return_when=asyncio.FIRST_COMPLETED)


async def _finish(home: Path, backend: Backend) -> None:
    """The last life: everything comes to its end."""
    with client_on(home, backend) as client:
        await asyncio.gather(*(job.wait(60) for job in await resumed(client)))
        await client.close()


def commit_late() -> None:
    """The bad client: nothing is on disk before the answer to the order is here."""
    add, put = Journal.add, Journal.put

    def no_add(journal: Journal, record: JobRecord, *_: object) -> JobRecord:
        return record

    def late_put(journal: Journal, record: JobRecord, event: str) -> bool:
        if not record.remote_id and not record.state.is_terminal:
            return True
        if journal.get(record.id) is None:
            add(journal, record)
        return put(journal, record, event)

    Journal.add, Journal.put = no_add, late_put  # type: ignore[method-assign]


if __name__ == "__main__":
    sys.exit(report(main, kills=(500, 30), control_kills=(100, 40)))
