"""Small doses of the crash and disk harnesses, for every push. `make reliability` runs the full ones."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).parent
DOSES = {
    "power": ("--cuts=60", "--control_cuts=40"),
    "kills": ("--kills=20", "--control_kills=20"),  # two of each are aimed, so that a client that commits late is caught for sure
    "failpoints": ("--sample=12",),
    "claims": ("--claims=120", "--reservations=240", "--control_claims=80"),
    "rows": (),
}


@pytest.mark.parametrize(("harness", "dose"), DOSES.items(), ids=DOSES)
def test_a_small_dose_passes_and_its_bad_clients_are_caught(harness, dose):
    """One JSON line, exit code 0, and no control without something that went wrong in it."""
    env = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    done = subprocess.run(
        [sys.executable, str(HERE / f"{harness}.py"), "--small", *dose], capture_output=True, text=True, timeout=110, env=env
    )

    assert 0 == done.returncode, done.stdout + done.stderr
    figures = json.loads(done.stdout)
    assert figures["ok"]
    assert figures["controls"]
