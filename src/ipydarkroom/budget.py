"""What an order may make and cost at most, and the cap that may not be passed. Pure.

Money is counted before it is spent: an order reserves the *most* pictures its inputs allow at the catalog's price,
in the same transaction that writes the order; the real cost takes its place once the provider tells it. What is not
known is never taken for nothing: an order of unknown price takes all that a money budget has left.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from .errors import BudgetExceeded
from .fields import UNSET

if TYPE_CHECKING:
    from .jobs import JobRecord
    from .models import Model

__all__ = ["Budget", "Estimate", "Spent", "demand_all", "estimate", "reserve"]


_COUNTS = ("num_images", "n", "num_outputs", "number_of_images", "max_images", "batch_size")


@dataclass(frozen=True, slots=True)
class Budget:
    """A cap on hosted orders. Local ones are free and do not count.

    Attributes:
        jobs: The most orders; None is no limit.
        usd: The most money in US dollars, by the catalog's price until the real cost is known; None is no limit.
        name: Empty: the cap of one client. A name is shared by every client, kernel and later session of the same
            journal that uses it.
    """

    jobs: int | None = None
    usd: float | None = None
    name: str = ""

    def __post_init__(self) -> None:
        if self.jobs is not None and not (type(self.jobs) is int and self.jobs >= 0):
            raise ValueError("jobs is a whole number of orders, 0 or more")
        if self.usd is not None and not (type(self.usd) in (int, float) and math.isfinite(self.usd) and self.usd >= 0):
            raise ValueError("usd is an amount of money, 0 or more")


@dataclass(frozen=True, slots=True)
class Spent:
    """What was ordered against a budget: `usd` is real cost where known, else what is reserved."""

    jobs: int = 0
    usd: float = 0.0


@dataclass(frozen=True, slots=True)
class Estimate:
    """The most one order may make and cost; None is unknown, never nothing.

    Attributes:
        pictures: The most result files.
        usd: The most US dollars, by the catalog's price. A provider's real price may depend on more than we know.
    """

    pictures: int | None = None
    usd: float | None = None


def estimate(model: Model, inputs: Mapping[str, object]) -> Estimate:
    """What an order of this model may make and cost at most.

    Args:
        model: Its `most` says which input sets the number, its `price` what one costs.
        inputs: Property name -> value, as they will be sent.
    """
    pictures = _pictures(model, inputs)
    price = model.price
    if price is None:
        return Estimate(pictures)
    if price.per == "order":
        return Estimate(pictures, price.usd)
    units = pictures if price.per == "output" else _seconds(inputs)
    return Estimate(pictures, None if units is None else round(price.usd * units, 6))


def reserve(budget: Budget, spent: Spent, record: JobRecord) -> JobRecord:
    """The record with its share of the budget taken.

    Raises:
        BudgetExceeded: The order could go beyond it.
    """
    share = _share(budget, spent, record.usd)
    return record if share is None else replace(record, usd=share)


def demand_all(budget: Budget, spent: Spent, prices: Iterable[float | None]) -> None:
    """Judge several orders together, before the first one goes: `prices` is the most US dollars of each, None unknown.

    Raises:
        BudgetExceeded: One of them could go beyond the budget when those before it are placed.
    """
    for usd in prices:
        share = _share(budget, spent, usd)
        spent = Spent(spent.jobs + 1, spent.usd + (share or 0.0))


def _share(budget: Budget, spent: Spent, usd: float | None) -> float | None:
    """What an order takes of a budget in money; None where there is no such cap."""
    if budget.jobs is not None and spent.jobs + 1 > budget.jobs:
        raise _exceeded(f"{spent.jobs} of {budget.jobs} orders are used", budget)
    if budget.usd is None:
        return None
    left = budget.usd - spent.usd
    most = usd if usd is not None else left
    if most > left + 1e-9 or left <= 0:
        said = f"${most:.2f}" if usd is not None else "an unknown sum"
        raise _exceeded(f"it may cost {said}, and ${max(left, 0):.2f} of ${budget.usd:.2f} is left", budget)
    return most


def _exceeded(why: str, budget: Budget) -> BudgetExceeded:
    return BudgetExceeded(
        f"The budget would be exceeded: {why}.", next_step="Raise budget=, or ask for less.", why=why, name=budget.name
    )


def _pictures(model: Model, inputs: Mapping[str, object]) -> int | None:
    """By the first rule whose conditions hold; without any, by an input that is called like a number of results."""
    for rule in model.most:
        if all(inputs.get(name, _default(model, name)) == value for name, value in rule.when.items()):
            if not rule.field:
                return rule.count
            return _number(inputs.get(rule.field, _default(model, rule.field)), rule.count)
    named = next((name for name in _COUNTS if model.field(name) is not None), None)
    return None if named is None or model.most else _number(inputs.get(named, _default(model, named)), None)


def _default(model: Model, name: str) -> object:
    """What the provider takes when an input is not sent, as its page tells."""
    field = model.field(name)
    return None if field is None or field.default is UNSET else field.default


def _number(value: object, otherwise: int | None) -> int | None:
    """A count given as a number or as digits, as some enums are; the page's default where it is neither."""
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else otherwise


def _seconds(inputs: Mapping[str, object]) -> float | None:
    """The length asked for, where a model is paid by the second."""
    value = inputs.get("duration")
    if isinstance(value, str) and value.isascii() and value.isdigit():
        return float(value)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) and value > 0 else None
