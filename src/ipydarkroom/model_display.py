"""How a model shows itself in a cell: a table of its inputs, or one line of plain text. No widgets.

Titles and help are the catalog's words, perhaps a foreign page's: they enter through `markup` like all foreign text.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from .display import FRAME, cut, dotted, line, short
from .fields import UNSET
from .languages import say
from .markup import Markup, css, join, tag
from .model_list import age_text, price_text

if TYPE_CHECKING:
    from .fields import Field
    from .models import Model

__all__ = ["model_card", "model_text"]

_CHOICES_SHOWN = 6
_NOTES_SHOWN = 20


def model_card(model: Model, language: str | None = None) -> Markup:
    """Return a model as a table of its inputs: name, what it accepts, default, and the page's help."""
    heads = [say(f"model_card.{head}", language=language) for head in ("input", "accepts", "default", "help")]
    cell = css(padding="2px 10px 2px 0", text_align="left", vertical_align="top")
    head = tag("tr", *(tag("th", word, scope="col", style=cell) for word in heads))
    rows = [tag("tr", *(tag("td", part, style=cell) for part in _row(field, language))) for field in model.fields]
    title = tag("b", model.title) if model.title not in ("", model.id) else None
    where = model.provider or say("model_card.no_provider", language=language)
    return tag(
        "div",
        tag("div", dotted([title, tag("code", model.id), where, price_text(model, language), _age(model, language)])),
        tag("table", tag("thead", head), tag("tbody", *rows), style=css(color="inherit", margin="6px 0")),
        _notes(model, language),
        style=FRAME,
    )


def model_text(model: Model) -> str:
    """Return a model as one line: `<Model a/model · runcomfy · prompt, resolution?, seed?>`; `?` marks optional."""
    inputs = ", ".join(field.name + ("" if field.required else "?") for field in model.fields)
    return f"<Model {line(model.id)} · {model.provider or 'local'} · {line(inputs)}>"


def _age(model: Model, language: str | None) -> str | None:
    """When a live catalog told all this; nothing for models that do not come from one."""
    return age_text(time.time() - model.fetched, language) if model.fetched else None


def _notes(model: Model, language: str | None) -> Markup | None:
    """What was put right on the way in: place, rule, what was and what became, as they stand in `model.notes`."""
    if not model.notes:
        return None
    lines = [
        tag("li", tag("code", note.pointer or "/"), f" {note.rule}: {short(note.was, 60)} → {short(note.became, 60)}")
        for note in model.notes[:_NOTES_SHOWN]
    ]
    rest = len(model.notes) - _NOTES_SHOWN
    more = [tag("li", say("model_card.choices_more", language=language, count=rest))] if rest > 0 else []
    return tag("details", tag("summary", say("model_card.notes", language=language)), tag("ul", *lines, *more))


def _row(field: Field, language: str | None) -> list[str]:
    required = tag("em", say("model_card.required", language=language)) if field.required else None
    name = join([part for part in (tag("code", field.name), required) if part], " ")
    default = "" if field.default is UNSET else short(field.default)
    return [name, _accepts(field, language), default, cut(field.help, 300)]


def _accepts(field: Field, language: str | None) -> str:
    if field.choices:
        listed = ", ".join(short(choice.value, 40) for choice in field.choices[:_CHOICES_SHOWN])
        more = len(field.choices) - _CHOICES_SHOWN
        return listed + (f" {say('model_card.choices_more', language=language, count=more)}" if more > 0 else "")
    low = field.minimum if field.minimum is not None else field.exclusive_minimum
    high = field.maximum if field.maximum is not None else field.exclusive_maximum
    span = f" {_number(low)} … {_number(high)}" if low is not None or high is not None else ""
    return (field.media.kind if field.media else field.kind) + span


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.10g}"
