"""Which inputs of a sweep are axes, and which are values. Pure.

A list for an input that takes one value is an axis. An input that takes a list itself has an axis where it is given a list of
lists. Where a schema does not say what an input takes, a list is a value: nobody pays for twelve pictures by a guess. `axis(...)`
says it in so many words.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import InputError

if TYPE_CHECKING:
    from ..fields import Field
    from ..models import Model

__all__ = ["Axis", "axis", "spread"]


@dataclass(frozen=True, slots=True)
class Axis:
    """The values one input takes in turn. `labels` are what they are called; empty: as the model's form calls them."""

    name: str
    values: tuple[object, ...]
    labels: tuple[str, ...] = ()


def axis(values: Iterable[object], *, labels: Sequence[str] = ()) -> Axis:
    """Values for a sweep to try in turn, where a list alone would not say so, or where they shall be called something.

    Args:
        values: One or more.
        labels: A short name for each, such as `["calm", "wild"]` for two long prompts.

    Raises:
        InputError: There is no value, or another number of labels.
    """
    if isinstance(values, (str, bytes)) or not isinstance(values, Iterable):
        raise InputError("An axis is made of several values.", next_step='For example dr.axis(["a fox", "an owl"]).')
    found = tuple(values)
    if labels and len(labels) != len(found):
        raise InputError(
            f"There are {len(labels)} labels for {len(found)} values.", next_step="Give each value its own.",
        )
    return _whole("axis(...)", Axis("", found, tuple(str(label) for label in labels)))


def spread(model: Model, inputs: Mapping[str, object]) -> tuple[tuple[Axis, ...], dict[str, object]]:
    """Tell axes from values.

    Args:
        model: Its fields say which inputs take a list themselves.
        inputs: Input name -> value, axis, or list of values.

    Returns:
        The axes in the order given, and the inputs that are the same everywhere.

    Raises:
        InputError: An axis without a value, or one that has no order (a set) or can be read only once (a generator).
    """
    axes, fixed = [], {}
    for name, value in inputs.items():
        found = _axis_of(name, model.field(name), value)
        if found is None:
            fixed[name] = value
        else:
            axes.append(found)
    return tuple(axes), fixed


def _axis_of(name: str, field: Field | None, value: object) -> Axis | None:
    if isinstance(value, Axis):
        return Axis(name, value.values, value.labels)
    depth = None if field is None else _depth(field)
    if isinstance(value, Iterator) or (isinstance(value, AbstractSet) and depth is not None):
        kind = "a set has no order" if isinstance(value, AbstractSet) else "a generator can be read only once"
        raise InputError(f"{name}: {kind}, so it is no axis.", next_step=f"Write {name}=list(...).")
    listed = _listed(field, value)
    if depth is None or not _reaches(listed, depth + 1):
        return None
    assert isinstance(listed, (list, tuple, range))
    return _whole(name, Axis(name, tuple(listed)))


def _whole(name: str, found: Axis) -> Axis:
    if not found.values:
        raise InputError(f"{name}: an axis needs one value at least.", next_step="Give some, or leave it out.")
    return found


def _depth(field: Field) -> int | None:
    """How many lists deep a value of this field is: 0 for one value; None where the schema does not say."""
    field = field.opened()
    if field.kind == "array":
        inner = None if field.items is None else _depth(field.items)
        return None if inner is None else inner + 1
    if field.kind in ("any", "union") and field.choices:
        return None if any(isinstance(choice.value, list) for choice in field.choices) else 0
    return None if field.kind in ("any", "union", "never") else 0


def _listed(field: Field | None, value: object) -> object:
    """Columns and arrays of other packages (`tolist`) as lists; never for a file, where an array may be a picture."""
    if isinstance(value, (list, tuple, range)) or (field is not None and field.media is not None):
        return value
    make = getattr(value, "tolist", None)
    return make() if callable(make) else value


def _reaches(value: object, depth: int) -> bool:
    """Whether a value is lists within lists, so many deep. An empty list says nothing of what would be in it."""
    if not isinstance(value, (list, tuple, range)):
        return False
    return depth == 1 or (len(value) > 0 and all(_reaches(item, depth - 1) for item in value))
