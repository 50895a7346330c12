"""The bundled models, one JSON file each, and how an id is found among them.

A file holds the page's schema verbatim, and beside it what a schema cannot say; `entry` is its shape.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable
from importlib.resources import files

from ..errors import AmbiguousModel, ModelNotFound
from ..models import Model

__all__ = ["bundled", "find"]


@functools.cache
def bundled() -> tuple[Model, ...]:
    """Every bundled model, in order of its id; read on first use.

    Raises:
        pydantic.ValidationError: A file of this folder does not have the shape of an entry.
    """
    from .entry import Entry  # here: pydantic is the slowest import below the panel, and many jobs bring their own model

    found = (
        Entry.model_validate_json(file.read_text(encoding="utf-8"))
        for file in files(__package__).iterdir()
        if file.name.endswith(".json")
    )
    return tuple(sorted((entry.model() for entry in found), key=lambda model: (model.id, model.provider or "")))


def find(model_id: str, provider: str | None = None, *, among: Iterable[Model] | None = None) -> Model:
    """The model of that id.

    Args:
        model_id: `ideogram/v3-reframe`, or with its provider in front: `kie:ideogram/v3-reframe`.
        provider: Whose model it is, where two providers know the id; it goes before the one in the id.
        among: Where to look; the bundled models by default.

    Raises:
        ModelNotFound: None has this id; the next step names the nearest.
        AmbiguousModel: Two providers know it; the next step names both.
    """
    models = bundled() if among is None else tuple(among)
    owner, name = _split(model_id.strip(), models)
    owner = provider or owner
    found = [model for model in models if model.id == name and owner in (None, model.provider)]
    if not found:
        raise _not_found(name, owner, models)
    if len(found) > 1:
        names = " or ".join(f"{model.provider}:{model.id}" for model in found)
        raise AmbiguousModel(f"Two providers know {name!r}.", next_step=f"Say which: {names}.", model=name, names=names)
    return found[0]


def _split(model_id: str, models: tuple[Model, ...]) -> tuple[str | None, str]:
    """A provider's name in front counts only where there is such a provider: an id may hold a colon."""
    owner, colon, name = model_id.partition(":")
    known = {model.provider for model in models}
    return (owner, name) if colon and owner in known else (None, model_id)


def _not_found(name: str, owner: str | None, models: tuple[Model, ...]) -> ModelNotFound:
    """The nearest ids of that provider; where it has none that is near, the nearest of all; else the first few."""
    own = [model.id for model in models if owner in (None, model.provider)]
    near = _near(name, own) or _near(name, [model.id for model in models]) or (own or [model.id for model in models])[:4]
    where = f" at {owner}" if owner else ""
    return ModelNotFound(
        f"No model {name!r}{where} is known.",
        next_step=f"Did you mean {' or '.join(near)}? A model of your own: Model.from_schema(...).",
        model=name, near=", ".join(near), provider=owner or "",
    )


def _near(name: str, known: list[str]) -> list[str]:
    """The ids that look like it, or that share a word with it (`seedream`)."""
    return difflib.get_close_matches(name, known, n=3, cutoff=0.5) or [each for each in known if name and name.lower() in each]
