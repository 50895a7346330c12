"""The only place a job's record changes: advance it, put it on disk, then tell whoever watches. In that order, always."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING

from .errors import DarkroomError, StorageError
from .jobs import Accepted, Event, JobRecord, Sending, Trouble, Unsent, advance

if TYPE_CHECKING:
    from .journal import Journal
    from .track import Track

__all__ = ["Learner", "trouble_of"]

log = logging.getLogger("ipydarkroom")


class Learner:
    """Takes in what was learnt about jobs.

    Args:
        journal: Where every fact is written before it is acted on.
        clock: Seconds since the epoch.
    """

    def __init__(self, journal: Journal, clock: Callable[[], float]) -> None:
        self.journal = journal
        self.clock = clock

    def learn(self, track: Track, event: Event) -> bool:
        """Advance the record, put it on disk, then tell the watchers.

        Returns:
            False when an order may not go: the disk did not take that it is about to, it is another client's by now,
            or it has been settled. A refusal of the disk ends the order as not sent.
        """
        before = track.record
        after = advance(before, event, self.clock())
        sending = isinstance(event, Sending)
        if after is before:
            return not sending
        track.record = after
        if track.unwritten or _lasting(before, after):
            error = self.write(track, type(event).__name__)
            if sending and error is not None:
                track.record = advance(before, Unsent(trouble_of(error)), self.clock())
            if sending and (error is not None or track.record is not after):
                track.tell()
                return False
        if isinstance(event, Accepted) or after.state.is_terminal:
            track.wake.set()
        track.tell()
        return True

    def write(self, track: Track, event: str) -> StorageError | None:
        """Put the record on disk. A refusal is remembered and made good with the next write; the id is in the log."""
        sending, record = event == Sending.__name__, track.record
        try:
            taken = self.journal.put(record, event)
            known = None if taken else self.journal.get(record.id)
            if sending and not taken and known is None:  # nobody can say whose it is
                raise StorageError("The order is not in the journal any more, so nothing was sent.", next_step="Order it anew.")
        except StorageError as error:
            track.unwritten = True
            log.error("%s (job %s, the provider's id %r)", error.message, track.record.id, track.record.remote_id)  # noqa: TRY400
            return error
        track.unwritten = False
        if known is not None and (sending or known.state.is_terminal or known.remote_id != record.remote_id):
            track.record = known
            if record.remote_id and known.remote_id != record.remote_id:
                log.error("job %s had ended, or another id, when its id %r came; it may be paid", record.id, record.remote_id)
        return None

    def catch_up(self, track: Track, *, anyhow: bool = False) -> None:
        """Take over what the journal says: an end somebody else saw, files already fetched; `anyhow`, whatever it is.

        What the disk has refused is written first: as long as it is not, memory knows more than the journal.
        """
        if track.unwritten and self.write(track, "Again") is not None:
            return
        try:
            known = self.journal.get(track.record.id)
        except StorageError as error:
            log.warning("%s", error.message)
            return
        if known is not None and (anyhow or known.state.is_terminal):
            track.record = known


def trouble_of(error: DarkroomError) -> Trouble:
    """An error as a record keeps it."""
    return Trouble(type(error).__name__, error.message, str(error.params.get("code", "")), error.next_step)


_PASSING = {"word", "position", "fraction", "started"}
_kept_of = attrgetter(*(each.name for each in fields(JobRecord) if each.name not in _PASSING))


def _lasting(before: JobRecord, after: JobRecord) -> bool:
    """Whether a change belongs on disk: positions and progress do not, everything else does."""
    return bool(_kept_of(before) != _kept_of(after))
