"""What a picture was made with goes into its container, and not a pixel changes."""

from __future__ import annotations

import io
import json
import struct
import zlib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ipydarkroom.jobs import JobRecord
from ipydarkroom.metadata import beside, embed, facts_of, read, written

FACTS = {
    "made_with": "ipydarkroom",
    "model": "a/model",
    "inputs": {"prompt": "狐 \"fox\" <&> 'x' \u202e \n\t\x00 &amp; \\u0041 ]]>", "width×height": "2K", "seed": 0},
}
MIMES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}


def picture(name: str, mode: str = "RGB", size: tuple[int, int] = (37, 23), **options: object) -> bytes:
    file = io.BytesIO()
    Image.effect_noise(size, 80).convert(mode).save(file, name, **options)
    return file.getvalue()


def pixels(data: bytes) -> tuple[str, tuple[int, int], bytes]:
    with Image.open(io.BytesIO(data)) as image:
        image.load()
        return image.mode, image.size, image.tobytes()


CASES = {
    "PNG": ("PNG", picture("PNG")),
    "PNG with alpha": ("PNG", picture("PNG", "RGBA")),
    "PNG with palette": ("PNG", picture("PNG", "P")),
    "JPEG": ("JPEG", picture("JPEG")),
    "progressive JPEG": ("JPEG", picture("JPEG", progressive=True)),
    "grey JPEG": ("JPEG", picture("JPEG", "L")),
    "JPEG with Exif": ("JPEG", picture("JPEG", exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x00\x00\x00\x00\x00")),
    "lossy WebP": ("WEBP", picture("WEBP", quality=60)),
    "lossless WebP": ("WEBP", picture("WEBP", lossless=True)),
    "lossless WebP with alpha": ("WEBP", picture("WEBP", "RGBA", lossless=True)),
    "lossy WebP with alpha": ("WEBP", picture("WEBP", "RGBA", quality=50)),
    "odd-sized WebP": ("WEBP", picture("WEBP", size=(1, 1))),
}


@pytest.mark.parametrize("case", CASES)
def test_the_facts_come_back_and_no_pixel_changes(case: str) -> None:
    """A picture with facts inside decodes to the very same bytes, and the facts read back equal."""
    name, data = CASES[case]

    made = embed(data, MIMES[name], FACTS)

    assert FACTS == read(made)
    assert pixels(data) == pixels(made)


@pytest.mark.parametrize("case", CASES)
def test_facts_are_replaced_not_piled_up(case: str) -> None:
    """Embedding again leaves one set of facts, the new one, and the same length."""
    name, data = CASES[case]
    once = embed(data, MIMES[name], {**FACTS, "model": "b/model"})

    twice = embed(once, MIMES[name], FACTS)

    assert FACTS == read(twice)
    assert len(once) == len(twice)
    assert twice == embed(data, MIMES[name], FACTS)


def test_other_tools_can_read_them() -> None:
    """Pillow shows the PNG text under our name, and the XMP of JPEG and WebP."""
    png = Image.open(io.BytesIO(embed(CASES["PNG"][1], "image/png", FACTS)))
    jpeg = Image.open(io.BytesIO(embed(CASES["JPEG"][1], "image/jpeg", FACTS)))
    webp = Image.open(io.BytesIO(embed(CASES["lossy WebP"][1], "image/webp", FACTS)))

    assert FACTS == json.loads(png.text["ipydarkroom"])
    assert b"ipydarkroom:facts" in jpeg.info["xmp"]
    assert b"ipydarkroom:facts" in webp.info["xmp"]


def test_foreign_metadata_is_kept() -> None:
    """Text, Exif and XMP that were there stay, beside ours."""
    foreign = b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="r"><a about="theirs"/></rdf:RDF></x:xmpmeta>'
    jpeg = embed(picture("JPEG", xmp=foreign), "image/jpeg", FACTS)
    webp = embed(picture("WEBP", xmp=foreign, exif=b"Exif\x00\x00MM"), "image/webp", FACTS)

    for made in (jpeg, webp):
        assert FACTS == read(made)
        assert b'about="theirs"' in Image.open(io.BytesIO(made)).info["xmp"]
        assert made.count(b"<rdf:RDF") == 1
    assert b"MM" in Image.open(io.BytesIO(webp)).info["exif"]


def test_an_animation_keeps_its_frames() -> None:
    """A moving WebP still has all its frames, and says what it was made with."""
    file = io.BytesIO()
    frames = [Image.new("RGB", (20, 20), colour) for colour in ("red", "green", "blue")]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])

    made = embed(file.getvalue(), "image/webp", FACTS)

    assert FACTS == read(made)
    assert 3 == Image.open(io.BytesIO(made)).n_frames


@pytest.mark.parametrize("mime", ["image/gif", "image/avif", "video/mp4", "audio/wav", "x"])
def test_other_types_stay_as_they_are(mime: str) -> None:
    """A container we do not write comes back as the same object: the facts then go beside it."""
    data = b"GIF89a" + bytes(40)

    assert embed(data, mime, FACTS) is data


def test_a_signed_picture_is_not_touched() -> None:
    """Content credentials sign the bytes, so one more chunk would break the signature."""
    png, jpeg, webp = CASES["PNG"][1], CASES["JPEG"][1], CASES["lossy WebP"][1]
    credentials = struct.pack(">I", 4) + b"caBXc2pa" + struct.pack(">I", zlib.crc32(b"caBXc2pa"))
    signed_png = png[:33] + credentials + png[33:]
    signed_jpeg = jpeg[:2] + b"\xff\xeb\x00\x0aJP\x00\x01c2pa" + jpeg[2:]
    body = webp[8:] + b"C2PA" + struct.pack("<I", 4) + b"jumb"
    signed_webp = b"RIFF" + struct.pack("<I", len(body)) + body

    for data, mime in ((signed_png, "image/png"), (signed_jpeg, "image/jpeg"), (signed_webp, "image/webp")):
        assert embed(data, mime, FACTS) is data


def test_facts_too_long_for_a_jpeg_go_beside_it() -> None:
    """A segment holds 64 kB; more is not squeezed in."""
    data = CASES["JPEG"][1]

    assert embed(data, "image/jpeg", {**FACTS, "inputs": {"prompt": "x" * 70_000}}) is data


def test_a_lone_surrogate_survives() -> None:
    """Half a character from a broken clipboard is no reason to lose the facts."""
    facts = {**FACTS, "inputs": {"prompt": "half \ud83e fox"}}

    assert facts == read(embed(CASES["PNG"][1], "image/png", facts))
    assert facts == read(embed(CASES["JPEG"][1], "image/jpeg", facts))


def test_facts_beside_a_file_are_found(tmp_path: Path) -> None:
    """A video's facts are read from the JSON file next to it; without one there are none."""
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"\x00\x00\x00\x18ftypisom")

    assert read(clip) is None

    beside(clip).write_bytes(written(FACTS))

    assert FACTS == read(clip)
    assert FACTS == read(str(clip))


@pytest.mark.parametrize(
    "text",
    [
        b"{",
        b"[]",
        b"null",
        b'{"made_with": "other"}',
        b"[" * 100_000,
        b'{"made_with":"ipydarkroom","x":"' + b"y" * 2**20 + b'"}',
    ],
)
def test_facts_that_are_not_ours_are_none(tmp_path: Path, text: bytes) -> None:
    """Broken, foreign, endlessly nested or huge JSON is no facts, not an error."""
    clip = tmp_path / "clip.mp4"
    clip.write_bytes(b"")
    beside(clip).write_bytes(text)

    assert read(clip) is None


@settings(max_examples=200, deadline=None)
@given(
    case=st.sampled_from(sorted(CASES)),
    flips=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
    kept=st.floats(0, 1),
)
def test_a_damaged_container_is_never_an_error(case: str, flips: list[tuple[float, int]], kept: float) -> None:
    """Whatever the bytes, writing facts answers with bytes and reading them with facts or None."""
    name, data = CASES[case]
    damaged = bytearray(embed(data, MIMES[name], FACTS))
    for place, value in flips:
        damaged[int(place * len(damaged))] = value
    cut = bytes(damaged[: int(kept * len(damaged))])

    made = embed(cut, MIMES[name], FACTS)

    assert isinstance(made, bytes)
    assert read(cut) is None or isinstance(read(cut), dict)


def test_a_records_facts_hold_no_secret_and_never_change() -> None:
    """Links are cut, files are hashes, and the same record gives the same facts."""
    record = JobRecord(
        "0198c2b4-0000-7000-8000-000000000001",
        "runcomfy",
        "https://o.example",
        "local-process",
        "a/model",
        {"prompt": "fox", "seed": 7, "image": "https://b.example?sig=CANARY", "mask": "data:image/png;base64,AAAA"},
        remote_id="r-1",
        account="ACCOUNT",
        created=1_790_000_000.0,
    )

    facts = facts_of(record)

    assert facts == facts_of(record)
    assert ("a/model", "runcomfy", "local", 7, "r-1") == (
        facts["model"],
        facts["provider"],
        facts["backend"],
        facts["seed"],
        facts["request_id"],
    )
    assert "2026-09-21T14:13:20+00:00" == facts["time"]
    text = written(facts).decode()
    assert "CANARY" not in text
    assert "ACCOUNT" not in text
    assert "AAAA" not in text
