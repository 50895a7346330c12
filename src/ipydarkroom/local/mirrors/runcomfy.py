"""The RunComfy Model API as documented (docs and vendor clients read in November 2026), answered by the studio.

Its ways: inputs at the top level of the body; one set of status words on `/status` (there is no "failed") and another
on `/result`; a missing token is HTTP 400 with code 400004; only queued requests can be cancelled. Beyond the
documentation there are two keys of our own: `progress` (0..1) and `note` (a sentence about the result).
"""

from __future__ import annotations

import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

from starlette.routing import Route

from ..border import BadBody, Json, bearer, explain, read_object
from ..catalogs import FREE, chosen, part, schema_of, title_of
from ..queue import QueueFull
from . import mirror

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from ...fields import Problem
    from ...models import Model
    from ..queue import Studio
    from ..tasks import Stage, Task

__all__ = ["RunComfy"]

Handler: TypeAlias = Callable[["Request", str], Awaitable["Response"]]

_STATUS: Mapping[Stage, str] = {
    "waiting": "in_queue", "running": "in_progress", "done": "completed", "failed": "completed",
    "cancelled": "cancelled",
}  # fmt: skip
_RESULT: Mapping[Stage, str] = {
    "waiting": "in_queue", "running": "in_progress", "done": "succeeded", "failed": "failed", "cancelled": "cancelled",
}  # fmt: skip
_BAD_ID, _BAD_ACCOUNT, _FORBIDDEN, _NOT_FOUND = 400001, 400004, 403001, 404001
_BALANCE_USD = 5
_KIND = "model"
_MOST_LISTED, _LAST_OFFSET = 100, 100_000


class _Refusal(Exception):
    """A documented error answer: HTTP status, `error_code` where there is one, a sentence, and details."""

    def __init__(self, status: int, message: str, code: int | None = None, detail: object = None) -> None:
        super().__init__(message)
        self.answer = _error(status, message, code, detail)


@mirror(rank=10)
class RunComfy:
    """`POST /v1/models/{model_id}`, `/v1/requests/{id}/status|result|cancel`, and the catalog at `GET /v1/models`."""

    provider = "runcomfy"
    prefix = "/v1/"
    scheme = "Bearer"

    def routes(self, studio: Studio) -> list[Route]:
        """The documented endpoints, and the balance of the account's own host, which is the same one here."""
        desk = _Desk(studio)
        return [
            Route("/v1/models", desk.answers(desk.catalog), methods=["GET"]),
            Route("/v1/models/categories", desk.answers(desk.categories), methods=["GET"]),
            Route("/v1/models/{model_id:path}", desk.answers(desk.describe), methods=["GET"]),
            Route("/v1/models/{model_id:path}", desk.answers(desk.submit), methods=["POST"]),
            Route("/v1/requests/{request_id}/status", desk.answers(desk.status), methods=["GET"]),
            Route("/v1/requests/{request_id}/result", desk.answers(desk.result), methods=["GET"]),
            Route("/v1/requests/{request_id}/cancel", desk.answers(desk.cancel), methods=["POST"]),
            Route("/prod/v2/balance", desk.answers(desk.balance), methods=["GET"]),
        ]

    def refuse(self, status: int, message: str) -> Response:
        """The HTTP status, with the body of every other error."""
        return _error(status, message)


class _Desk:
    """The endpoints of one studio."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def answers(self, handler: Handler) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint that is only reached with a token, and whose refusals are answers."""

        async def endpoint(request: Request) -> Response:
            if self._studio.unavailable:
                return _error(503, "The service is temporarily unavailable.")
            owner = self._studio.owner(bearer(request))
            if owner is None:
                return _error(400, "UserAccountError: the token is missing, wrong or expired.", _BAD_ACCOUNT)
            try:
                return await handler(request, owner)
            except _Refusal as refusal:
                return refusal.answer

        return endpoint

    async def submit(self, request: Request, owner: str) -> Response:
        """Take an order: 200 with the request id and three addresses."""
        model = self._model(request)
        inputs = await _inputs(request)
        if problems := self._studio.judge(model, inputs):
            raise _Refusal(422, "; ".join(map(explain, problems)), detail=[_detail(one) for one in problems])
        try:
            task = await self._studio.submit(
                model, inputs, task_id=str(uuid.uuid4()), provider=RunComfy.provider, owner=owner
            )
        except QueueFull as full:
            raise _Refusal(429, "Too many requests are waiting; try again later.") from full
        return Json({"request_id": task.id, **self._addresses(task, "status", "result", "cancel")})

    async def status(self, request: Request, owner: str) -> Response:
        """Where a request stands; says `completed` for every end but a cancelled one."""
        task = self._task(request, owner)
        answer = {"request_id": task.id, "status": _STATUS[task.state], **self._addresses(task, "status", "result")}
        return Json(answer | self._waiting(task))

    async def result(self, request: Request, owner: str) -> Response:
        """The outputs, or the current state of an unfinished request."""
        task = self._task(request, owner)
        answer: dict[str, object] = {
            "request_id": task.id,
            "status": _RESULT[task.state],
            "created_at": _moment(task.created),
            "finished_at": _moment(task.finished),
        }
        if task.state == "done":
            answer["output"] = self._output(task)
        if task.state == "failed":
            answer["error"] = task.error
        if task.note:
            answer["note"] = task.note
        if request.query_params.get("include_cost", "").lower() in ("true", "1") and task.finished:
            answer["cost"] = 0.0
        return Json(answer | self._waiting(task))

    async def cancel(self, request: Request, owner: str) -> Response:
        """Cancel a queued request; asking again about a cancelled one is no error. 202, whatever the outcome."""
        task = self._task(request, owner)
        gone = self._studio.cancel(task) or task.state == "cancelled"
        outcome = "cancelled" if gone else "not_cancellable"
        return Json({"request_id": task.id, "status": _STATUS[task.state], "outcome": outcome}, 202)

    async def balance(self, request: Request, owner: str) -> Response:
        """What is left: local jobs cost nothing, so this never changes."""
        return Json({"balance_usd": _BALANCE_USD, "balance_microdollars": _BALANCE_USD * 10**6, "currency": "USD"})

    async def catalog(self, request: Request, owner: str) -> Response:
        """A page of the models: at most 100, 20 where nobody says; with their schemas where `include_schema` is true."""
        query = request.query_params
        limit = part(query.get("limit", ""), otherwise=20, most=_MOST_LISTED)
        offset = part(query.get("offset", ""), otherwise=0, most=_LAST_OFFSET)
        if limit is None or offset is None:
            raise _Refusal(422, "limit and offset are whole numbers", detail=[{"loc": ["query"], "msg": "not a whole number"}])
        found = chosen(self._models(), query.get("search", ""), query.get("category", ""))
        if query.get("kind", _KIND) not in ("", _KIND):
            found = []
        with_schema = query.get("include_schema", "").lower() in ("true", "1")
        page = [self._entry(model, with_schema=with_schema) for model in found[offset : offset + limit]]
        return Json({"models": page, "total": len(found)})

    async def categories(self, request: Request, owner: str) -> Response:
        """The words that `category` knows."""
        return Json({"categories": sorted({model.kind for model in self._models()})})

    async def describe(self, request: Request, owner: str) -> Response:
        """One model, with its input schema."""
        return Json(self._entry(self._model(request), with_schema=True))

    def _models(self) -> list[Model]:
        return list(self._studio.models(RunComfy.provider))

    def _model(self, request: Request) -> Model:
        model_id = request.path_params["model_id"]
        model = self._studio.find(RunComfy.provider, model_id)
        if model is None:
            raise _Refusal(400, f"InvalidResourceIdentifier: there is no model {model_id!r}.", _BAD_ID)
        return model

    def _entry(self, model: Model, *, with_schema: bool) -> dict[str, object]:
        entry: dict[str, object] = {
            "model_id": model.id, "display_name": title_of(model), "description": "", "categories": [model.kind], "kind": _KIND,
            "base_price_usd": 0.0, "price_unit": "output", "pricing_note": FREE, "model_url": "",
        }  # fmt: skip
        return entry | ({"input_schema": schema_of(model)} if with_schema else {})

    def _task(self, request: Request, owner: str) -> Task:
        task = self._studio.task(request.path_params["request_id"])
        if task is None or task.provider != RunComfy.provider:
            raise _Refusal(404, "ResourceNotFound: the request is unknown, deleted or expired.", _NOT_FOUND)
        if task.owner != owner:
            raise _Refusal(403, "PermissionDeniedError: the request belongs to another account.", _FORBIDDEN)
        return task

    def _addresses(self, task: Task, *names: str) -> dict[str, str]:
        return {f"{name}_url": f"{self._studio.shelf.origin}/v1/requests/{task.id}/{name}" for name in names}

    def _waiting(self, task: Task) -> dict[str, object]:
        place = {"queue_position": self._studio.position(task)} if task.state == "waiting" else {}
        return place | {"progress": round(self._studio.progress(task), 4)}

    def _output(self, task: Task) -> dict[str, object]:
        links = [self._studio.shelf.url(picture) for picture in task.pictures]
        return {"image": links[0]} if len(links) == 1 else {"images": links}


async def _inputs(request: Request) -> dict[str, object]:
    try:
        return await read_object(request)
    except BadBody as bad:
        detail = [{"loc": ["body"], "msg": str(bad), "type": "json_invalid"}]
        raise _Refusal(422, f"The order cannot be read: {bad}.", detail=detail) from bad


def _detail(problem: Problem) -> dict[str, object]:
    return {"loc": ["body", *problem.pointer], "msg": explain(problem), "type": problem.code}


def _error(status: int, message: str, code: int | None = None, detail: object = None) -> Json:
    body: dict[str, object] = {"error_message": message}
    if code is not None:
        body["error_code"] = code
    if detail is not None:
        body["detail"] = detail
    return Json(body, status)


def _moment(seconds: float) -> str | None:
    """ISO 8601 in UTC, None for what has not happened."""
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds") if seconds else None
