"""A model's own documentation: quick start, authentication, endpoints, files, inputs, outputs, and what was put right.

`contents` says what stands in it, from the same tree of fields that the form is made of; `drawn` makes HTML of that,
`marked` Markdown. Static: no widgets and no scripts, so it is still there in the saved notebook and in what nbconvert makes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..languages import current, normal
from .contents import contents
from .drawn import drawn
from .marked import marked

if TYPE_CHECKING:
    from ..markup import Markup
    from ..models import Model

__all__ = ["model_markdown", "model_page"]


def model_page(model: Model, language: str | None = None) -> Markup:
    """The page as HTML, in the language of the process or another one."""
    return drawn(contents(model, normal(language or current())))


def model_markdown(model: Model, language: str | None = None) -> str:
    """The same page as Markdown, for a README or a pull request."""
    return marked(contents(model, normal(language or current())))
