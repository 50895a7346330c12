"""The controls: which one a field gets, what a person's change becomes, and what is shown for a value."""

from __future__ import annotations


import ipywidgets as w
import pytest

from ipydarkroom.fields import UNSET, Choice, Field, Media
from ipydarkroom.panel.controls import control_for, controls
from ipydarkroom.panel.controls.number import read_number

SHAPES = (Choice("2K", "2K"), Choice("1152:864 (4:3)", "1152:864 (4:3)", (1152, 864), (4, 3)), Choice("1:1", "1:1", None, (1, 1)))


def listed(*values):
    """Choices that are called what they are."""
    return tuple(Choice(value, str(value)) for value in values)


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        (Field(("quality",), "string", choices=(Choice("a", "a"),)), "constant"),
        (Field(("seed",), "integer"), "seed"),
        (Field(("image",), "string", media=Media("image")), "image"),
        (Field(("video",), "string", media=Media("video")), "clip"),
        (Field(("sound",), "string", media=Media("audio")), "clip"),
        (Field(("size",), "string", choices=SHAPES), "aspect"),
        (Field(("size",), "integer", choices=listed(1, 2)), "buttons"),
        (Field(("size",), "integer", choices=listed(1, 2, 3, 4)), "buttons"),
        (Field(("size",), "integer", choices=listed(1, 2, 3, 4, 5)), "choice"),
        (Field(("size",), "string", choices=listed("a", "a name too long for a button")), "choice"),
        (Field(("size",), "integer", choices=listed(*range(20))), "choice"),
        (Field(("size",), "integer", choices=listed(*range(21))), "search"),
        (Field(("flag",), "boolean"), "checkbox"),
        (Field(("scale",), "number"), "number"),
        (Field(("scale",), "number", minimum=0), "number"),
        (Field(("scale",), "number", minimum=0, maximum=1), "slider"),
        (Field(("steps",), "integer", minimum=0, maximum=1000), "slider"),
        (Field(("steps",), "integer", minimum=0, maximum=1001), "number"),
        (Field(("seed",), "integer", minimum=0, maximum=10), "seed"),
        (Field(("prompt",), "string"), "textarea"),
        (Field(("style",), "string", max_length=400), "textarea"),
        (Field(("style",), "string"), "text"),
        (Field(("color_palette",), "object"), "palette"),
        (Field(("colorPalette",), "object"), "palette"),
        (Field(("palette",), "object"), "freeform"),
        (Field(("camera",), "object", children=(Field(("camera", "angle"), "string"),)), "group"),
        (Field(("images",), "array"), "json_editor"),
        (Field(("images",), "array", items=Field(("images", "items"), "string", media=Media("image"))), "listing"),
        (Field(("tags",), "array", unique_items=True, items=Field(("tags", "items"), "string", choices=(Choice("a", "a"), Choice("b", "b")))), "ticks"),
        (Field(("odd",), "any"), "json_editor"),
    ],
)
def test_a_field_gets_the_first_control_that_takes_it(field, expected):
    """By rank; the JSON editor takes what nobody else does."""
    assert expected == control_for(field).name


def test_ranks_are_unique_tens():
    """Two controls never tie, and there is room between them."""
    ranks = controls.ranks()

    assert sorted(set(ranks)) == ranks
    assert all(rank % 10 == 0 for rank in ranks)


@pytest.mark.parametrize(
    ("typed", "whole", "expected"),
    [("42", True, 42), (" 42.0 ", True, 42), ("1.5", True, None), ("0.5", False, 0.5), ("1e3", True, 1000), ("", False, None),
     ("12", True, 12), ("nan", False, None), ("inf", False, None), ("1_000", True, None), ("-3", True, -3),
     ("0,5", False, None), ("9007199254740993", True, 9007199254740993), ("9007199254740993.0", True, 9007199254740993),
     ("1e999999999", True, None), ("9" * 5000, True, None)],
)
def test_numbers_are_read_as_people_type_them(typed, whole, expected):
    """Full-width digits and large integers count; what JSON cannot say does not."""
    assert expected == read_number(typed, whole=whole)


def test_typing_a_number_sends_it_and_emptying_the_box_ends_that(row):
    """Empty is a value of the box, not zero."""
    panel, box = row(Field(("scale",), "number", minimum=0, maximum=1))
    box.value = "0.25"
    typed = panel.value
    box.value = ""

    assert ({"scale": 0.25}, {}) == (typed, panel.value)


def test_half_a_number_is_kept_with_its_problem(row):
    """It stays in the box, is not sent, and the label says why."""
    panel, box = row(Field(("scale",), "number"))
    box.value = "0.5x"

    assert ("0.5x", {}) == (box.value, panel.value)
    assert "dr-problem" in box.description


def test_a_required_number_with_a_default_is_filled_in(row):
    """Prefilled, visible, sent."""
    panel, box = row(Field(("steps",), "integer", required=True, default=20))

    assert ("20", {"steps": 20}) == (box.value, panel.value)


def test_emptying_optional_text_makes_it_absent(row):
    """An empty box is silence; the empty string is sent from code only."""
    panel, box = row(Field(("style",), "string"))
    box.value = "x"
    box.value = ""

    assert {} == panel.value


def test_the_text_area_counts_and_a_maximal_length_blocks(row):
    """The counter is live; what is too long is a problem, not cut off."""
    panel, area = row(Field(("prompt",), "string", max_length=5))
    area.value = "abcdefg"

    assert "7 / 5" in area.description
    assert not panel.state.can_run


def test_an_untouched_box_shows_its_default_and_sends_nothing(row):
    """Three states in two: grey until somebody clicks."""
    panel, box = row(Field(("flag",), "boolean", default=True))
    before = (box.value, panel.value)
    box.value = False

    assert ((True, {}), {"flag": False}) == (before, panel.value)
    assert "dr-unset" not in box._dom_classes


def test_broken_json_stays_as_typed_and_is_not_sent(row):
    """The editor is for anything, but not for half of it."""
    panel, area = row(Field(("odd",), "any"))
    area.value = '{"a": 1'
    broken = (area.value, panel.value)
    area.value = '{"a": 1}'

    assert (('{"a": 1', {}), {"odd": {"a": 1}}) == (broken, panel.value)


def test_json_that_is_only_pythons_is_refused(row):
    """NaN is no JSON; a server would refuse the whole order."""
    panel, area = row(Field(("odd",), "any"))
    area.value = "[NaN]"

    assert {} == panel.value
    assert not panel.state.can_run


def test_a_constant_is_told_and_sent_only_when_required(row):
    """There is nothing to choose."""
    one = (Choice("standard", "standard"),)
    panel, line = row(Field(("quality",), "string", required=True, choices=one))
    silent, _ = row(Field(("quality",), "string", default="standard", choices=one))

    assert "standard" in line.value
    assert ({"quality": "standard"}, {}) == (panel.value, silent.value)


def test_a_value_from_code_is_shown_everywhere(panels, model):
    """Setting the value paints every control."""
    panel = panels()
    panel.value = {"prompt": "a fox", "scale": 0.25, "mode": "auto", "single": True, "palette": {"a": 1}, "seed": 3}
    shown = {name: panel._screen._rows.row(name).control.speaks for name in panel.value}

    assert ("a fox", "0.25", "3", True) == (
        shown["prompt"].value, shown["scale"].value, shown["seed"].value, shown["single"].value
    )
    name, value = panel._screen._rows.row("palette").control.root.children[1].children[:2]

    assert ("Mode\nauto", ("a", "1")) == (shown["mode"].label, (name.value, value.value))


@pytest.mark.parametrize("kind", ["string", "boolean", "any"])
def test_a_hostile_title_stays_text(row, kind):
    """Titles and help come from strangers: no tag, no hidden turn of the line."""
    _, widget = row(Field(("x",), kind, title="<img src=x onerror=alert(1)>\u202e", help="</span><script>"))
    html = widget.description if widget.description_allow_html else ""

    assert "<img" not in html
    assert "<script" not in html
    assert "\u202e" not in html


def test_the_required_mark_is_a_word_in_the_label(row):
    """A screen reader reads the label; a colour it does not."""
    _, box = row(Field(("style",), "string", required=True))

    assert "required" in box.description


def test_the_problem_is_in_the_label(row):
    """Beside the field for the eye, in its name for the ear."""
    panel, box = row(Field(("style",), "string", required=True))
    panel.state.ask()

    assert "dr-problem" in box.description
    assert "dr-wrong" in box._dom_classes


def test_one_value_set_in_code_is_one_message(row):
    """Cost in a notebook is messages."""
    panel, box = row(Field(("scale",), "number"))
    sent = []
    box.comm.publish_msg = lambda *args, **rest: sent.append(args)
    panel.state.set("scale", 0.25)

    assert 1 == len(sent)


def test_every_widget_of_a_row_is_plain(panels):
    """Only ipywidgets' own classes: they run wherever ipywidgets does."""
    panel = panels()

    assert {"ipywidgets.widgets"} == {type(made).__module__.rpartition(".")[0] for made in panel._kit._made}
    assert isinstance(panel.widget, w.VBox)
    assert UNSET not in panel.value.values()
