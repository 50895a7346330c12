"""The files that a panel's own orders were made with, so that a before can stand beside an after, and be used again.

A journal keeps a file's name and hash only. While the panel lives it remembers where the file was, or, of a file that
came from the browser, the file itself: the newest few, as memory is not an archive.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from ...errors import Unreadable
from ...redaction import holds_mask
from ...thumbnails import thumbnail
from ...wire import Blob
from ..restoring import is_that

if TYPE_CHECKING:
    from ...jobs import JobRecord
    from ..restoring import FindFile

__all__ = ["Given", "before_of", "link_in", "stamp_of"]

_FILES = 3  # held in memory
_LINKS = 200  # jobs whose links are
_LONGEST_LINK = 8_000
_PLAIN = re.compile(r"https://(?:[a-z0-9-]+\.)+(?!(?:local|localhost|internal|lan|home|arpa)\b)[a-z][a-z0-9-]*(?::\d{1,5})?(?:[/?#][^\s\\]*)?\Z", re.IGNORECASE)
"""A host that is a name in plain letters, and none of a home's: a browser reads what else there is (`\\`, `%31`, look-alikes) in its own way."""
_BEFORE_PX, _BEFORE_BYTES = 768, 90_000


class Given:
    """Remembers by hash."""

    def __init__(self) -> None:
        self._files: dict[str, Blob | str] = {}
        self._links: dict[str, dict[str, str]] = {}

    def remember(self, values: Mapping[str, object], record: JobRecord) -> None:
        """Keep the files of an order: `values` as they were given, `record` with their hashes in the same places."""
        self._links[record.id] = {name: link for name, value in values.items() if (link := link_in(value))}
        for old in list(self._links)[:-_LINKS]:
            del self._links[old]
        for file, stamp in _pairs(values, record.inputs):
            name = str(stamp.get("sha256"))
            self._files.pop(name, None)
            if isinstance(file, Blob):
                self._files[name] = file
            elif isinstance(file, (str, os.PathLike)):
                self._files[name] = str(Path(file).expanduser().absolute())
        heavy = [name for name, file in self._files.items() if isinstance(file, Blob)]
        for name in heavy[:-_FILES]:
            del self._files[name]

    def find(self, stamp: Mapping[str, object]) -> object:
        """The file of a stamp, as it was given; None where it is not known, or is another one by now."""
        file = self._files.get(str(stamp.get("sha256")))
        return None if isinstance(file, str) and not is_that(file, stamp) else file

    def link(self, record: JobRecord, name: str) -> str:
        """The link that an input had, whole: as it was given to this panel, or as it was written down; empty where there is none."""
        found = self._links.get(record.id, {}).get(name) or link_in(record.inputs.get(name))
        return "" if holds_mask(found) else found


def link_in(value: object) -> str:
    """A link that the page may be asked to show, or the first of a list of them; empty for anything else.

    HTTPS only, a host by its name, and no address of this machine or of its network: the inputs of a job may come from somebody
    else's picture, and what answers there is not for others to ask.
    """
    first = value[0] if isinstance(value, (list, tuple)) and value else value
    return first if isinstance(first, str) and len(first) <= _LONGEST_LINK and _PLAIN.match(first) else ""


def stamp_of(value: object) -> Mapping[str, object] | None:
    """The first description of a file in some inputs; None where no local file was given."""
    return next((stamp for _, stamp in _pairs(value, value)), None)


def before_of(record: JobRecord, find: FindFile) -> tuple[bytes, str] | None:
    """A small copy of the picture a job was given, and its MIME type; None where it cannot be had. Blocking work."""
    stamp = stamp_of(record.inputs)
    file = None if stamp is None else find(stamp)
    if not isinstance(file, (Blob, str)):
        return None
    try:
        return thumbnail(file.data if isinstance(file, Blob) else file, max_px=_BEFORE_PX, max_bytes=_BEFORE_BYTES)
    except (Unreadable, OSError, ValueError):  # no picture, or gone in this moment
        return None


def _pairs(value: object, kept: object) -> Iterator[tuple[object, Mapping[str, object]]]:
    """What was given and its stamp, wherever a stamp stands in what was kept."""
    if isinstance(kept, Mapping):
        if "$file" in kept:
            yield value, kept
        elif isinstance(value, Mapping):
            for name in kept:
                yield from _pairs(value.get(name), kept[name])
    elif isinstance(kept, (list, tuple)) and isinstance(value, (list, tuple)):
        for one, other in zip(value, kept, strict=False):
            yield from _pairs(one, other)
