"""Compare: the plain object that asks several models for the same and shows their pictures side by side.

It displays twice, as a panel does: the form is one output that is never updated as an output, the results are another, which
keeps plain HTML for the saved file.
"""

from __future__ import annotations

import contextvars
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

import ipywidgets as w

from ..arguments import demand_language, demand_seconds
from ..catalog.overlay import overlaid
from ..comparison import ComparisonTable, shop_names, table_of
from ..errors import DarkroomError, InputError
from ..intent import merged
from ..languages import current, normal
from ..models import Model
from ..notebook import default_client
from ..redaction import Veiled
from .compare_model import CompareModel
from .compare_orders import Column, Orders
from .compare_results import CompareResults
from .compare_screen import CompareScreen
from .guard import guarded
from .kit import Kit
from .lasting import Lasting
from .pump import Pump
from .showing import live_view, show, show_closed
from .waiting import wait_for

if TYPE_CHECKING:
    from ..comparing import Plan
    from ..sync import Client, Job
    from .model import Change

__all__ = ["Compare"]


class Compare:
    """The same order at several models: one form, what each model gets of it, and the pictures side by side.

    Inputs that mean the same are one input of the form, whatever the models call them; a table below it shows what each model
    will be sent, and says what is changed on the way (a size that one does not have becomes its nearest) or left out. Nothing
    is ordered until Run is pressed or `submit()` is called, and nothing that this journal has already is ordered again.

    Args:
        models: Two to eight models of one kind: ids (`"kie:ideogram/v3-reframe"`) or `Model`s.
        inputs: Input name, as any of the models calls it -> value.
        client: Who orders the jobs; the process's default client when absent. It is never closed here.
        local: True draws on this machine, free; False insists on the hosted services; None decides by token.
        language: The language of all text: `en`, `zh-CN`, `zh-TW` or `ja`; the process's own when absent.
        **values: Inputs whose names are Python names.

    Raises:
        InputError: The models cannot be compared (the message says why), or none has an input of that name.
        ModelNotFound: Nobody knows an id; the message names the nearest.
        AmbiguousModel: Two providers know an id; say which.
    """

    def __init__(
        self,
        models: Iterable[str | Model],
        inputs: Mapping[str, object] | None = None,
        *,
        client: Client | None = None,
        local: bool | None = None,
        language: str | None = None,
        **values: object,
    ) -> None:
        client = client or default_client()
        self._kit = Kit(normal(demand_language(language)) if language else current())
        self._model = CompareModel(_models_of(models, client), merged(inputs, values), self._kit.language)
        self.state = self._model.state
        self._pump = Pump(self._paint, self.state.lock, lambda: self._model.running > 0)
        results = CompareResults(self._kit, self._model)
        names = shop_names(self.models, self._kit.language)
        self._columns = tuple(
            Column(model, name, self._kit, self._pump, client, local, results.develop)
            for model, name in zip(self.models, names, strict=True)
        )
        self._orders = Orders(self._model, self._columns, self._kit, self._pump, client, local=local)
        painting = lambda: self._pump.painting  # noqa: E731  # asked with the lock held
        self._screen = CompareScreen(self._model, self._kit, self._columns, self._orders, painting, results)
        self._output = Lasting(self._bundle, self._stamp)
        self._widget: w.VBox | None = None
        self._closed = False
        self._unobserve = [self.state.observe(self._changed)]
        self._unobserve += [column.state.observe(self._taken(at)) for at, column in enumerate(self._columns)]

    # --- values

    @property
    def models(self) -> tuple[Model, ...]:
        """What is compared, in order."""
        return self._model.models

    @property
    def value(self) -> dict[str, object]:
        """What stands in the form: common name -> value. Setting it replaces all; any model's own names may be used."""
        return Veiled(self.state.value, self.state.model.secrets)

    @value.setter
    def value(self, values: Mapping[str, object]) -> None:
        self.state.value = self._model.named(values)

    @property
    def plans(self) -> tuple[Plan, ...]:
        """What each model would be sent now (`plan.inputs`), and what became of each input (`plan.carried`)."""
        return self._model.plans

    # --- running

    def submit(self, *, anew: bool = False, confirm: bool = False) -> tuple[Job, ...]:
        """Order what each model would get, and return their jobs at once. Code is not asked: it is the consent.

        What this journal has already, made with the very same inputs at the same place, is not ordered again; so running a
        cell once more pays nothing, and after a change only those models are asked whose inputs it changes.

        Args:
            anew: Order from all of them, whatever there is; it may cost money.
            confirm: Agree to orders of unknown price under a budget in money.

        Raises:
            InputError: A model would refuse its inputs; nothing was sent to any of them.
            NeedsConfirmation: A price is unknown, and the client has a budget in money. Nothing was sent.
            Refused: There is no token, spending is switched off, or the budget would be exceeded. Nothing was sent; only what
                a provider itself refuses may come after an earlier model's order, which stays in `jobs`.
        """
        self._demand_open()
        try:
            return self._orders.submit(anew=anew, confirm=confirm)
        except DarkroomError as error:
            self._orders.tell(error)
            raise

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The jobs of every turn, each once, those made before included."""
        return self._model.jobs

    def wait(self, timeout: float | None = None) -> Compare:
        """Block until every job has ended and its pictures are here, in the saved notebook too.

        An interrupt ends the waiting only. Jobs that went wrong do not raise here: see `jobs[-1].result()`.

        Args:
            timeout: Seconds to wait at most, for all jobs together.

        Raises:
            WaitTimeout: The time is over. The jobs go on.
        """
        wait_for(self.jobs, demand_seconds(timeout), self._screen.republish)
        for job in self.jobs:
            work = self._screen.results.develop(job.record)
            if work is not None:
                work()
        self._pump.now()
        self._output.renew()
        return self

    @property
    def table(self) -> ComparisonTable:
        """A row for each model of each turn: price, seconds, size, what was sent and what was changed; before the first order, the plan."""
        return table_of([turn.seen() for turn in self._model.turns], self._model.planned(), language=self._kit.language)

    def to_dict(self) -> dict[str, list[object]]:
        """The table as column name -> values, as `pandas.DataFrame` takes it."""
        return self.table.to_dict()

    # --- widgets

    @property
    def form(self) -> w.VBox:
        """Models, form, table, buttons and job lines: an ordinary widget."""
        self._demand_open()
        return self._screen.form

    @property
    def results(self) -> w.VBox:
        """The pictures, side by side: an ordinary widget."""
        self._demand_open()
        return self._screen.results.root

    @property
    def widget(self) -> w.VBox:
        """Form and results in one box, without the copy that a saved file keeps."""
        self._demand_open()
        if self._widget is None:
            self._widget = self._kit.make(w.VBox, "dr-whole", children=(self.form, self.results))
        return self._widget

    def close(self) -> None:
        """Take the comparison away: no widget, task or timer is left. Jobs go on and stay in the journal."""
        self._closed = True
        for unobserve in self._unobserve:
            unobserve()
        for column in self._columns:
            column.running.close()
        self._output.close()
        self._pump.close()
        self._kit.close()
        self._widget = None

    def _ipython_display_(self) -> None:
        if self._closed:
            show_closed(self._kit.say("panel.closed"))
            return
        self._pump.context = contextvars.copy_context()  # of the cell that shows it
        show(self.form, repr(self), self._kit.say("compare.static", models=", ".join(column.name for column in self._columns)))
        self._output.show()

    def __repr__(self) -> str:
        names = ", ".join(f"{model.provider or 'local'}:{model.id}" for model in self.models)
        return f"<Compare {names} · {len(self.jobs)} job(s), {self._model.running} on their way>"

    # --- inside

    def _demand_open(self) -> None:
        if self._closed:
            raise DarkroomError("This comparison was closed.", next_step="Make a new one.", key="panel.closed")

    def _taken(self, at: int) -> Callable[[Change], None]:
        """What happens when a column's jobs change: one that was sent again takes the seat of the one given up."""

        def heard(change: Change) -> None:
            if change.kind == "jobs":
                self._model.take_in(at, self._columns[at].state.jobs)
            self._changed(change)

        return guarded(self.state, heard)

    def _changed(self, _change: Change) -> None:
        guarded(self.state, self._pump.now)()

    def _paint(self) -> None:
        self._screen.paint()
        if not self._model.running and self._screen.results.ready():
            self._output.renew()

    def _bundle(self) -> dict[str, object]:
        """The results output: the live view, and what the file keeps."""
        view = live_view(self.results, busy=self._model.running > 0)
        return {**view, "text/plain": repr(self.table) or repr(self), "text/html": self._screen.results.saved()}

    def _stamp(self) -> tuple[tuple[tuple[str, int], ...], ...]:
        """What the saved form depends on: cheap to ask at every paint."""
        return tuple(
            tuple((job.id, len(job.record.kept)) for job in turn.jobs if job is not None and job.record.kept)
            for turn in self._model.turns
        )


def _models_of(models: Iterable[str | Model], client: Client) -> list[Model]:
    if isinstance(models, str | Model):
        raise InputError("A comparison takes several models.", next_step='Give them as a list: ["runcomfy:…", "kie:…"].')
    return [overlaid(each) if isinstance(each, Model) else client.model(each) for each in models]
