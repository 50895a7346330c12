"""A page as Markdown. Foreign words are escaped, so that a name or a help text cannot become a link, a table or a tag."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..markup import visible
from .parts import Block, Cell, Code, Folded, Line, Link, Listing, Page, Piece, Quiet, Section, Strong, Table

__all__ = ["marked"]

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&])")
_TICKS = re.compile(r"`+")


def marked(page: Page) -> str:
    """The whole page, ending with a line break."""
    facts = " · ".join(_piece(piece) for piece in page.facts if piece)
    sections = (part for section in page.sections for part in _section(section))
    return "\n\n".join((f"# {_plain(page.title)}", facts, *sections)) + "\n"


def _section(section: Section) -> Iterator[str]:
    yield f"## {_plain(section.title)}"
    for block in section.blocks:
        yield _block(block)


def _block(block: Block) -> str:
    if isinstance(block, Listing):
        shown = visible(block.text)
        fence = "`" * max(3, 1 + max((len(ticks) for ticks in _TICKS.findall(shown)), default=0))
        return f"{fence}{block.language}\n{shown}\n{fence}"
    if isinstance(block, Table):
        lines = [block.heads, ["---"] * len(block.heads), *([_cell(cell) for cell in row] for row in block.rows)]
        return "\n".join(f"| {' | '.join(line)} |" for line in lines)
    if block.listed:
        return "\n".join(f"- {_line(line)}" for line in block.lines)
    return "  \n".join(_line(line) for line in block.lines)


def _cell(cell: Cell) -> str:
    return "<br>".join(_line(line) for line in cell)


def _line(line: Line) -> str:
    return "".join(_piece(piece) for piece in line)


def _piece(piece: Piece) -> str:
    match piece:
        case Code(words):
            return _code(words)
        case Strong(words):
            return f"**{_plain(words)}**"
        case Quiet(words):
            return _plain(words)
        case Link(words, address):
            return f"[{_plain(words)}](<{address.translate(_IN_ADDRESS)}>)"
        case Folded(summary, values):
            return f"{_plain(summary)}: {' '.join(_code(value) for value in values)}"
    return _plain(piece)


_IN_ADDRESS = {ord("<"): "%3C", ord(">"): "%3E", ord("\n"): "%0A", ord("|"): "%7C"}


def _code(words: str) -> str:
    """In as many ticks as it takes; a bar is escaped even so, as tables look for it first."""
    shown = " ".join(visible(words).split()).replace("|", "\\|")
    ticks = "`" * (1 + max((len(each) for each in _TICKS.findall(shown)), default=0))
    space = " " if shown.startswith("`") or shown.endswith("`") or not shown else ""
    return f"{ticks}{space}{shown}{space}{ticks}"


def _plain(words: str) -> str:
    lead = " " if words.startswith(" ") else ""
    tail = " " if words.endswith(" ") and len(words) > 1 else ""
    return lead + _SPECIAL.sub(r"\\\1", " ".join(visible(words).split())) + tail
