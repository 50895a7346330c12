"""All widgets of one panel in their places, and the one function that paints them from the panel's model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from ..display import provider_page
from ..markup import Markup, join, tag
from .codefold import CodeFold
from .earlier import EarlierNote
from .formview import FormView
from .guard import guarded
from .jobline import JobLine
from .labels import error_text, next_step_text
from .looks import theme
from .model import live, uncertain
from .passing import Passing
from .pump import put
from .gallery import Deeds, Gallery
from .several import Several

if TYPE_CHECKING:
    from ..sync import Job
    from .acts import Acts
    from .kit import Kit
    from .model import Notice, PanelModel

__all__ = ["Screen", "banner_html", "theme"]

_SHOWN_LINES = 8  # the newest, whatever became of them
_OPEN_LINES = 24  # the newest that are on their way or uncertain


class Screen:
    """The widgets of one panel.

    Args:
        state: What is painted.
        kit: Makes the widgets.
        acts: What the widgets ask of the panel.
        deeds: What can be done with a picture.
        more: A rule of style besides the sheet of all panels.
    """

    def __init__(self, state: PanelModel, kit: Kit, acts: Acts, deeds: Deeds, more: Markup) -> None:
        self._state = state
        self._kit = kit
        self._acts = acts
        self._lines: dict[str, JobLine] = {}
        self._banner = kit.make(w.HTML, "dr-banner", value=acts.banner())
        self._view = FormView(acts.bench(kit))
        self._rows = self._view.rows
        self._run = kit.make(w.Button, "dr-run", description=acts.label(), button_style="primary")
        self._notice: w.HTML | None = None
        self._earlier = EarlierNote(kit, acts)
        self._line_box: w.VBox | None = None
        self._passing = Passing(kit, acts.passing, acts.pack, lambda work: acts.aside(work, 0.0))
        self.several = Several(state, kit, acts)
        self._code = CodeFold(state, kit, acts.paint)
        self._run.on_click(guarded(state, lambda _button: acts.run()))
        self._row = kit.make(w.HBox, "dr-buttons", children=self._buttons())
        kit.expect("dr-gallery")
        head = kit.head_with(more)
        self._parts = (head, self._banner, *self._passing.widgets, self._view.root, self._row)
        self.form = kit.make(w.VBox, "dr-panel", "dr-form", children=self._parts)
        self.results = Gallery(kit, head, state, acts, deeds)

    def paint(self) -> None:
        """Bring every widget in line with the model. Sends nothing where nothing differs."""
        put(self._banner, value=self._acts.banner())
        self._passing.paint()
        below = self._view.paint()
        put(self._run, description=self._acts.label())
        self._paint_notice()
        self._paint_lines()
        several = self.several.paint(wanted=bool(below) or bool(self._state.jobs))
        put(self._row, children=self._buttons())
        notice = [] if self._notice is None else [self._notice]
        lines = [] if self._line_box is None else [self._line_box]
        folds = (*below, *several, *self._code.paint(), *self._earlier.paint(self._state.earlier))
        put(self.form, children=(*self._parts, *notice, *folds, *lines, *self._kit.more()))
        self._earlier.tidy()
        self._code.tidy()
        self.results.paint(self._state.jobs)

    def republish(self) -> None:
        """Send again, from this thread, what background threads painted."""
        for line in self._lines.values():
            if not line.finished:
                line.republish()
        self.results.republish()

    def _buttons(self) -> tuple[w.Button, ...]:
        """What comes later stands last: the page leaves those before it alone, and with them the focus."""
        later = () if self.several.button is None else (self.several.button,)
        return (self._run, *self._view.buttons, self._code.button, *later)

    def _paint_notice(self) -> None:
        notice = self._state.trouble
        if notice is None:
            if self._notice is not None:
                put(self._notice, value="", _dom_classes=("dr-notice", "dr-away"))
            return
        if self._notice is None:
            self._notice = self._kit.make(w.HTML, "dr-notice", "dr-away")
        parts = [tag("strong", error_text(notice, self._kit.language)), tag("span", self._next_step(notice))]
        link = provider_page(notice.top_up, "top_up", self._kit.language)
        if link is not None:
            parts.append(link)
        looks = ("dr-notice", "dr-asks") if notice.asks else ("dr-notice",)
        put(self._notice, value=tag("div", join(parts, " "), role="alert"), _dom_classes=looks)

    def _next_step(self, notice: Notice) -> str:
        """What to do now; for problems of fields, the buttons below it say which ones to look at."""
        return "" if notice.fields else next_step_text(notice, self._kit.language)

    def _paint_lines(self) -> None:
        jobs = self._wanted()
        gone = [self._lines.pop(name) for name in self._lines.keys() - {job.id for job in jobs}]
        for job in jobs:
            if job.id in self._lines:
                self._lines[job.id].paint()
            else:
                self._lines[job.id] = JobLine(job, self._kit, self._acts, self._state.model)
        if self._line_box is None:
            if not jobs:
                return
            self._line_box = self._kit.make(w.VBox, "dr-lines")  # not before the first job: most panels are looked at first
        put(self._line_box, children=tuple(self._lines[job.id].root for job in jobs))
        for line in gone:
            line.close()

    def _wanted(self) -> list[Job]:
        """The jobs that have a line, oldest first: the newest, and older ones that are not over."""
        jobs = self._state.jobs
        old = jobs[:-_SHOWN_LINES]
        return [*[job for job in old if live(job) or uncertain(job)][-_OPEN_LINES:], *jobs[-_SHOWN_LINES:]]


def banner_html(title: str, model_id: str, where: str, reason: str, *, local: bool, left: str = "") -> Markup:
    """The head of a panel: which model, where its jobs run and why, and what is left to spend."""
    place = tag("span", where, class_="dr-place dr-place-local" if local else "dr-place dr-place-hosted")
    name = tag("span", title, class_="dr-model")
    ident = tag("code", model_id, class_="dr-model-id") if model_id != title else None
    head = tag("div", *(part for part in (name, ident) if part), class_="dr-head")
    parts = [head, tag("div", place, tag("span", reason, class_="dr-reason"), class_="dr-where")]
    return join([*parts, tag("div", left, class_="dr-left")] if left else parts)
