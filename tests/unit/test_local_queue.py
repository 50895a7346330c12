"""The studio: order of work, positions, progress, cancelling, failure, limits, and its end."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from local_bench import DATA_URI, PNG, Bench, Scripted, on_bench, picture_model, text_model

from ipydarkroom.errors import Unreadable
from ipydarkroom.local import Pace, archive
from ipydarkroom.local import queue as queue_module
from ipydarkroom.local.painters import Order, Report
from ipydarkroom.local.queue import QueueFull, Studio
from ipydarkroom.local.tasks import Task


async def order(bench: Bench, name: str, **inputs: object) -> Task:
    """Order a text-to-image job."""
    values = {"prompt": name, **inputs}
    return await bench.studio.submit(text_model(), values, task_id=name, provider="runcomfy", owner="me")


async def order_picture(bench: Bench, name: str, image: str) -> Task:
    """Order a job that starts from a picture."""
    values = {"image": image, "style": "AUTO"}
    return await bench.studio.submit(picture_model(), values, task_id=name, provider="runcomfy", owner="me")


def test_jobs_are_painted_one_at_a_time_in_order() -> None:
    """One painter by default: the second waits, and its position counts the jobs ahead."""

    async def test(bench: Bench) -> None:
        bench.painter.gate.clear()
        first, second, third = [await order(bench, name) for name in ("one", "two", "three")]
        await bench.until("one", "running")

        assert ("running", "waiting", "waiting") == (first.state, second.state, third.state)
        assert [0, 1, 2] == [bench.studio.position(task) for task in (first, second, third)]

        bench.painter.gate.set()
        await bench.until("three", "done")

        assert ["one", "two", "three"] == [painted.prompt for painted in bench.painter.orders]
        assert first.finished <= second.started <= second.finished <= third.started

    on_bench(test)


def test_progress_follows_the_painter_over_all_pictures() -> None:
    """Half of the first of two pictures is a quarter of the job; a finished job is 1."""

    async def test(bench: Bench) -> None:
        bench.painter.gate.clear()
        task = await order(bench, "two", num_images="2")

        assert 0.0 == bench.studio.progress(task)

        await bench.until_painted("two", 0.2)

        assert 0.25 == bench.studio.progress(task)

        bench.painter.gate.set()
        await bench.until("two", "done")

        assert 1.0 == bench.studio.progress(task)
        assert 2 == len(task.pictures)

    on_bench(test)


def test_a_quick_job_is_still_seen_waiting_and_working() -> None:
    """The pace is the least time of both, so that a person sees the queue and the progress."""

    async def test(bench: Bench) -> None:
        task = await order(bench, "fast")
        await bench.until_painted("fast", 1.0)

        assert "running" == task.state
        assert bench.studio.progress(task) < 1.0

        await bench.until("fast", "done")

        assert task.started - task.created >= 0.05
        assert task.finished - task.started >= 0.1

    on_bench(test, pace=Pace(wait_s=0.05, work_s=0.1))


def test_only_a_waiting_job_can_be_cancelled() -> None:
    """A waiting job leaves the line and is never painted; one at work goes on."""

    async def test(bench: Bench) -> None:
        bench.painter.gate.clear()
        first, second = await order(bench, "one"), await order(bench, "two")
        await bench.until("one", "running")

        assert (False, True) == (bench.studio.cancel(first), bench.studio.cancel(second))

        bench.painter.gate.set()
        await bench.until("one", "done")

        assert (False, False) == (bench.studio.cancel(first), bench.studio.cancel(second))
        assert ("done", "cancelled") == (first.state, second.state)
        assert 1 == len(bench.painter.orders)

    on_bench(test)


@pytest.mark.parametrize(
    ("error", "sentence"),
    [
        (ValueError("/home/somebody/secret"), "The picture could not be painted (ValueError); nothing was charged."),
        (Unreadable("The PNG is broken."), "The PNG is broken."),
        (MemoryError(), "The picture could not be painted (MemoryError); nothing was charged."),
    ],
)
def test_a_failing_painter_fails_its_job_only(error: Exception, sentence: str) -> None:
    """An exception becomes a sentence without its details, and the next job is painted."""

    async def test(bench: Bench) -> None:
        bench.painter.error = error
        bad = await order(bench, "bad")
        await bench.until("bad", "failed")
        bench.painter.error = None
        good = await order(bench, "good")
        await bench.until("good", "done")

        assert sentence == bad.error
        assert ([], 1) == (bad.pictures, len(good.pictures))

    on_bench(test)


def test_the_queue_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond its limit the queue takes no more."""
    monkeypatch.setattr(queue_module, "MOST_WAITING", 1)

    async def test(bench: Bench) -> None:
        bench.painter.gate.clear()
        await order(bench, "one")
        await bench.until("one", "running")
        await order(bench, "two")

        with pytest.raises(QueueFull):
            await order(bench, "three")

        assert bench.studio.task("three") is None

    on_bench(test)


def test_old_jobs_are_forgotten_with_their_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond the cap the oldest finished job goes, file and all; results expire here too."""
    monkeypatch.setattr(archive, "_KEPT_TASKS", 2)

    async def test(bench: Bench) -> None:
        tasks = [await order(bench, name) for name in ("one", "two", "three")]
        await bench.until("three", "done")

        assert bench.studio.task("one") is None
        assert bench.studio.task("two") is tasks[1]
        assert [] == tasks[0].pictures
        assert 2 == len(list(tasks[1].pictures[0].path.parent.iterdir()))

    on_bench(test)


def test_pictures_lie_in_a_folder_that_goes_with_the_studio() -> None:
    """Finished pictures are files, not memory, and `close` removes them."""
    folders: list[Path] = []

    async def test(bench: Bench) -> None:
        task = await order(bench, "one")
        await bench.until("one", "done")
        folders.append(task.pictures[0].path.parent)

        assert PNG == task.pictures[0].path.read_bytes()

    on_bench(test)

    assert [False] == [folder.exists() for folder in folders]


def test_closing_ends_a_job_at_work_and_refuses_new_ones() -> None:
    """The painter is stopped at its next report; nothing stays unfinished."""

    class Endless(Scripted):
        def paint(self, order: Order, report: Report) -> bytes:
            begun.set()
            while True:
                report(0.1)

    begun = threading.Event()

    async def main() -> None:
        studio = Studio(tokens=frozenset(), find=lambda *_: None, pace=Pace(0, 0), painters=[Endless()])
        ids = ("one", "two")
        tasks = [
            await studio.submit(text_model(), {"prompt": "x"}, task_id=name, provider="runcomfy", owner="me")
            for name in ids
        ]
        await asyncio.to_thread(begun.wait, 20)

        await studio.close()

        assert ["failed", "failed"] == [task.state for task in tasks]
        assert ["The local backend ended; nothing was charged."] * 2 == [task.error for task in tasks]
        assert {asyncio.current_task()} == asyncio.all_tasks()
        with pytest.raises(QueueFull):
            await studio.submit(text_model(), {"prompt": "x"}, task_id="late", provider="runcomfy", owner="me")

    asyncio.run(main())


def test_closing_a_studio_that_never_worked_is_fine() -> None:
    """No worker was started, so there is none to end; twice is fine too."""

    async def main() -> None:
        studio = Studio(tokens=frozenset(), find=lambda *_: None, pace=Pace(0, 0), painters=[])
        await studio.close()
        await studio.close()

    asyncio.run(main())


def test_a_picture_inside_the_order_reaches_the_painter_and_is_not_kept() -> None:
    """A data URI waits as a file, is given to the painter as bytes, and goes with its job."""

    async def test(bench: Bench) -> None:
        bench.painter.gate.clear()
        task = await order_picture(bench, "reframe", DATA_URI)
        assert task.source is not None
        assert task.source.upload is not None
        path = task.source.upload.path

        assert (b"", PNG, "") == (task.source.data, path.read_bytes(), task.note)
        assert DATA_URI not in repr(task.inputs)

        bench.painter.gate.set()
        await bench.until("reframe", "done")

        assert PNG == bench.painter.orders[0].image
        assert not path.exists()

    on_bench(test)


def test_a_link_to_elsewhere_is_never_fetched() -> None:
    """A stand-in is painted from the link's words first, then the job itself; the note says so."""

    async def test(bench: Bench) -> None:
        task = await order_picture(bench, "reframe", "https://pictures.example/a/fox-in-the-snow.webp?key=1")
        await bench.until("reframe", "done")

        assert "The given picture could not be fetched here, so a drawn stand-in was used." == task.note
        assert ["fox the snow", ""] == [painted.prompt for painted in bench.painter.orders]
        assert [None, PNG] == [painted.image for painted in bench.painter.orders]

    on_bench(test)


def test_every_job_without_a_seed_differs() -> None:
    """Seeds nobody gave are drawn anew for each job."""

    async def test(bench: Bench) -> None:
        await order(bench, "one")
        await order(bench, "two")
        await bench.until("two", "done")

        assert 2 == len({painted.seed for painted in bench.painter.orders})

    on_bench(test)


def test_tokens_are_known_by_their_hash_only() -> None:
    """The studio never keeps a token."""
    studio = Studio(tokens=frozenset({"canary-token"}), find=lambda *_: None, pace=Pace(0, 0), painters=[])

    assert studio.owner("canary-token") is not None
    assert studio.owner("") is None
    assert "canary-token" not in repr(vars(studio))
