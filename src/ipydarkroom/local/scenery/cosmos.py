"""Deep space: nebulae, stars, a planet with its rings, and sometimes a place to watch it from."""

from __future__ import annotations

import numpy as np

from .canvas import Layer
from .colours import mix
from .land import ground
from .landscapes import mountains
from .shapes import Points, Shape, Shapes, ellipse
from .sky import Clouds, Disc, Sky, Stars
from .staging import standing
from .study import Study

__all__ = ["cosmos"]

_RINGS = ((2.15, 0.35), (1.95, 0.1), (1.72, 0.55), (1.6, 0.25))
"""Outer radius, as a multiple of the planet's, and how dark."""


def cosmos(study: Study) -> list[Layer]:
    """The whole scene, back to front."""
    palette, frame = study.palette, study.frame
    x, y = frame.w * (0.5 + study.side * 0.16), frame.h * study.chance.number("planet", 0.34, 0.46)
    tall = frame.h * 1.3
    first, second = palette.accents[0], palette.accents[2]
    glow, lit, shaded = mix(palette.glow, first, 0.4), mix(first, palette.sky[2], 0.3), mix(second, palette.sky[1], 0.5)
    layers: list[Layer] = [
        Sky(palette.sky[:3], glow, tall, frame.w - x, frame.h * 0.3, 0.7, 0.5),
        Clouds(study.chance_for("nebula"), lit, shaded, -0.6, tall, 0.38, stretch=1.8),
        Clouds(study.chance_for("dust"), mix(second, palette.sky[1], 0.4), palette.sky[0], -0.6, tall, 0.3,
               stretch=2.4),
        Stars(study.chance_for("stars"), palette.light, tall, study.some(1700)),
        *_planet(study, x, y, 0.16 + 0.12 * study.strength),
    ]
    if study.reading.figure or study.chance.number("watch") > 0.4:
        land, contour = ground(study, frame.h * 0.97, 0.08)
        layers += mountains(study, frame.h * 0.99, frame.h * 0.78, hero=False)
        layers += [*standing(study, contour, frame.w * (0.5 - study.side * 0.2)), land]
    return layers


def _planet(study: Study, x: float, y: float, radius: float) -> list[Layer]:
    """A planet lit from above, between the far and the near halves of its rings."""
    palette = study.palette
    tilt = study.chance.number("tilt", -0.5, 0.5)
    behind: list[Shape] = []
    before: list[Shape] = []
    for size, dim in _RINGS:
        colour = mix(palette.light, palette.sky[1], dim)
        outer, inner = (ellipse(x, y, radius * s, radius * s * 0.24, tilt, 96) for s in (size, size - 0.13))
        before.append(Shape(_half(outer[:49], inner[:49]), colour))
        behind.append(Shape(_half(np.roll(outer, -48, 0)[:49], np.roll(inner, -48, 0)[:49]), colour))
    halo = Shape(ellipse(x, y, radius * 1.12, radius * 1.12), mix(palette.glow, palette.accents[0], 0.3))
    body, shade = mix(palette.accents[1], palette.light, 0.15), mix(palette.accents[1], palette.sky[0], 0.6)
    return [
        Shapes([halo], blur=0.04, opacity=0.6, light=True), Shapes(behind, opacity=0.8),
        Disc(study.chance_for("planet"), x, y, radius, body, shade, seas=0.3), Shapes(before, opacity=0.9),
    ]


def _half(outer: Points, inner: Points) -> Points:
    """The outline of half a ring."""
    return np.concatenate([outer, inner[::-1]])
