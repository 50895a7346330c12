"""The JSON of a page's own requests, found wherever it stands: in a fence, in a curl line, bare in copied text.

A request body is an object with a `model` that is a word and an `input` that is an object. Pages are written by hand and
by generators, so what JSON does not allow and pages hold is put right first: `undefined` as a value, a comma before a
closing bracket, a line comment, a stray word.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ..page_text import object_at

__all__ = ["Body", "bodies_in"]

_MOST = 200  # starting points tried on one page; the longest page has a dozen
_LONGEST = 20_000  # characters of a body that is put right; the longest body seen has 3,000
_BEGINS = re.compile(r'\{[\s\u00a0]*+(?://[^\n]{0,200}\s*+)?"(?:model|input|callBackUrl)"')
_ODD = re.compile(
    r'\{\s*+\w{1,20}(?=\s+")|[{,]\s*+"[^"\n]{1,100}"\s*+:\s*+undefined(?=\s*+[,}])|"(?:[^"\\\n]|\\.)*+"|,(?=\s*+[}\]])|//[^\n]*+',
)
_PLACEHOLDER = re.compile(r"[<{\[]|\s|^(?:string|your)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Body:
    """A request as the page writes it: the model's id and its inputs."""

    model: str
    inputs: Mapping[str, object]


def bodies_in(text: str) -> Iterator[Body]:
    """The request bodies of a page, in its order."""
    end = 0
    for number, begin in enumerate(_BEGINS.finditer(text)):
        if number >= _MOST:
            return
        if begin.start() < end:
            continue  # inside the body before
        found = object_at(text, begin.start())
        if found is None:
            found = object_at(_ODD.sub(_put_right, text[begin.start() : begin.start() + _LONGEST]), 0)
        elif (body := _body(found.value)) is not None:
            end = found.end
        body = _body(found.value) if found else None
        if body is not None:
            yield body


def _put_right(match: re.Match[str]) -> str:
    """Strings stay; an undefined entry, a word before the first name, a comma too many and a comment go."""
    piece = match.group()
    return piece if piece[0] == '"' else "{" if piece[0] == "{" else ""


def _body(found: Mapping[str, object]) -> Body | None:
    model, inputs = found.get("model"), found.get("input", {})
    if not isinstance(model, str) or not isinstance(inputs, dict) or not model or _PLACEHOLDER.search(model):
        return None
    if "input" not in found and set(found) - {"model", "callBackUrl"}:
        return None  # another service's request, or the answer of a status call
    return Body(model, {str(name): value for name, value in inputs.items()})
