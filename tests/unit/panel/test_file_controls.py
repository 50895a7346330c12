"""Inputs for files: a link, a path, or a file from the browser; judged at once, and made to fit when asked."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from PIL import Image

from ipydarkroom.fields import Field, Measure, Media
from ipydarkroom.panel.filefield import UPLOAD_LIMIT
from ipydarkroom.testing import tiny_png
from ipydarkroom.wire import Blob

PICTURE = Field(("image",), "string", media=Media("image", max_bytes=2048, mimes=("image/png", "image/jpeg")))
ANY_PICTURE = Field(("image",), "string", media=Media("image"))
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + bytes(200)


def noise(side: int = 64) -> bytes:
    """A PNG that does not compress: about 12 kB."""
    import io

    out = io.BytesIO()
    Image.frombytes("RGB", (side, side), random.Random(7).randbytes(side * side * 3)).save(out, "PNG")
    return out.getvalue()


def test_an_upload_becomes_a_file_with_a_preview(row, root, upload):
    """The bytes go to the model, the button is emptied, and a preview with a way back appears."""
    panel, link = row(ANY_PICTURE)
    button = root(panel, "image").children[1]
    upload(button, tiny_png(64, 32))
    given, (_, _, preview, remove) = panel.state.draft["image"], root(panel, "image").children
    shown = preview.value
    remove.click()

    assert (Blob(tiny_png(64, 32), "fox.png", "image/png"), ()) == (given, button.value)
    assert 'src="data:image/webp' in shown
    assert "64 × 32 pixels" in shown
    assert ({}, 2, "") == (panel.state.draft, len(root(panel, "image").children), link.value)


def test_a_link_takes_the_place_of_a_file(row, root):
    """There is one value, whichever way it came."""
    panel, link = row(ANY_PICTURE)
    panel.value = {"image": Blob(tiny_png(8, 8), "x.png", "image/png")}
    link.value = " https://example.org/fox.png "

    assert "https://example.org/fox.png" == panel.state.draft["image"]
    assert ["Check link"] == [each.description for each in root(panel, "image").children[2:]]


@pytest.mark.parametrize(
    ("provider", "most", "said"), [("runcomfy", 20_000_000, "6.3 MB"), ("kie", 20_000_000, "10 MB"), ("kie", 3_000_000, "3 MB")]
)
def test_the_limit_is_said_before_it_is_met(row, provider, most, said):
    """The least of what the model takes, what travels inside a request, and what a browser can hand over."""
    _, link = row(Field(("image",), "string", media=Media("image", max_bytes=most)), provider=provider)

    assert f"{said} at most" in link.description


def test_what_a_browser_can_hand_over_fits_in_one_message():
    """A longer message is lost without a word: 10 MiB, the name and the frame included."""
    assert UPLOAD_LIMIT < 10 * 2**20 - 100_000


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (b"GIF89a" + bytes(60), "x.gif", "the model takes image/png, image/jpeg"),
        (b"no picture at all", "x.txt", "not a file of the right kind"),
        (b"", "x.png", "is empty"),
        (noise(), "x.png", "at most 2 kB are taken"),
    ],
    ids=["type", "kind", "empty", "size"],
)
def test_what_the_model_does_not_take_is_said_at_once(row, root, upload, data, name, words):
    """Nothing is kept, nothing is sent, Run is closed, and the sentence stands beside the field."""
    panel, link = row(PICTURE)
    upload(root(panel, "image").children[1], data, name)

    assert words in link.description
    assert ({}, False) == (panel.value, panel.state.can_run)
    assert name == link.value


@pytest.mark.parametrize(
    ("measure", "words"),
    [
        (Measure("width", 100, 4000), "is 64 pixels wide; 100–4000 are taken"),
        (Measure("height", most=16), "is 32 pixels high; ≤ 16 are taken"),
        (Measure("ratio", least=2.5), "is 2 times as wide as high; ≥ 2.5 is taken"),
        (Measure("width", 64, 64), ""),
        (Measure("seconds", most=1), ""),
    ],
    ids=lambda value: value.of if isinstance(value, Measure) else "",
)
def test_pixel_limits_are_judged_before_anything_is_sent(row, root, upload, measure, words):
    """Both ends are taken; how long a film runs is nobody's business here."""
    panel, link = row(Field(("image",), "string", media=Media("image", measures=(measure,))))
    upload(root(panel, "image").children[1], tiny_png(64, 32))

    assert (not words, bool(words)) == (panel.state.can_run, "dr-problem" in link.description)
    assert words in link.description
    assert ("image" in panel.value) == (not words)


@pytest.mark.parametrize("how", ["upload", "path", "code"])
def test_a_picture_that_is_too_large_is_made_to_fit_at_a_press(row, root, upload, tmp_path, how):
    """Only then; the original stays as it is."""
    panel, link = row(PICTURE)
    path = tmp_path / "noise.png"
    path.write_bytes(noise())
    if how == "upload":
        upload(root(panel, "image").children[1], noise(), "noise.png")
    elif how == "path":
        link.value = str(path)
    else:
        panel.value = {"image": Image.open(path)}
    [shrink] = [part for part in root(panel, "image").children if "Shrink to fit" in getattr(part, "description", "")]
    shrink.click()
    small = panel.state.draft["image"]

    assert small.size <= 2048
    assert "image/jpeg" == small.mime
    assert panel.state.can_run
    assert noise() == path.read_bytes()
    assert not any("Shrink" in getattr(part, "description", "") for part in root(panel, "image").children)


def test_a_film_that_is_too_large_is_not_offered_to_be_shrunk(row, root, upload):
    """We do not decode films."""
    panel, link = row(Field(("video",), "string", media=Media("video", max_bytes=100)))
    upload(root(panel, "video").children[1], MP4, "x.mp4", "video/mp4")

    assert "at most 100 bytes" in link.description
    assert not any("Shrink" in getattr(part, "description", "") for part in root(panel, "video").children)


def test_a_path_is_read_at_once_and_stays_a_path(row, root, tmp_path):
    """Its preview appears, and code and form say the same."""
    path = tmp_path / "fox.png"
    path.write_bytes(tiny_png(64, 32))
    panel, link = row(ANY_PICTURE)
    link.value = str(path)

    assert ({"image": str(path)}, str(path)) == (panel.value, link.value)
    assert "data:image/webp" in root(panel, "image").children[2].value


def test_a_path_that_is_not_there_is_said_at_once(row):
    """And kept as typed."""
    panel, link = row(ANY_PICTURE)
    link.value = "no/such/file.png"

    assert ({}, "no/such/file.png", False) == (panel.value, link.value, panel.state.can_run)
    assert "does not exist" in link.description


@pytest.mark.parametrize(("link", "words"), [("http://example.org/a.png", "must begin with https"), ("https://10.0.0.1/a.png", "private")])
def test_a_link_that_no_server_can_reach_is_said_at_once(row, link, words):
    """By the schema's own checker."""
    panel, box = row(ANY_PICTURE)
    box.value = link

    assert words in box.description
    assert not panel.state.can_run


@pytest.mark.parametrize("how", [str, Path, Path.read_bytes, Image.open], ids=["path as text", "path", "bytes", "picture"])
def test_what_code_gives_is_previewed(row, root, tmp_path, how):
    """All that the client takes."""
    path = tmp_path / "fox.png"
    path.write_bytes(tiny_png(64, 32))
    panel, _ = row(ANY_PICTURE)
    panel.value = {"image": how(path)}

    assert "64 × 32 pixels" in root(panel, "image").children[2].value


def test_what_code_gives_and_the_model_does_not_take_is_said_in_its_place(row, root):
    """It is the value, and Run would refuse it; the reason stands there before."""
    panel, _ = row(PICTURE)
    panel.value = {"image": b"no picture at all"}
    [note] = [part for part in root(panel, "image").children if "dr-preview" in part._dom_classes]

    assert "dr-problem" in note.value
    assert "not a file of the right kind" in note.value


def test_a_file_above_the_advised_size_is_taken_with_advice(row, root, upload):
    """Advice is not in the way."""
    panel, _ = row(Field(("image",), "string", media=Media("image", advised_bytes=50)))
    upload(root(panel, "image").children[1], tiny_png(64, 32))

    assert "dr-advice" in root(panel, "image").children[2].value
    assert panel.state.can_run


def test_a_film_shows_name_and_size_and_is_not_decoded(row, root, upload):
    """The dialog offers films only."""
    panel, _ = row(Field(("video",), "string", media=Media("video")))
    button = root(panel, "video").children[1]
    upload(button, MP4, "walk.mp4", "video/mp4")
    shown = root(panel, "video").children[2].value

    assert "video/*" == button.accept
    assert "walk.mp4 · 224 B" in shown
    assert "<img" not in shown
    assert "video/mp4" == panel.state.draft["video"].mime


def test_a_hostile_file_name_stays_text(row, root, upload):
    """Names are foreign text."""
    panel, _ = row(ANY_PICTURE)
    upload(root(panel, "image").children[1], tiny_png(8, 8), "<img src=x onerror=alert(1)>.png")

    assert "<img src=x" not in root(panel, "image").children[2].value
