"""What is shown and what is sent: silence dropped, and the rules between two fields applied."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from typing import TYPE_CHECKING

from ..fields import UNSET, Values
from .kinds import same

if TYPE_CHECKING:
    from ..fields import Field, Rule

__all__ = ["given", "payload", "replaced", "shown"]


def shown(fields: Iterable[Field], rules: Iterable[Rule], values: Values) -> frozenset[str]:
    """The names of the fields that count with these values."""
    known = {field.name: field for field in fields}
    hidden = {rule.field for rule in rules if rule.kind == "only_when" and not _holds(rule, known, values)}
    return frozenset(known) - hidden


def replaced(rules: Iterable[Rule], values: Values) -> dict[str, str]:
    """The fields another one stands in for: their names, each with the name of the other."""
    return {rule.other: rule.field for rule in rules if rule.kind == "instead_of" and not _is_empty(values, rule.field)}


def payload(fields: Iterable[Field], rules: Iterable[Rule], values: Values) -> dict[str, object]:
    """What is sent, in the model's order: everything that was said, without what does not count.

    Left out are UNSET, fields whose condition does not hold, fields another one stands in for, and such a stand-in
    itself while it is empty. A listed value is sent as it is listed, a whole number as a whole number (3.0 as 3).
    Undocumented names come last.
    """
    known, rules = {field.name: field for field in fields}, tuple(rules)
    idle = {rule.field for rule in rules if rule.kind == "instead_of" and _is_empty(values, rule.field)}
    out = (frozenset(known) - shown(known.values(), rules, values)) | replaced(rules, values).keys() | idle
    order = [*(name for name in known if name in values), *(name for name in values if name not in known)]
    said = (name for name in order if name not in out and values[name] is not UNSET)
    return {name: _wire_value(known.get(name), values[name]) for name in said}


def _holds(rule: Rule, known: Mapping[str, Field], values: Values) -> bool:
    """Whether the other field has the value the rule asks for; untouched, its default counts."""
    other = known.get(rule.other)
    now = values.get(rule.other, UNSET)
    if now is UNSET and other is not None:
        now = other.default
    return same(now, rule.value)


def _is_empty(values: Values, name: str) -> bool:
    value = values.get(name, UNSET)
    return value is UNSET or value is None or (isinstance(value, str | list | tuple | Mapping) and not value)


def given(values: Values, name: str) -> bool:
    """Whether somebody gave something: not an empty text or list, and not a switch that is off."""
    return not _is_empty(values, name) and values[name] is not False


def _wire_value(field: Field | None, value: object) -> object:
    """The value as it is listed, or as its kind has it."""
    for choice in field.choices if field else ():
        if same(choice.value, value):
            return choice.value
    plain = _plain(value)
    if field is not None and field.kind == "integer" and isinstance(plain, float) and plain.is_integer():
        return int(plain)
    return plain


def _plain(value: object) -> object:
    """The value with numbers of other libraries (numpy) as plain ones, at any depth; anything else as it is."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, bool) or not isinstance(value, Real):
        return value
    return int(value) if isinstance(value, Integral) else float(value)
