"""Which values are secrets: passwords, and what is written and never read. They are sent, and neither kept nor shown."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ..fields import UNSET
from .conditions import conditions
from .patterns import matches

if TYPE_CHECKING:
    from ..fields import Field, Pointer, Rule

__all__ = ["holds_secret", "is_secret", "mark_of", "secret_places"]

_DEEPEST = 8  # shapes in shapes at one place; a schema may name itself
_MOST_SHAPES = 2_000  # in one walk; what a spiteful schema leaves unread counts as secret


def is_secret(field: Field) -> bool:
    """Whether what is said there is a secret: format `password`, or only written; then so is all that is in it."""
    return field.format == "password" or field.write_only


def mark_of(secret: object) -> dict[str, object]:
    """What is kept in place of a secret, a JSON value: equal for equal ones. A long one cannot be told from it; a short one can be guessed."""
    text = secret if isinstance(secret, str) else json.dumps(secret, sort_keys=True, default=str)
    return {"secret": hashlib.sha256(f"ipydarkroom:{text}".encode()).hexdigest()[:12]}


def secret_places(root: Field, rules: tuple[Rule, ...], values: Mapping[str, object]) -> frozenset[Pointer]:
    """Every place of a secret, or of its mark, and none inside of another one. Where a value may be of several shapes, if it is one in any.

    Args:
        root: All fields.
        rules: What they demand of each other.
        values: Name -> JSON value.
    """
    found = frozenset(_Walk().places(root, (), values, rules))
    return frozenset(place for place in found if not any(place[:end] in found for end in range(len(place))))


def holds_secret(field: Field | None, value: object) -> bool:
    """Whether a value of this field is a secret, or has one in it."""
    return field is not None and value is not UNSET and next(_Walk().places(field, (field.name,), value), None) is not None


class _Walk:
    """One walk through some values; bounded, as the schema is foreign."""

    def __init__(self) -> None:
        self._left = _MOST_SHAPES

    def places(
        self, field: Field, pointer: Pointer, value: object, rules: tuple[Rule, ...] = (), depth: int = 0
    ) -> Iterator[Pointer]:
        """The places of secrets in a value of this field."""
        if is_secret(field) and value is not None and field.media is None:
            yield pointer
            return
        for shape in self._shapes(field, depth):
            if self._left <= 0:
                yield from [pointer] if pointer or not isinstance(value, Mapping) else [(str(name),) for name in value]
                return
            self._left -= 1
            yield from self.places(shape.opened(), pointer, value, depth=depth + 1)
        if isinstance(value, Mapping):
            known = {child.name: child for child in conditions(field, rules).fields(value)}
            for name, inner in value.items():
                for each in (known[name],) if name in known else _of_other_names(field, name):
                    yield from self.places(each.opened(), (*pointer, name), inner)
        elif isinstance(value, list):
            for at, item in enumerate(value):
                of_item = field.prefix_items[at] if at < len(field.prefix_items) else field.items
                if of_item is not None:
                    yield from self.places(of_item.opened(), (*pointer, at), item)

    def _shapes(self, field: Field, depth: int) -> Iterator[Field]:
        if depth < _DEEPEST:
            yield from (branch.field for choice in field.branches for branch in choice.branches)


def _of_other_names(field: Field, name: object) -> Iterator[Field]:
    """What stands under a name that has no field of its own; where nobody can tell whether a pattern fits, it does."""
    patterns = field.further.patterns if field.further is not None else ()
    found = [each for pattern, each in patterns if matches(pattern, str(name)) is not False]
    yield from found
    if not found and not isinstance(field.additional, bool):
        yield field.additional
