"""Published model schemas: every one becomes a form that says nothing by itself and takes its page's own request."""

from __future__ import annotations

import pytest
from foreign import Published, published

from ipydarkroom.fields import UNSET
from ipydarkroom.models import Model
from ipydarkroom.schema import check, payload
from ipydarkroom.schema.kinds import same

FOUND = published()
THEIR_OWN_MISTAKES = {
    # A name where the schema lists ids.
    ("elevenlabs/text-to-speech-multilingual-v2", "voice", "choice"), ("elevenlabs/text-to-speech-turbo-2-5", "voice", "choice"),
    # A number in quotes.
    ("grok-imagine/extend", "extend_times", "type"),
}  # fmt: skip
LEFT_BLANK = {"grok-imagine-image-2-0/text-to-image", "grok-imagine/extend", "kling/ai-avatar-standard", "qwen/image-edit"}
"""Requests with an empty text where the schema requires one: for a form, that is nothing said."""

each = pytest.mark.parametrize("found", FOUND or [None], ids=lambda found: found.name if found else "absent")


def model_of(found: Published | None) -> Model:
    """The form of a published schema; what its page requests settles odd names."""
    if found is None:
        pytest.skip("the published schemas do not lie beside this checkout")
    return Model.from_schema(found.schema, id=found.name, sample=found.requests[0] if found.requests else None)


@each
def test_every_input_has_a_field_of_a_known_kind(found):
    """With every allowed value as listed; a name that a variant adds has one too."""
    model = model_of(found)
    said = found.schema.get("properties", {})

    assert {name.strip() for name in said} <= {field.name.strip() for field in model.fields}
    for field in model.fields:
        assert field.kind in ("string", "integer", "number", "boolean", "array", "object"), field
        listed = next((part.get("enum", []) for name, part in said.items() if name.strip() == field.name), [])
        assert listed == [choice.value for choice in field.choices][: len(listed)]


@each
def test_an_untouched_form_says_nothing(found):
    """No key is invented, and a default is the schema's or none: none where it only demonstrates."""
    model = model_of(found)

    assert {} == payload(model.root, model.rules, {})
    demos = {note.pointer for note in model.notes if note.rule == "sample_default"}
    for name, part in found.schema.get("properties", {}).items():
        field = next(field for field in model.fields if field.name.strip() == name.strip())
        if f"/{field.name}" not in demos:
            assert same(field.default, part.get("default", UNSET)) or field.default is part.get("default", UNSET)
        else:
            assert field.default is UNSET


@each
def test_only_required_inputs_are_missing_from_an_untouched_form(found):
    """And nothing else is wrong with saying nothing."""
    model = model_of(found)

    missing = {problem.pointer[0] for problem in check(model.root, model.rules, {}) if problem.code == "required"}

    assert {field.name for field in model.fields if field.required} <= missing
    assert {problem.code for problem in check(model.root, model.rules, {})} <= {"required", "one_needed"}


@each
def test_a_pages_own_request_goes_through_unchanged(found):
    """Nothing added, nothing lost; and it passes the check, but for the mistakes that are the page's own."""
    model = model_of(found)
    for request in found.requests:
        assert request == payload(model.root, model.rules, request)
        wrong = {(problem.pointer[0], problem.code) for problem in check(model.root, model.rules, request) if problem.blocking}
        name = found.name.rpartition("#")[0]
        blank = {(said, "required") for said, value in request.items() if value == "" and name in LEFT_BLANK}
        assert wrong == {(field, code) for model_name, field, code in THEIR_OWN_MISTAKES if model_name == name} | blank


@each
def test_what_is_not_used_is_kept_and_what_was_changed_is_noted(found):
    """Every correction names its rule, and its place is in the schema."""
    model = model_of(found)

    for note in model.notes:
        assert note.rule
        assert note.pointer == "" or note.pointer.startswith("/")


def test_the_names_with_a_space_at_the_end_follow_their_pages_request():
    """Three of Kie's schemas have one; two of their requests write it without, so it is sent without."""
    if not FOUND:
        pytest.skip("the published schemas do not lie beside this checkout")
    settled = {
        note.was: note.became for found in FOUND for note in model_of(found).notes if note.rule == "name_trimmed"
    }
    spaced = {name for found in FOUND for name in found.schema.get("properties", {}) if name != name.strip()}

    assert {"reference_video_urls ": "reference_video_urls", "image_urls ": "image_urls"} == settled
    assert {"reference_image "} == spaced - settled.keys()
