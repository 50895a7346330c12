"""The shape of a picture to be: a box with a list of sizes, little frames drawn to scale, and the chosen frame in large.

The box is the control: one stop of the Tab key, a part of a size or ratio is enough, a screen reader reads both. It is a
box to type into because JupyterLab takes letters and arrows that are typed at a closed drop-down for its own shortcuts.
The little frames are the same choice for the mouse: radio buttons whose own circle is not there, so that they are no
stops. Both show the orientation that is asked for, and what is chosen whatever its orientation. Where the model also
takes a picture, it stands in the large frame, and what is shaded there will be invented.
"""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING

import ipywidgets as w

from ...fields import UNSET
from ...markup import Markup, join, tag
from ..frames import ORIENTATIONS, Orientation, figure, invented, orientation, shape, sheet
from ..model import same
from ..options import BETWEEN, Options, unique
from ..previews import preview_of
from ..pump import put
from . import Control, Slot, control
from .search import take_listed

if TYPE_CHECKING:
    from ...fields import Choice, Field

__all__ = ["aspect", "size_name"]

_FILTER_FROM = 9  # fewer are seen at a glance
_count = itertools.count()


def _names_shapes(field: Field) -> bool:
    shaped = [choice for choice in field.choices if shape(choice)]
    return field.kind == "string" and len(shaped) > 1 and 2 * len(shaped) >= len(field.choices)


@control(rank=200, accepts=_names_shapes)
def aspect(slot: Slot) -> Control:
    """Build list, filter, frames and the large frame."""
    return _Aspect(slot).control()


def size_name(choice: Choice, name: str) -> str:
    """A choice in pixels and ratio, `1152 × 864 · 4:3`; its own name where somebody gave it one, or it has no pixels."""
    if choice.size is None or name != choice.value:
        return name
    pixels = f"{choice.size[0]} × {choice.size[1]}"
    return f"{pixels}{BETWEEN}{choice.ratio[0]}:{choice.ratio[1]}" if choice.ratio else pixels


class _Aspect:
    """The widgets of one such field. A class, because they show more than the field's own value."""

    def __init__(self, slot: Slot) -> None:
        self._slot = slot
        self._choices = slot.field.choices
        self._shapes = [shape(choice) for choice in self._choices]
        self._options = Options(slot, silence=False, name=lambda choice: size_name(choice, slot.name_choice(choice)))
        self._lie: Orientation | None = None
        self._filling = False
        self._value, self._raw = slot.value, slot.raw
        self._given = slot.around.beside(_takes_picture)
        self._picture = preview_of(self._given)
        self._mark = f"drf{next(_count)}"
        kit = slot.kit
        self._list = kit.make(
            w.Combobox, "dr-field", "dr-short", options=self._entries(), value=self._typed(), placeholder=self._options.unset,
            continuous_update=False, **slot.described(),
        )
        self._filter = self._made_filter()
        self._frames = kit.make(w.RadioButtons, "dr-frames", self._mark, options=_frame_names(self._choices), value=self._chosen())
        self._large = kit.make(w.HTML, "dr-large", value=self._drawing())
        slot.listen(self._list, self._listed, typed=False)
        slot.listen(self._frames, self._framed, typed=False)
        self._root = kit.make(w.VBox, "dr-aspect", *slot.marks, children=(
            self._list, *([self._filter] if self._filter else []), self._frames, self._large,
        ))

    def control(self) -> Control:
        return Control(self._root, self._list, self._show, refresh=self._refresh)

    # --- what a person does

    def _listed(self) -> None:
        if not self._filling:
            take_listed(self._slot, self._options, self._list.value)

    def _framed(self) -> None:
        if not self._filling and self._frames.value is not None:
            self._slot.give(self._choices[self._frames.value].value)

    def _filtered(self) -> None:
        if self._filter is not None:
            self._lie = self._filter.value or None
            self._fill()

    # --- what is shown

    def _show(self, value: object, raw: str | None) -> None:
        self._value, self._raw = value, raw
        self._fill()

    def _refresh(self) -> None:
        given = self._slot.around.beside(_takes_picture)
        if not same(given, self._given):
            self._given, self._picture = given, preview_of(given)
            put(self._large, value=self._drawing())

    def _fill(self) -> None:
        """Bring all parts in line; what changes on the way is nobody's choice."""
        self._filling = True
        try:
            put(self._list, options=self._entries(), value=self._typed())
            put(self._frames, value=self._chosen())
            put(self._large, value=self._drawing())
        finally:
            self._filling = False

    def _chosen(self) -> int | None:
        """The place of the chosen choice, or of the default, which is grey by the row's own mark."""
        value = self._slot.field.default if self._value is UNSET else self._value
        return next((at for at, choice in enumerate(self._choices) if same(choice.value, value)), None)

    def _hidden(self) -> frozenset[int]:
        """The choices that lie another way than is asked for; not what is chosen."""
        if self._lie is None:
            return frozenset()
        others = (at for at, found in enumerate(self._shapes) if self._lie != orientation(found))
        return frozenset(others) - {self._chosen()}

    def _entries(self) -> tuple[str, ...]:
        hidden = self._hidden()
        return tuple(name for at, name in enumerate(self._options.names) if at not in hidden)

    def _typed(self) -> str:
        return self._options.name(self._value) if self._raw is None else self._raw

    def _drawing(self) -> Markup:
        """The style sheet of the little frames, and the chosen one in large; together, as a message costs more than bytes."""
        return join([sheet(self._mark, self._shapes, self._hidden()), self._large_frame()])

    def _large_frame(self) -> Markup:
        """The chosen frame, and what is known about it."""
        at, say = self._chosen(), self._slot.say
        found = None if at is None else self._shapes[at]
        if at is None or found is None:
            return tag("p", say("panel.aspect.open"), class_="dr-help") if at is not None else Markup()
        choice = self._choices[at]
        pixels = say("panel.pixels", width=choice.size[0], height=choice.size[1]) if choice.size else ""
        ratio = f"{choice.ratio[0]}:{choice.ratio[1]}" if choice.ratio else ""
        facts = BETWEEN.join(part for part in (pixels, ratio) if part)
        if self._picture is None:
            return figure(found, (facts,), facts)
        share = round(100 * invented((self._picture.width, self._picture.height), found))
        new = say("panel.aspect.invented", share=share) if share else say("panel.aspect.filled")
        return figure(found, (facts, new), facts, self._picture, say("panel.aspect.preview", name=self._picture.name))

    def _made_filter(self) -> w.RadioButtons | None:
        """The row that asks for an orientation, where there are many frames and more than one orientation."""
        lies = [lie for lie in ORIENTATIONS if any(orientation(found) == lie for found in self._shapes)]
        if len(self._choices) < _FILTER_FROM or len(lies) < 2:
            return None
        slot = self._slot
        names = [(f"{slot.say('panel.aspect.show')}\n{slot.say('panel.aspect.' + (lie or 'all'))}", lie) for lie in ("", *lies)]
        row = slot.kit.make(w.RadioButtons, "dr-choices", "dr-small", options=names, value="")
        slot.listen(row, self._filtered)
        return row


def _takes_picture(field: Field) -> bool:
    return field.media is not None and field.media.kind == "image"


def _frame_names(choices: tuple[Choice, ...]) -> list[tuple[str, int]]:
    """The ratio; where two have the same, the pixels in a second line, or the value where it names none."""
    short = [f"{choice.ratio[0]}:{choice.ratio[1]}" if choice.ratio else choice.label for choice in choices]
    often = Counter(short)
    told = [
        f"{name}\n{choice.size[0] if choice.size else choice.label}" if often[name] > 1 and name != choice.label else name
        for name, choice in zip(short, choices, strict=True)
    ]
    return [(name, at) for at, name in enumerate(unique(told, [choice.label for choice in choices]))]
