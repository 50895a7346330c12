"""A file that is not there until it is whole: written hidden, flushed to the disk, and only then given its name.

Every function raises OSError as the disk does; `files` says it in our words.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from itertools import count
from pathlib import Path

__all__ = ["ENDING", "Partial", "digest", "write_whole", "written"]

ENDING = ".part"
"""How a hidden unfinished file ends; `Folder.tidy` looks for it."""


class Partial:
    """A hidden file beside the place it is meant for. One thread at a time; `discard` at the end, whatever happened.

    Args:
        near: The wished final path; its folder is made where it is missing.
    """

    def __init__(self, near: Path) -> None:
        near.parent.mkdir(parents=True, exist_ok=True)
        self.path = near.with_name(f".{near.name}.{secrets.token_hex(4)}{ENDING}")
        self.size = 0
        self._file = self.path.open("xb", buffering=0)  # unbuffered: nothing is left to fail in close()

    def write(self, data: bytes | memoryview) -> None:
        """Append; all of it or an OSError."""
        rest = memoryview(data)
        while rest:
            done = self._file.write(rest) or 0
            self.size += done
            rest = rest[done:]

    def seal(self) -> None:
        """Flush to the disk and close. Blocking; calling it again does nothing."""
        if not self._file.closed:
            os.fsync(self._file.fileno())
            self._file.close()

    def claim(self, wanted: Path) -> Path:
        """Give the sealed file its name, or `-2`, `-3`, … where another file has it; never replaces what is there.

        A file of that name with the same bytes counts as ours. The folder is flushed too, so that the name survives a
        power cut. Blocking.
        """
        names = (wanted if n == 1 else wanted.with_stem(f"{wanted.stem}-{n}") for n in count(1))
        path = next(name for name in names if self._claimed(name))
        _flush_folder(path.parent)
        return path

    def replace(self, target: Path) -> None:
        """Give the sealed file this name, in place of an earlier file of ours. Blocking."""
        self.path.replace(target)
        _flush_folder(target.parent)

    def discard(self) -> None:
        """Remove what is left of the hidden file; a claimed name stays."""
        self._file.close()
        with suppress(FileNotFoundError):
            self.path.unlink()

    def _claimed(self, name: Path) -> bool:
        try:
            os.link(self.path, name)  # unlike a rename, this never replaces what is there
        except FileExistsError:
            return self._same(name)
        except OSError:  # a file system without hard links; one process owns a job, so looking first is enough
            if name.exists():
                return self._same(name)
            self.path.replace(name)
        return True

    def _same(self, other: Path) -> bool:
        return other.is_file() and other.stat().st_size == self.size and digest(other) == digest(self.path)


def digest(path: Path) -> str:
    """The SHA-256 of a file, read in pieces. Blocking."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def written(near: Path, pieces: Iterable[bytes | memoryview]) -> Partial:
    """A sealed hidden file with this content; on any failure, an interrupt too, nothing is left. Blocking."""
    part = Partial(near)
    try:
        for piece in pieces:
            part.write(piece)
        part.seal()
    except BaseException:  # also an interrupt: half a file must not stay
        part.discard()
        raise
    return part


def write_whole(target: Path, pieces: Iterable[bytes]) -> None:
    """Write a small file whole or not at all; this one may replace its own earlier form. Blocking."""
    part = written(target, pieces)
    try:
        part.replace(target)
    finally:
        part.discard()


def _flush_folder(folder: Path) -> None:
    """Put a folder's entries on the disk, where the system lets a folder be opened (Windows does not)."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
