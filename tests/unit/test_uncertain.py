"""An order whose answer was lost: looked for, adopted, given up or sent again, and never sent again by itself."""

from __future__ import annotations

import asyncio
import json
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest

from ipydarkroom.callbacks import Hint
from ipydarkroom.client import AsyncClient
from ipydarkroom.errors import InputError, JobFailed, NeedsConfirmation, SubmitUncertain
from ipydarkroom.fields import Field
from ipydarkroom.jobs import State
from ipydarkroom.models import Model
from ipydarkroom.settings import load
from ipydarkroom.testing import QUICK, tiny_png

MODEL = Model("a/b", "kie", (Field(("prompt",), "string", required=True),))


def body(**values: object) -> bytes:
    """A JSON body."""
    return json.dumps(values).encode()


def client_of(home, server):
    """A client of that server."""
    settings = load({"IPYDARKROOM_HOME": str(home), "KIE_API_KEY": "canary-77"})
    return AsyncClient(settings=settings, base_url={"kie": server.origin}, paces=(QUICK, QUICK))


@asynccontextmanager
async def a_lost_order(home, faults):
    """An order that reached the server, whose answer did not come back: (client, uncertain job, server)."""
    async with faults.server(faults.sends_raw(b"")) as server, client_of(home, server) as client:
        job = await client.submit(MODEL, prompt="fox")
        await job.wait(20)
        assert State.UNCERTAIN is job.state
        yield client, job, server


def succeeds(faults, server):
    """From now on the server knows the task, and its picture can be had."""
    done = body(code=200, data={"taskId": "t-1", "state": "success", "resultJson": json.dumps({"resultUrls": [f"{server.origin}/a.png"]})})

    async def answer(reader, writer):
        await faults.says(done if b"recordInfo" in server.requests[-1] else tiny_png())(reader, writer)

    server.scripts[:] = [answer]


def creates(server) -> int:
    """How many orders the server got."""
    return sum(b"createTask" in request.split(b"\r\n")[0] for request in server.requests)


def test_a_look_that_finds_nothing_leaves_it_open(tmp_path, faults):
    """Nobody we can ask knows; the job stays what it is, and nothing is sent."""

    async def whole():
        async with a_lost_order(tmp_path, faults) as (_, job, server):
            return await job.reconcile(), job.state, len(server.requests)

    assert ("open", State.UNCERTAIN, 1) == asyncio.run(whole())


def test_an_adopted_id_is_followed_to_its_picture(tmp_path, faults):
    """The person read the id on the provider's page: from then on it is a job like any other."""

    async def whole():
        async with a_lost_order(tmp_path, faults) as (client, job, server):
            succeeds(faults, server)
            await job.adopt(" t-1 ")
            result = await job.result(20)
            return len(result.images), client._journal.get(job.id).remote_id, creates(server)

    assert (1, "t-1", 1) == asyncio.run(whole())


def test_an_id_of_another_job_is_not_adopted(tmp_path, faults):
    """Two jobs of ours cannot be one task: one would show the other's picture."""

    async def whole():
        async with a_lost_order(tmp_path, faults) as (client, job, server):
            server.scripts[:] = [faults.says(body(code=200, data={"taskId": "t-1"})), faults.says(body(code=501, msg="failed"))]
            other = await client.submit(MODEL, prompt="owl")
            await other.wait(20)
            with pytest.raises(InputError, match="Another job"):
                await job.adopt("t-1")
            return job.state

    assert State.UNCERTAIN is asyncio.run(whole())


def test_a_given_up_order_may_have_been_charged_and_says_so(tmp_path, faults):
    """It ends as failed; what it may have cost stays on record."""

    async def whole():
        async with a_lost_order(tmp_path, faults) as (_, job, _server):
            await job.give_up()
            with pytest.raises(JobFailed, match="Given up"):
                await job.result(20)
            with pytest.raises(InputError):
                await job.give_up()
            return job.state, job.charged

    assert (State.FAILED, "no") == asyncio.run(whole())  # a server on this machine never charges


def test_sending_again_wants_a_persons_word(tmp_path, faults):
    """Without it nothing is sent; with it the order goes once more and the old one is given up, naming the new."""

    async def whole():
        async with a_lost_order(tmp_path, faults) as (_, job, server):
            with pytest.raises(NeedsConfirmation, match="twice"):
                await job.send_again()
            before = creates(server)
            server.scripts[:] = [faults.says(body(code=200, data={"taskId": "t-1"})), faults.says(body(code=501, msg="failed"))]
            again = await job.send_again(confirm=True)
            await again.wait(20)
            return before, creates(server), again.id in str(job.error), again.record.inputs

    assert (1, 2, True, {"prompt": "fox"}) == asyncio.run(whole())


def test_only_an_uncertain_job_can_be_decided(tmp_path, faults):
    """A job that is known to run or to have ended is not to be meddled with."""

    async def whole():
        async with faults.server(faults.says(body(code=402, msg="no credits"))) as server, client_of(tmp_path, server) as client:
            job = await client.submit(MODEL, prompt="fox")
            await job.wait(20)
            for act in (job.give_up(), job.adopt("t-1"), job.send_again(confirm=True)):
                with pytest.raises(InputError, match="nothing to decide"):
                    await act
            return creates(server), job.error.next_step

    sent, step = asyncio.run(whole())

    assert 1 == sent
    assert "kie.ai" in step  # an empty account: where to fill it


def test_a_callback_finds_the_id_of_a_lost_order(tmp_path, faults):
    """It named our job in its address; the provider, asked with our token, knows the task: resolved by itself."""

    async def whole():
        async with a_lost_order(tmp_path, faults) as (client, job, server):
            succeeds(faults, server)
            known = await client.hear(Hint("kie", job.id, "t-1"))
            result = await job.result(20)
            return known, len(result.images), creates(server)

    assert (True, 1, 1) == asyncio.run(whole())


def test_the_receiver_of_a_client_hears_the_provider(tmp_path, faults):
    """The whole way: the address given with the order, a real POST to it, the lost id found, the picture here."""

    async def whole():
        async with faults.server(faults.sends_raw(b"")) as server, client_of(tmp_path, server) as client:
            receiver = client.callbacks("http://127.0.0.1:9")
            job = await client.submit(MODEL, prompt="fox", callback_url=receiver.url)
            await job.wait(20)
            order = json.loads(server.requests[0].partition(b"\r\n\r\n")[2])
            succeeds(faults, server)
            async with httpx.AsyncClient(transport=httpx.ASGITransport(app=receiver)) as world:
                answer = await world.post(order["callBackUrl"], json={"code": 200, "data": {"taskId": "t-1"}})
            result = await job.result(20)
            return job.id in order["callBackUrl"], answer.status_code, len(result.images), creates(server)

    assert (True, 200, 1, 1) == asyncio.run(whole())


@pytest.mark.parametrize("wrong", [5, "junk", "ftp://x/", "javascript:1", "http://["])
def test_a_callback_address_that_is_none_is_refused_before_anything_is_written(tmp_path, faults, wrong):
    """Found by a new user: a number once left a job planned for ever, and a word was ordered."""

    async def whole():
        async with faults.server(faults.says(b"")) as server, client_of(tmp_path, server) as client:
            with pytest.raises(InputError, match="complete address"):
                await client.submit(MODEL, prompt="fox", callback_url=wrong)
            return server.requests, client.jobs()

    assert ([], []) == asyncio.run(whole())


def test_a_provider_without_callbacks_says_so_before_anything_is_sent(tmp_path, faults):
    """RunComfy documents none for its Model API."""

    async def whole():
        async with faults.server(faults.says(b"")) as server:
            settings = load({"IPYDARKROOM_HOME": str(tmp_path), "RUNCOMFY_API_TOKEN": "canary-77"})
            async with AsyncClient(settings=settings, base_url={"runcomfy": server.origin}) as client:
                with pytest.raises(InputError, match="no callbacks"):
                    await client.submit(replace(MODEL, provider="runcomfy"), prompt="fox", callback_url="https://a.example/x")
                return server.requests, client.jobs()

    assert ([], []) == asyncio.run(whole())


def test_a_callback_alone_proves_nothing(tmp_path, faults):
    """The provider does not know the task it names: the order stays uncertain."""

    async def whole():
        async with a_lost_order(tmp_path, faults) as (client, job, server):
            server.scripts[:] = [faults.says(body(code=422, msg="recordInfo is null"))]
            await client.hear(Hint("kie", job.id, "t-forged"))
            return await job.reconcile(), job.state

    assert ("open", State.UNCERTAIN) == asyncio.run(whole())


def test_a_callback_heard_by_another_kernel_helps_later(tmp_path, faults):
    """What was heard is in the journal, also when the kernel that ordered is gone."""

    async def whole():
        async with a_lost_order(tmp_path, faults) as (client, job, server):
            client._journal.hear(job.id, "kie", "t-1", 1.0)
            await client.close()
            succeeds(faults, server)
            async with client_of(tmp_path, server) as later:
                [found] = await later.resume()
                result = await found.result(20)
            return found.id == job.id, len(result.images), creates(server)

    assert (True, 1, 1) == asyncio.run(whole())


def test_an_answer_that_names_another_job_of_ours_is_not_believed(tmp_path, faults):
    """The id belongs to an earlier order: neither record is overwritten, and the new order is uncertain."""

    async def whole():
        scripts = [faults.says(body(code=200, data={"taskId": "t-1"})), faults.says(body(code=501, msg="failed"))]
        async with faults.server(*scripts) as server, client_of(tmp_path, server) as client:
            first = await client.submit(MODEL, prompt="fox")
            await first.wait(20)
            server.scripts[:] = [faults.says(body(code=200, data={"taskId": "t-1"}))]
            second = await client.submit(MODEL, prompt="owl")
            await second.wait(20)
            return second.error, client._journal.by_remote("kie", server.origin, "t-1").id == first.id

    error, kept = asyncio.run(whole())

    assert isinstance(error, SubmitUncertain)
    assert kept


def test_a_callback_that_another_kernel_hears_is_looked_into_there(tmp_path, faults):
    """The kernel that ordered is idle; the one that runs the receiver finds the id and brings the picture home."""

    async def whole():
        async with a_lost_order(tmp_path, faults) as (_, job, server):
            succeeds(faults, server)
            async with client_of(tmp_path, server) as other:
                await other.hear(Hint("kie", job.id, "t-1"))
                result = await other.job(job.id).result(20)
                return len(result.images), creates(server)

    assert (1, 1) == asyncio.run(whole())
