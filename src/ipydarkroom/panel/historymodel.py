"""What a history knows: the question, what the journal answered, the page in sight, the chosen job. No widget in here.

A question is put at once and answered by `look`, which reads the journal and may be called from any thread. Of the
answer only the ids are kept; the jobs themselves are read a page at a time, so ten thousand cost no more than sixty.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..archive import Wanted
from ..dates import day_span
from ..errors import DarkroomError
from .model import Notice

if TYPE_CHECKING:
    from ..archive import Archive
    from ..jobs import JobRecord
    from ..journal.wanted import StateGroup

__all__ = ["PAGE", "HistoryModel", "Question", "View"]

View: TypeAlias = Literal["wall", "table"]
PAGE = 60
"""Jobs on one page."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is looked for, as a person says it; the two days are both included, in this machine's time zone."""

    words: str = ""
    model: str = ""
    state: StateGroup = ""
    since: date | None = None
    until: date | None = None
    view: View = "wall"

    @property
    def is_open(self) -> bool:
        """True where nothing narrows it."""
        return self == Question(view=self.view)

    def wanted(self) -> Wanted:
        """The same for the journal; a wall is of pictures."""
        since, until = day_span(self.since, self.until)
        return Wanted(self.words, self.model, self.state, since, until, pictures=self.view == "wall")


class HistoryModel:
    """The state of one history. Safe from any thread; observers are called after each change, without the lock.

    Args:
        archive: Whose jobs.
    """

    def __init__(self, archive: Archive) -> None:
        self.lock = threading.RLock()
        self.question = Question()
        self.ids: tuple[str, ...] = ()
        self.models: tuple[str, ...] = ()
        self.page = 0
        self.records: tuple[JobRecord, ...] = ()
        self.chosen: JobRecord | None = None
        self.trouble: Notice | None = None
        self._archive = archive
        self._observers: list[Callable[[], None]] = []

    # --- the question

    def ask(self, **changes: object) -> None:
        """Put another question: some of the parts of a `Question`. It is answered by the next `look`."""
        with self.lock:
            self.question = replace(self.question, **changes)  # type: ignore[arg-type]  # names and types are a Question's own

    def look(self) -> None:
        """Have the journal answer. Blocking, some hundredths of a second; the newest question wins.

        Raises:
            StorageError: The journal cannot be read.
        """
        with self.lock:
            question = self.question
        ids, models = self._archive.ids(question.wanted()), self._archive.models()
        records = tuple(self._archive.records(ids[:PAGE]))
        with self.lock:
            if question != self.question:
                return
            self.ids, self.models, self.page, self.records = ids, models, 0, records
            kept = self.chosen is not None and self.chosen.id in ids
            self.chosen = self.chosen if kept else next(iter(records), None)
            self.trouble = None
        self._tell()

    # --- pages

    @property
    def total(self) -> int:
        """How many jobs fit."""
        return len(self.ids)

    @property
    def first(self) -> int:
        """The number of the first job of the page, from 1; 0 where there is none."""
        return self.page * PAGE + 1 if self.ids else 0

    @property
    def last(self) -> int:
        """The number of the last job of the page."""
        return min(self.total, (self.page + 1) * PAGE)

    @property
    def has_previous(self) -> bool:
        """Whether there is a page before."""
        return self.page > 0

    @property
    def has_next(self) -> bool:
        """Whether there is a page after."""
        return (self.page + 1) * PAGE < self.total

    def turn(self, pages: int) -> None:
        """Go so many pages on, or back; beyond an end, to the end. Blocking.

        Raises:
            StorageError: The journal cannot be read.
        """
        with self.lock:
            ids = self.ids
            page = max(0, min(self.page + pages, max(0, len(ids) - 1) // PAGE))
        records = tuple(self._archive.records(ids[page * PAGE : (page + 1) * PAGE]))
        with self.lock:
            if ids is not self.ids:
                return
            self.page, self.records = page, records
        self._tell()

    # --- one job

    @property
    def place(self) -> int | None:
        """Which of this page is the chosen one, from 0; None where it is on another."""
        ids = [record.id for record in self.records]
        return ids.index(self.chosen.id) if self.chosen is not None and self.chosen.id in ids else None

    @property
    def number(self) -> int | None:
        """The chosen one's number among all that were found, from 1."""
        chosen = self.chosen
        return self.ids.index(chosen.id) + 1 if chosen is not None and chosen.id in self.ids else None

    def go_to(self, number: int) -> None:
        """Choose the job of that number, and turn to its page. Blocking.

        Raises:
            StorageError: The journal cannot be read.
        """
        if not 1 <= number <= self.total:
            return
        page, place = divmod(number - 1, PAGE)
        if page != self.page:
            self.turn(page - self.page)
        self.choose(place)

    def choose(self, place: int | None) -> None:
        """Choose one of this page."""
        with self.lock:
            if place is None or not 0 <= place < len(self.records) or place == self.place:
                return
            self.chosen = self.records[place]
        self._tell()

    # --- telling

    def observe(self, callback: Callable[[], None]) -> None:
        """Call back after every change."""
        self._observers.append(callback)

    def say(self, notice: Notice | None) -> None:
        """Put a sentence on the history, or take it away."""
        with self.lock:
            self.trouble = notice
        self._tell()

    def fail(self, error: DarkroomError) -> None:
        """Show an error."""
        self.say(Notice(error.key, error.params, error.message, error.next_step))

    def _tell(self) -> None:
        for callback in self._observers:
            callback()
