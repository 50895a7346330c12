"""The bytes of a result in the page, on demand: a picture in full size, a film, a sound, or a link that saves the file.

They travel through a widget, as binary where the front end takes them so, and are gone when that widget is closed; no
output of the notebook ever holds them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from ...display import alt_text
from ...markup import Markup, data_uri, tag
from ..labels import bytes_text

if TYPE_CHECKING:
    from ...results import Picture
    from ..kit import Kit

__all__ = ["INLINE_BYTES", "STREAM_BYTES", "download_html", "opened", "too_large"]

INLINE_BYTES = 32_000_000
"""A larger picture is not brought into the page; nor is a file of that size offered for download through it."""

STREAM_BYTES = 8_000_000
"""The same for a film or a sound, which the page would have to hold whole."""


def too_large(picture: Picture, kit: Kit, *, saving: bool = False) -> str:
    """The sentence that says where the file is instead; empty where it is not too large."""
    most = INLINE_BYTES if saving or picture.mime.startswith("image/") else STREAM_BYTES
    if picture.kept.size <= most:
        return ""
    return kit.say("panel.gallery.too_large", size=bytes_text(picture.kept.size), path=str(picture.path))


def opened(picture: Picture, kit: Kit) -> w.DOMWidget:
    """The widget that shows all of a file; its tooltip is the alternative text, the only one that a live picture can have.

    Raises:
        StorageError: The file was moved or deleted.
    """
    kind, _, form = picture.mime.partition("/")
    words = alt_text(picture.record, kit.language)
    if kind == "video":
        return kit.make(w.Video, "dr-film", value=picture.bytes, format=form, autoplay=False, loop=False, tooltip=words)
    if kind == "audio":
        return kit.make(w.Audio, "dr-sound", value=picture.bytes, format=form, autoplay=False, loop=False, tooltip=words)
    return kit.make(w.Image, "dr-original", value=picture.bytes, format=form, tooltip=words)


def download_html(picture: Picture, kit: Kit) -> Markup:
    """A link that carries the file and saves it under its name.

    Raises:
        StorageError: The file was moved or deleted.
    """
    name = picture.path.name
    words = kit.say("panel.gallery.save", name=name, size=bytes_text(picture.kept.size))
    return tag("a", words, href=data_uri(picture.bytes, picture.mime), download=name, class_="dr-save")
