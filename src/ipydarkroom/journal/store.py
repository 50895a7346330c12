"""The journal: every order and every result, on disk before anything depends on it. With its folder, the only door to sqlite3.

`journal_mode=TRUNCATE` and `synchronous=FULL`: after a power cut the rows we acknowledged are there. WAL would be
faster and, in the SQLite that Python 3.11-3.13 link, can lose committed rows between two connections.

Several kernels share one journal. A job has one owner, who drives it until its lease runs out; whoever takes over
claims it in one atomic step. What an order may cost is reserved in the transaction that writes it.
"""

from __future__ import annotations

import logging
import os
import sqlite3
import threading
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from ..budget import Spent, reserve
from ..errors import AlreadyOrdered, StorageError
from ..jobs import JobRecord, Sending
from .opening import connect, open_file
from .rows import CHANGING, COLUMNS, changing_row, job_row, output_row, read_job
from .wanted import Wanted, clause

if TYPE_CHECKING:
    from ..budget import Budget

__all__ = ["Journal"]

log = logging.getLogger("ipydarkroom")

# Columns are ours, values are always bound.
_INSERT = f"insert into jobs ({', '.join(COLUMNS)}) values ({', '.join(':' + c for c in COLUMNS)}) on conflict (id) do nothing"  # noqa: S608
_UPDATE = f"update jobs set {', '.join(f'{c} = :{c}' for c in CHANGING)} where id = :id"  # noqa: S608
# An end on disk is an end: a client that looks on with an older record changes neither it nor the path of a file.
_UPDATE += " and (state not in ('succeeded', 'failed', 'cancelled') or state = :state)"
# Nor is the provider's id forgotten or changed: whoever writes without it judged before the answer came.
_UPDATE += " and remote_id in ('', :remote_id)"
# Only the owner may let an order go, and only while nobody has settled what became of it.
_MAY_SEND = " and owner = :owner and state in ('planned', 'submitting')"
_OPEN = "state not in ('succeeded', 'failed', 'cancelled')"  # word for word as in the index
_UNSAVED = "id in (select job from outputs where path = '')"
# An `or` of the two would read the whole table; this way each half has its index.
_UNFINISHED = f"select id from jobs where {_OPEN} union select job from outputs where path = ''"  # noqa: S608
_GOOD = " and state not in ('failed', 'cancelled')"
_COUNTED = f"not (charged = 'no' and not ({_OPEN}))"
_OUTPUT = """
insert into outputs values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
on conflict (job, idx) do update set url = excluded.url, media = excluded.media, path = excluded.path,
    mime = excluded.mime, sha256 = excluded.sha256, size = excluded.size, width = excluded.width, height = excluded.height
where excluded.path != '' or outputs.path = ''
"""
_MANY = 500  # bound values of one statement


class Journal:
    """Jobs on disk. Methods block for a commit (about half a millisecond on a local disk) and may be called from
    any thread, one at a time. In a forked child it opens a connection of its own.

    Args:
        path: The database file, made with owner-only rights where missing; None keeps it in memory.

    Attributes:
        path: Where it really is.
        notice: What to tell the person about it, for example that a damaged one was set aside; empty when all is well.

    Raises:
        StorageError: The file cannot be opened.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        with self._storage():
            opened = open_file(path)
        self.path, self.notice = opened.path, opened.notice
        self._db = opened.db
        self._lock = threading.RLock()
        self._joined = False
        self._pid = os.getpid()
        self._inherited: list[sqlite3.Connection] = []
        _journals.add(self)

    def add(self, record: JobRecord, budget: Budget | None = None, *, most_same: int | None = None) -> JobRecord:
        """Write a new job; returns when it is on disk, with what was reserved for it. Writing it twice is harmless.

        Args:
            record: The job.
            budget: What it counts against.
            most_same: How many such jobs (see `same`) there may be already: two kernels that both want the one that is
                missing order it once.

        Raises:
            AlreadyOrdered: There are more; nothing was written.
            BudgetExceeded: The order could go beyond the budget; nothing was written.
            StorageError: It could not be written, for example on a full disk. Nothing may be sent then.
        """
        with self._transaction() as db:
            if budget is not None or most_same is not None:
                if (known := self.get(record.id)) is not None:  # written before an interrupt that came with the commit
                    return known
                _demand_missing(db, record.fingerprint, most_same)
            if budget is not None:
                record = reserve(budget, _spent(db, record.budget), record)
            if db.execute(_INSERT, job_row(record)).rowcount:
                _log(db, record, "Planned")
        return record

    def put(self, record: JobRecord, event: str) -> bool:
        """Write a job as it now is, and what happened to it; returns when it is on disk.

        Returns:
            False when nothing was written: the job had already ended otherwise on disk (another client saw it), or has
            an id there that this record does not know, or, for `Sending`, it is not the owner's to send any more.
        """
        update = _UPDATE + (_MAY_SEND if event == Sending.__name__ else "")
        with self._transaction() as db:
            if not db.execute(update, changing_row(record)).rowcount:
                return False
            kept = {k.index: k for k in record.kept}
            for index, output in enumerate(record.outputs):
                db.execute(_OUTPUT, output_row(record.id, index, output, kept.get(index)))
            _log(db, record, event)
            return True

    @contextmanager
    def together(self) -> Iterator[None]:
        """Everything written within is on disk when this ends, or none of it: one commit for all.

        Raises:
            StorageError: The file is locked, full or closed; nothing was written.
        """
        with self._transaction():
            try:
                self._joined = True
                yield
            finally:
                self._joined = False

    def get(self, job_id: str) -> JobRecord | None:
        """The job of that id (ours), or None."""
        return next(iter(self._select("where id = ?", (job_id,))), None)

    def by_remote(self, provider: str, origin: str, remote_id: str) -> JobRecord | None:
        """The job a provider knows under that id, or None."""
        where = "where provider = ? and origin = ? and remote_id = ? and remote_id != ''"
        return next(iter(self._select(where, (provider, origin, remote_id))), None)

    def find(self, remote_id: str) -> JobRecord | None:
        """The newest job any provider knows under that id, or None."""
        where = "where remote_id = ? and remote_id != '' order by created desc limit 1"
        return next(iter(self._select(where, (remote_id,))), None)

    def jobs(self, *, limit: int | None = None, unfinished: bool = False) -> list[JobRecord]:
        """Jobs, newest first. `unfinished` gives those on their way, uncertain, or with files still to fetch."""
        where = f"where id in ({_UNFINISHED})" if unfinished else ""
        return self._select(f"{where} order by created desc, id desc limit ?", (-1 if limit is None else limit,))

    def ids(self, wanted: Wanted) -> tuple[str, ...]:
        """The ids of the jobs that are wanted, newest first; found by SQLite, without reading a whole row into Python."""
        where, values = clause(wanted)
        with self._reading() as db:
            found = db.execute(f"select id from jobs where {where} order by created desc, id desc", values)  # noqa: S608  # see `clause`
            return tuple(str(job_id) for (job_id,) in found)

    def records(self, ids: Sequence[str]) -> list[JobRecord]:
        """These jobs, in this order; one that is not there, or makes no sense, is left out."""
        found: dict[str, JobRecord] = {}
        for start in range(0, len(ids), _MANY):
            some = tuple(ids[start : start + _MANY])
            found |= {record.id: record for record in self._select(f"where id in ({', '.join('?' * len(some))})", some)}
        return [found[each] for each in ids if each in found]

    def models(self, limit: int) -> tuple[str, ...]:
        """The models that were used, as `provider:model`, the most used first."""
        query = "select provider || ':' || model from jobs group by provider, model order by count(*) desc, max(created) desc limit ?"
        with self._reading() as db:
            return tuple(str(name) for (name,) in db.execute(query, (limit,)))

    def same(self, fingerprint: str, *, failed: bool = False) -> list[JobRecord]:
        """The jobs of one and the same order, oldest first; those that failed or were cancelled only where asked for."""
        where = f"where fingerprint = ?{'' if failed else _GOOD} order by created, id"
        return self._select(where, (fingerprint,))

    def durations(self, provider: str, origin: str, model: str, limit: int = 30) -> list[float]:
        """How many seconds the newest jobs of a model took from order to end, newest first."""
        query = (
            "select finished - sent from jobs where provider = ? and model = ? and origin = ? "
            "and state = 'succeeded' and sent > 0 order by created desc limit ?"
        )
        with self._reading() as db:
            return [float(took) for (took,) in db.execute(query, (provider, model, origin, limit))]

    # --- several kernels, one journal ---

    def claim(self, job_id: str, owner: str, was: tuple[str, float], lease: float) -> bool:
        """Take over a job from an owner who is gone, in one atomic step.

        Args:
            job_id: Whose driver is wanted.
            owner: Who takes over.
            was: Owner and lease as seen when they were judged to be gone.
            lease: Until when the new owner holds it, in seconds since the epoch.

        Returns:
            False when somebody else was quicker, the old owner has come back, or the job has ended and its files are here.
        """
        query = f"update jobs set owner = ?, lease = ? where id = ? and owner = ? and lease = ? and ({_OPEN} or {_UNSAVED})"  # noqa: S608
        with self._transaction() as db:
            return db.execute(query, (owner, lease, job_id, *was)).rowcount == 1

    def renew(self, owner: str, lease: float) -> None:
        """Hold on to every unfinished job of this owner until then; those it has let go stay so."""
        held = "update jobs set lease = ? where owner = ? and lease > 0"
        with self._transaction() as db:  # in two halves, each with an index of its own
            db.execute(f"{held} and {_OPEN}", (lease, owner))
            db.execute(f"{held} and {_UNSAVED}", (lease, owner))

    def release(self, job_id: str, owner: str) -> None:
        """Let go of one job: whoever wants it may take it over at once."""
        with self._transaction() as db:
            db.execute("update jobs set lease = 0 where id = ? and owner = ?", (job_id, owner))

    # --- money, callbacks, and what the journal knows about itself ---

    def spent(self, budget: str) -> Spent:
        """What the orders counted against that budget have used or reserved."""
        with self._reading() as db:
            return _spent(db, budget)

    def hear(self, job_id: str, provider: str, remote_id: str, at: float) -> bool:
        """Keep what a callback said: "your job has this id". Returns whether we know the job."""
        with self._transaction() as db:
            db.execute("insert or ignore into hints values (?, ?, ?, ?)", (job_id, provider, remote_id, at))
            return db.execute("select 1 from jobs where id = ?", (job_id,)).fetchone() is not None

    def hints(self, job_id: str, provider: str) -> list[str]:
        """The ids that callbacks named for a job, oldest first."""
        query = "select remote_id from hints where job = ? and provider = ? order by at"
        with self._reading() as db:
            return [str(remote_id) for (remote_id,) in db.execute(query, (job_id, provider))]

    def fact(self, name: str, make: Callable[[], str]) -> str:
        """A thing the journal remembers about itself; made on first need, the same for every kernel."""
        with self._transaction() as db:
            db.execute("insert or ignore into facts values (?, ?)", (name, make()))
            return str(db.execute("select value from facts where name = ?", (name,)).fetchone()[0])

    def close(self) -> None:
        """Close the file. Closing twice is harmless."""
        with self._lock:
            if os.getpid() == self._pid:
                self._db.close()

    # --- within ---

    def _here(self) -> sqlite3.Connection:
        """The connection of this process: one that came along in a fork would commit the parent's transaction."""
        if os.getpid() != self._pid:
            self._inherited.append(self._db)  # kept, never closed: closing it would touch the parent's locks
            self._pid, self._joined = os.getpid(), False
            self._db = connect(self.path)
        return self._db

    def _select(self, tail: str, values: tuple[object, ...]) -> list[JobRecord]:
        with self._reading() as db:
            rows = db.execute(f"select * from jobs {tail}", values).fetchall()  # noqa: S608  # the tail is one of those above
            files: dict[str, list[sqlite3.Row]] = {}
            for start in range(0, len(rows), _MANY):
                ids = [row["id"] for row in rows[start : start + _MANY]]
                marks = ", ".join("?" * len(ids))
                for file in db.execute(f"select * from outputs where job in ({marks}) order by job, idx", ids):  # noqa: S608
                    files.setdefault(file["job"], []).append(file)
        return [record for row in rows if (record := _readable(row, files.get(row["id"], []))) is not None]

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._storage():
            db = self._here()
            with self._lock:
                yield db

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._reading() as db:
            if self._joined:  # by this thread: whoever else asks waits for the lock
                yield db
                return
            try:
                db.execute("begin immediate")  # inside: an interrupt may be raised when it has just succeeded
                yield db
                db.execute("commit")
            except BaseException:  # also an interrupt: half a transaction must not stay open
                if db.in_transaction:
                    db.execute("rollback")
                raise

    @contextmanager
    def _storage(self) -> Iterator[None]:
        """Turn the disk's errors into ours."""
        try:
            yield
        except (sqlite3.Error, OSError, ValueError) as error:
            raise StorageError(
                f"The journal {self.path or 'in memory'} refused: {error}.",
                next_step="Free some space, or set IPYDARKROOM_HOME to a folder you may write to.",
            ) from error


def _readable(row: sqlite3.Row, files: list[sqlite3.Row]) -> JobRecord | None:
    """The record, or None for a row that makes no sense: it stays in the file, and the other jobs are not hidden by it."""
    try:
        return read_job(row, files)
    except (ValueError, TypeError, LookupError) as error:
        log.warning("job %r of the journal cannot be read: %s", row["id"], error)
        return None


# SQLite keeps a process's locks in its memory. A child forked inside a transaction would find the file locked for ever,
# on new connections too, and end the parent's transaction when it exits; so a fork waits for the transactions of others.
_journals: weakref.WeakSet[Journal] = weakref.WeakSet()
_held: list[Journal] = []


def _before_fork() -> None:
    for journal in sorted(_journals, key=id):  # in one order, so that two forks cannot wait for each other
        journal._lock.acquire()
        _held.append(journal)


def _after_fork() -> None:
    while _held:
        _held.pop()._lock.release()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(before=_before_fork, after_in_parent=_after_fork, after_in_child=_after_fork)


def _spent(db: sqlite3.Connection, budget: str) -> Spent:
    query = f"select count(*), coalesce(sum(usd), 0) from jobs where budget = ? and budget != '' and {_COUNTED}"  # noqa: S608
    jobs, usd = db.execute(query, (budget,)).fetchone()
    return Spent(int(jobs), float(usd))


def _demand_missing(db: sqlite3.Connection, fingerprint: str, most_same: int | None) -> None:
    query = f"select count(*) from jobs where fingerprint = ?{_GOOD}"  # noqa: S608
    if most_same is not None and db.execute(query, (fingerprint,)).fetchone()[0] > most_same:
        raise AlreadyOrdered("Somebody else has ordered the same meanwhile; nothing was sent.", next_step="Look for it again.")


def _log(db: sqlite3.Connection, record: JobRecord, event: str) -> None:
    at = record.finished or record.started or record.sent or record.created
    db.execute("insert into events values (?, ?, ?, ?, ?)", (record.id, at, event, record.state.value, record.word))
