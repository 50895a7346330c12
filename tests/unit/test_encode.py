"""From an image to a file: the format, and what the file says about itself."""

from __future__ import annotations

import io
import json

import pytest
from PIL import Image, ImageCms

from ipydarkroom.local.scenery.encode import SOFTWARE, encode

IMAGE = Image.new("RGB", (20, 10), (200, 100, 50))
FACTS = {"prompt": "海, a fox \ud800", "seed": "7"}


def opened(form: str, facts: dict[str, str] = FACTS, **rest) -> Image.Image:
    """The image, written and read again."""
    return Image.open(io.BytesIO(encode(IMAGE, form, facts, **rest)))


def test_png_holds_the_facts_as_text() -> None:
    """International text chunks by their names; what no file can hold is replaced."""
    found = opened("png")

    assert SOFTWARE == found.text["Software"]
    assert ("海, a fox ?", "7") == (found.text["prompt"], found.text["seed"])


@pytest.mark.parametrize("form", ["jpeg", "webp"])
def test_jpeg_and_webp_hold_them_in_exif(form: str) -> None:
    """Software by its tag, the facts as JSON in the description."""
    exif = opened(form).getexif()

    assert SOFTWARE == exif[0x0131]
    assert FACTS == json.loads(exif[0x010E])


def test_a_jpeg_says_so_in_its_comment_too() -> None:
    """For programs that read no EXIF."""
    assert SOFTWARE.encode() == opened("jpeg").info["comment"]


@pytest.mark.parametrize("form", ["png", "jpeg", "webp"])
def test_very_long_facts_do_not_break_the_file(form: str) -> None:
    """A JPEG's EXIF block has 64 kB at most; names with odd characters are shortened."""
    facts = {"width×height": "夜" * 30_000, "x" * 200: "y" * 70_000, "": "nameless", "n\0ul": "z"}

    assert (20, 10) == opened(form, facts).size


def test_another_format_is_an_error() -> None:
    """It names the three that are written."""
    with pytest.raises(ValueError, match="png, jpeg or webp"):
        encode(IMAGE, "tiff", {})


@pytest.mark.parametrize("form", ["png", "jpeg", "webp"])
def test_a_colour_profile_is_passed_on(form: str) -> None:
    """The source's own profile stays with its colours."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()

    assert profile == opened(form, icc=profile).info["icc_profile"]
