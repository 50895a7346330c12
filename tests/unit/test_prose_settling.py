"""What prose says, in the form: limits on fields, rules between them, hints beside them; and a note for each."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ipydarkroom.catalog import bundled
from ipydarkroom.fields import UNSET, Field, Hint, Rule
from ipydarkroom.languages import LANGUAGES, say
from ipydarkroom.model_page import model_page
from ipydarkroom.models import Model
from ipydarkroom.panel.model import PanelModel
from ipydarkroom.schema import payload
from ipydarkroom.wording import hint_texts

SCHEMA = {
    "type": "object",
    "properties": {
        "prompt": {"type": "string", "description": "What to paint. Max 800 characters."},
        "image_urls": {
            "type": "array", "items": {"type": "string", "format": "uri"},
            "description": "Pictures to start from (1~14 images; accepted types: image/jpeg, image/png; max size: 10.0MB).",
        },
        "mode": {"type": "string", "enum": ["auto", "off"], "default": "off"},
        "count": {"type": "integer", "description": "Only when mode is auto. Range: 1 to 15."},
        "steps": {"type": "number", "description": "6–30, step 1"},
        "style": {"type": "string", "description": "Not together with palette."},
        "palette": {"type": "string", "description": "Cannot be used with style."},
        "last": {"type": "string", "description": "first must be provided together with it."},
        "first": {"type": "string"},
        "planned": {"type": "boolean", "description": "This field is mutually exclusive with free."},
        "free": {"type": "boolean"},
        "seed": {"type": "integer", "description": "Use -1 for random."},
        "shots": {"type": "array", "items": {"type": "object", "properties": {"text": {"type": "string", "description": "At most 500 characters."}}}},
    },
}
MODEL = Model.from_schema(SCHEMA)


def codes(**values):
    """(field, code) of what stands in the way of these values."""
    return [(problem.pointer[0], problem.code) for problem in MODEL.problems(values) if problem.blocking]


def test_certain_limits_are_the_fields_own():
    """Lengths, counts, sizes, types, ranges, steps."""
    pictures = MODEL.field("image_urls")

    assert 800 == MODEL.field("prompt").max_length
    assert (1, 14) == (pictures.min_items, pictures.max_items)
    assert (10_000_000, ("image/jpeg", "image/png")) == (pictures.items.media.max_bytes, pictures.items.media.mimes)
    assert (1, 15) == (MODEL.field("count").minimum, MODEL.field("count").maximum)
    assert (None, 1) == (MODEL.field("steps").minimum, MODEL.field("steps").step)
    assert 500 == MODEL.field("shots").items.children[0].max_length


def test_certain_conditions_are_rules():
    """Two fields that exclude each other say so once."""
    assert {
        Rule("only_when", "count", "mode", "auto"), Rule("not_with", "style", "palette"), Rule("needs", "last", "first"),
        Rule("not_with", "planned", "free"),
    } == set(MODEL.rules)


def test_the_rules_judge_the_values():
    """And a switch that is off excludes nothing."""
    assert [("style", "not_both")] == codes(style="a", palette="b")
    assert [("first", "depends")] == codes(last="a")
    assert [("planned", "not_both")] == codes(planned=True, free=True)
    assert [] == codes(planned=True, free=False, style="a", palette="", last="", first="b")
    assert [("count", "maximum")] == codes(count=99, mode="auto")


def test_a_field_that_does_not_count_is_neither_sent_nor_judged_against_others():
    """As with rules written by hand."""
    assert {"mode": "off"} == payload(MODEL.root, MODEL.rules, {"count": 3, "mode": "off"})
    assert "count" not in PanelModel(MODEL).shown


def test_every_change_leaves_a_note():
    """With the page's own words, and what became of them; none of it counts as a correction."""
    notes = {(note.pointer, note.rule): note for note in MODEL.notes if note.rule.startswith("prose_")}

    assert ("Max 800 characters", 800) == (notes["/prompt", "prose_max_length"].was, notes["/prompt", "prose_max_length"].became)
    assert ("Only when mode is auto", "mode = 'auto'") == (
        notes["/count", "prose_only_when"].was, notes["/count", "prose_only_when"].became,
    )
    assert {"/shots/items/text"} <= {pointer for pointer, _ in notes}
    assert not any(note.is_correction for note in notes.values())


def test_the_rest_is_shown():
    """In the reader's language, beside the field and on the model's page."""
    assert (Hint("range", {"low": 6, "high": 30}, "6–30, step 1"),) == MODEL.field("steps").hints
    bare = Model("m", None, (replace(MODEL.field("steps"), help=""),))

    assert ("From 6 to 30, says the page.",) == hint_texts(bare, bare.fields[0], "en")
    assert ("-1 は毎回変えるという意味です。",) == hint_texts(MODEL, MODEL.field("seed"), "ja")
    assert "From 6 to 30, says the page." in model_page(bare, "en")


def test_words_that_stand_above_are_not_said_twice():
    """A condition in the page's words is a hint only where other words stand in the help; a limit where they are foreign."""
    assert () == hint_texts(MODEL, MODEL.field("seed"), "en")
    text = "Ignored when a picture is given, and must be empty then"
    field = Field(("x",), "string", help=text, hints=(Hint("condition", {"text": text}, text),))

    assert () == hint_texts(Model("m", None, (field,)), field, "en")
    assert ("The page says: other",) == hint_texts(Model("m", None, (field,)), Field(("x",), "string", hints=(Hint("condition", {"text": "other"}),)), "en")


def test_our_own_help_for_a_models_field_tells_all():
    """A bundled model's style said "not together with style codes" twice, once in our words and once as the page's hint."""
    style = Field(("style",), "string", hints=(Hint("not_with", {"other": "style_codes"}, "not with style_codes"),))

    assert () == hint_texts(Model("ideogram/v3-reframe", "kie", (style,)), style, "en")
    assert hint_texts(Model("another/model", "kie", (style,)), style, "en")


def test_the_schemas_own_limits_win():
    """Prose that says otherwise is shown."""
    part = {"type": "array", "items": {"type": "string"}, "maxItems": 5, "description": "up to 9 images"}
    field = Model.from_schema({"type": "object", "properties": {"image_urls": part}}).field("image_urls")

    assert 5 == field.max_items
    assert ["max_items"] == [hint.code for hint in field.hints]


def test_a_switch_without_a_default_makes_no_rule():
    """While nobody touches it, it may be off or on: the field stays."""
    parts = {"hd": {"type": "boolean"}, "x": {"type": "string", "description": "Only when hd is false."}}
    model = Model.from_schema({"type": "object", "properties": parts})

    assert () == model.rules
    assert ["condition"] == [hint.code for hint in model.field("x").hints]


def test_what_the_schema_requires_is_always_there():
    """A server may refuse an order without it, whatever the page says of it."""
    parts = {"hd": {"type": "boolean", "default": False}, "x": {"type": "string", "description": "Only when hd is true."}}
    model = Model.from_schema({"type": "object", "properties": parts, "required": ["x"]})

    assert () == model.rules
    assert ["required"] == [problem.code for problem in model.problems({})]


@pytest.mark.parametrize(("sample", "kinds"), [
    ({"count": 3, "mode": "auto"}, {"only_when", "not_with", "needs"}),
    ({"count": 3}, {"not_with", "needs"}),
    ({"style": "a", "palette": "b", "last": "c"}, {"only_when", "not_with"}),
])
def test_a_pages_own_request_overrules_its_words(sample, kinds):
    """A condition it does not keep itself is shown and not enforced: three of Kie's pages have one."""
    model = Model.from_schema(SCHEMA, sample=sample)

    assert kinds == {rule.kind for rule in model.rules}
    assert sample == payload(model.root, model.rules, sample)
    assert [] == [problem for problem in model.problems(sample) if problem.blocking]


def test_a_limit_that_the_pages_own_request_breaks_is_shown():
    """Also inside of a list."""
    sample = {"prompt": "x" * 801, "image_urls": [f"https://example.com/{place}" for place in range(15)], "shots": [{"text": "y" * 501}]}
    model = Model.from_schema(SCHEMA, sample=sample)

    assert (None, None, None) == (model.field("prompt").max_length, model.field("image_urls").max_items, model.field("shots").items.children[0].max_length)
    assert ["max_length"] == [hint.code for hint in model.field("prompt").hints]


def test_the_bundled_models_keep_what_was_written_by_hand():
    """Their words are ours, so there is no prose to read."""
    for model in bundled():
        assert not [note for note in model.notes if note.rule.startswith("prose_")]
        assert not [hint for field in model.fields for hint in field.hints]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", [
    "advised_bytes", "advised_length", "advised_words", "condition", "default", "max_bytes", "max_items", "max_length", "maximum", "mimes",
    "min_items", "min_length", "minimum", "needs", "not_with", "random_value", "range", "required_when", "step", "total_bytes", "values",
    *(f"file_{what}_{end}" for what in ("seconds", "total_seconds", "pixels", "fps") for end in ("least", "most", "range")),
])
def test_every_hint_has_a_sentence(code, language):
    """With its numbers in it."""
    words = {"limit": 7, "low": 7, "high": 7, "value": 7, "values": 7, "text": 7, "other": 7, "mimes": 7}

    assert "7" in say(f"hint.{code}", language=language, **words)
    assert "–" not in say(f"hint.{code}", language=language, **words)


@pytest.mark.timeout(20)  # it takes half a second
def test_of_a_form_full_of_spite_only_the_beginning_is_read():
    """All descriptions of one form together are read up to a length; what comes later has no hints."""
    text = "max 10MB 1-14 images, only when mode=auto, not together with a_1, " * 60
    parts = {f"a_{place}": {"type": "array", "items": {"type": "string", "format": "image_uri"}, "description": text} for place in range(300)}

    hinted = [bool(field.hints) for field in Model.from_schema({"type": "object", "properties": parts}).fields]

    assert hinted[0]
    assert 300 == len(hinted)
    assert sum(hinted) < 10


def test_a_rule_of_ones_own_may_have_the_new_kinds():
    """They need no schema."""
    fields = (Field(("a",), "string"), Field(("b",), "string"))
    model = Model("m", None, fields, rules=(Rule("not_with", "a", "b"),))

    assert ["not_both"] == [problem.code for problem in model.problems({"a": "x", "b": "y"})]
    assert () == model.problems({"a": "x", "b": UNSET})
