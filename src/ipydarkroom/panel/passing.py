"""Where this machine is forgotten when one leaves (Binder, JupyterLite): a sentence that says so, and the way to take all along."""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from ..markup import tag
from .pump import put
from .taking import Taking

if TYPE_CHECKING:
    from collections.abc import Callable

    from ..exporting import Exported
    from .kit import Kit

__all__ = ["Passing"]

_SENTENCES = {"binder": "passing.binder", "browser": "passing.browser"}


class Passing:
    """The sentence with its button; nothing at all where this machine stays.

    Args:
        kit: Makes the widgets.
        where: `Settings.passing`.
        pack: Makes the zip of everything in the journal.
        aside: As for `Taking`.
    """

    def __init__(
        self, kit: Kit, where: str, pack: Callable[[], Exported], aside: Callable[[Callable[[], None]], None]
    ) -> None:
        self._taking: Taking | None = None
        self.widgets: tuple[w.Widget, ...] = ()
        if where not in _SENTENCES:
            return
        self._taking = Taking(kit, pack, aside)
        sentence = tag("div", kit.say(_SENTENCES[where]), class_="dr-said", role="note")
        self._parts = (kit.make(w.HTML, "dr-line-text", value=sentence), self._taking.button)
        self._root = kit.make(w.HBox, "dr-earlier", "dr-passing", children=self._parts)
        self.widgets = (self._root,)

    def paint(self) -> None:
        """Bring it in line."""
        if self._taking is not None:
            self._taking.paint()
            put(self._root, children=(*self._parts, *self._taking.said))
