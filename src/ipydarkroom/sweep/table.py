"""What a sweep has made, as a small table: one row for each cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ..dates import amount, duration
from ..display import FRAME, cut, short
from ..languages import say
from ..markup import css, join, tag
from ..reasons import error_text
from ..redaction import masked_text
from ..schema.secrets import holds_secret
from .labels import axis_title, plain

if TYPE_CHECKING:
    from ..models import Model
    from ..jobs import JobRecord
    from .cells import Cell
    from .grid import Grid

__all__ = ["Table", "table_of"]

_SHOWN_ROWS, _LETTERS = 20, 48
_OWN = ("status", "path", "files", "width", "height", "seconds", "cost", "job", "error")


class Table(Sequence[Mapping[str, object]]):
    """Rows in the order of the sweep. Each is a mapping: the axes by name, and then what came of it.

    `status` is a word (`done`, `failed`, `uncertain`, `waiting`, ...), `path` the first file and `files` how many there are,
    `width` and `height` its pixels, `seconds` from order to end, `cost` in the provider's own unit, `job` our id, `error` a
    sentence. What is not there is None. An input that is called like one of these columns is `inputs.<name>`.

    Names and words in it are data, and English. As HTML it speaks the sweep's language.

    Args:
        columns: The names of the columns.
        rows: The rows.
        titles: What a column is called for people; the others by `languages`.
        errors: The sentence of each row's error in that language.
        language: That language.
    """

    def __init__(
        self, columns: tuple[str, ...], rows: tuple[Mapping[str, object], ...], *, titles: Mapping[str, str], errors: Sequence[str],
        language: str,
    ) -> None:
        self.columns = columns
        self.rows = rows
        self._titles = titles
        self._errors = errors
        self._language = language

    def to_dict(self) -> dict[str, list[object]]:
        """Column name -> values; `pandas.DataFrame(...)`, `polars.DataFrame(...)` and `json` take it as it is."""
        return {name: [row[name] for row in self.rows] for name in self.columns}

    def to_pandas(self) -> Any:  # a DataFrame, of a package that may be absent
        """The table as a pandas DataFrame.

        Raises:
            ImportError: pandas is not installed; `to_dict()` needs nothing.
        """
        try:
            import pandas as pd
        except ImportError as error:
            raise ImportError("pandas is not installed here; to_dict() gives the same without it.") from error
        return pd.DataFrame(self.to_dict())

    def __len__(self) -> int:
        return len(self.rows)

    def __getitem__(self, at: Any) -> Any:  # as of any sequence: one row, or a slice of them
        return self.rows[at]

    def __iter__(self) -> Iterator[Mapping[str, object]]:
        return iter(self.rows)

    def __repr__(self) -> str:
        return f"<Table {len(self.rows)} row(s): {', '.join(self.columns)}>"

    def _repr_mimebundle_(self, **_: object) -> dict[str, str]:
        return {"text/plain": repr(self), "text/html": self._html()}

    def _html(self) -> str:
        shown = [name for name in self.columns if any(row[name] is not None for row in self.rows)]
        cell = css(text_align="left", padding="3px 14px 3px 0", vertical_align="top")
        head = tag("tr", *(tag("th", self._title(name), style=cell, scope="col") for name in shown))
        body = [
            tag("tr", *(tag("td", self._said(name, at), style=cell) for name in shown)) for at in range(len(self.rows))[:_SHOWN_ROWS]
        ]
        more = len(self.rows) - _SHOWN_ROWS
        words = say("sweep.table.more", language=self._language, count=more)
        rest = tag("p", words, style=css(margin="4px 0 0", opacity="0.8")) if more > 0 else None
        table = tag("table", tag("thead", head), tag("tbody", join(body)), style=css(border_collapse="collapse"))
        return tag("div", table, *([rest] if rest else []), style=FRAME + css(overflow_x="auto"))

    def _title(self, name: str) -> str:
        return self._titles[name] if name in self._titles else say(f"column.{name}", language=self._language)

    def _said(self, name: str, at: int) -> str:
        """What a row says in a column, for people."""
        value, own = self.rows[at][name], name not in self._titles
        if value is None:
            return ""
        if own and name == "status":
            return say(f"sweep.status.{value}", language=self._language)
        if own and name == "error":
            return cut(self._errors[at], _LETTERS)
        if own and name == "seconds" and isinstance(value, (int, float)):
            return duration(value, self._language)
        if own and name == "cost" and isinstance(value, (int, float)):
            return amount(value, self._language)
        if own and name == "path":
            return str(value).replace("\\", "/").rpartition("/")[2]
        return cut(value, _LETTERS) if isinstance(value, str) else short(value)


def table_of(grid: Grid, cells: Sequence[Cell], *, language: str) -> Table:
    """The table of these cells; `language` is its reader's."""
    names = {axis.name: f"inputs.{axis.name}" if axis.name in _OWN else axis.name for axis in grid.axes}
    rows = tuple({**{names[axis.name]: _given(grid.model, axis.name, cell.inputs) for axis in grid.axes}, **_made(cell)} for cell in cells)
    titles = {names[axis.name]: axis_title(grid.model, axis, language) for axis in grid.axes}
    errors = [masked_text(error_text(cell.trouble, language)) if cell.trouble is not None else "" for cell in cells]
    return Table((*names.values(), *_OWN), rows, titles=titles, errors=errors, language=language)


def _given(model: Model, name: str, inputs: Mapping[str, object]) -> object:
    return "…" if holds_secret(model.field(name), inputs[name]) else plain(inputs[name])


def _made(cell: Cell) -> dict[str, object]:
    record: JobRecord | None = cell.job.record if cell.job is not None else None
    first = record.kept[0] if record is not None and record.kept else None
    trouble = cell.trouble
    return {
        "status": cell.status,
        "path": first.path if first else None,
        "files": len(record.kept) if record is not None and record.kept else None,
        "width": first.width or None if first else None,
        "height": first.height or None if first else None,
        "seconds": round(record.finished - record.created, 3) if record is not None and record.finished else None,
        "cost": record.cost if record is not None and not record.is_local else None,
        "job": record.id if record is not None else None,
        "error": trouble.message if trouble is not None else None,
    }
