"""Providers: one file per wire protocol. They build Calls and read Replies, and do nothing else.

No await, no clock, no token, no journal: every method is a pure function of its arguments, tested on written-down
replies in microseconds. `poll` needs nothing but the job's id and its model, which the journal has, so tomorrow's
process can ask about yesterday's job.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

from .. import errors
from ..catalog.listing import Further, Listed, Listing
from ..codes import Codes, code_key
from ..errors import AuthError, DarkroomError, ModelNotFound, NoAnswer, RateLimited, Unreadable
from ..jobs import Cancelled, Failed, Finished, Progress, Queued, Trouble
from ..pacing import Limits
from ..registry import Registry
from ..redaction import masked_text
from ..submission import Verdict
from ..wire import Blob, Call, Output, Reply, media_of

__all__ = [
    "Again", "Balance", "CancelOutcome", "Further", "Halt", "Listed", "Listing", "Provider", "Reading", "Then", "answer_of",
    "auth_scheme", "get_provider", "id_of", "key_of", "links_in", "no_catalog", "number_of", "outputs_of", "provider", "providers",
    "stranger",
]

CancelOutcome: TypeAlias = Literal["stopped", "still_running", "ended", "unknown", "not_offered"]
"""What came of asking to stop a job. `ended` is ours to say: it had succeeded or failed before, so nobody was asked."""


@dataclass(frozen=True, slots=True)
class Again:
    """This look told nothing; ask again later. A failed look is not a failed job.

    `unseen` says that the provider does not know the id: normal for a short while after submit, final later.
    """

    trouble: Trouble
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class Halt:
    """Asking again will not help (a revoked token, say): stop looking, keep the job as it is, tell the person."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Balance:
    """What an account has left: `amount` in the provider's own unit (`USD`, `credits`), and about how many US dollars."""

    provider: str
    amount: float
    unit: str
    usd: float


@dataclass(frozen=True, slots=True)
class Then:
    """One more question is needed before this answer means anything."""

    call: Call
    read: Callable[[Reply], Reading]


Reading: TypeAlias = Queued | Progress | Finished | Failed | Cancelled | Again | Halt | Then


class Provider(Protocol):
    """What a file in this folder offers. Facts of each protocol stand in that file, with their source.

    docs/add-a-provider.md goes through it name by name. A job's `model_id` is given wherever its `remote_id` is, for
    protocols whose addresses need both.
    """

    name: str
    title: str
    hosts: Mapping[str, str]
    token_names: tuple[str, ...]
    auth_scheme: str
    can_cancel: bool
    takes_callbacks: bool
    cost_unit: str
    inline_limit: int | None
    generations_page: str
    token_page: str
    top_up_page: str
    limits: Limits
    codes: Codes

    def submit(self, model_id: str, inputs: Mapping[str, object], callback_url: str = "") -> Call:
        """The order. `inputs` are exactly what is sent; `callback_url` only where the provider takes callbacks.

        Raises:
            InputError: It would be paid for in vain; the job ends as not sent, and nothing is charged.
        """

    def submitted(self, reply: Reply) -> Verdict:
        """What the answer to an order means for the bill."""

    def poll(self, remote_id: str, model_id: str = "") -> Call:
        """The question "how is it going?"."""

    def polled(self, remote_id: str, reply: Reply, model_id: str = "") -> Reading:
        """What the answer says."""

    def cancel(self, remote_id: str, model_id: str = "") -> Call | None:
        """The request to stop, or None where the provider offers none."""

    def cancelled(self, reply: Reply) -> CancelOutcome:
        """Whether it did stop."""

    def upload(self, blob: Blob) -> Call | None:
        """How a local file becomes a link, or None where files travel inside the inputs as data URIs."""

    def uploaded(self, reply: Reply) -> str:
        """The link of an uploaded file."""

    def balance(self) -> Call:
        """The question what the account has left. Free."""

    def balanced(self, reply: Reply) -> Balance:
        """The answer.

        Raises:
            AuthError: The token was not accepted.
            Unreadable: Anything else that is no balance.
        """

    def catalog(self) -> Call | None:
        """The first question for the list of all models, or None where the provider offers none. Free."""

    def catalogued(self, asked: Call, reply: Reply) -> Listing:
        """The models of one answer, and the call for the next ones.

        Raises:
            DarkroomError: No list: made by `no_catalog`, so `RateLimited`, `AuthError`, `NoAnswer` or `Unreadable`.
        """

    def describe(self, model_id: str) -> Call | None:
        """The question for one model with its input schema and price, or None where the provider offers none. Free."""

    def described(self, model_id: str, reply: Reply) -> Listed | Further:
        """The answer, or what is known so far and one more question.

        Raises:
            ModelNotFound: The provider does not know the id, or knows it without an input schema, or cannot run it
                through this protocol.
            DarkroomError: As `catalogued`.
        """


_ID = re.compile(r"[A-Za-z0-9_.:-]{1,128}")  # RunComfy's own nodes allow [A-Za-z0-9_-]; Kie's ids are task_… or hex

providers: Registry[Provider] = Registry(
    "ipydarkroom.providers",
    needs=(
        "name", "hosts", "token_names", "auth_scheme", "limits", "submit", "submitted", "poll", "polled", "cancel", "cancelled",
        "upload", "uploaded", "balance", "balanced", "takes_callbacks", "catalog", "catalogued", "describe", "described",
    ),
)


def provider(rank: int) -> Callable[[type], type]:
    """Register a provider class under a rank (tens, unique)."""

    def keep(cls: type) -> type:
        providers.add(cls(), rank)
        return cls

    return keep


def get_provider(name: str) -> Provider:
    """The provider of that name.

    Raises:
        ModelNotFound: There is none.
    """
    for found in providers:
        if found.name == name:
            return found
    known = ", ".join(found.name for found in providers)
    raise ModelNotFound(f"There is no provider {name!r}.", next_step=f"Known providers: {known}.", model=name)


def key_of(provider: str, trouble: Trouble) -> str:
    """The key of the sentence for a provider's own code, where its table has the code; else the error class's own key."""
    found = next((each for each in providers if each.name == provider), None)  # a plug-in may be gone, its jobs are here
    kind = getattr(errors, trouble.kind, errors.DarkroomError)
    return code_key(getattr(found, "codes", {}), provider, trouble.code, trouble.kind) or str(kind.key)


def auth_scheme(name: str) -> str:
    """The word before the token in a provider's Authorization header; `Bearer` for a provider that is gone."""
    return next((found.auth_scheme for found in providers if found.name == name), "Bearer")


def no_catalog(name: str, code: int, sentence: str, model_id: str = "") -> DarkroomError:
    """The error for an answer to `catalog` or `describe` that is a refusal.

    Args:
        name: The provider's.
        code: Its own code where it has one, by its meaning in HTTP (401, 404, 429, ...), else the HTTP status.
        sentence: What it said; links are masked here.
        model_id: The model that was asked about; empty for a list.
    """
    who, said = get_provider(name), masked_text(sentence)[:300] or f"code {code}"
    if code in (401, 403):
        return AuthError(said, next_step=f"Check the token: see {who.token_page}.")
    if code == 404 and model_id:
        return ModelNotFound(f"{who.title} knows no model {model_id!r}.", model=model_id, provider=who.name)
    if code == 429:
        return RateLimited(f"{who.title}'s catalog: {said}", next_step="Wait a minute, then ask again; nothing was charged.")
    if code >= 500:
        return NoAnswer(f"{who.title}'s catalog gave no usable answer: {said}", next_step="Try again later.", host=who.title)
    return Unreadable(f"{who.title} did not tell its models: {said}", next_step="Try again later.", raw=said)


def answer_of(reply: Reply) -> dict[str, object]:
    """The answer as an object; a gateway's error page (no JSON, with an error status) becomes an empty one.

    Raises:
        Unreadable: Something that is no JSON object, under a status that says all is well.
    """
    try:
        return reply.document()
    except Unreadable:
        if reply.status >= 400:
            return {}
        raise


def id_of(found: object) -> str:
    """The id of a job as an answer gives it; empty when that cannot be one."""
    return found if isinstance(found, str) and _ID.fullmatch(found) else ""


def stranger(asked: str, found: object) -> Again | None:
    """Not None when an answer names another job than the one asked about: a mixed-up answer is no news of ours."""
    if not isinstance(found, str) or not found or found == asked:
        return None
    return Again(Trouble("Unreadable", "The answer is about another job."))


def number_of(found: object) -> float | None:
    """A finite number, or None for anything else."""
    if isinstance(found, bool) or not isinstance(found, (int, float)) or not math.isfinite(found):
        return None
    return float(found)


def links_in(found: object) -> Iterator[str]:
    """Every http(s) link in a JSON value, in order, whatever its shape: a string, a list, an object, nested."""
    match found:
        case str() if found.startswith(("https://", "http://")):
            yield found
        case list():
            for item in found:
                yield from links_in(item)
        case dict():
            for item in found.values():
                yield from links_in(item)


def outputs_of(found: object) -> tuple[Output, ...]:
    """The result files named in a JSON value, each link once. A guess at the kind; the bytes decide."""
    return tuple(Output(link, media_of(link)) for link in dict.fromkeys(links_in(found)))
