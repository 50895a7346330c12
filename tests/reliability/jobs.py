"""G1 and G2: thousands of jobs over both protocols while a fifth of all requests goes wrong; then the books are compared.

    python tests/reliability/jobs.py [--jobs 10000] [--rate 0.2] [--control resends]

What the client believes (a fresh look into its journal, and the files on disk) is held against what the server really
took. Must be none: `doubled` (an order taken twice), `lost` (taken and done, but the client says failed, or nothing),
`unfinished` (left hanging), `wrong_picture` (a file that is another order's), `invented` (finished without an order).
An `uncertain` job is neither: it is listed, and how many of them were really placed is told.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import Any

from PIL import Image

from backend import Backend, Order, Plan, colour_of, marker_of
from badclients import BAD_CLIENTS
from common import FIXED_SEED, counted_log, finish, measured, random_seed
from ipydarkroom.client import AsyncClient
from ipydarkroom.jobs import JobRecord, State

AT_ONCE = 32  # live jobs: the more are followed, the less often each of them is looked at
TOLD = ("accepted", "done", "refused", "uncertain", "uncertain_placed", "asked_again", "requests")
TIMES = 40  # how often a person asks again for files that could not be fetched
WRONG = ("doubled", "lost", "unfinished", "wrong_picture", "invented", "unlisted", "strangers", "mistakes")
CASES = 10  # lines about jobs that went wrong
KINDS = 10  # different faults there must have been


def main(*, jobs: int = 10_000, rate: float = 0.2, control: str = "", seeds: tuple[int, ...] = ()) -> dict[str, Any]:
    """Run the jobs, half of them with a fixed seed and half with a random one.

    Args:
        jobs: How many, half on each protocol.
        rate: Faults per request.
        control: The bad client to use instead of the good one; then the books must not agree.
        seeds: Instead of the fixed one and a random one.

    Returns:
        The line to print; `ok` is False when the books do not agree, or too few faults came.
    """
    seeds = seeds or (FIXED_SEED, random_seed())
    found: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    cases: list[str] = []
    with ExitStack() as stack:
        cost = stack.enter_context(measured())
        logged = stack.enter_context(counted_log())
        if control:
            stack.enter_context(BAD_CLIENTS[control]())
        for seed in seeds:
            with Backend(Plan(rate), seed=seed) as backend, tempfile.TemporaryDirectory() as home:
                asked = asyncio.run(_order_all(backend, Path(home), jobs // len(seeds)))
                listed = asyncio.run(_listed(backend, Path(home)))
                counts = backend.counts()
                found += Counter({"asked_again": asked}) + compare(backend.truth(), listed, cases)
            found["requests"] += sum(counts["requests"].values())
            for phase, kinds in counts["faults"].items():
                faults += Counter({f"{phase}:{kind}": times for kind, times in kinds.items()})
            found += Counter({name: counts[name] for name in ("strangers", "mistakes")})
    kinds = Counter(dict.fromkeys({name.partition(":")[2] for name in faults}, 1))
    enough = len(kinds) >= KINDS and sum(faults.values()) >= 0.7 * rate * found["requests"]
    books = not any(found[name] for name in WRONG)
    return {
        "goal": "G1", "ok": books and enough, "control": control, "jobs": jobs, "rate": rate, "seeds": seeds,
        **{name: found[name] for name in (*WRONG, *TOLD)},
        "faults": sum(faults.values()), "fault_kinds": len(kinds), "faults_by_phase": _by_phase(faults),
        "jobs_per_s": round(jobs / max(cost["wall"], 0.01), 1), **cost, "errors_logged": dict(logged), "cases": cases[:CASES],
    }  # fmt: skip


async def _order_all(backend: Backend, home: Path, jobs: int) -> int:
    """Order so many jobs, `AT_ONCE` alive at a time, and see each to its end; returns how often files were asked for again."""
    todo = iter(range(jobs))
    models = [backend.model("runcomfy"), backend.model("kie")]
    again = 0

    async def work(client: AsyncClient) -> None:
        nonlocal again
        for number in todo:
            job = await client.submit(models[number % 2], prompt=f"m-{number} a fox")
            await job.wait()
            for _ in range(TIMES):
                if job.state is not State.SUCCEEDED or job.error is None:
                    break
                again += 1
                await job.wait()  # the files could not be fetched; the error says to ask again

    async with AsyncClient(settings=backend.settings(home), base_url=backend.base_url, paces=backend.paces) as client:
        await asyncio.gather(*(work(client) for _ in range(min(AT_ONCE, jobs))))
    return again


async def _listed(backend: Backend, home: Path) -> list[JobRecord]:
    """What a new client finds in the journal."""
    async with AsyncClient(settings=backend.settings(home), base_url=backend.base_url, paces=backend.paces) as client:
        return [job.record for job in client.jobs()]


def compare(truth: Iterable[Order], listed: Iterable[JobRecord], cases: list[str]) -> Counter[str]:
    """Hold the journal against the server's book.

    Args:
        truth: What the server took.
        listed: What the client knows.
        cases: Gets a line for each job that went wrong.
    """
    taken: dict[str, list[Order]] = {}
    for order in truth:
        taken.setdefault(order.marker, []).append(order)
    records = {marker_of(record.inputs["prompt"]): record for record in listed}
    found: Counter[str] = Counter(accepted=sum(map(len, taken.values())))
    for marker, orders in taken.items():
        found["doubled"] += len(orders) > 1
        found["unlisted"] += marker not in records
    for marker, record in records.items():
        word = _judge(record, marker, taken.get(marker, []))
        found[word] += 1
        if word in WRONG:
            cases.append(f"{word}: {record.provider} {record.remote_id!r} {record.state} {record.trouble}; {taken.get(marker)}")
        if record.state is State.UNCERTAIN and marker in taken:
            found["uncertain_placed"] += 1
    return found


def _judge(record: JobRecord, marker: str, orders: list[Order]) -> str:
    """One word for what became of one job."""
    if record.state is State.UNCERTAIN:
        return "uncertain"
    if not record.state.is_terminal:
        return "unfinished"
    if record.state is not State.SUCCEEDED:
        return "lost" if orders else "refused"
    if not orders:
        return "invented"
    if len(record.kept) < 1 or not all(Path(kept.path).is_file() for kept in record.kept):
        return "lost"
    return "done" if all(is_its_own(kept.path, marker) for kept in record.kept) else "wrong_picture"


def is_its_own(path: str, marker: str) -> bool:
    """Whether a file is the picture of the order with that marker."""
    with Image.open(path) as picture:
        return picture.convert("RGB").getpixel((0, 0)) == colour_of(marker)


def _by_phase(faults: Counter[str]) -> dict[str, int]:
    phases: Counter[str] = Counter()
    for name, times in faults.items():
        phases[name.partition(":")[0]] += times
    return dict(phases)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--jobs", type=int, default=10_000)
    parser.add_argument("--rate", type=float, default=0.2)
    parser.add_argument("--control", choices=sorted(BAD_CLIENTS), default="")
    wish = parser.parse_args()
    finish(main(jobs=wish.jobs, rate=wish.rate, control=wish.control))
