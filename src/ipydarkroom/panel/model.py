"""What a panel knows: what its form knows, and its jobs, and what there is from before. No widget in here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..jobs import State
from .formmodel import Change, FormModel, Notice, Raw, same

if TYPE_CHECKING:
    from ..models import Model
    from ..sync import Job

__all__ = ["Change", "Earlier", "Notice", "PanelModel", "Raw", "live", "same", "uncertain"]


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the journal has from before: jobs of other sessions nobody here follows, and sentences about the journal itself.

    Attributes:
        ids: Our ids of those jobs, the oldest first.
        uncertain: How many of them are uncertain.
        notices: Plain English, as the journal says it; shown word for word.
    """

    ids: tuple[str, ...] = ()
    uncertain: int = 0
    notices: tuple[str, ...] = ()


def live(job: Job) -> bool:
    """Whether a job is still on its way, fetching its pictures included; not one we stopped looking at."""
    return not job.done and job.error is None


def uncertain(job: Job) -> bool:
    """Whether nobody knows what became of the order, so that a person has to decide."""
    return job.state is State.UNCERTAIN


class PanelModel(FormModel):
    """The state of one panel: that of its form, and what became of Run."""

    def __init__(self, model: Model) -> None:
        super().__init__(model)
        self._jobs: tuple[Job, ...] = ()
        self._earlier: Earlier | None = None

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The jobs ordered here or taken in from earlier sessions, oldest first."""
        return self._jobs

    def add_job(self, *jobs: Job) -> None:
        """Remember jobs that were ordered here or taken in; trouble from before is over."""
        with self.editing():
            known = {job.id for job in self._jobs}
            news = [job for job in jobs if job.id not in known]
            self._jobs = tuple(sorted((*self._jobs, *news), key=lambda job: job.record.created))
            self.tell("jobs")
            self._say(None)

    @property
    def earlier(self) -> Earlier | None:
        """What there is from before this panel; None where there is nothing, or it was taken in."""
        return self._earlier

    def offer(self, earlier: Earlier | None) -> None:
        """Say what there is from before, or take that away."""
        with self.editing():
            if earlier != self._earlier:
                self._earlier = earlier
                self.tell("earlier")

    @property
    def running(self) -> int:
        """How many jobs are still on their way."""
        return sum(live(job) for job in self._jobs)
