"""Fetches a finished job's files at once: links expire. One that cannot be had does not hold back the others."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from typing import TYPE_CHECKING

from .errors import NoAnswer, StorageError
from .files import CAP_BYTES
from .jobs import Finished, Relinked, Saved, Trouble
from .learning import trouble_of

if TYPE_CHECKING:
    from .files import Folder
    from .learning import Learner
    from .pacing import Pace
    from .track import Track
    from .traffic import Traffic
    from .transport import Transport
    from .watching import Watch
    from .wire import Output

__all__ = ["Collector"]

_TRIES = 3
_DECODED_AT_ONCE = 2  # a large picture is unpacked to prove it whole: 160 MB each at most
_TRY_AGAIN = "job.result() fetches again; links expire, so do it soon."


class Collector:
    """Brings results home.

    Args:
        learner: Takes in what was learnt.
        transport: The door to HTTP.
        folder: Where files are kept.
        watch: Asks for fresh links.
    """

    def __init__(self, learner: Learner, transport: Transport, folder: Folder, watch: Watch) -> None:
        self._learner = learner
        self._transport = transport
        self._folder = folder
        self._watch = watch
        self._decoding = asyncio.Semaphore(_DECODED_AT_ONCE)

    async def collect(self, track: Track, traffic: Traffic, pace: Pace) -> None:
        """Fetch every file that is not here yet; where a link has died, ask once for a fresh one."""
        self._learner.catch_up(track)
        trouble = await self._round(track, traffic, pace)
        if trouble is not None and trouble.kind != "StorageError" and await self._relink(track, traffic):
            trouble = await self._round(track, traffic, pace)
        track.unsaved = trouble and replace(trouble, kind="NotSaved", next_step=_TRY_AGAIN)

    async def _round(self, track: Track, traffic: Traffic, pace: Pace) -> Trouble | None:
        """Fetch what is missing, all at once; returns the last trouble."""
        have = {kept.index for kept in track.record.kept}
        missing = [(index, output) for index, output in enumerate(track.record.outputs) if index not in have]
        troubles = await asyncio.gather(*(self._one(track, traffic, pace, index, output) for index, output in missing))
        return next((trouble for trouble in reversed(troubles) if trouble), None)

    async def _one(self, track: Track, traffic: Traffic, pace: Pace, index: int, output: Output) -> Trouble | None:
        try:
            await self._save(track, traffic, pace, index, output)
        except (NoAnswer, StorageError) as error:
            return trouble_of(error)
        return None

    async def _save(self, track: Track, traffic: Traffic, pace: Pace, index: int, output: Output) -> None:
        traffic.quota.earn()
        for attempt in range(1, _TRIES + 1):
            try:
                async with traffic.place("fetch"):
                    data = await self._transport.fetch(output.url, track.route, CAP_BYTES[output.media])
                break
            except NoAnswer:
                if attempt == _TRIES or not traffic.quota.spend():
                    raise
                await asyncio.sleep(pace.backoff(attempt, random.random()))
        async with self._decoding:
            kept = await asyncio.to_thread(self._folder.keep, track.record, index, data)
        self._learner.learn(track, Saved(kept))

    async def _relink(self, track: Track, traffic: Traffic) -> bool:
        """Ask for the result again. Returns whether it named as many files as before, so that each keeps its place."""
        reading = await self._watch.look(track, traffic) if track.record.remote_id else None
        if not isinstance(reading, Finished) or len(reading.outputs) != len(track.record.outputs):
            return False
        self._learner.learn(track, Relinked(reading.outputs))
        return True
