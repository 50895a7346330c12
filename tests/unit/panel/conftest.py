"""Fixtures for the panel's tests: a small model with every rule, and a client whose jobs do what a test says."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

import pytest
from ipywidgets.widgets.widget import _instances

from ipydarkroom.errors import DarkroomError
from ipydarkroom.fields import Choice, Field, Media, Rule
from ipydarkroom.jobs import Accepted, Event, Failed, JobRecord, Kept, Orphaned, Queued, Sending, Trouble, advance
from ipydarkroom.budget import Budget, Spent
from ipydarkroom.link_check import LinkCheck
from ipydarkroom.models import Model
from ipydarkroom.panel import consent
from ipydarkroom.providers import Balance
from ipydarkroom.results import error_of
from ipydarkroom.routes import Route, choose_route
from ipydarkroom.settings import load


def choices(*values: object) -> tuple[Choice, ...]:
    """Choices that are called what they are."""
    return tuple(Choice(value, str(value)) for value in values)


FIELDS = (
    Field(("scale",), "number", minimum=0, maximum=1, default=0.5),
    Field(("prompt",), "string", required=True, max_length=20, advised_words=3),
    Field(("size",), "string", required=True, default="2K", choices=choices("2K", "3K")),
    Field(("mode",), "string", default="off", choices=choices("auto", "off")),
    Field(("count",), "integer", default=15, choices=choices(1, 2, 15)),
    Field(("seed",), "integer", minimum=0, maximum=99),
    Field(("single",), "boolean", default=False),
    Field(("palette",), "object"),
    Field(("note",), "string"),
    Field(("quality",), "string", default="standard", choices=choices("standard")),
    Field(("image",), "string", media=Media("image", max_bytes=5_000_000, mimes=("image/png",))),
)
RULES = (Rule("only_when", "count", "mode", "auto"),)
MODEL = Model("lab/everything", "runcomfy", FIELDS, RULES, title="Everything")


class FakeJob:
    """A job that learns what a test tells it. Watchers hear on the thread that tells, as on the loop's own."""

    def __init__(
        self, number: int, model: Model, inputs: Mapping[str, object], provider: str, *, paid: bool = False, lost: bool = False
    ) -> None:
        backend, origin = ("remote", "https://example.org") if paid else ("local-process", "http://darkroom.localhost")
        self.record = JobRecord(f"job-{number}", provider, origin, backend, model.id, dict(inputs), created=1.0)
        self.elapsed = 0.0
        self.usual: float | None = None
        self.cancels = 0
        self.answer = "stopped"
        self.attended = False
        self.found = "open"
        self.refuses: DarkroomError | None = None
        self.deeds: list[object] = []
        self.again: FakeJob | None = None
        self.watchers: list[Callable[[JobRecord], None]] = []
        lost_event = Orphaned(Trouble("SubmitUncertain", "The order left, but no answer came.", "", "Look there."))
        self.learn(Sending(), lost_event if lost else Accepted("r-1"))

    def learn(self, *events: Event) -> None:
        """Advance by these events and tell the watchers after each."""
        for event in events:
            self.record = advance(self.record, event, 2.0)
            for watcher in tuple(self.watchers):
                watcher(self.record)

    def watch(self, watcher: Callable[[JobRecord], None]) -> Callable[[], None]:
        """As the client's job."""
        self.watchers.append(watcher)
        return lambda: self.watchers.remove(watcher)

    def follow(self) -> None:
        """As the client's job; noted."""
        self.deeds.append("follow")

    def cancel(self) -> str:
        """As the client's job; the answer is the test's."""
        self.cancels += 1
        return self.answer

    def reconcile(self) -> str:
        """As the client's job; the answer is the test's."""
        self._do("reconcile")
        return self.found

    def adopt(self, remote_id: str) -> None:
        """As the client's job."""
        self._do(("adopt", remote_id))
        self.learn(Accepted(remote_id))

    def give_up(self) -> None:
        """As the client's job."""
        self._do("give_up")
        self.learn(Failed("", Trouble("JobFailed", "Given up.", "uncertain"), "maybe"))

    def send_again(self, *, confirm: bool = False) -> FakeJob:
        """As the client's job; the new one is the test's."""
        self._do(("send_again", confirm))
        assert self.again is not None
        return self.again

    def _do(self, deed: object) -> None:
        self.deeds.append(deed)
        if self.refuses is not None:
            raise self.refuses

    def wait(self, timeout: float | None = None) -> FakeJob:
        """A test's job never makes anybody wait."""
        return self

    @property
    def error(self) -> DarkroomError | None:
        """As the client's job."""
        return error_of(self.record, self)

    @property
    def done(self) -> bool:
        """As the client's job."""
        return self.record.state.is_terminal and len(self.record.kept) >= len(self.record.outputs)

    def __getattr__(self, name: str) -> object:
        if name in ("id", "state", "word", "position", "fraction", "model", "provider", "remote_id"):
            return getattr(self.record, name)
        raise AttributeError(name)


@dataclasses.dataclass(eq=False)
class FakeClient:
    """Takes every order and sends nothing. `refuses` is raised instead where a test sets it."""

    orders: list[FakeJob] = dataclasses.field(default_factory=list)
    refuses: DarkroomError | None = None
    meanwhile: Callable[[], None] | None = None
    settings: object = dataclasses.field(default_factory=lambda: load({}))
    checked: list[tuple[str, Media]] = dataclasses.field(default_factory=list)
    leads_to: LinkCheck | DarkroomError = LinkCheck("", "", 200)
    usable: bool = True
    budget: Budget | None = None
    confirmed: list[bool] = dataclasses.field(default_factory=list)
    journal: list[FakeJob] = dataclasses.field(default_factory=list)
    notices: tuple[str, ...] = ()
    resumed: int = 0
    balances: list[str] = dataclasses.field(default_factory=list)
    left: Balance | DarkroomError = Balance("runcomfy", 12.5, "USD", 12.5)

    def submit(
        self, model: Model, inputs: Mapping[str, object], /, *, local: bool | None = None, confirm: bool = False
    ) -> FakeJob:
        """As the client."""
        self.confirmed.append(confirm)
        if self.refuses is not None and not confirm:
            raise self.refuses
        paid = self.route(model, local=local).backend == "remote"
        self.orders.append(FakeJob(len(self.orders), model, inputs, model.provider or "runcomfy", paid=paid))
        return self.orders[-1]

    def jobs(self, limit: int | None = None, *, unfinished: bool = False) -> list[FakeJob]:
        """As the client: newest first."""
        return [job for job in reversed(self.journal) if not (unfinished and job.record.state.is_terminal)]

    def job(self, job_id: str) -> FakeJob:
        """As the client."""
        return next(job for job in self.journal if job.id == job_id)

    def resume(self) -> list[FakeJob]:
        """As the client; counted."""
        self.resumed += 1
        return self.jobs(unfinished=True)

    def spent(self) -> Spent:
        """As the client: three orders."""
        return Spent(3, 0.12)

    def balance(self, provider: str) -> Balance:
        """As the client; counted."""
        self.balances.append(provider)
        if isinstance(self.left, DarkroomError):
            raise self.left
        return self.left

    def check_link(self, url: str, media: Media) -> LinkCheck:
        """What the test wants a link to lead to."""
        self.checked.append((url, media))
        if isinstance(self.leads_to, DarkroomError):
            raise self.leads_to
        return self.leads_to

    def fingerprint(self, model: Model, inputs: Mapping[str, object], /, *, local: bool | None = None) -> str:
        """As the client: equal for equal orders."""
        return repr((model.provider, model.id, sorted(inputs.items()), self.route(model, local=local).origin))

    def made_before(self, fingerprint: str) -> list[FakeJob]:
        """As the client: those of the journal, and the orders of this session, that did not go wrong."""
        jobs = [*self.journal, *self.orders]
        known = [(job, Model(job.record.model, job.record.provider, ())) for job in jobs if job.record.state.value not in ("failed", "cancelled")]
        paid = {False: True, True: None}
        return [job for job, model in known if fingerprint == self.fingerprint(model, job.record.inputs, local=paid[job.record.backend == "remote"])]

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """At once, unless the test wants to see what happens meanwhile."""
        if self.meanwhile is not None:
            self.meanwhile()
        act()

    def route(self, model: Model, *, local: bool | None = None) -> Route:
        """As the client."""
        return choose_route(model, self.settings, {"api": "https://example.org"}, local=local)


class Clock:
    """Seconds as a test says. It starts long after any beginning."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def pass_(self, seconds: float) -> None:
        """Let so much time go by."""
        self.seconds += seconds


@pytest.fixture
def clock() -> Clock:
    """A clock under the test's control."""
    return Clock()


@pytest.fixture(autouse=True)
def _asked_anew():
    """Nobody has agreed to anything yet."""
    consent.take_back()
    yield
    consent.take_back()


@pytest.fixture
def hosted(client):
    """The same client with a token: its orders would be paid, and still nothing is sent."""
    client.settings = load({"RUNCOMFY_API_TOKEN": "canary-77", "KIE_API_KEY": "canary-78"})
    return client


@pytest.fixture
def lost():
    """Makes jobs of a hosted service whose order got lost."""
    return lambda number=1, model=MODEL, paid=True: FakeJob(
        number, model, {"prompt": "a fox"}, model.provider or "runcomfy", paid=paid, lost=True
    )


@pytest.fixture
def model() -> Model:
    """A model with one field of every sort and one rule."""
    return MODEL


@pytest.fixture
def client() -> FakeClient:
    """A client that keeps orders to itself."""
    return FakeClient()


@pytest.fixture
def panels(client):
    """Makes panels, closes them afterwards, and asserts that not one widget model is left."""
    from ipydarkroom.panel import Panel

    before = set(_instances)
    made = []

    def make(model: Model = MODEL, **options: object) -> Panel:
        made.append(Panel(model, client=client, **options))
        return made[-1]

    yield make
    for panel in made:
        panel.close()
    assert set() == set(_instances) - before


@pytest.fixture
def row(panels):
    """row(field, ...) -> (the panel, the widget that carries the label) of a panel with these fields; of the first."""

    def make(*fields: Field, **options: object) -> tuple[object, object]:
        panel = panels(Model("lab/one", options.pop("provider", "runcomfy"), fields), **options)
        return panel, panel._screen._rows.row(fields[0].name).control.speaks

    return make


@pytest.fixture
def root():
    """root(panel, name) -> what stands in the form for a field."""
    return lambda panel, name: panel._screen._rows.row(name).control.root


@pytest.fixture
def upload():
    """upload(button, data, name, type) puts a file into an upload button, as the browser does."""

    def put(button: object, data: bytes, name: str = "fox.png", kind: str = "image/png") -> None:
        when = datetime(2026, 11, 21, tzinfo=UTC)
        file = {"name": name, "type": kind, "size": len(data), "content": memoryview(data), "last_modified": when}
        button.set_trait("value", (file,))

    return put


@pytest.fixture
def queued():
    """An event: waiting, with so many ahead."""
    return lambda ahead: Queued("in_queue", ahead)


@pytest.fixture
def kept(tmp_path: Path) -> Kept:
    """A picture on disk."""
    from PIL import Image

    path = tmp_path / "fox.png"
    Image.new("RGB", (64, 32), "orange").save(path)
    return Kept(0, str(path), "image/png", "0" * 64, path.stat().st_size, 64, 32)
