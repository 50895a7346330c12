"""How a comparison is told: names, prices, values, and what became of each."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from ipydarkroom.budget import Estimate
from ipydarkroom.catalog import find
from ipydarkroom.comparing import CHANGED, DROPPED, Carried, common_inputs, given, plan
from ipydarkroom.comparison import form_model, mapping_html, price_text, shop_names
from ipydarkroom.comparison.words import fate_text, paid_text, value_text
from ipydarkroom.fields import UNSET
from ipydarkroom.jobs import JobRecord
from ipydarkroom.languages import LANGUAGES
from ipydarkroom.models import Model
from ipydarkroom.testing import tiny_png
from ipydarkroom.wire import Blob

WIDE = find("ideogram/ideogram-v3/reframe")
KIE = find("kie:ideogram/v3-reframe")
SEEDREAM = find("bytedance/seedream-5/lite/text-to-image")
DREAMINA = find("bytedance/dreamina-4-0/text-to-image")
HOSTED = JobRecord("1", "kie", "https://api.kie.ai", "remote", "a", {})


@pytest.mark.parametrize(("models", "names"), [
    ((WIDE, KIE), ("RunComfy", "Kie.ai")),
    ((SEEDREAM, DREAMINA), ("Seedream 5 lite", "Dreamina 4.0")),
    ((SEEDREAM, DREAMINA, KIE), ("Seedream 5 lite", "Dreamina 4.0", "Ideogram 3 on Kie")),
    ((Model("a/x", "kie", (), title="One"), Model("b/x", "kie", (), title="One")), ("a/x", "b/x")),
    ((Model("a", "kie", (), title="One"), Model("a", "runcomfy", (), title="One"), Model("b", "kie", (), title="One")), ("kie:a", "runcomfy:a", "kie:b")),
    ((Model("a", None, ()), Model("b", None, ())), ("a", "b")),
])
def test_no_two_models_are_called_alike(models, names):
    """By the shop where all differ, else by what they are, else by their ids."""
    assert names == shop_names(models, "en")


@pytest.mark.parametrize(("most", "local", "said"), [
    (Estimate(1, 0.03), False, "≤ $0.03"), (Estimate(1), False, "price not known"),
    (Estimate(1, 0.03), True, "Kie.ai would take $0.03 at most"), (Estimate(1), True, ""),
])
def test_what_an_order_may_cost(most, local, said):
    """What nobody knows is said to be unknown, and never to be nothing."""
    assert said == price_text(KIE, most, local=local, language="en")


@pytest.mark.parametrize(("news", "said"), [
    ({"cost": 3.5, "usd": 0.0175}, "$0.0175"), ({"cost": 3.5}, "cost 3.5, as Kie.ai counts"), ({"cost": 12_500.0}, "cost 12,500, as Kie.ai counts"), ({"usd": 0.02}, "≤ $0.02"), ({}, "price not known"),
    ({"backend": "local-process", "usd": 0.0}, "free, drawn on this machine"),
])
def test_what_an_order_did_cost(news, said):
    """What the provider said, else what was reserved."""
    assert said == paid_text(dataclasses.replace(HOSTED, **news), "en")


def test_values_are_told_without_folders_queries_or_bytes():
    """A file by its name; a link without what may be a key."""
    from PIL import Image

    picture = Image.new("RGB", (6, 4))
    said = [value_text(each) for each in (
        Path("/home/me/fox.png"), Blob(b"abc", "owl.png", "image/png"), tiny_png(), picture, ["a", 2],
        "https://a.example/x.png?key=canary", {"a": 1}, UNSET, True,
    )]

    assert ["fox.png", "owl.png", f"{len(tiny_png())} B", "6 × 4", "a, 2", "https://a.example/x.png?…", '{"a": 1}', "", "true"] == said
    picture.filename = "/home/me/cat.png"
    assert "cat.png" == value_text(picture)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("fate", sorted(CHANGED | DROPPED | {"own", "written"}))
def test_everything_that_happens_to_a_value_is_a_sentence(fate, language):
    """In each language; only what goes as it is needs no word."""
    said = fate_text(Carried("x", fate, 1, "x", 2, 6), language)

    assert said
    assert "compare." not in said
    assert "" == fate_text(Carried("x", "same", 1, "x", 1), language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_form_and_the_table_speak_the_readers_language(language):
    """Titles are those of the models' own panels; choices too."""
    models = (WIDE, KIE)
    commons, values = given(common_inputs(models), {"image": "https://a.example/x.png", "resolution": "1536:640 (12:5)"})
    form = form_model(models, commons, language)
    table = mapping_html(plan(models, commons, values), commons, language)

    assert ("New frame" in {field.title for field in form.fields}) == (language == "en")
    assert ("New frame" in table) == (language == "en")
    assert "turbo" == next(field for field in form.fields if field.name == "rendering_speed").choices[0].label or language != "en"
    assert "landscape_16_9" in table


def test_a_table_row_has_a_cell_for_each_model():
    """A reader of the page by ear hears the model with each cell."""
    models = (WIDE, KIE)
    commons, values = given(common_inputs(models), {"image": "https://a.example/x.png"})
    table = mapping_html(plan(models, commons, values), commons, "en")
    rows = table.split("<tr>")[2:]

    assert rows
    assert all((1, 2) == (row.count('scope="row"'), row.count("<td")) for row in rows)
    assert 3 == table.count('scope="col"')
