"""What the checker claims to judge, and what it leaves to others.

The list is a promise: every case of the public test suite that uses claimed keywords only passes, and `docs/schema.md`
is written from it.
"""

from __future__ import annotations

from collections.abc import Mapping

from .ecma import Unreadable, read_pattern
from .expressions import Alternatives, Look, Node, Repeat, Sequence
from .patterns import is_readable
from .references import NOWHERE, References, parts_of

__all__ = ["CLAIMED", "DIALECTS", "UNCLAIMED", "is_risky", "unclaimed_in"]

CLAIMED = (
    "type", "enum", "const", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minLength", "maxLength",
    "pattern", "items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains", "minContains", "maxContains", "properties",
    "patternProperties", "additionalProperties", "propertyNames", "required", "minProperties", "maxProperties", "dependentRequired",
    "dependentSchemas", "dependencies", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "$ref", "$anchor", "$id",
)  # fmt: skip
"""Keywords of JSON Schema that the checker judges; references inside the document only."""

UNCLAIMED = ("unevaluatedProperties", "unevaluatedItems", "$dynamicRef", "$recursiveRef")
"""Keywords that depend on what other keywords have seen, or on the way that led to them."""

DIALECTS = ("json-schema.org/draft-04/schema", "json-schema.org/draft-06/schema", "json-schema.org/draft-07/schema",
            "json-schema.org/draft/2019-09/schema", "json-schema.org/draft/2020-12/schema")  # fmt: skip

_MOST_PARTS = 20_000


def unclaimed_in(document: object) -> tuple[str, ...]:
    """What a schema asks for that the checker does not judge: keywords, `$ref` to elsewhere, `pattern` we cannot read.

    `$schema` is among them where a schema says that its keywords mean something of its own.
    """
    references = References(document)
    found: dict[str, None] = {}
    todo, seen = [document], 0
    while todo and seen < _MOST_PARTS:
        part = todo.pop()
        seen += 1
        if not isinstance(part, Mapping):
            continue
        found |= dict.fromkeys(word for word in UNCLAIMED if word in part)
        reference = part.get("$ref")
        if isinstance(reference, str) and references.find(reference, part) is NOWHERE:
            found["$ref"] = None
        if isinstance(dialect := part.get("$schema"), str) and not dialect.rstrip("#").endswith(DIALECTS):
            found["$schema"] = None
        patterns = part.get("patternProperties")
        said = (part.get("pattern"), *(patterns if isinstance(patterns, Mapping) else ()))
        if not all(is_readable(one) for one in said if isinstance(one, str)):
            found["pattern"] = None
        todo += [inner for _, inner in parts_of(part)]
    return tuple(sorted(found))


def is_risky(pattern: str) -> bool:
    """Whether an engine that goes back and tries again may take for ever: repetition, or choice, inside repetition."""
    try:
        return _nested(read_pattern(pattern), inside=False)
    except (Unreadable, RecursionError):
        return True


def _nested(node: Node, *, inside: bool) -> bool:
    match node:
        case Sequence(nodes):
            return any(_nested(inner, inside=inside) for inner in nodes)
        case Alternatives(nodes):
            return inside or any(_nested(inner, inside=inside) for inner in nodes)
        case Repeat(inner, _, most):
            many = most is None or most > 1
            return (inside and many) or _nested(inner, inside=inside or many)
        case Look(inner):
            return _nested(inner, inside=inside)
        case _:
            return False
