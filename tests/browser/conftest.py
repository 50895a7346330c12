"""Fixtures for browser tests: one server and one browser for all, a fresh page and a fresh kernel for each test."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from lab import FLAGS, Lab, Server, serve
from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[2]
SHOTS = Path(__file__).parent / "shots"


def find_browser() -> str | None:
    """The path of a browser, found as `make test` finds it."""
    spec = importlib.util.spec_from_file_location("find_browser", ROOT / "scripts" / "find_browser.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script.find_browser()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """Let a fixture know whether its test failed."""
    report = yield
    setattr(item, f"{report.when}_failed", report.failed)
    return report


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """A headless Chromium. Without one the tests are skipped by name, except in CI, where that is a failure."""
    path = find_browser()
    if path is None:
        why = "no Chromium or Chrome on this machine; scripts/find_browser.py --get fetches one"
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(why)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """JupyterLab on loopback, with nothing of this person's Jupyter in it."""
    with serve(tmp_path_factory.mktemp("lab")) as running:
        yield running


@pytest.fixture
def lab(browser: Browser, server: Server, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """A page of JupyterLab. At the end, no request has wanted to leave loopback."""
    page = Lab(browser, server, SHOTS)
    try:
        yield page
        if getattr(request.node, "call_failed", False):
            page.shot(f"failed-{request.node.name}")
        assert [] == page.left_loopback
    finally:
        page.close()
