"""Sweep: several values for some inputs, a job for every combination, and a grid that fills in as pictures come.

Like a panel it displays twice: the form with its bar and buttons, and the grid, which carries the live widgets and, for the
saved file, one plain table. Without a cell, `run`, `wait` and `await` do the same.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections.abc import Callable, Generator, Mapping
from typing import TYPE_CHECKING, Any

import ipywidgets as w

from ..arguments import demand_language, demand_seconds
from ..catalog.overlay import overlaid
from ..errors import DarkroomError, InputError, NeedsConfirmation, WaitTimeout
from ..intent import merged
from ..interrupts import awake, explained
from ..languages import current, normal
from ..markup import Markup
from ..models import Model
from ..notebook import default_client
from ..results import Picture
from ..sweep import Driver, Grid, Sheet, Table
from ..sweep.sheet import sheet_of
from ..sweep.table import table_of
from ..sync.thread import on_loop
from . import consent
from .guard import guarded
from .kit import Kit
from .labels import model_text
from .lasting import Lasting
from .passing import Passing
from .place import place_of
from .pump import Pump
from .screen import banner_html
from .showing import live_view, show, show_closed
from .sweepask import fingerprints, unagreed
from .sweepgrid import GridHtml
from .sweepprints import SweepPrints
from .sweepview import Deeds, Note, SweepView, plan_text
from .taking import zipped_all

if TYPE_CHECKING:
    from ..sweep import Plan, Progress
    from ..sync import Client, Job

__all__ = ["Sweep"]

_PULSE_S = 0.2  # how often `wait` wakes, for an interrupt and for front ends that hear the main thread only
_AT_ONCE_LOCAL, _AT_ONCE_HOSTED = 4, 8


class Sweep:
    """One picture for every combination of some values, in a grid, in this cell.

    A list (a tuple, a range, a column of a table) for an input that takes one value is an axis: `prompt=["a fox", "an owl"]`,
    `seed=range(4)`, `image=["a.png", "b.png"]`. Where the input takes a list itself, a list of lists is:
    `colours=[["red"], ["red", "blue"]]`. Where the model does not say what an input takes, a list is one value, as nobody shall
    pay for a guess; `dr.axis([...])` says in any place that it is an axis, and may give its values names. The axes stand in the order
    given: the last one goes across, the others go down.

    Shown in a cell, it says how many jobs that is and what they cost at most, and begins; above a number of orders
    (`dr.use(ask_above=...)`) and before the first paid one, a button asks. Running the cell again pays nothing again: every place
    of the grid takes what the journal has of its order, the second of two equal ones the second job. Orders whose answer was lost
    are never repeated. What failed and may have been paid for is ordered anew by a button only.

    Args:
        model: A model id, or a Model.
        inputs: Input name -> value or values, for names of any shape.
        client: Who orders the jobs; the process's default client when absent. The sweep never closes it.
        provider: Which provider, where two know the id.
        local: True draws on this machine, free; False insists on the hosted service; None decides by token.
        language: The language of all text; the process's own when absent.
        confirm: True agrees to all orders, also to those of unknown price under a budget in money: nothing asks.
        at_once: The most jobs on their way at one time; 8, or 4 on this machine, where one is drawn after the other.
        **values: Inputs whose names are Python names. One that is called like an argument above goes into `inputs`.

    Raises:
        InputError: An axis is empty, a combination does not fit the model (the message says which), or there are more than 1,000.
        ModelNotFound: Nobody knows the id.
        AmbiguousModel: Two providers do.
    """

    def __init__(
        self,
        model: str | Model,
        inputs: Mapping[str, object] | None = None,
        /,
        *,
        client: Client | None = None,
        provider: str | None = None,
        local: bool | None = None,
        language: str | None = None,
        confirm: bool = False,
        at_once: int | None = None,
        **values: object,
    ) -> None:
        self._client = client or default_client()
        self.model = overlaid(model) if isinstance(model, Model) else self._client.model(model, provider)
        self._kit = Kit(normal(demand_language(language)) if language else current())
        self._local = local
        self._agreed = confirm
        if at_once is not None and not (type(at_once) is int and at_once > 0):
            raise InputError("at_once= takes a whole number of jobs, 1 or more.", next_step="For example at_once=4.")
        grid = Grid.of(self.model, merged(inputs, values))
        orders = fingerprints(self._client, grid, local=local)
        self._place = place_of(self._client, self.model, local, self._kit)
        many = (_AT_ONCE_LOCAL if self._place.local else _AT_ONCE_HOSTED) if at_once is None else at_once
        self._driver = self._client.inside(lambda inner: Driver(inner, grid, orders, local=local, confirm=confirm, at_once=many))
        self._html = GridHtml(grid, self._driver.cells, self._kit)
        self._lock = threading.RLock()
        self._pump = Pump(self._paint, self._lock, lambda: self._driver.active)
        self._note = Note(self._pump.now)
        self._view: SweepView | None = None
        self._widget: w.VBox | None = None
        self._output = Lasting(self._bundle, self.stamp)
        self._prints = SweepPrints(self._html, self._pump, self.stamp)
        self._told_above = False
        self._closed = False
        self._quiet = threading.Event()
        self._unobserve = self._client.inside(lambda _: self._driver.observe(self._heard))
        self._heard_of()

    # --- what it is and how far

    @property
    def plan(self) -> Plan:
        """How many jobs are missing, and the most they may make and cost. Orders nothing."""
        return self._driver.plan(paid=self._place.paid)

    @property
    def progress(self) -> Progress:
        """How many are done, failed, uncertain, on their way and waiting; the pace, and the time left."""
        return self._driver.progress

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The jobs there are, in the order of the grid."""
        return tuple(self._client.handle(cell.job) for cell in self._driver.cells if cell.job is not None)

    @property
    def pictures(self) -> tuple[Picture | None, ...]:
        """The first picture of every place, in the order of the grid; None where there is none yet."""
        records = [cell.job.record if cell.job is not None and cell.status == "done" else None for cell in self._driver.cells]
        return tuple(Picture(record, record.kept[0]) if record is not None and record.kept else None for record in records)

    @property
    def table(self) -> Table:
        """What has come of it so far: one row for each place, with `.to_dict()` and, where pandas is, `.to_pandas()`."""
        return table_of(self._driver.grid, self._driver.cells, language=self._kit.language)

    def sheet(self, *, title: str | None = None, tile_px: int = 320) -> Sheet:
        """One picture of the whole grid, with the labels of its axes; shows itself, and has `.save("sheet.png")`.

        Args:
            title: Above it; the model's name and the axes when absent.
            tile_px: The longer edge of each picture, in pixels; less where the sheet would be huge.
        """
        return sheet_of(self._driver.grid, self._driver.cells, language=self._kit.language, title=title, tile_px=tile_px)

    # --- what one may do

    def run(self, timeout: float | None = None, *, confirm: bool = False) -> Sweep:
        """Order what is missing and wait for all of it. Orders nothing where all is there.

        Args:
            timeout: Seconds to wait at most.
            confirm: Agree to as many orders as there are; see `plan`.

        Raises:
            NeedsConfirmation: There are more than may be ordered without a word. Nothing was sent.
            DarkroomError: What stopped it on the way, such as `BudgetExceeded`. What was ordered before goes on.
            WaitTimeout: The time is over. The sweep goes on.
        """
        timeout = demand_seconds(timeout)
        self._begin(confirm=confirm)
        self.wait(timeout)
        return self

    def wait(self, timeout: float | None = None) -> None:
        """Block until nothing goes on any more: all have ended, or it is paused and what was on its way has ended.

        An interrupt ends the waiting only. Jobs that failed do not raise here: see `table`.

        Raises:
            DarkroomError: What stopped the sweep as a whole.
            WaitTimeout: The time is over. The sweep goes on.
        """
        timeout = demand_seconds(timeout)
        end = None if timeout is None else time.monotonic() + timeout
        with explained("interrupt.sweep"):
            while not self._quiet.wait(_PULSE_S if end is None else max(0.0, min(_PULSE_S, end - time.monotonic()))):
                if self._view is not None:
                    self._view.republish()
                if end is not None and time.monotonic() >= end:
                    raise WaitTimeout(f"The sweep is still on its way after {timeout:g} s; it goes on.", next_step="Call wait() again.",
                                      seconds=timeout, id="")
        self._ended()

    def pause(self) -> None:
        """Order nothing more for now; what is on its way goes on."""
        self._client.inside(lambda _: self._driver.pause())

    def resume(self) -> None:
        """Go on after a pause or a stop. Asks nothing: this is code."""
        self._go()

    def stop(self) -> None:
        """Order nothing more, and take back what has not begun where the provider can; what is being worked on comes to its end."""
        self._client.inside(lambda _: self._driver.stop())

    def again(self) -> None:
        """Order anew what failed. What may have been charged may be charged once more."""
        self._client.inside(lambda _: self._driver.again())

    def when_still(self, callback: Callable[[], None]) -> None:
        """Call back whenever nothing goes on any more and every thumbnail is there: `saved` says something new then."""
        self._prints.when_all(callback)

    def within_panel(self) -> None:
        """It stands in a panel, which says by itself what is to be said of this machine. Before it is shown."""
        self._told_above = True

    def close(self) -> None:
        """Take it away: no widget, task or timer is left. Nothing more is ordered; jobs go on and stay in the journal."""
        if self._closed:
            return
        self._closed = True
        self._unobserve()
        if self._client.usable:
            self._client.inside(lambda _: self._driver.close())
        self._output.close()
        self._pump.close()
        self._kit.close()
        self._view = self._widget = None

    def __await__(self) -> Generator[Any, None, Sweep]:
        return self._awaited().__await__()

    async def _awaited(self) -> Sweep:
        self._begin(confirm=False)
        waiting = self._client.start(lambda _: self._driver.settled())
        future = asyncio.wrap_future(waiting)
        try:
            with explained("interrupt.sweep"), awake():
                await asyncio.wait({future})
        finally:
            future.cancel()  # ends our waiting only
        self._ended()
        return self

    # --- widgets

    @property
    def form(self) -> w.VBox:
        """What it is, its bar and its buttons: an ordinary widget."""
        return self._shown().form

    @property
    def grid(self) -> w.VBox:
        """The pictures: an ordinary widget."""
        return self._shown().grid

    @property
    def widget(self) -> w.VBox:
        """Both in one box, for a `Tab` or an application; without the copy that a saved file keeps."""
        if self._widget is None:
            self._widget = self._kit.make(w.VBox, "dr-whole", children=(self.form, self.grid))
        return self._widget

    def begin(self) -> None:
        """Order what is missing, unless a person has to agree first: then the button asks. What showing it in a cell does."""
        plan = self.plan
        if self._driver.phase == "ready" and (self._agreed or not (plan.asks or (plan.paid and not consent.given()))):
            self._go()

    def _ipython_display_(self) -> None:
        if self._closed:
            show_closed(self._kit.say("sweep.closed"))
            return
        self._pump.context = contextvars.copy_context()  # of the cell that shows it
        self.begin()
        show(self.form, repr(self), self._static_text())
        self._output.show()

    def __repr__(self) -> str:
        axes = " × ".join(axis.name for axis in self._driver.grid.axes)
        now = self.progress
        bad = "".join(f" · {count} {word}" for word, count in (("failed", now.failed), ("uncertain", now.uncertain)) if count)
        return f"<Sweep {self.model.id} · {axes or 'one'} · {now.done} of {now.total} done{bad} · {self._driver.phase}>"

    # --- inside

    def _begin(self, *, confirm: bool) -> None:
        plan = self.plan
        if plan.asks and not (confirm or self._agreed):
            raise unagreed(plan)
        if confirm:
            self._agree()
        if self._driver.phase != "over":
            self._go()

    def _agree(self) -> None:
        self._agreed = self._driver.confirm = True

    def _go(self) -> None:
        self._quiet.clear()
        self._client.inside(lambda _: self._driver.go())

    def _press_go(self) -> None:
        """The button names what it orders, so pressing it is the word that may be needed."""
        if self._place.paid:
            consent.give()
        if isinstance(self._driver.trouble, NeedsConfirmation):  # of an unknown price: said on the panel above the button
            self._agree()
        self._note.notice = None
        self._go()

    def _heard(self) -> None:
        """Something has changed; on the loop's thread."""
        self._heard_of()
        self._pump.event()
        if self._view is not None:
            self._prints.more()

    def _heard_of(self) -> None:
        if self._driver.active:
            self._quiet.clear()
        else:
            self._quiet.set()

    def _shown(self) -> SweepView:
        if self._closed:
            raise DarkroomError("This sweep was closed.", next_step="Make a new one.", key="sweep.closed")
        if self._view is None:
            deeds = Deeds(self._press_go, self.pause, self.stop, self.again)
            title, place = model_text(self.model, self._kit.language), self._place
            banner = banner_html(title, self.model.id, place.name, place.reason, local=place.local)
            pack = lambda: zipped_all(self._client.archive, self._kit.language)  # noqa: E731  # asked when pressed
            where = "" if self._told_above else self._client.settings.passing
            passing = Passing(self._kit, where, pack, self._aside)
            self._view = SweepView(self._driver, self._html, self._kit, deeds, self._note, banner, passing)
            self._client.start(lambda _: on_loop(self._heard))  # tells the pump its loop; a paint never waits for that loop
            if not self._driver.active:
                self._prints.all_now()
            self._pump.now()
        return self._view

    def _aside(self, work: Callable[[], None]) -> None:
        """Do blocking work where it blocks nobody, painting before and after; an error is a sentence on the sweep."""
        self._pump.now()
        self._pump.aside(guarded(self._note, work))

    def _ended(self) -> None:
        """Show and keep what has come of it; raise what stopped it."""
        if self._view is not None:
            self._prints.all_now()
            self._pump.now()
            self._output.renew()
        if self._driver.trouble is not None:
            raise self._driver.trouble

    def _paint(self) -> None:
        if self._view is None:
            return
        self._view.paint(self.plan)
        if not self._driver.active:
            if self._html.ready:
                self._output.renew()
                self._prints.tell()
            else:
                self._prints.more()

    def _bundle(self) -> dict[str, object]:
        """The grid's output: the live view, and what the file keeps."""
        view = live_view(self.grid, busy=self._driver.active)
        return {**view, "text/plain": repr(self), "text/html": self.saved()}

    def saved(self) -> Markup:
        """The grid as a page keeps it: one plain table with thumbnails."""
        return self._html.saved()

    def stamp(self) -> tuple[object, ...]:
        """What the saved form depends on: cheap to ask at every paint."""
        return (self._html.ready, *((cell.status, cell.job.id if cell.job is not None else "") for cell in self._driver.cells))

    def _static_text(self) -> str:
        what = plan_text(self._driver, self.plan, self._kit)
        return self._kit.say("sweep.static", model=model_text(self.model, self._kit.language), what=what)
