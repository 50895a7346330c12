"""From what a person gave to what is sent: check, read local files, drop silence. Nothing leaves the machine here.

One order has three faces: `sent` (what the provider gets, data URIs included), `kept` (what the journal and the
picture's metadata say, files as name and hash) and `blobs` (files the engine uploads first, by their place).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from .errors import InputError
from .fields import Problem, placed
from .intake import advice, blob_stamp, data_uri, read_file
from .languages import say
from .redaction import Veiled
from .schema import conditions, payload
from .schema.opinion import second_opinion
from .schema.secrets import mark_of
from .wire import Blob

if TYPE_CHECKING:
    from .fields import Field, Pointer, Rule, Values
    from .models import Model

__all__ = ["Prepared", "complain", "fingerprint", "prepare"]

_A_LINK = "https://example.org/file"
_VALUES, _VALUE_LETTERS = 8, 60  # of a field's choices, in a sentence


@dataclass(frozen=True, slots=True)
class Prepared:
    """One order, ready to be journalled and sent. `advice` says, one sentence each, what is allowed but unwise."""

    sent: Mapping[str, object] = field(repr=False)
    kept: Mapping[str, object] = field(repr=False)
    blobs: Mapping[Pointer, Blob] = field(default_factory=dict, repr=False)
    advice: tuple[str, ...] = ()


def prepare(model: Model, values: Mapping[str, object], *, inline_limit: int | None) -> Prepared:
    """Judge the values and make an order of them.

    Args:
        model: Whose inputs they are.
        values: Input name -> value. A local file (path, bytes, PIL image) may stand where a link is wanted, in lists too.
        inline_limit: Bytes a file may have inside a data URI; None where files are uploaded instead.

    Raises:
        InputError: Something does not fit; `problems` says what, field by field. Nothing was sent.
    """
    found = model.problems(values)
    if any(problem.blocking for problem in found):
        raise complain(model, tuple(filter(None, map(_in_the_way, found))))
    said = payload(model.root, model.rules, values)
    taken = _Found(inline_limit)
    taken.inside_object(model.root, model.rules, (), said)
    found = (*found, *_second_opinion(model, taken.filled(said, lambda *_: _A_LINK)))
    unwise = [*(problem for problem in found if not problem.blocking), *taken.unwise]
    sent = taken.filled(said, taken.inside)
    kept = taken.filled(said, lambda blob, _: blob_stamp(blob))
    for place in model.secrets(said):
        kept = _veiled(kept, place)
    return Prepared(
        Veiled(sent, model.secrets), Veiled(kept), {} if inline_limit is not None else taken.blobs,
        tuple(_sentence(problem) for problem in unwise),
    )


class _Found:
    """The local files among some inputs, wherever they stand: in an input of their own, a list, an object.

    Args:
        inline_limit: Bytes a file may have inside a data URI; None where files are uploaded instead.
    """

    def __init__(self, inline_limit: int | None) -> None:
        self._limit = inline_limit
        self.blobs: dict[Pointer, Blob] = {}
        self.unwise: list[Problem] = []

    def read(self, field: Field | None, pointer: Pointer, value: object) -> None:
        """Find and read the files in one value.

        Raises:
            InputError: One of them cannot be read, or is not what the field takes.
        """
        if field is None:
            return
        if field.media is not None:
            file = read_file(value, field.media, pointer=pointer)  # type: ignore[arg-type]  # judged inside
            if isinstance(file, Blob):
                self.blobs[pointer] = file
                self.unwise += advice(file, field.media, pointer=pointer)
        elif isinstance(value, list):
            for at, item in enumerate(value):
                self.read(field.items, (*pointer, at), item)
        elif isinstance(value, Mapping):
            self.inside_object(field, (), pointer, value)

    def inside_object(self, field: Field, rules: tuple[Rule, ...], pointer: Pointer, values: Values) -> None:
        """Find and read the files in the fields an object has with these values."""
        for child in conditions(field, rules).fields(values):
            if child.name in values:
                self.read(child, (*pointer, child.name), values[child.name])

    def filled(self, said: Mapping[str, object], instead: Callable[[Blob, Pointer], object]) -> dict[str, object]:
        """The inputs with something else in place of each file."""
        found: object = dict(said)
        for place, blob in self.blobs.items():
            found = placed(found, place, instead(blob, place))
        assert isinstance(found, dict)  # as it began
        return found

    def inside(self, blob: Blob, place: Pointer) -> object:
        """What is sent in place of a file: its data URI, or nothing yet where it is uploaded first."""
        return None if self._limit is None else data_uri(blob, limit=self._limit, pointer=place)


def _veiled(said: dict[str, object], place: Pointer) -> dict[str, object]:
    """The inputs with a mark in place of the secret that stands there."""
    secret: object = said
    for step in place:
        secret = secret[step]  # type: ignore[index]  # the place was found in it
    found = placed(said, place, mark_of(secret))
    assert isinstance(found, dict)  # as it began
    return found


def _second_opinion(model: Model, said: Mapping[str, object]) -> tuple[Problem, ...]:
    """What only the whole schema can say about inputs that are right one by one. A link stands for every file.

    Raises:
        InputError: The whole schema refuses them.
    """
    found = second_opinion(model.schema, said)
    if blocking := tuple(problem for problem in found if problem.blocking):
        raise complain(model, blocking)
    return found


def complain(model: Model, problems: tuple[Problem, ...]) -> InputError:
    """The error that names every problem in one sentence each."""
    return InputError(
        f"{model.id} cannot take these inputs: " + " · ".join(_sentence(problem, model) for problem in problems),
        next_step="Nothing was sent.",
        problems=problems,
        model=model.id,
    )


def fingerprint(place: str, model_id: str, kept: Mapping[str, object]) -> str:
    """A hash that is equal for equal orders: same place (a hosted origin or `local`), model and inputs."""
    text = json.dumps([place, model_id, dict(kept)], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _in_the_way(problem: Problem) -> Problem | None:
    """A blocking problem, or a name that is likely misspelt: beside a missing one it is the reason, and nothing is sent."""
    if problem.blocking:
        return problem
    return replace(problem, code="unknown_name") if problem.code == "misspelt" else None


def _sentence(problem: Problem, model: Model | None = None) -> str:
    """Name and sentence, in English: this is for the programmer, who also reads which choices there are."""
    name = str(problem.pointer[0]) if problem.pointer else "inputs"
    said = say(f"problem.{problem.code}", language="en", **problem.params)
    described = model.field(name) if model is not None and problem.code == "choice" else None
    return f"{name}: {said}" + ("" if described is None else f" {_choices(described)}")


def _choices(of: Field) -> str:
    """The first few values of a field, as Python writes them; of a list's items, what each may be."""
    choices = of.choices or (of.items.choices if of.items is not None else ())
    shown = ", ".join(repr(choice.value)[:_VALUE_LETTERS] for choice in choices[:_VALUES])
    more = len(choices) - _VALUES
    return f"Allowed are {shown}" + (f" and {more} more." if more > 0 else ".") if shown else ""
