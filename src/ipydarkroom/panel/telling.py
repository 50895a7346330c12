"""Who is told of what changed: one lock, one block of editing, and observers who hear once it is over."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, TypeAlias

__all__ = ["Change", "News", "Telling"]

News: TypeAlias = Literal["value", "asked", "jobs", "trouble", "earlier", "view"]


@dataclass(frozen=True, slots=True)
class Change:
    """What an observer is told: the kind of news, and for values the names of the fields at the top."""

    kind: News
    names: frozenset[str] = frozenset()


class Telling:
    """Something whose state is edited under a lock, and that tells of it. Safe from any thread.

    Observers are called on the caller's thread, after the lock is released, so they may do anything, ordering a job
    included.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self._observers: dict[object, Callable[[Change], None]] = {}
        self._depth = 0
        self._news: list[Change] = []

    def observe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Call back after every change; returns the function that ends it."""
        ticket = object()
        self._observers[ticket] = callback
        return lambda: self._observers.pop(ticket, None) and None

    @contextlib.contextmanager
    def editing(self) -> Iterator[None]:
        """Hold the lock for several steps; observers hear once, after the outermost block, without the lock."""
        news: list[Change] = []
        try:
            with self.lock:
                self._depth += 1
                try:
                    yield
                finally:
                    self._depth -= 1
                    if not self._depth:
                        news, self._news = self._news, []
        finally:
            for change in _merged(news):
                for callback in list(self._observers.values()):
                    callback(change)

    def tell(self, kind: News, names: frozenset[str] = frozenset()) -> None:
        """Note what has changed; only while editing."""
        self._news.append(Change(kind, names))


def _merged(news: list[Change]) -> list[Change]:
    """One change of each kind, in the order of their first mention."""
    kinds = dict.fromkeys(change.kind for change in news)
    return [Change(kind, frozenset().union(*(c.names for c in news if c.kind == kind))) for kind in kinds]
