"""Woods: firs and broad-leaved trees in depth, trunks close by, parks, and small firs that give hills their size."""

from __future__ import annotations

import numpy as np

from .canvas import Layer
from .chance import Contour
from .colours import RGB, mix, scale
from .land import Fog, Ridge, snow_tone
from .plants import birch, broadleaf, firs
from .shapes import Mist, Points, Shape, Shapes
from .study import Study

__all__ = ["forest", "hillside", "park", "sentinels", "trunks"]

_WHITE: RGB = (1.0, 1.0, 1.0)


def forest(study: Study, base: float, bottom: float) -> list[Layer]:
    """Rows of trees from the far edge (y `base`) towards the viewer (y `bottom`), larger and darker."""
    if study.has("autumn") or (study.chance.number("kind of wood") > 0.78 and not study.has("snow")):  # mostly firs
        return _leafy(study, base, bottom)
    layers: list[Layer] = []
    rows = 3 if study.flat else study.some(5)
    for number in range(rows):
        part = (number + 1) / rows
        stream = study.chance.stream(f"firs {number}")
        level = base + (bottom - base) * part**1.5
        tall = (0.10 + 0.30 * part**1.6) * (0.85 + 0.3 * study.strength)
        contour = Contour.draw(stream, level=level, height=0.05 + 0.05 * part, pace=1.8, octaves=4)
        xs = _clumps(stream, study.frame.w, study.some(study.frame.w * (46 - 30 * part)), tall * 0.5)
        tone = study.tone(0.25 + 0.75 * part)
        pale = _frosted(study, mix(tone, study.haze, 0.10 + 0.12 * (1 - part)))
        shapes = firs(stream, xs, contour(xs) + 0.01, tall, (tone, pale))
        mist = None if study.flat else Mist(study.haze, level - tall * 0.95, level + 0.02, 0.62 * (1 - part) + 0.08)
        layers += [Shapes(shapes, mist=mist), _floor(study, contour, part)]
        if not study.flat and number < rows - 1:
            amount = 0.5 if study.has("fog") or study.soft else 0.3
            layers.append(Fog(study.chance_for(f"glade {number}"), study.haze, level - 0.02, 0.07 + 0.05 * part,
                              amount))
    return layers


def _clumps(stream: np.random.Generator, w: float, count: int, gap: float) -> Points:
    """Places along x, uneven, with clearings."""
    xs = np.linspace(-0.04, w + 0.04, count) + stream.normal(0, 0.35 * w / count, count)
    clearing, wide = stream.uniform(0.25, 0.75) * w, gap * stream.uniform(0.5, 1.3)
    return np.asarray(xs[np.abs(xs - clearing) > wide])


def _floor(study: Study, contour: Contour, part: float) -> Ridge:
    """The ground a row of trees stands on."""
    tone = study.tone(0.25 + 0.75 * part)
    if study.has("snow"):
        tone = mix(snow_tone(study, part), tone, 0.15)
    foot = tone if study.flat else mix(tone, study.haze, 0.55 * (1 - part))
    return Ridge(contour, tone, foot, 0.12, study.chance_for("floor"))


def _leafy(study: Study, base: float, bottom: float) -> list[Layer]:
    """A wood of broad-leaved trees: slender trunks in depth, crowns in the accents' colours."""
    layers: list[Layer] = []
    rows = 3 if study.flat else study.some(4)
    accents = study.palette.accents
    for number in range(rows):
        part = (number + 1) / rows
        stream = study.chance.stream(f"leafy {number}")
        level = base + (bottom - base) * part**1.4
        contour = Contour.draw(stream, level=level, height=0.05, pace=1.6, octaves=4)
        shapes: list[Shape] = []
        for x in _clumps(stream, study.frame.w, study.some(study.frame.w * (13 - 8 * part)), 0.2 * part):
            low = scale(mix(accents[int(stream.integers(2))], study.palette.near, 0.35 + 0.2 * part), chroma=0.95)
            high = mix(low, accents[int(stream.integers(2))], 0.75)
            if study.dark:
                low, high = mix(low, study.palette.near, 0.6), mix(high, study.palette.near, 0.45)
            tones = (mix(low, study.haze, 0.55 * (1 - part)), mix(high, study.haze, 0.50 * (1 - part)))
            tall = (0.18 + 0.28 * part) * stream.uniform(0.75, 1.2)
            shapes += broadleaf(stream, float(x), float(contour(np.array([x]))[0]) + 0.012, tall, tones)
        mist = None if study.flat else Mist(study.haze, level - 0.3, level, 0.35 * (1 - part))
        layers += [Shapes(shapes, mist=mist), _floor(study, contour, part)]
    return layers


def trunks(study: Study) -> list[Layer]:
    """Dark trunks close to the viewer, framing the picture from one side, out of focus."""
    stream = study.chance.stream("frame")
    shapes: list[Shape] = []
    for number in range(3):
        edge = stream.uniform(0.0, 0.14) * study.frame.w
        x = edge if (number % 2 == 0) == (study.side > 0) else study.frame.w - edge
        shapes += birch(stream, x, -0.05, study.frame.h + 0.05, stream.uniform(0.02, 0.042),
                        scale(study.palette.near, light=0.85))
    return [Shapes(shapes, blur=0.0 if study.flat else 0.0022)]


def hillside(study: Study, contour: Contour, part: float, number: int) -> Shapes:
    """Small firs along a hill, in clumps: they give the mountains their size."""
    stream = study.chance.stream(f"woods {number}")
    tall = 0.010 + 0.034 * (part - 0.3) ** 1.3
    xs = np.sort(stream.uniform(-0.02, study.frame.w + 0.02, study.some(study.frame.w * (210 - 110 * part))))
    dense = np.sin(xs * stream.uniform(3, 7) + stream.uniform(0, 6)) + np.sin(xs * 11.3) * 0.6
    dense += stream.normal(0, 0.5, len(xs))
    xs = xs[dense > -0.1]
    tone = study.tone(0.18 + 0.80 * part**1.2)
    return Shapes(firs(stream, xs, contour(xs) + 0.004, tall, (tone, _frosted(study, mix(tone, study.haze, 0.08)))))


def park(study: Study, contour: Contour) -> list[Layer]:
    """Round trees along the edge of a town."""
    stream = study.chance.stream("park")
    xs = np.sort(stream.uniform(-0.02, study.frame.w + 0.02, study.some(study.frame.w * 26)))
    tone = study.tone(0.97)
    tones = (tone, mix(tone, study.palette.glow, 0.10))
    shapes: list[Shape] = []
    for x, y in zip(xs.tolist(), contour(xs).tolist(), strict=True):
        shapes += broadleaf(stream, x, y + 0.02, stream.uniform(0.05, 0.10), tones)
    return [Shapes(shapes)]


def sentinels(study: Study, contour: Contour) -> list[Layer]:
    """A few tall firs on the nearest land, at the side away from the light."""
    stream = study.chance.stream("sentinels")
    edge = 0.0 if study.side > 0 else study.frame.w
    xs = np.sort(edge + study.side * np.abs(stream.normal(0.02, 0.13, study.some(7))))
    tall = stream.uniform(0.16, 0.30) * min(1.3, study.frame.h + 0.25)
    tones = (study.tone(1.0), _frosted(study, study.tone(0.93)))
    return [Shapes(firs(stream, xs, contour(xs) + 0.012, tall, tones))]


def _frosted(study: Study, tone: RGB) -> RGB:
    """Firs under snow are paler."""
    return mix(tone, mix(study.palette.far, _WHITE, 0.3), 0.45) if study.has("snow") else tone
