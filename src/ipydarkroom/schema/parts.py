"""Which parts of an object's schema apply with the values there are now: `allOf`, then and else, dependents, the chosen branch.

A part looks at the whole object. It may bring fields, narrow those there are, and demand names. A part may have parts of
its own, and in a foreign schema even itself, so the way down ends after a few levels.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..fields import UNSET
from .judge import judge
from .kinds import same

if TYPE_CHECKING:
    from ..fields import Branch, Branches, Field, Values

__all__ = ["Applied", "Reads", "Why", "applied", "chosen", "decides", "foreseen", "names_read", "spelt"]

Why: TypeAlias = tuple[str, Mapping[str, object]]
"""A language key and its params: the sentence that says why something is so now."""

_DEEPEST = 8  # parts of parts; real schemas have two or three
_MOST = 200  # parts of one object, at one moment


@dataclass(frozen=True, slots=True)
class Applied:
    """One part that applies now, and where it is from: `allOf`, the chosen branch of several, or a condition.

    `why` is for the names it demands; None where it applies always. `by` are the names whose values made it apply: what it
    says of them repeats the condition and narrows nothing, or nobody could leave it again.
    """

    part: Field
    origin: Literal["also", "branch", "condition"]
    why: Why | None = None
    by: frozenset[str] = frozenset()


Reads: TypeAlias = dict[int, frozenset[str] | None]
"""By the id of a condition, the names it is about (None: any). Kept by whoever keeps the conditions."""


def applied(field: Field, said: Values, filled: Values, reads: Reads) -> tuple[Applied, ...]:
    """The parts of an object that apply now, parts of parts included.

    Args:
        field: The object.
        said: What was said: for `dependentSchemas`, where a name must be there.
        filled: The same with the defaults a server would use: for `if`, and for the branch.
        reads: What is known of conditions already; it is added to.
    """
    return tuple(islice(_below(field, said, filled, reads, Applied(field, "also"), 0), _MOST))


def _below(field: Field, said: Values, filled: Values, reads: Reads, above: Applied, depth: int) -> Iterator[Applied]:
    for found in _direct(field, said, filled, reads, above):
        found = replace(found, by=found.by | above.by)
        yield found
        if depth < _DEEPEST:
            yield from _below(found.part, said, filled, reads, found, depth + 1)


def _direct(field: Field, said: Values, filled: Values, reads: Reads, above: Applied) -> Iterator[Applied]:
    for part in field.also:
        yield Applied(part.opened(), "also", above.why)
    for choice in field.branches:
        for branch in chosen(choice, filled) or ():
            yield Applied(branch.field.opened(), "branch", _while(choice.discriminator, branch.value), frozenset((choice.discriminator,)))
    further = field.further
    if further is None:
        return
    for name, part in further.dependents:
        if name in said:
            yield Applied(part.opened(), "condition", ("problem.depends", {"other": name}), frozenset((name,)))
    if further.condition is not None:
        key = id(further.condition)
        if key not in reads:
            reads[key] = _judged_names(further.condition, 0)
        by = reads[key]
        told = filled if by is None else {name: filled[name] for name in by if name in filled}
        fits = not judge(further.condition, (), told)
        part_now = further.then if fits else further.otherwise
        if part_now is not None:
            by = by or frozenset()
            yield Applied(part_now.opened(), "condition", _reason(further.condition, by, fits=fits), by)


def chosen(choice: Branches, filled: Values) -> tuple[Branch, ...] | None:
    """The branches that the discriminator's value means: one, or none yet. None where it decides nothing.

    So it is where nothing tells the branches apart, where the value is none of theirs and one of them takes others, and
    where the value may stay away: then an object without it fits each of them.
    """
    if not decides(choice):
        return None
    value = filled.get(choice.discriminator, UNSET)
    if value is UNSET:
        return () if all(choice.discriminator in branch.field.needs for branch in choice.branches) else None
    told = tuple(branch for branch in choice.branches if same(branch.value, value))
    others = tuple(branch for branch in choice.branches if branch.value is UNSET)
    return told or (None if len(others) > 1 else others)


def decides(choice: Branches) -> bool:
    """Whether a name tells these branches apart."""
    return bool(choice.discriminator) and any(branch.value is not UNSET for branch in choice.branches)


def foreseen(field: Field) -> tuple[Applied, ...]:
    """The object and every part of it that may ever apply, at most so many; stubs among them are opened."""
    return tuple(islice(_all(Applied(field, "also"), 0), _MOST))


def _all(above: Applied, depth: int) -> Iterator[Applied]:
    yield above
    if depth > _DEEPEST:
        return
    field, further = above.part, above.part.further
    several = [Applied(part, "also") for part in field.also]
    for choice in filter(decides, field.branches):
        several += [Applied(branch.field, "branch", by=frozenset((choice.discriminator,))) for branch in choice.branches]
    if further is not None:
        several += [Applied(part, "condition", by=frozenset((name,))) for name, part in further.dependents]
        by = (_judged_names(further.condition, 0) if further.condition is not None else None) or frozenset()
        several += [Applied(part, "condition", by=by) for part in (further.then, further.otherwise) if part is not None]
    for each in several:
        yield from _all(replace(each, part=each.part.opened(), by=each.by | above.by), depth + 1)


def names_read(field: Field) -> frozenset[str] | None:
    """The names on which it depends which parts of an object apply; None where that is any name at all."""
    found: set[str] = set()
    for part in (each.part for each in foreseen(field)):
        found |= {name for name, _ in part.dependent_required}
        found |= {choice.discriminator for choice in part.branches if decides(choice)}
        if part.further is not None:
            found |= {name for name, _ in part.further.dependents}
            if part.further.condition is not None:
                read = _judged_names(part.further.condition, 0)
                if read is None:
                    return None
                found |= read
    return frozenset(found)


def _judged_names(condition: Field, depth: int) -> frozenset[str] | None:
    """The names whose values decide whether an object fits; None for any."""
    further = condition.further
    if depth > _DEEPEST or condition.opens is not None or condition.enum is not None:
        return None
    if condition.additional is not True or condition.min_properties is not None or condition.max_properties is not None:
        return None
    inner = [*condition.also, *(branch.field for choice in condition.branches for branch in choice.branches)]
    found = {child.name for child in condition.children} | set(condition.needs)
    for name, wanted in condition.dependent_required:
        found |= {name, *wanted}
    if further is not None:
        if further.patterns or further.names is not None:
            return None
        found |= {name for name, _ in further.dependents}
        inner += [part for _, part in further.dependents]
        inner += [part for part in (further.excluded, further.condition, further.then, further.otherwise) if part is not None]
    for part in inner:
        read = _judged_names(part, depth + 1)
        if read is None:
            return None
        found |= read
    return frozenset(found)


def _reason(condition: Field, by: frozenset[str], *, fits: bool) -> Why | None:
    """Why then (or else) counts: a value where the condition is about one, else the names it is about."""
    only = condition.children[0] if len(condition.children) == 1 and not condition.branches and not condition.also else None
    if fits and only is not None and only.choices and only.enum is not None and None not in only.enum and condition.further is None:
        return "problem.required_when", {"other": only.name, "value": ", ".join(spelt(choice.value) for choice in only.choices)}
    return ("problem.required_now", {"names": ", ".join(sorted(by))}) if by else None


def _while(name: str, value: object) -> Why | None:
    return None if value is UNSET else ("problem.required_when", {"other": name, "value": spelt(value)})


def spelt(value: object) -> str:
    """A value as a sentence has it: a text as it is, anything else as JSON."""
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
