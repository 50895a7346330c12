"""Makes the hostile pictures for `images.py`: bombs, lies, halves and disguises, each with the outcomes we accept.

`shown` is kept and has a thumbnail, `kept` is kept and too costly to show, `aside` is set aside unopened, `dropped` is
not worth keeping (nothing came, or a web page).
"""

from __future__ import annotations

import io
import random
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from PIL import Image, ImageFile

__all__ = ["Case", "cases"]

SHOWN, KEPT, ASIDE, DROPPED = "shown", "kept", "aside", "dropped"


@dataclass(frozen=True)
class Case:
    """One file: its name, what makes its bytes, and the outcomes that are right. `quick` ones make the small dose."""

    name: str
    make: Callable[[], bytes]
    right: frozenset[str]
    quick: bool = True


def cases(rng: random.Random) -> Iterator[Case]:
    """All of them; cuts and flips fall where `rng` says."""

    def case(name: str, make: Callable[[], bytes], *right: str, quick: bool = True) -> Case:
        return Case(name, make, frozenset(right), quick)

    small = {kind: saved(Image.effect_noise((200, 160), 60).convert("RGB"), kind) for kind in ("PNG", "JPEG", "WEBP", "GIF", "AVIF")}

    # --- bombs: small files that unpack to much ---
    yield case("png of 88 megapixels", lambda: png(9_400, 9_400, flat=True), KEPT)
    yield case("png of 90 megapixels, one bit", lambda: png(9_500, 9_500, depth=1, colour=0, flat=True), KEPT)
    yield case("png that says 60,000 x 60,000", lambda: png(60_000, 60_000), KEPT)
    yield case("png that says 2^31 - 1 squared", lambda: png(2**31 - 1, 2**31 - 1), KEPT)
    yield case("png of width 0", lambda: png(0, 10), ASIDE)
    yield case("png of 401 frames", lambda: long_apng(401), KEPT)
    yield case("png with one text of 100 MB", lambda: png(60, 40, flat=True, extra=[(b"zTXt", b"a\0\0" + zeros(10**8))]), SHOWN, ASIDE, quick=False)
    yield case("png with 150 texts of 1 MB", lambda: png(60, 40, flat=True, extra=[(b"zTXt", b"a\0\0" + zeros(2**20 - 9))] * 150), SHOWN, KEPT, ASIDE)
    yield case("png with a colour profile of 100 MB", lambda: png(60, 40, flat=True, extra=[(b"iCCP", b"a\0\0" + zeros(10**8))]), SHOWN, ASIDE, quick=False)
    yield case("png with a million empty chunks", lambda: png(60, 40, flat=True, extra=[(b"teXt", b"")] * 10**6), KEPT, quick=False)
    yield case("jpeg that says 65,500 x 65,500", lambda: resized_jpeg(small["JPEG"], 65_500, 65_500), KEPT)
    yield case("progressive jpeg that says 81 megapixels", lambda: resized_jpeg(saved(noise(64, 64), "JPEG", progressive=True), 9_000, 9_000), KEPT)
    yield case("jpeg of 58 MB of colour profile", lambda: stuffed_jpeg(small["JPEG"], 0xE2, b"ICC_PROFILE\0\1\1" + bytes(65_000), 900), SHOWN, KEPT, quick=False)
    yield case("jpeg with a million empty segments", lambda: stuffed_jpeg(small["JPEG"], 0xEF, b"", 10**6), KEPT, quick=False)
    yield case("gif of 200 frames, 3.2 GB unpacked", lambda: long_gif(200, 2_000), KEPT)
    yield case("gif of a screen of 65,535 squared", lambda: small["GIF"][:6] + b"\xff" * 4 + small["GIF"][10:], KEPT)
    yield case("gif whose frame sticks out of its screen", lambda: wide_frame(small["GIF"]), KEPT)
    yield case("gif of blocks of one byte", lambda: small["GIF"][:-1] + b"\x21\xfe" + b"\x01a" * 2_000_000 + b"\0;", KEPT, quick=False)
    yield case("webp film of 401 frames", lambda: long_webp(401), KEPT)
    yield case("webp that says 16,384 squared", lambda: lossless_header(16_384, 16_384), KEPT)
    yield case("webp with a canvas of 2^24 squared", lambda: riff(b"VP8X" + struct.pack("<I", 10) + b"\0" * 4 + b"\xff" * 6), KEPT)
    yield case("webp film on a canvas of 16,383 squared", lambda: on_canvas(long_webp(3), 16_383), KEPT)
    yield case("avif that says 30,000 squared", lambda: says_avif(small["AVIF"], 30_000), KEPT)
    yield case("avif that says less than it is", lambda: says_avif(saved(noise(900, 900), "AVIF", speed=10), 10), SHOWN, ASIDE)

    # --- honest pictures at the edge of what we unpack: they must be decoded and shown within the bound ---
    yield case("whole png, 40 megapixels with alpha", lambda: png(8_000, 5_000, colour=6, flat=True), SHOWN, quick=False)
    yield case("whole png, 40 megapixels of 16 bits", lambda: png(8_000, 5_000, depth=16, flat=True), SHOWN, quick=False)
    yield case("whole png, 40 megapixels of palette", lambda: png(8_000, 5_000, colour=3, flat=True, extra=[(b"PLTE", bytes(768))]), SHOWN, quick=False)
    yield case("whole png, 40 megapixels of grey", lambda: png(8_000, 5_000, colour=0, flat=True), SHOWN, quick=False)
    yield case("whole jpeg, 45 megapixels", lambda: saved(Image.new("RGB", (9_000, 5_000), "teal"), "JPEG"), SHOWN, quick=False)
    yield case("whole progressive jpeg, 25 megapixels", lambda: saved(tiled(5_000, 5_000), "JPEG", progressive=True, subsampling=0), SHOWN, quick=False)
    yield case("whole webp, 10 megapixels", lambda: saved(tiled(3_200, 3_100).convert("RGBA"), "WEBP", quality=60, method=0), SHOWN, quick=False)
    yield case("whole lossless webp, 10 megapixels", lambda: saved(Image.new("RGBA", (3_200, 3_100), (9, 9, 9, 99)), "WEBP", lossless=True, method=0), SHOWN, quick=False)
    yield case("whole avif, 10 megapixels", lambda: saved(tiled(3_200, 3_100), "AVIF", speed=10, subsampling="4:4:4"), SHOWN, quick=False)
    yield case("whole gif, 40 megapixels", lambda: saved(Image.new("P", (8_000, 5_000)), "GIF"), SHOWN, quick=False)
    yield case("whole png film", lambda: long_apng(5), SHOWN)

    # --- halves and flips ---
    for kind, data in small.items():
        for part in (0.25, 0.6, 0.95):
            cut = int(len(data) * part) - rng.randrange(20)
            yield case(f"{kind} cut at {part:.0%}", lambda data=data, cut=cut: data[:cut], ASIDE, quick=part == 0.6)
        yield case(f"{kind} with flipped bits", lambda data=data: flipped(data, rng), SHOWN, KEPT, ASIDE)
    yield case("png without its end", lambda: small["PNG"][:-12], ASIDE)
    yield case("png with a wrong checksum", lambda: small["PNG"][:29] + b"oops" + small["PNG"][33:], ASIDE)

    # --- disguises, all named as pictures by their link ---
    yield case("eps", lambda: b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9999 9999\n" + bytes(99), ASIDE)
    yield case("tiff", lambda: saved(noise(20, 20), "TIFF"), ASIDE)
    yield case("psd", lambda: b"8BPS\0\1" + bytes(6) + b"\0\3\0\0\x75\x30\0\0\x75\x30\0\x08\0\3" + bytes(60), ASIDE)
    yield case("bmp", lambda: saved(noise(20, 20), "BMP"), ASIDE)
    yield case("svg with a script", lambda: b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", ASIDE)
    yield case("login page", lambda: b"<!DOCTYPE html><html><title>Sign in</title></html>", DROPPED)
    yield case("login page in UTF-16", lambda: "<html><title>Sign in".encode("utf-16"), DROPPED)
    yield case("nothing", lambda: b"", DROPPED)
    yield case("one byte", lambda: b"\x89", ASIDE)
    yield case("a bare signature", lambda: b"\x89PNG\r\n\x1a\n", ASIDE)
    yield case("noise", lambda: rng.randbytes(5_000), ASIDE)
    yield case("pdf", lambda: b"%PDF-1.7\n" + bytes(99), ASIDE)
    yield case("gzip bomb", lambda: zlib.compress(bytes(10**8), wbits=31), ASIDE, quick=False)
    yield case("png with a page behind it", lambda: small["PNG"] + b"<html><script>alert(1)</script>", SHOWN)
    yield case("jpeg with an archive behind it", lambda: small["JPEG"] + b"PK\3\4" + bytes(500), SHOWN)
    yield case("gif that is a script too", lambda: b"GIF89a/*" + small["GIF"][8:] + b"*/=alert(1)//", SHOWN, KEPT, ASIDE)
    yield case("heic", lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99), ASIDE)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    """The picture as a file of that kind."""
    file, ImageFile.MAXBLOCK = io.BytesIO(), 2**25  # a progressive JPEG is written in one go
    image.save(file, kind, **options)
    ImageFile.MAXBLOCK = 2**16
    return file.getvalue()


def noise(width: int, height: int) -> Image.Image:
    return Image.effect_noise((width, height), 60).convert("RGB")


def tiled(width: int, height: int) -> Image.Image:
    """A large picture with some detail, quickly."""
    tile, image = noise(500, 500), Image.new("RGB", (width, height))
    for left in range(0, width, 500):
        for top in range(0, height, 500):
            image.paste(tile, (left, top))
    return image


def zeros(size: int) -> bytes:
    """That many zero bytes, compressed in pieces."""
    packer, piece = zlib.compressobj(1), bytes(2**20)
    parts = [packer.compress(piece) for _ in range(size // len(piece))]
    return b"".join([*parts, packer.compress(bytes(size % len(piece))), packer.flush()])


def chunk(name: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def png(width: int, height: int, *, depth: int = 8, colour: int = 2, flat: bool = False, extra: list[tuple[bytes, bytes]] | None = None) -> bytes:
    """A black PNG of that size; whole if `flat`, else with a few kilobytes of its pixels."""
    samples = {0: 1, 2: 3, 3: 1, 6: 4}[colour]
    line = 1 + (width * samples * depth + 7) // 8
    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    pixels = zeros(line * height if flat else 9_000)
    others = b"".join(chunk(*each) for each in extra or [])
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + others + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def film(kind: str, frames: int, side: int) -> bytes:
    first, *others = [Image.new("L", (side, side), index * 50) for index in range(frames)]
    return saved(first, kind, save_all=True, append_images=others)


def long_gif(frames: int, side: int) -> bytes:
    two = film("GIF", 2, side)
    last = two.rindex(b"\x21\xf9\x04")
    return two[:last] + two[last:-1] * (frames - 1) + b";"


def long_apng(frames: int) -> bytes:
    two = film("PNG", 2, 1_000)
    at = two.index(b"acTL") - 4
    return two[:at] + chunk(b"acTL", struct.pack(">II", frames, 0)) + two[at + 20 :]


def long_webp(frames: int) -> bytes:
    two = film("WEBP", 2, 1_000)
    last = two.rindex(b"ANMF")
    return riff(two[12:last] + two[last:] * (frames - 1))


def riff(body: bytes) -> bytes:
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def on_canvas(webp: bytes, side: int) -> bytes:
    return webp[:24] + (side - 1).to_bytes(3, "little") * 2 + webp[30:]


def lossless_header(width: int, height: int) -> bytes:
    return riff(b"VP8L" + struct.pack("<IBI", 9, 0x2F, (width - 1) | (height - 1) << 14) + bytes(8))


def resized_jpeg(data: bytes, width: int, height: int) -> bytes:
    at = next(at for marker in (b"\xff\xc0\x00\x11", b"\xff\xc2\x00\x11") if (at := data.find(marker)) >= 0)
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def stuffed_jpeg(data: bytes, marker: int, content: bytes, count: int) -> bytes:
    return data[:2] + (bytes([0xFF, marker]) + struct.pack(">H", len(content) + 2) + content) * count + data[2:]


def wide_frame(gif: bytes) -> bytes:
    at = gif.index(b"\x2c", 13 + (3 << (gif[10] & 7) + 1))
    return gif[: at + 5] + b"\xff" * 4 + gif[at + 9 :]


def says_avif(data: bytes, side: int) -> bytes:
    at = data.index(b"ispe") + 8
    return data[:at] + struct.pack(">II", side, side) + data[at + 8 :]


def flipped(data: bytes, rng: random.Random) -> bytes:
    made = bytearray(data)
    for _ in range(4):
        made[rng.randrange(40, len(made))] ^= 1 << rng.randrange(8)
    return bytes(made)
