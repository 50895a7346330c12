"""One combination of a sweep: its inputs, the job it has, and how it stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..jobs import State

if TYPE_CHECKING:
    from ..errors import DarkroomError
    from ..handle import AsyncJob

__all__ = ["Cell", "Status", "whole"]

Status: TypeAlias = Literal["waiting", "live", "done", "failed", "cancelled", "uncertain", "gone", "unwatched"]
"""`gone`: made before, and its file is no longer where it was kept. `unwatched`: we stopped looking, the job goes on."""


@dataclass(eq=False)
class Cell:
    """Belongs to the loop of its driver; others read it.

    Attributes:
        number: Its place in the order of the sweep, from 0.
        place: One index into each axis.
        inputs: What is ordered.
        fingerprint: How the journal recognises the order.
        job: The job it has, made now or before.
        reused: Whether that was made before, or by somebody else: this sweep did not order it.
        gone: Whether the files of a job made before were no longer there when it was found.
        error: Why it could not be ordered at all.
        unwatch: Ends the watching of its job.
    """

    number: int
    place: tuple[int, ...]
    inputs: Mapping[str, object] = field(repr=False)
    fingerprint: str
    job: AsyncJob | None = None
    reused: bool = False
    gone: bool = False
    error: DarkroomError | None = None
    unwatch: Callable[[], None] | None = field(default=None, repr=False)

    @property
    def status(self) -> Status:
        """How it stands."""
        if self.error is not None:
            return "failed"
        job = self.job
        if job is None:
            return "waiting"
        if job.state is State.UNCERTAIN:
            return "uncertain"
        if job.state is State.CANCELLED:
            return "cancelled"
        if job.state is State.FAILED:
            return "failed"
        if job.error is not None:
            return "unwatched"
        if not job.done:
            return "live"
        return "gone" if self.gone else "done"

    @property
    def trouble(self) -> DarkroomError | None:
        """Why there is no picture, where something went wrong."""
        return self.error or (self.job.error if self.job is not None else None)

    @property
    def may_be_paid(self) -> bool:
        """Whether ordering it again may pay a second time."""
        return self.job is not None and not self.job.record.is_local and self.job.charged != "no"

    def leave(self) -> None:
        """Watch its job no more."""
        if self.unwatch is not None:
            self.unwatch()
            self.unwatch = None


def whole(job: AsyncJob) -> bool:
    """Whether every file of an ended job is still where it was kept; of any other job, True."""
    return not job.done or all(Path(kept.path).is_file() for kept in job.record.kept)
