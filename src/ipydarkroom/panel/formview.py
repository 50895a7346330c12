"""A form on the screen: its rows or the same as JSON, the problems in the way, and the small tray for single fields.

A panel puts it between banner and Run; `Form` shows it alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from .fieldtools import FieldTools
from .guard import guarded
from .jsonview import JsonView
from .pump import put
from .sections import Rows
from .summary import Summary

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..fields import Pointer
    from .rows import Bench

__all__ = ["FormView"]


class FormView:
    """The widgets of one form.

    Args:
        bench: What all rows share.

    Attributes:
        rows: The rows.
        root: What stands in the panel.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._json: JsonView | None = None
        self._tools: FieldTools | None = None
        self._as_json = False
        self._with_tools = False
        self.rows = Rows(bench)
        self._summary = Summary(bench, self.reveal, lambda place: self._as_json or self.rows.tells(place))
        self._reset = self._button("panel.reset", bench.model.reset)
        self._turn = self._button("panel.json.show", self._turned)
        self._one = self._button("panel.field.show", self._opened)
        self.root = bench.kit.make(w.VBox, "dr-fields", children=self.rows.widgets())

    @property
    def buttons(self) -> tuple[w.Button, ...]:
        """What can be done with the whole form: reset, JSON, single fields."""
        return (self._reset, self._turn, self._one)

    def paint(self) -> tuple[w.Widget, ...]:
        """Bring everything in line with the model; returns what stands below the buttons now."""
        if self._as_json and self._json is not None:
            self._json.paint()
            put(self.root, children=(self._json.root,))
        else:
            put(self.root, children=self.rows.paint())
            self.rows.tidy()
        put(self._turn, description=self._bench.kit.say("panel.json.hide" if self._as_json else "panel.json.show"))
        tools: tuple[w.Widget, ...] = ()
        if self._with_tools and self._tools is not None:
            self._tools.paint()
            tools = (self._tools.root,)
        return (*tools, *self._summary.paint())

    def reveal(self, pointer: Pointer) -> None:
        """Show a place, whatever hides it, and put the cursor there; what no row shows is in the JSON."""
        field = self._bench.model.field(pointer)
        if not self.rows.tells(pointer) or (field is not None and field.is_constant):
            self._show_json().root.focus()
            return
        self._as_json = False
        self.rows.open_for(pointer)
        self._bench.model.redraw()
        self.rows.focus(pointer)

    def _turned(self) -> None:
        if self._as_json:
            self._as_json = False
            self._bench.model.redraw()
        else:
            self._show_json()

    def _show_json(self) -> JsonView:
        view = self._json = self._json or JsonView(self._bench)
        self._as_json = True
        self._bench.model.redraw()
        return view

    def _opened(self) -> None:
        self._with_tools = not self._with_tools
        if self._tools is None:
            self._tools = FieldTools(self._bench)
        self._bench.model.redraw()

    def _button(self, key: str, act: Callable[[], None]) -> w.Button:
        made = self._bench.kit.make(w.Button, "dr-quiet", description=self._bench.kit.say(key))
        made.on_click(guarded(self._bench.model, lambda _button: act()))
        return made
