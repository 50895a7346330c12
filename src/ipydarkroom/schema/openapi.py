"""From an OpenAPI document to the one operation that orders something: its input schema, its outputs, its model.

Three shapes of body are known besides the plain one: Kie's (`model` and `input` side by side), fal's (the body is the
input; the model's id stands under `info`) and Cog's, which Replicate publishes (`input` inside a prediction request,
`components.schemas.Input`). References are followed inside the document only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import unquote, urlsplit

from ..errors import InputError
from ..registry import entries_of
from ..wire import strict_json
from .notes import Note

__all__ = ["Operation", "body_schema", "read_openapi"]

Node: TypeAlias = Mapping[str, Any]

_ENVELOPED = ("/createTask", "/predictions")  # Kie's and Cog's paths: the inputs are one level down
_DEEPEST = 20
_MOST_PATHS = 500
_SHARED = ("components", "definitions", "$defs")  # where a schema's references lead


@dataclass(frozen=True, slots=True)
class Operation:
    """One POST of a document. `schema` carries the document's own definitions, so that its references lead somewhere.

    `model` is empty where the document names none, `provider` None where its servers are nobody's we know. `sample` is
    the input of its example request. `outputs` is the schema of what comes out at the end, or of the answer to the order.
    """

    path: str
    schema: Node = field(repr=False)
    model: str = ""
    provider: str | None = None
    title: str = ""
    outputs: Node = field(default_factory=dict, repr=False)
    sample: Node = field(default_factory=dict, repr=False)
    notes: tuple[Note, ...] = field(default=(), repr=False)


def read_openapi(document: Mapping[str, object] | str | bytes, path: str | None = None) -> Operation:
    """Find the operation that takes a model's inputs.

    Args:
        document: An OpenAPI 3.0 or 3.1 document, or its JSON text. Foreign input.
        path: Which operation: its path or its `operationId`, where there are several.

    Raises:
        InputError: No OpenAPI 3 document (`error.not_openapi`), no operation of that name or none at all with a JSON body,
            or several and none was named (`error.openapi_operations`; its params list them).
    """
    whole = _document(document)
    found = list(_operations(whole))
    chosen = [each for each in found if path is None or path in (each.path, each.name)]
    if path is None and len(chosen) > 1:
        chosen = [each for each in chosen if _is_order(whole, each)] or chosen
    if len(chosen) == 1:
        return _read(whole, chosen[0])
    if not found and path is None and _properties(whole, _component(whole, "Input")):
        return _bare(whole)  # a version's `openapi_schema` may hold nothing but the components
    raise _not_one([each.path + (f" ({each.name})" if each.name else "") for each in found], path)


def body_schema(document: object, path: str, inside: str = "") -> dict[str, Any] | None:
    """The schema of one POST request's JSON body, with the definitions its references lead to.

    Args:
        document: An OpenAPI 3 document; foreign input.
        path: The end of the request's path, such as `/jobs/createTask`.
        inside: A property of the body that holds the inputs; the whole body when empty.

    Returns:
        The schema, with the document's own request as its example; None where there is no such request or body.
    """
    whole = _node(document)
    for name, item in _node(whole.get("paths")).items():
        if not str(name).rstrip("/").endswith(path):
            continue
        node = _node(_followed(whole, item).get("post"))
        body = _json_part(whole, node.get("requestBody"))
        found = _followed(whole, body.get("schema"))
        example: object = _example(whole, _Post(str(name), "", node, body, found))
        if inside:
            found, example = _followed(whole, _node(found.get("properties")).get(inside)), _node(example).get(inside)
        if found:
            told = {"examples": [example]} if example and isinstance(example, Mapping) and "examples" not in found else {}
            return {**_with_definitions(whole, found), **told}
    return None


@dataclass(frozen=True, slots=True)
class _Post:
    path: str
    name: str
    node: Node
    body: Node
    schema: Node


def _document(document: Mapping[str, object] | str | bytes) -> Node:
    found: object = document
    if isinstance(document, str | bytes):
        try:
            found = strict_json(document if isinstance(document, str) else document.decode("utf-8-sig"))
        except ValueError:
            found = None
    if not isinstance(found, Mapping) or not str(found.get("openapi") or "").startswith("3."):
        raise InputError(
            "This is not an OpenAPI 3 document.",
            next_step="Give the document as JSON text or a mapping; a bare schema goes to Model.from_schema(...).",
            key="error.not_openapi",
        )
    return found


def _not_one(operations: list[str], path: str | None) -> InputError:
    listed = ", ".join(operations[:20]) or "none"
    return InputError(
        f"The document has no operation {path!r} with a JSON body: {listed}." if path is not None
        else f"The document has {len(operations)} operations with a JSON body: {listed}.",
        next_step='Name one: path="/…" or its operationId.',
        key="error.openapi_operations", operations=listed,
    )


def _operations(whole: Node) -> Iterator[_Post]:
    """Every POST with a JSON body; where there is none, every PUT."""
    for method in ("post", "put"):
        found = False
        for path, item in list(_node(whole.get("paths")).items())[:_MOST_PATHS]:
            node = _node(_followed(whole, item).get(method))
            body = _json_part(whole, node.get("requestBody"))
            if "schema" in body:
                found = True
                yield _Post(str(path), str(node.get("operationId") or ""), node, body, _node(body["schema"]))
        if found:
            return


def _is_order(whole: Node, post: _Post) -> bool:
    """Whether a body has one of the shapes by which models are ordered."""
    properties = _properties(whole, post.schema)
    if not properties:
        return False
    if "input" in properties:
        return post.path.endswith(_ENVELOPED) or _properties(whole, properties["input"]) is not None
    return post.path.strip("/") == _fal_id(whole)


def _read(whole: Node, post: _Post) -> Operation:
    properties = _properties(whole, post.schema) or {}
    example = _example(whole, post)
    inner = properties.get("input")
    named = _node(_followed(whole, properties.get("model")))
    enveloped = inner is not None and ("model" in properties or post.path.endswith(_ENVELOPED))
    schema = _node(inner) if enveloped else post.schema
    sample = _node(example.get("input")) if enveloped else example
    listed = _one_value(named) if enveloped else _fal_id(whole)
    said = example.get("model") if enveloped else None
    model = said if isinstance(said, str) and said else listed
    # Five of Kie's pages list another model than their own request orders; the request was right each time.
    notes = (Note("/model", "model_from_example", listed, model),) if listed and model != listed else ()
    info = _node(whole.get("info"))
    return Operation(
        post.path, _with_definitions(whole, schema), model=model, provider=_provider(whole, post.node),
        title=str(post.node.get("summary") or info.get("title") or ""), outputs=_outputs(whole, post), sample=sample, notes=notes,
    )


def _bare(whole: Node) -> Operation:
    info = _node(whole.get("info"))
    outputs = _component(whole, "Output")
    return Operation(
        "", _with_definitions(whole, _component(whole, "Input")), provider=_provider(whole, {}), title=str(info.get("title") or ""),
        outputs=_with_definitions(whole, _followed(whole, outputs)) if outputs else {},
    )


def _outputs(whole: Node, post: _Post) -> Node:
    """Where results stand: at fal under the request, as the order is answered with a state; at Cog by name; else in the answer."""
    result = _node(_followed(whole, _node(whole.get("paths")).get(f"{post.path}/requests/{{request_id}}")).get("get"))
    cog = _component(whole, "Output") if post.path.endswith("/predictions") else {}
    schema = cog or _answer(whole, result) or _answer(whole, post.node)
    return _with_definitions(whole, _followed(whole, schema)) if schema else {}


def _answer(whole: Node, node: Node) -> Node:
    answers = {str(code): answer for code, answer in _node(node.get("responses")).items()}  # YAML makes numbers of them
    good = [_json_part(whole, answers[code]) for code in ("200", "201", "202", "default") if code in answers]
    return next((_node(part["schema"]) for part in good if "schema" in part), {})


def _example(whole: Node, post: _Post) -> Node:
    """The first example of the request, from the body or its schema."""
    several = _node(post.body.get("examples"))
    named = (_followed(whole, each).get("value") for each in several.values())
    schema = _followed(whole, post.schema)
    own = schema.get("examples")
    listed = own if isinstance(own, list) else []
    candidates = (post.body.get("example"), *named, schema.get("example"), *listed)
    return next((each for each in candidates if isinstance(each, Mapping)), {})


def _one_value(part: Node) -> str:
    """The one model a document is about: a constant, a list of one, or the first that is listed."""
    listed = part.get("enum")
    choices = [part.get("const"), *(listed if isinstance(listed, list) else []), part.get("default"), part.get("example")]
    return next((each for each in choices if isinstance(each, str) and each), "")


def _fal_id(whole: Node) -> str:
    return str(_node(_node(whole.get("info")).get("x-fal-metadata")).get("endpointId") or "")


def _provider(whole: Node, node: Node) -> str | None:
    """Whose servers the document names, where they are a provider's we know."""
    servers = [node.get("servers"), whole.get("servers")]
    for server in (each for listed in servers if isinstance(listed, list) for each in listed):
        host = _host(str(_node(server).get("url") or ""))
        for entry in entries_of("ipydarkroom.providers") if host else ():
            if host in {_host(str(address)) for address in getattr(entry, "hosts", {}).values()}:
                return str(getattr(entry, "name", "")) or None
    return None


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").lower()
    except ValueError:
        return ""


def _json_part(whole: Node, holder: object) -> Node:
    """What a body or an answer holds as JSON."""
    content = _node(_followed(whole, holder).get("content"))
    names = [name for name in content if str(name).partition(";")[0].strip().lower() in ("application/json", "*/*")]
    return _node(content[names[0]]) if names else {}


def _properties(whole: Node, schema: object) -> Node | None:
    """The properties of a schema, its references and `allOf` followed as far as the shape needs."""
    part = _followed(whole, schema)
    own = part.get("properties")
    if isinstance(own, Mapping):
        return own
    pieces = part.get("allOf")
    found: dict[str, object] = {}
    for piece in pieces[:_DEEPEST] if isinstance(pieces, list) else ():
        inner = _followed(whole, piece).get("properties")
        found |= dict(inner) if isinstance(inner, Mapping) else {}
    return found or None


def _component(whole: Node, name: str) -> Node:
    return _node(_node(_node(whole.get("components")).get("schemas")).get(name))


def _with_definitions(whole: Node, schema: Node) -> Node:
    return {**{key: whole[key] for key in _SHARED if isinstance(whole.get(key), Mapping)}, **schema}


def _followed(whole: Node, part: object) -> Node:
    """A part behind its references, which are JSON Pointers into this document; an empty one where they lead nowhere."""
    place: object = part
    for _ in range(_DEEPEST):
        if not isinstance(place, Mapping) or not isinstance(reference := place.get("$ref"), str):
            return _node(place)
        place = whole if reference.startswith("#/") else None
        for step in reference.split("/")[1:]:
            place = _node(place).get(unquote(step).replace("~1", "/").replace("~0", "~"))
    return {}  # they lead in a circle


def _node(part: object) -> Node:
    return part if isinstance(part, Mapping) else {}
