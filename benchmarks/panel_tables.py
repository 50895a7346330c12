"""The panel's figures as Markdown, by the name of their marker in docs/benchmarks.md."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tables import seconds, table

__all__ = ["panel_tables"]

_Figures = Sequence[Mapping[str, Any]]


def panel_tables(figures: _Figures) -> dict[str, str]:
    """One text for each kind of figure that is there."""
    made: dict[str, Callable[[_Figures], str]] = {
        "panel: painted": _painted, "panel: memory": _memory, "panel: saved": _saved, "panel: scroll": _scroll, "panel: sweep": _sweep,
    }
    by_name = {name: [figure for figure in figures if figure["figure"] == name] for name in made}
    return {name: made[name](found) for name, found in by_name.items() if found}


def _painted(figures: _Figures) -> str:
    head = ["where", "jobs at once", "MB a file", "p50 s", "p95 s", "painted", "wall s", "CPU ms/picture", "kB over the comm/picture", "messages/picture"]
    return table(head, map(_painted_row, figures))


def _painted_row(f: Mapping[str, Any]) -> list[str]:
    begin = [f["where"], str(f["jobs"]), f"{f['mb']:g}"]
    if "broke" in f:
        return [*begin, f["broke"], *[""] * 6]
    rest = [f"{f[name]:g}" if name in f else "–" for name in ("wall", "cpu_ms", "kilobytes", "messages")]
    return [*begin, seconds(f["p50"]), seconds(f["p95"]), f"{f['painted']} of {f['pictures']}", *rest]


def _memory(figures: _Figures) -> str:
    head = ["kernel", "pictures", "MB a file", "MB before", "first half adds MB", "second half adds MB", "widget models at the end"]
    return table(head, (
        [f["title"], str(f["pictures"]), f"{f['mb']:g}", f"{f['start_mb']:.0f}", f"{f['first_half_mb']:+.1f}",
         f"{f['second_half_mb']:+.1f}", str(f["widgets"])]
        for f in figures
    ))  # fmt: skip


def _saved(figures: _Figures) -> str:
    rows = ([str(f["pictures"]), str(f["runs"]), f"{f['kilobytes']:,.0f}"] for f in figures)
    return table(["pictures", "in so many runs of the cell", "saved notebook kB"], rows)


def _scroll(figures: _Figures) -> str:
    head = ["what is scrolled", "pictures", "frames", "p50 ms", "p95 ms", "worst ms", "tasks above 50 ms", "longest ms"]
    return table(head, map(_scroll_row, figures))


def _scroll_row(f: Mapping[str, Any]) -> list[str]:
    if "broke" in f:
        return [f["title"], str(f["pictures"]), f["broke"], *[""] * 5]
    return [f["title"], str(f["pictures"]), str(f["frames"]), *(f"{f[name]:.1f}" for name in ("p50", "p95", "worst")), str(f["long_tasks"]), f"{f['longest']:.0f}"]


def _sweep(figures: _Figures) -> str:
    head = ["sweep", "places", "done", "orders", "wall s", "CPU s", "messages", "kB over the comm"]
    return table(head, (
        [f["title"], str(f["jobs"]), str(f["done"]), str(f["ordered"]), f"{f['wall']:g}", f"{f['cpu']:g}", f"{f['messages']:,}", f"{f['kilobytes']:,}"]
        for f in figures
    ))  # fmt: skip
