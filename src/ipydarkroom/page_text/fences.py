"""Markdown's fenced code blocks (CommonMark 0.31, section 4.5), as far as pages use them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Block", "fenced_blocks"]

_FENCE = re.compile(r"[ \t]*+(?P<marks>`{3,}+|~{3,}+)[ \t]*+(?P<info>[^`\r\n]*+)\s*+\Z")


@dataclass(frozen=True, slots=True)
class Block:
    """One block: the word behind its opening fence in lower case (`yaml`, `json`, or empty), and its lines.

    `start` is the index of its first line in the text. `closed` is False where the text ended before the fence did.
    """

    language: str
    text: str
    start: int
    closed: bool


def fenced_blocks(text: str) -> Iterator[Block]:
    """The fenced blocks of the text, in order."""
    opened: re.Match[str] | None = None
    place = start = 0
    for line in text.splitlines(keepends=True):
        fence = _FENCE.match(line)
        if opened is None and fence is not None:
            opened, start = fence, place + len(line)
        elif opened is not None and fence is not None and _closes(opened, fence):
            yield Block(_language(opened), text[start:place], start, closed=True)
            opened = None
        place += len(line)
    if opened is not None:
        yield Block(_language(opened), text[start:], start, closed=False)


def _closes(opened: re.Match[str], fence: re.Match[str]) -> bool:
    """The same mark, at least as many, and no word behind them."""
    return not fence["info"].strip() and fence["marks"].startswith(opened["marks"])


def _language(opened: re.Match[str]) -> str:
    words = opened["info"].split()
    return words[0].lower() if words else ""
