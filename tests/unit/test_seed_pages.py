"""The bundled models against the documentation pages they came from, property by property."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from ipydarkroom.catalog import find

SEEDS = Path(__file__).parents[3] / "shared" / "seeds"
PAGES = {
    "000": "runcomfy:ideogram/ideogram-v3/reframe",
    "001": "runcomfy:ideogram/ideogram-v3/reframe",
    "002": "runcomfy:bytedance/dreamina-4-0/text-to-image",
    "004": "runcomfy:bytedance/seedream-5/lite/text-to-image",
}
WORDS = {"title", "description"}  # ours are in languages/, in our own words


def page(number: str) -> str:
    """The text of a seed page."""
    if not SEEDS.is_dir():
        pytest.skip("the seed pages do not lie beside this checkout")
    return next(SEEDS.glob(f"{number}_*")).read_text(encoding="utf-8")


def objects_in(text: str) -> Iterator[dict[str, object]]:
    """Every JSON object of a page, in order. Counting braces would fail: descriptions hold some."""
    decoder, at = json.JSONDecoder(), text.find("{")
    while at >= 0:
        try:
            found, end = decoder.raw_decode(text, at)
        except ValueError:
            end = at + 1
        else:
            yield found
        at = text.find("{", end)


def schema_in(text: str) -> dict[str, object]:
    """The input schema: the object with type and properties."""
    return next(found for found in objects_in(text) if found.get("type") == "object" and "properties" in found)


@pytest.mark.parametrize(("number", "model_id"), PAGES.items())
def test_a_runcomfy_model_is_its_page(number, model_id):
    """Names, order, types, enum values, bounds, defaults and required marks: verbatim."""
    text = page(number)
    model = find(model_id)
    theirs = schema_in(text)

    assert f"/v1/models/{model.id} " in text.replace("\\", " ")
    assert theirs["required"] == model.schema["required"]
    assert list(theirs["properties"]) == list(model.schema["properties"])
    for name, said in theirs["properties"].items():
        assert {key: value for key, value in said.items() if key not in WORDS} == model.schema["properties"][name], name


@pytest.mark.parametrize(("number", "model_id"), PAGES.items())
def test_the_form_offers_what_the_page_allows(number, model_id):
    """What was read is still there after normalising: every value in order, every bound, every required mark."""
    theirs = schema_in(page(number))
    model = find(model_id)

    for name, said in theirs["properties"].items():
        field = model.field(name)
        assert said.get("enum", []) == [choice.value for choice in field.choices]
        assert (name in theirs["required"]) == field.required
        bounds = (said.get("minimum"), said.get("maximum"), said.get("maxLength"))
        assert bounds == (field.minimum, field.maximum, field.max_length)
        default = model.sample.get(name, field.default)
        assert ("default" not in said) or said["default"] == default


def markdown_fields(text: str) -> dict[str, dict[str, object]]:
    """The inputs of the Kie page: a heading per field, then labelled lines."""
    found = {}
    for name, body in re.findall(r"^##### input\.(\w+)\n(.*?)(?=^#)", text, re.M | re.S):
        labels = dict(re.findall(r"^\*\s+\*\*(.+?):\*\*\s*(.+)$", body, re.M))
        found[name] = {
            "type": labels["类型"].strip("`"), "required": labels["必需"] == "是",
            "default": labels.get("默认值", "").strip("`") or None,
            "enum": re.findall(r"`([^`]+)`", labels.get("可用选项", "")),
        }
    return found


def test_the_kie_model_is_its_page():
    """The same for a page written as Markdown: numbers stay strings, and what it does not bound is not bounded."""
    theirs = markdown_fields(page("003"))
    model = find("kie:ideogram/v3-reframe")
    ours = model.schema["properties"]

    assert list(theirs) == list(ours)
    assert [name for name, said in theirs.items() if said["required"]] == model.schema["required"]
    for name, said in theirs.items():
        assert (said["enum"] or None, said["default"]) == (ours[name].get("enum"), ours[name].get("default")), name
        assert ours[name]["type"] in said["type"]
    assert "style_codes" in page("003")
    assert "10.0MB" in page("003")
    assert 10_000_000 == model.field("image_url").media.max_bytes
    assert ("image/jpeg", "image/png", "image/webp") == model.field("image_url").media.mimes
    assert (None, None) == (model.field("seed").minimum, model.field("seed").maximum)


def test_the_reframe_page_has_69_ratios():
    """The number people know this model by."""
    assert 69 == len(find("ideogram/ideogram-v3/reframe").field("resolution").choices)
