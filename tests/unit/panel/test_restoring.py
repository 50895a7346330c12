"""What comes back from a record or a picture into a form, and what is named because it does not."""

from __future__ import annotations

import hashlib

import pytest

from ipydarkroom.fields import Field, Media
from ipydarkroom.jobs import JobRecord, Kept
from ipydarkroom.models import Model
from ipydarkroom.panel.gallery.given import Given, before_of, stamp_of
from ipydarkroom.panel.restoring import beside_it, is_that, kept_before, restored
from ipydarkroom.redaction import holds_mask, masked, stamp
from ipydarkroom.testing import tiny_png
from ipydarkroom.wire import Blob

FIELDS = (Field(("prompt",), "string"), Field(("image",), "string", media=Media("image")), Field(("images",), "array", items=Field(("images", 0), "string", media=Media("image"))))
MODEL = Model("lab/one", "runcomfy", FIELDS)
PNG = tiny_png(8, 6)
STAMP = stamp(PNG, "fox.png")


def nowhere(_stamp):
    """No file is ever found."""
    return None


def lost(found) -> list[tuple[str, str, str]]:
    """What is named, and why."""
    return [(each.name, each.why, each.file) for each in found.lost]


def test_plain_values_come_back_as_they_were():
    """Text, numbers, lists, an ellipsis that a person typed."""
    inputs = {"prompt": "a fox… in snow?", "images": ["https://example.com/a.png"]}

    assert (inputs, []) == (restored(MODEL, inputs, nowhere).values, lost(restored(MODEL, inputs, nowhere)))


def test_what_the_page_does_not_know_any_more_is_named_and_left_out():
    """It would be sent, and nobody would see it in the form."""
    found = restored(MODEL, {"prompt": "x", "sharpness": 3}, nowhere)

    assert ({"prompt": "x"}, [("sharpness", "undocumented", "")]) == (found.values, lost(found))


def test_a_model_without_fields_takes_any_input():
    """Nothing says that it does not know it."""
    assert {"sharpness": 3} == restored(Model("lab/none", "runcomfy", ()), {"sharpness": 3}, nowhere).values


def test_a_local_file_comes_back_where_it_is_found(tmp_path):
    """By name and content; in a list too."""
    (tmp_path / "fox.png").write_bytes(PNG)
    found = restored(MODEL, {"image": STAMP, "images": [STAMP]}, beside_it(tmp_path))

    assert {"image": str(tmp_path / "fox.png"), "images": [str(tmp_path / "fox.png")]} == found.values


def test_a_local_file_that_is_gone_is_named():
    """With its name, so that a person knows which to look for; the description itself is never a value."""
    found = restored(MODEL, {"image": STAMP, "images": [STAMP]}, nowhere)

    assert ({}, [("image", "file", "fox.png"), ("images", "file", "fox.png")]) == (found.values, lost(found))


def test_another_file_of_the_same_name_is_not_taken(tmp_path):
    """Same name and length, other bytes."""
    (tmp_path / "fox.png").write_bytes(PNG[:-1] + bytes([PNG[-1] ^ 1]))

    assert beside_it(tmp_path)(STAMP) is None


@pytest.mark.parametrize("name", ["../fox.png", "/etc/passwd", "", "..", "folder/../../fox.png"])
def test_a_name_from_a_file_leads_out_of_no_folder(tmp_path, name):
    """What a picture says may come from anybody: only the last part of a name is looked at."""
    (tmp_path / "fox.png").write_bytes(PNG)
    inner = tmp_path / "inner"
    inner.mkdir()

    assert beside_it(inner)({**STAMP, "$file": name}) is None


@pytest.mark.parametrize(
    "value", ["https://a.example/x.png?sig=secret", "https://me:word@a.example/x.png", "look: https://a.example/x#part and more",
              "X-Amz-Signature=abcdef0123456789", {"deep": ["https://a.example/x?y=1"]}]
)  # fmt: skip
def test_what_was_cut_is_named_and_not_sent_as_it_is(value):
    """Half a link is no link; half a sentence is not what was asked for."""
    written = masked(value)
    found = restored(Model("lab/none", "runcomfy", ()), {"value": written}, nowhere)

    assert holds_mask(written)
    assert ({}, [("value", "masked", "")]) == (found.values, lost(found))


def test_a_picture_that_an_earlier_job_made_is_found_by_its_hash(tmp_path):
    """While the file is still the same."""
    path = tmp_path / "kept.png"
    path.write_bytes(PNG)
    kept = Kept(0, str(path), "image/png", hashlib.sha256(PNG).hexdigest(), len(PNG), 8, 6)
    find = kept_before([JobRecord("j", "runcomfy", "", "remote", "lab/one", {}, kept=(kept,))])
    before = find(STAMP)
    path.unlink()

    assert (str(path), None) == (before, find(STAMP))


def test_a_file_that_cannot_be_read_is_not_there(tmp_path):
    """A folder of that name, or nothing."""
    assert (False, False) == (is_that(tmp_path, STAMP), is_that(tmp_path / "none", STAMP))


def job(**inputs: object) -> JobRecord:
    """A record with these inputs."""
    return JobRecord("j", "runcomfy", "", "remote", "lab/one", inputs)


def test_a_panel_remembers_where_its_files_were(tmp_path):
    """A path, wherever it stands among links; and not once it is another file."""
    path = tmp_path / "fox.png"
    path.write_bytes(PNG)
    given = Given()
    given.remember({"images": ["https://example.com/a.png", str(path)]}, job(images=["https://example.com/a.png", STAMP]))
    before = given.find(STAMP)
    path.write_bytes(b"other")

    assert (str(path), None) == (before, given.find(STAMP))


def test_a_file_from_the_browser_is_kept_for_a_while():
    """The newest three: memory is no archive."""
    given = Given()
    blobs = [Blob(tiny_png(8, height), f"{height}.png", "image/png") for height in (5, 6, 7, 8)]
    for blob in blobs:
        given.remember({"image": blob}, job(image=stamp(blob.data, blob.name)))

    assert [None, *blobs[1:]] == [given.find(stamp(blob.data, blob.name)) for blob in blobs]


def test_the_picture_before_is_a_small_copy(tmp_path):
    """Of the first file among the inputs; None where there is none, or it is no picture."""
    text = Blob(b"not a picture", "fox.png", "image/png")
    small = before_of(job(image=STAMP), lambda _stamp: Blob(PNG, "fox.png", "image/png"))

    assert small is not None
    assert "image/webp" == small[1]
    assert [None, None, None] == [before_of(job(prompt="x"), nowhere), before_of(job(image=STAMP), nowhere), before_of(job(image=STAMP), lambda _stamp: text)]
    assert stamp_of({"images": ["x", STAMP]}) == STAMP
