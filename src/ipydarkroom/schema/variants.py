"""Which variant of a whole model do these inputs make? For a form that shows the inputs of all variants at once.

Kie's `segment-map` takes a task or a picture; its Kling models take different inputs with and without a video. A schema
says so with `oneOf` or `anyOf` at its root. A person is not asked to choose: the inputs tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..fields import Problem, Values
from .judge import judge

if TYPE_CHECKING:
    from ..fields import Branch, Branches, Pointer
    from .judge import Before

__all__ = ["judge_variants"]


def judge_variants(choice: Branches, values: Values, before: Before, place: Pointer = ()) -> tuple[Problem, ...]:
    """What keeps these inputs from being one of the variants.

    Where they lack only inputs that another variant does not need, every input that would help is named
    (`one_needed`). Else the nearest variant's own problems are told. Inputs that make several variants of `oneOf` at
    once are refused (`not_both`) where each has an input of its own; a variant that only asks for more than another is
    no conflict.
    """
    judged = [(branch, judge(branch.field, place, values, before=before)) for branch in choice.branches]
    fitting = [branch for branch, problems in judged if not problems]
    if len(fitting) == 1 or (fitting and not choice.exclusive):
        return ()
    if fitting:
        return _too_many(fitting)
    if all(problem.code == "required" for _, problems in judged for problem in problems):
        missing = list(dict.fromkeys(str(problem.pointer[0]) for _, problems in judged for problem in problems))
        if len(missing) > 1:
            return tuple(Problem((name,), "one_needed", {"names": ", ".join(missing)}) for name in missing)
    return min((problems for _, problems in judged), key=_distance)


def _distance(problems: tuple[Problem, ...]) -> tuple[int, int]:
    """How far a variant is from these inputs: what is given and wrong first, then what is missing."""
    missing = sum(problem.code == "required" for problem in problems)
    return len(problems) - missing, missing


def _too_many(fitting: list[Branch]) -> tuple[Problem, ...]:
    needs = [frozenset(branch.field.needs) for branch in fitting]
    own = [need - frozenset().union(*(other for other in needs if other is not need)) for need in needs]
    if not all(own):
        return ()
    names = [name for branch, mine in zip(fitting, own, strict=True) for name in branch.field.needs if name in mine]
    return tuple(Problem((name,), "not_both", {"names": ", ".join(names)}) for name in names)
