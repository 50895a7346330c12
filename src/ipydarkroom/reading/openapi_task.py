"""The task in an OpenAPI document of Kie's: `POST /api/v1/jobs/createTask` with `{model, callBackUrl?, input}`.

Only the schema of `input` describes the model. It is taken word for word; where it refers to components, those come
along under `components`, so that its references find what they name. The document's `enum` for `model` names another
model now and then (4 of 141 pages in August 2026), and the request beside it was right each time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from ..schema import Note
from .bodies import Body, bodies_in

__all__ = ["Task", "own_path", "shown_inputs", "task_in", "trimmed_names"]

CREATE = "/jobs/createTask"
_DEEPEST = 30


@dataclass(frozen=True, slots=True)
class Task:
    """What the document says. `schema` is None where the body has no `input`; `models` are the ids it lists."""

    schema: Mapping[str, object] | None
    models: tuple[str, ...] = ()
    bodies: tuple[Body, ...] = ()
    outputs: Mapping[str, object] = field(default_factory=dict)
    title: str = ""
    complete: bool = True


def task_in(document: object) -> Task | None:
    """The createTask operation of an OpenAPI document, or None where there is none."""
    operation = next((found for path, found in _posts(document) if path.rstrip("/").endswith(CREATE)), None)
    if operation is None or not isinstance(document, Mapping):
        return None
    media = _json_media(_resolved(document, operation.get("requestBody")))
    bodies = tuple(_bodies(document, media))
    whole = _variant(document, _merged(document, media.get("schema")), bodies)
    properties = _mapping(whole.get("properties"))
    schema = _mapping(properties.get("input")) if "input" in properties else None
    if schema is not None:
        schema = _with_components(document, _resolved(document, schema))
    answer = _json_media(_first_answer(document, operation))
    outputs = _merged(document, answer.get("schema"))
    return Task(
        schema, tuple(_listed(document, properties.get("model"))), bodies,
        _with_components(document, outputs) if outputs else {},
        str(operation.get("summary") or ""), complete="responses" in operation,
    )


def own_path(document: object) -> str:
    """The first path of a page about something else than a task; empty where there is none."""
    return next((str(path) for path in _mapping(_mapping(document).get("paths"))), "")


def shown_inputs(schema: Mapping[str, object]) -> Mapping[str, Any]:
    """The inputs that the schema itself shows, for a page without a request: its first example."""
    return _mapping(next(iter(_list(schema.get("examples"))), schema.get("example")))


def trimmed_names(schema: Mapping[str, object], sample: Mapping[str, object]) -> list[Note]:
    """Names with blanks around them, where the page's own request writes the same name without them."""
    notes = []
    for name in _mapping(schema.get("properties")):
        if name != name.strip() and name not in sample and name.strip() in sample:
            notes.append(Note(f"/{name}", "name_trimmed", name, name.strip()))
    return notes


def _posts(document: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for path, item in _mapping(_mapping(document).get("paths")).items():
        operation = _mapping(item).get("post")
        if isinstance(operation, Mapping):
            yield str(path), operation


def _json_media(part: Mapping[str, Any]) -> Mapping[str, Any]:
    """The media object of a body: JSON where there is some, else the first."""
    content = _mapping(part.get("content"))
    named = [value for name, value in content.items() if "json" in name.lower()]
    return _mapping(next(iter([*named, *content.values()]), None))


def _first_answer(document: Mapping[str, Any], operation: Mapping[str, Any]) -> Mapping[str, Any]:
    answers = _mapping(operation.get("responses"))
    return _resolved(document, answers.get("200", next(iter(answers.values()), None)))


def _bodies(document: Mapping[str, Any], media: Mapping[str, Any]) -> Iterator[Body]:
    """The examples of a request: `example`, `examples` by name, and those inside the schema."""
    schema = _merged(document, media.get("schema"))
    named = [_mapping(_resolved(document, one)).get("value") for one in _mapping(media.get("examples")).values()]
    inside = schema.get("examples")
    candidates = [media.get("example"), *named, schema.get("example"), *(inside if isinstance(inside, list) else [])]
    for found in candidates:
        if isinstance(found, str):  # JSON as text, now and then broken
            yield from bodies_in(found)
        elif isinstance(found, Mapping) and isinstance(found.get("model"), str) and found["model"].strip():
            yield Body(found["model"].strip(), dict(_mapping(found.get("input"))))


def _listed(document: Mapping[str, Any], part: object) -> Iterator[str]:
    """The ids that a `model` property lists, its default first."""
    model = _merged(document, part)
    listed = model.get("enum")
    said = [model.get("default"), model.get("const"), *(listed if isinstance(listed, list) else [])]
    yield from dict.fromkeys(one for one in said if isinstance(one, str) and one)


def _variant(document: Mapping[str, Any], whole: dict[str, Any], bodies: tuple[Body, ...]) -> dict[str, Any]:
    """Of a body with several shapes, the one that lists the model of the page's own request, else the first."""
    if "input" in _mapping(whole.get("properties")):
        return whole
    shapes = [_merged(document, one) for word in ("oneOf", "anyOf") for one in _list(whole.get(word))]
    shapes = [shape for shape in shapes if "input" in _mapping(shape.get("properties"))]
    wanted = bodies[0].model if bodies else ""
    fitting = [shape for shape in shapes if wanted in _listed(document, _mapping(shape["properties"]).get("model"))]
    return next(iter([*fitting, *shapes]), whole)


# --- references, inside the document only


def _resolved(document: Mapping[str, Any], part: object) -> dict[str, Any]:
    """A part with its own reference followed; what stands beside it wins."""
    seen: list[str] = []
    found = dict(_mapping(part))
    while isinstance(reference := found.get("$ref"), str) and reference not in seen and len(seen) < _DEEPEST:
        seen.append(reference)
        beside = {key: value for key, value in found.items() if key != "$ref"}
        found = {**_mapping(_at(document, reference)), **beside}
    return found


def _merged(document: Mapping[str, Any], part: object, depth: int = 0) -> dict[str, Any]:
    """A part with its reference and its `allOf` in one: properties and required names are joined."""
    found = _resolved(document, part)
    pieces = _list(found.pop("allOf", None)) if depth < _DEEPEST else []
    merged: dict[str, Any] = {}
    for piece in [*(_merged(document, one, depth + 1) for one in pieces[:_DEEPEST]), found]:
        properties = _joined(merged.get("properties"), piece.get("properties"))
        required = list(dict.fromkeys([*_words(merged.get("required")), *_words(piece.get("required"))]))
        merged = {**merged, **piece, **({"properties": properties} if properties else {}), **({"required": required} if required else {})}
    return merged


def _joined(under: object, over: object) -> dict[str, Any]:
    """Two sets of properties; one that both have is merged, one level deep (`data` of an answer)."""
    both = dict(_mapping(under))
    for name, part in _mapping(over).items():
        inner = _mapping(both.get(name))
        both[name] = {**inner, **part, "properties": {**_mapping(inner.get("properties")), **_mapping(part.get("properties"))}} \
            if isinstance(part, Mapping) and "properties" in inner and "properties" in part else part
    return both


def _with_components(document: Mapping[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """The schema with the components it refers to, and those they refer to."""
    kept: dict[str, dict[str, Any]] = {}
    waiting, seen = list(_references(schema)), set[str]()
    while waiting:
        reference = waiting.pop()
        steps = reference.split("/")
        if reference in seen or steps[:2] != ["#", "components"] or len(steps) < 4:
            continue
        seen.add(reference)
        found = _at(document, "/".join(steps[:4]))
        if found is not None:
            kept.setdefault(steps[2], {})[_step(steps[3])] = found
            waiting.extend(_references(found))
    return {**schema, "components": kept} if kept else schema


def _references(part: object) -> Iterator[str]:
    """Every `$ref` in a part, but for Apidog's own record of what it has already put in (`x-apidog-refs`)."""
    waiting = [part]
    while waiting:
        found = waiting.pop()
        if isinstance(found, Mapping):
            if isinstance(found.get("$ref"), str):
                yield found["$ref"]
            waiting.extend(value for key, value in found.items() if not str(key).startswith("x-"))
        elif isinstance(found, list):
            waiting.extend(found)


def _at(document: object, reference: str) -> object:
    """What a local reference names (RFC 6901 in a fragment), or None."""
    if not reference.startswith("#/"):
        return None
    place = document
    for step in reference.split("/")[1:]:
        place = _mapping(place).get(_step(step))
    return place


def _step(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")


def _mapping(part: object) -> Mapping[str, Any]:
    return part if isinstance(part, Mapping) else {}


def _list(part: object) -> list[Any]:
    return part if isinstance(part, list) else []


def _words(part: object) -> list[str]:
    return [one for one in _list(part) if isinstance(one, str)]
