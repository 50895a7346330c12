"""What a sweep would order now, what that costs at most, and whether a person's word is needed first. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import InputError

if TYPE_CHECKING:
    from ..budget import Estimate

__all__ = ["Plan", "ask_above", "planned"]

_PAID_ORDERS, _FREE_ORDERS, _USD = 4, 60, 0.5
_wish: dict[str, int | None] = {"orders": None}


def ask_above(orders: object) -> None:
    """Set how many new orders a sweep may place without asking; None is the usual: 4 where it costs money, 60 where not.

    Raises:
        InputError: It is no whole number from 0.
    """
    if orders is not None and not (type(orders) is int and orders >= 0):
        raise InputError("ask_above= takes a whole number of orders.", next_step="For example dr.use(ask_above=20).")
    _wish["orders"] = orders if isinstance(orders, int) else None


@dataclass(frozen=True, slots=True)
class Plan:
    """What would be ordered now.

    `orders` is how many jobs are missing, `pictures` and `usd` the most they may make and cost together; None is unknown,
    never nothing. `paid` says that it goes to somebody's account.
    """

    total: int
    orders: int
    pictures: int | None
    usd: float | None
    paid: bool

    @property
    def asks(self) -> bool:
        """Whether a person is asked first; that this process may pay at all is another question."""
        if not self.orders:
            return False
        wish = _wish["orders"]
        most = wish if wish is not None else _PAID_ORDERS if self.paid else _FREE_ORDERS
        return self.orders > most or (wish is None and self.paid and (self.usd or 0.0) > _USD)


def planned(total: int, estimates: Iterable[Estimate], *, paid: bool) -> Plan:
    """Add up what is missing.

    Args:
        total: All cells of the sweep.
        estimates: Of each that would be ordered now.
        paid: Whether it goes to somebody's account.
    """
    found = list(estimates)
    pictures = [each.pictures for each in found]
    usd = [each.usd for each in found]
    return Plan(
        total, len(found),
        None if None in pictures else sum(each for each in pictures if each is not None),
        None if None in usd else round(sum(each for each in usd if each is not None), 6),
        paid,
    )
