"""Makes every widget of one panel: one Layout for all, one style per kind, and a list so that closing misses none.

Cost in a notebook is models and messages. A widget made the usual way is three models (itself, layout, style); made
here it is one. Looks live in `theme.css`, by class.
"""

from __future__ import annotations

import secrets
from functools import cache
from typing import TYPE_CHECKING

import ipywidgets as w

from ..languages import say
from .lean import AnyWidget, is_tried, lean
from .looks import always, parts_of, sheet

if TYPE_CHECKING:
    from collections.abc import Callable

    from ipywidgets.widgets.widget_style import Style

    from .looks import Part

__all__ = ["Kit"]


class Kit:
    """The workshop of one panel.

    Args:
        language: The panel's own, whatever the process speaks.

    `dress` may be set to what is to be called when something was made that needs more of the style sheet; it asks for `dressed` children.
    """

    def __init__(self, language: str) -> None:
        self.language = language
        self.dress: Callable[[], None] | None = None
        self._made: list[w.Widget] = []
        self._styles: dict[type, Style] = {}
        self._layout: w.Layout | None = None
        self._name, self._count = secrets.token_urlsafe(6), 0
        self._classes: set[str] = set()
        self._worn: set[Part] = set()
        self._looks: list[w.HTML] = []

    def say(self, key: str, **params: object) -> str:
        """A sentence in the panel's language."""
        return say(key, language=self.language, **params)

    def make(self, kind: type[AnyWidget], *classes: str, **traits: object) -> AnyWidget:
        """Make a widget with the shared layout and style, and remember it."""
        wanted = _style_of(kind)
        styled = {} if wanted is None else {"style": self._style(wanted)}
        made: AnyWidget = self._new(kind, layout=self._shared_layout(), _dom_classes=classes, **styled, **traits)
        self._made.append(made)
        if not self._classes.issuperset(classes):
            self._classes.update(classes)
            if self.dress is not None and self._missing():
                self.dress()
        return made

    def dressed(self, *shown: w.Widget) -> tuple[w.Widget, ...]:
        """The children of a panel's root: these, and widgets with the style sheet of all that was made so far.

        What is made later may need more of the sheet, which then is one widget more, at the end: `dress` is called to put it there.
        """
        missing = self._missing()
        if missing:
            self._worn |= missing
            self._looks.append(self.make(w.HTML, "dr-sheet", value=sheet(missing)))
        return (*self._looks[:1], *shown, *self._looks[1:])

    def drop(self, *widgets: w.Widget) -> None:
        """Close some widgets for good."""
        for widget in widgets:
            widget.close()
        self._made = [made for made in self._made if made not in widgets]

    def close(self) -> None:
        """Close every widget ever made here; safe to call twice."""
        layout = [self._layout] if self._layout else []
        for widget in [*self._made, *self._styles.values(), *layout]:
            widget.unobserve_all()
            widget.close()
        self._made, self._styles, self._layout = [], {}, None

    def _missing(self) -> set[Part]:
        """The parts of the sheet that what was made needs, and that are not there yet."""
        return always().union(*map(parts_of, self._classes)) - self._worn

    def _new(self, kind: type[AnyWidget], **traits: object) -> AnyWidget:
        """A widget with a short opening message. Its id too is short: others name it by that, some of them several times."""
        if not is_tried(kind):
            return kind(**traits)
        self._count += 1
        return lean(kind)(model_id=f"{self._name}{self._count}", **traits)

    def _shared_layout(self) -> w.Layout:
        if self._layout is None:
            self._layout = self._new(w.Layout)
        return self._layout

    def _style(self, wanted: type[Style]) -> Style:
        if wanted not in self._styles:
            self._styles[wanted] = self._new(wanted)
        return self._styles[wanted]


@cache
def _style_of(kind: type[w.Widget]) -> type[Style] | None:
    trait = kind.class_traits().get("style")
    return None if trait is None else trait.klass
