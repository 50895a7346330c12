"""Values that no row would show: under names nobody foresaw, and of inputs that are no longer wanted.

What is sent is never out of sight: the first are told as JSON, the second have their row as soon as they have a value.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..fields import UNSET, Field

if TYPE_CHECKING:
    from ..fields import Pointer
    from .formmodel import FormModel

__all__ = ["is_drawn", "strays"]


def is_drawn(model: FormModel, field: Field, place: Pointer) -> bool:
    """Whether a field has a row: not what only the server writes, and what is deprecated only once it must or does have a value."""
    if field.read_only:
        return False
    return not field.deprecated or field.required or model.get(place) is not UNSET or model.raw(place) is not None


def strays(model: FormModel, above: Pointer = ()) -> list[Field]:
    """A field for every name with a value in the object at `above` for which none is foreseen, whatever the other values."""
    inside, known = model.get(above) if above else model.draft, model.foreseen(above)
    found = [name for name in inside if name not in known] if isinstance(inside, dict) else []
    return [model.field((*above, name)) or Field((*above, name), "any", types=()) for name in found]
