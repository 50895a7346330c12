"""JSON Schema over the tree of fields: everything about a value that a schema's own keywords refuse, at any depth.

Pure, and without a word of text: `(pointer, code, params)`. It judges what `docs/schema.md` claims and nothing else;
what a form demands beyond that is `check`'s. Hostile schemas and values end in time: steps are counted, and what is
too much is not judged.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from fractions import Fraction
from itertools import islice
from numbers import Integral, Real
from typing import TYPE_CHECKING, TypeAlias

from ..fields import UNSET, Problem
from .formats import fits_format
from .kinds import fits, same, unique_key
from .automaton import Budget
from .patterns import STEPS, matches

if TYPE_CHECKING:
    from ..fields import Branches, Field, Further, Pointer

__all__ = ["Before", "judge"]

Before: TypeAlias = Callable[["Field", "Pointer", object], "Sequence[Problem] | None"]
"""Asked at every field first: its answer stands for the judgement, None leaves it to the keywords."""

_MOST_STEPS = 50_000  # fields met while one value is judged; real ones need a few hundred
_OPENING = 1_000  # steps that building a part on demand counts for
_MOST_KNOWN = 200  # names among which it is looked for
_MOST_NEAREST = 20  # unknown names for which a near one is looked for
_DEEPEST = 100  # values within values, and parts of a schema that look at one value


def judge(
    field: Field, pointer: Pointer, value: object, *, before: Before | None = None, formats: bool = True
) -> tuple[Problem, ...]:
    """Everything the schema refuses about a value.

    Args:
        field: What the value should be.
        pointer: Where the value lives; every problem is told from there.
        value: A JSON value. Numbers of other libraries count as numbers, tuples as arrays.
        before: Asked at every field before its keywords.
        formats: Whether `format` is judged; in JSON Schema itself it only tells.
    """
    try:
        return tuple(_Judge(before, formats).value(field, pointer, value, 0))
    except RecursionError:  # whoever asks may be deep in calls already: then nothing is judged, and nothing breaks
        return ()


class _Judge:
    """One judgement: it counts its steps."""

    def __init__(self, before: Before | None, formats: bool) -> None:
        self._before = before
        self._formats = formats
        self._steps = 0
        self._unknown = 0
        self._budget = Budget(STEPS)

    def value(self, field: Field, pointer: Pointer, value: object, depth: int) -> Iterator[Problem]:
        """One value against one field."""
        self._steps += 1
        if self._steps > _MOST_STEPS or depth > _DEEPEST:
            return
        if field.opens is not None:
            self._steps += 0 if getattr(field.opens, "done", True) else _OPENING
            field = field.opened()
        if self._before is not None and (said := self._before(field, pointer, value)) is not None:
            yield from said
            return
        if field.kind == "never":
            yield Problem(pointer, "not_allowed")
            return
        if field.enum is not None and not any(same(one, value) for one in field.enum):
            yield Problem(pointer, "choice", {"count": len(field.enum)})
            return
        if field.types and not any(fits(kind, value) for kind in field.types):
            named = [kind for kind in field.types if kind != "null"] or ["null"]
            yield Problem(pointer, "type", {"kind": ", ".join(named)})
            return
        yield from self._limits(field, pointer, value, depth)
        for part in field.also:
            yield from self.value(part, pointer, value, depth + 1)
        for choice in field.branches:
            yield from self._one_of(choice, pointer, value, depth + 1)
        if field.further is not None:
            yield from self._further(field.further, pointer, value, depth + 1)

    def _fits(self, field: Field, pointer: Pointer, value: object, depth: int) -> bool:
        return next(iter(self.value(field, pointer, value, depth)), None) is None

    def _limits(self, field: Field, pointer: Pointer, value: object, depth: int) -> Iterator[Problem]:
        """The keywords of the kind the value has; those of other kinds say nothing about it."""
        if isinstance(value, str):
            yield from self._text(field, pointer, value)
        elif isinstance(value, list | tuple):
            yield from _counted(pointer, len(value), field.min_items, field.max_items, "items")
            if field.unique_items and len({unique_key(item) for item in value}) < len(value):
                yield Problem(pointer, "unique_items")
            yield from self._items(field, pointer, value, depth)
        elif isinstance(value, Mapping):
            yield from _counted(pointer, len(value), field.min_properties, field.max_properties, "properties")
            yield from self._properties(field, pointer, value, depth)
        elif fits("number", value):
            yield from _number(field, pointer, value)  # type: ignore[arg-type]  # a number, by `fits`

    def _text(self, field: Field, pointer: Pointer, value: str) -> Iterator[Problem]:
        length = len(value)
        if field.min_length is not None and length < field.min_length:
            yield Problem(pointer, "min_length", {"limit": field.min_length, "length": length})
        if field.max_length is not None and length > field.max_length:
            yield Problem(pointer, "max_length", {"limit": field.max_length, "length": length})
        if field.pattern is not None and matches(field.pattern, value, self._budget) is False:
            yield Problem(pointer, "pattern", {"pattern": field.pattern})
        if self._formats and field.format is not None and fits_format(field.format, value) is False:
            yield Problem(pointer, "format", {"format": field.format})

    def _items(self, field: Field, pointer: Pointer, value: Sequence[object], depth: int) -> Iterator[Problem]:
        for at, item in enumerate(value):
            part = field.prefix_items[at] if at < len(field.prefix_items) else field.items
            if part is None:
                return
            yield from self.value(part, (*pointer, at), item, depth + 1)

    def _properties(self, field: Field, pointer: Pointer, value: Mapping[str, object], depth: int) -> Iterator[Problem]:
        for name in field.needs:
            if value.get(name, UNSET) is UNSET:
                yield Problem((*pointer, name), "required")
        for name, wanted in field.dependent_required:
            if value.get(name, UNSET) is not UNSET:
                yield from (Problem((*pointer, one), "depends", {"other": name}) for one in wanted if value.get(one, UNSET) is UNSET)
        children = {child.name: child for child in field.children}
        patterns = field.further.patterns if field.further else ()
        for name, inner in value.items():
            if inner is UNSET:
                continue
            known = [children[name]] if name in children else []
            known += [part for pattern, part in patterns if matches(pattern, str(name), self._budget)]
            for part in known:
                yield from self.value(part, (*pointer, name), inner, depth + 1)
            if known or field.additional is True:
                continue
            if field.additional is False:
                self._unknown += 1
                yield unknown_name((*pointer, name), children if self._unknown <= _MOST_NEAREST else ())
            else:
                yield from self.value(field.additional, (*pointer, name), inner, depth + 1)

    def _one_of(self, choice: Branches, pointer: Pointer, value: object, depth: int) -> Iterator[Problem]:
        """At least one branch, or exactly one. Where the value tells which was meant, that branch's own problems are told."""
        fitting = 0
        for branch in choice.branches:
            if self._fits(branch.field, pointer, value, depth):
                fitting += 1
                if not choice.exclusive or fitting > 1:
                    break
        if fitting > 1 and choice.exclusive:
            yield Problem(pointer, "several_branches", {"count": len(choice.branches)})
        elif not fitting:
            told = _told(choice, value)
            if told is None:
                yield Problem(pointer, "no_branch", {"count": len(choice.branches)})
            else:
                yield from self.value(told, pointer, value, depth)

    def _further(self, further: Further, pointer: Pointer, value: object, depth: int) -> Iterator[Problem]:
        if further.excluded is not None and self._fits(further.excluded, pointer, value, depth):
            yield Problem(pointer, "not_allowed")
        if further.condition is not None:
            part = further.then if self._fits(further.condition, pointer, value, depth) else further.otherwise
            if part is not None:
                yield from self.value(part, pointer, value, depth)
        if further.contains is not None and isinstance(value, list | tuple):
            inside = sum(self._fits(further.contains, (*pointer, at), item, depth) for at, item in enumerate(value))
            yield from _counted(pointer, inside, further.min_contains, further.max_contains, "contains")
        if isinstance(value, Mapping):
            for name in value if further.names is not None else ():
                if further.names is not None and not self._fits(further.names, (*pointer, name), name, depth):
                    yield Problem((*pointer, name), "name_not_allowed", {"name": name})
            for name, part in further.dependents:
                if value.get(name, UNSET) is not UNSET:
                    yield from self.value(part, pointer, value, depth)


def unknown_name(pointer: Pointer, known: Iterable[str]) -> Problem:
    """The problem of a name that a closed object does not have, with the nearest one it has."""
    name, few = str(pointer[-1]), list(islice(known, _MOST_KNOWN))
    near = difflib.get_close_matches(name[:100], few, n=1)
    return Problem(pointer, "unknown_name", {"name": name, "near": near[0] if near else ", ".join(few)})


def _told(choice: Branches, value: object) -> Field | None:
    """The branch a value was meant for: named by the discriminator, or the only one of the value's type."""
    if choice.discriminator and isinstance(value, Mapping):
        said = value.get(choice.discriminator, UNSET)
        return next((branch.field for branch in choice.branches if branch.value is not UNSET and same(branch.value, said)), None)
    fields = [branch.field.opened() for branch in choice.branches]
    likely = [field for field in fields if not field.types or any(fits(kind, value) for kind in field.types)]
    return likely[0] if len(likely) == 1 else None


def _counted(pointer: Pointer, count: int, least: int | None, most: int | None, what: str) -> Iterator[Problem]:
    if least is not None and count < least:
        yield Problem(pointer, f"min_{what}", {"limit": least})
    if most is not None and count > most:
        yield Problem(pointer, f"max_{what}", {"limit": most})


def _number(field: Field, pointer: Pointer, value: float) -> Iterator[Problem]:
    if field.minimum is not None and value < field.minimum:
        yield Problem(pointer, "minimum", {"limit": field.minimum})
    if field.maximum is not None and value > field.maximum:
        yield Problem(pointer, "maximum", {"limit": field.maximum})
    if field.exclusive_minimum is not None and value <= field.exclusive_minimum:
        yield Problem(pointer, "exclusive_minimum", {"limit": field.exclusive_minimum})
    if field.exclusive_maximum is not None and value >= field.exclusive_maximum:
        yield Problem(pointer, "exclusive_maximum", {"limit": field.exclusive_maximum})
    if field.multiple_of and not _is_multiple(value, field.multiple_of):
        yield Problem(pointer, "multiple_of", {"step": field.multiple_of})


def _is_multiple(value: Real | float, step: float) -> bool:
    """As the numbers are written, exactly: 0.3 is a multiple of 0.1."""
    return (_exact(value) / _exact(step)).denominator == 1


def _exact(number: Real | float) -> Fraction:
    return Fraction(int(number)) if isinstance(number, Integral) else Fraction(str(float(number)))
