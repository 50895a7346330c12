"""JSON objects in running text: found by reading them, never by counting braces, since descriptions hold braces too.

Our own reader and not the standard library's: that one recurses, and would begin anew at every brace of a broken
document, which takes quadratic time on a hostile page. This one keeps a stack, and goes on where a document broke.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["DEEPEST", "Found", "object_at", "objects_in"]

DEEPEST = 64
"""Objects and lists within one another; the deepest schema seen on a page has ten."""

_BLANK = r"[\s\ufeff\u200b-\u200d\u2060]*+"  # no-break, full-width and zero-width blanks get in by copying
_STRING = r'(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+'
_TOKEN = re.compile(
    _BLANK
    + r"(?:(?P<punctuation>[{}\[\],:，：])"  # the full-width comma and colon of an input method
    + rf'|"(?P<string>{_STRING})"'
    + rf'|[“”„](?P<curly>{_STRING.replace(chr(34), "“”„", 1)})[“”]'  # quotes that an editor made curly
    + r"|(?P<number>-?(?:0|[1-9][0-9]{0,399})(?:\.[0-9]{1,400})?(?:[eE][+-]?[0-9]{1,4})?)(?![0-9.eE+])"
    + r"|(?P<word>true|false|null)\b)"
)
_WIDE = {"，": ",", "：": ":"}
_WORDS = {"true": True, "false": False, "null": None}
_QUOTE = re.compile(r'\\.|"')  # an escape, or a quote that needs one
_SURROGATE = re.compile("[\ud800-\udfff]")
_STEP = re.compile(r"[\n\r{}\[\],，]")
_NAME_ALONE = re.compile(r'[{,]\s*["“][^"“”]*["”]$')
_LONGEST_NAME = 80  # characters before a colon that are looked at
_BROKEN = object()


@dataclass(frozen=True, slots=True)
class Found:
    """One object: its value, where it starts, and where it ends (the index after its last brace).

    `part` marks one that stands inside a larger document which could not be read: after `"name":`, a comma or a bracket.
    """

    value: dict[str, Any]
    start: int
    end: int
    part: bool = False


def objects_in(text: str) -> Iterator[Found]:
    """Every JSON object of the text, outermost only, in order.

    Curly quotes, full-width commas and odd blanks between values are read; anything else that is no JSON breaks the
    object it stands in, and reading goes on behind that place.
    """
    at = text.find("{")
    while at >= 0:
        value, end = _read(text, at)
        if isinstance(value, dict):
            yield Found(value, at, end, _is_part(text, at))
        at = text.find("{", max(end, at + 1))


def object_at(text: str, at: int) -> Found | None:
    """The JSON object that starts at this index, or None where there is no whole one."""
    value, end = _read(text, at)
    return Found(value, at, end, _is_part(text, at)) if isinstance(value, dict) else None


def _is_part(text: str, at: int) -> bool:
    """Whether what stands before an object is JSON that goes on: a bracket, a comma, or a name with or without its colon.

    The colon, or one of the name's quotes, may be what broke the document.
    """
    before = _back(text, at)
    if before < 0:
        return False
    if text[before] in ",[，":
        return True
    near = text[max(0, before + 1 - _LONGEST_NAME):before + 1]
    if text[before] in ":：":
        return any(quote in _STEP.split(near)[-1] for quote in '"“”')
    return text[before] in '"”' and _NAME_ALONE.search(near) is not None


def _back(text: str, at: int) -> int:
    """The index of the last character before `at` that is no blank, -1 where there is none."""
    at -= 1
    while at >= 0 and text[at].isspace():
        at -= 1
    return at


def _read(text: str, at: int) -> tuple[object, int]:
    """The value that starts at `at` and where it ends; or `_BROKEN` and the place where reading had to stop.

    `wanted` says what may come next: a `value`, a `name`, the `colon` behind it, or what comes `after` a value; the two
    with `end` stand right behind an opening bracket, where it may close at once.
    """
    stack: list[dict[str, Any] | list[Any]] = []
    names: list[str] = []
    wanted = "value"
    while True:
        match = _TOKEN.match(text, at)
        if match is None:
            return _BROKEN, at
        kind, said = match.lastgroup, match.group(match.lastgroup or 0)
        said = _WIDE.get(said, said)
        if kind == "punctuation" and said in "{[":
            if not wanted.startswith("value") or len(stack) >= DEEPEST:
                return _BROKEN, match.end() - 1
            stack.append({} if said == "{" else [])
            wanted, at = ("name or end" if said == "{" else "value or end"), match.end()
            continue
        if kind == "punctuation" and said in "}]":
            closes = bool(stack) and isinstance(stack[-1], dict if said == "}" else list)
            if not closes or not (wanted == "after" or wanted.endswith("end")):
                return _BROKEN, match.end()
            value: object = stack.pop()
        elif kind == "punctuation":
            if said == "," and wanted == "after":
                wanted = "name" if isinstance(stack[-1], dict) else "value"
            elif said == ":" and wanted == "colon":
                wanted = "value"
            else:
                return _BROKEN, match.end()
            at = match.end()
            continue
        elif wanted.startswith("name"):
            if kind not in ("string", "curly"):
                return _BROKEN, match.end()
            names.append(_string(said))
            wanted, at = "colon", match.end()
            continue
        elif wanted.startswith("value"):
            value = _scalar(kind, said)
            if value is _BROKEN:
                return _BROKEN, match.end()
        else:
            return _BROKEN, match.end()
        at, wanted = match.end(), "after"
        if not stack:
            return value, at
        if isinstance(stack[-1], dict):
            stack[-1][names.pop()] = value
        else:
            stack[-1].append(value)


def _scalar(kind: str | None, said: str) -> object:
    if kind in ("string", "curly"):
        return _string(said)
    if kind == "word":
        return _WORDS[said]
    if said.lstrip("-").isdecimal():
        return int(said)
    number = float(said)
    return number if math.isfinite(number) else _BROKEN


def _string(said: str) -> str:
    """A string's escapes undone. Half a surrogate pair is no character, and could not be sent: it becomes U+FFFD."""
    if "\\" in said:
        said = json.loads('"' + _QUOTE.sub(lambda found: '\\"' if found[0] == '"' else found[0], said) + '"')
    return _SURROGATE.sub("\N{REPLACEMENT CHARACTER}", said)
