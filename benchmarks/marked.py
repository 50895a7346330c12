"""Pictures of a given weight that can be told apart after they were made small: each has its number as a colour.

The upper part is noise, so that the file weighs what it should; below is grey, and the last eighth is one colour of 125.
Whatever a panel makes of a picture (a thumbnail as JPEG or WebP, in HTML or as bytes), the colour is still there.
"""

from __future__ import annotations

import base64
import io
import random
import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from functools import cache

__all__ = ["MARKS", "SIDES", "number_of", "payloads", "picture"]

SIDES = {0.3: 1024, 2.0: 2048, 16.0: 4096}
"""Megabytes of a file -> pixels a side."""
_LEVELS = (20, 75, 130, 185, 240)
MARKS = len(_LEVELS) ** 3
_DATA = re.compile(r"data:image/[a-z+]+;base64,([A-Za-z0-9+/=]+)")
_STARTS = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF")


def picture(number: int, megabytes: float) -> bytes:
    """A PNG of that weight and number; numbers beyond 124 begin again."""
    side = SIDES[megabytes]
    above, adler = _above(megabytes)
    band = (b"\0" + bytes(_colour(number)) * side) * (side // 8)
    deflate = zlib.compressobj(9, wbits=-15)
    tail = deflate.compress(band) + deflate.flush() + struct.pack(">I", zlib.adler32(band, adler))
    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + above + _chunk(b"IDAT", tail) + _chunk(b"IEND", b"")


def number_of(encoded: bytes) -> int | None:
    """The number that a picture, or what was made of it, carries; None for any other picture."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(encoded)) as opened:
            seen = opened.convert("RGB").getpixel((opened.width // 2, opened.height - max(1, opened.height // 16)))
    except UnidentifiedImageError:
        return None
    near = [min(range(len(_LEVELS)), key=lambda at: abs(_LEVELS[at] - value)) for value in seen]
    if any(abs(_LEVELS[at] - value) > 20 for at, value in zip(near, seen, strict=True)):
        return None
    return near[0] + 5 * near[1] + 25 * near[2]


def payloads(text: str, buffers: Sequence[bytes]) -> Iterator[bytes]:
    """The encoded pictures in a message: inside its text as data URIs, or beside it as bytes."""
    for found in _DATA.finditer(text):
        yield base64.b64decode(found[1])
    yield from (buffer for buffer in buffers if buffer.startswith(_STARTS))


def _colour(number: int) -> tuple[int, int, int]:
    number %= MARKS
    return _LEVELS[number % 5], _LEVELS[number // 5 % 5], _LEVELS[number // 25]


@cache
def _above(megabytes: float) -> tuple[bytes, int]:
    """The chunk of everything above the band, and the checksum so far: the same for all pictures of a weight."""
    side = SIDES[megabytes]
    row = 1 + 3 * side
    noisy = round(megabytes * 1e6 / row)
    chance = random.Random(7)
    lines = b"".join(b"\0" + chance.randbytes(3 * side) for _ in range(noisy))
    lines += (b"\0" + b"\x80" * (3 * side)) * (side - side // 8 - noisy)
    deflate = zlib.compressobj(6, wbits=-15)
    body = deflate.compress(lines) + deflate.flush(zlib.Z_FULL_FLUSH)  # ends on a byte, so that the band can be glued on
    return _chunk(b"IDAT", b"\x78\x01" + body), zlib.adler32(lines)


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
