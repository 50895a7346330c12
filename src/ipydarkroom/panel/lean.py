"""Widgets that open with a short message, and are made in half the time: a third of the bytes of a form.

A widget that opens tells the front end all of its state: some thirty entries, most of them empty, and which view draws
it. The front end starts a model with its own defaults and lays what it was told over them, so what equals an *empty* default
(nothing, "", false, an empty list), and the view, need not be said. `ipywidgets.embed` leaves defaults out in the same way.
Only what was never said is left out: a change back to empty is an ordinary update. Asked for the whole state, such as after
a reload of the page, a widget gives it whole.

tests/browser/test_opening_in_lab.py asks JupyterLab's models that they hold what the kernel's hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import ipywidgets as w
from ipywidgets.widgets.widget_style import Style
from traitlets import Container, TraitType, default

from ..fields import UNSET

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["is_tried", "lean"]

AnyWidget = TypeVar("AnyWidget", bound=w.Widget)
Plan: TypeAlias = "Mapping[str, tuple[object, Callable[[Any, w.Widget], Any]]]"

_EMPTY: tuple[object, ...] = (None, "", False, [], ())  # no numbers: half the widgets begin at another one
_KNOWN = ("_view_module", "_view_module_version", "_view_name", "placeholder")  # not empty, and the same at both ends
_TRIED: Mapping[type[w.Widget], tuple[str, ...]] = {
    w.BoundedFloatText: ("step",), w.BoundedIntText: (), w.Button: ("tooltip",), w.Checkbox: ("disabled", "value"),
    w.ColorPicker: ("disabled",), w.Combobox: ("ensure_option",), w.Dropdown: ("index",), w.FileUpload: ("description_allow_html",),
    w.FloatSlider: (), w.FloatText: ("step",), w.GridBox: (), w.HBox: (), w.HTML: (), w.IntSlider: (), w.IntText: (), w.Label: (),
    w.Layout: (), w.RadioButtons: ("index",), w.Select: ("index",), w.Text: (), w.Textarea: (), w.ToggleButton: ("tooltip",), w.VBox: (),
}
"""The kinds that were tried, with what the page's model starts with otherwise: always said. Other kinds open as they always do."""


_UNCHECKED = frozenset({
    "_dom_classes", "accept", "continuous_update", "description", "description_allow_html", "layout", "multiple", "placeholder", "readout",
    "style", "tooltip",
})
"""Traits whose start is any value of their type: no other trait depends on them, in any of the kinds above."""


def is_tried(kind: type[w.Widget]) -> bool:
    """Whether a kind of widget is known to open well with a short message."""
    return kind in _TRIED or issubclass(kind, Style)


def lean(kind: type[AnyWidget]) -> type[AnyWidget]:
    """The same kind of widget, with a short opening message where that was tried. Made once per kind and process."""
    if not is_tried(kind):
        return kind
    if kind not in _made:
        members = {"__module__": kind.__module__, "__doc__": kind.__doc__, "_plan": _plan_of(kind)}
        _made[kind] = type(kind.__name__, (_Lean, kind), members)
    return _made[kind]


_made: dict[type[w.Widget], type[Any]] = {}


class _Lean(w.Widget):  # type: ignore[misc]  # ipywidgets has no types
    """Mixed in before a kind of widget.

    `_plan` has for each entry of the state the value that need not be said, and how a value is written.

    traitlets takes a value of the start through every check twice and tells nobody of it, which is half the time of making a
    widget. What has no check but its type, and no listener, is put where traitlets keeps it.
    """

    _plan: Plan

    def __init__(self, **traits: object) -> None:
        for name in _UNCHECKED & traits.keys() & self._plan.keys():
            self._trait_values[name] = traits.pop(name)
        super().__init__(**traits)

    @default("keys")
    def _known_keys(self) -> list[str]:
        return list(self._plan)

    def get_state(self, key: str | Iterable[str] | None = None, drop_defaults: bool = False) -> dict[str, Any]:
        """As ipywidgets has it; while the widget opens, without the empty defaults."""
        if key is not None or drop_defaults or self.comm is not None:
            whole: dict[str, Any] = super().get_state(key, drop_defaults)
            return whole
        state = {}
        for name, (known, to_json) in self._plan.items():
            value = getattr(self, name)
            if value != known or value.__class__ is not known.__class__:
                state[name] = to_json(value, self)
        return state


def _plan_of(kind: type[w.Widget]) -> Plan:
    said = _TRIED.get(kind, ())
    return {
        name: (UNSET if name in said else _known(name, trait), trait.metadata.get("to_json", kind._trait_to_json))
        for name, trait in kind.class_traits(sync=True).items()
    }


def _known(name: str, trait: TraitType[Any, Any]) -> object:
    """What the front end starts with by itself, where that is empty, or among the few we know; else UNSET, which no state equals."""
    start = trait.default() if isinstance(trait, Container) else trait.default_value
    return start if name in _KNOWN or _is_empty(start) else UNSET


def _is_empty(value: object) -> bool:
    return any(value.__class__ is each.__class__ and value == each for each in _EMPTY)
