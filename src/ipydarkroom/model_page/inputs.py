"""The table of a model's inputs: one row each, with type, required mark, default, range, choices, help and rules."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from ..display import cut, short
from ..fields import UNSET
from ..languages import first, say
from ..wording import choice_text, help_text, hint_texts, humanised, range_text, title_text
from .parts import Cell, Code, Folded, Line, Quiet, Strong, Table

if TYPE_CHECKING:
    from ..fields import Choice, Field, Rule
    from ..models import Model

__all__ = ["input_table"]

_CHOICES_SHOWN = 5
_TICKED = re.compile(r"`([^`]{1,80})`")
_HELP_LETTERS = 600


def input_table(model: Model, language: str) -> Table:
    """Three columns, so that it reads well in a narrow cell: the name with its marks, what it accepts, what it is."""
    heads = tuple(say(f"model_page.{head}", language=language) for head in ("input", "values", "help"))
    return Table(heads, tuple((_name(field, language), _values(model, field, language), _help(model, field, language)) for field in model.fields))


def _name(field: Field, language: str) -> Cell:
    required = (Strong(say("model_page.required", language=language)),) if field.required else ()
    return ((Code(field.name or '""'),), *((required,) if required else ()))


def _values(model: Model, field: Field, language: str) -> Cell:
    """Type and range, then the choices, then the default."""
    limits = "; ".join(_limits(field, language))
    kind = _kind(field, language)
    lines: list[Line] = [(f"{kind}; {limits}" if limits else kind,)]
    if field.choices:
        lines = [(kind,), *_choices(model, field, language)]
    if field.default is not UNSET:
        lines.append((say("model_page.default", language=language) + " ", Code(short(field.default) or '""')))
    return tuple(lines)


def _kind(field: Field, language: str) -> str:
    """A list says what it holds."""
    if field.media is not None:
        return say(f"kind.{field.media.kind}", language=language)
    if field.kind == "array" and field.items is not None:
        return say("kind.array_of", language=language, kind=_kind(field.items, language))
    return first(f"kind.{field.kind}", language=language, default=field.kind)


def _limits(field: Field, language: str) -> Iterator[str]:
    if bounds := range_text(field, language):
        yield bounds
    if field.multiple_of:
        yield say("model_page.step_of", language=language, step=f"{field.multiple_of:.10g}")
    for low, high, what in ((field.min_items, field.max_items, "items"), (field.min_length, field.max_length, "letters")):
        if low and high is not None:
            yield say(f"model_page.{what}_range", language=language, low=low, high=high)
        elif high is not None:
            yield say(f"model_page.{what}_most", language=language, high=high)
        elif low:
            yield say(f"model_page.{what}_least", language=language, low=low)


def _choices(model: Model, field: Field, language: str) -> Iterator[Line]:
    if len(field.choices) <= _CHOICES_SHOWN:
        lines = [_choice(model, field, choice, language) for choice in field.choices]
        bare = all(len(line) == 1 for line in lines)
        yield from [tuple(piece for line in lines for piece in (*line, " "))[:-1]] if bare else lines
        return
    summary = say("model_page.choices", language=language, count=len(field.choices))
    yield (Folded(summary, tuple(short(choice.value) for choice in field.choices)),)


def _choice(model: Model, field: Field, choice: Choice, language: str) -> Line:
    """The value as it is sent, and what it is called where that says more."""
    value, called = short(choice.value), choice_text(model, field, choice, language)
    said = called.removesuffix(f"({value})").removesuffix(f"（{value}）").strip()
    return (Code(value), Quiet(f" {said}")) if said.casefold() not in (value.casefold(), "") else (Code(value),)


def _help(model: Model, field: Field, language: str) -> Cell:
    title, help_ = title_text(model, field, language), help_text(model, field, language)
    lines: list[Line] = []
    if title.casefold() not in (field.name.casefold(), humanised(field.name).casefold()):
        lines.append((Strong(title),))
    lines += [_worded(cut(part, _HELP_LETTERS)) for part in help_.split("\n") if part.strip()][:12]
    lines += [(Quiet(hint),) for hint in hint_texts(model, field, language)]
    lines += [(Quiet(_rule(rule, language)),) for rule in model.rules if rule.field == field.name]
    return tuple(lines) or (("–",),)


def _worded(text: str) -> Line:
    """A line of help; what its writer put in back ticks is code."""
    return tuple(Code(part) if place % 2 else part for place, part in enumerate(_TICKED.split(text)) if part)


def _rule(rule: Rule, language: str) -> str:
    return say(f"rule.{rule.kind}", language=language, other=rule.other, value="" if rule.value is UNSET else short(rule.value))
