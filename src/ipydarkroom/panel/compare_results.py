"""The pictures of a comparison: one widget for each turn while it lives, plain HTML for the saved notebook.

Thumbnails are made off the loop's thread (`develop`), as unpacking a large picture takes longer than a status may wait.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import ipywidgets as w

from ..comparison import turn_html
from ..display import picture
from ..jobs import State
from ..markup import Markup, css, join, tag
from .model import live
from .pump import put

if TYPE_CHECKING:
    from ..jobs import JobRecord
    from .compare_model import CompareModel, TurnState
    from .kit import Kit

__all__ = ["CompareResults"]

SHOWN_TURNS = 12
"""The newest turns that are shown and that a notebook keeps; every picture stays on disk and in the journal."""


class CompareResults:
    """The turns of one comparison, the newest on top."""

    def __init__(self, kit: Kit, model: CompareModel) -> None:
        self._kit = kit
        self._head: tuple[w.Widget, ...] = ()
        self._model = model
        self._tiles: list[tuple[TurnState, w.HTML]] = []
        self._made: dict[str, tuple[int, Markup]] = {}
        empty = tag("p", kit.say("compare.empty"), class_="dr-empty-text")
        self._empty: w.HTML | None = kit.make(w.HTML, "dr-empty", value=empty)
        self.root = kit.make(w.VBox, "dr-panel", "dr-results", "dr-compare", children=(self._empty,))
        kit.expect("dr-tile")

    def wear(self, head: w.Widget) -> None:
        """Stand below a style sheet."""
        self._head = (head,)
        put(self.root, children=(head, *self.root.children))

    def develop(self, record: JobRecord) -> Callable[[], None] | None:
        """Return the work of making a job's thumbnails, or None where nothing new is there. Blocking work."""
        if len(record.kept) <= self._count(record.id):
            return None

        def work() -> None:
            made = join(picture(kept, record, self._kit.language) for kept in record.kept)
            if len(record.kept) > self._count(record.id):
                self._made[record.id] = (len(record.kept), made)

        return work

    def ready(self) -> bool:
        """Whether every picture has its thumbnail, so that nothing slow is left to do."""
        return all(len(job.record.kept) <= self._count(job.id) for job in self._model.jobs)

    def paint(self) -> None:
        """Bring the turns in line."""
        shown = self._model.turns[-SHOWN_TURNS:]
        gone: list[w.Widget] = [tile for turn, tile in self._tiles if turn not in shown]
        self._tiles = [pair for pair in self._tiles if pair[0] in shown]
        known = [turn for turn, _ in self._tiles]
        self._tiles += [(turn, self._kit.make(w.HTML, "dr-tile", value=self._html(turn))) for turn in shown if turn not in known]
        for turn, tile in self._tiles:
            put(tile, value=self._html(turn))
        if self._tiles and self._empty is not None:
            gone, self._empty = [*gone, self._empty], None
        if self._empty is None:
            put(self.root, children=(*self._head, *(tile for _, tile in self._tiles)))
        self._kit.drop(*gone)

    def republish(self) -> None:
        """Send the newest turn again from this thread, for front ends that miss what a background thread sends."""
        self.root.send_state("children")
        for _, tile in self._tiles[-1:]:
            tile.send_state("value")

    def saved(self) -> Markup:
        """What the notebook keeps: the turns that have a picture, newest first."""
        turns = [turn for turn in self._model.turns if any(job is not None and job.record.kept for job in turn.jobs)]
        shown: list[str] = [turn_html(turn.seen(), self._kit.language) for turn in reversed(turns[-SHOWN_TURNS:])]
        return tag("div", *(shown or [self._kit.say("gallery.empty")]), style=css(color="inherit"))

    def _html(self, turn: TurnState) -> Markup:
        return turn_html(turn.seen(), self._kit.language, self._pictures)

    def _pictures(self, record: JobRecord, ratio: float) -> Markup | None:
        """A job's thumbnails, or the paper on which they will develop."""
        made = self._made.get(record.id)
        if made is not None:
            return tag("div", made[1], class_="dr-many" if made[0] > 1 else "dr-one")
        waiting = any(job is not None and job.id == record.id and live(job) for turn in self._model.turns for job in turn.jobs)
        if not waiting:
            return None
        state = "fetching" if record.state is State.SUCCEEDED else "waiting"
        shape = css(aspect_ratio=f"{ratio:.4f}", width="100%")
        return tag("div", class_=f"dr-frame dr-frame-{state}", style=shape, role="img", aria_label=self._kit.say("panel.results.developing"))

    def _count(self, job_id: str) -> int:
        return self._made.get(job_id, (0, None))[0]
