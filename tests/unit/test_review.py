"""Where the way of the money is narrow: a disk that refuses at the wrong moment, an answer that comes late, a person in a hurry."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from contextlib import contextmanager
from dataclasses import replace

import pytest

from ipydarkroom import owners
from ipydarkroom.callbacks import Hint
from ipydarkroom.client import AsyncClient
from ipydarkroom.errors import DarkroomError, InputError, NotSent, StorageError
from ipydarkroom.fields import Field
from ipydarkroom.files import Folder
from ipydarkroom.jobs import Accepted, Cancelled, Finished, JobRecord, Progress, State, advance
from ipydarkroom.journal import Journal
from ipydarkroom.models import Model
from ipydarkroom.pacing import HOSTED, expect
from ipydarkroom.results import error_of
from ipydarkroom.settings import load
from ipydarkroom.sync.thread import LoopThread
from ipydarkroom.testing import QUICK, tiny_png

RUNCOMFY = Model("a/b", "runcomfy", (Field(("prompt",), "string", required=True),))
KIE = Model("a/b", "kie", (Field(("prompt",), "string", required=True),))


def body(**values: object) -> bytes:
    """A JSON body."""
    return json.dumps(values).encode()


def client_of(home, server, paces=(QUICK, QUICK), **options):
    """A client of that server."""
    settings = load({"IPYDARKROOM_HOME": str(home), "RUNCOMFY_API_TOKEN": "canary-77", "KIE_API_KEY": "canary-77"})
    base = {"runcomfy": server.origin, "kie": server.origin}
    return AsyncClient(settings=settings, base_url=base, paces=paces, **options)


def posts(server) -> int:
    """How many orders reached the server."""
    return sum(request.startswith(b"POST") for request in server.requests)


def refuse_writes(client, wanted: bool = True) -> None:
    """From now on the journal's disk takes nothing, as a full one; or it takes again."""
    client._journal._db.execute(f"pragma query_only = {'on' if wanted else 'off'}")


@contextmanager
def locked(client):
    """Another program holds the journal's file."""
    client._journal._db.execute("pragma busy_timeout = 0")
    other = sqlite3.connect(client._journal.path, isolation_level=None)
    other.execute("begin exclusive")
    try:
        yield
    finally:
        other.execute("rollback")
        other.close()


async def until(condition):
    """Wait until something holds that has no event of its own."""
    async with asyncio.timeout(10):
        while not condition():
            await asyncio.sleep(0.002)


def test_an_id_that_came_is_kept_though_the_journal_cannot_be_read(tmp_path, faults):
    """The answer is here, the file is locked: the id is kept in memory, followed, and written when the disk takes it."""

    async def whole():
        async with faults.server(faults.says(b"")) as server, client_of(tmp_path, server) as client:

            async def answer(reader, writer):
                with locked(client):
                    await faults.says(body(request_id="r-1"))(reader, writer)
                    await until(lambda: job.remote_id or job.state is State.UNCERTAIN or job.error)

            server.scripts[:] = [answer, faults.says(body(status="in_progress"))]
            job = await client.submit(RUNCOMFY, prompt="fox")
            await until(lambda: job.state is not State.PLANNED and job.state is not State.SUBMITTING)
            await until(lambda: job.state is State.RUNNING or job.error)
            await until(lambda: client._journal.get(job.id).remote_id)
            return job.remote_id, job.error

    assert ("r-1", None) == asyncio.run(whole())


def test_a_lost_order_stays_uncertain_though_the_disk_did_not_take_it(tmp_path, faults):
    """The disk still says `submitting`; what is known in memory is newer, and a person can decide."""

    async def whole():
        async with faults.server(faults.says(b"")) as server, client_of(tmp_path, server) as client:

            async def hangs_up(_reader, _writer):
                refuse_writes(client)

            server.scripts[:] = [hangs_up]
            job = await client.submit(RUNCOMFY, prompt="fox")
            await job.wait(20)
            before = job.state
            refuse_writes(client, wanted=False)
            found = await job.reconcile()
            await job.give_up()
            return before, found, job.state, client._journal.get(job.id).state

    assert (State.UNCERTAIN, "open", State.FAILED, State.FAILED) == asyncio.run(whole())


def test_an_order_may_not_go_when_nobody_can_say_whose_it_is(tmp_path, faults):
    """Its row is gone from the journal: nothing is sent."""

    async def whole():
        async with faults.server(faults.says(body(request_id="r-1"))) as server, client_of(tmp_path, server) as client:
            job = await client.submit(RUNCOMFY, prompt="fox")
            client._journal._db.execute("pragma foreign_keys = off")
            client._journal._db.execute("delete from jobs")
            await job.wait(20)
            return posts(server), job.state, job.charged

    assert (0, State.FAILED, "no") == asyncio.run(whole())


def test_closing_on_a_disk_that_refuses_lets_everything_go(tmp_path, faults):
    """What could not be written is settled by the next client: the owner is gone, and no connection stays open."""

    async def whole():
        async with faults.server(faults.says(body(code=429, msg="slow"))) as server:
            client = client_of(tmp_path, server)
            job = await client.submit(KIE, prompt="fox")
            await until(lambda: posts(server))
            await until(lambda: job.state is State.PLANNED)
            refuse_writes(client)
            with pytest.raises(StorageError):
                await client.close()
            async with client_of(tmp_path, server) as later:
                return owners.alive(client._owner, 2e10, 0.0), client._transport._clients, later.job(job.id).state.is_terminal

    assert (False, {}, True) == asyncio.run(whole())


def test_one_refused_renewal_is_not_the_last(tmp_path, faults, monkeypatch):
    """The file was locked for a moment: the lease is renewed at the next turn all the same."""
    monkeypatch.setattr("ipydarkroom.engine.LEASE_S", 0.06)

    async def whole():
        async with (
            faults.server(faults.says(body(request_id="r-1")), faults.says(body(status="in_progress"))) as server,
            client_of(tmp_path, server) as client,
        ):
            job = await client.submit(RUNCOMFY, prompt="fox")
            await until(lambda: job.state is State.RUNNING)
            with locked(client):
                await asyncio.sleep(0.1)
            before = client._journal.get(job.id).lease
            await until(lambda: client._journal.get(job.id).lease > before)
            return client._engine._holding.done()

    assert asyncio.run(whole()) is False


def test_an_order_sent_again_is_told_though_the_old_one_cannot_be_given_up(tmp_path, faults):
    """The disk refuses right after the new order was written: the person holds it, and no third one is made."""

    async def whole():
        async with faults.server(faults.sends_raw(b"")) as server, client_of(tmp_path, server) as first:
            lost = await first.submit(RUNCOMFY, prompt="fox")
            await lost.wait(20)
            async with client_of(tmp_path, server) as second:
                server.scripts[:] = [faults.says(body(request_id="r-1")), faults.says(body(status="in_progress"))]
                [job] = second.jobs()
                add = second._journal.add

                def then_full(*args):
                    try:
                        return add(*args)
                    finally:
                        refuse_writes(second)

                second._journal.add = then_full
                again = await job.send_again(confirm=True)
                refuse_writes(second, wanted=False)
                await until(lambda: again.state is State.RUNNING or again.error)
                return posts(server), job.state

    sent, state = asyncio.run(whole())

    assert sent <= 2
    assert State.FAILED is state


def test_an_order_that_has_not_left_is_stopped_for_free(tmp_path, faults):
    """Stopped while it waits to be offered again: it never goes, and nothing is charged."""

    async def whole():
        async with faults.server(faults.says(body(code=429, msg="slow"))) as server, client_of(tmp_path, server) as client:
            job = await client.submit(KIE, prompt="fox")
            await until(lambda: posts(server) and job.state is State.PLANNED)
            sent = posts(server)
            outcome = await job.cancel()
            await job.wait(20)
            await asyncio.sleep(0.1)
            return outcome, posts(server) - sent, job.state, job.charged, client._journal.get(job.id).state

    assert ("stopped", 0, State.CANCELLED, "no", State.CANCELLED) == asyncio.run(whole())


def test_an_order_stopped_in_the_air_does_not_go_again(tmp_path, faults):
    """Stop was pressed, then the answer said "slow down": the order went a second time, and was paid."""
    pressed = asyncio.Event()

    async def slow(reader, writer):
        await pressed.wait()
        await faults.says(body(code=429, msg="slow"))(reader, writer)

    async def whole():
        taken = faults.says(body(code=200, data={"taskId": "t-1"}))
        async with faults.server(slow, taken) as server, client_of(tmp_path, server) as client:
            job = await client.submit(KIE, prompt="fox")
            await until(lambda: posts(server))
            stopping = asyncio.create_task(job.cancel())
            await asyncio.sleep(0)
            pressed.set()
            outcome = await stopping
            await job.wait(20)
            await asyncio.sleep(0.2)
            return outcome, posts(server), job.state, job.charged

    assert ("stopped", 1, State.CANCELLED, "no") == asyncio.run(whole())


def test_an_order_stopped_before_its_first_step_never_leaves(tmp_path, faults):
    """Submitted and stopped in one breath."""

    async def whole():
        async with faults.server(faults.says(body(code=200, data={"taskId": "t-1"}))) as server, client_of(tmp_path, server) as client:
            job = await client.submit(KIE, prompt="fox")
            outcome = await job.cancel()
            await job.wait(20)
            return outcome, posts(server), job.state

    assert ("stopped", 0, State.CANCELLED) == asyncio.run(whole())


def test_another_kernel_may_stop_a_job_while_it_is_being_sent(tmp_path, faults):
    """It waits for the answer to the order, not for the end of the job."""

    async def whole():
        async with faults.server(faults.says(b"")) as server, client_of(tmp_path, server) as first, client_of(tmp_path, server) as second:
            answered = asyncio.Event()

            async def slowly(reader, writer):
                await answered.wait()
                await faults.says(body(request_id="r-1"))(reader, writer)

            async def answer(reader, writer):
                said = body(outcome="not_cancellable") if b"/cancel" in server.requests[-1] else body(status="in_progress")
                await faults.says(said)(reader, writer)

            server.scripts[:] = [slowly, answer]
            await first.submit(RUNCOMFY, prompt="fox")
            await until(lambda: posts(server))
            [job] = await second.resume()
            stopping = asyncio.ensure_future(job.cancel())
            await until(lambda: job.attended)
            answered.set()
            async with asyncio.timeout(10):
                return await stopping, job.state

    assert ("still_running", State.RUNNING) == asyncio.run(whole())


def test_what_one_client_stopped_watching_another_may_follow(tmp_path, faults):
    """The first client stays open and looks at it no more; the second is not left waiting for it."""

    async def whole():
        async with faults.server(faults.says(b"")) as server, client_of(tmp_path, server) as first, client_of(tmp_path, server) as second:
            server.scripts[:] = [faults.says(body(code=200, data={"taskId": "t-1"})), faults.says(body(code=401, msg="revoked"))]
            job = await first.submit(KIE, prompt="fox")
            await job.wait(20)
            halted = type(job.error).__name__
            server.scripts[:] = [faults.says(body(code=200, data={"taskId": "t-1", "state": "fail", "failMsg": "no"}))]
            seen = second.job(job.id)
            await seen.wait(10)
            await job.wait(10)
            return halted, seen.state, job.state

    assert ("AuthError", State.FAILED, State.FAILED) == asyncio.run(whole())


def test_files_one_client_could_not_fetch_another_may(tmp_path, faults):
    """It gave up on them for now and stays open; the second client asks for them itself."""

    async def whole():
        async with faults.server(faults.says(b"")) as server, client_of(tmp_path, server) as first, client_of(tmp_path, server) as second:
            done = body(code=200, data={"taskId": "t-1", "state": "success", "resultJson": json.dumps({"resultUrls": [f"{server.origin}/a.png"]})})
            here = []

            async def answer(reader, writer):
                asked = server.requests[-1].split(b"\r\n")[0]
                if b"createTask" in asked:
                    said = faults.says(body(code=200, data={"taskId": "t-1"}))
                elif b"recordInfo" in asked:
                    said = faults.says(done)
                else:
                    said = faults.says(tiny_png()) if here else faults.says(b"", status="503 Busy")
                await said(reader, writer)

            server.scripts[:] = [answer]
            job = await first.submit(KIE, prompt="fox")
            await job.wait(20)
            missing = type(job.error).__name__
            here.append(True)
            result = await second.job(job.id).result(10)
            return missing, len(result.images), len((await job.result(10)).images)

    assert ("NotSaved", 1, 1) == asyncio.run(whole())


@pytest.mark.parametrize("age", [0.5, 5.0, 600.0])
def test_jobs_whose_end_was_seen_the_next_morning_hold_back_no_look(age):
    """They seem to have taken all night; the next job of the model is looked at within the minute."""
    seen_late = expect([43_000.0, 43_100.0, 43_200.0])

    assert HOSTED.pause(age, 1.0, expected=seen_late) <= 60


def test_patience_begins_with_the_first_refusal(tmp_path, faults):
    """An order that waited long for its turn is not turned away at its first 429."""
    hasty = replace(QUICK, patience=0.3)

    async def whole():
        async with faults.server(faults.says(b"")) as server, client_of(tmp_path, server, (hasty, hasty)) as client:
            server.scripts[:] = [
                faults.says(body(code=429, msg="slow")), faults.says(body(code=200, data={"taskId": "t-1"})),
                faults.says(body(code=501, msg="failed")),
            ]
            client._engine.traffic(client.route(KIE)).hold(0.5)
            job = await client.submit(KIE, prompt="fox")
            await job.wait(20)
            return posts(server), job.remote_id

    assert (2, "t-1") == asyncio.run(whole())


def test_a_client_opens_while_another_finishes_a_download(tmp_path):
    """A hidden file that vanishes between being listed and being looked at is no trouble of ours."""
    month = tmp_path / "2026-01"
    month.mkdir()
    (month / ".gone-0.1234.part").symlink_to(month / "nowhere")

    assert 0 == Folder(tmp_path).tidy()


def test_no_process_is_asked_where_asking_interrupts_it(monkeypatch):
    """On Windows the signal 0 is Ctrl-C; there, only the lease tells whether another kernel is gone."""
    host = owners._host()
    monkeypatch.setattr(owners, "_ASKABLE", False)
    monkeypatch.setattr(owners.os, "kill", lambda *_: pytest.fail("the other kernel was interrupted"))

    assert owners.alive(f"{host}:1:other:1", lease=200.0, now=100.0)
    assert not owners.alive(f"{host}:1:other:1", lease=50.0, now=100.0)


def record_of(**values) -> JobRecord:
    """A hosted job that was accepted and has a share of a budget."""
    return JobRecord("j", "runcomfy", "https://x.example", "remote", "a/b", {}, state=State.QUEUED, usd=0.5, charged="maybe", **values)


@pytest.mark.parametrize(("seen", "told"), [((), ("no", 0.0)), ((Progress("in_progress"),), ("maybe", 0.5))])
def test_a_job_cancelled_at_work_may_be_charged(seen, told):
    """Only one that never began is known to be free; the other keeps its share of the budget."""
    record = record_of()
    for event in (*seen, Cancelled("cancelled")):
        record = advance(record, event, 2.0)

    assert (State.CANCELLED, *told) == (record.state, record.charged, record.usd)
    assert ("may be charged" in str(error_of(record, None))) is (told[0] == "maybe")


def test_a_negative_price_gives_no_budget_back():
    """Whatever a provider says, an order does not make room for others."""
    assert 0.5 == advance(record_of(), Finished("done", (), usd=-3.0), 2.0).usd


def test_a_job_of_a_provider_that_is_not_installed_hides_no_other(tmp_path, faults):
    """A plug-in was removed: its paid jobs are listed with what is known, and so is everything else."""

    async def whole():
        async with faults.server(faults.says(body(code=402, msg="no credits"))) as server, client_of(tmp_path, server) as client:
            await (await client.submit(KIE, prompt="fox")).wait(20)
            client._journal.add(replace(record_of(remote_id="r-1"), provider="gone"))
            jobs = await client.resume()
            await jobs[0].wait(20)
            return [job.provider for job in client.jobs()], type(jobs[0].error).__name__, jobs[0].state

    assert (["kie", "gone"], "ModelNotFound", State.QUEUED) == asyncio.run(whole())


def test_an_id_adopted_while_a_callback_is_looked_into_is_followed(tmp_path, faults):
    """The person was quicker than the provider's answer about another id: the job goes on, and reconcile says so."""

    async def whole():
        async with faults.server(faults.sends_raw(b"")) as server, client_of(tmp_path, server) as client:
            job = await client.submit(KIE, prompt="fox")
            await job.wait(20)
            adopted = asyncio.Event()

            async def answer(reader, writer):
                if b"t-forged" in server.requests[-1]:
                    await adopted.wait()
                    await faults.says(body(code=422, msg="recordInfo is null"))(reader, writer)
                else:
                    await faults.says(body(code=501, msg="failed"))(reader, writer)

            server.scripts[:] = [answer]
            await client.hear(Hint("kie", job.id, "t-forged"))
            await until(lambda: b"t-forged" in server.requests[-1])
            await job.adopt("t-1")
            adopted.set()
            await job.wait(20)
            return job.state, job.remote_id

    assert (State.FAILED, "t-1") == asyncio.run(whole())


def test_an_id_on_disk_is_not_forgotten_by_whoever_gives_up(tmp_path, faults):
    """The answer came after all, in the other kernel, between a person's look and word: the job goes on."""

    async def whole():
        async with faults.server(faults.sends_raw(b"")) as server, client_of(tmp_path, server) as first, client_of(tmp_path, server) as second:
            lost = await first.submit(RUNCOMFY, prompt="fox")
            await lost.wait(20)
            job = second.job(lost.id)
            claim = second._journal.claim

            def just_then(*args):
                late = advance(first._journal.get(lost.id), Accepted("r-1"), 5.0)
                assert first._journal.put(late, "Accepted")
                return claim(*args)

            second._journal.claim = just_then
            with pytest.raises(InputError, match="queued"):
                await job.give_up()
            return job.state, second._journal.get(lost.id).remote_id

    assert (State.QUEUED, "r-1") == asyncio.run(whole())


def test_an_id_on_disk_is_not_replaced(tmp_path):
    """Whoever knows less, or something else, is behind."""
    journal = Journal(None)
    journal.add(record_of(remote_id="r-1"))

    assert journal.put(record_of(remote_id="r-1"), "Queued")
    assert not journal.put(replace(record_of(), state=State.UNCERTAIN), "Orphaned")
    assert not journal.put(record_of(remote_id="r-2"), "Accepted")
    assert "r-1" == journal.get("j").remote_id


def test_who_asks_while_the_client_closes_is_not_left_waiting(tmp_path):
    """The loop has stopped between the question and its hearing: a typed error, no endless wait."""
    thread = LoopThread()

    async def never() -> None:
        return None

    thread.loop.call_soon_threadsafe(thread.loop.stop)
    thread._thread.join(5)
    with pytest.raises(DarkroomError, match="closed"):
        thread.call(never())
    thread.loop.close()
    with pytest.raises(DarkroomError, match="closed"):
        thread.call(never())


def test_a_closed_client_asks_nobody(tmp_path, faults):
    """A handle that outlived its client opens no connection that nobody would close."""

    async def whole():
        async with faults.server(faults.says(body(request_id="r-1")), faults.says(body(status="in_progress"))) as server:
            client = client_of(tmp_path, server)
            job = await client.submit(RUNCOMFY, prompt="fox")
            await until(lambda: job.state is State.RUNNING)
            await client.close()
            asked = len(server.requests)
            outcome = await job.cancel()
            with pytest.raises(NotSent):
                await client.balance("runcomfy")
            return outcome, client._transport._clients, len(server.requests) - asked

    assert ("unknown", {}, 0) == asyncio.run(whole())


def test_an_adopted_id_is_one_and_is_followed(tmp_path, faults):
    """Blanks come along when an id is copied; none is no id; a known one is followed as the call promises."""

    async def whole():
        async with faults.server(faults.says(body(code=501, msg="failed"))) as server, client_of(tmp_path, server) as client:
            with pytest.raises(InputError):
                await client.adopt(" ", provider="kie", model="a/b")
            client._journal.add(replace(record_of(remote_id="t-1"), provider="kie", origin=server.origin))
            job = await client.adopt(" t-1\n", provider="kie", model="a/b")
            following = not job._track.idle.is_set()
            await job.wait(20)
            return job.id, following, job.state

    assert ("j", True, State.FAILED) == asyncio.run(whole())
