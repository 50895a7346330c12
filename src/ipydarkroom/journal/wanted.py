"""Which jobs are wanted, as a question to the journal. Pure: a value, and the SQL it stands for; values are always bound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["STATE_GROUPS", "StateGroup", "Wanted", "clause"]

StateGroup: TypeAlias = Literal["", "open", "succeeded", "failed", "cancelled", "uncertain"]

STATE_GROUPS: dict[str, tuple[str, ...]] = {
    "open": ("planned", "submitting", "queued", "running"),
    "uncertain": ("uncertain",),
    "succeeded": ("succeeded",),
    "failed": ("failed",),
    "cancelled": ("cancelled",),
}
"""What a person calls the state of a job, and our words for it; `open` are those on their way."""

_MOST_WORDS = 16  # of one question; an expression of SQLite may be some hundred terms deep
# Half a row that a disk has spoiled is no JSON, and must not end the search. A file's hash is nobody's word.
_SAID = """exists (
    select 1 from json_tree(case when json_valid(inputs) then inputs else '{{}}' end) as said
    where said.atom is not null and said.key is not 'sha256' and ({like})
)"""
_LIKE = "like ? escape '\\'"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A question to the journal; the empty one wants every job.

    Attributes:
        words: All of them must stand in what was sent (the prompt, any other input), or in the model's id; or it is one
            id, ours or the provider's. Capital letters do not matter.
        model: A part of `provider:model`.
        state: A key of `STATE_GROUPS`; empty is any.
        since: Seconds since the epoch: ordered then or later; None is from the beginning.
        until: Ordered before then; None is up to now.
        pictures: Only jobs of which a file is here.
    """

    words: str = ""
    model: str = ""
    state: StateGroup = ""
    since: float | None = None
    until: float | None = None
    pictures: bool = False


def clause(wanted: Wanted) -> tuple[str, list[object]]:
    """The condition on a row of `jobs`, and the values it binds."""
    terms: list[str] = []
    values: list[object] = []
    for word in _whole(wanted.words).split()[:_MOST_WORDS]:
        patterns = [_pattern(form) for form in _forms(word)]
        said = " or ".join(f"said.atom {_LIKE}" for _ in patterns)
        terms.append(f"({_SAID.format(like=said)} or model {_LIKE} or id = ? or (remote_id = ? and remote_id != ''))")
        values += [*patterns, _pattern(word), word, word]
    if wanted.model.strip():
        terms.append(f"provider || ':' || model {_LIKE}")
        values.append(_pattern(_whole(wanted.model).strip()))
    if wanted.state:
        states = STATE_GROUPS[wanted.state]
        terms.append(f"state in ({', '.join('?' * len(states))})")
        values += states
    for bound, sign in ((wanted.since, ">="), (wanted.until, "<")):
        if bound is not None:
            terms.append(f"created {sign} ?")
            values.append(bound)
    if wanted.pictures:
        terms.append("exists (select 1 from outputs where job = jobs.id and path != '')")
    return " and ".join(terms) or "1", values


def _forms(word: str) -> list[str]:
    """SQLite's `like` takes a for A, but ä is not Ä to it, so such words are looked for in each of their forms."""
    if word.isascii():
        return [word]
    return list(dict.fromkeys((word, word.lower(), word.upper(), word.title())))


def _pattern(part: str) -> str:
    for sign in ("\\", "%", "_"):
        part = part.replace(sign, f"\\{sign}")
    return f"%{part}%"


def _whole(text: str) -> str:
    """Without half characters and nulls, which cannot be bound or compared."""
    return text.encode("utf-8", "replace").decode().replace("\0", " ")
