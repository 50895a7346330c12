"""What is shown and what is sent: silence dropped, and the rules between two fields applied."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ..fields import UNSET, Values

if TYPE_CHECKING:
    from ..fields import Field, Rule

__all__ = ["payload", "replaced", "shown"]


def shown(fields: Iterable[Field], rules: Iterable[Rule], values: Values) -> frozenset[str]:
    """The names of the fields that count with these values."""
    known = {field.name: field for field in fields}
    hidden = {rule.field for rule in rules if rule.kind == "only_when" and not _holds(rule, known, values)}
    return frozenset(known) - hidden


def replaced(rules: Iterable[Rule], values: Values) -> frozenset[str]:
    """The names of fields that another, given one stands for."""
    return frozenset(rule.other for rule in rules if rule.kind == "instead_of" and _given(values, rule.field))


def payload(fields: Iterable[Field], rules: Iterable[Rule], values: Values) -> dict[str, object]:
    """What is sent: everything that was said, in the model's order, without fields that do not count."""
    fields, rules = tuple(fields), tuple(rules)
    counted = shown(fields, rules, values)
    names = [field.name for field in fields]
    out = (set(names) - counted) | replaced(rules, values)
    order = [*(name for name in names if name in values), *(name for name in values if name not in names)]
    return {name: values[name] for name in order if name not in out and values[name] is not UNSET}


def _holds(rule: Rule, known: dict[str, Field], values: Values) -> bool:
    """Whether the other field has the value the rule asks for; untouched, its default counts."""
    other = known.get(rule.other)
    now = values.get(rule.other, UNSET)
    if now is UNSET and other is not None:
        now = other.default
    return now == rule.value


def _given(values: Values, name: str) -> bool:
    return values.get(name, UNSET) not in (UNSET, None, "", [])
