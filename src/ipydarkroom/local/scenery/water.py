"""Water: the picture above the horizon, mirrored, rippled and darkened, with the light's path glittering on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from PIL import Image, ImageFilter

from .canvas import Band, Brush, Frame, Layer, develop, rise
from .chance import Chance
from .colours import RGB, Floats

__all__ = ["Water"]

_MIRROR = 520
_LINE = 256


@dataclass(frozen=True, slots=True)
class Water:
    """Everything below `horizon`, reflecting `above`.

    `deep` is the colour the water takes towards the viewer, `light` the colour of the glitter under x `path`;
    `rough` 0 is a pond, 1 a windy sea; `glitter` 0..1.
    """

    chance: Chance
    above: Sequence[Layer]
    horizon: float
    deep: RGB
    light: RGB
    path: float
    rough: float = 0.5
    glitter: float = 0.6
    depth: float = 0.75
    width: float = 0.05

    def on(self, frame: Frame) -> Brush:
        """Prepare for a frame: the reflection is taken from a small development of what is above."""
        mirror = self._mirror(frame)
        waves = _Waves(self.chance.stream("waves"), 3)

        def paint(band: Band) -> None:
            first = int(np.searchsorted(band.y[:, 0], self.horizon))
            if first < len(band.y):
                self._rows(band, first, mirror, waves)

        return Brush(paint, self.horizon + 1 / frame.px)

    def _mirror(self, frame: Frame) -> Floats:
        """The developed picture, softened, as (3, rows, columns)."""
        small = frame.small(_MIRROR)
        planes = np.clip(develop(small, self.above), 0, 1)
        down = max(1, round(self.horizon / small.h * small.height))
        planes = planes[:, :down]
        image = Image.fromarray((np.moveaxis(planes, 0, 2) * 255 + 0.5).astype(np.uint8))
        soft = image.filter(ImageFilter.GaussianBlur(1.0 + 2.4 * self.rough))
        return np.moveaxis(np.asarray(soft, np.float32) / 255, 2, 0)

    def _rows(self, band: Band, first: int, mirror: Floats, waves: _Waves) -> None:
        height = band.frame.h - self.horizon
        columns = band.frame.columns()
        spread = mirror.shape[2] / band.frame.w
        for row in range(first, len(band.y)):
            near = (float(band.y[row, 0]) - self.horizon) / height  # 0 at the horizon, 1 at the viewer's feet
            swell = waves.line(near, columns - self.path)
            lifted = near * (1.0 - 0.25 * near) * min(1.0, height / self.horizon)
            lift = lifted + self.rough * 0.05 * swell * (0.25 + near)
            source = (1 - np.clip(np.abs(lift), 0, 0.999)) * (mirror.shape[1] - 1.001)
            shift = self.rough * 0.035 * swell * (0.3 + near)
            across = np.clip((columns + shift) * spread - 0.5, 0, mirror.shape[2] - 1.001)
            self._colour(band.rgb[:, row], mirror, source, across, near, swell, columns)

    def _colour(  # one row, all that it depends on
        self, out: Floats, mirror: Floats, source: Floats, across: Floats, near: float, swell: Floats, x: Floats
    ) -> None:
        top, left = source.astype(np.int32), across.astype(np.int32)
        v, u = (source - top).astype(np.float32), (across - left).astype(np.float32)
        sink = self.depth * (0.12 + 0.88 * near**0.7)
        trough = 1 - 0.16 * self.rough * rise(0.1, -0.8, swell) * (0.3 + 0.7 * near)
        away = np.abs(x - self.path) / (self.width * (1.0 + 2.6 * near) * 2.2)
        column = np.exp(-(away**1.4)) + 0.10 * np.exp(-(away**2) * 0.04)
        crest = rise(0.05 + 0.34 * near, 0.40 + 0.34 * near, swell + 0.32 * column)
        spark = np.clip(self.glitter * crest * column * (1.05 - 0.45 * near), 0, 1)
        haze = 0.35 * np.exp(-near * 22)
        for channel in range(3):
            plane = mirror[channel]
            upper = plane[top, left] * (1 - u) + plane[top, left + 1] * u
            lower = plane[top + 1, left] * (1 - u) + plane[top + 1, left + 1] * u
            value = upper * (1 - v) + lower * v
            value = (value + (self.deep[channel] - value) * sink) * trough
            value += (plane[-1].mean() - value) * haze
            out[channel] = value + (self.light[channel] - value) * spark


class _Waves:
    """Ripples in perspective: long and thin at the horizon, broad at the viewer's feet."""

    def __init__(self, stream: np.random.Generator, octaves: int) -> None:
        self._tables = [stream.uniform(-1, 1, (_LINE, _LINE)) for _ in range(octaves)]

    def line(self, near: float, x: np.ndarray) -> np.ndarray:
        """The swell (-1..1) along one row."""
        total = np.zeros_like(x)
        grid = np.arange(_LINE + 1)
        scale = 1.0 / (0.05 + near)
        for number, table in enumerate(self._tables):
            finer = 1.9**number
            at = (np.log1p(near * 26) * 13 + near * 6) * finer
            row, part = int(at), at - int(at)
            part = part * part * (3 - 2 * part)
            line = table[row % _LINE] * (1 - part) + table[(row + 1) % _LINE] * part
            places = x * scale * 1.5 * finer + 31.7 * number
            total += np.interp(places % _LINE, grid, np.append(line, line[0])) * (0.62, 0.42, 0.34)[number % 3]
        return total
