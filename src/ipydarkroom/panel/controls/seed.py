"""A seed: a number that may be empty, and then the server chooses. The dice fixes one that can be used again.

The lock says which of the two it is: closed, the same seed goes with every order; open, the server chooses each time.
What the last picture was made with stands beside the title, and closing the lock takes it over.
"""

from __future__ import annotations

import random

import ipywidgets as w

from ...fields import UNSET
from ...schema.kinds import fits
from ..pump import put
from . import Control, Slot, control
from .number import number_text, take_number

__all__ = ["roll", "seed"]

_LARGEST = 2**31 - 1  # where a page gives no bound: what the image services document themselves


@control(rank=20, accepts=lambda field: field.is_seed)
def seed(slot: Slot) -> Control:
    """Build the box and its dice; the lock comes when there is a seed to keep or to let go."""
    lock: list[w.Button] = []

    def arrange() -> None:
        closed = bool(box.value.strip())
        if not lock and (closed or slot.around.used() is not UNSET):
            lock.append(slot.kit.make(w.Button, "dr-quiet"))
            slot.press(lock[0], turn)
            put(root, children=(box, dice, *lock))
        for each in lock:
            put(each, description=slot.say("panel.seed.unlock" if closed else "panel.seed.lock"), icon="lock" if closed else "unlock")

    def show(value: object, raw: str | None) -> None:
        put(box, value=number_text(value, raw))
        arrange()

    def turn() -> None:
        if box.value.strip():
            slot.clear()
        else:
            slot.give(_taken_over(slot))

    def aside(_value: object, _raw: str | None) -> str:
        used = slot.around.used()
        return "" if used is UNSET else slot.say("panel.seed.used", seed=used)

    box = slot.kit.make(
        w.Text, "dr-field", "dr-grow",
        value=number_text(slot.value, slot.raw), placeholder=slot.say("panel.seed.empty"),
        **slot.described(aside(slot.value, slot.raw)),
    )
    dice = slot.kit.make(w.Button, "dr-quiet", description=slot.say("panel.seed.roll"), icon="random")
    slot.listen(box, lambda: take_number(slot, box.value))  # at every key: the label changes when a job ends
    slot.press(dice, lambda: slot.give(roll(slot.field.minimum, slot.field.maximum)))
    root = slot.kit.make(w.HBox, "dr-pair", *slot.marks, children=(box, dice))
    arrange()
    return Control(root, box, show, aside, refresh=arrange)


def roll(minimum: float | None, maximum: float | None) -> int:
    """A random whole number within the bounds, 0 to 2147483647 where there are none."""
    low = 0 if minimum is None else int(minimum)
    high = _LARGEST if maximum is None else int(maximum)
    return random.SystemRandom().randint(low, max(low, high))


def _taken_over(slot: Slot) -> object:
    """The seed of the last picture, or a fresh one where nobody knows it or the field would not take it."""
    used, low, high = slot.around.used(), slot.field.minimum, slot.field.maximum
    if fits(slot.field.kind, used) and (low is None or low <= used) and (high is None or used <= high):  # type: ignore[operator]
        return used
    return roll(low, high)
