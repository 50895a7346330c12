"""Where jobs of a panel would run if Run were pressed now, why, and on whose account."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import SpendingForbidden
from ..providers import get_provider
from . import consent
from .labels import error_text

if TYPE_CHECKING:
    from ..models import Model
    from ..sync import Client
    from .kit import Kit

__all__ = ["Place", "place_of"]


@dataclass(frozen=True, slots=True)
class Place:
    """`name` and the `reason` are for people; `local` is here and free, `paid` goes to an account there is a token for."""

    name: str
    reason: str
    local: bool
    paid: bool


def place_of(client: Client, model: Model, local: bool | None, kit: Kit) -> Place:
    """Ask the client; nothing is sent."""
    settings = client.settings
    try:
        route = client.route(model, local=local)
    except SpendingForbidden as error:
        return Place(kit.say("panel.where.nowhere"), error_text(error, kit.language), local=False, paid=False)
    title, name = get_provider(route.provider).title, settings.token_names(route.provider)[0]
    words = {"provider": title, "host": route.host, "name": name, "login": route.provider}
    reason = kit.say(route.reason, wrong=settings.placeholder, **words)
    where = kit.say("panel.where.local") if route.is_local else title
    return Place(where, reason, route.is_local, consent.is_paid(route))
