"""Things that grow, as shapes: firs, broad-leaved trees, birches, palms, grass and flowers. Sizes in units."""

from __future__ import annotations

import math

import numpy as np

from .colours import RGB, mix, scale
from .shapes import Points, Shape, blob, curve, ellipse, stroke

__all__ = ["birch", "blossom_branch", "broadleaf", "fir", "firs", "flower", "grass", "palm"]


def fir(stream: np.random.Generator, x: float, y: float, height: float, colour: RGB) -> Shape:
    """A conifer standing at (x, y)."""
    tiers = int(stream.integers(8, 14))
    wide = height * stream.uniform(0.15, 0.22)
    left: list[tuple[float, float]] = []
    right: list[tuple[float, float]] = []
    for tier in range(1, tiers + 1):
        part = (tier / tiers) ** 0.92
        at = y - height * (1 - part * 0.93)
        for side, points in ((-1, left), (1, right)):
            reach = wide * part * stream.uniform(0.72, 1.15)
            points.append((x + side * reach, at + height * 0.018))
            points.append((x + side * reach * 0.45, at - height * 0.006))
    trunk = height * 0.022
    foot = [(x + trunk, y - height * 0.07), (x + trunk, y + height * 0.05), (x - trunk, y + height * 0.05),
            (x - trunk, y - height * 0.07)]
    lean = stream.uniform(-0.01, 0.01) * height
    return Shape(np.array([(x + lean, y - height), *right, *foot, *left[::-1]]), colour)


def firs(stream: np.random.Generator, xs: Points, ys: Points, height: float, colours: tuple[RGB, RGB]) -> list[Shape]:
    """A row of conifers of uneven height at the given feet, in tones between two colours."""
    shapes = []
    for x, y in zip(xs, ys, strict=True):
        tall = height * stream.uniform(0.55, 1.2) * (1.25 if stream.uniform() > 0.86 else 1.0)
        shapes.append(fir(stream, float(x), float(y), tall, mix(*colours, float(stream.uniform()))))
    return sorted(shapes, key=lambda shape: float(shape.points[:, 1].max()))


def broadleaf(stream: np.random.Generator, x: float, y: float, height: float, tones: tuple[RGB, RGB]) -> list[Shape]:
    """A tree with a rounded crown, darker below (first tone) and lighter above (second)."""
    bark = scale(tones[0], light=0.62, chroma=0.7)
    lean = stream.uniform(-0.06, 0.06) * height
    fork = (x + lean * 0.5, y - height * 0.45)
    shapes = [Shape(stroke([(x, y + height * 0.03), fork, (x + lean, y - height * 0.8)],
                           [height * 0.062, height * 0.042, height * 0.012]), bark)]
    for side in (-1, 1):
        tip = (x + lean + side * height * stream.uniform(0.14, 0.24), y - height * stream.uniform(0.66, 0.78))
        shapes.append(Shape(stroke([fork, tip], [height * 0.032, height * 0.01]), bark))
    crown = []
    for _ in range(90):
        angle, away = stream.uniform(0, 2 * math.pi), math.sqrt(stream.uniform()) * 0.30 * height
        crown.append((x + lean + math.cos(angle) * away, y - height * 0.76 + math.sin(angle) * away * 0.72))
    for cx, cy in sorted(crown, key=lambda point: -point[1]):
        part = min(1.0, max(0.0, (y - height * 0.55 - cy) / (height * 0.42)))
        radius = height * stream.uniform(0.028, 0.066)
        shapes.append(Shape(blob(stream, cx, cy, radius), mix(*tones, part * 0.85 + stream.uniform(0, 0.15))))
    return shapes


def birch(stream: np.random.Generator, x: float, top: float, y: float, wide: float, colour: RGB) -> list[Shape]:
    """A slender trunk from `y` up to `top`, with a few branches."""
    lean = stream.uniform(-0.05, 0.05)
    shapes = [Shape(stroke([(x, y), (x + lean * 0.3, (y + top) / 2), (x + lean, top)], [wide, wide * 0.85, wide * 0.6],
                           steps=5), colour)]
    for _ in range(int(stream.integers(2, 6))):
        part = stream.uniform(0.35, 0.95)
        start = (x + lean * part, y + (top - y) * part)
        side = 1 if stream.uniform() > 0.5 else -1
        long = stream.uniform(2.5, 7) * wide
        tip = (start[0] + side * long, start[1] - long * stream.uniform(0.5, 1.3))
        bend = ((start[0] + tip[0]) / 2, (start[1] + tip[1]) / 2 + long * 0.15)
        shapes.append(Shape(stroke([start, bend, tip], [wide * 0.36, wide * 0.2, wide * 0.04], steps=5), colour))
    return shapes


def palm(stream: np.random.Generator, x: float, y: float, height: float, colour: RGB) -> list[Shape]:
    """A leaning palm."""
    lean = stream.uniform(0.12, 0.3) * height * (1 if stream.uniform() > 0.5 else -1)
    crown = (x + lean, y - height)
    trunk = [(x, y), (x + lean * 0.25, y - height * 0.5), crown]
    shapes = [Shape(stroke(trunk, [height * 0.05, height * 0.032, height * 0.026]), colour)]
    for angle in np.linspace(-3.35, 0.2, 13) + stream.uniform(-0.08, 0.08, 13):
        long = height * stream.uniform(0.30, 0.42)
        way = np.array([math.cos(angle), math.sin(angle) * 0.75])
        start = np.array(crown)
        points = [start, crown + way * long * 0.45, crown + way * long * 0.8 + (0, long * 0.10),
                  crown + way * long + (0, long * 0.34)]
        wide = height * 0.052
        shapes.append(Shape(stroke(points, [wide * 0.25, wide, wide * 0.8, wide * 0.05]), colour))
    return shapes


def grass(stream: np.random.Generator, x: float, y: float, height: float, colour: RGB) -> Shape:
    """One bent blade."""
    bend = stream.normal(0, 0.28) * height
    points = [(x, y), (x + bend * 0.25, y - height * 0.6), (x + bend, y - height)]
    wide = height * 0.045
    return Shape(stroke(points, [wide, wide * 0.7, wide * 0.08], steps=4), colour)


def flower(
    stream: np.random.Generator, kind: str, x: float, y: float, height: float, petal: RGB, stem: RGB
) -> list[Shape]:
    """A flower on its stem: `poppy`, `daisy`, `tulip` or `spike` (lavender, lupin)."""
    bend = stream.normal(0, 0.12) * height
    head = (x + bend, y - height)
    shapes = [Shape(stroke([(x, y), (x + bend * 0.3, y - height * 0.5), head], [height * 0.02] * 3, steps=4), stem)]
    leaf = [(x, y - height * 0.1), (x - bend + height * 0.08, y - height * 0.3),
            (x - bend + height * 0.1, y - height * 0.5)]
    shapes.append(Shape(stroke(leaf, [height * 0.01, height * 0.045, height * 0.004], steps=4), stem))
    size = height * stream.uniform(0.11, 0.16)
    make = {"poppy": _poppy, "daisy": _daisy, "tulip": _tulip, "spike": _spike}[kind]
    return shapes + make(stream, head, size, petal)


def _poppy(stream: np.random.Generator, head: tuple[float, float], size: float, petal: RGB) -> list[Shape]:
    tilt = stream.uniform(-0.3, 0.3)
    shapes = []
    for angle, tone in ((-2.5, 0.86), (-0.6, 0.9), (-1.55, 1.0), (1.5, 1.06)):
        centre = (head[0] + math.cos(angle + tilt) * size * 0.45, head[1] + math.sin(angle + tilt) * size * 0.34)
        shapes.append(Shape(blob(stream, *centre, size * 0.72, 0.1), scale(petal, light=tone)))
    shapes.append(Shape(ellipse(*head, size * 0.24, size * 0.18), scale(petal, light=0.3, chroma=0.4)))
    return shapes


def _daisy(stream: np.random.Generator, head: tuple[float, float], size: float, petal: RGB) -> list[Shape]:
    count, turn, squash = int(stream.integers(11, 15)), stream.uniform(0, 1), stream.uniform(0.55, 1.0)
    shapes = []
    for angle in np.arange(count) * 2 * math.pi / count + turn:
        tip = np.array([math.cos(angle), math.sin(angle) * squash]) * size * 0.62
        tone = scale(petal, light=float(0.93 + 0.07 * math.sin(angle)))
        points = ellipse(0, 0, size * 0.44, size * 0.13) @ _towards(tip).T + head + tip
        shapes.append(Shape(points, tone))
    shapes.append(Shape(ellipse(*head, size * 0.3, size * 0.3 * squash), (0.96, 0.72, 0.2)))
    return shapes


def _towards(direction: Points) -> Points:
    angle = math.atan2(direction[1], direction[0])
    return np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])


def _tulip(stream: np.random.Generator, head: tuple[float, float], size: float, petal: RGB) -> list[Shape]:
    x, y = head
    cup = [(0, 0.55), (-0.62, 0.2), (-0.6, -0.55), (-0.42, -0.95, 1), (-0.2, -0.5), (0, -1.08, 1), (0.2, -0.5),
           (0.42, -0.95, 1), (0.6, -0.55), (0.62, 0.2)]
    front = [(0, 0.55), (-0.36, 0.1), (-0.3, -0.5), (0, -0.92, 1), (0.3, -0.5), (0.36, 0.1)]
    turn = stream.uniform(-0.15, 0.15)
    return [
        Shape(curve([(p[0] + turn * p[1], *p[1:]) for p in cup]) * size + (x, y), scale(petal, light=0.86)),
        Shape(curve([(p[0] + turn * p[1], *p[1:]) for p in front]) * size + (x, y), petal),
    ]


def _spike(stream: np.random.Generator, head: tuple[float, float], size: float, petal: RGB) -> list[Shape]:
    shapes = []
    for tier in range(11):
        part = tier / 11
        for side in (-1, 0, 1):
            at = (head[0] + side * size * 0.24 * (0.35 + part), head[1] + size * (part * 3.0 - 0.7))
            tone = scale(petal, light=float(1.08 - 0.3 * part + stream.uniform(-0.06, 0.06)))
            radius = size * (0.14 + 0.13 * part)
            shapes.append(Shape(ellipse(*at, radius, radius * 0.8, steps=10), tone))
    return shapes


def blossom_branch(
    stream: np.random.Generator, start: tuple[float, float], end: tuple[float, float], wide: float, bark: RGB,
    petal: RGB,
) -> list[Shape]:
    """A branch reaching into the picture, full of blossom."""
    branches: list[Points] = []
    flowers: list[Points] = []
    _twig(stream, np.array(start), np.array(end), wide, 3, branches, flowers)
    shapes = [Shape(points, bark) for points in branches]
    for at in flowers:
        size = wide * stream.uniform(0.55, 1.0)
        tone = scale(mix(petal, (1.0, 0.97, 0.97), float(stream.uniform(0, 0.7))),
                     light=float(stream.uniform(0.9, 1.02)))
        for angle in np.arange(5) * 2 * math.pi / 5 + stream.uniform(0, 1):
            shapes.append(Shape(ellipse(at[0] + math.cos(angle) * size * 0.5, at[1] + math.sin(angle) * size * 0.5,
                                        size * 0.48, size * 0.36, angle, 10), tone))
        shapes.append(Shape(ellipse(float(at[0]), float(at[1]), size * 0.17, size * 0.17, steps=8),
                            scale(petal, light=0.7, chroma=1.3)))
    return shapes


def _twig(  # recursion carries its lists along
    stream: np.random.Generator, start: Points, end: Points, wide: float, level: int, branches: list[Points],
    flowers: list[Points],
) -> None:
    way = end - start
    across = np.array([-way[1], way[0]])
    middle = start + way * 0.5 + across * stream.uniform(-0.16, 0.16)
    branches.append(stroke([start, middle, end], [wide, wide * 0.65, wide * 0.22]))
    line = curve([start, middle, end], closed=False)

    def along(part: float) -> Points:
        return np.asarray(line[min(int(part * len(line)), len(line) - 1)])

    for _ in range(5 + 2 * (3 - level)):
        part = stream.uniform(0.25, 1.0)
        flowers.append(along(part) + stream.normal(0, wide * 0.8 + 0.003, 2))
    if level == 0:
        return
    for _ in range(3):
        part = stream.uniform(0.3, 0.95)
        angle = stream.uniform(0.3, 0.8) * (1 if stream.uniform() > 0.5 else -1)
        turn = np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
        begin = along(part)
        _twig(stream, begin, begin + turn @ way * stream.uniform(0.4, 0.6), wide * 0.55, level - 1, branches, flowers)
