"""`dr.Form`: a form without a job, from a schema or a class; its values, its widgets, its end."""

from __future__ import annotations

from typing import Literal

import ipywidgets as w
import pytest
from ipywidgets.widgets.widget import _instances
from pydantic import BaseModel, Field

import ipydarkroom as dr
from ipydarkroom.errors import DarkroomError, InputError
from ipydarkroom.fields import UNSET, Problem
from ipydarkroom.panel.form import pointer_of

SCHEMA = {
    "title": "Order",
    "properties": {
        "prompt": {"type": "string"},
        "camera": {"type": "object", "properties": {"lens": {"type": "string", "default": "50 mm"}, "a/b": {"type": "integer"}}},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 3},
        "flags": {"type": "array", "items": {"enum": ["a", "b", "c"]}, "uniqueItems": True},
        "size": {"anyOf": [{"type": "string", "enum": ["square", "wide"]}, {"type": "object", "properties": {"width": {"type": "integer"}}}]},
        "free": {"type": "object"},
        "prices": {"type": "object", "additionalProperties": {"type": "number"}},
        "any": {},
        "note": {"type": ["string", "null"], "default": "none"},
    },
    "required": ["prompt"],
}


class Fox(BaseModel):
    """A class that judges itself."""

    name: str
    legs: int = Field(4, ge=0, le=8)
    coat: Literal["red", "white"] = "red"


@pytest.fixture
def forms():
    """Makes forms, shows them, closes them afterwards, and asserts that not one widget model is left."""
    before, made = set(_instances), []

    def make(schema=SCHEMA, *args, **options):
        made.append(dr.Form(schema, *args, **options))
        made[-1].widget
        return made[-1]

    yield make
    for form in made:
        form.close()
    assert set() == set(_instances) - before


def control(form, name):
    """What stands in the form for a field."""
    return form._view.rows.row(name).control.root


def parts(widget, kind):
    """Every widget of a kind in another one, in order."""
    inside = [widget] if isinstance(widget, kind) else []
    return inside + [found for child in getattr(widget, "children", ()) for found in parts(child, kind)]


def button(widget, words):
    """The first button with these words in its name or tooltip."""
    return next(each for each in parts(widget, w.Button) if words in f"{each.description} {each.tooltip}")


def test_a_form_has_the_values_that_are_set_and_nothing_else(forms):
    """By name, by JSON Pointer, by tuple."""
    form = forms()
    form.set("prompt", "a fox")
    form.set("/camera/a~1b", 3)
    form.set(("tags", 0), "red")

    assert {"prompt": "a fox", "camera": {"a/b": 3}, "tags": ["red"]} == form.value
    assert 3 == form.get(("camera", "a/b"))


@pytest.mark.parametrize(
    ("place", "pointer"),
    [("a", ("a",)), ("/a/0/b~1c~0d", ("a", 0, "b/c~d")), (("/a",), ("/a",)), ("", ("",)), ("/", ("",))],
)
def test_a_place_is_a_name_a_json_pointer_or_a_tuple(place, pointer):
    """A name that begins with a stroke is written as a tuple."""
    assert pointer == pointer_of(place)


@pytest.mark.parametrize("place", [("camera", "nothing", "below"), ("tags", 1), ("tags", 0, "x"), ()])
def test_a_place_that_is_not_foreseen_is_an_error_and_changes_nothing(forms, place):
    """Said at once, with what to look at."""
    form = forms()
    with pytest.raises(InputError) as caught:
        form.set(place, 1)

    assert "error.no_such_place" == caught.value.key
    assert {} == form.value


def test_observers_hear_the_whole_value_until_they_leave(forms):
    """From code and from a hand alike."""
    form, heard = forms(), []
    leave = form.observe(heard.append)
    form.set("prompt", "a fox")
    parts(control(form, "prompt"), w.Textarea)[0].value = "an owl"
    leave()
    form.set("prompt", "a cat")

    assert [{"prompt": "a fox"}, {"prompt": "an owl"}] == heard


def test_a_class_judges_its_own_values(forms):
    """Its errors are shown beside its fields."""
    form = forms(Fox)
    form.value = {"name": "Rusty", "legs": 9}
    wrong = {found.pointer for found in form.problems if found.blocking}
    form.set("legs", 3)

    assert ({("legs",)}, {"name": "Rusty", "legs": 3}) == (wrong, form.check())


def test_check_shows_everything_that_is_missing(forms):
    """And raises it."""
    form = forms()
    with pytest.raises(InputError):
        form.check()
    [summary] = [each for each in form.widget.children if "dr-summary" in each._dom_classes]

    assert ["Prompt"] == [each.description for each in parts(summary, w.Button)]
    assert "dr-problem" in control(form, "prompt").description


def test_somebody_elses_problem_is_shown_at_its_field(forms):
    """A server's, for instance."""
    form = forms(value={"prompt": "a fox"})
    form.report(InputError("No.", problems=(Problem(("prompt",), "max_length", {"limit": 2, "length": 5}),)))

    assert "dr-problem" in control(form, "prompt").description


def test_a_closed_form_keeps_its_values_and_says_so(forms):
    """Twice is harmless."""
    form = forms(value={"prompt": "a fox"})
    form.close()
    form.close()

    assert {"prompt": "a fox"} == form.value
    with pytest.raises(DarkroomError):
        form.widget


# --- the controls that have rows in them


def test_a_group_is_one_line_until_it_is_opened(forms):
    """Its rows are made then; filling one in makes the object."""
    form = forms()
    group = control(form, "camera")
    before = len(group.children)
    button(group, "input").click()
    box = parts(group, w.Text)[0]
    box.value = "24 mm"

    assert (2, {"camera": {"lens": "24 mm"}}) == (before, form.value)
    assert "1 filled in" in button(group, "input").description


def test_a_group_opens_for_a_value_from_code(forms):
    """What is sent is never out of sight."""
    form = forms()
    form.set("/camera/lens", "24 mm")

    assert ["24 mm"] == [box.value for box in parts(control(form, "camera"), w.Text)][:1]


def test_items_are_added_raised_and_removed(forms):
    """With buttons that name their item."""
    form = forms()
    tags = control(form, "tags")
    for word in ("a", "b", "c"):
        button(tags, "Add").click()
        parts(tags, w.Text)[-1].value = word
    full = button(tags, "Add").disabled
    button(tags, "Move Tags 3 up").click()
    raised = form.value["tags"]
    button(tags, "Remove Tags 1").click()

    assert (True, ["a", "c", "b"]) == (full, raised)
    assert ({"tags": ["c", "b"]}, ["c", "b"]) == (form.value, [box.value for box in parts(tags, w.Text)])


def test_ticks_are_sent_in_the_order_they_are_listed(forms):
    """Whatever was ticked first; none is silence."""
    form = forms()
    boxes = parts(control(form, "flags"), w.Checkbox)
    boxes[2].value = True
    boxes[0].value = True
    both = form.value
    boxes[2].value = boxes[0].value = False

    assert ({"flags": ["a", "c"]}, {}) == (both, form.value)


def test_another_shape_has_another_control_and_its_own_value(forms):
    """What was chosen before comes back."""
    form = forms(value={"size": "wide"})
    size = control(form, "size")
    shapes = parts(size, w.Dropdown)[0]
    shapes.value = 1
    parts(size, w.Text)[0].value = "7"
    other = form.value
    shapes.value = 0

    assert ({"size": {"width": 7}}, {"size": "wide"}) == (other, form.value)


def test_free_names_are_rows_or_json(forms):
    """What reads as JSON is JSON, everything else is text."""
    form = forms()
    free = control(form, "free")
    for name, value in (("a", "4"), ("b", "red"), ("c", '"4"')):
        button(free, "Add a name").click()
        parts(free, w.Text)[-2].value = name
        parts(free, w.Text)[-1].value = value
    rows = form.value
    button(free, "JSON").click()
    editor = parts(free, w.Textarea)[0]
    editor.value = '{"a": [1]}'

    assert ({"free": {"a": 4, "b": "red", "c": "4"}}, {"free": {"a": [1]}}) == (rows, form.value)


def test_a_second_row_of_the_same_name_overwrites_nothing(forms):
    """The name goes back to what it was."""
    form = forms(value={"free": {"a": 1, "b": 2}})
    names = parts(control(form, "free"), w.Text)[::2]
    names[1].value = "a"

    assert ({"free": {"a": 1, "b": 2}}, "b") == (form.value, names[1].value)


def test_free_names_whose_values_are_of_one_kind_have_its_control(forms):
    """Half a number is kept beside its problem."""
    form = forms()
    prices = control(form, "prices")
    button(prices, "Add a name").click()
    parts(prices, w.Text)[0].value = "oak"
    parts(prices, w.Text)[1].value = "2.5"

    assert {"prices": {"oak": 2.5}} == form.value


# --- one form, two views


def test_the_form_as_json_is_the_same_form(forms):
    """Edited in one, changed in the other; broken JSON is kept and blocks."""
    form = forms(value={"prompt": "a fox"})
    button(form.widget, "JSON").click()
    [editor] = parts(form.widget, w.Textarea)
    shown = editor.value
    editor.value = '{"prompt": "an owl", "tags": ["a"]}'
    taken = form.value
    editor.value = '{"prompt"'
    broken = (form.value, editor.value, any(found.blocking for found in form.problems))
    button(form.widget, "Form").click()

    assert '{\n  "prompt": "a fox"\n}' == shown
    assert ({"prompt": "an owl", "tags": ["a"]}, ({"prompt": "an owl", "tags": ["a"]}, '{"prompt"', True)) == (taken, broken)
    assert "an owl" == parts(control(form, "prompt"), w.Textarea)[0].value


def test_one_input_can_send_its_default_null_or_nothing(forms):
    """What a control cannot say by itself."""
    form = forms(value={"prompt": "a fox"})
    button(form.widget, "One input").click()
    which = next(each for each in parts(form.widget, w.Dropdown) if each.description == "Which input")
    which.value = next(at for name, at in which.options if name == "Note")
    said = []
    for words in ("Send the default", "Send null", "Send an empty text", "Nothing again"):
        button(form.widget, words).click()
        said.append(form.value.get("note", UNSET))

    assert ["none", None, "", UNSET] == said
