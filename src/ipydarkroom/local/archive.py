"""Which jobs the local backend remembers, and for how long: the newest ones, as a provider's results expire too."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .shelf import Shelf
    from .tasks import Task

__all__ = ["Archive"]

_KEPT_TASKS = 500
_KEPT_BYTES = 2 * 2**30  # of finished pictures; a client fetches them the moment they are there


class Archive:
    """All jobs by id. Finished ones beyond 500, or beyond 2 GiB of pictures, are forgotten with their files.

    Args:
        shelf: Where the pictures of the jobs lie.
    """

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._tasks: dict[str, Task] = {}
        self._over: deque[Task] = deque()

    def add(self, task: Task) -> None:
        """Remember a new job."""
        self._tasks[task.id] = task

    def find(self, task_id: str) -> Task | None:
        """The job of that id, or None."""
        return self._tasks.get(task_id)

    def of(self, provider: str, model_id: str) -> tuple[Task, ...]:
        """The jobs of one model, oldest first."""
        return tuple(task for task in self._tasks.values() if (task.provider, task.model) == (provider, model_id))

    def unfinished(self) -> tuple[Task, ...]:
        """The jobs that are waiting or being painted."""
        return tuple(task for task in self._tasks.values() if task.state in ("waiting", "running"))

    def lay_down(self, task: Task) -> None:
        """A job is over: drop the files it no longer needs, and the oldest jobs that have no room any more."""
        if task.source is not None and task.source.own and task.source.upload is not None:
            self._shelf.drop(task.source.upload)
        if task.state != "done":
            self._clear(task)
        self._over.append(task)
        size = sum(picture.size for over in self._over for picture in over.pictures)
        while len(self._over) > 1 and (len(self._over) > _KEPT_TASKS or size > _KEPT_BYTES):
            oldest = self._over.popleft()
            size -= sum(picture.size for picture in oldest.pictures)
            self._clear(oldest)
            del self._tasks[oldest.id]

    def _clear(self, task: Task) -> None:
        for picture in task.pictures:
            self._shelf.drop(picture)
        task.pictures.clear()
