"""A seed: a number that may be empty, and then the server chooses. The dice fixes one that can be used again."""

from __future__ import annotations

import random

import ipywidgets as w

from ..pump import put
from . import Control, Slot, control
from .number import number_text, take_number

__all__ = ["roll", "seed"]

_LARGEST = 2**31 - 1  # where a page gives no bound: what the image services document themselves


@control(rank=20, accepts=lambda field: field.is_seed)
def seed(slot: Slot) -> Control:
    """Build the box and its dice."""
    box = slot.kit.make(
        w.Text, "dr-field", "dr-grow",
        value=number_text(slot.value, slot.raw), placeholder=slot.say("panel.seed.empty"), continuous_update=False, **slot.described(),
    )
    dice = slot.kit.make(w.Button, "dr-quiet", description=slot.say("panel.seed.roll"), icon="random")
    slot.listen(box, lambda: take_number(slot, box.value))
    slot.press(dice, lambda: slot.give(roll(slot.field.minimum, slot.field.maximum)))
    root = slot.kit.make(w.HBox, "dr-pair", *slot.marks, children=(box, dice))
    return Control(root, box, lambda value, raw: put(box, value=number_text(value, raw)))


def roll(minimum: float | None, maximum: float | None) -> int:
    """A random whole number within the bounds, 0 to 2147483647 where there are none."""
    low = 0 if minimum is None else int(minimum)
    high = _LARGEST if maximum is None else int(maximum)
    return random.SystemRandom().randint(low, max(low, high))
