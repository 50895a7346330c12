"""Vector shapes: polygons in units, drawn crisply band by band, or softly out of focus.

The outlines are made from smooth curves, tapered strokes and ellipses. What they depict is decided elsewhere.
"""

from __future__ import annotations

import functools
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFilter

from .canvas import Band, Brush, Frame, Soft
from .colours import RGB

__all__ = ["Mist", "Nodes", "Points", "Shape", "Shapes", "blob", "curve", "ellipse", "place", "rectangle", "stroke"]

Points: TypeAlias = NDArray[np.float64]
"""Corner points of shape (n, 2): x and y in units."""

Nodes: TypeAlias = Iterable[Sequence[float] | Points]
"""Points of a line, each (x, y) or (x, y, corner)."""

_CRISP = 3  # samples per pixel side for the edges; 2 on very large pictures, where a pixel is small anyway
_LARGE = 9_000_000
# RGBX holds premultiplied colour and coverage: for RGBA, Pillow's reduce() would divide the coverage out again.
_MODE = "RGBX"


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled polygon in one colour."""

    points: Points
    colour: RGB


@dataclass(frozen=True, slots=True)
class Mist:
    """Air that swallows shapes: no effect above `top`, `amount` (0..1) from `bottom` on (y in units)."""

    colour: RGB
    top: float
    bottom: float
    amount: float = 1.0


@dataclass(frozen=True, slots=True)
class Shapes:
    """A layer of shapes, later ones over earlier ones.

    `blur` (units) puts the whole layer out of focus. `opacity` thins it. With `light`, the shapes add light instead
    of covering.
    """

    shapes: Sequence[Shape]
    mist: Mist | None = None
    blur: float = 0.0
    opacity: float = 1.0
    light: bool = False

    def on(self, frame: Frame) -> Brush:
        """Prepare for a frame."""
        return Brush(self._soft(frame) if self.blur else self._crisp(frame))

    def _crisp(self, frame: Frame) -> Callable[[Band], None]:
        samples = _CRISP if frame.width * frame.height < _LARGE else 2
        drawing = _Drawing(self.shapes, frame, samples)

        def paint(band: Band) -> None:
            found = drawing.part(band.top, band.bottom)
            if found is not None:
                left, right, image = found
                self._print(band, left, right, np.asarray(image.reduce(samples), np.float32))

        return paint

    def _soft(self, frame: Frame) -> Callable[[Band], None]:
        small = frame.small(round(min(1100, max(160, 3.5 / self.blur))))
        found = _Drawing(self.shapes, small, 2).part(0, small.height)
        canvas = Image.new(_MODE, (small.width, small.height))
        if found is not None:
            canvas.paste(found[2].reduce(2), (found[0], 0))
        blurred = canvas.filter(ImageFilter.GaussianBlur(self.blur * small.px))
        planes = Soft(np.moveaxis(np.asarray(blurred, np.float32), 2, 0))

        def paint(band: Band) -> None:
            self._print(band, 0, frame.width, np.moveaxis(np.clip(planes.rows(band), 0, 255), 0, 2))

        return paint

    def _print(self, band: Band, left: int, right: int, pixels: NDArray[np.float32]) -> None:
        """Put (rows, columns, 4) premultiplied 0..255 pixels onto the band."""
        alpha = pixels[..., 3] * np.float32(self.opacity / 255)
        away = 0.0 if self.mist is None else _thickness(self.mist, band)
        for channel in range(3):
            plane = band.rgb[channel, :, left:right]
            ink = pixels[..., channel] * np.float32(self.opacity / 255)
            if self.mist is not None:
                ink = ink + (alpha * self.mist.colour[channel] - ink) * away
            if self.light:
                plane += (1 - plane) * ink
            else:
                plane += ink - plane * alpha


class _Drawing:
    """Shapes scaled to a frame, with an index of the rows they touch."""

    def __init__(self, shapes: Sequence[Shape], frame: Frame, samples: int) -> None:
        self.frame, self.samples = frame, samples
        self._points = [np.rint(shape.points * (frame.px * samples)).astype(np.int32) for shape in shapes]
        self._fills = [(*(round(255 * part) for part in shape.colour), 255) for shape in shapes]
        self._tops = np.array([points[:, 1].min() for points in self._points] or [0])
        self._bottoms = np.array([points[:, 1].max() for points in self._points] or [-1])

    def part(self, top: int, bottom: int) -> tuple[int, int, Image.Image] | None:
        """Draw the rows top…bottom: (first column, last column + 1, RGBX image, larger by `samples`); None if empty."""
        s = self.samples
        touched = np.flatnonzero((self._tops <= bottom * s) & (self._bottoms >= top * s))
        if not len(touched):
            return None
        left = max(0, min(int(self._points[i][:, 0].min()) for i in touched) // s)
        right = min(self.frame.width, max(int(self._points[i][:, 0].max()) for i in touched) // s + 1)
        if left >= right:
            return None
        image = Image.new(_MODE, ((right - left) * s, (bottom - top) * s))
        draw = ImageDraw.Draw(image)
        offset = np.array([left * s, top * s], np.int32)
        for i in touched:
            draw.polygon((self._points[i] - offset).ravel().tolist(), fill=self._fills[i])
        return left, right, image


def _thickness(mist: Mist, band: Band) -> NDArray[np.float32]:
    """How much of the mist lies over each row, shape (rows, 1)."""
    part = np.clip((band.y - mist.top) / max(mist.bottom - mist.top, 1e-6), 0, 1)
    return np.asarray(part * part * (3 - 2 * part) * mist.amount, np.float32)


def curve(points: Nodes, *, closed: bool = True, steps: int = 14) -> Points:
    """A smooth line through points (Catmull-Rom). A third number 1 makes a point a sharp corner."""
    rows = points if isinstance(points, np.ndarray) else [(*point, 0.0)[:3] for point in points]
    nodes = np.asarray(rows, np.float64)
    at, ahead = nodes[:, :2], np.concatenate([nodes[1:, :2], nodes[:1, :2]])
    behind = np.concatenate([nodes[-1:, :2], nodes[:-1, :2]])
    tangents = (ahead - behind) * 0.5
    if not closed:
        tangents[0], tangents[-1] = at[1] - at[0], at[-1] - at[-2]
    if nodes.shape[1] > 2:  # (x, y, corner)
        tangents[nodes[:, 2] > 0] = 0
    control = np.stack([at, tangents, ahead, np.concatenate([tangents[1:], tangents[:1]])], 1)
    line = (_hermite(steps) @ (control if closed else control[:-1])).reshape(-1, 2)
    return np.asarray(line if closed else np.concatenate([line, at[-1:]]))


@functools.cache
def _hermite(steps: int) -> Points:
    """The weights of start, its tangent, end, its tangent, for `steps` points from the start, shape (steps, 4)."""
    t = np.linspace(0, 1, steps, endpoint=False)
    square, cube = t * t, t * t * t
    return np.stack([2 * cube - 3 * square + 1, cube - 2 * square + t, 3 * square - 2 * cube, cube - square], 1)


@functools.cache
def _circle(steps: int) -> Points:
    """Points on the unit circle, shape (steps, 2)."""
    angles = np.linspace(0, 2 * math.pi, steps, endpoint=False)
    return np.stack([np.cos(angles), np.sin(angles)], 1)


def stroke(points: Nodes, widths: Sequence[float], *, steps: int = 14) -> Points:
    """A tapered brush stroke along a smooth line; `widths` are given at its points, ends are rounded."""
    nodes = np.array([tuple(point)[:2] for point in points], np.float64)
    line = curve(nodes, closed=False, steps=steps)
    wide = np.interp(np.linspace(0, len(nodes) - 1, len(line)), np.arange(len(widths)), widths) / 2
    along = np.gradient(line, axis=0)
    along /= np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-9)
    across = np.stack([-along[:, 1], along[:, 0]], 1) * wide[:, None]
    start = _cap(line[0], -along[0], wide[0], steps)
    end = _cap(line[-1], along[-1], wide[-1], steps)
    return np.concatenate([line + across, end, (line - across)[::-1], start])


def _cap(centre: Points, outward: Points, radius: float, steps: int) -> Points:
    """Half a circle around the end of a stroke."""
    angles = np.linspace(math.pi / 2, -math.pi / 2, steps + 2)[1:-1]
    side = np.array([-outward[1], outward[0]])
    return np.asarray(centre + radius * (np.cos(angles)[:, None] * outward + np.sin(angles)[:, None] * side))


def ellipse(x: float, y: float, across: float, down: float, turn: float = 0.0, steps: int = 40) -> Points:
    """An ellipse around (x, y) with half-axes `across` and `down`, turned by `turn` radians."""
    points = _circle(steps) * (across, down)
    return np.asarray((points @ _turn(turn).T if turn else points) + (x, y))


def blob(stream: np.random.Generator, x: float, y: float, radius: float, uneven: float = 0.18,
         steps: int = 9) -> Points:
    """An irregular rounded patch, such as foliage."""
    radii = radius * (1 + stream.uniform(-uneven, uneven, (steps, 1)))
    return curve(_circle(steps) * radii + (x, y), steps=3)


def rectangle(left: float, top: float, right: float, bottom: float) -> Points:
    """An upright rectangle."""
    return np.array([(left, top), (right, top), (right, bottom), (left, bottom)], np.float64)


def place(points: Points, x: float, y: float, size: float, *, flip: bool = False, turn: float = 0.0) -> Points:
    """Bring an outline drawn around (0, 0) with y upwards to (x, y) on the picture, `size` units large."""
    turned = points * (-size if flip else size, -size) @ _turn(turn).T
    return np.asarray(turned + (x, y))


def _turn(angle: float) -> Points:
    return np.array([[math.cos(angle), -math.sin(angle)], [math.sin(angle), math.cos(angle)]])
