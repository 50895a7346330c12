"""Normalise, note, never refuse."""

from __future__ import annotations

import pytest

from ipydarkroom.errors import InputError
from ipydarkroom.fields import UNSET
from ipydarkroom.models import Model
from ipydarkroom.schema import check, payload, read_schema, shown
from ipydarkroom.schema.links import judge_link
from ipydarkroom.schema.ratios import ratio_of, size_of


def one(part, **document):
    """The field of a schema with one property, and the rules that were noted."""
    read = read_schema({"type": "object", "properties": {"x": part}, **document})
    return read.fields[0], [note.rule for note in read.notes.corrections]


@pytest.mark.parametrize(
    ("part", "kind", "rules"),
    [
        ({"type": "float"}, "number", ["type_alias"]),
        ({"type": "int64"}, "integer", ["type_alias"]),
        ({"minimum": 0}, "number", ["type_missing"]),
        ({"enum": ["a", "b"]}, "string", ["type_missing"]),
        ({}, "any", ["type_missing"]),
        ({"type": "flavour"}, "any", ["type_unknown"]),
        ({"type": ["string", "null"]}, "string", ["type_list"]),
        ({"anyOf": [{"type": "integer"}, {"type": "null"}]}, "integer", ["anyOf"]),
        (True, "any", ["type_missing"]),
        (7, "any", ["no_schema", "type_missing"]),
    ],
)
def test_a_type_is_found_or_guessed_and_the_correction_noted(part, kind, rules):
    """Foreign words become ours; nothing is refused, and nothing is changed silently."""
    field, noted = one(part)

    assert (kind, rules) == (field.kind, noted)


def test_null_may_be_said_in_four_ways():
    """Each of them means: this value or null."""
    ways = ({"type": ["string", "null"]}, {"anyOf": [{"type": "string"}, {"type": "null"}]}, {"type": "string", "nullable": True})

    assert [True] * 3 == [one(part)[0].nullable for part in ways]


def test_enum_values_are_the_truth():
    """Numbers written as strings under an integer type are sent exactly as listed."""
    field, noted = one({"type": "integer", "enum": ["1", "2"], "default": "2"})

    assert (["1", "2"], "2", ["enum_type"]) == ([choice.value for choice in field.choices], field.default, noted)


@pytest.mark.parametrize(
    ("part", "default"),
    [
        ({"type": "integer", "default": "7"}, 7),
        ({"type": "integer", "default": "7.5"}, UNSET),
        ({"type": "boolean", "default": "yes"}, UNSET),
        ({"type": "string", "default": None}, UNSET),
        ({"type": "string", "default": None, "nullable": True}, None),
    ],
)
def test_a_default_of_the_wrong_type_is_used_only_where_nothing_is_lost(part, default):
    """Otherwise there is none, and a note says so."""
    assert default == one(part)[0].default


def test_references_are_looked_up_inside_the_document_only():
    """What stands beside a reference wins; a file or an address is never opened, a circle never followed."""
    inside, _ = one({"$ref": "#/$defs/n", "maximum": 5}, **{"$defs": {"n": {"type": "integer", "maximum": 9, "minimum": 1}}})
    outside, noted = one({"$ref": "file:///etc/passwd"})
    circle, circled = one({"$ref": "#/properties/x"})

    assert ("integer", 1, 5) == (inside.kind, inside.minimum, inside.maximum)
    assert ("any", True) == (outside.kind, "unknown_reference" in noted)
    assert ("any", True) == (circle.kind, "unknown_reference" in circled)


def test_older_bounds_are_understood():
    """Draft 4's boolean, and the short words of some producers."""
    old, _ = one({"type": "number", "minimum": 0, "exclusiveMinimum": True})
    short, noted = one({"type": "number", "ge": 1, "lt": 3})

    assert (None, 0) == (old.minimum, old.exclusive_minimum)
    assert (1, 3, ["bound_alias"] * 2) == (short.minimum, short.exclusive_maximum, noted)


@pytest.mark.parametrize("name", ["width×height", "a/b", "", "class", "56_text", "image_urls ", "keys"])
def test_any_name_is_data(name):
    """A property may be called anything; it is read, judged and sent under that very name."""
    model = Model.from_schema({"type": "object", "properties": {name: {"type": "string"}}, "required": [name]})

    assert (name,) == model.fields[0].pointer
    assert {name: "x"} == payload(model.root, (), {name: "x"})


def test_something_that_is_no_object_schema_is_refused_with_a_sentence():
    """The one thing that cannot become a form."""
    with pytest.raises(InputError, match="no properties"):
        Model.from_schema({"type": "string"})


@pytest.mark.parametrize(
    ("value", "size", "ratio"),
    [
        ("1152:864 (4:3)", (1152, 864), (4, 3)), ("2048x2048(1:1)", (2048, 2048), (1, 1)),
        ("6198x2656(21:9)", (6198, 2656), (21, 9)), ("portrait_16_9", None, (9, 16)), ("2K", None, None),
        ("21:9", None, (21, 9)), ("1024x768", (1024, 768), (4, 3)), (7, None, None),
    ],
)
def test_a_size_is_read_from_its_label_for_showing_only(value, size, ratio):
    """Pixels and ratio, however a model writes them."""
    assert (size, ratio) == (size_of(value), ratio_of(value))


@pytest.mark.parametrize(
    ("link", "code"),
    [
        ("https://example.org/a.png?sig=1", None), ("data:image/png;base64,AAAA", None),
        ("http://example.org/a.png", "link_scheme"), ("file:///etc/passwd", "link_scheme"), ("ftp://example.org", "link_scheme"),
        ("https://localhost/a", "link_private"), ("https://127.0.0.1/a", "link_private"), ("https://2130706433/a", "link_private"),
        ("https://0x7f.1/a", "link_private"), ("https://017700000001/", "link_private"), ("https://[::1]/", "link_private"),
        ("https://[::ffff:10.0.0.1]/", "link_private"), ("https://[64:ff9b::7f00:1]/", "link_private"),
        ("https://169.254.169.254/latest", "link_private"), ("https://printer/", "link_private"),
        ("https://nas.local/a.png", "link_private"), ("https://user:pass@example.org/", "link_login"),
        ("https://", "link_invalid"), ("https://[::1", "link_invalid"), ("https://exa mple.org/", "link_invalid"),
    ],
)
def test_only_public_https_links_are_handed_on(link, code):
    """With the reason, and however an address is spelt."""
    assert code == judge_link(link)


def test_a_field_that_does_not_count_is_neither_shown_nor_sent():
    """max_images belongs to `auto`; with the default, disabled, it stays out, and advice says so."""
    from ipydarkroom.catalog import find

    model = find("bytedance/seedream-5/lite/text-to-image")
    alone = {"prompt": "x", "max_images": 3}
    auto = {**alone, "sequential_image_generation": "auto"}

    assert "max_images" not in shown(model.root, model.rules, alone)
    assert {"prompt": "x"} == payload(model.root, model.rules, alone)
    assert ["does_not_count"] == [problem.code for problem in check(model.root, model.rules, alone)]
    assert auto == payload(model.root, model.rules, auto)
    assert () == check(model.root, model.rules, auto)


def test_one_field_may_stand_for_another():
    """Kie's style_codes lift the required mark of style, and style is not sent beside them."""
    from ipydarkroom.catalog import find

    model = find("kie:ideogram/v3-reframe")
    base = {"image_url": "https://e.example.org/a.png", "image_size": "square", "rendering_speed": "TURBO", "num_images": "1"}

    assert ["required"] == [problem.code for problem in check(model.root, model.rules, base)]
    coded = {**base, "style_codes": ["A1B2C3D4"]}
    assert () == check(model.root, model.rules, coded)
    assert coded == payload(model.root, model.rules, {**coded, "style": "AUTO"})


def test_null_among_the_values_is_null_and_no_choice():
    """An enum with null offers its other values, and may be null."""
    field, _ = one({"enum": ["a", None]})

    assert (["a"], True, "string") == ([choice.value for choice in field.choices], field.nullable, field.kind)


def test_a_default_outside_the_list_becomes_one_more_choice():
    """Servers accept their own default; one that differs only in its type is taken as listed."""
    outside, noted = one({"type": "string", "enum": ["a"], "default": "b"})
    retyped, _ = one({"type": "string", "enum": ["1", "2"], "default": 2})

    assert (["a", "b"], "b", ["default_outside"]) == ([choice.value for choice in outside.choices], outside.default, noted)
    assert (["1", "2"], "2") == ([choice.value for choice in retyped.choices], retyped.default)


def test_choices_may_have_names():
    """From `enumNames`, or from the titles of `oneOf` constants."""
    listed, _ = one({"enum": ["a", "b"], "enumNames": ["First", ""]})
    branched, _ = one({"oneOf": [{"const": 1, "title": "One"}, {"const": 2}]})

    assert ["First", "b"] == [choice.label for choice in listed.choices]
    assert [(1, "One"), (2, "2")] == [(choice.value, choice.label) for choice in branched.choices]


def test_parts_of_a_whole_schema_are_joined():
    """`allOf` at the root adds properties and required names; variants add optional ones."""
    parts = {"allOf": [{"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"]}],
             "properties": {"b": {"type": "string"}}, "required": ["b"]}
    variants = {"type": "object", "oneOf": [
        {"properties": {"a": {"type": "string"}, "c": {"type": "string"}}, "required": ["a", "c"]},
        {"properties": {"b": {"type": "string"}, "c": {"type": "string"}}, "required": ["b", "c"]},
    ]}

    joined = read_schema(parts).fields
    read = read_schema(variants)
    offered, notes = read.fields, read.notes

    assert {("a", True), ("b", True)} == {(field.name, field.required) for field in joined}
    assert {("a", False), ("b", False), ("c", True)} == {(field.name, field.required) for field in offered}
    assert ["oneOf_joined"] == [note.rule for note in notes]


def test_required_may_stand_on_the_property():
    """And a required name that is not defined is noted, not demanded."""
    field, noted = one({"type": "string", "required": True}, required=["ghost"])

    assert (True, ["required_on_property", "required_undefined"]) == (field.required, noted)


def test_fields_come_in_the_order_their_numbers_give():
    """Public schemas come out of databases with their keys shuffled; `x-order` is the order people see."""
    shuffled = {"b": {"type": "string", "x-order": 1}, "a": {"type": "string", "x-order": 0}}

    fields = read_schema({"type": "object", "properties": shuffled}).fields

    assert ["a", "b"] == [field.name for field in fields]


def test_numbers_on_some_properties_order_these():
    """One property without a number, or a number written as text, once threw the whole order away without a word."""
    found = read_schema({"type": "object", "properties": {"c": {}, "b": {"x-order": "1"}, "a": {"x-order": 0}}})

    assert ["a", "b", "c"] == [field.name for field in found.fields]
    assert "order_partly" in [note.rule for note in found.notes]


def test_what_is_not_used_is_kept():
    """Unknown keywords stay beside the field; an empty description is none."""
    field, _ = one({"type": "string", "format": "weird", "x-note": 1, "description": ""})

    assert ("weird", 1, "") == (field.format, field.extra["x-note"], field.help)


def test_hints_say_what_a_schema_cannot():
    """Advice on length, pixels for names, a default that is only an example."""
    document = {"type": "object", "properties": {
        "prompt": {"type": "string", "default": "a demo"}, "size": {"type": "string", "enum": ["hd"]},
    }}
    hints = {"prompt": {"sample": True, "advised_words": 5, "important": True}, "size": {"sizes": {"hd": [640, 480]}}}

    read = read_schema(document, hints)
    (prompt, size), notes = read.fields, read.notes.corrections

    assert (UNSET, 5, "high") == (prompt.default, prompt.advised_words, prompt.importance)
    assert (640, 480) == size.choices[0].size
    assert [("/prompt", "sample_default", "a demo")] == [(note.pointer, note.rule, note.was) for note in notes]


@pytest.mark.parametrize("value", ["0:0", "16:0", "000x000", "64x64", ""])
def test_a_label_without_a_real_ratio_has_none(value):
    """Nothing downstream divides by zero."""
    assert (None, None) == (size_of(value), ratio_of(value))
