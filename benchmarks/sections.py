"""The five measurements. Each gives figures: flat mappings that are printed as JSON and laid out as tables."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from cells import Cell, free_ports, kept_home, percentile, python_of, run, surroundings
from contenders import CONTENDERS, CONTROL, Contender

__all__ = ["FULL", "QUICK", "Dose", "Figure", "bad_reads", "disk", "imports", "late", "lost_answers", "processor"]

Figure: TypeAlias = dict[str, Any]
_Lot: TypeAlias = tuple[Contender, str, float]
_BESIDE = 3  # cells at once where a cell mostly sleeps: none of them needs a third of two cores


@dataclass(frozen=True)
class Dose:
    """How much is measured. `crowds` pairs a number of jobs at once with how many such rounds one process does."""

    lost_calls: int
    read_jobs: int
    read_at_once: int
    read_seconds: tuple[float, float]
    cpu_jobs: int
    cpu_rounds: int
    cpu_passes: int
    crowds: tuple[tuple[int, int], ...]
    delays: tuple[float, ...]
    seconds: tuple[float, float]
    history: int
    import_runs: int
    least_faults: int


FULL = Dose(
    lost_calls=3, read_jobs=400, read_at_once=50, read_seconds=(1.5, 2.5), cpu_jobs=60, cpu_rounds=3, cpu_passes=3,
    crowds=((1, 4), (100, 1), (1000, 1)), delays=(0.0, 0.08), seconds=(5.0, 15.0), history=60, import_runs=7, least_faults=6,
)
QUICK = Dose(
    lost_calls=1, read_jobs=200, read_at_once=100, read_seconds=(0.5, 1.0), cpu_jobs=25, cpu_rounds=1, cpu_passes=1,
    crowds=((1, 1), (20, 1)), delays=(0.08,), seconds=(1.0, 2.0), history=10, import_runs=3, least_faults=3,
)
_EVERY = 50  # status reads of which one is bad: 2 %


# --- 1: POSTs per lost answer ---


def lost_answers(dose: Dose, seed: int, pool: ThreadPoolExecutor) -> Iterator[Future[Figure]]:
    """The shop takes the order; its answer never arrives. Counts, not times, so they may run beside each other."""
    for case in ("drop", "502 nginx", "502 json"):
        for who in (*CONTENDERS, CONTROL):
            yield pool.submit(_lost, who, case, dose, seed)


def _lost(who: Contender, case: str, dose: Dose, seed: int) -> Figure:
    cell = run(who, {"seed": seed, "lost": case}, {"jobs": dose.lost_calls, "patience": 120.0})
    if cell.broke:
        return _broken("posts per lost answer", who, cell, case=case)
    posts = cell.posts()
    return _figure(
        "posts per lost answer", who, cell, case=case, calls=dose.lost_calls, posts=statistics.median(posts),
        most=posts[-1], told=dict(cell.said["why"]), faults=cell.ledger["faults"].get(case, 0),
    )


# --- 2: jobs lost at 2 % bad status reads ---


def bad_reads(dose: Dose, seed: int) -> Iterator[Figure]:
    """Every job succeeds; the client's call is lost when it ends in an error, or does not end."""

    def one(who: Contender) -> Figure:
        shop = {"seed": seed, "seconds": dose.read_seconds, "bad_reads": _EVERY}
        cell = run(who, shop, {"jobs": dose.read_jobs, "at_once": dose.read_at_once, "patience": 40.0})
        if cell.broke:
            return _broken("lost at 2 % bad reads", who, cell)
        faults = cell.ledger["faults"]
        return _figure(
            "lost at 2 % bad reads", who, cell, jobs=dose.read_jobs, lost=len(cell.said["lost"]),
            share=round(len(cell.said["lost"]) / dose.read_jobs, 4), told=dict(cell.said["why"]),
            reads=cell.ledger["requests"].get("status", 0), faults=faults, injected=sum(faults.values()),
        )

    with ThreadPoolExecutor(_BESIDE) as pool:
        yield from pool.map(one, CONTENDERS)


# --- 3: processor and wall per job that ends at once ---


def processor(dose: Dose, seed: int) -> Iterator[Figure]:
    """Ten at a time, alone on the machine; passes go round all clients, so a slow minute hits everybody."""
    for fetches in (False, True):
        cells: dict[str, list[Cell]] = {who.key: [] for who in CONTENDERS}
        for _ in range(dose.cpu_passes):
            for who in CONTENDERS:
                task = {
                    "jobs": dose.cpu_jobs, "rounds": dose.cpu_rounds, "at_once": 10, "warm": 10, "patience": 60.0, "fails": not fetches,
                }
                cells[who.key].append(run(who, {"seed": seed, "fails": not fetches}, task))
        cpu = {key: _per_job(found, "cpu", dose.cpu_jobs) for key, found in cells.items()}
        for who in CONTENDERS:
            found = cells[who.key]
            if found[0].broke:
                yield _broken("processor", who, found[0], picture=fetches)
                continue
            yield _figure(
                "processor", who, found[0], picture=fetches, cpu_ms=cpu[who.key], wall_ms=_per_job(found, "wall", dose.cpu_jobs),
                one_ms=round(1e3 * statistics.median(value for cell in found for value in cell.took("one")), 1),
                to_bare=_ratio(cpu[who.key], cpu[who.bare]), lost=sum(len(cell.said["lost"]) for cell in found),
                requests=round(sum(found[0].ledger["requests"].values()) / len(found[0].ledger["ends"]), 2),
            )


def _per_job(cells: Iterable[Cell], what: str, jobs: int) -> float | None:
    """Milliseconds per job: the median over all rounds of all passes."""
    took = [value for cell in cells if not cell.broke for value in cell.took(what)]
    return round(1e3 * statistics.median(took) / jobs, 3) if took else None


def disk() -> Figure:
    """How long this disk takes to keep 4 KiB for good. Ours waits for that several times per job, the others never."""
    took = []
    with tempfile.TemporaryFile(prefix="bench-") as file:
        for _ in range(200):
            file.write(bytes(4096))
            file.flush()
            began = time.perf_counter()
            os.fsync(file.fileno())
            took.append(1e3 * (time.perf_counter() - began))
    return {"figure": "disk", "fsync_p50_ms": _rounded(percentile(took, 0.5)), "fsync_p95_ms": _rounded(percentile(took, 0.95))}


# --- 4: lateness, requests, processor and memory of a crowd ---


def late(dose: Dose, seed: int) -> Iterator[Figure]:
    """Jobs of known lengths, all ordered at once. Ours with an empty journal, and with one that knows the model."""
    with tempfile.TemporaryDirectory(prefix="bench-history-") as folder:
        histories = _histories(dose, seed, Path(folder))
        # Our warm cells first, so that two of the same kind seldom run side by side.
        lots = [(who, "warm") for who in CONTENDERS if who.ours] + [(who, "cold" if who.ours else "") for who in CONTENDERS]
        for crowd, rounds in dose.crowds:
            task = {"jobs": crowd, "rounds": rounds, "patience": 120.0}

            def one(lot: _Lot, task: dict[str, Any] = task) -> Cell:
                who, history, delay = lot
                port, home = histories[who.key, delay] if history == "warm" else (0, None)
                return run(who, {"seconds": dose.seconds, "seed": seed, "delay": delay, "port": port}, task, home=home)

            all_lots = [(who, history, delay) for delay in dose.delays for who, history in lots]
            with ThreadPoolExecutor(len(all_lots) if crowd == 1 else _BESIDE if crowd <= 100 else 1) as pool:
                cells = dict(zip(all_lots, pool.map(one, all_lots), strict=True))
            for delay in dose.delays:
                yield from _late_figures({(who.key, history): cells[who, history, delay] for who, history in lots}, crowd, delay)


def _histories(dose: Dose, seed: int, folder: Path) -> dict[tuple[str, float], tuple[int, Path]]:
    """Folders in which our client has done jobs of this kind, each with the port of its shop: history goes by address."""
    wanted = [(who, delay) for who in CONTENDERS if who.ours for delay in dose.delays]
    made = {
        (who.key, delay): (port, folder / f"{who.key}-{delay}")
        for (who, delay), port in zip(wanted, free_ports(len(wanted)), strict=True)
    }

    def fill(who: Contender, delay: float) -> None:
        port, home = made[who.key, delay]
        shop = {"seconds": dose.seconds, "seed": seed + 1, "delay": delay, "port": port}
        kept_home(who, shop, {"jobs": dose.history, "patience": 120.0}, home)

    with ThreadPoolExecutor(len(wanted)) as pool:
        for done in [pool.submit(fill, *lot) for lot in wanted]:
            done.result()
    return made


def _late_figures(cells: Mapping[tuple[str, str], Cell], crowd: int, delay: float) -> Iterator[Figure]:
    cpu = {key: None if cell.broke else 1e3 * sum(cell.took("cpu")) / cell.jobs for key, cell in cells.items()}
    for who in CONTENDERS:
        for history in ("cold", "warm") if who.ours else ("",):
            cell = cells[who.key, history]
            where = {"jobs": crowd, "delay_ms": round(delay * 1e3), "history": history}
            if cell.broke:
                yield _broken("late", who, cell, **where)
                continue
            known, in_hand = cell.late("known"), cell.late("in_hand")
            yield _figure(
                "late", who, cell, **where, p50=_rounded(percentile(known, 0.5)), p95=_rounded(percentile(known, 0.95)),
                hand_p95=_rounded(percentile(in_hand, 0.95)), requests=round(cell.looks_per_job(), 1),
                wall=round(statistics.median(cell.took("wall")), 2), cpu=round(sum(cell.took("cpu")), 2),
                cpu_ms=round(cpu[who.key, history] or 0.0, 2), to_bare=_ratio(cpu[who.key, history], cpu[who.bare, ""]),
                grown_mb=cell.said["grown_mb"], lost=len(cell.said["lost"]), told=dict(cell.said["why"]),
                connections=cell.ledger["connections"],
            )


# --- 5: what an import costs ---

_IMPORTS = (
    ("ours", "**ipydarkroom**", "import ipydarkroom", True),
    ("ours-client", "**ipydarkroom**, first `Client()`", "import ipydarkroom; made = ipydarkroom.Client()", True),
    ("fal", "fal-client", "import fal_client", False),
    ("fal-client", "fal-client, first `SyncClient`", "import fal_client; made = fal_client.SyncClient(key='x')", False),
    ("replicate", "replicate", "import replicate", False),
    ("replicate-client", "replicate, first `Client`", "import replicate; made = replicate.Client(api_token='x')", False),
    ("httpx", "httpx alone", "import httpx", False),
    ("httpx2", "httpx2 alone", "import httpx2", False),
)


def imports(dose: Dose) -> Iterator[Figure]:
    """Fresh interpreters, by turns; the first turn only fills the byte-code caches."""
    took: dict[str, list[float]] = {key: [] for key, *_ in _IMPORTS}
    for turn in range(dose.import_runs + 1):
        for key, _, code, ours in _IMPORTS:
            seconds = _import(code, ours=ours)
            if turn:
                took[key].append(seconds)
    for key, title, code, _ in _IMPORTS:
        yield {"figure": "import", "client": key, "title": title, "code": code, "ms": round(1e3 * statistics.median(took[key]), 1)}


def _import(code: str, *, ours: bool) -> float:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        timed = f"import time; began = time.perf_counter(); {code}; print(time.perf_counter() - began)"
        env = surroundings(ours) | {"IPYDARKROOM_HOME": folder, "IPYDARKROOM_LOCAL": "1"}
        python = sys.executable if ours else python_of(CONTROL)
        return float(subprocess.run([python, "-c", timed], check=True, capture_output=True, text=True, env=env).stdout)


# --- figures ---


def _figure(name: str, who: Contender, cell: Cell, **values: Any) -> Figure:
    return {"figure": name, "client": who.key, "title": who.title, **values, "versions": _versions(who, cell)}


def _versions(who: Contender, cell: Cell) -> dict[str, str]:
    """What was used, by environment: ours, or the peers' own."""
    return {f"{'ours' if who.ours else 'peers'} {name}": number for name, number in cell.said["versions"].items()}


def _broken(name: str, who: Contender, cell: Cell, **values: Any) -> Figure:
    return {"figure": name, "client": who.key, "title": who.title, **values, "broke": cell.broke}


def _ratio(value: float | None, to: float | None) -> float | None:
    return round(value / to, 2) if value is not None and to else None


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)
