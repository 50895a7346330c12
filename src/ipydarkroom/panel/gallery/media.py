"""The bytes of a result in the page, on demand: a picture in full size, a film, a sound, or a link that saves the file.

They travel through a widget and are gone when that is closed; no output of the notebook ever holds them.
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

INLINE_BYTES = 24_000_000
"""A larger picture is not brought into the page; nor is a file of that size offered for download through it."""

STREAM_BYTES = 8_000_000
"""The same for a film or a sound, which the page would have to hold whole."""


def too_large(picture: Picture, kit: Kit, *, saving: bool = False) -> str:
    """The sentence that says where the file is instead; empty where it is not too large."""
    most = INLINE_BYTES if saving or picture.mime.startswith("image/") else STREAM_BYTES
    if picture.kept.size <= most:
        return ""
    return kit.say("panel.gallery.too_large", size=bytes_text(picture.kept.size), path=str(picture.path))


def opened(picture: Picture, kit: Kit) -> w.HTML:
    """The widget that shows all of a file. Nothing plays by itself.

    It is HTML with a data address, a third longer than the binary widgets for media are, because those can carry no
    alternative text: a tooltip, which would do, breaks their view (ipywidgets 8.1).

    Raises:
        StorageError: The file was moved or deleted.
    """
    source, words = data_uri(picture.bytes, picture.mime), alt_text(picture.record, kit.language)
    kind = picture.mime.partition("/")[0]
    if kind in ("video", "audio"):
        shown = tag(kind, src=source, controls=True, preload="metadata", aria_label=words)
    else:
        shown = tag("img", src=source, alt=words, width=picture.width or None, height=picture.height or None)
    return kit.make(w.HTML, "dr-original", value=shown)


def download_html(picture: Picture, kit: Kit) -> Markup:
    """A link that carries the file and saves it under its name.

    Raises:
        StorageError: The file was moved or deleted.
    """
    name = picture.path.name
    words = kit.say("panel.gallery.save", name=name, size=bytes_text(picture.kept.size))
    return tag("a", words, href=data_uri(picture.bytes, picture.mime), download=name, class_="dr-save")
