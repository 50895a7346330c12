"""Gardens: flower meadows, grass at one's feet, flowering branches, palms."""

from __future__ import annotations

import numpy as np

from .canvas import Layer
from .chance import Contour
from .colours import RGB, mix, scale
from .land import Ridge
from .plants import blossom_branch, flower, grass, palm
from .shapes import Shape, Shapes
from .study import Study

__all__ = ["blossom", "meadow", "palms", "tufts"]


def meadow(study: Study) -> list[Layer]:
    """Rolling grass full of flowers, larger and more out of focus towards the viewer."""
    layers: list[Layer] = []
    green = mix(study.palette.near, study.palette.accents[2], 0.30)
    rows = study.some(4)
    for number in range(rows):
        part = number / max(rows - 1, 1)
        level = study.horizon + (study.frame.h - study.horizon) * (0.12 + 0.78 * part)
        contour = Contour.draw(study.chance.stream(f"field {number}"), level=level, height=0.07, pace=0.9, rough=0.3,
                               octaves=4)
        tone = mix(mix(study.palette.far, green, 0.45 + 0.5 * part), study.palette.glow, 0.16 * (1 - part))
        layers.append(Ridge(contour, tone, scale(tone, light=0.85), 0.2, study.chance_for("field")))
        layers += _bed(study, contour, part, tone, number)
    return layers


def _bed(study: Study, contour: Contour, part: float, tone: RGB, number: int) -> list[Layer]:
    """Grass and flowers growing on one rise."""
    stream = study.chance.stream(f"bed {number}")
    tall = 0.020 + 0.17 * part**1.8
    shapes: list[Shape] = []
    xs = stream.uniform(-0.02, study.frame.w + 0.02, study.some(study.frame.w * (330 - 90 * part)))
    ys = contour(xs) + stream.uniform(0, 0.03 + 0.13 * part, len(xs))
    kinds = [("poppy", "daisy", "tulip", "spike")[int(stream.integers(4))] for _ in range(2)]
    share = 0.20 + 0.14 * study.strength
    for x, y in sorted(zip(xs.tolist(), ys.tolist(), strict=True), key=lambda at: at[1]):
        blade = scale(mix(tone, study.palette.near, float(stream.uniform(0, 0.5))),
                      light=float(stream.uniform(0.9, 1.2)))
        if stream.uniform() < share:
            colour = _petal(study, stream)
            shapes += flower(stream, kinds[int(stream.integers(2))], x, y, tall * stream.uniform(0.7, 1.15), colour,
                             blade)
        else:
            shapes.append(grass(stream, x, y, tall * stream.uniform(0.5, 1.0), blade))
    return [Shapes(shapes)]


def _petal(study: Study, stream: np.random.Generator) -> RGB:
    """A flower's colour: the accents, the first ones most; dimmed at night."""
    place = min(int(stream.exponential(1.1)), len(study.palette.accents) - 1)
    colour = study.palette.accents[place]
    return mix(colour, study.palette.near, 0.35) if study.dark else colour


def blossom(study: Study) -> list[Layer]:
    """A flowering branch reaching in from an upper corner."""
    stream = study.chance.stream("branch")
    w, h = study.frame.w, study.frame.h
    left = study.side > 0
    start = (-0.03 if left else w + 0.03, h * stream.uniform(0.04, 0.2))
    end = (w * (0.62 if left else 0.38), h * stream.uniform(0.2, 0.36))
    bark = mix(study.palette.near, (0.2, 0.12, 0.12), 0.4)
    return [Shapes(blossom_branch(stream, start, end, 0.024, bark, (0.97, 0.66, 0.74)))]


def palms(study: Study, base: float) -> list[Layer]:
    """Palms on the near shore."""
    stream = study.chance.stream("palms")
    x = study.frame.w * (0.5 - study.side * 0.36)
    shapes: list[Shape] = []
    for number in range(3):
        at = x + (number - 1) * 0.09 + stream.uniform(-0.03, 0.03)
        shapes += palm(stream, at, base + 0.02, study.frame.h * stream.uniform(0.42, 0.72), study.palette.near)
    return [Shapes(shapes)]


def tufts(study: Study, contour: Contour) -> list[Layer]:
    """Grass along the edge of the nearest land; none on snow, sand or in town."""
    if study.has("snow", "desert", "city"):
        return []
    stream = study.chance.stream("tufts")
    xs = stream.uniform(-0.02, study.frame.w + 0.02, study.some(study.frame.w * 260))
    tone = study.tone(1.0)
    shapes = [
        grass(stream, x, y + 0.012, stream.uniform(0.014, 0.045), scale(tone, light=float(stream.uniform(0.8, 1.25))))
        for x, y in zip(xs.tolist(), contour(xs).tolist(), strict=True)
    ]
    return [Shapes(shapes)]
