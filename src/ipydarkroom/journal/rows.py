"""A job record as rows of the journal, and back. Pure: no connection in here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from ..jobs import Charged, JobRecord, Kept, State, Trouble
from ..wire import Output

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from ..jobs import Backend

__all__ = ["CHANGING", "COLUMNS", "changing_row", "job_row", "output_row", "read_job"]

COLUMNS = (
    "id", "provider", "origin", "backend", "account", "model", "inputs", "fingerprint", "remote_id", "state", "word",
    "created", "sent", "started", "finished", "cost", "charged", "note", "pictures", "usd", "budget", "owner", "lease",
    "error",
)
CHANGING = ("remote_id", "state", "word", "sent", "started", "finished", "cost", "charged", "note", "usd", "error")
"""The columns that an event may change. What was ordered stays as it was written first; `owner` and `lease` change by a claim."""

_PLAIN = tuple(name for name in COLUMNS if name not in ("inputs", "state", "error"))


def job_row(record: JobRecord) -> dict[str, object]:
    """The whole row of one job, by column."""
    row = {name: _whole(getattr(record, name)) for name in _PLAIN}
    inputs = json.dumps(dict(record.inputs))  # ASCII: half a character in a prompt must not stop a row
    return {**row, "inputs": inputs, "state": record.state.value, "error": _error(record.trouble)}


def changing_row(record: JobRecord) -> dict[str, object]:
    """What an event may have changed of it, by column, and its id."""
    return {
        "id": record.id, "owner": record.owner, "remote_id": _whole(record.remote_id), "state": record.state.value,
        "word": _whole(record.word), "sent": record.sent, "started": record.started, "finished": record.finished,
        "cost": record.cost, "charged": record.charged, "note": _whole(record.note), "usd": record.usd,
        "error": _error(record.trouble),
    }


def _error(trouble: Trouble | None) -> str | None:
    if trouble is None:
        return None
    said = {"kind": trouble.kind, "message": trouble.message, "code": trouble.code, "next_step": trouble.next_step}
    return json.dumps({**said, "about": trouble.about} if trouble.about else said)


def output_row(job: str, index: int, output: Output, kept: Kept | None) -> tuple[object, ...]:
    """The row of one result: its link, and our file where it is here."""
    url = _whole(output.url)
    if kept is None:
        return (job, index, url, output.media, "", "", "", 0, 0, 0)
    file = (kept.path, kept.mime, kept.sha256, kept.size, kept.width, kept.height)
    return (job, index, url, output.media, *file)


def read_job(row: sqlite3.Row, files: Sequence[sqlite3.Row]) -> JobRecord:
    """The record of one job, from its row and those of its results."""
    values: dict[str, Any] = {name: row[name] for name in _PLAIN}
    backend: Backend = row["backend"]
    charged: Charged = row["charged"]
    values.update(backend=backend, charged=charged)
    return JobRecord(
        **values,
        inputs=json.loads(row["inputs"]),
        state=State(row["state"]),
        trouble=Trouble(**json.loads(row["error"])) if row["error"] else None,
        outputs=tuple(Output(file["url"], file["media"]) for file in files),
        kept=tuple(_kept(file) for file in files if file["path"]),
    )


def _kept(file: sqlite3.Row) -> Kept:
    return Kept(file["idx"], file["path"], file["mime"], file["sha256"], file["size"], file["width"], file["height"])


def _whole(value: object) -> object:
    """Text without half characters, which a server may send and SQLite cannot keep."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value
