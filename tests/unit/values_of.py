"""Strategies over the tree of fields: values that fit it, and single faults whose place and code are known."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from math import ceil, floor, inf, nextafter

from hypothesis import strategies as st

from ipydarkroom.fields import Field, Pointer
from ipydarkroom.schema.kinds import fits, unique_key

SAMPLES = {
    "date": ["2026-11-27"], "date-time": ["2026-11-27T20:26:24Z"], "time": ["20:26:24Z"], "email": ["fox@example.org"],
    "ipv4": ["192.0.2.1"], "ipv6": ["2001:db8::1"], "uri": ["https://example.org/a"], "uuid": ["12345678-1234-1234-1234-123456789abc"],
}  # fmt: skip
OTHER = {"string": 1.5, "integer": "x", "number": "x", "boolean": "x", "array": "x", "object": "x", "null": "x"}
"""A value of another type than each."""


def values_of(field: Field, depth: int = 3) -> st.SearchStrategy[object]:
    """Values that fit a field. Parts that nothing can be said about by construction are left out by the caller."""
    field = field.opened()
    if field.enum is not None:
        return st.sampled_from(field.enum)
    if field.branches:
        return st.one_of([values_of(branch.field, depth) for branch in field.branches[0].branches])
    kinds = field.types or (("string", "integer", "boolean") if field.kind == "any" else (field.kind,))
    return st.one_of([_of_kind(field, kind, depth) for kind in kinds])


def _of_kind(field: Field, kind: str, depth: int) -> st.SearchStrategy[object]:
    if kind == "null":
        return st.none()
    if kind == "boolean":
        return st.booleans()
    if kind in ("integer", "number"):
        return _numbers(field, whole=kind == "integer")
    if kind == "string":
        return _texts(field)
    return _arrays(field, depth) if kind == "array" else _objects(field, depth)


def _numbers(field: Field, *, whole: bool) -> st.SearchStrategy[object]:
    low = max(field.minimum if field.minimum is not None else -inf, _above(field.exclusive_minimum, whole=whole))
    high = min(field.maximum if field.maximum is not None else inf, -_above(_minus(field.exclusive_maximum), whole=whole))
    if field.multiple_of is not None or whole:
        step = Fraction(str(field.multiple_of or 1))
        if whole and step.denominator != 1:
            step = Fraction(step.numerator)
        first = None if low == -inf else ceil(Fraction(low) / step)
        last = None if high == inf else floor(Fraction(high) / step)
        return st.integers(first, last).map(lambda count: int(count * step) if (count * step).denominator == 1 else float(count * step))
    ends = (None if low == -inf else low + 0.0, None if high == inf else high + 0.0)  # -0.0 is below 0.0 to hypothesis, not to us
    return st.floats(*ends, allow_nan=False, allow_infinity=False)


def _above(bound: float | None, *, whole: bool) -> float:
    if bound is None:
        return -inf
    return floor(bound) + 1 if whole else nextafter(bound, inf)


def _minus(bound: float | None) -> float | None:
    return None if bound is None else -bound


def _texts(field: Field) -> st.SearchStrategy[object]:
    if field.format in SAMPLES:
        return st.sampled_from(SAMPLES[field.format])
    if field.pattern is not None:
        return st.from_regex(field.pattern, fullmatch=True)
    return st.text(min_size=field.min_length or 0, max_size=field.max_length if field.max_length is not None else 20)


def _arrays(field: Field, depth: int) -> st.SearchStrategy[object]:
    least, most = field.min_items or 0, field.max_items if field.max_items is not None else (field.min_items or 0) + 3
    if field.items is None:
        return st.lists(st.integers(), min_size=least, max_size=most, unique=True)
    if depth <= 0 and not least:
        return st.just([])
    items = values_of(field.items, depth - 1)
    return st.lists(items, min_size=least, max_size=most, unique_by=unique_key if field.unique_items else None)


def _objects(field: Field, depth: int) -> st.SearchStrategy[object]:
    needed = {child.name: values_of(child, depth - 1) for child in field.children if child.name in field.needs}
    others = {child.name: values_of(child, depth - 1) for child in field.children if child.name not in field.needs and depth > 0}
    return st.fixed_dictionaries(needed, optional=others)


def faults_of(field: Field, value: object, pointer: Pointer = ()) -> Iterator[tuple[Pointer, object, str]]:
    """Every single fault that can be put into a value: (where it is told, the value with it, its code)."""
    field = field.opened()
    if field.enum is not None:
        yield pointer, {"\0": "no such value"}, "choice"
        return
    if field.branches:
        if not _takes_objects(field):
            yield pointer, {"\0": "no such branch"}, "no_branch"
        return
    if field.types:
        kind = next(kind for kind in field.types)
        if len(field.types) == 1 or field.types[1:] == ("null",):
            yield pointer, OTHER[kind], "type"
    if isinstance(value, str) and "string" in field.types:
        yield from _text_faults(field, value, pointer)
    elif isinstance(value, list):
        yield from _array_faults(field, value, pointer)
    elif isinstance(value, dict):
        yield from _object_faults(field, value, pointer)
    elif fits("number", value):
        yield from _number_faults(field, pointer)


def _takes_objects(field: Field) -> bool:
    field = field.opened()
    if field.branches:
        return any(_takes_objects(branch.field) for branch in field.branches[0].branches)
    return field.enum is None and (not field.types or "object" in field.types)


def _text_faults(field: Field, value: str, pointer: Pointer) -> Iterator[tuple[Pointer, object, str]]:
    if field.max_length is not None:
        yield pointer, "x" * (field.max_length + 1), "max_length"
    if field.min_length:
        yield pointer, "x" * (field.min_length - 1), "min_length"
    if field.pattern is not None:
        yield pointer, value + "\0", "pattern"
    if field.format in SAMPLES:
        yield pointer, "no such thing", "format"


def _number_faults(field: Field, pointer: Pointer) -> Iterator[tuple[Pointer, object, str]]:
    for bound, sign, code in (
        (field.minimum, -1, "minimum"), (field.maximum, 1, "maximum"),
        (field.exclusive_minimum, 0, "exclusive_minimum"), (field.exclusive_maximum, 0, "exclusive_maximum"),
    ):  # fmt: skip
        if bound is not None:
            step = Fraction(str(field.multiple_of or 1))
            wrong = Fraction(bound) + sign * step * 7
            yield pointer, int(wrong) if wrong.denominator == 1 else float(wrong), code


def _array_faults(field: Field, value: list[object], pointer: Pointer) -> Iterator[tuple[Pointer, object, str]]:
    if field.min_items:
        yield pointer, value[: field.min_items - 1], "min_items"
    if field.max_items is not None:
        yield pointer, [*value, *range(10**6, 10**6 + field.max_items + 1)], "max_items"
    if field.unique_items and value:
        yield pointer, [*value, value[0]], "unique_items"
    for at, item in enumerate(value):
        for where, wrong, code in faults_of(field.items, item, (*pointer, at)) if field.items is not None else ():
            yield where, [*value[:at], wrong, *value[at + 1 :]], code


def _object_faults(field: Field, value: dict[str, object], pointer: Pointer) -> Iterator[tuple[Pointer, object, str]]:
    for name in field.needs:
        yield (*pointer, name), {key: inner for key, inner in value.items() if key != name}, "required"
    if field.additional is False:
        yield (*pointer, "\0"), {**value, "\0": 1}, "unknown_name"
    for child in field.children:
        if child.name in value:
            for where, wrong, code in faults_of(child, value[child.name], (*pointer, child.name)):
                yield where, {**value, child.name: wrong}, code
