"""Other readings of a text that was copied with something in it that is not the page's: quoting, markup, line numbers.

They are tried one after the other, only while the text as it stands cannot be read: what is data in one page (a `<lora>`
in a description) is leftover in another.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

__all__ = ["readings"]

_TAG = re.compile(
    r"</?(?:a|article|b|blockquote|body|br|code|div|em|figure|h[1-6]|head|html|i|li|main|nav|ol|p|pre|section|span|strong|"
    r"table|tbody|td|th|thead|tr|u|ul)(?:\s[^<>]{0,2000})?/?>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"<(?:br|/p|/div|/li|/h[1-6]|/tr|/pre)\b", re.IGNORECASE)
_SILENT = ("script", "style", "svg")  # elements whose text nobody reads
_NUMBERED = re.compile(r"[ \t]*+([0-9]{1,5})(?:[ \t]*+[|:│┃.)][ \t]?|[ \t]|(?=$))")
_RUN = 5  # so many lines numbered one after the other are no accident


def readings(text: str) -> Iterator[str]:
    """The text as it stands, then without a mail's quoting, markup and line numbers; only those that differ."""
    yield text
    lines = text.splitlines()
    if len(lines) >= _RUN and all(line.startswith(">") for line in lines if line.strip()):
        text = "\n".join(line.lstrip(">").removeprefix(" ") for line in lines)
        yield text
    if _TAG.search(text) or "&quot;" in text or "&#" in text:
        text = _without_markup(text)
        yield text
    bare = _without_numbers(text)
    if bare != text:
        yield bare


def _without_markup(text: str) -> str:
    """The words of HTML. Tags we do not know stay: `<token>` is the page's own word."""
    kept = text
    for name in _SILENT:
        kept = _without_element(kept, name)
    return html.unescape(_TAG.sub(lambda tag: "\n" if _BREAK.match(tag.group()) else "", kept))


def _without_element(text: str, name: str) -> str:
    """The text without those elements; what is never closed stays."""
    lower, kept, at = text.lower(), [], 0
    while (start := lower.find(f"<{name}", at)) >= 0 and (end := lower.find(f"</{name}>", start)) >= 0:
        kept.append(text[at:start])
        at = end + len(name) + 3
    return "".join((*kept, text[at:]))


def _without_numbers(text: str) -> str:
    """The text with the numbers at the start of its lines taken off, in every run of lines that counts 1, 2, 3, ..."""
    lines = text.splitlines(keepends=True)
    marks = [_NUMBERED.match(line.rstrip("\r\n")) for line in lines]
    start = 0
    while start < len(lines):
        end = start + 1
        while end < len(lines) and _follows(marks[end - 1], marks[end]):
            end += 1
        if end - start >= _RUN:
            for at in range(start, end):
                mark = marks[at]
                lines[at] = lines[at][mark.end():] if mark else lines[at]
        start = end
    return "".join(lines)


def _follows(one: re.Match[str] | None, other: re.Match[str] | None) -> bool:
    return one is not None and other is not None and int(other[1]) == int(one[1]) + 1
