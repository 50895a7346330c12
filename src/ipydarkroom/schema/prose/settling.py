"""What prose says, brought into the tree: certain limits on the fields, certain conditions as rules, the rest as hints.

Every change leaves a note whose rule begins with `prose_`: what the page said, and what became of it. The schema's own
word wins, and so does a catalog entry's, as it stands in the field already.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ...fields import UNSET, Field, Hint, Media, Rule
from ..presence import given, holds
from .limits import Remark
from . import read_prose

if TYPE_CHECKING:
    from ..document import Document

__all__ = ["settled"]

_MOST_LETTERS = 30_000  # of all descriptions of one form: the longest real one has a third of it, and spite ends there
_DEEPEST = 4
_SIMPLE = ("min_items", "max_items", "min_length", "max_length", "minimum", "maximum", "step", "advised_words")
_CONDITIONS = ("only_when", "not_with", "needs")


def settled(document: Document, root: Field, sample: Mapping[str, object]) -> tuple[Field, tuple[Rule, ...]]:
    """The root with what its fields' descriptions say, and the rules between them.

    `sample` holds the inputs of the page's own request: a limit or a condition that it does not keep itself is none.
    """
    return _Settling(document).form(root, [sample], top=True)


class _Settling:
    """One document while its prose is read."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._left = _MOST_LETTERS

    def form(self, root: Field, samples: list[Mapping[str, object]], *, top: bool = False) -> tuple[Field, tuple[Rule, ...]]:
        """The children of one object, which may depend on one another. `samples` are the page's own such objects."""
        parts = {child.name: _part(child) for child in root.children}
        children: list[Field] = []
        rules: list[Rule] = []
        for child in root.children:
            remarks = list(self._remarks(child, parts))
            found = [rule for rule in _rules(child, remarks, root) if _kept(rule, root, samples[0])] if top else []
            rules += [rule for rule in found if not _known(rule, rules)]
            for rule in found:
                self._document.note(child.pointer, f"prose_{rule.kind}", _said(rule, remarks), _spelt(rule))
            hints = [remark for remark in remarks if not any(_said(rule, [remark]) for rule in found)]
            own = [sample[child.name] for sample in samples if child.name in sample]
            children.append(self._below(self._limited(child, hints, own), own))
        return (replace(root, children=tuple(children)) if children else root), tuple(rules)

    def _remarks(self, child: Field, parts: dict[str, dict[str, Any]]) -> Iterator[Remark]:
        length = len(child.title) + len(child.help)
        if not length or self._left < length:
            return
        self._left -= length
        media = child.media or (child.items.media if child.items else None)
        yield from read_prose(child.name, parts[child.name], parts, media.kind if media else None)

    def _below(self, child: Field, own: list[object]) -> Field:
        """Objects inside of it, and those a list holds. What opens one level at a time is left alone."""
        if len(child.pointer) > _DEEPEST or child.opens is not None:
            return child
        if child.items is not None and child.items.children and child.items.opens is None:
            listed = [item for value in own if isinstance(value, list) for item in value]
            return replace(child, items=self.form(child.items, _objects(listed))[0])
        return self.form(child, _objects(own))[0] if child.children else child

    def _limited(self, child: Field, remarks: Iterable[Remark], own: list[object]) -> Field:
        """The field with its certain limits; what has no place in it becomes a hint."""
        hints = []
        for remark in remarks:
            certain = remark.certain and not any(_breaks(value, remark) for value in own)
            changed = _with(child, remark) if certain else child
            if changed is child and not (certain and _is_there(child, remark)):
                hints.append(_hint(remark))
            elif changed is not child:
                self._document.note(child.pointer, f"prose_{remark.code}", remark.said, next(iter(remark.params.values())))
                child = changed
        return replace(child, hints=tuple(_joined(hints))) if hints else child


def _objects(values: Iterable[object]) -> list[Mapping[str, object]]:
    return [value for value in values if isinstance(value, Mapping)]


def _breaks(value: object, remark: Remark) -> bool:
    """Whether a value of the page's own request is beyond a limit that its words set."""
    limit = remark.params.get("limit")
    if not isinstance(limit, int | float) or isinstance(value, bool):
        return False
    size = value if isinstance(value, int | float) else len(value) if isinstance(value, str | list) else None
    if size is None or remark.code not in _ENDS.get(type(value), ()):
        return False
    return size < limit if remark.code.startswith("min") else size > limit


_NUMBER_ENDS = ("minimum", "maximum")
_ENDS: Mapping[type, tuple[str, ...]] = {
    int: _NUMBER_ENDS, float: _NUMBER_ENDS, str: ("min_length", "max_length"), list: ("min_items", "max_items"),
}


def _part(field: Field) -> dict[str, Any]:
    """A field as the property it came from, as far as prose is concerned."""
    part: dict[str, Any] = {"type": field.kind, "title": field.title, "description": field.help}
    if field.choices:
        part["enum"] = [choice.value for choice in field.choices]
    if field.default is not UNSET:
        part["default"] = field.default
    limits = {
        "minItems": field.min_items, "maxItems": field.max_items, "minLength": field.min_length, "maxLength": field.max_length,
        "minimum": field.minimum, "maximum": field.maximum, "exclusiveMinimum": field.exclusive_minimum,
        "exclusiveMaximum": field.exclusive_maximum, "multipleOf": field.multiple_of,
    }
    return part | {key: value for key, value in limits.items() if value is not None}


def _with(field: Field, remark: Remark) -> Field:
    """The field with a certain limit, or the same field where it has one already."""
    if remark.code in _SIMPLE:
        change: dict[str, Any] = {remark.code: remark.params["limit"]}
        return replace(field, **change) if getattr(field, remark.code) is None else field
    if field.items is not None and field.items.media is not None:
        media = _with_media(field.items.media, remark)
        return field if media is field.items.media else replace(field, items=replace(field.items, media=media))
    if field.media is not None:
        media = _with_media(field.media, remark)
        return field if media is field.media else replace(field, media=media)
    return field


def _is_there(field: Field, remark: Remark) -> bool:
    """Whether the field has just this limit already, from the schema or from a catalog's entry."""
    media = field.media or (field.items.media if field.items else None)
    value = next(iter(remark.params.values()), None)
    return any(getattr(holder, remark.code, None) == value for holder in (field, media))


def _with_media(media: Media, remark: Remark) -> Media:
    if remark.code in ("max_bytes", "advised_bytes") and getattr(media, remark.code) is None:
        change: dict[str, Any] = {remark.code: remark.params["limit"]}
        return replace(media, **change)
    if remark.code == "mimes" and not media.mimes:
        return replace(media, mimes=remark.params["mimes"])  # type: ignore[arg-type]  # a tuple of words
    return media


def _rules(child: Field, remarks: Iterable[Remark], root: Field) -> Iterator[Rule]:
    """The certain conditions.

    A switch without a default may be off or on while nobody touches it: there, no rule. Nor where the schema requires the
    field: its server may refuse an order without it, whatever the page says.
    """
    for remark in remarks:
        if not remark.certain or remark.code not in _CONDITIONS or (remark.code == "only_when" and child.required):
            continue
        other = next(field for field in root.children if field.name == remark.params["other"])
        value = remark.params.get("value", UNSET)
        if value is False and other.default is UNSET:
            continue
        yield Rule(remark.code, child.name, other.name, value)  # type: ignore[arg-type]  # one of the kinds above


def _kept(rule: Rule, root: Field, sample: Mapping[str, object]) -> bool:
    """Whether the page's own request keeps to the rule, or says nothing about it."""
    if rule.field not in sample:
        return True
    if rule.kind == "only_when":
        return holds(rule, {**{child.name: child.default for child in root.children}, **sample})
    both = given(sample, rule.field) and given(sample, rule.other)
    return not both if rule.kind == "not_with" else both or not given(sample, rule.field)


def _known(rule: Rule, rules: Iterable[Rule]) -> bool:
    """Two fields that exclude each other say so twice."""
    return any(
        each == rule or (each.kind == rule.kind == "not_with" and {each.field, each.other} == {rule.field, rule.other}) for each in rules
    )


def _said(rule: Rule, remarks: Iterable[Remark]) -> str:
    """The sentence a rule is from; empty where none of these is it."""
    for remark in remarks:
        if remark.certain and (remark.code, remark.params.get("other")) == (rule.kind, rule.other):
            return remark.said
    return ""


def _spelt(rule: Rule) -> str:
    return rule.other if rule.value is UNSET else f"{rule.other} = {rule.value!r}"


def _hint(remark: Remark) -> Hint:
    if remark.code == "only_when":  # a condition that made no rule is shown in the page's words
        return Hint("condition", {"text": remark.said}, remark.said)
    return Hint(remark.code, remark.params, remark.said)


def _joined(hints: list[Hint]) -> Iterator[Hint]:
    """A least and a most from one sentence are one range; the same is said once."""
    done: list[Hint] = []
    for hint in hints:
        other = next((each for each in hints if each.code == "maximum" and each.said == hint.said), None)
        if hint.code == "minimum" and other is not None:
            hint = Hint("range", {"low": hint.params["limit"], "high": other.params["limit"]}, hint.said)
        elif hint.code == "maximum" and any(each.code == "range" and each.said == hint.said for each in done):
            continue
        if hint not in done:
            done.append(hint)
            yield hint
