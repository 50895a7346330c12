"""What JSON has no form for: sets, NaN, lists that hold themselves; and files, where none is taken."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..fields import Problem
from .conditions import conditions
from .kinds import fits

if TYPE_CHECKING:
    from ..fields import Field, Pointer

__all__ = ["takes_files", "unsendable"]

_DEEPEST = 12  # objects in objects among which a file is looked for


def takes_files(field: Field, depth: int = 0) -> bool:
    """Whether a file may stand somewhere in the field's value."""
    if field.media is not None:
        return True
    if depth > _DEEPEST or (field.items is None and not field.children and field.kind != "object"):
        return False
    inner = [*field.children, *filter(None, (field.items,)), *(conditions(field).later if field.kind == "object" else ())]
    return any(takes_files(each, depth + 1) for each in inner)


def unsendable(pointer: Pointer, value: object, *, files: bool = False) -> Iterator[Problem]:
    """The problem of a value that cannot be written as JSON, deep inside too; `files` says that files are fine in it."""
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
