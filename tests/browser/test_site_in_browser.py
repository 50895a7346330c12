"""The documentation in a browser: every page opens, the search finds, and no request leaves for anywhere."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from built_site import ROOT, build

PAGES = sorted(path.stem for path in (ROOT / "docs").glob("*.md") if path.stem != "index")


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The built site on a port of this machine."""
    site = build(tmp_path_factory.mktemp("site"))
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(site))) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture
def page(browser: Browser) -> Iterator[tuple[Page, list[str]]]:
    """A page of the browser, and the addresses it asked for; those elsewhere get no answer."""
    context = browser.new_context()
    asked: list[str] = []
    context.on("request", lambda request: asked.append(request.url))
    context.route(lambda url: urlsplit(url).hostname != "127.0.0.1", lambda route: route.abort())
    yield context.new_page(), asked
    context.close()


def elsewhere(asked: list[str]) -> list[str]:
    """The addresses that are not on this machine."""
    return [url for url in asked if urlsplit(url).scheme not in ("data", "blob") and urlsplit(url).hostname != "127.0.0.1"]


def test_reading_the_pages_asks_nobody_else(page, address):
    """Fonts, scripts, pictures, icons: all of them are the site's own."""
    opened, asked = page
    for name in ("", *(f"{stem}/" for stem in PAGES)):
        answer = opened.goto(f"{address}/{name}", wait_until="networkidle")

        assert answer.ok
        assert opened.locator("h1").first.is_visible()
    assert len(asked) > 2 * len(PAGES)
    assert [] == elsewhere(asked)


def test_the_search_finds_a_page_and_asks_nobody_else(page, address):
    """Its index is the site's own file, read by a worker of the site's own."""
    opened, asked = page
    opened.goto(f"{address}/", wait_until="networkidle")
    opened.keyboard.press("/")
    opened.keyboard.type("uncertain order")
    opened.locator(".md-search-result__item a").first.wait_for()

    assert any("search_index.json" in url for url in asked)
    assert [] == elsewhere(asked)
