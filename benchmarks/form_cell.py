"""One form in a process of its own, in whichever environment: makes it again and again and counts what a kernel would send.

    python form_cell.py MAKER TIMES < schemas.json

Reads a list of {"name", "schema", "values", "change"} and prints one JSON line per schema. A recording comm stands where the
kernel's would be, so nothing leaves the process; each message is packed as JSON, as a kernel does.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import statistics
import sys
import time
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, ClassVar

import comm
import ipywidgets.widgets.widget as core
from comm.base_comm import BaseComm

_PACKAGES = ("ipywidgets", "traitlets", "comm", "ipyautoui", "ipywidgets-jsonschema", "ipydarkroom")


class Recorder(BaseComm):
    """Where messages end. The list is shared by all of them."""

    sent: ClassVar[list[tuple[str, int]]] = []

    def publish_msg(self, msg_type: str, data: Any = None, metadata: Any = None, buffers: Any = None, **keys: Any) -> None:
        size = len(json.dumps(data, default=str).encode()) + sum(memoryview(each).nbytes for each in buffers or ())
        self.sent.append((msg_type, size))


def main() -> None:
    maker, times, cases = sys.argv[1], int(sys.argv[2]), json.load(sys.stdin)
    sys.path.insert(0, str(Path(__file__).parent / "form_makers"))
    make = importlib.import_module(maker).make
    comm.create_comm = Recorder  # after the imports: ipykernel sets its own
    for case in cases:
        try:
            said = {**_measured(make, case, times), "versions": _versions()}
        except Exception as error:  # noqa: BLE001  # a peer that cannot make this form is a finding, not the end of the run
            said = {"broke": f"{type(error).__name__}: {error}"[:200]}
        print(json.dumps({"form": case["name"], **said}), flush=True)


def _measured(make: Any, case: dict[str, Any], times: int) -> dict[str, Any]:
    wall, cpu = [], []
    for _ in range(times + 2):
        gc.collect()
        Recorder.sent.clear()
        before = set(core._instances)
        began, used = time.perf_counter(), time.process_time()
        made = make(case["schema"])
        cpu.append(1e3 * (time.process_time() - used))
        wall.append(1e3 * (time.perf_counter() - began))
        sent = list(Recorder.sent)
        made.close()
        left = len(set(core._instances) - before)
        _sweep(before)
    return {
        "messages": len(sent), "models": sum(kind == "comm_open" for kind, _ in sent), "bytes": sum(size for _, size in sent),
        "wall_ms": round(statistics.median(wall[2:]), 2), "cpu_ms": round(statistics.median(cpu[2:]), 2), "left": left,
        **_one_value(make, case),
    }


def _one_value(make: Any, case: dict[str, Any]) -> dict[str, Any]:
    """The messages of one value set in code, in a form that has a value in every field."""
    before, (name, value) = set(core._instances), case["change"]
    made = make(case["schema"])
    try:
        made.fill(case["values"])
        Recorder.sent.clear()
        made.change(case["values"], name, value)
        return {"set": len(Recorder.sent), "set_bytes": sum(size for _, size in Recorder.sent)}
    except Exception as error:  # noqa: BLE001  # as above
        return {"set": None, "set_broke": f"{type(error).__name__}: {error}"[:200]}
    finally:
        made.close()
        _sweep(before)


def _sweep(before: set[str]) -> None:
    """Close what a form left behind, so that the next one starts like the first."""
    for name in set(core._instances) - before:
        core._instances[name].close()


def _versions() -> dict[str, str]:
    found = {}
    for name in _PACKAGES:
        with contextlib.suppress(PackageNotFoundError):
            found[name] = version(name)
    return found


if __name__ == "__main__":
    main()
