"""The words around a control: title, required mark, help, note at the side, problems. Pure text; no widget.

They all stand in the control's own label, so a screen reader that reaches the control reads them; plain widgets have
no other way to say "this text describes that field".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..display import money
from ..languages import first, normal, say
from ..markup import Markup, join, tag
from ..page_text import language_of
from ..reasons import bill

if TYPE_CHECKING:
    from ..errors import DarkroomError
    from ..fields import Choice, Field, Problem
    from ..models import Model
    from .model import Notice

__all__ = [
    "Label", "bytes_text", "choice_text", "error_text", "help_text", "humanised", "model_text", "money", "next_step_text",
    "own_words", "problem_text", "range_text", "title_text",
]


@dataclass(frozen=True, slots=True)
class Label:
    """All that is said about one field. `required` is the translated word, empty for an optional field.

    `problems` holds (sentence, blocking) pairs; `aside` is a short note at the end of the line, such as a counter. `own`
    is what the page itself says, shown on hover where the front end allows it.
    """

    title: str
    required: str = ""
    help: str = ""
    aside: str = ""
    problems: tuple[tuple[str, bool], ...] = ()
    own: str = ""

    def html(self) -> Markup:
        """The label as HTML, of spans only: the front end allows little else in a description."""
        spans = [tag("span", self.title, class_="dr-title", title=self.own or None)]
        if self.required:
            spans.append(tag("span", self.required, class_="dr-required"))
        if self.aside:
            spans.append(tag("span", self.aside, class_="dr-aside", aria_hidden="true"))
        if self.help:
            spans.append(tag("span", self.help, class_="dr-help"))
        for sentence, blocking in self.problems:
            spans.append(tag("span", sentence, class_="dr-problem" if blocking else "dr-advice"))
        return join(spans, " ")

    def plain(self) -> str:
        """The label as lines of plain text, for the controls whose label is also their tooltip."""
        head = f"{self.title} ({self.required})" if self.required else self.title
        return "\n".join(line for line in (head, self.help, *(sentence for sentence, _ in self.problems)) if line)


def humanised(name: str) -> str:
    """A property name as a title: `negative_prompt` is `Negative prompt`. Odd names stay as they are."""
    words = name.replace("_", " ").strip()
    return words[:1].upper() + words[1:] if words else "\N{EMPTY SET}"


def model_text(model: Model, language: str) -> str:
    """What the model is called."""
    return first(f"model.{model.id}.title", language=language, default=model.title or model.id)


def title_text(model: Model, field: Field, language: str) -> str:
    """The title: ours of this model's field, else the page's in the reader's language, else ours of that name, else the page's.

    A page's title that is only the name once more (`Output Format`) says less than ours.
    """
    if model.provider is None and field.title:
        return field.title  # a schema somebody wrote speaks for itself
    says_more = humanised(field.name).casefold() != humanised(field.title).casefold()
    said = field.title if says_more and _is_in(language, field.title, model) else ""
    general = said or first(f"field.{field.name}.title", language=language, default=field.title or humanised(field.name))
    return first(f"model.{model.id}.{field.name}.title", language=language, default=general)


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
    words = [said for said in (field.title, field.help) if said and said not in shown]
    return say("panel.own_words", language=language, words=" · ".join(words)) if words else ""


def _is_in(language: str, words: str, model: Model) -> bool:
    """Whether a page's words are in the reader's language. Latin letters on a page in another script are English."""
    latin = model.language if model.language in ("fr", "de", "it") else "en"
    return bool(words) and language_of(words, latin=latin).replace("-", "_") == normal(language)


def choice_text(model: Model, field: Field, choice: Choice, language: str) -> str:
    """What a choice is called; by default the value as listed."""
    keys = (f"model.{model.id}.{field.name}.choice.{choice.value}", f"field.{field.name}.choice.{choice.value}")
    return first(*keys, language=language, default=choice.label)


def problem_text(problem: Problem, language: str) -> str:
    """The sentence of a problem."""
    return say(f"problem.{problem.code}", language=language, **problem.params)


def error_text(error: DarkroomError | Notice, language: str) -> str:
    """What happened, in the panel's language; a sentence nobody translated stays in English."""
    if not first(error.key, default=""):
        return error.message
    charged = error.params.get("charged")
    cost = bill(charged, language) if isinstance(charged, str) else ""
    return say(error.key, language=language, **{**error.params, "bill": cost})


def next_step_text(error: DarkroomError | Notice, language: str) -> str:
    """What to do now. English has the error's own words, which may know more; other languages the error's key."""
    if error.next_step and normal(language) == "en":
        return error.next_step
    key = f"{error.key}.next"
    return say(key, language=language, **error.params) if first(key, default="") else error.next_step


def range_text(field: Field, language: str) -> str:
    """The bounds of a number in words, empty where there are none."""
    low = field.minimum if field.minimum is not None else field.exclusive_minimum
    high = field.maximum if field.maximum is not None else field.exclusive_maximum
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


def _short(number: float) -> str:
    return str(int(number)) if float(number).is_integer() else str(number)
