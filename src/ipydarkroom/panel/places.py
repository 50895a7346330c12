"""What a place in a form is called, and sentences in which names of inputs stand as their titles."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from ..schema.parts import spelt
from .labels import choice_text, problem_text, title_text

if TYPE_CHECKING:
    from ..fields import Field, Pointer, Problem
    from .formmodel import FormModel

__all__ = ["place_text", "titled", "told"]

_NAME_LISTS = ("other", "names")  # params that hold names of inputs beside the place, one or several with commas between


def place_text(model: FormModel, pointer: Pointer, language: str, *, below: int = 0) -> str:
    """`LoRAs › 2 › Scale`: titles of the names, numbers of the items from 1; nothing for the whole form.

    `below` leaves out so many steps at the front.
    """
    words = []
    for end, step in enumerate(pointer[below:], start=below + 1):
        found = model.field(pointer[:end])
        named = found is not None and isinstance(step, str)
        words.append(str(step + 1) if isinstance(step, int) else title_text(model.model, found, language) if named and found else step)
    return " › ".join(words)


def told(model: FormModel, problem: Problem, language: str) -> str:
    """The sentence of a problem."""
    return problem_text(replace(problem, params=titled(model, problem.pointer[:-1], problem.params, language)), language)


def titled(model: FormModel, above: Pointer, params: Mapping[str, object], language: str) -> dict[str, object]:
    """The params of a sentence about inputs in the object at `above`: their titles for their names, and names for values."""
    said = dict(params)
    beside = {field.name: field for field in model.fields(above)} if any(name in said for name in _NAME_LISTS) else {}
    for key in _NAME_LISTS:
        names = str(said.get(key, "")).split(", ")
        if all(name in beside for name in names):
            said[key] = ", ".join(title_text(model.model, beside[name], language) for name in names)
    other = beside.get(str(params.get("other")))
    if other is not None and "value" in said:
        values = str(said["value"]).split(", ")
        said["value"] = ", ".join(_named(model, other, value, language) for value in values)
    return said


def _named(model: FormModel, field: Field, value: str, language: str) -> str:
    """What the value is called in the list it is chosen from."""
    found = next((choice for choice in field.choices if spelt(choice.value) == value), None)
    return value if found is None else choice_text(model.model, field, found, language)
