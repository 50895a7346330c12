"""Faces as shapes: hair, neck and clothes, a face in two planes of light, its features, a hat.

Outlines are drawn around the middle of the face, y upwards, with the height of the head as unit.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .colours import RGB, mix, scale
from .shapes import Points, Shape, blob, curve, ellipse, stroke

__all__ = ["Sitter", "behind", "body", "face", "features", "front", "hat"]

_FACE = [(0, 0.5), (0.19, 0.47), (0.315, 0.33), (0.35, 0.13), (0.338, -0.06), (0.30, -0.24), (0.205, -0.395),
         (0.10, -0.478),
         (0, -0.5)]


@dataclass(frozen=True, slots=True)
class Sitter:
    """Who sits: colours, and what was chosen.

    `style` is the hair (0 long, 1 bobbed, 2 in a bun, 3 curly, 4 short), `hat` the hat's colour or None, `side` 1
    where the light comes from the right and -1 from the left. `glow` is the light's colour, `ink` the darkest one.
    """

    skin: RGB
    shade: RGB
    hair: RGB
    cloth: RGB
    lips: RGB
    iris: RGB
    jewel: RGB
    glow: RGB
    ink: RGB
    style: int
    man: bool
    beard: bool
    eyes_closed: bool
    hat: RGB | None
    side: float


def _mirror(half: Sequence[tuple[float, ...]]) -> Points:
    """A closed outline from its right half, top to bottom."""
    left = [(-point[0], *point[1:]) for point in reversed(half) if abs(point[0]) > 1e-9]
    return curve([*half, *left])


def behind(sitter: Sitter) -> list[Shape]:
    """The hair behind the head: long, bobbed, in a bun, curly or short."""
    hair = scale(sitter.hair, light=0.88)
    long = [(0, 0.62), (0.26, 0.58), (0.41, 0.40), (0.45, 0.10), (0.44, -0.25), (0.47, -0.60), (0.50, -0.98),
            (0.30, -1.06), (0, -0.9)]
    bob = [(0, 0.62), (0.27, 0.58), (0.42, 0.40), (0.455, 0.10), (0.47, -0.20), (0.45, -0.46), (0.34, -0.54),
           (0.2, -0.45), (0, -0.3)]
    short = [(0, 0.615), (0.24, 0.58), (0.37, 0.42), (0.385, 0.20), (0.36, 0.0), (0.2, -0.1), (0, -0.1)]
    if sitter.style == 0:
        return [Shape(_mirror(long), hair)]
    if sitter.style == 1:
        return [Shape(_mirror(bob), hair)]
    if sitter.style == 2:
        return [Shape(ellipse(0.06 * sitter.side, 0.70, 0.2, 0.185), hair), Shape(_mirror(short), hair)]
    if sitter.style == 3:
        stream = np.random.Generator(np.random.PCG64(7))  # the same head of curls for every sitter
        angles = np.linspace(-0.5, math.pi + 0.5, 15)
        curls = [blob(stream, math.cos(angle) * 0.40, 0.22 + math.sin(angle) * 0.38, 0.2) for angle in angles]
        return [Shape(ellipse(0, 0.2, 0.46, 0.44), hair), *(Shape(points, hair) for points in curls)]
    return [Shape(_mirror(short), hair)]


def body(sitter: Sitter) -> list[Shape]:
    """Shoulders and clothes, the neck, and the chin's shadow on it."""
    cloth, dark = sitter.cloth, scale(sitter.cloth, light=0.76)
    shoulders = [(0, -0.66), (0.17, -0.68), (0.32, -0.78), (0.60, -0.90), (0.80, -1.10), (0.90, -1.5), (0.93, -2.4),
                 (0, -2.4)]
    neck = [(0.16, -0.2), (0.15, -0.55), (0.19, -0.70), (0.0, -0.95)]
    fold = [(0.05, -0.95), (0.2, -0.74), (0.34, -0.79), (0.60, -0.90), (0.80, -1.10), (0.90, -1.5), (0.93, -2.4, 1),
            (0.3, -2.4, 1), (0.22, -1.5)]
    away = -sitter.side
    return [
        Shape(_mirror(shoulders), cloth),
        Shape(_mirror(neck), sitter.skin),
        Shape(curve([(away * p[0], *p[1:]) for p in fold]), dark),
        Shape(_mirror([(0.145, -0.36), (0.142, -0.56), (0.06, -0.62), (0.0, -0.66)]), sitter.shade),
        Shape(curve([(away * 0.155, -0.4), (away * 0.15, -0.56), (away * 0.19, -0.70), (away * 0.02, -0.93),
                     (away * 0.0, -0.6)]), sitter.shade),
        *([] if sitter.style % 2 else _collar(cloth, dark, away)),
    ]


def _collar(cloth: RGB, dark: RGB, away: float) -> list[Shape]:
    """A turtle-neck."""
    whole = [(-0.2, -0.60), (0, -0.67), (0.2, -0.60), (0.24, -0.86), (0, -1.02), (-0.24, -0.86)]
    turned = [(away * x, y) for x, y in ((0.03, -0.68), (0.2, -0.60), (0.24, -0.86), (0.03, -1.02))]
    return [Shape(curve(whole), cloth), Shape(curve(turned), dark)]


def face(sitter: Sitter) -> list[Shape]:
    """The face in two planes, split by the light along the nose, and the ears."""
    away = -sitter.side
    shadow = [(0.02, 0.5, 1), (0.06, 0.34), (0.035, 0.17), (0.05, 0.09), (0.075, -0.02), (0.088, -0.105),
              (0.055, -0.135), (0.025, -0.16),
              (0.04, -0.22), (0.03, -0.30), (0.055, -0.38), (0.02, -0.5, 1), (0.10, -0.478), (0.205, -0.395),
              (0.30, -0.24),
              (0.338, -0.06), (0.35, 0.13), (0.315, 0.33), (0.19, 0.47)]
    cheek = mix(sitter.skin, (0.91, 0.42, 0.38), 0.22)
    return [
        Shape(ellipse(-away * 0.345, -0.02, 0.05, 0.085), scale(sitter.skin, light=0.93)),
        Shape(ellipse(away * 0.345, -0.02, 0.05, 0.085), scale(sitter.shade, light=0.93)),
        Shape(_mirror(_FACE), sitter.skin),
        Shape(ellipse(-away * 0.195, -0.13, 0.085, 0.06), cheek),
        Shape(curve([(away * p[0], *p[1:]) for p in shadow]), sitter.shade),
    ]


def features(sitter: Sitter) -> list[Shape]:
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
        Shape(stroke([(-0.062, -0.118), (-0.03, -0.145), (0, -0.135), (0.03, -0.145), (0.062, -0.118)],
                     [0.006, 0.017, 0.010, 0.017, 0.006]), nostril),
        Shape(curve([(-0.125, -0.268, 1), (-0.045, -0.228), (0, -0.24), (0.045, -0.228), (0.125, -0.268, 1),
                     (0, -0.272)]), scale(sitter.lips, light=0.86)),
        Shape(curve([(-0.125, -0.268, 1), (0, -0.274), (0.125, -0.268, 1), (0.062, -0.322), (0, -0.334),
                     (-0.062, -0.322)]), sitter.lips),
        Shape(ellipse(sitter.side * 0.035, -0.302, 0.03, 0.008), mix(sitter.lips, (1, 1, 1), 0.35)),
    ]
    return shapes


def _beard(sitter: Sitter) -> list[Shape]:
    """A full beard, darker on the side away from the light."""
    half = [(0, -0.185), (0.09, -0.19), (0.16, -0.23), (0.24, -0.17), (0.325, -0.02), (0.345, 0.06), (0.345, -0.12),
            (0.30, -0.34),
            (0.19, -0.52), (0.08, -0.59), (0, -0.60)]
    away = -sitter.side
    dim = [(0.05, -0.19), (0.09, -0.19), (0.16, -0.23), (0.24, -0.17), (0.325, -0.02), (0.345, 0.06), (0.345, -0.12),
           (0.30, -0.34),
           (0.19, -0.52), (0.08, -0.59), (0.02, -0.60), (0.06, -0.4)]
    tone = mix(sitter.hair, sitter.skin, 0.12)
    return [Shape(_mirror(half), tone), Shape(curve([(away * x, y) for x, y in dim]), scale(tone, light=0.78))]


def _open(side: int, white: RGB, iris: RGB, dark: RGB) -> list[Shape]:
    x = side * 0.158
    lid = [(x - side * 0.088, 0.018, 1), (x - side * 0.03, 0.066), (x + side * 0.04, 0.064),
           (x + side * 0.098, 0.036, 1)]
    return [
        Shape(curve([*lid, (x + side * 0.03, -0.005), (x - side * 0.03, -0.004)]), white),
        Shape(ellipse(x, 0.030, 0.039, 0.040), iris), Shape(ellipse(x, 0.030, 0.019, 0.02), scale(dark, light=0.7)),
        Shape(ellipse(x - 0.013, 0.045, 0.009, 0.009), (1, 1, 1)),
        Shape(stroke([(x - side * 0.09, 0.016), (x - side * 0.03, 0.066), (x + side * 0.04, 0.066),
                      (x + side * 0.125, 0.052)],
                     [0.007, 0.019, 0.022, 0.004]), dark),
    ]


def _closed(side: int, dark: RGB) -> list[Shape]:
    x = side * 0.158
    shapes = [Shape(stroke([(x - side * 0.09, 0.03), (x, -0.005), (x + side * 0.095, 0.028)], [0.006, 0.018, 0.008]),
                    dark)]
    for number in range(4):
        at = x + side * (0.01 + 0.027 * number)
        shapes.append(Shape(stroke([(at, -0.002 + 0.006 * number), (at + side * 0.018, -0.036 + 0.008 * number)],
                                   [0.008, 0.002]), dark))
    return shapes


def front(sitter: Sitter) -> list[Shape]:
    """Fringe or parting, ear-rings, and the hat."""
    side, hair = sitter.side, sitter.hair
    shine = mix(hair, sitter.glow, 0.22)
    parting = [(side * -0.06, 0.60), (side * 0.2, 0.585), (side * 0.37, 0.42), (side * 0.392, 0.16),
               (side * 0.355, 0.05), (side * 0.335, 0.2),
               (side * 0.24, 0.36), (side * -0.06, 0.47)]
    sweep = [(side * 0.08, 0.605), (side * -0.2, 0.585), (side * -0.37, 0.42), (side * -0.395, 0.16),
             (side * -0.355, 0.02), (side * -0.325, 0.17),
             (side * -0.16, 0.345), (side * 0.10, 0.42)]
    fringe = [(0, 0.615), (0.24, 0.58), (0.375, 0.42), (0.395, 0.15), (0.35, 0.04), (0.33, 0.215), (0.2, 0.20),
              (0.0, 0.225)]
    swept = [Shape(curve(parting), hair), Shape(curve(sweep), hair)]
    shapes = [Shape(_mirror(fringe), hair)] if sitter.style == 1 else swept
    shapes.append(Shape(stroke([(side * 0.05, 0.53), (side * 0.2, 0.49), (side * 0.295, 0.36)], [0.006, 0.03, 0.006]),
                        shine))
    if sitter.style in (1, 2, 3) and not sitter.man:
        for way in (-1, 1):
            tone = scale(sitter.jewel, light=1.0 if way == side else 0.78)
            shapes.append(Shape(ellipse(way * 0.365, -0.20, 0.042, 0.075), tone))
    return [*shapes, *hat(sitter)]


def hat(sitter: Sitter) -> list[Shape]:
    """A sculptural hat: a tilted brim, a crown and a band; nothing for a bare head."""
    tone, tilt = sitter.hat, 0.2 * sitter.side
    if tone is None:
        return []
    turn = np.array([[math.cos(tilt), -math.sin(tilt)], [math.sin(tilt), math.cos(tilt)]])
    crown = curve([(-0.40, 0.36, 1), (-0.37, 0.62), (-0.24, 0.80), (0, 0.83), (0.24, 0.80), (0.37, 0.62),
                   (0.40, 0.36, 1)])
    lit = curve([(sitter.side * p[0], *p[1:]) for p in
                 [(0.40, 0.36, 1), (0.37, 0.62), (0.24, 0.80), (0.10, 0.815), (0.22, 0.62), (0.26, 0.36, 1)]])
    band = curve([(-0.402, 0.35, 1), (-0.39, 0.47), (0, 0.425), (0.39, 0.47), (0.402, 0.35, 1), (0, 0.30)])
    brim = ellipse(0, 0.36, 0.72, 0.125, steps=64)
    under = ellipse(0, 0.335, 0.70, 0.105, steps=64)
    return [
        Shape(under @ turn.T, scale(tone, light=0.6)), Shape(brim @ turn.T, scale(tone, light=0.92)),
        Shape(crown @ turn.T, tone),
        Shape(lit @ turn.T, mix(tone, sitter.glow, 0.22)), Shape(band @ turn.T, mix(sitter.ink, tone, 0.2)),
    ]
