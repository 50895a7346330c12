"""Drives one job from intent to pictures: journal first, then wire, then watchers. In that order, always.

One `Track` per job lives in memory and holds its latest record. Everything here runs on one event loop; the journal
is written in the same breath as a fact is learnt, so a kernel killed at any line leaves the truth on disk.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from .errors import DarkroomError, NoAnswer, NotSent, SpendingForbidden, StorageError
from .fetching import FETCH_SECONDS
from .files import CAP_BYTES
from .jobs import (
    Accepted, Cancelled, Event, Failed, Finished, JobRecord, Orphaned, Progress, Queued, Rejected, Saved, Sending, State,
    Trouble, Unsent, advance,
)
from .pacing import HOSTED, LOCAL, Pace
from .providers import Again, CancelOutcome, Halt, Provider, Reading, Then, get_provider
from .submission import Later
from .track import Track, spawn

if TYPE_CHECKING:
    from .files import Folder
    from .journal import Journal
    from .transport import Transport
    from .wire import Call, Output, Reply

__all__ = ["Engine"]

log = logging.getLogger("ipydarkroom")

Settled: TypeAlias = Queued | Progress | Finished | Failed | Cancelled | Again | Halt
_FETCH_TRIES = 3


class Engine:
    """Drives jobs. One engine per client.

    Args:
        journal: Where every fact is written before it is acted on.
        transport: The door to HTTP.
        folder: Where pictures are kept.
        paces: The rhythm for hosted and for local jobs.
        clock: Seconds since the epoch.
    """

    def __init__(
        self,
        journal: Journal,
        transport: Transport,
        folder: Folder,
        *,
        paces: tuple[Pace, Pace] = (HOSTED, LOCAL),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._journal = journal
        self._transport = transport
        self._folder = folder
        self._hosted, self._local = paces
        self._clock = clock
        self.closed = False

    def plan(self, track: Track) -> None:
        """Put a new job on disk.

        Raises:
            StorageError: It could not be written; nothing will be sent.
        """
        self._journal.add(track.record)

    def drive(self, track: Track) -> None:
        """Go on with a job wherever it stands, unless somebody already does or nothing is left to do."""
        if track.task is not None and not track.task.done():
            return
        if self.closed:
            self.leave(track)
            return
        if track.done and track.unsaved is None:
            track.halt = None  # a stop that came while it ended stops nothing
            track.idle.set()
            return
        track.idle.clear()
        track.halt = track.unsaved = None
        track.task = spawn(lambda: self._drive(track), lambda error: self._broken(track, error))

    def leave(self, track: Track) -> None:
        """Stop looking at a job because the client closes; waiters are told, and our order in the air is uncertain."""
        if track.ours and track.record.state is State.SUBMITTING:
            self._learn(track, Orphaned(Trouble("SubmitUncertain", "The client was closed while the order was sent.", "", _LOOK)))
        if track.unwritten:
            self._write(track, "Closing")
        if not track.done and track.halt is None:
            track.halt = Trouble("WaitTimeout", "The client was closed; a hosted job goes on.", "", _ELSEWHERE)
        track.idle.set()
        track.tell()

    async def cancel(self, track: Track) -> CancelOutcome:
        """Ask the provider to stop a job, and say what came of it.

        Returns:
            `stopped`, `still_running` (it goes on and may be charged, or had already ended), `unknown`, or
            `not_offered`: then we only stop watching.
        """
        provider = get_provider(track.record.provider)
        while track.record.state in (State.PLANNED, State.SUBMITTING) and not track.idle.is_set():
            await _either(track.wake, track.idle)
        state = track.record.state
        if state is State.UNCERTAIN or (not state.is_terminal and not track.record.remote_id):
            return "unknown"
        if state.is_terminal:
            return "stopped" if state is State.CANCELLED else "still_running"
        call = provider.cancel(track.record.remote_id)
        if call is None:
            self._stop_watching(track)
            return "not_offered"
        try:
            outcome = provider.cancelled(await self._transport.send(call, track.route))
        except NoAnswer:
            return "unknown"
        if outcome == "stopped":
            self._learn(track, Cancelled("cancelled"))
        track.wake.set()  # look again at once, whatever the answer was
        return outcome

    # --- one drive, from where the job stands to its end ---

    async def _drive(self, track: Track) -> None:
        try:
            if track.record.state is State.PLANNED and track.ours:
                await self._order(track)
            if track.record.state in (State.QUEUED, State.RUNNING) and not self._strange(track):
                await self._follow(track)
            if track.record.state is State.SUCCEEDED:
                await self._collect(track)
            if track.record.state in (State.PLANNED, State.SUBMITTING):
                track.halt = Trouble("WaitTimeout", "Another client is placing this order right now.", "", _ELSEWHERE)
        finally:
            track.idle.set()
            track.tell()

    async def _order(self, track: Track) -> None:
        """Let the order go: once, unless it provably never left."""
        provider, pace = get_provider(track.record.provider), self._pace(track)
        try:
            inputs = await self._upload(track, provider)
        except DarkroomError as error:  # an upload is free: nothing was ordered
            self._learn(track, Unsent(_trouble(error)))
            return
        call = provider.submit(track.record.model, inputs)
        for attempt in range(1, pace.tries + 1):
            if not self._learn(track, Sending()):
                return
            verdict = await self._send_order(track, provider, call)
            last = attempt == pace.tries
            if isinstance(verdict, Later):
                if last:
                    self._learn(track, Rejected(verdict.trouble))
            elif last or not isinstance(verdict, Unsent):
                self._learn(track, verdict)
                return
            if not last:
                await asyncio.sleep(pace.backoff(attempt, random.random()))

    async def _send_order(self, track: Track, provider: Provider, call: Call) -> Event | Later:
        """One try, and what it means. Whatever is not proven to be harmless is Orphaned."""
        try:
            reply = await self._transport.send(call, track.route, order=True)
            return provider.submitted(reply)
        except NotSent as error:
            return Unsent(_trouble(error))
        except SpendingForbidden as error:
            return Rejected(_trouble(error))
        except NoAnswer as error:
            step = f"Look at {provider.generations_page} before sending it again; it may be paid."
            return Orphaned(Trouble("SubmitUncertain", f"The order left, but {error.message}", "", step))
        except Exception as error:  # an answer no reader foresaw: whatever is not proven harmless may be paid
            log.exception("the answer to an order could not be read")
            said = f"The order left, but its answer could not be read ({type(error).__name__})."
            return Orphaned(Trouble("SubmitUncertain", said, "", _LOOK))

    async def _upload(self, track: Track, provider: Provider) -> Mapping[str, object]:
        """Turn local files into links where the provider wants links. Free, and repeatable."""
        inputs = dict(track.inputs)
        for name, blob in track.blobs.items():
            call = provider.upload(blob)
            if call is not None:
                inputs[name] = provider.uploaded(await self._transport.send(call, track.route))
        return inputs

    async def _follow(self, track: Track) -> None:
        """Look until the job ends, the provider forbids looking, or the watching itself takes too long."""
        pace, begun = self._pace(track), self._clock()
        failures, unseen_since = 0, 0.0
        while not track.halt:
            age = self._clock() - (track.record.sent or track.record.created)
            if track.unwritten:
                self._write(track, "Again")
            await _nap(track.wake, pace.backoff(failures, random.random()) if failures else pace.pause(age, random.random()))
            reading = await self._look(track)
            now = self._clock()
            match reading:
                case Halt(trouble):
                    track.halt = trouble
                case Again(trouble, unseen):
                    failures += 1
                    unseen_since = (unseen_since or now) if unseen else 0.0
                    if unseen and now - unseen_since > pace.grace:  # a guess, so the job itself stays open
                        track.halt = replace(trouble, kind="JobFailed", message=_LOST, next_step=_ADOPT)
                case event:
                    failures, unseen_since = 0, 0.0
                    self._learn(track, event)
            if track.record.state.is_terminal:
                return
            if now - begun > pace.deadline:
                track.halt = Trouble("WaitTimeout", f"Watched for {pace.deadline / 60:.0f} minutes; the job goes on.")

    async def _look(self, track: Track) -> Settled:
        """Ask once, with as many questions as one look needs."""
        provider, remote_id = get_provider(track.record.provider), track.record.remote_id
        try:
            reading: Reading = provider.polled(remote_id, await self._ask(track, provider.poll(remote_id)))
            while isinstance(reading, Then):
                reading = reading.read(await self._ask(track, reading.call))
        except SpendingForbidden as error:
            return Halt(_trouble(error))
        except NoAnswer as error:  # a failed look is not a failed job
            return Again(_trouble(error))
        except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
            log.warning("a look at job %s could not be read", track.record.id, exc_info=error)
            return Again(Trouble("Unreadable", f"The answer could not be read ({type(error).__name__})."))
        return reading

    async def _ask(self, track: Track, call: Call) -> Reply:
        return await self._transport.send(call, track.route)

    async def _collect(self, track: Track) -> None:
        """Fetch every file that is not here yet; one that cannot be had does not hold back the others."""
        self._catch_up(track)
        have = {kept.index for kept in track.record.kept}
        for index, output in enumerate(track.record.outputs):
            if index in have:
                continue
            try:
                await self._save(track, index, output)
            except (NoAnswer, StorageError) as error:
                track.unsaved = replace(_trouble(error), kind="NotSaved", next_step=_TRY_AGAIN)

    async def _save(self, track: Track, index: int, output: Output) -> None:
        """Fetch one file and keep it. What never verified is set aside at the last try, and the error says where."""
        pace = self._pace(track)
        for attempt in range(1, _FETCH_TRIES + 1):
            with self._folder.receive(track.record, index) as received:
                try:
                    cap, seconds = CAP_BYTES[output.media], FETCH_SECONDS[output.media]
                    await self._transport.fetch(output.url, track.route, cap, received, seconds=seconds)
                    self._learn(track, Saved(await asyncio.to_thread(received.keep)))
                    return
                except NoAnswer as error:
                    failed = error
                if attempt == _FETCH_TRIES:
                    raise await asyncio.to_thread(received.set_aside, failed)
            await asyncio.sleep(pace.backoff(attempt, random.random()))

    # --- learning: the only place a record changes ---

    def _learn(self, track: Track, event: Event) -> bool:
        """Advance the record, put it on disk, then tell the watchers.

        Returns:
            False when a fact that must be on disk before we act on it could not be written; the order is then ended
            as not sent.
        """
        before = track.record
        after = advance(before, event, self._clock())
        if after is before:
            return True
        track.record = after
        if track.unwritten or _lasting(before, after):
            error = self._write(track, type(event).__name__)
            if error is not None and isinstance(event, Sending):
                track.record = advance(before, Unsent(_trouble(error)), self._clock())
                track.tell()
                return False
        if isinstance(event, Accepted) or after.state.is_terminal:
            track.wake.set()
        track.tell()
        return True

    def _write(self, track: Track, event: str) -> StorageError | None:
        """Put the record on disk. A refusal is remembered and made good with the next write; the id is in the log."""
        try:
            if not self._journal.put(track.record, event):
                self._catch_up(track)
        except StorageError as error:
            track.unwritten = True
            log.error("%s (job %s, the provider's id %r)", error.message, track.record.id, track.record.remote_id)  # noqa: TRY400
            return error
        track.unwritten = False
        return None

    def _catch_up(self, track: Track) -> None:
        """Take over what another client of this journal has learnt: an end, or files already fetched."""
        try:
            known = self._journal.get(track.record.id)
        except StorageError as error:
            log.warning("%s", error.message)
            return
        if known is not None and known.state.is_terminal:
            track.record = known

    def _strange(self, track: Track) -> bool:
        """Who would see nothing does not even ask: another account's token, another client's local backend."""
        theirs, ours = track.record.account, track.route.account
        if track.record.backend == "local-process" and not track.ours:
            track.halt = Trouble("WaitTimeout", "Another client of this journal draws this job.", "", _ELSEWHERE)
        elif theirs and theirs != ours:
            said = "This job was ordered with another account's token."
            track.halt = Trouble("AuthError", said, "", "Start with that account's token to follow it.")
        return track.halt is not None

    def _pace(self, track: Track) -> Pace:
        return self._local if track.route.is_local else self._hosted

    def _stop_watching(self, track: Track) -> None:
        bill = "nothing is charged" if track.record.is_local else "it may be charged"
        track.halt = Trouble("WaitTimeout", f"We stopped watching; the job goes on, and {bill}.", "", _ADOPT)
        track.wake.set()

    def _broken(self, track: Track, error: Exception) -> None:
        """Our own mistake must not look like the provider's: the job stays as it is, and the person is told."""
        track.halt = Trouble("DarkroomError", f"Watching stopped by an internal error: {type(error).__name__}.")
        track.idle.set()
        track.tell()


_LOOK = "Look at the provider's own list of generations before sending it again; it may be paid."
_LOST = "The provider does not know this job any more; it may have expired."
_TRY_AGAIN = "job.result() fetches again; links expire, so do it soon."
_ADOPT = "job.wait() watches it again."
_ELSEWHERE = "Ask for it again with client.job(id)."


def _lasting(before: JobRecord, after: JobRecord) -> bool:
    """Whether a change belongs on disk: positions and progress do not, everything else does."""
    same = replace(before, word=after.word, position=after.position, fraction=after.fraction, started=after.started)
    return same != after


def _trouble(error: DarkroomError) -> Trouble:
    return Trouble(type(error).__name__, error.message, "", error.next_step)


async def _nap(wake: asyncio.Event, seconds: float) -> None:
    """Sleep, unless something happens that is worth a look at once."""
    try:
        async with asyncio.timeout(seconds):
            await wake.wait()
    except TimeoutError:
        return
    finally:
        wake.clear()


async def _either(*events: asyncio.Event) -> None:
    """Wait until one of the events is set."""
    waits = [asyncio.ensure_future(event.wait()) for event in events]
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    for wait in waits:
        wait.cancel()
