"""The gallery of one panel: the picture in large with its facts and tools, all pictures as a strip, and what was opened below.

It is live as long as the panel is, by traits alone: a picture that comes takes no focus and no typing away. What a saved
notebook keeps of it is plain HTML, which `saved` makes.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

import ipywidgets as w

from ...display import gallery
from ...markup import Markup
from ..model import live
from ..pump import put
from .facts import chosen_seed
from .prints import Prints
from .selection import Selection, key_of
from .strip import MOST, Strip, frame_html
from .viewer import Viewer

if TYPE_CHECKING:
    from ...jobs import JobRecord
    from ...sync import Job
    from ..acts import Acts
    from ..kit import Kit
    from ..model import PanelModel
    from .deeds import Deeds
    from .selection import Key

__all__ = ["SAVED_JOBS", "Gallery", "empty_rule"]

SAVED_JOBS = 24
"""The newest jobs whose pictures a notebook keeps, and so many that have none; all stay on disk and in the journal."""


def empty_rule(kit: Kit) -> Markup:
    """The rule of style that says, where no picture is yet, that they will come: a widget of its own would be one too many."""
    return Markup(f'.dr-nothing::after{{content:{json.dumps(kit.say("panel.results.empty"), ensure_ascii=False)}}}')


class Gallery:
    """The widgets of the gallery.

    Args:
        kit: Makes the widgets.
        head: A widget with the style sheet, which also stands in the form.
        state: The panel's model.
        acts: What is asked of the panel.
        deeds: What can be done with a picture.

    Attributes:
        selection: Which picture is looked at.
    """

    def __init__(self, kit: Kit, head: w.Widget, state: PanelModel, acts: Acts, deeds: Deeds) -> None:
        self.selection = Selection()
        self._kit = kit
        self._head = head
        self._state = state
        self._acts = acts
        self._deeds = deeds
        self._prints = Prints(kit, deeds.find)
        self._strip = Strip(kit, state.model, self._prints, self._opened, acts.painting)
        self._viewer: Viewer | None = None
        self._stored: dict[str, int] = {}
        self._jobs = 0
        self._below: tuple[w.Widget, ...] = ()
        self._frame: w.HTML | None = None
        self.root = kit.make(w.VBox, "dr-panel", "dr-gallery", "dr-nothing", children=(head,))

    @property
    def large(self) -> Markup:
        """What stands in large now, as HTML: a picture, two beside each other, or a frame."""
        return Markup(self._viewer.html if self._viewer is not None else self._frame.value if self._frame is not None else "")

    def develop(self, record: JobRecord) -> Callable[[], None] | None:
        """Return the work of making a job's small copies, or None where nothing new is there. Blocking work.

        Those for the page come first and are shown; those for the saved notebook can wait that long.
        """
        work = self._prints.work(record)
        if work is None and self._stored.get(record.id, 0) >= len(record.kept):
            return None

        def make() -> None:
            if work is not None:
                work()
                self._acts.paint()
            gallery([record], self._kit.language)  # remembered there by file
            self._stored[record.id] = len(record.kept)

        return make

    def ready(self, jobs: Iterable[Job]) -> bool:
        """Whether every picture has its copies, so that nothing slow is left to do."""
        return all(self._stored.get(job.id, 0) >= len(job.record.kept) for job in jobs)

    def paint(self, jobs: Iterable[Job]) -> None:
        """Bring the gallery in line with the jobs."""
        jobs = tuple(jobs)
        if len(jobs) > self._jobs:
            self.selection.ordered()
        self._jobs = len(jobs)
        self.selection.take(_newest(job.record for job in jobs if self._prints.has(job.record)))
        shown = self.selection.pair or (() if self.selection.shown is None else (self.selection.shown,))
        self._strip.paint(jobs, map(key_of, shown))
        self._paint_large(jobs)

    def republish(self) -> None:
        """Send the newest again from this thread, for front ends that miss what a background thread sends."""
        self.root.send_state("children")
        self._strip.republish()
        if self._viewer is not None:
            self._viewer.republish()

    def show_below(self, *widgets: w.Widget) -> None:
        """What stands at the end of the gallery: the forms that were opened from it."""
        self._below = widgets

    def saved(self, jobs: Iterable[Job]) -> Markup:
        """What the notebook keeps, newest first: pictures and what they were made with, and how it stood with other jobs."""
        records = [job.record for job in jobs]
        shown = {record.id for some in (True, False) for record in [each for each in records if bool(each.kept) is some][-SAVED_JOBS:]}
        return gallery((self._told(record) for record in reversed(records) if record.id in shown), self._kit.language)

    def _told(self, record: JobRecord) -> JobRecord:
        """The record with the seed that the server chose among its inputs, in words that say so."""
        chosen = chosen_seed(record, self._state.model)
        if chosen is None:
            return record
        words = self._kit.say("panel.gallery.chosen", value=str(chosen[1]))
        return dataclasses.replace(record, inputs={**record.inputs, chosen[0]: words})

    def _paint_large(self, jobs: tuple[Job, ...]) -> None:
        """The large picture; before the first one the frame in which it develops, or a word that it will."""
        gone, waiting = self._frame, [job.record for job in jobs if live(job) or job.record.kept]
        if self.selection.shown is not None:
            self._viewer = self._viewer or Viewer(self._kit, self._state, self.selection, self._prints, self._deeds, self._acts)
            self._viewer.paint()
            self._frame = None
        elif waiting:
            frame = frame_html(self._state.model, waiting[-1].inputs, self._kit, waiting[-1].state)
            gone, self._frame = None, self._frame or self._kit.make(w.HTML, "dr-empty", value=frame)
            put(self._frame, value=frame)
        else:
            self._frame = None
        parts = [each for each in (self._frame, self._viewer and self._viewer.root, self._strip.root) if each is not None]
        looks = ("dr-panel", "dr-gallery") if self._viewer or self._frame else ("dr-panel", "dr-gallery", "dr-nothing")
        put(self.root, children=(self._head, *parts, *self._below, *self._kit.more()), _dom_classes=looks)
        if gone is not None:
            self._kit.drop(gone)

    def _opened(self, key: Key) -> None:
        """A picture's button was pressed."""

        def look() -> None:
            with self._state.lock:
                self.selection.open(key)
            if self._viewer is not None:
                self._viewer.look()

        self._acts.guard(look)


def _newest(records: Iterable[JobRecord]) -> list[JobRecord]:
    """The newest jobs, oldest first, of as many pictures as the strip has."""
    found: list[JobRecord] = []
    count = 0
    for record in reversed(tuple(records)):
        count += len(record.kept)
        if count > MOST and found:
            break
        found.append(record)
    return found[::-1]
