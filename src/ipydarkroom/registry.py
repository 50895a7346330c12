"""Finds the entries of a plural folder: one file, one decorated object, one rank.

The folder itself is the list. Dropping a file into `providers/`, `panel/controls/` or `local/painters/` adds an entry;
other packages add theirs by entry point (group `ipydarkroom.<folder>`). Lower ranks are asked first.
"""

from __future__ import annotations

import importlib
import pkgutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Generic, TypeVar

__all__ = ["Registry", "entries_of"]

Entry = TypeVar("Entry")
_made: dict[str, Registry[Any]] = {}


def entries_of(package: str, *, outside: bool = True) -> Iterator[object]:
    """The entries of a folder, for a floor below it, which may know that there is such a folder and nothing more.

    So `settings` learns which providers there are, and what their tokens are called, without a list of its own.

    Args:
        package: The folder's dotted name.
        outside: False leaves out what other packages add by entry point, unless somebody has asked for it before: to look
            for entry points takes longer than to make a client.
    """
    importlib.import_module(package)
    return iter(_made[package]) if outside else _made[package].own()


class Registry(Generic[Entry]):
    """The entries of one folder, in order of rank.

    Args:
        package: The folder's dotted name; its modules are imported on first use.
        needs: Attribute names every entry must have. A half-written entry is told at import what it lacks.
    """

    def __init__(self, package: str, needs: tuple[str, ...] = ()) -> None:
        self.package = package
        self.needs = needs
        self._entries: list[tuple[int, Entry]] = []
        self._loaded = self._folder_loaded = self._loading = False
        self._lock = threading.RLock()
        _made[package] = self

    def add(self, entry: Entry, rank: int) -> Entry:
        """Register an entry; returns it, so that a decorator can end with this call.

        Raises:
            TypeError: The entry lacks something the folder needs.
        """
        missing = [name for name in self.needs if not hasattr(entry, name)]
        if missing:
            folder = self.package.rpartition(".")[2]
            raise TypeError(f"{entry!r} is not an entry of {folder}: it lacks {', '.join(missing)}")
        self._entries.append((rank, entry))
        self._entries.sort(key=lambda pair: pair[0])
        return entry

    def __iter__(self) -> Iterator[Entry]:
        self._load()
        return iter([entry for _, entry in self._entries])

    def own(self) -> Iterator[Entry]:
        """The folder's own entries, and whatever was added from outside so far."""
        self._load_folder()
        return iter([entry for _, entry in self._entries])

    def ranks(self) -> list[int]:
        """The ranks in order; a house rule asserts that they are unique."""
        self._load()
        return [rank for rank, _ in self._entries]

    def _load(self) -> None:
        if self._loaded:
            return
        with self._loads() as may:
            if not may or self._loaded:
                return
            self._import_folder()
            from importlib.metadata import entry_points  # loaded late: a tenth of what the whole client takes to load

            for point in entry_points(group=self.package):
                point.load()
            self._loaded = True

    def _load_folder(self) -> None:
        if self._folder_loaded:
            return
        with self._loads() as may:
            if may:
                self._import_folder()

    @contextmanager
    def _loads(self) -> Iterator[bool]:
        """One at a time, as a client's thread and the person's may ask in the same moment; False for an entry being loaded itself."""
        with self._lock:
            if self._loading:
                yield False
                return
            self._loading = True
            try:
                yield True
            finally:
                self._loading = False

    def _import_folder(self) -> None:
        if self._folder_loaded:
            return
        folder = importlib.import_module(self.package)
        for module in pkgutil.iter_modules(folder.__path__):
            importlib.import_module(f"{self.package}.{module.name}")
        self._folder_loaded = True
