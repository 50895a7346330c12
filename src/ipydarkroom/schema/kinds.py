"""The kinds of JSON value: the words schemas use for them, what belongs to which, and when two values are the same."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from typing import TypeGuard

from ..fields import UNSET, Kind

__all__ = ["KINDS", "STANDARD_KINDS", "Kind", "convert", "fits", "guess", "same", "unique_key"]

KINDS: Mapping[str, Kind] = {
    **dict.fromkeys(("number", "float", "float32", "float64", "double", "decimal", "real"), "number"),
    **dict.fromkeys(("integer", "int", "short", "long", "int8", "int16", "int32", "int64", "uint", "uint32", "uint64"), "integer"),
    **dict.fromkeys(("boolean", "bool"), "boolean"),
    **dict.fromkeys(("string", "str", "text", "file", "image", "audio", "video"), "string"),
    **dict.fromkeys(("array", "list"), "array"),
    **dict.fromkeys(("object", "dict", "map"), "object"),
    "any": "any",
}
"""What a schema's `type` says, in lower case, and what it means; `float` is in RunComfy's own pages."""

STANDARD_KINDS = frozenset({"number", "integer", "boolean", "string", "array", "object"})
"""The words JSON Schema itself knows; any other is an alias, and noted."""

_NARROW_FIRST: tuple[Kind, ...] = ("string", "boolean", "integer", "number", "array", "object")


def fits(kind: str, value: object) -> bool:
    """Whether a value is of a kind. True and NaN are no numbers, 3.0 is a whole one; other libraries' numbers count."""
    match kind:
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return _is_number(value) and (isinstance(value, Integral) or float(value).is_integer())
        case "number":
            return _is_number(value)
        case "string":
            return isinstance(value, str)
        case "array":
            return isinstance(value, list | tuple)
        case "object":
            return isinstance(value, Mapping)
        case "null":
            return value is None
        case "never":
            return False
        case _:
            return True


def _is_number(value: object) -> TypeGuard[Real]:
    if isinstance(value, bool) or not isinstance(value, Real):
        return False
    return bool(value - value == 0)  # not so for infinity and NaN


def same(one: object, other: object) -> bool:
    """Whether two values are equal as JSON: `1` and `1.0` are, `1` and `True` are not, at any depth."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(same(one[key], other[key]) for key in one)
    if isinstance(one, list | tuple) and isinstance(other, list | tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if isinstance(one, str | Real) and isinstance(other, str | Real):
        return bool(one == other)
    return one is other


def unique_key(value: object, depth: int = 100) -> object:
    """A key that two values share exactly when they are the same as JSON; deeper down than that, when they are one."""
    if isinstance(value, bool) or value is None:
        return "word", value
    if isinstance(value, Mapping) and depth:
        return "object", frozenset((key, unique_key(inner, depth - 1)) for key, inner in value.items())
    if isinstance(value, list | tuple) and depth:
        return "array", tuple(unique_key(inner, depth - 1) for inner in value)
    return value if isinstance(value, str | Real) else ("other", id(value))


def convert(value: object, kind: Kind) -> object:
    """The value in the right kind where nothing is lost (`"7"` as 7, 7 as `"7"`), else UNSET."""
    if isinstance(value, str):
        return _from_text(value.strip(), kind)
    if kind == "string" and _is_number(value):
        return json.dumps(value)
    return UNSET


def _from_text(text: str, kind: Kind) -> object:
    if kind == "boolean":
        return {"true": True, "false": False}.get(text.lower(), UNSET)
    if kind not in ("integer", "number"):
        return UNSET
    try:
        found = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return UNSET
    return found if fits(kind, found) else UNSET


def _no_number(word: str) -> object:
    """NaN and Infinity are Python's numbers, not JSON's."""
    raise ValueError(word)


def guess(part: Mapping[str, object]) -> Kind:
    """A kind for a schema that names none: from its values, else its keywords, else its default, else `any`."""
    listed = [part["const"]] if "const" in part else part.get("enum")
    if isinstance(listed, list) and any(value is not None for value in listed):
        return _kind_of(value for value in listed if value is not None)
    for kind, keywords in _TELLING:
        if any(keyword in part for keyword in keywords):
            return kind
    default = part.get("default")
    return "any" if default is None else _kind_of([default])


_TELLING: tuple[tuple[Kind, tuple[str, ...]], ...] = (
    ("object", ("properties", "required", "additionalProperties", "minProperties", "maxProperties", "dependentRequired")),
    ("array", ("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains")),
    ("number", ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")),
    ("string", ("minLength", "maxLength", "pattern", "format")),
)


def _kind_of(values: Iterable[object]) -> Kind:
    found = list(values)
    return next((kind for kind in _NARROW_FIRST if all(fits(kind, value) for value in found)), "any")
