"""The canvas: layers painted in horizontal bands, so that the largest picture needs little more than itself.

A layer is described in units (the square root of the picture's area is 1, x to the right, y down), without pixels.
`on(frame)` prepares it for one size and gives a Brush, which paints any band of that size. The same layers can be
developed small (for a reflection) and large. What is painted is decided elsewhere.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .chance import Chance
from .colours import RGB, Floats

__all__ = ["Band", "Brush", "Frame", "Layer", "Soft", "develop", "expose", "rise"]

_BAND_PIXELS = 200_000
_TILE = 512


@dataclass(frozen=True, slots=True)
class Frame:
    """A size: `width` × `height` in pixels, `w` × `h` in units; `px` is the pixels of one unit."""

    width: int
    height: int
    w: float
    h: float

    @classmethod
    def of(cls, size: tuple[int, int]) -> Frame:
        """The frame of a picture of that many pixels."""
        unit = math.sqrt(size[0] * size[1])
        return cls(size[0], size[1], size[0] / unit, size[1] / unit)

    @property
    def px(self) -> float:
        """Pixels in one unit."""
        return self.height / self.h

    def small(self, longest: int) -> Frame:
        """The same picture with at most so many pixels on its longer side."""
        part = min(1.0, longest / max(self.width, self.height))
        return Frame(max(2, round(self.width * part)), max(2, round(self.height * part)), self.w, self.h)

    def columns(self) -> NDArray[np.float64]:
        """The x of every pixel column's middle, in units."""
        return np.asarray((np.arange(self.width) + 0.5) * (self.w / self.width), np.float64)

    def rows(self) -> NDArray[np.float64]:
        """The y of every pixel row's middle, in units."""
        return np.asarray((np.arange(self.height) + 0.5) * (self.h / self.height), np.float64)


class Band:
    """Some full rows of a picture: `rgb` is float32 of shape (3, rows, width); `x` (width,) and `y` (rows, 1) units."""

    __slots__ = ("bottom", "frame", "rgb", "top", "x", "y")

    def __init__(self, frame: Frame, top: int, bottom: int) -> None:
        self.frame, self.top, self.bottom = frame, top, bottom
        self.rgb = np.zeros((3, bottom - top, frame.width), np.float32)
        self.x = frame.columns().astype(np.float32)
        self.y = frame.rows()[top:bottom, None].astype(np.float32)

    def lay(self, colour: RGB | Sequence[Floats] | Floats, alpha: Floats | float) -> None:
        """Cover with a colour (three numbers, or three arrays that broadcast) as far as `alpha` says."""
        for plane, value in zip(self.rgb, colour, strict=True):
            plane += (value - plane) * alpha

    def shine(self, colour: RGB | Sequence[Floats] | Floats, amount: Floats | float) -> None:
        """Add light (a photographic screen: never beyond white)."""
        for plane, value in zip(self.rgb, colour, strict=True):
            plane += (1 - plane) * (value * amount)

    def shade(self, factor: Floats | float) -> None:
        """Multiply all three colours: darken below 1."""
        self.rgb *= factor


@dataclass(frozen=True, slots=True)
class Brush:
    """A layer made ready for one frame. Nothing beneath it shows below the y `solid_below` (in units)."""

    paint: Callable[[Band], None]
    solid_below: float = math.inf


class Layer(Protocol):
    """One thing in the picture, described without pixels."""

    def on(self, frame: Frame) -> Brush:
        """Prepare for a frame."""


class Soft:
    """Low-resolution planes of a whole picture, read back smoothly at any resolution, band by band."""

    def __init__(self, planes: Floats) -> None:
        self._planes = [Image.fromarray(np.ascontiguousarray(plane, np.float32)) for plane in planes]

    def rows(self, band: Band) -> Floats:
        """The planes as float32 of shape (planes, rows, width)."""
        size = (band.frame.width, band.bottom - band.top)
        part = self._planes[0].height / band.frame.height
        box = (0, band.top * part, self._planes[0].width, min(band.bottom * part, self._planes[0].height))
        return np.stack([np.asarray(p.resize(size, Image.Resampling.BICUBIC, box=box)) for p in self._planes])


def rise(low: float, high: float, value: Floats) -> Floats:
    """A smooth step: 0 up to `low`, 1 from `high` on (or the other way round where `low` is the larger)."""
    part = np.clip((value - np.float32(low)) * np.float32(1 / (high - low)), 0, 1)
    return np.asarray(part * part * (3 - 2 * part), np.float32)


def develop(frame: Frame, layers: Sequence[Layer]) -> Floats:
    """Paint the layers at once, as float32 planes of shape (3, height, width): for small frames."""
    band = Band(frame, 0, frame.height)
    for layer in layers:
        layer.on(frame).paint(band)
    return band.rgb


def expose(
    frame: Frame, layers: Sequence[Layer], chance: Chance, grain: float, report: Callable[[float], None]
) -> Image.Image:
    """Paint the layers band by band into an RGB image.

    `grain` is the film grain in steps of 1/255 (standard deviation); it also hides the steps of 8-bit gradients.
    `report` is called with 0..1 after each band and may raise to end the work.
    """
    brushes = [layer.on(frame) for layer in layers]
    image = Image.new("RGB", (frame.width, frame.height))
    height = max(8, min(frame.height, _BAND_PIXELS // frame.width))
    tile = chance.stream("grain").normal(0.5, max(grain, 0.25), (_TILE, _TILE)).astype(np.float32)
    for top in range(0, frame.height, height):
        band = Band(frame, top, min(top + height, frame.height))
        first = max((i for i, b in enumerate(brushes) if b.solid_below <= float(band.y[0, 0])), default=0)
        for brush in brushes[first:]:
            brush.paint(band)
        image.paste(Image.fromarray(_printed(band, tile)), (0, top))
        report(band.bottom / frame.height)
    return image


def _printed(band: Band, tile: Floats) -> NDArray[np.uint8]:
    """The band as 8-bit pixels of shape (rows, width, 3), with grain."""
    rows, width = band.rgb.shape[1:]
    repeats = (-(-rows // _TILE) + 1, -(-width // _TILE))
    start = (band.top * 7) % _TILE  # each band meets another part of the tile, so that the grain shows no grid
    noise = np.tile(tile, repeats)[start : start + rows, :width] if repeats[0] > 1 else tile[:rows, :width]
    pixels = np.empty((rows, width, 3), np.uint8)
    for channel in range(3):
        pixels[..., channel] = np.clip(band.rgb[channel] * 255 + noise, 0, 255)
    return pixels
