"""Any JSON document is a tree, in time: whatever stands under whatever keyword, and whatever turns in circles."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from ipydarkroom.errors import InputError
from ipydarkroom.models import Model
from ipydarkroom.schema import check, judge, payload, read_schema, read_tree

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYWORDS = st.sampled_from([
    "$anchor", "$defs", "$id", "$ref", "additionalProperties", "allOf", "anyOf", "const", "contains", "default", "dependentRequired",
    "dependentSchemas", "deprecated", "description", "discriminator", "else", "enum", "enumNames", "example", "examples",
    "exclusiveMaximum", "exclusiveMinimum", "format", "ge", "if", "items", "lt", "maxContains", "maxItems", "maxLength", "maximum",
    "minContains", "minItems", "minLength", "minimum", "multipleOf", "not", "nullable", "oneOf", "pattern", "patternProperties",
    "prefixItems", "properties", "propertyNames", "readOnly", "required", "then", "title", "type", "ui", "unevaluatedProperties",
    "uniqueItems", "validations", "x-apidog-enum", "x-apidog-orders", "x-apidog-refs", "x-cog-accept", "x-order",
])  # fmt: skip
WORDS = st.sampled_from([
    "string", "integer", "array", "null", "float", "#", "#/properties/x", "#/$defs/a", "uri", "image", ["a", "b"], ["string", "null"],
    {"$ref": "#"}, {"$ref": "#/properties/x"}, {"type": "string"}, [{"$ref": "#"}, {"type": "null"}], "(a+)+$", "[", "http://[",
])  # fmt: skip
SCHEMAS = st.recursive(
    st.dictionaries(KEYWORDS, JSON | WORDS, max_size=6),
    lambda inner: st.dictionaries(KEYWORDS, inner | st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abx"), inner, max_size=3)),
    max_leaves=10,
)


@contextlib.contextmanager
def within_a_second() -> Iterator[None]:
    """Of this process's own time: what else the machine does is not the schema's fault."""
    started = time.process_time()
    yield
    assert time.process_time() - started < 1


@settings(max_examples=150, deadline=None)
@given(document=JSON | SCHEMAS, value=JSON)
def test_any_document_is_a_tree_and_judges_any_value(document, value):
    """True, 7 and a list are schemas like any other; what makes no sense takes any value."""
    with within_a_second():
        tree, notes = read_tree(document)
        problems = judge(tree, (), value)

    assert all(note.pointer == "" or note.pointer.startswith("/") for note in notes)
    assert all(problem.pointer == () or isinstance(problem.code, str) for problem in problems)
    assert hash(tree) == hash(read_tree(document)[0])
    assert repr(notes)


@settings(max_examples=150, deadline=None)
@given(part=SCHEMAS, root=SCHEMAS, value=JSON, name=st.text(max_size=6))
def test_no_odd_object_schema_is_refused(part, root, value, name):
    """It is read, noted and judged, whatever stands beside its properties."""
    for word in ("$ref", "allOf", "not", "anyOf", "oneOf"):
        root.pop(word, None)

    with within_a_second():
        model = Model.from_schema({**root, "type": "object", "properties": {name: part}})

    assert name in {field.name for field in model.fields}
    assert {} == payload(model.root, model.rules, {})
    check(model.root, model.rules, {name: value, "another": value})


@settings(max_examples=100, deadline=None)
@given(schema=JSON | SCHEMAS)
@example(schema=[])
def test_a_document_is_a_form_or_is_refused_with_a_sentence(schema):
    """Lists, numbers, text: none of them is the schema of an object."""
    try:
        read_schema(schema)
    except InputError as error:
        assert error.next_step


@pytest.mark.parametrize(
    "definitions",
    [
        {"a": {"type": "array", "items": {"$ref": "#/$defs/a"}}},
        {"a": {"anyOf": [{"$ref": "#/$defs/a"}, {"type": "null"}]}},
        {"a": {"allOf": [{"$ref": "#/$defs/b"}]}, "b": {"allOf": [{"$ref": "#/$defs/a"}]}},
        {name: {"allOf": [{"$ref": f"#/$defs/{chr(ord(name) + 1)}"}] * 8} for name in "abcdefghij"},
        {name: {"anyOf": [{"$ref": f"#/$defs/{chr(ord(name) + 1)}"}] * 8} for name in "abcdefghij"},
        {name: {"properties": {str(at): {"$ref": f"#/$defs/{chr(ord(name) + 1)}"} for at in range(8)}} for name in "abcdefghij"},
    ],
    ids=["list of itself", "itself or null", "each the other", "eight of eight", "eight branches of eight", "eight properties of eight"],
)
def test_a_schema_without_end_comes_to_one(definitions):
    """A circle is cut or opened on demand, and so is a document that multiplies at every step."""
    with within_a_second():
        read = read_schema({"type": "object", "properties": {"x": {"$ref": "#/$defs/a"}}, "$defs": definitions})

    assert ["x"] == [field.name for field in read.fields]
    judge(read.root, (), {"x": [[[[]]]]})


def test_a_tree_of_itself_opens_one_level_at_a_time():
    """As deep as a value goes, and no deeper."""
    node = {"type": "object", "properties": {"value": {"type": "integer"}, "children": {"type": "array", "items": {"$ref": "#/$defs/node"}}}}
    root = read_schema({"type": "object", "properties": {"tree": {"$ref": "#/$defs/node"}}, "$defs": {"node": node}}).root

    stub = root.children[0].children[1].items

    assert ("any", "object") == (stub.kind, stub.opened().kind)
    assert stub.opened() is stub.opened()
    wrong = {"tree": {"children": [{"value": 1, "children": [{"value": "two"}]}]}}
    assert [("tree", "children", 0, "children", 0, "value")] == [problem.pointer for problem in judge(root, (), wrong)]


@pytest.mark.parametrize("word", ["items", "enum", "default", "not", "anyOf", "x-deep"])
def test_a_document_deeper_than_anything_real_is_cut(word):
    """Before anything walks through it."""
    deep: object = {}
    for _ in range(5000):
        deep = {word: [deep]} if word in ("anyOf", "enum") else {word: deep}

    read = read_schema({"type": "object", "properties": {"x": deep, "y": deep}})

    assert "too_deep" in {note.rule for note in read.notes}
    assert repr(read.notes)
    assert isinstance(judge(read.root, (), {"x": deep}), tuple)


def test_a_value_deeper_than_anything_real_is_not_followed():
    """Neither by the checker nor by what makes JSON of it."""
    deep: object = 1
    for _ in range(5000):
        deep = [deep]
    root = read_schema({"type": "object", "properties": {"x": {"type": "array", "items": {"$ref": "#/properties/x"}}}}).root

    assert {"not_sendable"} >= {problem.code for problem in check(root, (), {"x": deep})}
