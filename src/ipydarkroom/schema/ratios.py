"""Sizes and ratios out of an enum's labels: `1152:864 (4:3)`, `2048x2048(1:1)`, `portrait_16_9`, `21:9`.

Display data only. The value itself is sent exactly as listed; spacing and letter case differ from model to model.
`2K` names neither: there the model chooses the shape.
"""

from __future__ import annotations

import re
from math import gcd

__all__ = ["ratio_of", "size_of"]

_SIZE = re.compile(r"(?<!\d)(\d{3,5})\s*[x×:*]\s*(\d{3,5})(?!\d)")  # from three digits on: `16:9` is a ratio
_RATIO = re.compile(r"(?<![\d.])([1-9]\d?)\s*:\s*([1-9]\d?)(?![\d.])")
_NAMED = re.compile(r"(portrait|landscape)_([1-9]\d?)_([1-9]\d?)(?!\d)", re.IGNORECASE)
_SQUARE = re.compile(r"square(?![a-z])", re.IGNORECASE)


def size_of(value: object) -> tuple[int, int] | None:
    """(width, height) in pixels where the value names them."""
    found = _SIZE.search(value) if isinstance(value, str) else None
    size = (int(found[1]), int(found[2])) if found else None
    return size if size and all(size) else None


def ratio_of(value: object) -> tuple[int, int] | None:
    """(w, h) as written, from a name such as `portrait_16_9` (its longer side stands), or reduced from the size."""
    if not isinstance(value, str):
        return None
    if "_" in value and (named := _NAMED.search(value)):
        long, short = sorted((int(named[2]), int(named[3])), reverse=True)
        return (short, long) if named[1].lower() == "portrait" else (long, short)
    if _SQUARE.match(value):
        return (1, 1)
    size = size_of(value)
    rest = _SIZE.sub("", value) if size else value
    if ":" in rest and (written := _RATIO.search(rest)):
        return int(written[1]), int(written[2])
    if size is None:
        return None
    common = gcd(*size)
    return size[0] // common, size[1] // common
