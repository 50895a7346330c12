"""A provider is one file: whoever needs a list of them asks the folder, and a third one is served like the first two."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

import ipydarkroom
from ipydarkroom.catalog import bundled
from ipydarkroom.client import AsyncClient
from ipydarkroom.errors import InputError
from ipydarkroom.providers import get_provider, providers
from ipydarkroom.providers.kie import Kie
from ipydarkroom.settings import load
from ipydarkroom.tokens import issuers, token_names

SRC = Path(ipydarkroom.__file__).parent


class Third(Kie):
    """A provider that nobody has heard of, with a scheme of its own."""

    name = "third"
    title = "The Third"
    token_names = ("THIRD_TOKEN", "THIRD_KEY")
    auth_scheme = "Key"


@pytest.fixture
def third(monkeypatch):
    """It is registered for the length of a test."""
    list(providers)
    monkeypatch.setattr(providers, "_entries", [*providers._entries, (900, Third())])
    return get_provider("third")


def test_settings_learn_of_a_provider_from_its_own_file(third):
    """Token variables, in its own order, and the variable that replaces its hosts."""
    settings = load({"THIRD_KEY": "canary-0ddba11", "IPYDARKROOM_THIRD_URL": "http://127.0.0.1:1/"})

    assert ("runcomfy", "kie", "fal", "third") == issuers()
    assert ("THIRD_TOKEN", "THIRD_KEY") == token_names("third") == third.token_names
    assert ({"third"}, {"third": "http://127.0.0.1:1"}) == (set(settings.tokens), settings.base_urls)


def test_a_provider_of_another_package_finds_its_token_when_it_is_asked_for():
    """To look for such packages takes as long as making a client, so it waits until somebody names one."""
    settings = load({"LATE_API_KEY": "canary-1a7e1a7e", "IPYDARKROOM_LATE_URL": "http://127.0.0.1:2"})

    assert ({}, "canary-1a7e1a7e") == (settings.tokens, settings.token("late").reveal())
    assert {"late": "http://127.0.0.1:2"} == settings.base_urls
    assert settings.token("kie") is None


def test_making_a_client_looks_for_no_other_packages(tmp_path):
    """The scan of everything that is installed is a tenth of what the whole client takes to load."""
    code = "import sys, ipydarkroom as dr; dr.Client().close(); print('importlib.metadata' in sys.modules)"
    environ = {**os.environ, "IPYDARKROOM_HOME": str(tmp_path)}

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environ)

    assert "False" == done.stdout.strip()


def test_a_provider_that_nobody_knows_has_the_usual_variable():
    """For a plug-in that is gone: its jobs are still in the journal."""
    assert ("GONE_API_KEY",) == token_names("gone")


def test_each_provider_puts_its_own_word_before_the_token(third, tmp_path, faults):
    """`Bearer` for one, `Key` for another, and to its own host only."""
    environ = {"IPYDARKROOM_HOME": str(tmp_path), "THIRD_TOKEN": "canary-0ddba11", "KIE_API_KEY": "canary-5eed5eed"}

    async def live(name: str) -> bytes:
        async with faults.server(faults.says(b'{"code": 200, "data": 7}')) as server:
            async with AsyncClient(settings=load({**environ, f"IPYDARKROOM_{name.upper()}_URL": server.origin})) as client:
                await client.balance(name)
            return server.requests[0].lower()

    assert b"authorization: key canary-0ddba11" in asyncio.run(live("third"))
    assert b"authorization: bearer canary-5eed5eed" in asyncio.run(live("kie"))


def test_whose_balance_names_every_provider_there_is(third, tmp_path):
    """Without a token nobody can be meant."""

    async def ask() -> None:
        async with AsyncClient(settings=load({"IPYDARKROOM_HOME": str(tmp_path)})) as client:
            with pytest.raises(InputError, match="runcomfy or kie or fal or third"):
                await client.balance()

    asyncio.run(ask())


def test_bundled_models_belong_to_providers_there_are():
    """A slip of the pen in a file of the catalog would make a model that nobody can run."""
    assert {model.provider for model in bundled()} <= set(issuers())


@pytest.mark.parametrize(("name", "others"), [("kie", {"callbacks.py"}), ("fal", set())])  # callbacks reads Kie's own body
def test_no_module_below_keeps_a_list_of_providers(name, others):
    """Names of providers stand in their own files, their mirrors, prose, and one default: so fal is two files under src."""
    named = re.compile(rf"""["']{name}["']""")
    found = {
        path.relative_to(SRC).as_posix() for path in SRC.rglob("*.py")
        if named.search(re.sub(r'""".*?"""', "", path.read_text(encoding="utf-8"), flags=re.DOTALL))
    }

    own = {f"providers/{name}.py", f"local/mirrors/{name}.py", f"local/descriptions/{name}.py"}
    assert own | others >= {path for path in found if not path.startswith("pages/")}
