"""A job that another client of the journal drives: read along, and take over when that client is gone."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING

from .errors import StorageError
from .jobs import State
from .owners import LEASE_S, alive
from .settle import fate
from .watching import nap

if TYPE_CHECKING:
    from .learning import Learner
    from .track import Track

__all__ = ["Attendance"]

log = logging.getLogger("ipydarkroom")

_GLANCE_S = 0.5  # between two looks into the journal


class Attendance:
    """Watches the jobs of others.

    Args:
        learner: Takes in what was learnt; its journal is what is read.
        owner: Our own name.
    """

    def __init__(self, learner: Learner, owner: str) -> None:
        self._learner = learner
        self._owner = owner

    async def ours(self, track: Track) -> bool:
        """Wait while another client drives the job.

        Returns:
            True when the job is ours to drive and stands where it stood; False when it has moved on, ended or been
            settled meanwhile, so that the caller looks again.
        """
        if track.record.owner == self._owner and self.claim(track):
            return True
        start = track.record
        try:
            while not track.halt:
                self.glance(track)
                if track.record.state.is_terminal and (track.record.state is not State.SUCCEEDED or track.done):
                    return False
                if track.record.owner == self._owner and track.record.lease > 0:
                    return track.record.state is start.state
                if not self._alive(track) and self.claim(track):
                    return not await self._settled(track) and track.record.state is start.state
                track.attending = True
                await nap(track.wake, _GLANCE_S)
        finally:
            track.attending = False
        return False

    def glance(self, track: Track) -> None:
        """Take over what the journal says now, and tell the watchers of news."""
        before = track.record
        self._learner.catch_up(track, anyhow=True)
        if track.record != before:
            track.tell()

    def claim(self, track: Track) -> bool:
        """Make the job ours, unless somebody else was quicker or the disk refuses."""
        record = track.record
        if record.owner == self._owner and record.lease > 0:
            return True
        lease = self._learner.clock() + LEASE_S
        try:
            if not self._learner.journal.claim(record.id, self._owner, (record.owner, record.lease), lease):
                return False
        except StorageError as error:
            log.warning("%s", error.message)
            return False
        track.record = replace(record, owner=self._owner, lease=lease)
        return True

    def release(self, track: Track) -> None:
        """Let a hosted job of ours go that nobody drives any more: another client may want to."""
        record = track.record
        if record.owner != self._owner or not record.remote_id or record.backend == "local-process":
            return
        try:
            self._learner.journal.release(record.id, self._owner)
        except StorageError as error:
            log.warning("%s", error.message)
            return
        track.record = replace(record, lease=0.0)

    def _alive(self, track: Track) -> bool:
        return alive(track.record.owner, track.record.lease, self._learner.clock())

    async def _settled(self, track: Track) -> bool:
        """What its owner left half done is told as what it is: not sent, perhaps placed, or never to end."""
        event = fate(track.record)
        if event is not None:
            await self._learner.learn(track, event)
        return event is not None
