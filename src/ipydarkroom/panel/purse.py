"""What is left to spend: the account's balance, asked rarely and in the background, and the client's own budget.

All panels of a client share what was last heard of an account. A question that fails is silent: nothing depends on it.
"""

from __future__ import annotations

import logging
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import DarkroomError
from ..providers import get_provider
from ..redaction import quiet
from .labels import money

if TYPE_CHECKING:
    from ..budget import Spent
    from ..providers import Balance
    from ..sync import Client
    from .kit import Kit

__all__ = ["GAP_S", "Purse"]

log = logging.getLogger("ipydarkroom.panel")
quiet(log)

GAP_S = 10.0
"""The least time between two questions about one account, however many panels and jobs there are."""


@dataclass
class _Heard:
    at: float = float("-inf")
    balance: Balance | None = None


_heard: weakref.WeakKeyDictionary[Client, dict[str, _Heard]] = weakref.WeakKeyDictionary()
_guard = threading.Lock()


class Purse:
    """What a panel's client has left at one provider.

    Args:
        client: Who orders.
        provider: The provider's name.
        now: Seconds on a clock that never goes back.
    """

    def __init__(self, client: Client, provider: str, now: Callable[[], float] = time.monotonic) -> None:
        self.now = now
        self._client = client
        self._provider = provider
        self._spent: Spent | None = None
        with _guard:
            self._account = _heard.setdefault(client, {}).setdefault(provider, _Heard())

    def wait_s(self) -> float:
        """Seconds until the account may be asked again, and a little more, as timers may be early."""
        left = self._account.at + GAP_S - self.now()
        return left + 0.05 if left > 0 else 0.0

    def look(self, since: float | None = None) -> None:
        """Bring both up to date. Blocks: never on the loop's thread, nor on one that runs a cell.

        Args:
            since: Ask for the balance unless the last answer is newer than this; None does not ask for it.
        """
        try:
            self._spent = None if self._client.budget is None else self._client.spent()
            if since is not None and self._claim(since):
                self._account.balance = self._client.balance(self._provider)
        except DarkroomError as error:
            log.debug("what is left could not be asked: %s", error)

    def text(self, kit: Kit) -> str:
        """What is left, in words; empty where nothing is known."""
        return " · ".join(part for part in (self._balance(kit), self._budget(kit)) if part)

    def _claim(self, since: float) -> bool:
        """Whether it is ours to ask now; the answer counts from before the question."""
        with _guard:
            if self._account.at >= since or self.wait_s() > 0:
                return False
            self._account.at = self.now()
            return True

    def _balance(self, kit: Kit) -> str:
        found = self._account.balance
        if found is None:
            return ""
        title = get_provider(self._provider).title
        if found.unit == "USD":
            return kit.say("panel.balance", provider=title, usd=money(found.usd, up=False))
        return kit.say(
            "panel.balance_credits", provider=title, amount=f"{found.amount:,.10g}", unit=found.unit,
            usd=money(found.usd, up=False),
        )

    def _budget(self, kit: Kit) -> str:
        budget, spent = self._client.budget, self._spent
        if budget is None or spent is None:
            return ""
        which = {(True, False): "jobs", (False, True): "usd", (True, True): "both"}.get(
            (budget.jobs is not None, budget.usd is not None)
        )
        if which is None:
            return ""
        return kit.say(
            f"panel.budget.{which}", jobs=spent.jobs, most_jobs=budget.jobs,
            used=money(spent.usd), limit=money(budget.usd or 0),
        )
