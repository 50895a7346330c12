"""What a model and its inputs are called and what they accept, in the reader's language. Pure text; no widget, no HTML.

Names come with hidden letters written out (`markup.visible`), as they also stand where nothing else does it: on buttons, in lists.

Our own words of a model come first, then the page's where they are in the reader's language, then our words for inputs
of that name, then the page's in whatever language they are.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Literal

from .dates import number as grouped
from .languages import first, normal, say
from .markup import visible
from .page_text import language_of

if TYPE_CHECKING:
    from .fields import Choice, Field, Hint, Media
    from .models import Model

__all__ = ["bytes_text", "choice_text", "count_text", "help_text", "hint_texts", "humanised", "measure_texts", "model_text", "own_words", "range_text", "title_text"]


def humanised(name: str) -> str:
    """A property name as a title: `negative_prompt` is `Negative prompt`. Odd names stay as they are."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:] if words else "\N{EMPTY SET}"


def model_text(model: Model, language: str) -> str:
    """What the model is called."""
    return visible(first(f"model.{model.id}.title", language=language, default=model.title or model.id))


def title_text(model: Model, field: Field, language: str) -> str:
    """The title: ours of this model's field, else the page's in the reader's language, else ours of that name, else the page's.

    A page's title that is only the name once more (`Output Format`) says less than ours.
    """
    if model.provider is None and field.title:
        return visible(field.title)  # a schema somebody wrote speaks for itself
    says_more = humanised(field.name).casefold() != humanised(field.title).casefold()
    said = field.title if says_more and _is_in(language, field.title, model) else ""
    general = said or first(f"field.{field.name}.title", language=language, default=field.title or humanised(field.name))
    return visible(first(f"model.{model.id}.{field.name}.title", language=language, default=general))


def help_text(model: Model, field: Field, language: str) -> str:
    """The help, by the same chain."""
    if model.provider is None and (field.help or field.title):
        return field.help
    said = field.help if _is_in(language, field.help, model) else ""
    general = said or first(f"field.{field.name}.help", language=language, default=field.help)
    return first(f"model.{model.id}.{field.name}.help", language=language, default=general)


def own_words(model: Model, field: Field, language: str) -> str:
    """What the page itself says of the field and the label does not show, for the tooltip; empty where there is nothing."""
    shown = {title_text(model, field, language), help_text(model, field, language)}
    words = [said for said in (field.title, field.help) if said and said not in shown and visible(said) not in shown]
    return say("panel.own_words", language=language, words=" · ".join(words)) if words else ""


def _is_in(language: str, words: str, model: Model) -> bool:
    """Whether a page's words are in the reader's language. Latin letters on a page in another script are English."""
    latin = model.language if model.language in ("fr", "de", "it") else "en"
    return bool(words) and language_of(words, latin=latin).replace("-", "_") == normal(language)


def hint_texts(model: Model, field: Field, language: str) -> tuple[str, ...]:
    """What the page says of the field in words, one sentence each.

    Left out is what stands in the help above in the same words: a condition always, a limit where the reader reads them.
    Where the help is ours, for this very field of this very model, it has told all of it.
    """
    media = field.media or (field.items.media if field.items else None)
    measured = measure_texts(media, language) if media else ()
    if not field.hints or first(f"model.{model.id}.{field.name}.help", default=""):
        return tuple(f"{said}." for said in measured)
    above = _letters(help_text(model, field, language))
    repeated = [
        hint for hint in field.hints
        if hint.said and _letters(hint.said) in above and (hint.code == "condition" or _is_in(language, hint.said, model))
    ]
    return (*(f"{said}." for said in measured), *(_hint_text(hint, language) for hint in field.hints if hint not in repeated))


def _letters(text: str) -> str:
    return "".join(letter for letter in unicodedata.normalize("NFKC", text).casefold() if letter.isalnum())


def _hint_text(hint: Hint, language: str) -> str:
    params = {name: _param(hint.code, value) for name, value in hint.params.items()}
    return say(f"hint.{hint.code}", language=language, **params)


def _param(code: str, value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(map(str, value))
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return bytes_text(int(value)) if code.endswith("_bytes") else _short(value)
    return str(value)


def choice_text(model: Model, field: Field, choice: Choice, language: str) -> str:
    """What a choice is called; by default the value as listed."""
    keys = (f"model.{model.id}.{field.name}.choice.{choice.value}", f"field.{field.name}.choice.{choice.value}")
    return visible(first(*keys, language=language, default=choice.label))


def measure_texts(media: Media, language: str) -> tuple[str, ...]:
    """What a file's own width, height, ratio and length may be: `300 to 4096 pixels wide`."""
    ends: dict[str, tuple[float | None, float | None]] = {}
    for each in media.measures:  # often two of a kind: from, and to
        least, most = ends.get(each.of, (None, None))
        ends[each.of] = (each.least if least is None else least, each.most if most is None else most)
    return tuple(say(f"measure.{of}", language=language, span=_span(*both, language)) for of, both in ends.items() if both != (None, None))


def range_text(field: Field, language: str) -> str:
    """The bounds of a number in words, empty where there are none."""
    low = field.minimum if field.minimum is not None else field.exclusive_minimum
    high = field.maximum if field.maximum is not None else field.exclusive_maximum
    return _span(low, high, language)


def _span(low: float | None, high: float | None, language: str) -> str:
    if low is not None and high is not None:
        return say("panel.range", language=language, minimum=_short(low), maximum=_short(high))
    if low is not None:
        return say("panel.at_least", language=language, minimum=_short(low))
    return say("panel.at_most", language=language, maximum=_short(high)) if high is not None else ""


def bytes_text(size: int) -> str:
    """A size as people write it, in decimal units: `1.2 MB`."""
    for unit, scale in (("MB", 1_000_000), ("kB", 1_000)):
        if size >= scale:
            return f"{size / scale:.1f}".removesuffix(".0") + f" {unit}"
    return f"{size} B"


def count_text(kind: Literal["file", "job", "picture"], count: int, language: str | None = None) -> str:
    """So many of them, in words: `1 job`, `2 jobs`."""
    return say(f"card.{kind}" if count == 1 else f"card.{kind}s", language=language, count=grouped(count, language))


def _short(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else str(number)
