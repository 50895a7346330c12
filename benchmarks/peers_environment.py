"""The peers' own environment: made on the first run, made again when peers.txt changes. Never part of the project's."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import venv

from cells import HERE

__all__ = ["make"]

_FOLDER = HERE / ".peers-venv"
_WANTED = HERE / "peers.txt"


def make() -> None:
    """Make the environment unless it is there and as peers.txt and this Python want it."""
    wanted = hashlib.sha256(_WANTED.read_bytes() + sys.version.encode()).hexdigest()
    stamp = _FOLDER / "made-from"
    if stamp.is_file() and stamp.read_text() == wanted:
        return
    print("Making the peers' environment; once, for a minute.", file=sys.stderr, flush=True)
    shutil.rmtree(_FOLDER, ignore_errors=True)
    venv.EnvBuilder(with_pip=True, symlinks=True).create(_FOLDER)
    python = _FOLDER / "bin" / "python"
    command = [str(python), "-m", "pip", "install", "-r", str(_WANTED)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"The peers could not be installed:\n{done.stdout}{done.stderr}")
    stamp.write_text(wanted)
