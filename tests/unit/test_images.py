"""Hostile pictures cost an error, not the memory of the machine."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ipydarkroom.errors import Unreadable
from ipydarkroom.images import MAX_PIXELS, decode, encode, is_image, measure, upright


def picture(name: str, size: tuple[int, int] = (40, 30), mode: str = "RGB") -> bytes:
    """A small picture with some detail in it."""
    image = Image.effect_noise(size, 60).convert(mode)
    file = io.BytesIO()
    image.save(file, name)
    return file.getvalue()


def animation(name: str, frames: int, size: tuple[int, int]) -> bytes:
    """Flat frames of different greys: tiny as a file, large unpacked."""
    first, *others = [Image.new("L", size, index * 50 % 256) for index in range(frames)]
    file = io.BytesIO()
    first.save(file, name, save_all=True, append_images=others)
    return file.getvalue()


def png_chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def bomb(width: int, height: int) -> bytes:
    """A PNG that announces a huge picture and holds a few bytes of it."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    pixels = zlib.compress(bytes(100_000))
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", header) + png_chunk(b"IDAT", pixels) + png_chunk(b"IEND", b"")


def film(name: str, frames: int) -> bytes:
    """An animation of 1,000 × 1,000 pixels made long by repeating its last frame's bytes."""
    two = animation(name, 2, (1_000, 1_000))
    match name:
        case "GIF":
            last = two.rindex(b"\x21\xf9\x04")
            return two[:last] + two[last:-1] * (frames - 1) + b";"
        case "WEBP":
            last = two.rindex(b"ANMF")
            body = two[8:last] + two[last:] * (frames - 1)
            return b"RIFF" + struct.pack("<I", len(body)) + body
        case _:
            at = two.index(b"acTL") - 4
            return two[:at] + png_chunk(b"acTL", struct.pack(">II", frames, 0)) + two[at + 20 :]


SMALL = {name: picture(name) for name in ("PNG", "JPEG", "WEBP", "GIF", "AVIF")}


@pytest.mark.parametrize("name", SMALL)
def test_a_whole_picture_is_measured(name: str) -> None:
    """Width and height come from the decoded picture, for each kind."""
    assert (40, 30) == measure(SMALL[name])
    assert (40, 30) == decode(SMALL[name]).size


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
def test_half_a_picture_is_refused(name: str) -> None:
    """A picture cut in the middle is unreadable, even where its header is fine."""
    data = picture(name, (200, 200))

    with pytest.raises(Unreadable, match="broken or cut short"):
        measure(data[: len(data) // 2])


@pytest.mark.parametrize("size", [(20_000, 2_001), (8_000, 11_000), (60_000, 60_000)])
@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_bomb_is_refused_before_it_is_unpacked(size: tuple[int, int]) -> None:
    """Size is judged by the header, below and above Pillow's own two limits."""
    with pytest.raises(Unreadable, match="megapixels"):
        measure(bomb(*size))
    with pytest.raises(Unreadable, match="megapixels"):
        decode(bomb(*size))


@pytest.mark.filterwarnings("error::PIL.Image.DecompressionBombWarning")
def test_a_bomb_warning_made_an_error_by_the_caller_is_ours_too() -> None:
    """Whoever turns Pillow's warning into an error still gets our typed one."""
    with pytest.raises(Unreadable, match="megapixels"):
        measure(bomb(10_000, 10_000))


@pytest.mark.parametrize("name", ["GIF", "PNG", "WEBP"])
def test_an_animation_of_many_large_frames_is_refused(name: str) -> None:
    """Frames count: a few hundred kilobytes may not unpack to gigabytes."""
    bomb, long_film = film(name, 401), film(name, 400)

    assert (1_000, 1_000) == measure(long_film)
    with pytest.raises(Unreadable, match="frames"):
        measure(bomb)


@pytest.mark.parametrize("name", ["GIF", "PNG", "WEBP"])
def test_an_ordinary_animation_is_its_first_frame(name: str) -> None:
    """A short animation is kept, and decoding gives its first frame."""
    data = animation(name, frames=5, size=(60, 40))

    assert (60, 40) == measure(data)
    assert (0, 0, 0) == decode(data).convert("RGB").getpixel((0, 0))


@pytest.mark.parametrize(
    "data", [b"", b"<svg/>", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff"]
)
def test_what_is_not_a_picture_is_refused(data: bytes) -> None:
    """Nothing but the five known kinds is ever handed to a reader, and a bare signature is not a picture."""
    with pytest.raises(Unreadable):
        measure(data)


@settings(max_examples=150, deadline=None)
@given(
    name=st.sampled_from(sorted(SMALL)),
    flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=6),
    kept=st.floats(0.1, 1),
)
def test_a_damaged_picture_is_read_or_unreadable(name: str, flips: list[tuple[float, int]], kept: float) -> None:
    """Whatever bytes are flipped or cut off, the only error is the typed one."""
    damaged = bytearray(SMALL[name])
    for place, value in flips:
        damaged[int(place * len(damaged))] = value

    try:
        width, height = measure(bytes(damaged[: int(kept * len(damaged))]))
    except Unreadable:
        return

    assert 0 < width * height <= MAX_PIXELS


def test_a_large_photo_is_drafted_not_refused() -> None:
    """A JPEG above the limit still gives a small picture, since it can be unpacked at a fraction of its size."""
    file = io.BytesIO()
    Image.new("L", (9_000, 5_000), 90).save(file, "JPEG")

    small = decode(file.getvalue(), longest=500)

    assert 500 <= max(small.size) < 2_300


def test_a_sideways_photo_is_set_upright() -> None:
    """The orientation mark of a camera is applied."""
    image = Image.new("RGB", (40, 30))
    image.getexif()[0x0112] = 6

    assert (30, 40) == upright(image).size


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK", "YCbCr", "I", "I;16", "F"])
@pytest.mark.parametrize("mime", ["image/png", "image/jpeg", "image/webp"])
def test_every_colour_mode_can_be_encoded(mode: str, mime: str) -> None:
    """A picture in any mode becomes a file of any of our three kinds, of the same size."""
    made = encode(Image.new(mode, (12, 10)), mime)

    assert (12, 10) == measure(made)


def test_a_jpeg_shows_transparency_as_white() -> None:
    """What cannot be kept in a JPEG becomes paper, not black."""
    made = decode(encode(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "image/jpeg"))

    assert (255, 255, 255) == made.getpixel((4, 4))


def test_only_a_pillow_image_is_one() -> None:
    """Bytes, paths and look-alikes are not images."""
    assert is_image(Image.new("L", (1, 1)))
    assert not is_image(b"")
