"""What the local backend's queue holds: a Task and its states, and how long one is visibly waiting and at work."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from .painters import Order
    from .shelf import Shelved
    from .sources import Source

__all__ = ["Ended", "Pace", "Stage", "Task"]

Stage: TypeAlias = Literal["waiting", "running", "done", "failed", "cancelled"]
Ended: TypeAlias = "Callable[[Task], Awaitable[None]]"
"""Awaited after a job is done or has failed; a mirror posts its callback here."""


@dataclass(frozen=True, slots=True)
class Pace:
    """The least time, in seconds, a job is visibly waiting and visibly at work; zero for both in tests.

    `callback_pauses_s` are the pauses before a callback is posted again; as many as there are of them, so often.
    """

    wait_s: float = 0.6
    work_s: float = 1.5
    callback_pauses_s: tuple[float, ...] = (1.0, 3.0, 10.0)


@dataclass(eq=False, slots=True)
class Task:
    """One job in the queue; only the studio changes it.

    Times are seconds since the epoch, 0.0 where not reached. `painted` is 0..1 of the real work. `inputs` is for
    people: data URIs as hashes, links without their secrets. `memo` is what the mirror wants to say back later.
    """

    id: str
    provider: str
    model: str
    owner: str
    orders: tuple[Order, ...]
    inputs: object = field(repr=False)
    memo: str = field(default="", repr=False)
    source: Source | None = field(default=None, repr=False)
    ended: Ended | None = field(default=None, repr=False)
    state: Stage = "waiting"
    painted: float = 0.0
    pictures: list[Shelved] = field(default_factory=list)
    note: str = ""
    error: str = ""
    created: float = 0.0
    started: float = 0.0
    updated: float = 0.0
    finished: float = 0.0
