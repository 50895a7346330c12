"""Facts that share a commit: nobody goes on before it is on disk, nothing learnt is lost, and one's trouble is not another's."""

from __future__ import annotations

import asyncio
import json
import os
import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest

from ipydarkroom.budget import Budget
from ipydarkroom.client import AsyncClient
from ipydarkroom.errors import StorageError
from ipydarkroom.fields import Field
from ipydarkroom.jobs import Accepted, Cancelled, Finished, Held, JobRecord, Kept, Progress, Saved, Sending, State
from ipydarkroom.journal import Group, Journal
from ipydarkroom.learning import Learner
from ipydarkroom.models import Model
from ipydarkroom.routes import Route
from ipydarkroom.settings import load
from ipydarkroom.testing import QUICK, local_client
from ipydarkroom.track import Track
from ipydarkroom.wire import Output

RUNCOMFY = Model("a/b", "runcomfy", (Field(("prompt",), "string", required=True),))
ROUTE = Route("runcomfy", "remote", {"api": "https://x.example"}, "route.token", None)


def a_track(number: int = 1, **values: object) -> Track:
    """A job in memory, not yet on disk."""
    record = JobRecord(f"job-{number}", "runcomfy", "https://x.example", "remote", "a/b", {"prompt": "fox"}, owner="o", created=1.0)
    return Track(replace(record, **values), ROUTE, ours=True)


class Desk:
    """A learner on a journal of its own, with `number` jobs in it; `commits` are counted."""

    def __init__(self, tmp_path, number: int = 3, **values: object) -> None:
        self.journal = Journal(tmp_path / "journal.sqlite3")
        self.learner = Learner(self.journal, lambda: 5.0)
        self.tracks = [a_track(at, **values) for at in range(number)]
        for track in self.tracks:
            self.journal.add(track.record)
        self.commits = 0
        self.journal._db.set_trace_callback(self._count)

    def _count(self, statement: str) -> None:
        self.commits += statement.lower() == "commit"

    def on_disk(self) -> list[State]:
        """What another process would read."""
        with closing(Journal(self.journal.path)) as other:
            return [other.get(track.record.id).state for track in self.tracks]

    def ids_on_disk(self) -> list[str]:
        """The providers' ids that another process would read."""
        with closing(Journal(self.journal.path)) as other:
            return [other.get(track.record.id).remote_id for track in self.tracks]


@pytest.fixture
def desk(tmp_path):
    """Three planned jobs."""
    found = Desk(tmp_path)
    yield found
    found.journal.close()


@pytest.fixture
def sent(tmp_path):
    """Three jobs whose orders are in the air."""
    found = Desk(tmp_path, state=State.SUBMITTING, sent=2.0)
    yield found
    found.journal.close()


def body(**values: object) -> bytes:
    """A JSON body."""
    return json.dumps(values).encode()


def client_of(home, server, **options):
    """A client of that server."""
    settings = load({"IPYDARKROOM_HOME": str(home), "RUNCOMFY_API_TOKEN": "canary-77"})
    return AsyncClient(settings=settings, base_url={"runcomfy": server.origin}, paces=(QUICK, QUICK), **options)


# --- one commit ---


def test_facts_of_one_moment_share_a_commit(desk):
    """Three orders are about to leave: one commit, and all of them are on disk before any of the three goes on."""
    seen = []

    async def order(track):
        assert await desk.learner.learn(track, Sending())
        seen.append((desk.commits, desk.on_disk()))

    async def whole():
        await asyncio.gather(*map(order, desk.tracks))

    asyncio.run(whole())

    assert [(1, [State.SUBMITTING] * 3)] * 3 == seen


def test_those_who_come_while_others_wait_come_along(desk):
    """One more in each pass of the loop is still one commit."""

    async def later(track, passes):
        for _ in range(passes):
            await asyncio.sleep(0)
        await desk.learner.learn(track, Sending())

    async def whole():
        await asyncio.gather(*(later(track, passes) for passes, track in enumerate(desk.tracks)))

    asyncio.run(whole())

    assert 1 == desk.commits


def test_a_crowd_that_never_ends_holds_nobody_up(tmp_path):
    """However many join, the first is on disk within a few passes of the loop."""
    desk = Desk(tmp_path, 50)

    async def whole():
        waiting = [asyncio.ensure_future(desk.learner.learn(track, Sending())) for track in desk.tracks[:1]]
        for track in desk.tracks[1:]:
            await asyncio.sleep(0)
            if waiting[0].done():
                break
            waiting.append(asyncio.ensure_future(desk.learner.learn(track, Sending())))
        await asyncio.gather(*waiting)
        return len(waiting)

    assert asyncio.run(whole()) < 10
    desk.journal.close()


def test_facts_about_one_job_are_written_one_after_the_other(sent):
    """Two files of one job arrive in the same moment: the second is added to the first, not in its place."""
    links = tuple(Output(f"https://f.example/{name}.png", "image") for name in "ab")

    async def whole():
        track = sent.tracks[0]
        await sent.learner.learn(track, Accepted("r-1"))
        await sent.learner.learn(track, Finished("done", links))
        saved = [Saved(Kept(index, f"/p/{index}.png", "image/png", "ab", 3, 4, 5)) for index in range(2)]
        await asyncio.gather(*(sent.learner.learn(track, each) for each in saved))
        return [kept.index for kept in track.record.kept]

    assert [0, 1] == asyncio.run(whole())
    assert [0, 1] == [kept.index for kept in sent.journal.get("job-0").kept]


def test_what_stays_in_memory_waits_for_no_commit(tmp_path):
    """Progress is shown at once."""
    desk = Desk(tmp_path, 1, state=State.QUEUED, remote_id="r-1")

    async def whole():
        await desk.learner.learn(desk.tracks[0], Progress("at work"))
        before = desk.commits
        await desk.learner.learn(desk.tracks[0], Progress("at work", 0.5))
        return desk.commits - before, desk.tracks[0].record.fraction

    assert (0, 0.5) == asyncio.run(whole())
    desk.journal.close()


# --- between reading an id and having it on disk ---


def test_nobody_sees_an_id_before_it_is_on_disk(sent):
    """Between reading it and the commit, memory and disk both say that the order is in the air: a kill there is a kill before
    the answer was read, and the next client finds it uncertain."""
    [track, *_] = sent.tracks
    seen = []
    track.watchers.append(lambda record: seen.append((record.remote_id, sent.ids_on_disk()[0])))

    async def whole():
        learning = asyncio.ensure_future(sent.learner.learn(track, Accepted("r-1")))
        await asyncio.sleep(0)
        between = track.record.state, track.record.remote_id, sent.on_disk()[0]
        await learning
        return between

    assert (State.SUBMITTING, "", State.SUBMITTING) == asyncio.run(whole())
    assert [("r-1", "r-1")] == seen


def test_an_id_is_written_though_nobody_waits_for_it_any_more(sent, monkeypatch):
    """The waiting is cancelled, and the loop may make no other pass: the id is on disk before the cancellation goes on."""
    monkeypatch.setattr(Group, "_gather", lambda *_: None)

    async def whole():
        learning = asyncio.ensure_future(sent.learner.learn(sent.tracks[0], Accepted("r-1")))
        await asyncio.sleep(0)
        learning.cancel()
        with pytest.raises(asyncio.CancelledError):
            await learning
        return sent.ids_on_disk()[0], sent.tracks[0].record.remote_id

    assert ("r-1", "r-1") == asyncio.run(whole())


def test_whoever_cannot_wait_has_what_waits_written_first(sent):
    """The client closes while an id waits for its commit: the job is not taken for lost."""
    [track, *_] = sent.tracks

    async def whole():
        learning = asyncio.ensure_future(sent.learner.learn(track, Accepted("r-1")))
        await asyncio.sleep(0)
        sent.learner.learn_now(track, Held())
        await learning

    asyncio.run(whole())

    assert (State.QUEUED, "r-1") == (track.record.state, track.record.remote_id)


def test_an_id_that_waits_is_one_of_ours(sent):
    """Two answers of one moment name the same id: asked whose it is, the journal has the first."""

    async def whole():
        learning = asyncio.ensure_future(sent.learner.learn(sent.tracks[0], Accepted("r-1")))
        await asyncio.sleep(0)
        found = sent.learner.by_remote("runcomfy", "https://x.example", "r-1")
        await learning
        return found.id

    assert "job-0" == asyncio.run(whole())


def test_closing_the_client_keeps_an_id_that_waits(tmp_path, faults, monkeypatch):
    """The answer was read, its commit is due in the next pass, and the client is closed: the next one follows the job."""
    gather, learnt = Group._gather, []
    monkeypatch.setattr(Group, "_gather", lambda group, *given: None if learnt else gather(group, *given))
    learn = Learner.learn

    async def learning(learner, track, event):
        if isinstance(event, Accepted):
            learnt.append(event)
        return await learn(learner, track, event)

    monkeypatch.setattr(Learner, "learn", learning)

    async def whole():
        async with faults.server(faults.says(body(request_id="r-1"))) as server:
            client = client_of(tmp_path, server)
            job = await client.submit(RUNCOMFY, prompt="fox")
            while not learnt:
                await asyncio.sleep(0.001)
            await client.close()
            with closing(Journal(tmp_path / "journal.sqlite3")) as journal:
                return journal.get(job.id).state, journal.get(job.id).remote_id

    assert (State.QUEUED, "r-1") == asyncio.run(whole())


def test_closing_while_an_order_waits_for_its_commit_settles_it(tmp_path, faults, monkeypatch):
    """The client is closed in the very moment of a submit: the order is in the journal as not sent, and nobody waits for ever."""
    monkeypatch.setattr(Group, "_gather", lambda *_: None)

    async def whole():
        async with faults.server(faults.says(body(request_id="r-1"))) as server:
            client = client_of(tmp_path, server)
            submitting = asyncio.ensure_future(client.submit(RUNCOMFY, prompt="fox"))
            await asyncio.sleep(0)
            await client.close()
            job = await asyncio.wait_for(submitting, 5)
            with closing(Journal(tmp_path / "journal.sqlite3")) as journal:
                record = journal.get(job.id)
            return record.state, record.trouble.kind, record.charged, len(server.requests)

    assert (State.FAILED, "NotSent", "no", 0) == asyncio.run(whole())


# --- an order about to leave ---


def test_an_order_taken_back_before_its_commit_was_never_about_to_leave(desk):
    """Cancelled while it waits: nothing is written, and nobody may send it."""

    async def whole():
        learning = asyncio.ensure_future(desk.learner.learn(desk.tracks[0], Sending()))
        await asyncio.sleep(0)
        learning.cancel()
        with pytest.raises(asyncio.CancelledError):
            await learning
        await asyncio.sleep(0.01)
        return desk.commits, desk.on_disk()[0], desk.tracks[0].record.state

    assert (0, State.PLANNED, State.PLANNED) == asyncio.run(whole())


def test_an_order_taken_back_after_its_commit_is_planned_again(desk):
    """Cancelled in the moment between the commit and the sending: disk and memory say that nothing has left."""

    async def whole():
        learning = asyncio.ensure_future(desk.learner.learn(desk.tracks[0], Sending()))
        await asyncio.sleep(0)
        desk.learner.flush()
        between = desk.on_disk()[0]
        learning.cancel()
        with pytest.raises(asyncio.CancelledError):
            await learning
        return between, desk.on_disk()[0], desk.tracks[0].record.state, desk.tracks[0].record.charged

    assert (State.SUBMITTING, State.PLANNED, State.PLANNED, "no") == asyncio.run(whole())


def test_a_person_who_stops_it_is_quicker_than_the_commit(desk):
    """Called off while it waits: whoever wanted to send it is told no, and the journal says stopped, nothing charged."""
    [track, *_] = desk.tracks

    async def whole():
        learning = asyncio.ensure_future(desk.learner.learn(track, Sending()))
        await asyncio.sleep(0)
        desk.learner.called_off(track)
        desk.learner.learn_now(track, Cancelled(""))
        return await learning

    assert asyncio.run(whole()) is False
    assert (State.CANCELLED, "no") == (desk.on_disk()[0], desk.journal.get("job-0").charged)


def test_calling_off_never_forgets_an_id(sent):
    """What waits is the provider's answer: it cannot be taken back."""

    async def whole():
        learning = asyncio.ensure_future(sent.learner.learn(sent.tracks[0], Accepted("r-1")))
        await asyncio.sleep(0)
        sent.learner.called_off(sent.tracks[0])
        await learning

    asyncio.run(whole())

    assert "r-1" == sent.ids_on_disk()[0]


# --- a disk that refuses ---


def test_two_writes_about_one_thing_both_arrive(desk):
    """The first goes at once, so that the second finds it on disk; each is answered."""
    group, written = Group(desk.journal), []

    async def whole():
        told = [group.do("it", lambda at=at: written.append(at), lambda _, at=at: at) for at in range(2)]
        return await asyncio.wait_for(asyncio.gather(*told), 5)

    assert [0, 1] == asyncio.run(whole()) == written


def test_one_refusal_is_nobody_elses(sent):
    """Two answers name one id, which the journal takes once: the others' ids are on disk all the same."""

    async def whole():
        ids = ("r-1", "r-1", "r-3")
        await asyncio.gather(*(sent.learner.learn(t, Accepted(i)) for t, i in zip(sent.tracks, ids, strict=True)))

    asyncio.run(whole())

    assert ["r-1", "", "r-3"] == sent.ids_on_disk()
    assert [False, True, False] == [track.unwritten for track in sent.tracks]
    assert "r-1" == sent.tracks[1].record.remote_id


def test_a_mistake_in_one_write_reaches_its_own_and_nobody_else(desk):
    """Whatever a write raises is told to who asked for it."""
    group, written = Group(desk.journal), []

    async def whole():
        told = [
            group.do(1, lambda: written.append(1), lambda _: "first"),
            group.do(2, lambda: 1 // 0, lambda _: "second"),
            group.do(3, lambda: written.append(3), lambda _: 1 // 0),
        ]
        return await asyncio.gather(*told, return_exceptions=True)

    first, second, third = asyncio.run(whole())

    assert ("first", ZeroDivisionError, ZeroDivisionError) == (first, type(second), type(third))
    assert {1, 3} == set(written)


def test_a_commit_that_fails_is_tried_for_each_alone(sent):
    """No room for three at once, room for one: what fits is on disk, and what does not is remembered."""
    room = 1
    put = sent.journal.put

    def narrow(record, event):
        nonlocal room
        if sent.journal._joined or record.id != "job-1":
            if sent.journal._joined and record.id == "job-2":
                raise StorageError("The disk is full.")
            return put(record, event)
        raise StorageError("The disk is full.")

    sent.journal.put = narrow

    async def whole():
        await asyncio.gather(*(sent.learner.learn(t, Accepted(f"r-{i}")) for i, t in enumerate(sent.tracks)))

    asyncio.run(whole())

    assert ["r-0", "", "r-2"] == sent.ids_on_disk()
    assert [False, True, False] == [track.unwritten for track in sent.tracks]


def test_a_locked_file_is_waited_for_once(desk):
    """Another program holds it: all are told after one wait, the orders stay here, and nothing is charged."""
    desk.journal._db.execute("pragma busy_timeout = 0")
    begun = []
    desk.journal._db.set_trace_callback(lambda statement: begun.append(statement) if statement.startswith("begin") else None)
    other = sqlite3.connect(desk.journal.path, isolation_level=None)
    other.execute("begin exclusive")

    async def whole():
        return await asyncio.gather(*(desk.learner.learn(track, Sending()) for track in desk.tracks))

    assert [False] * 3 == asyncio.run(whole())
    assert [(State.FAILED, "no")] * 3 == [(track.record.state, track.record.charged) for track in desk.tracks]
    assert 1 == len(begun)
    other.close()


# --- interrupts ---


def interrupted_once(step):
    """That step, but the first time a person presses Ctrl-C in the middle of it."""
    pressed = []

    def pressing(*given, **options):
        if not pressed:
            pressed.append(True)
            raise KeyboardInterrupt
        return step(*given, **options)

    return pressing


@pytest.mark.parametrize("where", ["write", "then"])
def test_an_interrupt_in_the_middle_loses_nothing(sent, where):
    """On the main thread Ctrl-C may hit any line: the commit is made in the next pass, and everybody is told."""
    learner = sent.learner
    if where == "write":
        sent.journal.put = interrupted_once(sent.journal.put)
    else:
        learner._learnt = interrupted_once(learner._learnt)

    async def whole():
        return await asyncio.gather(*(learner.learn(t, Accepted(f"r-{i}")) for i, t in enumerate(sent.tracks)))

    loop = asyncio.new_event_loop()
    work = loop.create_task(whole())
    with pytest.raises(KeyboardInterrupt):
        loop.run_until_complete(work)

    assert [True] * 3 == loop.run_until_complete(asyncio.wait_for(work, 5))
    assert ["r-0", "r-1", "r-2"] == sent.ids_on_disk() == [track.record.remote_id for track in sent.tracks]
    loop.close()


def test_an_order_is_listed_though_its_submit_was_interrupted(tmp_path, faults):
    """Cancelled while its row waits for the commit: it is on disk, in the list, driven once, and found by its fingerprint."""

    async def whole():
        async with faults.server(faults.says(body(request_id="r-1")), faults.says(body(status="in_queue"))) as server:
            async with client_of(tmp_path, server) as client:
                submitting = asyncio.ensure_future(client.submit(RUNCOMFY, prompt="fox"))
                await asyncio.sleep(0)
                submitting.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await submitting
                [listed] = client.jobs()
                [same] = client.made_before(client.fingerprint(RUNCOMFY, prompt="fox"))
                while not listed.remote_id:
                    await asyncio.sleep(0.001)
                return listed.id == same.id, sum(request.startswith(b"POST") for request in server.requests)

    assert (True, 1) == asyncio.run(whole())


def test_a_submit_that_is_cancelled_leaves_its_order_on_disk(tmp_path, faults, monkeypatch):
    """The loop may make no other pass: the row is there before the cancellation goes on."""
    monkeypatch.setattr(Group, "_gather", lambda *_: None)

    async def whole():
        async with faults.server(faults.says(b"")) as server, client_of(tmp_path, server) as client:
            submitting = asyncio.ensure_future(client.submit(RUNCOMFY, prompt="fox"))
            await asyncio.sleep(0)
            submitting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await submitting
            with closing(Journal(tmp_path / "journal.sqlite3")) as journal:
                return len(journal.jobs())

    assert 1 == asyncio.run(whole())


def test_an_order_is_sent_again_once_however_often_it_is_pressed(tmp_path, faults):
    """Two presses in one moment: the second finds the old order given up. Nothing may come between the new row and that."""

    async def whole():
        async with faults.server(faults.sends_raw(b"")) as server, client_of(tmp_path, server) as client:
            lost = await client.submit(RUNCOMFY, prompt="fox")
            await lost.wait(20)
            server.scripts[:] = [faults.says(body(request_id="r-1")), faults.says(body(status="in_queue"))]
            pressed = [lost.send_again(confirm=True) for _ in range(2)]
            again, refused = await asyncio.gather(*pressed, return_exceptions=True)
            while not again.remote_id:
                await asyncio.sleep(0.001)
            return type(refused).__name__, len(client.jobs()), sum(request.startswith(b"POST") for request in server.requests)

    assert ("InputError", 2, 2) == asyncio.run(whole())


def test_an_id_taken_in_twice_in_one_moment_is_one_job(tmp_path, faults):
    """The second finds the first."""

    async def whole():
        async with faults.server(faults.says(body(status="in_queue"))) as server, client_of(tmp_path, server) as client:
            found = await asyncio.gather(*(client.adopt("r-9", provider="runcomfy", model="a/b") for _ in range(2)))
            return len({job.id for job in found})

    assert 1 == asyncio.run(whole())


def test_the_list_has_an_order_whose_commit_is_still_due(tmp_path, faults):
    """Asked in the very moment of the order, in the same pass of the loop: it is written first, then listed."""

    async def whole():
        async with faults.server(faults.says(b"")) as server, client_of(tmp_path, server) as client:
            submitting = asyncio.ensure_future(client.submit(RUNCOMFY, prompt="fox"))
            await asyncio.sleep(0)
            listed = client.jobs()
            job = await submitting
            return [found._track for found in listed] == [job._track]

    assert asyncio.run(whole())


def test_a_run_interrupted_while_it_orders_is_not_ordered_again(tmp_path, monkeypatch):
    """Ctrl-C in a cell while its order is written, then the cell once more: the same job, from a client for those who do not await."""
    with local_client(tmp_path) as client:
        model = "bytedance/seedream-5/lite/text-to-image"
        call = client._thread.call
        starting = []

        def leaving(work):
            if not starting:
                starting.append(client._thread.start(work))
                raise KeyboardInterrupt
            return call(work)

        monkeypatch.setattr(client._thread, "call", leaving)
        with pytest.raises(KeyboardInterrupt):
            client.submit(model, prompt="a fox")
        [job] = client.made_before(client.fingerprint(model, prompt="a fox"))

        assert job.id == starting[0].result(10).id


def test_a_forked_child_writes_nothing_of_its_parents(tmp_path):
    """What waits at the moment of a fork is the parent's to write, once."""
    desk = Desk(tmp_path, 1, state=State.SUBMITTING)

    async def whole():
        learning = asyncio.ensure_future(desk.learner.learn(desk.tracks[0], Accepted("r-1")))
        await asyncio.sleep(0)
        child = os.fork()
        if child == 0:
            desk.learner.flush()
            os._exit(0 if desk.tracks[0].record.remote_id == "" else 1)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        between = desk.ids_on_disk()
        await learning
        return code, between, desk.ids_on_disk()

    assert (0, [""], ["r-1"]) == asyncio.run(whole())
    desk.journal.close()


def test_what_is_ordered_while_the_loop_stands_still_is_driven_when_it_runs(tmp_path, faults):
    """In a terminal the loop runs only within a cell: `jobs()` in the next one wrote the order, and `submit` raised though it went later."""
    loop = asyncio.new_event_loop()
    try:
        server = faults.server(faults.says(json.dumps({"request_id": "r-1"}).encode()), faults.says(b'{"status": "in_queue"}'))
        running = loop.run_until_complete(server.__aenter__())
        settings = load({"IPYDARKROOM_HOME": str(tmp_path), "RUNCOMFY_API_TOKEN": "canary-77"})
        client = AsyncClient(settings=settings, base_url={"runcomfy": running.origin}, paces=(QUICK, QUICK))

        async def begun() -> asyncio.Task:
            task = asyncio.get_running_loop().create_task(client.submit(RUNCOMFY, prompt="fox"))
            while not client._engine._learner._group.keys():
                await asyncio.sleep(0)
            return task

        task = loop.run_until_complete(begun())
        assert 1 == len(client.jobs())
        job = loop.run_until_complete(task)

        async def ordered() -> None:
            while not job.record.remote_id:
                await asyncio.sleep(0.01)
            await client.close()

        loop.run_until_complete(asyncio.wait_for(ordered(), 20))
        assert 1 == sum(request.startswith(b"POST") for request in running.requests)
        loop.run_until_complete(server.__aexit__(None, None, None))
    finally:
        loop.close()


def test_an_order_that_slept_too_long_before_it_left_is_asked_about_again(tmp_path, faults, monkeypatch):
    """Allowed, then the machine slept: another kernel may have settled it, so the disk is asked once more before it goes."""
    asked = []

    async def whole() -> int:
        async with faults.server(faults.says(json.dumps({"request_id": "r-1"}).encode()), faults.says(b'{"status": "in_queue"}')) as server:
            settings = load({"IPYDARKROOM_HOME": str(tmp_path), "RUNCOMFY_API_TOKEN": "canary-77"})
            async with AsyncClient(settings=settings, base_url={"runcomfy": server.origin}, paces=(QUICK, QUICK)) as client:
                learner, learn = client._engine._learner, Learner.learn

                async def slept(self, track, event):
                    may = await learn(self, track, event)
                    if isinstance(event, Sending):
                        asked.append(event)
                        if len(asked) == 1:
                            learner.clock = lambda clock=learner.clock: clock() + 60
                    return may

                monkeypatch.setattr(Learner, "learn", slept)
                job = await client.submit(RUNCOMFY, prompt="fox")
                while not job.record.remote_id:
                    await asyncio.sleep(0.01)
            return sum(request.startswith(b"POST") for request in server.requests)

    assert (1, 2) == (asyncio.run(asyncio.wait_for(whole(), 30)), len(asked))


def test_an_order_written_twice_is_one_row(tmp_path):
    """An interrupt that comes with the commit has the write done again."""
    with closing(Journal(tmp_path / "journal.sqlite3")) as journal:
        record = a_track().record
        assert journal.add(record) == journal.add(record)
        capped = replace(record, id="job-2", budget="b", pictures=1)
        assert journal.add(capped, Budget(jobs=1)) == journal.add(capped, Budget(jobs=1))  # its own row is not in its way
        assert 2 == len(journal.jobs())


def test_a_file_locked_at_the_commit_is_waited_for_once(desk):
    """A reader lets a transaction begin and holds its end up; each of a crowd waited ten seconds for it in turn."""
    desk.journal._db.execute("pragma busy_timeout = 0")
    tries = []
    desk.journal._db.set_trace_callback(lambda statement: tries.append(statement) if statement.lower() == "commit" else None)
    with closing(sqlite3.connect(desk.journal.path, isolation_level=None)) as reader:
        reader.execute("begin")
        reader.execute("select count(*) from jobs").fetchone()

        async def learnt() -> list[bool]:
            return await asyncio.gather(*(desk.learner.learn(track, Sending()) for track in desk.tracks))

        assert [False] * 3 == asyncio.run(learnt())
    assert 1 == len(tries)


def test_a_forked_child_goes_on_with_its_own(tmp_path):
    """What its parent had waiting is dropped, and a write of its own is not."""
    found = Desk(tmp_path, 1)
    group = Group(found.journal)

    async def whole() -> object:
        group.do("parents", lambda: 1, lambda value: value)
        group._pid = -1  # as in a child
        return await asyncio.wait_for(group.do("own", lambda: 2, lambda value: value), 5)

    assert 2 == asyncio.run(whole())
    found.journal.close()
