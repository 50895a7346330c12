"""From somebody's bytes to upright RGB pixels, or to a sentence that says why not."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from ipydarkroom.local.scenery.decode import opened

from paintbox import file_of, landscape


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA"])
def test_every_mode_becomes_rgb(mode: str) -> None:
    """Whatever the file holds, the painter gets RGB of the size it asked for."""
    found = opened(file_of(landscape().convert(mode))).fitted((60, 60))

    assert ("RGB", (60, 60)) == (found.mode, found.size)


def test_sixteen_bit_greys_keep_their_tones() -> None:
    """They are scaled, not cut off."""
    grey = Image.fromarray(np.full((8, 8), 0x8000, np.uint16))

    assert (128, 128, 128) == opened(file_of(grey)).fitted((4, 4)).getpixel((1, 1))


@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_is_put_upright(orientation: int) -> None:
    """All eight EXIF orientations, as Pillow itself would show them."""
    exif = Image.Exif()
    exif[0x0112] = orientation
    source = opened(file_of(landscape((60, 40)), exif=exif))

    turned = orientation >= 5

    assert ((40, 60) if turned else (60, 40)) == source.size
    assert source.size == source.fitted(source.size).size


def test_the_size_is_known_before_the_pixels() -> None:
    """A large JPEG is measured without being unpacked, and unpacked no larger than needed."""
    source = opened(file_of(Image.new("RGB", (4000, 3000)), "JPEG"))

    assert (4000, 3000) == source.size
    assert (40, 30) == source.fitted((40, 30)).size


@pytest.mark.parametrize("data", [b"", b"GIF89a", b"\x89PNG\r\n\x1a\n rubbish", b"<svg/>"])
def test_rubbish_is_a_sentence(data: bytes) -> None:
    """Never a foreign exception."""
    with pytest.raises(ValueError, match="picture"):
        opened(data)


def test_random_damage_never_escapes() -> None:
    """Flipped bytes give a picture or a ValueError, nothing else."""
    chance = np.random.default_rng(5)
    for form in ("PNG", "JPEG", "WEBP", "GIF"):
        good = file_of(landscape((30, 20)), form)
        for _ in range(40):
            data = bytearray(good)
            for at in chance.integers(0, len(data), 3):
                data[at] = int(chance.integers(256))
            try:
                found = opened(bytes(data)).fitted((15, 10))
            except ValueError:
                continue
            assert (15, 10) == found.size
