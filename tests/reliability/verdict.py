"""The judgement after a crash: what the server really took, against what the journal and the disk say."""

from __future__ import annotations

import hashlib
import sqlite3
from collections import Counter
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

import PIL.Image

from backend import Order, colour_of, marker_of

from ipydarkroom.jobs import JobRecord, State
from ipydarkroom.journal import Journal

__all__ = ["Verdict", "judge", "rows_of", "sound"]

MOST_EXAMPLES = 5


@dataclass
class Verdict:
    """How many orders went wrong, by the way they did; all zero is a pass."""

    doubled: int = 0  # one intent, more than one accepted order
    silent: int = 0  # an accepted order the journal does not know, or calls not sent
    stuck: int = 0  # neither ended nor uncertain
    unexplained: int = 0  # ended badly without a reason
    unsaved: int = 0  # succeeded without its file
    wrong: int = 0  # a row with another order's id, or a file with another order's picture
    half: int = 0  # a file under a final name that is no whole picture
    unsound: int = 0  # a journal that fails its integrity check
    examples: list[str] = field(default_factory=list)

    @property
    def total(self) -> int:
        """All that went wrong."""
        return sum(value for value in vars(self).values() if isinstance(value, int))

    def note(self, name: str, example: str) -> None:
        """Count one."""
        setattr(self, name, getattr(self, name) + 1)
        if len(self.examples) < MOST_EXAMPLES:
            self.examples.append(f"{name}: {example}")


def judge(home: Path, orders: Iterable[Order]) -> Verdict:
    """Compare the journal and the pictures in `home` with what the server took; call it when no client runs."""
    verdict, taken = Verdict(), list(orders)
    if not sound(home):
        verdict.note("unsound", "integrity_check")
    rows = rows_of(home)
    for marker, count in Counter(order.marker for order in taken).items():
        if count > 1:
            verdict.note("doubled", f"{marker} x {count}")
    for order in taken:
        row = rows.get(order.marker)
        if row is None or (row.state is State.FAILED and row.charged == "no"):
            verdict.note("silent", f"{order.marker}: {row.state if row else 'no row'}")
        elif row.remote_id not in ("", order.remote_id):
            verdict.note("wrong", f"{order.marker}: {row.remote_id} is not {order.remote_id}")
    for marker, row in rows.items():
        _judge_row(verdict, marker, row)
    for path in (home / "pictures").rglob("*"):
        if path.is_file() and path.suffix != ".part" and not _whole(path):
            verdict.note("half", path.name)
    return verdict


def rows_of(home: Path) -> dict[str, JobRecord]:
    """The journal by marker."""
    with closing(Journal(home / "journal.sqlite3")) as journal:
        return {marker_of(record.inputs["prompt"]): record for record in journal.jobs()}


def sound(home: Path) -> bool:
    """Whether SQLite finds the journal in order, and nothing was set aside."""
    with closing(sqlite3.connect(home / "journal.sqlite3")) as db:
        fine = db.execute("pragma integrity_check").fetchone() == ("ok",)
    return fine and not list(home.glob("*damaged*"))


def _judge_row(verdict: Verdict, marker: str, row: JobRecord) -> None:
    match row.state:
        case State.SUCCEEDED if not row.outputs or len(row.kept) != len(row.outputs):
            verdict.note("unsaved", f"{marker}: {len(row.kept)} of {len(row.outputs)}")
        case State.SUCCEEDED:
            for kept in row.kept:
                path = Path(kept.path)
                if not path.is_file() or hashlib.sha256(path.read_bytes()).hexdigest() != kept.sha256:
                    verdict.note("unsaved", f"{marker}: {path.name}")
                elif _colour(path) != colour_of(marker):
                    verdict.note("wrong", f"{marker}: not its picture")
        case State.FAILED if row.trouble is None or not row.trouble.message:
            verdict.note("unexplained", marker)
        case State.FAILED | State.CANCELLED | State.UNCERTAIN:
            pass
        case _:
            verdict.note("stuck", f"{marker}: {row.state}")


def _colour(path: Path) -> object:
    with PIL.Image.open(path) as picture:
        return picture.convert("RGB").getpixel((0, 0))


def _whole(path: Path) -> bool:
    try:
        with PIL.Image.open(path) as picture:
            picture.load()
    except (OSError, SyntaxError, ValueError):
        return False
    return True
