"""Judges values against fields: `(pointer, code, params)` for everything that is wrong, without a word of text.

Ours, because it must know what nobody said from what was said as null, and must run anywhere. It claims the keywords
that `Field` carries and no others.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING

from ..fields import UNSET, Problem, Values
from .links import judge_link
from .payload import replaced, shown

if TYPE_CHECKING:
    from ..fields import Field, Pointer, Rule

__all__ = ["check"]


def check(fields: Iterable[Field], rules: Iterable[Rule], values: Values) -> tuple[Problem, ...]:
    """Everything that is wrong (blocking) or unwise with these values.

    A required field without a value is a problem; a required string left empty counts as missing. Names the model does
    not document pass, with advice.
    """
    fields, rules = tuple(fields), tuple(rules)
    counted, instead = shown(fields, rules, values), replaced(rules, values)
    found: list[Problem] = []
    for field in fields:
        value = values.get(field.name, UNSET)
        if field.name in instead:
            found += _not_together(field, rules, value)
        elif field.name not in counted:
            found += [] if value is UNSET else [Problem((field.name,), "does_not_count", blocking=False)]
        elif value is UNSET:
            found += [Problem((field.name,), "required")] if field.required else []
        else:
            found += _judge(field, (field.name,), value)
    known = {field.name for field in fields}
    unknown = (name for name in values if name not in known and fields)
    return (*found, *(Problem((name,), "undocumented", {"name": name}, blocking=False) for name in unknown))


def _not_together(field: Field, rules: tuple[Rule, ...], value: object) -> list[Problem]:
    if value is UNSET:
        return []
    other = next(rule.field for rule in rules if rule.kind == "instead_of" and rule.other == field.name)
    return [Problem((field.name,), "not_together", {"other": other}, blocking=False)]


def _judge(field: Field, pointer: Pointer, value: object) -> Iterator[Problem]:
    """One value against one field."""
    if value is None and (field.nullable or field.kind == "any"):
        return
    if field.required and (value is None or (value == "" and field.kind == "string")):
        yield Problem(pointer, "required")
    elif field.choices:
        if not any(_same(choice.value, value) for choice in field.choices) and not _same(field.default, value):
            yield Problem(pointer, "choice", {"count": len(field.choices)})
    elif field.media is not None:
        yield from _link(pointer, value)
    elif not _fits(field.kind, value):
        yield Problem(pointer, "type", {"kind": field.kind})
    elif isinstance(value, str):
        yield from _text(field, pointer, value)
    elif isinstance(value, (int, float)) and not isinstance(value, bool):
        yield from _number(field, pointer, value)
    elif isinstance(value, (list, tuple)):
        yield from _items(field, pointer, value)


def _same(one: object, other: object) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _fits(kind: str, value: object) -> bool:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    match kind:
        case "string":
            return isinstance(value, str)
        case "boolean":
            return isinstance(value, bool)
        case "number":
            return number
        case "integer":
            return number and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))
        case "array":
            return isinstance(value, (list, tuple))
        case "object":
            return isinstance(value, Mapping)
        case _:
            return True


def _link(pointer: Pointer, value: object) -> Iterator[Problem]:
    """A link is judged here; a path, bytes or a picture is read, and judged, later."""
    if isinstance(value, str) and re.match(r"\s*[A-Za-z][A-Za-z0-9+.-]+:", value) and (code := judge_link(value)):
        yield Problem(pointer, code, {"scheme": value.strip().partition(":")[0]})
    elif isinstance(value, (bool, int, float, list, tuple, Mapping)):
        yield Problem(pointer, "type", {"kind": "string"})


def _text(field: Field, pointer: Pointer, value: str) -> Iterator[Problem]:
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
    """Unanchored, as JSON Schema has it; a pattern Python cannot read judges nothing."""
    try:
        return re.search(pattern, value) is not None
    except re.error:
        return True


def _number(field: Field, pointer: Pointer, value: float) -> Iterator[Problem]:
    if value != value or value in (float("inf"), float("-inf")):  # noqa: PLR0124  # NaN is the value unlike itself
        yield Problem(pointer, "type", {"kind": field.kind})
        return
    low, high = field.minimum, field.maximum
    if low is not None and value < low:
        yield Problem(pointer, "minimum", {"limit": low})
    if high is not None and value > high:
        yield Problem(pointer, "maximum", {"limit": high})
    if field.exclusive_minimum is not None and value <= field.exclusive_minimum:
        yield Problem(pointer, "exclusive_minimum", {"limit": field.exclusive_minimum})
    if field.exclusive_maximum is not None and value >= field.exclusive_maximum:
        yield Problem(pointer, "exclusive_maximum", {"limit": field.exclusive_maximum})
    if field.multiple_of and not _multiple(value, field.multiple_of):
        yield Problem(pointer, "multiple_of", {"step": field.multiple_of})


def _multiple(value: float, step: float) -> bool:
    """In decimal arithmetic: 0.3 is a multiple of 0.1."""
    try:
        return Decimal(str(value)) % Decimal(str(step)) == 0
    except InvalidOperation:  # quotients beyond the context's precision
        return True


def _items(field: Field, pointer: Pointer, value: list[object] | tuple[object, ...]) -> Iterator[Problem]:
    if field.min_items is not None and len(value) < field.min_items:
        yield Problem(pointer, "min_items", {"limit": field.min_items})
    if field.max_items is not None and len(value) > field.max_items:
        yield Problem(pointer, "max_items", {"limit": field.max_items})
    for index, item in enumerate(value):
        if field.items is not None:
            yield from _judge(field.items, (*pointer, index), item)
