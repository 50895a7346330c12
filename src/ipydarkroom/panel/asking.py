"""What a press of Run has to answer before it orders: slips of the hand, the first paid order, one just made. No widget.

A question stands on the panel as a notice, and the next press of Run is its answer. It answers only what stands there
word for word at that moment: another price, other values or a notice that was taken away is asked anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ..budget import Estimate
from . import consent
from .labels import money
from .model import Notice, same

__all__ = ["REPEAT_S", "SETTLE_S", "Asking", "Order"]

# Front ends hold back a change while an earlier one is on its way, and send a click at once: a click can overtake the
# last letters typed. Ordering waits for them, as a picture of the wrong words costs as much as one of the right ones.
SETTLE_S = 0.3
"""Seconds between a press and what it does."""

_SLIP_S = SETTLE_S + 0.4  # a second press so soon is a slip of the hand, and answers no question either

REPEAT_S = 10.0
"""For so many seconds an equal order on a hosted service is asked about."""


@dataclass(frozen=True, slots=True)
class Order:
    """What a press of Run would order now. `provider` is its title, `paid` whether it goes to an account."""

    inputs: Mapping[str, object]
    provider: str
    paid: bool
    most: Estimate = field(default_factory=Estimate)

    def like(self, other: Order) -> bool:
        """Whether it is the same order to a server."""
        if self.inputs.keys() != other.inputs.keys() or (self.provider, self.paid) != (other.provider, other.paid):
            return False
        return all(same(value, other.inputs[name]) for name, value in self.inputs.items())


class Asking:
    """Asks where a press may cost what nobody meant to spend.

    Attributes:
        now: Seconds on a clock that never goes back.
    """

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self._pressed = float("-inf")
        self._asked: tuple[Notice, Order] | None = None
        self._last: tuple[Order, float] | None = None

    def slip(self) -> bool:
        """Whether this press comes so soon after the last press or question that it is a slip of the hand."""
        if self.now() - self._pressed < _SLIP_S:
            return True
        self._pressed = self.now()
        return False

    def pause(self) -> None:
        """Something new stands on the panel: who pressed before could read it has not answered it."""
        self._pressed = self.now()

    def nothing_ordered(self) -> None:
        """The last press ordered nothing, so the next one is no second order."""
        self._pressed = float("-inf")

    def ordered(self, order: Order) -> None:
        """An order went out, by hand or from code."""
        self._asked, self._last = None, (order, self.now())

    def before(self, order: Order, shown: Notice | None) -> Notice | None:
        """What to ask before this order goes; None where nothing stands in its way.

        Args:
            order: What would be ordered now.
            shown: The notice that stands on the panel now.
        """
        if not order.paid:
            return None
        if not consent.given():
            question = _first_paid(order)
            if shown != question or not self._agreed(question.key, order, shown):
                return self._ask(question, order)
            consent.give()
        ago = self._since(order)
        if ago is not None and not self._agreed("panel.repeat", order, shown):
            return self._ask(Notice("panel.repeat", {"seconds": max(1, round(ago))}, asks=True, fleeting=True), order)
        return None

    def price(self, order: Order) -> Notice:
        """The question of an order of unknown price under a budget in money."""
        return self._ask(Notice("panel.unknown_price", asks=True, fleeting=True), order)

    def agreed_to_price(self, order: Order, shown: Notice | None) -> bool:
        """Whether that question stands there, so that this press is the answer."""
        return self._agreed("panel.unknown_price", order, shown)

    def _since(self, order: Order) -> float | None:
        """Seconds since an equal order, where that is not long ago."""
        if self._last is None or not self._last[0].like(order):
            return None
        ago = self.now() - self._last[1]
        return ago if ago < REPEAT_S else None

    def _ask(self, question: Notice, order: Order) -> Notice:
        self._asked = (question, order)
        self.pause()
        return question

    def _agreed(self, key: str, order: Order, shown: Notice | None) -> bool:
        if self._asked is None or shown is None or shown != self._asked[0] or shown.key != key:
            return False
        return self._asked[1].like(order) or not shown.fleeting


def _first_paid(order: Order) -> Notice:
    """Bound to who is paid and to the price, not to the words of a prompt."""
    if order.most.usd is None:
        return Notice("panel.consent", {"provider": order.provider}, asks=True)
    return Notice("panel.consent_price", {"provider": order.provider, "usd": money(order.most.usd)}, asks=True)
