"""Bad clients, for the negative controls: each is this library with one rule broken, and a harness must catch it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from ipydarkroom.errors import NoAnswer, NotSent
from ipydarkroom.jobs import Failed
from ipydarkroom.learning import Learner
from ipydarkroom.providers import Again, providers
from ipydarkroom.transport import Transport
from ipydarkroom.wire import Reply

__all__ = ["BAD_CLIENTS"]

_honest = Transport.send


@contextmanager
def resends() -> Iterator[None]:
    """Repeats an order when its answer is lost or is a server error, as most HTTP clients' retries do."""

    async def send(self: Transport, call: Any, route: Any, *, order: bool = False) -> Reply:
        for tries_left in (2, 1, 0):
            try:
                reply = await _honest(self, call, route, order=order)
            except NotSent:
                raise
            except NoAnswer:
                if order and tries_left:
                    continue
                raise
            if not (order and tries_left and reply.status >= 500):
                break
        return reply

    with patch.object(Transport, "send", send):
        yield


@contextmanager
def gives_up() -> Iterator[None]:
    """Fails the job at the first look that goes wrong."""

    async def send(self: Transport, call: Any, route: Any, *, order: bool = False) -> Reply:
        try:
            return await _honest(self, call, route, order=order)
        except NoAnswer:
            if order or not call.safe:
                raise
            return Reply(503, {}, b"")

    def rash(polled: Any) -> Any:
        def read(remote_id: str, reply: Reply, model_id: str = "") -> Any:
            reading = polled(remote_id, reply, model_id)
            return Failed("failed", reading.trouble) if isinstance(reading, Again) else reading

        return read

    with patch.object(Transport, "send", send):
        kept = [(one, one.polled) for one in providers]
        for one, polled in kept:
            one.polled = rash(polled)  # type: ignore[method-assign]
        try:
            yield
        finally:
            for one, _ in kept:
                del one.polled


@contextmanager
def forgets() -> Iterator[None]:
    """Takes an order whose answer is lost for one that was refused: nothing is charged, it says."""
    from ipydarkroom import jobs

    changed = {**jobs.TRANSITIONS[jobs.State.SUBMITTING], jobs.Orphaned: jobs.State.FAILED}
    with patch.dict(jobs.TRANSITIONS, {jobs.State.SUBMITTING: changed}):
        yield


@contextmanager
def believes() -> Iterator[None]:
    """Takes whatever id an answer names, also that of another job of its own."""

    def by_remote(self: Learner, *_: str) -> None:
        return None

    with patch.object(Learner, "by_remote", by_remote):
        yield


@contextmanager
def ten_tries() -> Iterator[None]:
    """Tries everything ten times in quick succession, as fal-client was measured to do."""

    async def send(self: Transport, call: Any, route: Any, *, order: bool = False) -> Reply:
        for tries_left in range(9, -1, -1):
            try:
                reply = await _honest(self, call, route, order=order)
            except NoAnswer:
                if not tries_left:
                    raise
            else:
                if reply.status < 500 or not tries_left:
                    break
            await asyncio.sleep(0.002)
        return reply

    with patch.object(Transport, "send", send):
        yield


BAD_CLIENTS = {"resends": resends, "gives_up": gives_up, "forgets": forgets, "believes": believes, "ten_tries": ten_tries}
