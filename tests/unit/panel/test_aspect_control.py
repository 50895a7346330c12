"""The aspect-ratio picker: a list, an orientation filter, little frames to scale, and the given picture in the new frame."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from PIL import Image

from ipydarkroom.catalog import bundled
from ipydarkroom.fields import UNSET, Choice, Field, Media
from ipydarkroom.panel.frames import figure, fitted_inside, invented, orientation, shape, sheet
from ipydarkroom.schema.ratios import ratio_of, size_of
from ipydarkroom.wire import Blob
from ipydarkroom.testing import tiny_png

VALUES = (
    "2K", "1152:864 (4:3)", "864:1152 (3:4)", "1024:1024 (1:1)", "2304x1728 (4:3)", "2048x2048(1:1)", "1536:512 (3:1)",
    "512:1536 (1:3)", "1600x2848 (9:16)", "2848x1600 (16:9)",
)


def choice(value):
    """As the reader makes it."""
    return Choice(value, value, size_of(value), ratio_of(value))


SHAPES = tuple(map(choice, VALUES))
SIZE = Field(("size",), "string", default="1152:864 (4:3)", choices=SHAPES)
PICTURE = Field(("image",), "string", media=Media("image"))


@pytest.fixture
def parts(row, root):
    """parts(fields...) -> panel, list, filter (None where there is none), little frames, large frame."""

    def make(*fields, **options):
        panel, listed = row(*fields, **options)
        found = root(panel, fields[0].name).children
        return panel, listed, found[1] if len(found) == 4 else None, *found[-2:]

    return make


@pytest.mark.parametrize(
    ("value", "lies"),
    [("1152:864 (4:3)", "landscape"), ("portrait_16_9", "portrait"), ("2048x2048(1:1)", "square"), ("21:9", "landscape"), ("2K", None)],
)
def test_every_way_of_writing_a_shape_has_an_orientation(value, lies):
    """`2K` names none: there the model chooses."""
    assert lies == orientation(shape(choice(value)))


@pytest.mark.parametrize("value", VALUES)
def test_the_listed_value_is_sent_word_for_word(parts, value):
    """Whether the list or a little frame was used."""
    panel, listed, _, frames, _ = parts(dataclasses.replace(SIZE, default=UNSET))
    at = VALUES.index(value)
    listed.value = listed.options[at]
    by_list = panel.value
    panel.value = {}
    frames.value = at

    assert {"size": value} == by_list == panel.value
    assert listed.options[at] == listed.value


def test_pixels_and_ratio_are_in_the_list_and_beside_the_large_frame(parts):
    """In one way of writing, however the page writes them."""
    panel, listed, _, _, large = parts(SIZE)
    listed.value = "2304"

    assert "2304 × 1728 · 4:3" == listed.value
    assert "2304 × 1728 pixels · 4:3" in large.value


def test_an_untouched_one_shows_the_default_in_grey(parts, root):
    """The frame of the default is marked, the box is empty and says in grey that nothing is set, nothing is sent."""
    panel, listed, _, frames, large = parts(SIZE)

    assert ("", "(not set: 1152 × 864 · 4:3)") == (listed.value, listed.placeholder)
    assert (VALUES.index("1152:864 (4:3)"), {}) == (frames.value, panel.value)
    assert "1152 × 864" in large.value
    assert "dr-unset" in root(panel, "size")._dom_classes


def test_silence_can_be_chosen_again(parts):
    """An emptied box."""
    panel, listed, _, _, _ = parts(SIZE)
    listed.value = "16:9"
    chosen = panel.value
    listed.value = ""

    assert ({"size": "2848x1600 (16:9)"}, {}) == (chosen, panel.value)


def test_a_shape_that_is_not_listed_is_said_and_not_sent(parts):
    """It stays in the box, and no frame is taken for it."""
    panel, listed, _, frames, _ = parts(SIZE)
    listed.value = "5:4"

    assert ("5:4", {}, False) == (listed.value, panel.value, panel.state.can_run)
    assert "none of the 10 values" in listed.description


def test_the_filter_shows_one_orientation_and_what_is_chosen(parts):
    """In the list and among the frames; filtering chooses nothing."""
    panel, listed, lies, frames, large = parts(SIZE)
    listed.value = "1152"
    lies.value = "portrait"
    names = listed.options
    hidden = re.findall(r"nth-child\((\d+)\)\{display:none!important\}", large.value)

    assert ("1152 × 864 · 4:3", "864 × 1152 · 3:4", "512 × 1536 · 1:3", "1600 × 2848 · 9:16") == names
    assert {"2K", "1024:1024 (1:1)", "2304x1728 (4:3)", "2048x2048(1:1)", "1536:512 (3:1)", "2848x1600 (16:9)"} == {
        VALUES[int(at) - 1] for at in hidden
    }
    assert {"size": "1152:864 (4:3)"} == panel.value
    assert "1152 × 864 · 4:3" == listed.value
    lies.value = ""
    assert len(VALUES) == len(listed.options)
    assert "display:none" not in large.value


def test_filtering_a_required_one_that_is_blank_chooses_nothing(parts):
    """It stays blank."""
    blank = Field(("size",), "string", required=True, choices=SHAPES)
    panel, listed, lies, frames, _ = parts(blank)
    lies.value = "portrait"

    assert ({}, "", None) == (panel.value, listed.value, frames.value)


def test_few_shapes_have_no_filter(parts):
    """Six are seen at a glance."""
    _, _, lies, frames, _ = parts(Field(("size",), "string", choices=SHAPES[:6]))

    assert lies is None
    assert 6 == len(frames.options)


def test_little_frames_are_to_scale(parts):
    """The largest is 36 pixels long, and one of half its width is drawn half as wide."""
    rules = sheet("x", [(2000, 1000), (1000, 1000), (500, 1000), None], set())
    drawn = [tuple(map(int, pair)) for pair in re.findall(r"--w:(\d+);--h:(\d+)", rules)]

    assert [(36, 18), (18, 18), (9, 18)] == drawn[:3]
    assert "dashed" in rules


def test_a_picture_in_a_frame_leaves_what_will_be_invented():
    """It stands whole in the middle, as large as it goes."""
    assert (1000, 500) == fitted_inside((200, 100), (1000, 1000))
    assert 0.5 == pytest.approx(invented((200, 100), (1000, 1000)))
    assert 0 == pytest.approx(invented((300, 300), (1000, 1000)))


def test_the_given_picture_is_drawn_inside_the_target_frame(parts, upload, root):
    """A 64 × 32 picture in a square frame fills half of it; the other half is invented, and the words say so."""
    panel, listed, _, _, large = parts(SIZE, PICTURE)
    listed.value = "1024"
    upload(root(panel, "image").children[1], tiny_png(64, 32))

    assert re.search(r'<img src="data:image/webp;base64,[^"]+" alt="fox\.png, in the new frame" style="([^"]*)"', large.value)
    assert "left:0.000%;top:25.000%;width:100.000%;height:50.000%;" in large.value
    assert "about 50 % of the frame" in large.value
    panel.value = {"size": "1152:864 (4:3)"}
    assert "<img" not in large.value


def test_a_picture_of_the_same_shape_leaves_nothing(parts):
    """The sentence then says that."""
    panel, _, _, _, large = parts(SIZE, PICTURE)
    panel.value = {"size": "1536:512 (3:1)", "image": Blob(tiny_png(60, 20), "wide.png", "image/png")}

    assert "nothing is invented" in large.value


def test_a_photo_is_measured_as_a_viewer_shows_it(parts, tmp_path):
    """A phone stores a portrait lying down, with a mark."""
    path = tmp_path / "phone.jpg"
    exif = Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (60, 20)).save(path, exif=exif)
    panel, _, _, _, large = parts(SIZE, PICTURE)
    panel.value = {"size": "512:1536 (1:3)", "image": str(path)}

    assert "nothing is invented" in large.value


@pytest.mark.parametrize("value", ["https://example.org/fox.png", "no such file.png", 7])
def test_what_cannot_be_looked_at_leaves_the_frame_empty(parts, value):
    """A link is fetched by the provider, not by a preview."""
    panel, _, _, _, large = parts(SIZE, PICTURE)
    panel.value = {"image": value}

    assert "<img" not in large.value


def test_a_paint_without_news_sends_nothing(parts):
    """The large frame follows another field, and is asked at every paint."""
    panel, listed, _, frames, large = parts(SIZE, PICTURE)
    panel.value = {"image": Blob(tiny_png(64, 32), "fox.png", "image/png")}
    sent = []
    for part in (listed, frames, large):
        part.comm.publish_msg = lambda *args, **rest: sent.append(args)
    panel._pump.now()

    assert [] == sent


def test_a_hostile_file_name_stays_text():
    """A name is foreign text."""
    from ipydarkroom.panel.previews import preview_of

    found = preview_of(Blob(tiny_png(4, 4), '"><script>alert(1)</script>.png', "image/png"))
    drawn = figure((10, 10), ("<b>x</b>",), "x", found, f"{found.name}")

    assert "<script" not in drawn
    assert "<b>" not in drawn


def test_the_bundled_reframe_has_all_its_frames(parts):
    """69 values, and at most eight messages for them."""
    [model] = [each for each in bundled() if each.id == "ideogram/ideogram-v3/reframe"]
    panel, listed, lies, frames, _ = parts(next(each for each in model.fields if each.name == "resolution"))

    assert 69 == len(frames.options) == len(listed.options)
    assert ["", "landscape", "portrait", "square"] == [lie for _, lie in lies.options]
    assert {"resolution": "1152:864 (4:3)"} == panel.value


def test_only_files_are_previewed(tmp_path: Path):
    """Broken pictures and films have no preview, and no traceback either."""
    from ipydarkroom.panel.previews import preview_of

    path = tmp_path / "x.png"
    path.write_bytes(tiny_png(8, 4)[:40])

    assert [None, None, None] == [preview_of(str(path)), preview_of(b"RIFF0000WEBP"), preview_of(None)]
