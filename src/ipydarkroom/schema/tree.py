"""Builds the tree: one foreign part after the other becomes a Field with its own parts below it.

Built at once as far as the document goes, but a part that lies in itself is a stub that opens on demand, and so is
everything beyond the first thousands. The tree has an end; what it stands for may have none.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from ..fields import UNSET, Branches, Choice, Field, Kind, Pointer
from . import branches as shapes
from .bounds import LIMITS, limits, number
from .claims import UNCLAIMED
from .demands import demand_of
from .document import Document, Recursion, Trail
from .formats import KNOWN_FORMATS
from .inside import beside, inside_array, inside_object
from .kinds import same
from .media import media_of_field
from .merging import Schema, merged, without
from .order import ORDER_WORDS, group_of, importance_of
from .values import choices, default_of, examples_of, listed_values, text

__all__ = ["Later", "Reader"]

_MOST_FIELDS = 3_000  # built at once; the largest public schema seen has a few hundred
_MOST_OPENED = 200  # and on demand, each time
_DEEPEST = 60  # parts within parts, built at once
_USED = LIMITS | ORDER_WORDS | {
    "type", "title", "description", "default", "enum", "const", "items", "nullable", "$ref", "allOf", "anyOf", "oneOf", "properties",
    "required", "additionalProperties", "prefixItems", "dependentRequired", "patternProperties", "propertyNames", "dependentSchemas",
    "dependencies", "contains", "minContains", "maxContains", "not", "if", "then", "else", "enumNames", "discriminator", "deprecated", "readOnly",
    "writeOnly", "examples", "example",
}  # fmt: skip
_KEPT = frozenset({
    "$schema", "$id", "$anchor", "$defs", "definitions", "components", "$comment", "$vocabulary", "$dynamicAnchor", "ui", "validations",
    "contentMediaType", "contentEncoding", "contentSchema", "additionalItems",
})  # fmt: skip


class Later:
    """A field that is built when it is first asked for. `done` says whether it was: building costs, and a judge counts."""

    def __init__(self, build: Callable[[], Field]) -> None:
        self._build = build
        self._field: Field | None = None

    @property
    def done(self) -> bool:
        """Whether it is built."""
        return self._field is not None

    def __call__(self) -> Field:
        if self._field is None:
            self._field = self._build()
        return self._field


class Reader:
    """Makes Fields of the parts of one document. `hints` are by property name, for the properties of the whole."""

    def __init__(self, document: Document, hints: Mapping[str, Mapping[str, Any]] | None = None) -> None:
        self._document = document
        self._hints = hints or {}
        self._built = 0

    def field(
        self, raw: object, pointer: Pointer, chain: Trail = frozenset(), *, name: str = "", required: bool = False,
        order: int | None = None, depth: int = 0, media: Schema | None = None, beside: bool = False,
    ) -> Field:
        """The field of one part.

        `name` is that of the property it belongs to, `media` what an array was told to hold. `beside` is true for a
        branch or condition of a value that has a field already: that it names no type is nothing to note.
        """
        self._built += 1
        if self._built > _MOST_FIELDS or depth > _DEEPEST:
            return self._stub(raw, pointer, name, required=required)
        hint = self._hints.get(name, {}) if len(pointer) == 1 else {"media": media} if media else {}
        try:
            part, seen = self._document.plain(raw, pointer, chain)
        except Recursion as recursion:
            self._document.note(pointer, "recursion", str(recursion), "opened on demand")
            return self._stub(raw, pointer, name, required=required)
        here = isinstance(raw, Mapping) and not pointer
        return _Part(self, part, pointer, chain | seen | ({id(raw)} if here else frozenset()), name, hint, depth, beside).field(required, order)

    def _stub(self, raw: object, pointer: Pointer, name: str, *, required: bool) -> Field:
        """Stands for a part without building it."""

        def build() -> Field:
            self._built, self._document.steps = _MOST_FIELDS - _MOST_OPENED, 0
            return self.field(raw, pointer, name=name, required=required)

        said = raw if isinstance(raw, Mapping) else {}
        return Field(
            pointer, "any", required=required, nullable=True, title=text(said.get("title")), help=text(said.get("description")),
            opens=Later(build),
        )


class _Part:
    """One merged part on its way to becoming a Field."""

    def __init__(
        self, reader: Reader, part: dict[str, Any], pointer: Pointer, chain: Trail, name: str, hint: Schema, depth: int, beside: bool
    ) -> None:
        self._reader = reader
        self._document = reader._document
        self._part = part
        self._pointer = pointer
        self._chain = chain
        self._name = name
        self._hint = hint
        self._depth = depth
        self._beside = beside
        self._nullable = part.get("nullable") is True
        self._shapes: list[Branches] = []

    def field(self, required: bool, order: int | None) -> Field:
        """The field, with everything below it."""
        if "not" in self._part and (self._part["not"] is True or self._part["not"] == {}):
            return Field(self._pointer, "never", required=required, title=text(self._part.get("title")), order=order, importance="low")
        for _ in range(_DEEPEST):  # a branch that is the only one may bring branches of its own
            word = next((word for word in ("anyOf", "oneOf") if word in self._part), None)
            if word is None:
                break
            self._read_shapes(word)
        shared = shapes.common([branch.field for branch in self._shapes[0].branches]) if self._shapes else {}
        listed = listed_values(self._part)
        demand = demand_of(
            self._document, self._part, self._pointer, listed, shared, nullable=self._nullable, quiet=self._beside,
        )
        kind, media = self._whole(demand.kind), self._hint.get("media")
        default = default_of(
            self._document, self._part, demand.types, kind, listed, self._pointer, nullable=demand.nullable or kind == "any",
        )
        if self._part.get("required") is True:
            self._note("required_on_property", True, "required")
            required = True
        offered = self._choices(listed, default)
        own: dict[str, Any] = {
            **limits(self._document, self._part, self._pointer), **self._texts(), **({} if offered is None else {"choices": offered}),
            **inside_array(self._document, self._part, self._pointer, self._below, is_array=kind == "array", media=media),
            **inside_object(self._document, self._part, self._pointer, self._below), **beside(self._part, self._below),
        }
        if kind == "string" and (file := media_of_field(self._document, self._name, self._part, self._hint, kind, self._pointer)):
            own["media"] = file
        self._note_readings(kind, own)
        return Field(
            self._pointer, **{**shared, **own, "kind": kind, "types": demand.types}, required=required, nullable=demand.nullable,
            default=default, order=order, enum=None if listed is None else tuple(listed), branches=tuple(self._shapes),
            advised_words=self._hint.get("advised_words"), group=group_of(self._part),
            importance=importance_of(self._part, self._hint), deprecated=self._part.get("deprecated") is True,
            read_only=self._part.get("readOnly") is True, write_only=self._part.get("writeOnly") is True,
            examples=examples_of(self._part), extra=self._extra(),
        )

    def _note(self, rule: str, was: object, became: object) -> None:
        self._document.note(self._pointer, rule, was, became)

    def _below(
        self, raw: object, *step: str | int, name: str | None = None, required: bool = False, order: int | None = None,
        media: Schema | None = None,
    ) -> Field:
        """The field of a part of this one; without a step, of one that looks at the same value."""
        return self._reader.field(
            raw, (*self._pointer, *step), self._chain, name=self._name if name is None else name, required=required, order=order,
            media=media, depth=self._depth + 1, beside=self._beside or not step,
        )

    # --- several shapes, and null

    def _read_shapes(self, word: str) -> None:
        """`T or null` is T and may be null; constants are a list of values; other branches stay branches."""
        raws = self._part[word]
        if not isinstance(raws, list) or not raws:
            self._part = without(self._part, (word,))
            return
        mark = len(self._document.notes)
        plains = [self._plain(raw) for raw in raws]
        rest = [at for at, plain in enumerate(plains) if plain is None or not shapes.is_null(plain[0])]
        nulls = len(raws) > len(rest)
        only = plains[rest[0]] if len(rest) == 1 else None
        known = [plain[0] for at in rest if (plain := plains[at]) is not None]
        values = shapes.constants(known, exclusive=word == "oneOf") if len(known) == len(rest) and known else None
        kept = without(self._part, (word,))
        if not rest:
            self._part = merged({"type": "null"}, kept)
        elif only is not None and (not nulls or (shapes.is_simple(only[0]) and "type" not in kept and "enum" not in kept)):
            self._part = merged(only[0], kept)
            self._chain |= only[1]
            self._nullable |= nulls
        elif values is not None and "enum" not in kept and "const" not in kept:
            kept["enum"] = [value for value, _ in values]
            kept["enumNames"] = [text(part.get("title")) for _, part in values]
            types = {str(part["type"]) for _, part in values if isinstance(part.get("type"), str)}
            self._part = {**({"type": types.pop()} if len(types) == 1 else {}), **kept}
            self._nullable |= nulls
            if nulls:
                self._part["enum"].append(None)
                self._part["enumNames"].append("")
        else:
            self._part = kept
            del self._document.notes[mark:]  # they are made again as the branches are built
            self._shapes.append(self._branches([self._without_slips(raws[at], plains[at]) for at in rest], word, nulls=nulls))
        if self._pointer or not self._shapes:
            self._note(word, raws, self._part.get("type"))

    def _plain(self, raw: object) -> tuple[dict[str, Any], Trail] | None:
        """A branch with its references merged in, None for one that lies in itself."""
        try:
            return self._document.plain(raw, self._pointer, self._chain)
        except Recursion:
            return None

    def _branches(self, raws: list[object], word: str, *, nulls: bool) -> Branches:
        fields = [self._below(raw) for raw in raws]
        found = shapes.told_apart(fields, self._part.get("discriminator"), exclusive=word == "oneOf")
        self._nullable |= nulls or any(field.nullable for field in fields)
        if not nulls:
            return found
        null = shapes.told_apart([Field(self._pointer, "any", types=("null",), nullable=True)], None, exclusive=False)
        return Branches((*found.branches, *null.branches), found.exclusive, found.discriminator)

    def _without_slips(self, raw: object, plain: tuple[dict[str, Any], Trail] | None) -> object:
        own = self._part.get("properties")
        return raw if plain is None else shapes.without_slips(self._document, own, plain[0], raw, self._pointer)

    # --- values

    def _choices(self, listed: list[object] | None, default: object) -> tuple[Choice, ...] | None:
        """The allowed values, and a default that is not among them as one more: servers accept their own."""
        if listed is None:
            return None
        offered = choices(self._part, listed, self._hint)
        if default is not UNSET and default is not None and not any(same(choice.value, default) for choice in offered) and offered:
            self._note("default_outside", default, "one more choice")
            offered = (*offered, *choices({}, [default], self._hint))
        return offered

    # --- words

    def _texts(self) -> dict[str, str]:
        for word in ("title", "description"):
            if self._part.get(word) == "":
                self._note("text_empty", word, None)
        found = {"title": text(self._part.get("title")), "help": text(self._part.get("description"))}
        return {key: value for key, value in found.items() if value}

    def _whole(self, kind: Kind) -> Kind:
        """A number in steps of a whole number is a whole number, whatever its type is called."""
        step = number(self._part.get("multipleOf"))
        if kind != "number" or step is None or step < 1 or step != int(step) or self._shapes:
            return kind
        self._note("whole_number", kind, "integer")
        return "integer"

    def _note_readings(self, kind: Kind, own: Mapping[str, Any]) -> None:
        offered: tuple[Choice, ...] = own.get("choices", ())
        if self._part.get("nullable") is True:
            self._note("nullable", True, "or null")
        if kind == "object" and self._pointer and not own.get("children") and own.get("additional", True) is True:
            self._note("free_object", {}, "any names")
        form = own.get("format")
        if form and "media" not in own and form not in KNOWN_FORMATS:
            self._note("keyword_unknown", f"format: {form}", None)
        if offered and len(offered) == 1:
            self._note("constant", offered[0].value, "shown as text")
        if offered and any(choice.size or choice.ratio for choice in offered):
            self._note("sizes_in_labels", offered[0].label, len(offered))
        if self._part.get("deprecated") is True:
            self._note("deprecated", True, "folded away")
        if self._name.lower() == "seed" and kind in ("integer", "number") and not offered and len(self._pointer) == 1:
            self._note("seed", kind, "may be empty")

    def _extra(self) -> dict[str, object]:
        extra = {str(key): value for key, value in self._part.items() if key not in _USED}
        for key in extra:
            if key in UNCLAIMED:
                self._note("unclaimed", key, None)
            elif key not in _KEPT and not key.startswith("x-"):
                self._note("keyword_unknown", key, None)
        return extra
