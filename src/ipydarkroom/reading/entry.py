"""What a page says of one field, as it was written; and what stands between fields."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from .types import Tail, Type, type_in, type_line

__all__ = ["Entry", "Mark", "is_plain_label"]

_BOLD_ONLY = frozenset(("size", "accept", "multiple", "description", "location", "format", "length", "items"))  # too common in prose
_SHORT = 40  # letters of a value rather than a sentence


@dataclass(slots=True)
class Entry:
    """One field as the page has it.

    `rank` tells what it is nested in: of two entries the one with the lower rank holds the other. `facts` maps subjects (`labels.subject_of`) to what was written behind them; `copied` marks text from a browser.
    """

    name: str
    rank: tuple[int, int]
    indent: int = 0
    kind: Type | None = None
    tail: Tail = field(default_factory=Tail)
    facts: dict[str, str] = field(default_factory=dict)
    prose: list[str] = field(default_factory=list)
    copied: bool = False

    def learn(self, subject: str, value: str) -> None:
        """Take in what is written behind a label."""
        if subject == "type" and (found := type_line(value)):
            self.kind, self.tail = found
        elif subject == "type" and self.kind is None:
            self.kind = type_in(re.split(r"[(（,，;；]", value.replace("`", ""))[0])
        if subject == "description" and self.facts.get("description"):
            self.prose.append(value)
        else:
            self.facts[subject] = value


@dataclass(slots=True)
class Mark:
    """A title between fields, or anything else that shows that the page goes on."""

    title: str
    rank: tuple[int, int]
    kind: str = "title"


def is_plain_label(subject: str, value: str, *, copied: bool) -> bool:
    """Whether a label that is not in bold is one, and not the beginning of a sentence: by what stands behind it."""
    if subject in _BOLD_ONLY and not (copied and subject in ("length", "items")):
        return False
    if subject == "enum":  # "Options: fast, slow" in a sentence is a sentence
        return not value or (not copied and value[0] in "`\"'[")
    exact = not value or value[0] in "`\"'[{-0123456789"
    return exact or copied or subject in ("type", "required") or len(value) <= _SHORT
