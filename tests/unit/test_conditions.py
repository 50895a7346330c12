"""Conditions between fields: which are shown, may be changed and must be given, by every keyword and rule, at every level."""

from __future__ import annotations

import pytest

from ipydarkroom.catalog import find
from ipydarkroom.fields import Field, Rule
from ipydarkroom.schema import check, conditions, payload, read_schema, shown

TEXT, NUMBER = {"type": "string"}, {"type": "integer"}
MODE = {"enum": ["auto", "off"], "default": "off"}


def root(**schema):
    """The tree of an object schema."""
    return read_schema({"type": "object", **schema}).root


def when(name, value):
    """An `if` about one value."""
    return {"properties": {name: {"const": value}}}


def names(of, values, rules=()):
    """The fields that are there and shown, in their order."""
    found = conditions(of, rules)
    standing = found.standing(values)
    return [field.name for field in found.fields(values) if standing[field.name].shown]


def needed(of, values, rules=()):
    """The names that must be given."""
    return {name for name, found in conditions(of, rules).standing(values).items() if found.required}


def told(of, values, rules=()):
    """Problems as name (or place), code and whether they block."""
    return [(problem.pointer[0] if len(problem.pointer) == 1 else problem.pointer, problem.code, problem.blocking)
            for problem in check(of, rules, values)]  # fmt: skip


# --- a form without conditions


def test_without_conditions_nothing_is_computed():
    """A hundred flat fields are handed back as they are, whatever the values."""
    of = root(properties={f"f{at}": NUMBER for at in range(100)}, required=["f1"])
    found = conditions(of)

    assert (False, frozenset()) == (found.conditional, found.reads)
    assert found.fields({}) is of.children
    assert found.standing({}) is found.standing({"f2": 1})
    assert {"f1"} == needed(of, {})


def test_conditions_are_compiled_once():
    """Asked again with the same tree and rules, the same answer."""
    of, rule = root(properties={"a": NUMBER, "b": NUMBER}), Rule("only_when", "a", "b", 1)

    assert conditions(of) is conditions(of)
    assert conditions(of, (rule,)) is conditions(of, [rule])
    assert conditions(of, (rule,)) is not conditions(of)


# --- if, then, else


SWITCH = root(
    properties={"mode": MODE, "size": NUMBER},
    **{"if": when("mode", "auto"), "then": {"properties": {"count": {"type": "integer", "maximum": 9, "default": 4}}, "required": ["count"]},
       "else": {"required": ["size"]}},
)  # fmt: skip


def test_then_brings_a_field_and_demands_it():
    """A field only `then` knows is there while the condition holds; an untouched field's default counts."""
    assert {"mode"} == conditions(SWITCH).reads
    assert ["mode", "size"] == names(SWITCH, {})
    assert {"size"} == needed(SWITCH, {})
    assert ["mode", "size", "count"] == names(SWITCH, {"mode": "auto"})
    assert {"count"} == needed(SWITCH, {"mode": "auto"})
    assert conditions(SWITCH).standing({"mode": "auto"})["count"].prefilled


def test_what_then_brings_is_judged_and_sent_and_leaves_with_it():
    """Hidden it is advice, and stays out of what is sent."""
    assert [("count", "required_when", True)] == told(SWITCH, {"mode": "auto"})
    assert [("count", "maximum", True)] == told(SWITCH, {"mode": "auto", "count": 10})
    assert {"mode": "auto", "count": 3} == payload(SWITCH, (), {"mode": "auto", "count": 3.0})
    assert [("count", "does_not_count", False)] == told(SWITCH, {"size": 1, "count": 10})
    assert {"size": 1} == payload(SWITCH, (), {"size": 1, "count": 10})


def test_the_reason_is_told():
    """A value where the condition is about one, else the names it is about."""
    both = root(properties={"a": NUMBER, "b": NUMBER, "c": NUMBER}, **{
        "if": {"properties": {"a": {"minimum": 2}, "b": {"const": 1}}, "required": ["a", "b"]}, "then": {"required": ["c"]},
    })  # fmt: skip

    assert ("problem.required_when", {"other": "mode", "value": "auto"}) == conditions(SWITCH).standing({"mode": "auto"})["count"].why
    assert ("problem.required_now", {"names": "mode"}) == conditions(SWITCH).standing({})["size"].why
    assert ("problem.does_not_count", {}) == conditions(SWITCH).standing({})["count"].why
    assert ("problem.required_now", {"names": "a, b"}) == conditions(both).standing({"a": 2, "b": 1})["c"].why
    assert {"a", "b"} == conditions(both).reads


def test_an_absent_field_without_a_default_passes_an_if():
    """As JSON Schema has it: `properties` says nothing about a name that is not there; `required` does."""
    loose = root(properties={"a": TEXT, "b": TEXT}, **{"if": when("a", "x"), "then": {"required": ["b"]}})
    strict = root(properties={"a": TEXT, "b": TEXT}, **{"if": {**when("a", "x"), "required": ["a"]}, "then": {"required": ["b"]}})

    assert {"b"} == needed(loose, {})
    assert set() == needed(strict, {})
    assert set() == needed(loose, {"a": "y"})
    assert [("b", "required_when", True)] == told(loose, {"a": "x", "b": ""})


def test_several_conditions_stand_in_all_of():
    """Each part of `allOf` has its own."""
    of = root(properties={"kind": {"enum": ["a", "b", "c"], "default": "a"}}, allOf=[
        {"if": when("kind", value), "then": {"properties": {f"of_{value}": TEXT}, "required": [f"of_{value}"]}} for value in ("a", "b")
    ])  # fmt: skip

    assert ["kind", "of_a"] == names(of, {})
    assert ["kind", "of_b"] == names(of, {"kind": "b"})
    assert ["kind"] == names(of, {"kind": "c"})
    assert ["of_b"] == [field.name for field in conditions(of).fields({"kind": "b"}) if field.required and field.name != "kind"]


def test_then_narrows_a_field_that_is_there():
    """Bounds and choices are the narrower of both; a default that does not fit then is none; the names of choices stay."""
    of = root(
        properties={"fast": {"type": "boolean", "default": False}, "steps": {"type": "integer", "minimum": 1, "maximum": 50, "default": 30},
                    "size": {"enum": ["s", "m", "l"], "enumNames": ["Small", "Middle", "Large"]}},
        **{"if": when("fast", True), "then": {"properties": {"steps": {"maximum": 8}, "size": {"enum": ["s", "m"]}}}},
    )  # fmt: skip
    _, steps, size = conditions(of).fields({"fast": True})

    assert (1, 8, False) == (steps.minimum, steps.maximum, bool(steps.default))
    assert ["Small", "Middle"] == [choice.label for choice in size.choices]
    assert (50, 30) == (conditions(of).fields({})[1].maximum, conditions(of).fields({})[1].default)
    assert [("steps", "maximum", True), ("size", "choice", True)] == told(of, {"fast": True, "steps": 9, "size": "l"})
    assert [] == told(of, {"steps": 9, "size": "l"})


def test_what_a_condition_repeats_of_its_own_field_narrows_nothing():
    """`then: {mode: {const: auto}}` must leave the other choices, or nobody could leave it again."""
    of = root(properties={"mode": MODE}, **{"if": when("mode", "auto"), "then": {"properties": {"mode": {"const": "auto"}, "n": NUMBER}}})

    assert 2 == len(conditions(of).fields({"mode": "auto"})[0].choices)
    assert ["mode", "n"] == names(of, {"mode": "auto"})


@pytest.mark.parametrize("word", [{"properties": {"size": False}}, {"not": {"required": ["size"]}}])
def test_a_part_may_refuse_a_name(word):
    """Then it is not shown, and not sent."""
    of = root(properties={"mode": MODE, "size": NUMBER}, **{"if": when("mode", "auto"), "then": word})

    assert ["mode", "size"] == names(of, {})
    assert ["mode"] == names(of, {"mode": "auto"})
    assert [("size", "does_not_count", False)] == told(of, {"mode": "auto", "size": 1})
    assert {"mode": "auto"} == payload(of, (), {"mode": "auto", "size": 1})


def test_a_condition_in_a_then_counts_while_that_does():
    """Parts of parts."""
    of = root(properties={"a": NUMBER}, **{
        "if": {**when("a", 1), "required": ["a"]},
        "then": {"properties": {"b": NUMBER}, "if": {**when("b", 2), "required": ["b"]}, "then": {"properties": {"c": TEXT}, "required": ["c"]}},
    })  # fmt: skip

    assert {"a", "b"} == conditions(of).reads
    assert ["a"] == names(of, {"b": 2})
    assert ["a", "b", "c"] == names(of, {"a": 1, "b": 2})
    assert [("b", "does_not_count", False)] == told(of, {"b": 2})


def test_what_is_hidden_hides_what_hangs_on_it():
    """A value that is not sent cannot bring anything in, nor can its default."""
    of = root(properties={"a": NUMBER, "b": {**NUMBER, "default": 2}, "c": TEXT})
    rules = (Rule("only_when", "b", "a", 1), Rule("only_when", "c", "b", 2))

    assert ["a"] == names(of, {"b": 2}, rules)
    assert ["a", "b", "c"] == names(of, {"a": 1}, rules)


def test_conditions_in_a_circle_come_to_an_end():
    """Each hides the other: some answer is given, and what is sent keeps to it."""
    of = root(properties={"a": {**NUMBER, "default": 1}, "b": {**NUMBER, "default": 1}})
    rules = (Rule("only_when", "a", "b", 2), Rule("only_when", "b", "a", 1))
    values = {"a": 1, "b": 2}

    assert set(payload(of, rules, values)) <= shown(of, rules, values)


# --- dependents


@pytest.mark.parametrize("word", ["dependentRequired", "dependencies"])
def test_a_name_that_is_given_may_demand_another(word):
    """What counts is that it is there: false and the empty text are, an untouched default is not."""
    of = root(properties={"a": {"type": "boolean", "default": True}, "b": TEXT}, **{word: {"a": ["b"]}})

    assert set() == needed(of, {})
    assert {"b"} == needed(of, {"a": False})
    assert ("problem.depends", {"other": "a"}) == conditions(of).standing({"a": True})["b"].why
    assert [("b", "depends", True)] == told(of, {"a": False})
    assert {"a"} == conditions(of).reads


@pytest.mark.parametrize("word", ["dependentSchemas", "dependencies"])
def test_a_name_that_is_given_may_bring_fields(word):
    """`dependentSchemas`, and draft 7's word for it."""
    of = root(properties={"card": TEXT}, **{word: {"card": {"properties": {"address": TEXT}, "required": ["address"]}}})

    assert ["card"] == names(of, {})
    assert ["card", "address"] == names(of, {"card": ""})
    assert [("address", "depends", True)] == told(of, {"card": "1"})
    assert {} == payload(of, (), {"address": "x"})


def test_dependencies_of_one_field_by_its_values():
    """The way forms wrote conditions before there was `if`: `dependencies` with a branch for each value."""
    of = root(properties={"mode": {"enum": ["auto", "off"]}}, dependencies={"mode": {"oneOf": [
        {"properties": {"mode": {"const": "off"}}}, {"properties": {"mode": {"const": "auto"}, "n": NUMBER}, "required": ["n"]},
    ]}})  # fmt: skip

    assert ["mode"] == names(of, {})
    assert ["mode"] == names(of, {"mode": "off"})
    assert ["mode", "n"] == names(of, {"mode": "auto"})
    assert 2 == len(conditions(of).fields({"mode": "auto"})[0].choices)
    assert [("n", "required_when", True)] == told(of, {"mode": "auto"})


# --- a discriminator


BRANCHES = [
    {"title": "A", "properties": {"kind": {"const": "a"}, "x": {"type": "integer", "maximum": 5}, "only_a": TEXT}, "required": ["kind", "only_a"]},
    {"title": "B", "properties": {"kind": {"const": "b"}, "x": {"type": "integer", "maximum": 9}, "only_b": TEXT}, "required": ["kind"]},
]  # fmt: skip
TOLD_APART = root(properties={"seed": NUMBER}, oneOf=BRANCHES)


def test_the_discriminator_decides_which_fields_are_shown():
    """Those of the chosen branch, in its own version; before anything is chosen, those of every branch."""
    assert ["seed", "kind", "x"] == names(TOLD_APART, {})
    assert ["seed", "kind", "x", "only_a"] == names(TOLD_APART, {"kind": "a"})
    assert {"kind", "only_a"} == needed(TOLD_APART, {"kind": "a"})
    assert [5, 9] == [{field.name: field for field in conditions(TOLD_APART).fields({"kind": kind})}["x"].maximum for kind in "ab"]
    assert ("rule.only_when", {"other": "kind", "value": "a"}) == conditions(TOLD_APART).standing({"kind": "b"})["only_a"].why
    assert ["a", "b"] == [choice.value for choice in conditions(TOLD_APART).fields({"kind": "a"})[1].choices]


def test_what_belongs_to_another_branch_is_not_sent():
    """And it is said; the chosen branch's own bounds are judged."""
    values = {"kind": "b", "x": 7, "only_a": "t"}

    assert {"kind": "b", "x": 7} == payload(TOLD_APART, (), values)
    assert [("only_a", "does_not_count", False)] == told(TOLD_APART, values)
    assert [("x", "maximum", True)] == told(TOLD_APART, {"kind": "a", "x": 7, "only_a": "t"})
    assert [("only_a", "required_when", True)] == told(TOLD_APART, {"kind": "a"})
    assert [("kind", "required", True)] == told(TOLD_APART, {"x": 1})


def test_without_a_discriminator_every_variant_is_shown():
    """As nothing tells them apart, the inputs do."""
    of = root(oneOf=[{"properties": {"a": TEXT}, "required": ["a"]}, {"properties": {"b": TEXT}, "required": ["b"]}])

    assert ["a", "b"] == names(of, {})
    assert {("a", "one_needed", True), ("b", "one_needed", True)} == set(told(of, {}))
    assert not conditions(of).conditional


def test_a_discriminator_that_may_stay_away_decides_only_when_it_is_said():
    """Without it, an object fits every branch."""
    of = root(anyOf=[{"properties": {"kind": {"const": kind}, f"only_{kind}": TEXT}} for kind in "ab"])

    assert ["kind", "only_a", "only_b"] == names(of, {})
    assert ["kind", "only_a"] == names(of, {"kind": "a"})


def test_the_default_of_a_discriminator_chooses():
    """As the server would."""
    of = root(properties={"kind": {"enum": ["a", "b"], "default": "b"}}, oneOf=BRANCHES)

    assert ["kind", "x", "only_b"] == names(of, {})
    assert [("kind", "required", True)] == told(of, {"x": 1})


def test_a_demonstration_in_a_branch_is_no_default():
    """Where each branch has its own version of a prompt, nobody pays for the page's example by choosing one."""
    of = root(oneOf=[
        {"properties": {"kind": {"const": kind}, "prompt": {"type": "string", "maxLength": 100 + at, "default": f"A fox in the snow, number {at}"}},
         "required": ["kind", "prompt"]} for at, kind in enumerate("ab")
    ])  # fmt: skip
    prompt = conditions(of).fields({"kind": "b"})[1]

    assert (101, False) == (prompt.max_length, bool(prompt.default))


def test_a_discriminator_that_only_a_part_knows_can_be_chosen():
    """`dependentSchemas` with branches: nothing else defines it, so it is always there, with the values of all branches."""
    of = root(properties={"on": {"type": "boolean"}}, dependentSchemas={"on": {"oneOf": BRANCHES}})
    kind = conditions(of).fields({})[1]

    assert ("kind", ["a", "b"]) == (kind.name, [choice.value for choice in kind.choices])
    assert ["on", "kind", "x", "only_b"] == names(of, {"on": True, "kind": "b"})
    assert [("only_a", "required_when", True)] == told(of, {"on": True, "kind": "a"})


# --- inside objects and lists


INNER = {
    "type": "object", "properties": {"mode": MODE, "n": NUMBER},
    "if": when("mode", "auto"), "then": {"properties": {"extra": {"type": "integer", "minimum": 1}}, "required": ["extra"]},
}  # fmt: skip


@pytest.mark.parametrize(("place", "part", "put"), [
    (("o",), INNER, lambda value: value), (("o", 0), {"type": "array", "items": INNER}, lambda value: [value]),
    (("o", "p"), {"type": "object", "properties": {"p": INNER}}, lambda value: {"p": value}),
])  # fmt: skip
def test_conditions_hold_at_every_level(place, part, put):
    """In an object, in a list's objects, in an object of an object: judged, told and sent as at the top."""
    of = root(properties={"o": part})

    def found(value):
        return [(problem.pointer, problem.code, problem.blocking) for problem in check(of, (), {"o": put(value)})]

    assert [] == found({"n": 1})
    assert [((*place, "extra"), "required_when", True)] == found({"mode": "auto"})
    assert [((*place, "extra"), "minimum", True)] == found({"mode": "auto", "extra": 0})
    assert [((*place, "extra"), "does_not_count", False)] == found({"extra": 0})
    assert [((*place, "other"), "undocumented", False)] == found({"other": 0})
    assert {"o": put({"mode": "off", "n": 3})} == payload(of, (), {"o": put({"mode": "off", "n": 3.0, "extra": 1})})


def test_the_level_inside_is_asked_like_the_top():
    """By its own field, with its own values."""
    inner = root(properties={"o": INNER}).children[0]

    assert ["mode", "n"] == names(inner, {})
    assert ["mode", "n", "extra"] == names(inner, {"mode": "auto"})
    assert {"extra"} == needed(inner, {"mode": "auto"})


def test_a_discriminator_inside_decides_there():
    """The fields of an object inside are its own and those of the chosen branch."""
    of = root(properties={"o": {"type": "object", "properties": {"seed": NUMBER}, "oneOf": BRANCHES}})

    assert ["seed", "kind", "x", "only_a"] == names(of.children[0], {"kind": "a"})
    assert {"o": {"kind": "b"}} == payload(of, (), {"o": {"kind": "b", "only_a": "t"}})
    assert [(("o", "only_a"), "required_when", True)] == told(of, {"o": {"kind": "a"}})
    assert [(("o", "x"), "maximum", True)] == told(of, {"o": {"kind": "b", "x": 10}})


def test_then_may_speak_of_what_is_inside_a_field():
    """`then: {o: {required: [a]}}` makes a required at the level below."""
    of = root(properties={"on": {"type": "boolean"}, "o": {"type": "object", "properties": {"a": TEXT, "b": TEXT}}}, **{
        "if": {**when("on", True), "required": ["on"]}, "then": {"properties": {"o": {"required": ["a"]}}},
    })  # fmt: skip
    still, now = conditions(of).fields({})[1], conditions(of).fields({"on": True})[1]

    assert (set(), {"a"}) == (needed(still, {}), needed(now, {}))
    assert [(("o", "a"), "required", True)] == told(of, {"on": True, "o": {"b": "x"}})
    assert [] == told(of, {"o": {"b": "x"}})


# --- rules


PAIR = root(properties={"a": {**NUMBER, "default": 1}, "b": {"type": "boolean"}, "c": {"enum": ["x", "y"], "default": "x"}}, required=["c"])


def test_only_when_shows_while_the_other_has_the_value():
    """Its default counts."""
    rules = (Rule("only_when", "a", "c", "y"),)

    assert ["b", "c"] == names(PAIR, {}, rules)
    assert ["a", "b", "c"] == names(PAIR, {"c": "y"}, rules)
    assert ("rule.only_when", {"other": "c", "value": "y"}) == conditions(PAIR, rules).standing({})["a"].why
    assert {"a", "c"} == conditions(PAIR, rules).reads


def test_instead_of_takes_the_place_and_lifts_the_mark():
    """The other is drawn, not to be changed, not required and not sent."""
    rules = (Rule("instead_of", "a", "c"),)
    standing = conditions(PAIR, rules).standing({"a": 1, "c": "x"})["c"]

    assert (True, False, False) == (standing.shown, standing.enabled, standing.required)
    assert ("problem.not_together", {"other": "a"}) == standing.why
    assert {"a": 1} == payload(PAIR, rules, {"a": 1, "c": "x"})
    assert {"c"} == needed(PAIR, {}, rules)


def test_not_with_shuts_the_one_while_the_other_is_given():
    """In both directions; a switch that is off is not given; where both are, either can be cleared."""
    rules = (Rule("not_with", "a", "b"),)

    def enabled(values):
        return {name for name, found in conditions(PAIR, rules).standing(values).items() if found.enabled}

    assert {"a", "b", "c"} == enabled({}) == enabled({"b": False}) == enabled({"a": 1, "b": True})
    assert {"a", "c"} == enabled({"a": 1})
    assert {"b", "c"} == enabled({"b": True})
    assert ("rule.not_with", {"other": "a"}) == conditions(PAIR, rules).standing({"a": 1})["b"].why
    assert [("a", "not_both", True)] == told(PAIR, {"a": 1, "b": True, "c": "x"}, rules)


def test_what_is_required_is_never_shut():
    """Or a form could not be finished."""
    assert conditions(PAIR, (Rule("not_with", "a", "c"),)).standing({"a": 1})["c"].enabled


def test_needs_makes_the_other_required():
    """With the reason."""
    rules = (Rule("needs", "a", "b"),)

    assert {"c"} == needed(PAIR, {}, rules)
    assert {"b", "c"} == needed(PAIR, {"a": 1}, rules)
    assert ("problem.depends", {"other": "a"}) == conditions(PAIR, rules).standing({"a": 1})["b"].why
    assert [("b", "depends", True)] == told(PAIR, {"a": 1, "c": "x"}, rules)


# --- the bundled models


def test_auto_brings_how_many_images_into_view_and_prefills_it():
    """Seedream: what says how many pictures are paid for is sent, not left to silence; switched off, it is only kept."""
    model = find("bytedance/seedream-5/lite/text-to-image")
    found = conditions(model.root, model.rules)
    auto = {"prompt": "a fox", "sequential_image_generation": "auto"}

    assert "max_images" not in names(model.root, {"prompt": "a fox"}, model.rules)
    assert "max_images" in names(model.root, auto, model.rules)
    assert (True, False) == (found.standing(auto)["max_images"].prefilled, found.standing(auto)["max_images"].required)
    assert not found.standing({})["max_images"].prefilled
    assert () == model.problems(auto)
    assert auto == payload(model.root, model.rules, auto)
    assert {"prompt": "a fox"} == payload(model.root, model.rules, {"prompt": "a fox", "max_images": 15})


def test_style_codes_stand_in_for_the_style():
    """Kie's reframe: codes take the place of the required style."""
    model = find("kie:ideogram/v3-reframe")
    standing = conditions(model.root, model.rules).standing({"style": "AUTO", "style_codes": ["A1B2C3D4"]})

    assert (True, False, False) == (standing["style"].shown, standing["style"].enabled, standing["style"].required)
    assert standing["style_codes"].enabled
    assert conditions(model.root, model.rules).standing({"style": "AUTO"})["style"].required


# --- foreign schemas


def test_a_part_that_lies_in_itself_comes_to_an_end():
    """`then: {$ref: "#"}`, and a condition of a hundred levels."""
    of = root(properties={"a": NUMBER}, **{"if": when("a", 1), "then": {"$ref": "#"}})
    deep: dict[str, object] = {"required": ["a"]}
    for _ in range(100):
        deep = {"if": {"required": ["a"]}, "then": deep}

    assert ["a"] == names(of, {"a": 1})
    assert [] == told(of, {"a": 1})
    assert ["a"] == names(root(properties={"a": NUMBER}, **deep), {"a": 1})


def test_levels_within_levels_end_in_time():
    """Each asks for the whole of the next, and of its variants, again."""
    node = {"properties": {"inner": {"$ref": "#"}, "a": NUMBER}, "if": when("a", 1), "then": {"required": ["a"]},
            "anyOf": [{"properties": {"inner": {"$ref": "#"}, "b": NUMBER}}, {"properties": {"inner": {"$ref": "#"}, "c": NUMBER}}]}  # fmt: skip
    value: dict[str, object] = {"a": 2}
    for _ in range(60):
        value = {"a": 2, "inner": value}
    of = root(**node)

    assert [] == [problem for problem in check(of, (), value) if problem.blocking]
    assert value == payload(of, (), value)


def test_a_condition_on_any_name_reads_every_name():
    """`minProperties`, a pattern of names, a closed object."""
    for said in ({"minProperties": 2}, {"patternProperties": {"^a": NUMBER}}, {"additionalProperties": False}):
        of = root(properties={"a": NUMBER, "b": NUMBER}, **{"if": said, "then": {"properties": {"c": TEXT}}})
        assert {"a", "b", "c"} == conditions(of).reads


def test_a_demanded_name_without_a_field_is_demanded_all_the_same():
    """A condition may name what no property defines."""
    of = root(properties={"a": NUMBER}, dependentRequired={"a": ["ghost"]})

    assert [("ghost", "depends", True)] == told(of, {"a": 1})
    assert [] == [each for each in told(of, {"a": 1, "ghost": 1}) if each[2]]


def test_a_field_that_is_no_object_has_no_conditions():
    """Asking is harmless."""
    assert not conditions(Field(("x",), "string")).conditional
