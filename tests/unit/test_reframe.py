"""The reframe painter: the given picture whole in its middle, and a continuation without bars or seams."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from ipydarkroom.local.painters import Order, painters
from ipydarkroom.local.painters.reframe import ReframePainter

from paintbox import differ, file_of, landscape, pixels, quiet, reframed

WIDE, TALL = (300, 120), (120, 300)


@pytest.mark.parametrize("size", [WIDE, TALL, (64, 64), (153, 64), (51, 153), (120, 121)])
def test_the_size_is_exactly_the_one_asked_for(size: tuple[int, int]) -> None:
    """Every frame is filled to the pixel."""
    assert size == Image.open(io.BytesIO(reframed(file_of(landscape()), size))).size


@pytest.mark.parametrize(("size", "cut"), [(WIDE, np.s_[:, 90:210]), (TALL, np.s_[90:210, :])])
def test_the_original_stands_whole_in_the_middle(size: tuple[int, int], cut: tuple[slice, slice]) -> None:
    """Nothing of the source is cut off, moved or repainted."""
    source = landscape()

    found = pixels(reframed(file_of(source), size))[cut]

    assert differ(np.asarray(source, np.float64), found) < 2


def test_a_picture_of_another_size_is_scaled_to_fit() -> None:
    """Large and small sources are brought to the frame's height or width, keeping their shape."""
    for size in ((480, 480), (30, 30)):
        found = pixels(reframed(file_of(landscape(size)), WIDE))[:, 90:210]

        assert differ(np.asarray(landscape(), np.float64), found) < 16


@pytest.mark.parametrize("size", [WIDE, TALL])
def test_there_are_no_black_bars(size: tuple[int, int]) -> None:
    """Every column and row of a bright picture's continuation is bright, and not of one flat colour."""
    found = pixels(reframed(file_of(landscape()), size))
    outer = np.concatenate([found[:, :80], found[:, -80:]], 1) if size == WIDE else np.concatenate([found[:80], found[-80:]])

    assert found.max(2).min() > 40
    assert outer.std() > 8


@pytest.mark.parametrize("side", [90, 210])
def test_the_seam_is_not_seen(side: int) -> None:
    """The step across the seam is no larger than the steps between its neighbours inside the picture."""
    found = pixels(reframed(file_of(landscape()), WIDE))

    step = np.abs(found[:, side] - found[:, side - 1]).mean()
    inside = np.abs(np.diff(found[:, 100:200], axis=1)).mean()

    assert step < inside * 1.5 + 2


def test_the_continuation_keeps_the_colours_of_the_edge() -> None:
    """Sky goes on as sky and field as field."""
    source, found = np.asarray(landscape(), np.float64), pixels(reframed(file_of(landscape()), WIDE))

    for rows in (slice(0, 30), slice(90, 120)):
        assert np.abs(found[rows, :90].mean((0, 1)) - source[rows].mean((0, 1))).max() < 30


def test_it_softens_with_the_distance() -> None:
    """Fine detail is lost little by little: the far end is smoother than what is next to the seam."""
    noise = Image.fromarray(np.random.default_rng(3).integers(60, 200, (120, 120, 3), np.uint8))
    found = pixels(reframed(file_of(noise), (480, 120)))

    near, far = (np.abs(np.diff(found[:, part], axis=0)).mean() for part in (slice(170, 178), slice(0, 60)))

    assert far < near / 3


def test_the_same_order_gives_the_same_bytes() -> None:
    """There is no chance but the seed's."""
    source = file_of(landscape())

    assert reframed(source, WIDE, 5) == reframed(source, WIDE, 5)


@pytest.mark.parametrize(
    "change", [{"seed": 2}, {"index": 1}, {"style": "design"}, {"style": "realistic"}, {"style": "general"}, {"speed": "turbo"},
               {"speed": "quality"}, {"palette": ("#301020", "#ffd0a0")}],
)  # fmt: skip
def test_seed_index_style_speed_and_palette_vary_the_continuation_only(change: dict[str, object]) -> None:
    """Each of these is seen outside the source, and none inside."""
    source = file_of(landscape())
    plain = pixels(reframed(source, WIDE))

    other = pixels(reframed(source, WIDE, **{"seed": 1} | change))

    assert differ(plain[:, :90], other[:, :90]) > 0.3
    assert differ(plain[:, 90:210], other[:, 90:210]) == 0


def test_a_photograph_on_its_side_is_put_upright() -> None:
    """The EXIF orientation of a telephone is obeyed."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be seen turned a quarter clockwise
    lying = file_of(landscape().transpose(Image.Transpose.ROTATE_90), "JPEG", quality=95, exif=exif)

    found = pixels(reframed(lying, WIDE))[:, 90:210]

    assert differ(np.asarray(landscape(), np.float64), found) < 6


def test_transparency_lies_on_white() -> None:
    """What is see-through becomes white, not black."""
    clear = Image.new("RGBA", (50, 50), (0, 0, 0, 0))

    assert pixels(reframed(file_of(clear), (100, 50))).min() > 240


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP", "GIF"])
def test_all_four_formats_are_read(form: str) -> None:
    """PNG, JPEG, WebP and GIF are taken as sources."""
    assert (120, 300, 3) == pixels(reframed(file_of(landscape(), form), WIDE)).shape


def test_a_huge_picture_is_refused_before_it_is_unpacked() -> None:
    """More than 40 megapixels is an error that says so."""
    huge = file_of(Image.new("1", (8000, 5001)))

    with pytest.raises(ValueError, match="more than 40"):
        reframed(huge, WIDE)


@pytest.mark.parametrize("broken", [b"", b"no picture at all", file_of(landscape())[:900]])
def test_what_cannot_be_read_is_a_clear_error(broken: bytes) -> None:
    """Rubbish and damaged files end in a ValueError with a sentence."""
    with pytest.raises(ValueError, match="picture"):
        reframed(broken, WIDE)


def test_it_takes_orders_with_a_picture_and_is_asked_first() -> None:
    """Without a picture the order is the scene painter's."""
    asked = [painter.name for painter in painters]

    assert asked.index("reframe") < asked.index("scene")
    assert ReframePainter().accepts(Order("", 1, WIDE, image=b"x"))
    assert not ReframePainter().accepts(Order("", 1, WIDE))
    with pytest.raises(ValueError, match="no picture"):
        ReframePainter().paint(Order("", 1, WIDE), quiet)
