"""The figures of the forms as Markdown; see `tables`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from tables import table

__all__ = ["form_tables"]


def form_tables(figures: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """One Markdown text per section, by the name of its marker; sections without a figure are left out."""
    made = {"form": _forms, "form paint": _paints, "form import": _imports}
    by_name = {name: [figure for figure in figures if figure["figure"] == name] for name in made}
    return {f"{name}s": made[name](found) for name, found in by_name.items() if found}


def _forms(figures: Sequence[Mapping[str, Any]]) -> str:
    head = ["form", "models", "messages", "kB", "CPU ms", "wall ms", "models left after close", "messages of one value"]
    parts = []
    for form in dict.fromkeys(figure["form"] for figure in figures):
        rows = [_form_row(figure) for figure in figures if figure["form"] == form]
        parts.append(f"{_name(form)}\n\n{table(head, rows)}")
    return "\n\n".join(parts)


def _form_row(f: Mapping[str, Any]) -> list[str]:
    if "broke" in f:
        return [f["title"], f["broke"], *[""] * 6]
    return [
        f["title"], f"{f['models']:,}", f"{f['messages']:,}", f"{f['bytes'] / 1e3:,.1f}", f"{f['cpu_ms']:,.1f}",
        f"{f['wall_ms']:,.1f}", f"{f['left']:,}", "–" if f["set"] is None else str(f["set"]),
    ]


def _paints(figures: Sequence[Mapping[str, Any]]) -> str:
    forms = list(dict.fromkeys(figure["form"] for figure in figures))
    cells: dict[str, dict[str, str]] = {}
    for f in figures:
        told = f.get("broke") or f"{f['ms']:,} ({f['least_ms']:,}–{f['most_ms']:,})"
        cells.setdefault(f["title"], {})[f["form"]] = told
    return table(["form", *(f"{form} fields" for form in forms)], ([title, *(each.get(form, "") for form in forms)] for title, each in cells.items()))


def _imports(figures: Sequence[Mapping[str, Any]]) -> str:
    return table(["what", "ms", "over ipywidgets"], ([f["title"], f"{f['ms']:.0f}", f"{f['over_ms']:+.0f}"] for f in figures))


def _name(form: str) -> str:
    return "Reframe, 6 fields" if form == "reframe" else f"{form} fields, generated"
