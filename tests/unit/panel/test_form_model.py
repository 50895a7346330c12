"""What a form knows at every depth: objects, lists, shapes, conditions. No widget is made here."""

from __future__ import annotations

import pytest

from ipydarkroom.fields import UNSET, Problem
from ipydarkroom.models import Model
from ipydarkroom.panel.formmodel import FormModel

LORA = {
    "type": "object", "required": ["path", "scale"],
    "properties": {"path": {"type": "string"}, "scale": {"type": "number", "default": 1, "maximum": 2}, "note": {"type": "string"}},
}
SIZE = {
    "anyOf": [
        {"type": "string", "enum": ["square", "wide"]},
        {"type": "object", "title": "Own size", "required": ["width"], "properties": {"width": {"type": "integer", "maximum": 99}}},
    ]
}
SCHEMA = {
    "properties": {
        "prompt": {"type": "string"},
        "camera": {
            "type": "object", "required": ["lens"],
            "properties": {
                "lens": {"type": "string", "default": "50 mm"}, "angle": {"type": "integer"},
                "light": {"type": "object", "properties": {"lamp": {"type": "string"}}},
            },
        },
        "loras": {"type": "array", "items": LORA, "maxItems": 3},
        "tags": {"type": "array", "items": {"type": "string"}, "minItems": 2},
        "size": SIZE,
        "sizes": {"type": "array", "items": SIZE},
        "note": {"type": ["string", "null"]},
    },
    "required": ["prompt"],
}


@pytest.fixture
def state():
    """An untouched form."""
    return FormModel(Model.from_schema(SCHEMA))


def codes(state):
    """Blocking problems by place."""
    return {found.pointer: found.code for found in state.problems if found.blocking}


# --- objects


def test_an_optional_object_is_absent_until_something_in_it_is_said(state):
    """Its required parts with a default begin with it, and not before."""
    before = state.value
    state.set(("camera", "angle"), 30)

    assert ({}, {"camera": {"lens": "50 mm", "angle": 30}}) == (before, state.value)


def test_an_object_with_nothing_left_in_it_is_absent_again(state):
    """What began with it does not keep it."""
    state.set(("camera", "light", "lamp"), "neon")
    inside = state.value
    state.clear(("camera", "light", "lamp"))

    assert ({"camera": {"lens": "50 mm", "light": {"lamp": "neon"}}}, {}) == (inside, state.value)


def test_an_object_set_from_code_is_sent_as_it_is(state):
    """Empty too: code says what it means."""
    state.set("camera", {})

    assert {"camera": {}} == state.value
    assert {("camera", "lens"): "required", ("prompt",): "required"} == codes(state)


def test_nobodys_own_list_or_object_is_changed(state):
    """Values from code are taken, not borrowed."""
    given = {"camera": {"lens": "24 mm"}, "tags": ["a", "b"]}
    state.value = given
    state.set(("camera", "angle"), 3)
    state.set(("tags", 0), "z")

    assert {"camera": {"lens": "24 mm"}, "tags": ["a", "b"]} == given


# --- lists


def test_an_added_item_begins_with_what_it_must_have(state):
    """The default of a required part; what has none stays empty and is a problem there."""
    state.add("loras")

    assert {"loras": [{"scale": 1}]} == state.value
    assert "required" == codes(state)[("loras", 0, "path")]


def test_a_row_without_a_value_is_not_sent(state):
    """It is there on the screen; the problem of a later one is told at its own row."""
    state.add("tags")
    state.add("tags", "b")
    state.set_raw(("tags", 2), "?", "not_json", line=1, column=1)

    assert [UNSET, "b", UNSET] == state.get("tags")
    assert {"tags": ["b"]} == state.value
    assert {("prompt",): "required", ("tags",): "min_items", ("tags", 2): "not_json"} == codes(state)


def test_a_problem_behind_an_empty_row_is_told_at_its_own(state):
    """What is judged is shorter than what is seen."""
    state.add("loras", UNSET)
    state.set(("loras", 0), UNSET)
    state.add("loras", {"path": "a", "scale": 5})

    assert "maximum" == codes(state)[("loras", 1, "scale")]


def test_items_take_with_them_all_that_is_known_of_them(state):
    """Half a number stays at its item, wherever that goes."""
    for word in ("a", "b", "c"):
        state.add("tags", word)
    state.set_raw(("tags", 2), "broken", "not_json", line=1, column=1)
    state.move(("tags", 2), 0)
    moved = (state.get("tags"), state.raw(("tags", 0)).text)
    state.remove(("tags", 1))

    assert ([UNSET, "a", "b"], "broken") == moved
    assert [UNSET, "b"] == state.get("tags")


def test_an_optional_list_without_items_is_absent(state):
    """Not an empty list, which would be a value."""
    state.add("tags", "a")
    state.remove(("tags", 0))

    assert {} == state.value


# --- shapes


def test_the_shape_is_guessed_from_a_value_that_comes_from_elsewhere_and_then_kept(state):
    """Nobody's form turns into another one while they type."""
    state.set("size", {"width": 5})
    guessed = state.branch("size")
    state.set("size", "square", drawn=True)

    assert (1, 1) == (guessed, state.branch("size"))


def test_what_was_said_in_another_shape_comes_back_with_it(state):
    """It is put aside, not sent and not lost."""
    state.set("size", "wide")
    state.choose("size", 1)
    state.set(("size", "width"), 7)
    other = state.value
    state.choose("size", 0)

    assert ({"size": {"width": 7}}, {"size": "wide"}) == (other, state.value)


def test_the_chosen_shape_is_what_is_judged(state):
    """The problem is told in the part that is wrong, not of all shapes together."""
    state.choose("size", 1)
    state.set(("size", "width"), 100)
    state.add("sizes", "square")
    state.add("sizes", {})
    state.branch(("sizes", 0))
    state.branch(("sizes", 1))

    found = codes(state)
    assert ("maximum", "required") == (found[("size", "width")], found[("sizes", 1, "width")])


# --- null, files, JSON


def test_null_is_a_value_and_silence_is_not(state):
    """A nullable field has three states."""
    state.set("note", None)
    null = state.value
    state.clear("note")

    assert ({"note": None}, {}) == (null, state.value)


def test_broken_json_of_the_whole_form_blocks_and_changes_nothing(state):
    """Until a field is changed, or the text is mended."""
    state.set("prompt", "a fox")
    state.set_raw((), "{", "not_json", line=1, column=2)
    broken = (state.value, state.can_run)
    state.take({"prompt": "an owl"})

    assert (({"prompt": "a fox"}, False), ({"prompt": "an owl"}, True)) == (broken, (state.value, state.can_run))


def test_values_taken_as_a_whole_touch_only_what_differs(state):
    """The JSON view names everything; that is no reason to call it changed."""
    state.set("prompt", "a fox")
    state.take({"prompt": "a fox", "tags": ["a", "b"]})

    assert (True, True, False) == (state.touched("prompt"), state.touched("tags"), state.touched("size"))


# --- conditions


WHEN = {
    "properties": {
        "mode": {"enum": ["plain", "auto"], "default": "plain"}, "count": {"type": "integer", "default": 4},
        "detail": {"type": "object", "properties": {"on": {"type": "boolean"}, "how": {"type": "string"}}, "dependentRequired": {"on": ["how"]}},
    },
    "if": {"properties": {"mode": {"const": "auto"}}, "required": ["mode"]},
    "then": {"required": ["count"], "properties": {"limit": {"type": "integer", "maximum": 9}}},
}


def test_a_field_that_only_a_condition_knows_comes_with_it_and_leaves_the_order_with_it():
    """It stays in the draft, for the condition may hold again."""
    state = FormModel(Model.from_schema(WHEN))
    before = state.standing("limit").shown
    state.set("mode", "auto")
    state.set("limit", 3)
    held = state.value
    state.set("mode", "plain")

    assert (False, {"mode": "auto", "limit": 3, "count": 4}) == (before, held)
    assert ({"mode": "plain"}, 3) == (state.value, state.draft["limit"])


def test_a_condition_inside_an_object_holds_inside_it():
    """At its own level, with its own names."""
    state = FormModel(Model.from_schema(WHEN))
    before = state.standing(("detail", "how")).required
    state.set(("detail", "on"), False)

    assert (False, True) == (before, state.standing(("detail", "how")).required)
    assert ("detail", "how") in codes(state)


# --- problems from elsewhere


def test_a_servers_problem_is_shown_at_its_place_until_that_changes(state):
    """It enters by the same door as ours."""
    state.set("prompt", "a fox")
    state.report((Problem(("prompt",), "server", {"said": "too rude"}),))
    shown = state.visible_problems("prompt")
    state.set("prompt", "an owl")

    assert (["server"], ()) == ([found.code for found in shown], state.visible_problems("prompt"))


def test_problems_show_at_what_was_touched_and_everywhere_after_asking(state):
    """Nobody is told off for a field they have not come to yet."""
    state.set(("camera", "angle"), "x")
    early = {found.pointer for found in state.visible_problems()}
    state.ask()

    assert ({("camera", "angle")}, {("camera", "angle"), ("prompt",)}) == (early, {found.pointer for found in state.visible_problems()})
