"""From an image to the bytes of a file, with what it was made with in the file's own metadata."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping

from PIL import Image, PngImagePlugin

__all__ = ["SOFTWARE", "encode"]

SOFTWARE = "ipydarkroom (local backend)"
_EXIF_DESCRIPTION, _EXIF_SOFTWARE = 0x010E, 0x0131
_LONGEST, _LONGEST_ALL = 4_000, 60_000  # characters; a JPEG's whole EXIF block must stay under 64 kB
_LARGE = 6_000_000  # pixels from which the WebP encoder is told to hurry


def encode(image: Image.Image, form: str, facts: Mapping[str, str], *, icc: bytes | None = None) -> bytes:
    """Write an RGB image as `png`, `jpeg` or `webp`.

    The file says that it was made locally: PNG text chunks `Software` and one per fact (its name shortened to 79
    Latin characters, as PNG asks), EXIF `Software` and the facts as JSON in `ImageDescription` otherwise. `icc` is a
    colour profile to pass on.

    Raises:
        ValueError: Another format was asked for.
    """
    out = io.BytesIO()
    if form == "png":
        # Level 2 is the knee: level 6 takes four times as long for a tenth less, as grain does not compress.
        image.save(out, "PNG", compress_level=2, pnginfo=_text(facts), icc_profile=icc)
    elif form == "jpeg":
        image.save(out, "JPEG", quality=93, subsampling=0, exif=_exif(facts), comment=SOFTWARE, icc_profile=icc)
    elif form == "webp":
        hurry = image.width * image.height > _LARGE
        image.save(out, "WEBP", quality=90, method=1 if hurry else 3, exif=_exif(facts), icc_profile=icc)
    else:
        raise ValueError(f"{form!r} is not a format the local backend writes: ask for png, jpeg or webp")
    return out.getvalue()


def _text(facts: Mapping[str, str]) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("Software", SOFTWARE)
    for name, value in facts.items():
        title = _writable(name).replace("\0", " ")
        keyword = title.encode("latin-1", "replace").decode("latin-1")[:79].strip() or "fact"
        info.add_itxt(keyword, _writable(value), tkey=title)
    return info


def _writable(text: str) -> str:
    """The text without lone surrogates, which no file can hold."""
    return text.encode("utf-8", "replace").decode()


def _exif(facts: Mapping[str, str]) -> Image.Exif:
    exif = Image.Exif()
    exif[_EXIF_SOFTWARE] = SOFTWARE
    if facts:
        short = {name: value[:_LONGEST] for name, value in facts.items()}
        exif[_EXIF_DESCRIPTION] = json.dumps(short)[:_LONGEST_ALL]  # ASCII: other letters as \uXXXX
    return exif
