"""Who drives a job: names for the clients that share a journal, and whether one of them is still there.

A name says host, process and client. Death is known at once where the process can be asked for; else, and for a
process that hangs, by its lease running out.
"""

from __future__ import annotations

import hashlib
import itertools
import os
import platform
from contextlib import suppress
from pathlib import Path

from .settings import PROCESS

__all__ = ["LEASE_S", "alive", "dismiss", "here", "new_owner"]

LEASE_S = 30.0
"""How long a client holds a job without saying so again; it does so three times in that time."""

_ASKABLE = os.name == "posix"  # on Windows, signal 0 is Ctrl-C: to ask a process would end what its person is doing

_numbers = itertools.count(1)
_open: set[str] = set()


def new_owner() -> str:
    """A name for one client of this process, until `dismiss`."""
    owner = f"{_host()}:{os.getpid()}:{PROCESS}:{next(_numbers)}"
    _open.add(owner)
    return owner


def dismiss(owner: str) -> None:
    """That client is closed: its jobs may be taken over."""
    _open.discard(owner)


def here(owner: str) -> bool:
    """Whether that is a client of this very process that is not closed."""
    return owner in _open


def alive(owner: str, lease: float, now: float) -> bool:
    """Whether a client still holds what it owns.

    Args:
        owner: Its name; names of an earlier version count as gone.
        lease: Until when it held the job, in seconds since the epoch; 0 where it has let go.
        now: Seconds since the epoch.
    """
    host, pid, process, _ = (*owner.split(":"), "", "", "", "")[:4]
    if process == PROCESS and pid == str(os.getpid()):
        return owner in _open and lease > 0
    if host == _host() and not _running(pid):
        return False
    return lease > now


def _running(pid: str) -> bool:
    if not pid.isdecimal() or int(pid) == os.getpid():  # our own number: that process ended, and its number was given to us
        return False
    if not _ASKABLE:
        return True  # the lease tells
    try:
        os.kill(int(pid), 0)
    except (ProcessLookupError, OverflowError):
        return False
    except OSError:  # it runs and is somebody else's
        return True
    return True


def _host() -> str:
    """This machine and the numbering of its processes: two containers may both have a process 1."""
    numbering = ""
    with suppress(OSError):
        numbering = str(Path("/proc/self/ns/pid").readlink())
    return hashlib.sha256(f"{platform.node()} {numbering}".encode()).hexdigest()[:8]
