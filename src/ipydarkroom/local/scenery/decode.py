"""From the bytes of somebody's picture to RGB pixels, guarded: sizes are checked before anything is unpacked."""

from __future__ import annotations

import io
import struct
import zlib

import numpy as np
from PIL import Image

__all__ = ["FORMATS", "LARGEST_PIXELS", "Source", "opened"]

FORMATS = ("PNG", "JPEG", "WEBP", "GIF")
LARGEST_PIXELS = 40_000_000
_DAMAGED = (OSError, SyntaxError, ValueError, EOFError, KeyError, IndexError, TypeError, struct.error, zlib.error)
"""What Pillow's readers raise on broken files: mostly OSError, but not only."""

_Turn = Image.Transpose
_TURNS = {  # EXIF orientation -> what brings the picture upright
    2: _Turn.FLIP_LEFT_RIGHT, 3: _Turn.ROTATE_180, 4: _Turn.FLIP_TOP_BOTTOM, 5: _Turn.TRANSPOSE, 6: _Turn.ROTATE_270,
    7: _Turn.TRANSVERSE, 8: _Turn.ROTATE_90,
}  # fmt: skip
_SIDEWAYS = 5  # from this orientation on, width and height are swapped
_ORIENTATION = 0x0112
_STRIP = 256


class Source:
    """An opened picture, not yet unpacked: `size` is (width, height) as it is to be seen, `icc` its colour profile."""

    def __init__(self, image: Image.Image) -> None:
        self._image = image
        found = image.getexif().get(_ORIENTATION, 1)
        self._orientation = found if found in _TURNS else 1
        self.size = image.size[::-1] if self._orientation >= _SIDEWAYS else image.size
        icc = image.info.get("icc_profile")
        self.icc = icc if isinstance(icc, bytes) and image.mode in {"RGB", "RGBA"} else None

    def fitted(self, size: tuple[int, int]) -> Image.Image:
        """The picture in RGB at exactly that size, upright, transparency laid on white. Unpacks it; call once.

        Raises:
            ValueError: The file is damaged.
        """
        lying = size[::-1] if self._orientation >= _SIDEWAYS else size
        try:
            self._image.draft("RGB", (lying[0] * 2, lying[1] * 2))  # a JPEG far too large is unpacked smaller
            plain = _flat(self._image, lying)
        except _DAMAGED as error:
            raise _damaged() from error
        small = plain.resize(lying, Image.Resampling.LANCZOS, reducing_gap=3.0)
        self._image.close()
        turn = _TURNS.get(self._orientation)
        return small if turn is None else small.transpose(turn)


def opened(data: bytes) -> Source:
    """Open a PNG, JPEG, WebP or GIF (its first frame).

    Raises:
        ValueError: It is none of these, is damaged, or has more than 40 megapixels.
    """
    try:
        image = Image.open(io.BytesIO(data), formats=FORMATS)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise ValueError("The picture has more than 40 megapixels: make it smaller first.") from error
    except _DAMAGED as error:
        raise ValueError("This is not a PNG, JPEG, WebP or GIF picture.") from error
    if image.width * image.height > LARGEST_PIXELS:
        millions = image.width * image.height / 1e6
        raise ValueError(f"The picture has {millions:.0f} megapixels, more than 40: make it smaller first.")
    try:
        return Source(image)  # a PNG's EXIF may stand behind its pixels, so that asking for it unpacks them
    except _DAMAGED as error:
        raise _damaged() from error


def _damaged() -> ValueError:
    return ValueError("The picture is damaged and cannot be read: open it, save it again, and give that file.")


def _flat(image: Image.Image, size: tuple[int, int]) -> Image.Image:
    """RGB without transparency, from any mode a file may have; never smaller than twice `size` unless it is now."""
    image.load()
    if image.mode == "RGB" and not image.has_transparency_data:
        return image
    if image.mode.startswith("I"):  # 16-bit greys: Pillow's own conversion would cut them off at 255
        return Image.fromarray((np.asarray(image, np.uint32) >> 8).clip(0, 255).astype(np.uint8)).convert("RGB")
    if not image.has_transparency_data:
        return image.convert("RGB")
    # In strips, shrunk at once where possible: two more full copies of a large picture would not fit the memory.
    part = max(1, min(image.width // (2 * size[0]), image.height // (2 * size[1])))
    flat = Image.new("RGB", (-(-image.width // part), -(-image.height // part)), (255, 255, 255))
    for top in range(0, image.height, _STRIP * part):
        strip = image.crop((0, top, image.width, min(top + _STRIP * part, image.height))).convert("RGBA").reduce(part)
        flat.paste(strip, (0, top // part), strip)
    return flat
