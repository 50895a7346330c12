"""An interrupted wait says that the job goes on, and a waiting loop wakes often enough to hear of it."""

from __future__ import annotations

import asyncio
import traceback

import pytest
from IPython.core.interactiveshell import InteractiveShell

from ipydarkroom import interrupts
from ipydarkroom.interrupts import awake, explained
from ipydarkroom.sync import Job


@pytest.mark.parametrize("kind", [KeyboardInterrupt, asyncio.CancelledError])
def test_an_interrupt_brings_its_sentence_along(kind):
    """As a note in a plain traceback, and alone in IPython; of the very same type as before."""
    with pytest.raises(kind) as caught, explained("interrupt.job", id="j-1"):
        raise kind

    plain = "".join(traceback.format_exception(caught.value))
    assert kind is type(caught.value)
    assert 'client.job("j-1").result()' in plain
    assert [line for line in plain.split("\n") if "goes on" in line] == caught.value.__notes__
    assert [f"{kind.__name__}: {caught.value.__notes__[0]}"] == caught.value._render_traceback_()


def test_ipython_shows_the_sentence_and_no_frames(capsys):
    """Its hook for errors that draw themselves is the one we use."""
    shell = InteractiveShell.instance()
    try:
        shell.run_cell("from ipydarkroom.interrupts import explained\nwith explained('interrupt.jobs'):\n    raise KeyboardInterrupt")
    finally:
        InteractiveShell.clear_instance()

    shown = [line for line in capsys.readouterr().out.split("\n") if line.strip()]
    assert ["KeyboardInterrupt: The waiting was stopped; the jobs go on. panel.wait() waits for them again."] == shown


def test_the_innermost_sentence_is_kept():
    """The job's own says more than the panel's about all of them."""
    with pytest.raises(KeyboardInterrupt) as caught, explained("interrupt.jobs"), explained("interrupt.job", id="j-1"):
        raise KeyboardInterrupt

    assert 1 == len(caught.value.__notes__)
    assert "j-1" in caught.value.__notes__[0]


def test_other_errors_pass_as_they_are():
    """An error is no interrupt."""
    with pytest.raises(ValueError, match="own") as caught, explained("interrupt.jobs"):
        raise ValueError("its own")

    assert not hasattr(caught.value, "__notes__")


def test_a_deadline_around_an_explained_wait_stays_a_deadline():
    """`asyncio.timeout` looks at the type of what it sees; a cancelled wait of ours must not confuse it."""

    async def late():
        async with asyncio.timeout(0.01):
            with explained("interrupt.job", id="j-1"), awake():
                await asyncio.Event().wait()

    with pytest.raises(TimeoutError):
        asyncio.run(late())


def test_one_pulse_serves_all_who_wait(monkeypatch):
    """A thousand waiting jobs wake the loop as often as one does, and nothing is left when the last is done."""
    monkeypatch.setattr(interrupts, "HEARTBEAT_S", 0.001)
    beats = []
    real = interrupts._beat
    monkeypatch.setattr(interrupts, "_beat", lambda loop: (beats.append(None), real(loop)))

    async def wait():
        with awake():
            while len(beats) < 3:
                await asyncio.sleep(0)

    async def many():
        timers = []
        waits = [asyncio.ensure_future(wait()) for _ in range(50)]
        await asyncio.sleep(0)
        timers.append(len(interrupts._pulses))
        await asyncio.gather(*waits)
        return [*timers, len(interrupts._pulses)]

    assert [1, 0] == asyncio.run(many())
    assert len(beats) < 10


def test_a_waiting_job_is_explained_and_goes_on(tmp_path):
    """Cancelled from outside, as ipykernel does it: the sentence names the job, and the job gets its picture."""
    from ipydarkroom.testing import ScriptedPainter, local_client

    painter = ScriptedPainter()
    painter.hold()
    with local_client(tmp_path, painter) as client:
        job = client.submit("bytedance/dreamina-4-0/text-to-image", prompt="fox")

        async def cell(waiting: Job):
            async def act():
                try:
                    await waiting
                except asyncio.CancelledError as stop:
                    return stop

            task = asyncio.ensure_future(act())
            await asyncio.to_thread(painter.started.wait, 20)
            task.cancel()
            return await task

        stopped = asyncio.run(cell(job))
        painter.release()
        result = job.result(20)

    assert isinstance(stopped, asyncio.CancelledError)
    assert job.id in stopped._render_traceback_()[0]
    assert 1 == len(result.images)


def test_an_order_interrupted_on_its_way_is_not_lost(tmp_path, monkeypatch):
    """The thread that places it finishes and journals; the cell says where to look."""
    from ipydarkroom.sync import thread as sync
    from ipydarkroom.testing import local_client

    with local_client(tmp_path) as client:
        real = sync.wait

        def interrupted(*args, **rest):
            monkeypatch.setattr(sync, "wait", real)
            raise KeyboardInterrupt

        monkeypatch.setattr(sync, "wait", interrupted)
        with pytest.raises(KeyboardInterrupt) as caught:
            client.run("bytedance/dreamina-4-0/text-to-image", prompt="fox")
        [job] = client.jobs()
        result = job.result(60)

    assert "client.jobs()" in caught.value._render_traceback_()[0]
    assert 1 == len(result.images)
