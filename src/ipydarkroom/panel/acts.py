"""What widgets ask of the panel they are in: one bundle, so that a line or a button knows nothing of the panel itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..exporting import Exported
    from ..markup import Markup
    from ..sync import Job
    from .jobline import JobLine
    from .kit import Kit
    from .rows import Bench
    from .sweep import Sweep

__all__ = ["Acts"]


@dataclass(frozen=True)
class Acts:
    """Every one may be called on a widget's callback, and returns at once.

    Attributes:
        banner: Where jobs of this panel would run now, and what is left to spend.
        label: What Run says: the most it may make and cost.
        run: Run was pressed.
        stop: The button of a job's line was pressed.
        take_in: The earlier jobs are wanted on this panel.
        follow: A job that was ordered from a line gets a line of its own.
        aside: Do blocking work where it blocks neither a cell nor the loop, after so many seconds; paint before and after.
        guard: Do something with the panel's edge around it.
        paint: Bring the panel in line at once.
        painting: Whether a paint is under way.
        passing: Whether, and why, this machine is forgotten when one leaves; see `Settings.passing`.
        pack: Makes a zip of everything in the journal.
        bench: What the rows of the form share, with widgets of this workshop.
        sweep: Make a sweep of these inputs, where this panel's jobs run.
    """

    banner: Callable[[], Markup]
    label: Callable[[], str]
    run: Callable[[], object]
    stop: Callable[[JobLine], None]
    take_in: Callable[[], None]
    follow: Callable[[Job], None]
    aside: Callable[[Callable[[], None], float], None]
    guard: Callable[[Callable[[], None]], None]
    paint: Callable[[], None]
    painting: Callable[[], bool]
    passing: str
    pack: Callable[[], Exported]
    bench: Callable[[Kit], Bench]
    sweep: Callable[[Mapping[str, object]], Sweep]
