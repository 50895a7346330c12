"""The bundled models and how an id is found among them."""

from __future__ import annotations

import dataclasses
from importlib.resources import files

import pytest
from pydantic import ValidationError

from ipydarkroom.catalog import bundled, find
from ipydarkroom.catalog.entry import Entry
from ipydarkroom.errors import AmbiguousModel, ModelNotFound
from ipydarkroom.fields import UNSET


def test_four_models_are_bundled():
    """Three of RunComfy, one of Kie."""
    assert ["runcomfy", "runcomfy", "runcomfy", "kie"] == [model.provider for model in bundled()]


def test_a_provider_in_front_of_an_id_is_understood():
    """`kie:ideogram/v3-reframe` and the plain id are the same model."""
    assert find("kie:ideogram/v3-reframe") is find("ideogram/v3-reframe") is find("ideogram/v3-reframe", "kie")


def test_an_unknown_id_names_the_nearest():
    """Also where only the provider is wrong."""
    with pytest.raises(ModelNotFound, match="ideogram/ideogram-v3/reframe"):
        find("ideogram/ideogram-v3/refrane")
    with pytest.raises(ModelNotFound, match="at kie"):
        find("ideogram/ideogram-v3/reframe", "kie")


def test_an_id_of_two_providers_is_never_guessed():
    """Who is asked decides who bills; both ways of saying it help."""
    known = find("ideogram/v3-reframe")
    twin = dataclasses.replace(known, provider="runcomfy")

    with pytest.raises(AmbiguousModel, match="kie:ideogram/v3-reframe or runcomfy:ideogram/v3-reframe"):
        find("ideogram/v3-reframe", among=(known, twin))

    assert known is find("kie:ideogram/v3-reframe", among=(known, twin))
    assert twin is find("ideogram/v3-reframe", "runcomfy", among=(known, twin))


def test_a_word_of_an_id_is_near_enough_to_be_named():
    """Who types `seedream` meant the one model with that word in its id."""
    with pytest.raises(ModelNotFound) as caught:
        find("seedream")

    assert "bytedance/seedream-5/lite/text-to-image" == caught.value.params["near"]


def test_a_demo_prompt_is_a_sample_and_no_default():
    """The page ships its own prompt as a default; nobody pays for that picture by pressing Run."""
    model = find("bytedance/dreamina-4-0/text-to-image")

    assert UNSET is model.field("prompt").default
    assert model.sample["prompt"].startswith("A beautiful girl")


def test_an_entry_with_a_slip_of_the_pen_is_refused():
    """A catalog file is data that somebody types."""
    with pytest.raises(ValidationError):
        Entry.model_validate({"id": "a", "provider": "kie", "kind": "x", "source": "", "schema": {"properties": {}}, "hint": {}})


def test_assumed_sizes_are_marked_as_ours():
    """Kie names sizes without pixels: what we assume is written down."""
    field = find("ideogram/v3-reframe").field("image_size")

    assert {"square": (512, 512), "landscape_16_9": (1024, 576)}.items() <= {c.value: c.size for c in field.choices}.items()


@pytest.mark.parametrize(
    "slip", [{"hints": {"promt": {"sample": True}}}, {"rules": [{"kind": "instead_of", "field": "a", "other": "prompt"}]}]
)
def test_a_hint_or_rule_about_no_field_is_refused(slip):
    """It would be without effect, silently."""
    entry = {"id": "a", "provider": "kie", "kind": "x", "source": "", "schema": {"properties": {"prompt": {"type": "string"}}}}

    with pytest.raises(ValidationError, match="a has no"):
        Entry.model_validate({**entry, **slip})


def test_every_assumption_of_ours_is_written_down():
    """Where the page gives no pixels, the entry says whose they are."""
    folder = files("ipydarkroom.catalog").iterdir()
    entries = [Entry.model_validate_json(file.read_text("utf-8")) for file in folder if file.name.endswith(".json")]

    sized = [entry for entry in entries if any(hint.sizes for hint in entry.hints.values())]

    assert [("ideogram/v3-reframe", True)] == [(entry.id, bool(entry.assumed)) for entry in sized]


def test_limits_and_advice_of_the_pages_are_there():
    """RunComfy advises 50 MB for a picture; Kie refuses above 10 MB and takes three types."""
    advised = find("ideogram/ideogram-v3/reframe").field("image").media
    blocking = find("ideogram/v3-reframe").field("image_url").media

    assert (None, 50_000_000, ()) == (advised.max_bytes, advised.advised_bytes, advised.mimes)
    assert (10_000_000, None) == (blocking.max_bytes, blocking.advised_bytes)
    assert 600 == find("bytedance/seedream-5/lite/text-to-image").field("prompt").advised_words


def test_what_was_put_right_in_the_four_schemas_is_little():
    """Their oddities are known, and nothing else was changed."""
    noted = {(model.id, note.pointer, note.rule) for model in bundled() for note in model.notes.corrections}

    assert {
        ("bytedance/dreamina-4-0/text-to-image", "/prompt", "sample_default"),
        ("bytedance/dreamina-4-0/text-to-image", "/scale", "type_alias"),
        ("bytedance/seedream-5/lite/text-to-image", "/prompt", "sample_default"),
    } == noted
