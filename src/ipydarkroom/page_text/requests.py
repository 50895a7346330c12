"""Requests that a page shows: `curl --request POST --url https://… --data '{…}'`, in the shapes curl lines come in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from .objects import object_at

__all__ = ["Request", "requests_in"]

_NEAR = 400  # how far from its address a request's method is looked for
_ADDRESS = re.compile(r"https?://[^\s\"'`\\<>()（）「」，。、]++")
_METHOD = re.compile(r"(?:--request|-X)[\s=\\]*+[\"']?(GET|POST|PUT|PATCH|DELETE)\b|\b(GET|POST|PUT|PATCH|DELETE)\b")
_CURL = re.compile(r"\bcurl\b")
_DATA = re.compile(r"(?:--data(?:-raw|-binary|-ascii)?|--json|(?<![\w-])-d)[\s=]++(?P<quote>\$?[\"'‘’“”]?)\s*+(?=\{)")
_HEADER_GLUED = re.compile(r"--(?:header|data|request|url)\b.*")


@dataclass(frozen=True, slots=True)
class Request:
    """One request: method (`POST`; empty where none is told), address, and the body where it is a JSON object.

    `start` is the index of its address, `end` that of the end of its body, or of the address without one.
    `unread` is True where a body is there that is no JSON.
    """

    method: str
    url: str
    start: int
    end: int
    body: Mapping[str, Any] | None = None
    unread: bool = False


def requests_in(text: str) -> Iterator[Request]:
    """Every address of the text, in order, with the method and the body that go with it."""
    found = list(_ADDRESS.finditer(text))
    edges = [0, *(match.end() for match in found)]
    for number, match in enumerate(found):
        after = found[number + 1].start() if number + 1 < len(found) else len(text)
        method = _method(text, edges[number], match.start(), match.end(), after)
        data = _DATA.search(text, match.end(), after)
        url = _HEADER_GLUED.sub("", match.group()).rstrip(".,:;!?。，")
        if data is None:
            yield Request(method, url, match.start(), match.end())
            continue
        body, end = _body(text, data, after)
        yield Request(method or "POST", url, match.start(), end, body, unread=body is None)


def _method(text: str, before: int, start: int, end: int, after: int) -> str:
    """The last method before the address, of the same command; else the first one behind it."""
    commands = [match.start() for match in _CURL.finditer(text, max(before, start - _NEAR), start)]
    begins = commands[-1] if commands else max(before, start - _NEAR)
    ahead = list(_METHOD.finditer(text, begins, start))
    if ahead:
        return ahead[-1][1] or ahead[-1][2]
    following = _CURL.search(text, end, min(after, end + _NEAR))
    behind = _METHOD.search(text, end, following.start() if following else min(after, end + _NEAR))
    return behind[1] or "" if behind else ""


def _body(text: str, data: re.Match[str], after: int) -> tuple[Mapping[str, Any] | None, int]:
    """The body behind `--data`: as it stands, else with the shell's own quoting undone."""
    at = data.end()
    found = object_at(text, at)
    if found is not None:
        return found.value, found.end
    segment = text[at:after]
    if '"' in data["quote"]:
        plain = re.sub(r"\\([\"\\$`])", r"\1", segment)
    else:
        plain = segment.replace("'\\''", "'").replace("'\"'\"'", "'").replace("\\'", "'")
    mended = object_at(plain, 0)
    return (mended.value, at) if mended is not None else (None, at)
