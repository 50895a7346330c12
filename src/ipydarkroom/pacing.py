"""When to ask again, and when to stop: pure functions of attempt, age and chance.

Every number here is a promise to somebody: to the provider (Kie allows 10 detail calls a second and advises 2-3 s,
then 5-10 s, then 15-30 s; RunComfy's own tools poll every 2-5 s), or to the person who waits.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["HOSTED", "LOCAL", "Pace"]


@dataclass(frozen=True, slots=True)
class Pace:
    """The rhythm of one kind of host. Times in seconds.

    `steps` pairs an age with the pause between two looks from that age on. `grace` is how long a fresh job may be
    unknown to its own provider. `deadline` ends the watching, never the job. `tries` counts sends of an order that
    provably never left.
    """

    steps: tuple[tuple[float, float], ...]
    grace: float = 90.0
    deadline: float = 3600.0
    tries: int = 3
    first_backoff: float = 0.5
    longest_backoff: float = 30.0

    def pause(self, age: float, chance: float) -> float:
        """How long to wait before the next look at a job of this age; `chance` in 0..1 spreads a crowd by ±15 %."""
        step = next((pause for start, pause in reversed(self.steps) if age >= start), self.steps[0][1])
        return step * (0.85 + 0.3 * chance)

    def backoff(self, failures: int, chance: float) -> float:
        """How long to wait after the n-th failure in a row (from 1): doubling, capped, never in step with others."""
        wish = min(self.longest_backoff, self.first_backoff * float(2 ** min(failures - 1, 16)))
        return wish * (0.5 + 0.5 * chance)


HOSTED = Pace(steps=((0, 1.5), (10, 2.5), (30, 5.0), (120, 15.0)))
LOCAL = Pace(steps=((0, 0.2), (30, 0.5)), grace=5.0, first_backoff=0.05, longest_backoff=1.0)
