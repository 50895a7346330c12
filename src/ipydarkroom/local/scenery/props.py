"""Made things as shapes: boats, lighthouses, houses, balloons, snowmen, umbrellas. Sizes in units, feet at (x, y)."""

from __future__ import annotations

from collections.abc import Sequence

from .colours import RGB, mix, scale
from .shapes import Points, Shape, curve, ellipse, place, stroke

__all__ = ["balloon", "boat", "house", "lighthouse", "snowman", "umbrella"]


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
        return place(curve([(-wide, low, 1), (-narrow, high, 1), (narrow, high, 1), (wide, low, 1)], steps=2), x, y,
                     size)

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
        shapes.append(Shape(place(stroke([(side * 0.08, -0.30), (side * 0.045, -0.42)], [0.008, 0.008]), x, y, size),
                            basket))
    shapes.append(Shape(place(_corners([(-0.055, -0.41), (0.055, -0.41), (0.045, -0.5), (-0.045, -0.5)]), x, y, size),
                        basket))
    return shapes


def snowman(x: float, y: float, size: float, white: RGB, shade: RGB, scarf: RGB, dark: RGB) -> list[Shape]:
    """A snowman with a scarf and a hat."""
    shapes = []
    for middle, radius in ((0.24, 0.26), (0.56, 0.18), (0.80, 0.125)):
        shapes.append(Shape(place(ellipse(0, middle, radius, radius), x, y, size), shade))
        shapes.append(Shape(place(ellipse(-radius * 0.1, middle + radius * 0.07, radius * 0.9, radius * 0.92), x, y,
                                  size), white))
    face: Sequence[tuple[RGB, Points]] = (
        (scarf, stroke([(-0.125, 0.70), (0, 0.675), (0.125, 0.70)], [0.05, 0.06, 0.05])),
        (scarf, stroke([(0.07, 0.69), (0.10, 0.56), (0.09, 0.48)], [0.05, 0.055, 0.05])),
        (dark, ellipse(-0.045, 0.83, 0.014, 0.014)), (dark, ellipse(0.05, 0.83, 0.014, 0.014)),
        ((0.93, 0.49, 0.16), curve([(0, 0.80), (0.13, 0.775, 1), (0, 0.775)])),
        (dark, ellipse(0, 0.56, 0.014, 0.014)), (dark, ellipse(0, 0.48, 0.014, 0.014)),
        (dark, stroke([(-0.15, 0.905), (0.15, 0.905)], [0.025, 0.025])),
        (dark, _corners([(-0.09, 0.9), (-0.085, 1.04), (0.085, 1.04), (0.09, 0.9)])),
        (dark, stroke([(-0.15, 0.58), (-0.30, 0.68), (-0.383, 0.76)], [0.012, 0.011, 0.006])),
        (dark, stroke([(0.15, 0.58), (0.31, 0.66), (0.37, 0.75)], [0.012, 0.011, 0.006])),
    )
    return [*shapes, *(Shape(place(points, x, y, size), colour) for colour, points in face)]


def umbrella(x: float, y: float, size: float, colour: RGB, stick: RGB) -> list[Shape]:
    """An open umbrella held at (x, y) by somebody `size` units tall."""
    r, rim = size * 0.34, y - size * 0.25
    dome = [(x - r, rim, 1), (x - r * 0.8, y - size * 0.44), (x, y - size * 0.55), (x + r * 0.8, y - size * 0.44),
            (x + r, rim, 1)]
    scallops = [(x + r * part, rim if number % 2 else y - size * 0.285, number % 2)
                for number, part in enumerate((0.66, 0.33, 0.0, -0.33, -0.66))]
    pole = stroke([(x, y - size * 0.5), (x, y + size * 0.24)], [size * 0.014] * 2)
    return [Shape(pole, stick), Shape(curve([*dome, *scallops]), colour)]
