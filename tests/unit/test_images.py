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
from ipydarkroom.images import MAX_PIXELS, UNPACK_BYTES, Proof, decode, encode, is_image, prove, shrunk, upright


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
    assert Proof(40, 30, decoded=True) == prove(SMALL[name])
    assert (40, 30) == decode(SMALL[name]).size


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
def test_half_a_picture_is_refused(name: str) -> None:
    """A picture cut in the middle is unreadable, even where its header is fine."""
    data = picture(name, (200, 200))

    with pytest.raises(Unreadable, match="broken or cut short"):
        prove(data[: len(data) // 2])


@pytest.mark.parametrize("size", [(20_000, 2_001), (8_000, 11_000), (60_000, 60_000)])
@pytest.mark.filterwarnings("error::PIL.Image.DecompressionBombWarning")
def test_a_bomb_is_not_unpacked_but_its_size_is_known(size: tuple[int, int]) -> None:
    """Size is judged by the header, below and above Pillow's own two limits: it may be a picture somebody paid for."""
    assert Proof(*size, decoded=False) == prove(bomb(*size))
    with pytest.raises(Unreadable, match="megapixels"):
        decode(bomb(*size))


@pytest.mark.parametrize("name", ["GIF", "PNG", "WEBP"])
def test_an_animation_of_many_large_frames_is_not_unpacked(name: str) -> None:
    """Frames count: a few hundred kilobytes may not unpack to gigabytes. The first frame alone may still be shown."""
    bomb, long_film = film(name, 401), film(name, 400)

    assert Proof(1_000, 1_000, decoded=True) == prove(long_film)
    assert Proof(1_000, 1_000, decoded=False) == prove(bomb)
    assert (1_000, 1_000) == decode(bomb, most=UNPACK_BYTES).size


@pytest.mark.parametrize("name", ["GIF", "PNG", "WEBP"])
def test_an_animation_cut_in_a_later_frame_is_broken(name: str) -> None:
    """Only the first frame is decoded, so the container's own end tells."""
    data = animation(name, frames=5, size=(60, 40))

    with pytest.raises(Unreadable, match="broken or cut short"):
        prove(data[:-20])


def progressive(size: tuple[int, int]) -> bytes:
    """A JPEG whose every coefficient has to wait in memory for the last scan."""
    file = io.BytesIO()
    Image.new("RGB", size, "teal").save(file, "JPEG", progressive=True)
    return file.getvalue()


def wide_webp(width: int, height: int) -> bytes:
    """The header of a lossless WebP of that size, and nothing behind it."""
    bits = (width - 1) | (height - 1) << 14
    body = b"WEBPVP8L" + struct.pack("<IBI", 9, 0x2F, bits) + bytes(8)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def test_a_decoder_that_keeps_copies_gets_smaller_pictures() -> None:
    """WebP takes 16 bytes a pixel, and a JPEG of several scans 6: below 40 megapixels they may be too much already."""
    assert Proof(4_000, 4_000, decoded=False) == prove(wide_webp(4_000, 4_000))
    assert Proof(6_000, 5_000, decoded=False) == prove(progressive((6_000, 5_000)))
    assert Proof(3_000, 2_000, decoded=True) == prove(progressive((3_000, 2_000)))


def test_a_file_of_endless_pieces_is_not_walked_to_its_end() -> None:
    """A million empty chunks before the pixels cost more time than any picture is worth."""
    data = picture("PNG")
    stuffed = data[:33] + png_chunk(b"teXt", b"") * 200_000 + data[33:]

    assert Proof(40, 30, decoded=False) == prove(stuffed)
    with pytest.raises(Unreadable):
        decode(stuffed, most=UNPACK_BYTES)


@pytest.mark.parametrize("mode", ["RGB", "RGBA", "P", "L", "1", "CMYK"])
def test_a_large_picture_is_shrunk_in_bands(mode: str) -> None:
    """The bands leave no seam: the result is what shrinking in one go gives."""
    image = Image.linear_gradient("L").resize((1_203, 2_101)).convert(mode)

    small = shrunk(image, 100)

    plainly = image.convert("RGBA" if mode == "RGBA" else "RGB").reduce(10)
    assert (plainly.mode, plainly.size) == (small.mode, small.size)
    assert plainly.tobytes() == small.tobytes()


@pytest.mark.parametrize("name", ["GIF", "PNG", "WEBP"])
def test_an_ordinary_animation_is_its_first_frame(name: str) -> None:
    """A short animation is kept, and decoding gives its first frame."""
    data = animation(name, frames=5, size=(60, 40))

    assert Proof(60, 40, decoded=True) == prove(data)
    assert (0, 0, 0) == decode(data).convert("RGB").getpixel((0, 0))


@pytest.mark.parametrize(
    "data", [b"", b"<svg/>", b"%!PS-Adobe-3.0 EPSF-3.0\n", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\xff\xd8\xff"]
)
def test_what_is_not_a_picture_is_refused(data: bytes) -> None:
    """Nothing but the five known kinds is ever handed to a reader, and a bare signature is not a picture."""
    with pytest.raises(Unreadable):
        prove(data)


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
        proof = prove(bytes(damaged[: int(kept * len(damaged))]))
    except Unreadable:
        return

    assert not proof.decoded or 0 < proof.width * proof.height <= 2 * MAX_PIXELS


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

    assert Proof(12, 10, decoded=True) == prove(made)


def test_a_jpeg_shows_transparency_as_white() -> None:
    """What cannot be kept in a JPEG becomes paper, not black."""
    made = decode(encode(Image.new("RGBA", (8, 8), (0, 0, 0, 0)), "image/jpeg"))

    assert (255, 255, 255) == made.getpixel((4, 4))


def test_only_a_pillow_image_is_one() -> None:
    """Bytes, paths and look-alikes are not images."""
    assert is_image(Image.new("L", (1, 1)))
    assert not is_image(b"")
