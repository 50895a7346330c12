"""From one state of a form to the next, by the rules of silence: what begins, what goes with its last part, what is prefilled."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..fields import UNSET
from ..schema.kinds import same as same_json
from ..wire import Blob
from .draft import Draft, at, within
from .foreseen import inside
from .starts import begin, inside_of

if TYPE_CHECKING:
    from ..fields import Field, Pointer
    from .foreseen import Foreseen

__all__ = ["Edits", "same"]


def same(one: object, other: object) -> bool:
    """Whether two values are the same to a server: as JSON, or as the same file."""
    return same_json(one, other) or (isinstance(one, Blob) and one == other)


class Edits:
    """What can be done to a draft, for the fields of one model. Each gives another draft.

    Args:
        root: All fields.
        foreseen: Which of them there are at a place.
    """

    def __init__(self, root: Field, foreseen: Foreseen) -> None:
        self._root = root
        self._foreseen = foreseen

    def untouched(self) -> Draft:
        """How a form begins: what is required and known is filled in."""
        return self.prefilled(Draft(inside_of(self._root)))

    def filled(self, draft: Draft, place: Pointer, value: object) -> Draft:
        """The value is at that place; everything above it is there."""
        return self.with_containers(draft, place).with_value(place, value)

    def emptied(self, draft: Draft, place: Pointer) -> Draft:
        """Nothing is at that place; an optional object above it that only has left what it began with goes too."""
        if at(draft.values, place) is not UNSET:
            draft = draft.with_value(place, UNSET)
        after = self.prefilled(draft.touch(place))  # what only a condition had brought goes with it
        for end in range(len(place) - 1, 0, -1):
            above = place[:end]
            left, found = at(after.values, above), self._foreseen.field(after, above)
            if found is None or found.required or not isinstance(left, Mapping) or not same(left, inside_of(found)):
                break
            draft, after = draft.with_value(above, UNSET), after.with_value(above, UNSET)
        return draft

    def with_containers(self, draft: Draft, place: Pointer) -> Draft:
        """Everything above that place is there: objects begin with what they must have."""
        for end in range(1, len(place)):
            above = place[:end]
            there, wanted = at(draft.values, above), list if isinstance(place[end], int) else Mapping
            if not isinstance(there, wanted):
                found = self._foreseen.field(draft, above)
                first: object = [] if wanted is list else inside_of(found) if found is not None else {}
                draft = draft.with_value(above, first)
        return draft

    def prefilled(self, draft: Draft, place: Pointer = (), found: Field | None = None) -> Draft:
        """What a condition wants sent gets its beginning, unless somebody has cleared it, and loses it with the condition."""
        found = found or self._root
        of_this = self._foreseen.conditions(found, place)
        if of_this.conditional:
            now = of_this.now(inside(draft, place))
            for field in now.fields:
                here, standing = (*place, field.name), now.standing[field.name]
                if any(within(here, each) or within(each, here) for each in draft.touched):
                    continue
                wanted = standing.prefilled and standing.shown
                there, first = at(draft.values, here) is not UNSET, begin(field)
                if wanted and not there and first is not UNSET:
                    draft = draft.with_value(here, first)
                elif there and not wanted:
                    draft = draft.with_value(here, UNSET)
        for name, inner in inside(draft, place).items():
            below = self._foreseen.field(draft, (*place, name)) if isinstance(inner, Mapping) else None
            if below is not None and below.kind == "object":
                draft = self.prefilled(draft, (*place, name), below)
        return draft
