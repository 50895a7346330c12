"""What a form is made of, in no provider's words and no widget's: the tree of Fields, Rule, Problem, UNSET.

A property name is data. It may be `width×height`, `a/b` or the empty string, so nothing here, and nothing above,
uses it as a Python name, a trait, a CSS class or a dotted path: it is addressed by a Pointer.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as _field
from typing import Literal, TypeAlias

__all__ = [
    "UNSET", "Branch", "Branches", "Choice", "Field", "Further", "Hint", "Kind", "Measure", "Media", "Pointer", "Problem", "Rule", "Texts",
    "Unset", "Values", "placed", "pointer_text",
]

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


def placed(values: object, pointer: Pointer, value: object) -> object:
    """The same JSON value with another one at that place, which exists; nothing is changed in the first."""
    if not pointer:
        return value
    step, *rest = pointer
    if isinstance(values, Mapping):
        return {**values, step: placed(values[step], tuple(rest), value)}
    assert isinstance(values, list)  # nothing else has places
    return [placed(inner, tuple(rest), value) if at == step else inner for at, inner in enumerate(values)]



@dataclass(frozen=True, slots=True)
class Choice:
    """One allowed value, sent exactly as listed, with what is known for showing it.

    `size` is (width, height) in pixels where the value names one; `ratio` is (w, h) as written or reduced.
    Both are for display and for the local backend; they are never sent.
    """

    value: object = _field(hash=False)
    label: str
    size: tuple[int, int] | None = None
    ratio: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """A limit on what is in a file, to be judged before it is uploaded: `least` and `most` are both allowed.

    `of` is `width` or `height` in pixels, `ratio` (width over height) or `seconds`.
    """

    of: Literal["width", "height", "ratio", "seconds"]
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Media:
    """What a field that takes a link to a file accepts.

    `max_bytes` is a limit that blocks; `advised_bytes` one that only warns. `mimes` empty means any. `measures` are
    limits on the picture or film itself.
    """

    kind: Literal["image", "video", "audio", "file"]
    max_bytes: int | None = None
    advised_bytes: int | None = None
    mimes: tuple[str, ...] = ()
    measures: tuple[Measure, ...] = ()


@dataclass(frozen=True, slots=True)
class Texts:
    """Title and help in one language, as a schema or page of that language has them; empty where it has none."""

    title: str = ""
    help: str = ""


@dataclass(frozen=True, slots=True)
class Branch:
    """One of several shapes a value may have. `value` is what the discriminator holds in this branch, else UNSET."""

    field: Field
    title: str = ""
    value: object = _field(default=UNSET, hash=False)


@dataclass(frozen=True, slots=True)
class Branches:
    """A choice between shapes: `oneOf` (exclusive: exactly one fits) or `anyOf` (one at least).

    `discriminator` names the property that tells them apart, where the schema says so or every branch fixes it.
    """

    branches: tuple[Branch, ...]
    exclusive: bool = False
    discriminator: str = ""


@dataclass(frozen=True, slots=True)
class Further:
    """What a schema demands beyond a value's own keywords; rare, so kept apart.

    `patterns` are pairs of pattern and field for the names of an object (`patternProperties`), `names` judges the
    names themselves, `dependents` are fields for the whole object where a name is given. `contains` counts items.
    `excluded` must not fit (`not`). `condition` with `then` and `otherwise` is if/then/else.
    """

    patterns: tuple[tuple[str, Field], ...] = ()
    names: Field | None = None
    dependents: tuple[tuple[str, Field], ...] = ()
    contains: Field | None = None
    min_contains: int = 1
    max_contains: int | None = None
    excluded: Field | None = None
    condition: Field | None = None
    then: Field | None = None
    otherwise: Field | None = None


@dataclass(frozen=True, slots=True)
class Hint:
    """What a description says and nobody is sure of: shown, never enforced.

    The sentence is `languages.say("hint." + code, **params)`; `said` are the page's own words.
    """

    code: str
    params: Mapping[str, object] = _field(default_factory=dict, hash=False)
    said: str = ""


Kind: TypeAlias = Literal["string", "integer", "number", "boolean", "array", "object", "union", "any", "never"]


@dataclass(frozen=True, slots=True)
class Field:
    """One input of a model, normalised: what may be said, not how it is drawn. With its parts it is a tree.

    `kind` is the JSON kind of the value. `union` has `branches` of different kinds, `any` takes every JSON value,
    `never` takes none. `choices` narrows any kind for the person, and a single choice is a constant. `default` is UNSET
    where the schema gives none.

    What the schema itself demands stands apart from what was guessed for the form: `types` are the JSON types it names
    (`null` included; empty where the kind is a guess or its own values contradict it), `enum` the values it allows
    (None: any). A Field made by hand demands its kind and its choices.

    `children` are the properties of an object, in the order to show; `joined` names those among them that only branches
    have; `needs` the names it requires, those without a field included; `additional` judges every other name (False:
    there is none). `prefix_items` are the first places of
    an array, `items` all others. `also` are parts that must fit besides. A part that would repeat an outer one for ever
    is a stub, and `opened()` is the real thing, one level at a time.

    `step` is the stride of a number; `advised_words` a length the provider advises and does not enforce. `importance`
    is `high` (never folded away), `low` (folded away, as what is deprecated) or empty. `texts` holds title and help by
    language code where a reader knew the language. `hints` is what its words say besides. `extra` keeps what the schema said and
    we do not use.
    """

    pointer: Pointer
    kind: Kind
    required: bool = False
    nullable: bool = False
    default: object = _field(default=UNSET, hash=False)
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
    extra: Mapping[str, object] = _field(default_factory=dict, hash=False, compare=False, repr=False)
    types: tuple[str, ...] | None = _field(default=None, repr=False)
    enum: tuple[object, ...] | None = _field(default=None, hash=False, repr=False)
    step: float | None = None
    prefix_items: tuple[Field, ...] = ()
    unique_items: bool = False
    children: tuple[Field, ...] = ()
    joined: tuple[str, ...] = ()
    additional: Field | bool = True
    needs: tuple[str, ...] = ()
    dependent_required: tuple[tuple[str, tuple[str, ...]], ...] = ()
    min_properties: int | None = None
    max_properties: int | None = None
    branches: tuple[Branches, ...] = ()
    also: tuple[Field, ...] = ()
    further: Further | None = None
    order: int | None = None
    group: str = ""
    importance: Literal["", "high", "low"] = ""
    deprecated: bool = False
    read_only: bool = False
    write_only: bool = False
    examples: tuple[object, ...] = _field(default=(), hash=False, repr=False)
    texts: Mapping[str, Texts] = _field(default_factory=dict, hash=False, compare=False, repr=False)
    hints: tuple[Hint, ...] = _field(default=(), hash=False, compare=False, repr=False)
    opens: Callable[[], Field] | None = _field(default=None, hash=False, compare=False, repr=False)

    def __post_init__(self) -> None:
        if self.types is None:
            own = () if self.kind in ("any", "union", "never") else (self.kind,)
            object.__setattr__(self, "types", (*own, "null") if own and self.nullable else own)
        if self.enum is None and self.choices:
            listed = tuple(choice.value for choice in self.choices)
            object.__setattr__(self, "enum", (*listed, None) if self.nullable else listed)

    def opened(self) -> Field:
        """This field; of a stub, the field it stands for, with stubs of its own one level further down."""
        return self if self.opens is None else self.opens()

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
    * `not_with`: only one of the two may be given; of two switches, only one may be on.
    * `needs`: `field` may be given only together with `other`.

    `prefilled` says of an `only_when` that a form gives the field its default once it is shown, so that it is sent: what it
    says is too weighty (how many pictures are paid for) to be left to the server's silence.
    """

    kind: Literal["only_when", "instead_of", "not_with", "needs"]
    field: str
    other: str
    value: object = _field(default=UNSET, hash=False)
    prefilled: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong (or only unwise) about one value: where, what, and the numbers; no sentence.

    The sentence is `languages.say("problem." + code, **params)`. `blocking=False` is advice: shown, never in the way.
    """

    pointer: Pointer
    code: str
    params: Mapping[str, object] = _field(default_factory=dict, hash=False)
    blocking: bool = True
