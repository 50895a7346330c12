"""From what is written about a job back to what a form can hold: its inputs again, and a word about each that is lost.

What a journal or a picture says of a local file is its name and hash, and of a signed link the part before its secrets.
Both are of no use to a provider, so they come back only where the file itself is found, and are never sent as they are.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeAlias

from ..redaction import holds_mask
from .model import Notice

if TYPE_CHECKING:
    from ..jobs import JobRecord
    from ..models import Model
    from .kit import Kit

__all__ = ["FindFile", "Lost", "Restored", "beside_it", "is_that", "kept_before", "notice_of", "restored"]

FindFile: TypeAlias = Callable[[Mapping[str, object]], object]
"""Gives what stands for the file of a stamp, such as its path, or None."""

_STAMP = "$file"
_PIECE = 2**20  # bytes read at once


@dataclass(frozen=True, slots=True)
class Lost:
    """One input that does not come back: its name, why, and the file's name where it was one."""

    name: str
    why: Literal["file", "masked", "undocumented"]
    file: str = ""

    def sentence(self, kit: Kit, title: Callable[[str], str]) -> str:
        """What to tell a person; `title` says what an input is called."""
        return kit.say(f"panel.restored.{self.why}", name=title(self.name), file=self.file)


@dataclass(frozen=True, slots=True)
class Restored:
    """What a form can be filled with, and what is lost."""

    values: Mapping[str, object]
    lost: tuple[Lost, ...] = ()


def restored(model: Model, inputs: Mapping[str, object], find: FindFile) -> Restored:
    """Judge each input of an earlier job.

    Args:
        model: Whose form is to be filled. An input it does not know is lost; one without fields knows any.
        inputs: As a record or a picture's metadata has them.
        find: Looks for a local file.
    """
    values: dict[str, object] = {}
    lost: list[Lost] = []
    for name, value in inputs.items():
        if model.fields and model.field(name) is None:
            lost.append(Lost(name, "undocumented"))
            continue
        missing: list[str] = []
        found = _filled(value, find, missing)
        if missing:
            lost.append(Lost(name, "file", missing[0]))
        elif holds_mask(found):
            lost.append(Lost(name, "masked"))
        else:
            values[name] = found
    return Restored(values, tuple(lost))


def notice_of(sentences: Iterable[str]) -> Notice | None:
    """What to tell a person about what is lost, as a notice on the panel; None where nothing is."""
    said = " ".join(sentences)
    return Notice("panel.restored", {"lost": said}, message=said, asks=True) if said else None


def kept_before(records: Iterable[JobRecord]) -> FindFile:
    """Finds a file among pictures that earlier jobs made and that are still on disk, by its hash."""
    kept = [each for record in records for each in record.kept]

    def find(stamp: Mapping[str, object]) -> object:
        return next((each.path for each in kept if each.sha256 == stamp.get("sha256") and is_that(each.path, stamp)), None)

    return find


def beside_it(*folders: Path) -> FindFile:
    """Finds a file of that name in one of these folders, if it is the very same: its bytes are compared by their hash."""

    def find(stamp: Mapping[str, object]) -> object:
        name = Path(str(stamp.get(_STAMP, ""))).name
        places = (folder / name for folder in folders) if name else ()
        return next((str(place) for place in places if is_that(place, stamp)), None)

    return find


def is_that(path: str | Path, stamp: Mapping[str, object]) -> bool:
    """Whether a file is the one that a stamp describes, to the byte."""
    place = Path(path)
    try:
        if not place.is_file() or place.stat().st_size != stamp.get("size"):
            return False
        digest = hashlib.sha256()
        with place.open("rb") as file:
            while piece := file.read(_PIECE):
                digest.update(piece)
    except OSError:  # not readable for us: as good as not there
        return False
    return digest.hexdigest() == stamp.get("sha256")


def _filled(value: object, find: FindFile, missing: list[str]) -> object:
    """The value with each stamp replaced by its file; the names of those not found are added to `missing`."""
    if isinstance(value, Mapping):
        if _STAMP in value:
            file = find(value)
            if file is None:
                missing.append(str(value[_STAMP]))
            return file
        return {name: _filled(inner, find, missing) for name, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_filled(inner, find, missing) for inner in value]
    return value
