"""G1 and G2: thousands of jobs over both protocols while a fifth of all requests goes wrong; then the books are compared.

    python tests/reliability/jobs.py [--jobs 10000] [--rate 0.2] [--control resends]

What the client believes (a fresh look into its journal, and the files on disk) is held against what the server really
took. Must be none: `doubled` (an order taken twice), `lost` (taken and done, but the client says failed, or nothing),
`unfinished` (left hanging), `wrong_picture` (a file that is another order's), `invented` (finished without an order).
An `uncertain` job is neither: it is listed, and how many of them were really placed is told. G2: where the protocol allows
it (Kie's callback, which names our job), none of those may be left after `job.reconcile()`: `unresolved`.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import ExitStack, asynccontextmanager
from pathlib import Path
from typing import Any

from PIL import Image

from backend import Backend, Order, Plan, colour_of, marker_of
from badclients import BAD_CLIENTS
from common import FIXED_SEED, counted_log, finish, measured, random_seed
from ipydarkroom.client import AsyncClient, AsyncJob
from ipydarkroom.jobs import JobRecord, State
from loopback import serve_app

AT_ONCE = 32  # live jobs: the more are followed, the less often each of them is looked at
TOLD = ("accepted", "done", "refused", "uncertain", "uncertain_placed", "resolved", "asked_again", "requests")
CALLBACKS = hasattr(AsyncClient, "callbacks")
TIMES = 40  # how often a person asks again for files that could not be fetched
WRONG = ("doubled", "lost", "unfinished", "wrong_picture", "invented", "unlisted", "unresolved", "strangers", "mistakes")
LOOKS = 8  # presses of the button; a look may hit a fault
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
                found += asyncio.run(_order_all(backend, Path(home), jobs // len(seeds)))
                listed = asyncio.run(_listed(backend, Path(home)))
                counts = backend.counts()
                found += compare(backend.truth(), listed, cases)
            found["requests"] += sum(counts["requests"].values())
            for phase, kinds in counts["faults"].items():
                faults += Counter({f"{phase}:{kind}": times for kind, times in kinds.items()})
            found += Counter({name: counts[name] for name in ("strangers", "mistakes")})
    kinds = Counter(dict.fromkeys({name.partition(":")[2] for name in faults}, 1))
    enough = len(kinds) >= KINDS and sum(faults.values()) >= 0.7 * rate * found["requests"]
    books = not any(found[name] for name in WRONG)
    return {
        "goal": "G1", "ok": books and enough, "control": control, "jobs": jobs, "rate": rate, "seeds": seeds, "callbacks": CALLBACKS,
        **{name: found[name] for name in (*WRONG, *TOLD)},
        "faults": sum(faults.values()), "fault_kinds": len(kinds), "faults_by_phase": _by_phase(faults),
        "jobs_per_s": round(jobs / max(cost["wall"], 0.01), 1), **cost, "errors_logged": dict(logged), "cases": cases[:CASES],
    }  # fmt: skip


async def _order_all(backend: Backend, home: Path, jobs: int) -> Counter[str]:
    """Order so many jobs, `AT_ONCE` alive at a time, see each to its end, and resolve what can be resolved.

    Returns:
        `asked_again`: how often files were asked for again. `resolved`: uncertain orders whose id a callback told.
    """
    todo = iter(range(jobs))
    models = [backend.model("runcomfy"), backend.model("kie")]
    found: Counter[str] = Counter()
    uncertain: list[AsyncJob] = []

    async def work(client: AsyncClient, callback: dict[str, Any]) -> None:
        for number in todo:
            more = callback if number % 2 else {}
            job = await client.submit(models[number % 2], prompt=f"m-{number} a fox", **more)
            found["asked_again"] += await _see_through(job)
            if more and job.state is State.UNCERTAIN:
                uncertain.append(job)

    async with AsyncClient(settings=backend.settings(home), base_url=backend.base_url, paces=backend.paces) as client:
        async with _receiver(client) as callback:
            await asyncio.gather(*(work(client, callback) for _ in range(min(AT_ONCE, jobs))))
            found["resolved"] = await _resolve(uncertain)
    return found


async def _see_through(job: AsyncJob) -> int:
    """Wait for a job, and again where its files could not be fetched: its error says to. Returns how often again."""
    await job.wait()
    for again in range(TIMES):
        if job.state is not State.SUCCEEDED or job.error is None:
            return again
        await job.wait()
    return TIMES


@asynccontextmanager
async def _receiver(client: AsyncClient) -> AsyncIterator[dict[str, Any]]:
    """Receive callbacks on this machine; yields what a submit needs for them."""
    if not CALLBACKS:
        yield {}
        return
    apps: list[Any] = []
    server, origin = await serve_app(lambda: apps[0])
    apps.append(client.callbacks(origin))
    yield {"callback_url": apps[0].url}
    server.close()


async def _resolve(uncertain: list[AsyncJob]) -> int:
    """Look again for lost orders, as a person would who presses the button a few times; sees the found ones through."""
    resolved = 0
    for job in uncertain:
        for _ in range(LOOKS):
            if await job.reconcile() in ("resolved", "settled"):  # by this look, or by its callback before
                resolved += 1
                await _see_through(job)
                break
            await asyncio.sleep(0.01)
    return resolved


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
            found["unresolved"] += CALLBACKS and record.provider == "kie"
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
