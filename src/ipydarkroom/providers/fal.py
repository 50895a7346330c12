"""fal's queue: submit to a model's own path, status, result, cancel; and the platform API for models, prices, balance.

Facts from fal's documentation (fal.ai/docs: inference-api, model-apis/inference/queue, model-apis/errors,
model-apis/request-errors, platform-apis/v1), seen 2026-11, and from the source of fal-client 1.0.3 where it says so:

* `POST queue.fal.run/{model id}` takes the model's inputs at top level; `request_id` and addresses come back
* status, result and cancel want the owner and the app only (`fal-ai/flux/requests/…` for `fal-ai/flux/dev`), so a look
  needs the model besides the id; `workflows/` and `comfy/` stand in front of an owner (fal-client)
* three status words: IN_QUEUE (with `queue_position`), IN_PROGRESS, COMPLETED. There is none for failure: COMPLETED
  may carry `error` and `error_type`, and the result call answers with the error
* a result is the model's output as it is; an error is `detail`, as a sentence (with `error_type`, also in the header
  X-Fal-Error-Type) or as a list of `{loc, msg, type}`. One that is asked for too early is HTTP 400 "still in progress"
  (seen in clients of others, not documented)
* cancel is `PUT`: 200 is documented as removed from the queue, 202 CANCELLATION_REQUESTED as a signal to the runner,
  ALREADY_COMPLETED and NOT_FOUND as what they say; `client_cancelled` is the error type of a cancelled request. Under
  which status a cancelled request shows is not documented
* the queue has no size limit and no limit of calls is documented; fal itself runs a request again, up to 10 times, after
  a runner's 503, 504 or lost connection. What ends with a server error is not charged, a 422 may be (FAQ)
* nothing is said about repeating a submit, and there is no idempotency key: no code may be sent again
* an account without credits is locked: "requests will be rejected" (FAQ), as HTTP 403 "User is locked. Reason: Exhausted
  balance" (public reports)
* files: a link, or a data URI ("some models also accept", and large ones slow a request down). An upload to fal's
  storage is two calls, the second to a signed address, so it is not used here
* results lie at public links for at least 7 days. `sync_mode` puts pictures into the answer instead, where fal
  keeps none: it is refused here, and of models that have it on by themselves the pictures are taken out of the answer
* the balance wants a key of scope Admin. `FAL_KEY` may have the shape `id:secret`
* callbacks exist (`?fal_webhook=`); they are signed with a key of fal's own (ED25519), which is not read here
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType
from urllib.parse import quote

from ..catalog.listing import amount_of, entries, is_model_id, listed, price_of, undescribed
from ..codes import Codes
from ..complaints import complaints, in_one
from ..errors import AuthError, DarkroomError, InputError, Unreadable
from ..jobs import Cancelled, Failed, Finished, Progress, Queued, Trouble
from ..pacing import Limits
from ..redaction import masked_text
from ..schema.openapi import body_schema
from ..submission import Verdict, judge, refusal
from ..wire import Blob, Call, Output, Reply
from . import (
    Again, Balance, CancelOutcome, Further, Halt, Listed, Listing, Reading, Then, answer_of, id_of, no_catalog, number_of,
    outputs_of, provider, stranger,
)

__all__ = ["Fal"]

_SPACES = frozenset({"workflows", "comfy"})  # stand before the owner
_CANCELLED = "client_cancelled"
_PAGE = "50"  # models a page: the documented example; the most is "depends"
_LONGEST_CURSOR = 500
_UNDER_WAY = ("IN_QUEUE", "IN_PROGRESS")
_OF_THE_LOOK = frozenset({401, 402, 403, 404, 408, 429})  # about the question, whatever else the answer says
_OF_THE_INPUTS = frozenset({400, 413, 415, 422})  # the model's own refusal, told with the result
_UNITS: Mapping[str, str] = {"image": "output"}  # the one billing unit the documentation shows; others are told in words
_OUTPUTS = ("images", "image", "videos", "video", "audios", "audio")


@provider(rank=30)
class Fal:
    """`POST /{model id}`, then `GET /{owner}/{app}/requests/{id}/status` and, once COMPLETED, the result."""

    name = "fal"
    title = "fal"
    hosts: Mapping[str, str] = {"api": "https://queue.fal.run", "platform": "https://api.fal.ai"}
    token_names = ("FAL_KEY",)
    auth_scheme = "Key"
    codes: Codes = MappingProxyType({})  # fal has words (`error_type`), no numbers of its own
    can_cancel = True
    takes_callbacks = False
    cost_unit = "USD"
    inline_limit = 6 * 2**20  # bytes of a file inside a data URI: our own choice, no limit is documented
    generations_page = "https://fal.ai/dashboard"  # "Recent History"
    token_page = "https://fal.ai/dashboard/keys"  # noqa: S105  # the page where one is made
    top_up_page = "https://fal.ai/dashboard/billing"
    limits = Limits()

    def submit(self, model_id: str, inputs: Mapping[str, object], callback_url: str = "") -> Call:
        """The inputs at top level, under the model's whole id.

        Raises:
            InputError: `sync_mode` is on: the pictures would be paid for and come inside the answer, where nobody keeps them.
        """
        if inputs.get("sync_mode") is True:
            raise InputError(
                "With sync_mode the pictures would come inside fal's answer instead of as links, and could not be kept.",
                next_step="Leave sync_mode off; the pictures are fetched at once anyway.",
            )
        return Call("POST", f"/{quote(model_id)}", body=dict(inputs))

    def submitted(self, reply: Reply) -> Verdict:
        """`request_id` is the only thing needed from the answer; its addresses are not followed."""
        found = answer_of(reply)
        said = _sentence(found, reply)
        return judge(
            reply.status, id_of(found.get("request_id")), said, kind=_kind(reply.status, said), page=self.top_up_page,
            about=complaints(found),
        )

    def poll(self, remote_id: str, model_id: str = "") -> Call:
        """Status first; without `logs`, which nobody would read here."""
        return Call("GET", f"{_request(remote_id, model_id)}/status")

    def polled(self, remote_id: str, reply: Reply, model_id: str = "") -> Reading:
        """Queue and work are told here (HTTP 202); how it ended is what the result call answers."""
        found = answer_of(reply)
        if reply.status >= 400:
            return _unlooked(found, reply)
        if other := stranger(remote_id, found.get("request_id")):
            return other
        word = str(found.get("status") or "")
        if word == "IN_QUEUE":
            return Queued(word, _whole(found.get("queue_position")))
        if word != "COMPLETED":
            return Progress(word)
        if found.get("error_type") == _CANCELLED:
            return Cancelled(word)
        return Then(Call("GET", _request(remote_id, model_id)), partial(_ended, word, str(found.get("error") or "")))

    def cancel(self, remote_id: str, model_id: str = "") -> Call | None:
        """Removes a waiting request; one at work only gets a signal."""
        return Call("PUT", f"{_request(remote_id, model_id)}/cancel")

    def cancelled(self, reply: Reply) -> CancelOutcome:
        """Only a plain OK says that it was removed; what became of a signal is seen at the next look."""
        word = answer_of(reply).get("status")
        if reply.status == 200 and word == "OK":
            return "stopped"
        return "still_running" if word == "ALREADY_COMPLETED" else "unknown"

    def upload(self, blob: Blob) -> Call | None:
        """Files travel as data URIs inside the inputs."""
        return None

    def uploaded(self, reply: Reply) -> str:
        """Never asked, as `upload` gives nothing to send."""
        raise Unreadable("Files go to fal inside the inputs, so this is no answer to an upload.")

    def balance(self) -> Call:
        """Credits, in US dollars. Wants a key of scope Admin."""
        return Call("GET", "/v1/account/billing", query=(("expand", "credits"),), host="platform")

    def balanced(self, reply: Reply) -> Balance:
        """`credits.current_balance`, where `credits.currency` is USD."""
        found = answer_of(reply)
        about = found.get("credits")
        if isinstance(about, dict) and about.get("currency") == "USD":
            amount = number_of(about.get("current_balance"))
            if amount is not None:
                return Balance(self.name, amount, self.cost_unit, amount)
        if reply.status in (401, 403):
            step = f"fal tells the balance to keys of scope Admin only: see {self.token_page}."
            raise AuthError(masked_text(_sentence(found, reply)), next_step=step)
        raise Unreadable("fal did not tell the balance.", raw=masked_text(repr(found)))

    def catalog(self) -> Call | None:
        """All active models, without their schemas."""
        return _page()

    def catalogued(self, asked: Call, reply: Reply) -> Listing:
        """`{models, next_cursor}`."""
        found = answer_of(reply)
        models = found.get("models")
        if reply.status >= 400 or not isinstance(models, list):
            raise self._no_catalog(found, reply)
        read = tuple(filter(None, map(self._listed, entries(models))))
        cursor = found.get("next_cursor")
        more = _page(cursor) if isinstance(cursor, str) and 0 < len(cursor) <= _LONGEST_CURSOR else None
        return Listing(read, more, len(models) - len(read))

    def describe(self, model_id: str) -> Call | None:
        """The model's entry with its OpenAPI document."""
        return Call("GET", "/v1/models", query=(("endpoint_id", model_id), ("expand", "openapi-3.0")), host="platform")

    def described(self, model_id: str, reply: Reply) -> Listed | Further:
        """The body of its POST request; the price is a question of its own."""
        found = answer_of(reply)
        item = next((each for each in entries(found.get("models")) if each.get("endpoint_id") == model_id), None)
        known = self._listed(item) if item is not None and reply.status < 400 else None
        if item is None or known is None:
            raise no_catalog(self.name, 404 if reply.status < 400 else reply.status, _sentence(found, reply), model_id)
        document = item.get("openapi")
        schema = body_schema(document, f"/{model_id}") or body_schema(document, "")  # some are served under another path
        if schema is None:
            raise undescribed(model_id, self.name)
        price = Call("GET", "/v1/models/pricing", query=(("endpoint_id", model_id),), host="platform")
        return Further(replace(known, schema=schema), price, partial(_priced, replace(known, schema=schema)))

    def _listed(self, item: Mapping[str, object]) -> Listed | None:
        """`model_url` is an address for programs; the page for people is known by the id."""
        model_id, about = item.get("endpoint_id"), item.get("metadata")
        said = about if isinstance(about, dict) else {}
        return listed(
            model_id, self.name, title=said.get("display_name"), description=said.get("description"),
            categories=said.get("category"), page=f"https://fal.ai/models/{model_id}" if is_model_id(model_id) else "",
        )

    def _no_catalog(self, found: Mapping[str, object], reply: Reply) -> DarkroomError:
        return no_catalog(self.name, reply.status if reply.status >= 400 else 500, _sentence(found, reply))


def _request(remote_id: str, model_id: str) -> str:
    """The path of a request: owner and app of the model, without its endpoint."""
    parts = model_id.split("/")
    app = parts[: 3 if parts[0] in _SPACES else 2]
    return f"/{quote('/'.join(app))}/requests/{quote(remote_id, safe='')}"


def _page(cursor: str = "") -> Call:
    more = (("cursor", cursor),) if cursor else ()
    return Call("GET", "/v1/models", query=(("status", "active"), ("limit", _PAGE), *more), host="platform")


def _priced(known: Listed, reply: Reply) -> Listed:
    """With `unit_price`, `unit` and `currency`, in words for every unit; without, where the price was not told."""
    said = next((each for each in entries(answer_of(reply).get("prices")) if each.get("endpoint_id") == known.id), None)
    amount = None if said is None else amount_of(said.get("unit_price"))
    if said is None or amount is None:
        return known
    unit, currency = said.get("unit"), said.get("currency")
    if not (isinstance(unit, str) and isinstance(currency, str) and len(unit) + len(currency) < 100):
        return known
    price = price_of(amount, _UNITS.get(unit)) if currency == "USD" else None
    return replace(known, price=price, pricing_note=f"{amount:.10g} {currency} per {unit}")


def _ended(word: str, error: str, reply: Reply) -> Reading:
    """What the result call says about a COMPLETED request; `error` is what its status said, empty where nothing.

    An error of the request itself has an `error_type` or a list under `detail`, or is the model's own refusal of the
    inputs (4xx). Anything else is the error of this look: a gateway, a token, a limit.
    """
    found = answer_of(reply)
    said = _sentence(found, reply)
    if reply.status == 202 or found.get("status") in _UNDER_WAY:
        return Again(Trouble("NoAnswer", "The result is not there yet."))
    if reply.status < 400:
        return _result(word, found, error or said)
    kind = found.get("error_type") or reply.headers.get("x-fal-error-type")
    if kind == _CANCELLED:
        return Cancelled(word)
    if reply.status in _OF_THE_LOOK:
        return _unlooked(found, reply)
    inputs = reply.status in _OF_THE_INPUTS and "detail" in found
    own = bool(kind) or isinstance(found.get("detail"), list) or inputs
    if own and "still in progress" not in said:
        todo = "Change the inputs and run again." if inputs else ""
        return Failed(word, Trouble("JobFailed", said, str(kind or reply.status), todo, complaints(found)))
    if error:
        return Failed(word, Trouble("JobFailed", error, str(kind or reply.status)))
    return _unlooked(found, reply)


def _result(word: str, found: Mapping[str, object], said: str) -> Finished | Failed:
    named = [found[name] for name in _OUTPUTS if found.get(name)]
    outputs = outputs_of(named or {name: part for name, part in found.items() if not name.endswith("_url")}) or _inside(named)
    if outputs:
        marks = found.get("has_nsfw_concepts")
        marked = sum(mark is True for mark in marks) if isinstance(marks, list) else 0
        note = f"The safety checker marked {marked} of {len(outputs)} (has_nsfw_concepts)." if marked else found.get("note")
        return Finished(word, outputs, note=str(note or ""))
    return Failed(word, Trouble("JobFailed", said or "The request finished without a result."))


def _inside(found: object) -> tuple[Output, ...]:
    """Files that came inside the answer as `data:` links: of models whose own default is `sync_mode`."""
    match found:
        case str() if found.startswith("data:") and "," in found:
            medium = found[5:].partition("/")[0]
            return (Output(found, medium if medium in ("image", "video", "audio") else "file"),)  # type: ignore[arg-type]  # by `in`
        case list():
            return tuple(output for item in found for output in _inside(item))
        case dict():
            return tuple(output for item in found.values() for output in _inside(item))
    return ()


def _unlooked(found: Mapping[str, object], reply: Reply) -> Again | Halt:
    """An answer to a look that is no news of the request."""
    said = _sentence(found, reply)
    trouble = refusal(reply.status, said, kind=_kind(reply.status, said), page=Fal.top_up_page)
    if reply.status in (401, 402, 403):
        return Halt(trouble)
    return Again(trouble, unseen=reply.status == 404)


def _kind(status: int, said: str) -> str | None:
    """A locked account comes as 403; where the reason is money, that is the trouble."""
    return "BalanceError" if status == 403 and "exhausted balance" in said.lower() else None


def _sentence(found: Mapping[str, object], reply: Reply) -> str:
    """`detail` as a sentence or a list; the platform API says `error.message`."""
    detail, error = found.get("detail"), found.get("error")
    if isinstance(detail, list) and detail:
        return in_one(detail)
    for said in (detail, error.get("message") if isinstance(error, dict) else error, found.get("message")):
        if isinstance(said, str) and said:
            return said[:300]
    return "" if reply.status < 400 else f"HTTP {reply.status}"


def _whole(found: object) -> int | None:
    return found if isinstance(found, int) and not isinstance(found, bool) and 0 <= found < 2**31 else None
