"""The pictures of a panel: a strip of widgets while it lives, and plain HTML for the saved notebook.

A job that is on its way has a tile where its picture will develop. The strip shows the newest on top. Thumbnails are
made off the loop's thread (`develop`), because unpacking a large picture takes longer than a status may wait.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import ipywidgets as w

from ..display import gallery
from ..jobs import State
from ..markup import Markup, css, tag
from .model import live, same
from .pump import put

if TYPE_CHECKING:
    from ..jobs import JobRecord
    from ..models import Model
    from ..sync import Job
    from .kit import Kit

__all__ = ["SHOWN_JOBS", "Results"]

SHOWN_JOBS = 24
"""The newest jobs whose pictures a panel shows and a notebook keeps; every picture stays on disk and in the journal."""


class Results:
    """The strip of one panel.

    Args:
        kit: Makes the widgets.
        head: A widget with the style sheet, which also stands in the form.
        model: Tells the shape of a picture that is not there yet.
    """

    def __init__(self, kit: Kit, head: w.Widget, model: Model) -> None:
        self._kit = kit
        self._head = head
        self._model = model
        self._tiles: dict[str, w.HTML] = {}
        self._pictures: dict[str, tuple[int, Markup]] = {}
        self._empty: w.HTML | None = kit.make(
            w.HTML, "dr-empty", value=tag("p", kit.say("panel.results.empty"), class_="dr-empty-text")
        )
        self.root = kit.make(w.VBox, "dr-panel", "dr-results", children=(head, self._empty))

    def develop(self, record: JobRecord) -> Callable[[], None] | None:
        """Return the work of making a job's thumbnails, or None where nothing new is there. Blocking work."""
        known, _ = self._pictures.get(record.id, (0, Markup()))
        if len(record.kept) <= known:
            return None

        def work() -> None:
            made = gallery([record], self._kit.language)
            if len(record.kept) > self._pictures.get(record.id, (0, None))[0]:
                self._pictures[record.id] = (len(record.kept), made)

        return work

    def ready(self, jobs: Iterable[Job]) -> bool:
        """Whether every picture has its thumbnail, so that nothing slow is left to do."""
        return all(len(job.record.kept) <= self._pictures.get(job.id, (0, None))[0] for job in jobs)

    def paint(self, jobs: Iterable[Job]) -> None:
        """Bring the strip in line with the jobs."""
        shown = [job for job in jobs if live(job) or job.record.kept][-SHOWN_JOBS:]
        wanted = {job.id: self._tile_html(job) for job in shown}
        gone = [self._tiles.pop(name) for name in list(self._tiles) if name not in wanted]
        for name, html in wanted.items():
            if name not in self._tiles:
                self._tiles[name] = self._kit.make(w.HTML, "dr-tile", value=html)
            put(self._tiles[name], value=html)
        self._arrange(gone)

    def republish(self) -> None:
        """Send the newest tile again from this thread, for front ends that miss what a background thread sends."""
        self.root.send_state("children")
        for tile in list(self._tiles.values())[-1:]:
            tile.send_state("value")

    def saved(self, jobs: Iterable[Job]) -> Markup:
        """What the notebook keeps: pictures and what they were made with, newest first."""
        records = [job.record for job in jobs if job.record.kept][-SHOWN_JOBS:]
        return gallery(reversed(records), self._kit.language)

    def _arrange(self, gone: list[w.HTML]) -> None:
        children = (self._head, *self._tiles.values())
        if self._tiles and self._empty is not None:
            gone, self._empty = [*gone, self._empty], None
        if self._empty is None:
            put(self.root, children=children)
        self._kit.drop(*gone)

    def _tile_html(self, job: Job) -> Markup:
        made = self._pictures.get(job.id)
        if made is not None:
            return made[1]
        width, height = _shape(self._model, job.record.inputs)
        frame = css(aspect_ratio=f"{width} / {height}", max_width=f"{min(512, 512 * width // height)}px")
        state = "fetching" if job.record.state is State.SUCCEEDED else "waiting"
        return tag("div", class_=f"dr-frame dr-frame-{state}", style=frame, role="img",
                   aria_label=self._kit.say("panel.results.developing"))


def _shape(model: Model, inputs: Mapping[str, object]) -> tuple[int, int]:
    """The (width, height) a picture will have, as far as a chosen size or ratio tells; a square otherwise."""
    for field in model.fields:
        value = inputs.get(field.name, field.default)
        for choice in field.choices:
            if same(choice.value, value) and (choice.size or choice.ratio):
                return choice.size or choice.ratio or (1, 1)
    return (1, 1)
