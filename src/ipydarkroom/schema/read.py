"""Normalise, note, never refuse: a foreign object schema becomes Fields, and every correction leaves a Note.

A property's name is data: it is compared and sent as it is, and means nothing here beyond naming a medium. What this
reader does not understand stays in `Field.extra`; a part it cannot make sense of takes any JSON value.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from ..errors import InputError
from ..fields import UNSET, Choice, Field, Pointer
from .document import Document, Note, Schema
from .kinds import KINDS, STANDARD_KINDS, Kind, convert, fits, guess, same
from .media import media_of_field
from .ratios import ratio_of, size_of

__all__ = ["CLOSED", "read_schema"]

CLOSED = "parent.additionalProperties"
"""In `Field.extra`, with the value False: the object this field belongs to takes no names but its own."""

_SHORT_BOUNDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
_DEEPEST_LIST = 6  # lists of lists of ...; the deepest known input is a list of lists of four numbers
_USED = frozenset({
    "type", "title", "description", "default", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "multipleOf", "minLength", "maxLength", "pattern", "format", "items", "minItems", "maxItems", "nullable",
    "$ref", "allOf", "anyOf", "oneOf", *_SHORT_BOUNDS,
})


def read_schema(
    schema: Mapping[str, object], hints: Mapping[str, Mapping[str, Any]] | None = None
) -> tuple[tuple[Field, ...], tuple[Note, ...]]:
    """Read an object schema.

    Args:
        schema: The document; foreign input.
        hints: By property name, what a schema cannot say (from a catalog entry): `media` (kind, max_bytes,
            advised_bytes, mimes), `advised_words`, `sizes` (value -> [width, height]), `sample` (the default is only
            an example, never to be sent by itself), `important` (not to be folded away).

    Returns:
        The fields in the document's order (by `x-order` where all have one), and what was put right on the way.

    Raises:
        InputError: This is no schema of an object. No other oddity raises.
    """
    document = Document(schema)
    root = _with_branches(document, document.plain(schema, ()))
    properties = root.get("properties")
    if not _describes_object(root):
        raise InputError(
            "This is not the schema of an object: it has no properties.",
            next_step="Give a JSON Schema with type object.", key="error.not_a_schema",
        )
    found = {str(name): part for name, part in properties.items()} if isinstance(properties, Mapping) else {}
    wanted, hints = _names(root.get("required")), hints or {}
    fields = [_field(document, (name,), part, name in wanted, hints.get(name, {}), root) for name, part in found.items()]
    for name in sorted(wanted - set(found)):
        document.note((name,), "required_undefined", name, None)
    return tuple(_in_order(fields)), tuple(document.notes)


def _describes_object(root: Schema) -> bool:
    said = root.get("type")
    kinds = said if isinstance(said, list) else [said]
    if any(isinstance(kind, str) and KINDS.get(kind.lower()) == "object" for kind in kinds):
        return True
    return said is None and isinstance(root.get("properties"), Mapping)


def _names(required: object) -> set[str]:
    return {str(name) for name in required} if isinstance(required, list) else set()


def _in_order(fields: list[Field]) -> list[Field]:
    places = [place for field in fields if (place := _number(field.extra.get("x-order"))) is not None]
    if len(places) < len(fields):
        return fields
    return [fields[at] for at in sorted(range(len(fields)), key=places.__getitem__)]


def _with_branches(document: Document, root: dict[str, Any]) -> dict[str, Any]:
    """Properties that only variants of the whole document have become optional ones: a form shows them all."""
    for word in ("oneOf", "anyOf"):
        branches = root.get(word)
        if not isinstance(branches, list) or not branches:
            continue
        plain = [document.plain(branch, (), (word,)) for branch in branches]
        found = [dict(branch["properties"]) if isinstance(branch.get("properties"), Mapping) else {} for branch in plain]
        if not any(found):
            continue
        needed = set.intersection(*(_names(branch.get("required")) for branch in plain))
        known = root["properties"] if isinstance(root.get("properties"), Mapping) else {}
        merged = {name: part for branch in reversed(found) for name, part in branch.items()} | dict(known)
        root = {**root, "properties": merged, "required": sorted(_names(root.get("required")) | needed)}
        document.note((), f"{word}_joined", len(branches), sorted(set(merged) - set(known)))
    return root


def _field(document: Document, pointer: Pointer, raw: object, required: bool, hint: Schema, parent: Schema) -> Field:
    """One property, or the items of an array."""
    part, nullable = _without_null(document, document.plain(raw, pointer), pointer)
    kind = _kind(document, part, pointer)
    if part.get("required") is True:
        document.note(pointer, "required_on_property", True, "required")
        required = True
    default, choices = _default_and_choices(document, part, kind, pointer, nullable, hint)
    if hint.get("sample"):
        document.note(pointer, "sample_default", default, None)
        default = UNSET
    return Field(
        pointer, kind, required=required, nullable=nullable, default=default, choices=choices,
        **_bounds(document, part, pointer),
        multiple_of=_number(part.get("multipleOf")),
        min_length=_whole(part.get("minLength")), max_length=_whole(part.get("maxLength")),
        pattern=_text(part.get("pattern")), format=_text(part.get("format")),
        media=media_of_field(str(pointer[0]), part, hint, kind) if kind == "string" else None,
        items=_items(document, part, pointer, hint) if kind == "array" else None,
        min_items=_whole(part.get("minItems")), max_items=_whole(part.get("maxItems")),
        title=_text(part.get("title")) or "", help=_text(part.get("description")) or "",
        advised_words=hint.get("advised_words"), extra=_extra(part, hint, parent),
    )


def _items(document: Document, part: Schema, pointer: Pointer, hint: Schema) -> Field | None:
    """What a list holds. One that does not say, and whose format names links (`image_uris`), holds links."""
    if len(pointer) > _DEEPEST_LIST:
        document.note(pointer, "too_deep", len(pointer), "any")
        return None
    inner = True if "prefixItems" in part else part.get("items")  # places with schemas of their own are not judged
    if inner is None:
        form = _text(part.get("format"))
        inner = {"type": "string", "format": form.removesuffix("s")} if form else {}
        document.note(pointer, "items_missing", None, inner)
    media = {"media": hint["media"]} if "media" in hint else {}
    return _field(document, (*pointer, "items"), inner, False, media, {})


def _extra(part: Schema, hint: Schema, parent: Schema) -> dict[str, object]:
    extra: dict[str, object] = {str(key): value for key, value in part.items() if key not in _USED}
    if hint.get("important"):
        extra["important"] = True
    if parent.get("additionalProperties") is False:
        extra[CLOSED] = False
    return extra


# --- kinds and null


def _without_null(document: Document, part: dict[str, Any], pointer: Pointer) -> tuple[dict[str, Any], bool]:
    """The ways of saying "or null" become one: `nullable`, a list of types, a branch, null among the values."""
    nullable = part.get("nullable") is True
    kinds = part.get("type")
    if isinstance(kinds, list):
        rest = [kind for kind in kinds if kind != "null"]
        nullable = nullable or len(rest) < len(kinds)
        part = {**part, "type": rest[0] if len(rest) == 1 else "any"}
        document.note(pointer, "type_list", kinds, part["type"])
    for word in ("anyOf", "oneOf"):
        branches = part.get(word)
        if isinstance(branches, list):
            part, null = _one_branch(document, part, word, branches, pointer)
            nullable = nullable or null
    listed = part.get("enum")
    if isinstance(listed, list) and None in listed:
        part, nullable = {**part, "enum": [value for value in listed if value is not None]}, True
    return part, nullable


def _one_branch(
    document: Document, part: dict[str, Any], word: str, branches: list[Any], pointer: Pointer
) -> tuple[dict[str, Any], bool]:
    """`T or null` is T; a list of constants is an enum; anything else is any JSON."""
    rest = [branch for branch in branches if not (isinstance(branch, Mapping) and branch.get("type") == "null")]
    kept = {key: value for key, value in part.items() if key != word}
    if len(rest) == 1:
        kept = {**document.plain(rest[0], pointer, (word,)), **kept}
    elif rest and all(isinstance(branch, Mapping) and "const" in branch for branch in rest):
        kept["enum"] = [branch["const"] for branch in rest]
        kept["enumNames"] = [branch.get("title") for branch in rest]
    elif "type" not in kept:
        kept["type"] = "any"
    document.note(pointer, word, branches, kept.get("type"))
    return kept, len(rest) < len(branches)


def _kind(document: Document, part: Schema, pointer: Pointer) -> Kind:
    said = part.get("type")
    if isinstance(said, str) and (kind := KINDS.get(said.lower())):
        if said not in STANDARD_KINDS and said != "any":
            document.note(pointer, "type_alias", said, kind)
        return kind
    guessed = guess(part)
    document.note(pointer, "type_missing" if said is None else "type_unknown", said, guessed)
    return guessed


# --- values


def _default_and_choices(
    document: Document, part: Schema, kind: Kind, pointer: Pointer, nullable: bool, hint: Schema
) -> tuple[object, tuple[Choice, ...]]:
    """The default, and the allowed values as listed; a default that is not among them becomes one more."""
    listed = _listed(part)
    if odd := [value for value in listed if not fits(kind, value)]:
        document.note(pointer, "enum_type", odd, "kept as listed")
    names = _choice_names(part, len(listed))
    default = _default(document, part, kind, listed, pointer, nullable)
    if listed and default is not UNSET and default is not None and not any(same(value, default) for value in listed):
        document.note(pointer, "default_outside", default, "one more choice")
        listed.append(default)
        names.append(None)
    sizes = hint.get("sizes", {})
    return default, tuple(_choice(value, name, sizes) for value, name in zip(listed, names, strict=True))


def _listed(part: Schema) -> list[object]:
    """The allowed values, each once, null aside."""
    values = [part["const"]] if "const" in part else part.get("enum")
    found: list[object] = []
    for value in values if isinstance(values, list) else ():
        if value is not None and not any(same(value, known) for known in found):
            found.append(value)
    return found


def _choice_names(part: Schema, count: int) -> list[str | None]:
    """Names beside the values (`enumNames`, or the titles of `oneOf` constants), where there is one for each."""
    names = part.get("enumNames")
    return [_text(name) for name in names] if isinstance(names, list) and len(names) == count else [None] * count


def _default(
    document: Document, part: Schema, kind: Kind, listed: list[object], pointer: Pointer, nullable: bool
) -> object:
    if "default" not in part:
        return UNSET
    said = part["default"]
    if said is None:
        if not nullable:
            document.note(pointer, "default_null", None, "no default")
        return None if nullable else UNSET
    if listed:
        alike = [value for value in listed if same(value, said)] or [value for value in listed if str(value) == str(said)]
        found = alike[0] if alike else said
    else:
        found = said if fits(kind, said) else convert(said, kind)
    if not same(found, said):
        document.note(pointer, "default_type", said, None if found is UNSET else found)
    return found


def _choice(value: object, name: str | None, sizes: Schema) -> Choice:
    size = sizes.get(value) if isinstance(value, str) else None
    label = name or (value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str))
    return Choice(value, label, (size[0], size[1]) if size else size_of(value), ratio_of(value))


def _bounds(document: Document, part: Schema, pointer: Pointer) -> dict[str, Any]:
    """The four bounds, with the short words and the true/false of draft 4 put right."""
    found = dict(part)
    for short, proper in _SHORT_BOUNDS.items():
        if short in found:
            document.note(pointer, "bound_alias", short, proper)
            found.setdefault(proper, found[short])
    bounds: dict[str, Any] = {}
    for end in ("minimum", "maximum"):
        plain, exclusive = _number(found.get(end)), found.get(f"exclusive{end.capitalize()}")
        if exclusive is True:
            document.note(pointer, "draft4_exclusive", True, plain)
            plain, exclusive = None, plain
        bounds[end], bounds[f"exclusive_{end}"] = plain, _number(exclusive)
    return bounds


def _number(value: object) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) and value - value == 0 else None  # not NaN


def _whole(value: object) -> int | None:
    found = _number(value)
    return int(found) if found is not None and found >= 0 else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


