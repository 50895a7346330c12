"""The pictures folder: result bytes in, a verified file on disk out, or an error and no trace.

A file's name comes from our own job id and a number, never from a link, a header or a prompt. Its ending comes from
its bytes. What is there is never overwritten.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import StorageError, Unreadable
from .images import measure
from .jobs import Kept
from .kinds import Kind, sniff
from .metadata import beside, embed, facts_of, written
from .redaction import masked_text

if TYPE_CHECKING:
    from .jobs import JobRecord

__all__ = ["CAP_BYTES", "Folder", "check"]

CAP_BYTES = {"image": 64 * 2**20, "video": 2 * 2**30, "audio": 2 * 2**30, "file": 2 * 2**30}
"""The most bytes of one result, by `wire.Media`. `file` is a link that does not say what it leads to."""

_JOB_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,63}\Z")
_PARTIAL = ".part"
_STALE_SECONDS = 3600.0


class Folder:
    """The folder that keeps results, as `YYYY-MM/<job id>-<number>.<ending>`, months in UTC by the job's creation.

    Args:
        root: The pictures folder. Made when the first file comes.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.absolute()

    def keep(self, record: JobRecord, index: int, data: bytes) -> Kept:
        """Verify one result and put it on disk. Blocking and CPU-bound: call it in a worker thread.

        Images are decoded to prove them whole; videos and sounds are told by their first bytes only. The job's facts
        go into the file where its container takes them, else into a JSON file beside it. Keeping the same bytes again
        returns the file that is already there.

        Args:
            record: The job the result belongs to.
            index: Its place among the job's results, from 0.
            data: The whole file as downloaded.

        Raises:
            Unreadable: Not a file of a known type, broken, cut short, or too large; the message says which.
            StorageError: The disk refused. Nothing partial is left, and calling again is free.
            ValueError: The job id or the index is not one of ours.
        """
        if not _JOB_ID.match(record.id) or index < 0:
            raise ValueError(f"{record.id!r}, {index!r} do not name a result of ours")
        kind, (width, height) = check(data)
        facts = facts_of(record)
        whole = embed(data, kind.mime, facts)
        try:
            path = self._put(self._month(record) / f"{record.id}-{index}.{kind.ending}", whole)
            if whole is data:
                _replace(beside(path), written(facts))
        except OSError as error:
            raise _refused(self.root, error) from error
        return Kept(index, str(path), kind.mime, hashlib.sha256(whole).hexdigest(), len(whole), width, height)

    def tidy(self, now: float | None = None) -> int:
        """Remove partial files older than an hour, left by a process that was killed while writing. Returns how many.

        Raises:
            StorageError: The folder cannot be read or written.
        """
        oldest = (time.time() if now is None else now) - _STALE_SECONDS
        try:
            stale = [path for path in self.root.glob(f"*/.*{_PARTIAL}") if path.stat().st_mtime < oldest]
            for path in stale:
                path.unlink(missing_ok=True)
        except OSError as error:
            raise _refused(self.root, error) from error
        return len(stale)

    def _month(self, record: JobRecord) -> Path:
        return self.root / datetime.fromtimestamp(record.created, UTC).strftime("%Y-%m")

    def _put(self, wanted: Path, data: bytes) -> Path:
        """Write under the wanted name, or `-2`, `-3`, … where another file has it."""
        wanted.parent.mkdir(parents=True, exist_ok=True)
        names = (wanted if n == 1 else wanted.with_stem(f"{wanted.stem}-{n}") for n in count(1))
        partial = _partial(wanted, data)
        try:
            return next(path for path in names if _claimed(partial, path, data))
        finally:
            partial.unlink(missing_ok=True)


def check(data: bytes) -> tuple[Kind, tuple[int, int]]:
    """Return what a result is and its (width, height) in pixels, (0, 0) for video and sound.

    Raises:
        Unreadable: Not a file of a known type, broken, cut short, or above `CAP_BYTES`.
    """
    kind = sniff(data)
    if kind is None:
        raise Unreadable(
            f"The result is {'empty' if not data else 'not a picture, video or sound of a known type'}.",
            next_step="Its first bytes are kept in .raw; a web page here means that the link has expired.",
            key="error.unknown_file", raw=masked_text(data[:200].decode("utf-8", "backslashreplace")),
        )
    if len(data) > CAP_BYTES[kind.media]:
        raise Unreadable(
            f"The {kind.name} has {len(data):,} bytes; at most {CAP_BYTES[kind.media]:,} are kept.",
            key="error.too_many_bytes", size=len(data), limit=CAP_BYTES[kind.media],
        )
    return kind, measure(data) if kind.media == "image" else (0, 0)


def _partial(target: Path, data: bytes) -> Path:
    """Write a hidden file beside the target, flushed to the disk; on any failure nothing is left."""
    path = target.with_name(f".{target.name}.{secrets.token_hex(4)}{_PARTIAL}")
    with path.open("xb") as file:
        try:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        except BaseException:  # an interrupt too: half a file must not stay
            path.unlink(missing_ok=True)
            raise
    return path


def _claimed(partial: Path, target: Path, data: bytes) -> bool:
    """Give the written file its name unless another file has it; a file with the same bytes counts as ours."""
    try:
        os.link(partial, target)  # unlike a rename, this never replaces what is there
    except FileExistsError:
        return target.is_file() and target.stat().st_size == len(data) and target.read_bytes() == data
    except OSError:  # a file system without hard links; one process owns a job, so looking first is enough
        if target.exists():
            return target.read_bytes() == data
        partial.replace(target)
    return True


def _replace(target: Path, data: bytes) -> None:
    """Write a small file whole or not at all; this one may replace its own earlier form."""
    partial = _partial(target, data)
    try:
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)


def _refused(root: Path, error: OSError) -> StorageError:
    return StorageError(
        f"The disk did not keep the file: {error.strerror or error}.",
        next_step=f"Make room, or make {root} writable, then ask for the result again: that is free.",
        key="error.not_written", folder=str(root), reason=str(error.strerror or error),
    )
