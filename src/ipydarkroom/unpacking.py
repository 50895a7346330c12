"""What a picture would take to unpack, told from its file before any decoder sees it: size, frames, memory. Pure reading.

A decoder is asked too late: it allocates what the header announces, keeps what it finds in chunks, and by the time its
own limits speak the memory is spent. The walks here are bounded themselves, and read only headers.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

if TYPE_CHECKING:
    from .kinds import Kind

__all__ = ["Survey", "survey"]

_MOST_PIECES = 100_000  # chunks, segments, frames; libpng writes 8 kB a chunk, so 64 MiB have 8,192
_MOST_BLOCKS = 1_000_000  # GIF blocks of up to 255 bytes: what 64 MiB have if each is at least a quarter full
_TEXT = 2**20
_HEAD = 2**16
_SIZED = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})  # JPEG: the markers of a frame header (ITU T.81, B.1.1.3)


@dataclass(frozen=True, slots=True)
class Survey:
    """What a picture's headers announce.

    `bytes_per_pixel` is what Pillow was measured to take for the first frame (13.0, all buffers together, on top of the
    file itself). A JPEG's is for an eighth of its size, which is all that proving it whole needs. `frames` counts up to
    the limit of our patience: `endless` says that this file has more pieces than any honest one. Width and height 0: the
    headers we read do not say.
    """

    width: int
    height: int
    frames: int = 1
    bytes_per_pixel: float = 4.0
    overhead: int = 0
    endless: bool = False

    @property
    def pixels(self) -> int:
        """Of one frame."""
        return self.width * self.height

    @property
    def cost(self) -> float:
        """Bytes of memory to unpack the first frame: `bytes_per_pixel` for each, and `overhead` for what is beside them."""
        return self.pixels * self.bytes_per_pixel + self.overhead


def survey(file: BinaryIO, kind: Kind) -> Survey:
    """Read the headers of a picture of this kind. The file is left anywhere.

    Raises:
        ValueError: The headers are broken or cut short.
    """
    file.seek(0)
    return _READERS[kind.name](file)


def _exactly(file: BinaryIO, size: int) -> bytes:
    data = file.read(size)
    if len(data) < size:
        raise ValueError("the file ends inside its headers")
    return data


# --- PNG (ISO/IEC 15948): 4 bytes to the pixel in memory, whatever the depth; a palette is one, and four when shown ---


def _png(file: BinaryIO) -> Survey:
    start = _exactly(file, 33)
    if start[12:16] != b"IHDR":
        raise ValueError("no IHDR chunk at the start")
    width, height = (int.from_bytes(start[at : at + 4], "big") for at in (16, 20))
    frames, beside, ended = 1, 0, False
    for count, (name, length) in enumerate(_png_chunks(file)):
        if count > _MOST_PIECES:
            return Survey(width, height, frames, endless=True)
        if name == b"acTL" and length >= 4:
            frames = max(1, int.from_bytes(file.read(4), "big"))
        if name in (b"zTXt", b"iTXt", b"iCCP"):
            beside += length + _TEXT  # may be packed; Pillow unpacks at most so much of each
        elif name != b"IDAT":
            beside += length
        ended = name == b"IEND"
    if not ended:
        raise ValueError("the file ends before its last chunk")
    return Survey(width, height, frames, overhead=beside)


def _png_chunks(file: BinaryIO) -> Iterator[tuple[bytes, int]]:
    """Name and length of each chunk after IHDR; the file stands at the content."""
    at = 33
    while len(head := file.read(8)) == 8:
        length, name = int.from_bytes(head[:4], "big"), head[4:]
        yield name, length
        if name == b"IEND":
            return
        at += 12 + length
        file.seek(at)


# --- JPEG (ITU T.81): one scan is unpacked line by line; with several, every coefficient waits for the last scan ---


def _jpeg(file: BinaryIO) -> Survey:
    at, size, parts, interlaced, beside = 2, (0, 0), 0, False, 0
    for _ in range(_MOST_PIECES):
        file.seek(at)
        head = _exactly(file, 4)
        if head[0] != 0xFF:  # stray bytes between segments: readers skip them, so we do
            at += 1
            continue
        marker = head[1]
        if marker == 0xFF:
            at += 1
        elif marker == 0x01 or 0xD0 <= marker <= 0xD8:  # markers that stand alone
            at += 2
        elif marker == 0xD9:
            break
        elif marker in _SIZED:
            frame = _exactly(file, 6)
            size, parts = (int.from_bytes(frame[3:5], "big"), int.from_bytes(frame[1:3], "big")), frame[5]
            interlaced = marker in (0xC2, 0xC6, 0xCA, 0xCE)
            at += 2 + int.from_bytes(head[2:], "big")
        elif marker == 0xDA:
            several = interlaced or _exactly(file, 1)[0] < parts
            return Survey(*size, bytes_per_pixel=0.5 + (2.0 * parts if several else 0.0), overhead=2 * beside)
        else:
            beside += int.from_bytes(head[2:], "big")
            at += 2 + int.from_bytes(head[2:], "big")
    else:
        return Survey(*size, endless=True)
    raise ValueError("there is no picture in the file")


# --- WebP (RFC 9649): two canvases, a copy of one, and ours ---


def _webp(file: BinaryIO) -> Survey:
    head, whole = _exactly(file, 30), 2 * file.seek(0, 2)  # the file is held in memory, and its metadata again
    width, height = _webp_size(head)
    if head[12:16] != b"VP8X":
        return Survey(width, height, 1, 16.0, whole)
    frames, at = 0, 12
    for _ in range(_MOST_PIECES):
        file.seek(at)
        if len(piece := file.read(8)) < 8:
            return Survey(width, height, max(1, frames), 16.0, whole)
        frames += piece[:4] == b"ANMF"
        length = int.from_bytes(piece[4:], "little")
        at += 8 + length + length % 2
    return Survey(width, height, frames, 16.0, whole, endless=True)


def _webp_size(head: bytes) -> tuple[int, int]:
    match head[12:16]:
        case b"VP8X":
            return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
        case b"VP8L" if head[20] == 0x2F:
            bits = int.from_bytes(head[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 " if head[23:26] == b"\x9d\x01\x2a":
            return int.from_bytes(head[26:28], "little") & 0x3FFF, int.from_bytes(head[28:30], "little") & 0x3FFF
    raise ValueError("there is no picture in the file")


# --- GIF (GIF89a, sections 17 to 27) ---


def _gif(file: BinaryIO) -> Survey:
    head = _exactly(file, 13)
    width, height = int.from_bytes(head[6:8], "little"), int.from_bytes(head[8:10], "little")
    file.seek(_colours(head[10]), 1)
    frames, blocks, beside = 0, 0, 0
    while (kind := file.read(1)) not in (b"", b";"):
        if kind == b"\x2c":
            frame = _exactly(file, 9)
            left, top, across, down = (int.from_bytes(frame[at : at + 2], "little") for at in (0, 2, 4, 6))
            if not frames:  # a first frame that sticks out makes the canvas larger, as Pillow does
                width, height = max(width, left + across), max(height, top + down)
            file.seek(_colours(frame[8]) + 1, 1)
            frames += 1
        elif kind == b"\x21":
            _exactly(file, 1)
        else:
            break
        while length := _exactly(file, 1)[0]:
            file.seek(length, 1)
            beside += length if kind == b"\x21" else 0
            blocks += 1
            if blocks > _MOST_BLOCKS:
                return Survey(width, height, max(1, frames), endless=True)
    if not frames:
        raise ValueError("there is no picture in the file")
    return Survey(width, height, frames, overhead=2 * beside)


def _colours(flags: int) -> int:
    """Size in bytes of the colour table that these flags announce."""
    return 3 << (flags & 7) + 1 if flags & 0x80 else 0


# --- AVIF (ISO/IEC 23008-12): planes, their RGB, a copy and ours; twice the planes above 8 bits ---


def _avif(file: BinaryIO) -> Survey:
    """The largest `ispe` (width and height of an image item) in the first 64 kB, where writers put the headers."""
    head, at, sizes = file.read(_HEAD), 0, []
    while (at := head.find(b"ispe", at)) >= 0:
        if at + 16 <= len(head):
            sizes.append((int.from_bytes(head[at + 8 : at + 12], "big"), int.from_bytes(head[at + 12 : at + 16], "big")))
        at += 4
    width, height = max(sizes, key=lambda size: size[0] * size[1], default=(0, 0))
    return Survey(width, height, 1, 16.0, 2 * file.seek(0, 2))


_READERS = {"PNG": _png, "JPEG": _jpeg, "WEBP": _webp, "GIF": _gif, "AVIF": _avif}
