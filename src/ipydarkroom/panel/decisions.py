"""The four things to do about an uncertain job: look again, give its id, give it up, send it again. Buttons on its line.

They are made when an order is lost and gone when it is decided. The one that was pressed stays pressable, so that it
keeps the focus, and says what is under way; the others rest meanwhile. Sending again may be paid twice, so it wants a
second press that is no slip of the hand.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

import ipywidgets as w

from ..errors import DarkroomError
from .asking import SETTLE_S
from .labels import error_text, next_step_text
from .pump import put

if TYPE_CHECKING:
    from ..sync import Job
    from .acts import Acts
    from .kit import Kit

__all__ = ["Decisions"]

_READ_S = 0.7  # a second press so soon after the question cannot have read it

Doing = Literal["look_again", "adopt", "give_up", "send_again"]


class Decisions:
    """The buttons of one uncertain job, and what came of the last one.

    Args:
        job: The job.
        kit: Makes the widgets.
        acts: Does blocking work aside, and follows the job that was sent again.
        now: Seconds on a clock that never goes back.
    """

    def __init__(self, job: Job, kit: Kit, acts: Acts, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self.said = ""
        self._job = job
        self._kit = kit
        self._acts = acts
        self._doing: Doing | None = None
        self._sure_from: float | None = None
        self._typing = False
        self._field: w.Text | None = None
        self._adopt: w.Button | None = None
        self._pair: w.HBox | None = None
        self._buttons: dict[str, w.Button] = {
            name: self._button(name, press) for name, press in (
                ("look_again", self._press_look), ("have_id", self._press_have),
                ("give_up", self._press_give_up), ("send_again", self._press_again),
            )
        }

    @property
    def widgets(self) -> tuple[w.Widget, ...]:
        """What stands on the line now, in order."""
        typing = (self._pair,) if self._typing and self._pair is not None else ()
        return (*self._buttons.values(), *typing)

    def paint(self) -> None:
        """Bring the buttons in line with what is under way."""
        for name, button in self._buttons.items():
            put(button, description=self._kit.say(self._name(name)), disabled=self._doing not in (None, name))
        if self._adopt is not None and self._field is not None:
            put(self._adopt, description=self._kit.say(self._name("adopt")), disabled=self._doing not in (None, "adopt"))
            put(self._field, disabled=self._doing not in (None, "adopt"))

    @property
    def parts(self) -> list[w.Widget]:
        """All that was made, shown or not."""
        return [part for part in (*self._buttons.values(), self._field, self._adopt, self._pair) if part is not None]

    def close(self) -> None:
        """Take the buttons away."""
        self._kit.drop(*self.parts)

    # --- presses

    def _press_look(self) -> None:
        def look() -> None:
            if self._job.reconcile() == "open":
                self.said = self._kit.say("panel.still_open")

        self._start("look_again", look)

    def _press_have(self) -> None:
        self._typing, self._sure_from, self.said = not self._typing, None, ""
        if self._typing and self._field is None:
            self._field = self._kit.make(
                w.Text, "dr-field", "dr-grow", "dr-short", description=self._kit.say("panel.id"), continuous_update=True,
            )
            self._adopt = self._button("adopt", self._press_adopt)
            self._pair = self._kit.make(w.HBox, "dr-pair", children=(self._field, self._adopt))
        self._acts.paint()
        if self._typing and self._field is not None:
            self._field.focus()

    def _press_adopt(self) -> None:
        def adopt() -> None:
            if self._field is not None:
                self._job.adopt(self._field.value)

        self._start("adopt", adopt, SETTLE_S)  # half an id would be another job's, or nobody's

    def _press_give_up(self) -> None:
        self._start("give_up", self._job.give_up)

    def _press_again(self) -> None:
        def again() -> None:
            self._acts.follow(self._job.send_again(confirm=True))

        if self._doing is not None or (self._sure_from is not None and self.now() < self._sure_from):
            return
        if self._sure_from is None:
            self._sure_from = self.now() + _READ_S
            self.said = self._kit.say("panel.send_again.asks")
            self._acts.paint()
        else:
            self._start("send_again", again)

    # --- inside

    def _start(self, doing: Doing, work: Callable[[], object], after_s: float = 0.0) -> None:
        """Do one thing at a time, aside; an error of ours is a sentence on the line."""
        if self._doing is not None:
            return
        self._doing, self._sure_from, self.said = doing, None, ""

        def done() -> None:
            try:
                work()
            except DarkroomError as error:
                language = self._kit.language
                self.said = " ".join(filter(None, [error_text(error, language), next_step_text(error, language)]))
            finally:
                self._doing = None

        self._acts.aside(done, after_s)

    def _name(self, name: str) -> str:
        """The key of what a button says now."""
        if self._doing == name:
            return f"panel.{name}.doing"
        if name == "send_again" and self._sure_from is not None:
            return "panel.send_again.sure"
        return f"panel.{name}"

    def _button(self, name: str, press: Callable[[], None]) -> w.Button:
        made = self._kit.make(w.Button, "dr-quiet", "dr-stop", description=self._kit.say(f"panel.{name}"))
        made.on_click(lambda _button: self._acts.guard(press))
        return made
