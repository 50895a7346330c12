"""Our client beside fal-client, replicate and bare loops: one JSON line per figure, tables at the end.

    python benchmarks/clients.py                  # everything, about a quarter of an hour on two cores
    python benchmarks/clients.py --quick          # a small dose, under 90 s
    python benchmarks/clients.py --only late import
    python benchmarks/clients.py --table          # Markdown tables after the figures
    python benchmarks/clients.py --write-docs     # and into docs/benchmarks.md

Each client talks to a server that speaks its own protocol, on loopback, in a process of its own; each measurement is a
fresh process. The peers live in benchmarks/.peers-venv, made on the first run from peers.txt. Ends with an error where
ours doubled an order or lost a job, and where the measurement itself proves nothing: a control that was not caught, or
too few faults.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import peers_environment
import sections
from sections import FULL, QUICK, Dose, Figure
from tables import tables, write_docs

_PAGE = Path(__file__).parents[1] / "docs" / "benchmarks.md"
_SECTIONS = ("lost", "reads", "late", "cpu", "import")


def main() -> int:
    """Measure, print, and say by the exit code whether it can be believed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a small dose")
    parser.add_argument("--only", nargs="+", choices=_SECTIONS, default=_SECTIONS, help="these measurements only")
    parser.add_argument("--seed", type=int, default=7, help="lengths of jobs and chance of faults")
    parser.add_argument("--table", action="store_true", help="print Markdown tables at the end")
    parser.add_argument("--write-docs", action="store_true", help="put the tables into docs/benchmarks.md")
    chosen = parser.parse_args()
    peers_environment.make()
    began, dose = time.monotonic(), QUICK if chosen.quick else FULL
    figures: list[Figure] = []
    for figure in _measured(dose, chosen.seed, chosen.only):
        print(json.dumps(figure), flush=True)
        figures.append(figure)
    surroundings = _surroundings(figures, chosen.seed, time.monotonic() - began, quick=chosen.quick)
    print(json.dumps(surroundings))
    texts = tables(figures)
    if chosen.table:
        print(*(f"\n### {name}\n\n{text}" for name, text in texts.items()), sep="\n")
    if chosen.write_docs:
        write_docs(_PAGE, {"surroundings": _sentence(surroundings), **texts})
    complaints = _complaints(figures, dose)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


def _measured(dose: Dose, seed: int, only: Sequence[str]) -> Iterator[Figure]:
    """The sections in an order in which none disturbs another.

    Clients that sleep half a minute between tries start first; when times are measured, sleeping is all they do.
    """
    with ThreadPoolExecutor(6) as pool:
        lost = list(sections.lost_answers(dose, seed, pool)) if "lost" in only else []
        if "reads" in only:
            yield from sections.bad_reads(dose, seed)
        if "late" in only:
            yield from sections.late(dose, seed)
        if "cpu" in only:
            yield sections.disk()
            yield from sections.processor(dose, seed)
        if "import" in only:
            yield from sections.imports(dose)
        for future in lost:
            yield future.result()


def _complaints(figures: Sequence[Figure], dose: Dose) -> list[str]:
    """What must not be, of our client and of the measurement."""
    found = [f"{f['title']}, {f['figure']}: {f['broke']}" for f in figures if "broke" in f]
    sound = [figure for figure in figures if "broke" not in figure and "client" in figure]
    for f in sound:
        ours = f["client"].startswith("ours")
        if f["figure"] == "posts per lost answer":
            if f["faults"] < f["calls"]:
                found.append(f"{f['title']}, {f['case']}: only {f['faults']} answers were lost")
            if ours and f["most"] != 1:
                found.append(f"{f['title']} sent {f['most']} POSTs for one order ({f['case']})")
            if f["client"] == "control" and f["most"] < 2:
                found.append(f"the control that retries its POST was not caught ({f['case']})")
        elif f["figure"] == "lost at 2 % bad reads":
            if f["injected"] < dose.least_faults and f["client"] != "replicate-run":  # it never reads a status
                found.append(f"{f['title']} met only {f['injected']} bad reads")
            if ours and f["lost"]:
                found.append(f"{f['title']} lost {f['lost']} jobs: {f['told']}")
            if f["client"] == "bare-httpx" and not f["lost"]:
                found.append("the bare loop lost nothing at 2 % bad reads, so the faults prove nothing")
        elif ours and f.get("lost"):
            found.append(f"{f['title']} lost {f['lost']} jobs ({f['figure']}): {f.get('told')}")
    return found


def _surroundings(figures: Sequence[Figure], seed: int, seconds: float, *, quick: bool) -> Figure:
    versions = {name: number for figure in figures for name, number in figure.get("versions", {}).items()}
    disk = next((figure for figure in figures if figure["figure"] == "disk"), {})
    return {
        "figure": "surroundings", "fsync_p50_ms": disk.get("fsync_p50_ms"), "python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(), "versions": versions, "seed": seed, "quick": quick, "seconds": round(seconds),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def _sentence(said: Figure) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in sorted(said["versions"].items()))
    dose = "a small dose (`--quick`)" if said["quick"] else "the full dose"
    return (
        f"Measured on {said['date']}: {dose}, seed {said['seed']}, {said['seconds']} s in all; Python {said['python']}, "
        f"{said['system']}, {said['cores']} cores, fsync {said['fsync_p50_ms']} ms; {versions}."
    )


if __name__ == "__main__":
    sys.exit(main())
