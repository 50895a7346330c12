"""From a field to a part of it, and from a field of several shapes to the one that is drawn."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from ..fields import UNSET
from .starts import begin, best_branch

if TYPE_CHECKING:
    from ..fields import Branch, Field

__all__ = ["beginning", "is_null", "part", "shape_of", "varies"]


def varies(field: Field) -> bool:
    """Whether a person has to choose between shapes: where one control cannot draw what all of them allow."""
    if not field.branches or len(field.branches[0].branches) < 2:
        return False
    return field.kind in ("union", "object", "array", "any")


def shape_of(field: Field, at: int) -> Field:
    """The field in one of its shapes, with the words of the whole where that has none of its own."""
    branch = field.branches[0].branches[at].field.opened()
    return replace(
        branch, pointer=field.pointer, required=field.required, default=_default(field, at), importance=field.importance,
        title=field.title or branch.title, help=branch.help or field.help, branches=(),
    )


def is_null(branch: Branch) -> bool:
    """Whether this shape is `null` and nothing else."""
    return branch.field.types == ("null",)


def beginning(field: Field, at: int) -> object:
    """What a shape starts with once it is chosen; UNSET where a person has to say something first."""
    branch = field.branches[0].branches[at]
    return None if is_null(branch) else begin(branch.field.opened())


def part(field: Field, step: str | int, children: Iterable[Field]) -> Field | None:
    """The field of a property or an item; None where the schema foresees none."""
    if isinstance(step, int):
        found = field.prefix_items[step] if step < len(field.prefix_items) else field.items
        return None if found is None else found.opened()
    known = next((child for child in children if child.name == step), None)
    if known is not None:
        return known.opened()
    return field.additional.opened() if not isinstance(field.additional, bool) else None


def _default(field: Field, at: int) -> object:
    branch = field.branches[0].branches[at].field
    if branch.default is not UNSET or field.default is UNSET:
        return branch.default
    return field.default if best_branch(field.branches[0], field.default) == at else UNSET
