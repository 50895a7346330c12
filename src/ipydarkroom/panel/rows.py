"""One field as a row: its control, its label, and what was last seen in it by either side.

A row is drawn at a place, not by a field's name: the same field may stand in every item of a list. Rows have rows
inside, where a control asks for them (`Inside.row`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import ipywidgets as w

from ..fields import UNSET, Field, Pointer, Problem
from .controls import Around, Control, Entry, Inside, Slot, control_for
from .formmodel import FormModel, same
from .guard import guarded
from .labels import Label, choice_text, help_text, hint_texts, own_words, title_text
from .places import place_text, titled, told
from .pump import put

if TYPE_CHECKING:
    from ..schema.conditions import Standing
    from .kit import Kit
    from .linkline import Ask

__all__ = ["Bench", "Row"]

_MARKS = ("dr-away", "dr-wrong", "dr-unset", "dr-off", "dr-drawn")
"""Not shown now; something blocks; nobody has said anything; may not be changed; named by the list of shapes above it."""


def _never(_name: str) -> object:
    return UNSET


@dataclass(frozen=True, slots=True)
class Bench:
    """What all rows of a form share.

    Attributes:
        model: The form's own; everything said ends there.
        kit: Makes the widgets.
        painting: Whether a paint is under way, so that a change is ours and no person's.
        front: Controls asked before the folder's.
        used: What the newest finished job used for the field of a name, UNSET where nobody knows.
        file_limit: The most bytes a local file may have inside a request; None where files are uploaded.
        check: Asks a link what it leads to; None where nobody can.
    """

    model: FormModel
    kit: Kit
    painting: Callable[[], bool]
    front: tuple[Entry, ...] = ()
    used: Callable[[str], object] = _never
    file_limit: int | None = None
    check: Ask | None = None


class Row:
    """One field.

    Args:
        field: What may be said.
        pointer: Where it is said.
        bench: What all rows share.
        title: What it is called, where its own title does not tell, as for the items of a list.
        drawn: Whether it is the chosen one of several shapes; the row around it then tells of the place.
    """

    def __init__(self, field: Field, pointer: Pointer, bench: Bench, *, title: str = "", drawn: bool = False) -> None:
        self.field = field
        self.pointer = pointer
        self._bench = bench
        self._model = model = bench.model
        self._kit = bench.kit.part()
        self._drawn = drawn
        self._mutes_null = field.nullable and field.kind != "any" and not any(choice.value is None for choice in field.choices)
        language = bench.kit.language
        standing = self._standing()
        words = (field.help,) if drawn else (help_text(model.model, field, language), *hint_texts(model.model, field, language))
        self._base = Label(
            title or title_text(model.model, field, language), self._required(standing), " ".join(word for word in words if word),
            own=own_words(model.model, field, language),
        )
        self._seen = self._state()
        self.control: Control = control_for(field, bench.front).build(self._slot(self._marks(standing, ())))
        self._said: object = ((), self._aside(), self._base.required, "")  # what the control was built with
        self._classes = tuple(name for name in self.control.root._dom_classes if name not in _MARKS)
        self.control.refresh()
        if self._problems() or (standing is not None and standing.why is not None):  # else it was built as it would be painted
            self.paint()

    def still_draws(self, field: Field | None) -> bool:
        """Whether the control, which is made once, does for the field as it is now: a condition may have changed what it takes."""
        return field is None or field is self.field or replace(field, required=self.field.required) == self.field

    @property
    def root(self) -> w.DOMWidget:
        """What stands in the form."""
        return self.control.root

    def paint(self) -> None:
        """Bring control, label and visibility in line with the model, in one message per widget that changes."""
        state, standing = self._state(), self._standing()
        with self.control.root.hold_sync():
            if not _alike(state, self._seen):
                self.control.show(self._muted(state[0]), state[1])
                self._seen = state
            self.control.refresh()
            problems = self._problems()
            self._paint_label(problems, standing)
            put(self.root, _dom_classes=(*self._classes, *self._marks(standing, problems)))

    def focus(self) -> None:
        """Put the cursor into it."""
        self.control.reveal(self.pointer)

    def close(self) -> None:
        """Take it away, with all that is in it."""
        self._kit.close()

    # --- inside: what it says

    def _standing(self) -> Standing | None:
        """How it stands; of an item or a shape, the row around it tells."""
        return None if self._drawn or not self.pointer or isinstance(self.pointer[-1], int) else self._model.standing(self.pointer)

    def _required(self, standing: Standing | None) -> str:
        needed = not self._drawn and (self.field.required if standing is None else standing.required)
        return self._bench.kit.say("panel.required") if needed else ""

    def _marks(self, standing: Standing | None, problems: tuple[Problem, ...]) -> tuple[str, ...]:
        away = standing is not None and not standing.shown
        off = standing is not None and not standing.enabled
        wrong = any(problem.blocking for problem in problems)
        unset = self._seen == (UNSET, None)  # a default that a control shows as its value is grey until somebody chooses
        return tuple(mark for mark, holds in zip(_MARKS, (away, wrong, unset, off, self._drawn), strict=True) if holds)

    def _problems(self) -> tuple[Problem, ...]:
        """Those at this place, and those inside that no row inside it tells."""
        if self._drawn:
            return ()
        found = self._model.visible_problems(self.pointer)
        return tuple(problem for problem in found if not self.control.claims(problem.pointer))

    def _paint_label(self, problems: tuple[Problem, ...], standing: Standing | None) -> None:
        why = "" if standing is None or standing.why is None or not standing.shown else self._why(*standing.why)
        said = problems, self._aside(), self._required(standing), why
        if said == self._said:
            return
        self._said = said
        sentences = tuple((self._sentence(problem), problem.blocking) for problem in problems)
        below = {sentence for sentence, _ in sentences}
        helps = " ".join(word for word in (self._base.help, why) if word and word not in below)
        label = replace(self._base, aside=said[1], required=said[2], help=helps, problems=sentences)
        put(self.control.speaks, **label.traits(plain=self.control.plain))

    def _why(self, key: str, params: Mapping[str, object]) -> str:
        return self._bench.kit.say(key, **titled(self._model, self.pointer[:-1], params, self._bench.kit.language))

    def _sentence(self, problem: Problem) -> str:
        """What is wrong, and where in here."""
        place = place_text(self._model, problem.pointer, self._bench.kit.language, below=len(self.pointer))
        said = told(self._model, problem, self._bench.kit.language)
        return f"{place}: {said}" if place else said

    def _aside(self) -> str:
        value, raw = self._seen
        if value is None and raw is None and self._mutes_null:
            return self._bench.kit.say("panel.null")
        return self.control.aside(value, raw)

    # --- inside: values

    def _state(self) -> tuple[object, str | None]:
        raw = self._model.raw(self.pointer)
        return self._model.get(self.pointer), raw.text if raw else None

    def _muted(self, value: object) -> object:
        """A control knows no null where the field is another kind of value that may be null besides: the label says it."""
        return UNSET if value is None and self._mutes_null else value

    def _give(self, value: object) -> None:
        self._model.set(self.pointer, value, drawn=self._drawn)

    def _slot(self, marks: tuple[str, ...]) -> Slot:
        value, raw = self._seen
        bench, model = self._bench, self._model.model
        shown = [model.sample.get(self.field.name)] if len(self.pointer) == 1 else []
        sample = next((said for said in (*shown, *self.field.examples) if isinstance(said, str)), "")
        return Slot(
            kit=self._kit, field=self.field, label=self._base, value=self._muted(value), raw=raw,
            hint=sample, marks=marks, give=self._give,
            broken=lambda text, code, **params: self._model.set_raw(self.pointer, text, code, **params),
            listen=self._listen,
            press=lambda button, act: button.on_click(guarded(self._model, lambda _button: act())),
            name_choice=lambda choice: choice_text(model, self.field, choice, bench.kit.language),
            around=Around(self._beside, lambda: bench.used(self.field.name), bench.file_limit, bench.check),
            inside=Inside(self._model, self.pointer, self._row),
        )

    def _row(self, field: Field, *steps: str | int, title: str = "", drawn: bool = False) -> Row:
        return Row(field, (*self.pointer, *steps), replace(self._bench, kit=self._kit), title=title, drawn=drawn)

    def _beside(self, accepts: Callable[[Field], bool]) -> object:
        above = self.pointer[:-1]
        fields = self._model.fields(above) if self.pointer and isinstance(self.pointer[-1], str) else ()
        found = next((field for field in fields if field.name != self.field.name and accepts(field)), None)
        return UNSET if found is None else self._model.get((*above, found.name))

    def _listen(self, widget: w.Widget, act: Callable[[], None], *, typed: bool = True) -> None:
        """Tell a person's change from our own paint: both arrive as a trait change, perhaps on different threads."""

        def changed(_change: object) -> None:
            with self._model.editing():
                if self._bench.painting():
                    return
                act()
                if typed:
                    self._seen = self._state()

        widget.observe(guarded(self._model, changed), "value")


def _alike(one: tuple[object, str | None], other: tuple[object, str | None]) -> bool:
    return one[1] == other[1] and same(one[0], other[0])
