"""Our forms beside ipyautoui, ipywidgets-jsonschema and forms written by hand: one JSON line per figure, tables at the end.

    python benchmarks/forms.py                  # everything, some ten minutes on two cores
    python benchmarks/forms.py --quick          # a small dose, two minutes
    python benchmarks/forms.py --only form      # without the browser
    python benchmarks/forms.py --write-docs     # and into docs/benchmarks.md

Each maker runs in a process of its own; the peers in benchmarks/.form-peers-venv, made on the first run from form_peers.txt,
which pins our ipywidgets. Ends with an error where a form of ours leaves a widget behind, or cannot be made at all.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

import peers_environment
from cells import HERE, surroundings
from form_paint import paints
from form_schemas import generated, one_change, reframe, values_for
from form_tables import form_tables
from tables import write_docs

_PAGE = HERE.parent / "docs" / "benchmarks.md"
_SIZES = (12, 100, 300)
_SECTIONS = ("form", "paint", "import")
_MAKERS = (
    {"key": "panel", "title": "**ipydarkroom**, `Panel`", "script": "darkroom_panel", "ours": True},
    {"key": "form", "title": "**ipydarkroom**, `Form`", "script": "darkroom_form", "ours": True},
    {"key": "jsonschema", "title": "ipywidgets-jsonschema", "script": "widgets_jsonschema", "ours": False},
    {"key": "autoui", "title": "ipyautoui", "script": "autoui", "ours": False},
    {"key": "hand", "title": "by hand", "script": "by_hand", "ours": False},
    {"key": "hand-shared", "title": "by hand, one Layout and one style per kind", "script": "by_hand_shared", "ours": False},
)
_PAINTED = ("panel", "form", "jsonschema", "hand", "hand-shared")
_IMPORTS = (
    ("ipywidgets alone", "import ipywidgets", False),
    ("**ipydarkroom**, its panels", "import ipydarkroom; ipydarkroom.Panel", True),
    ("ipywidgets-jsonschema", "import ipywidgets_jsonschema", False),
    ("ipyautoui", "import ipyautoui", False),
)
Figure = dict[str, Any]


def main() -> int:
    """Measure, print, and say by the exit code whether ours is as it must be."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, and no form of 300 fields")
    parser.add_argument("--only", nargs="+", choices=_SECTIONS, default=_SECTIONS, help="these measurements only")
    parser.add_argument("--table", action="store_true", help="print Markdown tables at the end")
    parser.add_argument("--write-docs", action="store_true", help="put the tables into docs/benchmarks.md")
    chosen = parser.parse_args()
    peers = peers_environment.make("form_peers")
    began, figures = time.monotonic(), []
    for figure in _measured(peers, chosen.only, quick=chosen.quick):
        print(json.dumps(figure), flush=True)
        figures.append(figure)
    said = _surroundings(figures, time.monotonic() - began, quick=chosen.quick)
    print(json.dumps(said))
    texts = form_tables(figures)
    if chosen.table:
        print(*(f"\n### {name}\n\n{text}" for name, text in texts.items()), sep="\n")
    if chosen.write_docs:
        write_docs(_PAGE, {"form surroundings": _sentence(said), **texts})
    complaints = [f"{f['title']}, {f['form']}: {f.get('broke') or str(f['left']) + ' models left'}" for f in figures if _is_wrong(f)]
    print(*complaints, sep="\n", end="\n" if complaints else "", file=sys.stderr)
    return 1 if complaints else 0


def _measured(peers: Path, only: Sequence[str], *, quick: bool) -> Iterator[Figure]:
    cases = [
        {"name": name, "schema": schema, "values": values_for(schema), "change": one_change(schema)}
        for name, schema in _schemas(_SIZES[:2] if quick else _SIZES)
    ]
    makers = [maker for maker in _MAKERS if maker["key"] != "form" or _has_form()]
    if "form" in only:
        yield from _forms(makers, cases, peers, 3 if quick else 9)
    if "import" in only:
        yield from _imports(peers, 3 if quick else 7)
    if "paint" in only:
        painted = [maker for maker in makers if maker["key"] in _PAINTED]
        yield from paints(painted, [case for case in cases if case["name"] != "reframe"], peers, 2 if quick else 7)


def _schemas(sizes: Sequence[int]) -> Iterator[tuple[str, dict[str, Any]]]:
    yield "reframe", reframe()
    for size in sizes:
        yield str(size), generated(size)


def _has_form() -> bool:
    import ipydarkroom

    return "Form" in ipydarkroom.__all__


def _forms(makers: Sequence[dict[str, Any]], cases: Sequence[Figure], peers: Path, times: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for maker in makers:
            ours = maker["ours"]
            command = [sys.executable if ours else str(peers), str(HERE / "form_cell.py"), maker["script"], str(times)]
            env = surroundings(ours) | {"IPYDARKROOM_HOME": folder, "IPYDARKROOM_LOCAL": "1", "IPYDARKROOM_SPENDING": "off"}
            done = subprocess.run(command, check=False, capture_output=True, text=True, input=json.dumps(cases), env=env, timeout=1200)
            if done.returncode:
                raise SystemExit(f"{maker['key']} ended with {done.returncode}:\n{done.stderr[-2000:]}")
            for line in done.stdout.splitlines():
                if line.startswith('{"form": '):  # ipyautoui prints other things too
                    yield {"figure": "form", "maker": maker["key"], "title": maker["title"], "ours": ours, **json.loads(line)}


def _imports(peers: Path, times: int) -> Iterator[Figure]:
    """Fresh interpreters, by turns; the first turn only fills the byte-code caches."""
    took: dict[str, list[float]] = {title: [] for title, *_ in _IMPORTS}
    for turn in range(times + 1):
        for title, code, ours in _IMPORTS:
            with tempfile.TemporaryDirectory(prefix="bench-") as folder:
                timed = f"import time; began = time.perf_counter(); {code}; print('took', time.perf_counter() - began)"
                env = surroundings(ours) | {"IPYDARKROOM_HOME": folder, "IPYDARKROOM_LOCAL": "1"}
                python = sys.executable if ours else str(peers)
                said = subprocess.run([python, "-c", timed], check=True, capture_output=True, text=True, env=env).stdout
            if turn:
                took[title].append(float(said.rsplit("took ", 1)[1]))
    bare = statistics.median(took[_IMPORTS[0][0]])
    for title, code, _ in _IMPORTS:
        median = statistics.median(took[title])
        yield {"figure": "form import", "title": title, "code": code, "ms": round(1e3 * median, 1), "over_ms": round(1e3 * (median - bare), 1)}


def _is_wrong(f: Figure) -> bool:
    return bool(f.get("ours")) and ("broke" in f or f.get("left", 0) != 0)


def _surroundings(figures: Sequence[Figure], seconds: float, *, quick: bool) -> Figure:
    versions = {name: number for figure in figures for name, number in figure.get("versions", {}).items()}
    ours, theirs = version("ipywidgets"), versions.get("ipywidgets", version("ipywidgets"))
    if ours != theirs:
        raise SystemExit(f"We use ipywidgets {ours}, form_peers.txt pins {theirs}: they must be compared on one.")
    return {
        "figure": "form surroundings", "python": platform.python_version(), "system": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(), "versions": versions | {"jupyterlab": version("jupyterlab")}, "quick": quick, "seconds": round(seconds),
        "date": time.strftime("%Y-%m-%d", time.gmtime()),
    }


def _sentence(said: Figure) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in sorted(said["versions"].items()) if name != "ipydarkroom")
    dose = "a small dose (`--quick`)" if said["quick"] else "the full dose"
    return (
        f"Measured on {said['date']}: {dose}, {said['seconds']} s in all; Python {said['python']}, {said['system']}, "
        f"{said['cores']} cores; {versions}."
    )


if __name__ == "__main__":
    sys.exit(main())
