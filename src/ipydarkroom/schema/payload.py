"""What is shown and what is sent: silence dropped, and the conditions between fields applied, at every level."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from numbers import Integral, Real
from typing import TYPE_CHECKING

from ..fields import UNSET, Values
from .conditions import conditions
from .kinds import same
from .presence import is_empty

if TYPE_CHECKING:
    from ..fields import Field, Rule

__all__ = ["payload", "shown"]


def shown(root: Field, rules: Iterable[Rule], values: Values) -> frozenset[str]:
    """The names of the fields that count with these values."""
    return conditions(root, rules).now(values).shown


def payload(root: Field, rules: Iterable[Rule], values: Values) -> dict[str, object]:
    """What is sent, in the model's order: everything that was said, without what does not count.

    Left out are UNSET, fields whose condition does not hold, fields another one stands in for, and such a stand-in
    itself while it is empty; so it is inside objects. A listed value is sent as it is listed, a whole number as a whole
    number (3.0 as 3). Undocumented names come last.
    """
    rules = tuple(rules)
    idle = {rule.field for rule in rules if rule.kind == "instead_of" and is_empty(values, rule.field)}
    now = conditions(root, rules).now(values)
    known = {field.name: field for field in now.fields}
    order = [*(name for name in known if name in values), *(name for name in values if name not in known)]
    said = (name for name in order if now.counts(name) and name not in idle and values[name] is not UNSET)
    return {name: _wire_value(known.get(name), values[name]) for name in said}


def _wire_value(field: Field | None, value: object) -> object:
    """The value as it is listed, or as its kind has it."""
    for choice in field.choices if field else ():
        if same(choice.value, value):
            return choice.value
    if field is not None and field.kind == "object" and isinstance(value, Mapping):
        return payload(field, (), value)
    if field is not None and field.kind == "array" and isinstance(value, list | tuple):
        return [_wire_value(_item(field, at), item) for at, item in enumerate(value)]
    plain = _plain(value)
    if field is not None and field.kind == "integer" and isinstance(plain, float) and plain.is_integer():
        return int(plain)
    return plain


def _item(field: Field, at: int) -> Field | None:
    return field.prefix_items[at] if at < len(field.prefix_items) else field.items


def _plain(value: object) -> object:
    """The value with numbers of other libraries (numpy) as plain ones, at any depth; anything else as it is."""
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, bool) or not isinstance(value, Real):
        return value
    return int(value) if isinstance(value, Integral) else float(value)
