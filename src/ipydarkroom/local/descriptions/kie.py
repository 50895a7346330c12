"""The paths of the Kie mirror. Its answers are HTTP 200, and the outcome is `code` in the body."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from . import answers, body, description, inputs_of, obj, operation

if TYPE_CHECKING:
    from ...models import Model

__all__ = ["Kie"]

_TEXT: Mapping[str, object] = {"type": "string"}
_WHOLE: Mapping[str, object] = {"type": "integer"}
_MOMENT: Mapping[str, object] = {"type": ["integer", "null"]}
_CODES = (200, 400, 401, 404, 422, 429, 455, 501)
_RECORD = obj(
    {
        "taskId": _TEXT, "model": _TEXT, "state": {"enum": ["waiting", "queuing", "generating", "success", "fail"]},
        "param": _TEXT, "resultJson": _TEXT, "failCode": _TEXT, "failMsg": _TEXT, "creditsConsumed": {"type": "number"},
        "createTime": _MOMENT, "updateTime": _MOMENT, "completeTime": _MOMENT, "costTime": _MOMENT, "progress": _WHOLE,
    },
    {"note": _TEXT},
)  # fmt: skip
_MODEL = {"name": "model_id", "in": "path", "required": True, "schema": _TEXT}
_CATALOG = obj({"total": _WHOLE, "models": {"type": "array", "items": obj({"model": _TEXT, "title": _TEXT, "pricingDesc": _TEXT})}})
_OF_A_MODEL = {
    "schema": obj({"model": _TEXT, "openapi": {"type": "object"}}),
    "price": obj({"model": _TEXT, "pricingDesc": _TEXT}),
    "success-rate": obj({"model": _TEXT, "buckets": {"type": "array"}}),
}
_UPLOADED = obj(
    {
        "fileName": _TEXT, "filePath": _TEXT, "downloadUrl": _TEXT, "fileSize": _WHOLE, "mimeType": _TEXT, "uploadedAt": _TEXT,
    }
)  # fmt: skip


@description(rank=20)
class Kie:
    """`createTask`, `recordInfo`, `chat/credit`, `file-stream-upload`, and the catalog."""

    provider = "kie"

    def paths(self, models: Iterable[Model]) -> dict[str, object]:
        """One path for all orders: the body names the model."""
        orders = [_order(model) for model in models]
        task = {"name": "taskId", "in": "query", "required": True, "schema": _TEXT}
        return {
            "/api/v1/jobs/createTask": {
                "post": operation("createTask", _said(obj({"taskId": _TEXT})), requestBody=body({"anyOf": orders} if orders else {}))
            },
            "/api/v1/jobs/recordInfo": {"get": operation("recordInfo", _said(_RECORD), parameters=[task])},
            "/api/v1/chat/credit": {"get": operation("credit", _said({"type": "number"}))},
            "/api/v1/models": {"get": operation("models", _said(_CATALOG))},
            **{
                f"/api/v1/models/{{model_id}}/{name}": {"get": operation(name, _said(data), parameters=[_MODEL])}
                for name, data in _OF_A_MODEL.items()
            },
            "/api/file-stream-upload": {"post": operation("upload", _said(_UPLOADED), requestBody=_file())},
        }


def _order(model: Model) -> dict[str, object]:
    return obj({"model": {"const": model.id}, "input": inputs_of(model)}, {"callBackUrl": {"type": "string"}})


def _said(data: Mapping[str, object]) -> dict[str, object]:
    """The envelope: with this data where the code is 200, without any elsewhere."""
    done = obj({"code": {"const": 200}, "msg": _TEXT, "data": data})
    refused = obj({"code": {"enum": [code for code in _CODES if code != 200]}, "msg": _TEXT, "data": {"type": "null"}})
    return {**answers({"anyOf": [done, refused]}, 200), **answers(obj({"code": _WHOLE, "msg": _TEXT}), 404, 413)}


def _file() -> dict[str, object]:
    parts = obj({"file": {"type": "string", "format": "binary"}, "uploadPath": _TEXT}, {"fileName": _TEXT})
    return body(parts, "multipart/form-data")
