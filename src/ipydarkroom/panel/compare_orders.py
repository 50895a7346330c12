"""How a comparison orders: each model's job from what it would get, and only those that nobody has made before.

Every order goes through a column's own `Running`, so through `Client.submit`: lock, budgets and journal hold as for a panel.
What can be judged beforehand is judged for all models before the first order goes; a refusal in between ends the round, and
the next press orders what is missing, never what is there.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from ..budget import Estimate, demand_all, estimate
from ..errors import DarkroomError, InputError, NeedsConfirmation
from ..fields import Problem
from ..intent import demand_consent, demand_token
from ..prepare import complain
from ..publishing import publish
from . import consent, draft
from .asking import SETTLE_S, Asking, Order
from .guard import guarded
from .labels import problem_text
from .model import Notice, PanelModel, live, same
from .place import Place, place_of
from .running import Running

if TYPE_CHECKING:
    from ..comparing import Plan
    from ..models import Model
    from ..sync import Client, Job
    from .compare_model import CompareModel
    from .kit import Kit
    from .pump import Pump
    from .running import Develop

__all__ = ["Column", "Orders"]


class Column:
    """One model of a comparison: where its jobs run, and the doing behind them.

    Attributes:
        state: The jobs of this model, and its values as they were last ordered.
        running: Orders, follows, stops.
    """

    def __init__(self, model: Model, name: str, kit: Kit, pump: Pump, client: Client, local: bool | None, develop: Develop) -> None:
        self.model = model
        self.name = name
        self.state = PanelModel(model)
        self.running = Running(self.state, kit, pump, client, local=local, develop=develop)
        self._where: Callable[[], Place] = lambda: place_of(client, model, local, kit)

    def told(self, plan: Plan) -> list[Problem]:
        """What the service said of single inputs when they were ordered last, as long as they are what would be sent now."""
        said = [problem for problem in self.state.problems if problem.code == "server"]
        return [each for each in said if same(self.state.get(each.pointer), draft.at(plan.inputs, each.pointer))]

    def place(self) -> Place:
        """Where a job of this model would run now."""
        return self._where()


class Orders:
    """Orders for a comparison.

    Args:
        model: What is compared.
        columns: In the models' order.
        kit: Speaks the comparison's language.
        pump: Paints.
        client: Who orders.
        local: Where jobs run, as for `Client.submit`.
    """

    def __init__(
        self, model: CompareModel, columns: tuple[Column, ...], kit: Kit, pump: Pump, client: Client, *, local: bool | None
    ) -> None:
        self.asking = Asking()
        self._model = model
        self._columns = columns
        self._kit = kit
        self._pump = pump
        self._client = client
        self._local = local
        self._ordering = threading.RLock()
        self._told: InputError | None = None
        self._places = self._places_now()

    def places(self) -> tuple[Place, ...]:
        """Where each model's jobs would run now; remembered as what a person has seen."""
        self._places = self._places_now()
        return self._places

    def submit(self, *, anew: bool = False, confirm: bool = False) -> tuple[Job, ...]:
        """Order what is missing (`anew`: everything) and return each model's job. Asks nothing; see `Compare.submit`."""
        with self._ordering:
            self._demand_sendable()
            return self._order(self._made(anew), anew=anew, confirm=confirm)

    def tell(self, error: DarkroomError) -> None:
        """Show an error, unless it stands there already."""
        if error is not self._told:
            self._model.state.fail(error)

    def press(self, *, anew: bool) -> None:
        """A button was pressed: order when the last letters typed have arrived, after what has to be asked."""
        places = self._places_now()
        moved = places != self._places
        if self.asking.slip():
            return
        if moved and (consent.given() or not any(place.paid for place in places)):
            self._model.state.say(Notice("panel.moved", asks=True))
            return
        act = guarded(self._model.state, lambda: self._ask_or_order(anew))
        if self._client.usable:
            self._client.later(SETTLE_S, lambda: publish(act, self._pump.context))
        else:
            act()  # which says so

    def _ask_or_order(self, anew: bool) -> None:
        with self._ordering:  # one press after the other
            try:
                self._demand_sendable()
                made = self._made(anew)
                order, shown = self._whole(made), self._model.state.trouble
                question = self.asking.before(order, shown)
                if question is not None:
                    self._model.state.say(question)
                    return
                self._order(made, anew=anew, confirm=self.asking.agreed_to_price(order, shown))
            except NeedsConfirmation:
                self._model.state.say(self.asking.price(order))
                return
            except DarkroomError as error:
                self.asking.nothing_ordered()
                self.tell(error)
                return
            if all(made):
                self._model.state.say(Notice("compare.same", fleeting=True))

    def _order(self, made: list[Job | None], *, anew: bool, confirm: bool) -> tuple[Job, ...]:
        """Place the missing orders, one after the other; the first refusal ends that."""
        plans = self._model.plans
        missing = [at for at, job in enumerate(made) if job is None]
        self._demand_affordable(missing, confirm)
        whole = self._whole(made)
        turn = self._model.turn(plans, anew=anew and bool(missing))
        for at, (column, job) in enumerate(zip(self._columns, made, strict=True)):
            if job is not None:
                if turn.jobs[at] is None or turn.jobs[at].id != job.id:  # type: ignore[union-attr]  # judged beside it
                    turn.reused.add(at)
                turn.jobs[at] = job
                column.running.follow(job)
                if live(job):
                    job.follow()  # one of an earlier session may have nobody who looks
            else:
                turn.jobs[at] = self._place(column, plans[at], confirm)
                turn.reused.discard(at)
                self.asking.ordered(whole)
            self._pump.now()  # the column told of its job before it had its seat
        return tuple(job for job in turn.jobs if job is not None)

    def _place(self, column: Column, plan: Plan, confirm: bool) -> Job:
        column.state.value = plan.inputs
        with self._about(column):
            return column.running.submit(confirm)

    # --- before anything goes

    def _demand_sendable(self) -> None:
        """Raise InputError where the form, or one of the models, has something against the values; the form shows it."""
        self._model.state.ask()
        found = tuple(problem for problem in self._model.state.problems if problem.blocking)
        if found:
            raise complain(self._model.state.model, found)
        for column, plan in zip(self._columns, self._model.plans, strict=True):
            blocking = tuple(problem for problem in plan.problems if problem.blocking)
            if blocking:
                with self._about(column):
                    raise complain(plan.model, blocking)

    def _demand_affordable(self, missing: list[int], confirm: bool) -> None:
        """Raise what the first order that may not go would raise, before any has gone."""
        prices = []
        for at in missing:
            model = self._model.models[at]
            route = self._client.route(model, local=self._local)
            demand_token(self._client.settings, route)
            if route.is_local:
                continue
            most = self._most(at)
            prices.append(most.usd)
            if not confirm:
                demand_consent(self._client.budget, most)
        if prices and self._client.budget is not None:
            demand_all(self._client.budget, self._client.spent(), prices)

    def _made(self, anew: bool) -> list[Job | None]:
        """The newest job of the very same order for each model, where this journal has one."""
        if anew:
            return [None] * len(self._columns)
        return [self._newest(column, plan) for column, plan in zip(self._columns, self._model.plans, strict=True)]

    def _newest(self, column: Column, plan: Plan) -> Job | None:
        with self._about(column):
            order = self._client.fingerprint(column.model, plan.inputs, local=self._local)
        return next(iter(reversed(self._client.made_before(order))), None)

    def _whole(self, made: list[Job | None]) -> Order:
        """All that would be ordered now, as one order to be asked about."""
        missing = [at for at, job in enumerate(made) if job is None]
        places = self._places_now()
        paid = [at for at in missing if places[at].paid]
        prices = [self._most(at).usd for at in paid]
        known = [usd for usd in prices if usd is not None]
        total = round(sum(known), 6) if len(known) == len(prices) else None
        inputs = {str(at): dict(self._model.plans[at].inputs) for at in missing}
        return Order(inputs, ", ".join(dict.fromkeys(places[at].name for at in paid)), bool(paid), Estimate(None, total))

    def _most(self, at: int) -> Estimate:
        return estimate(self._model.models[at], self._model.plans[at].inputs)

    def _places_now(self) -> tuple[Place, ...]:
        return tuple(column.place() for column in self._columns)

    @contextmanager
    def _about(self, column: Column) -> Iterator[None]:
        """Whatever a model has against its inputs is said with its name: the fields of the form are not its own."""
        try:
            yield
        except InputError as error:
            known = [problem_text(each, self._kit.language) for each in error.problems if isinstance(each, Problem)]
            why = " · ".join(dict.fromkeys(known)) or error.message
            self._told = error
            self._model.state.say(Notice("compare.blocked", {"model": column.name, "why": why}, why, fleeting=True))
            raise
