"""Judges what a person filled in: everything that is wrong or unwise, as `(pointer, code, params)` without a word of text.

Above `judge`, which is the schema's own keywords, stands what a form demands: silence is not a value, a required text
left empty is missing, a server accepts its own default, a file may stand where a link is wanted, what `conditions`
says of the fields at every level goes before all.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..fields import UNSET, Field, Problem, Values
from .conditions import conditions
from .judge import judge, unknown_name
from .kinds import fits, same
from .links import has_scheme, judge_link
from .patterns import matches
from .presence import given
from .sendable import takes_files, unsendable
from .variants import judge_variants

if TYPE_CHECKING:
    from ..fields import Pointer, Rule
    from .conditions import Conditions
    from .standing import Now, Standing

__all__ = ["check"]

_MOST_LEVELS = 500  # objects with conditions of their own, in one check; beyond, they are left to the server


def check(root: Field, rules: Iterable[Rule], values: Values) -> tuple[Problem, ...]:
    """Everything that is wrong (blocking) or unwise with these values, in the order of the fields.

    A required field without a value is a problem, also where only a condition requires it now; a required string left
    empty counts as missing. A name the model does not document passes with advice, and blocks only where the schema
    closes itself (`additionalProperties: false`). A `format` that does not fit is advice: in JSON Schema it only tells. A
    file given as bytes, path or picture passes: it is read, and judged, later.
    """
    return tuple(dict.fromkeys(_Check().level(conditions(root, rules), (), values, advise=True)))


class _Check:
    """One check: it counts the objects it judges as wholes."""

    def __init__(self) -> None:
        self._levels = 0

    def level(self, of: Conditions, place: Pointer, values: Values, *, advise: bool) -> list[Problem]:
        """Everything about one object: the whole of a model, or one inside it that has conditions of its own.

        `advise` asks for advice on what lies inside its values too.
        """
        self._levels += 1
        if self._levels > _MOST_LEVELS:
            return []
        now = of.now(values)
        found: list[Problem] = []
        for field in now.fields:
            pointer, value, standing = (*place, field.name), values.get(field.name, UNSET), now.standing[field.name]
            if field.name in now.replaced:
                found += [] if value is UNSET else [_advice(pointer, "not_together", other=now.replaced[field.name])]
            elif not standing.shown:
                found += [] if value is UNSET else [_advice(pointer, "does_not_count")]
            elif standing.required and (value is UNSET or _is_blank(field, value)):
                found.append(_missing(pointer, standing))
            elif value is not UNSET:
                found += self._judged(field, pointer, value, advise=advise)
        found += _without_field(now, of.root if place else None, place, values)
        found += _between(of.rules, values, now.shown, place)
        found += _undocumented(of, now, place, values)
        if not any(problem.blocking for problem in found):
            said = {name: value for name, value in values.items() if value is not UNSET and now.counts(name)}
            found += self._whole(of.root, now, place, said)
        return found

    def _judged(self, field: Field, pointer: Pointer, value: object, *, advise: bool) -> Iterator[Problem]:
        """One value that counts: a format is advice, and so is a length that is only advised."""
        problems = judge(field, pointer, value, before=self._as_form)
        if advise:
            yield from self._advised(field, pointer, value)
        yield from (replace(found, blocking=False) if found.code == "format" else found for found in problems)
        if problems:
            return
        if field.media is None:
            yield from unsendable(pointer, value, files=takes_files(field))
        words = len(value.split()) if isinstance(value, str) and field.advised_words is not None else 0
        if field.advised_words is not None and words > field.advised_words:
            yield Problem(pointer, "words", {"limit": field.advised_words, "words": words}, blocking=False)

    def _advised(self, field: Field, pointer: Pointer, value: object) -> Iterator[Problem]:
        """What is unwise inside a value: names its schema does not know, and what does not count with its conditions."""
        if isinstance(value, list) and field.items is not None:
            for at, item in enumerate(value):
                yield from self._advised(field.items, (*pointer, at), item)
        elif isinstance(value, Mapping) and _is_conditional(field):
            yield from (found for found in self.level(conditions(field), pointer, value, advise=True) if not found.blocking)
        elif isinstance(value, Mapping) and field.children and not field.branches and not field.also:
            known = {child.name: child for child in field.children}
            for name, inner in value.items():
                if name in known:
                    yield from self._advised(known[name], (*pointer, name), inner)
                elif field.additional is True and not _is_foreseen(field, str(name)):
                    yield Problem((*pointer, name), "undocumented", {"name": name, "near": ", ".join(known)}, blocking=False)

    def _as_form(self, field: Field, pointer: Pointer, value: object) -> Sequence[Problem] | None:
        """What a form knows about a value before its keywords are asked; None leaves it to them."""
        if value is None and not _is_blank(field, None):
            return ()
        if field.required and _is_blank(field, value):
            return (Problem(pointer, "required"),)
        if field.choices and any(same(choice.value, value) for choice in field.choices) and not field.branches:
            return ()
        if field.media is not None and not field.choices:
            return _file(pointer, value)
        if field.default is not UNSET and same(value, field.default):
            return ()  # a server accepts its own default, even outside its own bounds
        if isinstance(value, Mapping) and _is_conditional(field):
            return [found for found in self.level(conditions(field), pointer, value, advise=False) if found.blocking]
        return None

    def _whole(self, root: Field, now: Now, place: Pointer, values: Values) -> Iterator[Problem]:
        """What the schema demands of all inputs together; said only where each of them is right by itself."""
        yield from judge(_bare(root, frozenset(), closed=False), place, values, before=self._as_form)
        for each in now.parts:
            yield from judge(_bare(each.part, each.by, closed=each.origin != "also"), place, values, before=self._as_form)
        if not now.settled:
            yield from judge(root, place, values)  # nobody can say which parts apply but the schema itself
            return
        chosen = {id(each.part) for each in now.parts if each.origin == "branch"}
        for choice in (choice for part in (root, *(each.part for each in now.parts)) for choice in part.branches):
            if chosen.isdisjoint(id(branch.field.opened()) for branch in choice.branches):
                yield from judge_variants(choice, values, self._as_form, place)


def _bare(part: Field, by: frozenset[str], *, closed: bool) -> Field:
    """A part with what nobody has judged yet: each input is judged but those it applies by, and which parts apply is settled.

    The inputs stay as names where others are judged besides them. `closed` says whether it may take no other names: of
    the whole and of what is joined to it, that is said name by name, and of all its names together.
    """
    other = True if part.additional is False and not closed else part.additional
    names = part.children if other is not True else tuple(child for child in part.children if child.name in by or child.kind == "never")
    further = part.further
    if further is not None:
        further = replace(further, dependents=(), condition=None, then=None, otherwise=None)
    return replace(
        part, children=tuple(child if child.name in by or child.kind == "never" else Field(child.pointer, "any") for child in names), needs=(), dependent_required=(), also=(), branches=(),
        additional=other, further=further,
    )


def _is_conditional(field: Field) -> bool:
    """Whether an object has conditions of its own: asked before they are compiled, as a judge comes by many objects."""
    if field.kind != "object" or field.opens is not None:
        return False
    further = field.further is not None and bool(field.further.dependents or field.further.condition)
    return bool(further or field.also or field.dependent_required or field.branches) and conditions(field).conditional


def _missing(pointer: Pointer, standing: Standing) -> Problem:
    """That it is required, with the reason where it is so only now."""
    key, params = standing.why or ("problem.required", {})
    return Problem(pointer, key.removeprefix("problem."), params)


def _is_blank(field: Field, value: object) -> bool:
    """Whether a value is as good as none where one is required."""
    if value is None:
        return not (field.nullable or (field.kind == "any" and not field.types))
    return field.kind == "string" and isinstance(value, str) and not value


def _without_field(now: Now, inner: Field | None, place: Pointer, values: Values) -> Iterator[Problem]:
    """Names that have no field now: one that does not count, and one that is demanded all the same.

    What a whole model requires without defining it (there, `inner` is None) is not demanded: servers have been seen to
    mean another name.
    """
    known = {field.name for field in now.fields}
    for name, standing in now.standing.items():
        if name not in known and not standing.shown and values.get(name, UNSET) is not UNSET:
            yield _advice((*place, name), "does_not_count")
        elif name not in known and standing.required and values.get(name, UNSET) is UNSET:
            yield _missing((*place, name), standing)
    for name in inner.needs if inner is not None else ():
        if name not in now.standing and values.get(name, UNSET) is UNSET:
            yield Problem((*place, name), "required")


def _between(rules: Iterable[Rule], values: Values, counted: frozenset[str], place: Pointer) -> Iterator[Problem]:
    """Two fields that exclude each other, or one that is nothing without another."""
    for rule in rules:
        if rule.field not in counted or not given(values, rule.field):
            continue
        if rule.kind == "not_with" and rule.other in counted and given(values, rule.other):
            yield Problem((*place, rule.field), "not_both", {"names": f"{rule.field}, {rule.other}"})
        elif rule.kind == "needs" and not given(values, rule.other):
            yield Problem((*place, rule.other), "depends", {"other": rule.field})


def _advice(pointer: Pointer, code: str, **params: object) -> Problem:
    return Problem(pointer, code, params, blocking=False)


def _undocumented(of: Conditions, now: Now, place: Pointer, values: Values) -> Iterator[Problem]:
    """Names that no field has. A model that documents nothing at all takes anything without comment."""
    root, known = of.root, of.names
    closed = root.additional is False or any(each.part.additional is False for each in now.parts if each.origin == "also")
    for name, value in values.items():
        if name in known or value is UNSET or not known or name in now.standing:
            continue
        if any(_is_foreseen(part, name) for part in (root, *(each.part for each in now.parts))):
            continue
        if closed:
            yield unknown_name((*place, name), known)
        else:
            near = difflib.get_close_matches(str(name), known, n=1)
            told = near[0] if near else ", ".join(known)
            yield _advice((*place, name), "misspelt" if near else "undocumented", name=name, near=told)
        yield from unsendable((*place, name), value)


def _is_foreseen(root: Field, name: str) -> bool:
    """Whether the schema has words for a name that is no property: by a pattern, or for every other name."""
    patterns = root.further.patterns if root.further is not None else ()
    return isinstance(root.additional, Field) or any(matches(pattern, name) for pattern, _ in patterns)


def _file(pointer: Pointer, value: object) -> tuple[Problem, ...]:
    """A link is judged here; a path, bytes or a picture is read, and judged, later."""
    if isinstance(value, str):
        if has_scheme(value) and (code := judge_link(value)):
            return (Problem(pointer, code, {"scheme": value.strip().partition(":")[0][:20]}),)
    elif value is None or fits("number", value) or isinstance(value, bool | list | tuple | Mapping):
        return (Problem(pointer, "type", {"kind": "string"}),)
    return ()
