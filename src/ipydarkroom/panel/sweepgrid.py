"""A sweep's grid as HTML: live, a few rows in each widget, and as one plain table for the saved notebook.

Thumbnails are made once for each picture, off the loop's thread, and small enough that the whole grid stays below a megabyte,
however many cells there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from ..display import cut, dotted
from ..errors import Unreadable
from ..jobs import State
from ..markup import Markup, css, data_uri, join, tag
from ..redaction import masked_text
from ..sweep.labels import axis_title, value_label, words_of
from ..thumbnails import thumbnail
from .frames import asked_for
from .labels import error_text

if TYPE_CHECKING:
    from ..sweep import Cell, Grid
    from .kit import Kit

__all__ = ["GridHtml"]

_ALL_BYTES, _MOST_BYTES, _LEAST_BYTES = 700_000, 80_000, 1_500  # of thumbnails: together, one at most, one at least
_KEPT_CELLS = 400  # that a saved notebook shows; the others are on disk and in the journal
_MOST_BLOCKS = 40  # widgets, however many rows there are
_WIDTHS = ((2, 340), (3, 280), (4, 210), (6, 160), (10, 130))  # pixels a tile may take, where so many stand side by side
_FINE = 1.5  # thumbnails are so much larger than shown, for fine screens
_NARROWEST, _SIDE_PX = 84, 150


class GridHtml:
    """The pictures and words of one sweep's cells.

    Args:
        grid: Their combinations.
        cells: As they stand; read at every call.
        kit: Speaks the language.
    """

    def __init__(self, grid: Grid, cells: Sequence[Cell], kit: Kit) -> None:
        self._grid = grid
        self._cells = cells
        self._kit = kit
        self._wide = next((px for most, px in _WIDTHS if grid.columns <= most), 108)
        self._thumbs: dict[int, tuple[str, str]] = {}
        self._made: dict[int, tuple[object, Markup]] = {}
        lines = grid.lines
        size = -(-len(lines) // _MOST_BLOCKS)
        self.blocks = tuple(tuple(lines[at : at + size]) for at in range(0, len(lines), size))

    def develop(self) -> Callable[[], None] | None:
        """Return the work of making the thumbnails that are missing, or None where there is none. Blocking work."""
        wanted = [cell for cell in self._cells if cell.status == "done" and self._thumb(cell) is None]
        if not wanted:
            return None

        def work() -> None:
            for cell in wanted:
                self._thumbs[cell.number] = (_key(cell), self._source(cell))

        return work

    @property
    def ready(self) -> bool:
        """Whether every picture has its thumbnail."""
        return all(self._thumb(cell) is not None for cell in self._cells if cell.status == "done")

    def head(self) -> Markup:
        """The labels above the columns; empty for a strip."""
        if self._grid.is_strip:
            return Markup()
        last = self._grid.axes[-1]
        labels = [tag("span", value_label(self._grid.model, last, at, self._kit.language)) for at in range(self._grid.columns)]
        corner = tag("span", " × ".join(self._titles()[:-1]), class_="dr-sweep-corner")
        return tag("div", corner, *labels, class_="dr-sweep-row dr-sweep-top", style=self._columns())

    def block(self, lines: Sequence[Sequence[int]]) -> Markup:
        """Some rows, as they stand now."""
        return join(tag("div", *self._line(line), class_="dr-sweep-row", style=self._columns()) for line in lines)

    def saved(self) -> Markup:
        """Everything as one table that needs no style sheet and no kernel."""
        kept, shown = _KEPT_CELLS, len(self._cells)
        lines = [line for line in self._grid.lines if line[-1] < kept] or self._grid.lines[:1]
        cell = css(padding="4px", vertical_align="middle", text_align="center")
        rows, plain = [], css(background="transparent")  # front ends stripe the rows of a table
        if not self._grid.is_strip:
            last, side = self._grid.axes[-1], tag("td", style=cell)
            heads = (tag("th", value_label(self._grid.model, last, at, self._kit.language), scope="col", style=cell) for at in range(self._grid.columns))
            rows.append(tag("tr", side, *heads, style=plain))
        for line in lines:
            labels = [] if self._grid.is_strip else [tag("th", dotted(self._side(line)), scope="row", style=cell + css(text_align="left", max_width="180px"))]
            rows.append(tag("tr", *labels, *(tag("td", self._kept(self._cells[at]), style=cell) for at in line), style=plain))
        told = sum(len(line) for line in lines)
        more = [tag("p", self._kit.say("sweep.more", count=shown - told))] if shown > told else []
        table = tag("table", tag("tbody", join(rows)), style=css(border_collapse="collapse", color="inherit"))
        return tag("div", table, *more, style=css(overflow_x="auto"))

    # --- within ---

    def _titles(self) -> list[str]:
        return [axis_title(self._grid.model, axis, self._kit.language) for axis in self._grid.axes]

    def _columns(self) -> str:
        side = "" if self._grid.is_strip else f"minmax(72px, {_SIDE_PX}px) "
        return css(grid_template_columns=f"{side}repeat({self._grid.columns}, minmax({_NARROWEST}px, {self._wide}px))")

    def _side(self, line: Sequence[int]) -> list[str]:
        return words_of(self._grid, self._cells[line[0]].place, self._kit.language)[:-1]

    def _line(self, line: Sequence[int]) -> list[Markup]:
        tiles = [self._tile(self._cells[at]) for at in line]
        if self._grid.is_strip:
            return tiles
        return [tag("div", *(tag("span", word) for word in self._side(line)), class_="dr-sweep-side"), *tiles]

    def _tile(self, cell: Cell) -> Markup:
        """What stands at one place; made anew only where something has changed."""
        record = cell.job.record if cell.job is not None else None
        now = (cell.status, record and (record.state, record.word, record.position, record.fraction), self._thumb(cell) is not None)
        before = self._made.get(cell.number)
        if before is not None and before[0] == now:
            return before[1]
        width, height = self._shape(cell)
        fits = css(max_width=f"{round(self._wide * min(1.0, width / height))}px")  # every picture in a square of one size
        made = tag("figure", self._face(cell), *self._below(cell), class_="dr-cell", style=fits)
        self._made[cell.number] = (now, made)
        return made

    def _face(self, cell: Cell) -> Markup:
        thumb = self._thumb(cell)
        if cell.status == "done" and thumb:
            return tag("img", src=thumb, alt=self._alt(cell), title=self._alt(cell))
        shape = self._shape(cell)
        style = css(aspect_ratio=f"{shape[0]} / {shape[1]}")
        develops = cell.status == "live" or (cell.status == "done" and thumb is None)
        look = "dr-frame" if develops else f"dr-cell-{cell.status}"
        words = [tag("span", self._word(cell)), *([tag("small", why)] if (why := self._why(cell)) else [])]
        return tag("div", *words, class_=f"dr-cell-frame {look}", style=style, title=self._alt(cell) + (f": {why}" if why else ""))

    def _below(self, cell: Cell) -> list[Markup]:
        """In a strip its label, as there are no rows and columns; and how many more pictures there are."""
        found = []
        if self._grid.is_strip and self._grid.axes:
            found.append(tag("figcaption", " · ".join(words_of(self._grid, cell.place, self._kit.language))))
        more = len(cell.job.record.kept) - 1 if cell.job is not None else 0
        if more > 0:
            found.append(tag("span", self._kit.say("sweep.more_here", count=more), class_="dr-cell-more"))
        return found

    def _word(self, cell: Cell) -> str:
        if cell.status != "live" or cell.job is None:
            develops = cell.status == "done" and self._thumb(cell) is None
            return "" if develops else self._kit.say(f"sweep.status.{cell.status}")
        record = cell.job.record
        said = self._kit.say(f"state.{record.state.value}")
        share = f" · {round(100 * record.fraction)} %" if record.state is State.RUNNING and record.fraction is not None else ""
        return said + share

    def _why(self, cell: Cell) -> str:
        """Why there is no picture, in a few words; all of it is in the tooltip's place and in the table."""
        trouble = cell.trouble if cell.status in ("failed", "unwatched") else None
        return cut(masked_text(error_text(trouble, self._kit.language)), 160) if trouble is not None else ""

    def _alt(self, cell: Cell) -> str:
        words = words_of(self._grid, cell.place, self._kit.language)
        prompt = cell.inputs.get("prompt")
        if isinstance(prompt, str) and not any(axis.name == "prompt" for axis in self._grid.axes):
            words.insert(0, prompt)
        return cut(masked_text(" · ".join(words)), 250) or self._grid.model.id

    def _kept(self, cell: Cell) -> Markup:
        thumb, label = self._thumb(cell), " · ".join(words_of(self._grid, cell.place, self._kit.language))
        if cell.status == "done" and thumb:
            width, height = self._shape(cell)
            scale = self._wide / max(width, height)
            look = css(display="block", margin="0 auto", border_radius="4px", max_width="100%", height="auto")
            face = tag("img", src=thumb, alt=self._alt(cell), width=max(1, round(width * scale)), height=max(1, round(height * scale)), style=look)
        else:
            word = self._word(cell) or self._kit.say("sweep.status.done")  # its thumbnail is still being made
            unfinished = cell.status in ("live", "waiting")
            said = self._kit.say("gallery.at_saving", state=word) if unfinished else word
            face = tag("em", dotted([said, self._why(cell)]))
        caption = [tag("div", label, style=css(font_size="0.9em", opacity="0.85", max_width=f"{self._wide}px"))] if self._grid.is_strip and label else []
        return join([face, *caption])

    def _shape(self, cell: Cell) -> tuple[int, int]:
        """Width and height of its picture; before there is one, of the one that is asked for."""
        kept = cell.job.record.kept if cell.job is not None else ()
        return (kept[0].width, kept[0].height) if kept and kept[0].width and kept[0].height else asked_for(self._grid.model, cell.inputs)

    # --- thumbnails ---

    def _thumb(self, cell: Cell) -> str | None:
        """The address of its thumbnail: None where it is still to be made, empty where there can be none."""
        known = self._thumbs.get(cell.number)
        return known[1] if known is not None and known[0] == _key(cell) else None

    def _source(self, cell: Cell) -> str:
        record = cell.job.record if cell.job is not None else None
        first = next((kept for kept in record.kept if kept.mime.startswith("image/")), None) if record is not None else None
        if first is None:
            return ""
        most = min(_MOST_BYTES, max(_LEAST_BYTES, _ALL_BYTES // len(self._cells)))
        try:
            data, mime = thumbnail(Path(first.path), max_px=round(self._wide * _FINE), max_bytes=most)
        except (OSError, Unreadable, ValueError):  # gone or broken meanwhile: its place says that it is done, and no more
            return ""
        return data_uri(data, mime)


def _key(cell: Cell) -> str:
    return cell.job.id if cell.job is not None else ""
