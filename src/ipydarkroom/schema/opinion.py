"""A second opinion at submit, for the keywords our checker does not judge: asked of `jsonschema` where it is installed.

It is handed a copy in which dialect words are put right, may reach nothing outside the document, and is stopped when it
goes on too long. Only what it says about those keywords counts: about all others a form knows more (that a default is
accepted, that a file stands for a link).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

from ..fields import Pointer, Problem, Values
from .claims import UNCLAIMED, is_risky, unclaimed_in
from .kinds import KINDS, STANDARD_KINDS
from .patterns import matches

__all__ = ["second_opinion"]

_MOST_REFERENCES = 2_000  # followed in one judgement
_MOST_PROBLEMS = 20
_NAMED = frozenset({"properties", "patternProperties", "$defs", "definitions", "dependentSchemas"})  # names stand below these
_LIMITS = {
    "minimum": "minimum", "maximum": "maximum", "exclusiveMinimum": "exclusive_minimum", "exclusiveMaximum": "exclusive_maximum",
    "minItems": "min_items", "maxItems": "max_items", "minProperties": "min_properties", "maxProperties": "max_properties",
}  # fmt: skip


class _Enough(Exception):
    """It goes on too long."""


def second_opinion(document: Mapping[str, object], values: Values) -> tuple[Problem, ...]:
    """What the unclaimed keywords of a schema refuse about these inputs.

    Args:
        document: The schema as it was given.
        values: What is to be sent, plain JSON; a link stands for every file.

    Returns:
        Problems as the checker makes them. Where a schema asks for what nobody here judges, advice says which: `unjudged`
        are such keywords without `jsonschema`, `unjudgeable` a reference to elsewhere or a pattern we cannot read.
    """
    words = _unclaimed(document)
    librarys = [word for word in words if word in UNCLAIMED]
    nobodys = [word for word in words if word not in UNCLAIMED]  # a document elsewhere, a pattern beyond bounds
    found = (Problem((), "unjudgeable", {"words": ", ".join(nobodys)}, blocking=False),) if nobodys else ()
    if not librarys:
        return found
    try:
        return (*found, *dict.fromkeys(_asked(_plain(document, 0), values)))
    except (ImportError, _Enough, RecursionError):
        return (*found, Problem((), "unjudged", {"words": ", ".join(librarys)}, blocking=False))


_MOST_KEPT = 64
_kept: dict[int, tuple[Mapping[str, object], tuple[str, ...]]] = {}


def _unclaimed(document: Mapping[str, object]) -> tuple[str, ...]:
    """What a schema asks for that we do not judge. Kept by the document itself: a sweep asks about one a thousand times."""
    known = _kept.get(id(document))
    if known is None or known[0] is not document:
        if len(_kept) >= _MOST_KEPT:
            _kept.clear()
        known = _kept[id(document)] = (document, unclaimed_in(document))
    return known[1]


def _asked(document: dict[str, Any], values: Values) -> Iterator[Problem]:
    import jsonschema
    import referencing
    from jsonschema.validators import extend, validator_for

    base = validator_for(document, default=jsonschema.Draft202012Validator)
    try:
        base.check_schema(document)
        judge = extend(base, {"pattern": _pattern, **_counted(base)})(document, registry=referencing.Registry())
        errors = list(islice(judge.iter_errors(values), _MOST_PROBLEMS))
    except (jsonschema.SchemaError, jsonschema.exceptions.UnknownType, referencing.exceptions.Unresolvable) as error:
        raise _Enough from error
    for found in errors:
        if _is_ours_to_tell(found):
            yield from _problems(found)


def _counted(base: Any) -> dict[str, Any]:  # Any: a validator class of the library
    """The library's own references, each counted: they alone make a small schema go on for ever."""
    left = [_MOST_REFERENCES]

    def counting(word: str) -> Any:
        follow = base.VALIDATORS[word]

        def counted(validator: Any, value: Any, instance: Any, schema: Any) -> Any:
            left[0] -= 1
            if left[0] < 0:
                raise _Enough
            return follow(validator, value, instance, schema)

        return counted

    return {word: counting(word) for word in ("$ref", "$dynamicRef", "$recursiveRef") if word in base.VALIDATORS}


def _pattern(_validator: Any, pattern: Any, instance: Any, _schema: Any) -> Iterator[Any]:  # Any: the library's own objects
    """Patterns by our engine, which ends."""
    import jsonschema

    if isinstance(instance, str) and isinstance(pattern, str) and matches(pattern, instance) is False:
        yield jsonschema.ValidationError("pattern")


def _is_ours_to_tell(error: Any) -> bool:
    """Whether an error comes from an unclaimed keyword, or from below one."""
    path = list(error.absolute_schema_path)
    words = [step for at, step in enumerate(path) if not (at and path[at - 1] in _NAMED and (at < 2 or path[at - 2] not in _NAMED))]
    return any(word in UNCLAIMED for word in words)


def _problems(error: Any) -> Iterator[Problem]:
    """One error of the library as ours; what has no code of ours names its keyword."""
    place: Pointer = tuple(error.absolute_path)
    word, value = error.validator, error.validator_value
    if word == "required":
        yield from (Problem((*place, name), "required") for name in value if name not in error.instance)
    elif word in _LIMITS:
        yield Problem(place, _LIMITS[word], {"limit": value})
    elif word == "type":
        yield Problem(place, "type", {"kind": ", ".join(value) if isinstance(value, list) else value})
    elif word in ("enum", "const"):
        yield Problem(place, "choice", {"count": len(value) if word == "enum" else 1})
    elif word == "pattern":
        yield Problem(place, "pattern", {"pattern": value})
    else:
        yield Problem(place, "whole_schema", {"keyword": str(word)})


def _plain(part: Any, depth: int) -> Any:
    """A copy with the dialect words put right that would make the library refuse the whole schema.

    Raises:
        _Enough: Too deep; or with a name pattern on which the library's own engine may take for ever.
    """
    if depth > 100:
        raise _Enough
    if isinstance(part, list):
        return [_plain(inner, depth + 1) for inner in part]
    if not isinstance(part, Mapping):
        return part
    found: dict[str, Any] = {}
    for word, value in part.items():
        if word in _NAMED and isinstance(value, Mapping):
            if word == "patternProperties" and any(is_risky(str(pattern)) for pattern in value):
                raise _Enough
            found[word] = {str(name): _plain(inner, depth + 1) for name, inner in value.items()}
        elif word == "type":
            found |= _type(value, nullable=part.get("nullable") is True)
        elif word == "required" and not isinstance(value, list):
            continue
        elif word in ("enum", "const", "default", "examples", "example"):
            found[word] = value
        else:
            found[word] = _plain(value, depth + 1)
    return found


def _type(said: Any, *, nullable: bool) -> dict[str, Any]:
    words = said if isinstance(said, list) else [said]
    known = [KINDS.get(word.lower(), word) if word != "null" else word for word in words if isinstance(word, str)]
    if not known or any(word not in STANDARD_KINDS and word != "null" for word in known):
        return {}
    known = list(dict.fromkeys([*known, "null"] if nullable else known))
    return {"type": known[0] if len(known) == 1 else known}
