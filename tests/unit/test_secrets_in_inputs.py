"""Secrets among the inputs of a model, wherever a schema has them: sent as they are, and neither kept nor shown."""

from __future__ import annotations

import copy

import pytest

from ipydarkroom.models import Model
from ipydarkroom.order_code import code_of
from ipydarkroom.panel import Compare, Form
from ipydarkroom.prepare import prepare
from ipydarkroom.sweep.axes import Axis
from ipydarkroom.sweep.labels import value_label
from ipydarkroom.testing import ScriptedPainter, local_client

PASSWORD = {"type": "string", "format": "password"}
PLACES = {
    "plain": (PASSWORD, "hunter2"),
    "in an object": ({"type": "object", "properties": {"key": PASSWORD}}, {"key": "hunter2"}),
    "in a list": ({"type": "array", "items": PASSWORD}, ["hunter2"]),
    "in a tuple": ({"type": "array", "prefixItems": [{"type": "integer"}, PASSWORD]}, [1, "hunter2"]),
    "in a union": ({"anyOf": [PASSWORD, {"type": "integer"}]}, "hunter2"),
    "under a free name": ({"type": "object", "additionalProperties": PASSWORD}, {"any": "hunter2"}),
    "under a pattern": ({"type": "object", "patternProperties": {"^k": PASSWORD}}, {"key": "hunter2"}),
    "only written, a number": ({"type": "integer", "writeOnly": True}, 40711),
    "only written, an object": ({"type": "object", "writeOnly": True, "properties": {"p": {"type": "string"}}}, {"p": "hunter2"}),
    "only written, a list": ({"type": "array", "writeOnly": True, "items": {"type": "string"}}, ["hunter2"]),
}
EVERYWHERE = pytest.mark.parametrize(("part", "value"), PLACES.values(), ids=PLACES)


def model_with(part):
    """A model with the secret and one input that is none."""
    return Model.from_schema({"type": "object", "properties": {"secret_input": part, "prompt": {"type": "string"}}}, id="acme/locked")


def tells(text):
    """Whether the secret stands there."""
    return "hunter2" in text or "40711" in text


@EVERYWHERE
def test_it_is_sent_and_only_a_mark_is_kept(part, value):
    """What goes into the journal, and from there into history, files and tables."""
    order = prepare(model_with(part), {"secret_input": value, "prompt": "a fox"}, inline_limit=None)

    assert {"secret_input": value, "prompt": "a fox"} == dict(order.sent)
    assert not tells(str(dict(order.kept)))
    assert "a fox" == order.kept["prompt"]
    assert not tells(repr(order.sent))


@EVERYWHERE
def test_equal_secrets_leave_equal_marks(part, value):
    """So that running a cell again finds its job."""
    kept = [dict(prepare(model_with(part), {"secret_input": value}, inline_limit=None).kept) for _ in range(2)]

    assert kept[0] == kept[1]


@EVERYWHERE
def test_no_cell_and_no_code_shows_it(part, value):
    """Nor does a copy of what a cell would show."""
    form = Form(model_with(part), {"secret_input": value, "prompt": "a fox"})
    shown = form.value

    assert value == shown["secret_input"]
    assert not [each for each in (shown, form.draft, shown.copy(), copy.copy(shown), copy.deepcopy(shown), shown | {"more": 1}) if tells(repr(each))]
    assert not tells(str(code_of(form.model, shown)))
    form.close()


@EVERYWHERE
def test_no_label_of_a_sweep_is_one(part, value):
    """It is counted instead."""
    assert "Secret input 1" == value_label(model_with(part), Axis("secret_input", (value,)), 0, "en")


@EVERYWHERE
def test_no_comparison_tells_it(part, value, tmp_path):
    """Neither before an order, in its form and its table, nor in the page that shows the table."""
    first, second = model_with(part), Model.from_schema({"type": "object", "properties": {"prompt": {"type": "string"}}}, id="acme/open")
    with local_client(tmp_path, ScriptedPainter()) as client:
        compare = Compare([first, second], {"secret_input": value, "prompt": "a fox"}, client=client)
        told = [repr(compare.value), str(list(compare.table)), compare.table._repr_html_(), compare._screen._mapping.value]
        compare.close()

    assert not [each for each in told if tells(each)]


def test_a_secret_inside_of_another_one_is_one_secret():
    """As one shape takes the whole for one, and another a part of it."""
    part = {"type": "object", "writeOnly": True, "properties": {"p": {"type": "string"}}}, {"type": "object", "properties": {"p": PASSWORD}}
    order = prepare(model_with({"anyOf": [*part]}), {"secret_input": {"p": "hunter2"}}, inline_limit=None)

    assert not tells(repr(order.sent))
    assert ["secret"] == list(order.kept["secret_input"])


def test_what_spite_leaves_unread_counts_as_secret():
    """A shape that is many shapes of itself, at any depth, and a pattern that takes for ever, end soon."""
    many = {"anyOf": [*[{"$ref": "#/$defs/many"}] * 6, {"type": "object", "properties": {"x": {"$ref": "#/$defs/many"}}}]}
    slow = {"type": "object", "patternProperties": {"^(a+)+$": PASSWORD}}
    model = Model.from_schema({"type": "object", "properties": {"a": {"$ref": "#/$defs/many"}, "b": slow}, "$defs": {"many": many}})

    assert {("a",), ("b", "a" * 10)} == model.secrets({"a": {"x": {"x": {"x": "?"}}}, "b": {"a" * 40 + "!": "open", "a" * 10: "hunter2"}})
