"""The sky: its gradient and glow, clouds, aurora, stars, and the disc of a sun or moon."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .canvas import Band, Brush, Frame, Soft, rise
from .chance import Chance, Noise, drift
from .colours import RGB, Floats, mix, ramp

__all__ = ["Aurora", "Clouds", "Disc", "Sky", "Stars"]

_SOFT = 640
_SEAS = 512


@dataclass(frozen=True, slots=True)
class Sky:
    """The air from zenith (y 0) to the horizon, glowing around the light at (`x`, `y`).

    `reach` is the glow's radius in units, `power` its strength 0..1. With `steps`, the air lies in that many flat
    rings around the light, as on a printed poster.
    """

    stops: tuple[RGB, ...]
    glow: RGB
    horizon: float
    x: float
    y: float
    reach: float = 0.5
    power: float = 0.7
    steps: int = 0

    def on(self, frame: Frame) -> Brush:
        """Prepare for a frame."""
        return Brush(self._rings(frame) if self.steps else self._air(frame))

    def _air(self, frame: Frame) -> Callable[[Band], None]:
        small = frame.small(_SOFT)
        down = np.clip(small.rows() / self.horizon, 0, 1)
        table = ramp(self.stops)
        planes = np.repeat(table[:, (down * (table.shape[1] - 1)).astype(int)][:, :, None], small.width, 2)
        across = small.columns()[None, :] - self.x
        upright = small.rows()[:, None] - self.y
        away = np.sqrt(across * across * 0.72 + upright * upright * 1.25) / self.reach
        light = self.power * (0.62 * np.exp(-away * 2.1) + 0.42 * np.exp(-(away * 4.2) ** 2 * 0.35))
        glow = np.array(self.glow)[:, None, None]
        planes += (glow - planes) * np.clip(light * 0.72, 0, 1)
        planes += (1 - planes) * glow * light * 0.30
        soft = Soft(np.clip(planes, 0, 1).astype(np.float32))

        def paint(band: Band) -> None:
            band.rgb[:] = soft.rows(band)

        return paint

    def _rings(self, frame: Frame) -> Callable[[Band], None]:
        colours = ramp([*self.stops, mix(self.stops[-1], self.glow, 0.6)], self.steps)
        longest = math.hypot(max(self.x, frame.w - self.x), max(self.y, self.horizon - self.y)) * 0.92

        def paint(band: Band) -> None:
            away = np.sqrt((band.x - self.x) ** 2 + (band.y - self.y) ** 2) / longest
            level = np.clip((1 - away**0.75) * self.steps, 0, self.steps - 1.001)
            whole = np.floor(level).astype(np.int32)
            edge = np.clip((level - whole) * frame.px * longest / self.steps * 1.2, 0, 1).astype(np.float32)
            before = np.maximum(whole - 1, 0)
            band.rgb[:] = colours[:, before] * (1 - edge) + colours[:, whole] * edge

        return paint


@dataclass(frozen=True, slots=True)
class Clouds:
    """Veils of cloud between `top` and `bottom`, bright where they face the light, thinning towards both edges."""

    chance: Chance
    lit: RGB
    shaded: RGB
    top: float
    bottom: float
    cover: float = 0.5
    stretch: float = 4.0
    detail: float = 1.0

    def on(self, frame: Frame) -> Brush:
        """Prepare for a frame."""
        small = frame.small(round(820 * min(self.detail, 1.2)))
        shape = (small.height, small.width)
        cells = (4.2 * small.h, 4.2 * small.w * 2.2 / self.stretch)
        veil = drift(self.chance.stream("veil"), shape, cells, 6)
        large = drift(self.chance.stream("large"), shape, (1.6 * small.h, 1.6 * small.w / self.stretch * 2), 3)
        thick = veil * 0.75 + large * 0.9
        level = 0.55 - self.cover * 1.15
        alpha = rise(level, level + 0.85, thick)
        y = small.rows()[:, None].astype(np.float32)
        reach = (self.bottom - self.top) * 0.4
        alpha = alpha * rise(self.top - reach * 0.6, self.top + reach, y) * rise(self.bottom, self.bottom - reach, y)
        below = np.roll(thick, max(1, round(0.028 * small.px)), 0) - thick
        soft = Soft(np.stack([alpha * 0.86, rise(0.42, -0.42, below)]))

        def paint(band: Band) -> None:
            if float(band.y[0, 0]) > self.bottom + 0.01:
                return
            cover, bright = np.clip(soft.rows(band), 0, 1)
            colour = [low + (high - low) * bright for low, high in zip(self.shaded, self.lit, strict=True)]
            band.lay(colour, cover)

        return Brush(paint)


@dataclass(frozen=True, slots=True)
class Aurora:
    """Curtains of northern light."""

    chance: Chance
    colours: tuple[RGB, RGB]
    bottom: float
    height: float

    def on(self, frame: Frame) -> Brush:
        """Prepare for a frame."""
        small = frame.small(_SOFT)
        x, y = small.columns()[None, :], small.rows()[:, None]
        total = np.zeros((3, small.height, small.width))
        for number in range(3):
            total += self._curtain(x, y, number)
        soft = Soft(np.clip(total, 0, 1).astype(np.float32))

        def paint(band: Band) -> None:
            light = np.clip(soft.rows(band), 0, 1)
            band.shine(light, 1.0)

        return Brush(paint)

    def _curtain(self, x: NDArray[np.float64], y: NDArray[np.float64], number: int) -> Floats:
        """One of them, as light in three planes."""
        stream = self.chance.stream(f"curtain {number}")
        fold, rays, fade = Noise(stream), Noise(stream), Noise(stream)
        sway = 0.11 * fold(x * 1.3 + number * 3) + 0.05 * fold(x * 3.4 + 20)
        above = (self.bottom - 0.085 * number + sway - y) / (self.height * (0.85 + 0.4 * fold(x * 2.3 + 50)))
        streaks = 0.62 + 0.38 * rays(x * 34 + 3.0 * fold(x * 3.4 + 20)) + 0.25 * rays(x * 110 + 7)
        body = np.where(above > 0, np.exp(-above * 2.2), np.exp(above * 30)) * np.clip(streaks, 0.1, 1.2)
        body = body * np.clip(0.75 + 0.8 * fade(x * 1.5), 0.08, 1.2) * (1.0, 0.7, 0.5)[number]
        part = np.clip(above * 1.15, 0, 1)
        low, high = self.colours
        return np.stack([(a + (b - a) * part) * body for a, b in zip(low, high, strict=True)])


@dataclass(frozen=True, slots=True)
class Stars:
    """Points of light above `bottom`, denser towards the zenith, a few of them bright, and a faint milky band."""

    chance: Chance
    colour: RGB
    bottom: float
    count: int
    milky: float = 0.0

    def on(self, frame: Frame) -> Brush:
        """Prepare for a frame."""
        stream = self.chance.stream("stars")
        x = stream.uniform(0, frame.w, self.count) * frame.px
        y = self.bottom * stream.uniform(0, 1, self.count) ** 1.35 * frame.px
        bright = np.clip(stream.pareto(1.7, self.count) * 0.16 + 0.10, 0, 1)
        radius = np.maximum(0.55, (0.00055 + 0.00125 * bright**2) * frame.px)
        warm = stream.uniform(0, 1, self.count)
        haze = self._band(frame) if self.milky else None

        def paint(band: Band) -> None:
            if haze is not None:
                band.shine(self.colour, np.clip(haze.rows(band)[0], 0, 1))
            for i in np.flatnonzero((y > band.top - 12) & (y < band.bottom + 12)):
                tint = mix(self.colour, (1.0, 0.86, 0.72), 0.6) if warm[i] > 0.8 else self.colour
                fade = min(1.0, max(0.0, 1.25 - y[i] / (self.bottom * frame.px)) * 2)
                _dot(band, x[i], y[i], radius[i], tint, bright[i] * fade)

        return Brush(paint)

    def _band(self, frame: Frame) -> Soft:
        small = frame.small(_SOFT)
        stream = self.chance.stream("milky")
        angle, middle = stream.uniform(-0.9, 0.9), (frame.w * stream.uniform(0.3, 0.7), self.bottom * 0.45)
        x, y = small.columns()[None, :] - middle[0], small.rows()[:, None] - middle[1]
        off = (y * math.cos(angle) - x * math.sin(angle)) / 0.2
        cloud = drift(stream, (small.height, small.width), (5 * small.h, 5 * small.w))
        dust = drift(stream, (small.height, small.width), (9 * small.h, 9 * small.w))
        body = np.exp(-(off**2)) * (0.5 + 0.5 * cloud) * (1 - 0.7 * np.exp(-((off * 3) ** 2)) * (dust > 0) * dust)
        fade = np.clip(1.2 - small.rows()[:, None] / self.bottom, 0, 1)
        return Soft((np.clip(body, 0, 1) * fade * self.milky)[None].astype(np.float32))


def _dot(band: Band, x: float, y: float, radius: float, colour: RGB, amount: float) -> None:
    """Add a small round light at pixel (x, y) of the picture."""
    reach = radius * 3.2 + 1
    left, right = max(0, int(x - reach)), min(band.frame.width, int(x + reach) + 2)
    top, bottom = max(band.top, int(y - reach)), min(band.bottom, int(y + reach) + 2)
    if left >= right or top >= bottom:
        return
    across = (np.arange(left, right) + 0.5 - x)[None, :]
    down = (np.arange(top, bottom) + 0.5 - y)[:, None]
    square = (across * across + down * down) / (radius * radius)
    light: Floats = (amount * (np.exp(-square) + 0.18 * np.exp(-square * 0.22))).astype(np.float32)
    part = band.rgb[:, top - band.top : bottom - band.top, left:right]
    for plane, value in zip(part, colour, strict=True):
        plane += (1 - plane) * np.clip(light * value, 0, 1)


@dataclass(frozen=True, slots=True)
class Disc:
    """A sun or moon: `radius` in units; `phase` 0 full, towards 1 a thinner crescent; `seas` the moon's spots.

    `bands` cuts the lower half into stripes, as on a poster.
    """

    chance: Chance
    x: float
    y: float
    radius: float
    colour: RGB
    low: RGB
    phase: float = 0.0
    seas: float = 0.0
    bands: int = 0
    opacity: float = 1.0

    def on(self, frame: Frame) -> Brush:
        """Prepare for a frame."""
        spots = drift(self.chance.stream("seas"), (_SEAS, _SEAS), (3.0, 3.0), 5)

        def paint(band: Band) -> None:
            if band.y[-1, 0] < self.y - self.radius * 1.02 or band.y[0, 0] > self.y + self.radius * 1.02:
                return
            left, right = (int((self.x + side * self.radius) * frame.px) for side in (-1.02, 1.02))
            left, right = max(0, left), min(frame.width, right + 2)
            if left < right:
                self._face(band, left, right, spots)

        return Brush(paint)

    def _face(self, band: Band, left: int, right: int, spots: Floats) -> None:
        x, y = (band.x[None, left:right] - self.x) / self.radius, (band.y - self.y) / self.radius
        edge = self.radius * band.frame.px
        alpha = np.clip((1 - np.sqrt(x * x + y * y)) * edge + 0.5, 0, 1)
        if self.phase:
            shadow = np.sqrt((x + 0.95 - 0.7 * self.phase) ** 2 + (y + 0.25) ** 2)
            alpha = alpha * np.clip((shadow - 0.98) * edge * 0.7, 0, 1)
        for number in range(self.bands):
            middle = 0.12 + 0.8 * (number + 0.5) / self.bands
            gap = 0.012 + 0.045 * (number + 1) / self.bands
            alpha = alpha * np.clip((np.abs(y - middle) - gap) * edge + 0.5, 0, 1)
        down = np.clip(y * 0.5 + 0.5, 0, 1)
        shade: Floats | float = 1.0
        if self.seas:
            row = np.clip((y + 1) * _SEAS / 2, 0, _SEAS - 1).astype(int)
            column = np.clip((x + 1) * _SEAS / 2, 0, _SEAS - 1).astype(int)
            shade = 1 - self.seas * rise(0.0, 0.9, spots[row, column]) - 0.10 * (x * x + y * y)
        part = band.rgb[:, :, left:right]
        for plane, high, low in zip(part, self.colour, self.low, strict=True):
            plane += ((high + (low - high) * down) * shade - plane) * (alpha * self.opacity)
