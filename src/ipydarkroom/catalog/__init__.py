"""The bundled models, one JSON file each, and how an id is found among them.

A file holds the page's schema verbatim (without its titles and descriptions, which are ours and in `languages/`), and
what a schema cannot say: hints by field, rules between fields, fields that a page names and does not define.
"""

from __future__ import annotations

import difflib
import functools
import json
from importlib.resources import files

from ..errors import AmbiguousModel, ModelNotFound
from ..models import Model
from .entry import Entry

__all__ = ["bundled", "find"]


@functools.cache
def bundled() -> tuple[Model, ...]:
    """Every bundled model, in order of its id."""
    found = (
        Entry.model_validate(json.loads(file.read_text(encoding="utf-8")))
        for file in files(__package__).iterdir()
        if file.name.endswith(".json")
    )
    return tuple(sorted((entry.model() for entry in found), key=lambda model: (model.id, model.provider or "")))


def find(model_id: str, provider: str | None = None) -> Model:
    """The model of that id.

    Args:
        model_id: `ideogram/v3-reframe`, or with its provider in front: `kie:ideogram/v3-reframe`.
        provider: Whose model it is, where two providers know the id.

    Raises:
        ModelNotFound: None has this id; the message names the nearest.
        AmbiguousModel: Two providers know it.
    """
    owner, name = _split(model_id)
    owner = provider or owner
    found = [model for model in bundled() if model.id == name and owner in (None, model.provider)]
    if not found:
        raise _not_found(name, owner)
    if len(found) > 1:
        names = " or ".join(f"{model.provider}:{model.id}" for model in found)
        raise AmbiguousModel(f"Two providers know {name!r}.", next_step=f"Say which: {names}.", model=name)
    return found[0]


def _split(model_id: str) -> tuple[str | None, str]:
    """A provider's name in front counts only where there is such a provider: an id may hold a colon."""
    owner, colon, name = model_id.partition(":")
    known = {model.provider for model in bundled()}
    return (owner, name) if colon and owner in known else (None, model_id)


def _not_found(name: str, owner: str | None) -> ModelNotFound:
    known = [model.id for model in bundled() if owner in (None, model.provider)]
    near = difflib.get_close_matches(name, known, n=3, cutoff=0.4) or known[:4]
    where = f" at {owner}" if owner else ""
    return ModelNotFound(
        f"No model {name!r}{where} is known.", next_step=f"Did you mean {' or '.join(near)}?", model=name, near=", ".join(near)
    )
