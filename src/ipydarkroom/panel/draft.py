"""What is in a form, at every depth: a nested value, and by pointer what was touched, mistyped and chosen.

Nobody else's list or dict is changed: every edit makes the containers above it anew. In a list an item may have no value
yet (UNSET): the row is there, nothing is sent of it. As items move, all that is known of them moves along.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, TypeVar

from ..fields import UNSET

if TYPE_CHECKING:
    from ..fields import Pointer, Problem

__all__ = ["Draft", "Raw", "at", "is_said", "moved", "put", "within"]

Known = TypeVar("Known")


@dataclass(frozen=True, slots=True)
class Raw:
    """Typing that could not be read, word for word, and what is wrong with it."""

    text: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Draft:
    """One state of a form. Every change makes another one, so that the one before can be put back.

    Attributes:
        values: Property name to value, what is hidden now included.
        touched: Where somebody, hand or code, has said something.
        raws: Typing that cannot be read, by place; the empty place is the whole form as JSON.
        chosen: Which branch is drawn where there are several, by place.
        shelved: What was in the branches that are not drawn now, by place and branch.
    """

    values: Mapping[str, object] = field(default_factory=dict)
    touched: frozenset[Pointer] = frozenset()
    raws: Mapping[Pointer, Raw] = field(default_factory=dict)
    chosen: Mapping[Pointer, int] = field(default_factory=dict)
    shelved: Mapping[tuple[Pointer, int], object] = field(default_factory=dict)

    def with_value(self, pointer: Pointer, value: object) -> Draft:
        """The value at that place is another one; UNSET takes it away. The containers above must be there."""
        return replace(self, values=_object(put(self.values, pointer, value)))

    def touch(self, pointer: Pointer) -> Draft:
        """Somebody has said something here."""
        return self if pointer in self.touched else replace(self, touched=self.touched | {pointer})

    def without_words(self, pointer: Pointer, *, touched: bool = True, chosen: bool = True) -> Draft:
        """Nothing is known of this place or what is in it but its value; with False, that part of it stays."""
        return Draft(
            self.values,
            frozenset(place for place in self.touched if not within(place, pointer)) if touched else self.touched,
            {place: raw for place, raw in self.raws.items() if not within(place, pointer)},
            {place: at for place, at in self.chosen.items() if not within(place, pointer)} if chosen else self.chosen,
            {key: value for key, value in self.shelved.items() if not within(key[0], pointer)} if chosen else self.shelved,
        )

    def rearranged(self, pointer: Pointer, order: Iterable[int]) -> Draft:
        """A list with its items in another order, by their old places; those not named are gone, with all that is known of them."""
        kept = list(order)
        items = at(self.values, pointer)
        assert isinstance(items, list)
        places = {old: new for new, old in enumerate(kept)}

        def move(place: Pointer) -> Pointer | None:
            return moved(place, pointer, places)

        return Draft(
            _object(put(self.values, pointer, [items[old] for old in kept])),
            frozenset(new for place in self.touched if (new := move(place)) is not None),
            _rekeyed(self.raws, move),
            _rekeyed(self.chosen, move),
            {(new, branch): value for (place, branch), value in self.shelved.items() if (new := move(place)) is not None},
        )


def within(pointer: Pointer, place: Pointer) -> bool:
    """Whether a pointer is that place or something in it."""
    return pointer[: len(place)] == place


def at(value: object, pointer: Pointer) -> object:
    """What is at that place, UNSET where nothing is."""
    for step in pointer:
        if isinstance(value, Mapping):
            value = value.get(step, UNSET)
        elif isinstance(value, list | tuple) and isinstance(step, int) and 0 <= step < len(value):
            value = value[step]
        else:
            return UNSET
    return value


def is_said(value: object) -> bool:
    """Whether there is anything in a value that would be sent: not only rows that have none yet."""
    if isinstance(value, Mapping | list):
        inside = value.values() if isinstance(value, Mapping) else value
        return not value or any(is_said(each) for each in inside)
    return value is not UNSET


def put(value: object, pointer: Pointer, new: object) -> object:
    """The same value with another one at that place, the containers above made anew.

    An object is made where there is none; UNSET takes a name away and leaves a hole in a list. A step just behind the
    end of a list adds to it.
    """
    if not pointer:
        return new
    step, rest = pointer[0], pointer[1:]
    if isinstance(step, int):
        items = list(value) if isinstance(value, list | tuple) else []
        if step == len(items):
            items.append(UNSET)
        items[step] = put(items[step], rest, new)
        return items
    names = dict(value) if isinstance(value, Mapping) else {}
    if not rest and new is UNSET:
        names.pop(step, None)
    else:
        names[step] = put(names.get(step, UNSET), rest, new)
    return names


def moved(pointer: Pointer, place: Pointer, places: Mapping[int, int]) -> Pointer | None:
    """A pointer after the items of the list at `place` have gone to other places; None where its item is gone."""
    if len(pointer) <= len(place) or not within(pointer, place):
        return pointer
    old = pointer[len(place)]
    if not isinstance(old, int):
        return pointer
    return None if old not in places else (*place, places[old], *pointer[len(place) + 1 :])


def _object(values: object) -> Mapping[str, object]:
    """The whole of a form is an object, whatever was done in it."""
    assert isinstance(values, Mapping)
    return values


def _rekeyed(known: Mapping[Pointer, Known], move: Callable[[Pointer], Pointer | None]) -> dict[Pointer, Known]:
    return {new: value for place, value in known.items() if (new := move(place)) is not None}
