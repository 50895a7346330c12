"""A model as a form and a client see it: id, provider, fields, rules, and where that knowledge came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as _field
from typing import TYPE_CHECKING, Literal

from .fields import Field
from .schema import Notes, read_schema

if TYPE_CHECKING:
    from .fields import Rule
    from .schema import Note

__all__ = ["Model", "Most", "Price"]


@dataclass(frozen=True, slots=True)
class Most:
    """How many results an order makes at most, where `when` holds (input name -> value, defaults counted).

    `field` names the input that says it; `count` is the number where no input does, or that input says nothing. None
    is unknown.
    """

    when: Mapping[str, object] = _field(default_factory=dict, hash=False)
    field: str = ""
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Price:
    """A catalog's base price: `usd` for each result, each second of one, or each order.

    RunComfy's catalog gives `base_price_usd` and `price_unit` (`output`, `second`); it may depend on more inputs than
    a number can say, so it is a basis for caps, not a bill.
    """

    usd: float
    per: Literal["output", "second", "order"] = "output"


@dataclass(frozen=True, slots=True)
class Model:
    """One image (or video, or audio) model with its inputs.

    `provider` is None for a model made from a bare schema: it runs on the local backend. `source` says where the
    description came from (a page address, `"schema"`). `root` is all inputs as one field of kind object: what the
    schema demands of them together, with `fields` below it. `notes` lists what was normalised on the way in.
    `sample` holds example values from the page: shown as placeholders, never sent by themselves. `most` says how many
    results an order makes at most (the first rule that holds; none: unknown), `price` what one costs where a catalog
    tells.
    """

    id: str
    provider: str | None
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...] = ()
    title: str = ""
    kind: str = "text-to-image"
    source: str = ""
    schema: Mapping[str, object] = _field(default_factory=dict, repr=False, hash=False)
    notes: tuple[Note, ...] = _field(default=(), repr=False)
    sample: Mapping[str, object] = _field(default_factory=dict, repr=False, hash=False)
    most: tuple[Most, ...] = _field(default=(), repr=False)
    price: Price | None = None
    root: Field = _field(default=Field((), "object"), repr=False, hash=False)

    def __post_init__(self) -> None:
        if self.root.children != self.fields:
            object.__setattr__(self, "root", replace(self.root, children=self.fields))
        object.__setattr__(self, "notes", Notes(self.notes))

    @classmethod
    def from_schema(
        cls,
        schema: Mapping[str, object],
        *,
        id: str | None = None,
        provider: str | None = None,
        sample: Mapping[str, object] | None = None,
    ) -> Model:
        """Make a model from a JSON Schema of type object.

        Args:
            schema: The input schema. Foreign material: oddities are normalised and noted, references are looked up
                inside the document only.
            id: The model id; the schema's title, or `"custom"`, when absent.
            provider: Whose protocol carries it; without one it runs locally.
            sample: Inputs of an example request, where there is one.

        Raises:
            InputError: The document is not an object schema at all.
        """
        read = read_schema(schema, sample=sample)
        name = id or str(schema.get("title") or "custom")
        return cls(
            name, provider, read.fields, read.rules, title=name, source="schema", schema=dict(schema), notes=read.notes,
            sample=read.sample, root=read.root,
        )

    def field(self, name: str) -> Field | None:
        """The field of that name, or None; names are compared exactly."""
        return next((found for found in self.fields if found.name == name), None)
