"""One contact sheet of a whole sweep, with the labels of its axes drawn on it."""

from __future__ import annotations

import builtins
from pathlib import Path
from typing import TYPE_CHECKING

from ..display import cut
from ..errors import InputError, StorageError
from ..grid_image import Tile, draw
from ..images import encode
from ..languages import current, normal, say
from ..markup import css, data_uri, tag
from ..thumbnails import fitted
from ..wording import model_text
from .labels import axis_title, value_label, words_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PIL import Image

    from .cells import Cell
    from .grid import Grid

__all__ = ["Sheet", "sheet_of"]

_ENDINGS = {".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".webp": "image/webp"}
_SHOWN_PX, _SHOWN_BYTES = 1024, 80_000


class Sheet:
    """A picture of many pictures. Shows itself in a cell in at most 80 kB; `save` writes it whole."""

    def __init__(self, image: Image.Image, title: str) -> None:
        self._image = image
        self.title = title

    @property
    def width(self) -> int:
        """Pixels across."""
        return self._image.width

    @property
    def height(self) -> int:
        """Pixels down."""
        return self._image.height

    @property
    def bytes(self) -> bytes:
        """The whole sheet as a PNG file."""
        return encode(self._image, "image/png")

    def pil(self) -> Image.Image:
        """The sheet as a PIL image, a copy of the caller's own."""
        return self._image.copy()

    def save(self, target: str | Path) -> Path:
        """Write the sheet; PNG, JPEG or WebP by the name's ending. An existing file is not overwritten.

        Raises:
            InputError: The name ends otherwise.
            StorageError: The file exists, or cannot be written.
        """
        place = Path(target).expanduser()
        mime = _ENDINGS.get(place.suffix.lower())
        if mime is None:
            raise InputError(f"A sheet is saved as PNG, JPEG or WebP, not {place.suffix or 'without an ending'}.",
                             next_step='For example sheet.save("sheet.png").')
        try:
            with place.open("xb") as out:
                out.write(encode(self._image, mime, quality=90))
        except OSError as error:
            raise StorageError(f"Cannot save to {place}: {error.strerror}.", next_step="Choose another name.") from error
        return place

    def thumbnail(self) -> tuple[builtins.bytes, str]:
        """A small copy for a page: encoded bytes of at most 80 kB, and their MIME type."""
        small = self._image.copy()
        small.thumbnail((_SHOWN_PX, _SHOWN_PX), reducing_gap=2.0)
        return fitted(small, "image/webp", max_bytes=_SHOWN_BYTES, qualities=(86, 78, 65, 50))[0], "image/webp"

    def __repr__(self) -> str:
        return f"<Sheet {self.width}x{self.height}: {self.title}>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        data, mime = self.thumbnail()
        style = css(max_width="100%", height="auto", display="block", border_radius="4px")
        shown = min(1.0, _SHOWN_PX / max(self.width, self.height))
        image = tag("img", src=data_uri(data, mime), alt=self.title, width=round(self.width * shown), height=round(self.height * shown), style=style)
        return {"text/plain": repr(self), "text/html": image}


def sheet_of(grid: Grid, cells: Sequence[Cell], *, language: str | None = None, title: str | None = None, tile_px: int = 320) -> Sheet:
    """The sheet of these cells as they are now. Blocks while it is drawn."""
    spoken = normal(language) if language else current()
    lines = [[_tile(grid, cells[number], spoken) for number in line] for line in grid.lines]
    columns, rows = ([], []) if grid.is_strip else (
        [value_label(grid.model, grid.axes[-1], at, spoken) for at in range(grid.columns)],
        ["  ·  ".join(words_of(grid, cells[line[0]].place, spoken)[:-1]) for line in grid.lines],
    )
    axes = " × ".join(axis_title(grid.model, axis, spoken) for axis in grid.axes)
    name = model_text(grid.model, spoken) + (f" · {axes}" if axes else "")
    fixed = grid.fixed.get("prompt")
    said = cut(fixed, 200) if isinstance(fixed, str) else ""
    found = name if title is None else title
    return Sheet(draw(lines, columns=columns, rows=rows, title=found, note=said, language=spoken, tile_px=tile_px), found)


def _tile(grid: Grid, cell: Cell, language: str) -> Tile:
    record = cell.job.record if cell.job is not None else None
    picture = next((Path(kept.path) for kept in record.kept if kept.mime.startswith("image/")), None) if record else None
    caption = " · ".join(words_of(grid, cell.place, language)) if grid.is_strip else ""
    return Tile(picture, say(f"sweep.status.{cell.status}", language=language), caption)
