"""The input schema inside an OpenAPI document: what the body of one request may be. Pure; nothing is fetched.

References lead nowhere but into the document itself, so its `components` go along with the schema, under the same name.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["body_schema"]

_DEEPEST = 20  # references to references


def body_schema(document: object, path: str, inside: str = "") -> dict[str, Any] | None:
    """The schema of a POST request's JSON body.

    Args:
        document: An OpenAPI document, 3.0 or 3.1.
        path: The end of the request's path, such as `/jobs/createTask`.
        inside: A property of the body that holds the inputs; the whole body when empty.

    Returns:
        The schema as a JSON Schema document of its own, or None where the document has no such request or body.
    """
    root = _object(document)
    for name, item in _object(root.get("paths")).items():
        if not str(name).rstrip("/").endswith(path):
            continue
        body = _followed(root, _object(_followed(root, item).get("post")).get("requestBody"))
        found = _followed(root, _object(_object(body.get("content")).get("application/json")).get("schema"))
        if inside:
            found = _followed(root, _object(found.get("properties")).get(inside))
        if found:
            return {**found, "components": root["components"]} if "components" in root else dict(found)
    return None


def _followed(root: Mapping[str, Any], part: object) -> Mapping[str, Any]:
    """A part of the document, or what its reference leads to; empty where it leads nowhere."""
    for _ in range(_DEEPEST):
        found = _object(part)
        reference = found.get("$ref")
        if not isinstance(reference, str):
            return found
        part = _at(root, reference)
    return {}


def _at(root: Mapping[str, Any], reference: str) -> object:
    """A place in the document by a reference such as `#/components/schemas/Input`."""
    place: object = root if reference.startswith("#/") else None
    for step in reference.split("/")[1:]:
        place = _object(place).get(step.replace("~1", "/").replace("~0", "~"))
    return place


def _object(found: object) -> Mapping[str, Any]:
    return found if isinstance(found, Mapping) else {}
