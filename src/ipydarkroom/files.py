"""The pictures folder: a stream of result bytes in, a verified file on disk out, or an error and nothing that looks like one.

A file's name comes from our own job id and a number, never from a link, a header or a prompt. Its ending comes from
its bytes. What is there is never overwritten. Nothing is held in memory whole but a picture of at most 64 MiB.
"""

from __future__ import annotations

import math
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from . import partial
from .errors import NoAnswer, StorageError, Unreadable
from .images import Proof, prove
from .jobs import Kept
from .kinds import HEAD_BYTES, Kind, is_page, sniff
from .metadata import beside, embedded, facts_of, written
from .partial import Partial
from .redaction import masked_text

if TYPE_CHECKING:
    from .jobs import JobRecord

__all__ = ["CAP_BYTES", "Folder", "Received"]

CAP_BYTES = {"image": 64 * 2**20, "video": 2 * 2**30, "audio": 2 * 2**30, "file": 2 * 2**30}
"""The most bytes of one result, by `wire.Media`. `file` is a link that does not say what it leads to."""

_JOB_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}\Z")
_UNVERIFIED = "unverified"
_STALE_SECONDS = 3600.0


class Folder:
    """The folder that keeps results, as `YYYY-MM/<job id>-<number>.<ending>`, months in UTC by the job's creation.

    Args:
        root: The pictures folder. Made when the first file comes.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    @contextmanager
    def receive(self, record: JobRecord, index: int) -> Iterator[Received]:
        """Take in one result as it comes: write the pieces to what this gives, then `keep` it.

        At the end of the `with` the hidden file is gone, whatever happened; what was kept or set aside stays.

        Args:
            record: The job the result belongs to.
            index: Its place among the job's results, from 0.

        Raises:
            StorageError: The disk refused.
            ValueError: The job id or the index is not one of ours.
        """
        if not _JOB_ID.match(record.id) or index < 0:
            raise ValueError(f"{record.id!r}, {index!r} do not name a result of ours")
        month = self.root / datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m")
        with _disk(self.root):
            part = Partial(month / f"{record.id}-{index}")
        try:
            yield Received(self.root, part, record, index)
        finally:
            part.discard()

    def keep(self, record: JobRecord, index: int, data: bytes) -> Kept:
        """Take in one result that is in memory already; see `Received.keep`. Blocking.

        Raises:
            Unreadable: Not a file of a known type, broken, or cut short.
            StorageError: The disk refused. Nothing partial is left, and calling again is free.
            ValueError: The job id or the index is not one of ours.
        """
        with self.receive(record, index) as received:
            received.write(data)
            return received.keep()

    def tidy(self, now: float | None = None) -> int:
        """Remove partial files older than an hour, left by a process that was killed while writing. Returns how many.

        Raises:
            StorageError: The folder cannot be read or written.
        """
        oldest = (time.time() if now is None else now) - _STALE_SECONDS
        with _disk(self.root):
            stale = [path for path in self.root.glob(f"*/.*{partial.ENDING}") if _written(path) < oldest]
            for path in stale:
                path.unlink(missing_ok=True)
        return len(stale)


class Received:
    """One result on its way to its name: a hidden file that takes bytes, and is then kept or set aside. See `Folder.receive`."""

    def __init__(self, root: Path, part: Partial, record: JobRecord, index: int) -> None:
        self._root = root
        self._part = part
        self._record = record
        self._index = index

    def write(self, data: bytes) -> None:
        """Append the next piece.

        Raises:
            StorageError: The disk refused, for example because it is full.
        """
        with _disk(self._root):
            self._part.write(data)

    def keep(self) -> Kept:
        """Verify what came and give it its name. Blocking and CPU-bound: call it in a worker thread.

        Images are decoded to prove them whole, before they get their name; videos and sounds are told by their first
        bytes only. A paid picture is never lost for its size: one of a known type that is too costly to decode is kept
        all the same, with the width and height its headers tell, and shows itself by name only. The job's facts go into
        the file where its container takes them, else into a JSON file beside it. Keeping the same bytes again gives the
        file that is already there.

        Raises:
            Unreadable: Not a file of a known type, broken, or cut short; the message says which. See `set_aside`.
            StorageError: The disk refused. Calling again, with all the bytes, is free.
        """
        with _disk(self._root):
            self._part.seal()
            kind, proof = _verified(self._part.path)
            facts = facts_of(self._record)
            pieces = None
            if proof.decoded and self._part.size <= CAP_BYTES["image"]:
                pieces = embedded(self._part.path.read_bytes(), kind.mime, facts)
            if pieces is not None:
                return self._named(partial.written(self._part.path, pieces), kind, proof)
            kept = self._named(self._part, kind, proof)
            partial.write_whole(beside(Path(kept.path)), [written(facts)])
        return kept

    def set_aside(self, error: NoAnswer) -> NoAnswer:
        """Keep bytes that did not verify, for a person to look at, and return the error with a sentence that says where.

        They lie beside the job's results as `<job>-<number>.unverified` and are no result: nothing shows or opens
        them, and nothing is overwritten. A web page (the link has expired, or wants a login) is not worth keeping, nor
        is nothing, nor a download that did not come to its end; then, or when the disk refuses, the error comes back as it
        was. Blocking.
        """
        if not isinstance(error, Unreadable):
            return error
        try:
            self._part.seal()
            if not self._part.size or is_page(_start(self._part.path)):
                return error
            path = self._part.claim(self._wanted(_UNVERIFIED))
        except OSError:
            return error
        place = path.relative_to(self._root.parent).as_posix()  # the sentence may be saved with a notebook
        message = f"{error.message} What came is set aside, unopened, as {place} in the data folder."
        rest = {name: value for name, value in error.params.items() if name != "message"}
        return Unreadable(message, raw=error.raw, next_step=error.next_step, key=error.key, **rest)

    def _named(self, part: Partial, kind: Kind, proof: Proof) -> Kept:
        try:
            path = part.claim(self._wanted(kind.ending))
        finally:
            part.discard()
        return Kept(self._index, str(path), kind.mime, partial.digest(path), part.size, proof.width, proof.height)

    def _wanted(self, ending: str) -> Path:
        return self._part.path.with_name(f"{self._record.id}-{self._index}.{ending}")


def _verified(path: Path) -> tuple[Kind, Proof]:
    start = _start(path)
    kind = sniff(start)
    if kind is None:
        raise Unreadable(
            f"The result is {'empty' if not start else 'not a picture, video or sound of a known type'}.",
            next_step="Its first bytes are kept in .raw; a web page here means that the link has expired.",
            key="error.unknown_file", raw=masked_text(start[:200].decode("utf-8", "backslashreplace")),
        )
    return kind, prove(path) if kind.media == "image" else Proof(0, 0, decoded=False)


def _written(path: Path) -> float:
    """When a file was written last; never, where another kernel has just given it its name."""
    try:
        return path.stat().st_mtime
    except FileNotFoundError:
        return math.inf


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(HEAD_BYTES)


@contextmanager
def _disk(root: Path) -> Iterator[None]:
    """Say what the disk refuses in our words."""
    try:
        yield
    except OSError as error:
        raise StorageError(
            f"The disk did not keep the file: {error.strerror or error}.",
            next_step=f"Make room, or make {root} writable, then ask for the result again: that is free.",
            key="error.not_written", folder=str(root), reason=str(error.strerror or error),
        ) from error
