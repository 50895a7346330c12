"""Kie's pages as a browser shows them: selected and copied as text, or saved as HTML.

Mintlify's pages (until spring 2026) give each field as a dotted name, its type, `required` and `default:…`, a sentence,
`Available options:`, `Example:`. Apidog's (since) give bare names below `input`, `required` or `optional`, `Allowed
values:`, `<= 5000 characters`. Either may also show the OpenAPI document as text, without a fence around it.
"""

from __future__ import annotations

import re
from dataclasses import replace

from . import Page, cut_page, dialect
from .kie_apidog import is_kie, openapi_page
from .kie_markdown import described_page
from ..reading import Entry, entries_in, is_markup, lines_of, text_of_markup

__all__ = ["KieRendered"]

_DOCUMENT = re.compile(r"^openapi: *[\"']?3\.[\d.]+[\"']? *$", re.MULTILINE)
_TOP = re.compile(r"^(?:openapi|info|paths|components|servers|security|tags|x-[\w-]+): *", re.MULTILINE)
_CREATE = re.compile(r"/jobs/createTask|(?<!\w)jobs\s*\n\s*/\s*\n\s*createTask\b")
_TITLES = (  # Mintlify's stands below the path, Apidog's above the method
    re.compile(r"^[ \t]*createTask[ \t]*\n\s*([^\n{}]{3,120})\n", re.MULTILINE),
    re.compile(r"^[ \t]*([^\n{}]{3,120})\n\s*POST[ \t]*\n", re.MULTILINE),
)


@dialect(rank=150)
class KieRendered:
    """Text copied from a browser, or HTML."""

    name = "kie-rendered"

    def recognises(self, text: str) -> bool:
        return is_kie(text) and _CREATE.search(text) is not None

    def read(self, text: str) -> Page:
        if is_markup(text):
            text = text_of_markup(text)
        text = text.replace("\r\n", "\n")
        if document := _DOCUMENT.search(text):
            return openapi_page(self.name, text[: document.start()], _document(self.name, text[document.start() :]))
        copied = described_page(self.name, text, copied=_is_copied(text))
        return copied if copied.title else replace(copied, title=_title(text))


def _is_copied(text: str) -> bool:
    """Whether more names stand above their types, as browsers show them, than have a labelled type, as in Markdown."""
    lines = lines_of(text)
    pairs = [one for one in entries_in(lines, copied=True) if isinstance(one, Entry) and one.copied and "type" not in one.facts]
    labelled = [one for one in entries_in(lines) if isinstance(one, Entry) and ("type" in one.facts or one.rank[0] == 2)]
    return len(pairs) > len(labelled) or not labelled


def _title(text: str) -> str:
    return next((found[1].strip() for found in (pattern.search(text) for pattern in _TITLES) if found), "")


def _document(name: str, text: str) -> str:
    """The document without a fence: to the last line that is indented or a key of its top.

    Raises:
        InputError: Its indentation is lost, or what it refers to is cut off.
    """
    lines = text.split("\n")
    end = len(lines)
    for number, line in enumerate(lines[1:], 1):
        if line.strip() and not line[0].isspace() and not _TOP.match(line) and not line.startswith("- "):
            end = number
            break
    document = "\n".join(lines[:end])
    if not re.search(r"^[ \u00a0]+\S", document, re.MULTILINE):
        raise cut_page(name, "indentation")
    tops = {found.group().strip(" :") for found in _TOP.finditer(document)}
    if "paths" not in tops or ("$ref" in document and "components" not in tops):
        raise cut_page(name, "page_end")
    return document
