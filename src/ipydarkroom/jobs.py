"""A job's life as a table, and the record that lives it.

Rule 1: every change of state is in TRANSITIONS, and `advance` is the only function that makes one.
Rule 2: this file does not know which provider it is, what time it is, or how anything is sent.

`uncertain` is the state that protects money: the order left and no answer came. Only a look-up or a person ends it.
Terminal states are sticky: whatever arrives later (a late callback, a status that runs backwards) changes nothing.
"""

from __future__ import annotations

import enum
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from .redaction import Veiled, masked_text
from .wire import Output

if TYPE_CHECKING:
    from .fields import Pointer

__all__ = [
    "TERMINAL", "TRANSITIONS", "Accepted", "Cancelled", "Charged", "Event", "Failed", "Finished", "Held", "JobRecord", "Kept",
    "Orphaned", "Progress", "Queued", "Rejected", "Relinked", "Saved", "Sending", "State", "Trouble", "Unsent",
    "advance", "new_job_id",
]

Charged: TypeAlias = Literal["no", "maybe", "yes"]
Backend: TypeAlias = Literal["remote", "local-process", "local-url"]


class State(enum.StrEnum):
    """Where a job stands, in our eight words; the provider's own word is beside it in `JobRecord.word`."""

    PLANNED = "planned"  # the intent is on disk; nothing has left
    SUBMITTING = "submitting"  # bytes may be leaving right now
    UNCERTAIN = "uncertain"  # they left, and no answer came
    QUEUED = "queued"
    RUNNING = "running"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_terminal(self) -> bool:
        """True when nothing more will happen to the job."""
        return self in TERMINAL


TERMINAL = frozenset({State.SUCCEEDED, State.FAILED, State.CANCELLED})


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a job ended badly: the name of the error class in `errors`, a sentence, the provider's code, a next step.

    `about` is what the provider says of single inputs, place and words, where it does.
    """

    kind: str
    message: str
    code: str = ""
    next_step: str = ""
    about: tuple[tuple[Pointer, str], ...] = ()

    def __post_init__(self) -> None:
        """A provider may quote a signed link; it is cut here, before anybody can raise, show, log or store it."""
        object.__setattr__(self, "message", masked_text(self.message))
        object.__setattr__(self, "about", tuple((tuple(place), masked_text(said)) for place, said in self.about))


# --- Events: what can be learnt about a job. Past participles, as they have already happened. ---


@dataclass(frozen=True, slots=True)
class Sending:
    """We are about to let the order go."""


@dataclass(frozen=True, slots=True)
class Held:
    """This try made no job, proven or documented; the same order goes again later."""


@dataclass(frozen=True, slots=True)
class Unsent:
    """Proven: the order never left (no connection), so nothing is charged."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Rejected:
    """The provider refused the order: there is no job and nothing is charged."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Orphaned:
    """The order left and the answer is missing or unusable."""

    trouble: Trouble


@dataclass(frozen=True, slots=True)
class Accepted:
    """The provider took the order and named it."""

    remote_id: str


@dataclass(frozen=True, slots=True)
class Queued:
    """Waiting at the provider; `position` counts the jobs ahead where the provider tells it."""

    word: str
    position: int | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """At work, or in a state we do not know; `fraction` is 0..1 where the provider tells it."""

    word: str
    fraction: float | None = None


@dataclass(frozen=True, slots=True)
class Finished:
    """The provider has results: links that expire. `cost` is in the provider's unit (USD, or credits), `usd` in USD."""

    word: str
    outputs: tuple[Output, ...]
    cost: float | None = None
    note: str = ""  # a sentence from the server about the result, e.g. that an input was replaced
    usd: float | None = None


@dataclass(frozen=True, slots=True)
class Relinked:
    """The provider named its results again: fresh links for the files that are not here yet."""

    outputs: tuple[Output, ...]


@dataclass(frozen=True, slots=True)
class Saved:
    """One result file is on disk, verified."""

    kept: Kept


@dataclass(frozen=True, slots=True)
class Failed:
    """The provider gave up after accepting the order. `charged` is what we know of the bill."""

    word: str
    trouble: Trouble
    charged: Charged = "maybe"


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The provider confirms that the job was cancelled before any work, or the order never left."""

    word: str


Event: TypeAlias = (
    Sending | Held | Unsent | Rejected | Orphaned | Accepted | Queued | Progress | Finished | Relinked | Saved | Failed | Cancelled
)

_S = State
_ENDS: dict[type, State] = {Finished: _S.SUCCEEDED, Failed: _S.FAILED, Cancelled: _S.CANCELLED}

TRANSITIONS: dict[State, dict[type, State]] = {
    _S.PLANNED: {Sending: _S.SUBMITTING, Rejected: _S.FAILED, Unsent: _S.FAILED, Cancelled: _S.CANCELLED},
    _S.SUBMITTING: {
        Accepted: _S.QUEUED, Unsent: _S.FAILED, Rejected: _S.FAILED,
        Orphaned: _S.UNCERTAIN, Held: _S.PLANNED,  # Held: only after proof that nothing was placed
    },
    _S.UNCERTAIN: {Accepted: _S.QUEUED, Failed: _S.FAILED},  # a look-up or a person decides
    _S.QUEUED: {Queued: _S.QUEUED, Progress: _S.RUNNING, **_ENDS},
    _S.RUNNING: {Progress: _S.RUNNING, Queued: _S.RUNNING, **_ENDS},  # a status may run backwards; we do not
    _S.SUCCEEDED: {Saved: _S.SUCCEEDED, Relinked: _S.SUCCEEDED},
    _S.FAILED: {},
    _S.CANCELLED: {},
}


@dataclass(frozen=True, slots=True)
class Kept:
    """One result file in our keeping. `path` is absolute; `width` and `height` are pixels, 0 for video and audio."""

    index: int
    path: str
    mime: str
    sha256: str
    size: int
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True)
class JobRecord:
    """Everything known about one job at one moment; each event makes a new record.

    Times are seconds since the epoch on our own clock, 0.0 where not reached. `inputs` is what is sent, with files
    as name and hash. `outputs` are the provider's links, `kept` our copies of them. `cost` is in the provider's unit.
    `pictures` is the most pictures the order may make, `usd` the most it may cost in USD and, once known, what it did
    cost; both None where unknown. `budget` names the budget it counts against. `owner` drives the job until `lease`.
    """

    id: str
    provider: str
    origin: str
    backend: Backend
    model: str
    inputs: Mapping[str, object] = field(repr=False)
    fingerprint: str = ""
    account: str = ""
    remote_id: str = ""
    state: State = State.PLANNED
    word: str = ""
    position: int | None = None
    fraction: float | None = None
    created: float = 0.0
    sent: float = 0.0
    started: float = 0.0
    finished: float = 0.0
    cost: float | None = None
    charged: Charged = "no"
    note: str = ""
    pictures: int | None = None
    usd: float | None = None
    budget: str = ""
    owner: str = ""
    lease: float = 0.0
    trouble: Trouble | None = None
    outputs: tuple[Output, ...] = field(default=(), repr=False)
    kept: tuple[Kept, ...] = ()

    def __post_init__(self) -> None:
        """What a provider says is shown in many places, and may quote a signed link; it is cut before the first."""
        if not isinstance(self.inputs, Veiled):
            object.__setattr__(self, "inputs", Veiled(self.inputs))
        for name in ("note", "word"):
            if said := getattr(self, name):
                object.__setattr__(self, name, masked_text(said))

    @property
    def is_local(self) -> bool:
        """True when no paid host is involved."""
        return self.backend != "remote"

    def elapsed(self, now: float) -> float:
        """Seconds from the order to the end, or to `now` while it goes on."""
        return max(0.0, (self.finished or now) - (self.sent or self.created))


def new_job_id(now: float, chance: int) -> str:
    """A UUID version 7 (RFC 9562): it sorts by time, in the journal and in a folder of pictures.

    Args:
        now: Seconds since the epoch.
        chance: At least 74 random bits.
    """
    value = (int(now * 1000) & (2**48 - 1)) << 80 | 0x7 << 76 | (chance >> 62 & 0xFFF) << 64
    return str(uuid.UUID(int=value | 0b10 << 62 | chance & (2**62 - 1)))


def advance(record: JobRecord, event: Event, now: float) -> JobRecord:
    """Return the record as it is after `event`; the same object when the event changes nothing.

    An event the table does not know for this state is ignored, not an error: answers arrive late, twice and out of
    order, and none of that may undo what is already certain.
    """
    state = TRANSITIONS[record.state].get(type(event))
    if state is None:
        return record
    changed = replace(record, state=state, **_news(record, event, now))
    return record if changed == record else changed


def _news(record: JobRecord, event: Event, now: float) -> dict[str, Any]:
    """Which columns an event fills; Any, as each column has a type of its own."""
    unpaid: Charged = "no"
    match event:
        case Sending():
            return {"sent": now, "charged": _bill(record, "maybe")}  # until an answer says otherwise
        case Held():
            return {"charged": unpaid}
        case Unsent(trouble) | Rejected(trouble):
            return {"trouble": trouble, "finished": now, "charged": unpaid, "usd": 0.0}
        case Orphaned(trouble):
            return {"trouble": trouble, "charged": _bill(record, "maybe")}
        case Accepted(remote_id):
            return {"remote_id": remote_id, "trouble": None, "charged": _bill(record, "maybe")}
        case Queued(word, position):
            return {"word": word, "position": position}
        case Progress(word, fraction):
            return {"word": word, "fraction": fraction, "position": None, "started": record.started or now}
        case Finished(word, outputs, cost, note, usd):
            return {
                "usd": record.usd if usd is None or usd < 0 else usd,  # a negative price would give budget back
                "word": word, "outputs": outputs, "cost": cost, "note": note, "position": None, "fraction": 1.0,
                "started": record.started or now, "finished": now, "charged": _bill(record, "yes"),
            }
        case Relinked(outputs):  # files we have keep their place: only as many links as before can be the same files
            return {"outputs": outputs} if len(outputs) == len(record.outputs) else {}
        case Saved(kept):
            others = tuple(k for k in record.kept if k.index != kept.index)
            return {"kept": tuple(sorted((*others, kept), key=lambda k: k.index))}
        case Failed(word, trouble, charged):
            return {
                "word": word or record.word, "trouble": trouble, "finished": now, "position": None,
                "charged": _bill(record, charged), "usd": record.usd if _bill(record, charged) != "no" else 0.0,
            }
        case Cancelled(word):  # one that was seen at work may have cost something
            charged = _bill(record, "maybe" if record.started else "no")
            usd = record.usd if charged != "no" else 0.0
            return {"word": word, "finished": now, "position": None, "charged": charged, "usd": usd}


def _bill(record: JobRecord, charged: Charged) -> Charged:
    """The local backend never charges."""
    return "no" if record.is_local else charged
