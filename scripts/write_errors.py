"""Write docs/errors.md from the error classes, the providers' tables and the English sentences; `--check` only compares."""

from __future__ import annotations

import inspect
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "src"))

from ipydarkroom import errors  # noqa: E402  # after the path is set
from ipydarkroom.errors import DarkroomError  # noqa: E402
from ipydarkroom.languages import say  # noqa: E402
from ipydarkroom.providers import providers  # noqa: E402

PAGE = ROOT / "docs" / "errors.md"
HEAD = """# Errors

Every error answers first: what did it cost me? `except dr.errors.Refused` takes all that are free by a provider's word, and
`except dr.errors.DarkroomError` takes all. Each has `.message`, `.next_step`, `.job` (or None) and `.key`; a panel says the same in English,
simplified and traditional Chinese, and Japanese. This page is written by `scripts/write_errors.py`.

## The classes

| class | is a | what it means | what to do |
|---|---|---|---|
"""
READ = """
## The providers' codes

One table for each provider, read for orders, looks and uploads alike. What it cost is added to each sentence: "Nothing was charged." or "It may
have been charged."

* *order*, what the code says about an order by itself: `refused` (there is no job), `later` (there is none, and the same order goes again),
  `unknown` (the HTTP status decides; where that is no refusal the order is `SubmitUncertain`: it may have been placed, and charged)
* *look*, what it says about a job that is asked about: `again`, `unseen` (not visible yet, or any more), `halt` (looking stops; the job goes on
  and may be charged), `failed` (the job has ended, and may be charged)
"""
CODES = """
### {title}

| code | error | order | look | sentence | what to do |
|---|---|---|---|---|---|
"""


def cell(text: str) -> str:
    """One line of a table."""
    return " ".join(text.replace("|", "\\|").split())


def page() -> str:
    """The whole page."""
    text = HEAD
    for name in sorted(errors.__all__, key=lambda name: (len(getattr(errors, name).__mro__), name)):
        found = getattr(errors, name)
        meaning = inspect.getdoc(found).split("\n\n")[0]
        todo = "" if found is DarkroomError else say(f"{found.key}.next", language="en", names="`runcomfy:…` or `kie:…`")
        text += f"| `{name}` | `{found.__mro__[1].__name__}` | {cell(meaning)} | {cell(todo)} |\n"
    text += READ
    for provider in (found for found in providers if found.codes):
        text += CODES.format(title=provider.title)
        for code, about in sorted(provider.codes.items()):
            key = f"error.{provider.name}.{code}"
            said, todo = say(key, language="en", message="*its message*", bill=""), say(f"{key}.next", language="en", page=provider.top_up_page)
            text += f"| {code} | `{about.kind}` | {about.order} | {about.look} | {cell(said)} | {cell(todo)} |\n"
    return text


if __name__ == "__main__":
    if "--check" in sys.argv:
        raise SystemExit(page() != PAGE.read_text(encoding="utf-8"))
    PAGE.write_text(page(), encoding="utf-8")
    print(f"{PAGE} is written.")
