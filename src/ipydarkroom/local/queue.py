"""The studio: a real queue of jobs, painted one at a time, with positions, progress, cancelling and failure.

No protocol is spoken here; the mirrors ask the studio and put its answers into a provider's words. Everything runs on
one event loop, the one of the first order, except painting itself (see `easel`).
"""

from __future__ import annotations

import asyncio
import hashlib
import random
import time
from collections import deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from ..redaction import masked
from .archive import Archive
from .aside import attempt, off_loop, within
from .easel import ENDED, Easel, sentence
from .orders import read_orders
from .painters import painters as all_painters
from .postbox import Postbox
from .shelf import Shelf
from .sources import Source, judge, read_source
from .tasks import Ended, Pace, Stage, Task

if TYPE_CHECKING:
    from ..fields import Problem, Values
    from ..models import Model
    from ..settings import Token
    from .painters import Painter
    from .postbox import Callback, Send

__all__ = ["MOST_WAITING", "QueueFull", "Studio"]

MOST_WAITING = 500
_CLOSING_SECONDS = 3.0  # for a painter to notice that nobody waits any more, and for the callbacks under way


class QueueFull(Exception):
    """As many jobs are waiting as the queue takes, or the studio is closed. The order was not accepted."""


class Studio:
    """Takes orders, paints them in turn, keeps what was painted.

    Args:
        tokens: The tokens that may order; only their hashes are kept.
        find: (provider, model id) -> Model, or None for an unknown one.
        models: provider -> the models that its catalog lists.
        pace: The least waiting and working time.
        painters: Painters in order of preference; those of the `painters` folder when None.
        workers: How many jobs are painted at once.
        send: How a callback to this machine is posted; without it callbacks are only recorded.
        origin: Where files are served, `scheme://host[:port]`.
        chance: Draws the seeds that nobody gave.
        webhook_key: With what a mirror signs its callbacks, where its protocol has signatures.

    Attributes:
        shelf: The files.
        post: Posts or records a callback, and returns at once.
        webhook_key: As given.
        unavailable: True makes every mirror answer that the service is down.
    """

    def __init__(
        self,
        *,
        tokens: frozenset[str],
        find: Callable[[str, str], Model | None],
        models: Callable[[str], Iterable[Model]] = lambda _: (),
        pace: Pace,
        painters: Iterable[Painter] | None = None,
        workers: int = 1,
        send: Send | None = None,
        origin: str = "http://darkroom.localhost",
        chance: random.Random | None = None,
        webhook_key: Token | None = None,
    ) -> None:
        self.find = find
        self.models = models
        self.shelf = Shelf(origin)
        self.unavailable = False
        self._pace = pace
        self._owners = frozenset(_hash(token) for token in tokens)
        self._most_workers = max(1, workers)
        self._chance = chance or random.SystemRandom()
        self._clock = _steady_clock()
        self._archive = Archive(self.shelf)
        self._line: deque[Task] = deque()
        self._workers: list[asyncio.Task[None]] = []
        self._change = asyncio.Event()
        self._closing = asyncio.Event()
        self._easel = Easel(all_painters if painters is None else tuple(painters), self.shelf, self._closing.is_set)
        self._postbox = Postbox(send, pace.callback_pauses_s, self._touch)
        self.post = self._postbox.post
        self.webhook_key = webhook_key

    @property
    def callbacks(self) -> tuple[Callback, ...]:
        """The last thousand callbacks that jobs asked for, posted or only recorded."""
        return tuple(self._postbox.callbacks)

    def owner(self, token: str) -> str | None:
        """Who holds this token, as a hash; None when the token is not one of ours."""
        owner = _hash(token)
        return owner if owner in self._owners else None

    def judge(self, model: Model, inputs: Values) -> tuple[Problem, ...]:
        """What is wrong with the inputs; empty when they may be ordered."""
        return judge(model, inputs, self.shelf)

    def task(self, task_id: str) -> Task | None:
        """The job of that id, or None when it is unknown, or so old that it was forgotten."""
        return self._archive.find(task_id)

    def jobs_of(self, model: Model) -> tuple[Task, ...]:
        """The jobs of that model that are remembered, oldest first."""
        return self._archive.of(model.provider or "", model.id)

    def position(self, task: Task) -> int:
        """How many jobs are ahead of a waiting one, those being painted included; 0 for any other."""
        if task.state != "waiting":
            return 0
        being_painted = sum(other.state == "running" for other in self._archive.unfinished())
        return being_painted + self._line.index(task)

    def progress(self, task: Task) -> float:
        """How far a job is, 0..1: no further than the painter is, and no faster than the pace."""
        if task.state != "running":
            return 1.0 if task.state == "done" else 0.0
        share = (self._clock() - task.started) / self._pace.work_s if self._pace.work_s > 0 else 1.0
        return min(task.painted, share)

    async def changed(self) -> None:
        """Wait for the next change of any job: accepted, started, further, finished, cancelled, called back."""
        await self._change.wait()

    async def submit(
        self,
        model: Model,
        inputs: Values,
        *,
        task_id: str,
        provider: str,
        owner: str,
        memo: str = "",
        ended: Ended | None = None,
    ) -> Task:
        """Put a job in the queue and return it at once. The inputs have been judged.

        Args:
            model: What to paint with.
            inputs: Property name -> value.
            task_id: The id its owner will ask for.
            provider: Whose mirror took the order.
            owner: The hash of the token that ordered.
            memo: Kept for the mirror.
            ended: Awaited after the job is done or has failed.

        Raises:
            QueueFull: 500 jobs are waiting, or the studio is closed.
            OSError: The given picture cannot be kept, the disk is full.
        """
        self._let_in()
        source = await self._keep(read_source(model, inputs, self.shelf))
        self._let_in()
        orders = read_orders(model, inputs, lambda: self._chance.getrandbits(31))
        task = Task(task_id, provider, model.id, owner, orders, masked(inputs), memo, source, ended)
        task.note = source.note if source else ""
        task.created = task.updated = self._clock()
        self._archive.add(task)
        self._line.append(task)
        self._staff()
        self._touch()
        return task

    def cancel(self, task: Task) -> bool:
        """Cancel a waiting job. False when it is being painted or over: that is never undone."""
        if task.state != "waiting":
            return False
        self._line.remove(task)
        self._end(task, "cancelled")
        return True

    async def close(self, seconds: float = _CLOSING_SECONDS) -> None:
        """End the workers and delete the files. Whatever was not finished has failed; later orders are refused.

        Args:
            seconds: How long the painters, and then the callbacks under way, are waited for.
        """
        self.unavailable = True
        self._closing.set()
        self._touch()
        workers, self._workers = self._workers, []
        if workers:
            await asyncio.wait(workers, timeout=seconds)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        await self._postbox.close(seconds)
        self._line.clear()
        for task in self._archive.unfinished():
            self._end(task, "failed", ENDED)
        self.shelf.close()

    def _let_in(self) -> None:
        if len(self._line) >= MOST_WAITING or self._closing.is_set():
            raise QueueFull

    async def _keep(self, source: Source | None) -> Source | None:
        """Put a picture that came inside an order on the shelf: hundreds of waiting ones would fill the memory."""
        if source is None or not source.data:
            return source
        return replace(source, data=b"", upload=await off_loop(self.shelf.put, source.data), own=True)

    def _staff(self) -> None:
        """Start the workers on the running loop, at the first order."""
        self._workers = [worker for worker in self._workers if not worker.done()]
        while len(self._workers) < self._most_workers:
            self._workers.append(asyncio.get_running_loop().create_task(self._work()))

    async def _work(self) -> None:
        """Take the first job of the line when its waiting time is over, until the studio closes."""
        while not self._closing.is_set():
            if not self._line:
                await self.changed()
            elif (early := self._line[0].created + self._pace.wait_s - self._clock()) > 0:
                await self._pause(early)
            else:
                await self._carry_out(self._line.popleft())

    async def _carry_out(self, task: Task) -> None:
        """Paint one job from start to end. Whatever a painter raises becomes a failed job with a sentence."""
        task.state = "running"
        task.started = task.updated = self._clock()
        self._touch()
        trouble = await attempt(self._easel.paint(task, lambda painted: self._advance(task, painted)), f"job {task.id}")
        await self._pause(task.started + self._pace.work_s - self._clock())
        self._end(task, "failed" if trouble else "done", sentence(trouble) if trouble else "")
        if task.ended is not None:
            await attempt(task.ended(task), f"callback of job {task.id}")

    async def _pause(self, seconds: float) -> None:
        """Wait, but not beyond the end of the studio."""
        if seconds > 0:
            with suppress(TimeoutError):
                await within(seconds, self._closing.wait())

    def _advance(self, task: Task, painted: float) -> None:
        if task.state == "running" and painted > task.painted:
            task.painted = min(painted, 1.0)
            task.updated = self._clock()
            self._touch()

    def _end(self, task: Task, state: Stage, error: str = "") -> None:
        task.state, task.error = state, error
        task.finished = task.updated = self._clock()
        self._archive.lay_down(task)
        self._touch()

    def _touch(self) -> None:
        """Wake everybody who waits for a change."""
        self._change.set()
        self._change = asyncio.Event()


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _steady_clock() -> Callable[[], float]:
    """Seconds since the epoch that never run backwards, unlike the machine's own clock."""
    start = time.time() - time.monotonic()
    return lambda: start + time.monotonic()
