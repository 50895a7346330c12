"""What a panel takes once a job has succeeded: one JSON line per figure, tables at the end.

    python benchmarks/panel.py                  # everything, about a quarter of an hour on two cores
    python benchmarks/panel.py --quick          # a small dose, about four minutes
    python benchmarks/panel.py --only painted saved
    python benchmarks/panel.py --table          # Markdown tables after the figures
    python benchmarks/panel.py --write-docs     # and into docs/benchmarks.md

Pictures come from a painter of fixed files of 0.3, 2 and 16 MB; each measurement is a fresh process. "Success" is when
the client learns it, and "painted" when the message with the picture is packed to leave the kernel (see
`panel_kernel.py`), or, in headless Chromium, when the page has loaded and drawn it. Between the two lie the download,
the proof that the file is whole, the thumbnail, and the panel's rhythm of four paints a second. Ends with an error where
a picture was not painted, where memory grows with pictures shown, where a gallery scrolls less smoothly than an empty box, or where a control
was not caught.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from cells import percentile, surroundings
from panel_tables import panel_tables
from tables import write_docs

_HERE = Path(__file__).parent
_PAGE = _HERE.parent / "docs" / "benchmarks.md"
_SECTIONS = ("painted", "chromium", "memory", "saved", "scroll", "sweep")
_SHOWN = 24  # the least number of newest pictures a panel shows at once; of more, some may wait on another page
_GROWTH_MB = 20.0  # between the first and the second hundred pictures: what a process breathes anyhow
_SMOOTH = 2.0  # times what an empty box takes from frame to frame
_SLOWED_MS = 50.0  # the least that a control with more work than that in each frame must show

Figure = dict[str, Any]


@dataclass(frozen=True)
class Dose:
    """How much is measured. `rounds` is by number of jobs at once; `mb` the weights of a picture's file."""

    rounds: Mapping[int, int]
    mb: tuple[float, ...]
    chromium: int
    pictures: int
    saved: tuple[int, ...]
    scrolled: int
    sweep: int


FULL = Dose({1: 20, 20: 3, 100: 1}, (0.3, 2.0, 16.0), chromium=11, pictures=200, saved=(0, 1, 20, 200), scrolled=200, sweep=500)
QUICK = Dose({1: 3, 20: 1}, (0.3, 2.0), chromium=3, pictures=20, saved=(0, 2), scrolled=60, sweep=20)


def main() -> int:
    """Measure, print, and say by the exit code whether it can be believed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a small dose")
    parser.add_argument("--only", nargs="+", choices=_SECTIONS, default=_SECTIONS, help="these measurements only")
    parser.add_argument("--table", action="store_true", help="print Markdown tables at the end")
    parser.add_argument("--write-docs", action="store_true", help="put the tables into docs/benchmarks.md")
    chosen = parser.parse_args()
    dose, began = QUICK if chosen.quick else FULL, time.monotonic()
    figures: list[Figure] = []
    for figure in _measured(dose, chosen.only):
        print(json.dumps(figure), flush=True)
        figures.append(figure)
    about = _surroundings(time.monotonic() - began, quick=chosen.quick)
    print(json.dumps(about))
    texts = panel_tables(figures)
    if chosen.table:
        print(*(f"\n### {name}\n\n{text}" for name, text in texts.items()), sep="\n")
    if chosen.write_docs:
        write_docs(_PAGE, {"panel: surroundings": _sentence(about), **texts})
    complaints = _complaints(figures)
    for complaint in complaints:
        print(complaint, file=sys.stderr)
    return 1 if complaints else 0


def _measured(dose: Dose, only: Sequence[str]) -> Iterator[Figure]:
    if "painted" in only:
        for jobs, rounds in dose.rounds.items():
            for mb in dose.mb:
                yield _painted(jobs, rounds, mb)
    if "chromium" in only:
        yield _chromium(dose.chromium)
    if "memory" in only:
        yield from _memory(dose.pictures)
    if "saved" in only:
        yield from _saved(dose.saved)
    if "scroll" in only:
        yield from _scroll(dose.scrolled)
    if "sweep" in only:
        yield from _sweep(dose.sweep)


def _painted(jobs: int, rounds: int, mb: float) -> Figure:
    """From success to the message with the picture, in process."""
    said = _child({"case": "painted", "jobs": jobs, "rounds": rounds, "mb": mb})
    late = [seconds for one in said["rounds"] for seconds in one["late"]]
    pictures = sum(one["succeeded"] for one in said["rounds"])
    each = {what: sum(one[what] for one in said["rounds"]) / max(1, pictures) for what in ("bytes", "messages", "cpu")}
    return {
        "figure": "panel: painted", "where": "kernel", "jobs": jobs, "mb": mb, "pictures": pictures, "painted": len(late),
        "p50": _rounded(percentile(late, 0.5)), "p95": _rounded(percentile(late, 0.95)),
        "wall": round(max(one["wall"] for one in said["rounds"]), 2), "cpu_ms": round(1e3 * each["cpu"], 1),
        "kilobytes": round(each["bytes"] / 1e3, 1), "messages": round(each["messages"], 1),
        "opened_kilobytes": round(said["opened"]["bytes"] / 1e3, 1), "opened_messages": said["opened"]["messages"],
    }


def _chromium(jobs: int, mb: float = 2.0) -> Figure:
    """From success to the picture on a page of JupyterLab, one job at a time."""
    from panel_fronts import in_chromium

    figure: Figure = {"figure": "panel: painted", "where": "JupyterLab in headless Chromium", "jobs": 1, "mb": mb}
    try:
        late = in_chromium(jobs, mb)
    except RuntimeError as error:
        return {**figure, "broke": str(error)}
    p50, p95 = _rounded(percentile(late, 0.5)), _rounded(percentile(late, 0.95))
    return {**figure, "pictures": len(late), "painted": len(late), "p50": p50, "p95": p95}


def _memory(pictures: int, mb: float = 2.0) -> Iterator[Figure]:
    """Of a kernel that shows so many pictures; of one without a panel; and of one that keeps every file in hand."""
    cases: tuple[tuple[str, Figure], ...] = (
        ("panel", {"panel": True}), ("client alone", {"panel": False}), ("control: every file kept in a list", {"panel": True, "hold": True}),
    )
    for title, case in cases:
        said = _child({"case": "memory", "jobs": pictures, "mb": mb, **case})
        start, half, end = said["mb"]
        yield {
            "figure": "panel: memory", "title": title, "pictures": pictures, "mb": mb, "start_mb": start,
            "first_half_mb": round(half - start, 1), "second_half_mb": round(end - half, 1), "widgets": said["widgets"],
        }


def _saved(counts: Sequence[int], mb: float = 2.0) -> Iterator[Figure]:
    """The file that is left behind; the last count once more, in two runs of the same cell."""
    from panel_fronts import saved_bytes

    for pictures, runs in (*((count, 1) for count in counts), (counts[-1], 2)):
        size = saved_bytes(pictures, mb, runs=runs)
        yield {"figure": "panel: saved", "pictures": pictures, "runs": runs, "mb": mb, "kilobytes": round(size / 1e3, 1)}


def _scroll(pictures: int) -> Iterator[Figure]:
    """From frame to frame while a gallery is scrolled, and its controls."""
    from panel_scroll import scrolled

    try:
        yield from scrolled(pictures)
    except RuntimeError as error:
        yield {"figure": "panel: scroll", "title": "the strip", "pictures": pictures, "broke": str(error)}


def _sweep(jobs: int, mb: float = 0.3) -> Iterator[Figure]:
    """A sweep of local jobs end to end, and the same cell run again."""
    for title, said in zip(("first run", "the same again"), _child({"case": "sweep", "jobs": jobs, "mb": mb})["rounds"], strict=True):
        yield {
            "figure": "panel: sweep", "title": title, "jobs": jobs, "mb": mb, "ordered": said["ordered"], "done": said["done"],
            "wall": round(said["wall"], 1), "cpu": round(said["cpu"], 1), "messages": said["messages"],
            "kilobytes": round(said["bytes"] / 1e3),
        }


def _child(task: Mapping[str, Any]) -> Any:
    """One case in a process and a folder of its own, without tokens."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        env = surroundings(ours=True) | {"IPYDARKROOM_HOME": folder, "IPYDARKROOM_LOCAL": "1", "IPYDARKROOM_SPENDING": "off"}
        command = [sys.executable, str(_HERE / "panel_kernel.py"), json.dumps(task)]
        done = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=1800, env=env)
    print(f"  {json.dumps(task)}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    return json.loads(done.stdout)


def _complaints(figures: Sequence[Figure]) -> list[str]:
    """What must not be, of the panel and of the measurement."""
    found = []
    for f in (figure for figure in figures if "broke" not in figure):
        if f["figure"] == "panel: painted" and f["jobs"] <= _SHOWN and f["painted"] < f["pictures"]:
            found.append(f"{f['pictures'] - f['painted']} of {f['pictures']} pictures were not painted ({f['jobs']} at once, {f['mb']} MB)")
        if f["figure"] == "panel: sweep" and (f["done"] < f["jobs"] or (f["ordered"] and f["title"] == "the same again")):
            found.append(f"a sweep of {f['jobs']}: {f['done']} done, {f['ordered']} ordered ({f['title']})")
        if f["figure"] == "panel: memory":
            control = f["title"].startswith("control")
            least = 0.4 * f["pictures"] * f["mb"]  # of the half that is compared, less what the process had free
            if control and f["second_half_mb"] < least:
                found.append("the control that keeps every file was not seen to grow, so the memory figures prove nothing")
            if not control and f["second_half_mb"] > _GROWTH_MB:
                found.append(f"{f['title']}: memory grew by {f['second_half_mb']} MB over the last {f['pictures'] // 2} pictures")
    return found + _jerks([figure for figure in figures if figure["figure"] == "panel: scroll" and "broke" not in figure])


def _jerks(figures: Sequence[Figure]) -> list[str]:
    """A gallery that does not scroll as the empty box beside it does, and a measurement that would not see it."""
    found = [f"{f['title']} was not scrolled: {f['places']} places in {f['frames']} frames" for f in figures if f["places"] < f["frames"] // 2]
    free = max((f["p95"] for f in figures if not f["pictures"]), default=0.0)
    for f in (figure for figure in figures if figure["pictures"]):
        if f["title"].startswith("control"):
            found += ["frames that were made to wait were not seen to be late"] if f["p50"] < _SLOWED_MS else []
        elif f["p95"] > _SMOOTH * free:
            found.append(f"{f['title']}: {f['p95']} ms from frame to frame (p95), where an empty box takes {free}")
    return found


def _surroundings(seconds: float, *, quick: bool) -> Figure:
    names = ("ipywidgets", "ipykernel", "jupyterlab", "pillow")
    return {
        "figure": "panel: surroundings", "python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(), "versions": {name: version(name) for name in names}, "quick": quick, "seconds": round(seconds),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def _sentence(said: Figure) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in sorted(said["versions"].items()))
    dose = "a small dose (`--quick`)" if said["quick"] else "the full dose"
    return (
        f"Measured on {said['date']}: {dose}, {said['seconds']} s in all; Python {said['python']}, {said['system']}, "
        f"{said['cores']} cores; {versions}."
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 3)


if __name__ == "__main__":
    sys.exit(main())
