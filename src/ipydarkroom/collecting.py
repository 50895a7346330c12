"""Fetches a finished job's files at once: links expire. One that cannot be had does not hold back the others."""

from __future__ import annotations

import asyncio
import random
from dataclasses import replace
from typing import TYPE_CHECKING

from .errors import NoAnswer, StorageError
from .fetching import FETCH_SECONDS
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
        trouble = await self._round(track, traffic, pace, _TRIES)
        if trouble is not None and trouble.kind != "StorageError":
            fresh = await self._relink(track, traffic, pace)
            trouble = await self._round(track, traffic, pace, _TRIES if fresh else 1, last=True)
        track.unsaved = trouble and replace(trouble, kind="NotSaved", next_step=trouble.next_step or _TRY_AGAIN)

    async def _round(self, track: Track, traffic: Traffic, pace: Pace, tries: int, *, last: bool = False) -> Trouble | None:
        """Fetch what is missing, all at once; returns the last trouble."""
        have = {kept.index for kept in track.record.kept}
        missing = [(index, output) for index, output in enumerate(track.record.outputs) if index not in have]
        fetches = (self._one(track, traffic, pace, index, output, tries, last) for index, output in missing)
        troubles = await asyncio.gather(*fetches)
        return next((trouble for trouble in reversed(troubles) if trouble), None)

    async def _one(
        self, track: Track, traffic: Traffic, pace: Pace, index: int, output: Output, tries: int, last: bool
    ) -> Trouble | None:
        """One file. What never verified is set aside at the very last try, and the trouble says where."""
        traffic.quota.earn()
        for attempt in range(1, tries + 1):
            try:
                await self._save(track, traffic, index, output, keep_anyway=last and (attempt == tries or traffic.quota.empty))
            except StorageError as error:
                return trouble_of(error)
            except NoAnswer as error:
                if attempt == tries or not traffic.quota.spend():
                    return trouble_of(error)
            else:
                return None
            await asyncio.sleep(pace.backoff(attempt, random.random()))
        return None

    async def _save(self, track: Track, traffic: Traffic, index: int, output: Output, *, keep_anyway: bool) -> None:
        with self._folder.receive(track.record, index) as received:
            try:
                async with traffic.place("fetch"):
                    cap, seconds = CAP_BYTES[output.media], FETCH_SECONDS[output.media]
                    await self._transport.fetch(output.url, track.route, cap, received, seconds=seconds)
                async with self._decoding:
                    kept = await asyncio.to_thread(received.keep)
            except NoAnswer as error:
                failed = error
            else:
                await self._learner.learn(track, Saved(kept))
                return
            raise await asyncio.to_thread(received.set_aside, failed) if keep_anyway else failed

    async def _relink(self, track: Track, traffic: Traffic, pace: Pace) -> bool:
        """Ask for the result again. Returns whether it named as many files as before, so that each keeps its place."""
        reading = await self._watch.look(track, traffic, pace) if track.record.remote_id else None
        if not isinstance(reading, Finished) or len(reading.outputs) != len(track.record.outputs):
            return False
        await self._learner.learn(track, Relinked(_in_place(track.record.outputs, reading.outputs)))
        return True


def _in_place(old: tuple[Output, ...], new: tuple[Output, ...]) -> tuple[Output, ...]:
    """Fresh links in the order of the old ones, where their paths tell which is which; a provider may name them in another."""
    by_path = {_path(output): output for output in new}
    known = [by_path.get(_path(output)) for output in old]
    return tuple(output for output in known if output is not None) if None not in known and len(by_path) == len(old) else new


def _path(output: Output) -> str:
    return output.url.partition("?")[0].rpartition("/")[2]
