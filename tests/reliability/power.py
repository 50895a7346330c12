"""G5: power cuts. What `Journal.add` and `Journal.put` acknowledged is there afterwards, whatever else the disk lost.

The journal itself runs, with its own statements and pragmas, on a disk that forgets what was not synced
(`lossy_disk`). A life opens what the cut before left, adds and moves jobs, and ends at a random step, in recovery and
migration too. A third of the commits holds several jobs (`together`): all of them survive, or none. What survives is
opened by the journal on Python's own SQLite and compared, row by row.

The same run with weaker settings must lose rows; else the harness proves nothing.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import sys
from contextlib import closing, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import apsw

from apsw_door import Rewording, through_apsw
from lossy_disk import Disk, Step, survivors
from report import report, scratch

from ipydarkroom.errors import StorageError
from ipydarkroom.jobs import JobRecord, Kept, State
from ipydarkroom.journal import Journal
from ipydarkroom.journal.migrations import STEPS
from ipydarkroom.wire import Output

__all__ = ["main"]

NAME = "journal.sqlite3"
LIVES = 10  # cuts one journal lives through
CHANGES = 12  # commits in one life, if it lasts
CONTROLS: dict[str, Rewording] = {
    "wal_normal": Rewording({"journal_mode": "wal", "synchronous": "normal"}, "pragma locking_mode = exclusive; "),
    "truncate_normal": Rewording({"synchronous": "normal"}),
    "truncate_off": Rewording({"synchronous": "off"}),
}
"""Settings that must fail. The VFS of apsw has no shared memory, so WAL runs with one connection's exclusive lock."""


@dataclass
class Tally:
    """What one run of cuts came to."""

    cuts: int = 0
    bitten: int = 0  # cuts that took something a mere kill would have left
    acknowledged: int = 0
    shared: int = 0  # of these, in a commit with others
    checked: int = 0
    lost: int = 0  # acknowledged rows that were missing or older
    corrupt: int = 0  # journals that were damaged, set aside, or held a row nobody wrote, or half a commit

    @property
    def clean(self) -> bool:
        """Nothing lost, nothing corrupt."""
        return not self.lost and not self.corrupt


@dataclass
class Truth:
    """What the journal told us is on disk: job id -> record; and the changes of the one commit that was under way, if any."""

    known: dict[str, JobRecord] = field(default_factory=dict)
    under_way: dict[str, JobRecord] = field(default_factory=dict)


def main(cuts: int = 1000, control_cuts: int = 150, seeds: tuple[int, ...] = (1,)) -> dict[str, Any]:
    """1,000 simulated power cuts: 0 acknowledged rows lost, 0 corrupt; weaker settings must show losses."""
    ours = Tally()
    for seed in seeds:
        _cut_often(ours, -(-cuts // len(seeds)), random.Random(seed), None)
    controls = {}
    for name, rewording in CONTROLS.items():
        tally, rewording.count, chance = Tally(), 0, random.Random(seeds[0])
        while tally.clean and tally.cuts < 10 * control_cuts:
            _cut_often(tally, control_cuts, chance, rewording)
        controls[name] = {"cuts": tally.cuts, "lost": tally.lost, "corrupt": tally.corrupt, "reworded": rewording.count}
    enough = ours.bitten >= ours.cuts // 4 and ours.acknowledged >= 2 * ours.cuts and ours.shared >= ours.cuts // 2
    failing = all(c["reworded"] and c["lost"] + c["corrupt"] for c in controls.values())
    return {
        "goal": "G5", "ok": ours.clean and enough and failing, "cuts": ours.cuts, "bitten": ours.bitten,
        "acknowledged": ours.acknowledged, "shared": ours.shared, "rows_compared": ours.checked, "lost": ours.lost, "corrupt": ours.corrupt,
        "controls": controls, "sqlite_under_the_cut": apsw.sqlite_lib_version(),
    }


def _cut_often(tally: Tally, cuts: int, chance: random.Random, rewording: Rewording | None) -> None:
    wanted = tally.cuts + cuts
    with scratch() as work:
        while tally.cuts < wanted:
            image, truth = _beginning(Path(work), chance)
            for _ in range(min(LIVES, wanted - tally.cuts)):
                image = _one_life(Path(work), image, truth, chance, rewording, tally)
                if not _holds(Path(work), image, truth, tally):
                    break  # counted; the next journal starts clean


def _beginning(work: Path, chance: random.Random) -> tuple[dict[str, bytes], Truth]:
    """An empty folder or, half of the time, the journal of an earlier version with a few jobs: it will be migrated."""
    old = chance.randrange(2 * len(STEPS))
    if not 0 < old < len(STEPS):
        return {}, Truth()
    folder = _folder(work, {})
    with closing(sqlite3.connect(folder / NAME, isolation_level=None)) as db:
        for step in STEPS[:old]:
            db.executescript(step)
        db.execute(f"pragma user_version = {old}")
        columns = db.execute("pragma table_info(jobs)").fetchall()
        for number in range(3):
            known = {"id": f"old-{number}", "remote_id": f"r-old-{number}", "inputs": "{}", "state": "queued"}
            row = [known.get(name, ("no" if kind == "TEXT" else 0) if full else None) for _, name, kind, full, *_ in columns]
            db.execute(f"insert into jobs values ({', '.join('?' * len(row))})", row)
    image = _bytes_of(folder)
    with closing(Journal(folder / NAME)) as journal:
        return image, Truth({record.id: record for record in journal.jobs()})


def _one_life(
    work: Path, image: dict[str, bytes], truth: Truth, chance: random.Random, rewording: Rewording | None, tally: Tally
) -> dict[str, bytes]:
    """Open, add, move on; then let the power go at a random step and return what is left of the files."""
    folder, disk = _folder(work, image), Disk("darkroom-power")
    try:
        with through_apsw(disk.name, rewording), suppress(StorageError):  # a damaged journal is judged afterwards
            with closing(Journal(folder / NAME)) as journal:
                for _ in range(CHANGES):
                    _change(journal, truth.known, disk.steps, chance)
    finally:
        disk.unregister()
    cut = chance.randrange(len(disk.steps) + 1)
    left, bitten = survivors(image, disk.steps[:cut], chance)
    truth.under_way = {}
    for kind, _, *rest in disk.steps[:cut]:
        if kind == "asked":
            truth.under_way = rest[0]
        elif kind == "done":
            truth.known.update(rest[0])
            truth.under_way = {}
            tally.acknowledged += len(rest[0])
            tally.shared += len(rest[0]) if len(rest[0]) > 1 else 0
    tally.cuts += 1
    tally.bitten += bitten
    return left


def _change(journal: Journal, known: dict[str, JobRecord], steps: list[Step], chance: random.Random) -> None:
    """Add a job, or move one of those added in this life along, or several in one commit; with a note before and after."""
    here = {**known, **{name: record for kind, _, *rest in steps if kind == "done" for name, record in rest[0].items()}}
    going = [record for record in here.values() if record.state is not State.SUCCEEDED or not record.kept]
    chance.shuffle(going)
    changes = {}
    for number in range(chance.randint(2, 4) if chance.random() < 0.33 else 1):
        fresh = not going or chance.random() < 0.4
        record = _new(len(here) + number, chance) if fresh else _later(going.pop())
        changes[record.id] = (record, fresh)
    records = {name: record for name, (record, _) in changes.items()}
    steps.append(("asked", "", records))
    if len(changes) == 1:
        _write(journal, *changes.popitem()[1])
    else:
        with journal.together():
            for record, fresh in changes.values():
                _write(journal, record, fresh)
    steps.append(("done", "", records))


def _new(number: int, chance: random.Random) -> JobRecord:
    prompt = "x" * int(chance.paretovariate(0.5)) if chance.random() < 0.9 else "y" * 30_000
    return JobRecord(
        f"job-{chance.getrandbits(60):x}", "kie", "https://x.example", "remote", "a/b", {"prompt": prompt}, created=1.0 + number
    )


def _write(journal: Journal, record: JobRecord, fresh: bool) -> None:
    if fresh:
        journal.add(record)
    elif not journal.put(record, record.state.value):
        raise AssertionError("an open job refused its next state")


def _later(record: JobRecord) -> JobRecord:
    """The same job one fact further."""
    match record.state:
        case State.PLANNED:
            return replace(record, state=State.SUBMITTING, sent=2.0, charged="maybe")
        case State.SUBMITTING:
            return replace(record, state=State.QUEUED, remote_id=f"r-{record.id}")
        case State.QUEUED | State.RUNNING:
            links = tuple(Output(f"https://f.example/{record.id}-{n}.png?sig=1", "image") for n in range(4))
            return replace(record, state=State.SUCCEEDED, outputs=links, finished=3.0, charged="yes")
        case _:
            kept = tuple(Kept(n, f"/p/{record.id}-{n}.png", "image/png", "ab", 3, 4, 5) for n in range(len(record.outputs)))
            return replace(record, kept=kept)


def _holds(work: Path, image: dict[str, bytes], truth: Truth, tally: Tally) -> bool:
    """Open what survived as a person would, and compare. What was found is the truth of the next life."""
    folder = _folder(work, image)
    try:
        with closing(Journal(folder / NAME)) as journal:
            found = {record.id: record for record in journal.jobs()}
        with closing(sqlite3.connect(folder / NAME)) as db:
            sound = db.execute("pragma integrity_check").fetchone() == ("ok",)
    except (StorageError, sqlite3.Error):
        tally.corrupt += 1
        return False
    aside = [path.name for path in folder.iterdir() if path.name not in (NAME, f"{NAME}-journal") and "-copy" not in path.name]
    last = truth.under_way
    lost = [i for i, record in truth.known.items() if found.get(i) not in (record, last.get(i, record))]
    strange = [i for i, record in found.items() if i not in truth.known and record != last.get(i)]
    torn = len({found.get(i) == record for i, record in last.items()}) > 1
    tally.checked += len(found)
    tally.lost += len(lost)
    tally.corrupt += not sound or torn or bool(strange) or bool(aside)
    truth.known = found
    return sound and not torn and not lost and not strange and not aside


def _folder(work: Path, image: dict[str, bytes]) -> Path:
    """A fresh folder with these files."""
    folder = work / "home"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, data in image.items():
        (folder / name).write_bytes(data)
    return folder


def _bytes_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


if __name__ == "__main__":
    sys.exit(report(main, cuts=(1000, 100), control_cuts=(150, 40)))
