"""What the disk and the machine can do to a journal, and what we promise then (K8-K17 of the failure catalogue)."""

from __future__ import annotations

import asyncio
import json
import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import textwrap
import threading
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from ipydarkroom.client import AsyncClient
from ipydarkroom.errors import StorageError
from ipydarkroom.fields import Field
from ipydarkroom.jobs import JobRecord, State
from ipydarkroom.journal import Journal
from ipydarkroom.journal.migrations import STEPS
from ipydarkroom.models import Model
from ipydarkroom.settings import load
from ipydarkroom.testing import QUICK
from ipydarkroom.wire import Output

MODEL = Model("a/b", "runcomfy", (Field(("prompt",), "string", required=True),))
NAME = "journal.sqlite3"

# What the scripts below begin with: a client, and a server that counts orders and serves one picture.
COMMON = """
import asyncio, email.utils, http.cookiejar, importlib.metadata, io, json, os, random, resource, signal, sqlite3, sys
from pathlib import Path
import httpx, PIL.Image, PIL.PngImagePlugin, PIL.WebPImagePlugin
from ipydarkroom.client import AsyncClient
from ipydarkroom.errors import DarkroomError, StorageError
from ipydarkroom.fields import Field
from ipydarkroom.jobs import JobRecord, State
from ipydarkroom.journal import Journal
from ipydarkroom.models import Model
from ipydarkroom.settings import load
from ipydarkroom.testing import QUICK

MODEL = Model("a/b", "runcomfy", (Field(("prompt",), "string", required=True),))
home = Path(sys.argv[1])

def a_job(number):
    return JobRecord(f"job-{number}", "runcomfy", "https://x.example", "remote", "a/b", {"prompt": "x"}, created=float(number))

def limit(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

class Server:
    orders = 0
    picture = b""

    async def __aenter__(self):
        self.server = await asyncio.start_server(self.serve, "127.0.0.1", 0)
        self.origin = f"http://127.0.0.1:{self.server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(self, *_):
        self.server.close()

    async def serve(self, reader, writer):
        head = (await reader.readuntil(b"\\r\\n\\r\\n")).decode()
        length = [int(line.split(":")[1]) for line in head.lower().split("\\r\\n") if line.startswith("content-length")]
        await reader.readexactly(sum(length))
        self.orders += head.startswith("POST")
        body = {"request_id": "r-1", "status": "completed", "output": {"image": self.origin + "/a.png"}}
        if "/result" in head:
            body["status"] = "succeeded"
        said = self.picture if head.startswith("GET /a.png") else json.dumps(body).encode()
        writer.write(b"HTTP/1.1 200 OK\\r\\nConnection: close\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(said) + said)
        await writer.drain()
        writer.close()

def client_of(server, home=home):
    settings = load({"IPYDARKROOM_HOME": str(home), "RUNCOMFY_API_TOKEN": "token-1", "IPYDARKROOM_SPENDING": "off"})
    return AsyncClient(settings=settings, base_url={"runcomfy": server.origin}, paces=(QUICK, QUICK))
"""


def script(text: str, *arguments: object, code: int = 0) -> dict:
    """Run a program of its own and return the JSON line it prints; `code` is how it must end (minus a signal)."""
    env = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    command = [sys.executable, "-c", COMMON + textwrap.dedent(text), *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=env)
    assert code == done.returncode, done.stderr
    return json.loads(done.stdout) if done.stdout else {}


def a_job(number: int = 1, **values: object) -> JobRecord:
    """A record with recognisable values."""
    record = JobRecord("", "runcomfy", "https://x.example", "remote", "a/b", {"prompt": f"fox {number}"}, created=float(number))
    return replace(record, id=f"job-{number}", **values)


def a_journal(path: Path, jobs: int = 30) -> list[JobRecord]:
    """A journal of finished jobs, closed again; returns them, newest first."""
    with closing(Journal(path)) as journal:
        for number in range(jobs):
            journal.add(a_job(number))
            links = (Output(f"https://f.example/{number}.png", "image"),)
            journal.put(a_job(number, state=State.SUCCEEDED, remote_id=f"r-{number}", outputs=links), "Finished")
        return journal.jobs()


def an_old_journal(path: Path, version: int = 1) -> None:
    """A journal as an earlier version left it, with three jobs on their way."""
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for step in STEPS[:version]:
            db.executescript(step)
        db.execute(f"pragma user_version = {version}")
        columns = db.execute("pragma table_info(jobs)").fetchall()
        for number in range(3):
            known = {"id": f"old-{number}", "remote_id": f"r-{number}", "inputs": "{}", "state": "queued"}
            row = [known.get(name, ("no" if kind == "TEXT" else 0) if full else None) for _, name, kind, full, *_ in columns]
            db.execute(f"insert into jobs values ({', '.join('?' * len(row))})", row)


def connection_of(journal: Journal) -> sqlite3.Connection:
    """The journal's own connection, to set limits on it."""
    return next(value for value in vars(journal).values() if isinstance(value, sqlite3.Connection))


def others(path: Path) -> list[bytes]:
    """What lies beside a journal."""
    return [other.read_bytes() for other in path.parent.iterdir() if other != path and other.is_file()]


def submitting(home: Path, faults, act):
    """A client on `home` and a server that takes every order; returns what `act(client)` gave, and the orders that came."""

    async def whole():
        async with faults.server(faults.says(b'{"request_id": "r-1"}'), faults.says(b'{"status": "in_queue"}')) as server:
            settings = load({"IPYDARKROOM_HOME": str(home), "RUNCOMFY_API_TOKEN": "token-1"})
            async with AsyncClient(settings=settings, base_url={"runcomfy": server.origin}, paces=(QUICK, QUICK)) as client:
                found = await act(client)
            return found, sum(request.startswith(b"POST") for request in server.requests)

    return asyncio.run(whole())


# --- K9, K10: other processes ---


def test_a_write_waits_for_another_kernel(tmp_path):
    """A lock held elsewhere is waited for; it is no error and nothing is dropped."""
    with closing(Journal(tmp_path / NAME)) as journal, closing(sqlite3.connect(tmp_path / NAME, isolation_level=None)) as other:
        other.execute("begin immediate")
        writing = threading.Thread(target=journal.add, args=(a_job(),))
        writing.start()
        writing.join(0.1)
        other.execute("commit")
        writing.join(20)

        assert ["job-1"] == [record.id for record in journal.jobs()]


def test_a_forked_child_has_a_connection_of_its_own(tmp_path):
    """Both go on writing after the fork, and both rows are there."""
    found = script(
        """
        journal = Journal(home / "journal.sqlite3")
        journal.add(a_job(1))
        child = os.fork()
        journal.add(a_job(2 if child else 3))
        if not child:
            sys.exit(0)
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        print(json.dumps({"code": code, "jobs": [record.id for record in journal.jobs()]}))
        """,
        tmp_path,
    )

    assert {"code": 0, "jobs": ["job-3", "job-2", "job-1"]} == found


@pytest.mark.parametrize("leaving", ["os._exit(0)", "sys.exit(0)"])
def test_a_fork_never_falls_into_a_transaction(tmp_path, leaving):
    """Measured: a COMMIT through the inherited handle once wrote the parent's half transaction. And SQLite keeps the locks
    of a process in its memory: a child forked in between finds the file locked for ever, on a new connection too."""
    found = script(
        f"""
        import threading
        journal = Journal(home / "journal.sqlite3")
        begun, forked = threading.Event(), threading.Event()

        def half():
            try:
                with journal._transaction() as db:
                    db.execute("create table half (a)")
                    begun.set()
                    forked.wait(0.5)
                    raise KeyboardInterrupt
            except KeyboardInterrupt:
                return

        thread = threading.Thread(target=half)
        thread.start()
        begun.wait()
        child = os.fork()
        if child == 0:
            signal.alarm(5)
            journal.add(a_job(2))
            journal.close()
            {leaving}
        forked.set()
        thread.join()
        journal.add(a_job(1))
        code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        db = sqlite3.connect(home / "journal.sqlite3")
        tables = [name for (name,) in db.execute("select name from sqlite_master")]
        print(json.dumps({{
            "code": code, "jobs": sorted(record.id for record in journal.jobs()), "half": "half" in tables,
            "sound": db.execute("pragma integrity_check").fetchone()[0],
        }}))
        """,
        tmp_path,
    )

    assert {"code": 0, "jobs": ["job-1", "job-2"], "half": False, "sound": "ok"} == found


def test_a_forked_child_that_only_ends_leaves_its_parents_transaction_alone(tmp_path):
    """The child never touches the journal and exits the usual way; the parent's rows arrive whole."""
    found = script(
        """
        journal = Journal(home / "journal.sqlite3")
        with journal._transaction() as db:
            db.execute("create table whole (a)")
            child = os.fork()
            if child == 0:
                sys.exit(0)
            os.waitpid(child, 0)
            db.execute("insert into whole values (1)")
        db = sqlite3.connect(home / "journal.sqlite3")
        print(json.dumps({
            "rows": db.execute("select count(*) from whole").fetchone()[0], "sound": db.execute("pragma integrity_check").fetchone()[0],
        }))
        """,
        tmp_path,
    )

    assert {"rows": 1, "sound": "ok"} == found


# --- K11, K12: a full disk ---


def test_an_intent_that_does_not_fit_on_the_disk_is_not_sent(tmp_path, faults):
    """SQLITE_FULL: refused with a typed error before a byte leaves, and the journal goes on when there is room again."""

    async def act(client):
        db = connection_of(client._journal)
        room = db.execute("pragma max_page_count").fetchone()[0]
        db.execute(f"pragma max_page_count = {db.execute('pragma page_count').fetchone()[0]}")
        with pytest.raises(StorageError):
            await client.submit(MODEL, prompt="x" * 40_000)
        refused = client.jobs()
        db.execute(f"pragma max_page_count = {room}")
        job = await client.submit(MODEL, prompt="y")
        while job.state in (State.PLANNED, State.SUBMITTING):
            await asyncio.sleep(0)
        return refused, job.remote_id

    found, orders = submitting(tmp_path, faults, act)

    assert (([], "r-1"), 1) == (found, orders)


def test_an_order_whose_sending_cannot_be_written_down_is_not_sent(tmp_path, faults):
    """The intent fits and the second commit does not: the order stays here, and nothing is charged."""

    async def act(client):
        connection_of(client._journal).execute(
            "create trigger full before update on jobs when new.state = 'submitting' "
            "begin select raise(abort, 'database or disk is full'); end"
        )
        job = await client.submit(MODEL, prompt="x")
        await job.wait(20)
        return job.state, job.charged

    found, orders = submitting(tmp_path, faults, act)

    assert ((State.FAILED, "no"), 0) == (found, orders)


def test_a_disk_that_refuses_bytes_stops_the_order_before_it_leaves(tmp_path):
    """The system says EFBIG or ENOSPC and SQLite an I/O error: again a typed error, no order, and a sound journal."""
    found = script(
        """
        async def main():
            async with Server() as server, client_of(server) as client:
                limit((home / "journal.sqlite3").stat().st_size)
                try:
                    await client.submit(MODEL, prompt="x" * 40_000)
                    said = "sent"
                except StorageError as error:
                    said = "refused"
                limit(resource.RLIM_INFINITY)
                before = server.orders
                job = await client.submit(MODEL, prompt="y")
                while job.state in (State.PLANNED, State.SUBMITTING):
                    await asyncio.sleep(0.001)
                return {"said": said, "orders": before, "then": job.remote_id}

        print(json.dumps(asyncio.run(main())))
        """,
        tmp_path,
    )

    assert {"said": "refused", "orders": 0, "then": "r-1"} == found
    with closing(sqlite3.connect(tmp_path / NAME)) as db:
        assert ("ok",) == db.execute("pragma integrity_check").fetchone()


def test_a_picture_that_does_not_fit_leaves_nothing_half_and_can_be_fetched_later(tmp_path):
    """A full disk during the download: the job stays succeeded, no part is left, and asking again brings the file."""
    found = script(
        """
        noise = PIL.Image.frombytes("RGB", (400, 300), random.Random(1).randbytes(400 * 300 * 3))
        png = io.BytesIO()
        noise.save(png, "PNG")

        def files():
            return sorted(path.suffix for path in (home / "pictures").rglob("*") if path.is_file())

        async def main():
            async with Server() as server, client_of(server) as client:
                server.picture = png.getvalue()
                limit(200_000)
                job = await client.submit(MODEL, prompt="x")
                await job.wait(20)
                full = [type(job.error).__name__, job.state.value, files()]
                limit(resource.RLIM_INFINITY)
                await job.wait(20)
                return {"full": full, "then": [job.error, files(), server.orders]}

        print(json.dumps(asyncio.run(main())))
        """,
        tmp_path,
    )

    assert {"full": ["NotSaved", "succeeded", []], "then": [None, [".png"], 1]} == found


# --- K13, K14: where the home is ---


@pytest.fixture
def open_tmp():
    """A folder that any user can reach, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="darkroom-open-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


NOT_ROOT = """
import logging, tempfile
said = []
class Keep(logging.Handler):
    def emit(self, record):
        said.append(record.getMessage())
logging.getLogger("ipydarkroom").addHandler(Keep())
logging.getLogger("ipydarkroom").propagate = False
if os.getuid() == 0:
    os.setgroups([])
    os.setgid(65534)
    os.setuid(65534)
"""


def test_a_home_that_cannot_be_written_is_said_and_another_folder_taken(open_tmp):
    """Binder, containers: journal and pictures go to the working folder, and a warning names both."""
    home, work = open_tmp / "home", open_tmp / "work"
    home.mkdir(0o555)
    work.mkdir()
    work.chmod(0o777)
    found = script(
        NOT_ROOT + textwrap.dedent("""
        os.chdir(sys.argv[2])

        async def main():
            async with Server() as server, client_of(server) as client:
                job = await client.submit(MODEL, prompt="x")
                return {"home": str(client.home), "jobs": len(client.jobs()), "said": any(str(home) in line for line in said)}

        print(json.dumps(asyncio.run(main())))
        """),
        home, work,
    )

    assert {"home": str(work / "ipydarkroom-data"), "jobs": 1, "said": True} == found
    assert [] == list(home.iterdir())


def test_where_nothing_can_be_written_nothing_is_ordered(open_tmp):
    """A picture that could not be kept is not paid for: a typed error that names the way out, before anything is sent."""
    home = open_tmp / "home"
    home.mkdir(0o555)
    found = script(
        NOT_ROOT + textwrap.dedent("""
        os.chdir(home)
        tempfile.tempdir = str(home)

        async def main():
            async with Server() as server:
                try:
                    client_of(server)
                except DarkroomError as error:
                    return {"kind": type(error).__name__, "step": error.next_step}

        print(json.dumps(asyncio.run(main())))
        """),
        home,
    )

    assert {"kind": "StorageError", "step": "Set IPYDARKROOM_HOME to a folder you may write to."} == found


def test_a_journal_needs_no_shared_memory(tmp_path):
    """On a network home WAL's shared-memory file does not work; a rollback journal does, and there is nothing else."""
    with closing(Journal(tmp_path / NAME)) as journal:
        journal.add(a_job())

        assert {NAME, f"{NAME}-journal"} >= {path.name for path in tmp_path.iterdir()}


# --- K16: a damaged or a newer journal ---


def _flip(data: bytearray, place: int) -> bytearray:
    data[place] ^= 0xFF
    return data


DAMAGES = {
    "text": lambda data: b"not a database at all, just text" * 40,
    "truncated": lambda data: data[: len(data) // 2],
    "header_gone": lambda data: bytes(100) + data[100:],
    "magic_flipped": lambda data: bytes(_flip(bytearray(data), 3)),
    "schema_page_gone": lambda data: data[:100] + b"\xa5" * 3996 + data[4096:],
    "random": lambda data: random.Random(1).randbytes(len(data)),
    "zeros": lambda data: bytes(len(data)),
}


@pytest.mark.parametrize("damage", DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_journal_is_set_aside_and_never_deleted(tmp_path, damage):
    """A new one starts, the damaged bytes lie beside it word for word, and somebody is told."""
    path = tmp_path / NAME
    a_journal(path)
    damaged = damage(path.read_bytes())
    path.write_bytes(damaged)

    with closing(Journal(path)) as journal:
        journal.add(a_job(99))

        assert "job-99" == journal.get("job-99").id
        assert damaged in others(path)
        assert journal.notice
    with closing(Journal(path)) as again:
        assert (True, "") == (again.get("job-99") is not None, again.notice)


@pytest.mark.parametrize("version", [0, len(STEPS)])
def test_another_programs_database_is_set_aside_whole(tmp_path, version):
    """A file that SQLite likes and that is no journal: its tables are not touched, and ours do not go into it."""
    path = tmp_path / NAME
    with closing(sqlite3.connect(path)) as db:
        db.execute("create table jobs (a text)")
        db.execute(f"pragma user_version = {version}")
        db.commit()
    theirs = path.read_bytes()

    with closing(Journal(path)) as journal:
        journal.add(a_job())

        assert theirs in others(path)
        assert ["job-1"] == [record.id for record in journal.jobs()]


def test_an_empty_file_is_a_new_journal(tmp_path):
    """Zero bytes hold nothing that could be lost."""
    (tmp_path / NAME).touch()

    with closing(Journal(tmp_path / NAME)) as journal:
        journal.add(a_job())

        assert 1 == len(journal.jobs())


@pytest.mark.parametrize("seed", range(3))
def test_a_flipped_byte_never_stops_the_work(tmp_path, seed):
    """Wherever it is: the journal opens, lists and takes a new job. At most one job is hidden, or all lie beside it."""
    chance = random.Random(seed)
    whole = tmp_path / "whole.sqlite3"
    before = a_journal(whole)
    data = whole.read_bytes()
    for number in range(20):
        path = tmp_path / str(number) / NAME
        path.parent.mkdir()
        place = chance.randrange(len(data))
        damaged = bytes(_flip(bytearray(data), place))
        path.write_bytes(damaged)
        with closing(Journal(path)) as journal:
            found = journal.jobs()
            journal.jobs(unfinished=True)
            journal.add(a_job(99))

            assert "job-99" == journal.get("job-99").id, place
            assert len(found) >= len(before) - 1 or damaged in others(path), place


def test_one_row_that_makes_no_sense_does_not_hide_the_others(tmp_path):
    """A state nobody knows, inputs that are no JSON: that job is left out or shown as it can be, the rest is listed."""
    path = tmp_path / NAME
    a_journal(path, 6)
    with closing(sqlite3.connect(path)) as db:
        db.execute("update jobs set state = 'bewildered' where id = 'job-1'")
        db.execute("update jobs set inputs = '{\"prompt\": ' where id = 'job-2'")
        db.execute("update jobs set error = '[1]' where id = 'job-3'")
        db.commit()

    with closing(Journal(path)) as journal:
        assert {"job-0", "job-4", "job-5"} <= {record.id for record in journal.jobs()}


def test_what_can_be_read_of_a_damaged_journal_is_taken_over(tmp_path):
    """A page in the middle is gone: the jobs on the other pages are in the new journal."""
    path = tmp_path / NAME
    a_journal(path, 200)
    data = bytearray(path.read_bytes())
    page = data.index(b"fox 100") // 4096
    data[page * 4096:(page + 1) * 4096] = b"\xa5" * 4096
    path.write_bytes(data)

    with closing(Journal(path)) as journal:
        found = {record.id for record in journal.jobs()}

        assert 100 < len(found) < 200
        assert {"job-0", "job-199"} <= found


def test_a_newer_journal_stays_as_it_is(tmp_path):
    """This version keeps its jobs elsewhere; not a byte of the newer file changes."""
    path = tmp_path / NAME
    a_journal(path, 3)
    with closing(sqlite3.connect(path)) as db:
        db.execute("pragma user_version = 999")
        db.commit()
    before = path.read_bytes()

    with closing(Journal(path)) as journal:
        journal.add(a_job(99))

        assert journal.notice
        assert path != journal.path
    assert before == path.read_bytes()
    with closing(Journal(path)) as again:
        assert ["job-99"] == [record.id for record in again.jobs()]


def test_a_folder_in_the_journals_place_is_a_typed_error(tmp_path):
    """What cannot be opened at all is said with its path."""
    (tmp_path / NAME).mkdir()

    with pytest.raises(StorageError, match=NAME):
        Journal(tmp_path / NAME)


# --- K17: a migration that does not end ---


def test_an_older_journal_is_moved_to_todays_shape_after_a_copy(tmp_path):
    """Its jobs are there, and the file as it was lies beside it."""
    path = tmp_path / NAME
    an_old_journal(path)

    with closing(Journal(path)) as journal:
        assert {"old-0", "old-1", "old-2"} == {record.id for record in journal.jobs(unfinished=True)}
    assert [(1, 3)] == [_version_and_jobs(other) for other in tmp_path.glob("*.sqlite3") if other != path]


def _version_and_jobs(path: Path) -> tuple[int, int]:
    with closing(sqlite3.connect(path)) as db:
        return db.execute("pragma user_version").fetchone()[0], db.execute("select count(*) from jobs").fetchone()[0]


LONGER = """
import ipydarkroom.journal.migrations as migrations
steps = (*migrations.STEPS, "create table later (a text) strict; alter table jobs add column later text; %s")
for name, module in list(sys.modules.items()):
    if name.startswith("ipydarkroom.journal") and hasattr(module, "STEPS"):
        module.STEPS = steps
"""
DYING = """
class Dying(sqlite3.Connection):
    def execute(self, statement, *values):
        if sys.argv[2] in statement:
            os.kill(os.getpid(), signal.SIGKILL)
        return super().execute(statement, *values)

    def executescript(self, text):
        for statement in filter(str.strip, text.split(";")):
            self.execute(statement)

    def backup(self, target, **_):
        def progress(status, left, pages):
            if sys.argv[2] == "copy":
                os.kill(os.getpid(), signal.SIGKILL)
        return super().backup(target, pages=1, progress=progress)

connect = sqlite3.connect
sqlite3.connect = lambda *given, **options: connect(*given, **{"factory": Dying, **options})
"""


@pytest.mark.parametrize("moment", ["create table later", "alter table jobs add column later", "pragma user_version = ", "commit", "copy"])
def test_a_migration_that_is_killed_is_done_again(tmp_path, moment):
    """One transaction: the file is as before or as after, the copy made first is whole, and the next start succeeds."""
    path = tmp_path / NAME
    an_old_journal(path, len(STEPS))
    before = _version_and_jobs(path)

    script(LONGER % "" + DYING + 'Journal(home / "journal.sqlite3")', tmp_path, moment, code=-9)
    between = script("print(json.dumps({'jobs': len(Journal(home / 'journal.sqlite3').jobs())}))", tmp_path)
    script(LONGER % "" + 'Journal(home / "journal.sqlite3").close()', tmp_path)

    assert {"jobs": 3} == between
    assert (before[0] + 1, 3) == _version_and_jobs(path)
    assert [before] == [_version_and_jobs(other) for other in tmp_path.glob("*.sqlite3") if other != path]


def test_a_migration_that_fails_changes_nothing(tmp_path):
    """A statement that does not work, a full disk: a typed error, and the old version still has its journal."""
    path = tmp_path / NAME
    an_old_journal(path, len(STEPS))
    before = _version_and_jobs(path)

    found = script(
        LONGER % "insert into nowhere values (1);" + textwrap.dedent("""
        try:
            Journal(home / "journal.sqlite3")
            said = "opened"
        except StorageError:
            said = "StorageError"
        print(json.dumps({"said": said}))
        """),
        tmp_path,
    )

    assert {"said": "StorageError"} == found
    assert before == _version_and_jobs(path)
    with closing(Journal(path)) as journal:
        assert 3 == len(journal.jobs())


def test_kernels_that_migrate_at_once_agree(tmp_path):
    """Four starts on one old journal: each finds today's shape and every job."""
    path = tmp_path / NAME
    an_old_journal(path)
    env = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    text = "import sys; from ipydarkroom.journal import Journal; from pathlib import Path; print(len(Journal(Path(sys.argv[1])).jobs()))"
    running = [
        subprocess.Popen([sys.executable, "-c", text, str(path)], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=env)
        for _ in range(4)
    ]

    assert [("3\n", "")] * 4 == [process.communicate(timeout=60) for process in running]
