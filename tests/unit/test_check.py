"""The checker: pointer, code and numbers, never a word of text."""

from __future__ import annotations

import pytest

from ipydarkroom.fields import Field
from ipydarkroom.schema import check, read_schema


def codes(part, value, **document):
    """The codes for one value of one property."""
    root = read_schema({"type": "object", "properties": {"x": part}, **document}).root
    return [problem.code for problem in check(root, (), {"x": value})]


@pytest.mark.parametrize(
    ("part", "good", "bad", "code"),
    [
        ({"type": "integer"}, 3.0, 3.5, "type"), ({"type": "integer"}, 3, True, "type"), ({"type": "string"}, "", 3, "type"),
        ({"type": "boolean"}, False, 0, "type"), ({"type": "array"}, [], {}, "type"), ({"type": "object"}, {}, [], "type"),
        ({"type": "number"}, -1.5, "1", "type"), ({"type": "number"}, 1, float("nan"), "type"),
        ({"type": "number", "minimum": 0}, 0, -0.1, "minimum"), ({"type": "number", "maximum": 1}, 1, 1.1, "maximum"),
        ({"type": "number", "exclusiveMinimum": 0}, 0.1, 0, "exclusive_minimum"),
        ({"type": "number", "exclusiveMaximum": 1}, 0.9, 1, "exclusive_maximum"),
        ({"type": "number", "multipleOf": 0.1}, 0.3, 0.35, "multiple_of"),
        ({"type": "string", "minLength": 2}, "ab", "a", "min_length"), ({"type": "string", "maxLength": 2}, "狐狸", "abc", "max_length"),
        ({"type": "string", "pattern": "^#[0-9a-f]{6}$"}, "#00ff00", "green", "pattern"),
        ({"type": "string", "enum": ["a", "b"]}, "b", "c", "choice"), ({"type": "integer", "enum": [1, 2]}, 2, "2", "choice"),
        ({"const": True}, True, 1, "choice"), ({"type": "array", "minItems": 1}, [1], [], "min_items"),
        ({"type": "array", "maxItems": 1}, [1], [1, 2], "max_items"),
        ({"type": "array", "items": {"type": "string"}}, ["a"], ["a", 2], "type"),
    ],
)
def test_each_keyword_judges(part, good, bad, code):
    """One value that fits and one that does not, with the code that says why."""
    assert [] == codes(part, good)
    assert [code] == codes(part, bad)


def test_the_place_of_a_problem_is_told():
    """Down to the item of an array."""
    root = read_schema({"type": "object", "properties": {"x": {"type": "array", "items": {"type": "integer"}}}}).root

    assert [("x", 1)] == [problem.pointer for problem in check(root, (), {"x": [1, "2"]})]


def test_a_required_string_left_empty_counts_as_missing():
    """An empty prompt is no prompt; an optional one may be empty on purpose."""
    part = {"type": "string"}

    assert ["required"] == codes(part, "", required=["x"])
    assert [] == codes(part, "")


def test_zero_and_false_are_values():
    """Whoever says 0 or false has said something."""
    assert [] == codes({"type": "integer"}, 0, required=["x"])
    assert [] == codes({"type": "boolean"}, False, required=["x"])


def test_a_name_the_page_does_not_know_passes_with_advice():
    """Pages lag behind servers: it is sent, and the person is told."""
    root = read_schema({"type": "object", "properties": {"x": {"type": "string"}}}).root

    [problem] = check(root, (), {"y": 1})

    assert (("y",), "undocumented", False) == (problem.pointer, problem.code, problem.blocking)


def test_a_prompt_longer_than_advised_is_advice():
    """600 words are advised by the page, and enforced by nobody."""
    from ipydarkroom.catalog import find

    model = find("bytedance/seedream-5/lite/text-to-image")
    [problem] = check(model.root, model.rules, {"prompt": "word " * 601})

    assert ("words", False, 601) == (problem.code, problem.blocking, problem.params["words"])
    assert ["max_length"] == [found.code for found in check(find("bytedance/dreamina-4-0/text-to-image").root, (), {"prompt": "x" * 801})]


def test_a_pattern_python_cannot_read_judges_nothing():
    """A schema is foreign input; a bad pattern must not stop a person."""
    assert [] == codes({"type": "string", "pattern": "(?<n"}, "x")


def test_a_name_close_to_a_known_one_is_asked_about():
    """A slip such as `sede` would cost a picture with the wrong seed."""
    root = read_schema({"type": "object", "properties": {"seed": {"type": "integer"}}}).root

    [problem] = check(root, (), {"sede": 1})

    assert ("misspelt", {"name": "sede", "near": "seed"}, False) == (problem.code, problem.params, problem.blocking)


def test_a_schema_that_closes_itself_takes_no_other_name():
    """`additionalProperties: false` is the page's own word that the server refuses."""
    root = read_schema({"type": "object", "properties": {"x": {"type": "string"}}, "additionalProperties": False}).root

    [problem] = check(root, (), {"y": 1})

    assert ("unknown_name", True) == (problem.code, problem.blocking)


def test_a_model_that_documents_nothing_takes_anything():
    """An adopted model without a known schema is not nagged about."""
    assert () == check(Field((), "object"), (), {"anything": 1})


@pytest.mark.parametrize("value", [{1, 2}, [b"x"], {"a": float("nan")}, [object()]])
def test_what_json_cannot_say_never_reaches_the_wire(value):
    """Found here, where nothing is paid yet; under a documented name or not."""
    root = read_schema({"type": "object", "properties": {"x": {}}}).root

    assert ["not_sendable"] == [problem.code for problem in check(root, (), {"x": value})]
    assert ["undocumented", "not_sendable"] == [problem.code for problem in check(root, (), {"other": value})]


def test_a_list_that_holds_itself_is_not_sent():
    """It would fail only while the request is written."""
    circle = []
    circle.append(circle)

    assert ["not_sendable"] == codes({}, circle)


def test_a_default_is_accepted_even_outside_its_own_bounds():
    """Servers accept their own default."""
    part = {"type": "integer", "minimum": 1, "default": 0}

    assert [] == codes(part, 0)
    assert ["minimum"] == codes(part, -1)


def test_null_is_a_value_only_where_the_schema_says_so():
    """Silence is not null."""
    assert [] == codes({"type": ["string", "null"]}, None)
    assert ["type"] == codes({"type": "string"}, None)
    assert ["required"] == codes({"type": "string"}, None, required=["x"])
    assert ["type"] == codes({"type": "string", "format": "image_uri"}, None)


def test_a_number_without_bounds_takes_any_whole_number():
    """Kie's seed."""
    assert [] == codes({"type": "number"}, 10**30)
    assert ["type"] == codes({"type": "number"}, "42")


def test_a_name_the_schema_foresees_by_a_pattern_is_no_stranger():
    """A closed schema with `patternProperties` once refused the very names it asks for."""
    root = read_schema({"type": "object", "properties": {"a": {}}, "patternProperties": {"^x-": {"type": "string"}}, "additionalProperties": False}).root

    assert () == check(root, (), {"x-a": "1"})
    assert ["type"] == [problem.code for problem in check(root, (), {"x-a": 1})]
    assert ["unknown_name"] == [problem.code for problem in check(root, (), {"y": "1"})]


def test_every_other_name_is_judged_where_the_schema_says_how():
    """`additionalProperties` as a schema."""
    root = read_schema({"type": "object", "properties": {"a": {"type": "string"}}, "additionalProperties": {"type": "integer"}}).root

    assert () == check(root, (), {"a": "1", "b": 2})
    assert [(("b",), "type", True)] == [(found.pointer, found.code, found.blocking) for found in check(root, (), {"b": "no"})]


def test_an_unknown_name_inside_an_object_is_advice_too():
    """At any depth; a closed object refuses it."""
    inner = {"type": "object", "properties": {"a": {"type": "string"}}}
    root = read_schema({"properties": {"x": {"type": "array", "items": inner}, "y": {**inner, "additionalProperties": False}}}).root

    found = check(root, (), {"x": [{"a": "1"}, {"a": "1", "b": 2}], "y": {"c": 1}})
    assert [(("x", 1, "b"), "undocumented", False), (("y", "c"), "unknown_name", True)] == [(one.pointer, one.code, one.blocking) for one in found]
