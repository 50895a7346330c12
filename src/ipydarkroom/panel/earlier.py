"""What the journal has from before: jobs of earlier sessions that nobody here follows, offered above the job lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import ipywidgets as w

from ..markup import Markup, join, tag
from ..owners import here
from .model import Earlier, uncertain
from .pump import put

if TYPE_CHECKING:
    from ..sync import Client
    from .acts import Acts
    from .kit import Kit

__all__ = ["EarlierNote", "look_back"]


def look_back(client: Client, known: Iterable[str]) -> Earlier | None:
    """Read what the journal has from before; None where there is nothing to tell. Blocks for one read.

    Args:
        client: Whose journal; it may have a word about where that went.
        known: The ids of jobs that have their line already.
    """
    lines = set(known)
    jobs = [job for job in reversed(client.jobs(unfinished=True)) if job.id not in lines]
    jobs = [job for job in jobs if uncertain(job) or not (job.attended or here(job.record.owner))]
    found = Earlier(
        tuple(job.id for job in jobs), sum(uncertain(job) for job in jobs), tuple(getattr(client, "notices", ())),
    )
    return None if found == Earlier() else found


class EarlierNote:
    """The notice itself; its widgets are made when there is something to tell and dropped afterwards."""

    def __init__(self, kit: Kit, acts: Acts) -> None:
        self._kit = kit
        self._acts = acts
        self._text: w.HTML | None = None
        self._show: w.Button | None = None
        self._root: w.HBox | None = None
        self._gone: list[w.Widget] = []

    def paint(self, earlier: Earlier | None) -> tuple[w.Widget, ...]:
        """Bring the notice in line; returns what stands in the form, at most one widget."""
        if earlier is None:
            self._gone += [widget for widget in (self._text, self._show, self._root) if widget is not None]
            self._text = self._show = self._root = None
            return ()
        if self._text is None or self._root is None:
            self._text = self._kit.make(w.HTML, "dr-line-text")
            self._root = self._kit.make(w.HBox, "dr-earlier")
        put(self._text, value=self._markup(earlier))
        button = () if not earlier.ids else (self._button(earlier),)
        put(self._root, children=(self._text, *button))
        return (self._root,)

    def tidy(self) -> None:
        """Drop what does not stand in the form any more."""
        gone, self._gone = self._gone, []
        self._kit.drop(*gone)

    def _button(self, earlier: Earlier) -> w.Button:
        if self._show is None:
            key = "panel.earlier.show_one" if len(earlier.ids) == 1 else "panel.earlier.show"
            self._show = self._kit.make(w.Button, "dr-quiet", "dr-stop", description=self._kit.say(key))
            self._show.on_click(lambda _button: self._acts.guard(self._acts.take_in))
        return self._show

    def _markup(self, earlier: Earlier) -> Markup:
        sentences = [tag("div", notice, class_="dr-said dr-next") for notice in earlier.notices]
        if earlier.ids:
            sentences.append(tag("div", self._sentence(earlier), class_="dr-said"))
        return tag("div", join(sentences), role="status")

    def _sentence(self, earlier: Earlier) -> str:
        count = len(earlier.ids)
        if earlier.uncertain:
            key = "panel.earlier.one_uncertain" if count == 1 else "panel.earlier.many_uncertain"
        else:
            key = "panel.earlier.one" if count == 1 else "panel.earlier.many"
        return self._kit.say(key, count=count, uncertain=earlier.uncertain)
