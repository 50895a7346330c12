"""The inputs that several models have in common, and those that only one of them has, as fields of one form.

A common input is called what its lead calls it: the model with the richest list, so that a choice of the form is coarser
at others only, never at the one that could do better.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from ..errors import InputError
from ..fields import UNSET, Field
from ..schema.kinds import fits, same
from ..schema.secrets import holds_secret
from .limits import within
from .nearest import frame_of
from .plain import plain
from .roles import is_files, roles_of

if TYPE_CHECKING:
    from ..models import Model, Role

__all__ = ["Common", "common_inputs", "given"]


@dataclass(frozen=True, slots=True)
class Common:
    """One input of the form, and whose inputs it stands for.

    `members` maps the place of a model among those compared to its own input; `lead` is the place of the one that gives name
    and choices. `field` is what the form shows.
    """

    field: Field
    role: Role | None
    members: Mapping[int, Field]
    lead: int

    @property
    def name(self) -> str:
        """What it is called in the form."""
        return self.field.name

    def hides(self, value: object) -> bool:
        """Whether a value of it is a secret, or has one in it, at any model."""
        return any(holds_secret(member, value) for member in self.members.values())

    @property
    def shared(self) -> bool:
        """Whether more than one model has it."""
        return len(self.members) > 1

    @property
    def names(self) -> tuple[str, ...]:
        """What the models themselves call it."""
        return tuple(dict.fromkeys(member.name for member in self.members.values()))

    def takes(self, value: object) -> bool:
        """Whether it is a value of this input at some model, by its kind; silence always is."""
        return value is UNSET or any(member.media is not None or is_files(member) or fits(member.kind, value) for member in self.members.values())

    def lists(self, value: object) -> bool:
        """Whether some model has it in its list."""
        return any(same(choice.value, value) for member in self.members.values() for choice in member.choices)

    def listing(self, value: object) -> Common:
        """The same input with this value among its choices, where some model lists it."""
        if not self.field.choices or any(same(each.value, value) for each in self.field.choices):
            return self
        choice = next((each for member in self.members.values() for each in member.choices if same(each.value, value)), None)
        if choice is None:
            return self
        return replace(self, field=replace(self.field, choices=(*self.field.choices, choice), enum=None))

    def frame(self, value: object) -> tuple[float, float | None] | None:
        """The frame a value stands for, by whichever model knows it; see `nearest.frame_of`."""
        lists = [member for member in self.members.values() if any(same(each.value, value) for each in member.choices)]
        frames = (frame_of(value, member.choices) for member in (*lists, self.members[self.lead]))
        return next((frame for frame in frames if frame is not None), None)


def common_inputs(models: Sequence[Model]) -> tuple[Common, ...]:
    """The inputs of these models, gathered: what several have first, then what only one has, each in the models' order.

    Inputs mean the same where their roles do, else where name and kind are the same.
    """
    gathered: dict[tuple[str, ...], dict[int, Field]] = {}
    roles: dict[tuple[str, ...], Role | None] = {}
    for at, model in enumerate(models):
        known = roles_of(model)
        for field in model.fields:
            role = known.get(field.name)
            key: tuple[str, ...] = ("role", role) if role else ("name", field.name, _family(plain(field)))
            gathered.setdefault(key, {})[at] = plain(field)
            roles[key] = role
    found: list[Common] = []
    for key, members in sorted(gathered.items(), key=lambda pair: len(pair[1]) < 2):
        lead = min(members, key=lambda at: (*_coarse(members[at], roles[key]), at))
        name = _free_name(members[lead].name, models[lead], {each.name for each in found})
        found.append(Common(_shown(name, members, lead), roles[key], members, lead))
    return tuple(found)


def given(commons: Iterable[Common], values: Mapping[str, object]) -> tuple[tuple[Common, ...], dict[str, object]]:
    """Values under any model's own names, as values of the common inputs.

    Returns:
        The inputs again (a choice that only another model lists has joined the lead's), and common name -> value.

    Raises:
        InputError: No model has an input of that name, or one input is given under two names.
    """
    commons = tuple(commons)
    said: dict[str, object] = {}
    names: dict[str, str] = {}
    for name, value in values.items():
        meant = _meant(commons, name, value)
        if meant.name in said:
            raise InputError(f"{names[meant.name]} and {name} are one input here.", next_step="Give it under one name.")
        said[meant.name], names[meant.name] = value, name
    return tuple(common.listing(said[common.name]) if common.name in said else common for common in commons), said


def _meant(commons: Sequence[Common], name: str, value: object) -> Common:
    """The input of that name; of several with it, the one that lists the value, or takes it, or is called so in the form."""
    known = [common for common in commons if name in (common.name, *common.names)]
    if not known:
        raise InputError(
            f"None of these models has an input {name!r}.", next_step=f"They have: {', '.join(common.name for common in commons)}.",
        )
    return max(known, key=lambda common: (common.lists(value), common.takes(value), common.name == name))


def _family(field: Field) -> str:
    """Kinds between which a value can travel."""
    for media in ("image", "video", "audio", "file"):
        if is_files(field, media):
            return media
    digits = bool(field.choices) and all(isinstance(each.value, str) and each.value.isdigit() for each in field.choices)
    return "number" if digits or field.kind == "integer" else field.kind


def _coarse(field: Field, role: Role | None) -> tuple[bool, bool, int]:
    """Small for what takes any value, or many; one file before a list of them, a number before a seed of letters."""
    return field.kind == "array" or (role == "seed" and field.kind == "string"), bool(field.choices), -len(field.choices)


def _free_name(name: str, model: Model, taken: set[str]) -> str:
    while name in taken:
        name = f"{name} ({model.provider or model.id})"
    return name


def _shown(name: str, members: Mapping[int, Field], lead: int) -> Field:
    """The lead's field under its name here, within the limits of all."""
    first, fields = members[lead], tuple(members.values())
    shared = len(fields) > 1
    defaults = [first.default, *(field.default for field in fields)]
    alike = all(same(each, first.default) for each in defaults)
    required = any(field.required for field in fields) if shared else first.required and first.default is UNSET
    start = next((each for each in defaults if each is not UNSET), UNSET) if required else first.default if alike else UNSET
    importance: Literal["high", "low"] = "high" if shared or required else "low"
    return replace(within(first, fields), pointer=(name,), required=required, default=start, importance=importance)
