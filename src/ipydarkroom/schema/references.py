"""Where a reference points to, inside one document: by JSON Pointer, by anchor, or by an `$id` that stands in it.

Nothing is fetched, opened or imported: what the document does not hold is nowhere.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final
from urllib.parse import unquote, urldefrag, urljoin

__all__ = ["NOWHERE", "References", "parts_of"]

NOWHERE: Final = object()

_ONE = ("items", "additionalItems", "additionalProperties", "unevaluatedItems", "unevaluatedProperties", "contains", "propertyNames",
        "not", "if", "then", "else", "contentSchema")  # fmt: skip
_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems", "items")
_MAPS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas", "dependencies")
_MOST_PARTS = 100_000


def parts_of(part: Mapping[str, object]) -> Iterator[tuple[tuple[str | int, ...], object]]:
    """The schemas directly inside a schema, each with the way to it."""
    for word in _ONE:
        if isinstance(part.get(word), Mapping | bool):
            yield (word,), part[word]
    for word in _LISTS:
        if isinstance(inner := part.get(word), list):
            yield from (((word, at), one) for at, one in enumerate(inner))
    for word in _MAPS:
        if isinstance(inner := part.get(word), Mapping):
            yield from (((word, str(name)), one) for name, one in inner.items() if not isinstance(one, list))
    components = part.get("components")
    if isinstance(components, Mapping) and isinstance(schemas := components.get("schemas"), Mapping):
        yield from ((("components", "schemas", str(name)), one) for name, one in schemas.items())


class References:
    """The places of one document that a reference may name."""

    def __init__(self, root: object) -> None:
        self._root = root
        self._bases: dict[int, str] | None = None  # by identity: the document outlives this
        self._named: dict[str, object] = {}
        self._base = ""

    def find(self, reference: str, at: Mapping[str, object]) -> object:
        """The part a reference names, or NOWHERE. `at` is the part of the document the reference stands in."""
        if self._bases is None:
            self._bases = self._scan()
        base = self._bases.get(id(at), self._base)
        try:
            uri, fragment = urldefrag(base + reference if reference.startswith("#") else urljoin(base, reference))
        except ValueError:
            return NOWHERE
        resource = self._named.get(uri, self._root if uri == self._base else NOWHERE)
        if not fragment or resource is NOWHERE:
            return resource
        if fragment.startswith("/"):
            return _walk(resource, fragment)
        return self._named.get(f"{uri}#{unquote(fragment)}", NOWHERE)

    def _scan(self) -> dict[int, str]:
        """The base address of every part, and all the names there are."""
        bases: dict[int, str] = {}
        todo: list[tuple[object, str]] = [(self._root, "")]
        while todo and len(bases) < _MOST_PARTS:
            part, base = todo.pop()
            if not isinstance(part, Mapping) or id(part) in bases:
                continue
            base = self._take_names(part, base)
            if part is self._root:
                self._base = base
            bases[id(part)] = base
            todo += [(inner, base) for _, inner in parts_of(part)]
        return bases

    def _take_names(self, part: Mapping[str, object], base: str) -> str:
        name = part.get("$id")
        if isinstance(name, str) and name.startswith("#"):  # draft 6 and 7 wrote anchors so
            self._named.setdefault(base + name, part)
        elif isinstance(name, str):
            try:
                base = urldefrag(urljoin(base, name)).url
            except ValueError:
                return base
            self._named.setdefault(base, part)
        for word in ("$anchor", "$dynamicAnchor"):
            if isinstance(anchor := part.get(word), str):
                self._named.setdefault(f"{base}#{anchor}", part)
        return base


def _walk(place: object, pointer: str) -> object:
    """A place by JSON Pointer in a URI fragment (RFC 6901, section 6)."""
    for step in pointer.split("/")[1:]:
        key = unquote(step).replace("~1", "/").replace("~0", "~")
        if isinstance(place, Mapping):
            place = place.get(key, NOWHERE)
        elif isinstance(place, list) and key.isascii() and key.isdecimal() and len(key) < 10 and int(key) < len(place):
            place = place[int(key)]
        else:
            return NOWHERE
    return place
