"""The models one client knows: those it was given, and the bundled ones."""

from __future__ import annotations

from . import find
from ..errors import ModelNotFound
from ..models import Model

__all__ = ["KnownModels"]


class KnownModels:
    """Finds models by id. One that was made from a schema or a page is known from its first use on."""

    def __init__(self) -> None:
        self._given: dict[tuple[str, str], Model] = {}

    def keep(self, model: Model, provider: str) -> None:
        """Remember a model that no catalog has, under the provider that carries it."""
        if model.source in ("schema", "page", "openapi", "pydantic"):
            self._given[provider, model.id] = model

    def find(self, model_id: str, provider: str | None = None) -> Model:
        """The model of that id. Raises `ModelNotFound` (naming the nearest) or `AmbiguousModel`."""
        for (owner, name), given in self._given.items():
            if model_id in (name, f"{owner}:{name}") and provider in (None, owner):
                return given
        return find(model_id, provider)

    def find_or_bare(self, model_id: str, provider: str) -> Model:
        """The same, or a bare model where nobody knows it: a job that is only followed needs no form."""
        try:
            return self.find(model_id, provider)
        except ModelNotFound:
            return Model(model_id, provider, ())

    def find_for(self, provider: str, model_id: str) -> Model | None:
        """The model a provider's order names, or None; what the local backend asks."""
        given = self._given.get((provider, model_id))
        if given is not None:
            return given
        try:
            return find(model_id, provider)
        except ModelNotFound:
            return None
