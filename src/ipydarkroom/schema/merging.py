"""Two parts of a schema as one: what both demand is demanded, and what both only tell, the nearer one tells.

Where two demands cannot be written as one (two patterns, a closed object beside other properties), the farther one
stays in `allOf`, for the checker.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from .kinds import KINDS, same

__all__ = ["Schema", "merged", "narrowed_types"]

Schema: TypeAlias = Mapping[str, Any]
"""A part of a document. Its values are anything at all: they are looked at, never trusted."""

_HIGHER = frozenset({"minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties"})
_LOWER = frozenset({"maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties"})
_ALONE = ("const", "pattern", "format", "multipleOf", "anyOf", "oneOf", "not", "propertyNames", "dependentSchemas", "dependencies", "enum", "type")
_TOGETHER = (("items", "prefixItems", "additionalItems"), ("contains", "minContains", "maxContains"), ("if", "then", "else"))
_OBJECT = ("properties", "patternProperties", "additionalProperties")


def merged(under: Schema, over: Schema) -> dict[str, Any]:
    """Both parts as one; `over` is the nearer. What is left over of `under` is added to `allOf`."""
    if not under or not over:
        return dict(over or under)
    rest: dict[str, Any] = {}
    below = {**under}
    _set_aside_groups(below, over, rest)
    both: dict[str, Any] = {**below, **over}
    for word in below.keys() & over.keys():
        _join(word, below[word], over[word], both, rest)
    pieces = [*_list(under.get("allOf")), *_list(over.get("allOf")), *_closed_parts(under, over, both)]
    if rest:
        pieces.append(rest)
    if pieces:
        both["allOf"] = pieces
    return both


def _join(word: str, low: Any, high: Any, both: dict[str, Any], rest: dict[str, Any]) -> None:
    """One keyword that both have: the joined value in `both`, or the farther one in `rest`."""
    if word in _HIGHER or word in _LOWER:
        if _is_number(low) and _is_number(high):
            both[word] = max(low, high) if word in _HIGHER else min(low, high)
    elif word == "required":
        both[word] = [*_list(low), *_list(high)] if isinstance(high, list) else low
    elif word == "uniqueItems":
        both[word] = low is True or high is True
    elif word in ("properties", "dependentRequired"):
        if isinstance(low, Mapping) and isinstance(high, Mapping):
            both[word] = _joined_maps(word, low, high)
    elif word == "items":
        if low != high:
            both[word] = {"allOf": [low, high]}
    elif word == "type" and (narrow := narrowed_types(low, high)):
        both[word] = narrow
    elif word == "enum" and (kept := [value for value in _list(high) if any(same(value, other) for other in _list(low))]):
        both[word] = kept
    elif word in _ALONE and low != high:
        rest[word] = low


def _joined_maps(word: str, low: Mapping[str, Any], high: Mapping[str, Any]) -> dict[str, Any]:
    found = {**low, **high}
    for name in low.keys() & high.keys():
        if low[name] is not high[name] and low[name] != high[name]:
            found[name] = {"allOf": [low[name], high[name]]} if word == "properties" else [*_list(low[name]), *_list(high[name])]
    return found


def _set_aside_groups(below: dict[str, Any], over: Schema, rest: dict[str, Any]) -> None:
    """Keywords that mean something only beside one another move as a group."""
    for group in _TOGETHER:
        low, high = [word for word in group if word in below], [word for word in group if word in over]
        if low and high and not (low == high == ["items"]):
            rest |= {word: below.pop(word) for word in low}


def _closed_parts(under: Schema, over: Schema, both: dict[str, Any]) -> list[dict[str, Any]]:
    """`additionalProperties` sees the properties beside it only, so joining more to them needs a part that remembers."""
    if all(part.get("additionalProperties", True) is True for part in (under, over)) and not (
        "patternProperties" in under and "patternProperties" in over
    ):
        return []
    if not any(word in under for word in _OBJECT) or not any(word in over for word in _OBJECT):
        return []
    kept = []
    for part in (under, over):
        piece = {word: part[word] for word in _OBJECT[1:] if word in part}
        if piece:
            names = part.get("properties")
            kept.append({**({"properties": dict.fromkeys(names, True)} if isinstance(names, Mapping) else {}), **piece})
    for word in _OBJECT[1:]:
        both.pop(word, None)
    return kept


def narrowed_types(low: object, high: object) -> object:
    """The types both allow, as a word or a list; None where there is none, or one of them is no type."""
    low_words, high_words = _words(low), _words(high)
    found = [word for word in high_words if word in low_words or (word == "integer" and "number" in low_words)]
    if "number" in high_words and "integer" in low_words and "integer" not in found:
        found.append("integer")
    return found[0] if len(found) == 1 else found or None


def _words(types: object) -> list[str]:
    said = types if isinstance(types, list) else [types]
    return [KINDS.get(word.lower(), word) for word in said if isinstance(word, str)]


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def without(part: Schema, words: Iterable[str]) -> dict[str, Any]:
    """The part without these keywords."""
    out = frozenset(words)
    return {key: value for key, value in part.items() if key not in out}
