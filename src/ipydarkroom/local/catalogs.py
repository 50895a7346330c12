"""What every mirror's catalog needs: which models it lists, in which part, and how one is described. No provider's words.

The models are real (bundled ones, and those somebody gave a schema for); prices are not: what is drawn here is free.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from ..languages import first

if TYPE_CHECKING:
    from ..models import Model
    from .tasks import Task

__all__ = ["FREE", "buckets", "chosen", "openapi", "part", "schema_of", "title_of"]

FREE = "Drawn on this machine: free."
_BUCKET_S, _DAY_S = 600, 86_400


def chosen(models: Iterable[Model], search: str = "", category: str = "") -> list[Model]:
    """The models whose id or title holds the text and whose category is the one asked for, in order of their ids."""
    wanted, kind = search.casefold().strip(), category.casefold().strip()
    found = (
        model for model in models
        if wanted in f"{model.id} {title_of(model)}".casefold() and kind in ("", model.kind.casefold())
    )
    return sorted(found, key=lambda model: model.id)


def part(text: str, *, otherwise: int, most: int) -> int | None:
    """A `limit` or an `offset` as the query gives it, at most `most`; None for what is no whole number."""
    if not text:
        return otherwise
    return min(int(text), most) if text.isascii() and text.isdecimal() and len(text) <= 9 else None


def title_of(model: Model) -> str:
    """What people call it, in English: a server does not know who reads it."""
    return first(f"model.{model.id}.title", language="en", default=model.title or model.id)


def schema_of(model: Model) -> Mapping[str, object]:
    """Its input schema as a document of its own; one without properties where the model came without any."""
    return model.schema or {"type": "object", "properties": {}}


def openapi(model: Model, origin: str, path: str, body: Mapping[str, object]) -> dict[str, object]:
    """An OpenAPI 3.1 document with the one request that orders this model.

    Args:
        model: The model.
        origin: Where it is served.
        path: The request's path.
        body: The JSON Schema of the request's body. A `components` that its input schema brought along is the document's.
    """
    components = schema_of(model).get("components")
    schemes = {"bearer": {"type": "http", "scheme": "bearer"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": title_of(model), "version": "1.0.0"},
        "servers": [{"url": origin}],
        "security": [{"bearer": []}],
        "paths": {
            path: {
                "post": {
                    "summary": f"Order {model.id}",
                    "requestBody": {"required": True, "content": {"application/json": {"schema": dict(body)}}},
                    "responses": {"200": {"description": "The order was taken."}},
                }
            }
        },
        "components": {**(components if isinstance(components, Mapping) else {}), "securitySchemes": schemes},
    }


def buckets(tasks: Iterable[Task], now: float) -> list[dict[str, object]]:
    """How many of a model's jobs of the last day ended well, in pieces of ten minutes; pieces without any are left out."""
    ended = [task for task in tasks if task.state in ("done", "failed") and task.finished > now - _DAY_S]
    total = Counter(int(task.finished // _BUCKET_S) for task in ended)
    good = Counter(int(task.finished // _BUCKET_S) for task in ended if task.state == "done")
    return [
        {"startTime": piece * _BUCKET_S * 1000, "total": total[piece], "success": good[piece], "rate": good[piece] / total[piece]}
        for piece in sorted(total)
    ]
