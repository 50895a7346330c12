"""Figures as Markdown: the tables that are printed, and that `docs/benchmarks.md` carries between its markers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

__all__ = ["seconds", "table", "tables", "write_docs"]

_CASES = {"drop": "connection dropped", "502 nginx": "502, nginx page", "502 json": "502, JSON"}


def tables(figures: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """One Markdown text per section, by the name of its marker."""
    made: dict[str, Callable[[Sequence[Mapping[str, Any]]], str]] = {
        "posts per lost answer": _lost, "lost at 2 % bad reads": _reads, "processor": _processor, "late": _late, "import": _imports,
    }
    by_name = {name: [figure for figure in figures if figure["figure"] == name] for name in made}
    return {name: made[name](found) for name, found in by_name.items() if found}


def write_docs(page: Path, texts: Mapping[str, str]) -> None:
    """Replace what stands between `<!-- begin: name -->` and `<!-- end: name -->` for every text.

    Raises:
        ValueError: The page has no such markers; nothing was written.
    """
    whole = page.read_text(encoding="utf-8")
    for name, text in texts.items():
        pattern = rf"(<!-- begin: {re.escape(name)} -->\n).*?(<!-- end: {re.escape(name)} -->)"
        whole, found = re.subn(pattern, lambda match, text=text: f"{match[1]}{text}\n{match[2]}", whole, flags=re.DOTALL)
        if found != 1:
            raise ValueError(f"{page} has {found} places for {name!r}")
    page.write_text(whole, encoding="utf-8")


def _lost(figures: Sequence[Mapping[str, Any]]) -> str:
    by_client: dict[str, dict[str, str]] = {}
    for figure in figures:
        by_client.setdefault(figure["title"], {})[figure["case"]] = figure.get("broke") or f"{figure['posts']:g}"
    rows = ([title, *(cells[case] for case in _CASES)] for title, cells in by_client.items())
    return table(["client", *_CASES.values()], rows)


def _reads(figures: Sequence[Mapping[str, Any]]) -> str:
    rows = (
        [f["title"], f["broke"], "", "", ""] if "broke" in f
        else [f["title"], f"{f['lost']} of {f['jobs']}", f"{f['share']:.1%}", f"{f['injected']} of {f['reads']}", _told(f["told"])]
        for f in figures
    )
    return table(["client", "jobs lost", "share", "bad reads met", "what its caller saw"], rows)


def _processor(figures: Sequence[Mapping[str, Any]]) -> str:
    by_client: dict[str, list[Mapping[str, Any]]] = {}
    for figure in figures:
        by_client.setdefault(figure["title"], []).append(figure)
    rows = [[title, *(cell for figure in found for cell in _processor_cells(figure))] for title, found in by_client.items()]
    head = ["client"]
    for what in ("", " with the picture"):
        head += [f"requests{what}", f"CPU ms/job{what}", "× bare loop", f"wall ms/job{what}"]
    return table(head, rows)


def _processor_cells(figure: Mapping[str, Any]) -> list[str]:
    if "broke" in figure:
        return [figure["broke"], "", "", ""]
    return [f"{figure['requests']:g}", f"{figure['cpu_ms']:.2f}", _times(figure["to_bare"]), f"{figure['wall_ms']:.2f}"]


def _late(figures: Sequence[Mapping[str, Any]]) -> str:
    parts = []
    for crowd, delay in dict.fromkeys((f["jobs"], f["delay_ms"]) for f in figures):
        chosen = [f for f in figures if (f["jobs"], f["delay_ms"]) == (crowd, delay)]
        name = "One job at a time" if crowd == 1 else f"{crowd:,} jobs at once"
        head = [
            "client", "late p50 s", "late p95 s", "in hand p95 s", "requests/job", "wall s", "CPU ms/job", "× bare loop", "memory MB", "lost",
        ]
        parts.append(f"{name}, {delay} ms before each answer\n\n{table(head, map(_late_row, chosen))}")
    return "\n\n".join(parts)


def _late_row(f: Mapping[str, Any]) -> list[str]:
    title = f["title"] + (f", {f['history']}" if f["history"] else "")
    if "broke" in f:
        return [title, f["broke"], *[""] * 8]
    return [
        title, seconds(f["p50"]), seconds(f["p95"]), seconds(f["hand_p95"]), f"{f['requests']:g}", f"{f['wall']:.1f}",
        f"{f['cpu_ms']:.1f}", _times(f["to_bare"]), f"{f['grown_mb']:+.1f}", str(f["lost"]),
    ]


def _imports(figures: Sequence[Mapping[str, Any]]) -> str:
    return table(["what", "ms"], ([f["title"], f"{f['ms']:.0f}"] for f in figures))


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table; its first column is left-aligned, all others are numbers."""
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _told(why: Mapping[str, int]) -> str:
    return ", ".join(f"{count} × `{name}`" for name, count in why.items()) or "–"


def _times(ratio: float | None) -> str:
    return "–" if ratio is None else f"{ratio:.2f}"


def seconds(value: float | None) -> str:
    """Two decimals, or a dash where nothing was measured."""
    return "–" if value is None else f"{value:.2f}"
