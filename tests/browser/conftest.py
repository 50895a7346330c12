"""Fixtures for browser tests: one server and one browser for all, a fresh page and a fresh kernel for each test.

Tests of forms share one page and one kernel in each file, see `desk`.
"""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from pathlib import Path

import pytest
from applications import LAB, NOTEBOOK, VOILA, Application, Server, serve
from desk import Desk
from lab import FLAGS, FrontEnd, Lab, Notebook, Voila
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
def server_of(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[Application], Server]]:
    """server_of(application) -> its one server, started when it is first asked for."""
    with ExitStack() as running:
        yield cache(lambda application: running.enter_context(serve(tmp_path_factory.mktemp(application.module), application)))


@pytest.fixture(scope="session")
def server(server_of: Callable[[Application], Server]) -> Server:
    """JupyterLab on loopback, with nothing of this person's Jupyter in it."""
    return server_of(LAB)


@contextmanager
def driven(page: FrontEnd, request: pytest.FixtureRequest) -> Iterator[FrontEnd]:
    """That page for one test. At the end, no request has wanted to leave loopback."""
    try:
        yield page
        if getattr(request.node, "call_failed", False):
            page.shot(f"failed-{request.node.name}")
        assert [] == page.left_loopback
    finally:
        page.close()


@pytest.fixture
def lab(browser: Browser, server: Server, request: pytest.FixtureRequest) -> Iterator[Lab]:
    """A page of JupyterLab."""
    with driven(Lab(browser, server, SHOTS), request) as page:
        yield page


@pytest.fixture(scope="module")
def notebook_for_forms(browser: Browser, server: Server) -> Iterator[Desk]:
    """One notebook for all tests of a file."""
    lab = Lab(browser, server, SHOTS)
    try:
        lab.open(lab.write("forms.ipynb", ""))
        yield Desk(lab)
        assert [] == lab.left_loopback
    finally:
        lab.close()


@pytest.fixture
def desk(notebook_for_forms: Desk, request: pytest.FixtureRequest) -> Iterator[Desk]:
    """That notebook, with nothing of the test before; a picture of what failed is kept."""
    notebook_for_forms.page.set_viewport_size({"width": 1000, "height": 1800})
    yield notebook_for_forms
    if getattr(request.node, "call_failed", False):
        notebook_for_forms.lab.shot(f"failed-{request.node.name}")
    notebook_for_forms.ask("form.close()")


_FRONT_ENDS = {"lab": (LAB, Lab), "notebook": (NOTEBOOK, Notebook), "voila": (VOILA, Voila)}


@pytest.fixture
def front_end(
    browser: Browser, server_of: Callable[[Application], Server], request: pytest.FixtureRequest
) -> Iterator[FrontEnd]:
    """A page of each application, or of those that `parametrize(..., indirect=True)` names."""
    application, kind = _FRONT_ENDS[request.param]
    with driven(kind(browser, server_of(application), SHOTS), request) as page:
        yield page
