"""Makes every widget of one panel: one Layout for all, one style per kind, and a list so that closing misses none.

Cost in a notebook is models and messages. A widget made the usual way is three models (itself, layout, style); made
here it is one. Looks live in `theme.css`, by class.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import ipywidgets as w

from ..languages import say

if TYPE_CHECKING:
    from ipywidgets.widgets.widget_style import Style

__all__ = ["Kit"]

AnyWidget = TypeVar("AnyWidget", bound=w.Widget)


class Kit:
    """The workshop of one panel. `language` is the panel's own, whatever the process speaks."""

    def __init__(self, language: str, whole: Kit | None = None) -> None:
        self.language = language
        self._whole = whole
        self._made: list[w.Widget] = []
        self._parts: list[Kit] = []
        self._styles: dict[type, Style] = {}
        self._layout: w.Layout | None = None

    def part(self) -> Kit:
        """A workshop for a part that may go before the panel does; it shares layout and styles, and closes what it made."""
        made = Kit(self.language, self._whole or self)
        self._parts.append(made)
        return made

    def say(self, key: str, **params: object) -> str:
        """A sentence in the panel's language."""
        return say(key, language=self.language, **params)

    def make(self, kind: type[AnyWidget], *classes: str, **traits: object) -> AnyWidget:
        """Make a widget with the shared layout and style, and remember it."""
        whole = self._whole or self
        styled = {"style": whole._style(kind)} if "style" in kind.class_traits() else {}
        made: AnyWidget = kind(layout=whole._shared_layout(), _dom_classes=classes, **styled, **traits)
        self._made.append(made)
        return made

    def drop(self, *widgets: w.Widget) -> None:
        """Close some widgets for good."""
        for widget in widgets:
            widget.close()
        self._made = [made for made in self._made if made not in widgets]

    def close(self) -> None:
        """Close every widget ever made here; safe to call twice."""
        for part in self._parts:
            part.close()
        self._parts = []
        layout = [self._layout] if self._layout else []
        for widget in [*self._made, *self._styles.values(), *layout]:
            widget.unobserve_all()
            widget.close()
        self._made, self._styles, self._layout = [], {}, None

    def _shared_layout(self) -> w.Layout:
        if self._layout is None:
            self._layout = w.Layout()
        return self._layout

    def _style(self, kind: type[w.Widget]) -> Style:
        wanted = kind.class_traits()["style"].klass
        if wanted not in self._styles:
            self._styles[wanted] = wanted()
        return self._styles[wanted]
