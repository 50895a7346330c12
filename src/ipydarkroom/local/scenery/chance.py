"""Randomness that repeats: streams named by words, and the smooth noises drawn from them.

Nothing here reads a clock, `hash()` or the global generator: the same key gives the same picture in every process.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from .colours import Floats

__all__ = ["Chance", "Contour", "Noise", "drift"]

_TABLE = 1024


@dataclass(frozen=True, slots=True)
class Chance:
    """A source of independent random streams: `chance.stream("stars")` is the same whatever else was drawn."""

    key: str

    @classmethod
    def of(cls, *facts: object) -> Chance:
        """Make a source from facts that JSON can write (words, numbers, tuples of them)."""
        return cls(json.dumps(facts, ensure_ascii=True))

    def stream(self, label: str) -> np.random.Generator:
        """A fresh generator for one purpose; the same label always starts at the same place."""
        digest = hashlib.sha256(f"{self.key}\n{label}".encode()).digest()
        return np.random.Generator(np.random.PCG64(int.from_bytes(digest[:16], "big")))

    def number(self, label: str, low: float = 0.0, high: float = 1.0) -> float:
        """One number in [low, high)."""
        return float(self.stream(label).uniform(low, high))

    def choice(self, label: str, count: int) -> int:
        """One of 0 … count-1."""
        return int(self.stream(label).integers(count))


class Noise:
    """Smooth noise along a line: values about -1..1, one bump per unit of `x`, repeating after 1024."""

    def __init__(self, stream: np.random.Generator) -> None:
        self._table = stream.uniform(-1, 1, _TABLE)

    def __call__(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """The noise at each place of `x` (any shape)."""
        cell = np.floor(x)
        part = x - cell
        part = part * part * part * (part * (part * 6 - 15) + 10)
        left = cell.astype(np.int64) % _TABLE
        here, there = self._table[left], self._table[(left + 1) % _TABLE]
        return np.asarray(here + (there - here) * part)


@dataclass(frozen=True, slots=True)
class Contour:
    """A skyline as a function: for x in units, the y (downwards) of its edge.

    `level` is the y it swings around, `height` how far it rises above it, `pace` how many bumps one unit holds.
    `sharp` (0..1) turns rolling hills into pointed peaks; `rough` (0..1) is how much each finer octave counts.
    `hero` is an extra summit: (x, height, half-width) in units.
    """

    noises: tuple[Noise, ...]
    level: float
    height: float
    pace: float
    sharp: float = 0.0
    rough: float = 0.5
    shift: float = 0.0
    hero: tuple[float, float, float] | None = None

    @classmethod
    def draw(cls, stream: np.random.Generator, level: float, height: float, pace: float, **rest: object) -> Contour:
        """Draw a contour's noises from a stream; `rest` are the other attributes and `octaves` (default 5)."""
        octaves = int(str(rest.pop("octaves", 5)))
        shift = float(stream.uniform(0, 500))
        noises = tuple(Noise(stream) for _ in range(octaves))
        return cls(noises, level, height, pace, shift=shift, **rest)  # type: ignore[arg-type]  # its own attributes

    def __call__(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        """The y of the edge at each x, both in units."""
        total, weight, size, pace = np.zeros_like(x), 0.0, 1.0, self.pace
        for noise in self.noises:
            value = noise(x * pace + self.shift)
            peak = np.maximum(1 - 3.0 * np.abs(value), -1.2)
            total += size * (value * (1 - self.sharp) + peak * self.sharp)
            weight += size
            size, pace = size * self.rough, pace * 2.07
        rise = self.height * (total / weight * 0.5 + 0.5)
        if self.hero is not None:
            rise = rise + self._summit(x, total / weight)
        return np.asarray(self.level - rise)

    def _summit(self, x: NDArray[np.float64], texture: NDArray[np.float64]) -> NDArray[np.float64]:
        """A mountain with concave flanks, as volcanoes have, roughened by the same noise."""
        assert self.hero is not None  # asked by the only caller
        centre, height, half = self.hero
        away = np.abs(x - centre) / half
        cone = np.exp(-1.25 * np.sqrt(away * away + 0.012)) - np.exp(-3.2)
        return np.asarray(height * 1.35 * np.maximum(cone, 0) * (1 + 0.10 * texture))


def drift(stream: np.random.Generator, shape: tuple[int, int], cells: tuple[float, float], octaves: int = 5) -> Floats:
    """Cloud-like noise of shape (rows, columns), mean 0, about -1..1; `cells` counts bumps down and across."""
    rows, columns = shape
    total = np.zeros(shape, np.float32)
    weight, size = 0.0, 1.0
    down, across = cells
    for _ in range(octaves):
        grid = stream.standard_normal((max(int(down), 1) + 3, max(int(across), 1) + 3)).astype(np.float32)
        box = (1.0, 1.0, 1.0 + max(across, 0.5), 1.0 + max(down, 0.5))
        layer = Image.fromarray(grid).resize((columns, rows), Image.Resampling.BICUBIC, box=box)
        total += size * np.asarray(layer, np.float32)
        weight += size * size
        size, down, across = size * 0.55, down * 2, across * 2
    return np.asarray(total / (2 * weight**0.5), np.float32)
