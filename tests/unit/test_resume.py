"""Jobs outlive their kernel: found again, watched along, taken over, and downloaded."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys

from ipydarkroom import owners
from ipydarkroom.client import AsyncClient
from ipydarkroom.errors import NotSaved
from ipydarkroom.fields import Field
from ipydarkroom.jobs import State
from ipydarkroom.models import Model
from ipydarkroom.settings import load
from ipydarkroom.testing import QUICK, tiny_png

MODEL = Model("a/b", "runcomfy", (Field(("prompt",), "string", required=True),))


def body(**values: object) -> bytes:
    """A JSON body."""
    return json.dumps(values).encode()


def client_of(home, server):
    """A client of that server."""
    settings = load({"IPYDARKROOM_HOME": str(home), "RUNCOMFY_API_TOKEN": "canary-77"})
    return AsyncClient(settings=settings, base_url={"runcomfy": server.origin}, paces=(QUICK, QUICK))


async def until(job, state):
    """Wait until the job is in that state."""
    async for record in job.events():
        if record.state is state:
            return


def ends(faults, server):
    """From now on the job has succeeded, and its picture can be had."""
    says = faults.says
    server.scripts[:] = [
        says(body(status="completed")), says(body(status="succeeded", output=[f"{server.origin}/a.png"])), says(tiny_png()),
    ]


def test_a_job_of_a_closed_client_is_found_and_finished(tmp_path, faults):
    """A new session lists it, watches it to its end and has the picture, with no second order."""

    async def whole():
        async with faults.server(faults.says(body(request_id="r-1")), faults.says(body(status="in_progress"))) as server:
            async with client_of(tmp_path, server) as first:
                await until(await first.submit(MODEL, prompt="fox"), State.RUNNING)
            ends(faults, server)
            async with client_of(tmp_path, server) as second:
                [job] = await second.resume()
                result = await job.result(20)
                posts = sum(request.startswith(b"POST") for request in server.requests)
                return len(result.images), posts, await second.resume()

    assert (1, 1, []) == asyncio.run(whole())


def test_files_that_could_not_be_fetched_are_unfinished_work(tmp_path, faults):
    """The job succeeded and is paid; a later session fetches what is missing."""
    says = faults.says

    async def whole():
        async with faults.server(says(body(request_id="r-1")), says(body(status="completed"))) as server:
            server.scripts += [says(body(status="succeeded", output=[f"{server.origin}/a.png"])), says(b"", status="503 Busy")]
            async with client_of(tmp_path, server) as first:
                job = await first.submit(MODEL, prompt="fox")
                await job.wait(20)
                error = job.error
            server.scripts[:] = [says(tiny_png())]
            async with client_of(tmp_path, server) as second:
                [job] = await second.resume()
                return error, len((await job.result(20)).images)

    error, pictures = asyncio.run(whole())

    assert isinstance(error, NotSaved)
    assert 1 == pictures


def test_a_dead_link_is_asked_for_anew_once(tmp_path, faults):
    """The result names a fresh link; the file comes from there."""
    says = faults.says

    async def whole():
        async with faults.server(says(body(request_id="r-1")), says(body(status="completed"))) as server:
            old, new = body(status="succeeded", output=[f"{server.origin}/old.png"]), body(status="succeeded", output=[f"{server.origin}/new.png"])
            expired = says(b"", status="403 Forbidden")
            server.scripts += [says(old), expired, expired, expired, says(body(status="completed")), says(new), says(tiny_png())]
            async with client_of(tmp_path, server) as client:
                job = await client.submit(MODEL, prompt="fox")
                result = await job.result(20)
                return len(result.images), server.requests[-1].split(b" ")[1], client._journal.get(job.id).outputs[0].url

    pictures, path, kept = asyncio.run(whole())

    assert (1, b"/new.png") == (pictures, path)
    assert kept.endswith("/new.png")


def test_one_client_asks_and_the_other_reads_along(tmp_path, faults):
    """Two clients of one journal: the provider is asked by the owner only."""
    says = faults.says

    async def whole():
        async with faults.server(says(body(request_id="r-1")), says(body(status="in_progress"))) as server:
            async with client_of(tmp_path, server) as first, client_of(tmp_path, server) as second:
                await until(await first.submit(MODEL, prompt="fox"), State.RUNNING)
                [seen] = await second.resume()
                asked = second._transport._clients
                ends(faults, server)
                result = await seen.result(20)
                return len(result.images), dict(asked)

    assert (1, {}) == asyncio.run(whole())


def test_the_reader_takes_over_when_the_owner_is_gone(tmp_path, faults):
    """The owner closes in the middle: the one that read along drives on and brings the picture home."""
    says = faults.says

    async def whole():
        async with faults.server(says(body(request_id="r-1")), says(body(status="in_progress"))) as server:
            first = client_of(tmp_path, server)
            async with client_of(tmp_path, server) as second:
                await until(await first.submit(MODEL, prompt="fox"), State.RUNNING)
                [seen] = await second.resume()
                waiting = asyncio.ensure_future(seen.result(20))
                await first.close()
                ends(faults, server)
                result = await waiting
                return len(result.images), seen.record.owner == second._owner

    assert (1, True) == asyncio.run(whole())


DIES = """
import asyncio, os, signal, sys
from ipydarkroom.journal import Group
from ipydarkroom.learning import Learner
from ipydarkroom.client import AsyncClient
from ipydarkroom.fields import Field
from ipydarkroom.models import Model
from ipydarkroom.settings import load
learn, do, learning = Learner.learn, Group.do, []
async def learnt(learner, track, event):
    learning[:] = [type(event).__name__]
    return await learn(learner, track, event)
def waiting(group, *given):
    told = do(group, *given)
    if learning == sys.argv[3:]:
        os.kill(os.getpid(), signal.SIGKILL)
    return told
Learner.learn, Group.do = learnt, waiting
async def whole():
    client = AsyncClient(settings=load({"IPYDARKROOM_HOME": sys.argv[1], "RUNCOMFY_API_TOKEN": "canary-77"}), base_url={"runcomfy": sys.argv[2]})
    job = await client.submit(Model("a/b", "runcomfy", (Field(("prompt",), "string", required=True),)), prompt="fox")
    async for record in job.events():
        if str(record.state) == sys.argv[3]:
            os.kill(os.getpid(), signal.SIGKILL)
asyncio.run(whole())
"""


def killed(tmp_path, faults, state, *scripts):
    """Order from a process that is killed in that state, or while such a fact waits for its commit; then what a new client finds:
    (state, error kind, orders, whether resume lists it)."""

    async def whole():
        async with faults.server(*scripts) as server:
            child = await asyncio.create_subprocess_exec(sys.executable, "-c", DIES, str(tmp_path), server.origin, state)
            assert -9 == await child.wait()
            async with client_of(tmp_path, server) as client:
                [job] = client.jobs()
                kind = job.record.trouble.kind if job.record.trouble else ""
                posts = sum(request.startswith(b"POST") for request in server.requests)
                return job.state, kind, posts, [found.id for found in await client.resume()] == [job.id]

    return asyncio.run(whole())


def test_a_kernel_killed_while_sending_leaves_an_uncertain_order(tmp_path, faults):
    """It may have been placed: told as such by the next session, and not sent again."""

    async def silent(reader, writer):
        await reader.read()

    state, kind, _, listed = killed(tmp_path, faults, "submitting", silent)

    assert (State.UNCERTAIN, "SubmitUncertain", True) == (state, kind, listed)


def test_a_kernel_killed_between_reading_an_id_and_its_commit_leaves_an_uncertain_order(tmp_path, faults):
    """The answer was read and its commit due: the disk still says that the order is in the air, as if it had never been read."""
    found = killed(tmp_path, faults, "Accepted", faults.says(body(request_id="r-1")))

    assert (State.UNCERTAIN, "SubmitUncertain", 1, True) == found


def test_a_kernel_killed_before_the_sending_is_on_disk_has_sent_nothing(tmp_path, faults):
    """It waited for its commit: no order reached the server, nothing is charged, and nothing is left to resume."""
    found = killed(tmp_path, faults, "Sending", faults.says(body(request_id="r-1")))

    assert (State.FAILED, "NotSent", 0, False) == found


def test_a_kernel_killed_while_the_job_runs_leaves_a_job_that_runs(tmp_path, faults):
    """Its death is known by its process number at once, not only when the lease is over."""
    scripts = [faults.says(body(request_id="r-1")), faults.says(body(status="in_progress"))]

    assert (State.RUNNING, "", 1, True) == killed(tmp_path, faults, "running", *scripts)


def test_a_process_that_ended_is_gone_and_one_that_hangs_is_when_its_lease_is_over():
    """Names say host and process; of another machine only the lease tells."""
    owner = owners.new_owner()
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait()
    host, _, _, _ = owner.split(":")

    assert owners.alive(owner, lease=1.0, now=100.0)  # a busy loop of our own process is no dead one
    assert not owners.alive(owner, lease=0.0, now=100.0)  # it has let go
    owners.dismiss(owner)
    assert not owners.alive(owner, lease=200.0, now=100.0)
    assert not owners.alive(f"{host}:{ended.pid}:other:1", lease=200.0, now=100.0)
    assert owners.alive(f"{host}:{os.getppid()}:other:1", lease=200.0, now=100.0)
    assert not owners.alive(f"{host}:{os.getppid()}:other:1", lease=50.0, now=100.0)
    assert owners.alive("elsewhere:1:other:1", lease=200.0, now=100.0)
    assert not owners.alive("4711-of-the-first-version", lease=0.0, now=100.0)


def test_fresh_links_in_another_order_bring_each_picture_once(tmp_path, faults):
    """One file is here, the other's link has died; the result names both again the other way round, with new signatures."""
    says = faults.says
    red, blue = tiny_png(colour=(200, 0, 0)), tiny_png(colour=(0, 0, 200))

    async def whole():
        async with faults.server(says(body(request_id="r-1"))) as server:
            old = [f"{server.origin}/a.png?sig=1", f"{server.origin}/b.png?sig=1"]
            new = [f"{server.origin}/b.png?sig=2", f"{server.origin}/a.png?sig=2"]
            results = [old, new]

            async def answer(reader, writer):
                path = server.requests[-1].split(b" ")[1]
                found = {b"/a.png?sig=1": says(red), b"/a.png?sig=2": says(red), b"/b.png?sig=2": says(blue)}.get(path)
                if b"/result" in path:
                    found = says(body(status="succeeded", output=results.pop(0) if len(results) > 1 else results[0]))
                if b"/status" in path:
                    found = says(body(status="completed"))
                await (found or says(b"", status="403 Forbidden"))(reader, writer)

            server.scripts.append(answer)
            async with client_of(tmp_path, server) as client:
                result = await (await client.submit(MODEL, prompt="fox")).result(20)
                return [image.pil().convert("RGB").getpixel((0, 0)) for image in result.images]

    assert [(200, 0, 0), (0, 0, 200)] == asyncio.run(whole())
