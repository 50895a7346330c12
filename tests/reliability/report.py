"""How every harness here ends: one JSON line, and an exit code that tells whether the promise held."""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import sqlite3
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

__all__ = ["report", "scratch"]

FIXED_SEED = 20_261
_MEMORY = Path("/dev/shm")  # noqa: S108  # Linux's file system in memory


def scratch() -> tempfile.TemporaryDirectory[str]:
    """A temporary folder, in memory where that can be had: a kill takes nothing from a disk, and a flush only costs time."""
    memory = _MEMORY if os.access(_MEMORY, os.W_OK) else None
    return tempfile.TemporaryDirectory(prefix="darkroom-", dir=memory)


def report(main: Callable[..., dict[str, Any]], **sizes: tuple[int, int]) -> int:
    """Run a harness from the command line: `--small` for a smaller dose, `--seed N` to repeat a random part.

    Args:
        main: Takes `seeds` and one number per size; returns figures, with "ok" among them.
        **sizes: Name -> (full dose, small dose).
    """
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--small", action="store_true", help="the dose of every push")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(2**31), help="of the random half")
    for name in sizes:
        parser.add_argument(f"--{name}", type=int, default=None)
    asked = parser.parse_args()
    doses = {
        name: given if (given := getattr(asked, name)) is not None else dose[asked.small] for name, dose in sizes.items()
    }
    begun, busy = time.perf_counter(), os.times()
    figures = main(seeds=(FIXED_SEED, asked.seed), **doses)
    now = os.times()
    figures |= {
        "seeds": [FIXED_SEED, asked.seed], "wall_s": round(time.perf_counter() - begun, 1),
        "cpu_s": round(sum(now[:4]) - sum(busy[:4]), 1), "load": round(os.getloadavg()[0], 1),
        "python": platform.python_version(), "sqlite": sqlite3.sqlite_version,
    }
    print(json.dumps(figures))
    return 0 if figures["ok"] else 1
