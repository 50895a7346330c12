"""The table of the page on forms: keyword -> control -> tested by, made from the list that the tests run.

`python scripts/form_table.py --write-docs` renews docs/forms.md.
"""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "forms.md"
START, END = "<!-- made by scripts/form_table.py -->", "<!-- end -->"
_RUNS = "test_form_features.py"
_WIDEST = 90


def features() -> ModuleType:
    """The list, as a module."""
    spec = importlib.util.spec_from_file_location("features", ROOT / "tests" / "unit" / "panel" / "features.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules["features"] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def table() -> str:
    """Both tables as Markdown: what is drawn, and what a form does besides."""
    found = features()
    lines = ["| keyword or kind | such as | control | tested by |", "|---|---|---|---|"]
    for each in found.FEATURES:
        such = json.dumps(each.part, ensure_ascii=False)
        such = such if len(such) <= _WIDEST else such[: _WIDEST - 1] + "…"
        cell = "`" + such.replace("|", "\\|") + "`"
        lines.append(f"| {each.name} | {cell} | `{each.control}` | {_tests(_RUNS, *each.also)} |")
    lines += ["", "| besides | how | tested by |", "|---|---|---|"]
    lines += [f"| {name} | {how} | {_tests(named)} |" for name, how, named in found.MORE]
    return "\n".join(lines)


def page_with(text: str) -> str:
    """The page with today's tables in it."""
    before, _, rest = text.partition(START)
    _, _, after = rest.partition(END)
    return f"{before}{START}\n\n{table()}\n\n{END}{after}"


def _tests(*names: str) -> str:
    return ", ".join(f"`{name.partition('::')[2] or name}`" for name in names)


if __name__ == "__main__":
    if "--write-docs" in sys.argv:
        PAGE.write_text(page_with(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(table())
