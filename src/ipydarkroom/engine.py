"""Drives one job from intent to pictures: journal first, then wire, then watchers. In that order, always.

One `Track` per job lives in memory and holds its latest record. Everything here runs on one event loop; nobody goes on
with a fact before it is on disk, so a kernel killed at any line leaves the truth there. The steps are files of their
own: `ordering`, `watching`, `collecting`, and `attending` where another client drives the job.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from .attending import Attendance
from .collecting import Collector
from .errors import DarkroomError, NoAnswer, StorageError
from .jobs import Cancelled, Orphaned, State, Trouble
from .learning import Learner, trouble_of
from .ordering import LOOK, Orders
from .owners import LEASE_S, dismiss
from .pacing import HOSTED, LOCAL, Limits, Pace
from .providers import CancelOutcome, Provider, get_provider
from .reconciling import Found, Reconciler
from .settle import settle
from .track import Track, spawn
from .traffic import Traffic
from .watching import ADOPT, Watch

if TYPE_CHECKING:
    from .budget import Budget
    from .files import Folder
    from .journal import Journal
    from .routes import Route
    from .transport import Transport
    from .wire import Call

__all__ = ["Engine"]

log = logging.getLogger("ipydarkroom")

_CANCEL_TRIES = 3
_ELSEWHERE = "Ask for it again with client.job(id)."


class Engine:
    """Drives jobs. One engine per client.

    Args:
        journal: Where every fact is written before it is acted on.
        transport: The door to HTTP.
        folder: Where pictures are kept.
        owner: This client's name in the journal.
        paces: The rhythm for hosted and for local jobs.
        clock: Seconds since the epoch.
    """

    def __init__(
        self,
        journal: Journal,
        transport: Transport,
        folder: Folder,
        *,
        owner: str,
        paces: tuple[Pace, Pace] = (HOSTED, LOCAL),
        clock: Callable[[], float] = time.time,
    ) -> None:
        self.owner = owner
        self.closed = False
        self._journal = journal
        self._transport = transport
        self._hosted, self._local = paces
        self._clock = clock
        self._traffic: dict[tuple[str, str], Traffic] = {}
        self._driven: set[Track] = set()
        self._holding: asyncio.Task[None] | None = None
        self._learner = Learner(journal, clock)
        self._orders = Orders(self._learner, transport)
        self._watch = Watch(self._learner, transport)
        self._collector = Collector(self._learner, transport, folder, self._watch)
        self._attendance = Attendance(self._learner, owner)
        self.reconciler = Reconciler(self._learner, self._watch, self._attendance)

    async def plan(
        self, track: Track, budget: Budget | None, then: Callable[[], None], *, at_once: bool = False, most_same: int | None = None
    ) -> None:
        """Put a new job on disk, with its share of the budget; `then` is called as soon as it is there, whoever waits.

        `at_once` does it without letting anybody else run before this returns; `most_same` as in `Journal.add`.

        Raises:
            AlreadyOrdered: There are more such jobs than `most_same`.
            BudgetExceeded: The order could go beyond the budget.
            StorageError: It could not be written; nothing will be sent.
        """
        planned = replace(track.record, lease=self._clock() + LEASE_S)
        await self._learner.plan(track, planned, budget, then, at_once=at_once, most_same=most_same)

    def flush(self) -> None:
        """Have on disk what was learnt, and listed what was ordered, up to now."""
        self._learner.flush()

    def drive(self, track: Track) -> None:
        """Go on with a job wherever it stands, unless somebody already does or nothing is left to do."""
        if track.task is not None and not track.task.done():
            if not self.closed:
                track.halt = None  # asked for again before a stop was noticed: there was none
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
            said = "The client was closed while the order was sent."
            self._learner.learn_now(track, Orphaned(Trouble("SubmitUncertain", said, "", LOOK)))
        if track.unwritten:
            self._learner.write(track, "Closing")
        if not track.done and track.halt is None:
            track.halt = Trouble("WaitTimeout", "The client was closed; a hosted job goes on.", "", _ELSEWHERE)
        track.idle.set()
        track.tell()

    def part(self, tracks: Iterable[Track]) -> StorageError | None:
        """The client closes: end what cannot go on, tell all waiters, and let others take over the rest at once.

        Returns:
            What the disk refused, if it did; nobody is left waiting for it, and the next client settles the rest.
        """
        self._learner.flush()
        refused = None
        for track in tuple(tracks):  # who is told may list the jobs, and so add some
            try:
                settle(self._journal, track)
            except StorageError as error:
                refused = error
            self.leave(track)
        if self._holding is not None:
            self._holding.cancel()
        dismiss(self.owner)
        try:
            self._journal.renew(self.owner, 0.0)
        except StorageError as error:
            refused = error
        return refused

    async def reconcile(self, track: Track) -> Found:
        """Look for what became of an uncertain order, and go on with it where that is known."""
        found = await self.reconciler.look(track, self.traffic(track.route), self._pace(track))
        self.drive(track)
        return found

    def traffic(self, route: Route) -> Traffic:
        """The gate to where a route leads; one for each host and key."""
        key = (route.origin, route.account)
        if key not in self._traffic:
            limits = Limits() if route.is_local else get_provider(route.provider).limits
            self._traffic[key] = Traffic(limits, key=key)
        return self._traffic[key]

    async def cancel(self, track: Track) -> CancelOutcome:
        """Ask the provider to stop a job, and say what came of it.

        Returns:
            `stopped` (also an order of ours that has not left yet: it never will), `still_running` (it goes on and may
            be charged), `ended` (it had succeeded or failed before, there was nothing to stop), `unknown`, or `not_offered`: then we only stop watching.
        """
        provider = get_provider(track.record.provider)
        if self._call_off(track):
            return "stopped"
        if await self._answered(track):
            return "stopped"
        state = track.record.state
        if state is State.UNCERTAIN or (not state.is_terminal and not track.record.remote_id):
            return "unknown"
        if state.is_terminal:
            return "stopped" if state is State.CANCELLED else "ended"
        call = provider.cancel(track.record.remote_id, track.record.model)
        if call is None:
            self._stop_watching(track)
            return "not_offered"
        outcome, pace = await self._ask_to_stop(track, provider, call), self._pace(track)
        for attempt in range(1, _CANCEL_TRIES):  # asking again is harmless, and an answer may be lost
            if outcome != "unknown" or track.record.state.is_terminal:
                break
            await asyncio.sleep(pace.backoff(attempt, random.random()))
            outcome = await self._ask_to_stop(track, provider, call)
        if outcome == "stopped":
            await self._learner.learn(track, Cancelled("cancelled"))
        elif track.record.state is State.CANCELLED:  # a look was quicker than the answer
            outcome = "stopped"
        track.wake.set()  # look again at once, whatever the answer was
        return outcome

    def _call_off(self, track: Track) -> bool:
        """Stop an order of ours that has not left: nothing to ask anybody, nothing to pay."""
        record = track.record
        if not (record.state is State.PLANNED and track.ours and record.owner == self.owner):
            return False
        self._learner.called_off(track)
        self._learner.learn_now(track, Cancelled(""))
        if track.task is not None:
            track.task.cancel()  # it uploads, or waits for its turn; from this state nothing may be sent any more
        track.idle.set()
        track.tell()
        return track.record.state is State.CANCELLED

    async def _ask_to_stop(self, track: Track, provider: Provider, call: Call) -> CancelOutcome:
        try:
            async with self.traffic(track.route).place("other"):
                return provider.cancelled(await self._transport.send(call, track.route))
        except NoAnswer:
            return "unknown"

    # --- one drive, from where the job stands to its end ---

    async def _drive(self, track: Track) -> None:
        traffic, pace = self.traffic(track.route), self._pace(track)
        traffic.live += 1
        self._driven.add(track)
        self._hold_on()
        try:
            while not track.halt and await self._step(track, traffic, pace):
                continue
        finally:
            traffic.live -= 1
            self._driven.discard(track)
            if not self.closed and (not track.done or track.unsaved is not None):
                self._attendance.release(track)
            track.idle.set()
            track.tell()

    async def _step(self, track: Track, traffic: Traffic, pace: Pace) -> bool:
        """One step of the way; False when there is none left."""
        state = track.record.state
        if state is State.PLANNED and track.ours and track.record.owner == self.owner:
            await self._orders.place(track, traffic, pace)
            return True
        if state is State.UNCERTAIN:  # a callback may have been quicker than the answer that was lost
            return await self.reconciler.look(track, traffic, pace) == "resolved"
        if track.done:
            return False
        if self._strange(track):
            return False
        if not await self._attendance.ours(track):
            return True  # another client has driven it; see where it stands
        if state in (State.QUEUED, State.RUNNING):
            await self._watch.follow(track, traffic, pace)
            return track.record.state is State.SUCCEEDED
        if track.record.state is State.SUCCEEDED:
            await self._collector.collect(track, traffic, pace)
        return False

    def _strange(self, track: Track) -> bool:
        """Who would see nothing does not even ask: another account's token."""
        theirs, ours = track.record.account, track.route.account
        if theirs and theirs != ours:
            said = "This job was ordered with another account's token."
            track.halt = Trouble("AuthError", said, "", "Start with that account's token to follow it.")
        return track.halt is not None

    def _pace(self, track: Track) -> Pace:
        return self._local if track.route.is_local else self._hosted

    def _stop_watching(self, track: Track) -> None:
        bill = "nothing is charged" if track.record.is_local else "it may be charged"
        track.halt = Trouble("WaitTimeout", f"We stopped watching; the job goes on, and {bill}.", "", ADOPT)
        track.wake.set()

    def _broken(self, track: Track, error: Exception) -> None:
        """Our own mistake must not look like the provider's: the job stays as it is, and the person is told."""
        if track.ours and track.record.state is State.SUBMITTING:
            self._learner.learn_now(track, Orphaned(Trouble("SubmitUncertain", "An internal error hid the answer.", "", LOOK)))
        said = Trouble("DarkroomError", f"Watching stopped by an internal error: {type(error).__name__}.")
        track.halt = trouble_of(error) if isinstance(error, DarkroomError) else said
        track.idle.set()
        track.tell()

    async def _answered(self, track: Track) -> bool:
        """Wait until it is known what became of an order, or nobody drives it any more.

        Returns:
            True when it came back from the air, as one that may go again, and was called off.
        """
        news = asyncio.Event()

        def tell(_: object) -> None:
            news.set()

        track.watchers.append(tell)
        try:
            while track.record.state in (State.PLANNED, State.SUBMITTING) and not track.idle.is_set():
                if self._call_off(track):
                    return True
                news.clear()
                await news.wait()
        finally:
            track.watchers.remove(tell)
        return False

    # --- holding on to what we drive ---

    def _hold_on(self) -> None:
        if self._holding is None or self._holding.done():
            self._holding = spawn(self._renew, lambda _: None)

    async def _renew(self) -> None:
        """Say three times in a lease that we are still here, as long as there is anything to hold."""
        await asyncio.sleep(LEASE_S / 3)
        while self._driven:
            try:
                self._journal.renew(self.owner, self._clock() + LEASE_S)
            except StorageError as error:  # there are two more turns in a lease
                log.warning("%s", error.message)
            await asyncio.sleep(LEASE_S / 3)


