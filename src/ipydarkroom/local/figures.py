"""Figures as shapes: animals, walkers, boats, houses. Drawn around (0, 0) at their feet, y upwards, height 1.

Each outline is simple on purpose: it has to read at a glance, as a silhouette before the light.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .colours import RGB, mix, scale
from .shapes import Points, Shape, curve, ellipse, place, stroke

__all__ = ["FIGURES", "Tones", "balloon", "bird", "boat", "figure", "house", "lighthouse", "snowman"]


@dataclass(frozen=True, slots=True)
class Tones:
    """The colours of a figure: its main colour, a lighter and a darker one, and the light on its edge."""

    body: RGB
    pale: RGB
    dark: RGB
    rim: RGB


Part = tuple[str, Points]
"""Which tone, and an outline."""


def figure(name: str, x: float, y: float, size: float, tones: Tones, *, flip: bool = False, rim: float = 0.0) -> list[Shape]:
    """A figure of `FIGURES` with its feet at (x, y), `size` units tall.

    `rim` (units) is the width of the light on the edge that faces left (right when negative).
    """
    parts = FIGURES[name]()
    colours = {"body": tones.body, "pale": tones.pale, "dark": tones.dark, "rim": tones.rim}
    shapes = [Shape(place(points, x, y, size, flip=flip), colours[tone]) for tone, points in parts]
    if not rim:
        return shapes
    edge = [Shape(shape.points - (rim, abs(rim) * 0.7), tones.rim) for shape, (tone, _) in
            zip(shapes, parts, strict=True) if tone != "rim"]
    return [*edge, *shapes]


def _cat() -> list[Part]:
    half = [(0.0, 0.90), (0.07, 0.895), (0.165, 1.0, 1), (0.195, 0.83), (0.19, 0.72), (0.135, 0.62), (0.19, 0.5),
            (0.255, 0.3), (0.29, 0.12), (0.25, 0.01), (0.1, -0.01)]
    left = [(-p[0], *p[1:]) for p in reversed(half[1:])]
    return [
        ("body", stroke([(0.18, 0.05), (0.40, 0.03), (0.50, 0.16), (0.46, 0.34), (0.53, 0.46)],
                        [0.09, 0.085, 0.08, 0.07, 0.035])),
        ("body", curve([*half, *left])),
    ]


def _fox() -> list[Part]:
    body = [(-0.24, 0.0), (-0.30, 0.12), (-0.29, 0.28), (-0.20, 0.45), (-0.09, 0.57), (-0.06, 0.68), (-0.075, 0.80),
            (-0.035, 1.0, 1), (0.055, 0.865), (0.10, 0.86), (0.155, 0.985, 1), (0.175, 0.80), (0.215, 0.735),
            (0.355, 0.655), (0.372, 0.625), (0.35, 0.60), (0.22, 0.575), (0.165, 0.50), (0.165, 0.34), (0.145, 0.18),
            (0.155, 0.05), (0.20, 0.0), (0.06, -0.005), (-0.02, 0.0)]
    chest = [(0.20, 0.60), (0.345, 0.605), (0.26, 0.635), (0.15, 0.63), (0.08, 0.55), (0.06, 0.40), (0.085, 0.24),
             (0.13, 0.16), (0.165, 0.33), (0.165, 0.50)]
    tail = [(-0.20, 0.06), (-0.38, 0.03), (-0.53, 0.10), (-0.60, 0.24), (-0.575, 0.40)]
    return [
        ("body", stroke(tail, [0.09, 0.16, 0.21, 0.19, 0.012])),
        ("pale", stroke([(-0.603, 0.275), (-0.60, 0.33), (-0.575, 0.40)], [0.16, 0.115, 0.012])),
        ("body", curve(body)),
        ("pale", curve(chest)),
        ("dark", curve([(-0.052, 0.87), (-0.033, 0.975, 1), (0.012, 0.895)])),
        ("dark", curve([(0.122, 0.88), (0.152, 0.96, 1), (0.160, 0.87)])),
        ("dark", ellipse(0.358, 0.628, 0.022, 0.02)),
        ("dark", ellipse(0.165, 0.72, 0.02, 0.017)),
        ("dark", stroke([(0.115, 0.16), (0.12, 0.06), (0.16, 0.01)], [0.04, 0.055, 0.04])),
        ("dark", stroke([(0.05, 0.30), (0.045, 0.12), (0.035, 0.01)], [0.006, 0.012, 0.012])),
    ]


def _owl() -> list[Part]:
    half = [(0.0, 0.90), (0.12, 0.91), (0.235, 1.0, 1), (0.25, 0.82), (0.275, 0.62), (0.27, 0.35), (0.2, 0.12),
            (0.08, 0.02)]
    left = [(-p[0], *p[1:]) for p in reversed(half[1:])]
    parts: list[Part] = [
        ("body", curve([(-0.09, 0.14), (0.09, 0.14), (0.06, -0.14), (0, -0.18), (-0.06, -0.14)])),
        ("body", curve([*half, (0, 0.0), *left])),
        ("pale", curve([(0, 0.60), (0.13, 0.5), (0.155, 0.3), (0.09, 0.12), (0, 0.07), (-0.09, 0.12), (-0.155, 0.3),
                        (-0.13, 0.5)])),
    ]
    for row in range(4):
        for column in range(-1, 2):
            at = (column * 0.075 + (0.035 if row % 2 else 0.0) * (1 if column < 1 else -1), 0.46 - row * 0.095)
            parts.append(("body", curve([(at[0] - 0.028, at[1] + 0.02), (at[0], at[1] - 0.03, 1),
                                         (at[0] + 0.028, at[1] + 0.02), (at[0], at[1])])))
    for side in (-1, 1):
        wing = [(0.27, 0.66), (0.30, 0.42), (0.26, 0.16), (0.17, -0.02, 1), (0.175, 0.25), (0.20, 0.5)]
        parts.append(("dark", curve([(side * px, py, *rest) for px, py, *rest in wing])))
        parts.append(("pale", ellipse(side * 0.112, 0.735, 0.112, 0.108)))
        parts.append(("rim", ellipse(side * 0.10, 0.735, 0.068, 0.068)))
        parts.append(("dark", ellipse(side * 0.095, 0.735, 0.043, 0.043)))
        parts.append(("pale", ellipse(side * 0.095 + 0.016, 0.752, 0.012, 0.012)))
        parts.append(("dark", stroke([(side * 0.05, 0.02), (side * 0.055, -0.03)], [0.05, 0.03])))
    parts.append(("rim", curve([(-0.034, 0.69), (0, 0.71), (0.034, 0.69), (0, 0.605, 1)])))
    return parts


def _deer() -> list[Part]:
    legs = [[(-0.23, 0.42), (-0.26, 0.25), (-0.225, 0.0)], [(-0.16, 0.42), (-0.155, 0.24), (-0.135, 0.0)],
            [(0.11, 0.42), (0.115, 0.22), (0.105, 0.0)], [(0.18, 0.44), (0.205, 0.24), (0.20, 0.0)]]
    parts: list[Part] = [("dark" if i in (1, 2) else "body", stroke(leg, [0.10, 0.042, 0.028])) for i, leg in enumerate(legs)]
    body = [(-0.30, 0.44), (-0.29, 0.54), (-0.2, 0.575), (0.0, 0.56), (0.12, 0.60), (0.18, 0.70), (0.20, 0.80),
            (0.235, 0.84), (0.30, 0.825), (0.385, 0.765), (0.39, 0.74), (0.36, 0.73), (0.29, 0.745), (0.265, 0.66),
            (0.25, 0.52), (0.205, 0.41), (0.05, 0.37), (-0.16, 0.375), (-0.26, 0.36)]
    parts += [
        ("pale", curve([(-0.285, 0.55), (-0.33, 0.50), (-0.325, 0.43), (-0.29, 0.46)])),
        ("body", curve(body)),
        ("body", curve([(0.215, 0.825), (0.13, 0.865, 1), (0.20, 0.80)])),
        ("dark", ellipse(0.285, 0.795, 0.011, 0.011)),
    ]
    for lean, tone in ((0.0, "dark"), (-0.07, "body")):
        main = [(0.245 + lean * 0.3, 0.84), (0.205 + lean, 0.93), (0.245 + lean, 1.02), (0.33 + lean, 1.10)]
        parts.append((tone, stroke(main, [0.02, 0.019, 0.016, 0.006])))
        for start, tip in (((0.207, 0.915), (0.30, 0.955)), ((0.225, 0.985), (0.145, 1.075)), ((0.275, 1.05), (0.255, 1.15))):
            parts.append((tone, stroke([(start[0] + lean, start[1]), (tip[0] + lean, tip[1])], [0.016, 0.005])))
    return parts


def _wolf() -> list[Part]:
    body = [(-0.28, 0.0), (-0.325, 0.10), (-0.31, 0.25), (-0.22, 0.42), (-0.13, 0.56), (-0.10, 0.68), (-0.115, 0.76),
            (-0.16, 0.855, 1), (-0.06, 0.845), (0.02, 0.90), (0.11, 0.985), (0.145, 1.0), (0.14, 0.965), (0.115, 0.93),
            (0.165, 0.935), (0.165, 0.905), (0.10, 0.82), (0.09, 0.70), (0.135, 0.58), (0.14, 0.42), (0.115, 0.22),
            (0.125, 0.06), (0.175, 0.0), (0.03, 0.0), (0.0, 0.10), (-0.02, 0.0)]
    tail = [(-0.24, 0.07), (-0.38, 0.035), (-0.50, 0.06), (-0.60, 0.14)]
    return [
        ("body", stroke(tail, [0.07, 0.105, 0.10, 0.01])),
        ("body", curve(body)),
        ("pale", curve([(0.09, 0.69), (0.135, 0.575), (0.14, 0.42), (0.12, 0.25), (0.085, 0.42), (0.06, 0.56)])),
        ("dark", stroke([(0.045, 0.30), (0.035, 0.12), (0.03, 0.02)], [0.006, 0.014, 0.012])),
    ]


def _rabbit() -> list[Part]:
    body = [(-0.25, 0.0), (-0.34, 0.10), (-0.35, 0.26), (-0.26, 0.42), (-0.10, 0.49), (0.02, 0.52), (0.045, 0.60),
            (0.04, 0.68), (-0.03, 0.86), (-0.035, 0.97), (0.005, 1.0), (0.065, 0.90), (0.105, 0.72), (0.125, 0.88),
            (0.165, 0.985), (0.205, 0.955), (0.20, 0.83), (0.165, 0.69), (0.235, 0.635), (0.275, 0.555), (0.25, 0.50),
            (0.16, 0.465), (0.15, 0.34), (0.13, 0.18), (0.15, 0.05), (0.19, 0.0)]
    return [
        ("pale", ellipse(-0.355, 0.13, 0.085, 0.08)),
        ("body", curve(body)),
        ("pale", curve([(0.15, 0.445), (0.15, 0.30), (0.13, 0.17), (0.10, 0.30), (0.11, 0.40)])),
        ("dark", stroke([(-0.06, 0.30), (-0.15, 0.27), (-0.19, 0.16), (-0.12, 0.05)], [0.004, 0.014, 0.014, 0.004])),
        ("dark", ellipse(0.185, 0.60, 0.018, 0.02)),
        ("pale", stroke([(0.02, 0.73), (0.01, 0.90)], [0.012, 0.03])),
    ]


def _bear() -> list[Part]:
    body = [(-0.58, 0.0), (-0.60, 0.20), (-0.62, 0.44), (-0.52, 0.66), (-0.28, 0.78), (-0.02, 0.80), (0.14, 0.92),
            (0.28, 0.88), (0.37, 0.89), (0.40, 0.965), (0.465, 0.96), (0.475, 0.87), (0.56, 0.76), (0.675, 0.69),
            (0.695, 0.63), (0.65, 0.58), (0.52, 0.55), (0.42, 0.50), (0.37, 0.34), (0.38, 0.12), (0.44, 0.03), (0.42, 0.0),
            (0.22, 0.0), (0.19, 0.24), (0.10, 0.33), (-0.12, 0.31), (-0.24, 0.28), (-0.30, 0.12), (-0.27, 0.0)]
    return [
        ("dark", stroke([(0.24, 0.40), (0.13, 0.2), (0.13, 0.03)], [0.2, 0.17, 0.15])),
        ("dark", stroke([(-0.35, 0.40), (-0.22, 0.2), (-0.19, 0.03)], [0.2, 0.18, 0.15])),
        ("body", curve(body)),
        ("pale", curve([(0.57, 0.73), (0.665, 0.68), (0.69, 0.63), (0.63, 0.595), (0.55, 0.63)])),
        ("dark", ellipse(0.685, 0.655, 0.022, 0.025)),
        ("dark", ellipse(0.52, 0.745, 0.016, 0.016)),
    ]


def _horse() -> list[Part]:
    legs = [[(-0.33, 0.42), (-0.39, 0.26), (-0.345, 0.13), (-0.36, 0.0)], [(-0.26, 0.42), (-0.24, 0.25), (-0.20, 0.13), (-0.215, 0.0)],
            [(0.15, 0.42), (0.14, 0.22), (0.13, 0.0)], [(0.22, 0.44), (0.28, 0.27), (0.27, 0.12), (0.29, 0.0)]]
    parts: list[Part] = [("dark" if i in (1, 2) else "body", stroke(leg, [0.16, 0.06, 0.045][: len(leg)])) for i, leg in enumerate(legs)]
    body = [(-0.42, 0.48), (-0.40, 0.60), (-0.29, 0.665), (-0.08, 0.62), (0.08, 0.65), (0.18, 0.76), (0.26, 0.89),
            (0.32, 0.945), (0.34, 0.995, 1), (0.375, 0.945), (0.43, 0.89), (0.515, 0.77), (0.52, 0.735), (0.48, 0.715), (0.43, 0.755),
            (0.375, 0.785), (0.34, 0.70), (0.31, 0.56), (0.25, 0.43), (0.06, 0.385), (-0.18, 0.40), (-0.34, 0.37)]
    parts += [
        ("dark", stroke([(-0.40, 0.60), (-0.50, 0.54), (-0.52, 0.38), (-0.49, 0.22)], [0.05, 0.09, 0.10, 0.01])),
        ("body", curve(body)),
        ("dark", stroke([(0.33, 0.95), (0.235, 0.87), (0.155, 0.76), (0.06, 0.66)], [0.03, 0.085, 0.08, 0.015])),
        ("dark", ellipse(0.405, 0.855, 0.012, 0.012)),
    ]
    return parts


def _whale() -> list[Part]:
    fluke = [(0.0, 0.66), (0.10, 0.79), (0.30, 0.90), (0.60, 0.90, 1), (0.50, 0.72), (0.34, 0.58), (0.15, 0.50),
             (0.11, 0.30), (0.19, -0.02), (-0.19, -0.02), (-0.11, 0.30), (-0.15, 0.50), (-0.34, 0.58), (-0.50, 0.72),
             (-0.60, 0.90, 1), (-0.30, 0.90), (-0.10, 0.79)]
    return [("body", curve(fluke)), ("pale", stroke([(-0.34, -0.012), (0.34, -0.012)], [0.016, 0.016]))]


def _person() -> list[Part]:
    coat = [(-0.062, 0.83), (-0.10, 0.79), (-0.115, 0.62), (-0.11, 0.50), (-0.145, 0.30), (-0.13, 0.265, 1), (0.0, 0.25),
            (0.14, 0.275, 1), (0.12, 0.42), (0.095, 0.56), (0.105, 0.72), (0.095, 0.80), (0.06, 0.835), (0, 0.85)]
    return [
        ("dark", stroke([(-0.04, 0.32), (-0.075, 0.16), (-0.12, 0.015)], [0.085, 0.06, 0.04])),
        ("dark", stroke([(0.04, 0.32), (0.05, 0.16), (0.065, 0.015)], [0.085, 0.062, 0.042])),
        ("dark", stroke([(-0.13, 0.008), (-0.07, 0.008)], [0.03, 0.026])),
        ("dark", stroke([(0.055, 0.008), (0.115, 0.006)], [0.032, 0.026])),
        ("body", curve(coat)),
        ("body", stroke([(-0.08, 0.79), (-0.135, 0.64), (-0.135, 0.47)], [0.065, 0.058, 0.038])),
        ("body", stroke([(0.08, 0.79), (0.125, 0.64), (0.15, 0.49)], [0.065, 0.056, 0.038])),
        ("pale", stroke([(0, 0.83), (0, 0.88)], [0.05, 0.05])),
        ("pale", ellipse(0.0, 0.925, 0.052, 0.066)),
        ("dark", curve([(0.058, 0.93), (0.05, 0.985), (0, 1.0), (-0.056, 0.98), (-0.072, 0.90), (-0.082, 0.78), (-0.05, 0.74),
                        (0.0, 0.75), (0.05, 0.74), (0.075, 0.80), (0.068, 0.88)])),
    ]


def _man() -> list[Part]:
    short = [(0.056, 0.915), (0.056, 0.975), (0, 1.0), (-0.056, 0.975), (-0.056, 0.915), (-0.03, 0.878), (0.03, 0.878)]
    return [*_person()[:-1], ("dark", curve(short))]


FIGURES: dict[str, Callable[[], list[Part]]] = {
    "bear": _bear, "cat": _cat, "deer": _deer, "fox": _fox, "horse": _horse, "man": _man, "owl": _owl, "person": _person,
    "rabbit": _rabbit, "whale": _whale, "wolf": _wolf,
}  # fmt: skip


def bird(x: float, y: float, span: float, lift: float, colour: RGB) -> Shape:
    """A bird far away, `span` units from wing tip to wing tip; `lift` (-1..1) is the beat of its wings."""
    tip, bend = 0.10 + 0.22 * lift, 0.16 + 0.10 * lift
    wing = [(-0.5, tip, 1), (-0.24, bend + 0.04), (0.0, 0.03), (0.24, bend + 0.04), (0.5, tip, 1), (0.23, bend - 0.03),
            (0.05, -0.055), (-0.05, -0.055), (-0.23, bend - 0.03)]
    return Shape(place(curve(wing, steps=5), x, y, span), colour)


def boat(x: float, y: float, size: float, hull: RGB, sail: RGB, *, flip: bool = False) -> list[Shape]:
    """A small sailing boat on the water line y, `size` units tall."""
    parts: Sequence[tuple[RGB, Points]] = (
        (hull, stroke([(0, 0.1), (0, 1.0)], [0.018, 0.012])),
        (sail, curve([(-0.03, 0.94, 1), (-0.16, 0.56), (-0.36, 0.2, 1), (-0.03, 0.17, 1)])),
        (mix(sail, hull, 0.22), curve([(0.03, 0.9, 1), (0.14, 0.52), (0.25, 0.19, 1), (0.03, 0.19, 1)])),
        (hull, curve([(-0.42, 0.125, 1), (0.0, 0.09), (0.42, 0.14, 1), (0.3, 0.0), (0, -0.03), (-0.3, 0.0)])),
    )
    return [Shape(place(points, x, y, size, flip=flip), colour) for colour, points in parts]


def lighthouse(x: float, y: float, size: float, body: RGB, stripe: RGB, lamp: RGB) -> list[Shape]:
    """A striped lighthouse standing at (x, y)."""
    def row(low: float, high: float, wide: float, narrow: float) -> Points:
        return place(curve([(-wide, low, 1), (-narrow, high, 1), (narrow, high, 1), (wide, low, 1)], steps=2), x, y, size)

    shapes = [Shape(row(-0.04, 0.78, 0.115, 0.068), body)]
    for low in (0.10, 0.36, 0.62):
        wide = 0.115 - 0.047 * (low + 0.04) / 0.82
        shapes.append(Shape(row(low, low + 0.13, wide, wide - 0.0075), stripe))
    shapes += [
        Shape(row(0.77, 0.80, 0.095, 0.095), stripe),
        Shape(row(0.80, 0.90, 0.052, 0.052), lamp),
        Shape(place(curve([(-0.07, 0.90, 1), (0, 0.99, 1), (0.07, 0.90, 1)], steps=2), x, y, size), stripe),
    ]
    return shapes


def house(x: float, y: float, size: float, wall: RGB, roof: RGB, window: RGB) -> list[Shape]:
    """A cabin with a chimney and a lit window, `size` units tall."""
    corners: Sequence[tuple[RGB, list[tuple[float, float]]]] = (
        (scale(roof, light=0.8), [(0.22, 0.62), (0.22, 1.0), (0.33, 1.0), (0.33, 0.62)]),
        (wall, [(-0.46, -0.03), (-0.46, 0.46), (0.0, 0.86), (0.46, 0.46), (0.46, -0.03)]),
        (roof, [(-0.58, 0.40), (0.0, 0.92), (0.58, 0.40), (0.53, 0.34), (0.0, 0.80), (-0.53, 0.34)]),
        (window, [(-0.30, 0.16), (-0.30, 0.38), (-0.10, 0.38), (-0.10, 0.16)]),
        (window, [(0.10, -0.02), (0.10, 0.34), (0.27, 0.34), (0.27, -0.02)]),
        (wall, [(-0.21, 0.16), (-0.21, 0.38), (-0.19, 0.38), (-0.19, 0.16)]),
        (wall, [(-0.30, 0.26), (-0.30, 0.28), (-0.10, 0.28), (-0.10, 0.26)]),
    )
    return [Shape(place(_corners(points), x, y, size), colour) for colour, points in corners]


def _corners(points: list[tuple[float, float]]) -> Points:
    return curve([(px, py, 1) for px, py in points], steps=1)


def balloon(x: float, y: float, size: float, colours: Sequence[RGB], basket: RGB) -> list[Shape]:
    """A hot-air balloon with its middle at (x, y), `size` units tall, in vertical gores."""
    shapes = []
    for number, wide in enumerate((1.0, 0.72, 0.40, 0.12)):
        outline = [(0, 0.5), (0.26 * wide, 0.44), (0.375 * wide, 0.20), (0.30 * wide, -0.06), (0.09 * wide, -0.30),
                   (-0.09 * wide, -0.30), (-0.30 * wide, -0.06), (-0.375 * wide, 0.20), (-0.26 * wide, 0.44)]
        shapes.append(Shape(place(curve(outline), x, y, size), colours[number % len(colours)]))
    for side in (-1, 1):
        shapes.append(Shape(place(stroke([(side * 0.08, -0.30), (side * 0.045, -0.42)], [0.008, 0.008]), x, y, size), basket))
    shapes.append(Shape(place(_corners([(-0.055, -0.41), (0.055, -0.41), (0.045, -0.5), (-0.045, -0.5)]), x, y, size), basket))
    return shapes


def snowman(x: float, y: float, size: float, white: RGB, shade: RGB, scarf: RGB, dark: RGB) -> list[Shape]:
    """A snowman with a scarf and a hat."""
    shapes = []
    for middle, radius in ((0.24, 0.26), (0.56, 0.18), (0.80, 0.125)):
        shapes.append(Shape(place(ellipse(0, middle, radius, radius), x, y, size), shade))
        shapes.append(Shape(place(ellipse(-radius * 0.1, middle + radius * 0.07, radius * 0.9, radius * 0.92), x, y, size), white))
    face: Sequence[tuple[RGB, Points]] = (
        (scarf, stroke([(-0.125, 0.70), (0, 0.675), (0.125, 0.70)], [0.05, 0.06, 0.05])),
        (scarf, stroke([(0.07, 0.69), (0.10, 0.56), (0.09, 0.48)], [0.05, 0.055, 0.05])),
        (dark, ellipse(-0.045, 0.83, 0.014, 0.014)), (dark, ellipse(0.05, 0.83, 0.014, 0.014)),
        ((0.93, 0.49, 0.16), curve([(0, 0.80), (0.13, 0.775, 1), (0, 0.775)])),
        (dark, ellipse(0, 0.56, 0.014, 0.014)), (dark, ellipse(0, 0.48, 0.014, 0.014)),
        (dark, stroke([(-0.15, 0.905), (0.15, 0.905)], [0.025, 0.025])),
        (dark, _corners([(-0.09, 0.9), (-0.085, 1.04), (0.085, 1.04), (0.09, 0.9)])),
        (dark, stroke([(-0.15, 0.58), (-0.30, 0.68), (-math.pi / 8.2, 0.76)], [0.012, 0.011, 0.006])),
        (dark, stroke([(0.15, 0.58), (0.31, 0.66), (0.37, 0.75)], [0.012, 0.011, 0.006])),
    )
    return [*shapes, *(Shape(place(points, x, y, size), colour) for colour, points in face)]
