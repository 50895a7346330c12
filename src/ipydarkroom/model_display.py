"""How a model shows itself in a cell: its own documentation, or one line of plain text. No widgets.

`models` is floors below and names this module in a string, as a value must not know how it is drawn.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .model_page import model_markdown, model_page

if TYPE_CHECKING:
    from .models import Model

__all__ = ["model_bundle", "model_markdown", "model_page"]


def model_bundle(model: Model) -> dict[str, str]:
    """What a front end chooses from: the page as HTML, and the plain line."""
    return {"text/plain": repr(model), "text/html": model_page(model)}
