"""What a form knows: a value, a touch and perhaps unreadable typing for each field, at every depth. No widget in here.

Everything a person or a cell does ends here first, and widgets are painted from here. Silence is not a value: an
optional field nobody touched is not in `value`, a required one with a default is prefilled and sent, clearing an
optional field makes it absent again, and an optional object with nothing left in it. Typing that cannot be read (half
a number, broken JSON) is kept beside its problem and is never sent; the last good value is not sent in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import TYPE_CHECKING

from ..errors import BalanceError, DarkroomError, InputError
from ..fields import UNSET, Problem
from ..schema import payload
from .draft import Draft, Raw, at, within
from .edits import Edits, same
from .foreseen import Foreseen
from .notice import Notice
from .sending import sending
from .shapes import beginning
from .starts import begin, best_branch
from .telling import Change, Telling

if TYPE_CHECKING:
    from ..fields import Field, Pointer
    from ..models import Model
    from ..schema.conditions import Standing
    from .sending import Sending

__all__ = ["Change", "FormModel", "Notice", "Raw", "placed_at", "same"]


def placed_at(pointer: Pointer | str) -> Pointer:
    """A pointer, or the one of the field of that name at the top."""
    return (pointer,) if isinstance(pointer, str) else tuple(pointer)


class FormModel(Telling):
    """The state of one form. Safe from any thread; `set` and `value` are done when they return.

    A field is addressed by its pointer, `("prompt",)` or `("loras", 0, "path")`, or at the top by its name.
    """

    def __init__(self, model: Model) -> None:
        super().__init__()
        self.model = model
        self._foreseen = Foreseen(model)
        self._edits = Edits(model.root, self._foreseen)
        self._draft = self._edits.untouched()
        self._reported: tuple[Problem, ...] = ()
        self._asked = False
        self._trouble: Notice | None = None
        self._checked: tuple[Problem, ...] | None = None

    # --- values

    @property
    def value(self) -> dict[str, object]:
        """What would be sent now: prefilled and given values; nothing untouched, nothing that does not count."""
        with self.lock:
            now = self._sending()
            return payload(now.model.root, self.model.rules, now.values)

    @value.setter
    def value(self, values: Mapping[str, object]) -> None:
        with self.editing():
            fresh = {name: value for name, value in values.items() if value is not UNSET}
            start = self._edits.untouched()
            self._become(replace(start, values={**start.values, **fresh}, touched=frozenset((name,) for name in fresh)))

    def take(self, values: Mapping[str, object]) -> None:
        """Have these values, as after `value` was edited as a whole: what is the same stays untouched, what is hidden stays."""
        with self.editing():
            before, start = self._draft, self._edits.untouched()
            hidden = {name: value for name, value in before.values.items() if name not in values and not self.standing(name).shown}
            alike = {name for name, value in values.items() if same(value, before.values.get(name, UNSET))}
            kept = frozenset(place for place in before.touched if place and (place[0] in alike or place[0] in hidden))
            fresh = frozenset((name,) for name in values if name not in alike)
            chosen = {place: shape for place, shape in before.chosen.items() if place[0] in alike}
            self._become(Draft({**start.values, **hidden, **values}, kept | fresh, {}, chosen, before.shelved))

    @property
    def draft(self) -> dict[str, object]:
        """Every value there is, those of hidden fields included; for saving the form."""
        with self.lock:
            return dict(self._draft.values)

    def get(self, pointer: Pointer | str) -> object:
        """The value of one field, UNSET where there is none."""
        with self.lock:
            return at(self._draft.values, placed_at(pointer))

    def raw(self, pointer: Pointer | str) -> Raw | None:
        """The unreadable typing in a field, if that is what is in it."""
        with self.lock:
            return self._draft.raws.get(placed_at(pointer))

    def touched(self, pointer: Pointer | str) -> bool:
        """Whether anybody, hand or code, has said something about this field, or about what is in it."""
        place = placed_at(pointer)
        with self.lock:
            return any(within(each, place) or within(place, each) for each in self._draft.touched)

    def set(self, pointer: Pointer | str, value: object, *, drawn: bool = False) -> None:
        """Give a field a value; UNSET clears it. `drawn` says that it comes from the branch which is drawn now."""
        place = placed_at(pointer)
        if value is UNSET:
            self._clear(place, drawn=drawn)
            return
        with self.editing():
            before = self._draft
            if place in before.touched and same(at(before.values, place), value) and place not in before.raws:
                return
            bare = before.without_words(place, touched=False, chosen=not drawn)
            self._become(self._edits.filled(bare, place, value).touch(place))

    def set_raw(self, pointer: Pointer | str, text: str, code: str, **params: object) -> None:
        """Keep typing that cannot be read, with the problem it makes. The field has no value until it is mended."""
        place = placed_at(pointer)
        raw = Raw(text, Problem(place, code, params))
        with self.editing():
            if self._draft.raws.get(place) == raw:
                return
            emptied = self._draft.without_words(place, touched=False, chosen=False) if place else self._draft
            if place and isinstance(place[-1], int):
                emptied = self._edits.filled(emptied, place, UNSET)
            elif place:
                emptied = self._edits.emptied(emptied, place)
            self._become(replace(emptied, raws={**emptied.raws, place: raw}).touch(place))

    def clear(self, pointer: Pointer | str) -> None:
        """Make a field absent. It stays touched: a required one now says that it is missing."""
        self._clear(placed_at(pointer), drawn=False)

    def reset(self, pointer: Pointer | str | None = None) -> None:
        """Return a field, or the whole form, to how it was before anybody touched it."""
        with self.editing():
            if pointer is None:
                self._become(self._edits.untouched())
                return
            place = placed_at(pointer)
            found = self.field(place)
            first = begin(found) if found is not None and found.required else UNSET
            bare = self._draft.without_words(place)
            if first is UNSET:
                self._become(self._edits.emptied(bare, place))
            else:
                self._become(self._edits.filled(bare, place, first))

    # --- lists and branches

    def add(self, pointer: Pointer | str, value: object = UNSET) -> None:
        """Put one more item at the end of a list; without a value it begins as its field does, else empty."""
        place = placed_at(pointer)
        with self.editing():
            there = at(self._draft.values, place)
            count = len(there) if isinstance(there, list) else 0
            item = self.field((*place, count)) if value is UNSET else None
            first = begin(item) if item is not None else value
            new = (*place, count)
            self._become(self._edits.filled(self._draft, new, first).touch(place if value is UNSET else new))

    def remove(self, pointer: Pointer) -> None:
        """Take an item out of its list; the others close up. An optional list without items is absent."""
        *above, gone = pointer
        self._rearrange(tuple(above), lambda count: [old for old in range(count) if old != gone])

    def move(self, pointer: Pointer, to: int) -> None:
        """Put an item at another place of its list."""
        *above, old = pointer

        def order(count: int) -> list[int]:
            rest = [each for each in range(count) if each != old]
            assert isinstance(old, int)
            return [*rest[:to], old, *rest[to:]]

        self._rearrange(tuple(above), order)

    def branch(self, pointer: Pointer | str) -> int:
        """Which of several shapes is drawn at that place. Guessed once from a value that came from elsewhere, then kept."""
        place = placed_at(pointer)
        with self.lock:
            if place not in self._draft.chosen:
                found = self._foreseen.declared(self._draft, place)
                guess = best_branch(found.branches[0], at(self._draft.values, place)) if found is not None and found.branches else 0
                self._draft = replace(self._draft, chosen={**self._draft.chosen, place: guess})
            return self._draft.chosen[place]

    def choose(self, pointer: Pointer | str, branch: int) -> None:
        """Draw another shape. What was in the one before is put aside, and comes back with it."""
        place = placed_at(pointer)
        with self.editing():
            before, now = self.branch(place), self._draft
            if before == branch:
                return
            shelved = {**now.shelved, (place, before): at(now.values, place)}
            back = shelved.pop((place, branch), UNSET)
            found = self._foreseen.declared(self._draft, place)
            if back is UNSET and found is not None:
                back = beginning(found, branch)
            bare = now.without_words(place, touched=False)
            started = replace(bare, chosen={**bare.chosen, place: branch}, shelved={**bare.shelved, **shelved})
            if back is UNSET:
                self._become(self._edits.emptied(started, place).touch(place))
            else:
                self._become(self._edits.filled(started, place, back).touch(place))

    # --- the fields there are now

    def field(self, pointer: Pointer) -> Field | None:
        """The field at a place, as it is drawn now: of several shapes, the chosen one. None where nothing is foreseen."""
        with self.lock:
            return self._foreseen.field(self._draft, pointer)

    def fields(self, pointer: Pointer = ()) -> tuple[Field, ...]:
        """The fields in an object, those included that only a condition brings in."""
        with self.lock:
            return self._foreseen.fields(self._draft, pointer)

    def foreseen(self, pointer: Pointer = ()) -> frozenset[str]:
        """The names that have a field in an object, now or with other values."""
        with self.lock:
            return self._foreseen.names(self._draft, pointer)

    def standing(self, pointer: Pointer | str) -> Standing:
        """How a field stands with the values there are now: whether it is drawn and sent, may be changed, must be given."""
        with self.lock:
            return self._foreseen.standing(self._draft, placed_at(pointer))

    @property
    def shown(self) -> frozenset[str]:
        """The names of the fields at the top that count now."""
        with self.lock:
            return frozenset(found.name for found in self.fields() if self.standing(found.name).shown)

    # --- problems

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that is wrong or unwise, in the order of the fields; whether it is shown yet is another question."""
        with self.lock:
            if self._checked is None:
                now = self._sending()
                found = [now.back(problem) for problem in now.model.problems(now.values)]
                kept = [problem for problem in found if not self._covered(problem)]
                raws = [raw.problem for raw in self._draft.raws.values()]
                self._checked = tuple(dict.fromkeys([*raws, *kept, *self._reported]))
            return self._checked

    @property
    def can_run(self) -> bool:
        """Whether nothing stands in the way of sending. Advice does not."""
        return not any(problem.blocking for problem in self.problems)

    @property
    def asked(self) -> bool:
        """Whether it was to be sent since the form was last untouched."""
        return self._asked

    def ask(self) -> None:
        """It is to be sent: from now on every problem shows."""
        with self.editing():
            if not self._asked:
                self._asked = True
                self.tell("asked")

    def visible_problems(self, pointer: Pointer | str = ()) -> tuple[Problem, ...]:
        """The problems to show at a place and in it: none before it is touched, or all was to be sent."""
        place = placed_at(pointer)
        with self.lock:
            if not self._asked and not self._draft.touched:
                return ()
            here = (found for found in self.problems if within(found.pointer, place))
            return tuple(found for found in here if self._asked or self._is_due(found.pointer))

    def redraw(self) -> None:
        """Something else than the state has changed how the form looks, such as a fold that was opened."""
        with self.editing():
            self.tell("view")

    # --- trouble

    @property
    def trouble(self) -> Notice | None:
        """What to tell the person, if anything."""
        return self._trouble

    def fail(self, error: DarkroomError) -> None:
        """Show an error: its problems beside their fields, its sentence on the form."""
        with self.editing():
            if isinstance(error, InputError):
                self.report(tuple(found for found in error.problems if isinstance(found, Problem)))
            self._say(self._notice(error))

    def report(self, problems: tuple[Problem, ...]) -> None:
        """Show problems that somebody else found, a server for instance. Each is over once its field changes."""
        if not problems:
            return
        with self.editing():
            known = set(self.problems)
            self._reported = (*self._reported, *(found for found in problems if found not in known))
            self._checked, self._asked = None, True
            self.tell("asked")

    def say(self, notice: Notice | None) -> None:
        """Put a sentence on the form, or take it away."""
        with self.editing():
            self._say(notice)

    # --- inside: how one state follows another

    def _clear(self, place: Pointer, *, drawn: bool) -> None:
        with self.editing():
            before = self._draft
            if place in before.touched and at(before.values, place) is UNSET and place not in before.raws:
                return
            bare = before.without_words(place, touched=False, chosen=not drawn)
            self._become(self._edits.emptied(bare, place).touch(place))

    def _rearrange(self, place: Pointer, order: Callable[[int], list[int]]) -> None:
        with self.editing():
            items = at(self._draft.values, place)
            if not isinstance(items, list):
                return
            after = self._draft.rearranged(place, order(len(items))).touch(place)
            found = self.field(place)
            if not at(after.values, place) and found is not None and not found.required:
                after = self._edits.emptied(after, place)
            self._become(after)

    def _become(self, draft: Draft) -> None:
        """Be in another state, and tell which fields at the top differ."""
        before, self._draft = self._draft, self._edits.prefilled(draft)
        draft = self._draft
        if not draft.touched and self._asked:
            self._asked = False
            self.tell("asked")
        names = {name for name in _names_in(before) | _names_in(draft) if not _alike(name, before, draft)}
        if names or before.raws.get(()) != draft.raws.get(()):
            self._changed(names)

    def _changed(self, names: AbstractSet[str]) -> None:
        self._checked = None
        self._reported = tuple(found for found in self._reported if not (found.pointer and str(found.pointer[0]) in names))
        self.tell("value", frozenset(names))
        if self._trouble is not None and (self._trouble.fields or self._trouble.fleeting):
            self._say(None)

    # --- inside: problems

    def _sending(self) -> Sending:
        return sending(self.model, self._draft)

    def _covered(self, problem: Problem) -> bool:
        """Unreadable typing is the one problem of its field; that the value is missing then goes without saying."""
        return any(place and within(problem.pointer, place) for place in self._draft.raws)

    def _is_due(self, pointer: Pointer) -> bool:
        return any(within(pointer, place) or within(place, pointer) for place in self._draft.touched)

    def _notice(self, error: DarkroomError) -> Notice:
        names = {str(found.pointer[0]) for found in self.problems if found.blocking and found.pointer}
        fields = tuple(found.name for found in self.fields() if found.name in names)
        if isinstance(error, InputError) and fields:
            return Notice("panel.look_at", {}, error.message, error.next_step, fields)
        top_up = self.model.provider or "" if isinstance(error, BalanceError) else ""
        return Notice(error.key, error.params, error.message, error.next_step, top_up=top_up)

    def _say(self, notice: Notice | None) -> None:
        if notice != self._trouble:
            self._trouble = notice
            self.tell("trouble")


def _names_in(draft: Draft) -> set[str]:
    places = (*draft.touched, *draft.raws, *draft.chosen)
    return {*draft.values, *(str(place[0]) for place in places if place)}


def _alike(name: str, one: Draft, other: Draft) -> bool:
    """Whether a field at the top, with all that is in it, is the same in both states."""
    return same(one.values.get(name, UNSET), other.values.get(name, UNSET)) and all(
        _of(name, mine) == _of(name, theirs)
        for mine, theirs in ((dict.fromkeys(one.touched), dict.fromkeys(other.touched)), (one.raws, other.raws), (one.chosen, other.chosen))
    )


def _of(name: str, known: Mapping[Pointer, object]) -> dict[Pointer, object]:
    return {place: value for place, value in known.items() if place and place[0] == name}
