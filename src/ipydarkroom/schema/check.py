"""Judges what a person filled in: everything that is wrong or unwise, as `(pointer, code, params)` without a word of text.

Above `judge`, which is the schema's own keywords, stands what a form demands: silence is not a value, a required text
left empty is missing, a server accepts its own default, a file may stand where a link is wanted, a condition between
two fields goes before both.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from ..fields import UNSET, Field, Problem, Values
from .judge import judge, unknown_name
from .kinds import fits, same
from .links import has_scheme, judge_link
from .patterns import matches
from .payload import given, replaced, shown
from .variants import judge_variants

if TYPE_CHECKING:
    from ..fields import Pointer, Rule

__all__ = ["check"]


def check(root: Field, rules: Iterable[Rule], values: Values) -> tuple[Problem, ...]:
    """Everything that is wrong (blocking) or unwise with these values, in the order of the fields.

    A required field without a value is a problem; a required string left empty counts as missing. A name the model
    does not document passes with advice, and blocks only where the schema closes itself (`additionalProperties:
    false`). A `format` that does not fit is advice: in JSON Schema it only tells. A file given as bytes, path or
    picture passes: it is read, and judged, later.
    """
    rules = tuple(rules)
    counted, stood_for = shown(root.children, rules, values), replaced(rules, values)
    found: list[Problem] = []
    for field in root.children:
        value = values.get(field.name, UNSET)
        if field.name in stood_for:
            found += [] if value is UNSET else [_advice(field, "not_together", other=stood_for[field.name])]
        elif field.name not in counted:
            found += [] if value is UNSET else [_advice(field, "does_not_count")]
        elif value is UNSET:
            found += [Problem((field.name,), "required")] if field.required else []
        else:
            found += _judged(field, (field.name,), value)
    found += _between(rules, values, counted)
    found += _undocumented(root, values)
    said = {name: value for name, value in values.items() if value is not UNSET and name not in stood_for}
    return (*found, *_whole(root, said, found))


def _between(rules: Iterable[Rule], values: Values, counted: frozenset[str]) -> Iterator[Problem]:
    """Two fields that exclude each other, or one that is nothing without another."""
    for rule in rules:
        if rule.field not in counted or not given(values, rule.field):
            continue
        if rule.kind == "not_with" and rule.other in counted and given(values, rule.other):
            yield Problem((rule.field,), "not_both", {"names": f"{rule.field}, {rule.other}"})
        elif rule.kind == "needs" and not given(values, rule.other):
            yield Problem((rule.other,), "depends", {"other": rule.field})


def _advice(field: Field, code: str, **params: object) -> Problem:
    return Problem((field.name,), code, params, blocking=False)


def _judged(field: Field, pointer: Pointer, value: object) -> Iterator[Problem]:
    """One value that counts: a format is advice, and so is a length that is only advised."""
    problems = judge(field, pointer, value, before=_as_form)
    yield from _strangers(field, pointer, value)
    yield from (replace(found, blocking=False) if found.code == "format" else found for found in problems)
    if problems:
        return
    if field.media is None:
        yield from _unsendable(pointer, value, files=_takes_files(field))
    words = len(value.split()) if isinstance(value, str) and field.advised_words is not None else 0
    if field.advised_words is not None and words > field.advised_words:
        yield Problem(pointer, "words", {"limit": field.advised_words, "words": words}, blocking=False)


def _strangers(field: Field, pointer: Pointer, value: object) -> Iterator[Problem]:
    """Names inside a value that its schema does not know; advice, as an open schema takes them."""
    if isinstance(value, list) and field.items is not None:
        for at, item in enumerate(value):
            yield from _strangers(field.items, (*pointer, at), item)
    elif isinstance(value, Mapping) and field.children and not field.branches and not field.also:
        known = {child.name: child for child in field.children}
        for name, inner in value.items():
            if name in known:
                yield from _strangers(known[name], (*pointer, name), inner)
            elif field.additional is True and not _is_foreseen(field, str(name)):
                yield Problem((*pointer, name), "undocumented", {"name": name, "near": ", ".join(known)}, blocking=False)


def _as_form(field: Field, pointer: Pointer, value: object) -> Sequence[Problem] | None:
    """What a form knows about a value before its keywords are asked; None leaves it to them."""
    if value is None and (field.nullable or (field.kind == "any" and not field.types)):
        return ()
    if field.required and (value is None or (field.kind == "string" and isinstance(value, str) and not value)):
        return (Problem(pointer, "required"),)
    if field.choices and any(same(choice.value, value) for choice in field.choices) and not field.branches:
        return ()
    if field.media is not None and not field.choices:
        return _file(pointer, value)
    if field.default is not UNSET and same(value, field.default):
        return ()  # a server accepts its own default, even outside its own bounds
    return None


def _whole(root: Field, values: Values, found: list[Problem]) -> Iterator[Problem]:
    """What the schema demands of all inputs together; said only where each of them is right by itself."""
    for name, wanted in root.dependent_required:
        if name in values:
            yield from (Problem((one,), "depends", {"other": name}) for one in wanted if one not in values)
    if any(problem.blocking for problem in found):
        return
    other = root.additional if isinstance(root.additional, Field) else True
    own = root.children if isinstance(other, Field) else ()  # judged already, but they tell which names are others
    bare = replace(root, children=own, needs=(), additional=other, dependent_required=(), branches=(), also=())
    yield from judge(bare, (), values, before=_as_form)
    for part in root.also:
        yield from judge(replace(part.opened(), additional=True), (), values, before=_as_form)
    for choice in root.branches:
        yield from judge_variants(choice, values, _as_form)


def _undocumented(root: Field, values: Values) -> Iterator[Problem]:
    """Names that no field has. A model that documents nothing at all takes anything without comment."""
    known = {field.name: field for field in root.children}
    closed = root.additional is False or any(part.additional is False for part in root.also)
    for name, value in values.items():
        if name in known or value is UNSET or not known or _is_foreseen(root, name):
            continue
        if closed:
            yield unknown_name((name,), known)
        else:
            near = difflib.get_close_matches(str(name), known, n=1)
            params = {"name": name, "near": near[0] if near else ", ".join(known)}
            yield Problem((name,), "misspelt" if near else "undocumented", params, blocking=False)
        yield from _unsendable((name,), value)


def _is_foreseen(root: Field, name: str) -> bool:
    """Whether the schema has words for a name that is no property: by a pattern, or for every other name."""
    patterns = root.further.patterns if root.further is not None else ()
    return isinstance(root.additional, Field) or any(matches(pattern, name) for pattern, _ in patterns)


def _takes_files(field: Field) -> bool:
    """Whether a file may stand somewhere in the field's value."""
    return field.media is not None or any(map(_takes_files, (*field.children, *filter(None, (field.items,)))))


def _unsendable(pointer: Pointer, value: object, *, files: bool = False) -> Iterator[Problem]:
    """What JSON has no form for, deep inside too: sets, NaN, lists that hold themselves; files, where none is taken."""
    try:
        json.dumps(value, allow_nan=False, default=_file_or_plain if files else _plain)
    except (TypeError, ValueError, RecursionError):
        yield Problem(pointer, "not_sendable", {"type": type(value).__name__})


def _file_or_plain(value: object) -> object:
    """A file is read, and judged, later; each value was judged by its own field before."""
    return "" if not isinstance(value, set | frozenset | complex) and not fits("number", value) else _plain(value)


def _plain(value: object) -> object:
    """Numbers of other libraries count as numbers; `payload` makes plain ones of them."""
    if fits("integer", value):
        return 0
    if fits("number", value):
        return float(value)  # type: ignore[arg-type]  # a number, by `fits`
    raise TypeError(type(value).__name__)


def _file(pointer: Pointer, value: object) -> tuple[Problem, ...]:
    """A link is judged here; a path, bytes or a picture is read, and judged, later."""
    if isinstance(value, str):
        if has_scheme(value) and (code := judge_link(value)):
            return (Problem(pointer, code, {"scheme": value.strip().partition(":")[0][:20]}),)
    elif value is None or fits("number", value) or isinstance(value, bool | list | tuple | Mapping):
        return (Problem(pointer, "type", {"kind": "string"}),)
    return ()
