"""fal's queue and the parts of its platform API that are asked for, as documented (docs of November 2026).

Its ways: `Authorization: Key …`; inputs at the top level under the model's whole id, but status, result and cancel under
its first two parts; HTTP 202 while a request waits or works; a result is the bare output, or the error of the request.

Where the documentation is silent the choice is ours: a mistake in the inputs is told at once (the hosted queue takes the
order and tells it as the result); a full queue is 429 (the hosted one has no limit); a request of another account is as
unknown as one that never was; a result asked for too early is 400 "still in progress"; a cancelled request shows as
COMPLETED with the documented error type `client_cancelled`; a request at work is not stopped by the signal. Beyond it,
`note` in an output is a sentence of ours about the result. Addresses of callbacks (`fal_webhook`) are not called.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Awaitable, Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from PIL import Image
from starlette.routing import Match, Route

from ..aside import off_loop
from ..border import BadBody, Json, bearer, explain, read_object
from ..catalogs import chosen, part, schema_of, title_of
from ..queue import QueueFull
from . import mirror

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.types import Scope

    from ...fields import Problem
    from ...models import Model
    from ..queue import Studio
    from ..shelf import Shelved
    from ..tasks import Stage, Task

__all__ = ["Fal"]

Handler: TypeAlias = Callable[["Request", str], Awaitable["Response"]]

_WORDS: Mapping[Stage, str] = {
    "waiting": "IN_QUEUE", "running": "IN_PROGRESS", "done": "COMPLETED", "failed": "COMPLETED", "cancelled": "COMPLETED",
}  # fmt: skip
_ERRORS: Mapping[Stage, tuple[int, str]] = {"failed": (500, "runner_server_error"), "cancelled": (499, "client_cancelled")}
_GONE = "The request was cancelled by the client."
_SPACES = ("workflows", "comfy")  # stand before the owner
_REQUESTS = "/{app:path}/requests/{request_id}"
_BALANCE_USD = 5.0
_MOST_LISTED = 50


class _Refusal(Exception):
    """An error answer: HTTP status, `detail` as a sentence or a list, and the error type where there is one."""

    def __init__(self, status: int, detail: object, kind: str = "") -> None:
        super().__init__(status, detail)
        self.answer = _error(status, detail, kind)


@mirror(rank=30)
class Fal:
    """The queue's four calls, the catalog with prices, and the balance; all hosts are one here."""

    provider = "fal"
    prefix = "/fal-ai/"
    scheme = "Key"

    def routes(self, studio: Studio) -> list[Route]:
        """The submit comes last: it takes any path with a model's id."""
        desk = _Desk(studio)
        return [
            Route("/v1/models", desk.answers(desk.catalog), methods=["GET"]),
            Route("/v1/models/pricing", desk.answers(desk.pricing), methods=["GET"]),
            Route("/v1/account/billing", desk.answers(desk.billing), methods=["GET"]),
            Route("/api/openapi/queue/openapi.json", desk.answers(desk.openapi), methods=["GET"]),
            Route(f"{_REQUESTS}/status", desk.answers(desk.status), methods=["GET"]),
            Route(f"{_REQUESTS}/cancel", desk.answers(desk.cancel), methods=["PUT"]),
            Route(_REQUESTS, desk.answers(desk.result), methods=["GET"]),
            _Submit(studio, "/{model_id:path}", desk.answers(desk.submit), methods=["POST"]),
        ]

    def refuse(self, status: int, message: str) -> Response:
        """A sentence as `detail`."""
        return _error(status, message)


class _Submit(Route):
    """Any path may be a model's id; without a key it is one only where there is such a model."""

    def __init__(self, studio: Studio, path: str, endpoint: Callable[[Request], Awaitable[Response]], methods: list[str]) -> None:
        super().__init__(path, endpoint, methods=methods)
        self._studio = studio

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Only orders: a path with another method is somebody else's, or unknown."""
        found, child = super().matches(scope)
        keyed = any(name == b"authorization" for name, _ in scope["headers"])
        if found is Match.FULL and (keyed or self._studio.find(Fal.provider, scope["path"].strip("/"))):
            return found, child
        return Match.NONE, {}


class _Desk:
    """The endpoints of one studio."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def answers(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint that is only reached with a key, and whose refusals are answers."""

        async def endpoint(request: Request) -> Response:
            if self._studio.unavailable:
                return _error(503, "The service is temporarily unavailable.")
            owner = self._studio.owner(bearer(request, Fal.scheme))
            if owner is None:
                return _error(401, "The key is missing or not known.")
            try:
                return await handler(request, owner)
            except _Refusal as refusal:
                return refusal.answer

        return endpoint

    async def submit(self, request: Request, owner: str) -> Response:
        """Take an order: 200 with the request id and three addresses."""
        model = self._model(request.path_params["model_id"])
        try:
            inputs = await read_object(request)
        except BadBody as bad:
            raise _Refusal(422, [{"loc": ["body"], "msg": str(bad), "type": "json_invalid"}]) from bad
        if problems := self._studio.judge(model, inputs):
            raise _Refusal(422, [_detail(one) for one in problems])
        try:
            task = await self._studio.submit(model, inputs, task_id=str(uuid.uuid4()), provider=Fal.provider, owner=owner)
        except QueueFull as full:
            raise _Refusal(429, "Too many requests are waiting; try again later.") from full
        return Json({**self._about(task), "queue_position": self._studio.position(task)})

    async def status(self, request: Request, owner: str) -> Response:
        """Where a request stands: 202 until it is over, 200 then."""
        task = self._task(request, owner)
        answer = self._about(task)
        if task.state == "waiting":
            answer["queue_position"] = self._studio.position(task)
        if request.query_params.get("logs", "").lower() in ("1", "true"):
            answer["logs"] = []
        if task.finished:
            answer["metrics"] = {"inference_time": _worked(task)}
        if task.state in _ERRORS:
            answer |= {"error": task.error or _GONE, "error_type": _ERRORS[task.state][1]}
        return Json(answer, 200 if task.finished else 202)

    async def result(self, request: Request, owner: str) -> Response:
        """The output, as image models give it, or what went wrong."""
        task = self._task(request, owner)
        if task.state in _ERRORS:
            raise _Refusal(_ERRORS[task.state][0], task.error or _GONE, _ERRORS[task.state][1])
        if task.state != "done":
            raise _Refusal(400, "Request is still in progress")
        images = [await off_loop(self._image, picture) for picture in task.pictures]
        output: dict[str, object] = {
            "images": images, "timings": {"inference": _worked(task)}, "seed": task.orders[0].seed,
            "has_nsfw_concepts": [False] * len(images), "prompt": task.orders[0].prompt,
        }  # fmt: skip
        return Json(output | ({"note": task.note} if task.note else {}))

    async def cancel(self, request: Request, owner: str) -> Response:
        """Remove a waiting request; one at work gets a signal, which nobody here listens to."""
        try:
            task = self._task(request, owner)
        except _Refusal:
            return Json({"status": "NOT_FOUND"}, 404)
        if self._studio.cancel(task):
            return Json({"status": "OK"})
        return Json({"status": "ALREADY_COMPLETED"}, 400) if task.finished else Json({"status": "CANCELLATION_REQUESTED"}, 202)

    async def billing(self, request: Request, _owner: str) -> Response:
        """What is left: local jobs cost nothing, so this never changes. Every key here is one of scope Admin."""
        left = {"credits": {"current_balance": _BALANCE_USD, "currency": "USD"}}
        return Json({"username": "darkroom"} | (left if "credits" in request.query_params.getlist("expand") else {}))

    async def catalog(self, request: Request, _owner: str) -> Response:
        """Models by id or by search, page by page; with `expand=openapi-3.0` each with its document."""
        query = request.query_params
        limit, start = part(query.get("limit", ""), otherwise=_MOST_LISTED, most=_MOST_LISTED), _read_cursor(query.get("cursor", ""))
        if not limit or start is None:
            raise _Refusal(422, [{"loc": ["query"], "msg": "not a limit or a cursor of ours", "type": "value_error"}])
        found = chosen(self._models(), query.get("q", ""), query.get("category", ""))
        if wanted := query.getlist("endpoint_id"):
            found = [model for model in found if model.id in wanted]
        if query.get("status", "active") != "active":
            found = []
        full = "openapi-3.0" in query.getlist("expand")
        page = [self._entry(model) | ({"openapi": self._document(model)} if full else {}) for model in found[start : start + limit]]
        more = _cursor(start + limit) if start + limit < len(found) else None
        return Json({"models": page, "next_cursor": more, "has_more": more is not None})

    async def pricing(self, request: Request, _owner: str) -> Response:
        """What each costs: nothing."""
        wanted = request.query_params.getlist("endpoint_id")
        prices = [
            {"endpoint_id": model.id, "unit_price": 0.0, "unit": "image", "currency": "USD"}
            for model in chosen(self._models()) if model.id in wanted
        ]  # fmt: skip
        return Json({"prices": prices, "next_cursor": None, "has_more": False})

    async def openapi(self, request: Request, _owner: str) -> Response:
        """The document that a model's page links to as its schema."""
        return Json(self._document(self._model(request.query_params.get("endpoint_id", ""))))

    def _models(self) -> list[Model]:
        return list(self._studio.models(Fal.provider))

    def _model(self, model_id: str) -> Model:
        model = self._studio.find(Fal.provider, model_id)
        if model is None:
            raise _Refusal(404, f"There is no model {model_id!r}.")
        return model

    def _task(self, request: Request, owner: str) -> Task:
        """The request, where it is asked for under the owner and app of its own model."""
        task = self._studio.task(request.path_params["request_id"])
        if task is None or (task.provider, task.owner) != (Fal.provider, owner) or _app(task.model) != request.path_params["app"]:
            raise _Refusal(404, "There is no such request.")
        return task

    def _about(self, task: Task) -> dict[str, object]:
        base = f"{self._studio.shelf.origin}/{_app(task.model)}/requests/{task.id}"
        return {
            "status": _WORDS[task.state], "request_id": task.id, "response_url": base, "status_url": f"{base}/status",
            "cancel_url": f"{base}/cancel",
        }  # fmt: skip

    def _image(self, picture: Shelved) -> dict[str, object]:
        with Image.open(picture.path) as opened:  # its size stands in the first bytes; nothing is decoded
            width, height = opened.size
        return {"url": self._studio.shelf.url(picture), "width": width, "height": height, "content_type": picture.mime}

    def _entry(self, model: Model) -> dict[str, object]:
        about = {
            "display_name": title_of(model), "category": model.kind, "description": "", "status": "active", "tags": [],
            "model_url": f"{self._studio.shelf.origin}/{model.id}",
        }  # fmt: skip
        return {"endpoint_id": model.id, "metadata": about}

    def _document(self, model: Model) -> dict[str, object]:
        """OpenAPI 3.0.4 with the submit and the three calls after it; the input's order is a list of names."""
        schema = dict(schema_of(model))
        known = schema.pop("components", None)
        parts = dict(known.get("schemas", {})) if isinstance(known, Mapping) else {}
        properties = schema.get("properties")
        order = list(properties) if isinstance(properties, Mapping) else []
        parts["Input"] = {"x-fal-order-properties": order, **schema}
        taken = {"requestBody": {"required": True, "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Input"}}}}}
        after = {"": "get", "/status": "get", "/cancel": "put"}
        base = f"/{model.id}/requests/{{request_id}}"
        return {
            "openapi": "3.0.4",
            "info": {"title": title_of(model), "version": "1.0.0", "x-fal-metadata": {"endpointId": model.id, "category": model.kind}},
            "components": {
                "securitySchemes": {"apiKeyAuth": {"type": "apiKey", "in": "header", "name": "Authorization"}}, "schemas": parts,
            },
            "servers": [{"url": self._studio.shelf.origin}],
            "security": [{"apiKeyAuth": []}],
            "paths": {
                **{base + end: {method: {"responses": {"200": {"description": "The answer."}}}} for end, method in after.items()},
                f"/{model.id}": {"post": taken | {"responses": {"200": {"description": "The order was taken."}}}},
            },
        }  # fmt: skip


def _app(model_id: str) -> str:
    """Owner and app of a model, without its endpoint."""
    parts = model_id.split("/")
    return "/".join(parts[: 3 if parts[0] in _SPACES else 2])


def _worked(task: Task) -> float:
    return round(task.finished - task.started, 4) if task.started else 0.0


def _cursor(page: int) -> str:
    return base64.b64encode(str(page).encode()).decode()


def _read_cursor(text: str) -> int | None:
    """Where a page begins; None for what no page of ours has said."""
    try:
        said = base64.b64decode(text, validate=True).decode("ascii")
    except ValueError:
        return None
    return part(said, otherwise=0, most=10**6)


def _detail(problem: Problem) -> dict[str, object]:
    return {"loc": ["body", *problem.pointer], "msg": explain(problem), "type": problem.code}


def _error(status: int, detail: object, kind: str = "") -> Json:
    answer = Json({"detail": detail} | ({"error_type": kind} if kind else {}), status)
    if kind:
        answer.headers["X-Fal-Error-Type"] = kind
    return answer
