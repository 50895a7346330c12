"""G16: a journal of 100,000 jobs opens, and shows what is open and the newest fifty, in a second.

One job of each kind goes through the journal itself; SQL then multiplies its rows. So the file has the shape of today's
journal whatever that is. What is measured is what a person waits for: a client on that journal, the unfinished jobs, the
first page, one job by either id. The negative control lists with one select per job, as a first version did.
"""

from __future__ import annotations

import json
import os
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

from report import report

from ipydarkroom.client import AsyncClient
from ipydarkroom.jobs import JobRecord, Kept, State, Trouble
from ipydarkroom.journal import Journal
from ipydarkroom.settings import load
from ipydarkroom.wire import Output

__all__ = ["main", "steps"]

BOUND_S = 1.0
OPEN = 200  # unfinished jobs among them
PAGE = 50


def main(rows: int = 100_000, seeds: tuple[int, ...] = (1,)) -> dict[str, Any]:
    """Open list and first page of a big journal in at most a second; one select per job must be reported as slow."""
    with tempfile.TemporaryDirectory(prefix="darkroom-rows-") as folder:
        path = Path(folder) / "journal.sqlite3"
        _fill(path, rows)
        figures = _fresh(folder)
        control = _naive(path)
        size = path.stat().st_size
    waited = sum(figures[name] for name in ("client_s", "open_s", "page_s", "by_our_id_s", "by_their_id_s"))
    right = figures["counts"] == [rows, OPEN, PAGE, True, True]
    times = {name: value for name, value in figures.items() if name.endswith("_s") or name == "memory_mb"}
    return {
        "goal": "G16", "ok": right and waited <= BOUND_S < control, "rows": rows, "megabytes": round(size / 2**20, 1),
        "waited_s": round(waited, 3), "bound_s": BOUND_S, "right": right, **times,
        "controls": {"one_select_per_job_s": round(control, 2)},
    }


def _fill(path: Path, rows: int) -> None:
    """`rows` jobs: 200 on their way or uncertain, one in fifty failed, the rest with one to four pictures."""
    with closing(Journal(path)) as journal:
        for kind, state in enumerate((State.SUCCEEDED, State.SUCCEEDED, State.FAILED, State.UNCERTAIN, State.RUNNING)):
            record = JobRecord(
                f"kind-{kind}", "runcomfy", "http://127.0.0.1:9", "local-url", "acme/scene",
                {"prompt": "a fox in the snow, early light, " * 4, "size": "2K", "seed": 1}, fingerprint="f" * 64, created=1.0,
            )
            journal.add(record)
            links = tuple(Output(f"https://f.example/{kind}-{n}.png?sig={'s' * 120}", "image") for n in range(1 + 3 * kind))
            done = replace(record, state=state, sent=1.0, word=state.value, charged="maybe")
            if state is not State.UNCERTAIN:
                done = replace(done, remote_id=f"r-{record.id}")
            if state is State.SUCCEEDED:
                kept = tuple(Kept(n, f"/p/{kind}-{n}.png", "image/png", "a" * 64, 10**6, 1024, 1024) for n in range(len(links)))
                done = replace(done, finished=9.0, cost=0.04, charged="yes", outputs=links, kept=kept)
            elif state is State.FAILED:
                done = replace(done, finished=9.0, trouble=Trouble("JobFailed", "why", "7", "do this"))
            for event in ("Sending", "Accepted", "Finished"):
                journal.put(done, event)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute("pragma synchronous = off")
        db.execute("begin immediate")
        db.execute("create temp table copies as select 'kind-0' as kind, 0 as n where 0")
        kinds = "case when n < ? then 'kind-' || (3 + n % 2) when n % 50 = 0 then 'kind-2' else 'kind-' || (n % 2) end"
        db.execute(
            f"insert into copies with recursive c(n) as (select 0 union all select n + 1 from c where n + 1 < ?) select {kinds}, n from c",
            (rows, OPEN),
        )
        new_id = "printf('%s-%08d', kind, n)"
        news = {
            "id": new_id, "created": "1.7e9 + n", "sent": "1.7e9 + n", "finished": "case finished when 0 then 0 else 1.7e9 + n + 9 end",
            "fingerprint": "printf('%064x', n % 9000)", "remote_id": f"case remote_id when '' then '' else 'r-' || {new_id} end",
        }
        _multiply(db, "jobs", "id", news)
        _multiply(db, "outputs", "job", {"job": new_id})
        _multiply(db, "events", "job", {"job": new_id})
        db.execute("commit")


def _multiply(db: sqlite3.Connection, table: str, key: str, news: dict[str, str]) -> None:
    columns = [row[1] for row in db.execute(f"pragma table_info({table})")]
    picked = ", ".join(news.get(name, f"{table}.{name}") for name in columns)
    db.execute(f"insert into {table} select {picked} from copies join {table} on {table}.{key} = copies.kind order by n")
    db.execute(f"delete from {table} where {key} in ('kind-0', 'kind-1', 'kind-2', 'kind-3', 'kind-4')")


def _fresh(home: str) -> dict[str, Any]:
    """Measure in a process of its own: nothing is warm but the disk's cache."""
    done = subprocess.run([sys.executable, __file__, "--measure", home], capture_output=True, text=True, check=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _measure(home: str) -> dict[str, Any]:
    import asyncio

    async def measured() -> dict[str, Any]:
        figures: dict[str, Any] = {}

        def timed(name: str, work: Callable[[], Any]) -> Any:
            begun = time.perf_counter()
            found = work()
            figures[name] = round(time.perf_counter() - begun, 4)
            return found

        settings = load({"IPYDARKROOM_HOME": home, "IPYDARKROOM_SPENDING": "off"})
        client = timed("client_s", lambda: AsyncClient(settings=settings))
        unfinished = timed("open_s", lambda: client._journal.jobs(unfinished=True))
        page = timed("page_s", lambda: client.jobs(limit=PAGE))
        mine = timed("by_our_id_s", lambda: client.job(page[-1].id))
        theirs = timed("by_their_id_s", lambda: client.job(page[-1].remote_id))
        count = timed("all_s", lambda: len(client._journal.jobs()))
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        figures["memory_mb"] = round(before / 1024)
        figures["counts"] = [count, len(unfinished), len(page), mine.id == page[-1].id, theirs.id == page[-1].id]
        await client.close()
        return figures

    return asyncio.run(measured())


def steps(few: int = 1000, many: int = 5000, seeds: tuple[int, ...] = (1,)) -> dict[str, Any]:
    """The same without a clock: what SQLite has to do may not grow with the journal. Without its indexes it must."""
    ours, bare = [], []
    for rows in (few, many):
        with tempfile.TemporaryDirectory(prefix="darkroom-rows-") as folder:
            path = Path(folder) / "journal.sqlite3"
            _fill(path, rows)
            ours.append(_steps_of(path))
            with closing(sqlite3.connect(path)) as db:
                for (name,) in db.execute("select name from sqlite_master where type = 'index' and sql is not null").fetchall():
                    db.execute(f"drop index {name}")
            bare.append(_steps_of(path))
    growth = {name: round(ours[1][name] / max(1, ours[0][name]), 2) for name in ours[0]}
    control = {name: round(bare[1][name] / max(1, bare[0][name]), 2) for name in bare[0]}
    bound = 1 + (many / few - 1) / 4
    return {
        "goal": "G16 without a clock", "ok": all(times < bound for times in growth.values()) and max(control.values()) >= bound,
        "rows": [few, many], "growth": growth, "bound": bound, "steps": ours[1], "controls": {"no_index": control},
    }


def _steps_of(path: Path) -> dict[str, int]:
    """How many hundreds of SQLite's own instructions each look takes."""
    found: dict[str, int] = {}
    with closing(Journal(path)) as journal:
        db = next(value for value in vars(journal).values() if isinstance(value, sqlite3.Connection))
        looks: dict[str, Callable[[], Any]] = {
            "open": lambda: journal.jobs(unfinished=True), "page": lambda: journal.jobs(limit=PAGE),
            "by_remote": lambda: journal.by_remote("runcomfy", "http://127.0.0.1:9", "r-kind-1-00000301"),
        }
        for name, look in looks.items():
            count = [0]

            def step(count: list[int] = count) -> int:
                count[0] += 1
                return 0

            db.set_progress_handler(step, 100)
            assert look()
            db.set_progress_handler(None, 0)
            found[name] = count[0]
    return found


def _naive(path: Path) -> float:
    """The negative control: finding what is open by reading every job, its results with a select of their own."""
    begun = time.perf_counter()
    with closing(sqlite3.connect(path)) as db:
        db.row_factory = sqlite3.Row
        rows = db.execute("select * from jobs order by created desc").fetchall()
        found = [(row, db.execute("select * from outputs where job = ?", (row["id"],)).fetchall()) for row in rows]
        assert OPEN == len([row for row, _ in found if row["state"] in ("uncertain", "running")])
    return time.perf_counter() - begun


if __name__ == "__main__":
    os.environ.setdefault("IPYDARKROOM_SPENDING", "off")
    if sys.argv[1:2] == ["--measure"]:
        print(json.dumps(_measure(sys.argv[2])))
    elif "--small" in sys.argv:
        sys.exit(report(steps))
    else:
        sys.exit(report(main, rows=(100_000, 100_000)))
