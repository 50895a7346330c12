"""Where the local backend keeps files: finished pictures and uploads, in a temporary folder, by an opaque name.

A name leads to a file through a table, never through a path, so no request can reach anything else. Memory holds the
table only: fifteen pictures of 16 megapixels are a third of a gigabyte.
"""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
import weakref
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from ..kinds import sniff

__all__ = ["FILES", "Shelf", "Shelved"]

FILES = "/files/"
_UPLOAD_BYTES = 512 * 2**20  # all uploads together; the oldest make room


@dataclass(frozen=True, slots=True)
class Shelved:
    """One file on the shelf: its opaque name with ending, where it lies, its MIME type by content, its bytes."""

    name: str
    path: Path
    mime: str
    size: int


class Shelf:
    """A temporary folder with a table of contents; emptied by `close`, or when the process ends.

    Args:
        origin: `scheme://host[:port]` under which the files are served.
    """

    def __init__(self, origin: str) -> None:
        self.origin = origin.rstrip("/")
        self._table: dict[str, Shelved] = {}
        self._uploads: list[Shelved] = []
        folder = tempfile.mkdtemp(prefix="ipydarkroom-")
        self._folder = Path(folder)
        self._remove = weakref.finalize(self, _remove_folder, folder, os.getpid())

    def put(self, data: bytes, *, upload: bool = False) -> Shelved:
        """Keep a file; blocks for the time of writing. Uploads beyond half a gigabyte push out the oldest.

        Raises:
            OSError: The disk is full, or the shelf is closed.
        """
        kind = sniff(data)
        name = f"{secrets.token_hex(16)}.{kind.ending if kind else 'bin'}"
        shelved = Shelved(name, self._folder / name, kind.mime if kind else "application/octet-stream", len(data))
        shelved.path.write_bytes(data)
        self._table[name] = shelved
        if upload:
            self._uploads.append(shelved)
            self._make_room()
        return shelved

    def find(self, name: str) -> Shelved | None:
        """The file of that name, or None."""
        return self._table.get(name)

    def url(self, shelved: Shelved) -> str:
        """The address under which the file is served; no token is needed, the name is unguessable."""
        return f"{self.origin}{FILES}{shelved.name}"

    def owns(self, link: str) -> bool:
        """Whether a link leads to this shelf, whatever lies there."""
        try:
            parts = urlsplit(link)
        except ValueError:  # not an address at all, such as "http://["
            return False
        return f"{parts.scheme}://{parts.netloc}" == self.origin and parts.path.startswith(FILES)

    def at(self, link: str) -> Shelved | None:
        """The file that a link of ours leads to, or None when it is gone or the link is somebody else's."""
        return self.find(urlsplit(link).path.removeprefix(FILES)) if self.owns(link) else None

    def drop(self, shelved: Shelved) -> None:
        """Forget a file and delete it; nothing happens when it is already gone."""
        if self._table.pop(shelved.name, None) is not None:
            shelved.path.unlink(missing_ok=True)

    def close(self) -> None:
        """Delete the folder and everything in it."""
        self._table.clear()
        self._uploads.clear()
        self._remove()

    def _make_room(self) -> None:
        while len(self._uploads) > 1 and sum(upload.size for upload in self._uploads) > _UPLOAD_BYTES:
            self.drop(self._uploads.pop(0))


def _remove_folder(folder: str, owner: int) -> None:
    """A forked child must not delete what its parent still serves."""
    if os.getpid() == owner:
        shutil.rmtree(folder, ignore_errors=True)
