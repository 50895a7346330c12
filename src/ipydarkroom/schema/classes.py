"""A pydantic class as the source of a form: its JSON Schema for the tree, and the class itself as the judge of values.

The class validates what would be sent, as JSON. Its errors become the same triples as our own: `type` and `ctx` of an
error are its code and params (docs.pydantic.dev, "Validation Errors"), `loc` its pointer, by alias as the schema has it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from ..errors import InputError
from ..fields import Pointer, Problem, Values

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

__all__ = ["Judge", "judge_of_class", "schema_of_class"]

Judge: TypeAlias = Callable[[Values], tuple[Problem, ...]]
"""Judges what would be sent, beside our own check: everything that is wrong, as pointer, code and params."""

_A_FILE = "https://files.invalid/file"  # stands where a local file will be: what becomes of it is judged when it is read

_LIMITS: Mapping[str, tuple[str, str, str]] = {
    "greater_than": ("exclusive_minimum", "limit", "gt"), "greater_than_equal": ("minimum", "limit", "ge"),
    "less_than": ("exclusive_maximum", "limit", "lt"), "less_than_equal": ("maximum", "limit", "le"),
    "multiple_of": ("multiple_of", "step", "multiple_of"), "string_pattern_mismatch": ("pattern", "pattern", "pattern"),
    "too_short": ("min_items", "limit", "min_length"), "too_long": ("max_items", "limit", "max_length"),
}
"""An error's type: our code, our parameter, and where its `ctx` has the value."""

_LENGTHS = {"string_too_short": ("min_length", "min_length"), "string_too_long": ("max_length", "max_length")}
_KINDS: Mapping[str, str] = {
    "string": "string", "int": "integer", "float": "number", "bool": "boolean", "list": "array", "tuple": "array", "set": "array",
    "dict": "object", "mapping": "object", "model": "object", "dataclass": "object", "decimal": "number", "finite": "number",
}


def schema_of_class(cls: type[Any]) -> Mapping[str, object]:
    """The schema of what a class takes.

    Raises:
        InputError: This is no pydantic class (of pydantic 2).
    """
    from pydantic import BaseModel  # here: it is slow to import, and most jobs bring no class

    if not (isinstance(cls, type) and issubclass(cls, BaseModel)):
        raise InputError(
            "This is not a pydantic class.", next_step="Give a class that derives from pydantic.BaseModel, not an object of it.",
            key="error.not_a_class",
        )
    return cls.model_json_schema(by_alias=True, mode="validation")


def judge_of_class(cls: type[BaseModel]) -> Judge:
    """A judge that asks the class. What its validators raise besides ValueError and AssertionError comes through."""

    def judge(values: Values) -> tuple[Problem, ...]:
        from pydantic import ValidationError

        files: set[Pointer] = set()
        plain = _plain(values, (), files)
        try:
            cls.model_validate_json(json.dumps(plain))
        except ValidationError as error:
            found = [_problem(each, plain) for each in error.errors(include_url=False)]
            return tuple(dict.fromkeys(problem for problem in found if problem.pointer not in files))
        return ()

    return judge


def _plain(value: object, pointer: Pointer, files: set[Pointer]) -> object:
    """The value as JSON, with a link where a file stands."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner, (*pointer, str(key)), files) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner, (*pointer, at), files) for at, inner in enumerate(value)]
    if value is None or isinstance(value, str | int | float | bool):
        return value
    files.add(pointer)
    return _A_FILE


def _problem(error: ErrorDetails, values: object) -> Problem:
    kind, context = error["type"], error.get("ctx") or {}
    code, params = _said(kind, context, error)
    return Problem(_pointer(error["loc"], values), code, params)


def _said(kind: str, context: Mapping[str, Any], error: ErrorDetails) -> tuple[str, dict[str, object]]:
    if kind == "missing":
        return "required", {}
    if kind in _LIMITS:
        code, name, key = _LIMITS[kind]
        return code, {name: context.get(key)}
    if kind in _LENGTHS:
        code, key = _LENGTHS[kind]
        return code, {"limit": context.get(key), "length": len(cast("str", error["input"]))}
    if kind in ("literal_error", "enum"):
        return "expected", {"expected": context.get("expected")}
    if kind == "extra_forbidden":
        return "unknown_name", {"name": error["loc"][-1], "near": "–"}
    if kind.startswith("url_"):
        return "link_invalid", {}
    first, _, rest = kind.partition("_")
    if first in _KINDS and rest in ("type", "parsing", "from_float", "number", "attributes_type"):
        return "type", {"kind": _KINDS[first]}
    return "told", {"message": error["msg"].removeprefix("Value error, ").removeprefix("Assertion failed, ")}


def _pointer(loc: tuple[int | str, ...], values: object) -> Pointer:
    """Where the error is: the parts of `loc` that lead through the values. Unions put the name of a branch between them."""
    return tuple(_path(loc, values))


def _path(loc: tuple[int | str, ...], values: object) -> Iterator[int | str]:
    place = values
    for at, part in enumerate(loc):
        if isinstance(place, Mapping):
            last = at == len(loc) - 1
            if part in place:
                yield part
                place = place[part]
            elif last:
                yield part  # it is missing
        elif isinstance(place, list) and isinstance(part, int) and part < len(place):
            yield part
            place = place[part]
