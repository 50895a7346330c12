"""A small dose of the download harnesses; `make reliability` runs them in full, and there times are asserted too."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

linux = pytest.mark.skipif(sys.platform != "linux", reason="the harness forks and reads /proc")


def harness(name: str) -> ModuleType:
    """The script of that name, loaded without running it."""
    spec = importlib.util.spec_from_file_location(f"reliability_{name}", Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@linux
def test_hostile_pictures_cost_no_memory_and_none_is_lost():
    """Every file of the quick corpus ends as it should, within the bound; the naive client does not stay in it."""
    report = harness("images").main(quick=True, cpu_limit=None)

    assert [] == report["failures"]


@linux
def test_a_download_does_not_pass_through_memory():
    """32 MB to disk cost a few; reading them whole does not."""
    report = harness("download_memory").main(megabytes=32)

    assert [] == report["failures"]


def test_whatever_drips_ends_at_the_deadline():
    """Each fault ends in our typed error; how late is asserted in the full run."""
    report = harness("slowloris").main(deadline=0.4, rounds=1, packages=("httpx2",), most_ms=None)

    assert [] == report["failures"]
