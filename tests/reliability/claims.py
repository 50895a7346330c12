"""G14: several kernels on one journal. A job has one driver, and a budget is never passed, however many claim at once.

Four processes walk through the same jobs of a dead owner and claim each: every job may be won once. Then they order
against one shared budget until it is used up, and some of their orders turn out not to have left. The negative controls
do the same with a look first and a write afterwards.
"""

from __future__ import annotations

import json
import mmap
import os
import random
import signal
import struct
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from report import report, scratch

from ipydarkroom.budget import Budget, reserve
from ipydarkroom.errors import BudgetExceeded
from ipydarkroom.jobs import JobRecord, State, Trouble, Unsent, advance, new_job_id
from ipydarkroom.journal import Journal

__all__ = ["main"]

PROCESSES = 4
GONE = ("somebody-gone", 1.0)
PRICES = (0.01, 0.04, 0.1)
PENNY = 1e-6
TURNS = 25  # of each process against one budget
THOUGHT_S = 0.002  # between a bad kernel's look and its write
Meet = Callable[[int], bool]


def main(claims: int = 5000, reservations: int = 5000, control_claims: int = 1000, seeds: tuple[int, ...] = (1,)) -> dict[str, Any]:
    """5,000 interleaved claims: 0 double; 5,000 concurrent reservations: never overspent; a look before a write fails."""
    ours = _claims(claims, _claim)
    naive = _claims(control_claims, _naive_claim)
    share = -(-reservations // len(seeds))
    spent = [_reservations(share, seed, Journal.add) for seed in seeds]
    naively = _reservations(share, seeds[0], _naive_add)
    right = all(run["passed"] == 0 and run["taken"] > 0 and run["refused"] > 0 and run["used"] > 0.8 for run in spent)
    return {
        "goal": "G14", "ok": ours["double"] == ours["nobody"] == 0 and right and naive["double"] > 0 and naively["passed"] > 0,
        "processes": PROCESSES, "claims": ours["claims"], "double": ours["double"], "nobody": ours["nobody"], "winners": ours["winners"],
        "reservations": share * len(seeds), "taken": sum(run["taken"] for run in spent),
        "refused": sum(run["refused"] for run in spent), "freed": sum(run["freed"] for run in spent),
        "overspent": sum(run["passed"] for run in spent), "used": [run["used"] for run in spent],
        "controls": {"look_then_claim": {"double": naive["double"]}, "look_then_reserve": {"overspent": naively["passed"]}},
    }


def _claims(claims: int, claim: Callable[[Journal, str, str], bool]) -> dict[str, Any]:
    """Every process claims every job, all in the same order; who won what comes back."""
    with scratch() as folder:
        path = Path(folder) / "journal.sqlite3"
        ids = [f"job-{number:05}" for number in range(-(-claims // PROCESSES))]
        with closing(Journal(path)) as journal, journal._transaction():
            pass  # the file is there, in today's shape
        _fill(path, ids)

        def work(number: int, meet: Meet) -> list[str]:
            with closing(Journal(path)) as journal:
                return [job for turn, job in enumerate(ids) if meet(turn) and claim(journal, job, f"kernel-{number}")]

        won = _together(work)
        times = Counter(job for mine in won for job in mine)
        with closing(Journal(path)) as journal:
            owners = Counter(record.owner for record in journal.jobs())
        honest = all(len(mine) >= owners[f"kernel-{number}"] for number, mine in enumerate(won))
        return {
            "claims": len(ids) * PROCESSES, "double": sum(count > 1 for count in times.values()),
            "nobody": len(ids) - len(times) + (not honest), "winners": [len(mine) for mine in won],
        }


def _fill(path: Path, ids: list[str]) -> None:
    """The jobs of an owner who is gone, in one commit."""
    with closing(Journal(path)) as journal:
        first = replace(_record(), id=ids[0], state=State.QUEUED, remote_id=f"r-{ids[0]}", owner=GONE[0], lease=GONE[1])
        journal.add(first)
        with journal._transaction() as db:
            columns = [name for _, name, *_ in db.execute("pragma table_info(jobs)")]
            news = {"id": "?", "remote_id": "'r-' || ?"}
            query = f"insert into jobs select {', '.join(news.get(name, name) for name in columns)} from jobs where id = '{ids[0]}'"
            for job in ids[1:]:
                db.execute(query, (job, job))


def _claim(journal: Journal, job: str, owner: str) -> bool:
    """As the client does it: look who drives, then claim with what was seen."""
    record = journal.get(job)
    assert record is not None
    return record.owner == GONE[0] and journal.claim(job, owner, (record.owner, record.lease), 1e12)


def _naive_claim(journal: Journal, job: str, owner: str) -> bool:
    """The bad kernel: what was seen is believed to hold still."""
    record = journal.get(job)
    if record is None or record.owner != GONE[0]:
        return False
    time.sleep(THOUGHT_S)
    with journal._transaction() as db:
        db.execute("update jobs set owner = ?, lease = ? where id = ?", (owner, 1e12, job))
    return True


def _reservations(reservations: int, seed: int, add: Callable[[Journal, JobRecord, Budget], JobRecord]) -> dict[str, Any]:
    """Every process orders as often as it can, against one budget after the other; each is used up in about half its turns."""
    turns = -(-reservations // PROCESSES)
    usd = round(TURNS * PROCESSES * sum(PRICES) / len(PRICES) / 3, 2)
    caps = [Budget(usd=usd, jobs=TURNS * PROCESSES // 2, name=f"lab-{number}") for number in range(-(-turns // TURNS))]
    with scratch() as folder:
        path = Path(folder) / "journal.sqlite3"
        Journal(path).close()

        def work(number: int, meet: Meet) -> Counter[str]:
            chance, tally = random.Random(seed * PROCESSES + number), Counter[str]()
            with closing(Journal(path)) as journal:
                for turn in range(turns):
                    meet(turn)
                    cap = caps[turn // TURNS]
                    record = replace(_record(), usd=chance.choice(PRICES), budget=cap.name)
                    try:
                        record = add(journal, record, cap)
                    except BudgetExceeded:
                        tally["refused"] += 1
                        continue
                    tally["taken"] += 1
                    tally["passed"] += _passed(journal, cap)
                    if chance.random() < 0.2:  # it never left: its share is free again
                        journal.put(advance(record, Unsent(Trouble("NotSent", "no connection")), 2.0), "Unsent")
                        tally["freed"] += 1
            return tally

        total: Counter[str] = sum(map(Counter, _together(work)), Counter())
        used = []
        with closing(Journal(path)) as journal:
            rows = journal.jobs()
            for cap in caps:
                spent = journal.spent(cap.name)
                mine = [row.usd or 0.0 for row in rows if row.budget == cap.name and row.state is not State.FAILED]
                total["passed"] += _passed(journal, cap) or sum(mine) > usd + PENNY or len(mine) != spent.jobs
                used.append(max(spent.usd / usd, 2 * spent.jobs / (TURNS * PROCESSES)))
        whole = used if turns % TURNS == 0 else used[:-1]  # the last one may not have had its turns
        return {**{name: total[name] for name in ("taken", "refused", "freed", "passed")}, "used": round(min(whole), 3)}


def _passed(journal: Journal, cap: Budget) -> bool:
    spent = journal.spent(cap.name)
    return spent.usd > (cap.usd or 0) + PENNY or spent.jobs > (cap.jobs or 0)


def _naive_add(journal: Journal, record: JobRecord, budget: Budget) -> JobRecord:
    """The bad kernel: what is left is read first, and the order is written afterwards."""
    reserved = reserve(budget, journal.spent(record.budget), record)
    time.sleep(THOUGHT_S)
    return journal.add(reserved)


def _record() -> JobRecord:
    return JobRecord(
        new_job_id(1.7e9, random.SystemRandom().getrandbits(74)), "kie", "https://x.example", "remote", "a/b", {"prompt": "fox"}, created=1.7e9
    )


def _together(work: Callable[[int, Meet], Any]) -> list[Any]:
    """Run `work` in four processes that take every turn at one moment; returns what each found."""
    children, turns = [], mmap.mmap(-1, 8 * PROCESSES)  # shared: each process writes its own number only
    for number in range(PROCESSES):
        answers, telling = os.pipe()
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                signal.alarm(300)
                with os.fdopen(telling, "w") as file:
                    json.dump(work(number, _meeting(turns, number)), file)
                code = 0
            except BaseException:
                traceback.print_exc(file=sys.stderr)
            finally:
                os._exit(code)
        os.close(telling)
        children.append((pid, answers))
    found = []
    for pid, answers in children:
        with os.fdopen(answers) as file:
            said = file.read()
        if os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]):
            raise RuntimeError("one of the processes failed")
        found.append(json.loads(said))
    return found


def _meeting(turns: mmap.mmap, number: int) -> Meet:
    """A place where each waits until all have come to the same turn: without it the first one runs away with the lock."""

    def meet(turn: int) -> bool:
        struct.pack_into("q", turns, 8 * number, turn + 1)
        while min(struct.unpack_from(f"{PROCESSES}q", turns)) <= turn:
            os.sched_yield()
        return True

    return meet


if __name__ == "__main__":
    sys.exit(report(main, claims=(5000, 400), reservations=(5000, 400), control_claims=(1000, 400)))
