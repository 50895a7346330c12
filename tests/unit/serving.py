"""A real `ipydarkroom serve` in a process of its own, for the tests that need one."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

SRC = Path(__file__).parents[2] / "src"
TOKEN = "local-for-tests"


@dataclass
class Served:
    """A running server: where it is, what it accepts, what it printed at start, and its process."""

    origin: str
    token: str
    printed: str
    process: subprocess.Popen[str]

    @property
    def port(self) -> int:
        """The port alone."""
        return int(self.origin.rpartition(":")[2])

    def http(self, **options: object) -> httpx.Client:
        """A plain HTTP client with the token."""
        return httpx.Client(base_url=self.origin, headers={"Authorization": f"Bearer {self.token}"}, trust_env=False, **options)

    def end(self, sent: signal.Signals = signal.SIGINT) -> tuple[str, str, int]:
        """Tell it to end; what it still printed, what it complained of, and its exit code."""
        self.process.send_signal(sent)
        out, err = self.process.communicate(timeout=20)
        return out, err, self.process.returncode


def command(*arguments: str, **environment: str) -> subprocess.Popen[str]:
    """Start the command line; its surroundings hold what is given and no token."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "TMPDIR", "IPYDARKROOM_HOME", "SYSTEMROOT")}
    return subprocess.Popen(
        [sys.executable, "-m", "ipydarkroom", *arguments],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env={**kept, "PYTHONPATH": str(SRC), "PYTHONUTF8": "1", **environment},
    )  # fmt: skip


@contextmanager
def served(*arguments: str, token: str = TOKEN, **environment: str) -> Iterator[Served]:
    """Serve on a free port, at the quick pace, until the block ends."""
    process = command("serve", "--port", "0", "--quick", *arguments, IPYDARKROOM_SERVE_TOKEN=token, **environment)
    try:
        printed = ""
        while "Ctrl-C" not in printed:
            line = process.stdout.readline()
            if not line:
                raise AssertionError(f"the server did not start: {printed}{process.stderr.read()}")
            printed += line
        origin = re.search(r"http://(?:127\.0\.0\.1|\[::1\]):\d+", printed)[0]
        yield Served(origin, token, printed, process)
    finally:
        if process.poll() is None:
            process.terminate()
            process.communicate(timeout=20)
