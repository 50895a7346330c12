"""How far a sweep is, how fast it goes and how long it will take. Pure."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass

from .cells import Status

__all__ = ["Pulse", "Progress", "counted"]

_WINDOW = 20  # ends that tell the pace: the newest ones, as a queue may get slower


@dataclass(frozen=True, slots=True)
class Progress:
    """One moment of a sweep.

    `done` has its pictures, `failed` has none (failed, cancelled, files gone), `uncertain` nobody knows about, `live` is on
    its way, `waiting` is not ordered yet. `reused` of the done ones were made before. `per_minute` and `left_s` (seconds until
    all have ended) are None as long as too little is known, or nothing goes on.
    """

    total: int
    done: int = 0
    failed: int = 0
    uncertain: int = 0
    live: int = 0
    waiting: int = 0
    reused: int = 0
    per_minute: float | None = None
    left_s: float | None = None

    @property
    def fraction(self) -> float:
        """The share that has ended, from 0 to 1."""
        return (self.total - self.live - self.waiting) / self.total if self.total else 1.0


class Pulse:
    """The ends of jobs since a sweep went on; tells the pace."""

    def __init__(self) -> None:
        self._began = 0.0
        self._ends: deque[float] = deque(maxlen=_WINDOW + 1)

    def begin(self, now: float) -> None:
        """It goes on from now; what was before tells nothing of the pace."""
        self._began = now
        self._ends.clear()

    def end(self, now: float) -> None:
        """A job has ended."""
        self._ends.append(now)

    def per_second(self, now: float) -> float | None:
        """The pace; None before the second end."""
        if len(self._ends) < 2:
            return None
        full = len(self._ends) > _WINDOW
        since = self._ends[0] if full else self._began
        return (len(self._ends) - full) / max(now - since, 1e-3)


def counted(statuses: Iterable[tuple[Status, bool]], pace: float | None = None) -> Progress:
    """Count the cells.

    Args:
        statuses: Of every cell, its status and whether its job was made before.
        pace: Ends per second, where known.
    """
    pairs = list(statuses)
    number = Counter(status for status, _ in pairs)
    open_ = number["live"] + number["waiting"]
    return Progress(
        total=len(pairs),
        done=number["done"],
        failed=number["failed"] + number["cancelled"] + number["gone"] + number["unwatched"],
        uncertain=number["uncertain"],
        live=number["live"],
        waiting=number["waiting"],
        reused=sum(reused for status, reused in pairs if status == "done"),
        per_minute=None if pace is None or not open_ else 60 * pace,
        left_s=None if pace is None or not open_ else open_ / pace,
    )
