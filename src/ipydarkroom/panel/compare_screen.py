"""All widgets of a comparison in their places: whom it asks, the one form, what each gets, buttons, lines. Painted from its model."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from ..budget import estimate
from ..comparison import mapping_html, price_text, provider_title
from ..display import provider_page
from ..markup import Markup, join, tag
from ..models import Model
from ..providers import providers
from ..wording import model_text
from .compare_results import CompareResults
from .controls import in_force
from .formview import FormView
from .guard import guarded
from .jobline import JobLine
from .labels import error_text, money, next_step_text, problem_text
from .passing import Passing
from .pump import put
from .rows import Bench
from .screen import theme
from .used import used_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..comparing import Plan
    from ..sync import Job
    from .compare_model import CompareModel
    from .compare_orders import Column, Orders
    from .kit import Kit
    from .model import Notice
    from .place import Place

__all__ = ["CompareScreen"]

_NOBODYS = Model("", None, ())  # so that a line says whose job it is


class CompareScreen:
    """The widgets of one comparison.

    Args:
        model: What is painted.
        kit: Makes the widgets.
        columns: Whom the lines' buttons ask.
        orders: What the buttons do.
        painting: Whether a paint is under way.
        results: The pictures, which stand in an output of their own.
    """

    def __init__(
        self, model: CompareModel, kit: Kit, columns: tuple[Column, ...], orders: Orders, painting: Callable[[], bool],
        results: CompareResults,
    ) -> None:
        self._model = model
        self._kit = kit
        self._columns = columns
        self._orders = orders
        self.results = results
        self._lines: dict[str, JobLine] = {}
        self._banner = kit.make(w.HTML, "dr-banner", value=self._banner_html())
        acts = columns[0].running.acts()
        self._passing = Passing(kit, acts.passing, acts.pack, lambda work: acts.aside(work, 0.0))
        self._view = FormView(self._bench(painting))
        self._mapping = kit.make(w.HTML, "dr-map", value=self._mapping_html())
        self._run = kit.make(w.Button, "dr-run", description=self._label(), button_style="primary")
        self._anew: w.Button | None = None
        self._notice: w.HTML | None = None
        self._line_box: w.VBox | None = None
        self._run.on_click(guarded(model.state, lambda _button: orders.press(anew=False)))
        self._buttons = kit.make(w.HBox, "dr-buttons", children=(self._run, *self._view.buttons))
        head = kit.head_with(theme("compare"))
        results.wear(head)
        self._parts = (head, self._banner, *self._passing.widgets, self._view.root, self._mapping, self._buttons)
        self.form = kit.make(w.VBox, "dr-panel", "dr-form", "dr-compare", children=self._parts)

    def paint(self) -> None:
        """Bring every widget in line with the model. Sends nothing where nothing differs."""
        put(self._banner, value=self._banner_html())
        self._passing.paint()
        below = self._view.paint()
        put(self._mapping, value=self._mapping_html())
        put(self._run, description=self._label())
        self._paint_anew()
        self._paint_notice()
        self._paint_lines()
        notice = [] if self._notice is None else [self._notice]
        lines = [] if self._line_box is None else [self._line_box]
        put(self.form, children=(*self._parts, *notice, *below, *lines, *self._kit.more()))
        self.results.paint()

    def republish(self) -> None:
        """Send again, from this thread, what background threads painted."""
        for line in self._lines.values():
            if not line.finished:
                line.republish()
        self.results.republish()

    def _bench(self, painting: Callable[[], bool]) -> Bench:
        """What the rows share: a file must fit into the smallest request of all."""
        mine = {model.provider or "runcomfy" for model in self._model.models}
        limits = [each.inline_limit for each in providers if each.name in mine and each.inline_limit is not None]
        return Bench(
            self._model.state, self._kit, painting, in_force(), lambda name: used_for(name, self._model.jobs), min(limits, default=None),
        )

    # --- texts

    def _banner_html(self) -> Markup:
        """Each model: its name, where its jobs run and why, and what an order may cost."""
        places = self._orders.places()
        alike = all((place.name, place.reason) == (places[0].name, places[0].reason) for place in places)
        title = tag("div", tag("span", self._kit.say("compare.title"), class_="dr-model"), class_="dr-head")
        where = tag("div", _pill(places[0]), tag("span", places[0].reason, class_="dr-reason"), class_="dr-where") if alike else None
        cards = [
            self._card(column, place, plan, alike=alike)
            for column, place, plan in zip(self._columns, places, self._model.plans, strict=True)
        ]
        return join([title, *filter(None, [where]), tag("div", *cards, class_="dr-cards")])

    def _card(self, column: Column, place: Place, plan: Plan, *, alike: bool) -> Markup:
        """One model; where its jobs run is told above where it is the same for all."""
        title, shop = model_text(column.model, self._kit.language), provider_title(column.model)
        price = price_text(column.model, estimate(column.model, plan.inputs), local=place.local, language=self._kit.language)
        left = column.running.purse.text(self._kit) if place.paid else ""
        pill = None if alike or place.name == column.name else _pill(place)
        return tag(
            "div",
            tag("div", tag("span", column.name, class_="dr-shop"), pill, class_="dr-card-head"),
            tag("div", title if shop == column.name else shop, class_="dr-card-title"),
            tag("code", column.model.id, class_="dr-model-id"),
            tag("div", price, class_="dr-price") if price else None,
            None if alike else tag("div", place.reason, class_="dr-card-why"),
            tag("div", left, class_="dr-left") if left else None,
            class_="dr-card",
        )

    def _mapping_html(self) -> Markup:
        """What each gets, and below it what a model has against that, once somebody has said or asked something."""
        state, plans = self._model.state, self._model.plans
        said = [mapping_html(plans, self._model.commons, self._kit.language)]
        if state.asked or any(state.touched(field.pointer) for field in state.model.fields):
            for column, plan in zip(self._columns, plans, strict=True):
                own = [problem for problem in plan.problems if problem.code != "required"]  # the form says what is missing
                own += column.told(plan)
                texts = dict.fromkeys(problem_text(problem, self._kit.language) for problem in own)
                said += [tag("div", f"{column.name}: {text}", class_="dr-advice") for text in texts]
        return join(said)

    def _label(self) -> str:
        """Run, and what it may cost at most where every paid order's price is known."""
        paid = [at for at, place in enumerate(self._orders.places()) if place.paid]
        prices = [estimate(self._model.models[at], self._model.plans[at].inputs).usd for at in paid]
        known = [usd for usd in prices if usd is not None]
        total = f" · ≤ {money(sum(known))}" if prices and len(known) == len(prices) else ""
        return self._kit.say("panel.run") + total

    # --- parts that come and go

    def _paint_anew(self) -> None:
        """The second button, from the first turn on."""
        if self._anew is None and self._model.turns:
            self._anew = self._kit.make(w.Button, "dr-quiet", description=self._kit.say("compare.anew"))
            self._anew.on_click(guarded(self._model.state, lambda _button: self._orders.press(anew=True)))
            put(self._buttons, children=(self._run, self._anew, *self._view.buttons))

    def _paint_notice(self) -> None:
        notice = next((found for found in self._troubles() if found is not None), None)
        if notice is None:
            if self._notice is not None:
                put(self._notice, value="", _dom_classes=("dr-notice", "dr-away"))
            return
        if self._notice is None:
            self._notice = self._kit.make(w.HTML, "dr-notice", "dr-away")
        link = provider_page(notice.top_up, "top_up", self._kit.language)
        parts = [tag("strong", error_text(notice, self._kit.language)), tag("span", self._next_step(notice)), *filter(None, [link])]
        looks = ("dr-notice", "dr-asks") if notice.asks or notice.key == "compare.same" else ("dr-notice",)
        put(self._notice, value=tag("div", join(parts, " "), role="alert"), _dom_classes=looks)

    def _troubles(self) -> list[Notice | None]:
        return [self._model.state.trouble, *(column.state.trouble for column in self._columns)]

    def _next_step(self, notice: Notice) -> str:
        """What to do now; for problems of fields, the buttons below it say which ones to look at."""
        return "" if notice.fields else next_step_text(notice, self._kit.language)

    def _paint_lines(self) -> None:
        jobs = self._model.told()
        gone = [self._lines.pop(name) for name in self._lines.keys() - {job.id for job in jobs}]
        for job in jobs:
            if job.id in self._lines:
                self._lines[job.id].paint()
            else:
                self._lines[job.id] = JobLine(job, self._kit, self._column(job).running.acts(), _NOBODYS)
        if self._line_box is None:
            if not jobs:
                return
            self._line_box = self._kit.make(w.VBox, "dr-lines")
        put(self._line_box, children=tuple(self._lines[job.id].root for job in jobs))
        for line in gone:
            line.close()

    def _column(self, job: Job) -> Column:
        return next(column for column in self._columns if any(job.id == known.id for known in column.state.jobs))


def _pill(place: Place) -> Markup:
    return tag("span", place.name, class_="dr-place dr-place-local" if place.local else "dr-place dr-place-hosted")


