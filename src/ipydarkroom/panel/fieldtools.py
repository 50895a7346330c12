"""What can be said of one field besides its value: send the default as it is, null, an empty text, or nothing again.

One small tray for the whole form, made when it is first wanted: four buttons beside every field would be more widgets
than the form itself.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from ..fields import UNSET
from .guard import guarded
from .options import unique
from .places import place_text
from .pump import put

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ..fields import Field, Pointer
    from .rows import Bench

__all__ = ["FieldTools"]

_DEEPEST = 4
_MOST = 300


class FieldTools:
    """The tray.

    Args:
        bench: What all rows of the form share.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._model = bench.model
        self._places: list[Pointer] = []
        kit = bench.kit
        self._list = kit.make(w.Dropdown, "dr-field", "dr-short", description=kit.say("panel.field.which"))
        self._buttons: dict[str, w.Button] = {
            name: kit.make(w.Button, "dr-quiet", description=kit.say(f"panel.field.{name}"))
            for name in ("send_default", "send_null", "send_empty", "forget")
        }
        for name, button in self._buttons.items():
            button.on_click(guarded(bench.model, lambda _button, name=name: self._press(name)))
        self._list.observe(guarded(bench.model, lambda _change: self._picked()), "value")
        self.root = kit.make(w.HBox, "dr-pair", "dr-tools", children=(self._list, *self._buttons.values()))

    def paint(self) -> None:
        """Bring it in line with the model."""
        places = [place for place, _ in _places(self._bench, ())]
        if places != self._places:
            names = unique([place_text(self._model, place, self._bench.kit.language) for place in places], places)
            now = self._place()
            self._places = places
            options = [(name, at) for at, name in enumerate(names)]
            with self._list.hold_sync():
                put(self._list, options=options)
                put(self._list, value=places.index(now) if now in places else 0 if places else None)
        offered = self._offered()
        for name, button in self._buttons.items():
            put(button, disabled=name not in offered)

    def _picked(self) -> None:
        if not self._bench.painting():
            self._model.redraw()

    def _press(self, name: str) -> None:
        place, act = self._place(), self._offered().get(name)
        if place is not None and act is not None:
            act()

    def _place(self) -> Pointer | None:
        at = self._list.value
        return self._places[at] if isinstance(at, int) and at < len(self._places) else None

    def _offered(self) -> Mapping[str, Callable[[], None]]:
        """What can be done to the chosen field."""
        place = self._place()
        field = None if place is None else self._model.field(place)
        if place is None or field is None:
            return {}
        found: dict[str, Callable[[], None]] = {}
        if field.default is not UNSET:
            found["send_default"] = lambda: self._model.set(place, field.default)
        if field.nullable or any(choice.value is None for choice in field.choices):
            found["send_null"] = lambda: self._model.set(place, None)
        if field.kind == "string" and not field.choices and field.media is None:
            found["send_empty"] = lambda: self._model.set(place, "")
        if self._model.touched(place):
            found["forget"] = lambda: self._model.reset(place)
        return found


def _places(bench: Bench, above: Pointer) -> list[tuple[Pointer, Field]]:
    """Every field there is now, those inside of objects behind them."""
    found: list[tuple[Pointer, Field]] = []
    for field in bench.model.fields(above):
        place = (*above, field.name)
        if bench.model.standing(place).shown and (not field.is_constant or bench.model.touched(place)):
            found.append((place, field))
            if field.kind == "object" and field.children and len(place) < _DEEPEST:
                found += _places(bench, place)
    return found[:_MOST]
