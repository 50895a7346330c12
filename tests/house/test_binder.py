"""What a visitor of a Binder link meets."""

from __future__ import annotations

import json
import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
BINDER = ROOT / "binder"


def test_binder_opens_the_first_notebook():
    """The page a visitor lands on exists."""
    config = json.loads((BINDER / "jupyter_server_config.json").read_text(encoding="utf-8"))

    for app in ("LabApp", "ServerApp"):
        assert (ROOT / config[app]["default_url"].removeprefix("/lab/tree/")).is_file()


def test_binder_keeps_everything_local():
    """The start script sets both switches, and both scripts can be run."""
    start = (BINDER / "start").read_text(encoding="utf-8")

    assert "IPYDARKROOM_LOCAL=1" in start
    assert "IPYDARKROOM_SPENDING=off" in start
    assert all(os.access(BINDER / name, os.X_OK) for name in ("start", "postBuild"))


def test_binder_copies_files_that_exist():
    """Each file the build copies is there."""
    lines = (BINDER / "postBuild").read_text(encoding="utf-8").splitlines()
    copied = [line.split()[1] for line in lines if line.startswith("cp ")]

    assert copied
    assert all((ROOT / name).is_file() for name in copied)
