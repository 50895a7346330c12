"""What a file is, told from its first bytes. Names, endings and Content-Type headers are claims; this is the evidence.

The list is an allow-list: what is not on it (SVG, TIFF, EPS, HTML, ...) has no kind here, and is neither kept nor sent
as a picture. Pure: no file is opened and nothing is decoded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["HEAD_BYTES", "KINDS", "Kind", "is_page", "sniff"]

HEAD_BYTES = 4096
"""How much of a file is enough to tell what it is."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One file type we keep: its name for people (which is also Pillow's for images), MIME type and file ending."""

    name: str
    mime: str
    ending: str
    media: Literal["image", "video", "audio"]


_PNG = Kind("PNG", "image/png", "png", "image")
_JPEG = Kind("JPEG", "image/jpeg", "jpg", "image")
_WEBP = Kind("WEBP", "image/webp", "webp", "image")
_GIF = Kind("GIF", "image/gif", "gif", "image")
_AVIF = Kind("AVIF", "image/avif", "avif", "image")
_MP4 = Kind("MP4", "video/mp4", "mp4", "video")
_MOV = Kind("MOV", "video/quicktime", "mov", "video")
_WEBM = Kind("WebM", "video/webm", "webm", "video")
_MP3 = Kind("MP3", "audio/mpeg", "mp3", "audio")
_WAV = Kind("WAV", "audio/wav", "wav", "audio")

KINDS: tuple[Kind, ...] = (_PNG, _JPEG, _WEBP, _GIF, _AVIF, _MP4, _MOV, _WEBM, _MP3, _WAV)


def sniff(data: bytes) -> Kind | None:
    """Return the kind of a file from its bytes (the first few kilobytes are enough), or None when it is not ours."""
    return next((kind for looks_like, kind in _SIGNS if looks_like(data)), None)


def is_page(data: bytes) -> bool:
    """Return whether a file begins as an HTML page: a login or an "expired" page, not something that was made for us.

    A page inside something else (an SVG with HTML in it) does not count.
    """
    start = data[:HEAD_BYTES].replace(b"\x00", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()  # UTF-16 too
    place = min((at for mark in _PAGE_MARKS if (at := start.find(mark)) >= 0), default=-1)
    return start.startswith(b"<") and place >= 0 and b"<svg" not in start[:place]


_PAGE_MARKS = (b"<!doctype html", b"<html", b"<head", b"<title", b"<body", b"<meta", b"<script")


def _riff(data: bytes) -> bytes:
    return data[8:12] if data[:4] == b"RIFF" else b""


def _brands(data: bytes) -> tuple[bytes, ...]:
    """The major and compatible brands of an ISO base media file (ISO/IEC 14496-12, `ftyp`); empty for others."""
    if data[4:8] != b"ftyp":
        return ()
    end = min(int.from_bytes(data[:4], "big"), 256, len(data))
    return (data[8:12], *(data[at : at + 4] for at in range(16, end - 3, 4)))


def _is_avif(data: bytes) -> bool:
    return any(brand in (b"avif", b"avis") for brand in _brands(data))


def _is_mov(data: bytes) -> bool:
    return _brands(data)[:1] == (b"qt  ",) or data[4:8] in (b"moov", b"wide", b"mdat")


def _is_mp4(data: bytes) -> bool:
    """Any profile of MP4 video; HEIF pictures and M4A sound share the container and are not on the list."""
    brands = _brands(data)
    if not brands or brands[0] in (b"heic", b"heix", b"mif1", b"msf1", b"M4A ", b"M4B ", b"crx "):
        return False
    return any(brand[:3] in (b"iso", b"mp4", b"avc", b"M4V", b"hvc", b"das", b"MSN", b"3gp") for brand in brands)


def _is_webm(data: bytes) -> bool:
    """EBML whose DocType (element 42 82) is webm; other Matroska files are not on the list."""
    return data[:4] == b"\x1a\x45\xdf\xa3" and b"\x42\x82\x84webm" in data[:64]


def _is_mp3(data: bytes) -> bool:
    return data[:3] == b"ID3" or bool((step := _mp3_frame(data)) and (len(data) <= step or _mp3_frame(data[step:])))


def _mp3_frame(data: bytes) -> int:
    """Length in bytes of the MPEG Layer III frame at the start (ISO 11172-3, 13818-3), 0 where there is none."""
    if len(data) < 4 or data[0] != 0xFF or data[1] & 0xE6 != 0xE2:
        return 0
    version, rate, pace = data[1] >> 3 & 3, data[2] >> 4, data[2] >> 2 & 3
    if version == 1 or rate in (0, 15) or pace == 3:
        return 0
    first = version == 3
    kilobits = (_MPEG1 if first else _MPEG2)[rate]
    hertz = (44100, 48000, 32000)[pace] >> {3: 0, 2: 1, 0: 2}[version]
    return (144 if first else 72) * kilobits * 1000 // hertz + (data[2] >> 1 & 1)


_MPEG1 = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MPEG2 = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)

_SIGNS: tuple[tuple[Callable[[bytes], bool], Kind], ...] = (
    (lambda data: data.startswith(b"\x89PNG\r\n\x1a\n"), _PNG),
    (lambda data: data.startswith(b"\xff\xd8\xff"), _JPEG),
    (lambda data: _riff(data) == b"WEBP", _WEBP),
    (lambda data: data[:6] in (b"GIF87a", b"GIF89a"), _GIF),
    (_is_avif, _AVIF),
    (_is_mov, _MOV),
    (_is_mp4, _MP4),
    (_is_webm, _WEBM),
    (lambda data: _riff(data) == b"WAVE", _WAV),
    (_is_mp3, _MP3),
)
