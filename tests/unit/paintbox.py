"""What the tests of the painters share: painting a small picture, and simple pictures to reframe."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from ipydarkroom.local.painters import Order
from ipydarkroom.local.painters.reframe import ReframePainter
from ipydarkroom.local.painters.scene import ScenePainter

SMALL = (96, 72)


def quiet(_: float) -> None:
    """A report that nobody reads."""


def bytes_of(prompt: str, seed: int = 1, size: tuple[int, int] = SMALL, **rest) -> bytes:
    """The file the scene painter makes."""
    return ScenePainter().paint(Order(prompt, seed, size, **rest), quiet)


def painted(prompt: str, seed: int = 1, size: tuple[int, int] = SMALL, **rest) -> np.ndarray:
    """The scene painter's pixels, float of shape (rows, columns, 3)."""
    return pixels(bytes_of(prompt, seed, size, **rest))


def reframed(image: bytes, size: tuple[int, int], seed: int = 1, **rest) -> bytes:
    """The file the reframe painter makes."""
    return ReframePainter().paint(Order("", seed, size, image=image, **rest), quiet)


def pixels(data: bytes) -> np.ndarray:
    """A file's pixels, float of shape (rows, columns, 3)."""
    return np.asarray(Image.open(io.BytesIO(data)).convert("RGB"), np.float64)


def file_of(image: Image.Image, form: str = "PNG", **rest) -> bytes:
    """An image as a file."""
    out = io.BytesIO()
    image.save(out, form, **rest)
    return out.getvalue()


def landscape(size: tuple[int, int] = (120, 120)) -> Image.Image:
    """A bright picture with a sky, a sun and a field with furrows; no pixel of it is near black."""
    width, height = size
    x, y = np.meshgrid(np.linspace(0, 1, width), np.linspace(0, 1, height))
    sky = np.stack([120 + 100 * y, 150 + 60 * y, 230 - 30 * y], 2)
    field = np.stack([90 + 30 * np.sin(40 * x + 9 * y), 150 + 30 * np.cos(23 * x), 70 + 0 * x], 2)
    sun = ((x - 0.5) ** 2 + (y - 0.3) ** 2 < 0.012)[..., None]
    out = np.where((y > 0.6)[..., None], field, np.where(sun, 250.0, sky))
    return Image.fromarray(out.astype(np.uint8))


def differ(first: np.ndarray, second: np.ndarray) -> float:
    """The mean absolute difference of two pictures, of 255."""
    return float(np.abs(first - second).mean())
