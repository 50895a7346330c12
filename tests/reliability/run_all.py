"""Runs every harness in full, with the bad clients each must catch, and writes what came out into docs/reliability.md.

    python tests/reliability/run_all.py [--only G1 G5] [--write-docs]

Each harness is a process of its own and prints one JSON line, which is printed on. The exit code is 1 where a promise
did not hold or a bad client was not caught. About a quarter of an hour on two cores. With `--write-docs` the newest
line of each harness is kept in docs/reliability.jsonl, and the page's table is made from that file.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PAGE = ROOT / "docs" / "reliability.md"
KEPT = ROOT / "docs" / "reliability.jsonl"
BEGIN, END = "<!-- figures: written by tests/reliability/run_all.py -->", "<!-- end of figures -->"


@dataclass(frozen=True)
class Harness:
    """One goal: its script, the figures worth a place in the table, and the bad clients to run beside it."""

    goal: str
    promise: str
    command: str
    shown: tuple[str, ...]
    controls: tuple[tuple[str, str], ...] = ()  # (arguments, the figure that must be above zero, or "" for not ok)


HARNESSES = (
    Harness("G1", "jobs doubled or lost while a fifth of all requests fails", "jobs.py",
            ("jobs", "fault_kinds", "faults", "doubled", "lost", "unlisted", "uncertain", "uncertain_placed", "resolved", "jobs_per_s"),
            (("--jobs 400 --control resends", "doubled"), ("--jobs 400 --control gives_up", "lost"),
             ("--jobs 400 --control forgets", "lost"))),
    Harness("G3", "orders doubled or lost by kill -9 at random moments", "kills.py",
            ("kills", "orders", "uncertain", "doubled", "silent", "half", "unsound", "controls")),
    Harness("G4", "kill -9 at every named failpoint", "failpoints.py", ("points", "covered", "unsent", "uncertain", "resumed", "shared", "wrong", "controls")),
    Harness("G5", "acknowledged rows lost in simulated power cuts", "power.py", ("cuts", "acknowledged", "shared", "lost", "corrupt", "controls")),
    Harness("G6", "cells of the fault matrix that end otherwise than asserted", "matrix.py",
            ("faults", "cells", "played", "reasoned_away", "wrong"), (("--control wrong", ""), ("--only reset_after --control resends", ""),
             ("--only another_id --control believes", ""))),
    Harness("G7", "untyped exceptions from mutated provider answers", "answers.py",
            ("count", "untyped", "slow", "wall"), (("--count 20000 --control loose", ""),)),
    Harness("G8", "forged callbacks let in", "webhooks.py", ("deliveries", "accepted", "false_accepts", "false_refusals", "unhandled", "controls")),
    Harness("G9", "appearances of a canary token and of a signed link's query", "canaries.py",
            ("surfaces", "texts", "appearances", "control_found_on")),
    Harness("G11", "hostile pictures: the most memory and time of one", "images.py",
            ("files", "peak_mb", "cpu_s", "control_peak_mb", "control_accepts_half_jpeg")),
    Harness("G11", "memory of a 300 MB download", "download_memory.py", ("peak_mb", "control_peak_mb")),
    Harness("G12", "Ctrl-C in a real kernel until it is free", "interrupts.py",
            ("interrupts", "p50_ms", "p99_ms", "jobs", "control_ms")),
    Harness("G13", "overrun of a total deadline by slow servers", "slowloris.py", ("requests", "over_ms_p50", "over_ms_p100", "controls_held_up")),
    Harness("G14", "jobs claimed twice, budgets passed, by four kernels", "claims.py", ("claims", "double", "reservations", "overspent", "controls")),
    Harness("G15", "requests in a full outage over those due anyway", "outage.py", ("ratios",), (("--jobs 100 --control ten_tries", ""),)),
    Harness("G16", "a journal of 100,000 jobs opened and listed", "rows.py", ("rows", "megabytes", "client_s", "open_s", "page_s", "waited_s", "controls")),
)


def main() -> int:
    """Run, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--only", nargs="+", default=[], metavar="GOAL")
    parser.add_argument("--write-docs", action="store_true")
    options = parser.parse_args()
    held, new = True, {}
    for harness in HARNESSES:
        if options.only and harness.goal not in options.only:
            continue
        found, seconds = run(harness.command)
        caught = [not_ok(run(f"{harness.command} {arguments}")[0], figure) for arguments, figure in harness.controls]
        held &= bool(found.get("ok")) and all(caught)
        new[harness.command] = {"command": harness.command, "seconds": round(seconds), "caught": caught, "on": machine(), **found}
    if options.write_docs:
        write(new)
    return 0 if held else 1


def machine() -> str:
    """What it ran on, and beside what."""
    load = os.getloadavg()[0]
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, load {load:.1f}, {time.strftime('%Y-%m-%d', time.gmtime())}"


def run(command: str) -> tuple[dict[str, Any], float]:
    """One harness; returns its figures and the seconds it took, and prints its line."""
    begun = time.monotonic()
    done = subprocess.run([sys.executable, *command.split()], cwd=HERE, capture_output=True, text=True, check=False)
    seconds = time.monotonic() - begun
    lines = [line for line in done.stdout.splitlines() if line.startswith("{")]
    found: dict[str, Any] = json.loads(lines[-1]) if lines else {"ok": False, "stderr": done.stderr[-2000:]}
    found.setdefault("ok", done.returncode == 0)
    print(json.dumps({"command": command, **found}), flush=True)
    return found, seconds


def not_ok(found: dict[str, Any], figure: str) -> bool:
    """Whether a bad client was caught: by that figure, or by the verdict as a whole."""
    return bool(found.get(figure)) if figure else not found.get("ok")


def write(new: dict[str, dict[str, Any]]) -> None:
    """Keep the newest line of each harness, and make the page's table from all that are kept."""
    lines = KEPT.read_text(encoding="utf-8").splitlines() if KEPT.exists() else []
    kept = {found["command"]: found for found in map(json.loads, lines)} | new
    KEPT.write_text("".join(json.dumps(kept[each.command]) + "\n" for each in HARNESSES if each.command in kept), encoding="utf-8")
    table = ["| goal | what | held | figures | bad clients caught | s |", "|---|---|---|---|---|---|"]
    for harness in HARNESSES:
        if (found := kept.get(harness.command)) is None:
            continue
        figures = " · ".join(f"{name} {short(found[name])}" for name in harness.shown if name in found)
        caught = found["caught"]
        beside = f"{sum(caught)} of {len(caught)}" if caught else "in the figures"
        held = "yes" if found.get("ok") else "NO"
        table.append(f"| {harness.goal} | {harness.promise} | {held} | {figures} | {beside} | {found['seconds']} |")
    ran = "; ".join(sorted({found["on"] for found in kept.values()}))
    text = PAGE.read_text(encoding="utf-8")
    front, _, rest = text.partition(BEGIN)
    PAGE.write_text(f"{front}{BEGIN}\n\nRan on: {ran}.\n\n" + "\n".join(table) + f"\n\n{END}{rest.partition(END)[2]}", encoding="utf-8")


def short(value: object) -> str:
    """A figure for one cell of a table."""
    if isinstance(value, dict):
        return "; ".join(f"{name} {short(inner)}" for name, inner in value.items())
    if isinstance(value, list):
        return ", ".join(short(inner) for inner in value)
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else str(value)


if __name__ == "__main__":
    sys.exit(main())
