"""Where a job runs, and why."""

from __future__ import annotations

import pytest

from ipydarkroom.errors import InputError, SpendingForbidden
from ipydarkroom.models import Model
from ipydarkroom.routes import LOCAL_ORIGIN, choose_route
from ipydarkroom.settings import load

HOSTS = {"api": "https://api.example", "upload": "https://up.example"}
MODEL = Model("a/b", "runcomfy", ())
WITH_TOKEN = {"RUNCOMFY_API_TOKEN": "secret-1"}


def route(env, model=MODEL, **wishes):
    """The route under that environment."""
    return choose_route(model, load(env), HOSTS, **wishes)


@pytest.mark.parametrize(
    ("env", "wishes", "backend", "reason"),
    [
        ({}, {}, "local-process", "route.no_token"),
        (WITH_TOKEN, {}, "remote", "route.token"),
        (WITH_TOKEN, {"local": True}, "local-process", "route.asked"),
        (WITH_TOKEN | {"IPYDARKROOM_LOCAL": "1"}, {}, "local-process", "route.environment"),
        (WITH_TOKEN | {"IPYDARKROOM_LOCAL": "1"}, {"local": True}, "local-process", "route.environment"),
        ({}, {"local": False}, "remote", "route.token_missing"),
        ({"YOUR_API_TOKEN": "x"}, {}, "local-process", "route.placeholder"),
        (WITH_TOKEN, {"base_url": "http://127.0.0.1:8000/"}, "local-url", "route.base_url"),
        (WITH_TOKEN, {"base_url": "https://proxy.example"}, "remote", "route.base_url"),
        (WITH_TOKEN, {"base_url": "https://proxy.example", "local": True}, "local-process", "route.asked"),
    ],
)
def test_a_job_goes_where_token_wish_and_environment_say(env, wishes, backend, reason):
    """Hosted with a token, local without one; a wish wins over the token, and the reason is never hidden."""
    found = route(env, **wishes)

    assert (backend, reason) == (found.backend, found.reason)


def test_a_model_from_a_bare_schema_is_local():
    """Nobody hosts a schema."""
    found = route(WITH_TOKEN, Model("mine", None, ()))

    assert ("route.no_provider", LOCAL_ORIGIN) == (found.reason, found.origin)


@pytest.mark.parametrize("wishes", [{"local": False}, {"base_url": "https://proxy.example"}])
def test_the_environments_lock_is_not_opened_from_a_cell(wishes):
    """IPYDARKROOM_LOCAL=1 means that no argument sends a job to a paid host."""
    with pytest.raises(SpendingForbidden):
        route(WITH_TOKEN | {"IPYDARKROOM_LOCAL": "1"}, **wishes)


@pytest.mark.parametrize("address", ["http://example.org", "ftp://127.0.0.1", "example.org"])
def test_a_token_is_not_sent_in_the_clear(address):
    """Plain http is for this machine only."""
    with pytest.raises(InputError):
        route(WITH_TOKEN, base_url=address)


def test_an_address_is_kept_in_one_spelling():
    """Capitals and the usual port are the same place; a token is bound to it, however it was typed."""
    assert "https://proxy.example" == route(WITH_TOKEN, base_url="https://PROXY.example:443/path").origin
    assert "http://[::1]:8000" == route(WITH_TOKEN, base_url="http://[::1]:8000").origin
