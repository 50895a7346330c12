"""The reader and the checker against foreign material: the public JSON Schema test suite and real model schemas."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ipydarkroom.errors import InputError
from ipydarkroom.schema import check, payload, read_schema

CORPUS = Path(__file__).parents[3] / "shared" / "corpus"
SUITE = CORPUS / "json-schema-test-suite" / "tests" / "draft2020-12"
CLAIMED = frozenset({
    "$schema", "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "minLength", "maxLength", "pattern", "minItems", "maxItems",
})
ECMA_SPACES = "ECMA 262 \\s matches whitespace"  # JavaScript counts U+FEFF as white space, Python does not


def groups(*names: str) -> Iterator[tuple[str, dict[str, object]]]:
    """(file, group) for those files of the suite, or for all of them."""
    if not SUITE.is_dir():
        pytest.skip("the JSON Schema test suite does not lie beside this checkout")
    for file in [SUITE / f"{name}.json" for name in names] or sorted(SUITE.rglob("*.json")):
        yield from ((file.stem, group) for group in json.loads(file.read_text(encoding="utf-8")))


def as_property(schema: object) -> dict[str, object]:
    """The schema as the one property of an object; its definitions are where its references look for them."""
    definitions = {key: schema[key] for key in ("$defs",) if isinstance(schema, dict) and key in schema}
    return {"type": "object", "properties": {"x": schema}, **definitions}


def is_claimed(schema: object) -> bool:
    """Whether a schema uses only what the checker claims: one kind (not null), and values that are allowed at all."""
    if not isinstance(schema, dict) or not schema.keys() <= CLAIMED or schema.get("type") == "null":
        return False
    nothing_allowed = schema.get("enum") == [] or schema.get("const", 0) is None
    return not isinstance(schema.get("type"), list) and not nothing_allowed and "\\p{" not in str(schema.get("pattern"))


@pytest.mark.parametrize("keyword", sorted(CLAIMED - {"$schema"}))
def test_a_claimed_keyword_judges_as_the_suite_does(keyword):
    """Except that a bound without a type means a number here: the suite lets such a bound ignore everything else."""
    judged = 0
    for _, group in groups(keyword):
        if not is_claimed(group["schema"]):
            continue
        fields, notes = read_schema(as_property(group["schema"]))
        guessed = any(note.rule == "type_missing" for note in notes)
        for case in group["tests"]:
            problems = [problem.code for problem in check(fields, (), {"x": case["data"]})]
            if case["data"] is None or (case["valid"] and guessed and problems == ["type"]):
                continue
            judged += 1
            assert case["valid"] == (not problems), (group["description"], case["description"], problems)
    assert judged


def test_nothing_in_the_suite_raises_and_nothing_valid_is_refused():
    """All of it, claimed or not: what is not understood takes any value. Only a guessed kind may refuse."""
    seen = 0
    for file, group in groups():
        fields, notes = read_schema(as_property(group["schema"]))
        guessed = any(note.rule in ("type_missing", "type_unknown") for note in notes)
        for case in group["tests"]:
            seen += 1
            codes = {problem.code for problem in check(fields, (), {"x": case["data"]}) if problem.blocking}
            refused = codes - ({"type"} if guessed else set())
            assert not (case["valid"] and refused) or group["description"] == ECMA_SPACES, (file, group["description"], codes)
    assert seen > 2000


@pytest.mark.parametrize("path", sorted(CORPUS.glob("*/*.schema.json")), ids=lambda path: path.name)
def test_a_real_model_schema_becomes_a_form(path):
    """Every property has its field, every allowed value is offered as listed, and untouched fields stay silent."""
    schema = json.loads(path.read_text(encoding="utf-8"))

    fields, _ = read_schema(schema)

    assert set(schema["properties"]) == {field.name for field in fields}
    for field in fields:
        listed = schema["properties"][field.name].get("enum", [])
        assert listed == [choice.value for choice in field.choices][: len(listed)]
        assert field.kind != "any", field.name
    needed = {field.name for field in fields if field.required}
    assert needed == {problem.pointer[0] for problem in check(fields, (), {})}
    assert {} == payload(fields, (), {})


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
KEYWORDS = st.sampled_from(sorted((CLAIMED | {
    "default", "items", "format", "anyOf", "oneOf", "allOf", "$ref", "required", "properties", "nullable", "title",
    "description",
    "ge", "lt", "x-order", "enumNames", "prefixItems", "additionalProperties",
}) - {"$schema"}))
WORDS = st.sampled_from(["string", "integer", "array", "#", "#/properties/x", "uri", ["a", "b"]])
ODD = st.dictionaries(KEYWORDS, JSON | WORDS, max_size=6)


@settings(max_examples=150, deadline=None)
@given(part=ODD, root=ODD, value=JSON, name=st.text(max_size=6))
def test_no_odd_schema_raises_anything_but_input_error(part, root, value, name):
    """Whatever stands under whatever keyword: it is read, noted and judged."""
    schema = {**root, "type": "object", "properties": {name: part}}

    fields, notes = read_schema(schema)

    assert name in {field.name for field in fields}
    assert all(note.pointer.startswith(("/", "")) for note in notes)
    check(fields, (), {name: value, "another": value})


@given(schema=JSON)
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
    ],
    ids=["list of itself", "itself or null", "each the other", "eight of eight of eight"],
)
def test_a_schema_without_end_comes_to_one(definitions):
    """A circle is cut, and so is a document that doubles at every step."""
    fields, notes = read_schema({"type": "object", "properties": {"x": {"$ref": "#/$defs/a"}}, "$defs": definitions})

    assert ["x"] == [field.name for field in fields]
    assert {note.rule for note in notes} & {"unknown_reference", "too_deep", "anyOf"}
