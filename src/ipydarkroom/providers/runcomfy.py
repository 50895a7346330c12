"""RunComfy's Model API: submit, status, result, cancel.

Facts from docs.runcomfy.com/model-apis (async-queue-endpoints, error-codes) and the model pages, seen 2026-11:

* the body of a submit is the model's inputs at top level; three URLs come back, and we rebuild ours from the id
* status says in_queue, in_progress, completed, cancelled, and never "failed": `completed` is only "no longer running"
* result has other words (succeeded, failed, ...), and answers the current state while the job is unfinished
* only queued jobs can be cancelled; the sample answer contradicts itself, so `outcome` decides
* the balance is on another host, with the same token: `api.runcomfy.net/prod/v2/balance`, in US dollars
* some errors come as HTTP 200 with `error_code`; an empty account is HTTP 400 (400002), a bad token too (400004)
* the catalog is what the vendor's own command line reads: `GET /v1/models` in pages of 100 at most, `/v1/models/{id}`;
  a price is `base_price_usd` for each `price_unit`, and what depends on the inputs is told in `pricing_note` alone
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from urllib.parse import quote

from ..catalog.listing import entries, listed, price_of, undescribed
from ..codes import Code, Codes, refused, step
from ..complaints import complaints, in_one
from ..errors import AuthError, DarkroomError, Unreadable
from ..jobs import Cancelled, Failed, Finished, Progress, Queued, Trouble
from ..pacing import Limits
from ..submission import Verdict, judge, refusal
from ..wire import Blob, Call, Reply
from . import (
    Again, Balance, CancelOutcome, Halt, Listed, Listing, Reading, Then, answer_of, id_of, no_catalog, number_of, outputs_of,
    provider, stranger,
)

__all__ = ["RunComfy"]

# The first five are the Model API's own. The others are documented for serverless deployments, and were seen on parts
# both share: by themselves they say nothing about an order, the HTTP status beside them does.
CODES: Codes = {
    400001: Code("ModelNotFound", "refused"),
    400002: Code("BalanceError", "refused", "halt"),
    400004: Code("AuthError", "refused", "halt"),
    403001: Code("AuthError", "refused", "halt"),
    404001: Code("ModelNotFound", "refused", "unseen"),
    401001: Code("AuthError", look="halt"),
    403003: Code("AuthError", look="halt"),
    422001: Code("InputError"),
    500001: Code("NoAnswer"),
    10001: Code("BalanceError", look="halt"),
    10002: Code("Refused", look="halt"),
    10003: Code("Refused", look="halt"),
}
_HTTP: Codes = {401: Code("AuthError", look="halt"), 402: Code("BalanceError", look="halt"), 403: Code("AuthError", look="halt"),
                404: Code("ModelNotFound", look="unseen")}  # where no number is given  # fmt: skip
_WAITING = frozenset({"in_queue", "pending", "waiting", "queued"})
_MEANS: Mapping[int, int] = {400001: 404, 400004: 401, 403001: 403, 404001: 404}  # the codes a catalog answers with, as HTTP
_PAGE, _MOST = 100, 100_000  # entries a page, and the last offset


@provider(rank=10)
class RunComfy:
    """`POST /v1/models/{model_id}`, then `GET /v1/requests/{id}/status` and, once completed, `/result`."""

    name = "runcomfy"
    title = "RunComfy"
    hosts: Mapping[str, str] = {"api": "https://model-api.runcomfy.net", "account": "https://api.runcomfy.net"}
    token_names = ("RUNCOMFY_API_TOKEN", "RUNCOMFY_TOKEN", "RUNCOMFY_API_KEY")  # the last two: the vendor's own tools
    auth_scheme = "Bearer"
    can_cancel = True
    takes_callbacks = False  # documented for serverless deployments only, not for the Model API
    cost_unit = "USD"
    inline_limit = 6 * 2**20  # bytes of a file inside a data URI (the vendor's own nodes stop there)
    generations_page = "https://www.runcomfy.com/profile/generations"
    token_page = "https://www.runcomfy.com/profile"  # noqa: S105  # the page where one is made
    top_up_page = "https://www.runcomfy.com/profile"
    limits = Limits()  # none is documented for the Model API
    codes = CODES

    def submit(self, model_id: str, inputs: Mapping[str, object], callback_url: str = "") -> Call:
        """The inputs at top level, in the order given. There is no place for a callback's address."""
        return Call("POST", f"/v1/models/{quote(model_id)}", body=dict(inputs))

    def submitted(self, reply: Reply) -> Verdict:
        """`request_id` is the only thing needed from the answer; its URLs are not trusted."""
        found = answer_of(reply)
        code = _code(found)
        about = CODES.get(code or 0)
        return judge(
            reply.status, id_of(found.get("request_id")), _sentence(found, reply), code=code, refused_codes=refused(CODES),
            kind=about.refusal if about else None, page=self.top_up_page, step=step(CODES, self.name, code or 0, self.top_up_page),
            about=complaints(found),
        )

    def poll(self, remote_id: str, model_id: str = "") -> Call:
        """Status first: it alone tells the position in the queue."""
        return Call("GET", f"/v1/requests/{quote(remote_id, safe='')}/status")

    def polled(self, remote_id: str, reply: Reply, model_id: str = "") -> Reading:
        """Queue and work are told here; for the end one more question is needed."""
        found = answer_of(reply)
        if trouble := _trouble(found, reply):
            return trouble
        if other := stranger(remote_id, found.get("request_id")):
            return other
        word = str(found.get("status") or "")
        if word in _WAITING:
            return Queued(word, _whole(found.get("queue_position")))
        if word in ("cancelled", "canceled"):
            return Cancelled(word)
        if word in ("completed", "succeeded", "failed"):
            return Then(self._result(remote_id), partial(self._finished, remote_id))
        return Progress(word, _fraction(found.get("progress")))

    def _result(self, remote_id: str) -> Call:
        return Call("GET", f"/v1/requests/{quote(remote_id, safe='')}/result", query=(("include_cost", "true"),))

    def _finished(self, remote_id: str, reply: Reply) -> Reading:
        found = answer_of(reply)
        if trouble := _trouble(found, reply):
            return trouble
        if other := stranger(remote_id, found.get("request_id")):
            return other
        word = str(found.get("status") or "")
        outputs = outputs_of(_preferred(found.get("output")))
        if word == "failed":
            return Failed(word, Trouble("JobFailed", _reason(found), "failed", "Change the inputs and run again."))
        if word in ("cancelled", "canceled"):
            return Cancelled(word)
        if word in ("succeeded", "completed"):
            if outputs:
                cost = number_of(found.get("cost"))
                return Finished(word, outputs, cost, str(found.get("note") or ""), usd=cost)
            nothing = Trouble("JobFailed", "The job finished without a picture; a safety filter may have held it back.")
            return Failed(word, nothing)
        return Progress(word, _fraction(found.get("progress")))  # the result may lag behind the status

    def cancel(self, remote_id: str, model_id: str = "") -> Call | None:
        """Works for queued jobs only."""
        return Call("POST", f"/v1/requests/{quote(remote_id, safe='')}/cancel")

    def cancelled(self, reply: Reply) -> CancelOutcome:
        """`outcome` decides; `status` in the same answer is unreliable."""
        outcome = answer_of(reply).get("outcome")
        if reply.status < 300 and outcome == "cancelled":
            return "stopped"
        return "still_running" if outcome == "not_cancellable" else "unknown"

    def upload(self, blob: Blob) -> Call | None:
        """No upload endpoint is documented: files travel as data URIs inside the inputs."""
        return None

    def uploaded(self, reply: Reply) -> str:
        """Never asked, as `upload` gives nothing to send."""
        raise Unreadable("RunComfy has no upload call, so this is no answer to one.")

    def balance(self) -> Call:
        """As the vendor's own command line asks."""
        return Call("GET", "/prod/v2/balance", host="account")

    def balanced(self, reply: Reply) -> Balance:
        """`balance_usd`."""
        found = answer_of(reply)
        amount = number_of(found.get("balance_usd"))
        if amount is not None:
            return Balance(self.name, amount, self.cost_unit, amount)
        trouble = _trouble(found, reply)
        if isinstance(trouble, Halt) and trouble.trouble.kind == "AuthError":
            raise AuthError(trouble.trouble.message, next_step=f"See {self.token_page}.")
        raise Unreadable("RunComfy did not tell the balance.", raw=repr(found))

    def catalog(self) -> Call | None:
        """All models with their schemas, the first hundred."""
        return _page(0)

    def catalogued(self, asked: Call, reply: Reply) -> Listing:
        """`{models, total}`; the next page begins where this one ends."""
        found = answer_of(reply)
        if not isinstance(found.get("models"), list):
            raise self._no_catalog(found, reply)
        items = list(entries(found["models"]))
        models = tuple(filter(None, map(self._listed, items)))
        here = int(dict(asked.query).get("offset", 0)) + len(found["models"])  # type: ignore[arg-type]  # a list, as seen
        total = number_of(found.get("total")) or 0
        more = _page(here) if found["models"] and here < min(total, _MOST) else None
        return Listing(models, more, len(found["models"]) - len(models))  # type: ignore[arg-type]  # a list, as seen

    def describe(self, model_id: str) -> Call | None:
        """The full entry."""
        return Call("GET", f"/v1/models/{quote(model_id)}")

    def described(self, model_id: str, reply: Reply) -> Listed:
        """`input_schema`, and the price beside it. An entry may stand alone or under `model`."""
        found = answer_of(reply)
        inner = found.get("model")
        item = inner if isinstance(inner, dict) else found
        readable = reply.status < 400 and _code(found) is None and {"model_id", "input_schema"} & item.keys()
        model = self._listed({"model_id": model_id, **item}) if readable else None
        if model is None or model.id != model_id:
            raise self._no_catalog(found, reply, model_id)
        if model.schema is None:
            raise undescribed(model_id, self.name)
        return model

    def _listed(self, item: Mapping[str, object]) -> Listed | None:
        return listed(
            item.get("model_id"), self.name, title=item.get("display_name"), description=item.get("description"),
            categories=item.get("categories"), kind=item.get("kind"),
            price=price_of(item.get("base_price_usd"), item.get("price_unit")), pricing_note=item.get("pricing_note"),
            page=item.get("model_url"), schema=item.get("input_schema"),
        )

    def _no_catalog(self, found: Mapping[str, object], reply: Reply, model_id: str = "") -> DarkroomError:
        code = _code(found)
        said = reply.status if code is None else _MEANS.get(code, code // 1000)
        return no_catalog(self.name, said, _sentence(found, reply), model_id)


def _page(start: int) -> Call:
    return Call("GET", "/v1/models", query=(("include_schema", "true"), ("limit", str(_PAGE)), ("offset", str(start))))


def _code(found: Mapping[str, object]) -> int | None:
    code = found.get("error_code")
    if isinstance(code, str) and code.isascii() and code.isdigit():
        return int(code)
    return code if isinstance(code, int) and not isinstance(code, bool) else None


def _sentence(found: Mapping[str, object], reply: Reply) -> str:
    """The vendor's own order of fallbacks for an error's text."""
    for key in ("error_message", "message", "error", "detail"):
        said = found.get(key)
        if isinstance(said, str) and said:
            return said[:300]
        if isinstance(said, list) and said:
            return in_one(said)
    return "" if reply.status < 400 else f"HTTP {reply.status}"


def _trouble(found: Mapping[str, object], reply: Reply) -> Again | Halt | None:
    """An answer to a look-up that is no status: ask again, or stop asking."""
    code = _code(found)
    if reply.status < 400 and code is None:
        return None
    said = code or reply.status
    about = CODES.get(said) or _HTTP.get(said)
    todo = step(CODES, RunComfy.name, said, RunComfy.top_up_page)
    trouble = refusal(
        said, _sentence(found, reply) or f"HTTP {reply.status}", kind=about.refusal if about else None, page=RunComfy.top_up_page, step=todo
    )
    if about is None:
        return Again(trouble)
    return Halt(trouble) if about.look == "halt" else Again(trouble, unseen=about.look == "unseen")


def _preferred(output: object) -> object:
    """The parts of `output` that hold results, best first; the whole of it when it has none of the known names."""
    if not isinstance(output, dict):
        return output
    known = [output[key] for key in ("images", "image", "videos", "video", "audios", "audio") if output.get(key)]
    return known or output


def _reason(found: Mapping[str, object]) -> str:
    """The undocumented `error` of a failed result: a string, an object or a list."""
    error = found.get("error")
    if isinstance(error, dict):
        error = error.get("message") or error.get("error_message") or error.get("type") or error
    return str(error)[:300] if error else "The job failed without a reason."


def _whole(found: object) -> int | None:
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 2**31 else None


def _fraction(found: object) -> float | None:
    number = number_of(found)
    return min(1.0, max(0.0, number)) if number is not None else None
