"""Colours as the painters use them: sRGB triples in 0..1, mixed in Oklab so that no mixture turns to mud.

Björn Ottosson's Oklab (2020) keeps lightness and hue apart; a ramp from violet to orange passes through rose, not grey.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

__all__ = ["RGB", "Floats", "from_hex", "lightness", "mix", "parse", "ramp", "recolour", "scale"]

RGB: TypeAlias = tuple[float, float, float]
"""Red, green, blue in 0..1, gamma-encoded as in a file."""

Floats: TypeAlias = NDArray[np.floating[Any]]
"""Planes of numbers; float32 wherever they are as large as a picture."""

_HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_TO_LMS = np.array(
    [[0.4122214708, 0.5363325363, 0.0514459929], [0.2119034982, 0.6806995451, 0.1073969566],
     [0.0883024619, 0.2817188376, 0.6299787005]]
)
_TO_LAB = np.array(
    [[0.2104542553, 0.7936177850, -0.0040720468], [1.9779984951, -2.4285922050, 0.4505937099],
     [0.0259040371, 0.7827717662, -0.8086757660]]
)
_FROM_LAB = np.linalg.inv(_TO_LAB)
_FROM_LMS = np.linalg.inv(_TO_LMS)


def parse(text: str) -> RGB | None:
    """Read `#rgb` or `#rrggbb` (the `#` may be absent); None for anything else."""
    found = _HEX.fullmatch(text.strip())
    if found is None:
        return None
    digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])  # rrggbb
    red, green, blue = (int(digits[i : i + 2], 16) / 255 for i in (0, 2, 4))
    return red, green, blue


def from_hex(text: str) -> RGB:
    """Read `#rrggbb`.

    Raises:
        ValueError: The text is no such colour.
    """
    colour = parse(text)
    if colour is None:
        raise ValueError(f"{text!r} is not a colour: write it as #rrggbb")
    return colour


def mix(first: RGB, second: RGB, amount: float) -> RGB:
    """Mix two colours in Oklab: 0 is the first, 1 the second."""
    one, two = _lab(first), _lab(second)
    return _triple(_srgb(one + (two - one) * amount))


def ramp(stops: Sequence[RGB], steps: int = 512) -> Floats:
    """A smooth gradient through evenly spaced stops, as a table of shape (3, steps)."""
    lab = _oklab(np.array(stops))
    at = np.linspace(0, len(stops) - 1, steps)
    left = np.minimum(at.astype(int), max(len(stops) - 2, 0))
    part = (at - left)[:, None]
    part = part * part * (3 - 2 * part) * 0.5 + part * 0.5  # half-eased: no visible crease at a stop
    right = np.minimum(left + 1, len(stops) - 1)
    return _srgb(lab[left] * (1 - part) + lab[right] * part).T.astype(np.float32)


def lightness(colour: RGB) -> float:
    """Perceived lightness (Oklab L), 0 black to 1 white."""
    return float(_lab(colour)[0])


def scale(colour: RGB, *, light: float = 1.0, chroma: float = 1.0) -> RGB:
    """Multiply lightness and colourfulness, keeping the hue."""
    return _triple(_srgb(_lab(colour) * np.array([light, chroma, chroma])))


def recolour(colour: RGB, towards: RGB, amount: float) -> RGB:
    """Give a colour another's hue and colourfulness while it mostly keeps its own lightness."""
    lab, goal = _lab(colour), _lab(towards)
    room = 1 - abs(2 * lab[0] - 1.1) * 0.45  # very dark and very light tones carry less colour
    wanted = np.array([lab[0] * 0.8 + goal[0] * 0.2, goal[1] * room, goal[2] * room])
    return _triple(_srgb(lab + (wanted - lab) * amount))


@functools.lru_cache(maxsize=4096)
def _lab(colour: RGB) -> NDArray[np.float64]:
    return _oklab(np.array(colour))


def _oklab(colours: NDArray[np.float64]) -> NDArray[np.float64]:
    colours = np.asarray(colours, dtype=np.float64)
    linear = np.where(colours <= 0.04045, colours / 12.92, ((colours + 0.055) / 1.055) ** 2.4)
    return np.asarray(np.cbrt(linear @ _TO_LMS.T) @ _TO_LAB.T)


def _srgb(lab: NDArray[np.float64]) -> NDArray[np.float64]:
    linear = np.clip((lab @ _FROM_LAB.T) ** 3 @ _FROM_LMS.T, 0, 1)
    return np.where(linear <= 0.0031308, linear * 12.92, 1.055 * linear ** (1 / 2.4) - 0.055)


def _triple(colour: NDArray[np.float64]) -> RGB:
    return float(colour[0]), float(colour[1]), float(colour[2])
