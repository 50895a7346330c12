"""Lets an order go: once, unless it provably made no job. What an answer means is decided in `submission`."""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING

from .errors import DarkroomError, NoAnswer, NotSent, SpendingForbidden, StorageError
from .fields import placed
from .jobs import Accepted, Event, Held, Orphaned, Rejected, Sending, Trouble, Unsent
from .learning import trouble_of
from .owners import LEASE_S
from .pacing import retry_after
from .providers import Provider, get_provider
from .submission import Later
from .webhooks import for_job

if TYPE_CHECKING:
    from .learning import Learner
    from .pacing import Pace
    from .track import Track
    from .traffic import Traffic
    from .transport import Transport
    from .wire import Call

__all__ = ["LOOK", "Orders"]

log = logging.getLogger("ipydarkroom")

LOOK = "Look at the provider's own list of generations before sending it again; it may be paid."
_FULL_SECONDS = 10.0  # after a refusal as one too many, where the answer does not say how long


class Orders:
    """Places orders.

    Args:
        learner: Takes in what was learnt.
        transport: The door to HTTP.
    """

    def __init__(self, learner: Learner, transport: Transport) -> None:
        self._learner = learner
        self._transport = transport

    async def place(self, track: Track, traffic: Traffic, pace: Pace) -> None:
        """Upload what has to be, then send the order, and learn what became of it."""
        provider = get_provider(track.record.provider)
        try:
            inputs = await self._upload(track, provider, traffic)
            call = provider.submit(track.record.model, inputs, for_job(track.callback, track.record.id))
        except DarkroomError as error:  # an upload is free, and no order was made: nothing was ordered
            await self._learner.learn(track, Unsent(trouble_of(error)))
            return
        traffic.quota.earn()
        refused, attempt = 0.0, 0
        while True:
            attempt += 1
            async with traffic.place("create"):
                if not await self._learner.learn(track, Sending()):
                    return
                if self._learner.clock() - track.record.sent > LEASE_S / 3:  # asleep since it was allowed: it may be another's by now
                    await self._learner.learn(track, Held())
                    continue
                verdict = await self._send(track, provider, call)
            now = time.monotonic()
            refused = refused or now  # waiting for one's turn in a large sweep is no refusal
            if isinstance(verdict, Later) and now - refused < pace.patience:
                traffic.full()
                traffic.hold(min(_FULL_SECONDS if verdict.after_s is None else verdict.after_s, pace.longest_hold))
            elif isinstance(verdict, Later):
                await self._learner.learn(track, Rejected(verdict.trouble))
                return
            elif not (isinstance(verdict, Unsent) and attempt < pace.tries and traffic.quota.spend()):
                await self._learner.learn(track, verdict)
                return
            await self._learner.learn(track, Held())  # whoever ends us now finds the truth: there is no job
            await asyncio.sleep(pace.backoff(attempt, random.random()))

    async def _send(self, track: Track, provider: Provider, call: Call) -> Event | Later:
        """One try, and what it means. Whatever is not proven to be harmless is Orphaned."""
        try:
            reply = await self._transport.send(call, track.route, order=True)
            verdict = provider.submitted(reply)
        except NotSent as error:
            return Unsent(trouble_of(error))
        except SpendingForbidden as error:
            return Rejected(trouble_of(error))
        except NoAnswer as error:
            step = f"Look at {provider.generations_page} before sending it again; it may be paid."
            return Orphaned(Trouble("SubmitUncertain", f"The order left, but {error.message}", "", step))
        except Exception as error:  # an answer no reader foresaw: whatever is not proven harmless may be paid
            log.exception("the answer to an order could not be read")
            said = f"The order left, but its answer could not be read ({type(error).__name__})."
            return Orphaned(Trouble("SubmitUncertain", said, "", LOOK))
        if isinstance(verdict, Later):
            return Later(verdict.trouble, retry_after(reply.headers, self._learner.clock()))
        return self._own(track, verdict)

    def _own(self, track: Track, verdict: Event) -> Event:
        """An id that already names another job of ours is not this one's: neither record may be overwritten."""
        if not isinstance(verdict, Accepted):
            return verdict
        record = track.record
        try:
            other = self._learner.by_remote(record.provider, record.origin, verdict.remote_id)
        except StorageError as error:  # the id is worth more than the question; the journal's own index asks it again
            log.warning("%s", error.message)
            return verdict
        if other is None or other.id == record.id:
            return verdict
        said = f"The answer names {verdict.remote_id!r}, which is another job of ours ({other.id})."
        return Orphaned(Trouble("SubmitUncertain", said, "", LOOK))

    async def _upload(self, track: Track, provider: Provider, traffic: Traffic) -> Mapping[str, object]:
        """Turn local files into links where the provider wants links. Free, and repeatable."""
        inputs: object = dict(track.inputs)
        for place, blob in track.blobs.items():
            call = provider.upload(blob)
            if call is not None:
                async with traffic.place("other"):
                    link = provider.uploaded(await self._transport.send(call, track.route))
                inputs = placed(inputs, place, link)
        assert isinstance(inputs, dict)  # as it began
        return inputs
