"""Allowed values, defaults and examples: kept exactly as listed, since a server compares them so."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ..fields import UNSET, Choice
from .bounds import number
from .kinds import convert, fits, same, unique_key
from .ratios import ratio_of, size_of

if TYPE_CHECKING:
    from ..fields import Field, Kind, Pointer
    from .document import Document, Schema

__all__ = ["choices", "default_of", "examples_of", "is_demo", "listed_values", "text", "without_demo"]

_PROMPTS = re.compile(r"(?:^|_)(?:prompt|lyrics|text|script|caption|description|instructions?)$", re.IGNORECASE)
_SENTENCE = 16  # letters; shorter text may well be a setting, and some scripts write no blanks
_LINK = re.compile(r"https?://|data:", re.IGNORECASE)


def text(value: object) -> str:
    """A text, or the empty one for anything else."""
    return value if isinstance(value, str) else ""


def listed_values(part: Schema) -> list[object] | None:
    """The values a schema allows, each once and null included; None where it allows any."""
    enum = part.get("enum")
    if "const" in part:
        found = [part["const"]]
        if isinstance(enum, list):
            found = [value for value in found if any(same(value, one) for one in enum)]
        return found
    if not isinstance(enum, list):
        return None
    return list({unique_key(value): value for value in reversed(enum)}.values())[::-1]


def choices(part: Schema, listed: list[object], hint: Schema) -> tuple[Choice, ...]:
    """What a person chooses from: every allowed value but null, with its name and what its label tells."""
    names = _names(part, listed)
    sizes = hint.get("sizes", {})
    return tuple(_choice(value, names[at], sizes) for at, value in enumerate(listed) if value is not None)


def _choice(value: object, name: str, sizes: Mapping[str, Any]) -> Choice:
    if not isinstance(value, str):
        return Choice(value, name or json.dumps(value, ensure_ascii=False, default=str))
    size = sizes.get(value)
    return Choice(value, name or value, (size[0], size[1]) if size else size_of(value), ratio_of(value))


def _names(part: Schema, listed: list[object]) -> list[str]:
    """Names beside the values: `enumNames` (one for each), Apidog's list of value and name, the titles of constants."""
    names = part.get("enumNames")
    if isinstance(names, list) and len(names) == len(listed):
        return [text(name) for name in names]
    named = part.get("x-apidog-enum")
    if isinstance(named, list):
        pairs = {str(one.get("value")): text(one.get("name")) for one in named if isinstance(one, Mapping)}
        return [pairs.get(str(value), "") for value in listed]
    return [""] * len(listed)


def default_of(
    document: Document, part: Schema, types: tuple[str, ...], kind: Kind, listed: list[object] | None, pointer: Pointer, *,
    nullable: bool,
) -> object:
    """The default, in the right type where nothing is lost; UNSET where there is none to use.

    One that differs from a listed value only in its type is taken as listed.
    """
    if "default" not in part:
        return UNSET
    said = part["default"]
    if said is None:
        if not nullable:
            document.note(pointer, "default_null", None, "no default")
        return None if nullable else UNSET
    if listed:
        alike = [value for value in listed if same(value, said)] or [value for value in listed if str(value) == str(said)]
        found = alike[0] if alike else said
    elif any(fits(one, said) for one in types or (kind,)):
        found = said
    else:
        found = _in_bounds(part, convert(said, kind))
    if found is UNSET or not same(found, said):
        document.note(pointer, "default_type", said, None if found is UNSET else found)
    return found


def _in_bounds(part: Schema, value: object) -> object:
    """A converted value where it lands within the plain bounds, else UNSET."""
    low, high = number(part.get("minimum")), number(part.get("maximum"))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return UNSET if (low is not None and value < low) or (high is not None and value > high) else value
    return value


def examples_of(part: Schema) -> tuple[object, ...]:
    """The examples of a schema: `examples` as a list or as OpenAPI's map of names, `example` as one."""
    several = part.get("examples")
    if isinstance(several, Mapping):
        several = [one["value"] for one in several.values() if isinstance(one, Mapping) and "value" in one]
    found = list(several) if isinstance(several, list) else []
    if "example" in part and not any(same(part["example"], one) for one in found):
        found.append(part["example"])
    return tuple(one for one in found if one is not None and one not in ("", [""]))


def is_demo(field: Field, shown: object = UNSET) -> bool:
    """Whether a default is only the page's own demonstration, which nobody should pay for by pressing Run.

    A link in an input that takes a file, a sentence in an input for words, a list of nothing; a sentence or link in any
    input that is required, or that the page's own request (`shown`) repeats. What a prompt should avoid is a real
    default: servers do use it. An empty text is none either: where it is required, it counts as missing.
    """
    said = field.default if isinstance(field.default, list) else [field.default]
    words = [word for word in said if isinstance(word, str)]
    if field.choices or not words or len(words) < len(said):
        return False
    if not any(word.strip() for word in words):
        return field.kind == "array"
    name, media = field.name.strip(), field.media or (field.items.media if field.items else None)
    evident = field.required or same(shown, field.default)
    if all(_LINK.match(word.strip()) for word in words):
        return evident or media is not None or field.format == "uri" or _PROMPTS.search(name) is not None
    asked = _PROMPTS.search(name) is not None and "negative" not in name.lower()
    return (evident or (asked and field.kind == "string")) and all(_is_sentence(word) for word in words)


def without_demo(field: Field) -> Field:
    """The field with its default as an example instead, where that shows anything."""
    shows = field.default not in ("", [], [""])
    return replace(field, default=UNSET, examples=(field.default, *field.examples) if shows else field.examples)


def _is_sentence(word: str) -> bool:
    """Several words, or a script that writes no blanks."""
    return len(word) >= _SENTENCE and (" " in word.strip() or not word.isascii())
