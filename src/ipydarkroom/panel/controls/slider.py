"""A number between two bounds: a slider, and beside it a box with the same value, which may be empty.

The box carries the label, so it is what a screen reader meets first; the slider is for the eye and the hand. Until
somebody moves either, the slider stands grey at the default and nothing is sent.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import ipywidgets as w

from ...schema.kinds import fits
from ..labels import range_text
from ..pump import put
from . import Control, Slot, control
from .number import number_text, take_number

if TYPE_CHECKING:
    from ...fields import Field

__all__ = ["MOST_STEPS", "Track", "slider", "track"]

MOST_STEPS = 1000
"""With more, a pixel is several steps, and nobody hits the one that is meant."""

_FINE_STEPS = 50  # a number without a step of its own is divided by a power of ten into so many parts at least


@dataclass(frozen=True, slots=True)
class Track:
    """What a slider runs on: its two ends, both allowed, and the step."""

    low: float
    high: float
    step: float

    def nearest(self, value: float) -> float:
        """The value, or the end that is nearer to it."""
        return min(max(value, self.low), self.high)


def track(field: Field) -> Track | None:
    """The track of a bounded number, or None where there is none: an open end, too many steps, or only one place."""
    low = field.minimum if field.minimum is not None else field.exclusive_minimum
    high = field.maximum if field.maximum is not None else field.exclusive_maximum
    if field.kind not in ("integer", "number") or field.choices or low is None or high is None or high <= low:
        return None
    step = field.multiple_of or (1 if field.kind == "integer" else _fine(high - low))
    if step <= 0 or (high - low) / step > MOST_STEPS:
        return None
    first, last = low, high
    if field.multiple_of:
        first, last = _whole_up(low / step) * step, _whole_up(-high / step) * -step
    first += step if first == field.exclusive_minimum else 0
    last -= step if last == field.exclusive_maximum else 0
    return Track(_tidy(first), _tidy(last), step) if first < last else None


@control(rank=310, accepts=lambda field: not field.is_seed and track(field) is not None)
def slider(slot: Slot) -> Control:
    """Build the pair."""
    found = track(slot.field) or Track(0, 1, 1)
    whole = slot.field.kind == "integer" and float(found.step).is_integer()
    bounds = range_text(slot.field, slot.kit.language)

    def at(value: object) -> float:
        said = value if fits("number", value) else slot.field.default
        place = found.nearest(float(said)) if fits("number", said) else found.low  # type: ignore[arg-type]  # by `fits`
        return round(place) if whole else place

    def show(value: object, raw: str | None) -> None:
        put(box, value=number_text(value, raw))
        put(bar, value=at(value))

    box = slot.kit.make(
        w.Text, "dr-field", value=number_text(slot.value, slot.raw), placeholder=slot.unset_text, continuous_update=False,
        **slot.described(bounds),
    )
    bar = slot.kit.make(
        w.IntSlider if whole else w.FloatSlider, "dr-slider",
        min=round(found.low) if whole else found.low, max=round(found.high) if whole else found.high,
        step=round(found.step) if whole else found.step, value=at(slot.value), readout=False,
        tooltip=f"{slot.label.title}: {slot.say('panel.slider')}",
    )
    slot.listen(box, lambda: take_number(slot, box.value), typed=False)
    slot.listen(bar, lambda: slot.give(int(bar.value) if whole else _tidy(bar.value)), typed=False)
    root = slot.kit.make(w.HBox, "dr-slide", *slot.marks, children=(box, bar))
    return Control(root, box, show, lambda _value, _raw: bounds)


def _fine(span: float) -> float:
    """A power of ten that divides a span into 50 to 500 parts; 1 at most, as nobody asked for tens."""
    return float(10.0 ** min(0, math.floor(math.log10(span / _FINE_STEPS))))


def _whole_up(number: float) -> int:
    """The next whole number, where a hair above one is that one: 0.3 / 0.1 is 3."""
    return math.ceil(number - 1e-9)


def _tidy(number: float) -> float:
    """Without the dust of binary fractions: 0.1 + 0.2 is 0.3."""
    return float(f"{number:.12g}")
