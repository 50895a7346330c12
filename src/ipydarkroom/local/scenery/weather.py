"""What falls and floats: snow, rain, petals and fireflies, beams of light, and the darkened corners of a lens."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .canvas import Band, Brush, Frame, Soft
from .chance import Chance, Noise
from .colours import RGB, mix
from .shapes import Shape, Shapes, ellipse, stroke

__all__ = ["Beams", "Corners", "floating", "petals", "rainfall", "snowfall"]


@dataclass(frozen=True, slots=True)
class Beams:
    """Shafts of light fanning out from (x, y), fading over `reach` units."""

    chance: Chance
    x: float
    y: float
    colour: RGB
    reach: float
    amount: float

    def on(self, frame: Frame) -> Brush:
        """Prepare for a frame."""
        small = frame.small(520)
        stream = self.chance.stream("beams")
        wide, fine = Noise(stream), Noise(stream)
        across, down = small.columns()[None, :] - self.x, small.rows()[:, None] - self.y
        angle, away = np.arctan2(across, down), np.hypot(across, down)
        rays = np.clip(0.5 + 0.62 * wide(angle * 6.5 + 40) + 0.3 * fine(angle * 17 + 90), 0, 1) ** 1.7
        light = self.amount * rays * np.exp(-away / self.reach) * np.clip(away / 0.12, 0, 1)
        soft = Soft(light[None].astype(np.float32))

        def paint(band: Band) -> None:
            band.shine(self.colour, np.clip(soft.rows(band)[0], 0, 1))

        return Brush(paint)


@dataclass(frozen=True, slots=True)
class Corners:
    """A vignette: the corners darkened by `amount` (0..1)."""

    amount: float

    def on(self, frame: Frame) -> Brush:
        """Prepare for a frame."""

        def paint(band: Band) -> None:
            across = (band.x / frame.w * 2 - 1) ** 2
            down = (band.y / frame.h * 2 - 1) ** 2
            away = (across * 0.8 + down * 0.8) * 0.625
            band.shade(1 - np.float32(self.amount) * (away * away))

        return Brush(paint)


def snowfall(chance: Chance, frame: Frame, colour: RGB, amount: float) -> list[Shapes]:
    """Flakes in three distances: fine dust, flakes, and a few large ones out of focus."""
    layers = []
    for number, (count, size, blur, opacity) in enumerate(
        ((520, 0.0011, 0.0, 0.6), (170, 0.0024, 0.0012, 0.85), (26, 0.0085, 0.0055, 0.5))
    ):
        stream = chance.stream(f"flakes {number}")
        flakes = []
        for _ in range(int(count * amount)):
            radius = size * stream.uniform(0.55, 1.5)
            flakes.append(Shape(ellipse(stream.uniform(0, frame.w), stream.uniform(0, frame.h), radius, radius,
                                        steps=12), colour))
        layers.append(Shapes(flakes, blur=blur, opacity=opacity))
    return layers


def rainfall(chance: Chance, frame: Frame, colour: RGB, amount: float) -> list[Shapes]:
    """Slanting streaks in two distances."""
    layers = []
    slant = chance.number("slant", -0.22, 0.22)
    for number, (count, long, wide, opacity) in enumerate(((420, 0.035, 0.0007, 0.22), (130, 0.075, 0.0012, 0.26))):
        stream = chance.stream(f"rain {number}")
        drops = []
        for _ in range(int(count * amount)):
            x, y = stream.uniform(-0.1, frame.w + 0.1), stream.uniform(-0.1, frame.h)
            fall = long * stream.uniform(0.5, 1.3)
            points = stroke([(x, y), (x + slant * fall, y + fall)], [wide * 0.4, wide], steps=2)
            drops.append(Shape(points, colour))
        layers.append(Shapes(drops, opacity=opacity))
    return layers


def petals(chance: Chance, frame: Frame, colour: RGB, amount: float) -> list[Shapes]:
    """Petals on the wind, near ones out of focus."""
    layers = []
    for number, (count, size, blur) in enumerate(((60, 0.004, 0.0), (12, 0.011, 0.004))):
        stream = chance.stream(f"petals {number}")
        shapes = []
        for _ in range(int(count * amount)):
            tone = mix(colour, (1.0, 0.97, 0.96), float(stream.uniform(0, 0.6)))
            at = (stream.uniform(0, frame.w), stream.uniform(0, frame.h))
            shapes.append(Shape(ellipse(*at, size, size * stream.uniform(0.3, 0.75), stream.uniform(0, math.pi), 12),
                                tone))
        layers.append(Shapes(shapes, blur=blur, opacity=0.9))
    return layers


def floating(chance: Chance, frame: Frame, colour: RGB, count: int, top: float) -> list[Shapes]:
    """Small warm lights (fireflies, lanterns far away), each with a glow."""
    stream = chance.stream("floating")
    halos, cores = [], []
    for _ in range(count):
        x, y, size = stream.uniform(0, frame.w), stream.uniform(top, frame.h), stream.uniform(0.6, 1.6)
        halos.append(Shape(ellipse(x, y, 0.010 * size, 0.010 * size), colour))
        cores.append(Shape(ellipse(x, y, 0.0021 * size, 0.0021 * size, steps=12), mix(colour, (1.0, 1.0, 0.95), 0.5)))
    return [Shapes(halos, blur=0.008, opacity=0.65, light=True), Shapes(cores)]
