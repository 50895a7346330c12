"""Which inputs take a file: told by the catalog's hint, else by type, format or name. Pure words; no file is opened."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..fields import Media

if TYPE_CHECKING:
    from .document import Schema
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


def media_of_field(name: str, part: Schema, hint: Schema, kind: Kind) -> Media | None:
    """What file this input takes, or None for an input that takes none.

    A format that names a medium (`image_uri`), or a name that ends in one (`input_image`, `maskUrl`), is enough. A
    plain link (`format: uri`) counts when its title or description speaks of a medium: of 5,000 public inputs with
    that format, nearly all take a picture, but a callback address is one too.
    """
    said = hint.get("media")
    if isinstance(said, Mapping):
        return Media(said["kind"], said.get("max_bytes"), said.get("advised_bytes"), tuple(said.get("mimes", ())))
    if kind != "string" or "enum" in part or "const" in part:
        return None
    form = str(part.get("format") or "").lower()
    named = (str(part.get(key) or "").lower() for key in ("type", "format", "contentMediaType"))
    medium = next((found for words in named if (found := _search(_MENTIONED, words.replace("_", " ")))), None)
    if medium is None and (not form or form in _LINKS):
        medium = _search(_ENDING, _HUMP.sub("_", name).lower())
    if medium is None and form in _LINKS:
        medium = _search(_MENTIONED, f"{part.get('title')} {part.get('description')}".lower())
    return None if medium is None else Media(medium)


def _search(pattern: re.Pattern[str], words: str) -> Medium | None:
    found = pattern.search(words)
    return _WORDS[found[1]] if found else None
