"""Kie's pages of autumn 2025, and their copies since: "input Object Parameters" (`input 对象参数`), a title for each field.

English or Chinese Markdown with a bullet for each thing said: type, required, description, options, a range with its
step, file size and types. The request stands behind the inputs, not before them, and demonstrations are called defaults.
"""

from __future__ import annotations

import re

from . import Page, dialect
from .kie_apidog import is_kie
from .kie_markdown import described_page
from ..reading import unquoted

__all__ = ["KiePlayground"]

_TITLE = re.compile(r"^[ \t]{0,3}#{1,6}[ \t]+`?input`?[ \t]*(?:object|对象|物件|オブジェクト|のオブジェクト)[^\n#]{0,40}$", re.MULTILINE | re.IGNORECASE)
_FIRST = re.compile(r"[ \t\r\n]*#{2,6}[ \t]+\S")


@dialect(rank=130)
class KiePlayground:
    """Markdown with an "input Object Parameters" part."""

    name = "kie-playground"

    def recognises(self, text: str) -> bool:
        text = unquoted(text)
        title = _TITLE.search(text)
        return title is not None and is_kie(text) and (_FIRST.match(text, title.end()) is not None or not text[title.end() :].strip())

    def read(self, text: str) -> Page:
        return described_page(self.name, text)
