"""What a form knows: a value, a touch and perhaps unreadable typing for each field, at every depth. No widget in here.

Everything a person or a cell does ends here first, and widgets are painted from here. Silence is not a value: an
optional field nobody touched is not in `value`, a required one with a default is prefilled and sent, clearing an
optional field makes it absent again, and an optional object with nothing left in it. Typing that cannot be read (half
a number, broken JSON) is kept beside its problem and is never sent; the last good value is not sent in its place.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..errors import BalanceError, DarkroomError, InputError
from ..fields import UNSET, Field, Pointer, Problem
from ..schema import payload
from ..schema.conditions import Standing, conditions
from ..schema.kinds import same as same_json
from ..wire import Blob
from .draft import Draft, Raw, at, within
from .sending import Sending, sending
from .shapes import beginning, part, shape_of
from .starts import begin, best_branch, inside_of
from .telling import Change, Telling

if TYPE_CHECKING:
    from ..models import Model
    from ..schema.conditions import Conditions

__all__ = ["Change", "FormModel", "Notice", "Raw", "placed_at", "same"]


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the person, as a language key; `message` and `next_step` are the plain English beside it.

    `fields` names the fields it is about; such a notice, and a `fleeting` one, is over with the next change of a value.
    `asks` marks a question that the next press of Run answers; nothing has gone wrong. `top_up` names the provider
    whose page for topping up shall be linked.
    """

    key: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)
    message: str = ""
    next_step: str = ""
    fields: tuple[str, ...] = ()
    asks: bool = False
    fleeting: bool = False
    top_up: str = ""


def same(one: object, other: object) -> bool:
    """Whether two values are the same to a server: as JSON, or as the same file."""
    return same_json(one, other) or (isinstance(one, Blob) and one == other)


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
        self._conditions: dict[int, tuple[Field, Conditions]] = {}
        self._shapes: dict[tuple[int, int], tuple[Field, Field]] = {}
        self._draft = self._untouched()
        self._reported: tuple[Problem, ...] = ()
        self._asked = False
        self._trouble: Notice | None = None
        self._checked: tuple[Problem, ...] | None = None
        self._standings: dict[Pointer, Mapping[str, Standing]] = {}

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
            start = self._untouched()
            self._become(replace(start, values={**start.values, **fresh}, touched=frozenset((name,) for name in fresh)))

    def take(self, values: Mapping[str, object]) -> None:
        """Have these values, as after `value` was edited as a whole: what is the same stays untouched, what is hidden stays."""
        with self.editing():
            before, start = self._draft, self._untouched()
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
            started = self._with_containers(before.without_words(place, touched=False, chosen=not drawn), place)
            self._become(started.with_value(place, value).touch(place))

    def set_raw(self, pointer: Pointer | str, text: str, code: str, **params: object) -> None:
        """Keep typing that cannot be read, with the problem it makes. The field has no value until it is mended."""
        place = placed_at(pointer)
        raw = Raw(text, Problem(place, code, params))
        with self.editing():
            if self._draft.raws.get(place) == raw:
                return
            emptied = self._draft.without_words(place, touched=False, chosen=False) if place else self._draft
            if place and isinstance(place[-1], int):
                emptied = self._with_containers(emptied, place).with_value(place, UNSET)
            elif place:
                emptied = self._emptied(emptied, place)
            self._become(replace(emptied, raws={**emptied.raws, place: raw}).touch(place))

    def clear(self, pointer: Pointer | str) -> None:
        """Make a field absent. It stays touched: a required one now says that it is missing."""
        self._clear(placed_at(pointer), drawn=False)

    def reset(self, pointer: Pointer | str | None = None) -> None:
        """Return a field, or the whole form, to how it was before anybody touched it."""
        with self.editing():
            if pointer is None:
                self._become(self._untouched())
                return
            place = placed_at(pointer)
            found = self.field(place)
            first = begin(found) if found is not None and found.required else UNSET
            bare = self._draft.without_words(place)
            if first is UNSET:
                self._become(self._emptied(bare, place))
            else:
                self._become(self._with_containers(bare, place).with_value(place, first))

    # --- lists and branches

    def add(self, pointer: Pointer | str, value: object = UNSET) -> None:
        """Put one more item at the end of a list; without a value it begins as its field does, else empty."""
        place = placed_at(pointer)
        with self.editing():
            there = at(self._draft.values, place)
            count = len(there) if isinstance(there, list) else 0
            item = self.field((*place, count)) if value is UNSET else None
            first = begin(item) if item is not None else value
            ready = self._with_containers(self._draft, (*place, count))
            self._become(ready.with_value((*place, count), first).touch(place if value is UNSET else (*place, count)))

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
                found = self._declared(place)
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
            found = self._declared(place)
            if back is UNSET and found is not None:
                back = beginning(found, branch)
            bare = now.without_words(place, touched=False)
            started = replace(bare, chosen={**bare.chosen, place: branch}, shelved={**bare.shelved, **shelved})
            if back is UNSET:
                self._become(self._emptied(started, place).touch(place))
            else:
                self._become(self._with_containers(started, place).with_value(place, back).touch(place))

    # --- the fields there are now

    def field(self, pointer: Pointer) -> Field | None:
        """The field at a place, as it is drawn now: of several shapes, the chosen one. None where nothing is foreseen."""
        found = self._declared(pointer)
        return found if found is None else self._drawn(found, pointer)

    def fields(self, pointer: Pointer = ()) -> tuple[Field, ...]:
        """The fields in an object, those included that only a condition brings in."""
        found = self.field(pointer)
        return () if found is None else self._conditions_of(found, pointer).fields(self._within(pointer))

    def standing(self, pointer: Pointer | str) -> Standing:
        """How a field stands with the values there are now: whether it is drawn and sent, may be changed, must be given."""
        place = placed_at(pointer)
        with self.lock:
            above, step = place[:-1], place[-1] if place else ""
            if above not in self._standings:
                found = self.field(above)
                is_object = found is not None and (found.kind == "object" or not above)
                self._standings[above] = (
                    self._conditions_of(found, above).standing(self._within(above)) if found is not None and is_object else {}
                )
            return self._standings[above].get(str(step), Standing(shown=True))

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
        with self.editing():
            known = set(self.problems)
            self._reported = (*self._reported, *(found for found in problems if found not in known))
            self._checked = None
            self.ask()

    def say(self, notice: Notice | None) -> None:
        """Put a sentence on the form, or take it away."""
        with self.editing():
            self._say(notice)

    # --- inside: how one state follows another

    def _untouched(self) -> Draft:
        return Draft(inside_of(self.model.root))

    def _clear(self, place: Pointer, *, drawn: bool) -> None:
        with self.editing():
            before = self._draft
            if place in before.touched and at(before.values, place) is UNSET and place not in before.raws:
                return
            bare = before.without_words(place, touched=False, chosen=not drawn)
            self._become(self._emptied(bare, place).touch(place))

    def _emptied(self, draft: Draft, place: Pointer) -> Draft:
        """Nothing is at that place; an optional object above it that only has left what it began with goes too."""
        if at(draft.values, place) is not UNSET:
            draft = draft.with_value(place, UNSET)
        for end in range(len(place) - 1, 0, -1):
            above = place[:end]
            left, found = at(draft.values, above), self.field(above)
            if found is None or found.required or not isinstance(left, Mapping) or not same(left, inside_of(found)):
                break
            draft = draft.with_value(above, UNSET)
        return draft

    def _with_containers(self, draft: Draft, place: Pointer) -> Draft:
        """Everything above that place is there: objects begin with what they must have."""
        for end in range(1, len(place)):
            above = place[:end]
            there, wanted = at(draft.values, above), list if isinstance(place[end], int) else Mapping
            if not isinstance(there, wanted):
                found = self.field(above)
                first: object = [] if wanted is list else inside_of(found) if found is not None else {}
                draft = draft.with_value(above, first)
        return draft

    def _rearrange(self, place: Pointer, order: Callable[[int], list[int]]) -> None:
        with self.editing():
            items = at(self._draft.values, place)
            if not isinstance(items, list):
                return
            after = self._draft.rearranged(place, order(len(items))).touch(place)
            found = self.field(place)
            if not at(after.values, place) and found is not None and not found.required:
                after = self._emptied(after, place)
            self._become(after)

    def _become(self, draft: Draft) -> None:
        """Be in another state, and tell which fields at the top differ."""
        before, self._draft, self._standings = self._draft, draft, {}
        self._prefill((), self.model.root)
        draft = self._draft
        if not draft.touched and self._asked:
            self._asked = False
            self.tell("asked")
        names = {name for name in _names_in(before) | _names_in(draft) if not _alike(name, before, draft)}
        if names or before.raws.get(()) != draft.raws.get(()):
            self._changed(names)

    def _prefill(self, place: Pointer, found: Field) -> None:
        """What a condition wants sent gets its beginning, unless somebody has cleared it, and loses it with the condition."""
        of_this = self._conditions_of(found, place)
        if of_this.conditional:
            standing = of_this.standing(self._within(place))
            for field in of_this.fields(self._within(place)):
                here = (*place, field.name)
                if any(within(here, each) or within(each, here) for each in self._draft.touched):
                    continue
                wanted = standing[field.name].prefilled and standing[field.name].shown
                there, first = at(self._draft.values, here) is not UNSET, begin(field)
                if wanted and not there and first is not UNSET:
                    self._draft = self._draft.with_value(here, first)
                elif there and not wanted:
                    self._draft = self._draft.with_value(here, UNSET)
        for name, inner in self._within(place).items():
            if isinstance(inner, Mapping) and (inside := self.field((*place, name))) is not None and inside.children:
                self._prefill((*place, name), inside)

    def _changed(self, names: AbstractSet[str]) -> None:
        self._checked = None
        self._reported = tuple(found for found in self._reported if not (found.pointer and str(found.pointer[0]) in names))
        self.tell("value", frozenset(names))
        if self._trouble is not None and (self._trouble.fields or self._trouble.fleeting):
            self._say(None)

    # --- inside: fields

    def _declared(self, pointer: Pointer) -> Field | None:
        """The field at a place with all its shapes."""
        found: Field | None = self.model.root
        for end, step in enumerate(pointer):
            if found is None:
                return None
            found = part(self._drawn(found, pointer[:end]), step, self._here(found, pointer[:end]))
        return found

    def _here(self, found: Field, pointer: Pointer) -> tuple[Field, ...]:
        drawn = self._drawn(found, pointer)
        if drawn.kind != "object":
            return ()
        return self._conditions_of(drawn, pointer).fields(self._within(pointer))

    def _drawn(self, found: Field, pointer: Pointer) -> Field:
        """Of several shapes, the chosen one. All shapes of the whole form are drawn at once."""
        if not pointer or not found.branches or pointer not in self._draft.chosen:
            return found
        key = id(found), min(self._draft.chosen[pointer], len(found.branches[0].branches) - 1)
        if key not in self._shapes:
            self._shapes[key] = found, shape_of(found, key[1])  # the same shape is the same field, so that its conditions are too
        return self._shapes[key][1]

    def _conditions_of(self, found: Field, pointer: Pointer) -> Conditions:
        if id(found) not in self._conditions:
            made = conditions(found, self.model.rules if not pointer else ())
            self._conditions[id(found)] = found, made  # kept beside its own, as the number of a field that is gone is given again
        return self._conditions[id(found)][1]

    def _within(self, pointer: Pointer) -> Mapping[str, object]:
        inside = at(self._draft.values, pointer)
        return inside if isinstance(inside, Mapping) else {}

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
