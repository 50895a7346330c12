"""Which sentence says what went wrong with a job: its provider's code has one of its own, else its error class has.

The bill is filled in last, as it has a language: what a code means does not depend on it, what it cost does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from .errors import AuthError, SubmitUncertain
from .languages import current, first, normal, say
from .providers import key_of, providers
from .redaction import masked_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .jobs import JobRecord, Trouble

__all__ = ["bill", "error_text", "said_of", "step_of", "uncertain_key"]


class _Said(Protocol):
    """An error of ours, or a notice: a sentence by its key, with plain English beside it."""

    @property
    def key(self) -> str: ...

    @property
    def params(self) -> Mapping[str, object]: ...

    @property
    def message(self) -> str: ...


_HERE = "_local"  # ends the keys of sentences that hold for a job of this machine


def said_of(record: JobRecord, trouble: Trouble) -> tuple[str, dict[str, str]]:
    """The key of the sentence for a job's trouble, and what fills it but for `bill`.

    `message` is the provider's own sentence, `page` where an account is filled, `charged` what is known of the bill.
    """
    known = next((found for found in providers if found.name == record.provider), None)  # a plug-in may be gone
    page = known.top_up_page if known is not None else ""
    message = masked_text(trouble.message).rstrip(". 。")
    return _key(record, trouble), {"message": message, "page": page, "charged": record.charged}


def step_of(record: JobRecord, trouble: Trouble, language: str | None) -> str:
    """What to do now. English has the trouble's own words, which may know more; not where this machine changes them.

    They may come from a service, so a link in them is cut as in the message.
    """
    key, params = said_of(record, trouble)
    own = masked_text(trouble.next_step)
    if trouble.next_step and not key.endswith(_HERE) and normal(language or current()) == "en":
        return own
    return say(f"{key}.next", language=language, **params) if first(f"{key}.next", default="") else own


def uncertain_key(record: JobRecord) -> str:
    """The key of the sentence for an order without an answer; one to this machine stands on nobody's list, and is free."""
    return SubmitUncertain.key + (_HERE if record.is_local else "")


def _key(record: JobRecord, trouble: Trouble) -> str:
    if trouble.kind == SubmitUncertain.__name__:
        return uncertain_key(record)
    if trouble.kind == AuthError.__name__ and record.backend == "local-url":
        return AuthError.key + _HERE
    return key_of(record.provider, trouble)


def bill(charged: str, language: str | None) -> str:
    """What is known of the bill, in a sentence."""
    return say(f"charged.{charged}", language=language)


def error_text(error: _Said, language: str) -> str:
    """What happened, in the reader's language; a sentence nobody translated stays in English."""
    if not first(error.key, default=""):
        return error.message
    charged = error.params.get("charged")
    cost = bill(charged, language) if isinstance(charged, str) else ""
    return say(error.key, language=language, **{**error.params, "bill": cost})
