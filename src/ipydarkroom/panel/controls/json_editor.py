"""The last resort, which takes anything: the value as JSON. Broken JSON is kept as typed and never sent."""

from __future__ import annotations

import json

import ipywidgets as w

from ...fields import UNSET
from ..pump import put
from . import Control, Slot, control

__all__ = ["json_editor", "json_text", "take_json"]


@control(rank=900, accepts=lambda _field: True)
def json_editor(slot: Slot) -> Control:
    """Build the editor. It is read when the person leaves it, not at every key."""
    area = slot.kit.make(
        w.Textarea, "dr-field", "dr-code", *slot.marks,
        value=json_text(slot.value, slot.raw), placeholder=_example(slot), rows=2, continuous_update=False,
        **slot.described("JSON"),
    )
    slot.listen(area, lambda: take_json(slot, area.value))
    return Control(area, area, lambda value, raw: put(area, value=json_text(value, raw)), lambda _value, _raw: "JSON")


def json_text(value: object, raw: str | None) -> str:
    """A value as indented JSON, nothing for UNSET; unreadable typing as it is. What JSON cannot say is named."""
    if raw is not None:
        return raw
    return "" if value is UNSET else json.dumps(value, ensure_ascii=False, indent=2, default=repr)


def take_json(slot: Slot, text: str) -> None:
    """Report what was typed into an editor of JSON."""
    if not text.strip():
        slot.clear()
        return
    try:
        found = json.loads(text, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        slot.broken(text, "not_json", line=error.lineno, column=error.colno)
    except (ValueError, RecursionError):
        slot.broken(text, "not_json", line=1, column=1)
    else:
        slot.give(found)


def _refuse(word: str) -> object:
    """`NaN` and `Infinity` are Python's, not JSON's: a server would refuse the whole order."""
    raise ValueError(word)


def _example(slot: Slot) -> str:
    """Grey text: the default, an example, or the shape that is wanted."""
    if slot.field.default is not UNSET:
        return json_text(slot.field.default, None)
    return slot.hint or {"array": "[ ]", "object": "{ }"}.get(slot.field.kind, "")
