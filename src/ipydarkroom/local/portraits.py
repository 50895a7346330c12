"""Portraits: a stylised bust in cut-paper planes before a coloured ground. Outlines have the head's height as unit."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from .canvas import Layer
from .chance import Contour
from .colours import RGB, from_hex, lightness, mix, recolour, scale
from .land import Ridge
from .shapes import Points, Shape, Shapes, blob, curve, ellipse, place, stroke
from .sky import Sky
from .study import Study

__all__ = ["portrait"]

_SKINS = tuple(map(from_hex, ("#f3c9a8", "#e8b48c", "#d79a6e", "#b9784f", "#8d5538", "#5f3826")))
_HAIRS = tuple(map(from_hex, ("#1c1719", "#2c1d1b", "#4a2a1e", "#7b4526", "#b5713a", "#d8b070", "#a33f2c")))
_FACE = [(0, 0.5), (0.19, 0.47), (0.315, 0.33), (0.35, 0.13), (0.338, -0.06), (0.30, -0.24), (0.205, -0.395), (0.10, -0.478),
         (0, -0.5)]


@dataclass(frozen=True, slots=True)
class _Sitter:
    """Who sits: colours and the drawn choices."""

    skin: RGB
    shade: RGB
    hair: RGB
    cloth: RGB
    lips: RGB
    iris: RGB
    style: int
    man: bool
    beard: bool
    eyes_closed: bool
    hat: bool
    side: float


def portrait(study: Study) -> list[Layer]:
    """A bust filling the lower two thirds of the picture."""
    frame = study.frame
    sitter = _sitter(study)
    size = min(frame.h * 0.46, frame.w * 0.58) * (0.88 + 0.24 * study.strength)
    x = frame.w * (0.5 + study.chance.number("seat", -0.05, 0.05))
    y = frame.h * (0.475 if sitter.hat else 0.45)
    layers = _backdrop(study, x, y, size)
    parts = [*_behind(sitter), *_body(sitter), *_face(sitter), *_features(sitter), *_front(study, sitter)]
    shapes = [Shape(place(shape.points, x, y, size), shape.colour) for shape in parts]
    rim = mix(study.palette.light, study.palette.glow, 0.3)
    silhouette = [*_behind(sitter), *_body(sitter)[:2], *(_hat(study, sitter) if sitter.hat else [])]
    edge = [Shape(place(shape.points, x + 0.006 * sitter.side, y - 0.004, size), rim) for shape in silhouette]
    layers += [Shapes(edge), Shapes(shapes)]
    if study.has("flower", "blossom", "meadow") or study.chance.number("bouquet") > 0.75:  # noqa: PLR2004
        layers.append(_flowers(study, x, y, size))
    return layers


def _sitter(study: Study) -> _Sitter:
    stream = study.chance.stream("sitter")
    palette = study.palette
    skin = _SKINS[int(stream.integers(len(_SKINS)))]
    skin = mix(skin, palette.glow, 0.10)
    hair = _HAIRS[int(stream.integers(len(_HAIRS) if lightness(skin) > 0.6 else 4))]  # noqa: PLR2004
    if stream.uniform() > 0.8:  # noqa: PLR2004  # now and then a dyed one
        hair = mix(palette.near, palette.accents[int(stream.integers(3))], 0.5)
    cloth = palette.accents[int(stream.integers(len(palette.accents)))]
    shadow = recolour(scale(skin, light=0.74), mix(palette.near, palette.accents[0], 0.5), 0.35)
    man, beard = study.has("man"), study.has("beard") or (study.has("man") and bool(stream.uniform() > 0.55))  # noqa: PLR2004
    lips = mix(scale(skin, light=0.72), (0.80, 0.16, 0.22), 0.62 if not man else 0.22)
    iris = mix(from_hex(("#3b2a1e", "#4f6b4a", "#3f6f96", "#6b4a2a")[int(stream.integers(4))]), palette.near, 0.15)
    return _Sitter(skin, shadow, hair, cloth, lips, iris, int(stream.integers(5)) if not man else int(stream.integers(3, 5)), man, beard, bool(stream.uniform() > 0.72),  # noqa: PLR2004
                   study.has("hat") or bool(stream.uniform() > 0.8), study.side)  # noqa: PLR2004


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
            arch = [(x - size * wide, frame.h + 0.05), *ellipse(x, top, size * wide, size * wide, steps=96)[48:].tolist(),
                    (x + size * wide, frame.h + 0.05)]
            shapes.append(Shape(np.array(arch), tone))
        layers.append(Shapes(shapes))
    elif kind == 2:  # noqa: PLR2004
        shapes = []
        for number in range(16):
            angle, wide = number * math.pi / 8 + 0.1, math.pi / 16
            corners = [(x, top), *((x + math.cos(angle + w) * 2.4, top + math.sin(angle + w) * 2.4) for w in (-wide / 2, wide / 2))]
            shapes.append(Shape(np.array(corners), warm))
        layers += [Shapes(shapes, opacity=0.32), Shapes([Shape(ellipse(x, top, size * 0.74, size * 0.74, steps=120), warm)])]
    else:
        layers.append(Shapes([Shape(ellipse(x + 0.34 * size * study.side, top - size * 0.2, size * 0.6, size * 0.6, steps=120), warm)]))
        for number in range(3):
            contour = Contour.draw(study.chance.stream(f"hill {number}"), level=frame.h * (0.72 + 0.13 * number), height=0.2,
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
            shapes.append(Shape(stroke([start, bend, tip], [size * 0.008, size * 0.008, size * 0.002]), scale(tone, light=1.2)))
    return Shapes(shapes)


def _mirror(half: list[tuple[float, ...]]) -> Points:
    """A closed outline from its right half, top to bottom."""
    left = [(-point[0], *point[1:]) for point in reversed(half) if abs(point[0]) > 1e-9]  # noqa: PLR2004
    return curve([*half, *left])


def _behind(sitter: _Sitter) -> list[Shape]:
    """The hair behind the head: long, bobbed, in a bun, curly or short."""
    hair = scale(sitter.hair, light=0.88)
    long = [(0, 0.62), (0.26, 0.58), (0.41, 0.40), (0.45, 0.10), (0.44, -0.25), (0.47, -0.60), (0.50, -0.98), (0.30, -1.06), (0, -0.9)]
    bob = [(0, 0.62), (0.27, 0.58), (0.42, 0.40), (0.455, 0.10), (0.47, -0.20), (0.45, -0.46), (0.34, -0.54), (0.2, -0.45), (0, -0.3)]
    short = [(0, 0.615), (0.24, 0.58), (0.37, 0.42), (0.385, 0.20), (0.36, 0.0), (0.2, -0.1), (0, -0.1)]
    if sitter.style == 0:
        return [Shape(_mirror(long), hair)]
    if sitter.style == 1:
        return [Shape(_mirror(bob), hair)]
    if sitter.style == 2:  # noqa: PLR2004
        return [Shape(ellipse(0.06 * sitter.side, 0.70, 0.2, 0.185), hair), Shape(_mirror(short), hair)]
    if sitter.style == 3:  # noqa: PLR2004
        stream = np.random.Generator(np.random.PCG64(7))  # the same head of curls for every sitter
        curls = [blob(stream, math.cos(a) * 0.40, 0.22 + math.sin(a) * 0.38, 0.2) for a in np.linspace(-0.5, math.pi + 0.5, 15)]
        return [Shape(ellipse(0, 0.2, 0.46, 0.44), hair), *(Shape(points, hair) for points in curls)]
    return [Shape(_mirror(short), hair)]


def _body(sitter: _Sitter) -> list[Shape]:
    """Shoulders and clothes, the neck, and the chin's shadow on it."""
    cloth, dark = sitter.cloth, scale(sitter.cloth, light=0.76)
    shoulders = [(0, -0.66), (0.17, -0.68), (0.32, -0.78), (0.60, -0.90), (0.80, -1.10), (0.90, -1.5), (0.93, -2.4), (0, -2.4)]
    neck = [(0.16, -0.2), (0.15, -0.55), (0.19, -0.70), (0.0, -0.95)]
    fold = [(0.05, -0.95), (0.2, -0.74), (0.34, -0.79), (0.60, -0.90), (0.80, -1.10), (0.90, -1.5), (0.93, -2.4, 1), (0.3, -2.4, 1), (0.22, -1.5)]
    away = -sitter.side
    return [
        Shape(_mirror(shoulders), cloth),
        Shape(_mirror(neck), sitter.skin),
        Shape(curve([(away * p[0], *p[1:]) for p in fold]), dark),
        Shape(_mirror([(0.145, -0.36), (0.142, -0.56), (0.06, -0.62), (0.0, -0.66)]), sitter.shade),
        Shape(curve([(away * 0.155, -0.4), (away * 0.15, -0.56), (away * 0.19, -0.70), (away * 0.02, -0.93), (away * 0.0, -0.6)]), sitter.shade),
        *([] if sitter.style % 2 else [Shape(curve([(-0.2, -0.60), (0, -0.67), (0.2, -0.60), (0.24, -0.86), (0, -1.02), (-0.24, -0.86)]), cloth),
                                       Shape(curve([(away * 0.03, -0.68), (away * 0.2, -0.60), (away * 0.24, -0.86), (away * 0.03, -1.02)]), dark)]),
    ]


def _face(sitter: _Sitter) -> list[Shape]:
    """The face in two planes, split by the light along the nose, and the ears."""
    away = -sitter.side
    shadow = [(0.02, 0.5, 1), (0.06, 0.34), (0.035, 0.17), (0.05, 0.09), (0.075, -0.02), (0.088, -0.105), (0.055, -0.135), (0.025, -0.16),
              (0.04, -0.22), (0.03, -0.30), (0.055, -0.38), (0.02, -0.5, 1), (0.10, -0.478), (0.205, -0.395), (0.30, -0.24),
              (0.338, -0.06), (0.35, 0.13), (0.315, 0.33), (0.19, 0.47)]
    cheek = mix(sitter.skin, (0.91, 0.42, 0.38), 0.22)
    return [
        Shape(ellipse(-away * 0.345, -0.02, 0.05, 0.085), scale(sitter.skin, light=0.93)),
        Shape(ellipse(away * 0.345, -0.02, 0.05, 0.085), scale(sitter.shade, light=0.93)),
        Shape(_mirror(list(_FACE)), sitter.skin),
        Shape(ellipse(-away * 0.195, -0.13, 0.085, 0.06), cheek),
        Shape(curve([(away * p[0], *p[1:]) for p in shadow]), sitter.shade),
    ]


def _features(sitter: _Sitter) -> list[Shape]:
    """Brows, eyes, nostrils and lips."""
    dark = mix(scale(sitter.hair, light=0.7), (0.12, 0.08, 0.09), 0.5)
    shapes: list[Shape] = []
    for side in (-1, 1):
        white = mix((0.98, 0.96, 0.93), sitter.shade, 0.35 if side == -sitter.side else 0.05)
        brow = [(side * 0.075, 0.135), (side * 0.16, 0.175), (side * 0.262, 0.13)]
        shapes.append(Shape(stroke(brow, [0.044, 0.040, 0.016] if sitter.man else [0.032, 0.028, 0.006]), dark))
        shapes += _closed(side, dark) if sitter.eyes_closed else _open(side, white, sitter.iris, dark)
    nostril = scale(sitter.shade, light=0.78)
    if sitter.beard:
        shapes += _beard(sitter)
    shapes += [
        Shape(stroke([(-0.062, -0.118), (-0.03, -0.145), (0, -0.135), (0.03, -0.145), (0.062, -0.118)], [0.006, 0.017, 0.010, 0.017, 0.006]), nostril),
        Shape(curve([(-0.125, -0.268, 1), (-0.045, -0.228), (0, -0.24), (0.045, -0.228), (0.125, -0.268, 1), (0, -0.272)]), scale(sitter.lips, light=0.86)),
        Shape(curve([(-0.125, -0.268, 1), (0, -0.274), (0.125, -0.268, 1), (0.062, -0.322), (0, -0.334), (-0.062, -0.322)]), sitter.lips),
        Shape(ellipse(sitter.side * 0.035, -0.302, 0.03, 0.008), mix(sitter.lips, (1, 1, 1), 0.35)),
    ]
    return shapes


def _beard(sitter: _Sitter) -> list[Shape]:
    """A full beard, darker on the side away from the light."""
    half = [(0, -0.185), (0.09, -0.19), (0.16, -0.23), (0.24, -0.17), (0.325, -0.02), (0.345, 0.06), (0.345, -0.12), (0.30, -0.34),
            (0.19, -0.52), (0.08, -0.59), (0, -0.60)]
    away = -sitter.side
    dim = [(0.05, -0.19), (0.09, -0.19), (0.16, -0.23), (0.24, -0.17), (0.325, -0.02), (0.345, 0.06), (0.345, -0.12), (0.30, -0.34),
           (0.19, -0.52), (0.08, -0.59), (0.02, -0.60), (0.06, -0.4)]
    tone = mix(sitter.hair, sitter.skin, 0.12)
    return [Shape(_mirror(half), tone), Shape(curve([(away * x, y) for x, y in dim]), scale(tone, light=0.78))]


def _open(side: int, white: RGB, iris: RGB, dark: RGB) -> list[Shape]:
    x = side * 0.158
    lid = [(x - side * 0.088, 0.018, 1), (x - side * 0.03, 0.066), (x + side * 0.04, 0.064), (x + side * 0.098, 0.036, 1)]
    return [
        Shape(curve([*lid, (x + side * 0.03, -0.005), (x - side * 0.03, -0.004)]), white),
        Shape(ellipse(x, 0.030, 0.039, 0.040), iris), Shape(ellipse(x, 0.030, 0.019, 0.02), scale(dark, light=0.7)),
        Shape(ellipse(x - 0.013, 0.045, 0.009, 0.009), (1, 1, 1)),
        Shape(stroke([(x - side * 0.09, 0.016), (x - side * 0.03, 0.066), (x + side * 0.04, 0.066), (x + side * 0.125, 0.052)],
                     [0.007, 0.019, 0.022, 0.004]), dark),
    ]


def _closed(side: int, dark: RGB) -> list[Shape]:
    x = side * 0.158
    shapes = [Shape(stroke([(x - side * 0.09, 0.03), (x, -0.005), (x + side * 0.095, 0.028)], [0.006, 0.018, 0.008]), dark)]
    for number in range(4):
        at = x + side * (0.01 + 0.027 * number)
        shapes.append(Shape(stroke([(at, -0.002 + 0.006 * number), (at + side * 0.018, -0.036 + 0.008 * number)], [0.008, 0.002]), dark))
    return shapes


def _front(study: Study, sitter: _Sitter) -> list[Shape]:
    """Fringe or parting, ear-rings, and the hat."""
    side, hair = sitter.side, sitter.hair
    shine = mix(hair, study.palette.glow, 0.22)
    parting = [(side * -0.06, 0.60), (side * 0.2, 0.585), (side * 0.37, 0.42), (side * 0.392, 0.16), (side * 0.355, 0.05), (side * 0.335, 0.2),
               (side * 0.24, 0.36), (side * -0.06, 0.47)]
    sweep = [(side * 0.08, 0.605), (side * -0.2, 0.585), (side * -0.37, 0.42), (side * -0.395, 0.16), (side * -0.355, 0.02), (side * -0.325, 0.17),
             (side * -0.16, 0.345), (side * 0.10, 0.42)]
    fringe = [(0, 0.615), (0.24, 0.58), (0.375, 0.42), (0.395, 0.15), (0.35, 0.04), (0.33, 0.215), (0.2, 0.20), (0.0, 0.225)]
    shapes = [Shape(_mirror(fringe), hair)] if sitter.style == 1 else [Shape(curve(parting), hair), Shape(curve(sweep), hair)]
    shapes.append(Shape(stroke([(side * 0.05, 0.53), (side * 0.2, 0.49), (side * 0.295, 0.36)], [0.006, 0.03, 0.006]), shine))
    if sitter.style in (1, 2, 3) and not sitter.man:
        for way in (-1, 1):
            tone = scale(study.palette.accents[1], light=1.0 if way == side else 0.78)
            shapes.append(Shape(ellipse(way * 0.365, -0.20, 0.042, 0.075), tone))
    return [*shapes, *(_hat(study, sitter) if sitter.hat else [])]


def _hat(study: Study, sitter: _Sitter) -> list[Shape]:
    """A sculptural hat: a tilted brim, a crown and a band."""
    palette, tilt = study.palette, 0.2 * sitter.side
    tone = palette.accents[study.chance.choice("hat", len(palette.accents))]
    if sum(abs(a - b) for a, b in zip(tone, sitter.cloth, strict=True)) < 0.15:  # noqa: PLR2004  # not the coat's own cloth
        tone = palette.accents[(palette.accents.index(tone) + 1) % len(palette.accents)]
    turn = np.array([[math.cos(tilt), -math.sin(tilt)], [math.sin(tilt), math.cos(tilt)]])
    crown = curve([(-0.40, 0.36, 1), (-0.37, 0.62), (-0.24, 0.80), (0, 0.83), (0.24, 0.80), (0.37, 0.62), (0.40, 0.36, 1)])
    lit = curve([(sitter.side * p[0], *p[1:]) for p in
                 [(0.40, 0.36, 1), (0.37, 0.62), (0.24, 0.80), (0.10, 0.815), (0.22, 0.62), (0.26, 0.36, 1)]])
    band = curve([(-0.402, 0.35, 1), (-0.39, 0.47), (0, 0.425), (0.39, 0.47), (0.402, 0.35, 1), (0, 0.30)])
    brim = ellipse(0, 0.36, 0.72, 0.125, steps=64)
    under = ellipse(0, 0.335, 0.70, 0.105, steps=64)
    return [
        Shape(under @ turn.T, scale(tone, light=0.6)), Shape(brim @ turn.T, scale(tone, light=0.92)), Shape(crown @ turn.T, tone),
        Shape(lit @ turn.T, mix(tone, palette.light, 0.22)), Shape(band @ turn.T, mix(palette.near, tone, 0.2)),
    ]


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
