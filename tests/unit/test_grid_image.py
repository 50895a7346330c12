"""One picture of many: sizes, labels in any script, places without a picture, and how it is saved."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image, ImageFont

from ipydarkroom import images
from ipydarkroom.errors import InputError, StorageError
from ipydarkroom.grid_image import Tile, draw
from ipydarkroom.images import legible, letters
from ipydarkroom.sweep import Sheet
from ipydarkroom.testing import tiny_png


@pytest.fixture
def picture(tmp_path):
    """picture(width, height) -> the path of a red picture."""

    def make(width, height):
        path = tmp_path / f"{width}x{height}.png"
        path.write_bytes(tiny_png(width, height, (255, 0, 0)))
        return path

    return make


def red(image):
    """The box of what is pure red."""
    rows, columns = np.nonzero((np.asarray(image) == (255, 0, 0)).all(axis=2))
    return columns.min(), rows.min(), columns.max() + 1, rows.max() + 1


def ink(image, box):
    """How many pixels in a box are not white."""
    return int((np.asarray(image.crop(box)) != 255).any(axis=2).sum())


def test_pictures_keep_their_shape_and_are_not_cut(picture):
    """A wide one is as wide as the tile, a tall one as high."""
    wide = red(draw([[Tile(picture(64, 32))]], tile_px=200))
    tall = red(draw([[Tile(picture(32, 64))]], tile_px=200))

    assert (200, 100) == (wide[2] - wide[0], wide[3] - wide[1])
    assert (100, 200) == (tall[2] - tall[0], tall[3] - tall[1])


def test_a_grid_has_its_rows_and_columns(picture):
    """Two by three tiles and their labels; every label leaves ink, and the sheet grows by it."""
    tile = Tile(picture(32, 32))
    bare = draw([[tile] * 3] * 2, tile_px=100)
    labelled = draw([[tile] * 3] * 2, columns=["one", "two", "three"], rows=["a fox", "an owl"], title="Foxes", tile_px=100)

    assert labelled.width > bare.width > 300
    assert labelled.height > bare.height > 200
    left = red(labelled)[0]
    assert ink(labelled, (0, red(labelled)[1], left - 4, labelled.height)) > 50
    assert ink(labelled, (left, 0, labelled.width, red(labelled)[1] - 2)) > 50


def test_a_place_without_a_picture_says_why(picture, tmp_path):
    """A word on a grey tile; a file that is gone or broken is such a place too."""
    (tmp_path / "broken.png").write_bytes(b"no picture")
    sheet = draw([[Tile(word="failed"), Tile(tmp_path / "gone.png", word="gone"), Tile(tmp_path / "broken.png", word="broken")]], tile_px=120)

    assert ink(sheet, (0, 0, *sheet.size)) > 1000
    assert (0xF0, 0xEF, 0xED) in {pixel for _, pixel in sheet.getcolors(maxcolors=4096)}


@pytest.mark.parametrize("words", ["a fox", "狐と月、静かな夜", "雪地里的狐狸", "лиса", "x" * 400, "a\u202eb\x00c", "", "🦊" * 5])
def test_any_words_may_be_a_label(picture, words):
    """In any script, of any length, whatever hides in them."""
    sheet = draw([[Tile(picture(32, 32), caption=words)]], columns=[words], rows=[words], title=words, note=words, language="ja", tile_px=120)

    assert sheet.width < 1200


def test_letters_are_looked_for_where_pillows_own_lack_them():
    """Where this system has none, the number stands there instead of empty boxes."""
    own = ImageFont.load_default(20)

    assert (5, 0) == (legible(own, "a fox"), legible(own, "狐月"))
    assert own.getname() == letters("a fox", 20, "ja").getname()
    if not any(font_is_there(name, face) for name, face in images._FONTS["ja"]):
        pytest.skip("no font for Japanese on this machine")
    assert 2 == legible(letters("狐月", 20, "ja"), "狐月")


def font_is_there(name, face):
    """Whether this system has that font."""
    try:
        ImageFont.truetype(name, 20, index=face)
    except OSError:
        return False
    return True


def test_without_a_font_for_a_label_its_number_is_written(picture, monkeypatch):
    """Boxes would all look alike."""
    monkeypatch.setattr(images, "_FONTS", {"": ()})
    drawn = [draw([[Tile(picture(32, 32))] * 2], columns=labels, tile_px=120) for labels in (["狐", "月"], ["1", "2"])]

    assert drawn[0].tobytes() == drawn[1].tobytes()


def test_a_huge_grid_stays_a_picture_one_can_open(picture):
    """A thousand tiles are drawn smaller: 40 megapixels is what viewers, and we, unpack."""
    tile = Tile(picture(8, 8))
    sheet = draw([[tile] * 40] * 25, tile_px=2000)

    assert sheet.width * sheet.height < 40_000_000
    assert max(sheet.size) < 15_000


def test_a_sheet_shows_itself_small_and_is_saved_whole(tmp_path, picture):
    """By the ending of its name, and never over another file."""
    sheet = Sheet(draw([[Tile(picture(32, 32))] * 4] * 4), "Foxes <b>")
    html = sheet._repr_mimebundle_()["text/html"]
    saved = [Image.open(io.BytesIO(sheet.save(tmp_path / f"sheet.{ending}").read_bytes())) for ending in ("png", "jpg", "webp")]

    assert len(html) < 110_000
    assert "Foxes &lt;b&gt;" in html
    assert [("PNG", sheet.pil().size), ("JPEG", sheet.pil().size), ("WEBP", sheet.pil().size)] == [(each.format, each.size) for each in saved]
    assert Image.open(io.BytesIO(sheet.bytes)).size == sheet.pil().size
    with pytest.raises(StorageError):
        sheet.save(tmp_path / "sheet.png")
    with pytest.raises(InputError):
        sheet.save(tmp_path / "sheet.gif")
