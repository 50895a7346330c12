"""The forms that were opened from a panel's gallery, below it: a picture as another model's image, or another model's job again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import ipywidgets as w

from ..markup import tag
from ..models import Model
from .guard import guarded
from .labels import model_text

if TYPE_CHECKING:
    from ..sync import Client, Job
    from .restoring import Restored
    from .view import Panel

__all__ = ["Below"]


@dataclass(eq=False)
class _Opened:
    """One form with the bar above it."""

    panel: Panel
    box: w.VBox
    parts: list[w.Widget] = field(default_factory=list)


class Below:
    """Opens and closes panels inside a panel.

    Args:
        host: The panel they stand in. It closes them, and its saved notebook keeps their pictures.
        client: Knows models by their id.
        make: Makes the panel of a model, as the host was made.
    """

    def __init__(self, host: Panel, client: Client, make: Callable[[Model], Panel]) -> None:
        self._host = host
        self._client = client
        self._make = make
        self._opened: dict[tuple[str | None, str], _Opened] = {}
        self._past: tuple[Job, ...] = ()

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The jobs of all of them, of those that were closed too."""
        return (*self._past, *(job for opened in self._opened.values() for job in opened.panel.jobs))

    def open(self, model: Model | str, values: Callable[[Model], Restored], *, provider: str | None = None) -> tuple[str, str]:
        """Open the form of a model, or find the one that is open, and put values in.

        Args:
            model: The model, or its id.
            values: What to put in, once the model is known.
            provider: Whose model it is.

        Returns:
            What the model is called, and sentences about values that are lost.

        Raises:
            ModelNotFound: Nobody knows the id.
        """
        found = model if isinstance(model, Model) else self._client.model(model, provider)
        key = (found.provider, found.id)
        if key not in self._opened:
            self._opened[key] = self._framed(found, key)
        panel, filling = self._opened[key].panel, values(found)
        with panel.state.editing():
            for name, value in filling.values.items():
                panel.state.set(name, value)
        self._show()
        return model_text(found, self._host._kit.language), " ".join(panel._sentences(filling))

    def close(self) -> None:
        """Close all of them."""
        for key in list(self._opened):
            self._end(key)

    def _framed(self, model: Model, key: tuple[str | None, str]) -> _Opened:
        kit = self._host._kit
        panel = self._make(model)
        end = kit.make(w.Button, "dr-quiet", description=kit.say("panel.gallery.close"), icon="times")
        name = kit.make(w.HTML, "dr-below-name", value=tag("span", kit.say("panel.gallery.opened", model=model_text(model, kit.language))))
        bar = kit.make(w.HBox, "dr-acts", children=(name, end))
        box = kit.make(w.VBox, "dr-below", children=(bar, panel.widget))
        end.on_click(guarded(self._host.state, lambda _button: self._press_close(key)))
        return _Opened(panel, box, [end, name, bar, box])

    def _press_close(self, key: tuple[str | None, str]) -> None:
        gone = self._opened[key]
        self._past = (*self._past, *gone.panel.jobs)
        del self._opened[key]
        self._show()
        self._host._pump.now()
        gone.panel.close()
        self._host._kit.drop(*gone.parts)

    def _end(self, key: tuple[str | None, str]) -> None:
        gone = self._opened.pop(key)
        gone.panel.close()
        self._host._kit.drop(*gone.parts)

    def _show(self) -> None:
        self._host._screen.results.show_below(*(opened.box for opened in self._opened.values()))
