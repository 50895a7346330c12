"""What the panel's benchmark stands on: pictures of a weight that can be told apart, and a place for each of its tables."""

from __future__ import annotations

import base64
import importlib.util
import re
import sys
from pathlib import Path

import pytest

from ipydarkroom.images import decode
from ipydarkroom.testing import tiny_png
from ipydarkroom.thumbnails import thumbnail

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"


def module(name: str):
    """A file of the benchmarks as a module, with what it imports beside it."""
    spec = importlib.util.spec_from_file_location(f"benchmarks_{name}", BENCHMARKS / f"{name}.py")
    found = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


marked = module("marked")


@pytest.mark.parametrize("number", [0, 7, 63, 124])
def test_a_picture_weighs_what_it_should_and_keeps_its_number_when_it_is_made_small(number, tmp_path):
    """Whole for any decoder; told apart by its thumbnail, as panels send it."""
    path = tmp_path / "picture.png"
    path.write_bytes(marked.picture(number, 0.3))

    assert abs(path.stat().st_size - 300_000) < 9_000
    assert (1024, 1024) == decode(path.read_bytes()).size
    assert number == marked.number_of(thumbnail(path)[0])


def test_pictures_are_found_in_messages_of_any_shape():
    """As data URIs in a text, and as bytes beside it; other pictures have no number."""
    one, other = marked.picture(1, 0.3), marked.picture(2, 0.3)
    text = f'<img alt="x" src="data:image/png;base64,{base64.b64encode(one).decode()}">'
    found = list(marked.payloads(text, [b"no picture", other]))

    assert [1, 2] == [marked.number_of(each) for each in found]
    assert [None, None] == [marked.number_of(tiny_png(8, 8, (100, 100, 100))), marked.number_of(b"\x89PNG broken")]


def test_every_table_of_the_panel_has_its_place_in_the_docs(monkeypatch):
    """Found out now, and not at the end of a long run."""
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    page = (BENCHMARKS.parent / "docs" / "benchmarks.md").read_text(encoding="utf-8")
    figures = [
        {"figure": "panel: painted", "where": "kernel", "jobs": 1, "mb": 2.0, "broke": "no browser"},
        {"figure": "panel: memory", "title": "panel", "pictures": 2, "mb": 2.0, "start_mb": 1, "first_half_mb": 0, "second_half_mb": 0, "widgets": 3},
        {"figure": "panel: saved", "pictures": 0, "runs": 1, "mb": 2.0, "kilobytes": 2.5},
        {"figure": "panel: scroll", "title": "the strip", "pictures": 9, "frames": 3, "p50": 16.7, "p95": 17, "worst": 20.0, "long_tasks": 0, "longest": 0},
        {"figure": "panel: scroll", "title": "the strip", "pictures": 9, "broke": "no browser"},
        {"figure": "panel: sweep", "title": "first", "jobs": 2, "mb": 0.3, "ordered": 2, "done": 2, "wall": 1.0, "cpu": 1.0, "messages": 3, "kilobytes": 4},
    ]
    texts = module("panel_tables").panel_tables(figures)

    assert 5 == len(texts)
    for name in ("panel: surroundings", *texts):
        assert 1 == len(re.findall(f"<!-- begin: {name} -->\n.*?<!-- end: {name} -->", page, re.DOTALL)), name


def test_a_gallery_that_jerks_is_complained_of(monkeypatch):
    """So is a box that was not scrolled at all, and a measurement that does not see frames that were made to wait."""
    monkeypatch.setattr(sys, "path", [str(BENCHMARKS), *sys.path])
    complaints = module("panel")._complaints

    def passes(strip=17.0, slowed=61.0, places=200):
        titles = ("control: an empty box", 0, 17.0), ("the strip", 200, strip), ("control: the strip, slowed", 200, slowed)
        return [{"figure": "panel: scroll", "title": title, "pictures": count, "p50": ms, "p95": ms, "frames": 200, "places": places} for title, count, ms in titles]

    assert [] == complaints(passes())
    assert ["the strip: 35.0 ms from frame to frame (p95), where an empty box takes 17.0"] == complaints(passes(strip=35.0))
    assert ["frames that were made to wait were not seen to be late"] == complaints(passes(slowed=17.0))
    assert 3 == len(complaints(passes(places=1)))
