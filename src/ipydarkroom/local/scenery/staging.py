"""Who and what stands in a scene: figures, houses, lighthouses, boats, in the colours of the scene's light."""

from __future__ import annotations

import math

import numpy as np

from .canvas import Layer
from .chance import Contour
from .colours import RGB, from_hex, mix, recolour, scale
from .figures import Tones, figure
from .land import snow_tone
from .props import boat, house, lighthouse, snowman, umbrella
from .shapes import Shape, Shapes, curve, ellipse, stroke
from .study import Study

__all__ = ["afloat", "cast", "person", "standing"]

_FURS: dict[str, tuple[RGB, RGB]] = {
    name: (from_hex(body), from_hex(pale))
    for name, body, pale in (
        ("fox", "#d2622a", "#f6e6d0"), ("cat", "#2a2630", "#6b6470"), ("owl", "#8a6242", "#f0dfc2"),
        ("deer", "#9a6a42", "#ead6b8"),
        ("wolf", "#6b7280", "#c9cdd2"), ("rabbit", "#b79c82", "#f5ece0"), ("bear", "#5f4434", "#c9a984"),
        ("horse", "#6e4530", "#c9a27e"), ("whale", "#2f4a62", "#dfeaf0"), ("person", "#b23a3a", "#e7c1a2"),
        ("man", "#b23a3a", "#e7c1a2"),
    )
}  # fmt: skip
_PEOPLE = ("person", "man")


def cast(study: Study) -> str | None:
    """The figure to draw, by its name in `FIGURES`; None for none, and for a face."""
    name = study.reading.figure
    if name == "person" and study.has("man"):
        return "man"
    return None if name == "portrait" else name


def person(study: Study, name: str, x: float, foot: float, size: float, *, flip: bool) -> list[Shape]:
    """A figure on its feet, with an umbrella where it rains."""
    shapes = figure(name, x, foot, size, _tones(study, name), flip=flip, rim=0.0022 * -study.side)
    if name in _PEOPLE and study.has("umbrella", "rain"):
        shapes += umbrella(x + 0.10 * size, foot - size * 0.71, size, study.palette.accents[0], study.palette.near)
    return shapes


def standing(study: Study, contour: Contour, spot: float) -> list[Layer]:
    """What the words put on the ground: the figure at x `spot`, buildings and the like at some distance from it."""

    def foot(x: float) -> float:
        return float(contour(np.array([x]))[0]) + 0.006

    aside = min(max(spot - study.side * 0.3, 0.14), study.frame.w - 0.14)
    layers: list[Layer] = []
    if study.has("lighthouse") and (study.dark or study.has("storm", "fog")):
        layers.append(_beams(study, aside, foot(aside) - 0.85 * _tower(study)))
    shapes = _buildings(study, aside, foot(aside))
    name = cast(study)
    if name is not None and name != "whale":
        size = (0.24 + 0.22 * study.strength) * min(1.0, study.frame.w / 0.9) * (0.8 if name in {"bear", "rabbit"} else 1.0)
        if name == "owl":
            shapes += _perched(study, spot, foot(spot) - 0.16, size * 0.8)
        else:
            shapes += person(study, name, spot, foot(spot), size, flip=study.side < 0)
    return [*layers, Shapes(shapes)] if shapes else layers


def afloat(study: Study) -> list[Layer]:
    """Boats and whales, where the study has water."""
    stream = study.chance.stream("afloat")
    shapes: list[Shape] = []
    palette, depth = study.palette, study.frame.h - study.horizon
    alone = study.reading.figure is None and not study.has("city", "storm")
    if study.has("boat") or (alone and stream.uniform() > 0.6):
        size = 0.12 + 0.14 * study.strength if study.has("boat") else 0.07
        x = study.frame.w * (0.5 - study.side * stream.uniform(0.02, 0.2))
        y = study.horizon + depth * (0.10 + size * 0.8)
        hull, sail = mix(palette.near, palette.accents[0], 0.15), mix(palette.light, palette.sky[2], 0.25)
        drawn = boat(x, y, size, hull, sail, flip=study.side > 0)
        shapes += [*(_mirrored(shape, y) for shape in drawn), *drawn]
    if study.reading.figure == "whale":
        size = 0.22 + 0.16 * study.strength
        x, y = study.frame.w * (0.5 - study.side * 0.1), study.horizon + depth * 0.42
        shapes += figure("whale", x, y, size, _tones(study, "whale"), rim=0.0025 * -study.side)
        for number in range(4):
            ring = ellipse(x, y + 0.006 + 0.010 * number, size * (0.28 + 0.16 * number), 0.0016)
            shapes.append(Shape(ring, mix(palette.light, palette.sky[2], 0.4)))
    return [Shapes(shapes)] if shapes else []


def _mirrored(shape: Shape, y: float) -> Shape:
    """A shape turned upside down below the line y, shorter and darker."""
    points = shape.points.copy()
    points[:, 1] = y - (points[:, 1] - y) * 0.8
    return Shape(points, scale(shape.colour, light=0.72))


def _tower(study: Study) -> float:
    """The height of a lighthouse."""
    return 0.30 + 0.16 * study.strength


def _buildings(study: Study, x: float, y: float) -> list[Shape]:
    """A house, a lighthouse, a snowman with their feet at (x, y)."""
    palette = study.palette
    shapes: list[Shape] = []
    if study.has("house"):
        wall, roof = mix(palette.near, palette.accents[0], 0.25), mix(palette.near, study.haze, 0.12)
        shapes += house(x, y, 0.13, wall, roof, palette.light if study.time == "day" else palette.accents[1])
    if study.has("lighthouse"):
        shade = 0.35 if study.dark else 0.1
        body, stripe = mix(palette.light, palette.near, shade), mix(palette.accents[0], palette.near, shade)
        shapes += lighthouse(x, y, _tower(study), body, stripe, palette.accents[1])
    if study.has("snowman"):
        white = snow_tone(study, 1.0)
        shapes += snowman(x, y + 0.01, 0.2, mix(white, (1, 1, 1), 0.4), mix(white, palette.near, 0.25),
                          palette.accents[0], palette.near)
    return shapes


def _beams(study: Study, x: float, y: float) -> Shapes:
    """A lighthouse's two beams from its lamp at (x, y)."""
    angle = study.chance.number("beam", -0.25, 0.1)
    shapes = []
    for way in (angle, angle + math.pi):
        far = [(x + math.cos(way + half) * 1.6, y + math.sin(way + half) * 1.6, 1) for half in (-0.05, 0.05)]
        tone = mix(study.palette.light, study.palette.accents[1], 0.3)
        shapes.append(Shape(curve([(x, y, 1), *far], steps=1), tone))
    return Shapes(shapes, blur=0.006, opacity=0.34, light=True)


def _perched(study: Study, x: float, y: float, size: float) -> list[Shape]:
    """An owl, and the bough it sits on, reaching in from the nearer side."""
    edge = -0.05 if study.side < 0 else study.frame.w + 0.05
    tone = scale(study.palette.near, light=0.9)
    tip = x - math.copysign(0.22, edge - x)
    bough = stroke([(edge, y + 0.07), ((edge + x) / 2, y + 0.015), (x, y + 0.012), (tip, y - 0.02)],
                   [0.06, 0.045, 0.034, 0.008])
    twig = stroke([((edge + x * 2) / 3, y + 0.02), (x + (edge - x) * 0.1, y + 0.11)], [0.024, 0.004])
    owl = figure("owl", x, y, size, _tones(study, "owl"), rim=0.0025 * -study.side)
    return [Shape(bough, tone), Shape(twig, tone), *owl]


def _tones(study: Study, name: str) -> Tones:
    """A figure's own colours, in the light of the scene; the more the words count, the clearer."""
    body, pale = _FURS[name]
    named = study.reading.figure_colour
    if named is not None:
        body = _dyed(body, named, name)
    elif name in _PEOPLE:
        body = study.palette.accents[0]
    gloom = {"night": 0.62, "sunset": 0.5, "dawn": 0.4}.get(study.time, 0.12) - 0.3 * (study.strength - 0.5)
    gloom = max(0.0, gloom)
    near = scale(study.palette.near, light=0.9)
    rim = mix(study.palette.light, study.palette.glow, 0.35)
    return Tones(mix(body, near, gloom), mix(pale, near, gloom * 0.8), mix(body, study.palette.near, 0.82), rim)


def _dyed(body: RGB, named: RGB, name: str) -> RGB:
    """A fur or a coat in the colour that was named beside it."""
    if name == "fox" and named[0] > 0.7 and max(named[1:]) < 0.5:
        return body  # a red fox is orange, and ours is
    grey = max(named) - min(named) < 0.1  # white, black and grey have no hue to give
    return mix(recolour(body, named, 0.75), named, 0.8 if grey else 0.5)
