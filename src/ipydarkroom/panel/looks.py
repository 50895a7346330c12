"""The style sheet in theme.css, made small: what every panel wears, and parts that come with the widgets that need them.

A part begins with a comment at the start of a line. `/* [dr-slide dr-slider] ... */` is worn once a widget with one of these
classes is made, `/* ... */` always. Shorter spelling loses nothing: blanks, comments and leading zeros go, and neighbours
that all begin with `.dr-panel ` are written once inside of it (CSS nesting: Chromium 120, Firefox 117, Safari 17.2; the
sheet's `:has()` asks for no less).

Several panels in one page wear different parts, and styles are the whole page's: another panel's first part may come after
this one's last. So inside of a part `.dr-panel` counts twice, and parts win over what is always worn in any order; in a sheet
beside theme.css it counts three times. tests/browser/test_looks_in_lab.py shows that no order changes anything.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from ..markup import Markup, tag

__all__ = ["Part", "always", "parts", "parts_of", "short", "sheet", "theme"]

_PANEL = ".dr-panel"
_PART = re.compile(r"^/\* ?(?:\[([\w -]+)\])?.*?\*/", re.MULTILINE | re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{((?:[^{}]|\{[^{}]*\})*)\}")
_COMMENTS = re.compile(r"/\*.*?\*/", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Part:
    """Some rules, and the classes of the widgets that need them; no class: all do."""

    classes: frozenset[str]
    rules: str


@cache
def parts(name: str = "theme") -> tuple[Part, ...]:
    """All of a sheet, in its order, in short spelling."""
    whole = (pkgutil.get_data(__package__, f"{name}.css") or b"").decode()
    heads = list(_PART.finditer(whole))
    ends = [head.start() for head in heads[1:]] + [len(whole)]
    found = []
    for head, end in zip(heads, ends, strict=True):
        weight = 3 if name != "theme" else 2 if head[1] else 1
        found.append(Part(frozenset((head[1] or "").split()), short(whole[head.end() : end], weight)))
    return tuple(found)


@cache
def parts_of(name: str) -> frozenset[Part]:
    """The parts that come with a class."""
    return frozenset(part for part in parts() if name in part.classes)


@cache
def always() -> frozenset[Part]:
    """The parts that every panel wears."""
    return frozenset(part for part in parts() if not part.classes)


def sheet(worn: Iterable[Part]) -> Markup:
    """These parts as an element, in the order of the sheet."""
    chosen = frozenset(worn)
    return tag("style", Markup("".join(part.rules for part in parts() if part in chosen)))


@cache
def theme(name: str = "theme") -> Markup:
    """A whole sheet as an element: `theme` is looks and colours of every panel, light and dark."""
    return tag("style", Markup("".join(part.rules for part in parts(name))))


def short(rules: str, weight: int = 1) -> str:
    """The same rules in fewer letters; how often `.dr-panel` at their beginning counts is their weight."""
    found = [(_selector(rule[1]), _body(rule[2])) for rule in _RULE.finditer(_COMMENTS.sub("", rules))]
    grouped = groupby(found, key=lambda rule: _is_inside(rule[0]))
    return "".join(_nested(_PANEL * weight, list(group)) if inside else _written(_weighed(group, weight)) for inside, group in grouped)


def _is_inside(selector: str) -> bool:
    return not selector.startswith("@") and all(each.startswith(f"{_PANEL} ") for each in _listed(selector))


def _nested(panel: str, rules: list[tuple[str, str]]) -> str:
    """Rules that all begin with the panel: the word once, or once for all."""
    inner = [([each.removeprefix(f"{_PANEL} ") for each in _listed(selector)], body) for selector, body in rules]
    if len(rules) == 1:
        return _written([(",".join(f"{panel} {each}" for each in inner[0][0]), inner[0][1])])
    return f"{panel}{{{_written((','.join(listed), body) for listed, body in inner)}}}"


def _weighed(rules: Iterable[tuple[str, str]], weight: int) -> Iterator[tuple[str, str]]:
    for selector, body in rules:
        listed = _listed(selector) if _PANEL in selector and not selector.startswith("@") else [selector]
        yield ",".join(_PANEL * (weight - 1) + each if re.match(r"\.dr-panel\b(?!-)", each) else each for each in listed), body


def _written(rules: Iterable[tuple[str, str]]) -> str:
    return "".join(f"{selector}{{{body}}}" for selector, body in rules)


def _listed(selector: str) -> list[str]:
    """The selectors of a list; commas inside of brackets part nothing."""
    found, depth = [""], 0
    for letter in selector:
        depth += {"(": 1, ")": -1}.get(letter, 0)
        if letter == "," and not depth:
            found.append("")
        else:
            found[-1] += letter
    return found


def _selector(text: str) -> str:
    return re.sub(r"\s*([>~,]|(?<!\w)\+)\s*", r"\1", " ".join(text.split()))


def _body(text: str) -> str:
    """Declarations, or the rules inside of an at-rule."""
    bare = re.sub(r"\s*([{};:,])\s*", r"\1", " ".join(text.split())) if "{" not in text else _inner(text)
    return re.sub(r"(?<![\w.])0(\.\d)", r"\1", bare).strip(" ;")


def _inner(text: str) -> str:
    return _written((_selector(rule[1]), _body(rule[2])) for rule in _RULE.finditer(text))
