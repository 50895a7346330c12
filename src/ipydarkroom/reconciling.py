"""What can be done about an order whose answer was lost: look again, adopt an id, give it up. Never: send it again.

Neither provider lists its jobs through its API, so a look can use three things only: what another client of the
journal has found out, what a callback said, and the person's own eyes on the provider's page.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from .errors import InputError
from .jobs import Accepted, Failed, State, Trouble
from .providers import Again, Halt, get_provider

if TYPE_CHECKING:
    from .attending import Attendance
    from .jobs import JobRecord
    from .learning import Learner
    from .pacing import Pace
    from .track import Track
    from .traffic import Traffic
    from .watching import Watch

__all__ = ["Found", "Reconciler"]

Found: TypeAlias = Literal["resolved", "settled", "open"]
"""`resolved`: the job has its id or its end now. `settled`: it was not uncertain, there was nothing to look for. `open`:
nobody we can ask knows; the provider's page may."""


class Reconciler:
    """Resolves uncertain jobs.

    Args:
        learner: Takes in what was learnt.
        watch: Asks the provider about an id.
        attendance: Makes a job ours.
    """

    def __init__(self, learner: Learner, watch: Watch, attendance: Attendance) -> None:
        self._learner = learner
        self._watch = watch
        self._attendance = attendance

    async def look(self, track: Track, traffic: Traffic, pace: Pace) -> Found:
        """Look for what became of the order. Costs nothing."""
        if not _open(track):
            return "settled"
        self._attendance.glance(track)
        if not _open(track):  # another client of the journal found out
            return "resolved"
        for remote_id in self._learner.journal.hints(track.record.id, track.record.provider):
            known = await self._is_ours(track, traffic, pace, remote_id)
            if not _open(track):  # a person was quicker
                return "resolved"
            if known and self._take(track, remote_id):
                return "resolved"
        return "open"

    def adopt(self, track: Track, remote_id: str) -> None:
        """Tell an uncertain job the id it has at its provider, read on the provider's own page.

        Raises:
            InputError: The job is not uncertain, or another job has this id.
        """
        self.demand_uncertain(track)
        if not remote_id.strip():
            raise InputError("There is no id.", next_step="Copy it from the provider's list of generations.")
        if not self._take(track, remote_id.strip()):
            raise InputError(
                f"Another job of this journal has the id {remote_id.strip()!r}.",
                next_step="Look for another generation of the same time on the provider's page.",
                key="error.id_taken", id=remote_id.strip(),
            )

    def give_up(self, track: Track, why: str = "") -> None:
        """Stop asking what became of the order. It may have been charged, and that stays on record.

        Raises:
            InputError: The job is not uncertain.
        """
        self.demand_uncertain(track)
        self._attendance.claim(track)
        said = why or "Given up: nobody knows whether the order was placed."
        self._learner.learn_now(track, Failed("", Trouble("JobFailed", said, "uncertain"), "maybe"))
        if track.record.state is not State.FAILED:  # its answer came in this very moment
            self.demand_uncertain(track)
        track.idle.set()
        track.tell()

    def _take(self, track: Track, remote_id: str) -> bool:
        record = track.record
        other = self._learner.by_remote(record.provider, record.origin, remote_id)
        if other is not None and other.id != record.id:
            return False
        self._attendance.claim(track)
        self._learner.learn_now(track, Accepted(remote_id))
        return track.record.remote_id == remote_id

    async def _is_ours(self, track: Track, traffic: Traffic, pace: Pace, remote_id: str) -> bool:
        """Whether the provider, asked with our token, knows that id: a callback alone proves nothing."""
        asked = replace(track, record=replace(track.record, remote_id=remote_id), watchers=[])
        reading = await self._watch.look(asked, traffic, pace)
        return not isinstance(reading, (Again, Halt))

    def demand_uncertain(self, track: Track) -> None:
        """Raise InputError unless the job is uncertain, as the journal knows it now."""
        self._attendance.glance(track)
        if track.record.state is not State.UNCERTAIN:
            raise InputError(
                f"Job {track.record.id} is {track.record.state}, not uncertain: there is nothing to decide.",
                next_step=_where_to_look(track.record),
                key="error.not_uncertain", id=track.record.id, state=str(track.record.state),
            )


def _where_to_look(record: JobRecord) -> str:
    """The provider's own list; a job that was drawn here is on none."""
    if record.is_local:
        return f"client.job({record.id!r}) shows it."
    return f"See {get_provider(record.provider).generations_page}."


def _open(track: Track) -> bool:
    return track.record.state is State.UNCERTAIN
