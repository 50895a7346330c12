"""What a picture would cost is told from its headers, for each kind, as the decoder itself would say."""

from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from ipydarkroom.kinds import KINDS, sniff
from ipydarkroom.unpacking import Survey, survey


def surveyed(data: bytes) -> Survey:
    kind = sniff(data)
    assert kind is not None
    return survey(io.BytesIO(data), kind)


def saved(name: str, size: tuple[int, int] = (70, 50), mode: str = "RGB", **options: object) -> bytes:
    file = io.BytesIO()
    Image.effect_noise(size, 60).convert(mode).save(file, name, **options)
    return file.getvalue()


@pytest.mark.parametrize("name", ["PNG", "JPEG", "WEBP", "GIF", "AVIF"])
@pytest.mark.parametrize("size", [(1, 1), (70, 50), (3, 400)])
def test_the_size_is_what_the_decoder_says(name: str, size: tuple[int, int]) -> None:
    """Width and height, without decoding."""
    found = surveyed(saved(name, size))

    assert (*size, 1) == (found.width, found.height, found.frames)


@pytest.mark.parametrize(("mode", "options"), [("RGB", {"lossless": True}), ("RGBA", {"lossless": True}), ("RGBA", {"quality": 50})])
def test_every_form_of_webp_is_read(mode: str, options: dict[str, object]) -> None:
    """Lossy, lossless and extended."""
    found = surveyed(saved("WEBP", mode=mode, **options))

    assert (70, 50) == (found.width, found.height)


@pytest.mark.parametrize("name", ["PNG", "GIF", "WEBP"])
def test_frames_are_counted(name: str) -> None:
    """An animation of five frames has five."""
    first, *others = [Image.new("L", (30, 20), index * 50) for index in range(5)]
    file = io.BytesIO()
    first.save(file, name, save_all=True, append_images=others)

    assert 5 == surveyed(file.getvalue()).frames


def test_a_jpeg_of_several_scans_costs_its_coefficients() -> None:
    """One scan is unpacked line by line; a progressive one waits in memory, two bytes for each of its colours."""
    assert 0.5 == surveyed(saved("JPEG")).bytes_per_pixel
    assert 6.5 == surveyed(saved("JPEG", progressive=True)).bytes_per_pixel
    assert 2.5 == surveyed(saved("JPEG", mode="L", progressive=True)).bytes_per_pixel


def test_what_lies_beside_the_pixels_counts() -> None:
    """A packed text may unpack to a megabyte; a JPEG's profile is held twice."""
    plain = surveyed(saved("JPEG"))
    profiled = surveyed(saved("JPEG", icc_profile=bytes(50_000)))

    assert 2 * 50_000 <= profiled.overhead - plain.overhead < 2 * 51_000


@given(
    name=st.sampled_from([kind.name for kind in KINDS if kind.media == "image"]), at=st.floats(0, 1),
    junk=st.binary(max_size=40),
)
def test_broken_headers_are_a_value_error_or_a_survey(name: str, at: float, junk: bytes) -> None:
    """Whatever is written over whatever place, nothing else is raised and nothing runs for ever."""
    data = DATA[name]
    place = int(at * len(data))
    broken = data[:place] + junk + data[place + len(junk) :]
    kind = next(kind for kind in KINDS if kind.name == name)

    try:
        found = survey(io.BytesIO(broken), kind)
    except ValueError:
        return

    assert found.cost >= 0


DATA = {kind.name: saved(kind.name) for kind in KINDS if kind.media == "image"}
