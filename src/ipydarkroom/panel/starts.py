"""What a field holds before anybody says anything: prefilled where it must be sent, silent where it need not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ..fields import UNSET
from ..schema import judge
from ..schema.conditions import conditions
from ..schema.kinds import fits, same

if TYPE_CHECKING:
    from ..fields import Branches, Field

__all__ = ["begin", "best_branch", "inside_of"]

_MOST_LINKS = 6  # what a condition brings in may bring in more
_DEEPEST = 12  # objects in objects that are all required; a schema that asks for more gets no prefilling below


def begin(field: Field, depth: int = 0) -> object:
    """What a field starts with where it must be sent: its default, the one thing it may be, or an object of such.

    UNSET where nobody can know. Nothing is invented: an object begins only with what its required names begin with.
    """
    if field.default is not UNSET:
        return field.default
    if field.is_constant:
        return field.choices[0].value
    if field.kind == "object" and depth < _DEEPEST:
        return inside_of(field, depth) or UNSET
    return UNSET


def _must(field: Field, depth: int) -> object:
    """What a name begins with that has to be there: an object of known names is, if only as an empty one."""
    first = begin(field, depth)
    is_group = field.kind == "object" and not field.branches and depth < _DEEPEST and bool(conditions(field).names)
    return {} if first is UNSET and is_group else first


def inside_of(field: Field, depth: int = 0) -> dict[str, object]:
    """What an object begins with once it is there: every required name that begins with something, by its conditions too."""
    own = {child.name: _must(child, depth + 1) for child in field.children if child.required}
    found = {name: value for name, value in own.items() if value is not UNSET}
    of_this = conditions(field)
    for _ in range(_MOST_LINKS if of_this.conditional else 0):
        now = of_this.now(found)
        wanted = {child.name: child for child in now.fields if (how := now.standing[child.name]).shown and how.prefilled}
        more = {name: _must(child, depth + 1) for name, child in wanted.items() if name not in found}
        after = {name: value for name, value in {**found, **more}.items() if name in wanted and value is not UNSET}
        if after.keys() == found.keys():
            break
        found = after
    return found


def best_branch(choice: Branches, value: object) -> int:
    """Which branch a value that comes from elsewhere was meant for: asked once, when it comes.

    The discriminator decides; else the first branch it fits; else one of its kind that knows most of its names.
    """
    if value is UNSET:
        return 0
    if choice.discriminator and isinstance(value, Mapping):
        said = value.get(choice.discriminator, UNSET)
        for at, branch in enumerate(choice.branches):
            if branch.value is not UNSET and same(branch.value, said):
                return at
    for at, branch in enumerate(choice.branches):
        if not judge(branch.field, (), value):
            return at
    return max(range(len(choice.branches)), key=lambda at: _likeness(choice.branches[at].field.opened(), value))


def _likeness(field: Field, value: object) -> tuple[bool, int]:
    of_kind = not field.types or any(fits(kind, value) for kind in field.types)
    names: Sequence[str] = [child.name for child in field.children]
    return of_kind, sum(name in value for name in names) if isinstance(value, Mapping) else 0
