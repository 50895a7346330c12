"""What the mirrors answer, as an OpenAPI 3.1 document: one file for each mirror, read by people, curl tools and fuzzers.

It describes the local backend, refusals of the border included, not the hosted services; those publish their own words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Protocol

from ...fields import UNSET
from ...registry import Registry
from ..shelf import FILES

if TYPE_CHECKING:
    from ...fields import Field
    from ...models import Model

__all__ = ["Description", "answers", "body", "description", "descriptions", "document", "inputs_of", "obj", "operation"]

_JSON = "application/json"
_KEYWORDS = {
    "minimum": "minimum", "maximum": "maximum", "exclusive_minimum": "exclusiveMinimum", "exclusive_maximum": "exclusiveMaximum",
    "multiple_of": "multipleOf", "min_length": "minLength", "max_length": "maxLength", "pattern": "pattern",
    "min_items": "minItems", "max_items": "maxItems",
}  # fmt: skip


class Description(Protocol):
    """One file in this folder: the paths of one mirror."""

    provider: str

    def paths(self, models: Iterable[Model]) -> dict[str, object]:
        """The path items; `models` are those of this provider that it may be asked for."""


descriptions: Registry[Description] = Registry("ipydarkroom.local.descriptions", needs=("provider", "paths"))


def description(rank: int) -> Callable[[type], type]:
    """Register a description class under its mirror's rank."""

    def keep(cls: type) -> type:
        descriptions.add(cls(), rank)
        return cls

    return keep


def document(models: Iterable[Model], origin: str) -> dict[str, object]:
    """The whole document.

    Args:
        models: Whose inputs are written out.
        origin: Where the app is served.
    """
    known = tuple(models)
    paths: dict[str, object] = {}
    for each in descriptions:
        paths |= each.paths(model for model in known if model.provider == each.provider)
    paths[FILES + "{name}"] = _file()
    return {
        "openapi": "3.1.0",
        "info": {"title": "ipydarkroom, the local backend", "version": "1", "description": "Painted here, free of charge."},
        "servers": [{"url": origin}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
    }


def operation(name: str, responses: Mapping[str, object], *, parameters: Iterable[object] = (), **rest: object) -> dict[str, object]:
    """One operation; `responses` by status."""
    return {"operationId": name, "parameters": list(parameters), "responses": dict(responses), **rest}


def answers(schema: Mapping[str, object], *statuses: int) -> dict[str, object]:
    """The same JSON shape under each status."""
    return {str(status): {"description": "", "content": {_JSON: {"schema": dict(schema)}}} for status in statuses}


def body(schema: Mapping[str, object], kind: str = _JSON) -> dict[str, object]:
    """A required request body."""
    return {"required": True, "content": {kind: {"schema": dict(schema)}}}


def obj(required: Mapping[str, object], optional: Mapping[str, object] | None = None) -> dict[str, object]:
    """An object schema of these properties."""
    return {"type": "object", "required": list(required), "properties": {**required, **(optional or {})}}


def inputs_of(model: Model) -> dict[str, object]:
    """A model's inputs as the checker reads them: its fields, in the words of JSON Schema."""
    properties = {field.name: _schema_of(field) for field in model.fields}
    return {
        "type": "object",
        "required": [field.name for field in model.fields if field.required],
        "properties": properties,
        **({"examples": [dict(model.sample)]} if model.sample else {}),
    }


def _schema_of(field: Field) -> dict[str, object]:
    found: dict[str, object] = {word: value for name, word in _KEYWORDS.items() if (value := getattr(field, name)) is not None}
    if field.kind != "any":
        found["type"] = [field.kind, "null"] if field.nullable else field.kind
    if field.required and field.kind == "string" and field.media is None and not field.choices:
        found["minLength"] = max(1, field.min_length or 0)  # left empty it counts as missing; an empty picture is drawn
    if field.choices:
        found["enum"] = [choice.value for choice in field.choices]
    if field.items is not None:
        found["items"] = _schema_of(field.items)
    if field.default is not UNSET:
        found["default"] = field.default
    return found


def _file() -> dict[str, object]:
    """A picture or an upload: no token is needed, the name is the secret."""
    kinds = ("image/png", "image/jpeg", "image/webp", "application/octet-stream")
    name = {"name": "name", "in": "path", "required": True, "schema": {"type": "string"}}
    refusal = obj({"detail": {"type": "string"}})
    found = {"200": {"description": "The bytes.", "content": {kind: {} for kind in kinds}}, **answers(refusal, 404, 421)}
    return {"get": operation("file", found, parameters=[name], security=[])}
