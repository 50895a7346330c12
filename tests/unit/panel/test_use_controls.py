"""`dr.controls.use`: controls of one's own in front of ours, for a while or for good."""

from __future__ import annotations

import ipywidgets as w
import pytest

import ipydarkroom as dr
from ipydarkroom.fields import Field
from ipydarkroom.models import Model
from ipydarkroom.panel.controls import control_for, in_force

RATING = Field(("rating",), "integer", minimum=1, maximum=5)


def stars(slot):
    """A control as a person writes one."""
    box = slot.kit.make(w.BoundedIntText, "dr-field", min=1, max=5, **slot.described())
    slot.listen(box, lambda: slot.give(box.value))
    return dr.controls.Control(box, box, lambda value, raw: None)


def is_rating(field):
    """A predicate sees the field and nothing else."""
    return field.name == "rating"


@pytest.fixture(autouse=True)
def _nothing_stays():
    """Whatever a test puts in front is gone after it."""
    yield
    assert () == in_force()


def test_in_a_block_it_draws_the_fields_it_takes(row):
    """Before, after and for other fields ours are used."""
    with dr.controls.use(stars, where=is_rating):
        panel, box = row(RATING)
        _, other = row(Field(("steps",), "integer", minimum=1, maximum=5))
    _, after = row(RATING)
    box.value = 4

    assert all(isinstance(drawn, kind) for drawn, kind in ((box, w.BoundedIntText), (other, w.Text), (after, w.Text)))
    assert {"rating": 4} == panel.value


def test_without_a_block_it_holds_until_it_is_ended():
    """Ending twice is harmless."""
    mine = dr.controls.use(stars, where=is_rating)
    during = control_for(RATING, in_force()).name
    mine.end()
    mine.end()

    assert ("stars", "slider") == (during, control_for(RATING, in_force()).name)
    assert "ended" in repr(mine)


def test_the_newest_is_asked_first():
    """And an inner block gives way to the outer one."""
    with dr.controls.use("number", where=is_rating):
        with dr.controls.use("json_editor", where=is_rating):
            inner = control_for(RATING, in_force()).name
        outer = control_for(RATING, in_force()).name

    assert ("json_editor", "number") == (inner, outer)


def test_an_error_inside_the_block_ends_it_too():
    """Nothing is left behind."""
    with pytest.raises(RuntimeError), dr.controls.use("text", where=is_rating):
        raise RuntimeError

    assert () == in_force()


def test_one_of_ours_is_named(row):
    """For fields that its own question does not take."""
    with dr.controls.use("number", where=is_rating):
        panel, box = row(RATING)
    box.value = "3"

    assert isinstance(box, w.Text)
    assert {"rating": 3} == panel.value


def test_a_name_nobody_has_is_refused_with_those_there_are():
    """At once, not when a panel is made."""
    with pytest.raises(ValueError, match="json_editor.*slider"):
        dr.controls.use("stars", where=is_rating)


def test_a_folded_field_gets_what_held_when_the_panel_was_made(panels):
    """It is built later, when somebody opens the fold."""
    many = tuple(Field((f"x{number}",), "string") for number in range(12))
    with dr.controls.use(stars, where=is_rating):
        panel = panels(Model("lab/many", "runcomfy", (*many, RATING)))
    panel._screen._rows.unfold()

    assert isinstance(panel._screen._rows.row("rating").control.speaks, w.BoundedIntText)


def test_a_predicate_that_fails_says_so():
    """Nothing of ours hides a mistake in a person's own code."""
    with dr.controls.use(stars, where=lambda field: field.nonsense), pytest.raises(AttributeError, match="nonsense"):
        control_for(RATING, in_force())
