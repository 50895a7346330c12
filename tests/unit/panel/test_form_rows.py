"""A form in use: where the cursor goes, what is said and where, and that nothing which is sent is out of sight."""

from __future__ import annotations

import ipywidgets as w
import pytest
from ipywidgets.widgets.widget import _instances

import ipydarkroom as dr
from ipydarkroom.errors import InputError
from ipydarkroom.fields import UNSET, Problem
from ipydarkroom.panel.places import place_text, titled

NEEDS = {"dependentRequired": {"style": ["strength"]}}
TITLED = {
    "style": {"type": "string", "title": "Look"},
    "strength": {"type": "number", "title": "How strong", "minimum": 0, "maximum": 1},
}
CAMERA = {"type": "object", "properties": {"lens": {"type": "string"}}}
ITEM = {"type": "object", "properties": {"path": {"type": "string"}, "scale": {"type": "number"}}}


@pytest.fixture
def forms():
    """Makes forms of these properties, shows them, closes them, and asserts that not one widget model is left."""
    before, made = set(_instances), []

    def make(properties, *, value=None, language=None, **schema):
        made.append(dr.Form({"properties": properties, **schema}, value, language=language))
        made[-1].widget
        return made[-1]

    yield make
    for form in made:
        form.close()
    assert set() == set(_instances) - before


@pytest.fixture
def focused(monkeypatch):
    """Every widget that was asked to take the cursor, in order."""
    found = []
    monkeypatch.setattr(w.DOMWidget, "focus", lambda widget: found.append(widget))
    return found


def control(form, name):
    """What stands in the form for a field."""
    return form._view.rows.row(name).control.root


def parts(widget, kind):
    """Every widget of a kind in another one, in order."""
    inside = [widget] if isinstance(widget, kind) else []
    return inside + [found for child in getattr(widget, "children", ()) for found in parts(child, kind)]


def button(widget, words):
    """The first button with these words in its name."""
    return next(each for each in parts(widget, w.Button) if words in each.description)


def labels(widget):
    """All that is written in labels and texts of a widget."""
    return " ".join(
        [each.description for each in parts(widget, w.Widget) if hasattr(each, "description")]
        + [each.value for each in parts(widget, w.HTML)]
    )


def titles(widget):
    """The titles of the text boxes in a widget, in order."""
    return [each.description.partition(">")[2].partition("<")[0] for each in parts(widget, w.Text)]


def summary(form):
    """The buttons below the form, if there are any."""
    return next((each for each in form.widget.children if "dr-summary" in each._dom_classes), None)


# --- where the cursor goes


def test_an_added_item_has_the_cursor(forms, focused):
    """In its first input, so that one can go on typing."""
    form = forms({"tags": {"type": "array", "items": {"type": "string"}}, "loras": {"type": "array", "items": ITEM}})
    button(control(form, "tags"), "Add").click()
    button(control(form, "loras"), "Add").click()

    assert [parts(control(form, "tags"), w.Text)[0], parts(control(form, "loras"), w.Text)[0]] == focused


def test_after_removing_the_cursor_is_where_the_next_is_removed(forms, focused):
    """Behind the last one, where one is added: never nowhere, as the button pressed may be gone."""
    form = forms({"tags": {"type": "array", "items": {"type": "string"}}}, value={"tags": ["a", "b"]})
    tags = control(form, "tags")
    first = button(tags, "Remove Tags 1")
    first.click()
    first.click()

    assert [first, button(tags, "Add")] == focused


def test_an_item_that_is_raised_takes_the_cursor_along(forms, focused):
    """To its next step up; at the top into the item, never to the button that removes it."""
    form = forms({"tags": {"type": "array", "items": {"type": "string"}}}, value={"tags": ["a", "b", "c"]})
    tags = control(form, "tags")
    button(tags, "Move Tags 3 up").click()
    button(tags, "Move Tags 2 up").click()

    assert [button(tags, "Move Tags 2 up"), parts(tags, w.Text)[0]] == focused
    assert ["c", "a", "b"] == form.value["tags"]
    assert button(tags, "Move Tags 1 up").disabled


def test_a_new_name_has_the_cursor_and_then_its_value(forms, focused):
    """The value's control comes only with the name, between two widgets, one of which is then made anew."""
    form = forms({"prices": {"type": "object", "additionalProperties": {"type": "number"}}})
    prices = control(form, "prices")
    button(prices, "Add a name").click()
    name = parts(prices, w.Text)[0]
    name.value = "oak"
    button(prices, "Remove").click()

    value = focused[1]
    assert [name, value, button(prices, "Add a name")] == focused
    assert isinstance(value, w.Text)


def test_a_button_of_the_summary_leads_into_a_group_that_has_no_fold(forms, focused):
    """Its title is no place for a cursor; its first input is."""
    form = forms({"camera": {"type": "object", "properties": {"lens": {"type": "string"}}, "required": ["lens"]}}, required=["camera"])
    form.state.ask()
    parts(summary(form), w.Button)[0].click()

    assert parts(control(form, "camera"), w.Text) == focused


def test_a_full_list_leads_to_where_an_item_is_removed(forms, focused):
    """A button that rests takes no cursor."""
    form = forms({"tags": {"type": "array", "items": {"type": "string"}, "maxItems": 1}}, value={"tags": ["a", "b"]})
    form.state.ask()
    parts(summary(form), w.Button)[0].click()

    assert [button(control(form, "tags"), "Remove Tags 2")] == focused


# --- what is said


def test_a_sentence_names_inputs_by_their_titles(forms):
    """Of the reader's language, not by the names a server gives them."""
    form = forms(TITLED, value={"style": "ink"}, **NEEDS)
    form.state.ask()

    assert "Needed together with Look." in control(form, "strength").children[0].description


def test_a_reason_is_not_said_twice(forms):
    """As help, and once more as what is wrong."""
    form = forms(TITLED, value={"style": "ink"}, **NEEDS)
    before = labels(control(form, "strength")).count("Needed together with Look.")
    form.state.ask()

    assert (1, 1) == (before, labels(control(form, "strength")).count("Needed together with Look."))


def test_a_value_in_a_sentence_is_called_as_in_its_list(forms):
    """Several with commas between."""
    mode = {"title": "Mode", "oneOf": [{"const": "a", "title": "by hand"}, {"const": "b", "title": "by itself"}]}
    form = forms({"mode": mode, "count": {"type": "integer"}})
    said = titled(form.state, (), {"other": "mode", "value": "a, b"}, "en")

    assert {"other": "Mode", "value": "by hand, by itself"} == said


def test_a_place_inside_a_field_is_named_by_titles_and_numbers(forms):
    """`below` leaves out what the field's own title has said."""
    form = forms({"loras": {"type": "array", "title": "LoRAs", "items": ITEM}}, value={"loras": [{"scale": 1}]})

    assert "LoRAs › 1 › Scale" == place_text(form.state, ("loras", 0, "scale"), "en")
    assert "1 › Scale" == place_text(form.state, ("loras", 0, "scale"), "en", below=1)


def test_a_labelled_choice_shows_its_label_and_sends_its_value(forms):
    """`oneOf` of `const` and `title`."""
    form = forms({"level": {"oneOf": [{"const": 1, "title": "low"}, {"const": 2, "title": "high"}]}})
    row = parts(control(form, "level"), w.RadioButtons)[0]
    row.value = 2

    assert (["(not set)", "low", "high"], {"level": 2}) == ([name.partition("\n")[2] for name, _ in row.options], form.value)


def test_what_is_fixed_is_told_as_text(forms):
    """Nothing to choose, so nothing to press."""
    form = forms({"version": {"const": "v2", "title": "Version"}})
    [line] = parts(control(form, "version"), w.DOMWidget)

    assert isinstance(line, w.HTML)
    assert ">v2<" in line.value


@pytest.mark.parametrize("field", [TITLED["style"], TITLED["strength"], CAMERA, {"type": "boolean"}, {"enum": ["a", "b"]}, {"type": "array", "items": {}}])
def test_help_stands_under_the_title(forms, field):
    """One glance away, with every kind of control: no hovering, no opening."""
    form = forms({"it": {**field, "description": "What it is for."}})

    assert 1 == labels(control(form, "it")).count("What it is for.")


def test_the_help_of_a_field_is_not_said_again_for_its_shape(forms):
    """Once above the list of shapes is enough."""
    shapes = [{"type": "string"}, {"type": "object", "title": "Own", "properties": {"w": {"type": "integer"}}}]
    form = forms({"size": {"description": "How large.", "anyOf": shapes}})
    size = control(form, "size")

    assert 1 == labels(size).count("How large.")


def test_a_second_report_of_a_service_is_painted_too(forms):
    """It was kept and not shown, once the first had made everything visible."""
    form = forms({"a": {"type": "string"}, "b": {"type": "string"}}, value={"a": "x", "b": "y"})
    for name in ("a", "b"):
        form.state.report((Problem((name,), "max_length", {"limit": 0, "length": 1}),))

    assert all("dr-problem" in control(form, name).description for name in ("a", "b"))


def test_a_list_that_is_full_says_why_nothing_can_be_added(forms):
    """On the buttons that rest."""
    picture = {"type": "string", "format": "uri", "x-cog-accept": "image/*"}
    form = forms({"pictures": {"type": "array", "items": picture, "maxItems": 1}}, value={"pictures": ["https://example.org/a.png"]})
    foot = [button(control(form, "pictures"), "Add"), parts(control(form, "pictures"), w.FileUpload)[-1]]

    assert [(True, "1 are the most; take one away first.")] * 2 == [(each.disabled, each.tooltip) for each in foot]
    form.set("pictures", UNSET)
    assert [(False, "Add"), (False, "Choose files")] == [(each.disabled, each.tooltip) for each in foot]


def test_what_has_only_an_icon_has_a_name(forms):
    """A tooltip is no name: a screen reader read out the icon's letter."""
    form = forms({"tags": {"type": "array", "items": {"type": "string"}}}, value={"tags": ["a"]})

    assert all(each.description for each in parts(form.widget, w.Button))


def test_a_groups_button_and_its_ticks_are_named_after_their_field(forms):
    """In a first line for the ear: three buttons called "2 inputs" are one too many."""
    ticks = {"type": "array", "title": "Effects", "uniqueItems": True, "items": {"enum": ["grain", "blur"]}}
    form = forms({"camera": {"type": "object", "title": "Camera", "properties": {"lens": {"type": "string"}}}, "fx": ticks})

    assert "Camera\n▸ 1 input" == parts(control(form, "camera"), w.Button)[0].description
    assert ["Effects\ngrain", "Effects\nblur"] == [box.description for box in parts(control(form, "fx"), w.Checkbox)]


def test_a_group_counts_what_is_sent(forms):
    """Neither an item without a value, nor what does not count now."""
    camera = {
        "type": "object",
        "properties": {"lenses": {"type": "array", "items": {"type": "string"}}, "mode": {"type": "string"}, "speed": {"type": "integer"}},
        "if": {"properties": {"mode": {"const": "slow"}}, "required": ["mode"]}, "then": {"properties": {"speed": False}},
    }
    form = forms({"camera": camera}, value={"camera": {"mode": "slow", "speed": 3}})
    head = parts(control(form, "camera"), w.Button)[0]
    before = head.description
    form.state.add(("camera", "lenses"))

    assert ("Camera\n▾ 2 inputs · 1 filled in",) * 2 == (before, head.description)


def test_a_fold_counts_what_was_changed_and_counts(forms):
    """Not what a condition has taken away meanwhile."""
    fields = {f"field_{number}": {"type": "string"} for number in range(12)}
    rule = {"if": {"properties": {"field_0": {"const": "x"}}, "required": ["field_0"]}, "then": {"properties": {"field_1": False}}}
    form = forms(fields, **rule)
    form.set("field_1", "y")
    fold = button(form.widget, "More settings")
    before = fold.description
    form.set("field_0", "x")

    assert ("▾ More settings (12) · 1 changed", "▾ More settings (11) · 1 changed") == (before, fold.description)


# --- nothing that is sent is out of sight


def test_deprecated_inputs_are_drawn_only_with_a_value(forms):
    """At the top and in groups alike."""
    old = {"type": "string", "deprecated": True}
    form = forms({"old": old, "new": {"type": "string"}, "camera": {"type": "object", "properties": {"old": old, "new": {"type": "string"}}}})
    button(control(form, "camera"), "1 input").click()
    before = form._view.rows.row("old"), len(parts(control(form, "camera"), w.Text))
    form.value = {"old": "x", "camera": {"old": "y"}}

    assert (None, 1) == before
    assert ["x", "y"] == [control(form, "old").value, parts(control(form, "camera"), w.Text)[-1].value]


def test_a_name_nobody_foresaw_is_told_as_json(forms):
    """At the top and in groups; emptied, it is gone again."""
    form = forms({"a": {"type": "string"}, "camera": {"type": "object", "properties": {"lens": {"type": "string"}}}})
    form.value = {"beta": [1], "camera": {"lens": "50 mm", "gamma": 2}}
    shown = control(form, "beta").value, [area.value for area in parts(control(form, "camera"), w.Textarea)]
    control(form, "beta").value = ""
    form.set(("camera", "gamma"), UNSET)

    assert ("[\n  1\n]", ["2"]) == shown
    assert (None, [], {"camera": {"lens": "50 mm"}}) == (form._view.rows.row("beta"), parts(control(form, "camera"), w.Textarea), form.value)


def test_what_a_condition_hides_is_no_unknown_name(forms):
    """Its value waits in the draft."""
    rule = {"if": {"properties": {"mode": {"const": "b"}}, "required": ["mode"]}, "then": {"properties": {"extra": {"type": "integer"}}}}
    form = forms({"mode": {"enum": ["a", "b"]}}, **rule)
    form.value = {"mode": "b", "extra": 3}
    form.set("mode", "a")

    assert ({"mode": "a"}, 3) == (form.value, form.draft["extra"])
    assert [] == form._view.rows._strays


def test_a_problem_of_the_form_as_a_whole_is_told_and_leads_to_its_json(forms, focused):
    """No row is its place."""
    form = forms({"a": {"type": "string"}, "b": {"type": "string"}}, minProperties=2, value={"a": "x"})
    with pytest.raises(InputError):
        form.check()
    told = summary(form).children[0].value
    parts(summary(form), w.Button)[0].click()

    assert "dr-problem" in told
    assert parts(form.widget, w.Textarea) == focused


def test_the_json_view_tells_every_problem_with_its_place(forms):
    """The rows that tell them otherwise are not there."""
    form = forms({"loras": {"type": "array", "title": "LoRAs", "items": {"type": "object", "properties": {"scale": {"type": "number", "maximum": 2}}}}})
    form.set(("loras", 0, "scale"), 3)
    button(form.widget, "JSON").click()

    assert "LoRAs › 1 › Scale: This should be 2 or less." in parts(form.widget, w.Textarea)[0].description


# --- conditions inside groups


def test_a_group_whose_inputs_come_only_with_a_condition_is_a_group(forms):
    """It has no inputs of its own to go by."""
    camera = {
        "type": "object", "if": {"required": ["kind"]}, "then": {"properties": {"lens": {"type": "string"}}},
        "else": {"properties": {"kind": {"enum": ["film", "digital"]}}},
    }
    form = forms({"camera": camera})
    button(control(form, "camera"), "1 input").click()

    assert [] == [each for each in parts(control(form, "camera"), w.Button) if "Add a name" in each.description]
    form.set(("camera", "kind"), "film")
    assert ["Kind", "Lens"] == titles(control(form, "camera"))


def test_a_group_begins_with_what_its_conditions_want_sent_and_ends_without(forms):
    """An object with only that left in it is absent again, like one with its static beginning."""
    camera = {
        "type": "object", "properties": {"mode": {"type": "string"}, "count": {"type": "integer", "default": 4}},
        "dependentRequired": {"mode": ["count"]},
    }
    form = forms({"camera": camera})
    form.set(("camera", "mode"), "burst")
    full = form.value
    form.set(("camera", "mode"), UNSET)

    assert ({"camera": {"mode": "burst", "count": 4}}, {}) == (full, form.value)


def test_an_untouched_form_sends_what_a_condition_wants_by_the_defaults(forms):
    """Without waiting for the first touch."""
    rule = {"if": {"properties": {"mode": {"const": "auto"}}}, "then": {"required": ["count"]}}
    form = forms({"mode": {"enum": ["auto", "off"], "default": "auto"}, "count": {"type": "integer", "default": 4}}, **rule)

    assert {"count": 4} == form.value


def test_inputs_do_not_change_places_while_somebody_types(forms):
    """One that becomes required stays where it is: a row that moves is made anew in the page, and the cursor is gone."""
    camera = {"type": "object", "properties": {name: {"type": "string"} for name in ("a", "b", "c")}, "dependentRequired": {"a": ["c"]}}
    form = forms({"camera": camera}, value={"camera": {"b": "x"}})
    before = titles(control(form, "camera"))
    form.set(("camera", "a"), "y")

    assert (["A", "B", "C"],) * 2 == (before, titles(control(form, "camera")))


NARROWS = {
    "if": {"properties": {"mode": {"const": "fast"}}, "required": ["mode"]},
    "then": {"properties": {"steps": {"maximum": 8}, "style": {"enum": ["ink", "oil"]}}},
}
MODES = {
    "mode": {"type": "string"}, "steps": {"type": "integer", "minimum": 1, "maximum": 50}, "style": {"enum": ["ink", "oil", "chalk"]},
}  # fmt: skip


@pytest.mark.parametrize("above", [(), ("camera",)], ids=["top", "group"])
def test_a_control_follows_what_a_condition_makes_of_its_field(forms, above):
    """Bounds and choices: what was drawn once would offer what is not taken, or lack what is."""
    object_ = {"type": "object", "properties": MODES, **NARROWS}
    form = forms({"camera": object_}) if above else forms(MODES, **NARROWS)
    form.set((*above, "style"), "oil")

    def drawn():
        return parts(form.widget, w.IntSlider)[0].max, len(parts(form.widget, w.RadioButtons)[0].options)

    seen = [drawn()]
    for mode in ("fast", "slow"):
        form.set((*above, "mode"), mode)
        seen.append(drawn())

    assert [(50, 4), (8, 3), (50, 4)] == seen
    assert "oil" == form.get((*above, "style"))


def test_a_row_that_only_becomes_required_is_not_made_anew(forms):
    """Nobody loses the cursor for that."""
    form = forms({"style": {"type": "string"}, "note": {"type": "string"}}, **{"dependentRequired": {"style": ["note"]}})
    before = control(form, "note")
    form.set("style", "ink")

    assert before is control(form, "note")
    assert "required" in before.description


def test_a_group_that_must_be_there_is_there(forms):
    """Nobody can say "the empty object" by hand; what is missing in it is then told at its own place."""
    camera = {"type": "object", "properties": {"lens": {"type": "string"}}}
    form = forms({"camera": camera, "scene": {**camera, "required": ["lens"]}}, required=["camera", "scene"])

    assert {"camera": {}, "scene": {}} == form.value
    assert [("scene", "lens")] == [found.pointer for found in form.problems]


def test_what_a_condition_brings_in_moves_nothing_in_the_page(forms):
    """A list of widgets that changes in the middle is made anew behind that place, and the cursor in a fold would be gone."""
    fields = {f"field_{number}": {"type": "string"} for number in range(12)}
    rule = {"if": {"required": ["field_0"]}, "then": {"properties": {"extra": {"type": "string"}}}}
    form = forms(fields, **rule)
    button(form.widget, "More settings").click()
    before = form._view.root.children
    form.set("field_0", "x")

    assert before == form._view.root.children
    assert "Extra" in titles(form.widget)


def test_a_closed_group_says_how_much_is_wrong_in_it(forms):
    """It is opened by a value; closed by hand it still tells."""
    form = forms({"camera": {"type": "object", "title": "Camera", "properties": {"angle": {"type": "integer", "maximum": 9}}}})
    form.set(("camera", "angle"), 10)
    head = button(control(form, "camera"), "input")
    head.click()

    assert "Camera\n▸ 1 input · 1 filled in · to be looked at: 1" == head.description


def test_a_text_that_cannot_be_wrong_halfway_is_read_at_every_key(forms):
    """A front end puts back what it knows whenever the label changes; half a pattern is no mistake yet."""
    form = forms({"a": {"type": "string"}, "b": {"type": "string", "pattern": "^x$"}, "seed": {"type": "integer"}})

    assert (True, False) == (control(form, "a").continuous_update, control(form, "b").continuous_update)
    assert control(form, "seed").children[0].continuous_update


def test_a_name_without_a_value_is_a_row_and_nothing_in_the_order(forms):
    """It began with an empty text, which stood in the box as two quotes just where somebody began to type."""
    form = forms({"free": {"type": "object"}})
    free = control(form, "free")
    button(free, "Add a name").click()
    name, value = parts(free, w.Text)
    name.value = "steps"
    named = value.value, form.value
    value.value = "4"
    given = form.value
    value.value = ""
    button(free, "JSON").click()

    assert (("", {}), {"free": {"steps": 4}}, {}) == (named, given, form.value)
    assert "{}" == parts(free, w.Textarea)[0].value


def test_a_form_shown_late_shows_what_was_asked_before(forms, focused):
    """`check()` in one cell, the form in the next."""
    form = dr.Form({"properties": {"a": {"type": "string"}}, "required": ["a"]})
    form.state.ask()

    assert ["A"] == [each.description for each in parts(summary(form), w.Button)]
    form.close()
