"""A picture's own words about its making, and the model whose form they fill: what `Panel.from_picture` stands on.

The words come out of a file that may have been anywhere. They are read as data: a model is looked up by its id only,
never as a page or a path, and an input reaches the form as any typed value would.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import AuthError, InputError, ModelNotFound, NoAnswer, RateLimited, StorageError
from ..jobs import JobRecord
from ..metadata import read
from ..models import Model
from ..page_file import is_page
from ..redaction import holds_stamp
from ..results import Picture
from ..tokens import issuers
from .restoring import beside_it, kept_before

if TYPE_CHECKING:
    from ..sync import Client
    from .restoring import FindFile

__all__ = ["Made", "finder_for", "made_from", "made_of", "model_for"]

_LOOKED_THROUGH = 300  # of the journal's newest jobs, for the picture that a job was given
_TYPES: tuple[tuple[type, str], ...] = (
    (bool, "boolean"), (int, "integer"), (float, "number"), (str, "string"), (list, "array"), (Mapping, "object"),
)


@dataclass(frozen=True, slots=True)
class Made:
    """What a picture says: which model made it (and whose), from which inputs, and where the file is."""

    model: str
    provider: str | None
    inputs: Mapping[str, object]
    path: Path


def made_of(picture: str | os.PathLike[str] | Picture) -> Made:
    """Read what a picture was made with: from its record, from inside the file, or from the JSON beside it.

    Raises:
        StorageError: The file cannot be read.
        InputError: It says nothing of its making, or nothing that can be understood.
    """
    if isinstance(picture, Picture):
        return Made(picture.record.model, _known(picture.record.provider), picture.record.inputs, picture.path)
    try:
        path = Path(picture).expanduser()
    except TypeError:
        raise InputError(
            f"A {type(picture).__name__} is no picture of ours.", next_step="Give the path of a file, or a Picture of a result.",
            key="error.no_picture", kind=type(picture).__name__,
        ) from None
    try:
        facts = read(path)
    except OSError as error:
        raise StorageError(f"The picture {path} cannot be read: {error.strerror}.") from error
    model, inputs = (facts or {}).get("model"), (facts or {}).get("inputs")
    if not isinstance(model, str) or not model.strip() or not isinstance(inputs, Mapping):
        raise InputError(
            f"{path.name} does not say what it was made with.",
            next_step="Only files that this package kept carry that; one that another program saved again has lost it.",
            key="error.no_facts", name=path.name,
        )
    return Made(model.strip(), _known((facts or {}).get("provider")), {str(name): value for name, value in inputs.items()}, path)


def made_from(record: JobRecord) -> Made:
    """What the journal says of a job; its files are looked for beside its first picture, or in the working folder."""
    path = Path(record.kept[0].path) if record.kept else Path.cwd() / record.id
    return Made(record.model, _known(record.provider), record.inputs, path)


def model_for(made: Made, client: Client, provider: str | None = None) -> tuple[Model, bool]:
    """The model, and whether it is known here now. One that is not gets a form from the inputs themselves."""
    owner = provider or made.provider
    try:
        if not is_page(made.model):
            return client.model(made.model, owner), True
    except (ModelNotFound, NoAnswer, AuthError, RateLimited):
        pass  # nobody here knows it, or whoever might does not answer now
    properties = {name: {"type": _type(value)} for name, value in made.inputs.items()}
    schema = {"type": "object", "title": made.model, "properties": properties}
    return Model.from_schema(schema, id=made.model, provider=owner), False


def finder_for(made: Made, client: Client) -> FindFile:
    """Finds a file that the picture was made from: beside it, in the working folder, or among the newest jobs' pictures."""
    places = beside_it(Path.cwd(), made.path.parent)
    earlier: Callable[[Mapping[str, object]], object] = lambda _stamp: None  # noqa: E731 - the journal is read only where it is needed
    if holds_stamp(dict(made.inputs)):
        earlier = kept_before([job.record for job in client.jobs(_LOOKED_THROUGH)])
    return lambda stamp: places(stamp) or earlier(stamp)


def _known(provider: object) -> str | None:
    return provider if isinstance(provider, str) and provider in issuers() else None


def _type(value: object) -> str:
    if holds_stamp(value) and isinstance(value, Mapping):
        return "string"
    return next((name for kind, name in _TYPES if isinstance(value, kind)), "string")
