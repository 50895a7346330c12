"""What is settled before an order is written down: one set of inputs, whose token, whose consent, and its record."""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from .arguments import demand_inputs
from .budget import Estimate
from .errors import AuthError, InputError, NeedsConfirmation
from .jobs import JobRecord, new_job_id
from .prepare import fingerprint
from .providers import get_provider

if TYPE_CHECKING:
    from .budget import Budget
    from .models import Model
    from .prepare import Prepared
    from .routes import Route
    from .settings import Settings

__all__ = ["demand_callbacks", "demand_consent", "demand_token", "fingerprint_of", "merged", "new_record"]


def merged(inputs: Mapping[str, object] | None, values: Mapping[str, object]) -> dict[str, object]:
    """Inputs from the mapping and from keywords, which may not contradict each other.

    Raises:
        InputError: A name is given in both, or the inputs are no mapping of names.
    """
    given = demand_inputs(inputs)
    twice = sorted(set(given) & set(values))
    if twice:
        raise InputError(f"Given twice, in the mapping and as keyword: {', '.join(twice)}.", next_step="Give it once.")
    return {**given, **values}


def fingerprint_of(model: Model, route: Route, prepared: Prepared) -> str:
    """Equal for equal orders at one place; what was drawn here never stands in for what a service would make."""
    return fingerprint("local" if route.is_local else route.origin, model.id, prepared.kept)


def new_record(
    model: Model, route: Route, prepared: Prepared, *, owner: str, most: Estimate | None = None, budget: str = ""
) -> JobRecord:
    """The record of an order that has not left yet.

    Args:
        model: What is ordered.
        route: Where.
        prepared: With which inputs.
        owner: Who drives it.
        most: What it may make and cost at most, where known.
        budget: Which budget a hosted one counts against.
    """
    now, most = time.time(), most or Estimate()
    return JobRecord(
        id=new_job_id(now, secrets.randbits(74)),
        provider=route.provider,
        origin=route.origin,
        backend=route.backend,
        account=route.account,
        model=model.id,
        inputs=prepared.kept,
        fingerprint=fingerprint_of(model, route, prepared),
        created=now,
        pictures=most.pictures,
        usd=0.0 if route.is_local else most.usd,
        budget="" if route.is_local else budget,
        owner=owner,
    )


def demand_token(settings: Settings, route: Route) -> None:
    """A hosted job without a token ends here.

    Raises:
        AuthError: There is none; the next step names the variable to set.
    """
    if route.backend != "remote" or route.token is not None:
        return
    provider, names, wrong = get_provider(route.provider), settings.token_names(route.provider), settings.placeholder
    said = f" ({wrong} holds the documentation's placeholder, not a token.)" if wrong else ""
    raise AuthError(
        f"There is no token for {provider.title}.{said}",
        next_step=f"Set {names[0]} (see {provider.token_page}), or call dr.login({route.provider!r}), or use local=True.",
        login=route.provider,
        key="error.placeholder_token" if wrong else "error.no_token",
        wrong=wrong,
        provider=provider.title,
        name=names[0],
        page=provider.token_page,
    )


def demand_callbacks(route: Route, callback_url: str) -> None:
    """Raise InputError where an address is given to a provider that calls nobody, or is no address."""
    provider = get_provider(route.provider)
    if callback_url and not _is_address(callback_url):
        raise InputError(
            "callback_url is not a complete address.", next_step="Give it as https://…, such as client.callbacks(...).url.",
            key="error.callback_url",
        )
    if callback_url and not provider.takes_callbacks:
        raise InputError(
            f"{provider.title} makes no callbacks.", next_step="Leave callback_url out: the job is watched anyway.",
            key="error.no_callbacks", provider=provider.title,
        )


def _is_address(callback_url: object) -> bool:
    if not isinstance(callback_url, str):
        return False
    try:
        parts = urlsplit(callback_url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def demand_consent(budget: Budget | None, most: Estimate) -> None:
    """Raise NeedsConfirmation where a budget in money meets an order of unknown price: a person's word is needed."""
    if budget is None or budget.usd is None or most.usd is not None:
        return
    raise NeedsConfirmation(
        "What this order costs is not known, and there is a budget in money.",
        next_step="confirm=True lets it go and counts it as all that is left, until the provider tells the real cost.",
    )
