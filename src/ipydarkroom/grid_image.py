"""One picture of many: a grid with a label for every column and row, drawn to be printed or put on a wall.

Pictures keep their shape. The letters are Pillow's own; where those lack some (Chinese, Japanese), a font of this system is
looked for, and where there is none the label is its number, so that no row of empty boxes is printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import Unreadable
from .images import UNPACK_BYTES, blank, decode, legible, letters, pen, plain, shrunk, upright
from .markup import visible

if TYPE_CHECKING:
    from PIL import Image, ImageDraw

__all__ = ["Tile", "draw"]

_PAPER, _INK, _SOFT, _TRAY = "#ffffff", "#1f1f1f", "#5c5c5c", "#f0efed"
_MOST_PIXELS, _LONGEST = 30_000_000, 14_000  # of the whole sheet, and of its longer edge
_MARGIN, _GAP = 36, 14
_TEXT, _TITLE = 20, 30  # pixels
_GUTTER = 250  # the most that labels of rows may take
_LINES = 3


@dataclass(frozen=True, slots=True)
class Tile:
    """One place of the grid: its picture, or a word where there is none, and perhaps a line below."""

    picture: Path | None = None
    word: str = ""
    caption: str = ""


def draw(
    lines: Sequence[Sequence[Tile]], *, columns: Sequence[str] = (), rows: Sequence[str] = (), title: str = "", note: str = "",
    language: str = "en", tile_px: int = 320,
) -> Image.Image:
    """Draw the grid.

    Args:
        lines: The tiles, line by line from the top.
        columns: A label above each column; empty for none.
        rows: A label beside each line; empty for none.
        title: Above everything.
        note: Below everything, small.
        language: Whose letters are meant where several write with the same.
        tile_px: The longer edge of a picture, in pixels; less where the sheet would be huge.

    Returns:
        8-bit RGB.
    """
    across = max((len(line) for line in lines), default=1)
    room = (_MOST_PIXELS / max(1, across * len(lines))) ** 0.5 - _GAP
    tile_px = max(24, int(min(tile_px, room, _LONGEST / max(1, across, len(lines)) - _GAP)))
    return _Sheet(lines, columns, rows, title, note, language, tile_px).drawn()


class _Text:
    """A label, wrapped to a width: its lines, and a font that has its letters."""

    def __init__(self, text: str, size: int, width: int, language: str, most: int = _LINES, otherwise: str = "") -> None:
        words = " ".join(visible(text).split())
        self.font = letters(words, size, language)
        if otherwise and legible(self.font, words) < len(words) / 2:
            words = otherwise
            self.font = letters(words, size, language)
        self.step = round(size * 1.35)
        self.lines = self._wrapped(words, width, most)
        self.height = self.step * len(self.lines)
        self.width = round(max((self.font.getlength(line) for line in self.lines), default=0))

    def write(self, brush: ImageDraw.ImageDraw, left: float, top: float, colour: str, *, centre: float | None = None) -> None:
        """Write it with its first line at `top`; around `centre` where that is given."""
        for number, line in enumerate(self.lines):
            start = left if centre is None else centre - self.font.getlength(line) / 2
            brush.text((start, top + number * self.step), line, fill=colour, font=self.font)

    def _wrapped(self, words: str, width: int, most: int) -> list[str]:
        found: list[str] = []
        rest = words
        while rest and len(found) < most:
            line = self._fitting(rest, width)
            found.append(line.rstrip())
            rest = rest[len(line) :].lstrip()
        if rest:
            last = found[-1]
            while last and self.font.getlength(last + "…") > width:
                last = last[:-1]
            found[-1] = last.rstrip() + "…"
        return found

    def _fitting(self, text: str, width: int) -> str:
        """As much of the text as fits, up to a blank; where there is none, as many letters."""
        low, high = 1, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self.font.getlength(text[:middle]) <= width:
                low = middle
            else:
                high = middle - 1
        if low >= len(text):
            return text
        blank_at = text.rfind(" ", 0, low + 1)
        return text[: blank_at + 1] if blank_at > 0 else text[:low]


class _Sheet:
    """Measures first, then draws."""

    def __init__(
        self, lines: Sequence[Sequence[Tile]], columns: Sequence[str], rows: Sequence[str], title: str, note: str, language: str, px: int
    ) -> None:
        self._lines = lines
        self._px = px
        self._made = [[self._picture(tile) for tile in line] for line in lines]
        text = max(11, min(_TEXT, px // 8))
        across = max((len(line) for line in lines), default=1)
        empty = round(px * 0.62)  # the edge of a place without a picture
        columns_of = [[line[at] for line in self._made if at < len(line)] for at in range(across)]
        self._wide = [max([px // 2, *(empty if made is None else made.width for made in column)]) for column in columns_of]
        self._high = [max([0, *(empty if made is None else made.height for made in line)]) for line in self._made]
        self._captions = [
            [_Text(tile.caption, text, self._wide[at], language, otherwise=str(number * across + at + 1)) for at, tile in enumerate(line)]
            for number, line in enumerate(lines)
        ]
        self._below = [max((caption.height for caption in line), default=0) for line in self._captions]
        self._columns = [_Text(label, text, self._wide[at], language, otherwise=str(at + 1)) for at, label in enumerate(columns)]
        gutter = min(_GUTTER, max(90, px))
        self._rows = [_Text(label, text, gutter, language, most=8, otherwise=str(at + 1)) for at, label in enumerate(rows)]
        self._words = [[_Text(tile.word, text, self._wide[at], language) for at, tile in enumerate(line)] for line in lines]
        self._left = _MARGIN + (max(row.width for row in self._rows) + 2 * _GAP if self._rows else 0)
        self._width = self._left + sum(self._wide) + _GAP * (across - 1) + _MARGIN
        self._title = _Text(title, _TITLE, max(200, self._width - 2 * _MARGIN), language, most=2)
        self._note = _Text(note, max(11, text - 4), max(200, self._width - 2 * _MARGIN), language, most=2)

    def drawn(self) -> Image.Image:
        """The sheet."""
        top = _MARGIN + (self._title.height + _GAP if self._title.lines else 0)
        head = max((label.height for label in self._columns), default=0)
        body = sum(self._line_height(at) for at in range(len(self._lines))) + _GAP * max(0, len(self._lines) - 1)
        height = top + (head + _GAP // 2 if head else 0) + body + (self._note.height + _GAP if self._note.lines else 0) + _MARGIN
        sheet = blank((self._width, height), _PAPER)
        brush = pen(sheet)
        self._title.write(brush, _MARGIN, _MARGIN, _INK)
        for label, (left, wide) in zip(self._columns, self._places(), strict=False):
            label.write(brush, 0, top + head - label.height, _SOFT, centre=left + wide / 2)
        y = top + (head + _GAP // 2 if head else 0)
        for at in range(len(self._lines)):
            self._draw_line(sheet, brush, at, y)
            y += self._line_height(at) + _GAP
        self._note.write(brush, _MARGIN, y, _SOFT)
        return sheet

    def _line_height(self, at: int) -> int:
        label = self._rows[at].height if self._rows else 0
        return max(self._high[at] + (self._below[at] + 6 if self._below[at] else 0), label)

    def _draw_line(self, sheet: Image.Image, brush: ImageDraw.ImageDraw, at: int, y: int) -> None:
        high = self._high[at]
        if self._rows:
            label = self._rows[at]
            label.write(brush, _MARGIN, y + max(0, (high - label.height) / 2), _INK)
        for number, ((left, wide), made) in enumerate(zip(self._places(), self._made[at], strict=False)):
            if made is not None:
                sheet.paste(made, (left + (wide - made.width) // 2, y + (high - made.height) // 2))
            else:
                word = self._words[at][number]
                brush.rounded_rectangle((left, y, left + wide, y + high), 8, fill=_TRAY)
                word.write(brush, 0, y + (high - word.height) / 2, _SOFT, centre=left + wide / 2)
            self._captions[at][number].write(brush, 0, y + high + 6, _SOFT, centre=left + wide / 2)

    def _places(self) -> list[tuple[int, int]]:
        """Left edge and width of every column."""
        found, left = [], self._left
        for wide in self._wide:
            found.append((left, wide))
            left += wide + _GAP
        return found

    def _picture(self, tile: Tile) -> Image.Image | None:
        """The tile's picture in its own shape; None where there is none that can be shown."""
        if tile.picture is None:
            return None
        try:
            image = upright(shrunk(decode(tile.picture, longest=self._px, most=UNPACK_BYTES), self._px))
        except (OSError, Unreadable):
            return None
        scale = self._px / max(image.size)
        size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
        small = image.resize(size, reducing_gap=2.0)
        if small.mode != "RGBA":
            return plain(small)
        paper = blank(size, _PAPER)
        paper.paste(small, mask=small.getchannel("A"))
        return paper
