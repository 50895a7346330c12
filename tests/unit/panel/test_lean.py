"""Opening messages leave out what every front end knows; see tests/browser/test_opening_in_lab.py for the page's side."""

from __future__ import annotations

import ipywidgets as w
import pytest
from traitlets import ObserveHandler, ValidateHandler

from ipydarkroom.panel.kit import Kit
from ipydarkroom.panel.lean import _TRIED, _UNCHECKED, is_tried, lean


@pytest.fixture
def sent(monkeypatch):
    """Every message that any widget sends, as (kind, data)."""
    log = []
    monkeypatch.setattr("comm.DummyComm.publish_msg", lambda self, kind, data=None, *_args, **_rest: log.append((kind, data or {})))
    return log


@pytest.fixture
def kit():
    made = Kit("en")
    yield made
    made.close()


def test_an_opening_message_says_what_is_not_empty(kit, sent):
    """Which model, what it was given, and what belongs to it."""
    made = kit.make(w.Text, "dr-field", value="a", description="Name")
    state = sent[-1][1]["state"]

    assert {
        "_dom_classes", "_model_module", "_model_module_version", "_model_name", "continuous_update", "description", "layout", "style", "value",
    } == set(state)
    assert ("TextModel", "a") == (state["_model_name"], state["value"])
    assert f"IPY_MODEL_{made.layout.model_id}" == state["layout"]


def test_what_is_made_empty_later_is_said(kit, sent):
    """An ordinary update."""
    made = kit.make(w.Text, value="a", disabled=True)
    sent.clear()
    made.value, made.disabled = "", False

    assert [{"value": ""}, {"disabled": False}] == [data["state"] for _, data in sent]


def test_the_whole_state_is_told_when_it_is_asked_for(kit):
    """After a reload the page asks for it; then nothing is left out."""
    made, usual = kit.make(w.Dropdown, options=("a", "b")), w.Dropdown(options=("a", "b"))
    own = {"layout", "style"}

    assert set(usual.get_state()) == set(made.get_state())
    assert {k: v for k, v in usual.get_state().items() if k not in own} == {k: v for k, v in made.get_state().items() if k not in own}
    usual.close()


def test_no_choice_is_said(kit, sent):
    """The page's list would begin with another kind of nothing, and send it back."""
    kit.make(w.Dropdown, options=("a", "b"), index=None)

    assert sent[-1][1]["state"]["index"] is None


def test_a_kind_nobody_tried_opens_as_it_always_does(kit, sent):
    """A widget of somebody's own, or one of ipywidgets that no control of ours uses."""

    class Mine(w.Text):
        pass

    usual = kit.make(Mine)

    assert Mine is type(usual) is lean(Mine)
    assert not is_tried(w.Accordion)
    assert set(usual.keys) == set(sent[-1][1]["state"])


def test_a_short_message_is_of_the_same_kind(kit):
    """For `isinstance`, for its name, and for what a person reads."""
    made = kit.make(w.Text, value="a")

    assert isinstance(made, w.Text)
    assert "Text(value='a'" in repr(made)


def test_ids_are_short_and_no_two_are_equal():
    """Within a panel and between panels, as they may meet in one page."""
    kits = [Kit("en") for _ in range(20)]
    ids = {kit.make(w.Text).model_id for kit in kits for _ in range(20)}
    for kit in kits:
        kit.close()

    assert 400 == len(ids)
    assert max(map(len, ids)) <= 12


@pytest.mark.parametrize("kind", _TRIED, ids=lambda kind: kind.__name__)
def test_what_is_put_in_place_unchecked_has_no_check_and_no_listener(kind):
    """Else a newer ipywidgets would be told less than it asks for."""
    members = [member for base in kind.__mro__ for member in vars(base).values()]
    heeded = {name for each in members if isinstance(each, ObserveHandler | ValidateHandler) for name in each.trait_names}

    assert not heeded & _UNCHECKED


def test_what_was_put_in_place_is_changed_like_anything_else(kit, sent):
    """A change is a message, and the same once more is none."""
    made = kit.make(w.Text, "dr-field", description="Name", placeholder="none")
    sent.clear()
    made.description, made._dom_classes, made.placeholder = "Title", ("dr-wrong",), "none"

    assert [{"description": "Title"}, {"_dom_classes": ("dr-wrong",)}] == [data["state"] for _, data in sent]
