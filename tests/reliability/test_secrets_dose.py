"""A small dose of the canaries and the interrupts for every push; the full ones run as scripts."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

import pytest


@pytest.fixture
def harness(monkeypatch):
    """Import a script of this folder as it imports its neighbours when it is run."""
    monkeypatch.setattr(sys, "path", [str(Path(__file__).parent), *sys.path])
    return importlib.import_module


def test_no_canary_sits_where_it_may_not(harness):
    """Token and signature over every surface of one process, and the bad client is found."""
    figures = harness("canaries").main(20_261, notebook=False, packages=("httpx2",))

    assert [] == figures["where"] + figures["wrong"]
    assert figures["surfaces"] >= 25
    assert figures["ok"]


def test_an_interrupt_frees_a_waiting_cell_and_the_job_lives(harness):
    """Once in each of the four ways, in a real kernel; how fast is judged by the script, on a quiet machine."""
    figures = harness("interrupts").main(4, 20_261)

    assert [] == figures["wrong"]
    assert (4, 4) == (figures["interrupts"], figures["jobs"])
    assert figures["most_lines_shown"] <= 2
