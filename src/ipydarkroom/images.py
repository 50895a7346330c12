"""Opens pictures that may be hostile, and encodes our own: the one door to Pillow outside the painters.

Only the file type that the bytes announce is tried, only the first frame is decoded, and what it would cost is judged
(by `unpacking`) before Pillow sees the file. Pillow's own bomb warning is not turned into an error with
`warnings.catch_warnings`: that changes the whole process and is not safe in the worker threads this runs in.

Pillow is loaded at the first picture, not at import: it would be a third of the package's start.
"""

from __future__ import annotations

import io
import json
import struct
import sys
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, TypeGuard

from .errors import Unreadable
from .kinds import HEAD_BYTES, Kind, sniff
from .unpacking import Survey, survey

if TYPE_CHECKING:
    from PIL import Image, ImageDraw, ImageFont

__all__ = [
    "MAX_ANIMATION_PIXELS", "MAX_PIXELS", "UNPACK_BYTES", "Proof", "blank", "decode", "encode", "is_image", "legible", "letters",
    "measure", "pen", "plain", "prove", "said", "shrunk", "upright",
]

MAX_PIXELS = 40_000_000  # 160 MB unpacked; the largest documented picture of the four first models has 16.5 million
MAX_ANIMATION_PIXELS = 400_000_000  # all frames together: 767 kB of GIF were measured to unpack to 3.1 GB
UNPACK_BYTES = 170_000_000
"""The memory that unpacking a picture nobody asked to see in full may take. For PNG, GIF and JPEG the pixel limit is
the nearer one; WebP and AVIF decoders keep several copies, which makes it 10 megapixels, a JPEG of several scans 26."""

_JPEG_FACTOR = 2  # a JPEG may have twice the pixels where it is unpacked at a fraction of its size
_CJK = "NotoSansCJK-Regular.ttc"
_FONTS: Mapping[str, tuple[tuple[str, int], ...]] = {  # what systems bring along: file, and face in it; tried in turn
    "ja": ((_CJK, 0), ("NotoSansJP-Regular.otf", 0), ("ヒラギノ角ゴシック W3.ttc", 0), ("YuGothM.ttc", 0), ("meiryo.ttc", 0), ("ipag.ttf", 0)),
    "zh_cn": ((_CJK, 2), ("NotoSansSC-Regular.otf", 0), ("PingFang.ttc", 0), ("msyh.ttc", 0), ("wqy-microhei.ttc", 0)),
    "zh_tw": ((_CJK, 3), ("NotoSansTC-Regular.otf", 0), ("PingFang.ttc", 0), ("msjh.ttc", 0)),
    "": (("DejaVuSans.ttf", 0), (_CJK, 0), ("Arial Unicode.ttf", 0), ("arial.ttf", 0), ("DroidSansFallbackFull.ttf", 0)),
}
_EXIF_DESCRIPTION, _EXIF_ORIENTATION = 0x010E, 0x0112
_LYING = frozenset({5, 6, 7, 8})  # orientations whose width and height change places
_BAND_PX = 256  # rows that are shrunk at a time
_DECODER_ERRORS = (
    OSError, SyntaxError, ValueError, TypeError, LookupError, EOFError, OverflowError, ZeroDivisionError,
    RuntimeError, struct.error, zlib.error,
)  # what Pillow's readers raise for broken files, seen by flipping bytes


@dataclass(frozen=True, slots=True)
class Proof:
    """Width and height in pixels as stored, and whether the picture was decoded or is too costly for that."""

    width: int
    height: int
    decoded: bool


def prove(source: bytes | Path) -> Proof:
    """Decode a picture's first frame to prove that it is whole, where that is affordable.

    A JPEG is unpacked to an eighth of its size, which reads all of it. A picture with too many pixels, frames or pieces
    is not given to a decoder at all; its size is then what its headers say.

    Raises:
        Unreadable: Not an image of a known type, broken, or cut short.
        OSError: The path cannot be read.
    """
    with _opened(source) as (file, kind):
        found = _survey(file, kind)
        if _excess(found, kind, UNPACK_BYTES) is not None:
            return Proof(found.width, found.height, decoded=False)
        image = _open(file, kind)
        width, height = image.size
        found = _as_opened(found, image)
        if _is_film(found) or _excess(found, kind, UNPACK_BYTES) is not None:
            return Proof(width, height, decoded=False)
        if kind.name == "JPEG":
            image.draft(None, (max(1, width // 8), max(1, height // 8)))
        _load(image, kind)
        return Proof(width, height, decoded=True)


def decode(source: bytes | Path, *, longest: int | None = None, most: int | None = None) -> Image.Image:
    """Return the first frame, fully decoded.

    Args:
        source: The file's bytes or its path.
        longest: The longer edge in pixels that is going to be needed. A JPEG is then unpacked at a half, quarter or
            eighth of its size where that is enough, so that a huge photo costs little memory.
        most: The memory in bytes that unpacking may take, `UNPACK_BYTES` for what nobody asked to see in full. By
            default the limit in pixels is the only one.

    Raises:
        Unreadable: Not an image of a known type, broken, cut short, above 40 megapixels or above `most`.
        OSError: The path cannot be read.
    """
    with _opened(source) as (file, kind):
        drafted = longest is not None and kind.name == "JPEG"
        found = _survey(file, kind)
        if not drafted or most is not None:  # a photo that a person gives may be as large as it likes: it is drafted
            _refuse(_excess(found, kind, most))
        image = _open(file, kind)
        if drafted:
            _draft(image, longest or 1)
        if image.width * image.height > MAX_PIXELS:
            raise _too_large(kind, image.size)
        if not drafted:
            _refuse(_excess(_as_opened(found, image), kind, most))
        _load(image, kind)
        return image


def shrunk(image: Image.Image, longest: int) -> Image.Image:
    """Return the picture as 8-bit RGB or RGBA, made smaller by a whole factor, still at least twice `longest` pixels.

    Works in bands, so that no second copy of a large picture is made.
    """
    from PIL import Image  # loaded late: see the module's docstring

    factor = max(image.size) // max(1, 2 * longest)
    if factor < 2:
        return plain(image)
    width, height = image.size
    step = factor * max(1, _BAND_PX // factor)
    bands = (plain(image.crop((0, top, width, min(height, top + step)))).reduce(factor) for top in range(0, height, step))
    first = next(bands)
    made = Image.new(first.mode, (first.width, -(-height // factor)))
    made.paste(first, (0, 0))
    for number, band in enumerate(bands, start=1):
        made.paste(band, (0, number * step // factor))
    made.info = {key: value for key, value in image.info.items() if key != "transparency"}
    return made


def measure(source: bytes | Path) -> tuple[int, int]:
    """Return (width, height) in pixels as a viewer shows the picture, read from its headers; nothing is decoded.

    Raises:
        Unreadable: Not an image of a known type, or its headers are broken.
        OSError: The path cannot be read.
    """
    with _opened(source) as (file, kind):
        image = _open(file, kind)
        try:
            turned = image.getexif().get(_EXIF_ORIENTATION) in _LYING
        except _DECODER_ERRORS:  # a broken orientation mark
            turned = False
        width, height = image.size
        return (height, width) if turned else (width, height)


def said(source: bytes | Path) -> Mapping[str, str]:
    """Return the short texts a picture says about itself, without decoding it; foreign text, like any other input.

    A PNG's text chunks before its pixels, or the JSON object in EXIF's ImageDescription, where the local backend puts it.

    Raises:
        Unreadable: Not an image of a known type, or its headers are broken.
        OSError: The path cannot be read.
    """
    with _opened(source) as (file, kind):
        image = _open(file, kind)
        if kind.name == "PNG":
            return {str(name): str(text) for name, text in image.info.items() if isinstance(text, str)}
        try:
            found = json.loads(str(image.getexif().get(_EXIF_DESCRIPTION, "")))
        except (*_DECODER_ERRORS, RecursionError):  # no such text, or one that is no JSON
            return {}
        return {str(name): str(text) for name, text in found.items()} if isinstance(found, dict) else {}


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


def blank(size: tuple[int, int], colour: str) -> Image.Image:
    """Return a sheet of one colour, 8-bit RGB; `size` is (width, height) in pixels."""
    from PIL import Image  # loaded late: see the module's docstring

    return Image.new("RGB", size, colour)


def pen(image: Image.Image) -> ImageDraw.ImageDraw:
    """Return something to draw and write on that picture with."""
    from PIL import ImageDraw  # loaded late: see the module's docstring

    return ImageDraw.Draw(image)


def letters(text: str, size: float, language: str = "en") -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """Return a font of so many pixels for these letters: Pillow's own, else one of this system, else what lacks the fewest.

    A letter that Chinese and Japanese share has a shape in each; `language` chooses.
    """
    from PIL import ImageFont  # loaded late: see the module's docstring

    best: ImageFont.FreeTypeFont | ImageFont.ImageFont = ImageFont.load_default(size)
    lacking = len(text) - legible(best, text)
    others = {font: None for chosen in (language, *_FONTS) for font in _FONTS.get(chosen, _FONTS[""])}
    for name, face in others:
        if not lacking:
            break
        try:
            font = ImageFont.truetype(name, size, index=face)
        except OSError:  # this system has no such font
            continue
        if (lacks := len(text) - legible(font, text)) < lacking:
            best, lacking = font, lacks
    return best


def legible(font: ImageFont.FreeTypeFont | ImageFont.ImageFont, text: str) -> int:
    """Return how many letters of the text the font has; blanks count as there."""
    nothing = font.getmask("\uffff")
    box = (nothing.size, bytes(nothing))
    masks = {letter: font.getmask(letter) for letter in set(text) if not letter.isspace()}
    has = {letter for letter, mask in masks.items() if (mask.size, bytes(mask)) != box}
    return sum(letter in has or letter.isspace() for letter in text)


@contextmanager
def _opened(source: bytes | Path) -> Iterator[tuple[BinaryIO, Kind]]:
    """The file, open, and its kind; a path is never read whole by us."""
    stream = nullcontext(io.BytesIO(source)) if isinstance(source, bytes) else source.open("rb")
    with stream as file:  # bytes stay open: the caller may go on to the next frame
        start = file.read(HEAD_BYTES)
        kind = sniff(start)
        if kind is None or kind.media != "image":
            raise Unreadable(
                "These bytes are not a picture of a known type (PNG, JPEG, WebP, GIF, AVIF).",
                key="error.not_a_picture", raw=start[:80].decode("utf-8", "backslashreplace"),
            )
        yield file, kind


def _survey(file: BinaryIO, kind: Kind) -> Survey:
    try:
        return survey(file, kind)
    except ValueError as error:
        raise _broken(kind, error) from error


def _as_opened(found: Survey, image: Image.Image) -> Survey:
    """Our survey, put right by the decoder's own reading of the headers."""
    frames = found.frames
    if image.format == "AVIF":  # of a GIF, Pillow would count by reading it all
        frames = int(getattr(image, "n_frames", 1))
    return replace(found, width=image.width, height=image.height, frames=frames)


def _excess(found: Survey, kind: Kind, most: int | None) -> Unreadable | None:
    """Why the first frame is not unpacked, or None where it may be."""
    pixels = MAX_PIXELS * (_JPEG_FACTOR if kind.name == "JPEG" else 1)
    if found.pixels > pixels or (most is not None and (found.endless or found.cost > most)):
        return _too_large(kind, (found.width, found.height))
    return None


def _is_film(found: Survey) -> bool:
    return found.frames > 1 and found.frames * found.pixels > MAX_ANIMATION_PIXELS


def _refuse(excess: Unreadable | None) -> None:
    if excess is not None:
        raise excess


def _open(file: BinaryIO, kind: Kind) -> Image.Image:
    """Read the header only, with the one reader that the bytes call for."""
    from PIL import Image  # loaded late: see the module's docstring

    bombs = (Image.DecompressionBombError, Image.DecompressionBombWarning)  # the warning where a caller made it one
    file.seek(0)
    try:
        return Image.open(file, formats=(kind.name,))
    except bombs as error:
        raise _too_large(kind) from error
    except _DECODER_ERRORS as error:
        raise _broken(kind, error) from error


def _load(image: Image.Image, kind: Kind) -> None:
    try:
        image.load()
    except _DECODER_ERRORS as error:
        raise _broken(kind, error) from error


def _draft(image: Image.Image, longest: int) -> None:
    """Ask the JPEG reader for a smaller picture, down to an eighth, still at least `longest` pixels long."""
    width, height = image.size
    scale = max(1, max(width, height) // max(1, longest))
    while width * height // scale**2 > MAX_PIXELS:
        scale *= 2
    image.draft(None, (max(1, width // scale), max(1, height // scale)))


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


def _flat(image: Image.Image) -> Image.Image:
    """8-bit RGB on white, since a JPEG has no transparency."""
    from PIL import Image  # loaded late: see the module's docstring

    seen = plain(image)
    if seen.mode == "RGB":
        return seen
    paper = Image.new("RGB", seen.size, "white")
    paper.paste(seen, mask=seen.getchannel("A"))
    return paper
