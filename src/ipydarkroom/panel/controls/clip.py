"""A film, a sound or any other file as input: a link, a path, or a file from the browser. Nothing is decoded or played."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..filefield import FileField
from . import Control, Slot, control

if TYPE_CHECKING:
    from ...markup import Markup
    from ...wire import Blob

__all__ = ["clip"]


@control(rank=110, accepts=lambda field: field.media is not None and field.kind == "string" and not field.choices)
def clip(slot: Slot) -> Control:
    """Build the link box and the upload button; name and size stand below once there is a file."""
    return FileField(slot, _only_named).control()


def _only_named(_blob: Blob, _slot: Slot) -> tuple[Markup | None, str]:
    return None, ""
