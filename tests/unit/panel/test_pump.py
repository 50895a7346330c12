"""The pump: when a paint happens, and on which thread's account."""

from __future__ import annotations

import asyncio
import contextvars
import threading

import ipywidgets as w

from ipydarkroom.panel.pump import Pump, put
from ipydarkroom.publishing import publish


class Painter:
    """Counts paints and lets a test wait for one."""

    def __init__(self) -> None:
        self.paints = 0
        self.painted = asyncio.Event()

    def __call__(self) -> None:
        self.paints += 1
        self.painted.set()


def pump_for(painter, *, live=lambda: False, tick_s=1.0):
    """A pump without patience."""
    return Pump(painter, threading.RLock(), live, gap_s=0.001, tick_s=tick_s)


def test_a_burst_of_events_is_one_paint():
    """Painting is by state: a hundred events in one breath need one."""

    async def scene():
        painter = Painter()
        pump = pump_for(painter)
        for _ in range(100):
            pump.event()
        await painter.painted.wait()
        return painter.paints

    assert 1 == asyncio.run(scene())


def test_the_last_event_is_always_painted():
    """What comes right after a paint is not dropped but painted a little later."""

    async def scene():
        painter = Painter()
        pump = pump_for(painter)
        pump.now()
        painter.painted.clear()
        pump.event()
        await painter.painted.wait()
        return painter.paints

    assert 2 == asyncio.run(scene())


def test_time_ticks_while_a_job_is_live():
    """Without any event the elapsed time is painted on."""

    async def scene():
        painter = Painter()
        pump = pump_for(painter, live=lambda: painter.paints < 3, tick_s=0.001)
        pump.event()
        while painter.paints < 3:
            painter.painted.clear()
            await painter.painted.wait()
        return painter.paints

    assert 3 == asyncio.run(scene())


def test_a_closed_pump_paints_no_more():
    """After close, nothing: neither at once nor later."""
    painter = Painter()
    pump = pump_for(painter)
    pump.close()
    pump.now()

    assert 0 == painter.paints


def test_work_aside_is_done_on_another_thread_and_then_painted():
    """A request or a thumbnail blocks neither a cell nor the loop."""

    async def scene():
        painter = Painter()
        pump = pump_for(painter)
        pump.event()
        await painter.painted.wait()
        painter.painted.clear()
        threads = []
        pump.aside(lambda: threads.append(threading.current_thread()))
        await painter.painted.wait()
        return threads[0] is threading.current_thread()

    assert not asyncio.run(scene())


def test_put_sends_only_what_differs():
    """One message for several traits, none for what is there already."""
    box = w.Text(value="a")
    sent = []
    box.comm.publish_msg = lambda *args, **rest: sent.append(args)
    put(box, value="a")
    quiet = len(sent)
    put(box, value="b", placeholder="c")
    box.close()

    assert (0, 1) == (quiet, len(sent) - 1)  # the last message is the close


def test_publishing_runs_in_an_empty_context():
    """Messages of an earlier cell would be dropped by nbclient; an empty context belongs to no cell."""
    mark = contextvars.ContextVar("mark", default="empty")
    mark.set("cell")
    seen = []
    publish(lambda: seen.append(mark.get()), contextvars.copy_context())

    assert ["empty"] == seen
