"""What a bundled entry knows beside a schema, laid over the same model as a page describes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from . import bundled
from ..fields import Field, Rule
from ..models import Model, Most

__all__ = ["overlaid"]

_WORDS = frozenset({"title", "description"})


def overlaid(model: Model) -> Model:
    """The model, with what its bundled entry adds (limits of files, rules, how many results) where the two agree.

    A page that says the same as the bundled one gives words and examples only. One that says something else is newer:
    its fields stand, and of the entry only what speaks of names it still has.
    """
    if model.source != "page":
        return model
    known = next((each for each in bundled() if (each.provider, each.id) == (model.provider, model.id)), None)
    if known is None:
        return model
    if _bare(model.schema) == _bare(known.schema):
        sample = {**known.sample, **model.sample}
        fields = tuple(_worded(field, model.field(field.name)) for field in known.fields)
        return replace(
            model, fields=fields, rules=known.rules, kind=known.kind, sample=sample, roles=known.roles, most=known.most, price=known.price,
        )
    names = {field.name for field in model.fields}
    return replace(
        model,
        rules=_both(tuple(rule for rule in known.rules if {rule.field, rule.other} <= names), model.rules),
        kind=known.kind,
        roles={name: role for name, role in known.roles.items() if name in names},
        most=known.most if all(_speaks_of(most, names) for most in known.most) else (),
        price=known.price,
    )


def _both(known: tuple[Rule, ...], said: tuple[Rule, ...]) -> tuple[Rule, ...]:
    """The entry's rules, and what the page's own words say of other fields: a rule written by hand wins."""
    spoken_of = {name for rule in known for name in (rule.field, rule.other)}
    return (*known, *(rule for rule in said if rule.field not in spoken_of))


def _worded(field: Field, page: Field | None) -> Field:
    return field if page is None else replace(field, title=page.title, help=page.help)


def _speaks_of(most: Most, names: set[str]) -> bool:
    return {*most.when, *filter(None, [most.field])} <= names


def _bare(schema: Mapping[str, object]) -> dict[str, object]:
    """A schema without its words; a property that is called `title` is none of them."""
    properties = schema.get("properties")
    parts = properties.items() if isinstance(properties, Mapping) else ()
    bare = {key: value for key, value in schema.items() if key not in _WORDS}
    return {**bare, "properties": {name: _without_words(part) for name, part in parts}}


def _without_words(part: object) -> object:
    if not isinstance(part, Mapping):
        return part
    return {key: _without_words(value) if key == "items" else value for key, value in part.items() if key not in _WORDS}
