"""What a control costs: messages when it is drawn, when a value is set, and when a person changes it."""

from __future__ import annotations

import json

import pytest

from ipydarkroom.catalog import bundled
from ipydarkroom.fields import Choice, Field, Media
from ipydarkroom.models import Model
from ipydarkroom.panel.form import Form
from ipydarkroom.panel.screen import theme
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
    assert size(messages) - len(theme()) < 25_000


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
