"""What is settled before a sweep orders anything: that every combination can be ordered, and that somebody agreed to all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..errors import InputError, NeedsConfirmation
from ..sweep.labels import words_of
from .labels import money

if TYPE_CHECKING:
    from ..sweep import Grid, Plan
    from ..sync import Client

__all__ = ["fingerprints", "unagreed"]


def fingerprints(client: Client, grid: Grid, *, local: bool | None) -> list[str]:
    """How the journal recognises the order of every place.

    Raises:
        InputError: A combination does not fit the model; the message says which.
    """
    found = []
    for place in grid.places:
        try:
            found.append(client.fingerprint(grid.model, grid.inputs(place), local=local))
        except InputError as error:
            where = " · ".join(words_of(grid, place, "en"))
            raise InputError(
                f"{where}: {error.message}" if where else error.message, next_step=error.next_step, problems=error.problems, key=error.key,
            ) from error
    return found


def unagreed(plan: Plan) -> NeedsConfirmation:
    """The error for code that would order so many without a word of consent."""
    cost = "" if not plan.paid else " at an unknown price" if plan.usd is None else f" for up to {money(plan.usd)}"
    return NeedsConfirmation(
        f"This sweep would order {plan.orders} jobs{cost}.", next_step="run(confirm=True) agrees; dr.use(ask_above=...) asks later.",
    )
