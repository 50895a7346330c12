"""The choice whose frame is most like another: by ratio first, then by pixels. Nothing here is sent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..schema.ratios import ratio_of, size_of

if TYPE_CHECKING:
    from ..fields import Choice

__all__ = ["Likeness", "frame_of", "nearest_frame", "nearest_number"]

Likeness: TypeAlias = Literal["written", "resized", "nearest"]
"""`written`: the same frame in other words; `resized`: the same ratio in other pixels; `nearest`: another ratio."""

_SAME_RATIO = 0.005  # `4694x3520 (4:3)` is a 4:3, though not to the pixel
_SAME_AREA = 0.005


def frame_of(value: object, choices: Sequence[Choice] = ()) -> tuple[float, float | None] | None:
    """Width over height, and the pixels where they are known; None for a value that names no frame (`2K`, `auto`)."""
    listed = next((each for each in choices if each.value == value), None)
    size = (listed.size if listed else None) or size_of(value)
    ratio = size or (listed.ratio if listed else None) or ratio_of(value)
    if ratio is None:
        return None
    return ratio[0] / ratio[1], size[0] * size[1] if size else None


def nearest_frame(
    wanted: tuple[float, float | None], choices: Sequence[Choice], default: object = None
) -> tuple[Choice, Likeness] | None:
    """The choice most like a frame, and how like it is.

    Args:
        wanted: As `frame_of` gives it.
        choices: Where to look; those without a frame are passed over.
        default: Preferred among equals, before the first one listed.
    """
    ranked = []
    for at, choice in enumerate(choices):
        frame = frame_of(choice.value, choices)
        if frame is not None:
            ranked.append((_ratio_apart(wanted, frame), _area_apart(wanted, frame), choice.value != default, at))
    if not ranked:
        return None
    ratio, area, _, at = min(ranked)
    return choices[at], "nearest" if ratio else "resized" if area > _SAME_AREA else "written"


def nearest_number(wanted: float, choices: Sequence[Choice]) -> Choice | None:
    """The choice whose number is nearest, the smaller one of two; `"4"` is a number here."""
    ranked = [(abs(number - wanted), number, at) for at, each in enumerate(choices) if (number := _number(each.value)) is not None]
    return choices[min(ranked)[2]] if ranked else None


def _ratio_apart(one: tuple[float, float | None], other: tuple[float, float | None]) -> float:
    apart = abs(math.log(one[0] / other[0]))
    return 0.0 if apart < _SAME_RATIO else apart


def _area_apart(one: tuple[float, float | None], other: tuple[float, float | None]) -> float:
    return abs(math.log(one[1] / other[1])) if one[1] and other[1] else 0.0


def _number(value: object) -> float | None:
    if isinstance(value, bool):
        return None
    if isinstance(value, str):
        return float(value) if value.isascii() and value.isdigit() else None
    return float(value) if isinstance(value, int | float) else None
