"""What memory this process has now, and the most it ever had, in MB. Linux: `ru_maxrss` would count what started us as well."""

from __future__ import annotations

import re
from pathlib import Path

__all__ = ["now_mb", "peak_mb"]


def now_mb() -> float:
    """Resident now."""
    return _status("VmRSS")


def peak_mb() -> float:
    """The most that was resident since this process began (or was forked)."""
    return _status("VmHWM")


def _status(name: str) -> float:
    text = Path("/proc/self/status").read_text(encoding="ascii")
    return int(re.search(rf"{name}:\s+(\d+) kB", text)[1]) / 1024
