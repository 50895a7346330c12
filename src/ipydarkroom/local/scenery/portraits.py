"""Portraits: a stylised bust in cut-paper planes before a coloured ground. Outlines have the head's height as unit."""

from __future__ import annotations

import math

import numpy as np

from .canvas import Layer
from .chance import Contour
from .colours import RGB, from_hex, lightness, mix, recolour, scale
from .faces import Sitter, behind, body, face, features, front, hat
from .land import Ridge
from .shapes import Shape, Shapes, blob, ellipse, place, stroke
from .sky import Sky
from .study import Study

__all__ = ["portrait"]

_SKINS = tuple(map(from_hex, ("#f3c9a8", "#e8b48c", "#d79a6e", "#b9784f", "#8d5538", "#5f3826")))
_HAIRS = tuple(map(from_hex, ("#1c1719", "#2c1d1b", "#4a2a1e", "#7b4526", "#b5713a", "#d8b070", "#a33f2c")))


def portrait(study: Study) -> list[Layer]:
    """A bust filling the lower two thirds of the picture."""
    frame = study.frame
    sitter = _sitter(study)
    size = min(frame.h * 0.46, frame.w * 0.58) * (0.88 + 0.24 * study.strength)
    x = frame.w * (0.5 + study.chance.number("seat", -0.05, 0.05))
    y = frame.h * (0.475 if sitter.hat else 0.45)
    layers = _backdrop(study, x, y, size)
    parts = [*behind(sitter), *body(sitter), *face(sitter), *features(sitter), *front(sitter)]
    shapes = [Shape(place(shape.points, x, y, size), shape.colour) for shape in parts]
    rim = mix(study.palette.light, study.palette.glow, 0.3)
    silhouette = [*behind(sitter), *body(sitter)[:2], *hat(sitter)]
    edge = [Shape(place(shape.points, x + 0.006 * sitter.side, y - 0.004, size), rim) for shape in silhouette]
    layers += [Shapes(edge), Shapes(shapes)]
    if study.has("flower", "blossom", "meadow") or study.chance.number("bouquet") > 0.75:
        layers.append(_flowers(study, x, y, size))
    return layers


def _sitter(study: Study) -> Sitter:
    stream = study.chance.stream("sitter")
    palette = study.palette
    skin = _SKINS[int(stream.integers(len(_SKINS)))]
    skin = mix(skin, palette.glow, 0.10)
    hair = _HAIRS[int(stream.integers(len(_HAIRS) if lightness(skin) > 0.6 else 4))]
    if stream.uniform() > 0.8:  # now and then a dyed one
        hair = mix(palette.near, palette.accents[int(stream.integers(3))], 0.5)
    cloth = palette.accents[int(stream.integers(len(palette.accents)))]
    shadow = recolour(scale(skin, light=0.74), mix(palette.near, palette.accents[0], 0.5), 0.35)
    man = study.has("man")
    beard = study.has("beard") or (man and bool(stream.uniform() > 0.55))
    iris = from_hex(("#3b2a1e", "#4f6b4a", "#3f6f96", "#6b4a2a")[int(stream.integers(4))])
    style = int(stream.integers(3, 5) if man else stream.integers(5))
    closed, covered = bool(stream.uniform() > 0.72), bool(stream.uniform() > 0.8)
    return Sitter(
        skin=skin, shade=shadow, hair=hair, cloth=cloth, iris=mix(iris, palette.near, 0.15),
        lips=mix(scale(skin, light=0.72), (0.80, 0.16, 0.22), 0.22 if man else 0.62), jewel=palette.accents[1],
        glow=palette.glow, ink=palette.near, style=style, man=man, beard=beard, eyes_closed=closed,
        hat=_felt(study, cloth) if study.has("hat") or covered else None, side=study.side,
    )


def _felt(study: Study, cloth: RGB) -> RGB:
    """The hat's colour: an accent, but not the coat's own."""
    accents = study.palette.accents
    number = study.chance.choice("hat", len(accents))
    same = max(abs(one - other) for one, other in zip(accents[number], cloth, strict=True)) < 0.06
    return accents[(number + same) % len(accents)]


def _backdrop(study: Study, x: float, y: float, size: float) -> list[Layer]:
    """Colour blocking: a gradient, and a disc, an arch, rays or hills behind the head."""
    palette, frame = study.palette, study.frame
    layers: list[Layer] = [
        Sky(palette.sky, palette.glow, frame.h * 1.02, x + 0.3 * study.side, y, 0.5, 0.5, steps=7 if study.flat else 0)
    ]
    kind = study.chance.choice("backdrop", 4)
    warm, cool = mix(palette.accents[1], palette.glow, 0.3), mix(palette.far, palette.sky[2], 0.4)
    top = y - size * 0.12
    if kind == 0:
        layers.append(Shapes([Shape(ellipse(x, top, size * 0.86, size * 0.86, steps=120), warm)]))
    elif kind == 1:
        shapes = []
        for number, wide in enumerate((1.02, 0.86, 0.70)):
            tone = mix(warm, cool, number / 2)
            arch = [(x - size * wide, frame.h + 0.05),
                    *ellipse(x, top, size * wide, size * wide, steps=96)[48:].tolist(),
                    (x + size * wide, frame.h + 0.05)]
            shapes.append(Shape(np.array(arch), tone))
        layers.append(Shapes(shapes))
    elif kind == 2:
        shapes = []
        for number in range(16):
            angle, wide = number * math.pi / 8 + 0.1, math.pi / 16
            edges = (angle - wide / 2, angle + wide / 2)
            corners = [(x, top), *((x + math.cos(edge) * 2.4, top + math.sin(edge) * 2.4) for edge in edges)]
            shapes.append(Shape(np.array(corners), warm))
        disc = Shape(ellipse(x, top, size * 0.74, size * 0.74, steps=120), warm)
        layers += [Shapes(shapes, opacity=0.32), Shapes([disc])]
    else:
        sun = ellipse(x + 0.34 * size * study.side, top - size * 0.2, size * 0.6, size * 0.6, steps=120)
        layers.append(Shapes([Shape(sun, warm)]))
        for number in range(3):
            contour = Contour.draw(study.chance.stream(f"hill {number}"), level=frame.h * (0.72 + 0.13 * number),
                                   height=0.2,
                                   pace=1.2, rough=0.4)
            tone = study.tone(0.25 + 0.22 * number)
            layers.append(Ridge(contour, tone, mix(tone, study.haze, 0.4), 0.3, study.chance_for("hill")))
    layers.append(_leaves(study, x, y, size))
    return layers


def _leaves(study: Study, x: float, y: float, size: float) -> Shapes:
    """Large leaves fanning out behind the shoulders."""
    stream = study.chance.stream("leaves")
    shapes: list[Shape] = []
    for side in (-1, 1):
        for number in range(study.some(5)):
            angle = -0.25 - number * 0.28 + stream.uniform(-0.08, 0.08)
            start = np.array([x + side * size * 0.35, y + size * 0.8])
            long = size * stream.uniform(0.75, 1.15)
            tip = start + np.array([side * math.cos(angle), math.sin(angle)]) * long
            bend = (start + tip) / 2 + np.array([0, -0.08 * size])
            tone = mix(study.tone(0.75), study.palette.accents[2], float(stream.uniform(0.1, 0.6)))
            shapes.append(Shape(stroke([start, bend, tip], [size * 0.03, size * 0.17, size * 0.004]), tone))
            shapes.append(Shape(stroke([start, bend, tip], [size * 0.008, size * 0.008, size * 0.002]),
                                scale(tone, light=1.2)))
    return Shapes(shapes)












def _flowers(study: Study, x: float, y: float, size: float) -> Shapes:
    """Blossoms along the lower edge and in front of one shoulder."""
    stream = study.chance.stream("bouquet")
    shapes: list[Shape] = []
    for _ in range(study.some(13)):
        at = (x - study.side * size * stream.uniform(0.1, 1.1), y + size * stream.uniform(0.95, 1.25))
        radius = size * stream.uniform(0.07, 0.14)
        tone = study.palette.accents[int(stream.integers(len(study.palette.accents)))]
        for ring, (count, away) in enumerate(((8, 0.62), (6, 0.34))):
            for angle in np.arange(count) * 2 * math.pi / count + ring * 0.3:
                centre = (at[0] + math.cos(angle) * radius * away, at[1] + math.sin(angle) * radius * away * 0.9)
                shade = scale(tone, light=0.86 + 0.1 * ring + 0.06 * math.sin(angle))
                shapes.append(Shape(blob(stream, *centre, radius * (0.46 - 0.1 * ring), 0.1), shade))
        shapes.append(Shape(ellipse(*at, radius * 0.22, radius * 0.2), mix(tone, (1.0, 0.85, 0.4), 0.6)))
    return Shapes(shapes)
