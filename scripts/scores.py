"""Print how much of the development material is read right: one line per score. Nothing fails here; the tests judge.

With `--write-docs` the scores of pages go into docs/pages.md; those of schemas are written by `schema_scores.py`.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"  # saved pages and suites, where they lie beside this checkout


def pages() -> Iterator[str]:
    """Documentation pages: whole ones read (and equal to the schema beside them), cut ones refused."""
    from ipydarkroom.errors import InputError
    from ipydarkroom.pages import read_page

    for folder in (SHARED / "seeds", SHARED / "corpus" / "runcomfy", SHARED / "corpus" / "kie"):
        texts = sorted(folder.glob("*.txt"))
        read, equal, beside, refused = 0, 0, 0, 0
        cut = [path for path in texts if "--excerpt" in path.name]
        for path in texts:
            try:
                page = read_page(path.read_text(encoding="utf-8"))
            except InputError as error:
                refused += path in cut and error.key == "error.page_cut"
                continue
            schema = path.with_name(path.stem + ".schema.json")
            read += path not in cut
            beside += schema.is_file()
            equal += schema.is_file() and json.loads(schema.read_text(encoding="utf-8")) == page.schema
        whole = len(texts) - len(cut)
        yield (
            f"pages in {folder.name}: {read} of {whole} read, {equal} of {beside} equal to the schema beside, "
            f"{refused} of {len(cut)} cut ones refused"
        )


def schemas() -> Iterator[str]:
    """The public test suite for what the checker claims, and published model schemas as forms."""
    sys.path.insert(0, str(ROOT / "scripts"))
    from schema_scores import lines

    yield from lines()


_PAGE = ROOT / "docs" / "pages.md"
_BEGIN, _END = "<!-- scores: written by scripts/scores.py -->", "<!-- end of scores -->"


def paged(text: str) -> str:
    """The page with the scores of today in it."""
    head, _, rest = text.partition(_BEGIN)
    listed = "\n".join(f"* {line}" for line in pages())
    return f"{head}{_BEGIN}\n{listed}\n{_END}{rest.partition(_END)[2]}"


SCORES: tuple[Callable[[], Iterator[str]], ...] = (pages, schemas)


def main() -> int:
    if not SHARED.is_dir():
        print("No scores: the saved pages do not lie beside this checkout.")
        return 0
    if "--write-docs" in sys.argv:
        _PAGE.write_text(paged(_PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    for score in SCORES:
        for line in score():
            print(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
