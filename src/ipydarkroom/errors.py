"""Every error answers one question first: what did it cost me?

* DarkroomError                  has .job (or None), .next_step, and .key for the panel's own language
  x InputError                   the inputs are wrong; nothing was sent
  x AmbiguousModel               two providers know this id; nothing was sent
  x ModelNotFound                nobody knows this id; nothing was sent
  x StorageError                 the journal or the disk refused; nothing was sent
  x AlreadyOrdered               another kernel has just ordered the same; nothing was sent
  x NeedsConfirmation            it may cost more than anybody has agreed to; nothing was sent, `confirm=True` agrees
  x Refused                      an answer came and it was no, before any work: nothing charged
    + AuthError                  no token, a wrong one, or someone else's job
    + BalanceError               the account is empty
    + RateLimited                too many requests; wait, then try again
    + SpendingForbidden          our own lock: paid hosts are switched off
    + BudgetExceeded             our own cap: the order could go beyond `budget=`
  x JobFailed                    work began and ended badly: may be charged
    + JobCancelled               somebody cancelled it: there is no result
  x NoAnswer                     no usable answer to a question that is safe to ask again
    + NotSent                    proven: no byte of the order left this machine
    + Unreadable                 an answer came that we do not understand; it is kept in .raw
    + WaitTimeout                our waiting ended; the job goes on
    + NotSaved                   the job succeeded, but its files could not be fetched yet
  x SubmitUncertain              the order may have been placed; we never send it a second time

Exceptions speak English to the programmer. A panel shows `languages.say(error.key, **error.params)` instead.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "AlreadyOrdered", "AmbiguousModel", "AuthError", "BalanceError", "BudgetExceeded", "DarkroomError", "InputError", "JobCancelled",
    "JobFailed", "ModelNotFound", "NeedsConfirmation", "NoAnswer", "NotSaved", "NotSent", "RateLimited", "Refused",
    "SpendingForbidden", "StorageError", "SubmitUncertain", "Unreadable", "WaitTimeout",
]


class DarkroomError(Exception):
    """The root of the tree: what happened, and what to do next.

    Args:
        message: One sentence in plain English.
        next_step: One sentence saying what the reader can do now; may be empty.
        job: The job this is about, where there is one (`Job`, `AsyncJob` or a job id).
        key: The key of the sentence in `languages/`; the class name's own key by default.
        params: Values for the placeholders of that sentence; `message` is always among them.
    """

    key = "error.unknown"

    def __init__(
        self, message: str, *, next_step: str = "", job: object = None, key: str | None = None, **params: object
    ) -> None:
        super().__init__(message)
        self.message = message
        self.next_step = next_step
        self.job = job
        self.key = key or type(self).key
        self.params = {"message": message, **params}

    def __str__(self) -> str:
        return f"{self.message} {self.next_step}".strip()


class InputError(DarkroomError):
    """The inputs do not fit the model. Nothing was sent. `problems` lists what is wrong, field by field."""

    key = "error.input"

    def __init__(self, message: str, *, problems: Iterable[object] = (), **rest: object) -> None:
        super().__init__(message, **rest)  # type: ignore[arg-type]  # the keywords of the root
        self.problems = tuple(problems)


class AmbiguousModel(DarkroomError):
    """Two providers know this model id; say which one: `"kie:ideogram/v3-reframe"`."""

    key = "error.ambiguous_model"


class ModelNotFound(DarkroomError):
    """No catalog we have, or the provider itself, knows this model id."""

    key = "error.model_not_found"


class StorageError(DarkroomError):
    """The journal or the disk refused to keep something. Raised before anything is sent."""

    key = "error.storage"


class AlreadyOrdered(DarkroomError):
    """The journal has more such jobs than the order was meant to add to. Nothing was sent."""

    key = "error.already_ordered"


class NeedsConfirmation(DarkroomError):
    """Going on may cost more than was agreed to. Nothing was sent; the same call with `confirm=True` agrees."""

    key = "error.needs_confirmation"


class Refused(DarkroomError):
    """The provider said no before any work began: nothing is charged."""

    key = "error.refused"


class AuthError(Refused):
    """No token, a wrong or expired one, or one that may not see this job."""

    key = "error.auth"


class BalanceError(Refused):
    """The account has not enough money or credits for this job."""

    key = "error.balance"


class RateLimited(Refused):
    """Too many requests. The order was not accepted."""

    key = "error.rate_limited"


class SpendingForbidden(Refused):
    """`IPYDARKROOM_SPENDING=off` (or `dr.testing.spending(False)`) keeps paid hosts out of reach."""

    key = "error.spending_forbidden"


class BudgetExceeded(Refused):
    """The order could go beyond the client's `budget=`, counted with the most it may make. Nothing was sent."""

    key = "error.budget_exceeded"


class JobFailed(DarkroomError):
    """The job was accepted and ended without a result. It may be charged; `.job.charged` says what we know."""

    key = "error.job_failed"


class JobCancelled(JobFailed):
    """The job was cancelled, so there is no result."""

    key = "error.job_cancelled"


class NoAnswer(DarkroomError):
    """No usable answer came, to a question that may be asked again at no cost."""

    key = "error.no_answer"


class NotSent(NoAnswer):
    """No connection: proven that no byte of the order left. Nothing was charged."""

    key = "error.not_sent"


class Unreadable(NoAnswer):
    """An answer came that this version does not understand; `.raw` keeps its beginning (500 characters)."""

    key = "error.unreadable"

    def __init__(self, message: str, *, raw: str = "", **rest: object) -> None:
        super().__init__(message, **rest)  # type: ignore[arg-type]  # the keywords of the root
        self.raw = raw[:500]


class WaitTimeout(NoAnswer, TimeoutError):
    """The time given to `wait` or `result` is over. The job goes on; its id is in `.job.id`."""

    key = "error.wait_timeout"


class NotSaved(NoAnswer):
    """The job succeeded (and is charged), but its files could not be fetched. `job.result()` tries again."""

    key = "error.not_saved"


class SubmitUncertain(DarkroomError):
    """The order left this machine and no answer came back: it may have been placed, and paid.

    It is never sent a second time by this library. Look at the provider's own list of generations.
    """

    key = "error.submit_uncertain"
