"""What becomes of jobs whose client ended: said once, in the journal, by the next client that opens it.

A hosted job that was accepted simply goes on at its provider and needs nothing. The others need a word:

* not sent yet - it never left, nothing is charged
* being sent   - it may have been placed: uncertain, and never sent again by us
* local        - its painter died with the process: it will never end, nothing is charged
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .jobs import Event, Failed, JobRecord, Orphaned, State, Trouble, Unsent, advance
from .owners import alive

if TYPE_CHECKING:
    from .journal import Journal
    from .track import Track

__all__ = ["fate", "settle", "settle_dead"]

_LOCAL = Trouble("JobFailed", "The local backend ended; nothing was charged.", "", "Run it again.")
_UNSENT = Trouble("NotSent", "The kernel ended before the order left; nothing was charged.", "", "Run it again.")
_LOST = Trouble(
    "SubmitUncertain", "The kernel ended while the order was being sent, so it may have been placed.", "",
    "Look at the provider's own list of generations before sending it again.",
)


def settle_dead(journal: Journal, owner: str) -> None:
    """Write down what became of the unfinished jobs whose client is gone; `owner` is who does so.

    A job is claimed before it is judged: from then on its old client, should it live after all, may not send it.
    """
    now = time.time()
    for record in journal.jobs(unfinished=True):
        if fate(record) is None or alive(record.owner, record.lease, now):
            continue
        if journal.claim(record.id, owner, (record.owner, record.lease), 0.0):
            _settle(journal, journal.get(record.id) or record)


def settle(journal: Journal, track: Track) -> None:
    """End what cannot go on when its client closes: a local job, and an order that has not left yet."""
    record = track.record
    if not track.ours:  # somebody else's, of whom we only know from the journal
        return
    if record.state is State.PLANNED or (record.backend == "local-process" and not record.state.is_terminal):
        track.record = _settle(journal, record)


def fate(record: JobRecord) -> Event | None:
    """What is to be learnt about a job whose client is gone; None where it simply goes on."""
    local = record.backend == "local-process"
    match record.state:
        case State.PLANNED:
            return Unsent(_UNSENT)
        case State.SUBMITTING:
            return Unsent(_LOCAL) if local else Orphaned(_LOST)
        case State.UNCERTAIN | State.SUCCEEDED | State.FAILED | State.CANCELLED:
            return None
        case _:
            return Failed("", _LOCAL, "no") if local else None


def _settle(journal: Journal, record: JobRecord) -> JobRecord:
    event = fate(record)
    settled = record if event is None else advance(record, event, time.time())
    if settled is not record:
        journal.put(settled, type(event).__name__)
    return settled
