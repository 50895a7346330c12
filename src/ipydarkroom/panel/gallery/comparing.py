"""Two pictures beside each other, and a table of their inputs in which what differs stands out. Pure HTML."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...markup import Markup, css, join, tag
from ...redaction import masked_text
from ..labels import bytes_text
from ..model import same
from .facts import by_whom, chosen_seed, cost_of, titles, took, value_text

if TYPE_CHECKING:
    from ...models import Model
    from ...results import Picture
    from ..kit import Kit

__all__ = ["Row", "beside", "comparison_html", "rows_of"]

_MOST_WORDS = 400  # of a text whose words are compared one by one
_WORDS = re.compile(r"\s+|[^\W\u3040-\u30ff\u3400-\u9fff]+|\S")  # where words have no gaps between them, letter by letter
_ABSENT = object()


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the comparison: what an input (or a fact) is called, its value in both, and whether they differ."""

    name: str
    one: Markup | str
    other: Markup | str
    differs: bool
    is_input: bool = False


def beside(figures: Iterable[tuple[Markup, str, float]]) -> Markup:
    """Pictures beside each other, as high as each other: what is drawn, its caption, and its width over its height."""
    shapes = [(drawn, words, min(4.0, max(0.25, shape))) for drawn, words, shape in figures]
    columns = css(grid_template_columns=" ".join(f"minmax(0,{shape:.3f}fr)" for _, _, shape in shapes))
    return tag("div", *(tag("figure", drawn, tag("figcaption", words)) for drawn, words, _ in shapes), class_="dr-pair-of", style=columns)


def rows_of(one: Picture, other: Picture, model: Model, kit: Kit) -> list[Row]:
    """What both were made with, also the seeds that the server chose; then what they are and what they took.

    What differs comes first; among it and among the rest, the order of the first picture. The time is not marked: it is
    never the same twice.
    """
    say, picks = kit.say, [dict(filter(None, [chosen_seed(each.record, model)])) for each in (one, other)]
    first, second = ({**each.record.inputs, **pick} for each, pick in zip((one, other), picks, strict=True))
    rows = []
    for name in [*first, *(name for name in second if name not in first)]:
        left, right = first.get(name, _ABSENT), second.get(name, _ABSENT)
        differs = left is _ABSENT or right is _ABSENT or not same(left, right)
        said = _words(left, right) if differs and isinstance(left, str) and isinstance(right, str) else None
        shown = said or (_shown(left, kit, name in picks[0]), _shown(right, kit, name in picks[1]))
        rows.append(Row(titles(model, name, kit.language), *shown, differs, is_input=True))
    makers = _fact(say("panel.gallery.made_by"), by_whom(one.record, kit), by_whom(other.record, kit))
    rows += [
        _fact(say("panel.gallery.model"), one.record.model, other.record.model), *([makers] if makers.differs else []),
        _fact(say("panel.gallery.size"), _size(one), _size(other)),
        _fact(say("panel.gallery.cost"), cost_of(one.record, kit), cost_of(other.record, kit)),
        Row(say("panel.gallery.took"), took(one.record, kit), took(other.record, kit), differs=False),
    ]
    return sorted(rows, key=lambda row: not row.differs)


def comparison_html(pair: tuple[Picture, Picture], drawn: Iterable[Markup], rows: list[Row], kit: Kit) -> Markup:
    """The pictures above, the table below. What differs is marked by a sign and a word too, not by colour alone."""
    differs = kit.say("panel.gallery.differs")
    sign = tag("span", "≠", class_="dr-sign", role="img", aria_label=differs, title=differs)
    lines = [
        tag(
            "tr", tag("th", row.name, " " if row.differs else None, sign if row.differs else None, scope="row"), tag("td", row.one),
            tag("td", row.other), class_="dr-differs" if row.differs else None,
        )
        for row in rows
    ]
    same_words = None if any(row.differs and row.is_input for row in rows) else tag("p", kit.say("panel.gallery.same"), class_="dr-next")
    heads = (kit.say("panel.gallery.first"), kit.say("panel.gallery.second"))
    top = tag("tr", tag("td"), *(tag("th", head, scope="col") for head in heads))
    shapes = [each.width / each.height if each.height else 1.0 for each in pair]
    table = tag("table", tag("thead", top), tag("tbody", *lines))
    return tag("div", beside(zip(drawn, heads, shapes, strict=True)), same_words, table, class_="dr-comparison")


def _fact(name: str, one: str, other: str) -> Row:
    return Row(name, one, other, one != other)


def _shown(value: object, kit: Kit, chosen: bool) -> str:
    if value is _ABSENT:
        return kit.say("panel.not_set")
    return kit.say("panel.gallery.chosen", value=value_text(value)) if chosen else value_text(value)


def _size(picture: Picture) -> str:
    return f"{picture.width} × {picture.height}" if picture.width else bytes_text(picture.kept.size)


def _words(one: str, other: str) -> tuple[Markup, Markup] | None:
    """Both texts with the words marked that the other one has not; None where they are too long to compare word by word."""
    left, right = (_WORDS.findall(masked_text(text)) for text in (one, other))
    if max(len(left), len(right)) > _MOST_WORDS:
        return None
    marked: tuple[list[str], list[str]] = ([], [])
    for kind, a, b, c, d in difflib.SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        for words, side in (("".join(left[a:b]), marked[0]), ("".join(right[c:d]), marked[1])):
            if words:
                side.append(words if kind == "equal" or not words.strip() else tag("mark", words))
    return join(marked[0]), join(marked[1])
