"""The strip: every picture of a panel as a small button, and a frame for each job that is on its way.

A picture's button is a real one, so Tab reaches it and Enter opens it, and its name is the picture's words; the style
sheet draws the picture on it. A whole job is one widget. What has once come is never moved: a box that lost one of its
children would be drawn anew with all that follow, and so would a row of buttons at any change from the kernel, and the
focus gone. So each job has a place of its own, and which picture is shown in large is marked by a style sheet. A page of
jobs is closed when it is full, and its buttons become one widget then: two hundred pictures are some eighty widgets.
The newest page is the last child and is drawn on top, in a box of its own: a box that scrolls itself would begin at its first child.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import ipywidgets as w

from ...jobs import State
from ...markup import Markup, css, tag
from ...results import Picture
from ..frames import asked_for
from ..model import live
from ..pump import put
from .facts import name_of
from .selection import key_of

if TYPE_CHECKING:
    from ...models import Model
    from ...sync import Job
    from ..kit import Kit
    from .prints import Prints
    from .selection import Key

__all__ = ["MOST", "PAGE", "Strip", "frame_html"]

PAGE = 16
"""So many pictures fill a page."""

MOST = 240
"""So many pictures the strip shows; the pages of older ones are emptied. Every picture stays on disk and in the journal."""


_MARKED = "--dr-edge:var(--dr-brand);--dr-fill:color-mix(in srgb,var(--dr-brand) 14%,transparent);--dr-word:var(--dr-strong)"


@dataclass(eq=False)
class _Sheet:
    """A row of buttons for some pictures, and the style sheet that draws on them."""

    keys: list[Key]
    mark: str
    buttons: w.ToggleButtons
    style: w.HTML
    drawn: int = 0


@dataclass(eq=False)
class _Slot:
    """The place of one job."""

    job: Job
    box: w.Box
    frame: w.HTML | None = None
    sheet: _Sheet | None = None


@dataclass(eq=False)
class _Page:
    """Some jobs; one sheet once it is closed."""

    box: w.Box
    slots: list[_Slot] = field(default_factory=list)
    sheet: _Sheet | None = None
    closed: bool = False

    @property
    def pictures(self) -> list[Picture]:
        """All of them, oldest first."""
        return [Picture(slot.job.record, kept) for slot in self.slots for kept in slot.job.record.kept]


class Strip:
    """The widgets of the strip.

    `root` is made with the first job, as most panels are only looked at.

    Args:
        kit: Makes the widgets.
        model: Tells the shape of a picture that is not there yet.
        prints: Has the small copies.
        opened: Called with the key of the picture whose button was pressed.
        painting: Whether a paint is under way, so that a change is none of a person's.
    """

    def __init__(self, kit: Kit, model: Model, prints: Prints, opened: Callable[[Key], None], painting: Callable[[], bool]) -> None:
        self._kit = kit
        self._model = model
        self._prints = prints
        self._opened = opened
        self._painting = painting
        self._slots: dict[str, _Slot] = {}
        self._pages: list[_Page] = []
        self._marks: w.HTML | None = None
        self._roll: w.VBox | None = None
        self.root: w.Box | None = None

    def paint(self, jobs: Iterable[Job], shown: Iterable[Key]) -> None:
        """Bring the strip in line with the jobs, and mark the pictures that are shown in large."""
        for job in jobs:
            if job.id not in self._slots and (live(job) or job.record.kept):
                self._place(job)
        marked = set(shown)
        for page in self._pages:
            self._paint_page(page)
        self._close_pages(marked)
        self._paint_marks(marked)
        if self.root is not None:
            count = sum(len(slot.job.record.kept) or live(slot.job) for slot in self._slots.values())
            put(self.root, _dom_classes=("dr-strip",) if count > 1 else ("dr-strip", "dr-away"))

    def republish(self) -> None:
        """Send again from this thread what front ends miss that hear the main thread only."""
        for page in self._pages[-1:]:
            page.box.send_state("children")
            for slot in page.slots[-1:]:
                slot.box.send_state("children")

    def _place(self, job: Job) -> None:
        if not self._pages or len(self._pages[-1].pictures) >= PAGE or len(self._pages[-1].slots) >= PAGE:
            self._pages.append(_Page(self._kit.make(w.Box, "dr-page")))
            self._marks = self._marks or self._kit.make(w.HTML, "dr-sheet")
            self._roll = self._roll or self._kit.make(w.VBox, "dr-roll")
            self.root = self.root or self._kit.make(w.Box, "dr-strip", "dr-away", children=(self._roll,))
            put(self._roll, children=(self._marks, *(page.box for page in self._pages)))
        page = self._pages[-1]
        slot = self._slots[job.id] = _Slot(job, self._kit.make(w.Box, "dr-slot"))
        page.slots.append(slot)
        put(page.box, children=tuple(slot.box for slot in page.slots))

    def _paint_page(self, page: _Page) -> None:
        if page.sheet is not None:
            self._paint_sheet(page.sheet)
        elif not page.closed:
            for slot in page.slots:
                self._paint_slot(slot)

    def _paint_marks(self, marked: set[Key]) -> None:
        """Mark the buttons of what is shown in large."""
        sheets = [sheet for page in self._pages for sheet in (page.sheet, *(slot.sheet for slot in page.slots)) if sheet is not None]
        shown = [f".{sheet.mark} button:nth-of-type({at + 1})" for sheet in sheets for at, key in enumerate(sheet.keys) if key in marked]
        if self._marks is not None:
            put(self._marks, value=tag("style", Markup(f"{','.join(shown)}{{{_MARKED}}}" if shown else "")))

    def _paint_slot(self, slot: _Slot) -> None:
        """A frame while the job is on its way, then its buttons; nothing where it came to nothing."""
        record = slot.job.record
        if record.kept and self._prints.has(record):
            if slot.sheet is None:
                count = max(len(record.outputs), len(record.kept))
                names = [name_of(Picture(record, kept), self._kit.language) for kept in record.kept]
                names += [f"{at + 1}/{count}" for at in range(len(names), count)]
                slot.sheet = self._sheet([(record.id, at) for at in range(count)], names)
            self._paint_sheet(slot.sheet)
        children = _widgets(slot.sheet)
        if slot.sheet is None and (live(slot.job) or record.kept):
            frame = frame_html(self._model, record.inputs, self._kit, record.state)
            slot.frame = slot.frame or self._kit.make(w.HTML, "dr-small-frame", value=frame)
            put(slot.frame, value=frame)
            children = (slot.frame,)
        put(slot.box, children=children)
        if slot.frame is not None and slot.frame not in children:
            self._kit.drop(slot.frame)
            slot.frame = None

    def _sheet(self, keys: list[Key], names: list[str]) -> _Sheet:
        """Buttons of these names, none of them pressed."""
        mark = f"dr-{secrets.token_hex(4)}"  # of this sheet alone, whatever else is on the page
        unique = [name if names.index(name) == at else f"{name} ({at + 1})" for at, name in enumerate(names)]
        buttons = self._kit.make(w.ToggleButtons, "dr-sheet-of", mark, options=unique, index=None)
        style = self._kit.make(w.HTML, "dr-sheet", value="")
        sheet = _Sheet(keys, mark, buttons, style)

        def pressed(*_news: object) -> None:
            if buttons.index is not None and not self._painting():
                self._opened(sheet.keys[buttons.index])

        buttons.observe(pressed, "index")
        buttons.on_msg(pressed)  # also a press of the button that was pressed last: its index does not change
        return sheet

    def _paint_sheet(self, sheet: _Sheet) -> None:
        sources = [self._prints.small(key) for key in sheet.keys]
        drawn = sum(map(bool, sources))
        if drawn != sheet.drawn:
            sheet.drawn = drawn
            put(sheet.style, value=_drawing(sheet.mark, sources))

    def _close_pages(self, marked: set[Key]) -> None:
        """Make one sheet of each full page on which nothing moves any more and nobody looks at anything."""
        for page in self._pages[:-1]:
            if page.closed or marked & {key_of(each) for each in page.pictures}:
                continue
            if all(not live(slot.job) and self._prints.has(slot.job.record) for slot in page.slots):
                self._close(page)
        excess = sum(len(page.pictures) for page in self._pages) - MOST
        for page in self._pages[:-1]:
            if excess <= 0:
                return
            excess -= len(page.pictures)
            if page.closed:
                self._empty(page)

    def _close(self, page: _Page) -> None:
        page.closed = True
        pictures = page.pictures[::-1]  # the newest first, as they are read
        if pictures:
            names = [name_of(picture, self._kit.language) for picture in pictures]
            page.sheet = self._sheet([key_of(picture) for picture in pictures], names)
            self._paint_sheet(page.sheet)
        put(page.box, children=_widgets(page.sheet), _dom_classes=("dr-page", "dr-closed"))
        for slot in page.slots:
            self._kit.drop(*_widgets(slot.sheet), slot.box)
            slot.sheet = None

    def _empty(self, page: _Page) -> None:
        put(page.box, children=())
        self._kit.drop(*_widgets(page.sheet))
        self._prints.forget({key_of(picture) for picture in page.pictures})
        page.sheet = None
        page.slots.clear()


def _widgets(sheet: _Sheet | None) -> tuple[w.DOMWidget, ...]:
    return () if sheet is None else (sheet.buttons, sheet.style)


def _drawing(mark: str, sources: list[str]) -> Markup:
    """The style sheet that gives each button its picture. The addresses are our own copies: letters of base64 only."""
    rules = "".join(
        f'.{mark} button:nth-of-type({at + 1}){{--dr-picture:url("{source}")}}' for at, source in enumerate(sources) if source
    )
    return tag("style", Markup(rules))


def frame_html(model: Model, inputs: Mapping[str, object], kit: Kit, state: State) -> Markup:
    """The frame in which a picture develops, in the shape it will have as far as a chosen size or ratio tells."""
    width, height = asked_for(model, inputs)
    frame = css(aspect_ratio=f"{width} / {height}", max_width=f"{min(512, 512 * width // height)}px")
    word = "fetching" if state is State.SUCCEEDED else "waiting"
    return tag("div", class_=f"dr-frame dr-frame-{word}", style=frame, role="img", aria_label=kit.say("panel.results.developing"))
