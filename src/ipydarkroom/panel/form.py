"""Form: a form for any JSON Schema or pydantic class, without a job. A value in, a value out; widgets in between."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import ipywidgets as w
from IPython.display import display

from ..arguments import demand_language
from ..errors import DarkroomError, InputError
from ..fields import Pointer, Problem, pointer_text
from ..languages import current, normal
from ..markup import tag
from ..models import Model
from ..prepare import complain
from ..redaction import Veiled
from .controls import in_force
from .formmodel import FormModel
from .formview import FormView
from .guard import guarded
from .kit import Kit
from .labels import error_text, model_text, next_step_text
from .pump import Pump, put
from .rows import Bench

if TYPE_CHECKING:
    from pydantic import BaseModel

    from .telling import Change

__all__ = ["Form", "pointer_of"]


def pointer_of(place: Pointer | str) -> Pointer:
    """A place as a pointer: `"prompt"` is the input of that name, `"/loras/0/path"` a JSON Pointer (RFC 6901), a tuple itself.

    In a JSON Pointer a step of digits is an item of a list; a name that begins with `/` is written as a tuple.
    """
    if not isinstance(place, str):
        return tuple(place)
    if not place.startswith("/"):
        return (place,)
    steps = (step.replace("~1", "/").replace("~0", "~") for step in place[1:].split("/"))
    return tuple(int(step) if step.isascii() and step.isdigit() else step for step in steps)


class Form:
    """A form in this cell. Nothing is sent anywhere.

        form = dr.Form({"properties": {"prompt": {"type": "string"}, "seed": {"type": "integer"}}, "required": ["prompt"]})
        form.set("prompt", "a fox")
        form.value                      # {'prompt': 'a fox'}

    Silence is not a value: an optional field nobody touched is not in `value`, and one that is cleared leaves it again.

    Args:
        schema: A JSON Schema of type object, a pydantic class (which then judges the values itself), or a `Model`.
        value: What is filled in at the start.
        language: The language of all text: `en`, `zh-CN`, `zh-TW` or `ja`; the process's own when absent.

    Raises:
        InputError: This is no object schema and no pydantic class.
    """

    def __init__(
        self,
        schema: Mapping[str, object] | type[BaseModel] | Model,
        value: Mapping[str, object] | None = None,
        *,
        language: str | None = None,
    ) -> None:
        self.model = _model_of(schema)
        self.state = FormModel(self.model)
        if value is not None:
            self.state.value = value
        self._kit = Kit(normal(demand_language(language)) if language else current())
        self._pump = Pump(self._paint, self.state.lock, lambda: False)
        self._view: FormView | None = None
        self._root: w.VBox | None = None
        self._notice: w.HTML | None = None
        self._closed = False
        self._unobserve = self.state.observe(guarded(self.state, self._changed))

    # --- values

    @property
    def value(self) -> dict[str, object]:
        """What is filled in: name to JSON value. Setting it replaces all; what it does not name is untouched."""
        return Veiled(self.state.value, self.model.secrets)

    @value.setter
    def value(self, values: Mapping[str, object]) -> None:
        self.state.value = values

    @property
    def draft(self) -> dict[str, object]:
        """Everything there is, those fields included that do not count now; for saving the form."""
        return Veiled(self.state.draft, self.model.secrets)

    def get(self, place: Pointer | str) -> object:
        """What is at a place, `UNSET` where nothing is; see `set` for places."""
        return self.state.get(pointer_of(place))

    def set(self, place: Pointer | str, value: object) -> None:
        """Fill in one place; what is above it is made.

        Args:
            place: `"prompt"`, `"/loras/0/scale"` (JSON Pointer) or `("loras", 0, "scale")`.
            value: A JSON value; `UNSET` makes the place absent.

        Raises:
            InputError: The schema foresees nothing there, or the list has no such item (one behind the last adds one).
        """
        pointer = pointer_of(place)
        self._demand_place(pointer)
        self.state.set(pointer, value)

    def reset(self, place: Pointer | str | None = None) -> None:
        """Return a place, or all of it, to how it was before anybody touched it."""
        self.state.reset(None if place is None else pointer_of(place))

    def observe(self, callback: Callable[[dict[str, object]], None]) -> Callable[[], None]:
        """Call `callback(value)` after every change of the value; returns the function that ends that."""

        def heard(change: Change) -> None:
            if change.kind == "value":
                callback(self.value)

        return self.state.observe(guarded(self.state, heard))

    # --- problems

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that is wrong (`blocking`) or unwise now, shown in the form or not."""
        return self.state.problems

    def check(self) -> dict[str, object]:
        """The value, once nothing is wrong with it; until then every problem is shown beside its field.

        Raises:
            InputError: Something is missing or wrong; `error.problems` has all of it.
        """
        self.state.ask()
        blocking = tuple(problem for problem in self.state.problems if problem.blocking)
        if blocking:
            raise complain(self.model, blocking)
        return self.value

    def report(self, error: InputError) -> None:
        """Show problems that somebody else found, each at its field until that is changed."""
        self.state.fail(error)

    # --- widgets

    @property
    def widget(self) -> w.VBox:
        """The form as an ordinary widget, for a box, a tab or an application."""
        if self._closed:
            raise DarkroomError("This form was closed.", next_step="Make a new one.", key="panel.form.closed")
        if self._root is None:
            kit = self._kit
            self._view = FormView(Bench(self.state, kit, lambda: self._pump.painting, in_force()))
            foot = kit.make(w.HBox, "dr-buttons", children=self._view.buttons)
            self._parts = (kit.head, self._view.root, foot)
            self._root = kit.make(w.VBox, "dr-panel", "dr-form", children=self._parts)
            self._pump.now()  # what was said and asked before anybody looked
        return self._root

    def close(self) -> None:
        """Take the form away; no widget is left. Its values can still be read."""
        self._closed = True
        self._unobserve()
        self._pump.close()
        self._kit.close()
        self._root = self._view = self._notice = None

    def _ipython_display_(self) -> None:
        if self._closed:
            sentence = self._kit.say("panel.form.closed")
            display({"text/plain": sentence, "text/html": tag("em", sentence)}, raw=True)  # type: ignore[no-untyped-call]
            return
        sentence = self._kit.say("panel.form.static", title=model_text(self.model, self._kit.language))
        static = {"text/plain": repr(self), "text/html": tag("p", tag("em", sentence))}
        display({**(self.widget._repr_mimebundle_() or {}), **static}, raw=True)  # type: ignore[no-untyped-call]

    def __repr__(self) -> str:
        return f"<Form {self.model.id} · {len(self.model.fields)} field(s)>"

    # --- inside

    def _changed(self, _change: Change) -> None:
        if self._root is not None:
            self._pump.now()

    def _paint(self) -> None:
        if self._view is not None and self._root is not None:
            below = (*self._trouble(), *self._view.paint())
            put(self._root, children=(*self._parts, *below, *self._kit.more()))

    def _trouble(self) -> tuple[w.Widget, ...]:
        notice = self.state.trouble
        if notice is None:
            return ()
        if self._notice is None:
            self._notice = self._kit.make(w.HTML, "dr-notice")
        step = "" if notice.fields else next_step_text(notice, self._kit.language)
        words = tag("strong", error_text(notice, self._kit.language)), tag("span", step)
        put(self._notice, value=tag("div", *words, role="alert"))
        return (self._notice,)

    def _demand_place(self, pointer: Pointer) -> None:
        for end in range(1, len(pointer) + 1):
            step, above = pointer[end - 1], self.state.get(pointer[: end - 1])
            count = len(above) if isinstance(above, list) else 0
            if isinstance(step, int) and not 0 <= step <= count:
                raise _no_place(pointer)
        above_it = self.state.field(pointer[:-1])
        is_open = above_it is not None and above_it.kind in ("object", "any") and above_it.additional is True
        if not pointer or (self.state.field(pointer) is None and not is_open):
            raise _no_place(pointer)


def _no_place(pointer: Pointer) -> InputError:
    return InputError(f"The form has no place {pointer!r}.", key="error.no_such_place", place=pointer_text(pointer) or '""')


def _model_of(schema: Mapping[str, object] | type[BaseModel] | Model) -> Model:
    if isinstance(schema, Model):
        return schema
    return Model.from_pydantic(schema) if isinstance(schema, type) else Model.from_schema(schema)


