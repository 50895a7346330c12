"""Find a Chromium or Chrome for the browser tests, and with --get fetch one where none is found.

A system browser is used if present; else Playwright's own download; else, as root on Debian, the `chromium` package.
Exits with 1 only in CI (CI=true), where a missing browser is a failure; elsewhere the browser tests are skipped by name.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")


def find_browser() -> str | None:
    """The path of a browser, or None."""
    for name in _NAMES:
        if path := shutil.which(name):
            return path
    if _MAC.exists():
        return str(_MAC)
    return _playwrights_own()


def _playwrights_own() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        path = playwright.chromium.executable_path
    return path if Path(path).exists() else None


def _try(what: str, command: Sequence[str], seconds: int) -> bool:
    """Run one way of getting a browser; a failure is told, and the next way is tried."""
    print(f"No browser found; trying {what}.", flush=True)
    try:
        done = subprocess.run(command, check=False, timeout=seconds, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    except (OSError, subprocess.TimeoutExpired) as error:
        print(f"  {what}: {error}", flush=True)
        return False
    if done.returncode:
        print(f"  {what}: {done.stderr.strip().splitlines()[-1] if done.stderr.strip() else 'failed'}", flush=True)
    return done.returncode == 0


def get_browser() -> str | None:
    """Find a browser, or get one."""
    if found := find_browser():
        return found
    _try("Playwright's own download", [sys.executable, "-m", "playwright", "install", "chromium"], 300)
    if found := find_browser():
        return found
    if hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get"):
        _try("Debian's package lists", ["apt-get", "update"], 300)
        _try("Debian's chromium", ["apt-get", "install", "-y", "chromium"], 900)
    return find_browser()


def main() -> int:
    path = get_browser() if "--get" in sys.argv else find_browser()
    print(f"browser: {path or 'none'}")
    return 1 if path is None and os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
