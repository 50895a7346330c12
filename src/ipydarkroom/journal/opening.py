"""Opens the journal's file whatever state it is in: makes it, moves it to today's shape, or sets it aside.

Nothing is ever deleted. A file that is damaged is renamed and what can still be read of it is taken over; a file of a
newer version stays where it is, and this version keeps its own journal beside it.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import time
from contextlib import suppress
from pathlib import Path

from ..errors import StorageError
from .migrations import STEPS
from .rows import COLUMNS

__all__ = ["Opened", "connect", "open_file"]

log = logging.getLogger("ipydarkroom")

_BUSY_SECONDS = 10  # a third of a lease: a long lock of another kernel must not make our own jobs look abandoned
_CHECKED_BYTES = 16 * 2**20  # a journal up to this size (some 10,000 jobs, 0.1 s) is looked through at every opening


class Opened:
    """An open database, where it is, and what to tell the person about it (empty when all is well)."""

    def __init__(self, db: sqlite3.Connection, path: Path | None, notice: str = "") -> None:
        self.db = db
        self.path = path
        self.notice = notice


def open_file(path: Path | None) -> Opened:
    """Open the journal, made with owner-only rights where missing; None keeps it in memory.

    Raises:
        sqlite3.Error, OSError: The file cannot be opened or made at all.
        StorageError: A damaged file could not be set aside.
    """
    if path is None:
        return Opened(_shaped(connect(None)), None)
    _make(path)
    try:
        db = connect(path)
        newer = _version(db) > len(STEPS)
        if not newer:
            return Opened(_shaped(db, path), path)
        db.close()
    except sqlite3.OperationalError:
        raise  # locked, read-only, full: the file itself may be in order
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:  # "not a database", "malformed", in bytes that are no text
        return _set_aside(path, error)
    return _beside(path)


def connect(path: Path | None) -> sqlite3.Connection:
    """One connection with our settings: after a power cut, every row we acknowledged is there."""
    db = sqlite3.connect(str(path or ":memory:"), isolation_level=None, check_same_thread=False, timeout=_BUSY_SECONDS)
    try:
        db.row_factory = sqlite3.Row
        db.text_factory = _text
        db.execute("pragma journal_mode = truncate")
        db.execute("pragma synchronous = full")
        db.execute("pragma foreign_keys = on")
    except BaseException:  # whatever it was, the file must not stay open
        db.close()
        raise
    return db


def _text(data: bytes) -> str:
    """Text whatever its bytes: one that a disk has turned over must not stop every listing."""
    return data.decode("utf-8", "replace")


def _make(path: Path) -> None:
    """Have the file there, for its owner only: inputs may hold signed links."""
    opened = os.open(path, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        about = os.fstat(opened)
        if hasattr(os, "fchmod") and about.st_uid == os.getuid() and about.st_mode & 0o077:
            os.fchmod(opened, 0o600)
    finally:
        os.close(opened)


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("pragma user_version").fetchone()[0])


def _shaped(db: sqlite3.Connection, path: Path | None = None) -> sqlite3.Connection:
    """Check the file, then bring it to today's shape: all open steps in one transaction, after a copy was made."""
    try:
        if path is not None and path.stat().st_size <= _CHECKED_BYTES:
            found = db.execute("pragma integrity_check(1)").fetchone()[0]
            if found != "ok":
                raise sqlite3.DatabaseError(f"integrity_check: {found}")
        # One statement, one moment: another kernel may be making the tables right now.
        done, tables = db.execute("select user_version, (select count(*) from sqlite_master) from pragma_user_version").fetchone()
        if tables and not done:
            raise sqlite3.DatabaseError("it is another program's")
        if done < len(STEPS):
            if done and path is not None:
                _copy(db, path.with_name(f"{path.stem}-version-{done}-copy{path.suffix}"))
            _migrate(db)
        elif path is not None:
            _compare(db)
    except BaseException:  # also an interrupt: nobody else knows of this connection, so nobody else would close it
        db.close()
        raise
    return db


def _compare(db: sqlite3.Connection) -> None:
    """See that the tables are ours, letter by letter: a name that a disk has turned over passes every other check."""
    query = "select name, cast(sql as blob) from sqlite_master where type = 'table' and name not like 'sqlite%' order by name"
    model = connect(None)
    try:
        _migrate(model)
        ours = [tuple(row) for row in model.execute(query)]
    finally:
        model.close()
    if [tuple(row) for row in db.execute(query)] != ours:
        raise sqlite3.DatabaseError("its tables are not those of a journal")


def _copy(db: sqlite3.Connection, target: Path) -> None:
    """Keep the journal as it was before its shape changes. It has its name once it is whole."""
    if target.exists():
        return
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    part.unlink(missing_ok=True)
    _make(part)
    try:
        copy = sqlite3.connect(str(part))
        try:
            db.backup(copy)
        finally:
            copy.close()
        part.replace(target)
    finally:
        part.unlink(missing_ok=True)


def _migrate(db: sqlite3.Connection) -> None:
    db.execute("begin immediate")
    try:
        done = _version(db)  # asked again with the lock held: another kernel may have been quicker
        for number, step in enumerate(STEPS[done:], start=done + 1):
            for statement in filter(str.strip, step.split(";")):
                db.execute(statement)
            db.execute(f"pragma user_version = {number}")
        db.execute("commit")
    except BaseException:  # also an interrupt: the file is the old one or the new one, never half
        if db.in_transaction:
            db.execute("rollback")
        raise


def _beside(path: Path) -> Opened:
    """A newer version owns the file: it is not touched, and ours lies beside it."""
    ours = path.with_name(f"{path.stem}-version-{len(STEPS)}{path.suffix}")
    _make(ours)
    notice = (
        f"{path.name} was written by a newer ipydarkroom and is left as it is; this version keeps its jobs in {ours.name}. "
        "Upgrade ipydarkroom to see them all."
    )
    return Opened(_shaped(connect(ours), ours), ours, notice)


def _set_aside(path: Path, error: Exception) -> Opened:
    """Rename a damaged file and its rollback journal, start a new one, and take over what can still be read."""
    log.warning("the journal cannot be used: %s", error)  # SQLite's words help whoever mends it; a person reads the notice
    stamp = time.strftime("%Y%m%d-%H%M%S", time.gmtime())
    aside = path.with_name(f"{path.stem}-damaged-{stamp}-{os.getpid()}{path.suffix}")
    try:
        path.rename(aside)
        with suppress(FileNotFoundError):
            Path(f"{path}-journal").rename(f"{aside}-journal")
        _make(path)
    except OSError as refused:
        raise StorageError(
            f"The journal {path} is damaged and cannot be set aside: {refused.strerror}.",
            next_step="Move the file away by hand, or set IPYDARKROOM_HOME to another folder.",
        ) from refused
    db = _shaped(connect(path), path)
    rescued = _rescue(aside, db)
    notice = (
        f"The journal was damaged. It was set aside as {aside.name}, nothing was deleted, and {rescued} job(s) "
        "that could still be read were taken over."
    )
    return Opened(db, path, notice)


def _rescue(aside: Path, db: sqlite3.Connection) -> int:
    """Copy every job that a damaged file still gives, from both ends of its table, with its results."""
    copy = aside.with_name(f"{aside.stem}-reading{aside.suffix}")  # SQLite may want to mend it: only ever a copy
    try:
        copy.write_bytes(aside.read_bytes())
        old = sqlite3.connect(str(copy))
    except (OSError, sqlite3.Error):
        return 0
    try:
        old.row_factory = sqlite3.Row
        old.text_factory = _text
        rescued = sum(_take(old, db, "jobs", order) for order in ("rowid", "rowid desc"))
        for order in ("rowid", "rowid desc"):
            _take(old, db, "outputs", order)
        return rescued
    finally:
        old.close()
        copy.unlink(missing_ok=True)


def _take(old: sqlite3.Connection, db: sqlite3.Connection, table: str, order: str) -> int:
    taken = 0
    db.execute("begin immediate")  # one flush for all
    with suppress(sqlite3.Error, UnicodeDecodeError):
        for row in old.execute(f"select * from {table} order by {order}"):  # noqa: S608  # names of our own
            names = [name for name in row.keys() if table != "jobs" or name in COLUMNS]  # noqa: SIM118  # a Row is no mapping
            marks = ", ".join("?" * len(names))
            with suppress(sqlite3.Error):  # a row that makes no sense is left to the file it stands in
                done = db.execute(
                    f"insert or ignore into {table} ({', '.join(names)}) values ({marks})", [row[name] for name in names]  # noqa: S608
                )
                taken += done.rowcount
    db.execute("commit")
    return taken
