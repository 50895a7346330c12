"""The peers' own environments: made on the first run, made again when their list changes. Never part of the project's."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv

from pathlib import Path

from cells import HERE

__all__ = ["make"]


def make(name: str = "peers") -> Path:
    """Make the environment of a list (`peers.txt`, `form_peers.txt`) unless it is there and as list and Python want it.

    Returns:
        Its Python.
    """
    listed, folder = HERE / f"{name}.txt", HERE / f".{name.replace('_', '-')}-venv"
    python = folder / ("Scripts" if os.name == "nt" else "bin") / "python"
    wanted = hashlib.sha256(listed.read_bytes() + sys.version.encode()).hexdigest()
    stamp = folder / "made-from"
    if stamp.is_file() and stamp.read_text() == wanted:
        return python
    print("Making the peers' environment; once, for a minute.", file=sys.stderr, flush=True)
    shutil.rmtree(folder, ignore_errors=True)
    venv.EnvBuilder(with_pip=True, symlinks=True).create(folder)
    command = [str(python), "-m", "pip", "install", "-r", str(listed)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"The peers could not be installed:\n{done.stdout}{done.stderr}")
    stamp.write_text(wanted)
    return python
