"""The order as code, folded away below the buttons: the form as it is now, or any job of the panel, to be selected and copied."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import ipywidgets as w

from ..markup import Markup, join, tag
from ..models import Model
from ..order_code import OrderCode, code_of
from .guard import guarded
from .pump import put

if TYPE_CHECKING:
    from .kit import Kit
    from .model import PanelModel

__all__ = ["CodeFold"]


class CodeFold:
    """The fold of one panel. Its widgets are made when it is opened, and gone when it is closed.

    Args:
        state: The form, and the jobs.
        kit: Makes the widgets.
        repaint: Brings the panel in line after a press.

    Attributes:
        button: Opens and closes it.
        opened: Whether it is open.
        at: Which job it is about, counted from the oldest; None for the form.
    """

    def __init__(self, state: PanelModel, kit: Kit, repaint: Callable[[], None]) -> None:
        self.opened = False
        self.at: int | None = None
        self._state = state
        self._kit = kit
        self._repaint = repaint
        self._walk: dict[str, w.Button] = {}
        self._name: w.HTML
        self._listing: w.HTML
        self._box: w.VBox | None = None
        self.button = self._pressable("panel.as_code", self._turn)

    def paint(self) -> tuple[w.Widget, ...]:
        """Bring the code in line with form and jobs; returns what stands in the panel."""
        put(self.button, description=self._kit.say("panel.as_code.hide" if self.opened else "panel.as_code"))
        if not self.opened:
            return ()
        box = self._box or self._build()
        jobs = self._state.jobs
        at = self.at = None if self.at is None or self.at >= len(jobs) else self.at
        say = self._kit.say
        name = say("panel.as_code.form") if at is None else say("panel.as_code.job", number=at + 1, count=len(jobs))
        put(self._name, value=tag("span", name, role="status"))
        put(self._listing, value=self._html(self._code(at)))
        for button in self._walk.values():
            put(button, _dom_classes=("dr-quiet",) if jobs else ("dr-quiet", "dr-away"))
        return (box,)

    def _code(self, at: int | None) -> OrderCode:
        if at is None:
            return code_of(self._state.model, self._state.value)
        record, mine = self._state.jobs[at].record, self._state.model
        own = record.model == mine.id and mine.provider in (None, record.provider)
        return code_of(mine if own else Model(record.model, record.provider, ()), record.inputs, remote_id=record.remote_id)

    def _html(self, code: OrderCode) -> Markup:
        """Both listings with what has to be known about them. A listing can be reached by keyboard, as it may scroll."""
        say = self._kit.say
        notes = [say("panel.as_code.token", name=code.token)] if code.token else []
        notes += [] if code.named else [say("panel.as_code.model")]
        notes += [say("panel.as_code.secret")] if code.cut else []
        files = [say("panel.as_code.curl_link", name=name) for name in code.files] if code.curl else []
        listings = [("Python", code.python, notes), *([("curl", code.curl, files)] if code.curl else [])]
        return join([
            part
            for name, text, said in listings
            for part in (tag("h4", name), tag("pre", text, tabindex="0"), *(tag("p", sentence) for sentence in said))
        ])

    def _build(self) -> w.VBox:
        steps = {"older": lambda: self._step(-1), "newer": lambda: self._step(1), "whole_form": lambda: self._step(0)}
        self._walk = {word: self._pressable(f"panel.as_code.{word}", act) for word, act in steps.items()}
        self._name = self._kit.make(w.HTML, "dr-place-of")
        self._listing = self._kit.make(w.HTML, "dr-listing")
        bar = self._kit.make(
            w.HBox, "dr-acts", children=(self._name, self._walk["older"], self._walk["newer"], self._walk["whole_form"])
        )
        self._box = self._kit.make(w.VBox, "dr-coded", children=(bar, self._listing))
        return self._box

    def tidy(self) -> None:
        """Let go what is not in the panel any more."""
        if self._box is not None and not self.opened:
            bar = self._box.children[0]
            self._kit.drop(*bar.children, *self._box.children, self._box)
            self._box, self._walk = None, {}

    def _turn(self) -> None:
        self.opened = not self.opened

    def _step(self, by: int) -> None:
        """To an older or a newer job; from the form, the newest is the next older one. Nowhere is back to the form."""
        count = len(self._state.jobs)
        at = count if self.at is None else self.at
        self.at = max(0, min(count - 1, at + by)) if by and count else None

    def _pressable(self, key: str, act: Callable[[], None]) -> w.Button:
        made = self._kit.make(w.Button, "dr-quiet", description=self._kit.say(key))

        def pressed(_button: w.Button) -> None:
            with self._state.editing():
                act()
            self._repaint()

        made.on_click(guarded(self._state, pressed))
        return made
