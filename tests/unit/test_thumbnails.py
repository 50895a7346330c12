"""A thumbnail is small in pixels and bytes, whatever it is made from."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image

from ipydarkroom.errors import Unreadable
from ipydarkroom.images import decode
from ipydarkroom.thumbnails import fitted, thumbnail


def file_of(image: Image.Image, name: str = "PNG", **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, name, **options)
    return file.getvalue()


def noise(width: int, height: int) -> Image.Image:
    """Colour noise, the worst there is to compress."""
    return Image.merge("RGB", [Image.effect_noise((width, height), 120) for _ in range(3)])


@pytest.mark.parametrize("mime", ["image/webp", "image/jpeg"])
def test_a_noisy_picture_stays_under_the_cap(mime: str) -> None:
    """512 px of pure noise still fit into 80 kB, and into far less when asked."""
    source = file_of(noise(512, 512))

    ordinary, said = thumbnail(source, mime=mime)
    tiny, _ = thumbnail(source, mime=mime, max_bytes=2_000)

    assert mime == said
    assert len(ordinary) <= 80_000
    assert len(tiny) <= 2_000
    assert max(decode(tiny).size) >= 16


def test_the_shape_is_kept() -> None:
    """The longer edge becomes 512, the other follows."""
    small, mime = thumbnail(file_of(Image.new("RGB", (2048, 1024), "teal")))

    assert "image/webp" == mime
    assert (512, 256) == decode(small).size


def test_nothing_is_enlarged() -> None:
    """A small picture keeps its size."""
    small, _ = thumbnail(file_of(Image.new("RGB", (31, 17))))

    assert (31, 17) == decode(small).size


@pytest.mark.parametrize("shape", [(4000, 1), (1, 4000)])
def test_an_extreme_shape_keeps_a_pixel(shape: tuple[int, int]) -> None:
    """A line one pixel wide is still a picture."""
    small, _ = thumbnail(file_of(Image.new("RGB", shape)), max_bytes=200)

    assert min(decode(small).size) == 1


def test_transparency_and_palette_survive_in_webp() -> None:
    """A see-through GIF gives a see-through thumbnail."""
    image = Image.new("RGBA", (40, 40), (200, 10, 10, 255))
    image.paste((0, 0, 0, 0), (0, 0, 20, 40))

    small, _ = thumbnail(file_of(image, "GIF"))

    assert (0, 255) == decode(small).getchannel("A").getextrema()


def test_a_sideways_photo_is_upright_and_anonymous() -> None:
    """The orientation is applied, and no metadata (such as a place) comes along."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = "somewhere private"
    small, _ = thumbnail(file_of(Image.new("RGB", (400, 200)), "JPEG", exif=exif))

    assert (200, 400) == decode(small).size
    assert b"private" not in small


def test_a_path_is_read(tmp_path: Path) -> None:
    """A file's name is as good as its bytes."""
    path = tmp_path / "a.png"
    path.write_bytes(file_of(Image.new("RGB", (30, 20))))

    assert thumbnail(path) == thumbnail(str(path)) == thumbnail(path.read_bytes())


def test_a_broken_picture_is_said_to_be_one() -> None:
    """The error is the typed one."""
    with pytest.raises(Unreadable):
        thumbnail(file_of(noise(64, 64))[:500])


def test_an_impossible_limit_is_said_to_be_one() -> None:
    """No endless search: below what any picture needs, the caller is told."""
    with pytest.raises(ValueError, match="no picture"):
        thumbnail(file_of(noise(64, 64)), max_bytes=20)


def test_quality_falls_before_size() -> None:
    """A picture that fits at lower quality keeps its pixels; only a stricter limit costs some."""
    image = noise(300, 200)
    full = len(file_of(image, "JPEG", quality=92))

    _, kept = fitted(image, "image/jpeg", max_bytes=int(full * 0.8))
    _, lost = fitted(image, "image/jpeg", max_bytes=int(full * 0.1))

    assert (300, 200) == kept
    assert lost < kept
