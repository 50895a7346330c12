"""G12: Ctrl-C in a real kernel frees a waiting cell within half a second, and the job goes on.

Four ways to wait, in turn: `job.result()`, `await job`, `panel.wait()` and `dr.run(...)`. The harness is the front end:
it starts ipykernel, runs cells, interrupts them after a random moment and stops the clock when the kernel says idle.
The server is the local backend with a painter that waits for a word. After every round the painter is released, and
each interrupted job must end with its picture, its row in the journal never missing.

Negative control: a wait without a heartbeat on the kernel's own loop must be found late.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sqlite3
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from queue import Empty

from jupyter_client import KernelManager

__all__ = ["main"]

FIXED_SEED = 20_261
LIMIT_MS = 500.0
WAYS = ("job.result()", "await job", "panel.wait()", "dr.run(...)")
_CELLS = {
    "job.result()": "job = order()\nwaiting()\njob.result()",
    "await job": "job = order()\nwaiting()\nawait job",
    "panel.wait()": "panel = dr.Panel(MODEL, client=client)\npanel.value = {'prompt': 'fox'}\npanel.submit()\nwaiting()\npanel.wait()",
    "dr.run(...)": "waiting()\ndr.run(MODEL, again=True, prompt='fox')",
}
_CONTROL = "waiting()\nawait asyncio.get_running_loop().run_in_executor(None, time.sleep, 3)"
_SET_UP = """
import asyncio, time
from pathlib import Path
import ipydarkroom as dr
from ipydarkroom import notebook
from ipydarkroom.testing import ScriptedPainter, local_client
MODEL = "bytedance/dreamina-4-0/text-to-image"
painter = ScriptedPainter()
painter.hold()
client = notebook._shared["client"] = local_client(Path({home!r}), painter)
def order():
    return client.submit(MODEL, prompt="fox")
def waiting():
    print("waiting", flush=True)
print("ready", flush=True)
"""
_RELEASE = """
painter.release()
jobs = [job.wait(20) for job in client.jobs()]
painter.hold()
print("states", sorted({job.state.value for job in jobs}), flush=True)
"""


@dataclass
class Shown:
    """What a cell showed, and how long it took to be free after the interrupt, in milliseconds."""

    text: str = ""
    error: str = ""
    lines: int = 0
    late_ms: float | None = None


class Kernel:
    """A real kernel and the front end's end of it."""

    def __init__(self, folder: Path) -> None:
        env = {
            **os.environ, "IPYTHONDIR": str(folder / "ipython"), "IPYDARKROOM_HOME": str(folder / "home"),
            "IPYDARKROOM_LOCAL": "1", "IPYDARKROOM_SPENDING": "off", "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        }
        self._log = (folder / "kernel.log").open("wb")
        self._manager = KernelManager(kernel_name="python3")
        self._manager.start_kernel(env=env, independent=True, stdout=self._log, stderr=self._log)
        self._front = self._manager.client()
        self._front.start_channels()
        self._front.wait_for_ready(60)

    def run(self, code: str, *, after_s: float | None = None, limit_s: float = 60.0) -> Shown:
        """Run a cell to its end; interrupt it `after_s` seconds after it has printed something."""
        cell, shown, begun = self._front.execute(code), Shown(), time.monotonic()
        spoke = struck = 0.0
        while time.monotonic() - begun < limit_s:
            message = self._next(cell)
            now = time.monotonic()
            kind = message["msg_type"] if message else ""
            if kind == "stream":
                shown.text += message["content"]["text"]
                spoke = spoke or now
            elif kind == "error":
                shown.error = "\n".join(message["content"]["traceback"])
                shown.lines = shown.error.count("\n") + 1
            elif kind == "status" and message["content"]["execution_state"] == "idle":
                shown.late_ms = (now - struck) * 1000 if struck else None
                return shown
            if after_s is not None and spoke and not struck and now - spoke >= after_s:
                self._manager.interrupt_kernel()
                struck = time.monotonic()
        raise TimeoutError(f"the cell did not end: {code[:60]!r}, {shown}")

    def _next(self, cell: str) -> dict | None:
        try:
            message = self._front.get_iopub_msg(timeout=0.01)
        except Empty:
            return None
        return message if message["parent_header"].get("msg_id") == cell else None

    def end(self) -> None:
        """Stop it."""
        self._front.stop_channels()
        self._manager.shutdown_kernel(now=True)
        self._log.close()


def main(count: int = 30, seed: int | None = None) -> dict:
    """Interrupt `count` waiting cells, and one that must be found late; returns the figures."""
    drawn = random.SystemRandom().randrange(2**31) if seed is None else seed
    chances = (random.Random(FIXED_SEED), random.Random(drawn))
    folder = Path(tempfile.mkdtemp(prefix="ipydarkroom-interrupts-"))
    kernel = Kernel(folder)
    try:
        setup = kernel.run(_SET_UP.format(home=str(folder / "home")))
        assert "ready" in setup.text, setup.error
        return _judged(_interrupted(kernel, folder / "home" / "journal.sqlite3", count, chances), kernel, drawn, count)
    finally:
        kernel.end()
        shutil.rmtree(folder, ignore_errors=True)


def _interrupted(kernel: Kernel, journal: Path, count: int, chances: tuple[random.Random, ...]) -> dict:
    """Every interrupt with its time, and what it did to the job."""
    times: dict[str, list[float]] = {way: [] for way in WAYS}
    wrong: list[str] = []
    most_lines = 0
    for number in range(count):
        way = WAYS[number % len(WAYS)]
        shown = kernel.run(_CELLS[way], after_s=chances[number // len(WAYS) % 2].uniform(0.05, 0.4))
        if shown.late_ms is None or not shown.error:
            wrong.append(f"{way}: not interrupted: {shown.text[-200:]}")
            continue
        times[way].append(shown.late_ms)
        most_lines = max(most_lines, shown.lines)
        states = _states(journal)
        if len(states) != number + 1 or states[0] not in ("queued", "running", "submitting"):
            wrong.append(f"{way}: the journal has {states[:2]} of {len(states)}")
        if "The waiting was stopped; the job" not in shown.error and "Interrupted while an order" not in shown.error:
            wrong.append(f"{way}: does not say that the job goes on: {shown.error[-200:]}")
        if number % len(WAYS) == len(WAYS) - 1 or number == count - 1:
            released = kernel.run(_RELEASE)
            if "states ['succeeded']" not in released.text:
                wrong.append(f"after the release: {released.text} {released.error[-300:]}")
    if set(_states(journal)) != {"succeeded"}:
        wrong.append(f"at the end the journal has {sorted(set(_states(journal)))}")
    return {"times": times, "wrong": wrong, "most_lines": most_lines, "jobs": len(_states(journal))}


def _states(journal: Path) -> list[str]:
    """The jobs' states on disk, newest first, read as anybody could."""
    with sqlite3.connect(f"file:{journal}?mode=ro", uri=True, timeout=10) as db:
        rows = [row[0] for row in db.execute("select state from jobs order by created desc, id desc")]
    db.close()
    return rows


def _judged(found: dict, kernel: Kernel, seed: int, count: int) -> dict:
    control = kernel.run(_CONTROL, after_s=0.3)
    every = sorted(late for each in found["times"].values() for late in each)
    p99 = every[min(len(every) - 1, int(len(every) * 0.99))] if every else float("inf")
    return {
        "name": "G12 interrupts", "seeds": [FIXED_SEED, seed], "interrupts": len(every), "limit_ms": LIMIT_MS,
        "p50_ms": round(statistics.median(every), 1) if every else None, "p99_ms": round(p99, 1),
        "worst_ms_by_way": {way: round(max(each), 1) for way, each in found["times"].items() if each},
        "most_lines_shown": found["most_lines"], "jobs": found["jobs"], "wrong": found["wrong"],
        "control_ms": round(control.late_ms or 0.0, 1), "control_found_late": (control.late_ms or 0.0) > LIMIT_MS,
        "ok": p99 <= LIMIT_MS and not found["wrong"] and len(every) == count and (control.late_ms or 0.0) > LIMIT_MS,
    }


if __name__ == "__main__":
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--count", type=int, default=30)
    reader.add_argument("--seed", type=int, default=None)
    given = reader.parse_args()
    figures = main(given.count, given.seed)
    print(json.dumps(figures))
    sys.exit(0 if figures["ok"] else 1)
