"""A page as HTML: inline styles only, no colours of its own, wraps in a narrow cell, opens by keyboard."""

from __future__ import annotations

import re

from ..display import FRAME, dotted
from ..markup import Markup, css, join, tag, text
from .parts import Block, Cell, Code, Folded, Line, Link, Listing, Page, Piece, Quiet, Section, Strong, Table

__all__ = ["drawn"]

_EDGE = "1px solid rgba(128,128,128,0.3)"
_WRAP = css(overflow_wrap="anywhere")
_PAGE = FRAME + css(max_width="60em", line_height="1.5", font_size="13px") + _WRAP
_HEAD = css(font_size="1.15em", font_weight="600", margin="14px 0 4px", color="inherit")
_FOLD = css(border_top=_EDGE, padding="4px 0")
_SUMMARY = css(cursor="pointer", font_weight="600", padding="2px 0")
_CODE = css(font_family="monospace", font_size="0.95em", background="rgba(128,128,128,0.15)", border_radius="3px", padding="0 3px", color="inherit")
_LISTING = css(
    font_family="monospace", font_size="0.95em", background="rgba(128,128,128,0.1)", border=_EDGE, border_radius="4px", padding="6px 8px",
    margin="4px 0", white_space="pre-wrap", color="inherit",
)
_TABLE = css(border_collapse="collapse", color="inherit", margin="4px 0 8px", width="100%", font_size="1em", table_layout="fixed")
_TH = css(text_align="left", vertical_align="top", padding="3px 10px 3px 0", border_bottom=_EDGE, font_weight="600", background="transparent")
_TD = css(text_align="left", vertical_align="top", padding="4px 10px 4px 0", border_bottom=_EDGE, background="transparent", font_weight="400") + _WRAP
_ROW = css(background="transparent")
_QUIET = css(opacity="0.8", font_size="0.95em")
_WIDTHS = {2: ("22%", "78%"), 3: ("27%", "30%", "43%")}  # fixed, so that one long list does not squeeze the names
_BREAKS = re.compile(r"(?<=[_/.-])(?=[^_/.-])")


def drawn(page: Page) -> Markup:
    """The whole page."""
    facts = tag("div", dotted(_piece(piece) for piece in page.facts if piece), style=_QUIET)
    title = tag("div", page.title, style=css(font_size="1.4em", font_weight="600", margin="2px 0"), role="heading", aria_level=2)
    return tag("div", title, facts, *(_section(section) for section in page.sections), style=_PAGE)


def _section(section: Section) -> Markup:
    blocks = [_block(block) for block in section.blocks]
    if section.folded:
        return tag("details", tag("summary", section.title, style=_SUMMARY), *blocks, style=_FOLD)
    return tag("div", tag("div", section.title, style=_HEAD, role="heading", aria_level=3), *blocks)


def _block(block: Block) -> Markup:
    if isinstance(block, Listing):
        return tag("pre", tag("code", block.text, style=css(font_family="monospace", background="transparent", color="inherit")), style=_LISTING)
    if isinstance(block, Table):
        return _table(block)
    lines = [_line(line) for line in block.lines]
    if block.listed:
        return tag("ul", *(tag("li", line) for line in lines), style=css(margin="4px 0", padding_left="1.4em"))
    return tag("div", *(tag("div", line) for line in lines), style=css(margin="4px 0"))


def _table(table: Table) -> Markup:
    widths = _WIDTHS[len(table.heads)]
    heads = (tag("th", word, scope="col", style=_TH + css(width=wide)) for word, wide in zip(table.heads, widths, strict=True))
    head = tag("tr", *heads, style=_ROW)
    rows = [
        tag("tr", tag("th", _cell(row[0]), scope="row", style=_TD), *(tag("td", _cell(cell), style=_TD) for cell in row[1:]), style=_ROW)
        for row in table.rows
    ]
    return tag("table", tag("thead", head), tag("tbody", *rows), style=_TABLE)


def _cell(cell: Cell) -> Markup:
    return join(tag("div", _line(line)) for line in cell)


def _line(line: Line) -> Markup:
    return join(_piece(piece) for piece in line)


def _code(words: str) -> Markup:
    """A name or value; it may break after an underscore or a slash, and is copied without the breaks."""
    return tag("code", join(_BREAKS.split(words), tag("wbr")), style=_CODE)


def _piece(piece: Piece) -> Markup:
    match piece:
        case Code(words):
            return _code(words)
        case Strong(words):
            return tag("strong", words)
        case Quiet(words):
            return tag("span", words, style=_QUIET)
        case Link(words, address):
            return tag("a", words, href=address, target="_blank", rel="noopener noreferrer")
        case Folded(summary, values):
            listed = join((_code(value) for value in values), " ")
            return tag("details", tag("summary", summary, style=css(cursor="pointer")), tag("div", listed))
    return text(piece)
