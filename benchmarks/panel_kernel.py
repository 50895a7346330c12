"""What runs inside the kernel that is measured: a client whose painter gives fixed pictures, and a panel of it.

As a program it does one case and prints what it took as one line of JSON:

    python benchmarks/panel_kernel.py '{"case": "painted", "jobs": 20, "mb": 2.0}'
    python benchmarks/panel_kernel.py '{"case": "memory", "jobs": 200, "mb": 2.0, "panel": true}'

Nothing but the public interface is used: `dr.Panel`, a client, `dr.testing`. What leaves the kernel is written down by
a comm that sends nothing.
"""

from __future__ import annotations

import gc
import json
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import comm
import marked

import ipydarkroom as dr
from ipydarkroom.local import Pace, build_app

__all__ = ["MODEL", "Gate", "Sent", "client_of", "order", "succeeded"]

MODEL = "bytedance/seedream-5/lite/text-to-image"
_QUIET_S = 2.0  # longer than any pause between two paints, also where a picture of 16 MB is unpacked between them
_WARM = 30  # pictures until a process has grown to its size: each worker unpacks some, and the system's allocator keeps that room
_LONGEST_S = 900.0


class Gate(dr.testing.ScriptedPainter):
    """A painter of fixed pictures: `hold()` keeps them back, and `release()` lets all that wait be ready at once."""

    def __init__(self, megabytes: float) -> None:
        super().__init__()
        self._megabytes = megabytes
        marked.picture(0, megabytes)  # the costly part is made now, and kept

    def paint(self, order: Any, report: Callable[[float], None]) -> bytes:
        """The picture whose number stands at the end of the prompt."""
        super().paint(order, report)
        self.orders.clear()
        return marked.picture(int(order.prompt.rpartition(" ")[2]), self._megabytes)


class Sent:
    """Every message that would have left the kernel: when, how many bytes, and what was in it.

    A message counts at the moment it is packed as the kernel packs it, as JSON with its buffers beside.
    """

    def __init__(self, *, keep: bool = True) -> None:
        self.keep = keep
        self.messages: list[tuple[float, str, tuple[bytes, ...]]] = []
        self.bytes = 0
        self.count = 0
        self._news = threading.Event()
        comm.DummyComm.publish_msg = lambda _self, kind, data=None, metadata=None, buffers=None, **_rest: self._note(
            kind, data, metadata, buffers
        )

    def clear(self) -> None:
        """Forget what was sent so far."""
        self.messages.clear()
        self.bytes = self.count = 0

    def until_quiet(self) -> None:
        """Wait until nothing has been sent for a while."""
        while self._news.wait(_QUIET_S):
            self._news.clear()

    def first_seen(self) -> dict[int, float]:
        """Number of a picture -> when it was first in a message."""
        seen: dict[int, float] = {}
        for at, text, buffers in self.messages:
            for payload in marked.payloads(text, buffers):
                number = marked.number_of(payload)
                if number is not None:
                    seen.setdefault(number, at)
        return seen

    def _note(self, kind: str, data: Any, metadata: Any, buffers: Any) -> None:
        text = json.dumps({"msg_type": kind, "data": data, "metadata": metadata}, default=str)
        beside = tuple(bytes(buffer) for buffer in buffers or ())
        self.bytes += len(text) + sum(map(len, beside))
        self.count += 1
        if self.keep:
            self.messages.append((time.monotonic(), text, beside))
        self._news.set()


def client_of(painter: dr.testing.ScriptedPainter) -> dr.Client:
    """A client of this machine, looking as often as it always does; only the waiting for show is left out."""

    def build(token: Any, find: Any, send: Any) -> object:
        return build_app(tokens=frozenset({token.reveal()}), find=find, pace=Pace(0, 0), painters=[painter], send=send)

    return dr.Client(local=True, local_app=build)


def order(panel: dr.Panel, number: int) -> dr.Job:
    """Press Run for the picture of that number."""
    panel.value = {"prompt": f"picture {number}"}
    return panel.submit()


def succeeded(jobs: dict[int, dr.Job], clock: Callable[[], float]) -> dict[int, float]:
    """Number -> when the client learnt that the job has succeeded; filled in as it happens."""
    times: dict[int, float] = {}

    def watch(number: int) -> Callable[[Any], None]:
        return lambda record: times.setdefault(number, clock()) if record.state == "succeeded" else None

    for number, job in jobs.items():
        job.watch(watch(number))
    return times


def _painted(task: dict[str, Any]) -> dict[str, Any]:
    """Rounds of jobs, ready at once: seconds from a job's success, as the client learns it, to its picture leaving the kernel."""
    sent, painter = Sent(), Gate(task["mb"])
    with client_of(painter) as client:
        panel = dr.Panel(MODEL, client=client)
        panel.widget  # noqa: B018  # made as a front end would ask for it
        opened = {"bytes": sent.bytes, "messages": sent.count}
        order(panel, marked.MARKS - 1).wait(_LONGEST_S)  # what is loaded late is loaded here
        sent.until_quiet()
        rounds = [_round(panel, painter, sent, range(n * task["jobs"], (n + 1) * task["jobs"])) for n in range(task.get("rounds", 1))]
        panel.close()
    return {"rounds": rounds, "opened": opened}


def _round(panel: dr.Panel, painter: Gate, sent: Sent, numbers: range) -> dict[str, Any]:
    """All jobs of one round; it ends when all is quiet."""
    sent.clear()
    painter.hold()
    jobs = {number: order(panel, number) for number in numbers}
    times = succeeded(jobs, time.monotonic)
    began, cpu = time.monotonic(), time.process_time()
    painter.release()
    for job in jobs.values():
        job.wait(_LONGEST_S)
    took = time.monotonic() - began
    sent.until_quiet()
    cpu = time.process_time() - cpu  # of the painting too, which goes on after the last job has ended
    seen = sent.first_seen()
    late = [seen[number] - at for number, at in times.items() if number in seen]
    return {"late": late, "succeeded": len(times), "wall": took, "cpu": cpu, "bytes": sent.bytes, "messages": sent.count}


def _memory(task: dict[str, Any]) -> dict[str, Any]:
    """Megabytes of this process before, half way and at the end; with a panel, or with the client alone as the control."""
    sent, painter = Sent(keep=False), Gate(task["mb"])
    with client_of(painter) as client:
        panel = dr.Panel(MODEL, client=client) if task["panel"] else None
        if panel is not None:
            panel.widget  # noqa: B018
        held: list[bytes] = []
        for number in range(_WARM):
            _one(client, panel, number)
        sent.until_quiet()
        marks = [_resident_mb()]
        for half in range(2):
            for number in range(task["jobs"] // 2):
                result = _one(client, panel, half * task["jobs"] // 2 + number)
                held += [picture.bytes for picture in result.images] if task.get("hold") else []
            sent.until_quiet()
            marks.append(_resident_mb())
        widgets = len(comm.get_comm_manager().comms)
    return {"mb": marks, "widgets": widgets, "held": len(held)}


def _sweep(task: dict[str, Any]) -> dict[str, Any]:
    """A sweep on the screen, end to end, and the same once more, for which nothing is to be ordered."""
    sent, painter = Sent(keep=False), Gate(task["mb"])
    words = [f"picture {number}" for number in range(task["jobs"])]
    with client_of(painter) as client:
        rounds = []
        for _ in range(2):
            sent.clear()
            known, began, cpu = len(client.jobs()), time.monotonic(), time.process_time()
            sweep = dr.Sweep(MODEL, prompt=words, client=client, confirm=True)
            sweep.widget  # noqa: B018  # made as a front end would ask for it
            sweep.run(_LONGEST_S)
            took, cpu = time.monotonic() - began, time.process_time() - cpu
            ordered, done = len(client.jobs()) - known, sweep.progress.done
            sweep.close()
            rounds.append({"wall": took, "cpu": cpu, "ordered": ordered, "done": done, "bytes": sent.bytes, "messages": sent.count})
    return {"rounds": rounds}


def _one(client: dr.Client, panel: dr.Panel | None, number: int) -> dr.Result:
    job = client.submit(MODEL, prompt=f"picture {number}") if panel is None else order(panel, number)
    return job.result(_LONGEST_S)


def _resident_mb() -> float:
    """What is in memory now. Linux only: elsewhere only the peak is told."""
    gc.collect()
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmRSS"))
    return round(int(line.split()[1]) * 1024 / 1e6, 1)


if __name__ == "__main__":
    asked = json.loads(sys.argv[1])
    print(json.dumps({"painted": _painted, "memory": _memory, "sweep": _sweep}[asked["case"]](asked)))
