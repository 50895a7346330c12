"""The fields of one model as rows of controls: their order, and keeping them in line with the panel's model."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import ipywidgets as w

from ..fields import UNSET, Field, Problem
from ..providers import providers
from .controls import Around, Control, Entry, Slot, control_for, in_force
from .guard import guarded
from .labels import Label, choice_text, help_text, hint_texts, own_words, problem_text, title_text
from .model import PanelModel, same
from .pump import put
from .used import used_for

if TYPE_CHECKING:
    from .kit import Kit

__all__ = ["FOLD_FROM", "Form", "Row", "in_order"]

FOLD_FROM = 10
"""From so many optional, unimportant fields on they are folded away, and built when the fold is opened."""

_MARKS = ("dr-away", "dr-wrong", "dr-unset")  # not shown now; something blocks; nobody has said anything


def in_order(fields: Iterable[Field]) -> list[Field]:
    """Required fields first, then important ones, the rest, and what is deprecated; each group in the model's order."""
    return sorted(fields, key=lambda field: (not field.required, ("high", "", "low").index(field.importance)))


class Row:
    """One field: its control, its label, and what was last seen in it by either side."""

    def __init__(
        self, field: Field, model: PanelModel, kit: Kit, painting: Callable[[], bool], front: tuple[Entry, ...] = ()
    ) -> None:
        self.field = field
        self._model = model
        self._kit = kit
        self._painting = painting
        self._base = Label(
            title_text(model.model, field, kit.language),
            kit.say("panel.required") if field.required else "",
            " ".join(word for word in (help_text(model.model, field, kit.language), *hint_texts(model.model, field, kit.language)) if word),
            own=own_words(model.model, field, kit.language),
        )
        self._seen = self._state()
        shown = model.shown
        self.control: Control = control_for(field, front).build(self._slot(self._marks(shown, ())))
        self._said: object = ((), self.control.aside(*self._seen))  # what the control was built with
        self._classes = tuple(name for name in self.control.root._dom_classes if name not in _MARKS)
        self.paint(shown)

    @property
    def root(self) -> w.DOMWidget:
        """What stands in the form."""
        return self.control.root

    def paint(self, shown: frozenset[str]) -> None:
        """Bring control, label and visibility in line with the model, in one message per widget that changes."""
        value, raw = state = self._state()
        with self.control.root.hold_sync():
            if not _alike(state, self._seen):
                self.control.show(value, raw)
                self._seen = state
            self.control.refresh()
            problems = self._model.visible_problems(self.field.pointer)
            self._paint_label(problems, self.control.aside(value, raw))
            put(self.root, _dom_classes=(*self._classes, *self._marks(shown, problems)))

    def _marks(self, shown: frozenset[str], problems: tuple[Problem, ...]) -> tuple[str, ...]:
        away = self.field.name not in shown
        wrong = any(problem.blocking for problem in problems)
        return tuple(mark for mark, holds in zip(_MARKS, (away, wrong, self._unset()), strict=True) if holds)

    def _unset(self) -> bool:
        """A default that a control shows as its value is grey until somebody chooses."""
        return self._seen == (UNSET, None)

    def _paint_label(self, problems: tuple[Problem, ...], aside: str) -> None:
        if (problems, aside) == self._said:
            return
        self._said = (problems, aside)
        sentences = tuple((problem_text(problem, self._kit.language), problem.blocking) for problem in problems)
        label = replace(self._base, aside=aside, problems=sentences)
        put(self.control.speaks, description=label.plain() if self.control.plain else label.html())

    def _state(self) -> tuple[object, str | None]:
        raw = self._model.raw(self.field.pointer)
        return self._model.get(self.field.pointer), raw.text if raw else None

    def _slot(self, marks: tuple[str, ...]) -> Slot:
        value, raw = self._seen
        sample = self._model.model.sample.get(self.field.name, "")
        return Slot(
            kit=self._kit, field=self.field, label=self._base, value=value, raw=raw,
            hint=sample if isinstance(sample, str) else "", marks=marks,
            give=lambda value: self._model.set(self.field.pointer, value),
            broken=lambda text, code, **params: self._model.set_raw(self.field.pointer, text, code, **params),
            listen=self._listen,
            press=lambda button, act: button.on_click(guarded(self._model, lambda _button: act())),
            name_choice=lambda choice: choice_text(self._model.model, self.field, choice, self._kit.language),
            around=Around(
                self._beside, lambda: used_for(self.field.name, self._model.jobs),
                next((each.inline_limit for each in providers if each.name == (self._model.model.provider or "runcomfy")), None),
            ),
        )

    def _beside(self, accepts: Callable[[Field], bool]) -> object:
        others = (field for field in self._model.model.fields if field.name != self.field.name and accepts(field))
        found = next(others, None)
        return UNSET if found is None else self._model.get(found.pointer)

    def _listen(self, widget: w.Widget, act: Callable[[], None], *, typed: bool = True) -> None:
        """Tell a person's change from our own paint: both arrive as a trait change, perhaps on different threads."""

        def changed(_change: object) -> None:
            with self._model.editing():
                if self._painting():
                    return
                act()
                if typed:
                    self._seen = self._state()

        widget.observe(guarded(self._model, changed), "value")


class Form:
    """All rows of a panel. Folded rows are built when a person opens the fold, or at once when they hold a value."""

    def __init__(self, model: PanelModel, kit: Kit, painting: Callable[[], bool]) -> None:
        self._model = model
        self._kit = kit
        self._painting = painting
        self._front = in_force()
        fields = in_order(model.model.fields)
        minor = [field for field in fields if not field.required and field.importance != "high"]
        self._folded = minor if len(minor) >= FOLD_FROM else [field for field in minor if field.importance == "low"]
        self._rows = [self._row(field) for field in fields if field not in self._folded]
        self._more = self._fold() if self._folded else None
        self.root = kit.make(w.VBox, "dr-fields", children=self._children())

    def paint(self) -> None:
        """Bring every row in line with the model."""
        if any(self._model.touched(field.pointer) for field in self._folded):
            self.unfold()
        shown = self._model.shown
        for row in self._rows:
            row.paint(shown)

    def unfold(self) -> None:
        """Build the folded rows."""
        if self._more is None:
            return
        folded, more = self._folded, self._more
        self._folded, self._more = [], None
        self._rows += [self._row(field) for field in folded]
        put(self.root, children=self._children())
        self._kit.drop(more)

    def row(self, name: str) -> Row | None:
        """The row of a field, where it is built."""
        return next((row for row in self._rows if row.field.name == name), None)

    def _row(self, field: Field) -> Row:
        return Row(field, self._model, self._kit, self._painting, self._front)

    def _fold(self) -> w.Button:
        more = self._kit.make(
            w.Button, "dr-quiet", "dr-more", description=self._kit.say("panel.more", count=len(self._folded)),
        )
        more.on_click(guarded(self._model, lambda _button: self.unfold()))
        return more

    def _children(self) -> tuple[w.Widget, ...]:
        rows = tuple(row.root for row in self._rows)
        return (*rows, self._more) if self._more else rows


def _alike(one: tuple[object, str | None], other: tuple[object, str | None]) -> bool:
    return one[1] == other[1] and same(one[0], other[0])
