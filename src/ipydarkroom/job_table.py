"""Jobs as a table for a spreadsheet: CSV that Excel reads as UTF-8 and in which no cell is a formula. Pure.

A prompt is foreign text, and a spreadsheet runs what begins like a formula. OWASP's verification standard 5.0 (1.2.10)
names `=`, `+`, `-`, `@`, tab and null as such beginnings and an apostrophe in front as the cure; line breaks and the wide
forms that Excel takes for the same signs are treated alike. Excel takes a file for UTF-8 only where it begins with a byte order mark.
Column names are for programs, so they are the same in every language.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from .dates import stamp
from .redaction import masked, masked_text

if TYPE_CHECKING:
    from .jobs import JobRecord

__all__ = ["COLUMNS", "ENCODING", "cell", "lines", "row"]

COLUMNS = (
    "job", "time", "model", "provider", "place", "state", "prompt", "seed", "inputs", "files", "missing", "width", "height",
    "seconds", "cost", "charged", "request_id", "trouble",
)
ENCODING = "utf-8-sig"
"""UTF-8 with a byte order mark."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_MOST_LETTERS = 32_000  # of one cell; Excel holds 32,767


def lines(rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The table's text, line by line, beginning with the names of the columns."""
    for each in (COLUMNS, *_iterated(rows)):
        out = io.StringIO()
        csv.writer(out, quoting=csv.QUOTE_ALL).writerow([cell(value) for value in each])
        yield out.getvalue()


def row(record: JobRecord, files: Sequence[str] = (), missing: Sequence[str] = ()) -> tuple[object, ...]:
    """One job's cells, as `COLUMNS` names them.

    Args:
        record: The job.
        files: Where its files lie, relative to the table.
        missing: The names of those that are no longer where they were kept.
    """
    inputs = dict(record.inputs)
    prompt, seed = inputs.pop("prompt", ""), inputs.pop("seed", "")
    first = record.kept[0] if record.kept else None
    return (
        record.id, stamp(record.created), record.model, record.provider, "local" if record.is_local else "hosted",
        record.state.value, _text(prompt), _text(seed), _text(inputs) if inputs else "", "; ".join(files), "; ".join(missing),
        first.width if first else "", first.height if first else "",
        round(record.finished - record.sent, 1) if record.finished and record.sent else "",
        "" if record.cost is None else record.cost, record.charged, record.remote_id,
        masked_text(record.trouble.message) if record.trouble else "",
    )


def cell(value: object) -> object:
    """A value as it may stand in a spreadsheet: numbers as they are, text that would be run as a formula with an apostrophe."""
    if not isinstance(value, str):
        return value
    text = value.encode("utf-8", "replace").decode()
    text = text if len(text) <= _MOST_LETTERS else text[: _MOST_LETTERS - 1] + "…"
    begins = text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)
    return f"'{text}" if begins else text


def _text(value: object) -> object:
    plain = masked(value)
    if isinstance(plain, bool) or not isinstance(plain, (str, int, float)):
        return json.dumps(plain, ensure_ascii=False, default=str)
    return plain


def _iterated(rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    yield from rows
