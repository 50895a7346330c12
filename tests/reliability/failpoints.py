"""G4: the process ends at every named failpoint once, and the next one goes on.

Two dry runs of each scenario list what every run crosses (`crossings`). Then one life per point: killed there, followed
by a second process that resumes. By where the point lies:

* before `sending` is on disk   nothing left, nothing is charged, the journal says so (or knows nothing)
* until the id is on disk       uncertain, at most one order at the server, never a second
* after that                    the job goes on to its end with that one order

The scenario `pair` has two orders that go in step, so that their facts share every commit; the same holds for both.

Four bad clients must be caught at some point: one that commits after sending, one that acts on a fact before its commit,
one that orders again what is uncertain, and one that writes pictures in place.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from backend import SCHEMA, Backend
from crossings import watch
from kills import commit_late
from lives import client_on, end_of, fork, preload, resumed
from report import report, scratch
from verdict import judge, rows_of

from ipydarkroom.client import AsyncClient
from ipydarkroom.jobs import JobRecord, State
from ipydarkroom.journal import Group, Journal
from ipydarkroom.models import Model
from ipydarkroom.testing import tiny_png

__all__ = ["main"]

SCENARIOS = tuple((provider, stage) for provider in ("runcomfy", "kie") for stage in ("picture", "cancel", "pair"))
CRITICAL = ("send.order.left", "send.order.after", "file.unlink.before", "file.unlink.after")  # where the bad clients err
STEP_MS = 1000  # how long two orders wait for each other
TRIES = 40  # a point behind a race (which look sees which state) needs another life, on a busy machine many
WAITS_S = {"picture": 0.05, "cancel": 0.3}  # in the server's queue: a request to stop must find the job there
WITH_IMAGE = {**SCHEMA, "properties": {**SCHEMA["properties"], "image_url": {"type": "string", "format": "uri", "description": "input image"}}}
Sabotage = Callable[[], None]


@dataclass
class Tally:
    """Points, those at which a process really ended or never did, and what was wrong afterwards."""

    points: list[str] = field(default_factory=list)
    covered: int = 0
    missed: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    unsent: int = 0
    uncertain: int = 0
    resumed: int = 0
    shared: int = 0  # crossings of a commit that holds a write of either order


@dataclass(frozen=True)
class Bench:
    """Where one scenario runs."""

    work: Path
    backend: Backend
    provider: str
    stage: str

    def fresh(self) -> Path:
        home = self.work / "home"
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir()
        return home

    def markers(self, marker: str) -> list[str]:
        """The orders of one life."""
        return [marker, f"{marker}/second"] if self.stage == "pair" else [marker]


def main(sample: int = 1, seeds: tuple[int, ...] = (1,)) -> dict[str, Any]:
    """A kill at 100 % of the named failpoints, both protocols; `sample` n takes every n-th point only."""
    tally = Tally()
    caught = {}
    with (
        scratch() as work,
        Backend(wait_s=WAITS_S["picture"]) as quick,
        Backend(wait_s=WAITS_S["cancel"]) as slow,
    ):
        preload(quick)
        for provider, stage in SCENARIOS:
            _every_point(Bench(Path(work), slow if stage == "cancel" else quick, provider, stage), tally, sample)
        for name, (bad, then) in _BAD.items():
            control = Tally()
            _every_point(Bench(Path(work), quick, "runcomfy", "picture"), control, 0, bad, then)
            caught[name] = {"points": len(control.points), "wrong": len({what.split(": ")[0] for what in control.wrong})}
    complete = tally.covered == len(tally.points) > 0
    fair = min(tally.unsent, tally.uncertain, tally.resumed, tally.shared) > 0
    return {
        "goal": "G4", "ok": complete and fair and not tally.wrong and all(c["wrong"] for c in caught.values()),
        "points": len(tally.points), "covered": tally.covered, "missed": tally.missed, "unsent": tally.unsent, "uncertain": tally.uncertain,
        "resumed": tally.resumed, "shared": tally.shared, "wrong": len(tally.wrong), "examples": tally.wrong[:8], "controls": caught,
    }


def _every_point(
    bench: Bench, tally: Tally, sample: int, bad: Sabotage | None = None, then: Callable[[AsyncClient], Awaitable[None]] | None = None
) -> None:
    """List the crossings of two whole runs, then end one life at each that both made; `sample` 0 is the critical ones."""
    runs = [_dry(bench, number, bad) for number in range(2)]
    points = [name for name in runs[0] if name in runs[1]]
    tally.shared += sum(name.startswith("together.") for name in points)
    sending, accepted = (_place(points, event) for event in ("Sending", "Accepted"))
    places = range(0, len(points), sample) if sample else [place for place, name in enumerate(points) if name in CRITICAL]
    for place in places:
        where = "unsent" if place < sending else "uncertain" if place < accepted else "resumed"
        name = f"{bench.provider}.{bench.stage}.{points[place]}"
        tally.points.append(name)
        for attempt in range(TRIES):
            home, marker = bench.fresh(), f"{name}/{len(tally.points)}/{attempt}/{bad.__name__ if bad else 'ours'}"
            if _killed(bench, home, marker, points[place], bad):
                tally.covered += 1
                setattr(tally, where, getattr(tally, where) + 1)
                tally.wrong += [f"{name}: {what}" for what in _after(bench, home, marker, where, then)]
                break
        else:
            tally.missed.append(name)


def _place(points: list[str], event: str) -> int:
    """From which point on that event is on disk."""
    name = f"put.{event}.commit.after"
    return points.index(name) if name in points else points.index(f"put.{event}.after")


def _dry(bench: Bench, number: int, bad: Sabotage | None) -> list[str]:
    home, marker = bench.fresh(), f"dry{number}-{bench.provider}-{bench.stage}-{bad.__name__ if bad else 'ours'}"
    code = end_of(fork(lambda: _scenario(bench, home, marker), lambda: _prepare(bench, home, "", bad)))
    if code:
        raise RuntimeError(f"the dry run of {bench.provider} {bench.stage} ended with {code}")
    return (home / "crossings").read_text().split()


def _killed(bench: Bench, home: Path, marker: str, point: str, bad: Sabotage | None) -> bool:
    return end_of(fork(lambda: _scenario(bench, home, marker), lambda: _prepare(bench, home, point, bad))) == -signal.SIGKILL


def _prepare(bench: Bench, home: Path, fatal: str, bad: Sabotage | None) -> None:
    """The bad client is under the watch, not above it: its own doors are crossed as well."""
    if bad is not None:
        bad()
    if bench.stage == "pair":
        _keep_step()
    watch(home, home / "crossings", fatal)


def _keep_step() -> None:
    """Let a fact wait for the same fact of the other order, so that the two share a commit; a second at most."""
    gather = Group._gather

    def in_step(group: Group, loop: asyncio.AbstractEventLoop, seen: int, passes: int) -> None:
        if len(group.keys()) == 1 and passes < STEP_MS:
            loop.call_later(0.001, in_step, group, loop, seen, passes + 1)
        else:
            gather(group, loop, seen, passes)

    Group._gather = in_step  # type: ignore[method-assign]


async def _scenario(bench: Bench, home: Path, marker: str) -> None:
    """One order to its end: with a picture, or with a request to stop it right after it was taken. Or two in step."""
    with client_on(home, bench.backend) as client:
        picture = home / "input.png"
        picture.write_bytes(tiny_png())
        upload = bench.provider == "kie" and bench.stage == "picture"
        model = Model.from_schema(WITH_IMAGE if upload else SCHEMA, id="reliability/tiny", provider=bench.provider)
        values: dict[str, object] = {"image_url": str(picture)} if upload else {}
        prompts = [f"{name} a fox" for name in bench.markers(marker)]
        job, *second = await asyncio.gather(*(client.submit(model, prompt=prompt, **values) for prompt in prompts))
        if bench.stage == "cancel":
            async for record in job.events():  # an order that has not left would be called off, and cross nothing
                if record.remote_id:
                    break
            await job.cancel()
        await asyncio.gather(*(each.wait(20) for each in (job, *second)))
        await client.close()


async def _go_on(bench: Bench, home: Path, then: Callable[[AsyncClient], Awaitable[None]] | None) -> None:
    with client_on(home, bench.backend) as client:
        await asyncio.gather(*(job.wait(20) for job in await resumed(client)))
        if then is not None:
            await then(client)
        await client.close()


def _after(
    bench: Bench, home: Path, marker: str, where: str, then: Callable[[AsyncClient], Awaitable[None]] | None
) -> list[str]:
    """Let a second process go on, and list what is not as it must be."""
    if code := end_of(fork(lambda: _go_on(bench, home, then))):
        return [f"the next process ended with {code}"]
    markers = bench.markers(marker)
    verdict = judge(home, [order for order in bench.backend.truth() if order.marker in markers])
    rows = rows_of(home)
    wrong = list(verdict.examples)
    for name in markers:
        wrong += _judged(bench, where, bench.backend.requests(name).get("submit", 0), rows.get(name))
    return wrong


def _judged(bench: Bench, where: str, sent: int, row: JobRecord | None) -> list[str]:
    """What is not as it must be of one order, by where its client ended."""
    wrong = []
    if where == "unsent":
        if sent or (row is not None and (row.state, row.charged) != (State.FAILED, "no")):
            wrong.append(f"{sent} orders sent, and the journal says {row and (row.state, row.charged)}")
    elif where == "uncertain":
        if sent > 1 or row is None or row.state is not State.UNCERTAIN:
            wrong.append(f"{sent} orders sent, and the journal says {row and row.state}")
    else:
        ends = {State.SUCCEEDED, State.CANCELLED} if bench.stage == "cancel" else {State.SUCCEEDED}
        if sent != 1 or row is None or row.state not in ends:
            wrong.append(f"{sent} orders sent, and the journal says {row and row.state}")
    return wrong


# --- bad clients ---


def _write_in_place() -> None:
    """A file gets its final name first and its second half later, whichever way it gets its name."""

    def instead_of(step: Callable[..., Any]) -> Callable[..., Any]:
        def copied(source: Any, target: Any, **options: Any) -> Any:
            if Path(target).exists():
                return step(source, target, **options)
            data = Path(source).read_bytes()
            Path(target).write_bytes(data[: len(data) // 2])
            os.unlink(source)  # noqa: PTH108  # a step in between, where the process may end
            Path(target).write_bytes(data)
            if step.__name__ == "link":
                Path(source).write_bytes(data)
            return None

        return copied

    for name in ("link", "rename", "replace"):
        setattr(os, name, instead_of(getattr(os, name)))


async def _order_again(client: AsyncClient) -> None:
    """What looks lost is simply ordered once more."""
    for job in client.jobs():
        if job.state is State.UNCERTAIN:
            again = await client.submit(Model.from_schema(SCHEMA, id=job.model, provider=job.provider), dict(job.record.inputs))
            await again.wait(20)


def _act_early() -> None:
    """Whoever learnt a fact goes on at once; it is written down a tenth of a second later, or never where the client closed."""
    put, close = Journal.put, Journal.close
    due: list[asyncio.TimerHandle] = []

    def later(journal: Journal, record: JobRecord, event: str) -> bool:
        due.append(asyncio.get_running_loop().call_later(0.1, put, journal, record, event))
        return True

    def forgotten(journal: Journal) -> None:
        for write in due:
            write.cancel()
        close(journal)

    Journal.put, Journal.close = later, forgotten  # type: ignore[method-assign]


_BAD: dict[str, tuple[Sabotage | None, Callable[[AsyncClient], Awaitable[None]] | None]] = {
    "commit_after_sending": (commit_late, None), "act_before_commit": (_act_early, None),
    "order_again": (None, _order_again), "write_in_place": (_write_in_place, None),
}

if __name__ == "__main__":
    sys.exit(report(main, sample=(1, 7)))
