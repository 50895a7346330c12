"""The journal: every order and every result, on disk before anything depends on it. The only door to sqlite3.

`journal_mode=TRUNCATE` and `synchronous=FULL`: after a power cut the rows we acknowledged are there. WAL would be
faster and, in the SQLite that Python 3.11-3.13 link, can lose committed rows between two connections.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import StorageError
from ..jobs import TERMINAL, Charged, JobRecord, Kept, State, Trouble
from ..wire import Output
from .migrations import STEPS

if TYPE_CHECKING:
    from ..jobs import Backend

__all__ = ["Journal"]

_COLUMNS = (
    "id", "provider", "origin", "backend", "account", "model", "inputs", "fingerprint", "remote_id", "state", "word",
    "created", "sent", "started", "finished", "cost", "charged", "note", "owner", "lease", "error",
)
# Columns are ours, values are always bound.
_INSERT = f"insert into jobs ({', '.join(_COLUMNS)}) values ({', '.join(':' + c for c in _COLUMNS)})"  # noqa: S608
_UPDATE = f"update jobs set {', '.join(f'{c} = :{c}' for c in _COLUMNS[1:])} where id = :id"  # noqa: S608
# An end on disk is an end: a client that looks on with an older record changes neither it nor the path of a file.
_UPDATE += " and (state not in ('succeeded', 'failed', 'cancelled') or state = :state)"
_OUTPUT = """
insert into outputs values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (job, idx) do update set url = excluded.url, media = excluded.media, path = excluded.path,
    mime = excluded.mime, sha256 = excluded.sha256, size = excluded.size, width = excluded.width, height = excluded.height
where excluded.path != ''
"""


class Journal:
    """Jobs on disk. Methods block for a commit (about half a millisecond on a local disk) and may be called from
    any thread, one at a time.

    Args:
        path: The database file, made with owner-only rights where missing; None keeps it in memory.

    Raises:
        StorageError: The file cannot be opened, is not a journal, or was written by a newer version.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self._lock = threading.RLock()
        with _storage(path):
            if path is not None:
                os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
            self._db = sqlite3.connect(str(path or ":memory:"), isolation_level=None, check_same_thread=False, timeout=30)
            self._db.row_factory = sqlite3.Row
            try:
                self._prepare()
            except BaseException:  # whatever it was, the file must not stay open
                self._db.close()
                raise

    def add(self, record: JobRecord) -> None:
        """Write a new job; returns when it is on disk.

        Raises:
            StorageError: It could not be written, for example on a full disk. Nothing may be sent then.
        """
        with self._transaction() as db:
            db.execute(_INSERT, _row(record))
            _log(db, record, "Planned")

    def put(self, record: JobRecord, event: str) -> bool:
        """Write a job as it now is, and what happened to it; returns when it is on disk.

        Returns:
            False when the job had already ended otherwise on disk (another client saw it): nothing was written then.
        """
        with self._transaction() as db:
            if not db.execute(_UPDATE, _row(record)).rowcount:
                return False
            kept = {k.index: k for k in record.kept}
            for index, output in enumerate(record.outputs):
                db.execute(_OUTPUT, _output_row(record.id, index, output, kept.get(index)))
            _log(db, record, event)
            return True

    def get(self, job_id: str) -> JobRecord | None:
        """The job of that id (ours), or None."""
        return next(iter(self._select("where id = ?", (job_id,))), None)

    def by_remote(self, provider: str, origin: str, remote_id: str) -> JobRecord | None:
        """The job a provider knows under that id, or None."""
        where = "where provider = ? and origin = ? and remote_id = ?"
        return next(iter(self._select(where, (provider, origin, remote_id))), None)

    def jobs(self, *, limit: int | None = None, unfinished: bool = False) -> list[JobRecord]:
        """Jobs, newest first. `unfinished` leaves out what succeeded, failed or was cancelled."""
        marks = ", ".join(f"'{state.value}'" for state in sorted(TERMINAL))
        where = f"where state not in ({marks})" if unfinished else ""
        return self._select(f"{where} order by created desc, id desc limit ?", (-1 if limit is None else limit,))

    def close(self) -> None:
        """Close the file. Closing twice is harmless."""
        with self._lock:
            self._db.close()

    def _select(self, tail: str, values: tuple[object, ...]) -> list[JobRecord]:
        with self._lock, _storage(self.path):
            rows = self._db.execute(f"select * from jobs {tail}", values).fetchall()  # noqa: S608  # the tail is one of three above
            found = []
            for row in rows:
                files = self._db.execute("select * from outputs where job = ? order by idx", (row["id"],)).fetchall()
                found.append(_record(row, files))
            return found

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._lock, _storage(self.path):
            self._db.execute("begin immediate")
            try:
                yield self._db
                self._db.execute("commit")
            except BaseException:  # also an interrupt: half a transaction must not stay open
                if self._db.in_transaction:
                    self._db.execute("rollback")
                raise

    def _prepare(self) -> None:
        self._db.execute("pragma journal_mode = truncate")
        self._db.execute("pragma synchronous = full")
        self._db.execute("pragma foreign_keys = on")
        self._migrate()

    def _migrate(self) -> None:
        done = self._db.execute("pragma user_version").fetchone()[0]
        if done > len(STEPS):
            raise StorageError(
                f"The journal {self.path} was written by a newer version of ipydarkroom.",
                next_step="Upgrade ipydarkroom, or set IPYDARKROOM_HOME to another folder.",
            )
        for number, step in enumerate(STEPS[done:], start=done + 1):
            script = f"begin immediate; {step} pragma user_version = {number}; commit;"
            self._db.executescript(script)


@contextmanager
def _storage(path: Path | None) -> Iterator[None]:
    """Turn the disk's errors into ours."""
    try:
        yield
    except (sqlite3.Error, OSError, ValueError) as error:
        raise StorageError(
            f"The journal {path or 'in memory'} refused: {error}.",
            next_step="Free some space, or set IPYDARKROOM_HOME to a folder you may write to.",
        ) from error


def _log(db: sqlite3.Connection, record: JobRecord, event: str) -> None:
    at = record.finished or record.started or record.sent or record.created
    db.execute("insert into events values (?, ?, ?, ?, ?)", (record.id, at, event, record.state.value, record.word))


def _row(record: JobRecord) -> dict[str, object]:
    row = {name: _whole(getattr(record, name)) for name in _COLUMNS if name not in ("inputs", "state", "error")}
    trouble = record.trouble
    error = None if trouble is None else json.dumps(
        {"kind": trouble.kind, "message": trouble.message, "code": trouble.code, "next_step": trouble.next_step}
    )
    inputs = json.dumps(dict(record.inputs))  # ASCII: half a character in a prompt must not stop a row
    return {**row, "inputs": inputs, "state": record.state.value, "error": error}


def _whole(value: object) -> object:
    """Text without half characters, which a server may send and SQLite cannot keep."""
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def _output_row(job: str, index: int, output: Output, kept: Kept | None) -> tuple[object, ...]:
    url = _whole(output.url)
    if kept is None:
        return (job, index, url, output.media, "", "", "", 0, 0, 0)
    file = (kept.path, kept.mime, kept.sha256, kept.size, kept.width, kept.height)
    return (job, index, url, output.media, *file)


def _record(row: sqlite3.Row, files: list[sqlite3.Row]) -> JobRecord:
    values: dict[str, Any] = {name: row[name] for name in _COLUMNS if name not in ("inputs", "state", "error")}
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
