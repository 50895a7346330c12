"""Which values are secrets: passwords, and what is written and never read. They are sent, and neither kept nor shown."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING

from .conditions import conditions

if TYPE_CHECKING:
    from ..fields import Field, Pointer, Rule

__all__ = ["is_secret", "mark_of", "secret_places"]

_DEEPEST = 8  # shapes in shapes at one place; a schema may name itself


def is_secret(field: Field) -> bool:
    """Whether what is said there is a secret: format `password`, or only written."""
    return field.format == "password" or field.write_only


def mark_of(secret: str) -> dict[str, object]:
    """What is kept in place of a secret: equal for equal ones, and no way back."""
    return {"secret": hashlib.sha256(f"ipydarkroom:{secret}".encode()).hexdigest()[:12]}


def secret_places(root: Field, rules: tuple[Rule, ...], values: Mapping[str, object]) -> frozenset[Pointer]:
    """Every place of a secret, or of its mark; where a value may be of several shapes, if it is one in any of them.

    Args:
        root: All fields.
        rules: What they demand of each other.
        values: Name -> JSON value.
    """
    found: set[Pointer] = set()

    def look(field: Field, pointer: Pointer, value: object, rules: tuple[Rule, ...] = (), depth: int = 0) -> None:
        if is_secret(field) and (isinstance(value, str) or (isinstance(value, Mapping) and value.keys() == {"secret"})):
            found.add(pointer)
            return
        for choice in field.branches if depth < _DEEPEST else ():
            for branch in choice.branches:
                look(branch.field.opened(), pointer, value, depth=depth + 1)
        if isinstance(value, Mapping):
            for child in conditions(field, rules).fields(value):
                if child.name in value:
                    look(child.opened(), (*pointer, child.name), value[child.name])
        elif isinstance(value, list):
            for at, item in enumerate(value):
                inner = field.prefix_items[at] if at < len(field.prefix_items) else field.items
                if inner is not None:
                    look(inner.opened(), (*pointer, at), item)

    look(root, (), values, rules)
    return frozenset(found)
