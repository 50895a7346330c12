"""For every test: no paid host, no token or keyring of this machine, no folder of this person."""

from __future__ import annotations

import os

import hypothesis
import pytest

from ipydarkroom import settings, tokens, vault

# A build answers the same twice; new cases are looked for on everybody's own machine.
hypothesis.settings.register_profile("ci", derandomize=True)
if os.environ.get("CI") == "true":
    hypothesis.settings.load_profile("ci")

TOKENS = ("RUNCOMFY_API_TOKEN", "RUNCOMFY_TOKEN", "RUNCOMFY_API_KEY", "KIE_API_KEY", "FAL_KEY", "YOUR_API_TOKEN", "YOUR_API_KEY", "IPYDARKROOM_SERVE_TOKEN")


@pytest.fixture(autouse=True)
def locked(monkeypatch, tmp_path_factory):
    """Spending is off, tokens are gone, and journal and pictures lie in a temporary folder."""
    for name in TOKENS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("IPYDARKROOM_SPENDING", "off")
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")  # nobody's own keyring is opened
    monkeypatch.setitem(settings._wish, "local", None)
    monkeypatch.setattr(tokens, "_held", {})
    monkeypatch.setattr(vault, "_found", {})
    monkeypatch.setenv("IPYDARKROOM_HOME", str(tmp_path_factory.mktemp("home")))
