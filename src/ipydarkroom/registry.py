"""Finds the entries of a plural folder: one file, one decorated object, one rank.

The folder itself is the list. Dropping a file into `providers/`, `panel/controls/` or `local/painters/` adds an entry;
other packages add theirs by entry point (group `ipydarkroom.<folder>`). Lower ranks are asked first.
"""

from __future__ import annotations

import importlib
import pkgutil
import threading
from collections.abc import Iterator
from typing import Generic, TypeVar

__all__ = ["Registry"]

Entry = TypeVar("Entry")


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
        self._loaded = self._loading = False
        self._lock = threading.RLock()

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

    def ranks(self) -> list[int]:
        """The ranks in order; a house rule asserts that they are unique."""
        self._load()
        return [rank for rank, _ in self._entries]

    def _load(self) -> None:
        if self._loaded:
            return
        with self._lock:  # a client's thread and the person's may ask in the same moment
            if self._loaded or self._loading:  # asked by an entry that is just being loaded
                return
            self._loading = True
            try:
                self._load_all()
                self._loaded = True
            finally:
                self._loading = False

    def _load_all(self) -> None:
        from importlib.metadata import entry_points  # loaded late: a tenth of what the whole client takes to load

        folder = importlib.import_module(self.package)
        for module in pkgutil.iter_modules(folder.__path__):
            importlib.import_module(f"{self.package}.{module.name}")
        for point in entry_points(group=self.package):
            point.load()
