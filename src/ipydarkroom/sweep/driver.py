"""Orders the cells of a sweep, a few at a time, and follows their jobs. It runs on the client's own loop.

A cell is never paid for twice: what the journal has of its order is taken first, by fingerprint, as `dr.run` does it, and a
new order is written only if nobody, in this kernel or another, was quicker. An order whose answer was lost has its cell for
good. What failed is ordered again by itself only where that cannot be a second payment, and only when a sweep is made anew.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..errors import AlreadyOrdered, DarkroomError, InputError
from ..jobs import State
from ..providers import get_provider
from ..track import spawn
from .asking import Plan, planned
from .cells import Cell, whole
from .progress import Progress, Pulse, counted

if TYPE_CHECKING:
    from ..budget import Estimate
    from ..client import AsyncClient
    from ..handle import AsyncJob
    from ..jobs import JobRecord
    from .grid import Grid

__all__ = ["Driver", "Phase"]

Phase: TypeAlias = Literal["ready", "going", "paused", "stopped", "over"]
"""`ready`: nothing was ordered yet. `paused`: nothing more is ordered, what is on its way goes on. `stopped`: the same, and
what had not begun was taken back. `over`: every cell has ended."""

_IN_A_ROW = 5  # so many failures without one success: whatever it is, the next one would meet it too
_STOPS_ALL = frozenset({"AuthError", "BalanceError", "SpendingForbidden", "StorageError"})  # and would stop every other order as well
_TRIES = 5  # of a cell that others keep ordering in the very moment we look away


class Driver:
    """The doing behind one sweep. Make it, and call it, on the client's loop; `cells`, `phase` and `trouble` may be read anywhere.

    Args:
        client: Who orders.
        grid: What.
        fingerprints: How the journal recognises the order of each cell; see `AsyncClient.fingerprint`.
        local: Where, as for `AsyncClient.submit`.
        confirm: Agree to orders of unknown price under a budget in money.
        at_once: The most jobs on their way at one time.
        clock: Seconds on a clock that never goes back.

    Attributes:
        cells: In the order of the sweep, the last axis running fastest.
        phase: See `Phase`.
        trouble: Why it paused by itself, if it did.
        failed_in_a_row: Whether that was because one job after the other failed.
    """

    def __init__(
        self, client: AsyncClient, grid: Grid, fingerprints: Sequence[str], *, local: bool | None = None, confirm: bool = False,
        at_once: int = 4, clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.grid = grid
        self.route = client.route(grid.model, local=local)
        self.confirm = confirm
        self.phase: Phase = "ready"
        self.trouble: DarkroomError | None = None
        self.failed_in_a_row = False
        self._client = client
        self._local = local
        self._at_once = at_once
        self._clock = clock
        self._most: dict[int, Estimate] = {}
        self._held: set[str] = set()
        self._ended: set[int] = set()
        self._row = 0
        self._pulse = Pulse()
        self._news = asyncio.Event()
        self._observers: list[Callable[[], None]] = []
        self._task: asyncio.Task[None] | None = None
        self._closed = False
        self.cells = tuple(
            Cell(number, place, grid.inputs(place), order)
            for number, (place, order) in enumerate(zip(grid.places, fingerprints, strict=True))
        )
        for cell in self.cells:
            self._look(cell)
        if not any(cell.status in ("waiting", "live") for cell in self.cells):
            self.phase = "over"

    # --- what anybody may ask ---

    @property
    def progress(self) -> Progress:
        """How far it is."""
        pace = self._pulse.per_second(self._clock()) if self.phase == "going" else None
        return counted([(cell.status, cell.reused) for cell in self.cells], pace)

    @property
    def active(self) -> bool:
        """Whether anything goes on: orders to be placed, or jobs on their way."""
        return self.phase == "going" or any(cell.status == "live" for cell in self.cells)

    def plan(self, *, paid: bool) -> Plan:
        """What would be ordered now."""
        missing = [cell for cell in self.cells if cell.status == "waiting"]
        for cell in missing:
            if cell.number not in self._most:  # asked once: a plan is drawn four times a second
                self._most[cell.number] = self._client.estimate(self.grid.model, cell.inputs, local=self._local)
        return planned(len(self.cells), [self._most[cell.number] for cell in missing], paid=paid)

    def observe(self, observer: Callable[[], None]) -> Callable[[], None]:
        """Call back after every change, on the loop's thread; returns the function that ends it."""
        self._observers.append(observer)

        def end() -> None:
            with suppress(ValueError):
                self._observers.remove(observer)

        return end

    # --- what a person may do ---

    def go(self) -> None:
        """Begin, or go on after a pause or a stop. What a stop took back is ordered again; it has cost nothing."""
        if self._closed or self.phase == "over":
            return
        for cell in self.cells:
            if self.phase == "stopped" and cell.status == "cancelled" and not cell.may_be_paid:
                self._free(cell)
        self.trouble, self.failed_in_a_row, self._row = None, False, 0
        self.phase = "going"
        self._pulse.begin(self._clock())
        if self._task is None or self._task.done():
            self._task = spawn(self._run, self._broken)
        self._tell()

    def pause(self) -> None:
        """Order nothing more for now. What is on its way goes on."""
        if self.phase == "going":
            self.phase = "paused"
            self._tell()

    def stop(self) -> None:
        """Order nothing more, and take back what has not begun yet. What is being worked on comes to its end."""
        if self.phase not in ("going", "paused"):
            return
        self.phase = "stopped"
        for cell in self.cells:
            job = cell.job
            if job is not None and cell.status == "live" and not cell.reused and self._can_be_taken_back(job):
                spawn(lambda job=job: _cancelled(job), lambda _: None)  # type: ignore[misc]  # bound now
        self._tell()

    def again(self) -> None:
        """Order anew what failed, and go on. It was asked for by a person: what failed may have been paid for."""
        for cell in self.cells:
            if cell.status == "unwatched" and cell.job is not None:
                cell.job.follow()  # it is there, or on its way: nothing to order
                self._ended.discard(cell.number)
            elif cell.status in ("failed", "cancelled", "gone"):
                self._free(cell)
        if self.phase == "over":
            self.phase = "paused"
        self.go()

    async def settled(self) -> None:
        """Wait until nothing goes on any more: it is over, or it was paused or stopped and every job has ended."""
        while self.active:
            self._news.clear()
            await self._news.wait()

    def close(self) -> None:
        """Order and watch nothing more. Jobs go on; the client follows them."""
        self._closed = True
        if self.phase == "going":
            self.phase = "paused"
        if self._task is not None:
            self._task.cancel()
        for cell in self.cells:
            cell.leave()
        self._tell()
        self._observers.clear()

    # --- within ---

    def _look(self, cell: Cell) -> None:
        """Take what the journal has; of what failed, only what may have been paid for, so that a person decides."""
        found = self._found(cell)
        if found is None:
            bad = [job for job in self._client.made_before(cell.fingerprint, failed=True) if job.id not in self._held]
            bad = [job for job in bad if job.state.is_terminal and job.state is not State.SUCCEEDED]
            found = next((job for job in reversed(bad) if job.charged != "no" and not job.record.is_local), None)
        if found is not None:
            self._take(cell, found, reused=True)

    def _found(self, cell: Cell) -> AsyncJob | None:
        """A job of this order that no other cell has; one whose files are still there comes first."""
        free = [job for job in self._client.made_before(cell.fingerprint) if job.id not in self._held]
        return next((job for job in free if whole(job)), next(iter(free), None))

    async def _run(self) -> None:
        while self.phase == "going":
            self._news.clear()
            waiting = next((cell for cell in self.cells if cell.status == "waiting"), None)
            live = sum(cell.status == "live" for cell in self.cells)
            if waiting is None and not live:
                self.phase = "over"
                self._tell()
            elif waiting is not None and live < self._at_once:
                await self._order(waiting)
            else:
                await self._news.wait()

    async def _order(self, cell: Cell) -> None:
        try:
            self._demand_same_place()
            found, reused = await self._find_or_order(cell)
        except InputError as error:  # a file that was there when the sweep was made, say; the others may still be
            cell.error = error
            self._end(cell)
            self._tell()
        except DarkroomError as error:
            self._halt(error)
        else:
            self._take(cell, found, reused=reused)
            self._tell()

    async def _find_or_order(self, cell: Cell) -> tuple[AsyncJob, bool]:
        for _ in range(_TRIES):
            found = self._found(cell)
            if found is not None and whole(found):
                return found, True
            known = len(self._client.made_before(cell.fingerprint))
            with suppress(AlreadyOrdered):
                made = await self._client.order_missing(
                    self.grid.model, cell.inputs, known=known, local=self._local, confirm=self.confirm,
                )
                return made, False
        raise AlreadyOrdered("Somebody else orders the same all the time.", next_step="Look at client.jobs().")

    def _take(self, cell: Cell, job: AsyncJob, *, reused: bool) -> None:
        cell.job, cell.reused, cell.error = job, reused, None
        cell.gone = reused and not whole(job)
        self._held.add(job.id)
        cell.unwatch = job.watch(lambda record: self._heard(cell, record))
        if cell.status == "live":
            job.follow()
        elif not reused:
            self._end(cell)
        else:
            self._ended.add(cell.number)  # it tells nothing of the pace

    def _free(self, cell: Cell) -> None:
        cell.leave()
        cell.job, cell.error, cell.reused, cell.gone = None, None, False, False
        self._ended.discard(cell.number)

    def _heard(self, cell: Cell, record: JobRecord) -> None:
        if cell.status not in ("live", "waiting"):
            self._end(cell)
            trouble = record.trouble
            if trouble is not None and trouble.kind in _STOPS_ALL and cell.trouble is not None:
                self._halt(cell.trouble)
        self._tell()

    def _end(self, cell: Cell) -> None:
        if cell.number in self._ended:
            return
        self._ended.add(cell.number)
        self._pulse.end(self._clock())
        self._row = 0 if cell.status == "done" else self._row + 1
        waits = any(each.status == "waiting" for each in self.cells)
        if self._row >= _IN_A_ROW and waits and self.phase == "going":
            self.failed_in_a_row = True
            self.pause()

    def _halt(self, error: DarkroomError) -> None:
        """Order nothing more: what stopped this one would stop every other too."""
        if self.phase == "going":
            self.phase, self.trouble = "paused", error
        self._tell()

    def _demand_same_place(self) -> None:
        now = self._client.route(self.grid.model, local=self._local)
        if (now.origin, now.backend) != (self.route.origin, self.route.backend):
            raise DarkroomError(
                "Jobs of this model would run elsewhere now than when this sweep was made.",
                next_step="Run its cell again.", key="error.sweep_moved",
            )

    def _can_be_taken_back(self, job: AsyncJob) -> bool:
        """Whether it has not begun, and can be stopped: where a provider cannot, asking would only end our watching."""
        if job.state is State.PLANNED:
            return True
        offered = get_provider(job.provider).cancel(job.remote_id or "-", job.model) is not None
        return offered and job.state in (State.SUBMITTING, State.QUEUED)

    def _broken(self, error: Exception) -> None:
        said = f"The sweep stopped by an internal error: {type(error).__name__}."
        self._halt(error if isinstance(error, DarkroomError) else DarkroomError(said))

    def _tell(self) -> None:
        self._news.set()
        for observer in tuple(self._observers):
            observer()


async def _cancelled(job: AsyncJob) -> None:
    await job.cancel()
