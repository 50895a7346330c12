"""A model as a form and a client see it: id, provider, fields, rules, and where that knowledge came from."""

from __future__ import annotations

import importlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from dataclasses import field as _field
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from .fields import Field
from .markup import visible
from .page_file import page_text_of
from .pages import read_page
from .schema import Notes, check, payload, read_schema
from .schema.classes import judge_of_class, schema_of_class
from .schema.secrets import secret_places

if TYPE_CHECKING:
    from pydantic import BaseModel

    from .fields import Pointer, Problem, Rule, Values
    from .schema import Note
    from .schema.classes import Judge

__all__ = ["Model", "Most", "Price", "Role"]

Role: TypeAlias = Literal["prompt", "image", "frame", "seed", "count"]
"""What an input is for: `frame` is a size or a ratio to choose, `image` the picture to work on, `count` how many results."""


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


@dataclass(frozen=True, slots=True, repr=False)
class Model:
    """One image (or video, or audio) model with its inputs.

    `provider` is None for a model made from a bare schema: it runs on the local backend. `source` says where the
    description came from (a page address, `"schema"`, `"page"`, `"openapi"`, `"pydantic"`). `root` is all inputs as one
    field of kind object: what the schema demands of them together, with `fields` below it. `notes` lists what was
    normalised on the way in.
    `sample` holds example values from the page: shown as placeholders, never sent by themselves. `most` says how many
    results an order makes at most (the first rule that holds; none: unknown), `price` what one costs where a catalog
    tells, and `pricing_note` what it says about it in words. `outputs` is the output schema where the page has one,
    `language` that of its titles and descriptions (`en`, `zh-tw`, `fr`, ...; empty: unknown). `fetched` is when a live
    catalog told all this, in seconds since the epoch; 0.0 for what did not come from one. `judge` judges what would be
    sent besides our own check: a class that validates itself. `roles` says what inputs are for (input name -> role) where a
    catalog's entry declares it.
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
    pricing_note: str = _field(default="", repr=False)
    fetched: float = _field(default=0.0, repr=False, compare=False)
    outputs: Mapping[str, object] = _field(default_factory=dict, repr=False, hash=False)
    language: str = ""
    judge: Judge | None = _field(default=None, repr=False, compare=False)
    root: Field = _field(default=Field((), "object"), repr=False, hash=False)
    roles: Mapping[str, Role] = _field(default_factory=dict, repr=False, hash=False)

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

    @classmethod
    def from_page(cls, page: str | os.PathLike[str]) -> Model:
        """Make a model from a provider's documentation page; nothing is fetched.

        Args:
            page: The page's text as copied from a browser (or its Markdown, or HTML), or the path of a file with it.

        Raises:
            InputError: The page is of no known kind (`error.page_foreign`), it is cut short (`error.page_cut`; its params
                name what is `missing`), or the file cannot be read.
        """
        read = read_page(page_text_of(page))
        found = read_schema(read.schema, language=read.language, sample=read.sample)
        fields = tuple(_advised(field, read.limits) for field in found.fields)
        return cls(
            read.model, read.provider, fields, found.rules, title=read.title or read.model, kind=_kind_of(read.model, fields),
            source="page", schema=dict(read.schema), notes=(*read.notes, *found.notes), sample=found.sample,
            outputs=dict(read.outputs), language=read.language, root=found.root,
        )

    @classmethod
    def from_openapi(
        cls,
        document: Mapping[str, object] | str,
        *,
        path: str | None = None,
        id: str | None = None,
        provider: str | None = None,
    ) -> Model:
        """Make a model from an OpenAPI document: the inputs are the JSON body of one POST. Nothing is fetched.

        Kie's, fal's and Replicate's (Cog's) shapes of body are known, so that the inputs are found inside their envelope.

        Args:
            document: OpenAPI 3.0 or 3.1, as a mapping or as JSON text.
            path: The operation, by its path or its `operationId`, where the document has several.
            id: The model id; the one the document names, or its title, when absent.
            provider: Whose protocol carries it; the one whose servers the document names when absent, else it runs locally.

        Raises:
            InputError: No OpenAPI 3 document, no such operation, several of them (the message lists them), or its body is
                no object.
        """
        from .schema.openapi import read_openapi  # here: few people bring a document

        found = read_openapi(document, path)
        name = id or found.model or found.title or "custom"
        made = cls.from_schema(found.schema, id=name, provider=provider or found.provider, sample=found.sample)
        return replace(
            made, title=found.title or name, source="openapi", outputs=found.outputs,
            notes=(*found.notes, *made.notes), kind=_kind_of(name, made.fields),
        )

    @classmethod
    def from_pydantic(cls, kind: type[BaseModel], *, id: str | None = None, provider: str | None = None) -> Model:
        """Make a model from a pydantic class: the form is its JSON Schema, and the class itself judges the values.

        What is sent is what a person said, not the class's dump: silence stays silence, and its defaults stay its own.

        Args:
            kind: A class that derives from `pydantic.BaseModel` (of pydantic 2).
            id: The model id; the name of the class when absent.
            provider: Whose protocol carries it; without one it runs locally.

        Raises:
            InputError: This is no pydantic class, or its schema is no object's (a `RootModel`).
        """
        schema = schema_of_class(kind)
        made = cls.from_schema(schema, id=id or kind.__name__, provider=provider)
        return replace(made, title=str(schema.get("title") or made.id), source="pydantic", judge=judge_of_class(kind))

    def problems(self, values: Values) -> tuple[Problem, ...]:
        """Everything that is wrong (blocking) or unwise with these values: by our check, then by the model's own judge.

        Of one place our word is enough; the judge speaks of what only it knows.
        """
        found = check(self.root, self.rules, values)
        if self.judge is None:
            return found
        places = [problem.pointer for problem in found if problem.blocking]
        more = self.judge(payload(self.root, self.rules, values))
        return (*found, *(each for each in more if not any(each.pointer[: len(place)] == place for place in places)))

    def secrets(self, values: Values) -> frozenset[Pointer]:
        """The places of secrets among these values: of texts of format `password`, or that are only written."""
        return secret_places(self.root, self.rules, values)

    def page(self, language: str | None = None) -> str:
        """The model's documentation as Markdown: what the cell shows, to be kept in a file or a README.

        Args:
            language: `en`, `ja`, `zh-CN` or `zh-TW`; that of the process when None.
        """
        return str(_display().model_markdown(self, language))

    def __repr__(self) -> str:
        inputs = ", ".join(field.name + ("" if field.required else "?") for field in self.fields)
        said = visible(f"{self.id} · {self.provider or 'local'} · {inputs}")
        return f"<Model {' '.join(said.split())}>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return dict(_display().model_bundle(self))

    def field(self, name: str) -> Field | None:
        """The field of that name, or None; names are compared exactly."""
        return next((found for found in self.fields if found.name == name), None)


def _display() -> Any:  # a module
    """How a model is shown stands floors above, so it is named, not imported: nothing here depends on it."""
    return importlib.import_module(".model_display", __package__)



_TASK = re.compile(r"[a-z]+-to-[a-z]+")


def _advised(field: Field, limits: Mapping[str, int]) -> Field:
    """The field with the size its page advises for a file of its medium; a limit of its own stays."""
    items = _advised(field.items, limits) if field.items else None
    media = field.media
    if media is not None and media.kind in limits and media.max_bytes is None and media.advised_bytes is None:
        media = replace(media, advised_bytes=limits[media.kind])
    return replace(field, media=media, items=items)


def _kind_of(model_id: str, fields: tuple[Field, ...]) -> str:
    """What the model makes of what, as its id says; else by whether it takes a picture."""
    said = _TASK.findall(model_id)
    takes = any((field.media or (field.items and field.items.media)) is not None for field in fields)
    return said[-1] if said else "image-to-image" if takes else "text-to-image"
