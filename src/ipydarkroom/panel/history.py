"""History: the plain object that looks through a journal: search, wall and table, a job's panel again, and taking along.

Reads only. Nothing is ordered by looking, and a job's panel that is opened here orders when its own Run is pressed.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, cast

import ipywidgets as w

from ..arguments import demand_language, demand_name
from ..errors import DarkroomError, InputError
from ..exporting import Exported, export_folder, free_name, zip_file
from ..journal.wanted import STATE_GROUPS
from ..languages import current, normal
from ..markup import Markup, tag
from ..notebook import default_client
from ..publishing import publish
from ..wording import count_text
from .guard import guarded
from .historymodel import HistoryModel, Question
from .historyscreen import HistoryActs, HistoryScreen
from .kit import Kit
from .pump import Pump
from .reopening import reopened
from .showing import show, show_closed
from .taking import missing_text, zipped, zipped_all

if TYPE_CHECKING:
    from ..jobs import JobRecord
    from ..journal.wanted import StateGroup
    from ..sync import Client
    from .view import Panel

__all__ = ["History"]


class History:
    """The jobs of a journal, those of other sessions included, in this cell: to be searched, opened again and taken along.

    Args:
        client: Whose journal; the process's default client when absent. It is never closed here.
        language: The language of all text: `en`, `zh-CN`, `zh-TW` or `ja`; the process's own when absent.

    Raises:
        StorageError: The journal cannot be read.
    """

    def __init__(self, client: Client | None = None, *, language: str | None = None) -> None:
        self.client = client or default_client()
        self.state = HistoryModel(self.client.archive)
        self._kit = Kit(normal(demand_language(language)) if language else current())
        self._pump = Pump(self._paint, self.state.lock, lambda: False)
        self._panel: Panel | None = None
        self._closed = False
        self._screen = HistoryScreen(self.state, self._kit, self._acts(), f"darkroom-{date.today():%Y-%m-%d}")  # noqa: DTZ011  # the reader's day
        self._developing = False
        self._in_sight = False
        self.state.observe(self._changed)
        self.state.look()

    # --- looking

    def search(
        self, words: str = "", *, model: str = "", state: StateGroup = "",
        since: date | str | None = None, until: date | str | None = None,
    ) -> History:
        """Look for jobs, and show them; what is not named does not narrow the search. Returns the history itself.

        Args:
            words: All of them must stand in what was sent (the prompt, any other input) or in the model's id; or it is one job's id.
            model: A part of `provider:model`.
            state: `open`, `uncertain`, `succeeded`, `failed` or `cancelled`.
            since: The first day, as a date or `"2026-11-01"`, in this machine's time zone.
            until: The last day, itself included.

        Raises:
            InputError: A day or a state cannot be read.
            StorageError: The journal cannot be read.
        """
        if state and state not in STATE_GROUPS:
            raise InputError(f"There is no state {state!r}.", next_step=f"Choose one of {', '.join(STATE_GROUPS)}.")
        view = self.state.question.view
        question = Question(demand_name("A search", words), demand_name("A model", model), state, _day(since), _day(until), view)
        self.state.ask(**{name: getattr(question, name) for name in Question.__slots__})
        self.state.look()
        return self

    def __len__(self) -> int:
        return self.state.total

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the jobs that were found, newest first; see `client.job(id)`."""
        return self.state.ids

    @property
    def records(self) -> Iterator[JobRecord]:
        """What is known of each of them, newest first, read as it is asked for."""
        return self.client.archive.each(self.state.ids)

    def open(self, job_id: str) -> Panel:
        """A job's panel again: its form with its inputs, its line, its pictures. Orders nothing.

        The panel says which inputs cannot be brought back: a file that is not there any more, a link that had secrets,
        an input that the model has no more. A model that nobody here knows gets a form from the inputs themselves.

        Raises:
            ModelNotFound: The journal has no such job.
        """
        return reopened(self.client, job_id, self._kit.language)

    # --- taking along

    def export(self, folder: str | Path, *, title: str = "") -> Path:
        """Write the jobs that were found into a new folder: the pictures, `jobs.csv` and `contact-sheet.html`.

        Args:
            folder: Where; it must not be there yet, or be empty.
            title: The heading of the contact sheet.

        Raises:
            StorageError: There is something in the folder, or it cannot be written.
        """
        export_folder(self.client.archive, self.state.ids, folder, title=title, language=self._kit.language)
        return Path(folder).expanduser()

    def zip(self, path: str | Path, *, title: str = "") -> Path:
        """Write the same into one zip. What has that name already stays; then the zip gets `-2` at the end of its own.

        Raises:
            StorageError: It cannot be written.
        """
        done = zip_file(self.client.archive, self.state.ids, Path(path).expanduser(), title=title, language=self._kit.language)
        return cast("Path", done.path)

    # --- widgets

    @property
    def widget(self) -> w.VBox:
        """All of it, as an ordinary widget."""
        if self._closed:
            raise DarkroomError("This history was closed.", next_step="Make a new one.", key="history.closed")
        self._in_sight = True
        self._changed()
        return self._screen.root

    def close(self) -> None:
        """Take the history away, with the panel opened in it: no widget, task or timer is left."""
        with self.state.lock:
            self._closed = True
            panel, self._panel = self._panel, None
        if panel is not None:
            panel.close()
        self._pump.close()
        self._kit.close()

    def _ipython_display_(self) -> None:
        if self._closed:
            show_closed(self._kit.say("history.closed"))
            return
        self._pump.context = contextvars.copy_context()  # of the cell that shows it
        show(self.widget, repr(self), self._kit.say("history.static"))

    def __repr__(self) -> str:
        return f"<History {self.state.total} job(s)>"

    # --- presses

    def _acts(self) -> HistoryActs:
        archive = self.client.archive
        return HistoryActs(
            ask=self._edge(self._ask), clear=self._edge(self._clear), look=self._edge(lambda: self._aside(self.state.look)),
            turn=self._edge(lambda pages: self._aside(lambda: self.state.turn(pages))), choose=self._edge(self._choose), go_to=self._edge(self._go_to),
            open=self._edge(self._press_open), export=self._edge(self._press_export), aside=self._aside,
            pack=lambda: zipped(archive, self.state.ids, self._kit.language),
            pack_all=lambda: zipped_all(archive, self._kit.language), passing=self.client.settings.passing,
        )

    def _ask(self, **changes: object) -> None:
        if not self._painting():
            self.state.ask(**{name: value or "" if name in ("words", "model", "state") else value for name, value in changes.items()})
            self._aside(self.state.look)

    def _clear(self) -> None:
        question = Question(view=self.state.question.view)
        self.state.ask(**{name: getattr(question, name) for name in Question.__slots__})
        self._aside(self.state.look)

    def _choose(self, place: int | None) -> None:
        if not self._painting():
            self.state.choose(place)

    def _go_to(self, number: int) -> None:
        if not self._painting() and number != self.state.number:
            self._aside(lambda: self.state.go_to(number))

    def _painting(self) -> bool:
        """Whether a change is our own paint's, not a person's; a worker's paint is waited for, not taken for it."""
        with self.state.lock:
            return self._pump.painting

    def _press_open(self) -> None:
        if self._panel is not None:
            panel, self._panel, self._screen.opened = self._panel, None, None
            self._pump.now()
            panel.close()
            self._screen.focus_open()
            return
        chosen = self.state.chosen
        if chosen is None or self._screen.opening:
            return
        self._screen.opening = True

        def work() -> None:
            try:
                self._take_in(self.open(chosen.id))
            finally:
                self._screen.opening = False

        self._aside(work)

    def _take_in(self, panel: Panel) -> None:
        """Show a panel that was made aside; if the history was closed meanwhile, nothing of it may stay."""
        with self.state.lock:
            if not self._closed:
                panel._pump.context = self._pump.context
                self._panel, self._screen.opened = panel, panel.widget
                return
        panel.close()

    def _press_export(self, name: str) -> None:
        def work() -> None:
            place = free_name(Path(name.strip() or "darkroom").expanduser())
            done = export_folder(self.client.archive, self.state.ids, place, language=self._kit.language)
            self._screen.answer = self._exported(done)

        self._aside(work)

    def _exported(self, done: Exported) -> Markup:
        say = self._kit.say
        name = done.path.name if done.path is not None else ""
        files, jobs = count_text("file", done.pictures, self._kit.language), count_text("job", done.jobs, self._kit.language)
        said = say("export.folder", name=name, files=files, jobs=jobs)
        return tag("div", said, missing_text(done, self._kit), role="status")

    # --- inside

    def _edge(self, act: Callable[..., object]) -> Callable[..., None]:
        return guarded(self.state, act)

    def _aside(self, work: Callable[[], None]) -> None:
        """Do blocking work on a worker's thread, painting before and after; an error is a sentence on the history."""
        self._pump.now()

        def act() -> None:
            if not self._closed:
                guarded(self.state, work)()
                self._pump.now()

        if self.client.usable:
            self.client.later(0.0, lambda: publish(act, self._pump.context))
        else:  # it will say so
            act()

    def _changed(self) -> None:
        """Paint, and have made what is still lacking to what is in sight; a piece at a time, so that closing waits for one."""
        self._pump.now()
        with self.state.lock:
            if self._developing or self._closed or not self._in_sight or self._screen.lacking() is None:
                return
            self._developing = True
        self._aside(self._develop)

    def _develop(self) -> None:
        try:
            work = self._screen.lacking()
            if work is not None:
                work()
        finally:
            self._developing = False
        self._changed()

    def _paint(self) -> None:
        self._screen.paint()


def _day(given: date | str | None) -> date | None:
    if isinstance(given, datetime):
        return given.date()
    if given is None or isinstance(given, date):
        return given
    try:
        return date.fromisoformat(given)
    except (TypeError, ValueError) as error:
        raise InputError(f"{given!r} is no day.", next_step='Write it like "2026-11-27".') from error
