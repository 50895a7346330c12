"""A disk that loses power: an apsw VFS that writes down what reached it, and what a cut at any moment may leave.

The files themselves are real and always whole; beside them runs a list of everything SQLite did. `survivors` replays
its first part on a model of a disk that keeps no promise but one: what was synced stays. Whatever was not is kept,
lost or half kept at random, sector by sector and in any order; a file's new length and its name are such facts too.
"""

from __future__ import annotations

import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import apsw

__all__ = ["Disk", "Step", "survivors"]

SECTOR = 512
_JOURNALS = apsw.SQLITE_OPEN_MAIN_JOURNAL | apsw.SQLITE_OPEN_SUPER_JOURNAL | apsw.SQLITE_OPEN_WAL
Step = tuple[object, ...]
"""("open" | "sync" | "delete", file name, flag), ("write", name, offset, bytes), ("truncate", name, size), or a note."""


class Disk(apsw.VFS):
    """A VFS whose steps are listed in `steps`. A caller may add notes of its own between them."""

    def __init__(self, name: str) -> None:
        super().__init__(name, "")
        self.name = name
        self.steps: list[Step] = []

    def xOpen(self, name: object, flags: list[int]) -> apsw.VFSFile:  # noqa: N802  # SQLite's names
        """Open a real file and watch it."""
        return _Watched(self, name, flags)

    def xDelete(self, filename: str, syncdir: bool) -> None:  # noqa: N802
        """A name goes away, for good only if the folder is synced."""
        self.steps.append(("delete", Path(filename).name, syncdir))
        super().xDelete(filename, syncdir)


class _Watched(apsw.VFSFile):
    def __init__(self, disk: Disk, name: object, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self._disk, self._fresh = disk, bool(flags[0] & _JOURNALS and flags[0] & apsw.SQLITE_OPEN_CREATE)
        self._name = Path(name.filename() if isinstance(name, apsw.URIFilename) else str(name)).name
        disk.steps.append(("open", self._name, self._fresh))

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        self._disk.steps.append(("write", self._name, offset, bytes(data)))
        super().xWrite(data, offset)

    def xTruncate(self, size: int) -> None:  # noqa: N802
        self._disk.steps.append(("truncate", self._name, size))
        super().xTruncate(size)

    def xSync(self, flags: int) -> None:  # noqa: N802  # the real file needs none: nobody pulls the real plug
        """SQLite's own Unix VFS syncs the folder with the first sync of a fresh rollback journal or WAL."""
        self._disk.steps.append(("sync", self._name, self._fresh))
        self._fresh = False


@dataclass
class _File:
    """One file: as a program sees it, as it is on the platter, and every version a sector has had in between."""

    now: bytearray
    kept: bytes = b""
    sizes: list[int] = field(default_factory=list)
    sectors: dict[int, list[bytes]] = field(default_factory=dict)
    named: bool = False  # whether its name is on the platter

    def write(self, offset: int, data: bytes) -> None:
        end = offset + len(data)
        if end > len(self.now):
            self.now.extend(bytes(end - len(self.now)))
            self.sizes.append(end)
        self.now[offset:end] = data
        for number in range(offset // SECTOR, -(-end // SECTOR)):
            self.sectors.setdefault(number, []).append(bytes(self.now[number * SECTOR:(number + 1) * SECTOR]))

    def truncate(self, size: int) -> None:
        if size < len(self.now):
            del self.now[size:]
        else:
            self.now.extend(bytes(size - len(self.now)))
        self.sizes.append(size)

    def sync(self) -> None:
        self.kept = bytes(self.now)
        self.sizes.clear()
        self.sectors.clear()

    def after_cut(self, chance: random.Random) -> bytes:
        size = chance.choice([len(self.kept), *self.sizes])
        left = bytearray(self.kept[:size])
        hole = size - len(left)  # blocks given to the file and never written: zeros, or what somebody else left there
        left.extend(chance.choice((bytes, chance.randbytes))(hole))
        for number, versions in self.sectors.items():
            start = number * SECTOR
            pick = chance.randrange(-1, len(versions))
            if pick >= 0 and start < size:
                part = versions[pick][:size - start]
                left[start:start + len(part)] = part
        return bytes(left)


def survivors(start: dict[str, bytes], steps: Iterable[Step], chance: random.Random) -> tuple[dict[str, bytes], bool]:
    """What is in the folder after the power went, right after the last of `steps`.

    Args:
        start: File name -> bytes on the platter before the first step.
        steps: What was done since.
        chance: Decides what of the unsynced survives.

    Returns:
        File name -> bytes, and whether the cut took anything (a mere kill would have left the files as they were).
    """
    files = {name: _File(bytearray(data), data, named=True) for name, data in start.items()}
    gone: dict[str, _File] = {}  # deleted, and the folder not yet synced
    for kind, name, *rest in steps:
        if kind == "open":
            files.setdefault(str(name), _File(bytearray()))
        elif kind == "write":
            files[str(name)].write(*rest)  # type: ignore[arg-type]
        elif kind == "truncate":
            files[str(name)].truncate(*rest)  # type: ignore[arg-type]
        elif kind == "delete":
            gone[str(name)] = files.pop(str(name))
        elif kind == "sync":
            files[str(name)].sync()
        if rest == [True]:  # the folder was synced as well
            gone.clear()
            for file in files.values():
                file.named = True
    whole = {name: bytes(file.now) for name, file in files.items()}
    back = {name: file for name, file in gone.items() if file.named and chance.random() < 0.5}
    left = {**back, **{name: file for name, file in files.items() if file.named or chance.random() < 0.5}}
    found = {name: file.after_cut(chance) for name, file in left.items()}
    return found, found != whole
