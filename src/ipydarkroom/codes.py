"""What the numbers in a provider's answers mean: one table in each provider's file, read for orders, looks and uploads.

The sentence to a code is `languages.say("error.<provider>.<code>")`, what to do next the same with `.next`; what it cost
is said by the job (`charged`), since one code may come before and after an order was taken.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from . import errors
from .errors import DarkroomError, NoAnswer
from .languages import first, say
from .redaction import masked_text

__all__ = ["Code", "Codes", "code_key", "later", "refused", "refused_upload", "step"]

Codes: TypeAlias = "Mapping[int, Code]"


@dataclass(frozen=True, slots=True)
class Code:
    """One code.

    Attributes:
        kind: The error class in `errors`, where the code is the whole answer. An order that may have been placed is
            `SubmitUncertain`, whatever stands here.
        order: What it says about an order, whatever the HTTP status: `refused` (no job was made), `later` (none was,
            and the same order may go again), `unknown` (only the HTTP status can say so).
        look: What it says about a job that is asked about: `again` (ask later), `unseen` (not visible, yet or any
            more), `halt` (asking again does not help), `failed` (the job has ended so).
    """

    kind: str
    order: Literal["refused", "later", "unknown"] = "unknown"
    look: Literal["again", "unseen", "halt", "failed"] = "again"

    @property
    def refusal(self) -> str | None:
        """The error class of a refused order; None where the code by itself is no refusal."""
        return None if self.kind in ("JobFailed", "NoAnswer") else self.kind


def refused(codes: Codes) -> frozenset[int]:
    """The codes after which no job was made."""
    return frozenset(code for code, about in codes.items() if about.order != "unknown")


def later(codes: Codes) -> frozenset[int]:
    """The codes after which the same order may go again."""
    return frozenset(code for code, about in codes.items() if about.order == "later")


def code_key(codes: Codes, provider: str, code: str, kind: str) -> str:
    """The key of a code's own sentence; empty where it has none, or where the error is of another kind.

    An order without an answer and a failed job may carry the same number as a plain refusal, and mean something else.
    """
    about = codes.get(int(code)) if code.isascii() and code.isdigit() and len(code) < 10 else None
    key = f"error.{provider}.{code}"
    return key if about is not None and about.kind == kind and first(key, default="") else ""


def step(codes: Codes, provider: str, code: int, page: str = "") -> str:
    """What to do after a code, in English; empty where the table does not say. `page` is where an account is filled."""
    key = f"error.{provider}.{code}.next"
    return say(key, language="en", page=page) if code in codes and first(key, default="") else ""


def refused_upload(codes: Codes, provider: str, code: int, sentence: str, raw: object) -> DarkroomError:
    """The error for an upload that was not taken, of the kind its code has; `Unreadable` where nobody knows the code."""
    about, said = codes.get(code), masked_text(sentence) or f"code {code}"
    message = f"The upload was not accepted: {said}."
    if about is None:
        return errors.Unreadable(
            message, next_step="Check the token and the file, then run again; nothing was charged.", raw=masked_text(repr(raw))
        )
    kind = getattr(errors, about.refusal or NoAnswer.__name__)  # no job can have failed: there is none
    key = code_key(codes, provider, str(code), kind.__name__) or None
    error: DarkroomError = kind(message, next_step=step(codes, provider, code), code=str(code), key=key, charged="no")
    return error
