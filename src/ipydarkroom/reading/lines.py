"""A page of Markdown, or text that was one, as lines: headings, bullets, plain lines, fences, tables, blanks.

Forgiving on purpose: any bullet sign, any indentation, either end of line, no-break spaces as spaces. Nothing is lost and
nothing raises; a fence that is never closed reaches to the end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

__all__ = ["Line", "lines_of", "plain", "unquoted"]

_FENCE = re.compile(r"\s*(?P<mark>`{3,}|~{3,})\s*[\w+#.-]*\s*$")
_HEADING = re.compile(r"\s{0,3}(#{1,6})\s+(.+?)[\s#]*$")
_BULLET = re.compile(r"(\s*)(?:[-*+•·◦▪–]|\d{1,3}[.)])\s+(.*)$")
_QUOTED = re.compile(r"\s*>(?!=|\s*-?\d)")  # `>= 1 characters` is a bound, no quotation
_RULE = re.compile(r"\s*\|?\s*:?-{1,}:?\s*(\|\s*:?-{1,}:?\s*)*\|?\s*$")
_CELLS = re.compile(r"((?:`[^`]*`|\\\||[^|`]|`)*)(?:\||$)")
_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_TAB = 4


@dataclass(frozen=True, slots=True)
class Line:
    """One line, one fence or one table.

    `kind` is `heading` (then `level` is 1 to 6), `bullet`, `plain`, `fence` (then `text` is what is inside), `table`
    (then `rows` are its cells, the head first) or `blank`. `indent` is the column of its text's first sign.
    """

    kind: str
    text: str = ""
    indent: int = 0
    level: int = 0
    rows: tuple[tuple[str, ...], ...] = ()
    closed: bool = True


def lines_of(text: str) -> list[Line]:
    """All lines of a page."""
    raw = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(_TAB).split("\n")
    found, at = list[Line](), 0
    while at < len(raw):
        line = raw[at].replace("\u00a0", " ").replace("\u3000", " ").rstrip()
        if opening := _FENCE.match(line):
            end = _end_of_fence(raw, at + 1, opening["mark"])
            inside = "\n".join(raw[at + 1 : end])
            found.append(Line("fence", inside, _indent(line), closed=end < len(raw)))
            at = end + 1
        elif "|" in line and at + 1 < len(raw) and "|" in raw[at + 1] and _RULE.match(raw[at + 1].replace("\u00a0", " ")):
            end = at + 2
            while end < len(raw) and "|" in raw[end]:
                end += 1
            rows = tuple(_cells(one) for one in [raw[at], *raw[at + 2 : end]])
            found.append(Line("table", indent=_indent(line), rows=rows))
            at = end
        else:
            found.append(_single(line))
            at += 1
    return found


def unquoted(text: str) -> str:
    """The text without `> `, where a whole page is a quotation."""
    lines = text.split("\n")
    said = [line for line in lines if line.strip()]
    if len(said) < 5 or sum(line.startswith(">") for line in said) * 5 < len(said) * 4:
        return text
    return "\n".join(line.removeprefix(">").removeprefix(" ") for line in lines)


def plain(text: str) -> str:
    """A piece of Markdown without the signs around it: bold, code, quotation."""
    return text.strip().strip("*_`").strip()


def _single(line: str) -> Line:
    while _QUOTED.match(line):
        line = line.lstrip()[1:]
    if not line.strip():
        return Line("blank")
    if heading := _HEADING.match(line):
        return Line("heading", heading[2].strip(), level=len(heading[1]))
    if bullet := _BULLET.match(line):
        return Line("bullet", bullet[2].strip(), len(bullet[1]))
    return Line("plain", line.strip(), _indent(line))


def _indent(line: str) -> int:
    return len(line) - len(line.lstrip())


def _end_of_fence(raw: list[str], at: int, mark: str) -> int:
    """The line that closes a fence: the same sign, at least as many of them."""
    while at < len(raw):
        line = raw[at].strip()
        if len(line) >= len(mark) and not line.strip(mark[0]):
            return at
        at += 1
    return at


def _cells(line: str) -> tuple[str, ...]:
    """A table row's cells; a bar inside code or behind a backslash is text, `<br>` a new line."""
    line = line.strip()
    line = line.removeprefix("|")
    if line.endswith("|") and not line.endswith("\\|"):
        line = line[:-1]
    cells, at = list[str](), 0
    while at <= len(line):
        cell = _CELLS.match(line, at)
        assert cell is not None  # the pattern matches the empty string
        cells.append(_BREAK.sub("\n", cell[1].replace("\\|", "|").replace("\u00a0", " ").rstrip()))
        at = max(cell.end(), at + 1)
    return tuple(cells)
