"""A job's card in a cell follows the job, and outside a kernel it is shown once."""

from __future__ import annotations

import asyncio

import pytest

from ipydarkroom import publishing
from ipydarkroom.publishing import show_live


class Thing:
    """Something with three states, the last of which is its end."""

    def __init__(self) -> None:
        self.state = 0
        self.watchers = []

    @property
    def done(self) -> bool:
        return self.state == 2

    def watch(self, watcher):
        self.watchers.append(watcher)
        return lambda: self.watchers.remove(watcher)

    def move(self) -> None:
        self.state += 1
        for watcher in tuple(self.watchers):
            watcher(None)

    def _repr_mimebundle_(self, **_):
        return {"text/plain": str(self.state)}


@pytest.fixture
def cell(monkeypatch):
    """What a cell would show, one entry per paint."""
    shown = []

    class Handle:
        def update(self, bundle, raw):
            shown.append(bundle["text/plain"])

    def display(bundle, raw, display_id=False):
        shown.append(bundle["text/plain"])
        return Handle()

    monkeypatch.setattr(publishing, "display", display)
    monkeypatch.setattr(publishing, "_GAP_S", 0.01)
    return shown


def in_a_kernel(monkeypatch, yes):
    """Let the code believe that it runs in a notebook kernel, or not."""

    class Shell:
        pass

    if yes:
        Shell.kernel = type("Kernel", (), {"get_parent": staticmethod(lambda: {})})()
    monkeypatch.setattr(publishing, "get_ipython", Shell)
    publishing.needs_cell_context.cache_clear()


def test_a_card_follows_its_job_to_the_end_and_then_lets_go(cell, monkeypatch):
    """A burst of news is one paint, the last state is always painted, and nobody watches afterwards."""
    in_a_kernel(monkeypatch, yes=True)
    thing = Thing()

    async def life():
        show_live(thing)
        thing.move()
        thing.move()
        while thing.watchers:
            await asyncio.sleep(0)

    asyncio.run(life())

    assert ["0", "2"] == cell


def test_outside_a_kernel_it_is_shown_once(cell, monkeypatch):
    """A terminal cannot change what it has printed."""
    in_a_kernel(monkeypatch, yes=False)
    thing = Thing()

    show_live(thing)

    assert (["0"], []) == (cell, thing.watchers)
