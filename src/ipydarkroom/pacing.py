"""When to ask again, and when to stop: pure functions of attempt, age, chance and what earlier jobs took.

Every number here is a promise to somebody: to the provider (Kie allows 10 detail calls a second and advises 2-3 s,
then 5-10 s, then 15-30 s; RunComfy's own tools poll every 2-5 s), or to the person who waits.
"""

from __future__ import annotations

import math
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

__all__ = ["HOSTED", "LOCAL", "Expected", "Limits", "Pace", "RetryQuota", "Window", "expect", "retry_after", "usual"]

_LONGEST_HOLD = 120.0  # seconds; a server that asks for more is asked again then
_LOOKS_PER_SECOND = 400.0  # of one client, a third of a core: a larger crowd looks less often, job by job
_LONGEST_PAUSE = 30.0  # seconds between two looks, whatever earlier jobs seem to have taken
_FEWEST = 3  # ended jobs of a model from which on their times are believed
_PLENTY = 30  # so many tell enough, however many others are on their way


@dataclass(frozen=True, slots=True)
class Limits:
    """What a provider documents that one key may ask: `(number, seconds)`, None where nothing is documented.

    `creates` counts orders, `looks` status calls. `least_pause` is the shortest advised time in seconds between two
    looks at one job.
    """

    creates: tuple[int, float] | None = None
    looks: tuple[int, float] | None = None
    least_pause: float = 0.0


@dataclass(frozen=True, slots=True)
class Expected:
    """When jobs of a model usually end, in seconds after the order: hardly any before `soon`, most before `late`."""

    soon: float
    late: float


def expect(durations: Sequence[float], *, crowd: int = 1) -> Expected | None:
    """What earlier jobs of a model took, as an expectation; None when there were too few to tell.

    Args:
        durations: Of the newest ones, in seconds.
        crowd: How many jobs are on their way now. The first of a crowd to end are its quick ones and say nothing about
            the others; believed, they would have these looked at much too often.
    """
    took = sorted(seconds for seconds in durations if seconds > 0)
    if len(took) < max(_FEWEST, min(crowd, _PLENTY)):
        return None
    return Expected(0.85 * took[len(took) // 10], took[math.ceil(0.9 * (len(took) - 1))])


def usual(durations: Sequence[float]) -> float | None:
    """How many seconds a job of a model usually takes, for the person who waits: the middle of those; None of too few."""
    took = sorted(seconds for seconds in durations if seconds > 0)
    return None if len(took) < _FEWEST else took[len(took) // 2]


@dataclass(frozen=True, slots=True)
class Pace:
    """The rhythm of one kind of host. Times in seconds.

    `steps` pairs an age with the pause between two looks from that age on. `grace` is how long a fresh job may be
    unknown to its own provider. `deadline` ends the watching, never the job. `tries` counts sends of an order that
    provably never left; `patience` is how long an order refused for now (Kie's 429) is offered again. `longest_hold` is
    how long a server's wish to be left alone is kept at most; it is asked again then.
    """

    steps: tuple[tuple[float, float], ...]
    grace: float = 90.0
    deadline: float = 3600.0
    tries: int = 3
    patience: float = 300.0
    first_backoff: float = 0.5
    longest_backoff: float = 30.0
    longest_hold: float = 120.0

    def pause(self, age: float, chance: float, *, expected: Expected | None = None, crowd: int = 1, least: float = 0.0) -> float:
        """How long to wait before the next look at a job.

        Args:
            age: Seconds since the order.
            chance: 0..1; spreads a crowd by ±15 %.
            expected: When jobs of this model usually end, where earlier ones tell.
            crowd: How many jobs are followed at this host.
            least: The shortest pause the provider advises.
        """
        step = next((pause for start, pause in reversed(self.steps) if age >= start), self.steps[0][1])
        if expected is not None:
            step = _towards(expected, age, step)
        step = max(step, least, crowd / _LOOKS_PER_SECOND)
        return step * (0.85 + 0.3 * chance)

    def backoff(self, failures: int, chance: float) -> float:
        """How long to wait after the n-th failure in a row (from 1): doubling, capped, never in step with others."""
        wish = min(self.longest_backoff, self.first_backoff * float(2 ** min(failures - 1, 16)))
        return wish * (0.5 + 0.5 * chance)


# Hardly a hosted job ends within 4 s, and where a model's do, `expect` soon knows it; the looks saved there pay for
# those from 4 to 20 s, where most jobs end: half a pause late on average.
HOSTED = Pace(steps=((0, 2.0), (4, 0.7), (20, 2.0), (60, 4.0), (180, 10.0), (600, 15.0)))
LOCAL = Pace(steps=((0, 0.2), (30, 0.5)), grace=5.0, first_backoff=0.05, longest_backoff=1.0, longest_hold=1.0)


def _towards(expected: Expected, age: float, step: float) -> float:
    """Rarely before the first is likely to end, fourteen times while they do, by age again when this one is late.

    A job whose end was seen the next morning seems to have taken all night; it may mislead, but not for long.
    """
    if age < expected.soon:
        ahead = expected.soon - age
        patient = max(step, 2.5, min(ahead / 3, age, _LONGEST_PAUSE))  # never later than the time already waited
        return min(ahead, patient) if age > 0 else min(step, ahead)
    if age <= expected.late:
        return min(max((expected.late - expected.soon) / 14, 0.2), max(step, 2.0))
    return step


def retry_after(headers: Mapping[str, str], now: float) -> float | None:
    """The seconds a server asks us to wait (RFC 9110, 10.2.3), from 0 to 120; None where it asks for nothing readable.

    ASCII digits or an HTTP date, nothing else: `nan`, `1e9`, Arabic digits and an empty text are no numbers of seconds.

    Args:
        headers: With lower-case names.
        now: Seconds since the epoch, for a date.
    """
    said = headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said[:9]), _LONGEST_HOLD)
    from email.utils import parsedate_to_datetime  # loaded late: it brings the whole of mail, for a header that is rare

    try:
        wanted = parsedate_to_datetime(said).timestamp() - now
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return min(max(wanted, 0.0), _LONGEST_HOLD)


class Window:
    """A true sliding window: at most `number` in any `seconds`. A token bucket of 20 per 10 s lets 39 through.

    Safe from any thread.

    Args:
        number: How many.
        seconds: In how long.
    """

    def __init__(self, number: int, seconds: float) -> None:
        self._number = number
        self._seconds = seconds
        self._taken: deque[float] = deque()
        self._lock = threading.Lock()

    def take(self, now: float) -> float:
        """Take a place and return 0.0; or take none and return the seconds until one is free."""
        with self._lock:
            while self._taken and self._taken[0] <= now - self._seconds:
                self._taken.popleft()
            if len(self._taken) < self._number:
                self._taken.append(now)
                return 0.0
            return self._taken[0] + self._seconds - now

    def fill(self, now: float) -> None:
        """The server says that it is full: nobody else goes in before a whole window has passed."""
        with self._lock:
            self._taken.clear()
            self._taken.extend([now] * self._number)


class RetryQuota:
    """How many quick repeats a host may get, so that an outage is not made worse: a few at first, then one in ten.

    With it the requests of a crowd in a full outage stay below 1.2 times what they would have been.
    """

    def __init__(self, start: float = 10.0, share: float = 0.1) -> None:
        self._left = self._most = start
        self._share = share

    def earn(self) -> None:
        """A first try went out."""
        self._left = min(self._most, self._left + self._share)

    @property
    def empty(self) -> bool:
        """True when no quick repeat would be allowed now."""
        return self._left < 1

    def spend(self) -> bool:
        """Whether a quick repeat is allowed; if so, it is counted."""
        if self.empty:
            return False
        self._left -= 1
        return True
