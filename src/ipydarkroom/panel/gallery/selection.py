"""Which picture a person looks at, and which two they compare. No widget in here.

Without a word from anybody the newest picture is shown, and each new one takes its place. Who opens an older one stays
with it, whatever arrives, until they go back to the newest or order again.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

from ...results import Picture

if TYPE_CHECKING:
    from ...jobs import JobRecord

__all__ = ["Key", "Selection", "key_of"]

Key: TypeAlias = tuple[str, int]
"""What a picture is known by here: our id of its job, and its number there."""


def key_of(picture: Picture) -> Key:
    """The key of a picture."""
    return (picture.record.id, picture.kept.index)


class Selection:
    """The pictures of one panel, oldest first, and where a person is among them.

    Attributes:
        full: Whether the shown picture stands there with all its bytes; over with the next step.
        choosing: Whether the next picture that is opened is the second one to compare.
    """

    def __init__(self) -> None:
        self.full = False
        self.choosing = False
        self._pictures: dict[Key, Picture] = {}
        self._opened: Key | None = None
        self._other: Key | None = None

    def take(self, records: Iterable[JobRecord]) -> None:
        """Know these jobs' pictures and no others; oldest job first. What is open stays open while it is there."""
        found = [Picture(record, kept) for record in records for kept in record.kept]
        self._pictures = {key_of(picture): picture for picture in found}
        if self._other not in self._pictures or self._opened not in self._pictures:
            self._other = None
        if self._opened not in self._pictures:
            self._opened, self.choosing = None, False

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """All of them, oldest first."""
        return tuple(self._pictures.values())

    @property
    def following(self) -> bool:
        """Whether the newest picture is shown, whichever that is."""
        return self._opened is None

    @property
    def shown(self) -> Picture | None:
        """The picture to show: the one that was opened, or the first of the newest job; None where there is none yet."""
        if self._opened is not None:
            return self._pictures[self._opened]
        if not self._pictures:
            return None
        newest = next(reversed(self._pictures))
        return next(picture for key, picture in self._pictures.items() if key[0] == newest[0])

    @property
    def pair(self) -> tuple[Picture, Picture] | None:
        """The two pictures to compare: the one that was there first, and the second."""
        shown = self.shown
        return None if self._other is None or shown is None else (shown, self._pictures[self._other])

    @property
    def place(self) -> tuple[int, int]:
        """Where the picture of the last step is among all: its number from 1, oldest first, and how many there are."""
        at = self._current
        return (0 if at is None else list(self._pictures).index(at) + 1, len(self._pictures))

    def open(self, key: Key) -> None:
        """Look at a picture; the second one, where one is to be chosen for comparison. An unknown one changes nothing."""
        if key not in self._pictures:
            return
        self.full = False
        if (self.choosing or self._other is not None) and self.shown is not None:
            self._other, self.choosing = key, False
        else:
            self._opened = key

    def stay(self) -> Picture | None:
        """Stay with the picture that is shown, whatever arrives, and return it: somebody does something with it."""
        shown = self.shown
        if shown is not None:
            self._opened = key_of(shown)
        return shown

    def step(self, by: int) -> None:
        """Go so many pictures towards the newer ones; backwards when negative. It ends at the ends."""
        at = self._current
        if at is not None:
            keys = list(self._pictures)
            self.open(keys[min(len(keys) - 1, max(0, keys.index(at) + by))])

    def newest(self) -> None:
        """Show the newest again, and follow what comes."""
        self._opened = self._other = None
        self.full = self.choosing = False

    def ordered(self) -> None:
        """Something was ordered: what comes of it shall be seen, unless two are being compared."""
        if self._other is None and not self.choosing:
            self._opened, self.full = None, False

    def compare(self) -> None:
        """Begin to compare the shown picture with another one, or end that."""
        if self.choosing or self._other is not None:
            self._other, self.choosing = None, False
        elif (shown := self.shown) is not None and len(self._pictures) > 1:
            self._opened, self.choosing, self.full = key_of(shown), True, False

    @property
    def _current(self) -> Key | None:
        if self._other is not None:
            return self._other
        shown = self.shown
        return None if shown is None else key_of(shown)
