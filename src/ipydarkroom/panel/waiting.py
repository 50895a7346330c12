"""Waiting in a cell for jobs to end: in short steps, so that an interrupt comes through and the page is kept up to date."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ..errors import WaitTimeout
from ..interrupts import explained

if TYPE_CHECKING:
    from ..sync import Job

__all__ = ["wait_for"]

_PULSE_S = 0.2  # how often it wakes, for an interrupt and for front ends that hear the main thread only


def wait_for(jobs: Iterable[Job], timeout: float | None, pulse: Callable[[], None]) -> None:
    """Block until every job has ended and its pictures are here.

    Args:
        jobs: Jobs that went wrong do not raise here.
        timeout: Seconds to wait at most, for all together; None is no limit.
        pulse: Called on this thread at every step.

    Raises:
        WaitTimeout: The time is over. The jobs go on.
    """
    end = None if timeout is None else time.monotonic() + timeout
    with explained("interrupt.jobs"):
        for job in jobs:
            _wait(job, end, timeout, pulse)


def _wait(job: Job, end: float | None, timeout: float | None, pulse: Callable[[], None]) -> None:
    while True:
        left = _PULSE_S if end is None else min(_PULSE_S, end - time.monotonic())
        try:
            job.wait(max(0.0, left))
        except WaitTimeout as error:
            pulse()
            if left <= 0:
                raise WaitTimeout(
                    f"Job {job.id} is still on its way after {timeout:g} s; it goes on.",
                    next_step="Call wait() again.", job=job, seconds=timeout, id=job.id,
                ) from error
        else:
            return
