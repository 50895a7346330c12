"""Foreign material that lies beside this checkout: where it is, and how its pieces are read. Skips where it is absent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
SUITE = CORPUS / "json-schema-test-suite" / "tests" / "draft2020-12"


@dataclass(frozen=True)
class Published:
    """One published input schema, with the inputs of the requests its page shows."""

    name: str
    schema: dict[str, object]
    requests: tuple[dict[str, object], ...] = ()


def published() -> list[Published]:
    """Every model schema of the corpus: the files, and the entries of Kie's catalog; empty where there is no corpus."""
    found = [Published(path.name, json.loads(path.read_text(encoding="utf-8"))) for path in sorted(CORPUS.glob("*/*.schema.json"))]
    catalog = CORPUS / "kie" / "catalog.json"
    if catalog.is_file():
        pages = json.loads(catalog.read_text(encoding="utf-8"))["pages"]
        found += [Published(f"{page['model']}#{at}", page["input_schema"], tuple(_requests(page))) for at, page in enumerate(pages)]
    return found


def _requests(page: dict[str, object]) -> Iterator[dict[str, object]]:
    """The inputs of a page's requests; one of them is not even JSON."""
    said = [page.get("example"), *(one.get("value") for one in (page.get("examples") or {}).values())]
    for one in said:
        if isinstance(one, str):
            try:
                one = json.loads(one)
            except ValueError:
                continue
        if isinstance(one, dict) and isinstance(one.get("input"), dict):
            yield one["input"]


def suite() -> list[tuple[str, list[dict[str, object]]]]:
    """(file without its ending, its groups of cases) of the JSON Schema test suite."""
    files = sorted(SUITE.rglob("*.json"))
    return [(file.relative_to(SUITE).with_suffix("").as_posix(), json.loads(file.read_text(encoding="utf-8"))) for file in files]
