"""Archive: the jobs of a journal to be looked through, a few at a time, however many there are. Reads only."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

from .journal.wanted import Wanted

if TYPE_CHECKING:
    from .jobs import JobRecord
    from .journal import Journal

__all__ = ["Archive", "Wanted"]

_BATCH = 100


class Archive:
    """Looks into one journal. Safe from any thread; a question to ten thousand jobs takes some hundredths of a second.

    Args:
        journal: Where.
        flush: Has everything learnt so far written; called before each question.
    """

    def __init__(self, journal: Journal, flush: Callable[[], None]) -> None:
        self._journal = journal
        self._flush = flush

    def ids(self, wanted: Wanted) -> tuple[str, ...]:
        """The ids of the jobs that are wanted, newest first."""
        self._flush()
        return self._journal.ids(wanted)

    def records(self, ids: Sequence[str]) -> list[JobRecord]:
        """These jobs, in this order; one that is not there, or cannot be read, is left out."""
        self._flush()
        return self._journal.records(ids)

    def each(self, ids: Sequence[str]) -> Iterator[JobRecord]:
        """The same, one after the other; a hundred at most are in memory."""
        for start in range(0, len(ids), _BATCH):
            yield from self._journal.records(ids[start : start + _BATCH])

    def models(self, limit: int = 200) -> tuple[str, ...]:
        """The models that were used, as `provider:model`, the most used first."""
        return self._journal.models(limit)
