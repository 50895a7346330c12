"""The site of docs/ is whole, every page of it is in the menu, and nothing in it is fetched from elsewhere."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from built_site import ROOT, build, loaded_by

DOCS = sorted((ROOT / "docs").glob("*.md"))


@pytest.fixture(scope="module")
def site(tmp_path_factory) -> Path:
    """The site, built once: a broken link, or a page in no menu, would have ended it here."""
    return build(tmp_path_factory.mktemp("site"))


def test_every_page_is_built(site):
    """One page for each file, and pictures beside them."""
    built = {path.parent.name for path in site.glob("*/index.html")}

    assert {path.stem for path in DOCS} - {"index"} <= built
    assert (site / "images" / "panel.png").is_file()
    assert not list(site.rglob("*.jsonl"))


def test_pages_load_nothing_from_elsewhere(site):
    """No font, script, style sheet or picture of somebody else's: reading the documentation tells nobody."""
    loads = {path.relative_to(site): loaded_by(path.read_text(encoding="utf-8")) for path in site.rglob("*.html")}
    styles = "\n".join(path.read_text(encoding="utf-8") for path in site.rglob("*.css"))

    assert any("assets/javascripts" in found for found in loads[Path("index.html")])  # the control: this one is seen
    assert [] == [(page, found) for page, every in loads.items() for found in every if re.match(r"(?:\w+:)?//", found)]
    assert [] == re.findall(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//[^)\s]*", styles)


def test_what_a_page_loads_is_told_from_what_it_links_to():
    """The control of the test above, tag by tag."""
    page = """
    <link rel="stylesheet" href="https://a.example/x.css"><link rel="preconnect" href="//b.example">
    <link rel="canonical" href="https://c.example/"><a href="https://d.example/">d</a>
    <script src="https://e.example/x.js"></script><img alt="f" src="f.png">
    """

    assert ["https://a.example/x.css", "//b.example", "https://e.example/x.js", "f.png"] == loaded_by(page)


def test_a_page_that_is_not_written_yet_is_left_out_of_the_menu(tmp_path):
    """And a group of such pages too; what is there keeps its place."""
    spec = importlib.util.spec_from_file_location("site_nav", ROOT / "scripts" / "site_nav.py")
    hook = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hook)
    (tmp_path / "here.md").touch()
    menu = [{"A": [{"Here": "here.md"}, {"There": "there.md"}]}, {"B": [{"Nowhere": "nowhere.md"}]}]

    assert [{"A": [{"Here": "here.md"}]}] == hook.on_config({"docs_dir": str(tmp_path), "nav": menu})["nav"]
