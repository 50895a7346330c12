"""Towns as shapes: skylines with lit windows, and a street in one-point perspective. Sizes in units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .colours import RGB, mix, scale
from .shapes import Points, Shape, curve, ellipse, rectangle, stroke

__all__ = ["Block", "Row", "lamps", "skyline", "street"]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of buildings: where it stands, how tall and wide they are, their colours, and how many windows glow.

    `lit` is the part of windows that glow, in the colours of `lights`; `pitch` the distance between windows.
    """

    base: float
    height: float
    wide: float
    colour: RGB
    side: RGB
    lights: tuple[RGB, ...] = ()
    lit: float = 0.0
    pitch: float = 0.009
    centre: float = 0.5


@dataclass(frozen=True, slots=True)
class Block:
    """A street: vanishing point (x, y), the nearest half width and eye height, and the colours near and far."""

    x: float
    y: float
    half: float
    eye: float
    near: RGB
    far: RGB
    lights: tuple[RGB, ...]
    lit: float


def skyline(stream: np.random.Generator, row: Row, w: float) -> tuple[list[Shape], list[Shape]]:
    """A row of buildings across a picture `w` units wide, and its glowing windows."""
    buildings: list[Shape] = []
    windows: list[Shape] = []
    x = -row.wide * stream.uniform(0.2, 1.0)
    while x < w:
        wide = row.wide * stream.uniform(0.55, 1.35)
        away = abs((x + wide / 2) / w - row.centre)
        envelope = 0.38 + 0.62 * float(np.exp(-((away * 2.9) ** 2)))
        tall = row.height * envelope * stream.uniform(0.45, 1.0) * (1.28 if stream.uniform() > 0.88 else 1.0)
        body = mix(row.colour, row.side, float(stream.uniform(0, 0.35)))
        buildings += _building(stream, x, row.base, wide, tall, body, row.side)
        if row.lit:
            windows += _windows(stream, row, x, wide, tall)
        x += wide * stream.uniform(0.84, 1.0)
    return buildings, windows


def _building(  # a box and its colours
    stream: np.random.Generator, x: float, base: float, wide: float, tall: float, body: RGB, side: RGB
) -> list[Shape]:
    """One building: its front, a side in shade, and one of seven roofs."""
    top = base - tall
    fold = x + wide * (0.66 + 0.16 * stream.uniform())
    shapes = [Shape(rectangle(x, top, x + wide, base), body), Shape(rectangle(fold, top, x + wide, base), side)]
    middle, kind = x + wide / 2, int(stream.integers(7))
    if kind == 0:
        for step in (1, 2, 3):
            inset = wide * 0.14 * step
            shapes.append(Shape(rectangle(x + inset, top - tall * 0.055 * step, x + wide - inset, top + 0.002), body))
        shapes.append(Shape(rectangle(middle - wide * 0.014, top - tall * 0.36, middle + wide * 0.014, top), side))
    elif kind == 1:
        shapes.append(Shape(np.array([(x, top), (x + wide, top - wide * 0.42), (x + wide, top + 0.002),
                                      (x, top + 0.002)]), body))
    elif kind == 2:  # the numbers are the seven roofs
        spire = [(x + wide * 0.1, top, 1), (x + wide * 0.36, top - tall * 0.12), (middle, top - tall * 0.42, 1),
                 (x + wide * 0.64, top - tall * 0.12), (x + wide * 0.9, top, 1)]
        shapes.append(Shape(curve(spire, steps=4), body))
    elif kind == 3:
        shapes.append(Shape(ellipse(middle, top, wide * 0.42, wide * 0.4), body))
        shapes.append(Shape(rectangle(middle - wide * 0.02, top - wide * 0.75, middle + wide * 0.02, top), body))
    elif kind == 4:
        tank = x + wide * 0.28
        shapes.append(Shape(rectangle(tank - wide * 0.12, top - wide * 0.36, tank + wide * 0.12, top - wide * 0.1),
                            side))
        shapes.append(Shape(np.array([(tank - wide * 0.15, top - wide * 0.36), (tank, top - wide * 0.5),
                                      (tank + wide * 0.15, top - wide * 0.36)]), side))
        for leg in (-0.1, 0.08):
            shapes.append(Shape(rectangle(tank + wide * leg, top - wide * 0.12, tank + wide * (leg + 0.025), top),
                                side))
    elif kind == 5:
        shapes.append(Shape(rectangle(x + wide * 0.2, top - wide * 0.16, x + wide * 0.55, top), side))
        shapes.append(Shape(rectangle(x + wide * 0.7, top - wide * 0.5, x + wide * 0.72, top), side))
    return shapes


def _windows(stream: np.random.Generator, row: Row, x: float, wide: float, tall: float) -> list[Shape]:
    """The glowing windows of one building, in clusters, since people sit together."""
    across, down = max(1, int(wide * 0.62 / row.pitch)), max(1, int(tall * 0.94 / (row.pitch * 1.35)))
    glow = stream.uniform(0, 1, (down, across)) * (0.55 + 0.9 * stream.uniform(0, 1, (down, 1)))
    shapes = []
    for line, column in np.argwhere(glow > np.quantile(glow, 1 - row.lit * stream.uniform(0.5, 1.3))):
        left = x + wide * 0.05 + column * row.pitch
        top = row.base - tall + row.pitch * 0.9 + line * row.pitch * 1.35
        tone = row.lights[int(stream.integers(len(row.lights)))]
        box = rectangle(left, top, left + row.pitch * 0.5, top + row.pitch * 0.72)
        shapes.append(Shape(box, scale(tone, light=float(stream.uniform(0.72, 1.04)))))
    return shapes


def street(stream: np.random.Generator, block: Block) -> tuple[list[Shape], list[Shape]]:
    """Both sides of a street running to the vanishing point, farthest first, and what glows on them."""
    walls: list[Shape] = []
    glows: list[Shape] = []
    edges = [1.0]
    while edges[-1] < 17:  # where the houses have shrunk to nothing
        edges.append(edges[-1] * stream.uniform(1.16, 1.42))
    for side in (-1, 1):
        tall = [stream.uniform(0.55, 1.25) for _ in edges]
        for number in range(len(edges) - 2, -1, -1):
            _facade(stream, block, side, edges[number], edges[number + 1], tall[number], walls, glows)
    return walls, glows


def _facade(  # one wall between two depths
    stream: np.random.Generator, block: Block, side: int, near: float, far: float, tall: float, walls: list[Shape],
    glows: list[Shape],
) -> None:
    distance = min(1.0, (near - 1) / 11) ** 0.55
    paint = mix(block.near, block.lights[int(stream.integers(len(block.lights)))], float(stream.uniform(0.1, 0.5)))
    tone = scale(mix(paint, block.far, distance), light=float(stream.uniform(0.9, 1.12)))

    def corner(z: float, up: float) -> tuple[float, float]:
        return block.x + side * block.half / z, block.y + (block.eye - up) / z

    def quad(z0: float, z1: float, low: float, high: float) -> Points:
        return np.array([corner(z0, low), corner(z1, low), corner(z1, high), corner(z0, high)])

    z0 = 0.35 if near == 1.0 else near
    gable = [corner(near, 0), corner(near, tall + 0.0), (block.x + side * 3, corner(near, tall)[1]),
             (block.x + side * 3, corner(near, 0)[1])]
    walls.append(Shape(np.array(gable), scale(tone, light=0.82)))
    walls.append(Shape(quad(z0, far, 0, tall), tone))
    walls.append(Shape(quad(z0, far, tall - 0.03, tall + 0.01), scale(tone, light=1.14)))
    floors, bays = max(2, int(tall / 0.17)), max(2, int((far - near) / near * 9))
    depths = z0 + (far - z0) * (np.arange(bays + 1) / bays)
    for floor in range(1, floors):
        for a, b in zip(depths[:-1], depths[1:], strict=True):
            pane = quad(a + (b - a) * 0.28, a + (b - a) * 0.72, floor * tall / floors, (floor + 0.58) * tall / floors)
            if stream.uniform() < block.lit:
                glows.append(Shape(pane, block.lights[int(stream.integers(len(block.lights)))]))
            else:
                walls.append(Shape(pane, scale(tone, light=0.8)))
    shop = quad(z0 + (far - z0) * 0.12, far - (far - z0) * 0.12, 0.0, 0.105)
    (glows if stream.uniform() < 0.25 + block.lit else walls).append(
        Shape(shop, scale(block.lights[0], light=0.95) if block.lit > 0.2 else scale(tone, light=0.7))
    )
    awning = np.array([corner(z0, 0.125), corner(far, 0.125), *(
        (block.x + side * (block.half - 0.05) / z, block.y + (block.eye - 0.098) / z) for z in (far, z0))])
    accent = block.lights[int(stream.integers(len(block.lights)))]
    walls.append(Shape(awning, mix(accent, tone, 0.25 + 0.5 * distance)))


def lamps(block: Block, colour: RGB) -> tuple[list[Shape], list[Shape]]:
    """Street lamps along both kerbs, farthest first, and their globes."""
    posts, globes = [], []
    for z in (9.0, 6.0, 4.0, 2.75, 1.9):
        for side in (-1, 1):
            x = block.x + side * (block.half - 0.07) / z
            foot, top = block.y + block.eye / z, block.y + (block.eye - 0.46) / z
            tone = mix(colour, block.far, min(0.85, (z - 1) / 10))
            posts.append(Shape(stroke([(x, foot), (x, top)], [0.014 / z, 0.009 / z]), tone))
            globes.append(Shape(ellipse(x, top, 0.021 / z, 0.021 / z), block.lights[-1]))
    return posts, globes
