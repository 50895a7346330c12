"""Normalise, note, never refuse: a foreign object schema becomes Fields, and every correction leaves a Note.

References are looked up inside the document only; nothing is fetched, imported or run. A property's name is data.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from ..errors import InputError
from ..fields import UNSET, Choice, Field, Media, Pointer, pointer_text
from .ratios import ratio_of, size_of

__all__ = ["Note", "read_schema"]

Kind: TypeAlias = Literal["string", "integer", "number", "boolean", "array", "object", "any"]
Schema: TypeAlias = Mapping[str, Any]

_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("number", "float", "double", "decimal"), "number"),
    **dict.fromkeys(("integer", "int", "long", "int32", "int64"), "integer"),
    **dict.fromkeys(("boolean", "bool"), "boolean"),
    **dict.fromkeys(("string", "str", "text", "file", "image", "audio", "video"), "string"),
    **dict.fromkeys(("array", "list"), "array"),
    **dict.fromkeys(("object", "dict", "map"), "object"),
    "any": "any",
}
_PROPER = frozenset({"number", "integer", "boolean", "string", "array", "object"})
_SHORT_BOUNDS = {"ge": "minimum", "le": "maximum", "gt": "exclusiveMinimum", "lt": "exclusiveMaximum"}
_KNOWN = frozenset({
    "type", "title", "description", "default", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum",
    "multipleOf", "minLength", "maxLength", "pattern", "format", "items", "minItems", "maxItems", "nullable", "required",
    "properties", "$ref", "allOf", "anyOf", "oneOf", *_SHORT_BOUNDS,
})


@dataclass(frozen=True, slots=True)
class Note:
    """One correction: where (a JSON Pointer), which rule, and what was and what became."""

    pointer: str
    rule: str
    was: object
    became: object


def read_schema(
    schema: Mapping[str, object], hints: Mapping[str, Mapping[str, Any]] | None = None
) -> tuple[tuple[Field, ...], tuple[Note, ...]]:
    """Read an object schema.

    Args:
        schema: The document; foreign input.
        hints: By property name, what a schema cannot say (from a catalog entry): `media`, `advised_words`, `sizes`,
            `sample`.

    Returns:
        The fields in the document's order, and what was put right on the way.

    Raises:
        InputError: This is no schema of an object.
    """
    reader = _Reader(schema)
    root = reader.plain(schema, ())
    properties = root.get("properties")
    if not isinstance(properties, Mapping) and root.get("type") != "object":
        raise InputError(
            "This is not the schema of an object: it has no properties.",
            next_step="Give a JSON Schema with type object.", key="error.not_a_schema",
        )
    required = root.get("required")
    wanted = {str(name) for name in required} if isinstance(required, list) else set()
    found = properties if isinstance(properties, Mapping) else {}
    fields = [reader.field((str(name),), part, str(name) in wanted, (hints or {}).get(name, {})) for name, part in found.items()]
    for name in sorted(wanted - set(found)):
        reader.note((name,), "required_undefined", name, None)
    return tuple(fields), tuple(reader.notes)


class _Reader:
    """One document being read; it collects the notes."""

    def __init__(self, document: Schema) -> None:
        self.document = document
        self.notes: list[Note] = []

    def note(self, pointer: Pointer, rule: str, was: object, became: object) -> None:
        self.notes.append(Note(pointer_text(pointer), rule, was, became))

    def field(self, pointer: Pointer, raw: object, required: bool, hint: Schema) -> Field:
        """One property, or the items of an array."""
        part = self.plain(raw, pointer)
        part, nullable = self._nullable(part, pointer)
        kind = self._kind(part, pointer)
        choices = self._choices(part, kind, pointer, hint)
        if part.get("required") is True:
            self.note(pointer, "required_on_property", True, "required")
            required = True
        default = self._default(part, kind, choices, pointer, nullable)
        if "sample" in hint:
            self.note(pointer, "sample_default", default, None)
            default = UNSET
        bounds = self._bounds(part, pointer)
        items = self.field((*pointer, "items"), part.get("items", {}), False, {}) if kind == "array" else None
        return Field(
            pointer, kind, required=required, nullable=nullable, default=default, choices=choices, **bounds,
            multiple_of=_number(part.get("multipleOf")), min_length=_whole(part.get("minLength")),
            max_length=_whole(part.get("maxLength")), pattern=_text(part.get("pattern")), format=_text(part.get("format")),
            media=_media(pointer, part, hint, kind), items=items, min_items=_whole(part.get("minItems")),
            max_items=_whole(part.get("maxItems")), title=_text(part.get("title")) or "",
            help=_text(part.get("description")) or "", advised_words=hint.get("advised_words"),
            extra={str(key): value for key, value in part.items() if key not in _KNOWN},
        )

    def plain(self, raw: object, pointer: Pointer, seen: tuple[str, ...] = ()) -> dict[str, Any]:
        """A schema with its references and `allOf` parts merged in; what stands beside them wins."""
        if not isinstance(raw, Mapping):
            if raw is not True:
                self.note(pointer, "no_schema", raw, "any")
            return {}
        part = dict(raw)
        merged: dict[str, Any] = {}
        reference = part.pop("$ref", None)
        if isinstance(reference, str):
            target = self._look_up(reference) if reference not in seen else None
            if target is None:
                self.note(pointer, "unknown_reference", reference, "any")
            else:
                merged.update(self.plain(target, pointer, (*seen, reference)))
        several = part.pop("allOf", None)
        for piece in several if isinstance(several, list) else ():
            inner = self.plain(piece, pointer, seen)
            merged = {**merged, **inner, "properties": {**merged.get("properties", {}), **inner.get("properties", {})}}
            if not merged["properties"]:
                del merged["properties"]
        return {**merged, **part}

    def _look_up(self, reference: str) -> object | None:
        """A place inside this document, by JSON Pointer; other documents are never asked."""
        if not reference.startswith("#"):
            return None
        place: object = self.document
        for step in reference[1:].split("/")[1:]:
            key = step.replace("~1", "/").replace("~0", "~")
            if not isinstance(place, Mapping) or key not in place:
                return None
            place = place[key]
        return place

    def _nullable(self, part: dict[str, Any], pointer: Pointer) -> tuple[dict[str, Any], bool]:
        """The four ways of saying "or null" become one."""
        nullable = part.get("nullable") is True
        kinds = part.get("type")
        if isinstance(kinds, list):
            rest = [kind for kind in kinds if kind != "null"]
            nullable = nullable or len(rest) < len(kinds)
            part = {**part, "type": rest[0] if len(rest) == 1 else "any"}
            self.note(pointer, "type_list", kinds, part["type"])
        for word in ("anyOf", "oneOf"):
            branches = part.get(word)
            if isinstance(branches, list):
                part, null = self._branches(part, word, branches, pointer)
                nullable = nullable or null
        return part, nullable

    def _branches(self, part: dict[str, Any], word: str, branches: list[Any], pointer: Pointer) -> tuple[dict[str, Any], bool]:
        """`T or null` is T; a list of constants is an enum; anything else is any JSON."""
        rest = [branch for branch in branches if not (isinstance(branch, Mapping) and branch.get("type") == "null")]
        kept = {key: value for key, value in part.items() if key != word}
        if len(rest) == 1:
            kept = {**self.plain(rest[0], pointer), **kept}
        elif rest and all(isinstance(branch, Mapping) and "const" in branch for branch in rest):
            kept["enum"] = [branch["const"] for branch in rest]
        else:
            kept["type"] = "any"
        self.note(pointer, word, branches, kept.get("type"))
        return kept, len(rest) < len(branches)

    def _kind(self, part: Schema, pointer: Pointer) -> Kind:
        said = part.get("type")
        if isinstance(said, str) and (kind := _KINDS.get(said.lower())):
            if said not in _PROPER and said != "any":
                self.note(pointer, "type_alias", said, kind)
            return kind
        guessed = _guess(part)
        self.note(pointer, "type_missing" if said is None else "type_unknown", said, guessed)
        return guessed

    def _choices(self, part: Schema, kind: Kind, pointer: Pointer, hint: Schema) -> tuple[Choice, ...]:
        values = part.get("enum")
        if "const" in part:
            values = [part["const"]]
        if not isinstance(values, list):
            return ()
        odd = [value for value in values if not _is(value, kind)]
        if odd:
            self.note(pointer, "enum_type", odd, "kept as listed")
        sizes = hint.get("sizes", {})
        return tuple(_choice(value, sizes) for value in values if value is not None)

    def _default(self, part: Schema, kind: Kind, choices: tuple[Choice, ...], pointer: Pointer, nullable: bool) -> object:
        if "default" not in part:
            return UNSET
        default = part["default"]
        if choices:
            if all(not _equal(choice.value, default) for choice in choices):
                self.note(pointer, "default_outside", default, default)
            return default
        if _is(default, kind) or (default is None and nullable):
            return default
        turned = _convert(default, kind)
        self.note(pointer, "default_type", default, None if turned is UNSET else turned)
        return turned

    def _bounds(self, part: Schema, pointer: Pointer) -> dict[str, float | None]:
        found = dict(part)
        for short, proper in _SHORT_BOUNDS.items():
            if short in found:
                self.note(pointer, "bound_alias", short, proper)
                found.setdefault(proper, found[short])
        bounds: dict[str, float | None] = {}
        for end in ("minimum", "maximum"):
            exclusive = found.get(f"exclusive{end.capitalize()}")
            plain = _number(found.get(end))
            if exclusive is True:  # draft 4
                self.note(pointer, "draft4_exclusive", True, plain)
                plain, exclusive = None, plain
            bounds[end] = plain
            bounds[f"exclusive_{end}"] = _number(exclusive)
        return bounds


def _media(pointer: Pointer, part: Schema, hint: Schema, kind: Kind) -> Media | None:
    """From the catalog's hint, or from a type or format that names a medium."""
    said = hint.get("media")
    if isinstance(said, Mapping):
        return Media(said["kind"], said.get("max_bytes"), said.get("advised_bytes"), tuple(said.get("mimes", ())))
    if kind != "string":
        return None
    words = " ".join(str(part.get(key, "")) for key in ("type", "format", "contentMediaType")).lower()
    return next((Media(medium) for medium in _mediums() if medium in words), None)


def _mediums() -> Iterator[Literal["image", "video", "audio"]]:
    yield "image"
    yield "video"
    yield "audio"


def _guess(part: Schema) -> Kind:
    """A kind for a schema that names none."""
    values = [part["const"]] if "const" in part else part.get("enum")
    if isinstance(values, list) and values:
        kinds: list[Kind] = ["string", "boolean", "integer", "number", "array", "object"]
        return next((kind for kind in kinds if all(_is(value, kind) for value in values)), "any")
    if "properties" in part:
        return "object"
    if "items" in part:
        return "array"
    if any(key in part for key in ("minimum", "maximum", "multipleOf")):
        return "number"
    return "string" if any(key in part for key in ("minLength", "maxLength", "pattern", "format")) else "any"


def _choice(value: object, sizes: Schema) -> Choice:
    size = sizes.get(value) if isinstance(value, str) else None
    label = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return Choice(value, label, (size[0], size[1]) if size else size_of(value), ratio_of(value))


def _is(value: object, kind: Kind) -> bool:
    """Whether a JSON value is of a kind; True is no number, and 3.0 is a whole one."""
    match kind:
        case "boolean":
            return isinstance(value, bool)
        case "integer":
            return not isinstance(value, bool) and (isinstance(value, int) or (isinstance(value, float) and value.is_integer()))
        case "number":
            return isinstance(value, (int, float)) and not isinstance(value, bool)
        case "string":
            return isinstance(value, str)
        case "array":
            return isinstance(value, (list, tuple))
        case "object":
            return isinstance(value, Mapping)
        case _:
            return True


def _equal(one: object, other: object) -> bool:
    return one == other and isinstance(one, bool) == isinstance(other, bool)


def _convert(value: object, kind: Kind) -> object:
    """The same value in the right type, where nothing is lost; else UNSET."""
    try:
        if kind in ("integer", "number") and isinstance(value, str):
            number = float(value)
            return int(number) if number.is_integer() else number if kind == "number" else UNSET
    except (ValueError, OverflowError):
        return UNSET
    if kind == "string" and isinstance(value, (int, float)) and not isinstance(value, bool):
        return json.dumps(value)
    return UNSET


def _number(value: object) -> float | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None


def _whole(value: object) -> int | None:
    return int(value) if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= 0 else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None
