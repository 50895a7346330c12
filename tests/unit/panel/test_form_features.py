"""Every keyword: its control, its silence, values that pass, values that do not. The list is in `features.py`."""

from __future__ import annotations

from pathlib import Path

import pytest
from features import FEATURES, MORE, NAMES

from ipydarkroom.fields import UNSET
from ipydarkroom.models import Model
from ipydarkroom.panel.controls import control_for
from ipydarkroom.panel.form import Form
from ipydarkroom.panel.formmodel import FormModel

HERE = Path(__file__).parent


def model_of(feature):
    """A model with one input that has the feature."""
    name = NAMES.get(feature.name, "x")
    return name, Model.from_schema({"properties": {name: feature.part}, "$defs": feature.defs})


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_a_feature_has_its_control(feature):
    """By the field alone."""
    name, model = model_of(feature)

    assert feature.control == control_for(model.field(name)).name


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_an_untouched_form_adds_no_key(feature):
    """Whatever it is, silence is not a value; reset brings it back."""
    name, model = model_of(feature)
    state = FormModel(model)

    assert ({}, UNSET) == (state.value, state.get(name))


@pytest.mark.parametrize(("feature", "value"), [(each, value) for each in FEATURES for value in each.good], ids=lambda value: getattr(value, "name", repr(value)))
def test_a_value_that_fits_is_sent_as_it_is(feature, value):
    """And makes no problem."""
    name, model = model_of(feature)
    state = FormModel(model)
    state.set(name, value)

    assert {name: value} == state.value
    assert [] == [found for found in state.problems if found.blocking]


@pytest.mark.parametrize(
    ("feature", "value", "code"), [(each, value, code) for each in FEATURES for value, code in each.bad], ids=lambda value: getattr(value, "name", repr(value))
)
def test_a_value_that_does_not_fit_is_a_problem_at_its_place(feature, value, code):
    """By code, so that it can be said in every language."""
    name, model = model_of(feature)
    state = FormModel(model)
    state.set(name, value)
    if model.field(name).branches:
        state.branch(name)

    assert code in {found.code for found in state.visible_problems(name)}


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_reset_returns_to_untouched(feature):
    """As if nobody had been there."""
    name, model = model_of(feature)
    state = FormModel(model)
    state.set(name, feature.good[0])
    state.reset(name)

    assert ({}, False) == (state.value, state.touched(name))


@pytest.mark.parametrize("feature", FEATURES, ids=lambda feature: feature.name)
def test_a_feature_shows_the_value_that_code_gives_it(feature):
    """And a form of it leaves no widget behind."""
    name, model = model_of(feature)
    form = Form(model)
    form.widget
    for value in feature.good:
        form.set(name, value)
    shown = form.value
    form.close()

    assert {name: feature.good[-1]} == shown


def test_what_lies_in_itself_is_told_as_json():
    """One level is drawn, what is below it is an editor."""
    [feature] = [each for each in FEATURES if each.name == "recursion"]
    _, model = model_of(feature)
    [inner] = [child for child in model.field("x").children if child.name == "next"]

    assert "json_editor" == control_for(inner).name


def test_an_example_stands_grey_in_the_box():
    """Shown, and not sent."""
    form = Form({"properties": {"style": {"type": "string", "examples": ["ink on paper"]}}})
    form.widget
    box = form._view.rows.row("style").control.speaks
    found = (box.placeholder, form.value)
    form.close()

    assert ("ink on paper", {}) == found


def test_what_only_the_server_writes_is_not_drawn():
    """A form is for what a person says."""
    form = Form({"properties": {"id": {"type": "string", "readOnly": True}, "name": {"type": "string"}}})
    form.widget
    found = form._view.rows.row("id"), form._view.rows.row("name") is not None
    form.close()

    assert (None, True) == found


@pytest.mark.parametrize("named", [named for each in FEATURES for named in each.also] + [named for *_, named in MORE])
def test_every_test_the_table_names_exists(named):
    """The page on forms says which test shows it."""
    file, _, name = named.partition("::")
    text = (HERE / file).read_text("utf-8")

    assert f"def {name}" in text
