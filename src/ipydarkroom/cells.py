"""Which call of one cell execution is this? Counted anew whenever a cell starts, so that running it again counts alike.

Outside a notebook the whole process is one execution, so running a script again counts alike as well.
"""

from __future__ import annotations

import sys
import threading
from collections import Counter

__all__ = ["Calls"]


class Calls:
    """Counts equal calls within one execution of a cell. Safe from any thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._seen: Counter[str] = Counter()
        self._shell: object = None

    def number(self, order: str) -> int:
        """How many equal calls came before this one in the running cell: 0 for the first."""
        with self._lock:
            self._listen()
            self._seen[order] += 1
            return self._seen[order] - 1

    def _listen(self) -> None:
        """Hear of every cell that starts; IPython is asked only where it runs already."""
        ipython = sys.modules.get("IPython")
        shell = ipython.get_ipython() if ipython is not None else None
        if shell is not None and shell is not self._shell:
            self._shell = shell
            shell.events.register("pre_run_cell", self._fresh)

    def _fresh(self, _info: object = None) -> None:
        with self._lock:
            self._seen.clear()
