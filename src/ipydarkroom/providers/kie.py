"""Kie.ai's market models: createTask, recordInfo, and files by upload.

Facts from docs.kie.ai (market pages, get-task-detail, file-upload-api), seen 2026-11:

* every answer is an envelope `{code, msg, data}` and `code` is the real outcome, also under HTTP 200
* a create answered with 429 was not queued, so it alone may be repeated; 500 and 501 without a task id say nothing
* recordInfo: 404 and 422 mean "not visible yet" just after a create; 408 and 501 mean the task has failed
* `state` decides, never the presence of a result: older pages show a filled `resultJson` while waiting
* `resultJson` is JSON inside a string, with `resultUrls` or `resultObject`
* 20 orders in 10 s and 10 status calls a second for one key; the first look is advised after 2-3 s
* the balance is a bare number of credits; third-party clients count a credit as 0.005 US dollars
* there is no cancel call; the honest button reads "Stop watching"
* a callback is posted to `callBackUrl` at the end; a hint only, as the signature leaves out the body
* files go to another host as a stream and come back as a link that lives three days
* the catalog (`/api/v1/models`, `/schema`, `/price`) is not in the documentation; a maintained client reads it (autumn
  2026): a schema comes as a whole OpenAPI document, slashes in ids stay as they are, prices are prose, and a few quick
  calls are answered with 429. Some models have no document, some another path than createTask
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from urllib.parse import quote

from ..catalog.listing import entries, listed, undescribed
from ..catalog.openapi import body_schema
from ..codes import Code, Codes, later, refused, refused_upload, step
from ..errors import AuthError, DarkroomError, ModelNotFound, Unreadable
from ..jobs import Failed, Finished, Progress, Queued, Trouble
from ..pacing import Limits
from ..redaction import masked_text
from ..submission import Verdict, judge, refusal
from ..wire import Blob, Call, Reply, strict_json
from . import (
    Again, Balance, CancelOutcome, Further, Halt, Listed, Listing, Reading, answer_of, id_of, no_catalog, number_of, outputs_of,
    provider, stranger,
)

__all__ = ["Kie"]

_USD_PER_CREDIT = 0.005
_CREATE = "/jobs/createTask"
_LONGEST_NOTE = 4000
# createTask's codes, get-task-detail's (408, 501), the upload API's, and 451 of the 4o image API. 403 and 451 are not
# documented for createTask, so by themselves they say nothing about an order.
CODES: Codes = {
    400: Code("InputError", "refused", "halt"),
    401: Code("AuthError", "refused", "halt"),
    402: Code("BalanceError", "refused", "halt"),
    403: Code("AuthError", look="halt"),
    404: Code("ModelNotFound", "refused", "unseen"),
    408: Code("JobFailed", look="failed"),
    422: Code("InputError", "refused", "unseen"),
    429: Code("RateLimited", "later"),
    433: Code("BalanceError", "refused", "halt"),
    451: Code("InputError"),
    455: Code("Refused", "refused"),
    500: Code("NoAnswer"),
    501: Code("JobFailed", look="failed"),
    505: Code("Refused", "refused", "halt"),
}


@provider(rank=20)
class Kie:
    """`POST /api/v1/jobs/createTask`, then `GET /api/v1/jobs/recordInfo?taskId=` until `state` is final."""

    name = "kie"
    title = "Kie.ai"
    hosts: Mapping[str, str] = {"api": "https://api.kie.ai", "upload": "https://kieai.redpandaai.co"}
    token_names = ("KIE_API_KEY",)
    auth_scheme = "Bearer"
    can_cancel = False
    takes_callbacks = True  # posted on success and on failure; see webhooks
    cost_unit = "credits"
    inline_limit = None  # inputs must be links; files are uploaded first
    generations_page = "https://kie.ai/logs"
    token_page = "https://kie.ai/api-key"  # noqa: S105  # the page where one is made
    top_up_page = "https://kie.ai/pricing"
    limits = Limits(creates=(20, 10.0), looks=(10, 1.0), least_pause=2.0)
    codes = CODES

    def submit(self, model_id: str, inputs: Mapping[str, object], callback_url: str = "") -> Call:
        """Model and inputs side by side; the inputs under `input`, the address of a callback only where there is one."""
        callback = {"callBackUrl": callback_url} if callback_url else {}
        return Call("POST", "/api/v1/jobs/createTask", body={"model": model_id, **callback, "input": dict(inputs)})

    def submitted(self, reply: Reply) -> Verdict:
        """`data.taskId`; older samples say `recordId`."""
        found = answer_of(reply)
        data = found.get("data")
        task = data if isinstance(data, dict) else {}
        remote_id = id_of(task.get("taskId") or task.get("task_id") or task.get("recordId"))
        code = _code(found)
        about = CODES.get(code or 0)
        return judge(
            reply.status, remote_id, _sentence(found, reply), code=code, refused_codes=refused(CODES), retry_codes=later(CODES),
            kind=about.refusal if about else None, page=self.top_up_page, step=step(CODES, self.name, code or 0, self.top_up_page),
        )

    def poll(self, remote_id: str, model_id: str = "") -> Call:
        """One question serves every market model."""
        return Call("GET", "/api/v1/jobs/recordInfo", query=(("taskId", remote_id),))

    def polled(self, remote_id: str, reply: Reply, model_id: str = "") -> Reading:
        """Decide on the envelope's code first, then on `state` alone."""
        found = answer_of(reply)
        code = _code(found)
        said = code if code is not None else reply.status
        if said != 200:
            return _trouble(said, _sentence(found, reply), enveloped=code is not None)
        data = found.get("data")
        if not isinstance(data, dict):
            return Again(Trouble("Unreadable", "The answer names no task yet.", str(said)), unseen=True)
        return stranger(remote_id, data.get("taskId")) or _state(data)

    def cancel(self, remote_id: str, model_id: str = "") -> Call | None:
        """Not offered."""
        return None

    def cancelled(self, reply: Reply) -> CancelOutcome:
        """Never asked."""
        return "not_offered"

    def upload(self, blob: Blob) -> Call | None:
        """Stream upload; a name of its own each time, as a repeated one may be served stale from a cache."""
        form = (("uploadPath", "ipydarkroom"), ("fileName", blob.name))
        return Call("POST", "/api/file-stream-upload", host="upload", upload=blob, form=form)

    def uploaded(self, reply: Reply) -> str:
        """`data.downloadUrl`, the only link both pages agree on.

        Raises:
            DarkroomError: The file was not taken; of the kind the code has, `Unreadable` for one that is not in the table.
        """
        found = answer_of(reply)
        data = found.get("data")
        link = data.get("downloadUrl") if isinstance(data, dict) else None
        if isinstance(link, str) and link.startswith("http"):
            return link
        code = _code(found)
        raise refused_upload(CODES, self.name, reply.status if code is None else code, _sentence(found, reply), found)

    def balance(self) -> Call:
        """Credits left."""
        return Call("GET", "/api/v1/chat/credit")

    def balanced(self, reply: Reply) -> Balance:
        """`data` is a bare number."""
        found = answer_of(reply)
        amount = number_of(found.get("data"))
        if amount is not None and _code(found) in (None, 200):
            return Balance(self.name, amount, self.cost_unit, round(amount * _USD_PER_CREDIT, 4))
        if (_code(found) or reply.status) == 401:
            raise AuthError(_sentence(found, reply) or "The key was not accepted.", next_step=f"See {self.token_page}.")
        raise Unreadable("Kie.ai did not tell the balance.", raw=repr(found))

    def catalog(self) -> Call | None:
        """All models at once; schemas are asked for one by one."""
        return Call("GET", "/api/v1/models")

    def catalogued(self, asked: Call, reply: Reply) -> Listing:
        """`data.models`, each with `model`, `title`, `taskType`, `pricingDesc`."""
        found = answer_of(reply)
        data = _data(found)
        items = data.get("models")
        if not isinstance(items, list) or _code(found) not in (None, 200):
            raise self._no_catalog(found, reply)
        models = tuple(filter(None, map(self._listed, entries(items))))
        return Listing(models, None, len(items) - len(models))

    def describe(self, model_id: str) -> Call | None:
        """The schema, as an OpenAPI document."""
        return Call("GET", f"/api/v1/models/{quote(model_id)}/schema")

    def described(self, model_id: str, reply: Reply) -> Listed | Further:
        """The `input` of createTask's body. The price is a question of its own, and prose."""
        found = answer_of(reply)
        data = _data(found)
        if not data or _code(found) not in (None, 200) or reply.status >= 400:
            raise self._no_catalog(found, reply, model_id)
        document = data.get("openapi")
        if not isinstance(document, dict):
            raise undescribed(model_id, self.name)
        schema = body_schema(document, _CREATE, "input")
        if schema is None:
            paths = document.get("paths")
            here = [str(path) for path in paths] if isinstance(paths, dict) else []
            raise undescribed(model_id, self.name) if any(path.endswith(_CREATE) for path in here) else _not_a_task(model_id, here)
        about = document.get("info")
        title = about.get("title") if isinstance(about, dict) else ""
        known = listed(model_id, self.name, title=title, schema=schema)
        if known is None:
            raise self._no_catalog(found, reply, model_id)
        return Further(known, Call("GET", f"/api/v1/models/{quote(model_id)}/price"), partial(self._priced, known))

    def _priced(self, known: Listed, reply: Reply) -> Listed:
        """With `data.pricingDesc`; without, where the price was not told."""
        note = _data(answer_of(reply)).get("pricingDesc")
        return replace(known, pricing_note=note.strip()) if isinstance(note, str) and len(note) <= _LONGEST_NOTE else known

    def _listed(self, item: Mapping[str, object]) -> Listed | None:
        return listed(
            item.get("model"), self.name, title=item.get("title"), description=item.get("description"),
            categories=item.get("taskType"), pricing_note=item.get("pricingDesc"),
        )

    def _no_catalog(self, found: Mapping[str, object], reply: Reply, model_id: str = "") -> DarkroomError:
        code = _code(found)
        said = reply.status if code in (None, 200) else code
        if said == 422 and model_id:  # "model not found" comes under either
            said = 404
        if said == 455:  # maintenance
            said = 503
        return no_catalog(self.name, said or 500, _sentence(found, reply), model_id)


def _data(found: Mapping[str, object]) -> Mapping[str, object]:
    data = found.get("data")
    return data if isinstance(data, dict) else {}


def _not_a_task(model_id: str, paths: list[str]) -> ModelNotFound:
    """Some of Kie's models have a path of their own, such as `/api/v1/veo/generate`, and other states."""
    return ModelNotFound(
        f"Kie.ai's {model_id!r} is not ordered through createTask, so it cannot be run from here.",
        next_step="Choose one of client.models(provider='kie').",
        key="error.model_not_task", model=model_id, path=masked_text("".join(paths[:1]))[:100],
    )


def _state(data: Mapping[str, object]) -> Reading:
    """A task's own state, in the provider's words."""
    word = str(data.get("state") or "")
    match word:
        case "waiting" | "queuing":
            return Queued(word)
        case "success":
            return _success(data, word)
        case "fail":
            code, why = str(data.get("failCode") or ""), str(data.get("failMsg") or "The task failed without a reason.")
            return Failed(word, Trouble("JobFailed", why[:300], code, "Change the inputs and run again."))
        case _:
            return Progress(word, _percent(data.get("progress")))


def _success(data: Mapping[str, object], word: str) -> Finished | Failed:
    raw = data.get("resultJson")
    try:
        result = strict_json(raw) if isinstance(raw, str) and raw else raw
    except ValueError as error:
        raise Unreadable("The task succeeded, but its resultJson is not JSON.", raw=masked_text(str(raw))) from error
    named = result.get("resultUrls") or result.get("resultObject") if isinstance(result, dict) else None
    outputs = outputs_of(named if named is not None else result)
    if not outputs:
        return Failed(word, Trouble("JobFailed", "The task succeeded without a result; a filter may have held it back."))
    cost = number_of(data.get("creditsConsumed"))
    usd = None if cost is None else round(cost * _USD_PER_CREDIT, 6)
    return Finished(word, outputs, cost, str(data.get("note") or ""), usd=usd)


def _trouble(code: int, sentence: str, *, enveloped: bool) -> Reading:
    """An answer that is no status. Only the envelope's own code ends a task: a gateway says 408 and 501 as well."""
    about = CODES.get(code)
    todo = step(CODES, Kie.name, code, Kie.top_up_page)
    if about is not None and about.look == "failed" and enveloped:
        why = sentence or ("The provider gave up waiting." if code == 408 else "The generation failed.")
        return Failed("fail", Trouble("JobFailed", why, str(code), todo))
    trouble = refusal(code, sentence or f"code {code}", kind=about.refusal if about else None, page=Kie.top_up_page, step=todo)
    if about is None:
        return Again(trouble)
    return Halt(trouble) if about.look == "halt" else Again(trouble, unseen=about.look == "unseen")


def _code(found: Mapping[str, object]) -> int | None:
    code = found.get("code")
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def _sentence(found: Mapping[str, object], reply: Reply) -> str:
    said = found.get("msg") or found.get("message")
    return str(said)[:300] if said else ("" if reply.status < 400 else f"HTTP {reply.status}")


def _percent(found: object) -> float | None:
    """0..100 where told (documented for one video model only), as 0..1."""
    number = number_of(found)
    return None if number is None else min(1.0, max(0.0, number / 100))
