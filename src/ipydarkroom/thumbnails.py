"""Small pictures from large ones: thumbnails for a saved notebook, and pictures shrunk to a provider's limit.

One loop serves both: lower the quality, then the size, until the file fits. Nothing here writes to disk.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

from .images import UNPACK_BYTES, decode, encode, shrunk, upright

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["fitted", "thumbnail"]

_SMALLEST_PX = 16  # the longer edge below which a picture says nothing


def thumbnail(
    source: bytes | str | Path,
    *,
    max_px: int = 512,
    max_bytes: int = 80_000,
    mime: Literal["image/webp", "image/jpeg"] = "image/webp",
) -> tuple[bytes, str]:
    """Return a small file of the picture's first frame, upright and without metadata, and its MIME type.

    WebP is the smaller one and keeps transparency; it belongs inside HTML. As an output of its own a WebP does not
    show in exported notebooks: ask for JPEG there.

    Args:
        source: The file's bytes or its path.
        max_px: The longer edge is at most this many pixels; nothing is enlarged.
        max_bytes: The file is at most this long.
        mime: What to make.

    Raises:
        Unreadable: The picture does not decode, or would take more than `images.UNPACK_BYTES` of memory; its `key` is then
            `error.too_many_pixels`.
        OSError: The path cannot be read.
        ValueError: No picture is as small as `max_bytes`.
    """
    place = source if isinstance(source, bytes) else Path(source)
    image = shrunk(decode(place, longest=max_px, most=UNPACK_BYTES), max_px)
    image.thumbnail((max_px, max_px), reducing_gap=2.0)
    data, _ = fitted(upright(image), mime, max_bytes=max_bytes, qualities=(82, 70, 55, 40))
    return data, mime


def fitted(
    image: Image.Image, mime: str, *, max_bytes: int, qualities: tuple[int, ...] = (92, 85, 75)
) -> tuple[bytes, tuple[int, int]]:
    """Return the picture encoded in at most `max_bytes`, and its (width, height) in pixels after that.

    Args:
        image: The picture, decoded and upright.
        mime: `image/jpeg` or `image/webp`.
        max_bytes: The most bytes the file may have.
        qualities: Tried in turn at full size; the last one is kept while the size falls.

    Raises:
        ValueError: Even a picture of 16 pixels is longer.
    """
    for quality in qualities:
        data = encode(image, mime, quality=quality)
        if len(data) <= max_bytes:
            return data, image.size
    original = image.size
    share = 1.0
    while max(image.size) > _SMALLEST_PX:
        share *= min(0.9, (max_bytes / len(data)) ** 0.5)  # bytes go with the area; never a step too small to matter
        size = (max(1, round(original[0] * share)), max(1, round(original[1] * share)))
        image = image.resize(size, reducing_gap=2.0)
        data = encode(image, mime, quality=qualities[-1])
        if len(data) <= max_bytes:
            return data, image.size
    raise ValueError(f"no picture is as small as {max_bytes} bytes")
