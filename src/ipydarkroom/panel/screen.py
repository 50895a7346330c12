"""All widgets of one panel in their places, and the one function that paints them from the panel's model."""

from __future__ import annotations

import importlib.resources
import re
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING

import ipywidgets as w

from ..markup import Markup, join, tag
from .form import Form
from .guard import guarded
from .jobline import JobLine
from .labels import error_text, next_step_text, title_text
from .pump import put
from .results import Results

if TYPE_CHECKING:
    from .kit import Kit
    from .model import Notice, PanelModel

__all__ = ["Screen", "banner_html", "theme"]

_SHOWN_LINES = 8


@cache
def theme() -> Markup:
    """The style sheet as an element: looks and colours of every panel, light and dark."""
    sheet = importlib.resources.files(__package__).joinpath("theme.css").read_text("utf-8")
    bare = re.sub(r"/\*.*?\*/|(?<=[{};:,])\s+|\s+(?=[{}])", "", sheet, flags=re.DOTALL)  # every panel sends it once
    return tag("style", Markup(bare))


class Screen:
    """The widgets of one panel.

    Args:
        state: What is painted.
        kit: Makes the widgets.
        banner: Says where jobs of this panel would run now.
        run: Called when Run is pressed.
        stop: Called with a job's line when its button is pressed.
        painting: Whether a paint is under way.
    """

    def __init__(
        self,
        state: PanelModel,
        kit: Kit,
        *,
        banner: Callable[[], Markup],
        run: Callable[[], object],
        stop: Callable[[JobLine], None],
        painting: Callable[[], bool],
    ) -> None:
        self._state = state
        self._kit = kit
        self._stop = stop
        self._lines: dict[str, JobLine] = {}
        head = kit.make(w.HTML, "dr-sheet", value=theme())
        self._where = banner
        self._banner = kit.make(w.HTML, "dr-banner", value=banner())
        self._rows = Form(state, kit, painting)
        self._notice = kit.make(w.HTML, "dr-notice", "dr-away")
        self._line_box = kit.make(w.VBox, "dr-lines")
        parts = (
            head,
            self._banner,
            self._rows.root,
            self._buttons(run),
            self._notice,
            self._line_box,
        )
        self.form = kit.make(w.VBox, "dr-panel", "dr-form", children=parts)
        self.results = Results(kit, head, state.model)

    def paint(self) -> None:
        """Bring every widget in line with the model. Sends nothing where nothing differs."""
        put(self._banner, value=self._where())
        self._rows.paint()
        self._paint_notice()
        self._paint_lines()
        self.results.paint(self._state.jobs)

    def republish(self) -> None:
        """Send again, from this thread, what background threads painted."""
        for line in self._lines.values():
            if not line.finished:
                line.republish()
        self.results.republish()

    def _buttons(self, run: Callable[[], object]) -> w.HBox:
        make, say = self._kit.make, self._kit.say
        go = make(w.Button, "dr-run", description=say("panel.run"), button_style="primary")
        clear = make(w.Button, "dr-quiet", "dr-reset", description=say("panel.reset"))
        go.on_click(guarded(self._state, lambda _button: run()))
        clear.on_click(guarded(self._state, lambda _button: self._state.reset()))
        return make(w.HBox, "dr-buttons", children=(go, clear))

    def _paint_notice(self) -> None:
        notice = self._state.trouble
        if notice is None:
            put(self._notice, value="", _dom_classes=("dr-notice", "dr-away"))
            return
        parts = [tag("strong", error_text(notice, self._kit.language)), tag("span", self._next_step(notice))]
        put(self._notice, value=tag("div", join(parts, " "), role="alert"), _dom_classes=("dr-notice",))

    def _next_step(self, notice: Notice) -> str:
        """What to do now; for problems of fields, which ones to look at."""
        if not notice.fields:
            return next_step_text(notice, self._kit.language)
        fields = [field for field in self._state.model.fields if field.name in notice.fields]
        return " · ".join(title_text(self._state.model, field, self._kit.language) for field in fields)

    def _paint_lines(self) -> None:
        for job in self._state.jobs[-_SHOWN_LINES:]:
            if job.id not in self._lines:
                self._lines[job.id] = JobLine(job, self._kit, self._stop)
        for line in self._lines.values():
            line.paint()
        finished = [name for name, line in self._lines.items() if line.finished]
        gone = [self._lines.pop(name) for name in finished[: max(0, len(self._lines) - _SHOWN_LINES)]]
        put(self._line_box, children=tuple(line.root for line in self._lines.values()))
        for line in gone:
            line.close()


def banner_html(title: str, model_id: str, where: str, reason: str, *, local: bool) -> Markup:
    """The head of a panel: which model, and where its jobs run and why."""
    place = tag("span", where, class_="dr-place dr-place-local" if local else "dr-place dr-place-hosted")
    name = tag("span", title, class_="dr-model")
    ident = tag("code", model_id, class_="dr-model-id") if model_id != title else None
    head = tag("div", *(part for part in (name, ident) if part), class_="dr-head")
    return join([head, tag("div", place, tag("span", reason, class_="dr-reason"), class_="dr-where")])
