"""What a panel knows: a value, a touch and perhaps unreadable typing for each field; jobs; trouble. No widget in here.

Everything a person or a cell does ends here first, and widgets are painted from here. Silence is not a value: an
optional field nobody touched is not in `value`, a required one with a default is prefilled and sent, clearing an
optional field makes it absent again. Typing that cannot be read (half a number, broken JSON) is kept beside its
problem and is never sent; the last good value is not sent in its place.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from ..errors import BalanceError, DarkroomError, InputError
from ..fields import UNSET, Field, Pointer, Problem
from ..jobs import State
from ..schema import payload, shown
from ..schema.kinds import same as same_json
from ..wire import Blob

if TYPE_CHECKING:
    from ..models import Model
    from ..sync import Job

__all__ = ["Change", "Earlier", "Notice", "PanelModel", "Raw", "live", "same", "uncertain"]


@dataclass(frozen=True, slots=True)
class Raw:
    """Typing that could not be read, word for word, and what is wrong with it."""

    text: str
    problem: Problem


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence for the person, as a language key; `message` and `next_step` are the plain English beside it.

    `fields` names the fields it is about; such a notice, and a `fleeting` one, is over with the next change of a value.
    `asks` marks a question that the next press of Run answers; nothing has gone wrong. `top_up` names the provider
    whose page for topping up shall be linked.
    """

    key: str
    params: Mapping[str, object] = field(default_factory=dict, hash=False)
    message: str = ""
    next_step: str = ""
    fields: tuple[str, ...] = ()
    asks: bool = False
    fleeting: bool = False
    top_up: str = ""


@dataclass(frozen=True, slots=True)
class Earlier:
    """What the journal has from before: jobs of other sessions nobody here follows, and sentences about the journal itself.

    Attributes:
        ids: Our ids of those jobs, the oldest first.
        uncertain: How many of them are uncertain.
        notices: Plain English, as the journal says it; shown word for word.
    """

    ids: tuple[str, ...] = ()
    uncertain: int = 0
    notices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Change:
    """What an observer is told: the kind of news, and for values the names of the fields."""

    kind: Literal["value", "asked", "jobs", "trouble", "earlier"]
    names: frozenset[str] = frozenset()


def same(one: object, other: object) -> bool:
    """Whether two values are the same to a server: as JSON, or as the same file."""
    return same_json(one, other) or (isinstance(one, Blob) and one == other)


def live(job: Job) -> bool:
    """Whether a job is still on its way, fetching its pictures included; not one we stopped looking at."""
    return not job.done and job.error is None


def uncertain(job: Job) -> bool:
    """Whether nobody knows what became of the order, so that a person has to decide."""
    return job.state is State.UNCERTAIN


def _name(pointer: Pointer | str) -> str:
    return pointer if isinstance(pointer, str) else str(pointer[0])


class PanelModel:
    """The state of one panel. Safe from any thread; `set` and `value` are done when they return.

    A field is addressed by its pointer, `("prompt",)`, or by its name. Observers are called on the caller's thread,
    after the lock is released, so they may do anything, ordering a job included.
    """

    def __init__(self, model: Model) -> None:
        self.model = model
        self.lock = threading.RLock()
        self._touched: frozenset[str] = frozenset()
        self._raw: dict[str, Raw] = {}
        self._reported: tuple[Problem, ...] = ()
        self._asked = False
        self._jobs: tuple[Job, ...] = ()
        self._trouble: Notice | None = None
        self._earlier: Earlier | None = None
        self._observers: dict[object, Callable[[Change], None]] = {}
        self._depth = 0
        self._news: list[Change] = []
        self._values: dict[str, object] = self._prefilled()
        self._checked: tuple[Problem, ...] | None = None

    # --- values

    @property
    def value(self) -> dict[str, object]:
        """What Run would send now: prefilled and given values; nothing untouched, nothing that does not count."""
        with self.lock:
            return payload(self.model.root, self.model.rules, self._values)

    @value.setter
    def value(self, values: Mapping[str, object]) -> None:
        with self.editing():
            fresh = {name: value for name, value in values.items() if value is not UNSET}
            self._put_all(self._prefilled() | fresh, frozenset(fresh))

    @property
    def draft(self) -> dict[str, object]:
        """Every value there is, those of hidden fields included; for saving the panel."""
        with self.lock:
            return dict(self._values)

    def get(self, pointer: Pointer | str) -> object:
        """The value of one field, UNSET where there is none."""
        with self.lock:
            return self._values.get(_name(pointer), UNSET)

    def raw(self, pointer: Pointer | str) -> Raw | None:
        """The unreadable typing in a field, if that is what is in it."""
        with self.lock:
            return self._raw.get(_name(pointer))

    def touched(self, pointer: Pointer | str) -> bool:
        """Whether anybody, hand or code, has said something about this field."""
        with self.lock:
            return _name(pointer) in self._touched

    def set(self, pointer: Pointer | str, value: object) -> None:
        """Give a field a value; UNSET clears it."""
        self._write(_name(pointer), value, None)

    def set_raw(self, pointer: Pointer | str, text: str, code: str, **params: object) -> None:
        """Keep typing that cannot be read, with the problem it makes. The field has no value until it is mended."""
        place = (pointer,) if isinstance(pointer, str) else pointer
        self._write(_name(pointer), UNSET, Raw(text, Problem(place, code, params)))

    def clear(self, pointer: Pointer | str) -> None:
        """Make a field absent. It stays touched: a required one now says that it is missing."""
        self._write(_name(pointer), UNSET, None)

    def reset(self, pointer: Pointer | str | None = None) -> None:
        """Return a field, or the whole panel, to how it was before anybody touched it."""
        with self.editing():
            if pointer is None:
                self._put_all(self._prefilled(), frozenset())
                return
            name = _name(pointer)
            values = {key: value for key, value in self._values.items() if key != name}
            prefilled = {key: value for key, value in self._prefilled().items() if key == name}
            raw = {key: value for key, value in self._raw.items() if key != name}
            self._put_all(values | prefilled, self._touched - {name}, raw)

    # --- questions

    @property
    def shown(self) -> frozenset[str]:
        """The names of the fields that count now."""
        with self.lock:
            return shown(self.model.root, self.model.rules, self._values)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """All that is wrong or unwise, in the order of the fields; whether it is shown yet is another question."""
        with self.lock:
            if self._checked is None:
                found = self.model.problems(self._values)
                kept = [problem for problem in found if not self._covered(problem)]
                raws = [raw.problem for raw in self._raw.values()]
                self._checked = tuple(dict.fromkeys([*raws, *kept, *self._reported]))
            return self._checked

    @property
    def can_run(self) -> bool:
        """Whether nothing stands in the way of Run. Advice does not."""
        return not any(problem.blocking for problem in self.problems)

    @property
    def asked(self) -> bool:
        """Whether Run has been pressed since the panel was last untouched."""
        return self._asked

    def visible_problems(self, pointer: Pointer | str) -> tuple[Problem, ...]:
        """The problems to show at a field: none before it is touched or Run is pressed."""
        name = _name(pointer)
        with self.lock:
            if not (self._asked or name in self._touched):
                return ()
            return tuple(found for found in self.problems if found.pointer and str(found.pointer[0]) == name)

    # --- running

    def ask(self) -> None:
        """Run was pressed: from now on every problem shows."""
        with self.editing():
            if not self._asked:
                self._asked = True
                self._news.append(Change("asked"))

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The jobs ordered here or taken in from earlier sessions, oldest first."""
        return self._jobs

    def add_job(self, *jobs: Job) -> None:
        """Remember jobs that were ordered here or taken in; trouble from before is over."""
        with self.editing():
            known = {job.id for job in self._jobs}
            news = [job for job in jobs if job.id not in known]
            self._jobs = tuple(sorted((*self._jobs, *news), key=lambda job: job.record.created))
            self._news.append(Change("jobs"))
            self._say(None)

    @property
    def earlier(self) -> Earlier | None:
        """What there is from before this panel; None where there is nothing, or it was taken in."""
        return self._earlier

    def offer(self, earlier: Earlier | None) -> None:
        """Say what there is from before, or take that away."""
        with self.editing():
            if earlier != self._earlier:
                self._earlier = earlier
                self._news.append(Change("earlier"))

    @property
    def running(self) -> int:
        """How many jobs are still on their way."""
        return sum(live(job) for job in self._jobs)

    @property
    def trouble(self) -> Notice | None:
        """What to tell the person above the jobs, if anything."""
        return self._trouble

    def fail(self, error: DarkroomError) -> None:
        """Show an error: its problems beside their fields, its sentence on the panel."""
        with self.editing():
            if isinstance(error, InputError):
                known = set(self.problems)
                news = [found for found in error.problems if isinstance(found, Problem) and found not in known]
                self._reported, self._checked = (*self._reported, *news), None
                self.ask()
            self._say(self._notice(error))

    def say(self, notice: Notice | None) -> None:
        """Put a sentence on the panel, or take it away."""
        with self.editing():
            self._say(notice)

    # --- telling

    def observe(self, callback: Callable[[Change], None]) -> Callable[[], None]:
        """Call back after every change; returns the function that ends it."""
        ticket = object()
        self._observers[ticket] = callback
        return lambda: self._observers.pop(ticket, None) and None

    @contextlib.contextmanager
    def editing(self) -> Iterator[None]:
        """Hold the lock for several steps; observers hear once, after the outermost block, without the lock."""
        news: list[Change] = []
        try:
            with self.lock:
                self._depth += 1
                try:
                    yield
                finally:
                    self._depth -= 1
                    if not self._depth:
                        news, self._news = self._news, []
        finally:
            for change in _merged(news):
                for callback in list(self._observers.values()):
                    callback(change)

    # --- inside

    def _prefilled(self) -> dict[str, object]:
        starts = {found.name: _start(found) for found in self.model.fields if found.required}
        return {name: value for name, value in starts.items() if value is not UNSET}

    def _write(self, name: str, value: object, raw: Raw | None) -> None:
        with self.editing():
            before = self._values.get(name, UNSET)
            if name in self._touched and same(before, value) and self._raw.get(name) == raw:
                return
            self._values.pop(name, None)
            self._raw.pop(name, None)
            if value is not UNSET:
                self._values[name] = value
            if raw is not None:
                self._raw[name] = raw
            self._touched |= {name}
            self._changed({name})

    def _put_all(self, values: dict[str, object], touched: frozenset[str], raw: dict[str, Raw] | None = None) -> None:
        names = values.keys() | self._values.keys() | self._raw.keys() | touched ^ self._touched
        news = {name for name in names if not self._unchanged(name, values, touched, raw or {})}
        self._values, self._touched, self._raw = values, touched, raw or {}
        if not touched and self._asked:
            self._asked = False
            self._news.append(Change("asked"))
        if news:
            self._changed(news)

    def _unchanged(self, name: str, values: Mapping[str, object], touched: AbstractSet[str], raw: Mapping[str, Raw]) -> bool:
        return (
            same(values.get(name, UNSET), self._values.get(name, UNSET))
            and (name in touched) == (name in self._touched)
            and raw.get(name) == self._raw.get(name)
        )

    def _changed(self, names: AbstractSet[str]) -> None:
        self._checked = None
        self._reported = tuple(p for p in self._reported if not (p.pointer and str(p.pointer[0]) in names))
        self._news.append(Change("value", frozenset(names)))
        if self._trouble is not None and (self._trouble.fields or self._trouble.fleeting):
            self._say(None)

    def _covered(self, problem: Problem) -> bool:
        """Unreadable typing is the one problem of its field; that the value is missing then goes without saying."""
        return bool(problem.pointer) and str(problem.pointer[0]) in self._raw

    def _notice(self, error: DarkroomError) -> Notice:
        names = {str(found.pointer[0]) for found in self.problems if found.blocking and found.pointer}
        fields = tuple(field.name for field in self.model.fields if field.name in names)
        if isinstance(error, InputError) and fields:
            return Notice("panel.look_at", {}, error.message, error.next_step, fields)
        top_up = self.model.provider or "" if isinstance(error, BalanceError) else ""
        return Notice(error.key, error.params, error.message, error.next_step, top_up=top_up)

    def _say(self, notice: Notice | None) -> None:
        if notice != self._trouble:
            self._trouble = notice
            self._news.append(Change("trouble"))


def _start(found: Field) -> object:
    """What a required field holds before anybody touches it: its default, or the one thing it may be."""
    if found.default is UNSET and found.is_constant:
        return found.choices[0].value
    return found.default


def _merged(news: list[Change]) -> list[Change]:
    """One change of each kind, in the order of their first mention."""
    kinds = dict.fromkeys(change.kind for change in news)
    return [Change(kind, frozenset().union(*(c.names for c in news if c.kind == kind))) for kind in kinds]
