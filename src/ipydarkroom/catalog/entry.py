"""The shape of one bundled model's file, and how it becomes a Model.

`schema` is the page's own, every name, value, bound, default and mark verbatim; only titles and descriptions are left
out, which are ours and in `languages/`. Everything we add stands beside it: `hints`, `rules`, `undefined`, `assumed`.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from ..fields import UNSET, Rule
from ..models import Model, Most, Price, Role
from ..schema import read_schema

__all__ = ["Entry"]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Media(_Strict):
    """Limits of a file: `max_bytes` and `mimes` block, `advised_bytes` only warns."""

    kind: Literal["image", "video", "audio", "file"]
    max_bytes: int | None = None
    advised_bytes: int | None = None
    mimes: tuple[str, ...] = ()


class _Hint(_Strict):
    """What a schema cannot say about one field.

    `sample` marks a default that is the page's demo text: shown as an example, never sent by itself. `sizes` gives
    pixels to names that have none. `important` keeps an optional field from being folded away.
    """

    media: _Media | None = None
    advised_words: int | None = None
    sizes: dict[str, tuple[int, int]] = {}
    sample: bool = False
    important: bool = False


class _Rule(_Strict):
    kind: Literal["only_when", "instead_of", "not_with", "needs"]
    field: str
    other: str
    value: Any = UNSET
    prefilled: bool = False


class _Most(_Strict):
    when: dict[str, Any] = {}
    field: str = ""
    count: int | None = None


class _Price(_Strict):
    usd: float
    per: Literal["output", "second", "order"] = "output"


class Entry(_Strict):
    """One file of this folder.

    `undefined` holds schemas for inputs the page names without defining them. `assumed` says in sentences what we
    made up where the page is silent. `roles` says what inputs are for, so that they meet those of other models. `most` says how many results an order makes at most, first rule that holds.
    """

    id: str
    provider: str
    kind: str
    source: str
    schema_: dict[str, Any] = Field(alias="schema")
    hints: dict[str, _Hint] = {}
    rules: tuple[_Rule, ...] = ()
    undefined: dict[str, dict[str, Any]] = {}
    assumed: tuple[str, ...] = ()
    roles: dict[str, Role] = {}
    most: tuple[_Most, ...] = ()
    price: _Price | None = None

    @model_validator(mode="after")
    def _names_are_known(self) -> Entry:
        """A hint or a rule about a field that is not there is a slip of the pen."""
        known = {*self.schema_["properties"], *self.undefined}
        named = {*self.hints, *self.roles, *(name for rule in self.rules for name in (rule.field, rule.other))}
        named |= {name for most in self.most for name in (*most.when, *filter(None, [most.field]))}
        if named - known:
            raise ValueError(f"{self.id} has no {', '.join(sorted(named - known))}")
        return self

    def model(self) -> Model:
        """The Model this entry describes."""
        properties = self.schema_["properties"]
        whole = {**self.schema_, "properties": {**properties, **self.undefined}}
        hints = {name: hint.model_dump(exclude_defaults=True) for name, hint in self.hints.items()}
        read = read_schema(whole, hints)
        return Model(
            id=self.id,
            provider=self.provider,
            fields=read.fields,
            root=read.root,
            rules=tuple(Rule(rule.kind, rule.field, rule.other, rule.value, rule.prefilled) for rule in self.rules),
            title=self.id,
            kind=self.kind,
            source=self.source,
            schema=self.schema_,
            notes=read.notes,
            roles=self.roles,
            sample={name: properties[name]["default"] for name, hint in self.hints.items() if hint.sample},
            most=tuple(Most(most.when, most.field, most.count) for most in self.most),
            price=Price(self.price.usd, self.price.per) if self.price else None,
        )
