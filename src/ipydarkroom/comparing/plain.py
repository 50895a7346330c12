"""Of an input that may have several shapes, the one that can be compared: a list of choices."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from ..fields import UNSET
from ..schema.kinds import same

if TYPE_CHECKING:
    from ..fields import Field

__all__ = ["plain"]


def plain(field: Field) -> Field:
    """The field; of a union with one list of choices (fal's `image_size`: six names, or width and height), that list in its place."""
    listed = [branch.field for branches in field.branches for branch in branches.branches if len(branch.field.choices) > 1]
    if field.kind != "union" or len(listed) != 1:
        return field
    default = field.default if any(same(each.value, field.default) for each in listed[0].choices) else UNSET
    return replace(
        listed[0], pointer=field.pointer, required=field.required, nullable=False, default=default, title=field.title,
        help=field.help, hints=field.hints, texts=field.texts, deprecated=field.deprecated, types=None, enum=None,
    )
