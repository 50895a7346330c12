"""A field as it is while a part applies that says more about it: both demands hold, and what only tells, the field tells.

`narrowed` is for what then, dependents or a branch say of a field that is there anyway; `as_in_branch` for a field that
several branches define differently, of which one is chosen now.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..fields import UNSET
from .judge import judge
from .values import is_demo, without_demo

if TYPE_CHECKING:
    from ..fields import Field

__all__ = ["as_in_branch", "brought", "narrowed"]

_LOWEST = ("minimum", "exclusive_minimum", "min_length", "min_items", "min_properties")
_HIGHEST = ("maximum", "exclusive_maximum", "max_length", "max_items", "max_properties")
_EITHER = ("pattern", "format", "media", "multiple_of", "step", "items", "title", "help", "group", "additional")
_WORDS = ("texts", "hints", "extra", "examples")
_SETTINGS = ("order", "group", "importance", "deprecated", "advised_words")


def brought(field: Field) -> Field:
    """A field that only a part knows, ready for a form: what only demonstrates is no default."""
    field = field.opened()
    return without_demo(field) if is_demo(field) else field


def narrowed(field: Field, part: Field) -> Field:
    """The field with what a part says of it besides. A default that does not fit then is none."""
    if part.kind == "never" or part.opens is not None:
        return field
    changes: dict[str, Any] = {**_limits(field, part), **_values(field, part)}
    for name in _EITHER:
        mine, theirs = getattr(field, name), getattr(part, name)
        if mine in (None, "", True) and theirs not in (None, "", True):
            changes[name] = theirs
    if field.kind in ("any", "union") and part.kind not in ("any", "union"):
        changes["kind"] = part.kind
    if not field.types and part.types:
        changes["types"] = part.types
    if _has_more(field, part):
        changes["also"] = (*field.also, part)
    if not changes and part.default is UNSET:
        return field
    found = replace(field, **changes)
    return replace(found, default=_default(found, part))


def as_in_branch(field: Field, branch: Field) -> Field:
    """The chosen branch's own version of a field, with what was found out about the field since: words, hints, its medium."""
    own = brought(branch)
    if own.kind == "never":
        return field
    kept: dict[str, Any] = {name: getattr(field, name) or getattr(own, name) for name in (*_WORDS, "media")}
    told: dict[str, Any] = {name: getattr(own, name) or getattr(field, name) for name in ("title", "help")}
    return replace(own, **kept, **told, **{name: getattr(field, name) for name in _SETTINGS}, pointer=field.pointer)


def _limits(field: Field, part: Field) -> dict[str, Any]:
    """The narrower of both bounds."""
    found: dict[str, Any] = {}
    sides: tuple[tuple[tuple[str, ...], Callable[..., Any]], ...] = ((_LOWEST, max), (_HIGHEST, min))
    for names, narrower in sides:
        for name in names:
            said = [value for value in (getattr(field, name), getattr(part, name)) if value is not None]
            if said and (value := narrower(said)) != getattr(field, name):
                found[name] = value
    return found


def _values(field: Field, part: Field) -> dict[str, Any]:
    """The values that both take; those of the field keep their names. Where they have none in common, there is none to choose."""
    offered, other = (field.choices, part) if field.choices else (part.choices, field)
    kept = tuple(choice for choice in offered if not judge(other, (), choice.value))
    if len(kept) == len(field.choices):
        return {}
    null = (None,) if not judge(field, (), None) and not judge(part, (), None) else ()
    return {"choices": kept, "enum": (*(choice.value for choice in kept), *null)}


def _has_more(field: Field, part: Field) -> bool:
    """Whether the part says what no keyword of the field can take up: about what is inside, or a second pattern."""
    inside = part.children or part.needs or part.also or part.branches or part.dependent_required or part.prefix_items
    second = any(
        getattr(field, name) not in (None, True) and getattr(part, name) not in (None, True, getattr(field, name))
        for name in ("pattern", "format", "multiple_of", "items", "additional")
    )
    other_kind = bool(part.types) and bool(field.types) and not set(field.types or ()) <= set(part.types or ())
    return bool(inside) or part.further is not None or part.unique_items or second or other_kind


def _default(field: Field, part: Field) -> object:
    """The field's own where the part takes it (even outside its own bounds: servers accept theirs), else the part's."""
    if field.default is not UNSET and not judge(part, (), field.default, formats=False):
        return field.default
    return UNSET if is_demo(part) else part.default
