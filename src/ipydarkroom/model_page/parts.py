"""What a page is made of, before it is HTML or Markdown: sections of paragraphs, listings and tables."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

__all__ = ["Block", "Cell", "Code", "Folded", "Line", "Link", "Listing", "Lines", "Page", "Piece", "Quiet", "Section", "Strong", "Table"]


@dataclass(frozen=True, slots=True)
class Code:
    """A name or a value as it is written."""

    text: str


@dataclass(frozen=True, slots=True)
class Strong:
    """A word that matters."""

    text: str


@dataclass(frozen=True, slots=True)
class Quiet:
    """What is said besides."""

    text: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link to one of the pages that are constants of ours, or to the page the model was read from."""

    text: str
    address: str


@dataclass(frozen=True, slots=True)
class Folded:
    """Many values behind one line."""

    summary: str
    values: tuple[str, ...]


Piece: TypeAlias = str | Code | Strong | Quiet | Link | Folded
Line: TypeAlias = tuple[Piece, ...]
Cell: TypeAlias = tuple[Line, ...]
"""The lines of a table's cell, one under the other."""


@dataclass(frozen=True, slots=True)
class Lines:
    """A paragraph of lines, or a list where `listed`."""

    lines: tuple[Line, ...]
    listed: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """Code to copy; `language` is `python` or `bash`."""

    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under heads; the first cell of a row is its name."""

    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


Block: TypeAlias = Lines | Listing | Table


@dataclass(frozen=True, slots=True)
class Section:
    """One subject. A `folded` one is a line until somebody opens it."""

    title: str
    blocks: tuple[Block, ...]
    folded: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A title, a line of facts under it, and the sections."""

    title: str
    facts: Line
    sections: tuple[Section, ...] = field(default=())
