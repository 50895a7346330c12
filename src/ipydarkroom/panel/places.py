"""What a place in a form is called: the titles on the way to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from .labels import title_text

if TYPE_CHECKING:
    from ..fields import Pointer
    from .formmodel import FormModel

__all__ = ["place_text"]


def place_text(model: FormModel, pointer: Pointer, language: str) -> str:
    """`LoRAs › 2 › Scale`: titles of the names, numbers of the items from 1; nothing for the whole form."""
    words = []
    for end, step in enumerate(pointer, start=1):
        found = model.field(pointer[:end])
        named = found is not None and isinstance(step, str)
        words.append(str(step + 1) if isinstance(step, int) else title_text(model.model, found, language) if named and found else step)
    return " › ".join(words)
