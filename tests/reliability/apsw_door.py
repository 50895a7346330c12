"""The part of `sqlite3` that the journal uses, spoken by apsw: so the journal itself runs on a disk of ours.

Nothing is copied from the journal. Its own statements and pragmas pass through here; a negative control may reword a
pragma on the way, and counts how often it did.
"""

from __future__ import annotations

import re
import sqlite3
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from types import SimpleNamespace
from typing import Any

import apsw

__all__ = ["Rewording", "through_apsw"]


class Rewording:
    """Pragmas to be said otherwise, by name: `{"synchronous": "normal"}`. `count` tells how many were."""

    def __init__(self, values: dict[str, str] | None = None, before: str = "") -> None:
        self.values, self.before, self.count = dict(values or {}), before, 0

    def of(self, statement: str) -> str:
        """The statement as it shall run."""
        found = re.fullmatch(r"\s*pragma\s+(\w+)\s*=\s*\w+\s*;?\s*", statement, re.IGNORECASE)
        if found is None or found[1].lower() not in self.values:
            return statement
        self.count += 1
        return f"{self.before}pragma {found[1]} = {self.values[found[1].lower()]}"


@contextmanager
def through_apsw(vfs: str, rewording: Rewording | None = None) -> Iterator[None]:
    """Let every module of `ipydarkroom.journal` that says `sqlite3` speak to apsw on that VFS instead."""
    said = rewording or Rewording()
    speaking = [
        module for name, module in sys.modules.items()
        if name.startswith("ipydarkroom.journal") and getattr(module, "sqlite3", None) is sqlite3
    ]
    if not speaking:
        raise RuntimeError("no module of the journal says sqlite3: this harness would prove nothing")
    door = SimpleNamespace(**vars(sqlite3))
    door.connect = lambda path, *args, **options: _Connection(str(path), vfs, said)
    for module in speaking:
        module.sqlite3 = door  # type: ignore[attr-defined]
    try:
        yield
    finally:
        for module in speaking:
            module.sqlite3 = sqlite3  # type: ignore[attr-defined]


class _Row:
    """A row that answers to a column's name and to its number, as sqlite3.Row does."""

    def __init__(self, names: Sequence[str], values: tuple[object, ...]) -> None:
        self._names, self._values = names, values

    def __getitem__(self, key: str | int) -> object:
        return self._values[self._names.index(key) if isinstance(key, str) else key]

    def __iter__(self) -> Iterator[object]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def keys(self) -> list[str]:
        """The names of the columns."""
        return list(self._names)


class _Cursor:
    def __init__(self, rows: list[_Row], rowcount: int) -> None:
        self._rows, self.rowcount = rows, rowcount

    def fetchone(self) -> _Row | None:
        return self._rows.pop(0) if self._rows else None

    def fetchall(self) -> list[_Row]:
        rows, self._rows = self._rows, []
        return rows

    def __iter__(self) -> Iterator[_Row]:
        return iter(self.fetchall())


class _Connection:
    row_factory: Any = None

    def __init__(self, path: str, vfs: str, rewording: Rewording) -> None:
        with _as_sqlite3():
            self._db = apsw.Connection(path, vfs=vfs)
            self._db.set_busy_timeout(1000)
        self._rewording = rewording

    @property
    def in_transaction(self) -> bool:
        return bool(self._db.in_transaction)

    def execute(self, statement: str, values: object = None) -> _Cursor:
        with _as_sqlite3():
            before = self._db.total_changes()
            cursor = self._db.execute(self._rewording.of(statement), values)
            names: Sequence[str] = ()
            rows = []
            for row in cursor:
                names = names or [column[0] for column in cursor.get_description()]
                rows.append(_Row(names, row))
            return _Cursor(rows, self._db.total_changes() - before)

    def executemany(self, statement: str, many: Any) -> _Cursor:
        return _Cursor([], sum(self.execute(statement, values).rowcount for values in many))

    def executescript(self, script: str) -> _Cursor:
        return self.execute(script)

    def backup(self, target: _Connection) -> None:
        with _as_sqlite3(), target._db.backup("main", self._db, "main") as copying:
            copying.step()

    def close(self) -> None:
        with _as_sqlite3():
            self._db.close()


@contextmanager
def _as_sqlite3() -> Iterator[None]:
    try:
        yield
    except apsw.ConstraintError as error:
        raise sqlite3.IntegrityError(str(error)) from error
    except (apsw.CorruptError, apsw.NotADBError) as error:
        raise sqlite3.DatabaseError(str(error)) from error
    except apsw.Error as error:
        raise sqlite3.OperationalError(str(error)) from error
