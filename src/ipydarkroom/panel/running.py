"""What a panel does about jobs: asks, orders, follows, takes in what earlier sessions left, and counts what is left to spend.

Presses arrive on the thread that runs cells and return at once; whatever may block goes to a worker of the client.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from ..budget import estimate
from ..errors import DarkroomError, NeedsConfirmation
from ..fields import Problem
from ..jobs import State
from ..markup import visible
from ..prepare import complain
from ..providers import providers
from ..publishing import publish
from . import consent
from .acts import Acts
from .asking import SETTLE_S, Asking, Order
from .earlier import look_back
from .controls import in_force
from .guard import guarded
from .labels import model_text
from .model import Earlier, Notice, same
from .place import Place, place_of
from .purse import GAP_S, Purse
from .rows import Bench
from .runlabel import run_label
from .screen import banner_html
from .taking import zipped_all
from .used import used_for

if TYPE_CHECKING:
    from ..fields import Media
    from ..jobs import JobRecord
    from ..link_check import LinkCheck
    from ..markup import Markup
    from ..sync import Client, Job
    from .jobline import JobLine
    from .kit import Kit
    from .sweep import Sweep
    from .model import PanelModel
    from .pump import Pump

__all__ = ["Running"]

Develop: TypeAlias = "Callable[[JobRecord], Callable[[], None] | None]"
Remember: TypeAlias = "Callable[[Mapping[str, object], JobRecord], None]"


class Running:
    """The doing behind one panel.

    Args:
        state: What the panel knows; all of this ends there, and is painted from there.
        kit: Speaks the panel's language.
        pump: Paints.
        client: Who orders the jobs.
        local: Where the panel's jobs run, as for `Client.submit`.
        develop: Returns the work of making thumbnails of a job's new pictures, if there are any.
        remember: Told of each order placed here: the inputs as they were given, and the job's record.

    Attributes:
        asking: What a press has to answer before it orders.
        purse: What is left to spend.
    """

    def __init__(
        self, state: PanelModel, kit: Kit, pump: Pump, client: Client, *, local: bool | None, develop: Develop,
        remember: Remember = lambda _values, _record: None,
    ) -> None:
        self.asking = Asking()
        self.purse = Purse(client, state.model.provider or "runcomfy")
        self.client = client
        self._state = state
        self._kit = kit
        self._pump = pump
        self._local = local
        self._develop = develop
        self._remember = remember
        self._place = self._place_now()
        self._ordering = threading.Lock()
        self._looked_back = False
        self._closed = False
        self._over: set[str] = set()
        self._unwatch: list[Callable[[], None]] = []

    def acts(self) -> Acts:
        """What the widgets may ask for."""
        return Acts(
            banner=self._banner, label=self._label, run=self._press_run, stop=self._press_stop, take_in=self._take_in,
            follow=self.follow, aside=self._aside, guard=lambda act: guarded(self._state, act)(),
            paint=self._pump.now, painting=lambda: self._pump.painting, bench=self._bench,
            passing=self.client.settings.passing, pack=lambda: zipped_all(self.client.archive, self._kit.language),
            sweep=self._sweep,
        )

    def _sweep(self, inputs: Mapping[str, object]) -> Sweep:
        from .sweep import Sweep  # few panels make one

        sweep = Sweep(self._state.model, inputs, client=self.client, local=self._local, language=self._kit.language)
        sweep.within_panel()
        sweep.when_still(lambda: self._later(self._pump.now))  # by another thread: two panels' locks are never held at once
        return sweep

    def submit(self, confirm: bool = False) -> Job:
        """Order with the values as they are, and follow the job. Asks nothing; see `Panel.submit`."""
        self._state.ask()
        blocking = tuple(problem for problem in self._state.problems if problem.blocking)
        if blocking:
            raise complain(self._state.model, blocking)
        order = self._order()
        job = self.client.submit(self._state.model, order.inputs, local=self._local, confirm=confirm)
        self.asking.ordered(order)
        self._remember(order.inputs, job.record)
        self.follow(job)
        self._count()
        return job

    def follow(self, *jobs: Job) -> None:
        """Give jobs a line each, and their pictures a place."""
        edge = guarded(self._state, self._heard)
        for job in jobs:
            self._unwatch.append(job.watch(lambda record: publish(lambda: edge(record), self._pump.context)))
            work = self._develop(job.record)  # a quick one may have ended before we watched
            if work is not None:
                work()
        self._state.add_job(*jobs)

    def shown(self) -> None:
        """The panel is being shown: see what there is from before, and what is left. Both later, on another thread."""
        if not self._looked_back:
            self._looked_back = True
            self._later(guarded(self._state, self._look_back))
        self._count(self.purse.now() - GAP_S)

    def close(self) -> None:
        """Hear of no job any more; jobs go on."""
        self._closed = True
        for unwatch in self._unwatch:
            unwatch()
        self._unwatch.clear()

    # --- presses

    def _press_run(self) -> None:
        place = self._place_now()
        moved = place != self._place  # somebody said dr.use(...) since: nobody pays by surprise
        if self.asking.slip():
            return
        if moved and (consent.given() or not place.paid):
            self._state.say(Notice("panel.moved", asks=True))
        elif self.client.usable:
            self.client.later(SETTLE_S, lambda: publish(guarded(self._state, self._ask_or_order), self._pump.context))
        else:
            self._ask_or_order()  # which says so

    def _ask_or_order(self) -> None:
        """One press after the other, as a slow order must be known before the next is judged."""
        with self._ordering:
            self._ask_or_order_now()

    def _ask_or_order_now(self) -> None:
        """With the values as they have settled; what cannot be sent is not asked about."""
        order, shown = self._order(), self._state.trouble
        question = self.asking.before(order, shown) if self._state.can_run else None
        if question is not None:
            self._state.say(question)
            return
        try:
            self.submit(confirm=self.asking.agreed_to_price(order, shown))
        except NeedsConfirmation:
            self._state.say(self.asking.price(order))
        except DarkroomError:
            self.asking.nothing_ordered()
            raise

    def _press_stop(self, line: JobLine) -> None:
        def ask() -> None:
            outcome = "unknown"
            try:
                outcome = line.job.cancel()
            finally:
                line.outcome = outcome

        line.outcome = "asking"
        self._pump.now()
        self._pump.aside(guarded(self._state, ask))

    def _take_in(self) -> None:
        """Go on with the earlier jobs here: all of them are followed, those that were told of get a line."""
        earlier = self._state.earlier or Earlier()

        def resume() -> None:
            try:
                self.client.resume()
                self.follow(*[self.client.job(name) for name in earlier.ids])
            except DarkroomError:
                self._state.offer(earlier)
                raise

        self._state.offer(Earlier(notices=earlier.notices) if earlier.notices else None)
        self._aside(resume)

    # --- in the background

    def _aside(self, work: Callable[[], None], after_s: float = 0.0) -> None:
        """Do blocking work on a worker's thread, painting before and after; an error is a sentence on the panel."""
        self._pump.now()
        if self.client.usable:
            self._later(guarded(self._state, work), after_s)
        else:  # it will say so; a button that waits for ever says nothing
            guarded(self._state, work)()
            self._pump.now()

    def _later(self, work: Callable[[], None], after_s: float = 0.0) -> None:
        def act() -> None:
            if not self._closed:
                work()
                self._pump.now()

        if self.client.usable:
            self.client.later(after_s, lambda: publish(act, self._pump.context))

    def _heard(self, record: JobRecord) -> None:
        """A job has changed; called on the loop's thread."""
        self._pump.event()
        work = self._develop(record)
        if work is not None:
            self._pump.aside(guarded(self._state, work))
        if (record.state.is_terminal or record.state is State.UNCERTAIN) and record.id not in self._over:
            self._over.add(record.id)
            self._blame(record)
            self._count(self.purse.now())

    def _blame(self, record: JobRecord) -> None:
        """What the service says of single inputs is shown beside them, as long as they are what was ordered."""
        told = record.trouble.about if record.trouble is not None else ()
        known = {field.name: field for field in self._state.fields()}
        stale = {
            name for name, value in record.inputs.items()
            if name in known and known[name].media is None and not same(self._state.get(name), value)
        }
        self._state.report(tuple(
            Problem(place, "server", {"said": visible(said)}) for place, said in told
            if place[0] in known and place[0] not in stale
        ))

    def _look_back(self) -> None:
        self._state.offer(look_back(self.client, [job.id for job in self._state.jobs]))

    def _count(self, since: float | None = None) -> None:
        """Bring up to date what is left to spend, where that is the question; see `Purse.look` for `since`."""
        if not self._closed and self._place_now().paid:
            self._later(lambda: self.purse.look(since), 0.0 if since is None else self.purse.wait_s())

    def _bench(self, kit: Kit) -> Bench:
        mine = self._state.model.provider or "runcomfy"
        limit = next((each.inline_limit for each in providers if each.name == mine), None)
        return Bench(
            self._state, kit, lambda: self._pump.painting, in_force(), lambda name: used_for(name, self._state.jobs), limit,
            self._check_link,
        )

    def _check_link(self, link: str, media: Media, tell: Callable[[LinkCheck | DarkroomError], None]) -> None:
        def ask() -> None:
            try:
                tell(self.client.check_link(link, media))
            except DarkroomError as error:  # said beside the link, not above the jobs
                tell(error)

        self._aside(ask)

    # --- what would be

    def _place_now(self) -> Place:
        return place_of(self.client, self._state.model, self._local, self._kit)

    def _order(self) -> Order:
        place, values = self._place_now(), self._state.value
        return Order(values, place.name, place.paid, estimate(self._state.model, values))

    def _banner(self) -> Markup:
        self._place = place = self._place_now()
        left = self.purse.text(self._kit) if place.paid else ""
        model = self._state.model
        title = model_text(model, self._kit.language)
        return banner_html(title, model.id, place.name, place.reason, local=place.local, left=left)

    def _label(self) -> str:
        model = self._state.model
        return run_label(model, estimate(model, self._state.value), self._kit, local=self._place.local)
