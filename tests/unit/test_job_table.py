"""Jobs as a table for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from many_jobs import START, job

from ipydarkroom.job_table import COLUMNS, ENCODING, cell, lines, row
from ipydarkroom.jobs import Trouble


def read(*rows) -> list[dict[str, str]]:
    """The table as a program reads it, byte order mark and all."""
    data = "".join(lines(rows)).encode(ENCODING)
    return list(csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠", "  ="])
def test_no_cell_is_a_formula(start):
    """A spreadsheet would run it; with an apostrophe in front it is words."""
    [found] = read(row(job(START, {"prompt": f"{start}cmd|' /C calc'!A1"})))

    assert found["prompt"].startswith("'")
    assert f"{start}cmd|' /C calc'!A1" == found["prompt"][1:]


@pytest.mark.parametrize("plain", ["a fox", "1 + 1", "a@b", "狐", "", "'quoted'"])
def test_plain_words_stay_as_they_are(plain):
    """The apostrophe is for beginnings only."""
    assert plain == cell(plain)


def test_a_number_stays_a_number():
    """A seed of minus one is no formula."""
    [found] = read(row(job(START, {"seed": -1})))

    assert "-1" == found["seed"]


def test_the_table_begins_with_a_byte_order_mark():
    """Without it Excel takes UTF-8 for the code page of the machine."""
    assert "".join(lines([])).encode(ENCODING).startswith(b"\xef\xbb\xbf")


def test_a_row_tells_what_a_picture_was_made_with(tmp_path):
    """Prompt and seed by themselves, all else as JSON; words keep their commas, quotes and lines."""
    record = job(START, {"prompt": 'a "fox", and\nsnow', "seed": 7, "size": "2K", "on": True}, Path("a.png"))

    [found] = read(row(record, ["pictures/a.png"], ["b.png"]))

    assert COLUMNS == tuple(found)
    assert ('a "fox", and\nsnow', "7", {"size": "2K", "on": True}) == (found["prompt"], found["seed"], json.loads(found["inputs"]))
    assert ("local", "succeeded", "64", "32", "3.5") == tuple(found[name] for name in ("place", "state", "width", "height", "seconds"))
    assert ("pictures/a.png", "b.png") == (found["files"], found["missing"])


def test_no_signed_link_gets_into_the_table():
    """A table is passed on; the query of a link opens somebody's storage."""
    link = "https://store.example/in.png?X-Amz-Signature=canary"
    record = job(START, {"prompt": f"like {link}", "image": link}, trouble=Trouble("JobFailed", f"could not read {link}"))

    said = "".join(lines([row(record)]))

    assert "canary" not in said
    assert 3 == said.count("https://store.example/in.png")


def test_a_very_long_cell_is_cut_and_half_characters_are_mended():
    """Excel holds 32,767 letters."""
    assert len(str(cell("x" * 50_000))) < 32_767
    assert "a?b" == cell("a\ud800b")
