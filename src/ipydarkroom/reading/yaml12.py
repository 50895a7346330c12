"""YAML 1.2 as plain values, from a text nobody vouches for.

In YAML 1.1 the language code `no` is false and the ratio `21:9` a number of seconds; OpenAPI 3 asks for YAML 1.2, so the
core schema of YAML 1.2.2 (section 10.3.2) is applied here. ruamel.yaml finds the structure, and values are made from its
events without recursion: tags are refused, dates stay words, and what aliases unfold to is counted before it is used.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from ..errors import InputError
from ..fields import Pointer, pointer_text
from ..schema import Note

__all__ = ["load_yaml"]

_MOST_CHARACTERS = 300_000  # the largest page of either provider has 40,000
_MOST_VALUES = 30_000  # with aliases unfolded; the largest page has 2,000
_DEEPEST = 80
_CORE_TAG = "tag:yaml.org,2002:"
_INTEGER = re.compile(r"[-+]?[0-9]{1,400}\Z")
_RADIX = re.compile(r"0o[0-7]{1,400}\Z|0x[0-9a-fA-F]{1,400}\Z")
_FLOAT = re.compile(r"[-+]?(\.[0-9]{1,400}|[0-9]{1,400}(\.[0-9]{0,400})?)([eE][-+]?[0-9]{1,4})?\Z")
_WORDS: dict[str, object] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}
_MISSING = object()


def load_yaml(text: str) -> tuple[object, tuple[Note, ...]]:
    """Read one YAML document.

    Args:
        text: The document. Keys of mappings become strings; anchored values are shared, not copied.

    Returns:
        The value, and a note for each key that a mapping has twice (the last one counts, as in JSON).

    Raises:
        InputError: ruamel.yaml is not installed (`error.needs_yaml`), or the text is no YAML, has a tag, or unfolds
            to more than 30,000 values (`error.yaml`).
    """
    if len(text) > _MOST_CHARACTERS:
        raise _broken(f"it has more than {_MOST_CHARACTERS} characters")
    try:
        from ruamel.yaml import YAML
        from ruamel.yaml.error import YAMLError
    except ImportError:
        raise InputError(
            "This page holds YAML, and the package that reads it is not installed.",
            next_step='Install it with: pip install "ipydarkroom[pages]"', key="error.needs_yaml",
        ) from None
    reader = _Reader()
    try:
        for event in _events(YAML(typ="safe", pure=True), text):
            reader.take(event)
    except YAMLError as problem:
        raise _broken(_where(problem)) from None
    except (ValueError, RecursionError) as problem:  # a scanner's own slip on odd characters
        raise _broken(type(problem).__name__) from None
    return reader.value, tuple(reader.notes)


def _events(yaml: Any, text: str) -> Iterator[Any]:  # Any: ruamel.yaml is imported when a page needs it
    yield from yaml.parse(text)


def _broken(why: str) -> InputError:
    return InputError(
        f"The YAML of this page cannot be read: {why}.",
        next_step="Copy the page again, with its indentation.", key="error.yaml", why=why,
    )


def _where(problem: Exception) -> str:
    mark, what = getattr(problem, "problem_mark", None), getattr(problem, "problem", None) or type(problem).__name__
    return f"{what}, line {mark.line + 1}" if mark is not None else str(what)


@dataclass(slots=True)
class _Open:
    """A mapping or list being filled."""

    value: dict[str, object] | list[object]
    anchor: str | None
    path: Pointer
    key: object = _MISSING
    count: int = 1


@dataclass(slots=True)
class _Reader:
    """Values from events, with a stack of our own instead of recursion."""

    value: object = None
    notes: list[Note] = field(default_factory=list)
    _stack: list[_Open] = field(default_factory=list)
    _anchors: dict[str, tuple[object, int]] = field(default_factory=dict)
    _documents: int = 0

    def take(self, event: Any) -> None:  # Any: an event of ruamel.yaml
        kind = type(event).__name__
        if kind == "DocumentStartEvent":
            self._documents += 1
            if self._documents > 1:
                raise _broken("it has more than one document")
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._refuse_tag(event, "map" if kind[0] == "M" else "seq")
            self._open({} if kind[0] == "M" else [], event.anchor)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._close()
        elif kind == "ScalarEvent":
            value = self._scalar(event)
            if event.anchor:
                self._anchors[event.anchor] = (value, 1)
            self._put(value, 1)
        elif kind == "AliasEvent":
            if event.anchor not in self._anchors:  # not known, or still open: a value inside itself
                raise _broken(f"the alias {event.anchor} names nothing")
            self._put(*self._anchors[event.anchor])

    def _open(self, value: dict[str, object] | list[object], anchor: str | None) -> None:
        if len(self._stack) >= _DEEPEST:
            raise _broken(f"it is more than {_DEEPEST} levels deep")
        top = self._stack[-1] if self._stack else None
        if top is not None and isinstance(top.value, dict) and top.key is _MISSING:
            raise _broken("a key is not a word")
        step = () if top is None else (str(top.key) if isinstance(top.value, dict) else len(top.value),)
        self._stack.append(_Open(value, anchor, (*(top.path if top else ()), *step)))

    def _close(self) -> None:
        done = self._stack.pop()
        if done.anchor:
            self._anchors[done.anchor] = (done.value, done.count)
        self._put(done.value, done.count)

    def _put(self, value: object, count: int) -> None:
        if not self._stack:
            self.value = value
            return
        top = self._stack[-1]
        top.count += count
        if sum(one.count for one in self._stack) > _MOST_VALUES:
            raise _broken(f"it unfolds to more than {_MOST_VALUES} values")
        if isinstance(top.value, list):
            top.value.append(value)
        elif top.key is _MISSING:
            top.key = self._key(value)
        else:
            name = str(top.key)
            if name in top.value:
                self.notes.append(Note(pointer_text((*top.path, name)), "key_twice", top.value[name], value))
            top.value[name], top.key = value, _MISSING

    @staticmethod
    def _key(value: object) -> str:
        """Keys are words in JSON: 200 is "200", true is "true"."""
        if isinstance(value, dict | list):
            raise _broken("a key is not a word")
        if value is None or isinstance(value, bool):
            return {None: "null", True: "true", False: "false"}[value]
        return str(value)

    def _scalar(self, event: Any) -> object:  # Any: an event of ruamel.yaml
        if event.style is None and event.implicit[0]:
            return _plain(event.value)
        if not event.implicit[1]:
            self._refuse_tag(event, "str")
        return event.value

    @staticmethod
    def _refuse_tag(event: Any, plain: str) -> None:  # Any: an event of ruamel.yaml
        if event.tag is not None and str(event.tag) not in ("!", _CORE_TAG + plain):
            raise _broken(f"it has a tag, {str(event.tag)[:60]}")


def _plain(word: str) -> object:
    """A word without quotes, by the core schema."""
    if word in _WORDS:
        return _WORDS[word]
    if _INTEGER.match(word):
        return int(word)
    if _RADIX.match(word):
        return int(word, 0)
    if _FLOAT.match(word):
        number = float(word)
        return number if abs(number) != float("inf") else word
    return word
