"""Each rule by which a foreign schema is put right or understood: what it makes, and the note it leaves."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ipydarkroom.fields import UNSET, Measure
from ipydarkroom.models import Model
from ipydarkroom.schema import check, payload, read_schema
from ipydarkroom.schema.notes import READINGS

ROOT = Path(__file__).parents[2]
EACH = {
    "type_alias": {"type": "float"}, "type_missing": {}, "type_unknown": {"type": "flavour"}, "type_list": {"type": ["string", "null"]},
    "nullable": {"type": "string", "nullable": True}, "anyOf": {"anyOf": [{"type": "string"}, {"type": "null"}]},
    "oneOf": {"oneOf": [{"type": "string"}, {"type": "integer"}]}, "enum_type": {"type": "integer", "enum": ["1"]},
    "default_null": {"type": "string", "default": None}, "default_type": {"type": "integer", "default": "7"},
    "default_outside": {"type": "integer", "maximum": 1, "default": 2}, "constant": {"enum": ["only"]},
    "sample_default": {"type": "string", "format": "image_uri", "default": "https://example.org/demo.png"},
    "bound_alias": {"type": "number", "ge": 1}, "draft4_exclusive": {"type": "number", "minimum": 0, "exclusiveMinimum": True},
    "big_bound": {"type": "integer", "maximum": 2**63}, "whole_number": {"type": "number", "multipleOf": 1},
    "merged": {"allOf": [{"type": "string"}], "title": "A"}, "unknown_reference": {"$ref": "other.json#/a"},
    "recursion": {"type": "array", "items": {"$ref": "#/properties/x"}, "$ref": "#/$defs/any"},
    "stub": {"type": "object", "properties": {"a": {}}, "allOf": [{"type": "string"}]}, "no_schema": 7,
    "required_on_property": {"type": "string", "required": True}, "items_missing": {"type": "array", "format": "image_uris"},
    "items_list": {"type": "array", "items": [{"type": "string"}]}, "pattern_unread": {"type": "string", "pattern": "(a)\\1"},
    "file_limits": {"type": "string", "format": "video_uri", "validations": [{"validation_rule": "file_size_mb<", "validation_value": 16}]},
    "media": {"type": "string", "format": "image_uri"}, "deprecated": {"type": "string", "deprecated": True},
    "keyword_unknown": {"type": "string", "flavour": 1}, "unclaimed": {"type": "object", "unevaluatedProperties": False},
    "sizes_in_labels": {"enum": ["1024x1024", "2K"]}, "text_empty": {"type": "string", "description": ""}, "free_object": {"type": "object"},
    "too_deep": {"$ref": "#/$defs/0"},
}  # fmt: skip
DEEP = {str(at): {"allOf": [{"$ref": f"#/$defs/{at + 1}"}]} for at in range(60)}
WHOLE = {
    "oneOf_joined": {"oneOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}]},
    "anyOf_joined": {"anyOf": [{"properties": {"a": {}}}, {"properties": {"b": {}}}]},
    "required_undefined": {"required": ["ghost"]}, "name_is_data": {"properties": {"a/b": {}}}, "seed": {"properties": {"seed": {"type": "integer"}}},
    "default_empty": {"properties": {"a": {"type": "string", "default": ""}}, "required": ["a"]},
    "order": {"properties": {"a": {}, "b": {}}, "x-fal-order-properties": ["b", "a"]},
    "order_partly": {"properties": {"a": {}, "b": {"x-order": "1"}, "c": {"x-order": 0}}},
    "order_unknown": {"properties": {"a": {}}, "x-apidog-orders": ["a", "01KWKMN7PBRAKVAWC9BZ3PW3YJ"]},
}  # fmt: skip


def one(part, **more):
    """The field of a schema with that one property, and the schema's notes."""
    read = read_schema({"type": "object", "properties": {"x": part}, "$defs": {"any": {}, **DEEP}, **more})
    return read.fields[0], read.notes


@pytest.mark.parametrize("rule", EACH)
def test_a_rule_leaves_its_note_where_it_was_met(rule):
    """With what was and what became, so that a panel can show it and a test can count it."""
    _, notes = one(EACH[rule])

    found = [note for note in notes if note.rule == rule]
    assert found
    assert found[0].pointer.startswith("/x")
    assert rule in str(found[0])
    assert found[0].is_correction == (rule not in READINGS)


@pytest.mark.parametrize("rule", WHOLE)
def test_a_rule_about_the_whole_leaves_its_note_too(rule):
    """At the root, or at the name it is about."""
    assert rule in {note.rule for note in read_schema({"type": "object", **WHOLE[rule]}).notes}


def test_every_rule_is_in_a_test_and_in_the_docs():
    """A new rule comes with a line in docs/schema.md."""
    source = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "src" / "ipydarkroom" / "schema").glob("*.py"))
    rules = set(re.findall(r'note\((?:[a-z_.]+, )?"([a-zA-Z0-9_]+)"', source)) | {"type_missing", "type_unknown", "oneOf_joined", "anyOf_joined"}
    page = (ROOT / "docs" / "schema.md").read_text(encoding="utf-8")

    assert READINGS <= rules
    assert rules <= {*EACH, *WHOLE, "name_trimmed"}
    assert set() == {rule for rule in rules if f"`{rule}`" not in page}


def test_notes_show_themselves():
    """As lines, and as a table in which foreign text is text."""
    _, notes = one({"type": "<b>float</b>", "description": ""})

    assert repr(notes).startswith(f"<{len(notes)} notes>\n  /x · type_unknown")
    assert "&lt;b&gt;float" in notes._repr_html_()
    assert [["type_unknown", "text_empty"], ["type_unknown"]] == [[note.rule for note in some] for some in (notes, notes.corrections)]


@pytest.mark.parametrize(
    ("part", "kind", "types"),
    [
        ({"type": "float"}, "number", ("number",)), ({"minimum": 0}, "number", ()), ({"type": "integer", "enum": ["1"]}, "integer", ()),
        ({"type": ["string", "integer"]}, "any", ("string", "integer")), ({"type": ["integer", "number"]}, "number", ("integer", "number")),
        ({"type": "string", "nullable": True}, "string", ("string", "null")), ({"type": "null"}, "any", ("null",)), (False, "never", ()),
        ({"oneOf": [{"type": "string"}, {"type": "integer"}]}, "union", ()), ({"enum": ["a", None]}, "string", ()),
        ({"anyOf": [{"type": "string", "maxLength": 3}, {"type": "string", "format": "uri"}]}, "string", ()),
        ({"type": "number", "multipleOf": 1}, "integer", ("number",)),
    ],
)  # fmt: skip
def test_what_is_guessed_for_the_form_is_not_demanded(part, kind, types):
    """`kind` is for the form, `types` for the check."""
    field, _ = one(part)

    assert (kind, types) == (field.kind, field.types)


def test_branches_of_one_kind_share_what_is_true_of_all():
    """The widest bounds, all choices; the branches themselves are still judged."""
    size, _ = one({"anyOf": [{"type": "integer", "minimum": 1, "maximum": 5}, {"type": "integer", "minimum": 9, "maximum": 9}]})
    style, _ = one({"anyOf": [{"type": "string", "enum": ["a", "b"]}, {"type": "string", "const": "c", "title": "Sea"}]})

    assert (1, 9, 2) == (size.minimum, size.maximum, len(size.branches[0].branches))
    assert ["a", "b", "c"] == [choice.value for choice in style.choices]
    root = read_schema({"properties": {"x": {"anyOf": [{"type": "integer", "maximum": 5}, {"type": "integer", "minimum": 9}]}}}).root
    assert ["no_branch"] == [problem.code for problem in check(root, (), {"x": 7})]


@pytest.mark.parametrize("discriminator", [{}, {"discriminator": {"propertyName": "kind"}}])
def test_branches_are_told_apart_by_the_value_each_fixes(discriminator):
    """Said by OpenAPI's word, or seen; then a problem is told inside the branch that was meant."""
    branches = [
        {"type": "object", "title": "Circle", "properties": {"kind": {"const": "circle"}, "r": {"type": "number"}}, "required": ["kind", "r"]},
        {"type": "object", "properties": {"kind": {"const": "box"}, "side": {"type": "number"}}, "required": ["kind", "side"]},
    ]
    field, _ = one({"oneOf": branches, **discriminator})
    choice = field.branches[0]

    assert ("kind", True) == (choice.discriminator, choice.exclusive)
    assert [("Circle", "circle"), ("box", "box")] == [(branch.title, branch.value) for branch in choice.branches]
    root = read_schema({"properties": {"x": {"oneOf": branches, **discriminator}}}).root
    assert [("x", "side")] == [problem.pointer for problem in check(root, (), {"x": {"kind": "box"}})]


def test_two_parts_demand_both_and_the_nearer_one_tells():
    """Narrower bounds win; a second pattern is not lost; title and default are the sibling's."""
    field, _ = one(
        {"allOf": [{"$ref": "#/$defs/a"}], "maximum": 5, "title": "Near", "multipleOf": 2, "default": 4},
        **{"$defs": {"a": {"type": "number", "maximum": 9, "minimum": 1, "title": "Far", "multipleOf": 3, "default": 3}}},
    )

    assert ("Near", 4, 1, 5, 2) == (field.title, field.default, field.minimum, field.maximum, field.multiple_of)
    root = read_schema({"properties": {"x": {"allOf": [{"pattern": "a"}, {"pattern": "b"}], "type": "string"}}}).root
    assert [["pattern"], []] == [[problem.code for problem in check(root, (), {"x": text})] for text in ("a", "ab")]


def test_a_reference_may_be_a_pointer_an_anchor_or_an_address_inside():
    """All of them looked up in the document alone."""
    defs = {"a": {"$anchor": "named", "type": "integer"}, "b": {"$id": "https://example.org/b", "type": "boolean"}, "c/d~e": {"type": "string"}}
    part = [{"$ref": "#named"}, {"$ref": "https://example.org/b"}, {"$ref": "#/$defs/c~1d~0e"}]
    old = {"definitions": {"o": {"type": "integer"}}, "components": {"schemas": {"s": {"type": "boolean"}}}}

    kinds = [one(reference, **{"$defs": defs})[0].kind for reference in part]
    older = [one({"$ref": way}, **old)[0].kind for way in ("#/definitions/o", "#/components/schemas/s")]

    assert (["integer", "boolean", "string"], ["integer", "boolean"]) == (kinds, older)


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ({"x-fal-order-properties": ["c", "ghost"]}, ["c", "a", "b"]), ({"x-apidog-orders": ["b", "c", "a"]}, ["b", "c", "a"]),
        ({"x--orders": ["c", "b", "a"]}, ["c", "b", "a"]), ({"x-apidog-orders": []}, ["a", "b", "c"]),
        ({"x-apidog-orders": ["01K", "a", "b"], "x-apidog-refs": {"01K": {"$ref": "#/components/schemas/c"}}}, ["c", "a", "b"]),
    ],
)  # fmt: skip
def test_the_order_is_the_one_that_is_given(words, names):
    """A shared part stands under an id of its own; the schema says beside it which it is."""
    read = read_schema({"type": "object", "properties": {"a": {}, "b": {}, "c": {}}, **words})

    assert names == [field.name for field in read.fields]
    assert [0, 1, 2] == [field.order for field in read.fields]


def test_hints_of_a_producer_say_what_is_near_at_hand():
    """fal's `ui`, `deprecated`, a group."""
    parts = {
        "a": {"type": "string", "ui": {"important": True, "group": "Look"}}, "b": {"type": "string", "deprecated": True},
        "c": {"type": "string", "ui": {"frozen": True}}, "d": {"type": "string", "readOnly": True, "examples": ["x"], "example": "y"},
    }  # fmt: skip
    a, b, c, d = read_schema({"type": "object", "properties": parts}).fields

    assert (("high", "Look"), ("low", True), "low") == ((a.importance, a.group), (b.importance, b.deprecated), c.importance)
    assert (True, ("x", "y")) == (d.read_only, d.examples)


@pytest.mark.parametrize(
    ("name", "part", "kept"),
    [
        ("prompt", {"type": "string", "default": "a fox in the snow"}, False), ("prompt", {"type": "string", "default": ""}, True), ("prompt", {"type": "string", "default": "auto"}, True),
        ("negative_prompt", {"type": "string", "default": "blurry"}, True), ("scene", {"type": "string", "default": "indoors"}, True),
        ("image_url", {"type": "string", "default": "https://example.org/a.png"}, False), ("style", {"enum": ["a"], "default": "a"}, True),
        ("image_urls", {"type": "array", "items": {"type": "string", "format": "uri"}, "default": [""]}, False),
        ("image_urls", {"type": "array", "items": {"type": "string"}, "default": ["https://example.org/a.png"]}, False),
    ],
)  # fmt: skip
def test_a_demonstration_is_never_sent_by_itself(name, part, kept):
    """It is shown as an example; what servers really use by default stays a default."""
    model = Model.from_schema({"type": "object", "properties": {name: part}, "required": [name]})

    assert (part["default"] if kept else UNSET) == model.fields[0].default
    shown = not kept and part["default"] != [""]
    assert ({name: part["default"]} if shown else {}) == model.sample


def test_a_name_that_ends_in_a_space_is_the_schemas_unless_the_request_says_otherwise():
    """Then it is a slip, also among the required names."""
    schema = {"type": "object", "properties": {"urls ": {"type": "string"}}, "required": ["urls "]}

    assert ["urls "] == [field.name for field in Model.from_schema(schema).fields]
    trimmed = Model.from_schema(schema, sample={"urls": "x"})
    assert {"urls": "x"} == payload(trimmed.root, (), {"urls": "x"})
    assert [] == list(check(trimmed.root, (), {"urls": "x"}))
    assert ["required"] == [problem.code for problem in check(trimmed.root, (), {})]


def test_limits_of_a_file_are_read_where_they_are_certain():
    """The rest stays a word."""
    rules = [("file_size_mb<", 16), ("width/height>", 0.4), ("width_pixels>", 299), ("height_pixels<=", 4000), ("phase_of_moon<", 2)]
    part = {"type": "string", "format": "image_uri", "validations": [{"validation_rule": rule, "validation_value": value} for rule, value in rules]}

    media = one(part)[0].media

    assert 16_000_000 == media.max_bytes
    assert (Measure("ratio", least=0.4), Measure("width", least=300), Measure("height", most=4000)) == media.measures


@pytest.mark.parametrize(
    ("part", "kind", "mimes"),
    [
        ({"type": "string", "ui": {"field": "mask"}}, "image", ()), ({"type": "file"}, "file", ()),
        ({"type": "string", "format": "uri", "x-cog-accept": ["video/mp4", ".mov"]}, "video", ("video/mp4",)),
        ({"type": "string", "x-cog-accept": "text/plain"}, "file", ("text/plain",)),
    ],
)  # fmt: skip
def test_a_producer_may_say_what_file_is_wanted(part, kind, mimes):
    """fal's `ui.field`, Cog's `x-cog-accept`, a type called file."""
    media = one(part)[0].media

    assert (kind, mimes) == (media.kind, media.mimes)


def test_the_inputs_tell_which_variant_they_make():
    """Either of two, never both; and a variant that only asks for more is no conflict."""
    either = read_schema({"properties": {"seed": {}}, "oneOf": [
        {"properties": {"task": {"type": "string"}}, "required": ["task"]}, {"properties": {"image": {"type": "string"}}, "required": ["image"]},
    ]}).root
    more = read_schema({"oneOf": [
        {"properties": {"a": {"type": "array", "maxItems": 1}}, "required": ["a"]},
        {"properties": {"a": {"type": "array", "maxItems": 2}, "b": {}}, "required": ["a", "b"]},
    ]}).root  # fmt: skip

    assert {(("task",), "one_needed"), (("image",), "one_needed")} == {(p.pointer, p.code) for p in check(either, (), {"seed": 1})}
    assert {(("task",), "not_both"), (("image",), "not_both")} == {(p.pointer, p.code) for p in check(either, (), {"task": "t", "image": "i"})}
    assert () == check(either, (), {"task": "t"})
    assert () == check(more, (), {"a": [1], "b": 1})
    assert [(("b",), "required")] == [(p.pointer, p.code) for p in check(more, (), {"a": [1, 2]})]


def test_what_a_schema_demands_of_all_inputs_together_is_said_last():
    """Only where each of them is right by itself."""
    root = read_schema({"properties": {"a": {"type": "integer"}, "b": {}}, "dependentRequired": {"a": ["b"]}, "maxProperties": 1}).root

    assert [(("b",), "depends")] == [(p.pointer, p.code) for p in check(root, (), {"a": 1})]
    assert [((), "max_properties")] == [(p.pointer, p.code) for p in check(root, (), {"a": 1, "b": 1})]
    assert [(("a",), "type")] == [(p.pointer, p.code) for p in check(root, (), {"a": "x", "b": 1})]


def test_a_model_and_its_tree_agree():
    """`fields` are the root's children, also for a model put together by hand or given other fields."""
    model = Model.from_schema({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": False}, id="x")
    other = Model("y", None, model.fields)

    assert model.root.children is model.fields
    assert (other.fields, True) == (other.root.children, other.root.additional)
    assert hash(model)


def test_titles_are_kept_by_language_where_it_is_known():
    """A page of another language may add its own."""
    read = read_schema({"type": "object", "properties": {"a": {"title": "Prompt", "description": "What to see."}}}, language="en")

    assert ("Prompt", "What to see.") == (read.fields[0].texts["en"].title, read.fields[0].texts["en"].help)
