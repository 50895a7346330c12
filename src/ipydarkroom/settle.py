"""What becomes of jobs whose kernel ended: said once, in the journal, when the next client opens it.

A hosted job that was accepted simply goes on at its provider and needs nothing. The others need a word:

* not sent yet - it never left, nothing is charged
* being sent   - it may have been placed: uncertain, and never sent again by us
* local        - its painter died with the process: it will never end, nothing is charged
"""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

from .jobs import Event, Failed, JobRecord, Orphaned, State, Trouble, Unsent, advance
from .settings import PROCESS

if TYPE_CHECKING:
    from .track import Track
    from .journal import Journal

__all__ = ["OWNER", "settle", "settle_dead"]

OWNER = f"{os.getpid()}-{PROCESS}"
"""Names this process in the journal: its number, and a random part as numbers are used again."""

_LOCAL = Trouble("JobFailed", "The local backend ended; nothing was charged.", "", "Run it again.")
_UNSENT = Trouble("NotSent", "The kernel ended before the order left; nothing was charged.", "", "Run it again.")
_LOST = Trouble(
    "SubmitUncertain", "The kernel ended while the order was being sent, so it may have been placed.", "",
    "Look at the provider's own list of generations before sending it again.",
)


def settle_dead(journal: Journal) -> None:
    """Write down what became of the unfinished jobs whose process is gone."""
    for record in journal.jobs(unfinished=True):
        if not _alive(record.owner):
            _settle(journal, record)


def settle(journal: Journal, track: Track) -> None:
    """End what cannot go on when its client closes: a local job, and an order that has not left yet."""
    record = track.record
    if not track.ours:  # somebody else's, of whom we only know from the journal
        return
    if record.state is State.PLANNED or (record.backend == "local-process" and not record.state.is_terminal):
        track.record = _settle(journal, record)


def _settle(journal: Journal, record: JobRecord) -> JobRecord:
    event = _fate(record)
    settled = record if event is None else advance(record, event, time.time())
    if settled is not record:
        journal.put(settled, type(event).__name__)
    return settled


def _fate(record: JobRecord) -> Event | None:
    local = record.backend == "local-process"
    match record.state:
        case State.PLANNED:
            return Unsent(_UNSENT)
        case State.SUBMITTING:
            return Unsent(_LOCAL) if local else Orphaned(_LOST)
        case _:
            return Failed("", _LOCAL, "no") if local else None


def _alive(owner: str) -> bool:
    """Whether the process that owns a job still runs."""
    pid, _, process = owner.partition("-")
    if process == PROCESS:
        return True
    if not pid.isdecimal() or int(pid) == os.getpid():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
