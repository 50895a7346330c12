"""The only place a job's record changes: advance it, put it on disk, then tell whoever watches. In that order, always."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import fields
from operator import attrgetter
from typing import TYPE_CHECKING

from .errors import DarkroomError, StorageError
from .jobs import Accepted, Event, Held, JobRecord, Sending, State, Trouble, Unsent, advance
from .journal import Group

if TYPE_CHECKING:
    from .budget import Budget
    from .journal import Journal
    from .track import Track

__all__ = ["Learner", "trouble_of"]

log = logging.getLogger("ipydarkroom")


class Learner:
    """Takes in what was learnt about jobs. What is learnt in the same moment shares one commit, see `journal.group`.

    Args:
        journal: Where every fact is written before it is acted on.
        clock: Seconds since the epoch.
    """

    def __init__(self, journal: Journal, clock: Callable[[], float]) -> None:
        self.journal = journal
        self.clock = clock
        self._group = Group(journal)
        self._named: set[str] = set()  # the ids that are to be on disk with the next commit

    async def learn(self, track: Track, event: Event) -> bool:
        """Advance the record, put it on disk, then tell the watchers. Returns when all of that is done.

        Whoever is cancelled here loses no fact: it is on disk before the cancellation goes on. Only an order that was
        about to leave is taken back.

        Returns:
            False when an order may not go: the disk did not take that it is about to, it is another client's by now,
            or it has been settled. A refusal of the disk ends the order as not sent.
        """
        self._in_turn(track)
        seen, now = track.record, self.clock()
        after = foreseen = advance(seen, event, now)
        answer: bool | None = None
        if after is seen or not (track.unwritten or _lasting(seen, after)):
            return self._learnt(track, event, after, written=False)

        def write() -> JobRecord | None:
            nonlocal after
            after = foreseen if track.record is seen else advance(track.record, event, now)  # it may have changed hands
            return None if after is track.record else self._put(after, type(event).__name__)

        def then(outcome: JobRecord | DarkroomError | None) -> bool:
            nonlocal answer
            if isinstance(event, Accepted):
                self._named.discard(event.remote_id)
            answer = self._learnt(track, event, after, outcome)
            return answer

        if isinstance(event, Accepted):
            self._named.add(event.remote_id)
        try:
            return await self._group.do(track, write, then)
        except asyncio.CancelledError:
            if not isinstance(event, Sending):
                self.flush()
            elif answer is None:
                self.called_off(track)  # it is not written, and nothing leaves
            elif answer:
                self.learn_now(track, Held())  # it is, and nothing has left
            raise

    def learn_now(self, track: Track, event: Event) -> bool:
        """The same at once, for those who cannot wait: the client closes, or a person has decided."""
        self._in_turn(track)
        before = track.record
        after = advance(before, event, self.clock())
        if after is before or not (track.unwritten or _lasting(before, after)):
            return self._learnt(track, event, after, written=False)
        outcome: JobRecord | StorageError | None
        try:
            outcome = self._put(after, type(event).__name__)
        except StorageError as error:
            outcome = error
        return self._learnt(track, event, after, outcome)

    async def plan(
        self, track: Track, record: JobRecord, budget: Budget | None, then: Callable[[], None], *,
        at_once: bool = False, most_same: int | None = None,
    ) -> None:
        """Put a new job on disk, with its share of the budget; `then` is called as soon as it is there.

        `at_once` does it without letting anybody else run before this returns; `most_same` as in `Journal.add`.

        Raises:
            AlreadyOrdered: There are more such jobs than `most_same`.
            BudgetExceeded: The order could go beyond the budget.
            StorageError: It could not be written; nothing will be sent.
        """

        def planned(outcome: JobRecord | DarkroomError) -> None:
            if isinstance(outcome, DarkroomError):
                raise outcome
            track.record = outcome
            then()

        limit = {} if most_same is None else {"most_same": most_same}
        told = self._group.do(track, lambda: self.journal.add(record, budget, **limit), planned)
        if at_once:
            self.flush()  # a future that is done is not waited for
        try:
            await told
        except asyncio.CancelledError:
            self.flush()  # an order that was asked for is listed, whoever waits for it
            raise

    def flush(self) -> None:
        """Have everything that was learnt on disk now."""
        self._group.flush()

    def called_off(self, track: Track) -> None:
        """Take back that an order is about to leave, if that is not on disk yet; then it may not."""
        if track.record.state is State.PLANNED:  # in memory; so what waits says nothing of a job that exists
            self._group.withdraw(track, answer=False)

    def by_remote(self, provider: str, origin: str, remote_id: str) -> JobRecord | None:
        """The job a provider knows under that id, also where its answer was read a moment ago.

        Raises:
            StorageError: The journal cannot be read.
        """
        if remote_id in self._named:
            self.flush()
        return self.journal.by_remote(provider, origin, remote_id)

    def write(self, track: Track, event: str) -> StorageError | None:
        """Put the record on disk. A refusal is remembered and made good with the next write; the id is in the log."""
        self._in_turn(track)
        try:
            known = self._put(track.record, event)
        except StorageError as error:
            self._refused(track, error)
            return error
        self._taken(track, known, sending=False)
        return None

    def catch_up(self, track: Track, *, anyhow: bool = False) -> None:
        """Take over what the journal says: an end somebody else saw, files already fetched; `anyhow`, whatever it is.

        What the disk has refused is written first: as long as it is not, memory knows more than the journal.
        """
        self._in_turn(track)
        if track.unwritten and self.write(track, "Again") is not None:
            return
        try:
            known = self.journal.get(track.record.id)
        except StorageError as error:
            log.warning("%s", error.message)
            return
        if known is not None and (anyhow or known.state.is_terminal):
            track.record = known

    def _in_turn(self, track: Track) -> None:
        """What is still to be written about this job comes first."""
        if self._group.holds(track):
            self.flush()

    def _put(self, record: JobRecord, event: str) -> JobRecord | None:
        """Write it. Returns None, or the job as the journal has it where that knows better.

        Raises:
            StorageError: The disk refused, or it is about an order to be sent whose row is gone.
        """
        sending = event == Sending.__name__
        if self.journal.put(record, event):
            return None
        known = self.journal.get(record.id)
        if sending and known is None:  # nobody can say whose it is
            raise StorageError("The order is not in the journal any more, so nothing was sent.", next_step="Order it anew.")
        return known

    def _learnt(
        self, track: Track, event: Event, after: JobRecord, outcome: JobRecord | DarkroomError | None = None, *, written: bool = True
    ) -> bool:
        """Take over what was written, or that it could not be, and tell the watchers."""
        sending, before = isinstance(event, Sending), track.record
        if after is before:
            return not sending
        track.record = after
        if isinstance(outcome, DarkroomError):
            self._refused(track, outcome)
            if sending:
                track.record = advance(before, Unsent(trouble_of(outcome)), self.clock())
        elif written:
            self._taken(track, outcome, sending=sending)
        if sending and track.record is not after:
            track.tell()
            return False
        if isinstance(event, Accepted) or after.state.is_terminal:
            track.wake.set()
        track.tell()
        return True

    def _taken(self, track: Track, known: JobRecord | None, *, sending: bool) -> None:
        """The disk took it, or knows better: an end, or another id, that somebody else has seen."""
        track.unwritten = False
        record = track.record
        if known is not None and (sending or known.state.is_terminal or known.remote_id != record.remote_id):
            track.record = known
            if record.remote_id and known.remote_id != record.remote_id:
                log.error("job %s had ended, or another id, when its id %r came; it may be paid", record.id, record.remote_id)

    def _refused(self, track: Track, error: DarkroomError) -> None:
        track.unwritten = True
        log.error("%s (job %s, the provider's id %r)", error.message, track.record.id, track.record.remote_id)


def trouble_of(error: DarkroomError) -> Trouble:
    """An error as a record keeps it."""
    return Trouble(type(error).__name__, error.message, str(error.params.get("code", "")), error.next_step)


_PASSING = {"word", "position", "fraction", "started"}
_kept_of = attrgetter(*(each.name for each in fields(JobRecord) if each.name not in _PASSING))


def _lasting(before: JobRecord, after: JobRecord) -> bool:
    """Whether a change belongs on disk: positions and progress do not, everything else does."""
    return bool(_kept_of(before) != _kept_of(after))
