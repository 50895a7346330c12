"""What a form is made of, in no provider's words and no widget's: Field, Choice, Rule, Problem, UNSET.

A property name is data. It may be `width×height`, `a/b` or the empty string, so nothing here, and nothing above,
uses it as a Python name, a trait, a CSS class or a dotted path: it is addressed by a Pointer.
"""

from __future__ import annotations

import enum
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

__all__ = ["UNSET", "Choice", "Field", "Media", "Pointer", "Problem", "Rule", "Unset", "Values", "pointer_text"]

Pointer: TypeAlias = tuple[str | int, ...]
"""Where a value lives: `()` is the whole document, `("prompt",)` its property, `("images", 0)` an item."""

Values: TypeAlias = Mapping[str, object]
"""Top-level property name -> JSON value. A name that is absent was not given."""


class Unset(enum.Enum):
    """The type of UNSET: silence, which is not the same as None."""

    UNSET = "UNSET"

    def __repr__(self) -> str:
        return "UNSET"

    def __bool__(self) -> bool:
        return False


UNSET = Unset.UNSET


def pointer_text(pointer: Pointer) -> str:
    """Write a pointer as an escaped JSON Pointer (RFC 6901): `("a/b",)` is `/a~1b`, `()` is the empty string."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in pointer)


@dataclass(frozen=True, slots=True)
class Choice:
    """One allowed value, sent exactly as listed, with what is known for showing it.

    `size` is (width, height) in pixels where the value names one; `ratio` is (w, h) as written or reduced.
    Both are for display and for the local backend; they are never sent.
    """

    value: object
    label: str
    size: tuple[int, int] | None = None
    ratio: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """What a field that takes a link to a file accepts.

    `max_bytes` is a limit that blocks; `advised_bytes` one that only warns. `mimes` empty means any.
    """

    kind: Literal["image", "video", "audio", "file"]
    max_bytes: int | None = None
    advised_bytes: int | None = None
    mimes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a model, normalised: what may be said, not how it is drawn.

    `kind` is the JSON kind of the value; `any` takes every JSON value. `choices` narrows any kind, and a single
    choice is a constant. `default` is UNSET where the schema gives none. `advised_words` is a length the provider
    advises and does not enforce. `extra` keeps what the schema said and we do not use.
    """

    pointer: Pointer
    kind: Literal["string", "integer", "number", "boolean", "array", "object", "any"]
    required: bool = False
    nullable: bool = False
    default: object = UNSET
    choices: tuple[Choice, ...] = ()
    minimum: float | None = None
    maximum: float | None = None
    exclusive_minimum: float | None = None
    exclusive_maximum: float | None = None
    multiple_of: float | None = None
    min_length: int | None = None
    max_length: int | None = None
    pattern: str | None = None
    format: str | None = None
    media: Media | None = None
    items: Field | None = None
    min_items: int | None = None
    max_items: int | None = None
    title: str = ""
    help: str = ""
    advised_words: int | None = None
    extra: Mapping[str, object] = field(default_factory=dict, hash=False, compare=False, repr=False)

    @property
    def name(self) -> str:
        """The property's name as the provider writes it; for an item of an array, its index."""
        return str(self.pointer[-1]) if self.pointer else ""

    @property
    def is_seed(self) -> bool:
        """True for a whole or open number named `seed`: it may be empty, and then the server chooses."""
        return self.name.lower() == "seed" and self.kind in ("integer", "number") and not self.choices

    @property
    def is_constant(self) -> bool:
        """True when exactly one value is allowed, so there is nothing to choose."""
        return len(self.choices) == 1


@dataclass(frozen=True, slots=True)
class Rule:
    """What a page says in prose about two fields, written down so that a form can act on it.

    * `only_when`: `field` counts only while `other` is `value`; otherwise it is neither shown nor sent.
    * `instead_of`: giving `field` lifts the required mark of `other`, and `other` is not sent.
    """

    kind: Literal["only_when", "instead_of"]
    field: str
    other: str
    value: object = UNSET


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong (or only unwise) about one value: where, what, and the numbers; no sentence.

    The sentence is `languages.say("problem." + code, **params)`. `blocking=False` is advice: shown, never in the way.
    """

    pointer: Pointer
    code: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)
    blocking: bool = True
