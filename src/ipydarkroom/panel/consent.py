"""A person's word that this process may spend money. Given once, by pressing Run a second time; code never needs it.

It belongs to the process, not to a panel: whoever has agreed in one cell is not asked in the next.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..routes import Route

__all__ = ["give", "given", "is_paid", "take_back"]

_word = {"given": False}


def given() -> bool:
    """Whether a person has agreed in this process."""
    return _word["given"]


def give() -> None:
    """The person agrees, for every panel of this process."""
    _word["given"] = True


def take_back() -> None:
    """Forget it: the next paid Run asks again."""
    _word["given"] = False


def is_paid(route: Route) -> bool:
    """Whether an order on that route goes to somebody's account. A server on this machine is nobody's."""
    return route.backend == "remote" and route.token is not None
