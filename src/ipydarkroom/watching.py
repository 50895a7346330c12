"""Looks at a job until it ends: not too often, not too late, and never taking a failed look for a failed job."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

from .errors import NoAnswer, SpendingForbidden, StorageError
from .jobs import Cancelled, Failed, Finished, Progress, Queued, State, Trouble
from .learning import trouble_of
from .pacing import Expected, expect, retry_after, usual
from .providers import Again, Halt, Reading, Then, get_provider

if TYPE_CHECKING:
    from .learning import Learner
    from .pacing import Pace
    from .track import Track
    from .traffic import Traffic
    from .transport import Transport
    from .wire import Call, Reply

__all__ = ["ADOPT", "Settled", "Watch"]

log = logging.getLogger("ipydarkroom")

Settled: TypeAlias = Queued | Progress | Finished | Failed | Cancelled | Again | Halt

ADOPT = "job.wait() watches it again."
_LOST = "The provider does not know this job any more; it may have expired."
_CROWDED = frozenset({"429", "503"})
_KEPT = 30  # the times of so many ended jobs make the expectation of the next


class Watch:
    """Follows jobs at their providers.

    Args:
        learner: Takes in what was learnt.
        transport: The door to HTTP.
    """

    def __init__(self, learner: Learner, transport: Transport) -> None:
        self._learner = learner
        self._transport = transport
        self._took: dict[tuple[str, str, str], list[float]] = {}

    async def follow(self, track: Track, traffic: Traffic, pace: Pace) -> None:
        """Look until the job ends, the provider forbids looking, or the watching itself takes too long."""
        begun = time.monotonic()  # stands still while the machine sleeps, so a closed lid ends no watching
        failures, unseen_since = 0, 0.0
        if traffic.crowded:  # a job alone is looked at as soon as it is taken; hundreds would hold up the orders still to go
            track.wake.clear()
        while not track.halted():
            if track.unwritten:
                self._learner.write(track, "Again")
            await nap(track.wake, self._pause(track, traffic, pace, failures))
            if track.over():
                return
            reading = await self.look(track, traffic, pace)
            now = time.monotonic()
            match reading:
                case Halt(trouble):
                    track.halt = trouble
                case Again(trouble, unseen):
                    failures += 1
                    unseen_since = (unseen_since or now) if unseen else 0.0
                    if unseen and now - unseen_since > pace.grace:  # a guess, so the job itself stays open
                        track.halt = replace(trouble, kind="JobFailed", message=_LOST, next_step=ADOPT)
                case event:
                    failures, unseen_since = 0, 0.0
                    await self._learner.learn(track, event)
            if track.record.state.is_terminal:
                self._remember(track)
                return
            if now - begun > pace.deadline and not track.halted():
                track.halt = Trouble("WaitTimeout", f"Watched for {pace.deadline / 60:.0f} minutes; the job goes on.")

    async def look(self, track: Track, traffic: Traffic, pace: Pace) -> Settled:
        """Ask once, with as many questions as one look needs."""
        provider, remote_id, model_id = get_provider(track.record.provider), track.record.remote_id, track.record.model
        try:
            reply = await self._ask(track, traffic, provider.poll(remote_id, model_id))
            reading: Reading = provider.polled(remote_id, reply, model_id)
            while isinstance(reading, Then):
                reply = await self._ask(track, traffic, reading.call)
                reading = reading.read(reply)
        except SpendingForbidden as error:
            return Halt(trouble_of(error))
        except NoAnswer as error:  # a failed look is not a failed job
            return Again(trouble_of(error))
        except (ValueError, TypeError, LookupError, ArithmeticError, RecursionError) as error:
            log.warning("a look at job %s could not be read", track.record.id, exc_info=error)
            return Again(Trouble("Unreadable", f"The answer could not be read ({type(error).__name__})."))
        if isinstance(reading, Again):
            traffic.hold(min(self._wished(reply, reading), pace.longest_hold))
        return reading

    def expected(self, track: Track, crowd: int) -> Expected | None:
        """When a job like this one usually ends, from the journal's earlier jobs of the model; `crowd` are on their way."""
        record = track.record
        key = (record.provider, record.origin, record.model)
        if key not in self._took:
            try:
                self._took[key] = self._learner.journal.durations(*key, limit=_KEPT)
            except StorageError as error:  # a guess is not worth the watching
                log.warning("%s", error.message)
                return None
        track.usual = usual(self._took[key])
        return expect(self._took[key], crowd=crowd)

    async def _ask(self, track: Track, traffic: Traffic, call: Call) -> Reply:
        async with traffic.place("look"):
            return await self._transport.send(call, track.route)

    def _wished(self, reply: Reply, reading: Again) -> float:
        """How long the host wants to be left alone: one job was told, all of them wait."""
        wished = retry_after(reply.headers, self._learner.clock())
        return (1.0 if reading.trouble.code in _CROWDED else 0.0) if wished is None else wished

    def _pause(self, track: Track, traffic: Traffic, pace: Pace, failures: int) -> float:
        age, chance = max(0.0, self._learner.clock() - (track.record.sent or track.record.created)), random.random()
        planned = pace.pause(
            age, chance, expected=self.expected(track, traffic.live), crowd=traffic.live, least=traffic.limits.least_pause
        )
        if not failures:
            traffic.quota.earn()
            return planned
        wait = pace.backoff(failures, chance)
        return wait if wait >= planned or traffic.quota.spend() else planned

    def _remember(self, track: Track) -> None:
        record = track.record
        if record.state is State.SUCCEEDED and record.sent:
            took = self._took.setdefault((record.provider, record.origin, record.model), [])
            took.insert(0, record.finished - record.sent)
            del took[_KEPT:]


async def nap(wake: asyncio.Event, seconds: float) -> None:
    """Sleep, unless something happens that is worth a look at once."""
    try:
        async with asyncio.timeout(seconds):
            await wake.wait()
    except TimeoutError:
        return
    finally:
        wake.clear()
