"""Controls for one of several values: buttons, a drop-down, a box to search in."""

from __future__ import annotations

import pytest

from ipydarkroom.fields import UNSET, Choice, Field

FIVE = tuple(Choice(letter, letter.upper()) for letter in "abcde")
TWO = FIVE[:2]
MANY = tuple(Choice(number, f"voice {number:02}") for number in range(30))


@pytest.mark.parametrize("extra", [(), (Choice("x", "a label too long for a button"),)], ids=["buttons", "drop-down"])
def test_one_and_true_and_the_string_never_meet(row, extra):
    """What is sent is exactly what is listed."""
    odd = (Choice(1, "one"), Choice("1", "text"), Choice(True, "yes"))
    panel, box = row(Field(("odd",), "any", required=True, choices=(*odd, *extra)))
    sent = []
    for at in range(3):
        box.index = at
        sent.append(panel.value["odd"])

    assert [1, "1", True] == sent
    assert [int, str, bool] == [type(value) for value in sent]


@pytest.mark.parametrize("choices", [TWO, FIVE], ids=["buttons", "drop-down"])
def test_an_optional_choice_starts_with_silence_and_goes_back_to_it(row, root, choices):
    """The first entry says what the server does by itself."""
    panel, box = row(Field(("mode",), "string", default="b", choices=choices))
    untouched = (box.options[0][0].rpartition("\n")[2], box.index, panel.value, "dr-unset" in root(panel, "mode")._dom_classes)
    box.index = 1
    chosen = (panel.value, "dr-unset" in root(panel, "mode")._dom_classes)
    box.index = 0

    assert ("(not set: B)", 0, {}, True) == untouched
    assert ({"mode": "a"}, False) == chosen
    assert {} == panel.value


@pytest.mark.parametrize("choices", [TWO, FIVE], ids=["buttons", "drop-down"])
def test_a_required_choice_has_no_empty_entry(row, choices):
    """With a default it is filled in; without one it starts blank."""
    _, filled = row(Field(("one",), "string", required=True, default="b", choices=choices))
    _, blank = row(Field(("two",), "string", required=True, choices=choices))

    assert (len(choices), 1) == (len(filled.options), filled.index)
    assert (len(choices), None) == (len(blank.options), blank.index)


def test_each_button_says_the_fields_title_too(row):
    """A screen reader that meets one of them alone says what it is about."""
    _, box = row(Field(("speed",), "string", title="Rendering speed", required=True, choices=TWO))

    assert ["Rendering speed\nA", "Rendering speed\nB"] == [name for name, _ in box.options]


def test_two_values_of_one_name_can_be_told_apart(row):
    """Front ends find an entry by its name."""
    panel, box = row(Field(("x",), "string", required=True, choices=(Choice("a", "same"), Choice("b", "same"))))
    box.index = 1

    assert len({name for name, _ in box.options}) == len(box.options)
    assert {"x": "b"} == panel.value


@pytest.mark.parametrize("typed", ["voice 07", "VOICE 07", " voice 07 ", "07", "7"])
def test_a_part_of_the_name_or_the_value_finds_it(row, typed):
    """Case and blanks do not matter, and the box then shows the whole name."""
    panel, box = row(Field(("voice",), "integer", choices=MANY))
    box.value = typed

    assert ({"voice": 7}, "voice 07") == (panel.value, box.value)


@pytest.mark.parametrize("typed", ["voice", "voice 7x", "nothing like it"])
def test_what_is_not_listed_is_said_and_not_sent(row, typed):
    """It stays in the box beside the problem, with the nearest that is listed."""
    panel, box = row(Field(("voice",), "integer", choices=MANY))
    box.value = typed

    assert (typed, {}) == (box.value, panel.value)
    assert not panel.state.can_run
    assert "none of the 30 values" in box.description
    assert "voice" in box.description.rpartition("nearest")[2]


def test_an_emptied_search_is_silence(row):
    """And an untouched one shows the default in grey."""
    panel, box = row(Field(("voice",), "integer", choices=MANY, default=3))
    untouched = (box.value, box.placeholder)
    box.value = "voice 01"
    box.value = ""

    assert ("", "(not set: voice 03)") == untouched
    assert {} == panel.value
    assert panel.state.can_run


def test_a_value_from_code_is_shown_by_name(row):
    """In all three."""
    panel, box = row(Field(("voice",), "integer", choices=MANY), Field(("mode",), "string", choices=TWO))
    panel.value = {"voice": 11, "mode": "b"}
    mode = panel._screen._rows.row("mode").control.speaks

    assert ("voice 11", "Mode\nB") == (box.value, mode.label)
    panel.state.set("voice", UNSET)
    assert "" == box.value
