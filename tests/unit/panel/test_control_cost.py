"""What a control costs: messages when it is drawn, when a value is set, and when a person changes it."""

from __future__ import annotations

import json

import pytest

from ipydarkroom.catalog import bundled
from ipydarkroom.fields import Choice, Field, Media
from ipydarkroom.models import Model
from ipydarkroom.panel.form import Form
from ipydarkroom.testing import tiny_png

[REFRAME] = [each for each in bundled() if each.id == "ideogram/ideogram-v3/reframe"]
RESOLUTION = REFRAME.field("resolution")
LISTED = tuple(Choice(number, str(number)) for number in range(30))

DRAWN = [  # a field, and the widget models it takes; styles, which are shared, aside
    (Field(("note",), "string"), 1),
    (Field(("prompt",), "string", max_length=800), 1),
    (Field(("flag",), "boolean"), 1),
    (Field(("speed",), "integer", choices=LISTED[:3]), 2),
    (Field(("speed",), "integer", choices=LISTED[:9]), 1),
    (Field(("voice",), "integer", choices=LISTED), 1),
    (Field(("steps",), "integer"), 1),
    (Field(("scale",), "number", minimum=0, maximum=1), 3),
    (Field(("seed",), "integer"), 3),
    (Field(("image",), "string", media=Media("image")), 3),
    (Field(("video",), "string", media=Media("video")), 3),
    (Field(("color_palette",), "object"), 2),
    (Field(("style",), "object"), 3),
    (RESOLUTION, 5),
]


@pytest.fixture
def sent(monkeypatch):
    """Every message that any widget sends, as (kind, data)."""
    log = []
    from comm import base_comm

    def note(self, msg_type, data=None, *_args, **_rest):
        log.append((msg_type, data or {}))

    monkeypatch.setattr(base_comm.BaseComm, "publish_msg", note)
    monkeypatch.setattr("comm.DummyComm.publish_msg", note)
    return log


def opened(sent):
    """The widget models that were opened, styles and the one layout aside."""
    kinds = [data["state"]["_model_name"] for kind, data in sent if kind == "comm_open"]
    return [kind for kind in kinds if not kind.endswith(("StyleModel", "LayoutModel"))]


def size(messages):
    """Their bytes as JSON."""
    return sum(len(json.dumps(data, default=str)) for _, data in messages)


@pytest.fixture
def bare(panels, sent):
    """The messages of a panel without any field."""
    panels(Model("lab/none", "runcomfy", ()))
    found = list(sent)
    sent.clear()
    return found


@pytest.mark.parametrize(("field", "models"), DRAWN, ids=lambda value: value.name if isinstance(value, Field) else str(value))
def test_a_control_is_drawn_with_few_models(row, sent, bare, field, models):
    """One model where one widget will do; nothing is made before it is wanted, and nothing is sent twice."""
    row(field)

    assert models == len(opened(sent)) - len(opened(bare))
    assert {"comm_open"} == {kind for kind, _ in sent}


def test_69_frames_are_at_most_eight_messages_and_twelve_kilobytes(row, sent, bare):
    """Styles that no other control needs included."""
    row(RESOLUTION)

    assert 5 <= len(sent) - len(bare) <= 8
    assert size(sent) - size(bare) < 12_000


def test_the_whole_reframe_form_is_at_most_thirty_messages(sent):
    """The plan's number, buttons included."""
    form = Form(REFRAME)
    form.widget
    messages = list(sent)
    form.close()

    assert len(messages) <= 30
    assert size(messages) < 25_000


def test_a_panel_adds_banner_run_and_results_to_its_form(panels, sent):
    """Four messages more than the form alone."""
    panels(REFRAME)

    assert len(sent) <= 34


def test_one_value_set_in_code_is_one_message_to_a_simple_control(row, sent):
    """And one to each part that shows it in a control of several."""
    panel, _ = row(Field(("steps",), "integer"), Field(("scale",), "number", minimum=0, maximum=1), RESOLUTION)
    panel.value = {"steps": 1, "scale": 0.1, "resolution": "1152:832 (18:13)"}  # no longer untouched: that is one more
    counts = {}
    for name, value in (("steps", 3), ("scale", 0.5), ("resolution", "1024:1024 (1:1)")):
        sent.clear()
        panel.state.set(name, value)
        counts[name] = len(sent)

    assert {"steps": 1, "scale": 2, "resolution": 3} == counts


def test_typing_in_a_counter_is_one_message_a_stroke(row, sent):
    """The label with the count; the text itself is not sent back."""
    _, area = row(Field(("prompt",), "string", max_length=800))
    area.value = "a"
    sent.clear()
    area.set_state({"value": "ab"})
    updates = [data["state"] for _, data in sent if data.get("method") == "update"]

    assert [{"description"}] == [set(state) for state in updates]


# --- a hundred fields, some of them groups, lists and shapes

KINDS = (
    {"type": "string"}, {"type": "string", "maxLength": 300}, {"type": "integer"}, {"type": "number", "minimum": 0, "maximum": 1},
    {"enum": ["a", "b", "c"]}, {"type": "boolean"}, {"type": "object", "properties": {name: {"type": "string"} for name in "xyz"}},
    {"type": "array", "items": {"type": "string"}}, {"anyOf": [{"type": "string"}, {"type": "object", "properties": {"w": {"type": "integer"}}}]},
    {"type": "object"},
)  # fmt: skip
HUNDRED = {"properties": {f"field_{number}": KINDS[number % 10] for number in range(100)}, "required": ["field_0"]}


@pytest.fixture
def hundred(sent):
    """A form of a hundred fields with everything unfolded, and a list with an item; `sent` begins after that."""
    form = Form(HUNDRED, {"field_7": ["a"]})
    form.widget
    form._view.rows.unfold()
    form.state.redraw()
    form.state.ask()
    sent.clear()
    yield form
    form.close()


def inside(form, name):
    """The widgets that the row of a field is made of."""

    def walk(widget):
        return [widget, *(found for child in getattr(widget, "children", ()) for found in walk(child))]

    return walk(form._view.rows.row(name).control.root)


@pytest.mark.parametrize(("name", "widget"), [("field_0", 0), ("field_1", 0), ("field_7", 3)], ids=["text", "area", "item"])
def test_a_key_in_a_form_of_a_hundred_fields_is_at_most_two_messages(hundred, sent, name, widget):
    """The echo of it, and the label that counts or no longer says "required". The other 99 are not sent anything."""
    box = inside(hundred, name)[widget]
    assert hasattr(box, "placeholder")
    for typed in ("a", "ab", "abc"):
        sent.clear()
        box.set_state({"value": typed})
        if typed != "a":  # the first takes the problem away, from the summary too
            assert len(sent) <= 2

    assert "abc" in str(hundred.value[name])


def test_the_first_key_in_a_field_that_must_be_given_is_a_few(hundred, sent):
    """Its own echo, its label and marks, and the summary, which has one less: not more because of the other 99."""
    inside(hundred, "field_0")[0].set_state({"value": "a"})

    assert len(sent) <= 5


def test_opening_a_group_sends_only_its_own(hundred, sent):
    """Three rows and the box they stand in, the words of its button, and the list of what stands in the group."""
    group = inside(hundred, "field_6")
    group[2].click()
    updates = [data for kind, data in sent if kind == "comm_msg"]

    assert ["TextModel"] * 3 + ["VBoxModel"] == sorted(opened(sent))
    assert len(updates) <= 2
    assert {frozenset(each["state"]) for each in updates} <= {frozenset({"description"}), frozenset({"children"})}


def test_an_item_added_sends_only_its_own(hundred, sent):
    """Its row, its two buttons and their line; the count, and the cursor."""
    add = next(each for each in inside(hundred, "field_17") if getattr(each, "icon", "") == "plus")
    add.click()

    assert ["ButtonModel", "ButtonModel", "HBoxModel", "TextModel"] == sorted(opened(sent))
    assert len(sent) - 4 <= 5


def test_every_part_is_closed_with_the_panel(row, root, upload):
    """Also those that were made later; `panels` counts what is left."""
    large = Field(("image",), "string", media=Media("image", max_bytes=10))
    panel, _ = row(large, Field(("color_palette",), "object"), Field(("seed",), "integer"))
    upload(root(panel, "image").children[1], tiny_png(8, 8))
    panel.state.set("color_palette", {"members": [{"color_hex": "#112233", "color_weight": 0.5}]})
    panel.state.set("seed", 3)
    later = [*root(panel, "image").children, *root(panel, "color_palette").children, *root(panel, "seed").children]
    panel.close()

    assert 11 == len(later)
    assert [None] * len(later) == [part.comm for part in later]
