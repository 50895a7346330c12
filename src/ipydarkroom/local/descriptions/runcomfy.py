"""The paths of the RunComfy mirror."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from . import answers, body, description, inputs_of, obj, operation

if TYPE_CHECKING:
    from ...models import Model

__all__ = ["RunComfy"]

_TEXT: Mapping[str, object] = {"type": "string"}
_COUNT: Mapping[str, object] = {"type": "integer", "minimum": 0}
_SHARE: Mapping[str, object] = {"type": "number", "minimum": 0, "maximum": 1}
_LINK: Mapping[str, object] = {"type": "string", "pattern": "^http://"}
_REFUSAL = obj({"error_message": _TEXT}, {"error_code": {"type": "integer"}, "detail": {"type": "array"}})
_REFUSED = answers(_REFUSAL, 400, 413, 429, 503)
_ID = {"name": "request_id", "in": "path", "required": True, "schema": _TEXT}
_MODEL = {"name": "model_id", "in": "path", "required": True, "schema": _TEXT}
_MOVING = {"queue_position": _COUNT, "progress": _SHARE}
_MOST = {"limit": 100, "offset": 100_000}
_ENTRY = obj(
    {
        "model_id": _TEXT, "display_name": _TEXT, "categories": {"type": "array", "items": _TEXT}, "kind": _TEXT,
        "base_price_usd": {"type": "number"}, "price_unit": {"enum": ["output", "second"]}, "pricing_note": _TEXT,
    },
    {"description": _TEXT, "model_url": _TEXT, "input_schema": {"type": "object"}},
)  # fmt: skip
_STATUS = obj(
    {
        "request_id": _TEXT, "status": {"enum": ["in_queue", "in_progress", "completed", "cancelled"]},
        "status_url": _LINK, "result_url": _LINK,
    },
    _MOVING,
)  # fmt: skip
_RESULT = obj(
    {
        "request_id": _TEXT, "status": {"enum": ["in_queue", "in_progress", "succeeded", "failed", "cancelled"]},
        "created_at": {"type": ["string", "null"]}, "finished_at": {"type": ["string", "null"]},
    },
    {
        "output": {"anyOf": [obj({"image": _LINK}), obj({"images": {"type": "array", "items": _LINK}})]},
        "error": _TEXT, "note": _TEXT, "cost": {"type": "number"}, **_MOVING,
    },
)  # fmt: skip


@description(rank=10)
class RunComfy:
    """Submit, status, result, cancel, balance, and the catalog."""

    provider = "runcomfy"

    def paths(self, models: Iterable[Model]) -> dict[str, object]:
        """A path for each model, one for any other id, those of a request, and those of the catalog."""
        known = tuple(models)
        return {
            "/v1/models": {"get": _catalog()},
            "/v1/models/categories": {"get": _categories()},
            **{f"/v1/models/{model.id}": {"get": _entry(model), "post": _submit(model)} for model in known},
            "/v1/models/{model_id}": {"get": _entry(None), "post": _submit(None)},
            "/v1/requests/{request_id}/status": {"get": _about("status", _STATUS)},
            "/v1/requests/{request_id}/result": {"get": _about("result", _RESULT, _cost())},
            "/v1/requests/{request_id}/cancel": {"post": _cancel()},
            "/prod/v2/balance": {"get": _balance()},
        }


def _submit(model: Model | None) -> dict[str, object]:
    links = {"status_url": _LINK, "result_url": _LINK, "cancel_url": _LINK}
    taken = answers(obj({"request_id": _TEXT, **links}), 200)
    refused = {**_REFUSED, **answers(_REFUSAL, 422)}
    if model is None:
        refused |= answers(_REFUSAL, 404)  # an id that is no path, with a line break for instance
        return operation("submit", {**taken, **refused}, parameters=[_MODEL], requestBody=body({"type": "object"}))
    return operation(f"submit {model.id}", {**taken, **refused}, requestBody=body(inputs_of(model)))


def _catalog() -> dict[str, object]:
    page = obj({"models": {"type": "array", "items": _ENTRY}, "total": _COUNT})
    words = [{"name": name, "in": "query", "schema": _TEXT} for name in ("search", "category", "kind", "include_schema")]
    numbers = [{"name": name, "in": "query", "schema": {**_COUNT, "maximum": most}} for name, most in _MOST.items()]
    return operation("catalog", {**answers(page, 200), **_REFUSED, **answers(_REFUSAL, 422)}, parameters=[*words, *numbers])


def _categories() -> dict[str, object]:
    return operation("categories", {**answers(obj({"categories": {"type": "array", "items": _TEXT}}), 200), **_REFUSED})


def _entry(model: Model | None) -> dict[str, object]:
    found = {**answers(_ENTRY, 200), **_REFUSED}
    if model is None:
        return operation("describe", {**found, **answers(_REFUSAL, 404)}, parameters=[_MODEL])
    return operation(f"describe {model.id}", found)


def _about(name: str, shape: Mapping[str, object], *parameters: object) -> dict[str, object]:
    found = {**answers(shape, 200), **_REFUSED, **answers(_REFUSAL, 403, 404)}
    return operation(name, found, parameters=[_ID, *parameters])


def _cost() -> dict[str, object]:
    return {"name": "include_cost", "in": "query", "schema": {"type": "string"}}


def _cancel() -> dict[str, object]:
    outcome = obj({"request_id": _TEXT, "status": _TEXT, "outcome": {"enum": ["cancelled", "not_cancellable"]}})
    return operation("cancel", {**answers(outcome, 202), **_REFUSED, **answers(_REFUSAL, 403, 404)}, parameters=[_ID])


def _balance() -> dict[str, object]:
    left = obj({"balance_usd": {"type": "number"}, "balance_microdollars": {"type": "integer"}, "currency": {"const": "USD"}})
    return operation("balance", {**answers(left, 200), **_REFUSED})
