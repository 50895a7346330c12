"""What a form makes of each keyword of JSON Schema and of each thing people ask a form for: the one list of it.

`test_form_features.py` runs it, and the table in `docs/forms.md` is made of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["FEATURES", "MORE", "Feature"]


@dataclass(frozen=True)
class Feature:
    """One line: what is met, a property that has it, the control that draws it, and values that pass or do not.

    `bad` pairs a value with the code of its problem. `also` names more tests, as `file.py::name`.
    """

    name: str
    part: dict[str, Any]
    control: str
    good: tuple[object, ...] = ()
    bad: tuple[tuple[object, str], ...] = ()
    also: tuple[str, ...] = ()
    defs: dict[str, Any] = field(default_factory=dict)


COLOURS = ["red", "green", "blue"]
MANY = [f"voice {number}" for number in range(30)]
NODE: dict[str, Any] = {"type": "object", "properties": {"name": {"type": "string"}, "next": {"$ref": "#/$defs/node"}}}

FEATURES = (
    Feature("enum, up to four short values", {"enum": COLOURS}, "buttons", ("red",), (("pink", "choice"),), ("test_choice_controls.py",)),
    Feature("enum, more values", {"enum": [*COLOURS, "a", "b", "c"]}, "choice", ("a",), (("pink", "choice"),)),
    Feature("enum, more than twenty values", {"enum": MANY}, "search", ("voice 3",), (("voice", "choice"),)),
    Feature("enum of another type than declared", {"type": "integer", "enum": ["1", "2"]}, "buttons", ("1",), ((1, "choice"),)),
    Feature("enum with null", {"enum": ["a", "b", None]}, "buttons", ("a", None), (("c", "choice"),)),
    Feature("const", {"const": "v2"}, "constant", ("v2",), (("v1", "choice"),)),
    Feature("oneOf of const and title", {"oneOf": [{"const": 1, "title": "low"}, {"const": 2, "title": "high"}]}, "buttons", (1, 2), ((3, "choice"),)),
    Feature(
        "oneOf and anyOf, several shapes", {"anyOf": [{"type": "string", "enum": COLOURS}, {"type": "object", "properties": {"w": {"type": "integer"}}}]},
        "shape", ("red", {"w": 3}), (({"w": "x"}, "type"),), ("test_form_model.py::test_the_shape_is_guessed_from_a_value_that_comes_from_elsewhere_and_then_kept",),
    ),
    Feature(
        "discriminator", {"oneOf": [
            {"type": "object", "required": ["k", "r"], "properties": {"k": {"const": "circle"}, "r": {"type": "number"}}},
            {"type": "object", "required": ["k", "a"], "properties": {"k": {"const": "square"}, "a": {"type": "number"}}},
        ], "discriminator": {"propertyName": "k"}},
        "shape", ({"k": "square", "a": 2},), (({"k": "square"}, "required"),),
    ),
    Feature("allOf", {"allOf": [{"type": "integer"}, {"minimum": 2}]}, "number", (2,), ((1, "minimum"),)),
    Feature("number, both bounds", {"type": "number", "minimum": 0, "maximum": 1}, "slider", (0, 0.5), ((2, "maximum"),), ("test_number_controls.py",)),
    Feature("number, one bound", {"type": "number", "minimum": 0}, "number", (0, 7.5), ((-1, "minimum"),)),
    Feature("number, no bound, may be empty", {"type": "number"}, "number", (0, -2.5), (("x", "type"),)),
    Feature("more than 1,000 steps", {"type": "integer", "minimum": 0, "maximum": 5000}, "number", (4999,), ((5001, "maximum"),)),
    Feature("multipleOf", {"type": "integer", "minimum": 0, "maximum": 64, "multipleOf": 8}, "slider", (16,), ((3, "multiple_of"),)),
    Feature("exclusive bounds", {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 10}, "slider", (5,), ((0, "exclusive_minimum"),)),
    Feature("integers beyond 2^53", {"type": "integer"}, "number", (2**60 + 1,), ((1.5, "type"),), ("test_number_controls.py",)),
    Feature("boolean", {"type": "boolean"}, "checkbox", (True, False), (("yes", "type"),)),
    Feature("string", {"type": "string"}, "text", ("a fox", ""), ((3, "type"),)),
    Feature("string, long", {"type": "string", "maxLength": 500}, "textarea", ("a fox",), (("x" * 501, "max_length"),)),
    Feature("minLength, maxLength", {"type": "string", "minLength": 2, "maxLength": 3}, "text", ("abc",), (("a", "min_length"), ("abcd", "max_length"))),
    Feature("pattern", {"type": "string", "pattern": "^#[0-9a-f]{3}$"}, "text", ("#f60",), (("f60", "pattern"),)),
    Feature("format email, uuid, ipv4, hostname", {"type": "string", "format": "email"}, "text", ("a@b.example",), (("a", "format"),)),
    Feature("format date, date-time, time", {"type": "string", "format": "date"}, "text", ("2026-11-27",), (("yesterday", "format"),)),
    Feature("format uri", {"type": "string", "format": "uri", "title": "Reference image"}, "image", ("https://example.com/a.png",), (), ("test_file_controls.py",)),
    Feature("format password, writeOnly", {"type": "string", "format": "password"}, "secret", ("s3cret",), ()),
    Feature("unknown format", {"type": "string", "format": "color"}, "text", ("black",), ()),
    Feature("image", {"type": "string", "format": "uri", "x-cog-accept": "image/*"}, "image", ("https://example.com/a.png",), ((3, "type"),), ("test_file_controls.py",)),
    Feature("array of scalars", {"type": "array", "items": {"type": "string"}}, "listing", (["a", "b"],), (([1], "type"),), ("test_form.py::test_items_are_added_raised_and_removed",)),
    Feature("array of images, in order", {"type": "array", "items": {"type": "string", "format": "uri"}, "title": "image_urls"}, "listing", (["https://example.com/a.png"],), ()),
    Feature("array of enum", {"type": "array", "items": {"enum": COLOURS}}, "listing", (["red", "red"],), ((["pink"], "choice"),)),
    Feature(
        "array of enum, uniqueItems", {"type": "array", "items": {"enum": COLOURS}, "uniqueItems": True}, "ticks", (["red", "blue"],),
        ((["red", "red"], "unique_items"),), ("test_form.py::test_ticks_are_sent_in_the_order_they_are_listed",),
    ),
    Feature(
        "array of objects", {"type": "array", "items": {"type": "object", "required": ["path"], "properties": {"path": {"type": "string"}}}}, "listing",
        ([{"path": "a"}],), (([{}], "required"),), ("test_form_model.py::test_an_added_item_begins_with_what_it_must_have",),
    ),
    Feature("minItems, maxItems", {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 3}, "listing", ([1, 2],), (([1], "min_items"), ([1, 2, 3, 4], "max_items"))),
    Feature("prefixItems", {"type": "array", "prefixItems": [{"type": "integer"}, {"type": "string"}], "items": False}, "listing", ([1, "a"],), ((["a", 1], "type"),)),
    Feature("array of anything", {"type": "array"}, "json_editor", ([1, "a", None],), (("x", "type"),)),
    Feature(
        "nested object", {"type": "object", "properties": {"lens": {"type": "string"}, "angle": {"type": "integer"}}}, "group", ({"lens": "50 mm"},),
        (({"angle": "x"}, "type"),), ("test_form.py::test_a_group_is_one_line_until_it_is_opened", "test_form_model.py::test_an_object_with_nothing_left_in_it_is_absent_again"),
    ),
    Feature("free-form object", {"type": "object"}, "freeform", ({"a": 1, "b": "x"}, {}), (([1], "type"),), ("test_form.py::test_free_names_are_rows_or_json",)),
    Feature(
        "additionalProperties", {"type": "object", "additionalProperties": {"type": "number"}}, "freeform", ({"oak": 2.5},), (({"oak": "x"}, "type"),),
        ("test_form.py::test_free_names_whose_values_are_of_one_kind_have_its_control",),
    ),
    Feature("nullable: type list", {"type": ["string", "null"]}, "text", ("a", None), ((1, "type"),)),
    Feature("nullable: anyOf null", {"anyOf": [{"type": "integer"}, {"type": "null"}]}, "number", (1, None), (("x", "type"),)),
    Feature("nullable: true", {"type": "boolean", "nullable": True}, "checkbox", (True, None), (("x", "type"),)),
    Feature("$ref, $defs", {"$ref": "#/$defs/size"}, "slider", (3,), ((99, "maximum"),), (), {"size": {"type": "integer", "minimum": 1, "maximum": 9}}),
    Feature("recursion", {"$ref": "#/$defs/node"}, "group", ({"name": "a", "next": {"name": "b"}},), (), ("test_form_features.py::test_what_lies_in_itself_is_told_as_json",), {"node": NODE}),
    Feature("if, then, else (inside)", {
        "type": "object", "properties": {"a": {"type": "boolean"}, "b": {"type": "string"}},
        "if": {"properties": {"a": {"const": True}}, "required": ["a"]}, "then": {"required": ["b"]},
    }, "group", ({"a": True, "b": "x"}, {"a": False}), (({"a": True}, "required_when"),), ("test_form_model.py::test_a_field_that_only_a_condition_knows_comes_with_it_and_leaves_the_order_with_it",)),
    Feature("dependentRequired", {"type": "object", "properties": {"a": {"type": "string"}, "b": {"type": "string"}}, "dependentRequired": {"a": ["b"]}},
            "group", ({"a": "x", "b": "y"}, {"b": "y"}), (), ("test_form_model.py::test_a_condition_inside_an_object_holds_inside_it",)),
    Feature("no type at all", {}, "json_editor", (1, "a", [None]), ()),
    Feature("seed", {"type": "integer", "title": "Seed"}, "seed", (0, 42), (("x", "type"),), ("test_number_controls.py",)),
    Feature("aspect ratio, size", {"enum": ["1024x1024 (1:1)", "1152x864 (4:3)", "864x1152 (3:4)", "2048x1024 (2:1)", "1024x2048 (1:2)"]}, "aspect", ("1152x864 (4:3)",), (("4:3", "choice"),), ("test_aspect_control.py",)),
    Feature("colour palette", {"type": "object"}, "palette", ({"name": "EMBER"},), (), ("test_palette_control.py",)),
)  # fmt: skip

NAMES = {"seed": "seed", "colour palette": "color_palette", "array of images, in order": "image_urls", "format uri": "reference_image", "image": "image"}
"""Where the property's own name decides."""

MORE = (
    ("default", "shown grey, not sent until somebody says so; a required one is prefilled and sent", "test_model.py::test_an_untouched_panel_sends_required_defaults_only"),
    ("examples", "the first stands grey in the box", "test_form_features.py::test_an_example_stands_grey_in_the_box"),
    ("readOnly", "not drawn", "test_form_features.py::test_what_only_the_server_writes_is_not_drawn"),
    ("deprecated", "not drawn before it has a value", "test_form_rows.py::test_deprecated_inputs_are_drawn_only_with_a_value"),
    ("a name nobody foresaw", "told as JSON once it has a value", "test_form_rows.py::test_a_name_nobody_foresaw_is_told_as_json"),
    ("bounds and choices by a condition", "the control follows", "test_form_rows.py::test_a_control_follows_what_a_condition_makes_of_its_field"),
    ("required marker", "in the label, by word", "test_controls.py"),
    ("x-order and its like", "the order of the form", "test_view.py::test_required_fields_come_first"),
    ("groups, advanced section", "folds that count what is in them, changed and wrong", "test_view.py::test_a_fold_says_what_was_changed_in_it"),
    ("problems", "at the field once it is touched or all was to be sent; buttons lead to each", "test_form.py::test_check_shows_everything_that_is_missing"),
    ("server-side problems", "by the same door", "test_view.py::test_a_services_complaint_is_shown_at_its_input_until_that_is_changed"),
    ("untouched optional omitted", "always", "test_form_features.py::test_an_untouched_form_adds_no_key"),
    ("reset to default", "one field or all", "test_form_features.py::test_reset_returns_to_untouched"),
    ("send the default, null, an empty text", "One input…", "test_form.py::test_one_input_can_send_its_default_null_or_nothing"),
    ("form and JSON", "two views of one state", "test_form.py::test_the_form_as_json_is_the_same_form"),
    ("set and get in code", "`.value`, `.set(place, value)`, `.get(place)`", "test_form.py::test_a_form_has_the_values_that_are_set_and_nothing_else"),
    ("observe", "both ways", "test_form.py::test_observers_hear_the_whole_value_until_they_leave"),
    ("a pydantic class", "judges itself", "test_form.py::test_a_class_judges_its_own_values"),
    ("locale", "every word in four languages", "test_view.py::test_language_switches_all_text"),
    ("control registry", "`dr.controls.use`", "test_use_controls.py"),
)
