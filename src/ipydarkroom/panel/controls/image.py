"""A picture (or video, or sound) as input: a link, or a file from the person's computer, with a preview.

A file travels from the browser to the kernel in one message, and a message above 10 MiB is lost without a word
(jupyter_server's `websocket_max_message_size`); so the limit is said beside the button, before it is met.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import ipywidgets as w

from ...errors import Unreadable
from ...fields import UNSET
from ...markup import Markup, data_uri, tag
from ...thumbnails import thumbnail
from ...wire import Blob
from ..labels import bytes_text
from ..pump import put
from . import Control, Slot, control
from .text import plain_text

if TYPE_CHECKING:
    from ...fields import Field

__all__ = ["UPLOAD_LIMIT", "image"]

UPLOAD_LIMIT = 10_000_000  # bytes; the rest of the 10 MiB is for the message around the file
_PREVIEW_PX = 240


@control(rank=30, accepts=lambda field: field.media is not None and field.kind == "string" and not field.choices)
def image(slot: Slot) -> Control:
    """Build the link box and the upload button; the preview is made when there is a file to show."""
    return _Image(slot).control()


class _Image:
    """The widgets of one such field. A class, because the preview comes and goes."""

    def __init__(self, slot: Slot) -> None:
        self._slot = slot
        kit = slot.kit
        self._link = kit.make(
            w.Text, "dr-field", "dr-grow",
            value=plain_text(slot.value), continuous_update=False,
            placeholder=slot.hint or slot.say("panel.upload.link"), **slot.described(self._limits()),
        )
        # The line break pushes the count that the front end appends, "(0)", out of the button's one visible line.
        self._button = kit.make(
            w.FileUpload, "dr-quiet", "dr-upload",
            accept=_accept(slot.field), multiple=False, icon="upload", description=slot.say("panel.upload") + "\n",
        )
        self._root = kit.make(w.HBox, "dr-pair", *slot.marks, children=(self._link, self._button))
        self._preview: tuple[w.HTML, w.Button] | None = None
        slot.listen(self._link, self._typed, typed=False)
        slot.listen(self._button, self._uploaded, typed=False)
        if isinstance(slot.value, Blob):
            self._show_file(slot.value)

    def control(self) -> Control:
        return Control(self._root, self._link, self._show, lambda _value, _raw: self._limits())

    def _typed(self) -> None:
        link = self._link.value.strip()
        self._slot.give(link or UNSET)

    def _uploaded(self) -> None:
        for file in self._button.value[:1]:
            self._slot.give(Blob(bytes(file["content"]), file["name"], file["type"] or "application/octet-stream"))

    def _show(self, value: object, _raw: str | None) -> None:
        put(self._link, value=plain_text(value))
        put(self._button, value=())  # the model has the file now; its bytes need not be held twice
        if isinstance(value, Blob):
            self._show_file(value)
        else:
            self._hide_file()

    def _show_file(self, blob: Blob) -> None:
        if self._preview is None:
            kit = self._slot.kit
            remove = kit.make(w.Button, "dr-quiet", description=self._slot.say("panel.upload.remove"), icon="times")
            self._preview = (kit.make(w.HTML, "dr-preview"), remove)
            self._slot.press(remove, self._slot.clear)
        put(self._preview[0], value=_preview(blob, self._slot))
        put(self._root, children=(self._link, self._button, *self._preview))

    def _hide_file(self) -> None:
        if self._preview is not None:
            put(self._root, children=(self._link, self._button))
            self._slot.kit.drop(*self._preview)
            self._preview = None

    def _limits(self) -> str:
        media = self._slot.field.media
        largest = min(UPLOAD_LIMIT, (media and media.max_bytes) or UPLOAD_LIMIT)
        return self._slot.say("panel.upload.limit", size=bytes_text(largest))


def _accept(field: Field) -> str:
    """What the browser's file dialog offers."""
    if field.media is None:
        return ""
    return ",".join(field.media.mimes) or ("" if field.media.kind == "file" else f"{field.media.kind}/*")


def _preview(blob: Blob, slot: Slot) -> Markup:
    caption = f"{blob.name} · {bytes_text(blob.size)}"
    try:
        small, mime = thumbnail(blob.data, max_px=_PREVIEW_PX)
    except (Unreadable, ValueError):  # a video, a sound, or no picture at all: the check says what is wrong
        return tag("figure", tag("figcaption", caption))
    alt = slot.say("panel.upload.preview", name=blob.name)
    return tag("figure", tag("img", src=data_uri(small, mime), alt=alt), tag("figcaption", caption))
