"""What an interrupted cell shows: one sentence that the job goes on, instead of the frames of our waiting.

The exception itself stays what it was, of the very same type: `asyncio.timeout` and others look at it.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from .languages import say

__all__ = ["HEARTBEAT_S", "awake", "explained"]

HEARTBEAT_S = 0.1
"""How often a wait wakes up: a sleeping event loop notices Ctrl-C only then (measured without: 4.1 s late)."""


@contextmanager
def explained(key: str, **params: object) -> Iterator[None]:
    """Add a sentence to an interrupt (or a cancelled await) that passes here; the first one to speak is kept.

    A plain traceback shows it as a note. IPython shows the sentence alone, by its own hook for that.

    Args:
        key: The sentence's language key.
        params: What its placeholders stand for.
    """
    try:
        yield
    except (KeyboardInterrupt, asyncio.CancelledError) as stop:
        if not hasattr(stop, "_render_traceback_"):
            sentence = say(key, language=None, **params)
            lines = [f"{type(stop).__name__}: {sentence}"]
            stop.add_note(sentence)
            stop._render_traceback_ = lambda: lines  # type: ignore[union-attr]  # IPython's hook
        raise


@dataclass
class _Pulse:
    """The heartbeat of one event loop: one timer, however many wait."""

    waits: int
    timer: asyncio.TimerHandle


_pulses: dict[asyncio.AbstractEventLoop, _Pulse] = {}


@contextmanager
def awake() -> Iterator[None]:
    """Keep the running loop waking up while something is awaited in here. Only the main thread hears interrupts."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    pulse = _pulses.get(loop)
    if pulse is None:
        pulse = _pulses[loop] = _Pulse(0, loop.call_later(HEARTBEAT_S, _beat, loop))
    pulse.waits += 1
    try:
        yield
    finally:
        pulse.waits -= 1
        if not pulse.waits:
            pulse.timer.cancel()
            _pulses.pop(loop, None)


def _beat(loop: asyncio.AbstractEventLoop) -> None:
    _pulses[loop].timer = loop.call_later(HEARTBEAT_S, _beat, loop)
