"""A small picture of a file that a person gave, to be shown beside its field; links are not looked at."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from ..errors import InputError, Unreadable
from ..fields import Media
from ..images import measure
from ..intake import read_file
from ..markup import data_uri
from ..thumbnails import thumbnail
from ..wire import Blob

if TYPE_CHECKING:
    from ..intake import Given

__all__ = ["Preview", "preview_of"]

_LONGEST_PX = 320
_MOST_BYTES = 40_000


@dataclass(frozen=True, slots=True)
class Preview:
    """A thumbnail as a data address, the file's name, and its size in pixels as a viewer shows it."""

    uri: str
    name: str
    width: int
    height: int


def preview_of(value: Given | object, media: Media | None = None) -> Preview | None:
    """The preview of a picture given as a file, path, bytes or Pillow image; None for anything else, broken files included."""
    try:
        file = read_file(value, media or Media("image"))  # type: ignore[arg-type]  # judged inside
    except InputError:
        return None
    if not isinstance(file, Blob):
        return None
    try:
        small, mime = thumbnail(file.data, max_px=_LONGEST_PX, max_bytes=_MOST_BYTES)
        width, height = measure(file.data)
    except (Unreadable, ValueError):  # a video, a sound, or no whole picture
        return None
    return Preview(data_uri(small, mime), file.name, width, height)
