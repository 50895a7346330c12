"""What would be sent to each model, and what became of each input on the way there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from dataclasses import field as _field
from typing import TYPE_CHECKING

from ..fields import UNSET, Rule
from ..schema import payload
from .carry import CHANGED, DROPPED, Carried, carry

if TYPE_CHECKING:
    from ..fields import Problem
    from ..models import Model
    from .common import Common

__all__ = ["Plan", "common_rules", "plan"]


@dataclass(frozen=True, slots=True)
class Plan:
    """One model's order: `inputs` as they will be sent, `carried` what became of each input of the form, in its order.

    `problems` is what the model itself has against them.
    """

    model: Model
    inputs: Mapping[str, object] = _field(repr=False)
    carried: tuple[Carried, ...]
    problems: tuple[Problem, ...]

    @property
    def changed(self) -> tuple[Carried, ...]:
        """What is sent as something else."""
        return tuple(each for each in self.carried if each.fate in CHANGED)

    @property
    def dropped(self) -> tuple[Carried, ...]:
        """What was given and is not sent."""
        return tuple(each for each in self.carried if each.fate in DROPPED)

    @property
    def blocked(self) -> bool:
        """Whether the model would refuse this."""
        return any(problem.blocking for problem in self.problems)


def plan(models: Sequence[Model], commons: Sequence[Common], values: Mapping[str, object]) -> tuple[Plan, ...]:
    """The order of each model, for these values of the common inputs (common name -> value)."""
    return tuple(_plan(model, at, commons, values) for at, model in enumerate(models))


def common_rules(models: Sequence[Model], commons: Sequence[Common]) -> tuple[Rule, ...]:
    """The models' rules between two inputs, for a form: those whose inputs no other model has, under their names there."""
    found = []
    for at, model in enumerate(models):
        names = {common.members[at].name: common.name for common in commons if not common.shared and at in common.members}
        found += [
            replace(rule, field=names[rule.field], other=names[rule.other])
            for rule in model.rules if {rule.field, rule.other} <= names.keys()
        ]
    return tuple(found)


def _plan(model: Model, at: int, commons: Sequence[Common], values: Mapping[str, object]) -> Plan:
    carried = tuple(carry(common, at, values.get(common.name, UNSET)) for common in commons)
    said = {each.input: each.sent for each in carried if each.goes}
    inputs = payload(model.root, model.rules, said)
    return Plan(model, inputs, tuple(_idle(each, inputs) for each in carried), model.problems(inputs))


def _idle(carried: Carried, inputs: Mapping[str, object]) -> Carried:
    """What the model's own rules keep back."""
    if not carried.goes or carried.input in inputs:
        return carried
    return replace(carried, fate="silent" if carried.fate == "own" else "idle", sent=UNSET)
