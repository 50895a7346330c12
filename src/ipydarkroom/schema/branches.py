"""Several shapes for one value: what all of them have in common, and how they are told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..fields import UNSET, Branch, Branches, Field
from .kinds import same

if TYPE_CHECKING:
    from ..fields import Choice
    from .document import Schema

__all__ = ["common", "constants", "is_null", "is_simple", "joined_children", "told_apart"]

_NAMES_ONE = frozenset({"const", "enum", "title", "description", "type", "deprecated"})
_COMPLEX = ("anyOf", "oneOf", "allOf", "not", "if", "unevaluatedProperties", "unevaluatedItems", "$dynamicRef")
_LOWEST = ("minimum", "exclusive_minimum", "min_length", "min_items")
_HIGHEST = ("maximum", "exclusive_maximum", "max_length", "max_items")
_EQUAL = ("pattern", "format", "media", "items", "multiple_of", "step", "unique_items", "title", "help")


def is_null(part: Schema) -> bool:
    """Whether a branch is null and nothing else."""
    return part.get("type") == "null" or ("const" in part and part["const"] is None) or part.get("enum") == [None]


def is_simple(part: Schema) -> bool:
    """Whether a branch names its type and no further branches, so that `it or null` can be written as one part."""
    return not any(word in part for word in _COMPLEX) and any(word in part for word in ("type", "enum", "const", "properties"))


def constants(parts: Sequence[Schema], *, exclusive: bool) -> list[tuple[object, Schema]] | None:
    """The values of branches that only name values, each with its branch; None where they do more."""
    found: list[tuple[object, Schema]] = []
    for part in parts:
        listed = [part["const"]] if "const" in part else part.get("enum")
        if not isinstance(listed, list) or not listed:
            return None
        if any(word not in _NAMES_ONE and not word.startswith("x-") for word in part):
            return None
        for value in listed:
            if not any(same(value, known) for known, _ in found):
                found.append((value, part))
            elif exclusive:
                return None
    return found


def common(fields: Sequence[Field]) -> dict[str, Any]:
    """What is true of every branch, as arguments of a Field: its kind, choices, widest bounds, what all share."""
    kinds = {field.kind for field in fields}
    if kinds == {"integer", "number"}:
        kinds = {"number"}
    if len(kinds) != 1 or "union" in kinds:
        return {"kind": "union", "types": ()}
    found: dict[str, Any] = {"kind": kinds.pop(), "types": ()}
    for names, widest in ((_LOWEST, min), (_HIGHEST, max)):
        for name in names:
            said = [getattr(field, name) for field in fields]
            if None not in said:
                found[name] = widest(said)
    for name in _EQUAL:
        said = [getattr(field, name) for field in fields]
        if said[0] and all(one == said[0] for one in said[1:]):
            found[name] = said[0]
    if all(field.choices for field in fields):
        found["choices"] = _all_choices(fields)
    return found


def _all_choices(fields: Sequence[Field]) -> tuple[Choice, ...]:
    found: list[Choice] = []
    for choice in (choice for field in fields for choice in field.choices):
        if not any(same(choice.value, known.value) for known in found):
            found.append(choice)
    return tuple(found)


def told_apart(fields: Sequence[Field], said: object, *, exclusive: bool) -> Branches:
    """The branches with what tells them apart: OpenAPI's `discriminator`, else a name that each fixes differently."""
    name = said.get("propertyName") if isinstance(said, Mapping) else said
    values: list[object] = []
    for found in [name] if isinstance(name, str) else _fixed_names(fields):
        values = [_fixed(field, found) for field in fields]
        if UNSET not in values and not any(same(one, other) for at, one in enumerate(values) for other in values[:at]):
            name = found
            break
    else:
        values = values if isinstance(name, str) else [UNSET] * len(fields)
    branches = tuple(
        Branch(field, field.title or ("" if value is UNSET else str(value)), value) for field, value in zip(fields, values, strict=True)
    )
    return Branches(branches, exclusive, name if isinstance(name, str) else "")


def _fixed_names(fields: Sequence[Field]) -> list[str]:
    return [child.name for child in fields[0].children if child.is_constant] if len(fields) > 1 else []


def _fixed(field: Field, name: str) -> object:
    return next((child.choices[0].value for child in field.children if child.name == name and child.is_constant), UNSET)


def joined_children(root: Field) -> tuple[Field, ...]:
    """The properties of a whole document, those of its variants included: a form shows them all.

    A name that several variants define differently may be what any of them says. One that is required in every variant
    of a choice is required.
    """
    own = {child.name: child for child in root.children}
    for choice in root.branches:
        variants = [branch.field for branch in choice.branches]
        names = dict.fromkeys(child.name for variant in variants for child in variant.children)
        needed = set.intersection(*(set(variant.needs) for variant in variants)) if variants else set()
        for name in names:
            told = [child for variant in variants for child in variant.children if child.name == name]
            if name not in own:
                own[name] = replace(_either(told), required=name in needed or name in root.needs)
            elif name in needed and not own[name].required:
                own[name] = replace(own[name], required=True)
    return tuple(own.values())


def _either(told: Sequence[Field]) -> Field:
    """One field for what variants say about the same name."""
    distinct: list[Field] = []
    for field in told:
        if not any(_bare(field) == _bare(known) for known in distinct):
            distinct.append(field)
    first = distinct[0]
    if len(distinct) == 1:
        return first
    words: dict[str, Any] = {"title": first.title, "help": first.help}
    return Field(
        first.pointer, **{**words, **common(distinct)}, nullable=any(field.nullable for field in distinct),
        default=first.default if all(same(field.default, first.default) for field in distinct) else UNSET,
        examples=first.examples, branches=(told_apart(distinct, None, exclusive=False),), extra=first.extra,
    )


def _bare(field: Field) -> Field:
    return replace(field, title="", help="", examples=(), required=False, order=None, texts={})
