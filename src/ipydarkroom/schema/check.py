"""Judges values against fields: `(pointer, code, params)` for everything that is wrong, without a word of text.

Ours, because it must know what nobody said from what was said as null, and must run anywhere. It claims the keywords
that `Field` carries and no others.
"""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from fractions import Fraction
from typing import TYPE_CHECKING

from ..fields import UNSET, Problem, Values
from .kinds import fits, same
from .links import has_scheme, judge_link
from .payload import replaced, shown
from .read import CLOSED

if TYPE_CHECKING:
    from ..fields import Field, Pointer, Rule

__all__ = ["check"]


def check(fields: Iterable[Field], rules: Iterable[Rule], values: Values) -> tuple[Problem, ...]:
    """Everything that is wrong (blocking) or unwise with these values, in the order of the fields.

    A required field without a value is a problem; a required string left empty counts as missing. A name the model
    does not document passes with advice, and blocks only where the schema closes itself (`additionalProperties:
    false`). A file given as bytes, path or picture passes: it is read, and judged, later.
    """
    fields, rules = tuple(fields), tuple(rules)
    counted, stood_for = shown(fields, rules, values), replaced(rules, values)
    found: list[Problem] = []
    for field in fields:
        value = values.get(field.name, UNSET)
        if field.name in stood_for:
            found += [] if value is UNSET else [_advice(field, "not_together", other=stood_for[field.name])]
        elif field.name not in counted:
            found += [] if value is UNSET else [_advice(field, "does_not_count")]
        elif value is UNSET:
            found += [Problem((field.name,), "required")] if field.required else []
        else:
            found += _judge(field, (field.name,), value)
    return (*found, *_undocumented(fields, values))


def _advice(field: Field, code: str, **params: object) -> Problem:
    return Problem((field.name,), code, params, blocking=False)


def _undocumented(fields: tuple[Field, ...], values: Values) -> Iterator[Problem]:
    """Names that no field has. A model that documents nothing at all takes anything without comment."""
    known = [field.name for field in fields]
    closed = any(field.extra.get(CLOSED) is False for field in fields)
    for name, value in values.items():
        if name in known or value is UNSET or not fields:
            continue
        near = difflib.get_close_matches(str(name), known, n=1)
        code = "unknown_name" if closed else "misspelt" if near else "undocumented"
        params = {"name": name, "near": near[0] if near else ", ".join(known)}
        yield Problem((name,), code, params, blocking=closed)
        yield from _unsendable((name,), value)


def _judge(field: Field, pointer: Pointer, value: object) -> Iterator[Problem]:
    """One value against one field."""
    if value is None and (field.nullable or field.kind == "any"):
        return
    if field.required and (value is None or (field.kind == "string" and isinstance(value, str) and not value)):
        yield Problem(pointer, "required")
    elif field.choices:
        if not any(same(choice.value, value) for choice in field.choices):
            yield Problem(pointer, "choice", {"count": len(field.choices)})
    elif field.media is not None:
        yield from _judge_file(pointer, value)
    elif field.default is not UNSET and same(value, field.default):
        return  # a server accepts its own default, even outside its own bounds
    elif not fits(field.kind, value):
        yield Problem(pointer, "type", {"kind": field.kind})
    elif unsendable := tuple(_unsendable(pointer, value)):
        yield from unsendable
    else:
        yield from _judge_limits(field, pointer, value)


def _judge_limits(field: Field, pointer: Pointer, value: object) -> Iterator[Problem]:
    """The bounds of a value whose kind is right."""
    if isinstance(value, str):
        yield from _judge_text(field, pointer, value)
    elif isinstance(value, list | tuple):
        yield from _judge_items(field, pointer, value)
    elif isinstance(value, bool):
        return
    elif fits("number", value):
        yield from _judge_number(field, pointer, value)  # type: ignore[arg-type]  # a number, by `fits`


def _unsendable(pointer: Pointer, value: object) -> Iterator[Problem]:
    """What JSON has no form for, deep inside too: sets, files, NaN, lists that hold themselves."""
    try:
        json.dumps(value, allow_nan=False, default=_plain)
    except (TypeError, ValueError, RecursionError):
        yield Problem(pointer, "not_sendable", {"type": type(value).__name__})


def _plain(value: object) -> object:
    """Numbers of other libraries count as numbers; `payload` makes plain ones of them."""
    if fits("integer", value):
        return 0
    if fits("number", value):
        return float(value)  # type: ignore[arg-type]  # a number, by `fits`
    raise TypeError(type(value).__name__)


def _judge_file(pointer: Pointer, value: object) -> Iterator[Problem]:
    """A link is judged here; a path, bytes or a picture is read, and judged, later."""
    if isinstance(value, str):
        if has_scheme(value) and (code := judge_link(value)):
            yield Problem(pointer, code, {"scheme": value.strip().partition(":")[0][:20]})
    elif value is None or fits("number", value) or isinstance(value, bool | list | tuple | Mapping):
        yield Problem(pointer, "type", {"kind": "string"})


def _judge_text(field: Field, pointer: Pointer, value: str) -> Iterator[Problem]:
    length = len(value)
    if field.min_length is not None and length < field.min_length:
        yield Problem(pointer, "min_length", {"limit": field.min_length, "length": length})
    if field.max_length is not None and length > field.max_length:
        yield Problem(pointer, "max_length", {"limit": field.max_length, "length": length})
    if field.pattern is not None and not _matches(field.pattern, value):
        yield Problem(pointer, "pattern", {"pattern": field.pattern})
    if field.advised_words is not None and (words := len(value.split())) > field.advised_words:
        yield Problem(pointer, "words", {"limit": field.advised_words, "words": words}, blocking=False)


def _matches(pattern: str, value: str) -> bool:
    """Unanchored and with ASCII classes, as JSON Schema has it; a pattern Python cannot read judges nothing."""
    try:
        return re.search(pattern, value, re.ASCII) is not None
    except (re.error, RecursionError, OverflowError):
        return True


def _judge_number(field: Field, pointer: Pointer, value: float) -> Iterator[Problem]:
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


def _is_multiple(value: float, step: float) -> bool:
    """As the numbers are written, exactly: 0.3 is a multiple of 0.1."""
    return (Fraction(str(value)) / Fraction(str(step))).denominator == 1


def _judge_items(field: Field, pointer: Pointer, value: list[object] | tuple[object, ...]) -> Iterator[Problem]:
    if field.min_items is not None and len(value) < field.min_items:
        yield Problem(pointer, "min_items", {"limit": field.min_items})
    if field.max_items is not None and len(value) > field.max_items:
        yield Problem(pointer, "max_items", {"limit": field.max_items})
    if field.items is not None:
        for index, item in enumerate(value):
            yield from _judge(field.items, (*pointer, index), item)
