"""The models one client knows without asking: those it was given, the bundled ones, and what catalogs said before."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from . import bundled, find, not_found, only, owner_of
from ..arguments import demand_name
from ..errors import InputError, ModelNotFound
from ..models import Model
from ..page_file import is_page
from .listing import Listed
from .overlay import overlaid

__all__ = ["KnownModels"]


class KnownModels:
    """Finds models by id. One that was made from a schema or a page is known from its first use on.

    Args:
        remembered: (provider's name or None, model id) -> what catalogs said about it earlier, and at which address.
        listed: What the catalogs said earlier, whole; asked for the nearest names only.
        line: (provider's name, model id) -> what its list said earlier, for the price of a bundled model.
    """

    def __init__(
        self,
        remembered: Callable[[str | None, str], Sequence[tuple[Listed, str]]] = lambda _provider, _model: (),
        listed: Callable[[], Iterator[Listed]] = lambda: iter(()),
        line: Callable[[str, str], Listed | None] = lambda _provider, _model: None,
    ) -> None:
        self._given: dict[tuple[str, str], Model] = {}
        self._made: dict[tuple[str, str], Model] = {}
        self._remembered = remembered
        self._listed = listed
        self._line = line

    def keep(self, model: Model, provider: str) -> None:
        """Remember a model that no catalog has, under the provider that carries it."""
        if model.source in ("schema", "page", "openapi", "pydantic"):
            self._given[provider, model.id] = model

    def meant(self, text: str, provider: str | None = None) -> Model:
        """What a person means by a text: a model's id, or its documentation page (the text, or the name of a file).

        Raises what `find` and `Model.from_page` raise, and InputError for what is no text.
        """
        if not is_page(demand_name("A model's id", text)):
            return self.find(text, provider)
        found = overlaid(Model.from_page(text))
        if provider not in (None, found.provider):
            raise InputError(f"This page is of {found.provider}, not of {provider}.", next_step="Leave the provider out.")
        return found

    def find(self, model_id: str, provider: str | None = None) -> Model:
        """The model of that id: a given one, a bundled one, or one that a catalog described before.

        Raises:
            ModelNotFound: None of them; the next step names the nearest.
            AmbiguousModel: Two providers know it.
        """
        said, name = owner_of(model_id)
        owner = provider or said
        for (theirs, known), given in tuple(self._given.items()):  # a sync client asks from another thread
            if known == name and owner in (None, theirs):
                return given
        try:
            return self._priced(find(name, owner))
        except ModelNotFound:
            found = self._remembered(owner, name)
        if not found:
            raise self.not_found(model_id, provider, "client.model(id) asks the providers' catalogs.")
        entry = only([entry for entry, _ in found])
        return self.made(entry, next(source for each, source in found if each is entry))

    def _priced(self, model: Model) -> Model:
        """A bundled model with the price that its provider's list told, where that is known."""
        line = self._line(model.provider or "", model.id) if model.price is None else None
        if line is None or not (line.price or line.pricing_note):
            return model
        return replace(model, price=line.price, pricing_note=line.pricing_note)

    def made(self, entry: Listed, source: str) -> Model:
        """The Model of a catalog's entry, made once: a schema is read in milliseconds, and an order asks several times.

        Raises:
            ModelNotFound: It comes without a schema.
            InputError: Its schema is no object schema.
        """
        key = (entry.provider, entry.id)
        model = self._made.get(key)
        if model is None or model.fetched != entry.fetched:
            model = self._made[key] = entry.model(source)
        return model

    def not_found(self, model_id: str, provider: str | None, hint: str = "") -> ModelNotFound:
        """The error for an id that nobody knows, with the nearest among all we have heard of."""
        owner, name = owner_of(model_id)
        return not_found(name, provider or owner, (*self._given.values(), *bundled(), *self._listed()), hint)

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
            return self.find(model_id, provider)
        except ModelNotFound:
            return None

    def listed_for(self, provider: str) -> list[Model]:
        """The models that the local backend's catalog lists: the bundled ones, and those this client was given."""
        given = [model for (owner, _), model in self._given.items() if owner == provider]
        names = {model.id for model in given}
        return [*given, *(model for model in bundled() if model.provider == provider and model.id not in names)]
