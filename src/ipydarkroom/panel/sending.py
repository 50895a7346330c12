"""What of a draft is sent, and what is judged: rows without a value drop out, and of several shapes the chosen one counts.

Problems are then found in what would be sent, whose lists may be shorter than the rows on the screen; `back` leads a
problem to its row.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from ..fields import UNSET
from .draft import within
from .shapes import part, shape_of

if TYPE_CHECKING:
    from ..fields import Field, Pointer, Problem
    from ..models import Model
    from .draft import Draft

__all__ = ["Sending", "sending"]


@dataclass(frozen=True, slots=True)
class Sending:
    """What would be sent.

    Attributes:
        model: The model with the chosen shapes in the place of all.
        values: Without a hole.
        rows: For a list with holes, the row of each item that is sent.
    """

    model: Model
    values: Mapping[str, object]
    rows: Mapping[Pointer, list[int]] = field(default_factory=dict)

    def back(self, problem: Problem) -> Problem:
        """The same problem at the row where it is seen."""
        place: Pointer = ()
        for step in problem.pointer if self.rows else ():
            rows = self.rows.get(place)
            place = (*place, rows[step] if rows is not None and isinstance(step, int) and step < len(rows) else step)
        return replace(problem, pointer=place) if self.rows else problem


def sending(model: Model, draft: Draft) -> Sending:
    """What of a draft would be sent, and by which fields it is judged."""
    rows: dict[Pointer, list[int]] = {}
    values = {
        name: said for name, value in draft.values.items()
        if (said := _whole(value, (name,), part(model.root, name, model.fields), rows)) is not UNSET
    }
    if draft.chosen:
        root = replace(model.root, children=tuple(_chosen(child, (child.name,), draft) for child in model.fields))
        model = replace(model, fields=root.children, root=root)
    return Sending(model, values, rows)


def _whole(value: object, place: Pointer, found: Field | None, rows: dict[Pointer, list[int]]) -> object:
    """The value without holes; UNSET where an optional list or object has nothing but holes."""
    needed = found is not None and found.required
    if isinstance(value, list):
        said = [_whole(item, (*place, at), _item(found, at), rows) for at, item in enumerate(value)]
        kept = [at for at, item in enumerate(said) if item is not UNSET]
        if len(kept) == len(said):
            return said
        rows[place] = kept
        return [said[at] for at in kept] if kept or needed else UNSET
    if isinstance(value, Mapping):
        children = found.children if found is not None else ()
        inside = {
            name: _whole(inner, (*place, name), None if found is None else part(found, name, children), rows)
            for name, inner in value.items()
        }
        full = {name: inner for name, inner in inside.items() if inner is not UNSET}
        return UNSET if inside and not full and not needed else full
    return value


def _item(found: Field | None, at: int) -> Field | None:
    return None if found is None else part(found, at, ())


def _chosen(found: Field, place: Pointer, draft: Draft) -> Field:
    """The field with the chosen shapes in it, for the places that have one."""
    if not any(within(each, place) for each in draft.chosen):
        return found
    if found.branches and place in draft.chosen:
        return _chosen(shape_of(found, min(draft.chosen[place], len(found.branches[0].branches) - 1)), place, draft)
    if found.children:
        found = replace(found, children=tuple(_chosen(child, (*place, child.name), draft) for child in found.children))
    places = {each[len(place)] for each in draft.chosen if len(each) > len(place) and within(each, place)}
    count = 1 + max((at for at in places if isinstance(at, int)), default=-1)
    items = [(at, part(found, at, ())) for at in range(count)]
    if items:
        found = replace(found, prefix_items=tuple(_chosen(item, (*place, at), draft) for at, item in items if item is not None))
    return found
