"""A sentence for the person, above the jobs or below the form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["Notice"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the person, as a language key; `message` and `next_step` are the plain English beside it.

    `fields` names the fields it is about; such a notice, and a `fleeting` one, is over with the next change of a value.
    `asks` marks a question that the next press of Run answers; nothing has gone wrong. `top_up` names the provider
    whose page for topping up shall be linked.
    """

    key: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)
    message: str = ""
    next_step: str = ""
    fields: tuple[str, ...] = ()
    asks: bool = False
    fleeting: bool = False
    top_up: str = ""
