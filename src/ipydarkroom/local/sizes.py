"""How large a picture an order is for: read from a model's fields and their values, whatever they are called.

A size may be said as an enum value with pixels in it, as two numbers, as a ratio, as `2K`, or not at all; then the
words of the prompt decide the shape. No model is named here.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from ..fields import UNSET
from .scenery.words import shape_hint

if TYPE_CHECKING:
    from ..fields import Field, Values
    from ..models import Model

__all__ = ["read_size"]

_NAMES = re.compile(r"size|resolution|aspect|ratio|dimension|width.?height", re.IGNORECASE)
_PIXELS = re.compile(r"(?<!\d)(\d{2,5})\s*[x×*:]\s*(\d{2,5})(?!\d)", re.IGNORECASE)
_RATIO = re.compile(r"\s*(\d{1,2})\s*[:x/]\s*(\d{1,2})(?!\d)", re.IGNORECASE)
_KILO = re.compile(r"\s*(\d(?:\.\d)?)\s*k\s*", re.IGNORECASE)
_LEAST = 64  # from here on, two numbers are pixels rather than a ratio
_STEP = 16  # a size of our own choosing is a multiple of this, as hosted models have it
_USUAL = 1024  # the side of a square picture nobody gave a size for


@dataclass(frozen=True, slots=True)
class _Said:
    """What one value says about the size: exact pixels, or a shape, or the side of a square of the same area."""

    size: tuple[int, int] | None = None
    ratio: tuple[int, int] | None = None
    side: int | None = None


def read_size(model: Model, inputs: Values, prompt: str) -> tuple[int, int]:
    """Return (width, height) in pixels.

    What the inputs say goes before what the defaults say, and exact pixels before a shape. A size that is not exact
    (`2K`: about 2048 x 2048 pixels in all) has sides that are multiples of 16, in the shape that the inputs or the
    prompt ask for, else square.
    """
    given, silent = list(_given(model, inputs)), list(_defaults(model, inputs))
    exact = _first(given, "size") or (None if given else _first(silent, "size"))
    if isinstance(exact, tuple):
        return exact
    ratio = _first(given, "ratio") or shape_hint(prompt) or _first(silent, "ratio")
    side = _first(given, "side") or _first(silent, "side")
    return _shaped(ratio if isinstance(ratio, tuple) else (1, 1), side if isinstance(side, int) else _USUAL)


def _first(said: list[_Said], what: str) -> object:
    return next((found for one in said if (found := getattr(one, what)) is not None), None)


def _given(model: Model, inputs: Values) -> Iterator[_Said]:
    for field in model.fields:
        if _NAMES.search(field.name) and inputs.get(field.name) is not None:
            yield from _read(field, inputs[field.name])
    yield from _sides(inputs)


def _defaults(model: Model, inputs: Values) -> Iterator[_Said]:
    silent = [field for field in model.fields if inputs.get(field.name) is None and field.default is not UNSET]
    for field in silent:
        if _NAMES.search(field.name):
            yield from _read(field, field.default)
    yield from _sides({field.name: field.default for field in silent} | dict(inputs))


def _read(field: Field, value: object) -> Iterator[_Said]:
    """What the value of one field says; nothing when it says nothing (`auto`)."""
    choice = next((one for one in field.choices if one.value == value), None)
    if choice is not None and (choice.size or choice.ratio):
        yield _Said(choice.size, choice.ratio)
    elif isinstance(value, Mapping):
        yield from _sides(value)
    elif isinstance(value, str):
        yield from _words(value)


def _words(text: str) -> Iterator[_Said]:
    pixels = _PIXELS.search(text)
    if pixels and min(int(pixels[1]), int(pixels[2])) >= _LEAST:
        yield _Said(size=(int(pixels[1]), int(pixels[2])))
    elif (kilo := _KILO.fullmatch(text)) and (side := round(float(kilo[1]) * _USUAL)):
        yield _Said(side=side)
    elif (ratio := _RATIO.match(text)) and int(ratio[1]) and int(ratio[2]):
        yield _Said(ratio=(int(ratio[1]), int(ratio[2])))


def _sides(values: Mapping[str, object]) -> Iterator[_Said]:
    """Two numbers called width and height; zero and less count as not given."""
    width, height = _whole(values.get("width")), _whole(values.get("height"))
    if width and height:
        yield _Said(size=(width, height))


def _whole(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if 1 <= value < 10**9 else None


def _shaped(ratio: tuple[int, int], side: int) -> tuple[int, int]:
    """A size of about `side` x `side` pixels in all, in the given shape."""
    stretch = sqrt(ratio[0] / ratio[1])
    return _stepped(side * stretch), _stepped(side / stretch)


def _stepped(length: float) -> int:
    return max(_STEP, round(length / _STEP) * _STEP)
