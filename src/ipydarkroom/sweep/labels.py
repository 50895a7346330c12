"""What the values of an axis are called: as the model's form calls them, or in a few letters of their own. Pure text."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..display import cut, line, short
from ..languages import say
from ..markup import visible
from ..redaction import masked
from ..schema.kinds import same
from ..schema.secrets import holds_secret
from ..wording import choice_text, title_text

if TYPE_CHECKING:
    from ..fields import Field
    from ..models import Model
    from .axes import Axis
    from .grid import Grid

__all__ = ["axis_title", "plain", "value_label", "words_of"]

_LETTERS = 120


def axis_title(model: Model, axis: Axis, language: str) -> str:
    """What the form calls the input."""
    field = model.field(axis.name)
    return line(axis.name if field is None else title_text(model, field, language))


def value_label(model: Model, axis: Axis, at: int, language: str) -> str:
    """What one value of an axis is called: its own label, the form's word for that choice, `Seed 3` for a number, or the value."""
    if axis.labels:
        return cut(line(axis.labels[at]), _LETTERS)
    value, field = axis.values[at], model.field(axis.name)
    if holds_secret(field, value):
        return say("sweep.number", language=language, name=axis_title(model, axis, language), value=at + 1)
    if isinstance(value, (int, float)) and not (field is not None and field.choices):
        return cut(line(say("sweep.number", language=language, name=axis_title(model, axis, language), value=json.dumps(value))), _LETTERS)
    if value is None:
        return say("sweep.none", language=language)
    for choice in field.choices if field is not None else ():
        if same(choice.value, value):
            return cut(line(choice_text(model, field, choice, language)), _LETTERS)  # type: ignore[arg-type]  # it has choices
    return cut(line(_file_name(field, value, at) or str(plain(value))), _LETTERS)


def words_of(grid: Grid, place: tuple[int, ...], language: str) -> list[str]:
    """One cell in words: what its value of each axis is called."""
    return [value_label(grid.model, axis, at, language) for axis, at in zip(grid.axes, place, strict=True)]


def plain(value: object) -> object:
    """A value as a table takes it: a number, a word or None stays, what is longer is said in short, a file by its name."""
    if value is None or isinstance(value, (int, float, bool)):
        return value
    if isinstance(value, str) and isinstance(found := masked(value), str):
        return found
    if isinstance(value, (str, list, tuple, Mapping)):
        return short(value, 200)
    return str(getattr(value, "name", "") or type(value).__name__)


def _file_name(field: Field | None, value: object, at: int) -> str:
    """A file by its name, without its folder; what has none is counted."""
    if field is None or field.media is None:
        return ""
    name = value if isinstance(value, str) else str(getattr(value, "name", "") or "")
    last = visible(str(masked(name))).split("?")[0].replace("\\", "/").rstrip("/").rpartition("/")[2]
    return last or str(at + 1)
