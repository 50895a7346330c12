"""Continuing a picture beyond its edges: mirrored, gently warped, and softer the farther it is from what is known.

All of it works on a picture lying on its side where needed, so that it always grows to the left and to the right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageFilter

from .canvas import rise
from .chance import Chance, drift
from .colours import RGB, Floats, ramp

__all__ = ["Manner", "extended"]

Pixels = NDArray[np.uint8]
"""Pixels of shape (rows, columns, 3)."""

_BAND_PIXELS = 260_000
_BLURS = (0.0, 1.3, 2.8, 6.0, 13.0)  # of the small picture, in its own pixels; each about twice the one before

_STRANGE = 15.0  # of 255: the mean difference from which a window no longer is like the edge
_SHALLOW, _DEEP = 0.11, 0.5
_FOLDS = 1.5  # how often, at most, the strip that is like the edge is walked through
_BROAD, _LEVEL = 0.11, 0.88  # what is broader than this part of the height is not mirrored, but held as at the edge


@dataclass(frozen=True, slots=True)
class Manner:
    """How a picture is continued.

    `proxy` is the longer side of the small picture the continuation is made from, `softness` how fast detail is
    lost, `warp` how freely it wanders, `flat` posterises it (0 none, 1 strongly), `shade` darkens it (0..1), and
    `palette` tints it.
    """

    proxy: int = 1000
    softness: float = 1.0
    warp: float = 1.0
    flat: float = 0.0
    shade: float = 0.0
    palette: tuple[RGB, ...] = ()


def extended(source: Image.Image, width: int, chance: Chance, manner: Manner,
             report: Callable[[float], None]) -> Image.Image:
    """Grow an RGB picture to `width` columns, the source in the middle; rows stay.

    `report` is called with 0..1 after each band of rows and may raise to end the work.
    """
    if source.width >= width:
        report(1.0)
        return source
    growth = _Growth(source, width, chance, manner)
    out = Image.new("RGB", (width, source.height))
    out.paste(source, (growth.left, 0))
    step = max(8, _BAND_PIXELS // width)
    for top in range(0, source.height, step):
        bottom = min(top + step, source.height)
        for side, start, stop in ((-1, 0, growth.left), (1, growth.left + source.width, width)):
            if start < stop:
                out.paste(Image.fromarray(growth.part(side, top, bottom, start, stop)), (start, top))
        report(bottom / source.height)
    return out


class _Growth:
    """One picture's continuation, prepared: levels of softness, from crisp to the mere air of it."""

    def __init__(self, source: Image.Image, width: int, chance: Chance, manner: Manner) -> None:
        self.manner, self.width, self.height = manner, width, source.height
        self.left = (width - source.width) // 2
        self._crisp = np.asarray(source)
        self._inner = source.width
        self._scale = min(1.0, manner.proxy / max(width, source.height))
        self._wander = _Wander(chance, manner.warp)
        self._slow = {-1: 1e7, 1: 1e7}
        self._levels = self._softened(source)
        self._grain = chance.stream("grain").normal(0.5, 1.1, (256, 512)).astype(np.float32)
        self._table = ramp(sorted(manner.palette, key=sum), 256) if manner.palette else None

    def part(self, side: int, top: int, bottom: int, start: int, stop: int) -> Pixels:
        """The rows top…bottom and columns start…stop of the continuation on one side."""
        columns = np.arange(start, stop)
        away = (self.left - columns - 0.5) if side < 0 else (columns - self.left - self._inner + 0.5)
        level = self._level(away, self._slow[side])
        total = np.zeros((3, bottom - top, stop - start), np.float32)
        for number in range(len(_BLURS) + 1):
            weight = np.clip(1 - np.abs(level - number), 0, 1).astype(np.float32)
            touched = np.flatnonzero(weight > 0)
            if len(touched):
                a, b = int(touched[0]), int(touched[-1]) + 1
                total[..., a:b] += self._read(number, side, top, bottom, columns[a:b], away[a:b]) * weight[a:b]
        self._grade(total, away)
        rows = np.arange(top, bottom) % 256
        total += self._grain[rows][:, columns % 512] * np.clip(level, 0.25, 1).astype(np.float32)
        return np.moveaxis(np.clip(total, 0, 255), 0, 2).astype(np.uint8)

    def _level(self, away: Floats, slow: float) -> Floats:
        """Which level of softness belongs to a distance from the seam (in pixels): 0 is the picture itself."""
        far = away / self.height
        gentle = np.minimum(far / 0.035, 1.0)
        stretched = 0.55 * np.log2(1 + away / slow)  # where detail is drawn out, it must go
        return np.asarray(np.minimum(gentle + self.manner.softness * 0.8 * np.log2(1 + far / 0.10) + stretched,
                                     len(_BLURS)))

    def _read(
        self, number: int, side: int, top: int, bottom: int, columns: NDArray[np.int64], away: Floats
    ) -> Floats:
        """Level `number` at these rows and columns, float32 of shape (3, rows, columns), 0..255."""
        if number == 0:
            at = np.minimum(away.astype(np.int64), self._inner - 1)
            found = self._crisp[top:bottom, at if side < 0 else self._inner - 1 - at]
            return np.moveaxis(found.astype(np.float32), 2, 0)
        planes = self._levels[number - 1]
        size = (len(columns), bottom - top)
        across, down = planes[0].width / self.width, planes[0].height / self.height
        box = (int(columns[0]) * across, top * down, min((int(columns[-1]) + 1) * across, planes[0].width),
               min(bottom * down, planes[0].height))
        return np.stack([np.asarray(plane.resize(size, Image.Resampling.BICUBIC, box=box)) for plane in planes])

    def _softened(self, source: Image.Image) -> list[list[Image.Image]]:
        """The whole frame, small, in levels of softness: for each, three planes of float32."""
        width, height = max(2, round(self.width * self._scale)), max(2, round(self.height * self._scale))
        inner = max(1, round(self._inner * self._scale))
        small = np.asarray(source.resize((inner, height), Image.Resampling.BOX, reducing_gap=2.0))
        left = round(self.left * self._scale)
        frame = Image.fromarray(self._filled(small, width, left))
        levels = []
        for blur in _BLURS:
            radius = blur * self.manner.softness * max(width, height) / 1000
            soft = np.asarray(frame.filter(ImageFilter.GaussianBlur(radius)))
            levels.append([Image.fromarray(np.ascontiguousarray(soft[..., c], np.float32)) for c in range(3)])
        return levels

    def _filled(self, small: Pixels, width: int, left: int) -> Pixels:
        """The small picture with both margins filled, of shape (rows, width, 3)."""
        rows, inner = small.shape[:2]
        out = np.empty((rows, width, 3), np.uint8)
        out[:, left : left + inner] = small
        right = width - left - inner
        if left > 0:
            found, slow = self._wander.margin(small, left, "left")
            out[:, :left], self._slow[-1] = found[:, ::-1], slow / self._scale
        if right > 0:
            found, slow = self._wander.margin(small[:, ::-1], right, "right")
            out[:, left + inner :], self._slow[1] = found, slow / self._scale
        return out

    def _grade(self, planes: Floats, away: Floats) -> None:
        """Posterise, shade and tint, the more the farther from the seam, so that the seam stays unseen."""
        far = rise(0.0, 0.30, (away / self.height).astype(np.float32))
        if self.manner.flat:
            light = planes.mean(0) / 255
            steps = light * 7
            whole = np.floor(steps)
            wanted = (whole + rise(0.35, 0.65, steps - whole)) / 7
            planes *= 1 + (np.clip(wanted / np.maximum(light, 0.02), 0, 1.6) - 1) * (far * self.manner.flat)
        if self.manner.shade:
            planes *= 1 - self.manner.shade * far
        if self._table is not None:
            light = np.clip(planes.mean(0), 0, 255).astype(np.int32)
            planes += (self._table[:, light] * 255 - planes) * (0.42 * far)


class _Wander:
    """The way of the continuation: back into the picture as a mirror would, but less straight the farther it goes."""

    def __init__(self, chance: Chance, warp: float) -> None:
        self._chance, self._warp = chance, warp

    def margin(self, small: Pixels, count: int, label: str) -> tuple[Pixels, float]:
        """`count` columns continuing the left edge of `small`, the nearest first; and from where on it slows down."""
        rows = small.shape[0]
        stream = self._chance.stream(label)
        depth = _alike(small) * small.shape[1] * stream.uniform(0.85, 1.0)
        pace = stream.uniform(0.70, 1.2)
        sway = drift(stream, (rows, count), (2.4, max(1.0, 2.4 * count / rows)), 4)
        lift = drift(stream, (rows, count), (1.8, max(1.0, 1.8 * count / rows)), 3)
        away = np.arange(count) + 0.5
        far = away / rows
        ease = rise(0.0, 0.45, far.astype(np.float32)) * self._warp
        slow = _slowing(count, depth * _FOLDS * pace)
        across = slow * np.log1p(away / slow) + sway * ease * min(rows * 0.055, depth * 0.3)
        down = np.arange(rows)[:, None] + lift * ease * rows * 0.05
        x, y = _folded(across, depth), _folded(down, rows)
        broad = np.asarray(Image.fromarray(small).filter(ImageFilter.GaussianBlur(rows * _BROAD)))
        level = broad[:, :1].astype(np.float32) - _sampled(broad, x, y)
        return np.clip(_sampled(small, x, y) + level * _LEVEL + 0.5, 0, 255).astype(np.uint8), slow


def _alike(small: Pixels) -> float:
    """How deep the picture stays of one kind with its left edge, as a part of its width.

    Each window of columns is described by the mean and spread of some bands of rows; where that description leaves
    the edge's own, a thing begins (a face, a mountain under a sky) that must not be mirrored.
    """
    columns = small.shape[1]
    window = max(2, round(columns * 0.05))
    bands = np.array_split(small.astype(np.float32), min(8, small.shape[0]), axis=0)
    marks = [_described(bands, start, window) for start in range(0, max(1, columns // 2), window)]
    strange = [float(np.abs(mark - marks[0]).mean()) for mark in marks]
    first = next((number for number, value in enumerate(strange) if value > _STRANGE), len(marks))
    return float(np.clip(first * window / columns, _SHALLOW, _DEEP))


def _slowing(count: int, reach: float) -> float:
    """The s for which s·ln(1 + d/s) walks `reach` in `count` steps: at the seam one to one, then ever slower.

    A strip folded back and forth many times looks like an accordion; one that is stretched just dissolves.
    """
    low, high = 1e-3, 1e7
    for _ in range(60):
        middle = (low * high) ** 0.5
        low, high = (middle, high) if middle * np.log1p(count / middle) < reach else (low, middle)
    return low


def _described(bands: list[Floats], start: int, window: int) -> Floats:
    """Mean colour and half the spread of each band within a window of columns."""
    cells = [band[:, start : start + window].reshape(-1, 3) for band in bands]
    return np.stack([np.concatenate([cell.mean(0), 0.5 * cell.std(0)]) for cell in cells])


def _folded(at: Floats, length: float) -> Floats:
    """Places on an endless strip, folded back into 0 … length as between two mirrors."""
    span = max(length - 1.0, 1.0)
    turned = np.abs(at - 0.5) % (2 * span)
    return np.asarray(np.where(turned > span, 2 * span - turned, turned))


def _sampled(pixels: Pixels, x: Floats, y: Floats) -> Floats:
    """Pixels read between their grid points (bilinear), 0..255."""
    rows, columns = pixels.shape[:2]
    x, y = np.clip(x, 0, columns - 1), np.clip(y, 0, rows - 1)
    left, top = np.minimum(x.astype(int), max(columns - 2, 0)), np.minimum(y.astype(int), max(rows - 2, 0))
    u, v = (x - left)[..., None].astype(np.float32), (y - top)[..., None].astype(np.float32)
    right, below = np.minimum(left + 1, columns - 1), np.minimum(top + 1, rows - 1)
    upper = pixels[top, left] * (1 - u) + pixels[top, right] * u
    lower = pixels[below, left] * (1 - u) + pixels[below, right] * u
    return np.asarray(upper * (1 - v) + lower * v, np.float32)
