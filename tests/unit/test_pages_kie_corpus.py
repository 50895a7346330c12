"""Kie's saved pages, as they lie in the corpus beside this checkout: every one read, and the same model read the same."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from ipydarkroom.fields import UNSET
from ipydarkroom.models import Model
from ipydarkroom.pages import Page, read_page
from ipydarkroom.panel.model import PanelModel
from ipydarkroom.schema import payload, read_schema
from kie_page_writer import LAYOUTS, apidog, markdown_page, mintlify, shown_by_mintlify

SHARED = Path(__file__).parents[3] / "shared"
CORPUS = SHARED / "corpus" / "kie"
SAVED = sorted([*CORPUS.glob("*.txt"), *(SHARED / "seeds").glob("003*.txt")])
BESIDE = [path for path in SAVED if path.with_name(path.stem + ".schema.json").is_file()]
IN_WORDS = [path for path in SAVED if "--handmd" in path.name or "--playground" in path.name or path.parent.name == "seeds"]
DIALECTS = {  # two of the hand-made pages are Chinese copies of the form of autumn 2025
    "apidog": {"kie-apidog"}, "mintlify": {"kie-mintlify"}, "handmd": {"kie-markdown", "kie-playground"}, "playground": {"kie-playground"},
}

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus does not lie beside this checkout")


def named(paths: list[Path]) -> list[Any]:
    """One case for each file, called by its name."""
    return [pytest.param(path, id=path.stem) for path in paths]


@cache
def page(path: Path) -> Page:
    """A saved page, read once."""
    return read_page(path.read_text(encoding="utf-8"))


@cache
def catalog() -> list[dict[str, Any]]:
    """The input schemas of August 2026, by model."""
    return json.loads((CORPUS / "catalog.json").read_text(encoding="utf-8"))["pages"]


def manifest() -> list[dict[str, Any]]:
    """What the corpus says of its files."""
    return json.loads((CORPUS / "MANIFEST.json").read_text(encoding="utf-8"))["files"] if CORPUS.is_dir() else []


@pytest.mark.parametrize("path", named(BESIDE))
def test_a_page_with_a_schema_beside_it_is_that_schema(path):
    """Word for word."""
    assert json.loads(path.with_name(path.stem + ".schema.json").read_text(encoding="utf-8")) == page(path).schema


@pytest.mark.parametrize("entry", [pytest.param(entry, id=entry["file"]) for entry in manifest()])
def test_a_page_is_of_its_dialect_and_names_its_model(entry):
    """The id is the request's; one page of the corpus lists another model than its request orders."""
    found = page(CORPUS / entry["file"])
    contradicted = [note.was for note in found.notes if note.rule == "model_contradicted"]
    assert found.dialect in DIALECTS[entry["dialect"]]
    assert entry["model"] == (contradicted[0] if contradicted else found.model)
    assert found.language.startswith(entry["lang"])
    assert found.title


@pytest.mark.parametrize("path", named(SAVED))
def test_an_untouched_form_adds_no_key_and_changes_no_default(path):
    """It sends the required fields that have a default, as the page writes it; a demonstration is shown, not sent."""
    model = Model.from_page(path)
    properties, required = model.schema["properties"], model.schema.get("required", [])
    expected = {name: properties[name]["default"] for name in properties if name in required and "default" in properties[name]}
    demos = {name for name in expected if model.field(name).default is UNSET}

    assert {name: default for name, default in expected.items() if name not in demos} == PanelModel(model).value
    assert all(model.sample[name] == expected[name] for name in demos)


@pytest.mark.parametrize("path", named(SAVED))
def test_a_pages_own_example_round_trips(path):
    """What the request says is sent as it says it, through the form and without it."""
    model = Model.from_page(path)
    panel = PanelModel(model)
    untouched = panel.value
    panel.value = page(path).sample

    assert {**untouched, **page(path).sample} == panel.value
    assert json.dumps(page(path).sample, sort_keys=True) == json.dumps(payload(model.root, model.rules, page(path).sample), sort_keys=True)


# --- pages in words against the schemas of the same models


def twins(path: Path) -> list[dict[str, Any]]:
    """Schemas of the same model: other pages of the corpus, and the catalog's."""
    model = page(path).model
    beside = [dict(page(other).schema) for other in BESIDE if page(other).model == model]
    return beside + [entry["input_schema"] for entry in catalog() if entry["model"] == model]


def said_by(schema: dict[str, Any]) -> dict[str, tuple[Any, ...]]:
    """What two pages of one model should agree on: kind, and the kind of a list's items."""
    return {
        name.strip(): (part.get("type"), part.get("items", {}).get("type") if isinstance(part.get("items"), dict) else None)
        for name, part in schema.get("properties", {}).items()
    }


LIMITS = ("maxLength", "minimum", "maximum", "multipleOf", "maxItems")
PAIRS = ["grok-imagine-text-to-image", "ideogram-character", "ideogram-character-remix", "seedream-4_5-edit", "z-image"]


@pytest.mark.parametrize("stem", PAIRS)
def test_words_and_schema_of_one_model_agree(stem):
    """Names, kinds, values, required marks, limits: what the words say, the schema says too."""
    words = page(CORPUS / f"{stem}--handmd.zh.txt").schema
    twin = page(CORPUS / f"{stem}--apidog.zh.txt").schema
    shared = words["properties"].keys() & twin["properties"].keys()

    assert set(words["properties"]) == shared
    assert {name for name in twin["properties"] if name not in shared} <= {"nsfw_checker", "enable_pro"}  # newer than the words
    assert sorted(words["required"]) == sorted(name for name in twin.get("required", []) if name in shared)
    mine, theirs = said_by(words), said_by(twin)
    for name in shared:
        one, other = words["properties"][name], twin["properties"][name]
        assert mine[name] == theirs[name], name
        assert set(one.get("enum", [])) <= set(other.get("enum", [])) or not other.get("enum"), name
        assert all(one[word] == other[word] for word in LIMITS if word in one and word in other), name


@pytest.mark.parametrize("path", named(IN_WORDS))
def test_a_page_in_words_is_about_the_same_inputs_as_the_catalog(path):
    """A year lies between some of them; most names are still there, of the same kind."""
    found = page(path)
    if not found.schema["properties"]:
        assert "fields_unlisted" == found.notes[0].rule
        return
    for twin in twins(path):
        mine, theirs = said_by(dict(found.schema)), said_by(twin)
        same = {name for name in mine if theirs.get(name) == mine[name]}
        assert len(same) * 2 >= len(mine), (mine, theirs)


@pytest.mark.parametrize("path", named(IN_WORDS))
def test_a_page_in_words_says_something_of_every_input(path):
    """Each field has a kind the form can draw, and words or an example."""
    fields = read_schema(page(path).schema).fields
    assert all(field.kind != "any" for field in fields)
    assert all(part.get("description") or part.get("examples") or part.get("enum") for part in page(path).schema["properties"].values())


def test_the_seed_page_is_the_bundled_model():
    """The page that the bundled entry was written from by hand."""
    from ipydarkroom.catalog import find

    seed = next(path for path in SAVED if path.parent.name == "seeds")
    mine = {name: {key: value for key, value in part.items() if key not in ("description", "examples")} for name, part in page(seed).schema["properties"].items()}
    bundled = find("kie:ideogram/v3-reframe").schema
    assert (bundled["properties"], bundled["required"]) == (mine, page(seed).schema["required"])


# --- the catalog's schemas, written as pages and read again


WRITERS = {"apidog": apidog, "mintlify": mintlify}


@pytest.mark.parametrize("write", WRITERS)
def test_every_schema_of_the_catalog_is_read_from_a_page_of_it(write):
    """69 schemas, roots with branches and names with blanks included."""
    for entry in catalog():
        example = entry["example"] if isinstance(entry["example"], dict) else {}
        found = read_page(WRITERS[write](entry["model"], entry["input_schema"], example.get("input") or {}))
        assert (entry["model"], entry["input_schema"]) == (found.model, found.schema), entry["model"]


@pytest.mark.parametrize("layout", [*LAYOUTS, "shown"])
def test_every_schema_of_the_catalog_is_read_from_words(layout):
    """Names, kinds, values and required marks of whatever stands at a schema's root; nested objects and lists too."""
    for entry in catalog():
        schema = entry["input_schema"]
        example = entry["example"] if isinstance(entry["example"], dict) else {}
        sample = {name: value for name, value in (example.get("input") or {}).items() if name in schema.get("properties", {})}
        if not schema.get("properties"):
            continue
        text = shown_by_mintlify(entry["model"], schema, sample) if layout == "shown" else markdown_page(entry["model"], schema, sample, layout=layout)
        found = read_page(text).schema
        assert said_by(schema) == said_by(dict(found)), entry["model"]
        assert {name.strip() for name in schema.get("required", [])} == set(found.get("required", [])), entry["model"]
        for name, part in schema["properties"].items():
            assert part.get("enum") == found["properties"][name.strip()].get("enum"), (entry["model"], name)
