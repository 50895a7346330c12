"""One job driven from intent to pictures, against real servers on loopback: the local backend, and one that breaks."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import os

import pytest

from ipydarkroom.client import AsyncClient
from ipydarkroom.track import Track
from ipydarkroom.errors import (
    AuthError, DarkroomError, JobFailed, NotSaved, NotSent, StorageError, SubmitUncertain, Unreadable,
)
from ipydarkroom.fields import Field
from ipydarkroom.jobs import State
from ipydarkroom.journal import Journal
from ipydarkroom.models import Model
from ipydarkroom.providers import get_provider
from ipydarkroom.settings import load
from ipydarkroom.testing import QUICK, tiny_png

RUNCOMFY = Model("a/b", "runcomfy", (Field(("prompt",), "string", required=True),))
KIE = Model("a/b", "kie", (Field(("prompt",), "string", required=True),))


def body(**values: object) -> bytes:
    """A JSON body."""
    return json.dumps(values).encode()


def drive(tmp_path, faults, scripts, act, model=RUNCOMFY):
    """Submit one job to a scripted server, run `act(job)`, and return (what it returned, the server, the client)."""

    async def whole():
        async with faults.server(*scripts) as server:
            settings = load({
                "IPYDARKROOM_HOME": str(tmp_path), "RUNCOMFY_API_TOKEN": "canary-77", "KIE_API_KEY": "canary-77",
                "IPYDARKROOM_HTTP": os.environ.get("IPYDARKROOM_HTTP", ""),
            })
            base = {"runcomfy": server.origin, "kie": server.origin}
            async with AsyncClient(settings=settings, base_url=base, paces=(QUICK, QUICK)) as client:
                job = await client.submit(model, prompt="fox")
                return await act(job), server, [record.state for record in client._journal.jobs()]

    return asyncio.run(whole())


async def ended(job):
    """Wait for the end and return the job's error."""
    await job.wait(20)
    return job.error


def posts(server) -> int:
    """How many orders reached the server."""
    return sum(request.startswith(b"POST") for request in server.requests)


def test_a_job_goes_from_order_to_picture(tmp_path, faults):
    """Submit, queue, work, completed, result, download: and the file is on disk, with cost."""
    says = faults.says

    async def picture(reader, writer):
        await says(tiny_png())(reader, writer)

    def result(origin: str) -> bytes:
        return body(status="succeeded", output={"image": f"{origin}/a.png"}, cost=0.04)

    async def whole():
        scripts = [says(body(request_id="r-1")), says(body(status="in_queue", queue_position=2)),
                   says(body(status="in_progress")), says(body(status="completed"))]
        async with faults.server(*scripts) as server:
            server.scripts += [says(result(server.origin)), picture]
            settings = load({"IPYDARKROOM_HOME": str(tmp_path), "RUNCOMFY_API_TOKEN": "canary-77"})
            async with AsyncClient(settings=settings, base_url={"runcomfy": server.origin}, paces=(QUICK, QUICK)) as client:
                job = await client.submit(RUNCOMFY, prompt="fox")
                seen = [record.state async for record in job.events()]
                return seen, await job

    seen, result_ = asyncio.run(whole())

    assert [State.QUEUED, State.RUNNING, State.SUCCEEDED] == [s for s in dict.fromkeys(seen) if s not in (State.PLANNED, State.SUBMITTING)]
    assert 0.04 == result_.cost
    assert "image/png" == result_.images[0].mime


@pytest.mark.parametrize("data", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n{", b"HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n"])
def test_an_order_whose_answer_is_lost_is_never_sent_again(tmp_path, faults, data):
    """One POST, an uncertain job on disk, and an error that says where to look."""
    error, server, states = drive(tmp_path, faults, [faults.sends_raw(data)], ended)

    assert isinstance(error, SubmitUncertain)
    assert 1 == posts(server)
    assert [State.UNCERTAIN] == states


def test_an_order_that_provably_never_left_is_tried_again_and_then_free(tmp_path):
    """No connection: some tries, then a typed error, nothing charged, and the row is there."""

    async def whole():
        settings = load({"IPYDARKROOM_HOME": str(tmp_path), "RUNCOMFY_API_TOKEN": "canary-77"})
        async with AsyncClient(settings=settings, base_url={"runcomfy": "http://127.0.0.1:1"}, paces=(QUICK, QUICK)) as client:
            job = await client.submit(RUNCOMFY, prompt="fox")
            return await ended(job), job.charged, len(client.jobs())

    error, charged, rows = asyncio.run(whole())

    assert isinstance(error, NotSent)
    assert ("no", 1) == (charged, rows)


def test_a_wrong_token_is_a_typed_error_with_a_next_step(tmp_path, faults):
    """RunComfy answers HTTP 400 with 400004; the person reads about the token."""
    script = faults.says(body(error_code=400004, error_message="token expired"), status="400 Bad Request")

    error, _, states = drive(tmp_path, faults, [script], ended)

    assert isinstance(error, AuthError)
    assert "token" in error.next_step
    assert [State.FAILED] == states


def test_kies_429_may_be_repeated_and_only_that(tmp_path, faults):
    """Too many creates are documented as not queued, so the same order goes again and is accepted."""
    busy, taken = faults.says(body(code=429, msg="slow down")), faults.says(body(code=200, data={"taskId": "t-1"}))
    failed = faults.says(body(code=501, msg="failed"))

    error, server, _ = drive(tmp_path, faults, [busy, taken, failed], ended, KIE)

    assert isinstance(error, JobFailed)
    assert 2 == posts(server)


def test_failed_looks_do_not_fail_the_job(tmp_path, faults):
    """A server error, an unreadable page and a hang-up between order and end harm nothing."""
    says = faults.says
    scripts = [
        says(body(request_id="r-1")), says(b"", status="503 Busy"), says(b"<html>"), faults.sends_raw(b""),
        says(body(status="completed")), says(body(status="failed", error="content policy")),
    ]

    error, server, _ = drive(tmp_path, faults, scripts, ended)

    assert isinstance(error, JobFailed)
    assert "content policy" == error.message
    assert 1 == posts(server)


def test_an_id_the_provider_never_knows_ends_after_a_while(tmp_path, faults):
    """A fresh id may be invisible; one that stays so is told as lost. That is a guess, so the job itself stays open."""
    lost = faults.says(body(error_code=404001, error_message="not found"), status="404 Not Found")

    error, _, states = drive(tmp_path, faults, [faults.says(body(request_id="r-1")), lost], ended)

    assert isinstance(error, JobFailed)
    assert [State.QUEUED] == states


def test_a_revoked_token_stops_the_looking_and_keeps_the_job(tmp_path, faults):
    """The job goes on at its provider: the error says why we stopped, and the row stays open."""
    revoked = faults.says(body(error_code=400004, error_message="expired"), status="400 Bad Request")

    error, _, states = drive(tmp_path, faults, [faults.says(body(request_id="r-1")), revoked], ended)

    assert isinstance(error, AuthError)
    assert [State.QUEUED] == states


@pytest.mark.parametrize("script", ["404", "html"])
def test_a_file_that_cannot_be_had_is_not_called_a_failed_job(tmp_path, faults, script):
    """The job succeeded and is charged; the file can be asked for again."""
    says = faults.says
    missing = says(b"", status="404 Gone") if script == "404" else says(b"<html>Sign in</html>")

    async def whole():
        async with faults.server(says(body(request_id="r-1")), says(body(status="completed"))) as server:
            server.scripts += [says(body(status="succeeded", output=[f"{server.origin}/a.png"])), missing, missing, missing]
            settings = load({"IPYDARKROOM_HOME": str(tmp_path), "RUNCOMFY_API_TOKEN": "canary-77"})
            async with AsyncClient(settings=settings, base_url={"runcomfy": server.origin}, paces=(QUICK, QUICK)) as client:
                job = await client.submit(RUNCOMFY, prompt="fox")
                error = await ended(job)
                state = job.state
                server.scripts[:] = [says(tiny_png())]
                return error, state, await job.result(20)

    error, state, result = asyncio.run(whole())

    assert isinstance(error, NotSaved)
    assert State.SUCCEEDED is state
    assert 1 == len(result.images)


def test_an_unreadable_answer_to_an_order_is_uncertain(tmp_path, faults):
    """A login page with 200 where a job id should be: somebody may have taken the order."""
    error, server, _ = drive(tmp_path, faults, [faults.says(b"<html>Sign in</html>")], ended)

    assert isinstance(error, SubmitUncertain)
    assert not isinstance(error, Unreadable)
    assert 1 == posts(server)


def test_a_watcher_that_fails_harms_nobody(tmp_path, faults, caplog):
    """Foreign code at the edge is logged; the job comes to its end."""
    script = faults.says(body(error_code=400001, error_message="no such model"), status="400 Bad Request")

    async def act(job):
        job.watch(lambda record: 1 / 0)
        return await ended(job)

    error, _, _ = drive(tmp_path, faults, [script], act)

    assert "no such model" in error.message
    assert "watcher" in caplog.text


def hosted(tmp_path, server, token="canary-77"):
    """A client of that server with that token."""
    settings = load({"IPYDARKROOM_HOME": str(tmp_path), "RUNCOMFY_API_TOKEN": token})
    return AsyncClient(settings=settings, base_url={"runcomfy": server.origin}, paces=(QUICK, QUICK))


def test_closing_sends_nothing_afterwards_and_leaves_nobody_waiting(tmp_path, faults):
    """Found by review: a waiter once started a cancelled drive again, and an order left after close had returned."""

    async def whole():
        async with faults.server(faults.says(body(request_id="r-1"))) as server:
            client = hosted(tmp_path, server)
            job = await client.submit(RUNCOMFY, prompt="fox")
            waiter = asyncio.ensure_future(job.result())
            await client.close()
            [outcome] = await asyncio.gather(waiter, return_exceptions=True)
            return outcome, posts(server), job.charged

    outcome, sent, charged = asyncio.run(whole())

    assert isinstance(outcome, DarkroomError)
    assert (0, "no") == (sent, charged)


def test_a_job_of_another_account_is_not_asked_about(tmp_path, faults):
    """Another token sees nothing and proves nothing; it once ended a running job for good."""

    async def whole():
        says = faults.says
        async with faults.server(says(body(request_id="r-1")), says(body(status="in_progress"))) as server:
            async with hosted(tmp_path, server) as first:
                route = first.route(RUNCOMFY)
                job = await first.submit(RUNCOMFY, prompt="fox")
                async for record in job.events():
                    if record.state is State.RUNNING:
                        break
                theirs = dataclasses.replace(job.record, account="somebody-else", state=State.RUNNING)
            asked = len(server.requests)
            async with hosted(tmp_path, server) as second:
                track = Track(theirs, route)
                second._engine.drive(track)
                await track.idle.wait()
                return track.halt, len(server.requests) - asked, theirs.state

    halt, asked, state = asyncio.run(whole())

    assert ("AuthError", 0, State.RUNNING) == (halt.kind, asked, state)


def test_an_id_the_disk_refused_is_written_as_soon_as_it_takes_it(tmp_path, faults, monkeypatch, caplog):
    """The moment a paid id is read is the worst moment for a full disk: the log has it, and the next look writes it."""
    real, refused = Journal.put, []

    def put(self, record, event):
        if event == "Accepted" and not refused:
            refused.append(event)
            raise StorageError("The disk is full.")
        return real(self, record, event)

    monkeypatch.setattr(Journal, "put", put)

    async def act(job):
        while not job._track.task.done() and job._track.unwritten is not False or not refused:
            await asyncio.sleep(0)
        return job._engine._journal.get(job.id).remote_id

    scripts = [faults.says(body(request_id="r-77")), faults.says(body(status="in_queue"))]
    remote_id, _, _ = drive(tmp_path, faults, scripts, act)

    assert "r-77" == remote_id
    assert "r-77" in caplog.text


def test_one_bad_link_does_not_hold_back_the_other_files(tmp_path, faults):
    """A link that is no address is that file's trouble; the rest is fetched and kept."""

    async def whole():
        says = faults.says
        async with faults.server(says(body(request_id="r-1")), says(body(status="completed"))) as server:
            links = ["https://[bad/x.png", f"{server.origin}/a.png"]
            server.scripts += [says(body(status="succeeded", output=links, note="half \ud83d")), says(tiny_png())]
            async with hosted(tmp_path, server) as client:
                job = await client.submit(RUNCOMFY, prompt="fox")
                return await ended(job), len(job.record.kept), [found.state for found in client._journal.jobs()]

    error, kept, states = asyncio.run(whole())

    assert isinstance(error, NotSaved)
    assert (1, [State.SUCCEEDED]) == (kept, states)


def test_an_answer_no_reader_foresaw_leaves_the_order_uncertain(tmp_path, faults, monkeypatch):
    """Whatever is not proven to be harmless may be paid: a reader's own mistake as well."""
    monkeypatch.setattr(type(get_provider("runcomfy")), "submitted", lambda self, reply: 1 / 0)

    error, server, states = drive(tmp_path, faults, [faults.says(body(request_id="r-1"))], ended)

    assert isinstance(error, SubmitUncertain)
    assert (1, [State.UNCERTAIN]) == (posts(server), states)


def test_closing_while_an_order_is_in_the_air_leaves_it_uncertain(tmp_path, faults):
    """The request arrived and nobody waited for the answer: it may be paid, is told as such, and is not sent again."""

    async def whole():
        arrived, stop = asyncio.Event(), asyncio.Event()

        async def silent(reader, writer):
            arrived.set()
            await stop.wait()

        async with faults.server(silent) as server:
            client = hosted(tmp_path, server)
            await client.submit(RUNCOMFY, prompt="fox")
            await arrived.wait()
            await client.close()
            async with hosted(tmp_path, server) as later:
                [job] = later.jobs()
                error = await ended(job)
            stop.set()
            return error, posts(server), job.state

    error, sent, state = asyncio.run(whole())

    assert isinstance(error, SubmitUncertain)
    assert (1, State.UNCERTAIN) == (sent, state)


def fetched(tmp_path, faults, *files):
    """A finished job whose one link is answered with these files, one a try; returns (the error, the job's record)."""

    async def whole():
        says = faults.says
        async with faults.server(says(body(request_id="r-1")), says(body(status="completed"))) as server:
            result = body(status="succeeded", output={"image": f"{server.origin}/a.png"})
            server.scripts += [says(result), *map(says, files)]
            settings = load({"IPYDARKROOM_HOME": str(tmp_path), "RUNCOMFY_API_TOKEN": "canary-77"})
            async with AsyncClient(settings=settings, base_url={"runcomfy": server.origin}, paces=(QUICK, QUICK)) as client:
                job = await client.submit(RUNCOMFY, prompt="fox")
                return await ended(job), job.record

    return asyncio.run(whole())


def kept_files(tmp_path) -> list[str]:
    """The endings of what is in the pictures folder."""
    return sorted(path.suffix for path in (tmp_path / "pictures").rglob("*") if path.is_file())


def test_a_picture_that_came_broken_is_fetched_again(tmp_path, faults):
    """Half a file is not the end: the next try brings the whole one, and nothing is left of the first."""
    error, record = fetched(tmp_path, faults, tiny_png()[:-20], tiny_png())

    assert error is None
    assert ["image/png"] == [kept.mime for kept in record.kept]
    assert [".png"] == kept_files(tmp_path)


def test_what_never_verifies_is_set_aside_and_the_error_says_where(tmp_path, faults):
    """The job stays succeeded and can be asked again; the bytes are there for a person, and are no result."""
    error, record = fetched(tmp_path, faults, b"<svg xmlns='http://www.w3.org/2000/svg'/>")

    assert isinstance(error, NotSaved)
    assert f"{record.id}-0.unverified" in error.message
    assert (State.SUCCEEDED, ()) == (record.state, record.kept)
    assert [".unverified"] == kept_files(tmp_path)


def test_a_page_instead_of_a_picture_leaves_nothing(tmp_path, faults):
    """An expired link often answers with a page; it is not kept, and the job can be asked again."""
    error, record = fetched(tmp_path, faults, b"<!DOCTYPE html><title>Expired</title>")

    assert isinstance(error, NotSaved)
    assert State.SUCCEEDED is record.state
    assert [] == kept_files(tmp_path)
