"""The whole form as JSON: another view of the same values. What is typed here is in the form, and the other way round.

A file has no JSON of its own: it stands as its name in angle quotes, and the name stands for the file as long as it is
left where it was. A secret stands as dots, in the same way.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import ipywidgets as w

from ..fields import placed
from ..wire import Blob
from .guard import guarded
from .labels import Label
from .places import place_text, told
from .pump import put

if TYPE_CHECKING:
    from ..fields import Problem
    from .rows import Bench

__all__ = ["JsonView"]

_MOST_TOLD = 8  # problems above the editor; the first come first


@dataclass(frozen=True, slots=True)
class _Secret:
    """What stands as dots."""

    value: object = field(repr=False)


class JsonView:
    """The editor.

    Args:
        bench: What all rows of the form share.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._model = bench.model
        self._label = Label(bench.kit.say("panel.json.title"), help=bench.kit.say("panel.json.help"))
        self._files: dict[str, object] = {}
        self.root = bench.kit.make(
            w.Textarea, "dr-field", "dr-code", "dr-all", continuous_update=False, placeholder="{ }", description_allow_html=True,
        )
        self.root.observe(guarded(bench.model, lambda _change: self._typed()), "value")

    def paint(self) -> None:
        """Bring it in line with the model."""
        raw = self._model.raw(())
        found = [raw.problem] if raw is not None else self._model.visible_problems()
        problems = tuple((self._sentence(problem), problem.blocking) for problem in found[:_MOST_TOLD])
        label = Label(self._label.title, help=self._label.help, problems=problems)
        put(self.root, value=self._text() if raw is None else raw.text, description=label.html())

    def _sentence(self, problem: Problem) -> str:
        place = place_text(self._model, problem.pointer, self._bench.kit.language)
        said = told(self._model, problem, self._bench.kit.language)
        return f"{place}: {said}" if place else said

    def _text(self) -> str:
        self._files = {}
        values: object = self._model.value
        for place in self._model.model.secrets(self._model.value):
            values = placed(values, place, _Secret(self._model.get(place)))
        return json.dumps(self._written(values), ensure_ascii=False, indent=2, default=repr)

    def _written(self, value: object) -> object:
        """The value with every file as its name and every secret as dots, no two alike."""
        if isinstance(value, Mapping):
            return {name: self._written(inner) for name, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._written(inner) for inner in value]
        if value is None or isinstance(value, str | int | float | bool):
            return value
        name = value.name if isinstance(value, Blob) else "•••" if isinstance(value, _Secret) else type(value).__name__
        word = next(word for word in _words(name) if word not in self._files)
        self._files[word] = value.value if isinstance(value, _Secret) else value
        return word

    def _read(self, value: object) -> object:
        if isinstance(value, dict):
            return {name: self._read(inner) for name, inner in value.items()}
        if isinstance(value, list):
            return [self._read(inner) for inner in value]
        return self._files.get(value, value) if isinstance(value, str) else value

    def _typed(self) -> None:
        with self._model.editing():
            if self._bench.painting():
                return
            text = self.root.value
            if not text.strip():
                self._model.reset()
                return
            try:
                found = json.loads(text, parse_constant=_refuse)
            except json.JSONDecodeError as error:
                self._model.set_raw((), text, "not_json", line=error.lineno, column=error.colno)
            except (ValueError, RecursionError):
                self._model.set_raw((), text, "not_json", line=1, column=1)
            else:
                if isinstance(found, dict):
                    self._model.take({name: self._read(value) for name, value in found.items()})
                else:
                    self._model.set_raw((), text, "type", kind="object")


def _words(name: str) -> list[str]:
    return [f"‹{name}›", *(f"‹{name} {number}›" for number in range(2, 10_000))]


def _refuse(word: str) -> object:
    """`NaN` and `Infinity` are Python's, not JSON's."""
    raise ValueError(word)
