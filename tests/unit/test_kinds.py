"""A file's kind comes from its bytes, by an allow-list."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from ipydarkroom.kinds import KINDS, is_page, sniff

MP3_FRAME = b"\xff\xfb\x90\x00".ljust(417, b"\x00")  # MPEG 1 Layer III, 128 kbit/s, 44.1 kHz


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
def test_what_pillow_writes_is_recognised(name: str) -> None:
    """Each image kind is told from a real file of that kind."""
    file = io.BytesIO()
    Image.new("RGB", (8, 8)).save(file, name)

    kind = sniff(file.getvalue())

    assert kind is not None
    assert (name, "image") == (kind.name, kind.media)


@pytest.mark.parametrize(
    ("start", "mime"),
    [
        (b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41", "video/mp4"),
        (b"\x00\x00\x00\x18ftypXXXX\x00\x00\x02\x00isommp42", "video/mp4"),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x02\x00qt  ", "video/quicktime"),
        (b"\x00\x00\x00\x08wide\x00\x00\x00\x00mdat", "video/quicktime"),
        (b"\x1a\x45\xdf\xa3\x9f\x42\x86\x81\x01\x42\xf7\x81\x01\x42\x82\x84webm", "video/webm"),
        (b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav"),
        (b"ID3\x04\x00\x00\x00\x00\x00\x00", "audio/mpeg"),
        (MP3_FRAME, "audio/mpeg"),
        (MP3_FRAME * 2, "audio/mpeg"),
    ],
)
def test_video_and_sound_are_told_by_signature(start: bytes, mime: str) -> None:
    """Containers name themselves in their first bytes."""
    kind = sniff(start)

    assert kind is not None
    assert mime == kind.mime


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>",
        b"<!doctype html><title>Log in</title>",
        b'{"error": "expired"}',
        b"%!PS-Adobe-3.0 EPSF-3.0",
        b"II*\x00" + bytes(64),
        b"8BPS\x00\x01",
        b"BM" + bytes(60),
        b"RIFF\x00\x00\x00\x00AVI ",
        b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic",
        b"\x00\x00\x00\x18ftypM4A \x00\x00\x00\x00M4A isom",
        b"\x1a\x45\xdf\xa3\x9f\x42\x82\x88matroska",
        b"\xff\xfb\x90\x00" + b"\x01" * 1000,  # one frame header, then nothing like a second
        b"\xff" * 100,
    ],
)
def test_what_is_not_on_the_list_has_no_kind(data: bytes) -> None:
    """Scripts, pages, other image types and noise are nothing we keep."""
    assert sniff(data) is None


def test_no_signature_breaks_on_short_data() -> None:
    """Every prefix of a file, down to nothing, is answered without an error."""
    starts = [b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41", b"RIFF\x24\x00\x00\x00WAVE", MP3_FRAME[:8]]

    answers = {sniff(start[:end]) for start in starts for end in range(len(start) + 1)}

    assert answers <= {None, *KINDS}


def test_endings_and_types_are_unique() -> None:
    """A kind can be found again by its ending or its MIME type."""
    assert len(KINDS) == len({kind.ending for kind in KINDS}) == len({kind.mime for kind in KINDS})


@pytest.mark.parametrize(
    ("data", "page"),
    [
        (b"<!doctype html><p>expired", True),
        (b"\r\n <HTML>", True),
        (b"<?xml version='1.0'?><!DOCTYPE html PUBLIC>", True),
        ("<html>".encode("utf-16"), True),
        (b"<svg xmlns='x'><foreignObject><html/></foreignObject></svg>", False),
        (b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>", False),
        (b"GIF89a<html>", False),
        (b"", False),
    ],
)
def test_a_web_page_is_told_by_its_beginning(data: bytes, page: bool) -> None:
    """A login page is one; an SVG with HTML in it, and a picture with HTML in a comment, are not."""
    assert page is is_page(data)
