"""A picture as input: a link, a path, or a file from the browser, with a preview; judged before anything is sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...markup import Markup, tag
from ..filefield import FileField
from ..previews import preview_of
from . import Control, Slot, control

if TYPE_CHECKING:
    from ...wire import Blob

__all__ = ["image"]


@control(
    rank=100, accepts=lambda field: field.media is not None and field.media.kind == "image" and field.kind == "string" and not field.choices
)
def image(slot: Slot) -> Control:
    """Build the link box and the upload button; the preview is made when there is a file to show."""
    return FileField(slot, _drawn).control()


def _drawn(blob: Blob, slot: Slot) -> tuple[Markup | None, str]:
    """The thumbnail, and the size in pixels."""
    found = preview_of(blob)
    if found is None:
        return None, ""
    alt = slot.say("panel.upload.preview", name=blob.name)
    return tag("img", src=found.uri, alt=alt), slot.say("panel.pixels", width=found.width, height=found.height)
