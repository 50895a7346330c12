"""Runs one cell of the benchmark: a shop in its own process, one client in another, and reads what both say."""

from __future__ import annotations

import json
import math
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contenders import Contender

__all__ = ["HERE", "Cell", "free_ports", "kept_home", "percentile", "python_of", "run", "surroundings"]

HERE = Path(__file__).parent
_PEERS_PYTHON = HERE / ".peers-venv" / ("Scripts" if os.name == "nt" else "bin") / "python"
_LONGEST = 600.0  # seconds after which a whole client process is given up


@dataclass(frozen=True)
class Cell:
    """What one client did in one shop. `said` is the client's account, `ledger` the shop's; `broke` says why there is none."""

    contender: Contender
    said: Mapping[str, Any]
    ledger: Mapping[str, Any]
    broke: str = ""

    @property
    def jobs(self) -> int:
        return len(self.said["in_hand"]) + len(self.said["lost"])

    def posts(self) -> list[int]:
        """POSTs that reached the shop, for each logical order."""
        return sorted(self.ledger["posts"].values())

    def late(self, when: str) -> list[float]:
        """Seconds from each job's end to the client's knowing (`known`) or to the picture in its hands (`in_hand`)."""
        ends = self.ledger["ends"]
        return sorted(max(0.0, at - ends[number]) for number, at in self.said[when].items() if number not in self.said["lost"])

    def looks_per_job(self) -> float:
        """Requests per job, fetching the picture left out, since every client fetches it once."""
        asked = sum(count for kind, count in self.ledger["requests"].items() if kind != "file")
        return asked / max(1, len(self.ledger["ends"]))

    def took(self, what: str) -> list[float]:
        """`wall`, `cpu` or `one` of each round that has one."""
        return [round_[what] for round_ in self.said["rounds"] if round_[what] is not None]


def run(contender: Contender, shop: Mapping[str, Any], task: Mapping[str, Any], *, home: Path | None = None) -> Cell:
    """Run one cell. `home` is copied for our client, as its history; without one it starts with an empty folder."""
    with _shop({"protocol": contender.protocol, **shop}) as origin, tempfile.TemporaryDirectory(prefix="bench-") as folder:
        place = Path(folder) / "home"
        if home is not None:
            shutil.copytree(home, place)
        whole = {**contender.task, **task, "origin": origin, "home": str(place), "packages": list(contender.packages)}
        command = [python_of(contender), str(HERE / "buyers" / f"{contender.script}.py"), json.dumps(whole)]
        began = time.monotonic()
        try:
            done = subprocess.run(
                command, check=True, capture_output=True, text=True, timeout=_LONGEST, env=surroundings(contender.ours)
            )
        except subprocess.TimeoutExpired:
            return Cell(contender, {}, {}, "did not end")
        except subprocess.CalledProcessError as error:
            return Cell(contender, {}, {}, error.stderr.strip().splitlines()[-1][:200] if error.stderr.strip() else "died")
        finally:
            took = f"{time.monotonic() - began:.0f} s"
            print(f"  {contender.key}, {task['jobs']} jobs, {1e3 * shop.get('delay', 0.0):.0f} ms: {took}", file=sys.stderr, flush=True)
        with urllib.request.urlopen(f"{origin}/ledger", timeout=30) as answer:
            return Cell(contender, json.loads(done.stdout), json.load(answer))


def kept_home(contender: Contender, shop: Mapping[str, Any], task: Mapping[str, Any], home: Path) -> None:
    """Let our client work in `home`, so that its journal has a history."""
    with _shop({"protocol": contender.protocol, **shop}) as origin:
        whole = {**contender.task, **task, "origin": origin, "home": str(home), "packages": []}
        command = [python_of(contender), str(HERE / "buyers" / f"{contender.script}.py"), json.dumps(whole)]
        subprocess.run(command, check=True, capture_output=True, timeout=_LONGEST, env=surroundings(contender.ours))


def python_of(contender: Contender) -> str:
    """Ours runs in the project's environment, everybody else in the peers' own."""
    return sys.executable if contender.ours else str(_PEERS_PYTHON)


def surroundings(ours: bool) -> dict[str, str]:
    """An environment without tokens, proxies or switches, so that nothing but the loopback address is ever known."""
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "SYSTEMROOT", "TMPDIR", "TEMP") if name in os.environ}
    kept |= {"PYTHONHASHSEED": "0", "NO_PROXY": "127.0.0.1"}
    return kept | {"PYTHONPATH": str(HERE.parent / "src")} if ours else kept


def free_ports(number: int) -> list[int]:
    """Ports below the range the system gives to outgoing connections: they can be served again and again."""
    found = []
    for port in range(20_000 + os.getpid() % 5_000, 30_000):
        if len(found) == number:
            break
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            found.append(port)
    return found


def percentile(values: list[float], share: float) -> float | None:
    """The smallest value that this share of all values does not exceed."""
    return sorted(values)[max(0, math.ceil(share * len(values)) - 1)] if values else None


@contextmanager
def _shop(options: Mapping[str, Any]) -> Iterator[str]:
    """A shop process for the length of the block; gives its origin."""
    command = [sys.executable, str(HERE / "shop.py"), json.dumps(options)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=surroundings(ours=False)) as shop:
        assert shop.stdout is not None
        try:
            yield f"http://127.0.0.1:{json.loads(shop.stdout.readline())['port']}"
        finally:
            assert shop.stdin is not None
            shop.stdin.close()
            shop.wait(timeout=30)
