"""Small copies of a panel's pictures, made where they hold nobody up and held as long as they are needed.

A picture is unpacked once for the large copy, which the small one is made from. Small copies stay while the gallery
shows them, about 8 kB each; of the large ones the last few; originals stay on disk.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from ...display import alt_text, figure
from ...errors import Unreadable
from ...images import measure
from ...markup import Markup, data_uri, tag
from ...results import Picture
from ...thumbnails import thumbnail
from .given import before_of, stamp_of
from .selection import key_of

if TYPE_CHECKING:
    from ...jobs import JobRecord
    from ..kit import Kit
    from ..restoring import FindFile
    from .selection import Key

__all__ = ["Prints"]

_LARGE_PX, _LARGE_BYTES = 1024, 180_000
_SMALL_PX, _SMALL_BYTES = 288, 14_000
_LARGE_KEPT = 6


class Prints:
    """The copies of one panel's pictures.

    Args:
        kit: Speaks the panel's language.
        find: Finds the file that a job was given, by its description.
    """

    def __init__(self, kit: Kit, find: FindFile) -> None:
        self._kit = kit
        self._find = find
        self._small: dict[Key, str] = {}
        self._large: dict[Key, Markup] = {}
        self._before: dict[str, tuple[Markup, float] | None] = {}
        self._lock = threading.Lock()  # several workers make copies, and what is oldest goes

    def work(self, record: JobRecord) -> Callable[[], None] | None:
        """The making of a job's copies, None where they are there. Blocking."""
        missing = [kept for kept in record.kept if (record.id, kept.index) not in self._small]
        if not missing:
            return None

        def make() -> None:
            self.prepare(Picture(record, record.kept[0]))  # the one that is shown first
            for kept in missing:
                if (record.id, kept.index) not in self._small:
                    self._drawn(Picture(record, kept))

        return make

    def has(self, record: JobRecord) -> bool:
        """Whether every picture of a job has its small copy."""
        return all((record.id, kept.index) in self._small for kept in record.kept)

    def small(self, key: Key) -> str:
        """The small copy as a data address; empty for what has none: a video, a sound, a broken picture."""
        return self._small.get(key, "")

    def large(self, picture: Picture) -> Markup:
        """The large copy, or the small one until that is made."""
        key = key_of(picture)
        found = self._large.get(key)
        if found is not None:
            return found
        return self._img(picture, self.small(key)) if self.small(key) else tag("div", class_="dr-blank")

    def before(self, picture: Picture) -> tuple[Markup, float] | None:
        """The picture that the job was given and its width over its height, where it could be had."""
        return self._before.get(picture.record.id)

    def show_link(self, picture: Picture, link: str) -> None:
        """Let the page itself fetch the picture that the job was given; nobody here knows its shape, so it gets the result's."""
        drawn = tag("img", src=link, alt=self._kit.say("panel.gallery.given"), referrerpolicy="no-referrer")
        with self._lock:
            self._before[picture.record.id] = drawn, picture.width / picture.height if picture.height else 1.0

    def ready(self, picture: Picture) -> bool:
        """Whether `prepare` has nothing to do."""
        known = stamp_of(picture.record.inputs) is None or picture.record.id in self._before
        return known and key_of(picture) in self._large

    def prepare(self, picture: Picture) -> None:
        """Make what is shown of one picture in large, and of the picture it was made from. Blocking work.

        That one comes first: once a picture has its small copy, a second thread takes all of it for made, and would show it alone.
        """
        key, job = key_of(picture), picture.record.id
        if stamp_of(picture.record.inputs) is not None and job not in self._before:
            found = self._drawn_before(picture)
            with self._lock:
                self._before[job] = found
        drawn = self._large.get(key) or self._drawn(picture)
        with self._lock:
            self._large.pop(key, None)
            self._large[key] = drawn  # the last to go
            for old in list(self._large)[:-_LARGE_KEPT]:
                del self._large[old]
            for gone in list(self._before)[:-_LARGE_KEPT]:
                del self._before[gone]

    def forget(self, keys: set[Key]) -> None:
        """Let go what is not shown any more."""
        with self._lock:
            for key in keys:
                self._small[key] = ""  # known, so that nobody makes it again
                self._large.pop(key, None)

    def _drawn(self, picture: Picture) -> Markup:
        """Make the large copy, or a sentence in place of what cannot be shown, and keep the small one."""
        key = key_of(picture)
        try:
            if not picture.mime.startswith("image/"):
                raise Unreadable("This is no picture.")
            data, mime = thumbnail(picture.path, max_px=_LARGE_PX, max_bytes=_LARGE_BYTES)
            self._small[key] = data_uri(*thumbnail(data, max_px=_SMALL_PX, max_bytes=_SMALL_BYTES))
            return self._img(picture, data_uri(data, mime))
        except (OSError, Unreadable, ValueError):
            self._small.setdefault(key, "")
            return figure(picture.kept, picture.record, self._kit.language)

    def _drawn_before(self, picture: Picture) -> tuple[Markup, float] | None:
        found = before_of(picture.record, self._find)
        if found is None:
            return None
        width, height = measure(found[0])
        words = self._kit.say("panel.gallery.given")
        return tag("img", src=data_uri(*found), alt=words, width=width, height=height), width / height

    def _img(self, picture: Picture, source: str) -> Markup:
        return tag(
            "img", src=source, alt=alt_text(picture.record, self._kit.language),
            width=picture.width or None, height=picture.height or None,
        )
