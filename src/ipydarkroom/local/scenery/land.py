"""The land: ridges one behind the other, with the air between them, lit flanks, snow and wind-blown dunes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .canvas import Band, Brush, Frame, Soft, rise
from .chance import Chance, Contour, drift
from .colours import RGB, Floats, mix
from .study import Study

__all__ = ["Cast", "Fog", "Relief", "Ridge", "ground", "snow_tone"]


@dataclass(frozen=True, slots=True)
class Relief:
    """How a ridge is modelled by light.

    `lit` and `shaded` are the colours of flanks towards and away from the light, mixed in by `amount` (0..1).
    `lean` is how far shadows run sideways on their way down, `grain` how broken their edges are. `snow` covers
    what is above `snowline` (y in units), ragged over `ragged` units. `facet` is the width of the smallest flank, and
    the modelling is lost in the air `fade` units below the edge (0: never).
    """

    lit: RGB
    shaded: RGB
    amount: float
    side: float = 1.0
    lean: float = 0.6
    grain: float = 0.05
    softness: float = 0.25
    facet: float = 0.03
    fade: float = 0.0
    snow: RGB | None = None
    snowline: float = 0.0
    ragged: float = 0.08


@dataclass(frozen=True, slots=True)
class Ridge:
    """Everything below a contour, from `top` colour at its highest point to `foot` colour `depth` units below."""

    contour: Contour
    top: RGB
    foot: RGB
    depth: float
    chance: Chance
    relief: Relief | None = None
    curve: float = 1.0

    def on(self, frame: Frame) -> Brush:
        """Prepare for a frame."""
        edge = self.contour(frame.columns())
        slope = np.gradient(edge, frame.w / frame.width)
        steep = (frame.px / np.sqrt(1 + slope * slope)).astype(np.float32)
        high, low = float(edge.min()), float(edge.max())
        line = edge.astype(np.float32)
        model = _Modelling(self.relief, self.contour, frame, self.chance) if self.relief else None

        def paint(band: Band) -> None:
            first = int(np.searchsorted(band.y[:, 0], high - 1.5 / frame.px))
            if first >= len(band.y):
                return
            y = band.y[first:]
            below = y - line
            alpha = np.clip(below * steep + 0.5, 0, 1) if float(y[0, 0]) < low + 2 / frame.px else None
            down = np.clip((y - high) / self.depth, 0, 1) ** self.curve
            colour = [top + (foot - top) * down for top, foot in zip(self.top, self.foot, strict=True)]
            if model is not None:
                colour = model.shaded(colour, below, y, down, band, first)
            for plane, value in zip(band.rgb[:, first:], colour, strict=True):
                plane += (value - plane) * (1.0 if alpha is None else alpha)

        return Brush(paint, low + 2 / frame.px)


@dataclass(frozen=True, slots=True)
class Cast:
    """The soft shadow that everything below a contour casts upwards on what lies behind, `reach` units wide."""

    contour: Contour
    colour: RGB
    reach: float
    amount: float

    def on(self, frame: Frame) -> Brush:
        """Prepare for a frame."""
        line = self.contour(frame.columns()).astype(np.float32)
        high, low = float(line.min()) - 3 * self.reach, float(line.max())

        def paint(band: Band) -> None:
            if band.y[-1, 0] > high and band.y[0, 0] < low:
                band.lay(self.colour, self.amount * np.exp(np.minimum(band.y - line, 0) / np.float32(self.reach)))

        return Brush(paint)


class _Modelling:
    """The light on one ridge, prepared for one frame: flanks follow the contour's slope, carried down sideways."""

    def __init__(self, relief: Relief, contour: Contour, frame: Frame, chance: Chance) -> None:
        self.relief = relief
        self._step = frame.w / frame.width
        margin = 1.2
        self._first = -margin
        x = np.arange(-margin, frame.w + margin, 0.0012)
        slope = np.gradient(contour(x), 0.0012)
        self._light = self._table(slope, relief.facet)
        self._fine = self._table(slope, relief.facet * 0.4) if relief.grain else None
        small = frame.small(900)
        noise = drift(chance.stream("flanks"), (small.height, small.width), (5 * small.h, 8 * small.w), 6)
        self._broken = Soft(noise[None])

    def _table(self, slope: NDArray[np.float64], facet: float) -> Floats:
        """How bright the flank under each place of the contour is, 0..1."""
        kernel = np.hanning(max(5, round(facet / 0.0012)))
        smooth = np.convolve(slope, kernel / kernel.sum(), "same") * self.relief.side
        return rise(-self.relief.softness, self.relief.softness, smooth.astype(np.float32))

    def _light_at(self, table: Floats, x: Floats) -> Floats:
        place = ((x - self._first) * np.float32(1 / 0.0012)).astype(np.int32)
        return table[np.clip(place, 0, len(table) - 1)]

    def shaded(
        self, colour: list[Floats], below: Floats, y: Floats, down: Floats, band: Band, first: int
    ) -> list[Floats]:
        """The ridge's colour with light, shade and snow, as three arrays of (rows, width)."""
        relief = self.relief
        broken = self._broken.rows(band)[0, first:]
        shift = np.maximum(below, 0) * (relief.lean * relief.side) + broken * relief.grain
        light = self._light_at(self._light, band.x + shift)
        if self._fine is not None:  # smaller ribs running down the other way break up the large faces
            light = light * 0.68 + self._light_at(self._fine, band.x - shift * 0.8) * 0.32
        part = relief.amount * (1 - down * 0.85)
        if relief.fade:
            part = part * np.exp(np.minimum(-below, 0) / np.float32(relief.fade))
        mixed = []
        snow: Floats | float = 0.0
        if relief.snow is not None:
            line = relief.snowline + relief.ragged * (broken * 0.9 + light * 0.5 - 0.25)
            snow = rise(0.012, -0.012, y - line) * (1 - down * 0.5)
        for channel, plain in enumerate(colour):
            target = relief.shaded[channel] + (relief.lit[channel] - relief.shaded[channel]) * light
            value = plain + (target - plain) * part
            if relief.snow is not None:
                white = relief.snow[channel] * (0.62 + 0.38 * light) + relief.shaded[channel] * (0.38 - 0.38 * light)
                value = value + (white - value) * snow
            mixed.append(value)
        return mixed


@dataclass(frozen=True, slots=True)
class Fog:
    """A drifting veil, thickest around `middle` (y) and gone `reach` units above and below."""

    chance: Chance
    colour: RGB
    middle: float
    reach: float
    amount: float
    patchy: float = 0.6

    def on(self, frame: Frame) -> Brush:
        """Prepare for a frame."""
        small = frame.small(560)
        noise = drift(self.chance.stream("fog"), (small.height, small.width), (5 * small.h, 2.2 * small.w), 5)
        body = np.exp(-(((small.rows()[:, None] - self.middle) / self.reach) ** 2) * 1.6)
        alpha = self.amount * body * (1 - self.patchy * rise(-0.5, 0.6, noise))
        soft = Soft(np.clip(alpha, 0, 1)[None].astype(np.float32))

        def paint(band: Band) -> None:
            if band.y[-1, 0] > self.middle - 2 * self.reach and band.y[0, 0] < self.middle + 2 * self.reach:
                band.lay(self.colour, np.clip(soft.rows(band)[0], 0, 1))

        return Brush(paint)


def snow_tone(study: Study, part: float) -> RGB:
    """Snow on the ground: the sky's own light, brighter nearby."""
    white = mix((1.0, 1.0, 1.0), study.palette.glow, 0.18)
    if study.dark:
        return mix(study.palette.far, white, 0.18 + 0.12 * part)
    return mix(white, study.palette.sky[1], 0.30 - 0.12 * part)


def ground(study: Study, base: float, height: float = 0.06, *, tone: RGB | None = None) -> tuple[Ridge, Contour]:
    """The nearest rise of the land, and its contour for things to stand on."""
    contour = Contour.draw(study.chance.stream("ground"), level=base, height=height, pace=1.1, rough=0.35, octaves=4)
    colour = tone or (snow_tone(study, 1.0) if study.has("snow") else study.tone(0.94))
    foot = mix(colour, study.palette.near, 0.35) if not study.flat else colour
    return Ridge(contour, colour, foot, 0.3, study.chance_for("ground")), contour
