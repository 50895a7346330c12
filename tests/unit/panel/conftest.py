"""Fixtures for the panel's tests: a small model with every rule, and a client whose jobs do what a test says."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from ipywidgets.widgets.widget import _instances

from ipydarkroom.errors import DarkroomError
from ipydarkroom.fields import Choice, Field, Media, Rule
from ipydarkroom.jobs import Accepted, Event, JobRecord, Kept, Queued, Sending, advance
from ipydarkroom.models import Model
from ipydarkroom.results import error_of
from ipydarkroom.routes import choose_route
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

    def __init__(self, number: int, model: Model, inputs: Mapping[str, object], provider: str) -> None:
        self.record = JobRecord(
            f"job-{number}", provider, "http://darkroom.localhost", "local-process", model.id, dict(inputs), created=1.0
        )
        self.elapsed = 0.0
        self.cancels = 0
        self.answer = "stopped"
        self.watchers: list[Callable[[JobRecord], None]] = []
        self.learn(Sending(), Accepted("r-1"))

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

    def cancel(self) -> str:
        """As the client's job; the answer is the test's."""
        self.cancels += 1
        return self.answer

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


@dataclasses.dataclass
class FakeClient:
    """Takes every order and sends nothing. `refuses` is raised instead where a test sets it."""

    orders: list[FakeJob] = dataclasses.field(default_factory=list)
    refuses: DarkroomError | None = None
    meanwhile: Callable[[], None] | None = None
    settings: object = dataclasses.field(default_factory=lambda: load({}))

    def submit(self, model: Model, inputs: Mapping[str, object], /, *, local: bool | None = None) -> FakeJob:
        """As the client."""
        if self.refuses is not None:
            raise self.refuses
        self.orders.append(FakeJob(len(self.orders), model, inputs, model.provider or "runcomfy"))
        return self.orders[-1]

    def later(self, seconds: float, act: Callable[[], None]) -> None:
        """At once, unless the test wants to see what happens meanwhile."""
        if self.meanwhile is not None:
            self.meanwhile()
        act()

    def route(self, model: Model, *, local: bool | None = None) -> object:
        """As the client."""
        return choose_route(model, self.settings, {"api": "https://example.org"}, local=local)


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
