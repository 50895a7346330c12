"""Where a job runs: hosted with a token, on the local backend without one. Never silent: a Route says why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Literal
from urllib.parse import SplitResult, urlsplit

from .addresses import LOOPBACK
from .errors import InputError, SpendingForbidden

if TYPE_CHECKING:
    from .models import Model
    from .settings import Settings, Token

__all__ = ["LOCAL_ORIGIN", "LOOPBACK", "Route", "choose_route", "local_token"]

LOCAL_ORIGIN = "http://darkroom.localhost"
"""The address of the in-process local backend. `.localhost` never leaves a machine (RFC 6761); no port is opened."""


@dataclass(frozen=True, slots=True)
class Route:
    """One provider's address book for one job.

    `origins` maps the provider's host names (`api`, `upload`) to an origin. `reason` is a language key that says why
    the job goes there (`route.token`, `route.no_token`, `route.asked`, ...).
    """

    provider: str
    backend: Literal["remote", "local-process", "local-url"]
    origins: Mapping[str, str] = field(hash=False)
    reason: str
    token: Token | None = None

    @property
    def is_local(self) -> bool:
        """True when no paid host is involved."""
        return self.backend != "remote"

    @property
    def origin(self) -> str:
        """The origin of the API itself, as kept in the journal."""
        return self.origins["api"]

    @property
    def host(self) -> str:
        """The API's host name, for people."""
        return _host_of(self.origin)

    @property
    def account(self) -> str:
        """A hash of the token, empty for local jobs."""
        return self.token.account if self.token and not self.is_local else ""


def choose_route(
    model: Model,
    settings: Settings,
    hosts: Mapping[str, str],
    *,
    local: bool | None = None,
    base_url: str | None = None,
) -> Route:
    """Decide where a job of this model runs.

    Args:
        model: The model; one without a provider (made from a bare schema) always runs locally.
        settings: Tokens and switches.
        hosts: The provider's own hosts by name.
        local: True keeps this job here, False insists on the hosted service, None decides by token and settings.
        base_url: Replaces all hosts of the provider; a loopback address counts as local.

    Raises:
        InputError: The address is not one we would send a token to.
        SpendingForbidden: A hosted job was asked for by hand while IPYDARKROOM_LOCAL=1 keeps everything here.
    """
    provider = model.provider or "runcomfy"
    address = base_url or settings.base_urls.get(provider)
    token = settings.token(provider)
    wanted = settings.local if local is None else local
    if model.provider is None:
        return _in_process(provider, hosts, "route.no_provider")
    if address:
        route = _at(address, provider, hosts, settings)
        if route.is_local or not local:  # local=True means this machine, whatever address was given elsewhere
            return _kept_here(settings, route)
    if wanted:
        return _in_process(provider, hosts, "route.environment" if settings.local else "route.asked")
    if token is None and local is None:
        return _in_process(provider, hosts, "route.placeholder" if settings.placeholder else "route.no_token")
    reason = "route.token" if token else "route.token_missing"
    return _kept_here(settings, Route(provider, "remote", dict(hosts), reason, token))


@lru_cache(maxsize=64)
def _host_of(origin: str) -> str:
    """Asked at every request, of a handful of origins."""
    return urlsplit(origin).hostname or origin


def _kept_here(settings: Settings, route: Route) -> Route:
    """The environment's word is a lock: no argument in a cell opens it."""
    if settings.local and not route.is_local:
        raise SpendingForbidden(
            "IPYDARKROOM_LOCAL=1 keeps every job on this machine, so nothing goes to a hosted service.",
            next_step="Start Jupyter without IPYDARKROOM_LOCAL (make lab sets it) to use your account.",
            host=route.host,
            key="error.local_only",
        )
    return route


def _in_process(provider: str, hosts: Mapping[str, str], reason: str) -> Route:
    return Route(provider, "local-process", dict.fromkeys(hosts, LOCAL_ORIGIN), reason)


def _at(address: str, provider: str, hosts: Mapping[str, str], settings: Settings) -> Route:
    parts = _parts(address)
    loopback = (parts.hostname or "") in LOOPBACK
    if parts.scheme != "https" and not (parts.scheme == "http" and loopback):
        raise InputError(
            f"{parts.scheme or 'no'} scheme: a token is only sent over https, or to this machine.",
            next_step="Give base_url as https://… or http://127.0.0.1:…",
            key="error.base_url",
        )
    port = "" if parts.port in (None, {"http": 80, "https": 443}[parts.scheme]) else f":{parts.port}"
    name = parts.hostname or ""
    origin = f"{parts.scheme}://{f'[{name}]' if ':' in name else name}{port}"
    backend: Literal["remote", "local-url"] = "local-url" if loopback else "remote"
    token = local_token(settings, provider) if loopback else settings.token(provider)
    return Route(provider, backend, dict.fromkeys(hosts, origin), "route.base_url", token)


def local_token(settings: Settings, provider: str) -> Token | None:
    """The token for an address on this machine: that of `ipydarkroom serve` where there is one, so that no other leaves."""
    return settings.serve_token or settings.token(provider)


def _parts(address: str) -> SplitResult:
    """Raise InputError for what is no address at all."""
    try:
        parts = urlsplit(address)
        parts.port  # noqa: B018  # raises where it is no number
    except (ValueError, AttributeError, TypeError) as error:
        raise InputError(
            f"{address!r} is no address.", next_step="Give base_url as https://… or http://127.0.0.1:…", key="error.base_url"
        ) from error
    return parts
