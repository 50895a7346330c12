"""Small copies of a panel's pictures, made where they hold nobody up and held as long as they are needed.

A picture is unpacked once for the large copy, which the small one is made from. Small copies stay while the gallery
shows them, about 8 kB each; of the large ones the last few; originals stay on disk.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import TYPE_CHECKING

from ...display import alt_text, figure
from ...errors import Unreadable
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
        self._large: OrderedDict[Key, Markup] = OrderedDict()
        self._before: OrderedDict[str, Markup | None] = OrderedDict()

    def work(self, record: JobRecord) -> Callable[[], None] | None:
        """The making of a job's copies, None where they are there. Blocking."""
        missing = [kept for kept in record.kept if (record.id, kept.index) not in self._small]
        if not missing:
            return None

        def make() -> None:
            for kept in missing:
                self._make(Picture(record, kept))
            self.prepare(Picture(record, record.kept[0]))

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
        if key in self._large:
            return self._large[key]
        return self._img(picture, self.small(key)) if self.small(key) else tag("div", class_="dr-blank")

    def before(self, picture: Picture) -> Markup | None:
        """The picture that the job was given, where it could be had."""
        return self._before.get(picture.record.id)

    def ready(self, picture: Picture) -> bool:
        """Whether `prepare` has nothing to do."""
        known = stamp_of(picture.record.inputs) is None or picture.record.id in self._before
        return known and key_of(picture) in self._large

    def prepare(self, picture: Picture) -> None:
        """Make what is shown of one picture in large, and of the picture it was made from. Blocking work."""
        key = key_of(picture)
        if key not in self._large:
            self._make(picture)
        self._large.move_to_end(key)
        if stamp_of(picture.record.inputs) is not None and picture.record.id not in self._before:
            found = before_of(picture.record, self._find)
            words = self._kit.say("panel.gallery.given")
            drawn = None if found is None else tag("img", src=data_uri(*found), alt=words)
            self._before[picture.record.id] = drawn
        for kept in (self._large, self._before):
            while len(kept) > _LARGE_KEPT:
                kept.popitem(last=False)

    def forget(self, keys: set[Key]) -> None:
        """Let go what is not shown any more."""
        for key in keys:
            self._small.pop(key, None)
            self._large.pop(key, None)

    def _make(self, picture: Picture) -> None:
        """Both copies; a sentence in place of what cannot be shown."""
        key, small = key_of(picture), ""
        try:
            if not picture.mime.startswith("image/"):
                raise Unreadable("This is no picture.")
            data, mime = thumbnail(picture.path, max_px=_LARGE_PX, max_bytes=_LARGE_BYTES)
            small = data_uri(*thumbnail(data, max_px=_SMALL_PX, max_bytes=_SMALL_BYTES))
            self._large[key] = self._img(picture, data_uri(data, mime))
        except (OSError, Unreadable, ValueError):
            self._large[key] = figure(picture.kept, picture.record, self._kit.language)
        self._small[key] = small
        while len(self._large) > _LARGE_KEPT:
            self._large.popitem(last=False)

    def _img(self, picture: Picture, source: str) -> Markup:
        return tag(
            "img", src=source, alt=alt_text(picture.record, self._kit.language),
            width=picture.width or None, height=picture.height or None,
        )
