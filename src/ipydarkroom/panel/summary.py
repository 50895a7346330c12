"""What stands in the way, all in one place: a button for each problem, which puts the cursor into its field."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import ipywidgets as w

from ..markup import Markup, join, tag, text
from .guard import guarded
from .places import place_text, told
from .pump import put

if TYPE_CHECKING:
    from ..fields import Pointer
    from .rows import Bench

__all__ = ["MOST_SHOWN", "Summary"]

MOST_SHOWN = 8
"""Buttons; of more problems, the number is told, and the first come first."""


class Summary:
    """The buttons; none before somebody wanted to send the form.

    Args:
        bench: What all rows of the form share.
        reveal: Unfolds what hides a place, and puts the cursor there.
        tells: Whether a row tells what is wrong at a place; if none does, it is told here.
    """

    def __init__(self, bench: Bench, reveal: Callable[[Pointer], None], tells: Callable[[Pointer], bool]) -> None:
        self._bench = bench
        self._reveal = reveal
        self._tells = tells
        self._places: list[Pointer] = []
        self._buttons: list[w.Button] = []
        self._text: w.HTML | None = None
        self._root: w.HBox | None = None

    def paint(self) -> tuple[w.Widget, ...]:
        """Bring it in line with the model; returns what stands in the form, at most one widget."""
        self._places = self._wanted()
        if not self._places:
            return ()
        kit = self._bench.kit
        if self._root is None or self._text is None:
            self._text = kit.make(w.HTML, "dr-summary-text")
            self._root = kit.make(w.HBox, "dr-summary")
        shown = self._places[:MOST_SHOWN]
        while len(self._buttons) < len(shown):
            self._buttons.append(self._button(len(self._buttons)))
        for button, place in zip(self._buttons, shown, strict=False):
            put(button, description=place_text(self._bench.model, place, kit.language) or kit.say("panel.json.title"))
        count = len(self._places)
        words = kit.say("panel.summary.one" if count == 1 else "panel.summary.many", count=count)
        put(self._text, value=join([*self._untold(), text(words)]))
        put(self._root, children=(self._text, *self._buttons[: len(shown)]))
        return (self._root,)

    def _untold(self) -> list[Markup]:
        """What is wrong with the form as a whole, and at places without a row."""
        model, language = self._bench.model, self._bench.kit.language
        found = [problem for problem in model.problems if problem.blocking and not self._tells(problem.pointer)]
        return [tag("p", told(model, problem, language), class_="dr-problem") for problem in found[:MOST_SHOWN]]

    def _wanted(self) -> list[Pointer]:
        model = self._bench.model
        found = model.problems if model.asked else ()
        return list(dict.fromkeys(problem.pointer for problem in found if problem.blocking))

    def _button(self, at: int) -> w.Button:
        made = self._bench.kit.make(w.Button, "dr-quiet", "dr-goto")
        made.on_click(guarded(self._bench.model, lambda _button: self._go(at)))
        return made

    def _go(self, at: int) -> None:
        if at < len(self._places):
            self._reveal(self._places[at])
