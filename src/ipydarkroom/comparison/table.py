"""A comparison as a small table: a row for each model of each turn, for a cell, for pandas, for a file."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from ..dates import duration
from ..display import money
from ..languages import say
from ..markup import css, tag
from ..redaction import Veiled, masked
from ..schema.secrets import holds_secret
from .pictures import Seat, Turn
from .words import fate_text, value_text

__all__ = ["ComparisonTable", "table_of"]

_CELL = css(padding="3px 12px 3px 0", text_align="left", vertical_align="top")


@dataclass(frozen=True)
class ComparisonTable:
    """Rows of a comparison, oldest turn first, in the models' order; shows itself as a table, in the comparison's language.

    Each row is a dict: `turn` (from 1; 0 for what is only planned), `model`, `provider`, `state`, `where` (`local` or
    `hosted`), `reused`, `usd` (what it cost, or may cost at most; None unknown), `seconds`, `width` and `height` in pixels,
    `file`, `sent` (input -> value) and `notes` (what was changed or left out on the way).
    """

    rows: tuple[dict[str, object], ...] = field(repr=False)
    notes: tuple[tuple[str, ...], ...] = field(default=(), repr=False)
    """Each row's notes in that language; in `rows` they are English, as names and words are there."""
    language: str = "en"

    def to_dict(self) -> dict[str, list[object]]:
        """Column name -> its values, as `pandas.DataFrame` takes it."""
        names = self.rows[0] if self.rows else {}
        return {name: [row[name] for row in self.rows] for name in names}

    def __iter__(self) -> Iterator[dict[str, object]]:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)

    def __repr__(self) -> str:
        return "\n".join(" · ".join(str(row[name]) for name in ("turn", "model", "state", "usd", "seconds")) for row in self.rows)

    def _repr_html_(self) -> str:
        names = ("turn", "model", "provider", "state", "usd", "seconds", "width", "height", "sent", "notes")
        head = tag("tr", *(tag("th", say(f"column.{name}", language=self.language), style=_CELL, scope="col") for name in names))
        rows = [tag("tr", *(tag("td", self._text(name, at), style=_CELL) for name in names)) for at in range(len(self.rows))]
        return tag("table", tag("thead", head), tag("tbody", *rows), style=css(border_collapse="collapse"))

    def _text(self, name: str, at: int) -> str:
        value = self.rows[at][name]
        if value is None:
            return ""
        if name == "state" and value:
            return say(f"state.{value}", language=self.language)
        if name == "usd" and isinstance(value, int | float):
            return money(value)
        if name == "seconds" and isinstance(value, int | float):
            return duration(value, self.language)
        if name == "notes":
            return " · ".join(self.notes[at])
        if name == "sent" and isinstance(value, dict):
            return " · ".join(f"{key} {value_text(each)}" for key, each in value.items())
        return str(value)


def table_of(turns: Sequence[Turn], planned: Turn | None = None, *, language: str) -> ComparisonTable:
    """The table of some turns; of what is only planned where nothing was ordered yet. `language` is its reader's."""
    numbered = list(enumerate(turns, start=1)) or ([(0, planned)] if planned else [])
    seats = [(number, seat) for number, turn in numbered for seat in turn.seats]
    rows = tuple(_row(number, seat) for number, seat in seats)
    return ComparisonTable(rows, tuple(tuple(_notes(seat, language)) for _, seat in seats), language)


def _row(number: int, seat: Seat) -> dict[str, object]:
    record, model = seat.record, seat.plan.model
    kept = record.kept[0] if record is not None and record.kept else None
    ended = record is not None and record.state.is_terminal and record.finished
    sent = record.inputs if record is not None else seat.plan.inputs
    return {
        "turn": number,
        "model": model.id,
        "provider": model.provider or "",
        "state": str(record.state) if record is not None else "",
        "where": ("local" if record.is_local else "hosted") if record is not None else "",
        "reused": seat.reused,
        "usd": record.usd if record is not None else None,
        "seconds": round(record.elapsed(record.finished), 3) if record is not None and ended else None,
        "width": kept.width if kept else None,
        "height": kept.height if kept else None,
        "file": kept.path if kept else "",
        "sent": Veiled({name: "…" if holds_secret(model.field(name), value) else _plain(value) for name, value in sent.items()}),
        "notes": _notes(seat, "en"),
    }


def _notes(seat: Seat, language: str) -> list[str]:
    """What was changed or left out on the way."""
    return [
        *(f"{value_text(part.given, secret=part.secret)} → {value_text(part.sent, secret=part.secret)}: {fate_text(part, language)}" for part in seat.plan.changed),
        *(f"{part.common} {value_text(part.given, secret=part.secret)}: {fate_text(part, language)}" for part in seat.plan.dropped),
    ]


def _plain(value: object) -> object:
    """A value that can be written down: a file by its name."""
    return masked(value) if isinstance(value, str | int | float | bool | list | dict) or value is None else value_text(value)
