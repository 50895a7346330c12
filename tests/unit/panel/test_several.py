"""Several values of one field, tried from a panel."""

from __future__ import annotations

from dataclasses import replace

import ipywidgets as w
import pytest
from ipywidgets.widgets.widget import _instances

from ipydarkroom.models import Model
from ipydarkroom.panel import Panel
from ipydarkroom.panel.several import offered
from ipydarkroom.testing import ScriptedPainter, local_client

MODEL = Model.from_schema(
    {"type": "object", "required": ["prompt"], "properties": {
        "prompt": {"type": "string"}, "seed": {"type": "integer", "minimum": 0, "maximum": 99}, "size": {"enum": ["32x48", "64x48", "48x48"]},
        "strength": {"type": "number", "maximum": 1}, "sharp": {"type": "boolean"}, "kind": {"const": "png"},
        "colours": {"type": "array", "items": {"type": "string"}},
    }}, id="lab/scene",
)  # fmt: skip


@pytest.fixture
def painter():
    """A painter under the test's control."""
    return ScriptedPainter()


@pytest.fixture
def panel(tmp_path, painter):
    """A panel of a local client, with words in it; presses act at once. At its end not one widget is left."""
    before = set(_instances)
    with local_client(tmp_path, painter) as client:
        panel = Panel(MODEL, client=client)
        panel.value = {"prompt": "a fox", "seed": 97}
        several = panel._screen.several
        several._acts = replace(several._acts, aside=lambda work, _seconds: panel._running.acts().guard(work))
        yield panel
        painter.release()
        panel.close()
    assert set() == set(_instances) - before


def opened(panel, name):
    """The tray, with that field chosen."""
    several = panel._screen.several
    panel._screen._view._one.click()
    several.button.click()
    several._list.value = several._names.index(name)
    return several


def tried(several):
    """Press the tray's button, and wait for what comes of it."""
    several._go.click()
    if several._sweep is not None:
        several._sweep.wait(30)
    return several._sweep


def test_fields_of_one_value_are_offered_the_seed_and_choices_first(panel):
    """Not a constant, not a list, not what does not count now."""
    assert ["seed", "size", "prompt", "strength", "sharp"] == [field.name for field in offered(panel.state)]


def test_a_panel_nobody_has_used_has_no_button_for_it(panel):
    """It comes with the first job, or with the tray for one input, behind the others; its own tray when it is pressed."""
    several = panel._screen.several
    assert several.button is None
    panel.submit().wait(30)
    panel._pump.now()
    assert several.button is panel._screen._row.children[-1]
    several.button.click()
    assert several._tray in panel.form.children
    several.button.click()
    assert several._tray not in panel.form.children


def test_ticked_choices_become_pictures_below_the_form(panel, painter):
    """The words and the seed stay as they are."""
    several = opened(panel, "size")
    several._values.value = (0, 2)
    sweep = tried(several)

    assert ["32x48", "48x48"] == [picture.record.inputs["size"] for picture in sweep.pictures]
    assert {("a fox", 97)} == {(order.prompt, order.seed) for order in painter.orders}
    panel._pump.now()
    assert sweep.widget in panel.form.children


def test_where_a_machine_is_forgotten_the_panel_says_it_and_the_sweep_in_it_does_not(tmp_path, painter):
    """Once is enough."""
    with local_client(tmp_path, painter) as client:
        client._inner.settings = replace(client.settings, passing="binder")
        panel = Panel(MODEL, client=client)
        sweep = panel._running.acts().sweep({"prompt": ["a fox", "an owl"]})
        said = ["dr-passing" in str([child._dom_classes for child in form.children]) for form in (panel.form, sweep.form)]
        sweep.close()
        panel.close()

    assert [True, False] == said


def test_a_number_of_seeds_begins_at_the_one_that_is_set_and_stays_in_range(panel):
    """97, 98, 99; there is no 100."""
    several = opened(panel, "seed")
    assert isinstance(several._values, w.BoundedIntText)
    sweep = tried(several)

    assert [97, 98, 99] == [picture.record.inputs["seed"] for picture in sweep.pictures]


def test_lines_become_values_of_the_fields_own_kind(panel):
    """Blank lines are nothing; words begin with those in the form."""
    several = opened(panel, "strength")
    several._values.value = "0.5\n\n1\n"
    assert [0.5, 1] == several._said(MODEL.field("strength"))
    several._list.value = several._names.index("prompt")
    assert "a fox" == several._values.value


def test_what_does_not_fit_is_said_on_the_panel_and_nothing_is_ordered(panel, painter):
    """As Run says it."""
    several = opened(panel, "strength")
    several._values.value = "0.5\n7"
    assert tried(several) is None

    assert panel.state.trouble is not None
    assert [] == painter.orders


def test_no_value_at_all_is_said(panel, painter):
    """Nothing ticked is nothing to try."""
    several = opened(panel, "size")
    tried(several)

    assert "error.no_values" == panel.state.trouble.key
    assert [] == painter.orders


def test_the_saved_notebook_keeps_the_grid_too(panel):
    """In the results' output, below the panel's own pictures."""
    several = opened(panel, "size")
    several._values.value = (0, 1)
    tried(several)
    panel._pump.now()

    assert 2 == panel._bundle()["text/html"].count("<img ")


def test_another_try_takes_the_place_of_the_first(panel, painter):
    """The first one's jobs are in the journal; its widgets are gone, and what it made is not paid for again."""
    several = opened(panel, "size")
    several._values.value = (0, 1)
    first = tried(several)
    several._values.value = (0, 1, 2)
    several._sweep = None
    second = tried(several)
    first.close()

    assert (3, 2) == (len(painter.orders), second.progress.reused)
