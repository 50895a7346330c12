"""All widgets of one sweep in their places, and the one function that paints them from its driver."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ipywidgets as w

from ..dates import duration
from ..errors import NeedsConfirmation
from ..markup import Markup, css, join, tag
from ..sweep.labels import axis_title
from .guard import guarded
from .labels import error_text, money, next_step_text
from .notice import Notice
from .pump import put
from .screen import theme

if TYPE_CHECKING:
    from ..errors import DarkroomError
    from ..sweep import Driver, Plan, Progress
    from .kit import Kit
    from .passing import Passing
    from .sweepgrid import GridHtml

__all__ = ["Deeds", "Note", "SweepView", "plan_text"]


@dataclass(frozen=True)
class Deeds:
    """What the buttons ask for; each returns at once."""

    go: Callable[[], None]
    pause: Callable[[], None]
    stop: Callable[[], None]
    again: Callable[[], None]


class Note:
    """One sentence on a sweep; what the edge around a press talks to."""

    def __init__(self, paint: Callable[[], None]) -> None:
        self.notice: Notice | None = None
        self._paint = paint

    def fail(self, error: DarkroomError) -> None:
        """Show an error of ours."""
        self.say(Notice(error.key, error.params, error.message, error.next_step))

    def say(self, notice: Notice | None) -> None:
        """Show a sentence, or none."""
        self.notice = notice
        self._paint()


class SweepView:
    """The widgets.

    Args:
        driver: What is painted.
        html: The grid.
        kit: Makes the widgets.
        deeds: What the buttons do.
        note: A sentence to show, and the edge of the buttons.
        banner: Which model, where its jobs run.
        passing: What is said where this machine is forgotten.
    """

    def __init__(
        self, driver: Driver, html: GridHtml, kit: Kit, deeds: Deeds, note: Note, banner: Markup, passing: Passing,
    ) -> None:
        self._driver = driver
        self._html = html
        self._kit = kit
        self._note = note
        self._passing = passing
        self._sent: dict[str, str] = {}
        self._plan = kit.make(w.HTML, "dr-sweep-plan")
        self._bar = kit.make(w.HTML, "dr-sweep-bar")
        self._go = self._button("dr-run", deeds.go, button_style="primary")
        self._pause = self._button("dr-quiet", deeds.pause)
        self._stop = self._button("dr-quiet", deeds.stop)
        self._again = self._button("dr-quiet", deeds.again)
        self._notice = kit.make(w.HTML, "dr-notice", "dr-away")
        self._buttons = kit.make(w.HBox, "dr-buttons", children=(self._go, self._pause, self._stop, self._again))
        top = (kit.make(w.HTML, "dr-banner", value=banner), *passing.widgets)
        self._blocks = [(lines, kit.make(w.HTML, "dr-sweep-block")) for lines in html.blocks]
        head = [kit.make(w.HTML, "dr-sweep-head", value=html.head())] if html.head() else []
        sheet = kit.head_with(theme("sweeps"))
        self._parts = (sheet, *top, self._plan, self._bar, self._buttons, self._notice)
        self.form = kit.make(w.VBox, "dr-panel", "dr-form", "dr-sweep", children=self._parts)
        self.grid = kit.make(w.VBox, "dr-panel", "dr-sweep-grid", children=(sheet, *head, *(block for _, block in self._blocks)))

    def paint(self, plan: Plan) -> None:
        """Bring every widget in line with the driver. Sends nothing where nothing differs."""
        now = self._driver.progress
        put(self._plan, value=tag("div", tag("div", plan_text(self._driver, plan, self._kit), class_="dr-sweep-sum"), self._cost(plan)))
        put(self._bar, value=bar_html(now, self._kit))
        self._passing.paint()
        self._paint_buttons(plan, now)
        self._paint_notice()
        for lines, block in self._blocks:
            put(block, value=self._html.block(lines))
        put(self.form, children=(*self._parts, *self._kit.more()))

    def republish(self) -> None:
        """Send again, from this thread, what background threads have painted since the last time."""
        for widget in (self._bar, *(block for _, block in self._blocks)):
            if self._sent.get(widget.model_id) != widget.value:
                self._sent[widget.model_id] = widget.value
                widget.send_state("value")

    def _button(self, look: str, act: Callable[[], None], **traits: object) -> w.Button:
        button = self._kit.make(w.Button, look, "dr-away", **traits)
        button.on_click(guarded(self._note, lambda _button: act()))
        return button

    def _cost(self, plan: Plan) -> Markup:
        """What there is to order, and the most it costs."""
        say = self._kit.say
        if self._driver.phase == "over":
            return tag("div", class_="dr-away")
        if not plan.orders:
            return tag("div", say("sweep.nothing_to_order"), class_="dr-sweep-cost")
        words = [say("sweep.to_order", count=plan.orders)]
        if not plan.paid:
            words.append(say("sweep.free"))
        else:
            words.append(say("sweep.price_unknown") if plan.usd is None else say("sweep.price", usd=money(plan.usd)))
            if plan.pictures is not None and plan.pictures > plan.orders:
                words.append(say("panel.run.pictures", count=plan.pictures))
        return tag("div", " · ".join(words), class_="dr-sweep-cost")

    def _paint_buttons(self, plan: Plan, now: Progress) -> None:
        phase, say = self._driver.phase, self._kit.say
        price = f" · ≤ {money(plan.usd)}" if plan.paid and plan.usd is not None else ""
        start = say("sweep.start" if phase == "ready" else "sweep.continue", count=plan.orders) + price
        paid = any(cell.may_be_paid for cell in self._driver.cells if cell.status in ("failed", "cancelled"))
        again = say("sweep.again_paid" if paid else "sweep.again", count=now.failed)
        _show(self._go, start, phase in ("ready", "paused", "stopped") and bool(now.waiting or (phase == "stopped" and now.failed)))
        _show(self._pause, say("sweep.pause"), phase == "going" and now.waiting > 0)
        _show(self._stop, say("sweep.stop"), phase in ("going", "paused") and now.waiting + now.live > 0)
        _show(self._again, again, phase != "ready" and now.failed > 0 and not (phase == "stopped" and not paid))
        any_ = any("dr-away" not in button._dom_classes for button in (self._go, self._pause, self._stop, self._again))
        put(self._buttons, _dom_classes=("dr-buttons",) if any_ else ("dr-buttons", "dr-away"))

    def _paint_notice(self) -> None:
        notice, calm = self._sentence(), False
        if notice is None and self._driver.phase in ("paused", "stopped") and self._driver.progress.waiting:
            notice, calm = Notice(f"sweep.{self._driver.phase}"), True
        if notice is None and self._driver.progress.uncertain:
            notice = Notice("sweep.uncertain_note")
        if notice is None:
            put(self._notice, value="", _dom_classes=("dr-notice", "dr-away"))
            return
        parts = [tag("strong", error_text(notice, self._kit.language)), tag("span", next_step_text(notice, self._kit.language))]
        looks = ("dr-notice", "dr-asks") if calm or notice.asks else ("dr-notice",)
        put(self._notice, value=tag("div", join(parts, " "), role="status" if calm else "alert"), _dom_classes=looks)

    def _sentence(self) -> Notice | None:
        error = self._driver.trouble
        if self._note.notice is not None:
            return self._note.notice
        if isinstance(error, NeedsConfirmation):
            return Notice("sweep.unknown_price", asks=True)
        if error is not None:
            return Notice(error.key, error.params, error.message, error.next_step)
        return Notice("sweep.failed_in_a_row") if self._driver.failed_in_a_row and self._driver.phase == "paused" else None


def plan_text(driver: Driver, plan: Plan, kit: Kit) -> str:
    """What the sweep is: `Prompt (3) × Seed (4) = 12 pictures`."""
    grid = driver.grid
    axes = [kit.say("sweep.axis", name=axis_title(grid.model, axis, kit.language), count=len(axis.values)) for axis in grid.axes]
    things = "jobs" if grid.model.kind.endswith("image") else "results"
    total = kit.say("sweep.jobs_one" if plan.total == 1 else f"sweep.{things}", count=plan.total)
    return f"{' × '.join(axes)} = {total}" if axes else total


def bar_html(now: Progress, kit: Kit) -> Markup:
    """The one bar, and the figures below it."""
    parts = (("dr-sweep-done", now.done), ("dr-sweep-bad", now.failed), ("dr-sweep-unsure", now.uncertain), ("dr-sweep-live", now.live))
    fills = [tag("span", class_=look, style=css(width=f"{100 * count / now.total:.3f}%")) for look, count in parts if count and now.total]
    track = tag(
        "div", *fills, class_="dr-sweep-track", role="progressbar", aria_label=kit.say("card.progress"),
        aria_valuemin="0", aria_valuemax="100", aria_valuenow=str(round(100 * now.fraction)),
    )
    words = [tag("b", kit.say("sweep.done", done=now.done, total=now.total))]
    counts = (("sweep.reused", now.reused), ("sweep.failed", now.failed), ("sweep.uncertain", now.uncertain), ("sweep.live", now.live))
    words += [tag("span", kit.say(key, count=count)) for key, count in counts if count]
    if now.per_minute is not None:
        words.append(tag("span", kit.say("sweep.rate", rate=f"{now.per_minute:.0f}" if now.per_minute >= 10 else f"{now.per_minute:.1f}")))
    if now.left_s is not None:
        left = duration(max(1, round(now.left_s)), kit.language, whole=True)
        words.append(tag("span", kit.say("sweep.left", time=left)))
    return tag("div", track, tag("div", *words, class_="dr-sweep-words"))


def _show(button: w.Button, text: str, shown: bool) -> None:
    looks = tuple(look for look in button._dom_classes if look != "dr-away")
    put(button, description=text, _dom_classes=looks if shown else (*looks, "dr-away"))
