"""The row of a history in which one says what is looked for: words, model, state, two days, and how it is shown."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import ipywidgets as w

from ..journal.wanted import STATE_GROUPS
from ..markup import tag
from .pump import put

if TYPE_CHECKING:
    from .historymodel import HistoryModel
    from .kit import Kit

__all__ = ["Filters"]


class Filters:
    """The controls; each tells what it holds as a part of a `Question`.

    Args:
        state: What they show.
        kit: Makes the widgets.
        ask: Called with the parts that a person has changed.
    """

    def __init__(self, state: HistoryModel, kit: Kit, ask: Callable[..., None]) -> None:
        self._state = state
        self._kit = kit
        say = kit.say
        self._words = kit.make(
            w.Text, "dr-field", "dr-words", placeholder=say("history.words.hint"), continuous_update=False, **self._label("words"),
        )
        self._model = kit.make(
            w.Combobox, "dr-field", "dr-model-box", placeholder=say("history.model.any"), continuous_update=False, **self._label("model"),
        )
        states = [(say("history.state.any"), ""), *((self._state_name(name), name) for name in STATE_GROUPS)]
        self._which = kit.make(w.Dropdown, "dr-field", "dr-state-box", options=states, value="", **self._label("state"))
        self._since = kit.make(w.DatePicker, "dr-field", "dr-day", **self._label("since"))
        self._until = kit.make(w.DatePicker, "dr-field", "dr-day", **self._label("until"))
        views = [(f"{say('history.view')}\n{say(f'history.view.{name}')}", name) for name in ("wall", "table")]
        self.view = kit.make(w.RadioButtons, "dr-field", "dr-choices", "dr-small", options=views, value=state.question.view)
        self._parts: dict[str, w.Widget] = {
            "words": self._words, "model": self._model, "state": self._which, "since": self._since, "until": self._until,
            "view": self.view,
        }
        for name, widget in self._parts.items():
            widget.observe(lambda change, name=name: ask(**{name: change.new}), "value")
        fields = tuple(widget for name, widget in self._parts.items() if name != "view")
        self.root = kit.make(w.HBox, "dr-filters", children=fields)

    def paint(self) -> None:
        """Bring the controls in line with the question."""
        put(self._model, options=self._state.models)
        for name, widget in self._parts.items():
            put(widget, value=getattr(self._state.question, name))

    def _state_name(self, name: str) -> str:
        said = self._kit.say("history.state.open" if name == "open" else f"state.{name}")
        return said[:1].upper() + said[1:]

    def _label(self, name: str) -> dict[str, object]:
        """The name above a control; the front end allows spans in it."""
        title = tag("span", self._kit.say(f"history.{name}"), class_="dr-title")
        return {"description": title, "description_allow_html": True}
