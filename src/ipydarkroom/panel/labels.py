"""The words around a control: title, required mark, help, note at the side, problems. Pure text; no widget.

They all stand in the control's own label, so a screen reader that reaches the control reads them; plain widgets have
no other way to say "this text describes that field".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..display import money
from ..languages import first, normal, say
from ..markup import Markup, join, looks_like_formula, no_formula, tag, visible
from ..reasons import error_text
from ..wording import bytes_text, choice_text, help_text, hint_texts, humanised, model_text, own_words, range_text, title_text

if TYPE_CHECKING:
    from ..errors import DarkroomError
    from ..fields import Problem
    from .model import Notice

__all__ = [
    "Label", "bytes_text", "choice_text", "error_text", "help_text", "hint_texts", "humanised", "model_text", "money", "next_step_text",
    "own_words", "plain_traits", "problem_text", "range_text", "title_text",
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
        told = [(self.title, "dr-title"), (self.required, "dr-required"), (self.aside, "dr-aside"), (self.help, "dr-help")]
        told += [(sentence, "dr-problem" if blocking else "dr-advice") for sentence, blocking in self.problems]
        write = no_formula if looks_like_formula(" ".join((self.own, *(words for words, _ in told)))) else tag
        spans = [
            write(
                "span", words, class_=look, title=(self.own or None) if look == "dr-title" else None,
                aria_hidden="true" if look == "dr-aside" else None,
            )
            for words, look in told if words or look == "dr-title"
        ]
        return join(spans, " ")

    def plain(self) -> str:
        """The label as lines of plain text, for the controls whose label is also their tooltip."""
        head = f"{self.title} ({self.required})" if self.required else self.title
        return visible("\n".join(line for line in (head, self.help, *(sentence for sentence, _ in self.problems)) if line))

    def traits(self, *, plain: bool) -> dict[str, object]:
        """The label as the traits of a widget."""
        return plain_traits(self.plain()) if plain else {"description": self.html(), "description_allow_html": True}


def plain_traits(label: str) -> dict[str, object]:
    """A label of plain text as the traits of a widget; of HTML only where the front end would make a formula of it."""
    formula = looks_like_formula(label)
    return {"description": no_formula("span", label) if formula else visible(label), "description_allow_html": formula}


def problem_text(problem: Problem, language: str) -> str:
    """The sentence of a problem."""
    return say(f"problem.{problem.code}", language=language, **problem.params)


def next_step_text(error: DarkroomError | Notice, language: str) -> str:
    """What to do now. English has the error's own words, which may know more; other languages the error's key."""
    if error.next_step and normal(language) == "en":
        return error.next_step
    key = f"{error.key}.next"
    return say(key, language=language, **error.params) if first(key, default="") else error.next_step


