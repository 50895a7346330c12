"""What descriptions say in words, as data: pure functions from a property and its neighbours to remarks.

`clauses` takes a text apart, `words` knows how limits are worded, `limits` reads sizes, counts, lengths and ranges,
`conditions` what depends on what, `numbers` values with a meaning of their own. A certain remark changes the field or makes
a rule; any other is a hint that the form can show. Nothing here is right by guess: what is not certain is said, not done.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .clauses import sentences
from .conditions import Parts, conditions
from .limits import Medium, Remark, counts, files, files_of_items, lengths, listed_values, one_voice, ranges
from .numbers import chance, defaults

__all__ = ["Medium", "Parts", "Remark", "read_prose"]

_LIMITS: Mapping[str, str] = {
    "min_items": "minItems", "max_items": "maxItems", "min_length": "minLength", "max_length": "maxLength", "minimum": "minimum",
    "maximum": "maximum", "step": "multipleOf",
}


def read_prose(name: str, part: Mapping[str, Any], parts: Parts, medium: Medium | None = None) -> tuple[Remark, ...]:
    """What one property's title and description say.

    Args:
        name: The property's name.
        part: The property: its `type`, `enum`, bounds, `title` and `description` are looked at.
        parts: All properties of the form, this one among them.
        medium: What kind of file it takes, or the items of a list do; None for other values.

    Returns:
        Remarks, each once. Where the schema has the limit itself, it wins: an equal one is left out, another one is
        there, but not certain.
    """
    said = sentences("\n".join(str(part.get(key) or "") for key in ("title", "description")))
    kind, found = str(part.get("type") or "").lower(), list(conditions(name, said, parts))
    listed = "enum" in part or "const" in part
    own = frozenset(value for key in _LIMITS.values() if isinstance(value := part.get(key), int | float))
    if medium is not None:
        found += files(medium, said)
    if kind in ("array", "list"):
        found += [*counts(said, own), *(files_of_items(said) if medium is None else ())]
    elif kind in ("string", "str", "text") and medium is None and not listed:
        found += lengths(said, own)
    elif kind in ("integer", "number", "float", "int", "double") and not listed:
        found += [*ranges(said), *listed_values(said), *chance(name, said)]
    found += defaults(said, part)
    return tuple(remark for remark in (_beside_schema(one, part) for one in one_voice(found)) if remark is not None)


def _beside_schema(remark: Remark, part: Mapping[str, Any]) -> Remark | None:
    """The remark beside what the schema says of the same thing."""
    there = part.get(_LIMITS.get(remark.code, ""))
    if there is None and remark.code in ("minimum", "maximum"):
        there = part.get(f"exclusive{remark.code.capitalize()}")
    if there is None or isinstance(there, bool):
        return _beside_default(remark, part)
    return None if there == remark.params["limit"] else Remark(remark.code, remark.params, False, remark.said)


def _beside_default(remark: Remark, part: Mapping[str, Any]) -> Remark:
    """A range that shuts the schema's own default out is not certain."""
    default, limit = part.get("default"), remark.params.get("limit")
    if remark.code in ("minimum", "maximum") and isinstance(default, int | float) and isinstance(limit, int | float):
        outside = default < limit if remark.code == "minimum" else default > limit
        return Remark(remark.code, remark.params, remark.certain and not outside, remark.said)
    return remark
