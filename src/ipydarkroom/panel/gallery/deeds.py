"""What can be done with a picture besides looking at it: its inputs again, another seed, the picture as another's input.

Nothing here orders anything: a form is filled, and Run is pressed by a person. No widget in here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from ...catalog import bundled
from ..controls.seed import roll
from ..labels import model_text
from ..restoring import Restored, kept_before, restored
from .facts import titles
from .given import Given

if TYPE_CHECKING:
    from ...fields import Field
    from ...models import Model
    from ...results import Picture
    from ..kit import Kit
    from ..model import PanelModel
    from ..restoring import FindFile

__all__ = ["Deeds", "image_field"]


class OpenBelow(Protocol):
    """Opens a form for another model below, or finds the one that is open, and fills it; returns what the model is called."""

    def __call__(self, model: Model | str, values: Callable[[Model], Restored], *, provider: str | None = None) -> tuple[str, str]:
        """The model's name, and sentences about what is lost."""


class Deeds:
    """The deeds of one panel.

    Args:
        state: The form to fill.
        kit: Speaks the panel's language.
        open_below: Opens a form for another model.

    Attributes:
        given: The files that this panel's orders were made with.
        elsewhere: Finds other files, for a panel that was opened from a picture or from the history.
    """

    def __init__(self, state: PanelModel, kit: Kit, open_below: OpenBelow) -> None:
        self.given = Given()
        self.elsewhere: FindFile = lambda _stamp: None
        self._state = state
        self._kit = kit
        self._open_below = open_below

    def find(self, stamp: Mapping[str, object]) -> object:
        """The local file of a stamp: as it was given to this panel, or a picture that this panel made; else `elsewhere`."""
        made = kept_before(job.record for job in self._state.jobs)
        return self.given.find(stamp) or made(stamp) or self.elsewhere(stamp)

    def again(self, picture: Picture) -> str:
        """Fill the form with what a picture was made with; returns what to tell the person."""
        return self._fill(picture, "panel.gallery.filled", {})

    def can_vary(self, picture: Picture) -> bool:
        """Whether there is a seed to vary."""
        return self._own(picture) and self._seed is not None

    def vary(self, picture: Picture) -> str:
        """The same with another seed; returns what to tell the person."""
        field = self._seed
        if field is None:
            return self.again(picture)
        before, seed = picture.record.inputs.get(field.name), roll(field.minimum, field.maximum)
        while seed == before and field.minimum != field.maximum:
            seed = roll(field.minimum, field.maximum)
        return self._fill(picture, "panel.gallery.varied", {field.name: seed})

    def link(self, picture: Picture) -> str:
        """The link of the picture that a job was given; empty where it had none, or where not all of it is known."""
        field = image_field(self._state.model) if self._own(picture) else None
        return "" if field is None else self.given.link(picture.record, field.name)

    def targets(self, picture: Picture) -> list[tuple[str, Callable[[], str]]]:
        """The forms that take this picture as their image: what each is called, and the deed. This panel's own comes first."""
        if not picture.mime.startswith("image/"):
            return []
        found: list[tuple[str, Callable[[], str]]] = []
        if image_field(self._state.model) is not None:
            found.append((self._kit.say("panel.gallery.this_form"), lambda: self._use_here(picture)))
        for model in bundled():
            if image_field(model) is not None and (model.id, model.provider) != (self._state.model.id, self._state.model.provider):
                name = f"{model_text(model, self._kit.language)} · {model.provider}"
                found.append((name, lambda model=model: self._use_below(picture, model)))  # type: ignore[misc]  # mypy knows no defaults of lambdas
        return found

    @property
    def _seed(self) -> Field | None:
        return next((field for field in self._state.model.fields if field.is_seed), None)

    def _own(self, picture: Picture) -> bool:
        """Whether a picture was made by this panel's model, and not by one whose job was taken in."""
        mine = self._state.model
        return picture.record.model == mine.id and mine.provider in (None, picture.record.provider)

    def _fill(self, picture: Picture, key: str, more: Mapping[str, object]) -> str:
        record = picture.record
        if not self._own(picture):
            name, lost = self._open_below(
                record.model, lambda model: restored(model, record.inputs, self.find), provider=record.provider
            )
            return " ".join(filter(None, [self._kit.say("panel.gallery.below", model=name), lost]))
        found = restored(self._state.model, record.inputs, self.find)
        self._state.value = {**found.values, **more}
        lost = " ".join(lost.sentence(self._kit, lambda name: titles(self._state.model, name, self._kit.language)) for lost in found.lost)
        return " ".join(filter(None, [self._kit.say(key), lost]))

    def _use_here(self, picture: Picture) -> str:
        for name, value in _as_input(self._state.model, picture.path).items():
            self._state.set(name, value)
        return self._kit.say("panel.gallery.used_here")

    def _use_below(self, picture: Picture, model: Model) -> str:
        name, _ = self._open_below(model, lambda found: Restored(_as_input(found, picture.path)))
        return self._kit.say("panel.gallery.below", model=name)


def image_field(model: Model) -> Field | None:
    """The field that takes the picture to work on: a required one first, one picture before a list of them."""
    found = [field for field in model.fields if _takes_image(field) or (field.items is not None and _takes_image(field.items))]
    return min(found, key=lambda field: (not field.required, field.media is None), default=None)


def _takes_image(field: Field) -> bool:
    return field.media is not None and field.media.kind == "image"


def _as_input(model: Model, path: Path) -> dict[str, object]:
    field = image_field(model)
    return {} if field is None else {field.name: str(path) if field.media is not None else [str(path)]}
