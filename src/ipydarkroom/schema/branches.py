"""Several shapes for one value: what all of them have in common, and how they are told apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..fields import UNSET, Branch, Branches, Field
from .kinds import same, unique_key
from .merging import narrowed_types

if TYPE_CHECKING:
    from ..fields import Choice, Pointer
    from .document import Document, Schema

__all__ = ["common", "constants", "is_null", "is_simple", "joined_children", "told_apart", "without_slips"]

_NAMES_ONE = frozenset({"const", "enum", "title", "description", "type", "deprecated"})
_TELLS_NOTHING = frozenset({"type", "title", "description"})
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
    found: dict[object, tuple[object, Schema]] = {}
    for part in parts:
        listed = [part["const"]] if "const" in part else part.get("enum")
        if not isinstance(listed, list) or not listed:
            return None
        if any(word not in _NAMES_ONE and not word.startswith("x-") for word in part):
            return None
        for value in listed:
            key = unique_key(value)
            if key in found and exclusive:
                return None
            found.setdefault(key, (value, part))
    return list(found.values())


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
    found: dict[object, Choice] = {}
    for choice in (choice for field in fields for choice in field.choices):
        found.setdefault(unique_key(choice.value), choice)
    return tuple(found.values())


def told_apart(fields: Sequence[Field], said: object, *, exclusive: bool) -> Branches:
    """The branches with what tells them apart: OpenAPI's `discriminator`, else a name that each fixes differently."""
    word = said.get("propertyName") if isinstance(said, Mapping) else said
    name = word if isinstance(word, str) else _telling_name(fields)
    values = [_fixed(field).get(name, UNSET) for field in fields]
    branches = tuple(
        Branch(field, field.title or ("" if value is UNSET else str(value)), value) for field, value in zip(fields, values, strict=True)
    )
    return Branches(branches, exclusive, name)


def _telling_name(fields: Sequence[Field]) -> str:
    """A name that every branch fixes, each to another value; empty where there is none."""
    fixed = [_fixed(field) for field in fields]
    for name in fixed[0] if len(fixed) > 1 else ():
        if all(name in one for one in fixed) and len({unique_key(one[name]) for one in fixed}) == len(fixed):
            return name
    return ""


def _fixed(field: Field) -> dict[str, object]:
    return {child.name: child.choices[0].value for child in field.children if child.is_constant}


def joined_children(root: Field) -> tuple[Field, ...]:
    """The properties of a whole document, those of its variants included: a form shows them all.

    A name that several variants define differently may be what any of them says. One that is required in every variant
    of a choice is required.
    """
    own = {child.name: child for child in root.children}
    for choice in root.branches:
        variants = [branch.field for branch in choice.branches]
        names: dict[str, list[Field]] = {}
        for child in (child for variant in variants for child in variant.children):
            names.setdefault(child.name, []).append(child)
        needed = set.intersection(*(set(variant.needs) for variant in variants)) if variants else set()
        for name, told in names.items():
            if name not in own:
                own[name] = replace(_either(told), required=name in needed or name in root.needs)
            elif name in needed and not own[name].required:
                own[name] = replace(own[name], required=True)
    return tuple(own.values())


def _either(told: Sequence[Field]) -> Field:
    """One field for what variants say about the same name."""
    distinct = list({_bare(field): field for field in reversed(told)}.values())[::-1]
    first = distinct[0]
    if len(distinct) == 1:
        return first
    words: dict[str, Any] = {"title": first.title, "help": first.help}
    return Field(
        first.pointer, **{**words, **common(distinct)}, nullable=any(field.nullable for field in distinct),
        default=first.default if all(same(field.default, first.default) for field in distinct) else UNSET,
        examples=first.examples, branches=(told_apart(distinct, None, exclusive=False),), extra=first.extra,
    )


def without_slips(document: Document, own: object, plain: Schema, raw: object, pointer: Pointer) -> object:
    """A branch without what it says about a property's type against the property itself.

    An editor writes `{type: string}` where a branch only names what it requires; one Kie schema has it beside an array.
    """
    theirs = plain.get("properties")
    if not isinstance(own, Mapping) or not isinstance(theirs, Mapping) or not isinstance(raw, Mapping) or "properties" not in raw:
        return raw
    slips = [name for name, part in theirs.items() if _is_slip(part, own.get(name))]
    for name in sorted(slips):
        document.note((*pointer, name), "stub", theirs[name], None)
    return {**raw, "properties": {**raw["properties"], **dict.fromkeys(slips, True)}} if slips else raw


def _is_slip(part: object, whole: object) -> bool:
    if not isinstance(part, Mapping) or not isinstance(whole, Mapping) or "type" not in part or "type" not in whole:
        return False
    return part.keys() <= _TELLS_NOTHING and narrowed_types(part["type"], whole["type"]) is None


def _bare(field: Field) -> Field:
    return replace(field, title="", help="", examples=(), required=False, order=None, texts={})
