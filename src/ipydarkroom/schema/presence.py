"""Is there something? What counts as given where one field speaks about another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..fields import UNSET
from .kinds import same

if TYPE_CHECKING:
    from ..fields import Rule, Values

__all__ = ["given", "holds", "is_empty"]


def is_empty(values: Values, name: str) -> bool:
    """Whether nothing is there: no value, null, an empty text, list or object. A switch that is off is something."""
    value = values.get(name, UNSET)
    return value is UNSET or value is None or (isinstance(value, str | list | tuple | Mapping) and not value)


def given(values: Values, name: str) -> bool:
    """Whether somebody gave something: not an empty text or list, and not a switch that is off."""
    return not is_empty(values, name) and values[name] is not False


def holds(rule: Rule, values: Values) -> bool:
    """Whether the other field has the value that an `only_when` asks for. Defaults that count are among the values."""
    return same(values.get(rule.other, UNSET), rule.value)
