"""Sweeps at a service over the wire: a budget that ends in the middle, answers that get lost, kernels that die."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import threading
from collections import Counter

from backend import Backend

from ipydarkroom.budget import Budget
from ipydarkroom.models import Price
from ipydarkroom.panel import Sweep
from ipydarkroom.settings import load
from ipydarkroom.sync import Client

MARKERS = [f"m-{number}" for number in range(6)]


def client_of(backend, home):
    """A client of that server."""
    return Client(settings=backend.settings(home), base_url=backend.base_url, paces=backend.paces)


def until(sweep, holds):
    """Wait until a sweep's state is so; it is asked after every change."""
    reached = threading.Event()

    def look():
        if holds():
            reached.set()

    end = sweep._client.inside(lambda _: sweep._driver.observe(look))
    sweep._client.inside(lambda _: look())
    assert reached.wait(30)
    end()


def test_a_budget_that_ends_in_the_middle_pauses_the_sweep(tmp_path, monkeypatch):
    """Four of six are paid for; the fifth is refused before a byte leaves, and a larger budget takes up from there."""
    with Backend(wait_s=60) as backend, Client(
        settings=load({"IPYDARKROOM_HOME": str(tmp_path), "RUNCOMFY_API_TOKEN": backend.token}),
        base_url=backend.base_url, paces=backend.paces, budget=Budget(usd=0.4),
    ) as client:  # its loopback server counts as a paid host
        real = client._inner.route
        monkeypatch.setattr(client._inner, "route", lambda model, local=None: dataclasses.replace(real(model, local=local), backend="remote"))
        model = dataclasses.replace(backend.model("runcomfy"), price=Price(0.1, "order"))
        sweep = Sweep(model, client=client, prompt=MARKERS, confirm=True)
        sweep.resume()
        until(sweep, lambda: sweep._driver.phase == "paused" and all(job.remote_id for job in sweep.jobs))

        assert ("BudgetExceeded", 4, 2) == (type(sweep._driver.trouble).__name__, sweep.progress.live, sweep.progress.waiting)
        assert 4 == len(backend.truth())
        client.budget = Budget(usd=1.0, name=client._inner._owner)
        sweep.resume()
        until(sweep, lambda: len([job for job in sweep.jobs if job.remote_id]) == 6)
        assert sorted(MARKERS) == sorted(order.marker for order in backend.truth())
        sweep.close()


def test_an_order_whose_answer_was_lost_is_never_ordered_again(tmp_path):
    """Not by the sweep, not by one made anew, not by "try the failed again": it may have been paid."""
    with Backend() as backend, client_of(backend, tmp_path) as client:
        backend.script("m-2", {"submit": ["reset_after"]})
        model = backend.model("kie")
        first = Sweep(model, client=client, prompt=MARKERS, at_once=2).run(30)
        again = Sweep(model, client=client, prompt=MARKERS, at_once=2).run(30)
        again.again()
        again.wait(30)

        assert (5, 1, 5, 1) == (first.progress.done, first.progress.uncertain, again.progress.done, again.progress.uncertain)
        assert {marker: 1 for marker in MARKERS} == Counter(order.marker for order in backend.truth())
        first.close()
        again.close()


DIES = """
import os, sys
sys.path[:0] = {path!r}
from backend import Backend
from ipydarkroom.panel import Sweep
from ipydarkroom.settings import load
from ipydarkroom.sync import Client
backend = Backend()
backend.origin = {origin!r}
client = Client(settings=backend.settings({home!r}), base_url=backend.base_url, paces=backend.paces)
sweep = Sweep(backend.model("runcomfy"), client=client, prompt={markers!r}, at_once=2)
def look():
    if sweep.progress.done >= 2:
        os._exit(9)  # as a kernel dies: nothing is closed, nothing is said
client.inside(lambda _: sweep._driver.observe(look))
sweep.run(60)
"""


def test_a_sweep_whose_kernel_died_goes_on_and_pays_for_nothing_twice(tmp_path):
    """Killed with some done and some on their way: the next kernel takes up every job and orders only what is missing."""
    with Backend() as backend:
        code = DIES.format(path=sys.path, origin=backend.origin, home=str(tmp_path), markers=MARKERS)
        died = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, check=False)
        assert 9 == died.returncode, died.stderr[-2000:]
        before = len(backend.truth())
        with client_of(backend, tmp_path) as client:
            sweep = Sweep(backend.model("runcomfy"), client=client, prompt=MARKERS, at_once=2).run(60)
            posts = Counter(order.marker for order in backend.truth())

            assert 2 <= before <= 5
            assert 6 == sweep.progress.done + sweep.progress.uncertain
            assert set(posts.values()) == {1}
            assert sweep.progress.reused >= 2
            sweep.close()


def test_an_empty_account_pauses_the_sweep(tmp_path):
    """The next order would be refused too; those refused have cost nothing and are tried again by hand."""
    with Backend() as backend, client_of(backend, tmp_path) as client:
        for marker in MARKERS:
            backend.script(marker, {"submit": ["rc_400002" if marker == "m-1" else ""]})
        sweep = Sweep(backend.model("runcomfy"), client=client, prompt=MARKERS, at_once=1)
        sweep.resume()
        until(sweep, lambda: sweep._driver.phase == "paused")

        assert ("BalanceError", 1) == (type(sweep._driver.trouble).__name__, sweep.progress.failed)
        assert sweep.progress.waiting == 4
        sweep.close()
