"""Kie.ai's market API and its upload API as documented (docs of August 2026), answered by the studio.

Its ways: every answer is HTTP 200 with the real outcome as `code` in the body; `param` and `resultJson` are JSON inside
a string; pictures go in as links only, so files are uploaded first; nothing can be cancelled. Beyond the documentation
`note` (a sentence about the result) is ours, and `progress` (0..100) is given for every model.

A callback is signed, where there is a key, over task id and time (webhook-verification). How often a receiver that is
away is asked again is not documented; three more times, after 1, 3 and 10 seconds, is our choice (`Pace`).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import urlsplit

from starlette.datastructures import UploadFile
from starlette.routing import Route

from ...redaction import masked
from ..aside import off_loop
from ..border import BadBody, Json, bearer, explain, read_object
from ..catalogs import FREE, buckets, chosen, openapi, schema_of, title_of
from ..queue import QueueFull
from . import mirror

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from ...models import Model
    from ..queue import Studio
    from ..shelf import Shelved
    from ..tasks import Task

__all__ = ["Kie"]

Handler: TypeAlias = Callable[["Request", str], Awaitable["Response"]]

_OK, _BAD, _NO_ACCESS, _UNKNOWN, _INVALID, _TOO_MANY, _DOWN, _GENERATION_FAILED = 200, 400, 401, 404, 422, 429, 455, 501
_CREATE = "/api/v1/jobs/createTask"
_CREDITS = 1000  # local jobs cost nothing, so this never changes


class _Refusal(Exception):
    """A documented error: its code in the body, and a sentence."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class _Order:
    """The body of createTask: `callback` is empty when none was asked for, `text` is the whole body as JSON."""

    model: str
    inputs: dict[str, object]
    callback: str
    text: str


@mirror(rank=20)
class Kie:
    """`createTask`, `recordInfo`, `chat/credit`, `file-stream-upload`, and the catalog at `/api/v1/models`."""

    provider = "kie"
    prefix = "/api/"
    scheme = "Bearer"

    def routes(self, studio: Studio) -> list[Route]:
        """The endpoints in use; the upload host is the same one here."""
        desk = _Desk(studio)
        of_model = {"schema": desk.schema, "price": desk.price, "success-rate": desk.success_rate}
        return [
            Route("/api/v1/models", desk.answers(desk.catalog), methods=["GET"]),
            *(
                Route(f"/api/v1/models/{{model_id:path}}/{what}", desk.answers(answer), methods=["GET"])
                for what, answer in of_model.items()
            ),
            Route(_CREATE, desk.answers(desk.create), methods=["POST"]),
            Route("/api/v1/jobs/recordInfo", desk.answers(desk.record), methods=["GET"]),
            Route("/api/v1/chat/credit", desk.answers(desk.credit), methods=["GET"]),
            Route("/api/file-stream-upload", desk.answers(desk.upload, success=False), methods=["POST"]),
        ]

    def refuse(self, status: int, message: str) -> Response:
        """The usual envelope under the HTTP status; a body that cannot be read is told in the body alone."""
        return Json({"code": status, "msg": message, "data": None}, _OK if status == _BAD else status)


class _Desk:
    """The endpoints of one studio."""

    def __init__(self, studio: Studio) -> None:
        self._studio = studio

    def answers(self, handler: Handler, **extra: bool) -> Callable[[Request], Awaitable[Response]]:
        """An endpoint that is only reached with a token; its refusals carry `extra` (uploads say `success: false`)."""

        async def endpoint(request: Request) -> Response:
            try:
                return await handler(request, self._admit(request))
            except _Refusal as refusal:
                return Json({**extra, "code": refusal.code, "msg": str(refusal), "data": None})

        return endpoint

    def _admit(self, request: Request) -> str:
        if self._studio.unavailable:
            raise _Refusal(_DOWN, "The service is under maintenance.")
        owner = self._studio.owner(bearer(request))
        if owner is None:
            raise _Refusal(_NO_ACCESS, "You do not have access permissions: the API key is missing or wrong.")
        return owner

    async def create(self, request: Request, owner: str) -> Response:
        """Take an order; `code` 200 means accepted, not finished."""
        order = await _read_order(request)
        model = self._model(order.model)
        _refuse_inline_files(order.inputs)
        if problems := self._studio.judge(model, order.inputs):
            raise _Refusal(_INVALID, "; ".join(map(explain, problems)))
        try:
            task = await self._studio.submit(
                model,
                order.inputs,
                task_id=f"task_{uuid.uuid4().hex}",
                provider=Kie.provider,
                owner=owner,
                memo=order.text,
                ended=partial(self._call_back, order.callback) if order.callback else None,
            )
        except QueueFull as full:
            raise _Refusal(_TOO_MANY, "Too many requests; this one was not queued.") from full
        return _envelope({"taskId": task.id})

    async def record(self, request: Request, owner: str) -> Response:
        """Where a task stands. Somebody else's is as unknown as one that never was."""
        task = self._studio.task(request.query_params.get("taskId", ""))
        if task is None or task.provider != Kie.provider or task.owner != owner:
            raise _Refusal(_INVALID, "recordInfo is null")
        answer = self._facts(task)
        answer["costTime"] = round((task.finished - task.started) * 1000) if task.finished else None
        answer["progress"] = round(self._studio.progress(task) * 100)
        if task.note:
            answer["note"] = task.note
        return _envelope(answer)

    async def credit(self, request: Request, _owner: str) -> Response:
        """The credits left, as a bare number."""
        return _envelope(_CREDITS)

    async def upload(self, request: Request, _owner: str) -> Response:
        """Keep a file for later orders. Its name is repeated, never used."""
        async with request.form(max_files=1, max_fields=10) as form:
            file, folder, name = form.get("file"), form.get("uploadPath"), form.get("fileName")
            if not isinstance(file, UploadFile):
                raise _Refusal(_BAD, "file is required")
            if not isinstance(folder, str) or not folder.strip():
                raise _Refusal(_BAD, "uploadPath is required")
            said = name if isinstance(name, str) and name else file.filename or "file"
            shelved = await off_loop(partial(self._studio.shelf.put, upload=True), await file.read())
        data = self._uploaded(shelved, said.replace("\\", "/").rpartition("/")[2], folder.strip("/ "))
        return Json({"success": True, "code": _OK, "msg": "File uploaded successfully", "data": data})

    async def catalog(self, request: Request, _owner: str) -> Response:
        """All models. There is no search and there are no pages."""
        models = [_entry(model) for model in chosen(self._studio.models(Kie.provider))]
        return _envelope({"total": len(models), "models": models})

    async def schema(self, request: Request, _owner: str) -> Response:
        """A model's own OpenAPI document: createTask with this model's `input`."""
        model = self._model(request.path_params["model_id"])
        body = {
            "type": "object",
            "required": ["model", "input"],
            "properties": {
                "model": {"type": "string", "enum": [model.id], "default": model.id},
                "callBackUrl": {"type": "string", "format": "uri"},
                "input": {key: value for key, value in schema_of(model).items() if key != "components"},
            },
        }
        return _envelope({"model": model.id, "openapi": openapi(model, self._studio.shelf.origin, _CREATE, body)})

    async def price(self, request: Request, _owner: str) -> Response:
        """What it costs, in prose."""
        return _envelope({"model": self._model(request.path_params["model_id"]).id, "pricingDesc": FREE})

    async def success_rate(self, request: Request, _owner: str) -> Response:
        """The last day in pieces of ten minutes. The names inside a piece are ours: no page shows them."""
        model = self._model(request.path_params["model_id"])
        return _envelope({"model": model.id, "buckets": buckets(self._studio.jobs_of(model), time.time())})

    def _model(self, model_id: str) -> Model:
        model = self._studio.find(Kie.provider, model_id)
        if model is None:
            raise _Refusal(_UNKNOWN, f"There is no model {model_id!r}.")
        return model

    def _uploaded(self, shelved: Shelved, name: str, folder: str) -> dict[str, object]:
        return {
            "fileName": name,
            "filePath": f"{folder}/{name}",
            "downloadUrl": self._studio.shelf.url(shelved),
            "fileSize": shelved.size,
            "mimeType": shelved.mime,
            "uploadedAt": datetime.now(UTC).isoformat(timespec="milliseconds"),
        }

    def _facts(self, task: Task) -> dict[str, object]:
        """What a record and a callback have in common. Times are milliseconds, absent ones null."""
        failed = task.state in ("failed", "cancelled")
        links = [self._studio.shelf.url(picture) for picture in task.pictures]
        return {
            "taskId": task.id,
            "model": task.model,
            "state": self._state(task),
            "param": task.memo,
            "resultJson": json.dumps({"resultUrls": links}) if task.state == "done" else "",
            "failCode": str(_GENERATION_FAILED) if failed else "",
            "failMsg": task.error if failed else "",
            "createTime": _milliseconds(task.created),
            "updateTime": _milliseconds(task.updated),
            "completeTime": _milliseconds(task.finished),
            "creditsConsumed": 0,
        }

    def _state(self, task: Task) -> str:
        """Kie has two words for waiting: accepted, and next in the processing queue."""
        if task.state == "waiting":
            return "waiting" if self._studio.position(task) else "queuing"
        return {"running": "generating", "done": "success"}.get(task.state, "fail")

    async def _call_back(self, url: str, task: Task) -> None:
        """Post what the vendor's OpenAPI describes; `costTime` is in seconds here, unlike on a record."""
        done = task.state == "done"
        facts = self._facts(task) | {"costTime": round(task.finished - task.started)}
        message = "success" if done else task.error
        body = {"code": _OK if done else _GENERATION_FAILED, "msg": message, "data": facts}
        self._studio.post(url, body, partial(self._signature, task.id))

    def _signature(self, task_id: str) -> dict[str, str]:
        """The headers of one attempt; none without a key. The body is not covered, as documented."""
        key, timestamp = self._studio.webhook_key, str(int(time.time()))
        if key is None:
            return {}
        digest = hmac.new(key.reveal().encode(), f"{task_id}.{timestamp}".encode(), hashlib.sha256).digest()
        return {"X-Webhook-Timestamp": timestamp, "X-Webhook-Signature": base64.b64encode(digest).decode()}


async def _read_order(request: Request) -> _Order:
    """The body of createTask: its two required keys, and a callback address that is one."""
    try:
        body = await read_object(request)
    except BadBody as bad:
        raise _Refusal(_INVALID, f"The order cannot be read: {bad}.") from bad
    model, inputs, callback = body.get("model"), body.get("input"), body.get("callBackUrl") or ""
    if not isinstance(model, str) or not model:
        raise _Refusal(_INVALID, "model is required, as a string")
    if not isinstance(inputs, dict):
        raise _Refusal(_INVALID, "input is required, as an object")
    if callback and not (isinstance(callback, str) and _is_address(callback)):
        raise _Refusal(_INVALID, "callBackUrl must be a valid URL")
    return _Order(model, inputs, str(callback), json.dumps(masked(body)))  # shown back, so without a link's secrets


def _entry(model: Model) -> dict[str, object]:
    return {
        "model": model.id, "slug": model.id.replace("/", "-"), "title": title_of(model), "provider": model.id.partition("/")[0],
        "taskType": [model.kind], "description": "", "pricingDesc": FREE,
    }  # fmt: skip


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:  # not an address at all, such as "http://["
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _refuse_inline_files(inputs: Mapping[str, object]) -> None:
    """Files are given as links; text that holds a file is what the upload API is for."""
    for name, value in inputs.items():
        items = value if isinstance(value, list) else [value]
        if any(isinstance(item, str) and item[:5].lower() == "data:" for item in items):
            raise _Refusal(_INVALID, f"{name}: upload the file first and give its URL")


def _envelope(data: object) -> Json:
    return Json({"code": _OK, "msg": "success", "data": data})


def _milliseconds(seconds: float) -> int | None:
    return round(seconds * 1000) if seconds else None
