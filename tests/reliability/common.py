"""What every harness does the same way: its command line, its one JSON line, its log, its figures."""

from __future__ import annotations

import json
import logging
import resource
import secrets
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

__all__ = ["Cost", "FIXED_SEED", "counted_log", "finish", "measured", "random_seed"]

FIXED_SEED = 20_26


def random_seed() -> int:
    """A seed of chance, to be printed."""
    return secrets.randbits(31)


def finish(found: dict[str, Any]) -> None:
    """Print the line and end: 0 when `ok`, 1 otherwise."""
    print(json.dumps(found, default=str))
    sys.exit(0 if found["ok"] else 1)


class Cost(dict[str, float]):
    """Seconds: `wall`, `cpu` of this process, `server_cpu` of its children that have ended."""


@contextmanager
def measured() -> Iterator[Cost]:
    """Measure what the block costs. Server processes must end inside it to be counted."""
    cost, clock = Cost(), _now()
    yield cost
    for name, before, after in zip(("wall", "cpu", "server_cpu"), clock, _now(), strict=True):
        cost[name] = round(after - before, 2)


def _now() -> tuple[float, float, float]:
    mine, theirs = resource.getrusage(resource.RUSAGE_SELF), resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.perf_counter(), mine.ru_utime + mine.ru_stime, theirs.ru_utime + theirs.ru_stime


@contextmanager
def counted_log() -> Iterator[Counter[str]]:
    """Count the library's log lines of level ERROR by their template, and keep the log quiet: faults are meant here."""
    seen: Counter[str] = Counter()

    class Counting(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            why = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else ""
            seen[f"{record.msg} {why}".strip()] += 1

    log, handler = logging.getLogger("ipydarkroom"), Counting(logging.ERROR)
    kept = log.propagate
    log.addHandler(handler)
    log.propagate = False
    try:
        yield seen
    finally:
        log.removeHandler(handler)
        log.propagate = kept
