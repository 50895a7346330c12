"""The submit rule, in one place: may this order be sent again, and is there a job we might be paying for?

No provider here has an idempotency key, so an order whose answer is lost can never be repeated safely. Three things
can be known after letting it go:

* it was not placed    - proven: nothing left, or the provider is documented to refuse before creating anything
* it was placed        - an answer with an id
* we do not know       - everything else; the job becomes `uncertain` and only a look-up or a person resolves it

Only two cases may be sent again: proven not sent, and Kie's 429, which its documentation calls "not queued".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from .jobs import Accepted, Orphaned, Rejected, Trouble

if TYPE_CHECKING:
    from .fields import Pointer

__all__ = ["Later", "Verdict", "judge", "refusal"]

About: TypeAlias = "tuple[tuple[Pointer, str], ...]"


@dataclass(frozen=True, slots=True)
class Later:
    """Refused for now and documented as not created: the one answer after which the same order may go again."""

    trouble: Trouble
    after_s: float | None = None


Verdict: TypeAlias = Accepted | Rejected | Orphaned | Later

# HTTP codes that mean "no job was made". 408 is missing on purpose: a time-out tells nothing about the order.
_REFUSED_HTTP = frozenset({400, 401, 402, 403, 404, 405, 413, 415, 422, 429})
_KINDS: Mapping[int, str] = {
    401: "AuthError", 403: "AuthError", 402: "BalanceError", 433: "BalanceError", 404: "ModelNotFound",
    429: "RateLimited", 400: "InputError", 413: "InputError", 415: "InputError", 422: "InputError",
}
_STEPS: Mapping[str, str] = {
    "AuthError": "Check the token: a regenerated one replaces the old at once.",
    "BalanceError": "Top up the account, then run again.",
    "ModelNotFound": "Check the model id on the provider's page.",
    "RateLimited": "Wait a little, then run again.",
    "InputError": "Change the inputs the message names.",
}


def refusal(code: int, message: str, *, kind: str | None = None, page: str = "", step: str = "", about: About = ()) -> Trouble:
    """Describe a refusal: the error class that fits the code, the provider's sentence, and what to do next.

    `page` is where an empty account is filled; `step` is what the provider's own table says to do; `about` what it says
    of single inputs.
    """
    name = kind or _KINDS.get(code, "Refused")
    step = step or ( f"Top up the account at {page}, then run again." if name == "BalanceError" and page else _STEPS.get(name, ""))
    return Trouble(name, message, str(code), step, about)


def judge(
    status: int,
    remote_id: str,
    message: str,
    *,
    code: int | None = None,
    refused_codes: frozenset[int] = frozenset(),
    kind: str | None = None,
    retry_codes: frozenset[int] = frozenset(),
    page: str = "",
    step: str = "",
    about: About = (),
) -> Verdict:
    """Decide what an answer to a submit means.

    Args:
        status: The HTTP status.
        remote_id: The job's id in the answer, empty when there is none.
        message: The provider's sentence, for the record.
        code: The provider's own code in the body, where it has one. A server error there wins over a refusal in the
            HTTP status: the order may have been placed.
        refused_codes: The body codes this provider documents as refusals.
        kind: The error class, where the provider's code says more than the HTTP status.
        retry_codes: The codes documented as "not created", after which the order may be repeated.
        page: Where an empty account is filled.
        step: What to do after a refusal, where the provider's code says more than the error class.
        about: What the provider says of single inputs.
    """
    if remote_id:  # whatever else the answer says, there is a job with this id: look it up, do not guess
        return Accepted(remote_id)
    said = code if code is not None else status
    broken = code is not None and (500 <= code < 600 or 500_000 <= code < 600_000) and code not in refused_codes  # says nothing about the order
    if said in refused_codes or (status in _REFUSED_HTTP and not broken):
        trouble = refusal(said, message, kind=kind, page=page, step=step, about=about)
        return Later(trouble) if said in retry_codes else Rejected(trouble)
    return Orphaned(
        Trouble(
            "SubmitUncertain",
            message or f"The order left and the answer (HTTP {status}) does not say whether it was placed.",
            str(said),
            "Look at the provider's own list of generations before sending anything again.",
        )
    )
