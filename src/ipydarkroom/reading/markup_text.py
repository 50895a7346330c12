"""A saved page's HTML as Markdown: titles, bullets, bold, code, tables and line breaks; everything else is dropped.

Only words come out. Nothing is fetched, scripts and styles are skipped, and tags that no page has (`<token>`) are words.
"""

from __future__ import annotations

import html
import re

__all__ = ["is_markup", "text_of_markup"]

_MARKUP = re.compile(r"<(?:!doctype html|html|body|main|article|div|section|table|h[1-6]|p|ul|ol|pre)\b[^<>]{0,2000}>", re.IGNORECASE)
_BLOCKS = frozenset((
    "p", "div", "section", "article", "main", "header", "footer", "ul", "ol", "table", "thead", "tbody", "dl", "dt", "dd", "figure", "nav",
    "aside", "details", "summary", "form", "body", "html", "button", "label", "br", "hr", "blockquote",
))
_SILENT = frozenset(("script", "style", "svg", "noscript", "template", "head", "iframe"))
_TITLES = {f"h{level}": "#" * level for level in range(1, 7)}
_SIGNS = {"strong": "**", "b": "**", "code": "`"}
_DEEPEST_LIST = 20
_TAG = re.compile(r"<(?P<end>/?)(?P<name>[a-zA-Z][a-zA-Z0-9-]{0,30})(?P<rest>(?:[^<>\"']++|\"[^\"<]{0,4000}+\"|'[^'<]{0,4000}+')*+)>")
_KNOWN = _BLOCKS | _SILENT | set(_TITLES) | set(_SIGNS) | {"li", "pre", "tr", "td", "th", "span", "a", "em", "i", "small", "img", "input", "meta", "link", "path", "kbd", "u"}


def is_markup(text: str) -> bool:
    """Whether a text is HTML, and not Markdown with a few tags in it."""
    head = text[:2_000].lower()
    return "<!doctype html" in head or "<html" in head or (text.lstrip()[:1] == "<" and len(_MARKUP.findall(text[:200_000])) >= 8)


def text_of_markup(text: str) -> str:
    """The words of a page of HTML, as Markdown."""
    writer = _Writer()
    at = 0
    text = _without_comments(text)
    for tag in _TAG.finditer(text):
        writer.words_of(text[at : tag.start()])
        at = tag.end()
        name = tag["name"].lower()
        if name not in _KNOWN:
            writer.words_of(tag.group())
        elif tag["end"]:
            writer.end(name)
        else:
            writer.begin(name)
            if tag["rest"].endswith("/") and name in _SILENT:
                writer.end(name)
    writer.words_of(text[at:])
    return re.sub(r"\n{3,}", "\n\n", "".join(writer.words)).strip() + "\n"


def _without_comments(text: str) -> str:
    """Comments go; one that is never closed is words."""
    kept, at = list[str](), 0
    while (begin := text.find("<!--", at)) >= 0 and (end := text.find("-->", begin)) >= 0:
        kept.append(text[at:begin])
        at = end + 3
    return "".join([*kept, text[at:]])


class _Writer:
    def __init__(self) -> None:
        self.words: list[str] = []
        self.silent = 0
        self.lists = 0
        self.pre = False
        self.cells: list[list[str]] | None = None
        self.row: list[str] | None = None
        self.cell: list[str] | None = None

    def begin(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent += 1
        elif tag == "body":
            self.silent = 0  # a head that was never closed
        elif tag in _TITLES:
            self._write(f"\n\n{_TITLES[tag]} ")
        elif tag in ("ul", "ol"):
            self.lists = min(self.lists + 1, _DEEPEST_LIST)
            self._write("\n")
        elif tag == "li":
            self._write("\n" + "    " * (self.lists - 1) + "* ")
        elif tag == "pre":
            self.pre = True
            self._write("\n\n```\n")
        elif tag == "table":
            self.cells = []
        elif tag == "tr" and self.cells is not None:
            self.row = []
        elif tag in ("td", "th") and self.row is not None:
            self.cell = []
        elif tag == "br":
            self._write("<br>" if self.cell is not None else "\n")
        elif tag in _SIGNS and not self.pre:
            self._write(_SIGNS[tag])
        elif tag in _BLOCKS:
            self._write("<br>" if self.cell else "\n")

    def end(self, tag: str) -> None:
        if tag in _SILENT:
            self.silent = max(0, self.silent - 1)
        elif tag in _TITLES:
            self._write("\n\n")
        elif tag in ("ul", "ol"):
            self.lists = max(0, self.lists - 1)
            self._write("\n")
        elif tag == "pre":
            self.pre = False
            self._write("\n```\n\n")
        elif tag in ("td", "th") and self.cell is not None and self.row is not None:
            self.row.append("".join(self.cell).strip().replace("\n", " ").replace("|", "\\|"))
            self.cell = None
        elif tag == "tr" and self.row is not None and self.cells is not None:
            self.cells.append(self.row)
            self.row = None
        elif tag == "table" and self.cells is not None:
            self._table(self.cells)
            self.cells = None
        elif tag in _SIGNS and not self.pre:
            self._write(_SIGNS[tag])
        elif tag in _BLOCKS and tag not in ("br", "hr"):
            self._write("\n" if self.cell is None else "")

    def words_of(self, data: str) -> None:
        data = html.unescape(data)
        if self.pre:
            self._write(data)
        elif data.strip():
            self._write(re.sub(r"\s+", " ", data))
        elif data and self.cell is None and self.words and not self.words[-1].endswith(("\n", " ")):
            self._write(" ")

    def _table(self, rows: list[list[str]]) -> None:
        if not rows:
            return
        lines = ["| " + " | ".join(row) + " |" for row in rows]
        lines.insert(1, "|" + " --- |" * max(1, len(rows[0])))
        self.words.append("\n\n" + "\n".join(lines) + "\n\n")

    def _write(self, text: str) -> None:
        if not self.silent:
            (self.words if self.cell is None else self.cell).append(text)
