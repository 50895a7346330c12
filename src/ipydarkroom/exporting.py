"""Takes jobs out of the journal for somebody to keep: a folder, or the same as a zip. A file at a time, never all in memory.

Inside are the pictures byte for byte, `jobs.csv` with what they were made with, and `contact-sheet.html`. Nothing that
is there already is replaced, and what is no longer where it was kept is named, not passed over.
"""

from __future__ import annotations

import io
import shutil
import time
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol, cast

from . import contact_sheet, job_table
from .errors import StorageError
from .partial import Partial

if TYPE_CHECKING:
    from .archive import Archive
    from .jobs import JobRecord, Kept

__all__ = ["SHEET", "TABLE", "Exported", "export_folder", "free_name", "write_zip", "zip_file", "zip_or_file"]

TABLE, SHEET, PICTURES = "jobs.csv", "contact-sheet.html", "pictures"
_LARGE = 2**31 - 2**20  # from here on a zip needs its 64-bit form
_CHUNK = 2**20
_BESIDE = 30_000  # bytes that a picture adds to table and sheet, at most


@dataclass(frozen=True, slots=True)
class Exported:
    """What was taken out.

    Attributes:
        path: The folder or the zip; None where `data` is the zip.
        data: The zip itself, where it is small; else None.
        jobs: How many jobs.
        pictures: How many files of theirs.
        size: Bytes of these files.
        missing: The names of files that are no longer where they were kept.
    """

    path: Path | None
    data: bytes | None
    jobs: int
    pictures: int
    size: int
    missing: tuple[str, ...] = ()


class _Sink(Protocol):
    """Where files go: a folder or a zip, one after the other."""

    def copy(self, name: str, source: Path, size: int) -> None: ...

    def write(self, name: str, pieces: Iterable[str], encoding: str) -> None: ...


def export_folder(
    archive: Archive, ids: Sequence[str], folder: str | Path, *, title: str = "", language: str | None = None
) -> Exported:
    """Write these jobs into a folder, which is made.

    Args:
        archive: Whose jobs.
        ids: Which, in the order of the table and the sheet.
        folder: Where; it must not be there yet, or be empty.
        title: The heading of the contact sheet.
        language: The language of the contact sheet's own words.

    Raises:
        StorageError: There is something in the folder already, or it cannot be written.
    """
    place = Path(folder).expanduser()
    with _disk(place):
        if place.exists() and (not place.is_dir() or any(place.iterdir())):
            raise StorageError(
                f"There is something at {place} already.", next_step="Name a folder that is new or empty.",
                key="error.folder_taken", name=place.name,
            )
        (place / PICTURES).mkdir(parents=True, exist_ok=True)
        return _written(archive, ids, _Folder(place), place, title, language)


def write_zip(archive: Archive, ids: Sequence[str], out: IO[bytes], *, title: str = "", language: str | None = None) -> Exported:
    """Write the same as one zip, whose paths begin with no folder of this machine. `out` needs no seeking.

    Raises:
        StorageError: It cannot be written.
    """
    with _disk(None), zipfile.ZipFile(out, "w") as zipped:
        return _written(archive, ids, _Zip(zipped), None, title, language)


def zip_file(archive: Archive, ids: Sequence[str], place: Path, *, title: str = "", language: str | None = None) -> Exported:
    """Write the zip as the file `place`, or `-2`, `-3`, … where that name is taken; it is not there until it is whole.

    Raises:
        StorageError: It cannot be written.
    """
    with _disk(place):
        partial = Partial(place)
        try:
            done = write_zip(archive, ids, cast("IO[bytes]", _Stream(partial)), title=title, language=language)
            partial.seal()
            return replace(done, path=partial.claim(place))
        finally:
            partial.discard()


def zip_or_file(
    archive: Archive, ids: Sequence[str], place: Path, *, most: int, title: str = "", language: str | None = None
) -> Exported:
    """The zip in memory where it has at most about `most` bytes, else as by `zip_file`.

    Raises:
        StorageError: It cannot be written.
    """
    if _weight(archive.each(ids), most) > most:
        return zip_file(archive, ids, place, title=title, language=language)
    out = io.BytesIO()
    done = write_zip(archive, ids, out, title=title, language=language)
    return replace(done, data=out.getvalue())


def free_name(place: Path) -> Path:
    """The same name, or with `-2`, `-3`, … at its end: one that nothing has yet."""
    found, at = place, 1
    while found.exists():
        at += 1
        found = place.with_name(f"{place.name}-{at}")
    return found


class _Folder:
    def __init__(self, place: Path) -> None:
        self._place = place

    def copy(self, name: str, source: Path, size: int) -> None:
        with source.open("rb") as data, (self._place / name).open("xb") as out:
            shutil.copyfileobj(data, out, _CHUNK)

    def write(self, name: str, pieces: Iterable[str], encoding: str) -> None:
        with (self._place / name).open("x", encoding=encoding, errors="replace", newline="") as out:
            out.writelines(pieces)


class _Zip:
    """Pictures are stored as they are, being compressed already; text is deflated."""

    def __init__(self, zipped: zipfile.ZipFile) -> None:
        self._zip = zipped
        self._now = time.localtime()[:6]

    def copy(self, name: str, source: Path, size: int) -> None:
        with source.open("rb") as data, self._zip.open(self._info(name), "w", force_zip64=size > _LARGE) as out:
            shutil.copyfileobj(data, out, _CHUNK)

    def write(self, name: str, pieces: Iterable[str], encoding: str) -> None:
        info = self._info(name)
        info.compress_type = zipfile.ZIP_DEFLATED
        with self._zip.open(info, "w") as raw, io.TextIOWrapper(raw, encoding=encoding, errors="replace", newline="") as out:
            out.writelines(pieces)

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = zipfile.ZipInfo(name, date_time=self._now)
        info.external_attr = 0o644 << 16
        return info


class _Stream(io.RawIOBase):
    """A file that is not there until it is whole, as something a zip can be written to."""

    def __init__(self, partial: Partial) -> None:
        super().__init__()
        self._partial = partial

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        view = memoryview(data).cast("B")  # type: ignore[arg-type]  # whatever has a buffer, as io says
        self._partial.write(view)
        return len(view)


def _written(
    archive: Archive, ids: Sequence[str], sink: _Sink, place: Path | None, title: str, language: str | None
) -> Exported:
    """Pictures first, then the words about them: by then it is known what is missing."""
    jobs, pictures, size, missing = 0, 0, 0, set()
    for record in archive.each(ids):
        jobs += 1
        for kept in record.kept:
            try:
                sink.copy(_inside(kept), Path(kept.path), kept.size)
            except FileNotFoundError:
                missing.add(Path(kept.path).name)
            else:
                pictures, size = pictures + 1, size + kept.size
    rows = (job_table.row(record, *_parted(record, missing)) for record in archive.each(ids))
    sink.write(TABLE, job_table.lines(rows), job_table.ENCODING)
    sheet = contact_sheet.pieces(archive.each(ids), title=title, language=language, folder=PICTURES)
    sink.write(SHEET, sheet, "utf-8")
    return Exported(place, None, jobs, pictures, size, tuple(sorted(missing)))


def _parted(record: JobRecord, missing: set[str]) -> tuple[list[str], list[str]]:
    """Where a job's files lie in the export, and the names of those that are missing."""
    gone = [name for kept in record.kept if (name := Path(kept.path).name) in missing]
    return [_inside(kept) for kept in record.kept if Path(kept.path).name not in missing], gone


def _inside(kept: Kept) -> str:
    """A kept file is named by its job and number, so no two are the same."""
    return f"{PICTURES}/{Path(kept.path).name}"


def _weight(records: Iterable[JobRecord], enough: int) -> int:
    """About how many bytes a zip of these will have; counted no further than `enough`."""
    total = 0
    for record in records:
        total += sum(kept.size + _BESIDE for kept in record.kept) + 1000
        if total > enough:
            break
    return total


@contextmanager
def _disk(place: Path | None) -> Iterator[None]:
    """Turn the disk's errors into ours."""
    try:
        yield
    except OSError as error:
        where = place if place is not None else error.filename or "the zip"
        raise StorageError(
            f"Cannot write {where}: {error.strerror or error}.", next_step="Choose another place, or make room on the disk.",
        ) from error
