"""The bundled models, one JSON file each, and how an id is found among them.

A file holds the page's schema verbatim, and beside it what a schema cannot say; `entry` is its shape.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Iterable, Sequence
from importlib.resources import files
from typing import Protocol, TypeVar

from ..errors import AmbiguousModel, ModelNotFound
from ..models import Model
from ..tokens import issuers

__all__ = ["bundled", "find", "not_found", "only", "owner_of"]


class Named(Protocol):
    """A Model, or a line of a list."""

    @property
    def id(self) -> str:
        """The model's id."""

    @property
    def provider(self) -> str | None:
        """Whose it is."""


N = TypeVar("N", bound=Named)


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
    owner, name = owner_of(model_id)
    owner = provider or owner
    found = [model for model in models if model.id == name and owner in (None, model.provider)]
    if not found:
        raise not_found(name, owner, models)
    return only(found)


def owner_of(model_id: str) -> tuple[str | None, str]:
    """The provider's name in front of an id, and the id. It counts only where there is such a provider: an id may hold a colon."""
    owner, colon, name = model_id.strip().partition(":")
    return (owner, name) if colon and owner in issuers() else (None, model_id.strip())


def only(found: Sequence[N]) -> N:
    """The only one of several with the same id.

    Raises:
        AmbiguousModel: There are more; the next step names them.
    """
    if len(found) > 1:
        names = " or ".join(f"{model.provider}:{model.id}" for model in found)
        raise AmbiguousModel(
            f"Two providers know {found[0].id!r}.", next_step=f"Say which: {names}.", model=found[0].id, names=names
        )
    return found[0]


def not_found(name: str, owner: str | None, known: Iterable[Named], hint: str = "") -> ModelNotFound:
    """The error for an unknown id.

    It names the nearest ids of that provider; where it has none that is near, the nearest of all; else the first few.

    Args:
        name: The id.
        owner: The provider that was meant, None for any.
        known: All models we have heard of.
        hint: One more sentence for the next step.
    """
    everything = tuple(known)
    own = list(dict.fromkeys(model.id for model in everything if owner in (None, model.provider)))
    every = list(dict.fromkeys(model.id for model in everything))
    near = _near(name, own) or _near(name, every) or (own or every)[:4]
    where = f" at {owner}" if owner else ""
    meant = f"Did you mean {' or '.join(near)}? " if near else ""
    return ModelNotFound(
        f"No model {name!r}{where} is known.",
        next_step=f"{meant}A model of your own: Model.from_page(...) or Model.from_schema(...).{' ' if hint else ''}{hint}",
        model=name, near=", ".join(near), provider=owner or "",
    )


def _near(name: str, known: list[str]) -> list[str]:
    """The ids that look like it, or that share a word with it (`seedream`)."""
    return difflib.get_close_matches(name, known, n=3, cutoff=0.5) or [each for each in known if name and name.lower() in each]
