"""One value of the form, as one model takes it: as it is, in other words, the nearest there is, or not at all. Never silently."""

from __future__ import annotations

from dataclasses import dataclass
from dataclasses import field as _field
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..fields import UNSET, Field
from ..schema.kinds import convert, fits, same
from .nearest import nearest_frame, nearest_number
from .roles import is_files

if TYPE_CHECKING:
    from .common import Common

__all__ = ["CHANGED", "DROPPED", "Carried", "Fate", "carry"]

Fate: TypeAlias = Literal[
    "silent", "own", "same", "written", "resized", "nearest", "first", "absent", "shapeless", "unlisted", "outside", "foreign", "idle",
]
"""What became of a value.

`silent`: nobody gave one, the model does what it does by itself. `own`: nobody gave one, and the model demands one, so its own
default is sent. `same`: as it is. `written`: the same in other words. `resized`: the same ratio in other pixels. `nearest`: the
nearest choice. `first`: one file of several.

Not sent: `absent`, the model has no such input; `shapeless`, a size that names no frame; `unlisted`, nothing like it among
its choices; `outside`, beyond its bounds; `foreign`, of another kind; `idle`, it does not count there with the other inputs.
"""

CHANGED: frozenset[Fate] = frozenset({"resized", "nearest", "first"})
"""The fates a person should see before anything is ordered, as something else is sent."""

DROPPED: frozenset[Fate] = frozenset({"absent", "shapeless", "unlisted", "outside", "foreign", "idle"})
"""The fates of what is not sent."""


@dataclass(frozen=True, slots=True)
class Carried:
    """What became of one input at one model.

    Attributes:
        common: Its name in the form.
        fate: See `Fate`.
        given: What stands in the form; UNSET for nothing.
        input: The model's own name for it; empty where it has none.
        sent: What is sent; UNSET for nothing. Of a `silent` one, what the model does by itself, where that is known.
        of: Among so many choices, or of so many files.
        secret: Whether what stands in the form is a secret, or has one in it.
    """

    common: str
    fate: Fate
    given: object = _field(default=UNSET, repr=False)
    input: str = ""
    sent: object = _field(default=UNSET, repr=False)
    of: int = 0
    secret: bool = False

    @property
    def goes(self) -> bool:
        """Whether something is sent."""
        return self.fate not in DROPPED and self.fate != "silent"


def carry(common: Common, at: int, value: object) -> Carried:
    """Bring a value of the form to one model.

    Args:
        common: The input.
        at: The model's place among those compared.
        value: What stands in the form; UNSET for nothing.
    """
    field = common.members.get(at)
    if field is None:
        return Carried(common.name, "silent" if value is UNSET else "absent", value, secret=common.hides(value))
    if value is UNSET:
        own = field.required and field.default is not UNSET
        return Carried(common.name, "own" if own else "silent", UNSET, field.name, field.default)
    fate, sent, of = _converted(common, field, value)
    return Carried(common.name, fate, value, field.name, sent, of, common.hides(value))


def _converted(common: Common, field: Field, value: object) -> tuple[Fate, object, int]:
    pictures = common.role == "image" or is_files(field)
    if pictures and (field.kind == "array") != isinstance(value, list | tuple):
        return _as_many(value)
    if not field.choices:
        return ("same", value, 0) if pictures or field.media is not None else _free(field, value)
    if any(same(each.value, value) for each in field.choices):
        return "same", value, 0
    if common.role == "frame":
        return _framed(common, field, value)
    return _listed(field, value)


def _as_many(value: object) -> tuple[Fate, object, int]:
    """A file where a list of them is wanted, or the other way round."""
    if not isinstance(value, list | tuple):
        return "written", [value], 0
    if not value:
        return "foreign", UNSET, 0
    return "written" if len(value) == 1 else "first", value[0], len(value)


def _framed(common: Common, field: Field, value: object) -> tuple[Fate, object, int]:
    frame = common.frame(value)
    found = None if frame is None else nearest_frame(frame, field.choices, field.default)
    if found is None:
        return "shapeless", UNSET, len(field.choices)
    return found[1], found[0].value, len(field.choices)


def _listed(field: Field, value: object) -> tuple[Fate, object, int]:
    """The choice that says the same in other letters, or the nearest number."""
    words = str(value).strip().casefold()
    alike = [each for each in field.choices if str(each.value).strip().casefold() == words]
    if len(alike) == 1 and not isinstance(value, bool):
        return "written", alike[0].value, len(field.choices)
    number = value if fits("number", value) else convert(value, "number")
    nearest = nearest_number(float(number), field.choices) if fits("number", number) else None  # type: ignore[arg-type]  # judged
    return ("unlisted", UNSET, len(field.choices)) if nearest is None else ("nearest", nearest.value, len(field.choices))


def _free(field: Field, value: object) -> tuple[Fate, object, int]:
    """A value where any of a kind is taken; a number within its bounds."""
    sent = value if fits(field.kind, value) else convert(value, field.kind)
    if sent is UNSET:
        return "foreign", UNSET, 0
    if fits("number", sent) and not _within(field, sent):
        return "outside", UNSET, 0
    return "same" if sent is value else "written", sent, 0


def _within(field: Field, number: object) -> bool:
    assert isinstance(number, int | float) or hasattr(number, "__float__")
    return not (
        (field.minimum is not None and number < field.minimum) or (field.maximum is not None and number > field.maximum)  # type: ignore[operator]
        or (field.exclusive_minimum is not None and number <= field.exclusive_minimum)  # type: ignore[operator]
        or (field.exclusive_maximum is not None and number >= field.exclusive_maximum)  # type: ignore[operator]
    )
