"""Opens pictures that may be hostile, and encodes our own: the one door to Pillow outside the painters.

Only the file type that the bytes announce is tried, only the first frame is decoded, and size is judged before a
single pixel is unpacked. Pillow's own bomb warning is not turned into an error with `warnings.catch_warnings`: that
changes the whole process and is not safe in the worker threads this runs in. Our limit is the lower one anyway.

Pillow is loaded at the first picture, not at import: it would be a third of the package's start.
"""

from __future__ import annotations

import io
import struct
import sys
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, TypeGuard

from .errors import Unreadable
from .kinds import Kind, sniff

if TYPE_CHECKING:
    from PIL import Image

__all__ = ["MAX_ANIMATION_PIXELS", "MAX_PIXELS", "decode", "encode", "is_image", "measure", "plain", "upright"]

MAX_PIXELS = 40_000_000  # 160 MB unpacked; the largest documented picture of the four first models has 16.5 million
MAX_ANIMATION_PIXELS = 400_000_000  # all frames together: 767 kB of GIF were measured to unpack to 3.1 GB

_DECODER_ERRORS = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, OverflowError, ZeroDivisionError,
    RuntimeError, struct.error, zlib.error,
)  # what Pillow's readers raise for broken files, seen by flipping bytes


def decode(source: bytes | Path, *, longest: int | None = None) -> Image.Image:
    """Return the first frame, fully decoded.

    Args:
        source: The file's bytes or its path.
        longest: The longer edge in pixels that is going to be needed. A JPEG is then unpacked at a half, quarter or
            eighth of its size where that is enough, so that a huge photo costs little memory.

    Raises:
        Unreadable: Not an image of a known type, broken, cut short, or above 40 megapixels.
        OSError: The path cannot be read.
    """
    data = source if isinstance(source, bytes) else source.read_bytes()
    kind = _image_kind(data)
    image = _open(data, kind)
    if longest is not None and kind.name == "JPEG":
        _draft(image, longest)
    _judge_size(image.size, kind)
    try:
        image.load()
    except _DECODER_ERRORS as error:
        raise _broken(kind, error) from error
    return image


def measure(data: bytes) -> tuple[int, int]:
    """Decode a picture to prove that it is whole, and return its (width, height) in pixels as stored.

    Raises:
        Unreadable: As for `decode`, or an animation whose frames together exceed 400 megapixels.
    """
    kind = _image_kind(data)
    image = _open(data, kind)
    width, height = image.size
    _judge_size(image.size, kind)
    most = MAX_ANIMATION_PIXELS // max(1, width * height)
    frames = _gif_frames(data, most) if kind.name == "GIF" else int(getattr(image, "n_frames", 1))
    if frames > most:
        raise Unreadable(
            f"The {kind.name} has at least {frames} frames of {width} × {height} pixels, more than we unpack.",
            key="error.too_many_frames", width=width, height=height,
        )
    try:
        image.load()
    except _DECODER_ERRORS as error:
        raise _broken(kind, error) from error
    return width, height


def is_image(value: object) -> TypeGuard[Image.Image]:
    """Whether a value is a Pillow image. Does not load Pillow: who has such an image has loaded it."""
    pillow = sys.modules.get("PIL.Image")
    return pillow is not None and isinstance(value, pillow.Image)


def upright(image: Image.Image) -> Image.Image:
    """Return the picture as a viewer shows it: a photo's orientation mark is applied and dropped."""
    from PIL import ImageOps  # loaded late: see the module's docstring

    try:
        return ImageOps.exif_transpose(image)
    except _DECODER_ERRORS:  # a broken orientation mark; the picture itself is whole
        return image


def plain(image: Image.Image) -> Image.Image:
    """Return the picture as 8-bit RGB, or RGBA where anything is transparent."""
    if image.mode in ("RGB", "RGBA"):
        return image
    see_through = "A" in image.getbands() or "a" in image.getbands() or "transparency" in image.info
    return image.convert("RGBA" if see_through else "RGB")


def encode(image: Image.Image, mime: str, *, quality: int = 95) -> bytes:
    """Return the picture as a PNG, JPEG or WebP file without metadata. A JPEG shows transparent parts as white."""
    name = {"image/png": "PNG", "image/jpeg": "JPEG", "image/webp": "WEBP"}[mime]
    file = io.BytesIO()
    match name:
        case "PNG":
            modes = ("1", "L", "LA", "P", "RGB", "RGBA", "I;16")
            (image if image.mode in modes else plain(image)).save(file, name)
        case "WEBP":
            plain(image).save(file, name, quality=quality, method=4)
        case _:
            _flat(image).save(file, name, quality=quality, optimize=True)
    return file.getvalue()


def _image_kind(data: bytes) -> Kind:
    kind = sniff(data)
    if kind is None or kind.media != "image":
        raise Unreadable(
            "These bytes are not a picture of a known type (PNG, JPEG, WebP, GIF, AVIF).",
            key="error.not_a_picture", raw=data[:80].decode("utf-8", "backslashreplace"),
        )
    return kind


def _open(data: bytes, kind: Kind) -> Image.Image:
    """Read the header only, with the one reader that the bytes call for."""
    from PIL import Image  # loaded late: see the module's docstring

    bombs = (Image.DecompressionBombError, Image.DecompressionBombWarning)  # the warning where a caller made it one
    try:
        return Image.open(io.BytesIO(data), formats=(kind.name,))
    except bombs as error:
        raise _too_large(kind) from error
    except _DECODER_ERRORS as error:
        raise _broken(kind, error) from error


def _draft(image: Image.Image, longest: int) -> None:
    """Ask the JPEG reader for a smaller picture, down to an eighth, still at least `longest` pixels long."""
    width, height = image.size
    scale = max(1, max(width, height) // max(1, longest))
    while width * height // scale**2 > MAX_PIXELS:
        scale *= 2
    image.draft(None, (max(1, width // scale), max(1, height // scale)))


def _judge_size(size: tuple[int, int], kind: Kind) -> None:
    if size[0] * size[1] > MAX_PIXELS:
        raise _too_large(kind, size)


def _too_large(kind: Kind, size: tuple[int, int] | None = None) -> Unreadable:
    measured = f"{size[0]} × {size[1]} pixels" if size else "far too many pixels"
    return Unreadable(
        f"The {kind.name} has {measured}; we unpack {MAX_PIXELS // 10**6} megapixels at most.",
        key="error.too_many_pixels", limit=MAX_PIXELS // 10**6,
    )


def _broken(kind: Kind, error: Exception) -> Unreadable:
    return Unreadable(
        f"The {kind.name} is broken or cut short: {error}.", key="error.broken_file", kind=kind.name, reason=str(error)
    )


def _gif_frames(data: bytes, most: int) -> int:
    """Count a GIF's frames without decoding, giving up just above `most` (GIF89a, sections 17 to 27)."""
    frames, at = 0, 13 + _colours(data, 10)
    while at < len(data) and frames <= most:
        if data[at] == 0x2C:  # an image: descriptor, own colours, code size, data
            frames += 1
            at = _past_blocks(data, at + 11 + _colours(data, at + 9))
        elif data[at] == 0x21:  # an extension: label, data
            at = _past_blocks(data, at + 2)
        else:
            break
    return max(1, frames)


def _colours(data: bytes, at: int) -> int:
    """Size in bytes of the colour table that the flags at this place announce."""
    flags = data[at] if at < len(data) else 0
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


def _past_blocks(data: bytes, at: int) -> int:
    while at < len(data) and data[at]:
        at += data[at] + 1
    return at + 1


def _flat(image: Image.Image) -> Image.Image:
    """8-bit RGB on white, since a JPEG has no transparency."""
    from PIL import Image  # loaded late: see the module's docstring

    seen = plain(image)
    if seen.mode == "RGB":
        return seen
    paper = Image.new("RGB", seen.size, "white")
    paper.paste(seen, mask=seen.getchannel("A"))
    return paper
