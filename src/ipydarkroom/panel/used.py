"""What the newest finished job used for a field: what was sent, or what the server chose and the picture tells.

Providers name no seed in their answers as far as their pages say; our local backend writes the one it drew into the
picture, and some services do the same with a PNG's text.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import Unreadable
from ..fields import UNSET
from ..images import said
from ..jobs import State

if TYPE_CHECKING:
    from ..jobs import JobRecord
    from ..sync import Job

__all__ = ["told", "used_for"]

_LONGEST_DIGITS = 20  # of a number read from a file: 64 bits


def used_for(name: str, jobs: Iterable[Job]) -> object:
    """The value, or UNSET where no job has finished or nobody knows. A number only, where a picture tells it."""
    for job in reversed(tuple(jobs)):
        if job.record.state is State.SUCCEEDED:
            sent = job.record.inputs.get(name, UNSET)
            if sent is not UNSET or not job.record.kept:
                return sent
            found = told(job.record, name)
            return UNSET if found is None else found
    return UNSET


def told(record: JobRecord, name: str) -> int | None:
    """The whole number of that name that the first picture of a job tells; None where there is none."""
    kept = record.kept[0] if record.kept else None
    return _told(kept.path, kept.sha256, name.lower()) if kept is not None and kept.mime.startswith("image/") else None


@lru_cache(maxsize=64)
def _told(path: str, _content: str, name: str) -> int | None:
    """A picture is read once, as this is asked at every paint."""
    try:
        texts = said(Path(path))
    except (OSError, Unreadable):  # moved or replaced since
        return None
    text = next((text for key, text in texts.items() if key.lower() == name), "").strip()
    whole = text.isascii() and text.removeprefix("-").isdigit() and len(text) <= _LONGEST_DIGITS
    return int(text) if whole else None
