"""Makes every widget of one panel: one Layout for all, one style per kind, and a list so that closing misses none.

Cost in a notebook is models, messages and bytes. A widget made the usual way is three models (itself, layout, style); made
here it is one, with a short opening message (`lean`). Looks live in `theme.css`, by class; what is sent of them is what
the widgets made here wear.
"""

from __future__ import annotations

import secrets
from itertools import count
from typing import TYPE_CHECKING

import ipywidgets as w

from ..languages import say
from .lean import AnyWidget, is_tried, lean
from .wardrobe import Wardrobe

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ipywidgets.widgets.widget_style import Style

    from ..markup import Markup

__all__ = ["Kit"]


class Kit:
    """The workshop of one panel.

    Args:
        language: The panel's own, whatever the process speaks.
        whole: The panel's workshop, where this one is for a part; see `part`.
    """

    def __init__(self, language: str, whole: Kit | None = None) -> None:
        self.language = language
        self._whole = whole
        self._made: list[w.Widget] = []
        self._parts: list[Kit] = []
        self._styles: dict[type, Style] = {}
        self._layout: w.Layout | None = None
        self._ids: Iterator[str] = self._new_ids() if whole is None else whole._ids
        self._wardrobe: Wardrobe = Wardrobe(self._carry) if whole is None else whole._wardrobe

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
        wanted = _style_of(kind)
        styled = {} if wanted is None else {"style": whole._style(wanted)}
        made = self._new(kind, layout=whole._shared_layout(), _dom_classes=classes, **styled, **traits)
        self._made.append(made)
        self._wardrobe.note(classes)
        return made

    @property
    def head(self) -> w.HTML:
        """An invisible widget with the style sheet of all that was made so far, for the top of a panel; ask when that is made."""
        return self._wardrobe.head

    def head_with(self, more: Markup) -> w.HTML:
        """The same with one more rule of style at its end, where it is asked for first."""
        return self._wardrobe.head_with(more)

    def more(self) -> tuple[w.HTML, ...]:
        """Invisible widgets with what was made after `head` was asked for needs beyond it; ask after every paint."""
        return self._wardrobe.more()

    def expect(self, *classes: str) -> None:
        """Say before `head` is asked for what will be made soon after it, so that it is in there."""
        self._wardrobe.note(classes)

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

    def _new(self, kind: type[AnyWidget], **traits: object) -> AnyWidget:
        """A widget with a short opening message. Its id too is short: others name it by that, some of them several times."""
        named = {"model_id": next(self._ids)} if is_tried(kind) else {}
        made: AnyWidget = lean(kind)(**named, **traits)
        return made

    @staticmethod
    def _new_ids() -> Iterator[str]:
        """Ids no other panel has, of this kernel or of another whose widgets are in the same page or file."""
        name = secrets.token_urlsafe(6)
        return (f"{name}{number}" for number in count(1))

    def _carry(self, value: Markup) -> w.HTML:
        return self.make(w.HTML, "dr-sheet", value=value)

    def _shared_layout(self) -> w.Layout:
        if self._layout is None:
            self._layout = self._new(w.Layout)
        return self._layout

    def _style(self, wanted: type[Style]) -> Style:
        if wanted not in self._styles:
            self._styles[wanted] = self._new(wanted)
        return self._styles[wanted]


_known_styles: dict[type[w.Widget], type[Style] | None] = {}


def _style_of(kind: type[w.Widget]) -> type[Style] | None:
    if kind not in _known_styles:
        trait = kind.class_traits().get("style")
        _known_styles[kind] = None if trait is None else trait.klass
    return _known_styles[kind]
