"""The client on the local backend: what a person can do with jobs, and what is never lost."""

from __future__ import annotations

import asyncio
import dataclasses
import inspect
import os
import sqlite3
from concurrent.futures import CancelledError

import pytest

from ipydarkroom.client import AsyncClient
from ipydarkroom.errors import (
    AmbiguousModel, AuthError, DarkroomError, InputError, JobCancelled, JobFailed, ModelNotFound, SpendingForbidden, StorageError,
    WaitTimeout,
)
from ipydarkroom.handle import AsyncJob
from ipydarkroom.jobs import State, Trouble
from ipydarkroom.models import Model
from ipydarkroom.settings import load
from ipydarkroom.notebook import use
from ipydarkroom.sync import Client, Job
from ipydarkroom.testing import ScriptedPainter, local_client, spending

SEEDREAM = "bytedance/seedream-5/lite/text-to-image"
REFRAME = "ideogram/ideogram-v3/reframe"
KIE = {"image_size": "square", "rendering_speed": "TURBO", "style": "AUTO", "num_images": "2"}


@pytest.fixture
def painter():
    """A painter under the test's control."""
    return ScriptedPainter()


@pytest.fixture
def client(tmp_path, painter):
    """A local client with that painter."""
    with local_client(tmp_path, painter) as found:
        yield found
        painter.release()


def test_a_prompt_becomes_a_picture(client):
    """Submit returns at once; the result has the file, verified and on disk, and cost nothing."""
    job = client.submit(SEEDREAM, prompt="a fox")
    result = job.result(30)

    assert (State.SUCCEEDED, True, "no") == (job.state, result.is_local, job.charged)
    assert result.images[0].path.is_file()
    assert result.images[0].pil().size == (result.images[0].width, result.images[0].height)


def test_an_untouched_input_is_not_sent(client):
    """Silence is not a value: the journal shows exactly what was ordered."""
    job = client.submit(SEEDREAM, prompt="a fox")

    assert {"prompt": "a fox"} == job.record.inputs


def test_names_that_are_no_python_names_travel_in_the_mapping(client):
    """`width×height` is a name like any other."""
    job = client.submit("bytedance/dreamina-4-0/text-to-image", {"width×height": "1024x1024(1:1)"}, prompt="a fox")

    assert {"width×height": "1024x1024(1:1)", "prompt": "a fox"} == dict(job.record.inputs)


def test_a_missing_input_is_refused_before_anything_is_written(client):
    """A required value is never filled in from code; the error names it, and there is no job."""
    with pytest.raises(InputError, match="prompt") as caught:
        client.submit(SEEDREAM)

    assert [("prompt",)] == [problem.pointer for problem in caught.value.problems]
    assert [] == client.jobs()


def test_what_is_unwise_is_said_and_sent(client):
    """600 words are advised: 601 warn in the cell, stand on the job, and go all the same."""
    with pytest.warns(UserWarning, match="601 words"):
        job = client.submit(SEEDREAM, prompt="word " * 601)

    assert 1 == len(job.advice)
    assert 1 == len(job.result(30).images)


def test_half_a_character_in_a_prompt_harms_nothing(client):
    """A lone surrogate, pasted by accident, is journalled and sent like any text; it once ended in an untyped error."""
    job = client.submit(SEEDREAM, prompt="fox \ud83d")

    assert 1 == len(job.result(30).images)


def test_an_unknown_model_names_the_nearest(client):
    """A slip of the pen is answered with the name that was meant."""
    with pytest.raises(ModelNotFound, match="seedream-5/lite/text-to-image"):
        client.submit("bytedance/seedream-5/lite/text-to-imge", prompt="x")


def test_a_local_file_stands_where_a_link_is_wanted(client, painter, tmp_path):
    """RunComfy gets a data URI, Kie an upload; the painter sees the very bytes, the journal a name and a hash."""
    from ipydarkroom.testing import tiny_png

    photo = tmp_path / "photo.png"
    photo.write_bytes(tiny_png(8, 8))

    first = client.submit(REFRAME, image=photo, resolution="1024:1024 (1:1)")
    second = client.submit("kie:ideogram/v3-reframe", image_url=str(photo), **KIE)

    assert 1 == len(first.result(30).images)
    assert 2 == len(second.result(30).images)
    assert [tiny_png(8, 8)] * 3 == [order.image for order in painter.orders]
    assert "photo.png" == first.record.inputs["image"]["$file"]


def test_a_job_waits_its_turn_and_can_be_cancelled_in_the_queue(client, painter):
    """One painter at a time: the second job is queued, tells its position, and stops when asked."""
    painter.hold()
    first = client.submit(SEEDREAM, prompt="one")
    running = next(record for record in first.events() if record.state is State.RUNNING)
    second = client.submit(SEEDREAM, prompt="two")
    queued = next(record for record in second.events() if record.state is State.QUEUED and record.word)

    assert ("in_progress", "in_queue") == (running.word, queued.word)
    assert "stopped" == second.cancel()
    assert "still_running" == first.cancel()
    painter.release()
    with pytest.raises(JobCancelled):
        second.result(30)
    assert 1 == len(first.result(30).images)


def test_kie_has_no_cancel_so_we_stop_watching(client, painter):
    """The honest answer; waiting again picks the job up where it is."""
    painter.hold()
    job = client.submit("kie:ideogram/v3-reframe", image_url="https://f.example/a.png", **KIE)
    next(record for record in job.events() if record.remote_id)

    assert "not_offered" == job.cancel()
    painter.release()
    assert 2 == len(job.result(30).images)


def test_a_wait_that_ends_says_that_the_job_goes_on(client, painter):
    """Our patience is not the job's end; the error carries the job and its id."""
    painter.hold()
    job = client.submit(SEEDREAM, prompt="slow")

    with pytest.raises(WaitTimeout, match=job.id) as caught:
        job.wait(0.05)
    painter.release()

    assert job is caught.value.job
    assert 1 == len(job.result(30).images)


def test_a_painter_that_fails_is_a_failed_job_with_a_reason(client, painter):
    """The error has the sentence and the job; nothing was charged, as nothing was hosted."""
    painter.fail_with = "out of paint"
    job = client.submit(SEEDREAM, prompt="x")

    with pytest.raises(JobFailed):
        job.result(30)
    assert "no" == job.charged


def test_jobs_of_an_earlier_session_are_listed_and_show_their_pictures(tmp_path):
    """The journal outlives the client."""
    with local_client(tmp_path, ScriptedPainter()) as first:
        made = first.submit(SEEDREAM, prompt="a fox").result(30)

    with local_client(tmp_path, ScriptedPainter()) as second:
        [job] = second.jobs()

        assert made.images[0].bytes == job.result(30).images[0].bytes
        assert job.id == second.job(job.id).id == second.job(job.remote_id).id


def test_a_local_job_of_a_closed_client_is_settled(tmp_path):
    """Its painter is gone, so it can never end: it says so, and that nothing was charged."""
    painter = ScriptedPainter()
    painter.hold()
    with local_client(tmp_path, painter) as first:
        job_id = first.submit(SEEDREAM, prompt="x").id
        painter.release()

    with local_client(tmp_path, ScriptedPainter()) as second:
        job = second.job(job_id)

        assert job.state.is_terminal
        assert "no" == job.charged


def test_a_job_ordered_elsewhere_can_be_adopted(client):
    """By the provider's own id; twice is once."""
    made = client.submit(SEEDREAM, prompt="x")
    made.result(30)

    adopted = client.adopt(made.remote_id, provider="runcomfy", model=SEEDREAM)

    assert made.id == adopted.id
    assert 1 == len(client.jobs())


def test_a_second_client_never_places_the_order_of_the_first(tmp_path):
    """Both read one journal; the one that did not submit looks on, and an order seen in the act is not sent again."""
    painter = ScriptedPainter()
    with local_client(tmp_path, painter) as first, local_client(tmp_path, ScriptedPainter()) as second:
        job = first.submit(SEEDREAM, prompt="x")
        job.result(30)
        planned = dataclasses.replace(job.record, id="00000000-0000-7000-8000-000000000000", remote_id="", state=State.PLANNED)
        first._inner._journal.add(dataclasses.replace(planned, outputs=(), kept=()))

        seen = second.job(planned.id)
        with pytest.raises(WaitTimeout, match="goes on"):
            seen.result(0.1)

        assert seen.attended
        assert State.PLANNED is second.job(planned.id).state
    assert 1 == len(painter.orders)


def test_what_a_notebook_says_once_holds_for_every_client(tmp_path):
    """`dr.use(local=True)` with a token set: also a client made by hand stays on this machine."""
    settings = load({"IPYDARKROOM_HOME": str(tmp_path), "RUNCOMFY_API_TOKEN": "canary-77"})
    with Client(settings=settings) as made:
        model = made.model(SEEDREAM)
        before = made.route(model).backend
        use(local=True)

        assert ("remote", "local-process") == (before, made.route(model).backend)
        assert "remote" == made.route(model, local=False).backend


def test_a_client_that_only_looked_on_ends_nobodys_job(tmp_path):
    """Waiting for another client's running job and closing leaves that job to its own client."""
    painter = ScriptedPainter()
    painter.hold()
    with local_client(tmp_path, painter) as first:
        job = first.submit(SEEDREAM, prompt="x")
        next(record for record in job.events() if record.state is State.RUNNING)
        with local_client(tmp_path, ScriptedPainter()) as second, pytest.raises(WaitTimeout):
            second.job(job.id).result(0.1)

        painter.release()
        assert 1 == len(job.result(30).images)
        assert State.SUCCEEDED is first._inner._journal.get(job.id).state


def test_a_second_client_sees_the_first_ones_job_to_its_end(tmp_path):
    """It reads along in the journal, asks the provider nothing, and has the picture when the first one has it."""
    painter = ScriptedPainter()
    painter.hold()
    with local_client(tmp_path, painter) as first, local_client(tmp_path, ScriptedPainter()) as second:
        job = first.submit(SEEDREAM, prompt="x")
        next(record for record in job.events() if record.state is State.RUNNING)
        [seen] = second.resume()
        painter.release()

        assert job.result(30).images[0].path == seen.result(30).images[0].path
    assert 1 == len(painter.orders)


def test_a_stop_that_comes_while_the_job_ends_stops_nothing(client):
    """The picture is here: whoever asks for it afterwards gets it."""
    job = client.submit(SEEDREAM, prompt="x")
    job.wait(30)
    job._inner._track.halt = Trouble("WaitTimeout", "stopped")

    assert 1 == len(job.result(30).images)


def test_a_schema_is_a_model_that_runs_here(client):
    """Any object schema with a prompt is a model of the local backend."""
    model = Model.from_schema({"type": "object", "properties": {"prompt": {"type": "string"}}}, id="mine")

    assert 1 == len(client.submit(model, prompt="x").result(30).images)


def test_without_a_token_a_hosted_job_is_refused_with_the_name_to_set(tmp_path):
    """The documentation's own placeholder is recognised, and the right variable named."""
    settings = load({"IPYDARKROOM_HOME": str(tmp_path), "YOUR_API_TOKEN": "YOUR_API_TOKEN"})
    with Client(settings=settings, local=False) as hosted, pytest.raises(AuthError, match="RUNCOMFY_API_TOKEN") as caught:
        hosted.submit(SEEDREAM, prompt="x")

    assert "YOUR_API_TOKEN" in str(caught.value)


def test_no_byte_leaves_while_spending_is_locked(tmp_path):
    """Inside `spending(False)` a client with a token and every right to spend is refused."""
    settings = load({"IPYDARKROOM_HOME": str(tmp_path), "RUNCOMFY_API_TOKEN": "canary-77"})
    with spending(False), Client(settings=settings) as hosted:
        job = hosted.submit(SEEDREAM, prompt="x")

        with pytest.raises(SpendingForbidden):
            job.result(30)
        assert "no" == job.charged


def test_an_id_of_two_providers_needs_a_name(client):
    """Which shop is asked decides who bills: never guessed."""
    with pytest.raises((AmbiguousModel, ModelNotFound)):
        client.model("v3-reframe")


def test_a_job_that_cannot_be_written_down_is_not_sent(tmp_path, painter):
    """No journal row, no order: the disk comes before the money."""
    with local_client(tmp_path, painter) as client:
        db = sqlite3.connect(tmp_path / "journal.sqlite3")
        db.execute("drop table events")
        db.commit()
        db.close()

        with pytest.raises(StorageError):
            client.submit(SEEDREAM, prompt="x")

    assert [] == painter.orders


def test_a_job_can_be_awaited_from_any_loop(client):
    """`await job` works in a notebook's own loop while the job lives on ours."""

    async def cell():
        return await client.submit(SEEDREAM, prompt="x")

    assert 1 == len(asyncio.run(cell()).images)


def test_a_watcher_must_not_wait_for_itself(client):
    """A blocking call inside a watcher would hang for ever; it is refused with a sentence."""
    said = []
    job = client.submit(SEEDREAM, prompt="x")

    def watcher(_):
        try:
            client.jobs()
        except RuntimeError as error:
            said.append(str(error))

    job.watch(watcher)
    job.result(30)

    assert "wait for itself" in said[-1]


def test_a_closed_client_says_so(tmp_path, painter):
    """After close, and for those who were waiting: a typed error, no hang, no empty result."""
    painter.hold()
    client = local_client(tmp_path, painter)
    job = client.submit(SEEDREAM, prompt="x")
    waiting = client._thread.start(job._inner.result())
    painter.release()
    client.close()

    with pytest.raises((DarkroomError, CancelledError)):
        waiting.result(10)
    for late in (lambda: client.submit(SEEDREAM, prompt="x"), job.wait, client.jobs):
        with pytest.raises(DarkroomError, match="closed"):
            late()


def test_close_inside_a_watcher_is_refused_and_can_be_done_later(tmp_path, painter):
    """It would wait for itself; the client is none the worse."""
    client = local_client(tmp_path, painter)
    said = []

    def watcher(_):
        try:
            client.close()
        except RuntimeError as error:
            said.append(str(error))

    job = client.submit(SEEDREAM, prompt="x")
    job.watch(watcher)
    job.wait(30)
    client.close()

    assert "wait for itself" in said[-1]
    assert not client._thread._thread.is_alive()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_is_told_to_make_its_own_client(client):
    """The parent's loop does not run in the child; waiting for it would never end."""
    child = os.fork()
    if child == 0:
        try:
            client.jobs()
        except DarkroomError:
            os._exit(7)
        os._exit(1)

    assert 7 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.parametrize(("plain", "awaited"), [(Client, AsyncClient), (Job, AsyncJob)])
def test_both_faces_offer_the_same(plain, awaited):
    """One body: whatever one face has, the other has, with the same arguments."""
    own = {"budget", "handle", "home", "home_as_wished", "inside", "later", "local", "notices", "settings", "start", "usable"}

    def members(kind):
        return {name: member for name, member in inspect.getmembers(kind) if not name.startswith("_") and name not in own}

    ours, theirs = members(plain), members(awaited)
    assert sorted(theirs) == sorted(ours)
    for name, member in theirs.items():
        if callable(member):
            assert list(inspect.signature(member).parameters) == list(inspect.signature(ours[name]).parameters), name
