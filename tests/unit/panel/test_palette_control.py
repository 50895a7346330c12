"""The colour palette: ready-made, own colours with weights, or JSON; one value behind all three."""

from __future__ import annotations

import json

import pytest

from ipydarkroom.fields import Field
from ipydarkroom.panel.palettes import PRESETS, Member, bar, members_of, preset_of, value_of

PALETTE = Field(("color_palette",), "object")
TWO = {"members": [{"color_hex": "#112233", "color_weight": 0.5}, {"color_hex": "#AABBCC", "color_weight": 0.25}]}


@pytest.fixture
def parts(row, root):
    """parts() -> panel, the list, and a function that gives what stands below it now."""

    def make(**options):
        panel, listed = row(Field(("color_palette",), "object", **options))
        return panel, listed, lambda: root(panel, "color_palette").children[1:]

    return make


@pytest.mark.parametrize("name", PRESETS)
def test_a_ready_made_palette_is_its_name(parts, name):
    """And is read back as that."""
    panel, listed, below = parts()
    listed.value = name

    assert {"color_palette": {"name": name}} == panel.value
    assert (name, ()) == (preset_of({"name": name}), below())


def test_an_untouched_palette_is_not_sent_and_silence_can_be_chosen_again(parts):
    """The list's first entry."""
    panel, listed, _ = parts()
    untouched = (listed.value, panel.value)
    listed.value = "EMBER"
    listed.value = ""

    assert ("", {}) == untouched
    assert {} == panel.value


def test_a_required_palette_has_no_silence(parts):
    """It starts blank."""
    _, listed, _ = parts(required=True)

    assert listed.value is None
    assert "" not in [value for _, value in listed.options]


def test_own_colours_are_added_changed_and_removed(parts):
    """Each row is a colour and its weight; the bar shows them."""
    panel, listed, below = parts()
    listed.value = "own"
    swatches, row, add = below()
    color, weight, _ = row.children
    color.value, weight.value = "#112233", 0.75
    add.click()
    two = panel.value["color_palette"]
    below()[1].children[2].click()

    assert [{"color_hex": "#112233", "color_weight": 0.75}, {"color_hex": "#d9582b", "color_weight": 0.5}] == two["members"]
    assert {"color_palette": {"members": [{"color_hex": "#d9582b", "color_weight": 0.5}]}} == panel.value
    assert 1 == swatches.value.count("<span")
    below()[1].children[2].click()
    assert {} == panel.value


def test_a_short_colour_is_written_out_and_a_name_is_not_taken(parts):
    """What is sent is `#rrggbb`; the row shows what is sent."""
    panel, listed, below = parts()
    listed.value = "own"
    color = below()[1].children[0]
    color.value = "#abc"
    short = panel.value["color_palette"]["members"][0]["color_hex"]
    color.value = "tomato"

    assert "#aabbcc" == short == panel.value["color_palette"]["members"][0]["color_hex"] == color.value


def test_the_rows_end_at_eight_and_more_is_json(parts):
    """A form is no spreadsheet."""
    panel, listed, below = parts()
    panel.value = {"color_palette": value_of([Member("#000000", 0.1)] * 8)}
    eight = (listed.value, len(below()))
    panel.value = {"color_palette": value_of([Member("#000000", 0.1)] * 9)}

    assert ("own", 9) == eight
    assert "json" == listed.value


def test_json_is_another_view_of_the_same_value(parts):
    """Choosing it changes nothing; what is typed there is the value."""
    panel, listed, below = parts()
    listed.value = "EMBER"
    listed.value = "json"
    [editor] = below()
    shown = json.loads(editor.value)
    editor.value = json.dumps(TWO)
    typed = panel.value
    listed.value = "own"

    assert {"name": "EMBER"} == shown
    assert {"color_palette": TWO} == typed
    assert "own" == listed.value


def test_broken_json_stays_as_typed_and_is_not_sent(parts):
    """Beside its problem."""
    panel, listed, below = parts()
    listed.value = "json"
    [editor] = below()
    editor.value = '{"name":'

    assert ('{"name":', {}, False) == (editor.value, panel.value, panel.state.can_run)
    assert "dr-problem" in listed.description


def test_emptying_the_editor_keeps_it_and_starting_over_closes_it(parts):
    """Somebody is typing there; nobody is after a reset."""
    panel, listed, below = parts()
    listed.value = "json"
    below()[0].value = '{"name": "EMBER"}'
    below()[0].value = ""
    emptied = (panel.value, listed.value)
    below()[0].value = '{"name": "FRESH"}'
    panel.state.reset()

    assert ({}, "json") == emptied
    assert ("", ()) == (listed.value, below())


@pytest.mark.parametrize(
    "value",
    [{"name": "SUNSET"}, {"name": "EMBER", "more": 1}, {"members": []}, {"members": "red"}, {"members": [{"color_hex": "red"}]},
     {"members": [{"color_hex": "#112233", "color_weight": "much"}]}, {"members": [{"color_hex": "#112233", "x": 1}]}, {}],
)
def test_a_value_of_another_shape_is_shown_as_json_and_kept(parts, value):
    """Whoever wrote it knows more than the form."""
    panel, listed, below = parts()
    panel.value = {"color_palette": value}

    assert "json" == listed.value
    assert value == json.loads(below()[0].value) == panel.value["color_palette"]


def test_colours_from_code_are_rows(parts):
    """Read back equal."""
    panel, listed, below = parts()
    panel.value = {"color_palette": TWO}

    assert ("own", "#AABBCC", 0.25) == (listed.value, below()[2].children[0].value, below()[2].children[1].value)
    assert {"color_palette": TWO} == panel.value
    assert TWO == value_of(members_of(TWO))


def test_the_bar_is_as_wide_as_the_weights_and_takes_no_style_from_outside():
    """A colour is foreign text until it is one."""
    drawn = bar([Member("#112233", 0.25), Member("red;background:url(x)")], "colours")

    assert "flex-grow:25;" in drawn
    assert "url(" not in drawn
