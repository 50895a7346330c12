"""What every input for a file has in common: a link, a file of this computer, or one from the browser; judged at once.

A file travels from the browser to the kernel in one message, and a message above 10 MiB is lost without a word
(jupyter_server's `websocket_max_message_size`); so the limit is said beside the button, before it is met. What is
refused is not sent and not kept as the value: its name stays in the box with the reason, and a picture that is only too
large can be made to fit at a press.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, TypeAlias

import ipywidgets as w

from ..errors import InputError
from ..fields import UNSET, Media, Problem
from ..intake import advice, read_file, shrink
from ..markup import Markup, tag
from ..schema.links import has_scheme
from ..wire import Blob
from .controls import Control
from .labels import bytes_text, problem_text
from .linkline import LinkLine
from .pump import put

if TYPE_CHECKING:
    from ..intake import Given
    from .controls import Slot

__all__ = ["UPLOAD_LIMIT", "Draw", "FileField", "accepted", "judged"]

UPLOAD_LIMIT = 10_000_000  # bytes; the rest of the 10 MiB is for the message around the file

Draw: TypeAlias = "Callable[[Blob, Slot], tuple[Markup | None, str]]"

_TOO_LARGE = ("file_too_large", "file_inline")


def judged(value: Given | object, media: Media, inline: int | None) -> Blob | Problem | None:
    """A value as the file it stands for, the problem with it, or None for a link or nothing. Reads a path.

    Args:
        value: Any value of such a field.
        media: What the field takes.
        inline: The most bytes a file may have inside the request; None where files are uploaded instead.
    """
    if value is UNSET or value is None:
        return None
    try:
        found = read_file(value, media)  # type: ignore[arg-type]  # judged inside
        if isinstance(found, Blob) and inline is not None and found.size > inline:
            read_file(found, replace(media, max_bytes=inline, mimes=()))
    except InputError as error:
        problem = next((each for each in error.problems if isinstance(each, Problem)), Problem((), "file_unreadable"))
        inlined = problem.code == "file_too_large" and problem.params.get("max_bytes") == inline
        return Problem((), "file_inline", problem.params) if inlined else problem
    return found if isinstance(found, Blob) else None


class FileField:
    """The widgets of one such field. A class, because the preview and its buttons come and go.

    Args:
        slot: Whose field it is.
        draw: What is shown of a file beside its caption, such as a thumbnail, and more words for the caption.
    """

    def __init__(self, slot: Slot, draw: Draw) -> None:
        self._slot = slot
        self._draw = draw
        self._media = slot.field.media or Media("file")
        self._inline = slot.around.file_limit
        self._most = min(size for size in (UPLOAD_LIMIT, self._media.max_bytes, self._inline) if size is not None)
        self._limits = slot.say("panel.upload.limit", size=bytes_text(self._most))
        self._refused: Given | None = None
        self._shrunk: tuple[Blob, int] | None = None  # what was made to fit, and from how many bytes
        self._seen = slot.value
        self._parts: dict[str, w.DOMWidget] = {}
        self._check = None if slot.around.check is None else LinkLine(slot, self._media, slot.around.check)
        kit = slot.kit
        self._link = kit.make(
            w.Text, "dr-field", "dr-grow", value=_boxed(slot.value, slot.raw), continuous_update=False,
            placeholder=slot.hint or slot.say("panel.upload.link"), **slot.described(self._limits),
        )
        # The line break pushes the count that the front end appends, "(0)", out of the button's one visible line.
        self._button = kit.make(
            w.FileUpload, "dr-quiet", "dr-upload",
            accept=accepted(self._media), multiple=False, icon="upload", description=slot.say("panel.upload") + "\n",
            tooltip=slot.say("panel.upload"),  # without one, the front end says "null" there
        )
        self._root = kit.make(w.HBox, "dr-pair", "dr-file", *slot.marks, children=(self._link, self._button, *self._extras()))
        slot.listen(self._link, self._typed, typed=False)
        slot.listen(self._button, self._uploaded, typed=False)

    def control(self) -> Control:
        """The control of this field."""
        return Control(self._root, self._link, self._show, lambda _value, _raw: self._limits, refresh=self._refresh)

    # --- what a person does

    def _typed(self) -> None:
        text = self._link.value.strip()
        self._refused = None
        if not text:
            self._slot.clear()
        elif has_scheme(text):
            self._slot.give(text)
        else:
            self._take(text, text)

    def _uploaded(self) -> None:
        for file in self._button.value[:1]:
            blob = Blob(bytes(file["content"]), file["name"], file["type"] or "application/octet-stream")
            self._take(blob, blob.name)

    def _take(self, given: Given, name: str) -> None:
        """Give the value, or say what is wrong with it; what is only too large is kept aside, to be made to fit."""
        found = judged(given, self._media, self._inline)
        if isinstance(found, Problem):
            self._refused = given if self._can_fit(found) else None
            self._slot.broken(name, found.code, **found.params)
        else:
            self._refused = None
            self._slot.give(found if isinstance(given, Blob) else given)

    def _shrink(self) -> None:
        given: Given = self._seen if self._refused is None else self._refused  # type: ignore[assignment]  # it was judged a file
        large = read_file(given, Media("image"))
        small = shrink(large, max_bytes=self._most, mime=_smaller_mime(self._media))
        self._refused = None
        self._shrunk = (small, large.size) if isinstance(large, Blob) else None
        self._slot.give(small)

    # --- what is shown

    def _show(self, value: object, raw: str | None) -> None:
        put(self._link, value=_boxed(value, raw))
        put(self._button, value=())  # the model has the file now; its bytes need not be held twice
        if raw is None:
            self._refused = None
        self._seen = value
        self._arrange()

    def _refresh(self) -> None:
        """At every paint: a link may have been checked meanwhile."""
        if self._check is not None and self._check.news:
            self._arrange()

    def _arrange(self) -> None:
        put(self._root, children=(self._link, self._button, *self._extras()))

    def _extras(self) -> list[w.DOMWidget]:
        """What stands below: the file with a way back, the offer to make it smaller. Made when first wanted."""
        found = None if isinstance(self._seen, str) and has_scheme(self._seen) else judged(self._seen, self._media, self._inline)
        parts: list[w.DOMWidget] = [] if self._check is None else self._check.parts(self._seen)
        if found is not None:
            parts.append(self._part("preview", lambda: self._slot.kit.make(w.HTML, "dr-preview")))
        if "preview" in self._parts:
            put(self._parts["preview"], value="" if found is None else self._figure(found))
        if self._refused is not None or (isinstance(found, Problem) and self._can_fit(found)):
            words = self._slot.say("panel.upload.shrink", size=bytes_text(self._most))
            parts.append(self._part("shrink", lambda: self._pressable(words, "compress", self._shrink)))
        if found is not None or self._refused is not None:
            words = self._slot.say("panel.upload.remove")
            parts.append(self._part("remove", lambda: self._pressable(words, "times", self._slot.clear)))
        return parts

    def _part(self, name: str, make: Callable[[], w.DOMWidget]) -> w.DOMWidget:
        if name not in self._parts:
            self._parts[name] = make()
        return self._parts[name]

    def _pressable(self, words: str, icon: str, act: Callable[[], None]) -> w.Button:
        made = self._slot.kit.make(w.Button, "dr-quiet", description=words, icon=icon)
        self._slot.press(made, act)
        return made

    def _figure(self, found: Blob | Problem) -> Markup:
        """The file with its name and size; of one that code has given and that does not do, the reason."""
        if isinstance(found, Problem):
            return tag("figure", tag("figcaption", tag("span", problem_text(found, self._slot.kit.language), class_="dr-problem")))
        drawn, more = self._draw(found, self._slot)
        facts = " · ".join(part for part in (found.name, bytes_text(found.size), more) if part)
        unwise = [
            tag("span", problem_text(each, self._slot.kit.language), class_="dr-advice") for each in advice(found, self._media)
        ]
        made = [] if self._shrunk is None or self._shrunk[0] != found else [
            tag("span", self._slot.say("panel.upload.shrunk", size=bytes_text(self._shrunk[1]))),
        ]
        return tag("figure", drawn, tag("figcaption", tag("span", facts), *made, *unwise))

    def _can_fit(self, problem: Problem) -> bool:
        return self._media.kind == "image" and problem.code in _TOO_LARGE


def _boxed(value: object, raw: str | None) -> str:
    """What stands in the link box: a link or a path, or what could not be taken; a file from the browser has a caption."""
    return raw if raw is not None else value if isinstance(value, str) else ""


def accepted(media: Media) -> str:
    """What the browser's file dialog offers."""
    return ",".join(media.mimes) or ("" if media.kind == "file" else f"{media.kind}/*")


def _smaller_mime(media: Media) -> str | None:
    """The type a picture is made smaller as, of those that are taken; None leaves the choice to `shrink`."""
    if not media.mimes:
        return None
    return next((mime for mime in ("image/jpeg", "image/webp") if mime in media.mimes), None)
