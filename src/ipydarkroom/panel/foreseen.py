"""Which fields there are in a form now, at every place: conditions bring some in, a list has its items', a shape its own.

Nothing here changes a draft; what is costly to work out is kept as long as it stays true.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..schema.conditions import Standing, conditions
from .draft import at
from .shapes import part, shape_of

if TYPE_CHECKING:
    from ..fields import Field, Pointer
    from ..models import Model
    from ..schema.conditions import Conditions
    from .draft import Draft

__all__ = ["Foreseen"]

_FREE = Standing()  # of a name that no field has, or of an item


class Foreseen:
    """The fields of one model, at the places of a draft."""

    def __init__(self, model: Model) -> None:
        self._model = model
        self._shapes: dict[tuple[int, int], tuple[Field, Field]] = {}
        self._standings: dict[Pointer, Mapping[str, Standing]] = {}
        self._of: Draft | None = None

    def declared(self, draft: Draft, pointer: Pointer) -> Field | None:
        """The field at a place with all its shapes; None where the schema foresees nothing."""
        found: Field | None = self._model.root
        for end, step in enumerate(pointer):
            if found is None:
                return None
            found = part(self.drawn(draft, found, pointer[:end]), step, self._beside(draft, found, pointer[:end]))
        return found

    def field(self, draft: Draft, pointer: Pointer) -> Field | None:
        """The field at a place as it is drawn now."""
        found = self.declared(draft, pointer)
        return None if found is None else self.drawn(draft, found, pointer)

    def fields(self, draft: Draft, pointer: Pointer) -> tuple[Field, ...]:
        """The fields in an object, those included that only a condition brings in."""
        found = self.field(draft, pointer)
        return () if found is None else self.conditions(found, pointer).fields(inside(draft, pointer))

    def names(self, draft: Draft, pointer: Pointer) -> frozenset[str]:
        """The names that have a field in an object, now or with other values."""
        found = self.field(draft, pointer)
        return frozenset() if found is None else frozenset(self.conditions(found, pointer).names)

    def standing(self, draft: Draft, pointer: Pointer) -> Standing:
        """How the field at a place stands."""
        if draft is not self._of:
            self._of, self._standings = draft, {}
        above, step = pointer[:-1], pointer[-1] if pointer else ""
        if above not in self._standings:
            found = self.field(draft, above)
            is_object = found is not None and (found.kind == "object" or not above)
            self._standings[above] = self.conditions(found, above).standing(inside(draft, above)) if found is not None and is_object else {}
        return self._standings[above].get(str(step), _FREE)

    def drawn(self, draft: Draft, found: Field, pointer: Pointer) -> Field:
        """Of several shapes, the chosen one. All shapes of the whole form are drawn at once."""
        if not pointer or not found.branches or pointer not in draft.chosen:
            return found
        key = id(found), min(draft.chosen[pointer], len(found.branches[0].branches) - 1)
        if key not in self._shapes:
            self._shapes[key] = found, shape_of(found, key[1])  # the same shape is the same field, so that its conditions are too
        return self._shapes[key][1]

    def conditions(self, found: Field, pointer: Pointer) -> Conditions:
        """What the fields of an object mean for each other; the rules of the page hold at the top."""
        return conditions(found, self._model.rules if not pointer else ())

    def _beside(self, draft: Draft, found: Field, pointer: Pointer) -> tuple[Field, ...]:
        drawn = self.drawn(draft, found, pointer)
        return self.conditions(drawn, pointer).fields(inside(draft, pointer)) if drawn.kind == "object" else ()


def inside(draft: Draft, pointer: Pointer) -> Mapping[str, object]:
    """What is in the object at a place; nothing where there is none."""
    found = at(draft.values, pointer)
    return found if isinstance(found, Mapping) else {}
