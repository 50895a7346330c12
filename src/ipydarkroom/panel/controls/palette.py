"""A colour palette in Ideogram's shape: ready-made, or own colours with weights, or anything else as JSON.

What the list says is how the value is edited, and is kept: choosing JSON shows the same value as text. A value from code
that is neither a known name nor plain colours is shown as JSON, whatever was chosen.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import ipywidgets as w

from ...fields import UNSET
from ..model import same
from ..palettes import PRESETS, WEIGHTS, Member, bar, long_hex, members_of, preset_of, value_of
from ..pump import put
from . import Control, Slot, control
from .json_editor import json_text, take_json

if TYPE_CHECKING:
    from ...fields import Field

__all__ = ["palette"]

_NAME = re.compile(r"colou?rs?_?palette\Z", re.IGNORECASE)
_OWN, _JSON = "own", "json"  # no preset has such a name
_FIRST = Member("#d9582b", 0.5)
_MOST = 8  # colours; more are taken as JSON


def _is_palette(field: Field) -> bool:
    return field.kind == "object" and not field.choices and _NAME.search(field.name) is not None


@control(rank=500, accepts=_is_palette)
def palette(slot: Slot) -> Control:
    """Build the list; rows and editor are made when they are chosen."""
    return _Palette(slot).control()


class _Palette:
    """The widgets of one such field. A class, because rows come and go."""

    def __init__(self, slot: Slot) -> None:
        self._slot = slot
        self._filling = False
        self._value, self._raw = slot.value, slot.raw
        self._as_json = False
        self._typing = False
        self._rows: list[tuple[w.ColorPicker, w.BoundedFloatText, w.Button, w.HBox]] = []
        self._add: w.Button | None = None
        self._bar: w.HTML | None = None
        self._editor: w.Textarea | None = None
        silence = [] if slot.field.required else [(slot.say("panel.not_set"), "")]
        presets = [(name.capitalize(), name) for name in PRESETS]
        ways = [(slot.say("panel.palette.own"), _OWN), (slot.say("panel.palette.json"), _JSON)]
        self._list = slot.kit.make(
            w.Dropdown, "dr-field", options=[*silence, *presets, *ways], value=self._way(slot.value, slot.raw), **slot.described(),
        )
        slot.listen(self._list, self._chosen, typed=False)
        self._root = slot.kit.make(w.VBox, "dr-palette", *slot.marks, children=(self._list, *self._parts(slot.value, slot.raw)))

    def control(self) -> Control:
        return Control(self._root, self._list, self._show)

    # --- what a person does

    def _chosen(self) -> None:
        way = self._list.value
        if self._filling or way is None:
            return
        self._as_json = way == _JSON
        if way == _OWN:
            self._slot.give(value_of([_FIRST]))
        elif way == _JSON:
            self._typing = True
            self._show(self._value, self._raw)
        else:
            self._slot.give({"name": way} if way else UNSET)

    def _edited(self) -> None:
        if self._filling:
            return
        value = value_of(self._members())
        if same(value, self._value):
            self._show(self._value, self._raw)  # a colour by name: it was not taken, and the row says so
        else:
            self._slot.give(value)

    def _typed(self, editor: w.Textarea) -> None:
        if not self._filling:
            self._as_json = self._typing = True
            take_json(self._slot, editor.value)

    def _added(self) -> None:
        self._slot.give(value_of([*self._members(), _FIRST]))

    def _removed(self, row: w.HBox) -> None:
        left = [member for member, parts in zip(self._members(), self._rows, strict=False) if parts[3] is not row]
        self._slot.give(value_of(left) if left else UNSET)

    def _members(self) -> list[Member]:
        """The colours as they stand in the rows; a colour that is no `#rrggbb` stays what it was."""
        before = members_of(self._value) or ()
        return [
            Member(long_hex(color.value) or old.color, weight.value)
            for old, (color, weight, _, _) in zip(before, self._rows, strict=False)
        ]

    # --- what is shown

    def _show(self, value: object, raw: str | None) -> None:
        if value is UNSET and raw is None and not self._typing:
            self._as_json = False  # start over, or silence from code; an editor that somebody empties stays
        self._value, self._raw, self._typing, self._filling = value, raw, False, True
        try:
            put(self._list, value=self._way(value, raw))
            put(self._root, children=(self._list, *self._parts(value, raw)))
        finally:
            self._filling = False

    def _way(self, value: object, raw: str | None) -> str | None:
        """How this value is edited."""
        if raw is not None or self._as_json:
            return _JSON
        if value is UNSET:
            return None if self._slot.field.required else ""
        members = members_of(value)
        return preset_of(value) or (_OWN if members and len(members) <= _MOST else _JSON)

    def _parts(self, value: object, raw: str | None) -> list[w.DOMWidget]:
        way = self._way(value, raw)
        if way == _JSON:
            return [self._json_part(value, raw)]
        members = members_of(value) or ()
        return self._own_parts(members) if way == _OWN else []

    def _json_part(self, value: object, raw: str | None) -> w.Textarea:
        if self._editor is None:
            editor = self._slot.kit.make(
                w.Textarea, "dr-field", "dr-code", description="JSON", rows=3, continuous_update=False, value=json_text(value, raw),
            )
            self._slot.listen(editor, lambda: self._typed(editor), typed=False)
            self._editor = editor
        put(self._editor, value=json_text(value, raw))
        return self._editor

    def _own_parts(self, members: tuple[Member, ...]) -> list[w.DOMWidget]:
        kit, say = self._slot.kit, self._slot.say
        if self._bar is None:
            self._bar = kit.make(w.HTML, "dr-bars")
        if self._add is None:
            self._add = kit.make(w.Button, "dr-quiet", description=say("panel.palette.add"), icon="plus")
            self._slot.press(self._add, self._added)
        while len(self._rows) < len(members):
            self._rows.append(self._row(len(self._rows) + 1))
        for member, (color, weight, _, _) in zip(members, self._rows, strict=False):
            put(color, value=member.color)
            put(weight, value=min(max(0.5 if member.weight is None else member.weight, WEIGHTS[0]), WEIGHTS[1]))
        put(self._bar, value=bar(members, say("panel.palette.bar")))
        rows = [parts[3] for parts in self._rows[: len(members)]]
        return [self._bar, *rows, *([self._add] if len(members) < _MOST else [])]

    def _row(self, number: int) -> tuple[w.ColorPicker, w.BoundedFloatText, w.Button, w.HBox]:
        slot = self._slot
        color = slot.kit.make(w.ColorPicker, "dr-field", "dr-color", description=slot.say("panel.palette.color", number=number))
        weight = slot.kit.make(
            w.BoundedFloatText, "dr-field", "dr-weight", min=WEIGHTS[0], max=WEIGHTS[1], step=0.05, value=0.5,
            description=slot.say("panel.palette.weight", number=number),
        )
        remove = slot.kit.make(w.Button, "dr-quiet", icon="times", description=slot.say("panel.palette.remove", number=number))
        row = slot.kit.make(w.HBox, "dr-pair", children=(color, weight, remove))
        slot.listen(color, self._edited, typed=False)
        slot.listen(weight, self._edited, typed=False)
        slot.press(remove, lambda: self._removed(row))
        return color, weight, remove, row
