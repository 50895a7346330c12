"""Several values of one field, tried from a panel: a small tray to name them in, and the sweep below it.

What the other fields say stays as it is. The button comes with the first job of a panel, or with the tray for one input;
the tray of values is built when it is first opened.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import ipywidgets as w

from ..errors import InputError
from ..fields import UNSET
from ..markup import Markup
from ..schema.kinds import convert
from ..sweep.axes import axis
from .asking import SETTLE_S
from .guard import guarded
from .labels import choice_text, title_text
from .pump import put

if TYPE_CHECKING:
    from ..fields import Field
    from .acts import Acts
    from .kit import Kit
    from .model import PanelModel
    from .sweep import Sweep

__all__ = ["Several", "offered"]

_ONE_VALUE = frozenset({"string", "integer", "number", "boolean"})
_FEWEST, _USUAL, _MOST = 2, 4, 50  # seeds


def offered(state: PanelModel) -> list[Field]:
    """The fields of which several values can be tried: those of one value each that count now, the words first."""
    found = [
        field for field in state.model.fields
        if field.name in state.shown and not field.is_constant and (field.kind in _ONE_VALUE or field.choices)
    ]
    return sorted(found, key=lambda field: (not field.is_seed, not field.choices))


class Several:
    """The button, the tray and the sweep of one panel.

    Args:
        state: The panel's model.
        kit: Makes the widgets.
        acts: What is asked of the panel; its `sweep` makes one of inputs.

    Attributes:
        button: Opens and closes the tray; None before it is wanted.
    """

    def __init__(self, state: PanelModel, kit: Kit, acts: Acts) -> None:
        self._state = state
        self._kit = kit
        self._acts = acts
        self._open = False
        self._tray: w.VBox | None = None
        self._names: list[str] = []
        self._values: w.Widget | None = None
        self._sweep: Sweep | None = None
        self.button: w.Button | None = None

    def paint(self, *, wanted: bool) -> tuple[w.Widget, ...]:
        """Bring it in line; returns what stands below the form now. The button stands with the others.

        Args:
            wanted: Whether the button shall be there: a panel nobody has used yet is spared it.
        """
        if self.button is None:
            if not wanted or not offered(self._state):
                return ()
            self.button = self._kit.make(w.Button, "dr-quiet", description=self._kit.say("several.open"))
            self.button.on_click(guarded(self._state, lambda _button: self._turn()))
        tray = (self._tray,) if self._open and self._tray is not None else ()
        grid = (self._sweep.widget,) if self._sweep is not None else ()
        return (*tray, *grid)

    def saved(self) -> Markup:
        """What the notebook keeps of it; empty where there is nothing."""
        return Markup() if self._sweep is None else self._sweep.saved()

    def stamp(self) -> tuple[object, ...]:
        """What the saved form depends on."""
        return () if self._sweep is None else self._sweep.stamp()

    def close(self) -> None:
        """End the sweep; its jobs go on."""
        if self._sweep is not None:
            self._sweep.close()

    # --- within ---

    def _turn(self) -> None:
        self._open = not self._open
        if self._tray is None:
            self._build()
        self._acts.paint()

    def _build(self) -> None:
        fields, kit = offered(self._state), self._kit
        self._names = [field.name for field in fields]
        titles = [(title_text(self._state.model, field, kit.language), at) for at, field in enumerate(fields)]
        self._list = kit.make(w.Dropdown, "dr-field", "dr-short", description=kit.say("several.which"), options=titles, value=0 if titles else None)
        self._list.observe(guarded(self._state, lambda _change: self._picked()), "value")
        go = kit.make(w.Button, "dr-quiet", description=kit.say("several.go"))
        go.on_click(guarded(self._state, lambda _button: self._acts.aside(self._try, SETTLE_S)))
        self._go = go
        self._tray = kit.make(w.VBox, "dr-tools", "dr-several")
        self._picked()

    def _picked(self) -> None:
        """Another field is chosen: the box for its values."""
        assert self._tray is not None  # whoever picks has opened it
        old, field = self._values, self._field()
        self._values = None if field is None else self._box(field)
        put(self._tray, children=(self._list, *([self._values] if self._values is not None else []), self._go))
        if old is not None:
            self._kit.drop(old)

    def _field(self) -> Field | None:
        at = self._list.value
        return self._state.model.field(self._names[at]) if isinstance(at, int) else None

    def _box(self, field: Field) -> w.Widget:
        """Ticked choices, a number of seeds, or one value a line."""
        kit = self._kit
        if field.choices or field.kind == "boolean":
            names = [name for name, _ in _choices(self._state, field, kit)]
            return kit.make(
                w.SelectMultiple, "dr-field", "dr-short", "dr-many", description=kit.say("several.pick"),
                options=[(name, at) for at, name in enumerate(names)], rows=min(8, max(2, len(names))),
            )
        if field.is_seed:
            return kit.make(
                w.BoundedIntText, "dr-field", "dr-short", description=kit.say("several.seeds"), min=_FEWEST, max=_MOST, value=_USUAL,
            )
        now = self._state.get(field.pointer)
        words = now if isinstance(now, str) else "" if now is UNSET or now is None else str(now)
        return kit.make(w.Textarea, "dr-field", "dr-long", description=kit.say("several.lines"), value=words, continuous_update=True)

    def _try(self) -> None:
        """Make the sweep. What does not fit is said on the panel, and nothing is ordered."""
        field = self._field()
        values = [] if field is None else self._said(field)
        if field is None or not values:
            raise InputError("No values were given.", next_step="Give two or more.", key="error.no_values")
        inputs: Mapping[str, object] = {**self._state.value, field.name: axis(values)}
        sweep = self._acts.sweep(inputs)
        self.close()
        self._sweep = sweep
        sweep.begin()

    def _said(self, field: Field) -> list[object]:
        box = self._values
        if isinstance(box, w.SelectMultiple):
            values = [value for _, value in _choices(self._state, field, self._kit)]
            return [values[at] for at in box.value]
        if isinstance(box, w.BoundedIntText):
            start = self._state.get(field.pointer)
            low = int(field.minimum) if field.minimum is not None else 0
            first = start if isinstance(start, int) else max(1, low)
            last = int(field.maximum) if field.maximum is not None else None
            return [first + step for step in range(box.value) if last is None or first + step <= last]
        lines = [line.strip() for line in str(getattr(box, "value", "")).splitlines()]
        return [_read(line, field) for line in lines if line]


def _choices(state: PanelModel, field: Field, kit: Kit) -> list[tuple[str, object]]:
    if field.choices:
        return [(choice_text(state.model, field, choice, kit.language), choice.value) for choice in field.choices]
    return [("true", True), ("false", False)]


def _read(line: str, field: Field) -> object:
    """A line as the field takes it; what cannot be read stays words, and is judged with the rest."""
    if field.kind == "string":
        return line
    found = convert(line, field.kind)
    return line if found is UNSET else found
