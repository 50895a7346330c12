"""The scores in the docs are those of this checkout."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def scores(name: str = "schema_scores"):
    """A script that counts, as a module."""
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = sys.modules[name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_page_on_schemas_has_the_scores_of_today():
    """Never typed by a hand: `scripts/schema_scores.py --write-docs` renews them."""
    script = scores()
    found, counts = script.suite_scores(), script.corpus_scores()
    if not found or not counts:
        pytest.skip("the test suite and the published schemas do not lie beside this checkout")

    text = script.PAGE.read_text(encoding="utf-8")

    assert text == script.page_with(text, script.block(found, counts))


def test_the_page_on_pages_has_the_scores_of_today():
    """`scripts/scores.py --write-docs` renews them."""
    script = scores("scores")
    if not script.SHARED.is_dir():
        pytest.skip("the saved pages do not lie beside this checkout")

    text = (ROOT / "docs" / "pages.md").read_text(encoding="utf-8")

    assert text == script.paged(text)


def test_every_case_of_a_claimed_keyword_passes():
    """What is claimed is kept, case by case; and little is left unclaimed."""
    script = scores()
    found = script.suite_scores()
    if not found:
        pytest.skip("the test suite does not lie beside this checkout")

    assert [] == [f"{file}: {wrong}" for file, one in found.items() for wrong in one.wrong]
    assert sum(one.claimed for one in found.values()) > 1500
    for word in set(script.CLAIMED) & found.keys():
        assert found[word].claimed, word


def test_the_page_on_forms_has_the_table_of_today():
    """`scripts/form_table.py --write-docs` renews it from the list that the tests run."""
    script = scores("form_table")
    text = script.PAGE.read_text(encoding="utf-8")

    assert text == script.page_with(text)
