"""What a comparison knows: models, their common inputs, the form's state, and turns with a job for each model. No widget in here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from ..comparing import common_inputs, given, plan
from ..comparison import Seat, Turn, form_model
from ..errors import InputError
from ..jobs import State
from .model import PanelModel, live, same, uncertain

if TYPE_CHECKING:
    from ..comparing import Common, Plan
    from ..models import Model
    from ..sync import Job

__all__ = ["CompareModel", "TurnState", "demand_comparable"]

MOST_MODELS = 8
"""Beside each other; more than that nobody can look at, and the grid has no room."""


@dataclass
class TurnState:
    """One press of Run: what was asked, and each model's job once there is one. `reused` holds the places of jobs made before."""

    values: Mapping[str, object]
    commons: tuple[Common, ...]
    plans: tuple[Plan, ...]
    jobs: list[Job | None]
    reused: set[int] = field(default_factory=set)

    def seen(self) -> Turn:
        """The turn at this moment."""
        seats = zip(self.plans, self.jobs, strict=True)
        return Turn(self.values, self.commons, tuple(
            Seat(plan, None if job is None else job.record, at in self.reused) for at, (plan, job) in enumerate(seats)
        ))

    def asks(self, plans: Sequence[Plan]) -> bool:
        """Whether it is the turn of just these orders."""
        return all(_alike(mine.inputs, theirs.inputs) for mine, theirs in zip(self.plans, plans, strict=True))


class CompareModel:
    """The state of one comparison.

    Args:
        models: At least two, of one kind.
        values: Input name, as any of the models calls it -> value.
        language: Of the form's words.

    Raises:
        InputError: The models cannot be compared, or no model has an input of a name.
    """

    def __init__(self, models: Sequence[Model], values: Mapping[str, object], language: str) -> None:
        demand_comparable(models)
        self.models = tuple(models)
        self.commons, said = given(common_inputs(models), values)
        self.state = PanelModel(form_model(models, self.commons, language))
        self.turns: list[TurnState] = []
        self._planned: tuple[dict[str, object], tuple[Plan, ...]] | None = None
        if said:
            self.state.value = said

    @property
    def plans(self) -> tuple[Plan, ...]:
        """What would be sent to each model now."""
        with self.state.lock:
            values = self.state.value
            if self._planned is None or not _alike(self._planned[0], values):
                self._planned = (values, plan(self.models, self.commons, values))
            return self._planned[1]

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The jobs of every turn, those made before included, each once, in the order they came in."""
        found = {job.id: job for turn in self.turns for job in turn.jobs if job is not None}
        return tuple(found.values())

    @property
    def running(self) -> int:
        """How many jobs are on their way."""
        return sum(live(job) for job in self.jobs)

    def told(self) -> list[Job]:
        """The jobs that have a line: what is not over, and what went wrong in the last turn. Of the rest the picture tells."""
        last = {job.id for job in self.turns[-1].jobs if job is not None} if self.turns else set()
        return [job for job in self.jobs if live(job) or uncertain(job) or (job.id in last and job.error is not None)]

    def turn(self, plans: tuple[Plan, ...], *, anew: bool) -> TurnState:
        """The turn for these orders: the last one where it asks for the same and wants for a job, else a new one."""
        if not anew and self.turns and self.turns[-1].asks(plans):
            return self.turns[-1]
        turn = TurnState(self.state.value, self.commons, plans, [None] * len(plans))
        self.turns.append(turn)
        return turn

    def take_in(self, at: int, jobs: Sequence[Job]) -> None:
        """Give a job that has no seat yet (an order sent again) the newest seat of its model whose job has ended without pictures."""
        known = {job.id for job in self.jobs}
        for job in jobs:
            seats = [turn for turn in reversed(self.turns) if turn.jobs[at] is not None and _over(turn.jobs[at])]
            if job.id not in known and seats:
                seats[0].jobs[at] = job
                seats[0].reused.discard(at)

    def named(self, values: Mapping[str, object]) -> dict[str, object]:
        """Values under any model's own names, under the form's."""
        return given(self.commons, values)[1]

    def planned(self) -> Turn:
        """What would be asked now, as a turn without jobs."""
        return TurnState(self.state.value, self.commons, self.plans, [None] * len(self.models)).seen()


def demand_comparable(models: Sequence[Model]) -> None:
    """Raise InputError where these models cannot stand beside each other."""
    if not 2 <= len(models) <= MOST_MODELS:
        raise InputError(
            f"A comparison takes 2 to {MOST_MODELS} models, not {len(models)}.",
            next_step='For example dr.Compare(["runcomfy:ideogram/ideogram-v3/reframe", "kie:ideogram/v3-reframe"]).',
        )
    names = [(model.provider, model.id) for model in models]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise InputError(
            f"{twice[1]} stands there twice.", next_step="To compare values of one model, give dr.Sweep several values.",
        )
    made = {model.kind.rpartition("-")[2] for model in models}
    if len(made) > 1:
        kinds = ", ".join(f"{model.id} ({model.kind})" for model in models)
        raise InputError(f"These models make different things: {kinds}.", next_step="Compare models of one kind.")
    if not any(common.shared for common in common_inputs(models)):
        raise InputError("These models have no input in common.", next_step="Compare models of one kind.")


def _over(job: Job | None) -> bool:
    return job is not None and job.state in (State.FAILED, State.CANCELLED, State.UNCERTAIN)


def _alike(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    return one.keys() == other.keys() and all(same(one[name], other[name]) for name in one)
