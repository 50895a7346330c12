"""Conditions, check and payload are one truth: properties of made-up schemas, and the schema's own judgement beside ours."""

from __future__ import annotations

import copy

from hypothesis import given, note, settings
from hypothesis import strategies as st

from ipydarkroom.fields import Rule
from ipydarkroom.schema import check, conditions, judge, payload, read_schema, read_tree, shown

# A few dozen examples of each keep watch.
NAMES = ("a", "b", "c", "d", "kind")
name = st.sampled_from(NAMES)
part = st.sampled_from([{"type": "integer"}, {"type": "integer", "maximum": 2}, {"enum": [0, 1, 3]}, {"const": 1}, {"type": "integer", "minimum": 1}])
properties = st.dictionaries(name, part, max_size=3)
demands = st.fixed_dictionaries({"properties": properties, "required": st.lists(name, max_size=2, unique=True)})
refusing = st.builds(lambda one: {"properties": {one: False}}, name)
condition = st.one_of(
    st.builds(lambda one, value: {"properties": {one: {"const": value}}, "required": [one]}, name, st.integers(0, 3)),
    st.builds(lambda one, value: {"properties": {one: {"const": value}}}, name, st.integers(0, 3)),
    st.builds(lambda one: {"required": [one]}, name),
    st.builds(lambda one: {"not": {"required": [one]}}, name),
)
consequence = st.one_of(demands, refusing)
conditional = st.one_of(
    st.builds(lambda when, then: {"if": when, "then": then}, condition, consequence),
    st.builds(lambda when, then, other: {"if": when, "then": then, "else": other}, condition, consequence, consequence),
    st.builds(lambda one, wanted: {"dependentRequired": {one: [wanted]}}, name, name),
    st.builds(lambda one, then: {"dependentSchemas": {one: then}}, name, demands),
    st.builds(lambda one, then: {"dependencies": {one: then}}, name, demands),
)
branches = st.builds(
    lambda parts: [
        {"properties": {**each["properties"], "kind": {"const": at}}, "required": [*each["required"], "kind"]} for at, each in enumerate(parts)
    ],
    st.lists(demands, min_size=2, max_size=3),
)
plain = st.builds(
    lambda own, several, variants: {
        "type": "object", "properties": own, "allOf": several, **({"oneOf": variants} if variants else {}),
    },
    properties, st.lists(conditional, max_size=3), st.one_of(st.none(), branches),
)  # fmt: skip
rules = st.lists(
    st.builds(Rule, st.sampled_from(["only_when", "instead_of", "not_with", "needs"]), name, name, st.integers(0, 3)).filter(
        lambda rule: rule.field != rule.other
    ), max_size=2,
)  # fmt: skip
values = st.dictionaries(st.sampled_from([*NAMES, "other"]), st.integers(0, 3), max_size=5)


@settings(max_examples=80, deadline=None)
@given(schema=plain, rules=rules, said=values)
def test_what_is_not_shown_is_not_sent_and_stays_in_the_draft(schema, rules, said):
    """Whatever the conditions are; nothing is added, nothing of what was given is changed, and each shown field has a standing."""
    root, draft = read_schema(schema).root if schema["properties"] or "oneOf" in schema else read_tree(schema)[0], copy.deepcopy(said)
    found = conditions(root, rules)
    standing, sent = found.standing(said), payload(root, rules, said)

    assert said == draft
    assert sent.items() <= said.items()
    assert all(standing[each].shown for each in sent if each in standing)
    assert shown(root, rules, said) == {each for each, one in standing.items() if one.shown}
    assert {field.name for field in found.fields(said)} <= standing.keys()
    assert all(field.required == standing[field.name].required for field in found.fields(said) if standing[field.name].shown)
    hidden = {problem.pointer[0] for problem in check(root, rules, said) if problem.code == "does_not_count"}
    assert {each for each in said if each in standing and not standing[each].shown} - {rule.other for rule in rules} <= hidden


@settings(max_examples=150, deadline=None)
@given(schema=plain, said=values)
def test_what_passes_the_check_passes_the_schema(schema, said):
    """The schema's own keywords take what is sent, and what they take as it was given does not block here."""
    if not schema["properties"] and "oneOf" not in schema:
        return
    root, tree = read_schema(schema).root, read_tree(schema)[0]
    sent = payload(root, (), said)
    blocked = [problem for problem in check(root, (), said) if problem.blocking]
    note(f"{schema}\n{said} {sent}\n{blocked}")

    if not blocked:
        assert () == judge(tree, (), sent)
    if not judge(tree, (), said):
        assert [] == blocked or sent != said


@settings(max_examples=60, deadline=None)
@given(schema=plain, said=values)
def test_a_level_inside_is_judged_as_at_the_top(schema, said):
    """The same object below a property: the same problems, one step further down."""
    if not schema["properties"] and "oneOf" not in schema:
        return
    top = read_schema(schema).root
    inner = read_schema({"type": "object", "properties": {"o": schema}}).root

    blocked = {(problem.pointer, problem.code) for problem in check(inner, (), {"o": said}) if problem.blocking}
    assert {(("o", *problem.pointer), problem.code) for problem in check(top, (), said) if problem.blocking} == blocked
    assert {"o": payload(top, (), said)} == payload(inner, (), {"o": said})


@settings(max_examples=60, deadline=None)
@given(schema=plain, rules=rules, said=values, more=values)
def test_nothing_changes_while_no_name_that_is_read_does(schema, rules, said, more):
    """A form asks again only when one of these changes."""
    root = read_schema(schema).root if schema["properties"] or "oneOf" in schema else read_tree(schema)[0]
    found = conditions(root, rules)
    other = {**{each: value for each, value in more.items() if each not in found.reads}, **{each: said[each] for each in found.reads if each in said}}

    assert found.standing(said) == found.standing(other)
    assert found.fields(said) == found.fields(other)
