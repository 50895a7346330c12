"""Panel: the plain object that shows a model's form, runs jobs from it and shows their pictures.

It displays twice. The form is one output that is never updated as an output, because that would take away focus and
typed text; the gallery is in it. The results are another, plain HTML for the saved file: a style of the live gallery
hides it as long as that is on the page. It is rewritten when no job is running, or by `wait()`; while jobs run, now and
then, for a line that says how it stands with each of them.
"""

from __future__ import annotations

import contextvars
import os
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import ipywidgets as w

from ..catalog.overlay import overlaid
from ..errors import DarkroomError
from ..arguments import demand_language, demand_seconds
from ..languages import current, normal
from ..markup import Markup, join, tag
from ..models import Model
from ..notebook import default_client
from ..redaction import Veiled
from .below import Below
from .gallery import Deeds, empty_rule
from .gallery.facts import titles
from .guard import guarded
from .kit import Kit
from .labels import model_text
from .lasting import Lasting
from .model import PanelModel
from .pump import Pump
from .remade import finder_for, made_of, model_for
from .restoring import notice_of, restored
from .running import Running
from .screen import Screen
from .showing import show, show_closed
from .waiting import wait_for

if TYPE_CHECKING:
    from ..jobs import JobRecord
    from ..results import Picture
    from ..sync import Client, Job
    from .model import Change
    from .remade import Made
    from .restoring import Restored

__all__ = ["InnerPanel", "Panel"]

_KEPT_GAP_S = 5.0  # between two saved forms while jobs run: each carries every picture that is kept


class Panel:
    """A form for one model, its jobs, and their pictures, in this cell.

    Nothing is ordered until Run is pressed or `submit()` is called. The kernel stays free while jobs run.

    Args:
        model: A model id (`"kie:ideogram/v3-reframe"` names the provider too), a `Model`, a JSON Schema, or a provider's
            documentation page: its text, or the path of a file with it.
        client: Who orders the jobs; the process's default client when absent. The panel never closes it.
        provider: Which provider, where two know the id.
        local: True draws on this machine, free; False insists on the hosted service; None decides by token.
        language: The language of all text: `en`, `zh-CN`, `zh-TW` or `ja`; the process's own when absent.

    Raises:
        ModelNotFound: Nobody knows the id; the message names the nearest.
        AmbiguousModel: Two providers know it; say which.
        InputError: The page is cut short or of no known kind; it says what is missing.
    """

    _told_above = False
    """Whether it is already said above it that this machine is forgotten when one leaves."""

    def __init__(
        self,
        model: str | os.PathLike[str] | Model | Mapping[str, object],
        *,
        client: Client | None = None,
        provider: str | None = None,
        local: bool | None = None,
        language: str | None = None,
    ) -> None:
        client = client or default_client()
        self.model = _model_of(model, client, provider)
        self.state = PanelModel(self.model)
        self._kit = Kit(normal(demand_language(language)) if language else current())
        self._pump = Pump(self._paint, self.state.lock, lambda: self.state.running > 0)
        self._host: Panel | None = None
        self._below = Below(self, client, lambda found: self._inner(found, client, local))
        self._deeds = Deeds(self.state, self._kit, self._below.open)
        self._running = Running(
            self.state, self._kit, self._pump, client, local=local, develop=self._thumbnails, remember=self._deeds.given.remember
        )
        self._mark = f"dr-kept-{secrets.token_hex(4)}"  # of the saved form, which the live one hides
        own = tag("style", Markup(f".{self._mark}{{display:none}}"), empty_rule(self._kit))
        acts = self._running.acts()
        acts = replace(acts, passing="") if self._told_above else acts
        self._screen = Screen(self.state, self._kit, acts, self._deeds, own)
        self._output = Lasting(self._bundle, self._stamp)
        self._told: frozenset[object] = frozenset()
        self._told_at = float("-inf")
        self._widget: w.VBox | None = None
        self._closed = False
        self._unobserve = self.state.observe(self._changed)

    @classmethod
    def from_picture(
        cls,
        picture: str | os.PathLike[str] | Picture,
        *,
        client: Client | None = None,
        provider: str | None = None,
        local: bool | None = None,
        language: str | None = None,
    ) -> Panel:
        """A panel with what a picture was made with, as the file itself says, or the JSON beside it. Orders nothing.

        What cannot be brought back is named on the panel: an input that the model does not have any more, a local file
        that is not there, a link whose secrets were never written down. A model that nobody here knows gets a form from
        the inputs themselves.

        Args:
            picture: The path of a file that this package kept, or a `Picture` of a result.
            client: Who orders the jobs, as for `Panel`.
            provider: Whose model it is, where that is to be another one than the picture says.
            local: Where its jobs run, as for `Panel`.
            language: The language of all text, as for `Panel`.

        Raises:
            StorageError: The file cannot be read.
            InputError: It does not say what it was made with.
        """
        client = client or default_client()
        return cls._remade(made_of(picture), client, provider, local=local, language=language)

    @classmethod
    def _remade(
        cls, made: Made, client: Client, provider: str | None = None, *, local: bool | None = None, language: str | None = None
    ) -> Panel:
        """A panel with inputs that were written down: what of them is lost is named, and never sent as it was written."""
        found, known = model_for(made, client, provider)
        panel = cls(found, client=client, local=local, language=language)
        panel._deeds.elsewhere = finder_for(made, client)
        back = restored(found, made.inputs, panel._deeds.elsewhere)
        panel.state.value = back.values
        unknown = [] if known else [panel._kit.say("panel.restored.unknown", model=found.id)]
        panel.state.say(notice_of([*unknown, *panel._sentences(back)]))
        return panel

    # --- values

    @property
    def value(self) -> dict[str, object]:
        """What Run would send: input name to value. Setting it replaces all; what it does not name is untouched."""
        return Veiled(self.state.value, self.state.model.secrets)

    @value.setter
    def value(self, values: Mapping[str, object]) -> None:
        self.state.value = values

    def observe(self, callback: Callable[[dict[str, object]], None]) -> Callable[[], None]:
        """Call `callback(value)` after every change of the value; returns the function that ends that."""

        def heard(change: Change) -> None:
            if change.kind == "value":
                callback(self.value)

        return self.state.observe(guarded(self.state, heard))

    # --- running

    def submit(self, *, confirm: bool = False) -> Job:
        """Order a job with the values of the form, as Run does, and return it at once. Code is not asked: it is the consent.

        Args:
            confirm: Agree to an order of unknown price under a budget in money.

        Raises:
            InputError: The values do not fit; nothing was sent. The panel shows the problems beside their fields.
            NeedsConfirmation: The price is unknown, and the client has a budget in money. Nothing was sent.
            Refused: There is no token, spending is switched off, or the budget would be exceeded. Nothing was sent.
        """
        try:
            return self._running.submit(confirm)
        except DarkroomError as error:
            self.state.fail(error)
            raise

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The jobs ordered from this panel or taken in from earlier sessions, oldest first."""
        return self.state.jobs

    def wait(self, timeout: float | None = None) -> Panel:
        """Block until every job of this panel has ended and its pictures are here, in the saved notebook too.

        An interrupt ends the waiting only. Jobs that went wrong do not raise here: see `panel.jobs[-1].result()`.

        Args:
            timeout: Seconds to wait at most, for all jobs together.

        Raises:
            WaitTimeout: The time is over. The jobs go on.
        """
        wait_for(self.jobs, demand_seconds(timeout), self._screen.republish)
        for job in self.jobs:
            self._develop(job.record)
        self._pump.now()
        self._rewrite()
        return self

    # --- widgets

    @property
    def form(self) -> w.VBox:
        """The form with banner, buttons and job lines: an ordinary widget."""
        self._demand_open()
        self._running.shown()
        return self._screen.form

    @property
    def results(self) -> w.VBox:
        """The gallery: the picture in large, the strip of all, what was opened from them. An ordinary widget."""
        self._demand_open()
        return self._screen.results.root

    @property
    def widget(self) -> w.VBox:
        """Form and results in one box, for a `Tab` or an application; without the copy that a saved file keeps."""
        self._demand_open()
        if self._widget is None:
            self._widget = self._kit.make(w.VBox, "dr-whole", children=(self.form, self.results))
        return self._widget

    def close(self) -> None:
        """Take the panel away: no widget, task or timer is left. Jobs go on and stay in the journal."""
        self._closed = True
        self._unobserve()
        self._running.close()
        self._screen.several.close()
        self._output.close()
        self._below.close()
        self._pump.close()
        self._kit.close()
        self._widget = None

    def _ipython_display_(self) -> None:
        if self._closed:
            show_closed(self._kit.say("panel.closed"))
            return
        self._pump.context = contextvars.copy_context()  # of the cell that shows the panel
        show(self.widget, repr(self), self._kit.say("panel.static", model=model_text(self.model, self._kit.language)))
        self._output.show()

    def __repr__(self) -> str:
        return f"<Panel {self.model.id} · {len(self.jobs)} job(s), {self.state.running} on their way>"

    # --- inside

    def _demand_open(self) -> None:
        if self._closed:
            raise DarkroomError("This panel was closed.", next_step="Make a new one.", key="panel.closed")

    def _sentences(self, found: Restored) -> list[str]:
        """What to tell of inputs that are lost."""
        return [lost.sentence(self._kit, lambda name: titles(self.model, name, self._kit.language)) for lost in found.lost]

    def _thumbnails(self, record: JobRecord) -> Callable[[], None] | None:
        return self._screen.results.develop(record)

    def _develop(self, record: JobRecord) -> None:
        work = self._thumbnails(record)
        if work is not None:
            work()

    def _changed(self, _change: Change) -> None:
        guarded(self.state, self._pump.now)()

    def _paint(self) -> None:
        self._screen.paint()
        if (not self.state.running or self._has_news()) and self._screen.results.ready(self.jobs):
            self._rewrite()

    def _has_news(self) -> bool:
        """Whether a job is on its way of which the saved form does not say how it stands, and one may be made now."""
        if self._host is not None:
            return self._host._has_news()
        if time.monotonic() < self._told_at + _KEPT_GAP_S:
            return False
        return any(not job.done and _line(job) not in self._told for job in self._all_jobs())

    def _inner(self, model: Model, client: Client, local: bool | None) -> Panel:
        """A panel to stand inside this one; its pictures are kept in this one's saved form."""
        made = InnerPanel(model, client=client, local=local, language=self._kit.language)
        made._host = self
        made._pump.context = self._pump.context
        return made

    def _rewrite(self) -> None:
        """Bring the saved form of the results up to date."""
        if self._host is not None:
            self._host._rewrite()
        else:
            self._output.renew()

    def _bundle(self) -> dict[str, object]:
        """The results output: what the file keeps, and nothing that needs a kernel."""
        jobs = self._all_jobs()
        self._told, self._told_at = frozenset(map(_line, jobs)), time.monotonic()
        pictures = sum(len(job.record.kept) for job in jobs)
        plain = f"{self.model.id}: {pictures} picture(s) from {len(jobs)} job(s)"
        saved = [self._screen.results.saved(jobs), self._screen.several.saved()]
        return {"text/plain": plain, "text/html": tag("div", join(saved), class_=self._mark)}

    def _all_jobs(self) -> tuple[Job, ...]:
        """The panel's jobs and those of the forms below it, oldest first."""
        return tuple(sorted((*self.jobs, *self._below.jobs), key=lambda job: job.record.created))

    def _stamp(self) -> tuple[object, ...]:
        """What the saved form depends on: cheap to ask at every paint."""
        return (*map(_line, self._all_jobs()), *self._screen.several.stamp())


class InnerPanel(Panel):
    """A panel that stands inside something of ours which has said by itself what is to be said of this machine."""

    _told_above = True


def _line(job: Job) -> tuple[str, str, int]:
    """What the saved form says of a job."""
    return job.id, str(job.state), len(job.record.kept)


def _model_of(
    model: str | os.PathLike[str] | Model | Mapping[str, object], client: Client, provider: str | None
) -> Model:
    if isinstance(model, Model):
        return overlaid(model)
    if isinstance(model, str):
        return client.model(model, provider)
    if isinstance(model, os.PathLike):
        return overlaid(Model.from_page(model))
    return Model.from_schema(model, provider=provider)
