"""Which inputs take a file, and what files: told by the catalog's hint, else by the schema, its format or a name.

Pure words; no file is opened.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..fields import Measure, Media
from .bounds import number

if TYPE_CHECKING:
    from ..fields import Pointer
    from .document import Document, Schema
    from .kinds import Kind

__all__ = ["media_of_field"]

Medium: TypeAlias = Literal["image", "video", "audio"]

_WORDS: Mapping[str, Medium] = {
    **dict.fromkeys(("image", "img", "picture", "photo", "mask", "frame"), "image"), "video": "video", "audio": "audio",
}
_ANY_WORD = "|".join(_WORDS)
_ENDING = re.compile(rf"(?:^|[^a-z])({_ANY_WORD})s?(?:[^a-z]?(?:uri|url|link|file|path|input)s?)?[^a-z]*$")
_MENTIONED = re.compile(rf"(?:^|[^a-z])({_ANY_WORD})s?(?![a-z])")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_LINKS = ("uri", "url", "iri", "uri-reference")


_UNITS = {"kb": 10**3, "mb": 10**6, "gb": 10**9}
_SIZE_RULE = re.compile(r"file_size_(kb|mb|gb)\s*(<=?)")
_MEASURES: Mapping[str, Literal["width", "height", "ratio", "seconds"]] = {
    "width_pixels": "width", "height_pixels": "height", "width": "width", "height": "height", "width/height": "ratio",
    "aspect_ratio": "ratio", "duration_seconds": "seconds", "duration": "seconds",
}  # fmt: skip
_RULE = re.compile(r"([a-z_/]+)\s*(<=?|>=?)")


def media_of_field(document: Document, name: str, part: Schema, hint: Schema, kind: Kind, pointer: Pointer) -> Media | None:
    """What file this input takes, or None for an input that takes none.

    A format that names a medium (`image_uri`), or a name that ends in one (`input_image`, `maskUrl`), is enough; so is
    what a producer says about its own form (fal's `ui.field`, Cog's `x-cog-accept`). A plain link (`format: uri`) counts
    when its title or description speaks of a medium: of 5,000 public inputs with that format, nearly all take a
    picture, but a callback address is one too.
    """
    said = hint.get("media")
    if isinstance(said, Mapping):
        limits = (said.get("max_bytes"), said.get("advised_bytes"), tuple(said.get("mimes", ())))
        return Media(said["kind"], *limits, measures=tuple(said.get("measures", ())))
    if kind != "string" or "enum" in part or "const" in part:
        return None
    medium = _medium(name, part)
    mimes = _mimes(part)
    if medium is None and mimes:
        medium = next((found for mime in mimes if (found := _WORDS.get(mime.partition("/")[0]))), "file")
    if medium is None:
        return None
    document.note(pointer, "media", part.get("format") or name, medium)
    return _limited(document, Media(medium, mimes=tuple(mime for mime in mimes if not mime.endswith("*"))), part, pointer)


def _medium(name: str, part: Schema) -> Literal["image", "video", "audio", "file"] | None:
    ui = part.get("ui")
    wish = ui.get("field") if isinstance(ui, Mapping) else None
    if isinstance(wish, str) and (wish == "file" or wish in _WORDS):
        return "file" if wish == "file" else _WORDS[wish]
    form = str(part.get("format") or "").lower()
    named = (str(part.get(key) or "").lower() for key in ("type", "format", "contentMediaType"))
    medium = next((found for words in named if (found := _search(_MENTIONED, words.replace("_", " ")))), None)
    if medium is None and part.get("type") == "file":
        return "file"
    if medium is None and (not form or form in _LINKS):
        medium = _search(_ENDING, _HUMP.sub("_", name.strip()).lower())
    if medium is None and form in _LINKS:
        medium = _search(_MENTIONED, f"{part.get('title')} {part.get('description')}".lower())
    return medium


def _mimes(part: Schema) -> list[str]:
    """What Cog lets a file dialog offer; extensions (`.zip`) are left to the server."""
    said = part.get("x-cog-accept")
    listed = said.split(",") if isinstance(said, str) else said if isinstance(said, list) else []
    return [one.strip().lower() for one in listed if isinstance(one, str) and "/" in one]


def _limited(document: Document, media: Media, part: Schema, pointer: Pointer) -> Media:
    """Limits of a file from a list of `validation_rule` and `validation_value`, as RunComfy's catalog writes them.

    A size in MB counts as 10^6 bytes. A rule whose words are not known stays a word.
    """
    rules = part.get("validations")
    for rule in rules if isinstance(rules, list) else ():
        words = rule.get("validation_rule", rule.get("rule")) if isinstance(rule, Mapping) else None
        value = number(rule.get("validation_value", rule.get("value"))) if isinstance(rule, Mapping) else None
        if not isinstance(words, str) or value is None:
            document.note(pointer, "keyword_unknown", rule, None)
        elif size := _SIZE_RULE.fullmatch(words.strip().lower()):
            media = replace(media, max_bytes=int(value * _UNITS[size[1]]))
            document.note(pointer, "file_limits", words, media.max_bytes)
        elif (found := _RULE.fullmatch(words.strip().lower())) and found[1] in _MEASURES:
            measure = _measure(_MEASURES[found[1]], found[2], value)
            media = replace(media, measures=(*media.measures, measure))
            document.note(pointer, "file_limits", words, measure)
        else:
            document.note(pointer, "keyword_unknown", words, None)
    return media


def _measure(of: Literal["width", "height", "ratio", "seconds"], sign: str, value: float) -> Measure:
    """Pixels are whole, so `width_pixels>` 300 is 301 at least; of a ratio or a time, the limit itself may pass."""
    step = 1 if of in ("width", "height") and not sign.endswith("=") else 0
    return Measure(of, least=value + step) if sign.startswith(">") else Measure(of, most=value - step)


def _search(pattern: re.Pattern[str], words: str) -> Medium | None:
    found = pattern.search(words)
    return _WORDS[found[1]] if found else None
