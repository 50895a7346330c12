"""Values made from a tree pass its check, and one fault in them is told where it is."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from values_of import faults_of, values_of

from ipydarkroom.fields import UNSET
from ipydarkroom.models import Model
from ipydarkroom.schema import check, judge, payload, read_tree

NAMES = st.sampled_from(["prompt", "size", "width×height", "a/b", "", "class", "56_text", "image_urls ", "seed"])


def bounded(low: str, high: str, values: st.SearchStrategy) -> st.SearchStrategy:
    """Two bounds in order, either of them or none."""
    pairs = st.tuples(values, values).map(sorted)
    return st.one_of(st.just({}), pairs.map(lambda pair: {low: pair[0], high: pair[1]}), values.map(lambda one: {low: one}))


COUNTS = st.integers(0, 4)
STRINGS = st.one_of(
    bounded("minLength", "maxLength", COUNTS),
    st.sampled_from([{"pattern": "^#[0-9a-f]{6}$"}, {"pattern": "^[a-z]{1,3}$"}, {"format": "date"}, {"format": "uuid"}, {"format": "email"}]),
).map(lambda part: {"type": "string", **part})
INTEGERS = st.one_of(
    bounded("minimum", "maximum", st.integers(-(10**20), 10**20)).map(lambda part: {"type": "integer", **part}),
    st.builds(lambda low, step: {"type": "integer", "exclusiveMinimum": low, "exclusiveMaximum": low + 9 * step, "multipleOf": step},
              st.integers(-99, 99), st.integers(1, 9)),
)  # fmt: skip
NUMBERS = st.one_of(
    bounded("minimum", "maximum", st.floats(-1e9, 1e9)).map(lambda part: {"type": "number", **part}),
    st.builds(lambda low, step: {"type": "number", "minimum": low, "maximum": low + 20, "multipleOf": step},
              st.integers(-99, 99), st.sampled_from([0.1, 0.5, 0.25, 1, 2])),
)  # fmt: skip
ENUMS = st.lists(st.one_of(st.text(max_size=4), st.integers(), st.booleans()), min_size=1, max_size=4, unique_by=repr).map(
    lambda values: {"enum": values}
)
LEAVES = st.one_of(STRINGS, INTEGERS, NUMBERS, ENUMS, st.just({"type": "boolean"}), st.just({"$ref": "#/$defs/node"}))


def objects(inner: st.SearchStrategy) -> st.SearchStrategy:
    """Objects of such parts, some names required, open or closed."""
    return st.builds(
        lambda parts, needed, closed: {
            "type": "object", "properties": parts, "required": [name for name in parts if name in needed],
            **({"additionalProperties": False} if closed else {}),
        },
        st.dictionaries(NAMES, inner, max_size=4), st.sets(NAMES, max_size=3), st.booleans(),
    )  # fmt: skip


PARTS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        objects(inner),
        st.builds(lambda items, counts, unique: {"type": "array", "items": items, **counts, **({"uniqueItems": True} if unique else {})},
                  inner, bounded("minItems", "maxItems", st.integers(0, 1)), st.booleans()),
        st.builds(lambda items, counts: {"type": "array", "items": items, **counts}, inner, bounded("minItems", "maxItems", st.integers(0, 3))),
        inner.map(lambda part: {"anyOf": [part, {"type": "null"}]}),
        st.just({"oneOf": [{"type": "string", "minLength": 1}, {"type": "integer", "minimum": 3}]}),
    ),
    max_leaves=6,
)  # fmt: skip
NODE = {"type": "object", "properties": {"value": {"type": "integer"}, "next": {"$ref": "#/$defs/node"}}, "required": ["value"]}
DOCUMENTS = objects(PARTS).map(lambda root: {**root, "$defs": {"node": NODE}})
patient = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow, HealthCheck.data_too_large])


@patient
@given(document=DOCUMENTS, data=st.data())
def test_a_value_made_from_the_tree_passes(document, data):
    """The keywords of a schema say the same to who makes a value and to who judges it."""
    tree, _ = read_tree(document)
    value = data.draw(values_of(tree))

    assert () == judge(tree, (), value)


@patient
@given(document=DOCUMENTS, data=st.data())
def test_one_fault_is_told_where_it_is(document, data):
    """Deep in lists and objects too, with the code that says which."""
    tree, _ = read_tree(document)
    value = data.draw(values_of(tree))
    faults = list(faults_of(tree, value))
    where, wrong, code = data.draw(st.sampled_from(faults))

    told = {problem.code for problem in judge(tree, (), wrong) if problem.pointer == where}
    assert code in told or (code == "no_branch" and told)  # where one branch was meant, its own problem is told


@patient
@given(document=DOCUMENTS, data=st.data())
def test_what_fits_the_schema_is_sent_as_it_is(document, data):
    """A form changes nothing of it; it only finds an empty required text missing, and an odd name unwise."""
    model = Model.from_schema(document)
    value = data.draw(values_of(model.root))

    assert value == payload(model.root, model.rules, value)
    found = [problem for problem in check(model.root, model.rules, value) if problem.blocking]
    assert {problem.code for problem in found} <= {"required"}
    for problem in found:
        said = value
        for step in problem.pointer:
            said = said[step]
        assert said in ("", UNSET)
