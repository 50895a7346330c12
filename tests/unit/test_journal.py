"""The journal: what is on disk before anything depends on it."""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing
from dataclasses import replace

import pytest

from ipydarkroom.errors import StorageError
from ipydarkroom.jobs import JobRecord, Kept, State, Trouble
from ipydarkroom.journal import Journal, opening
from ipydarkroom.journal.migrations import STEPS
from ipydarkroom.journal.rows import COLUMNS, job_row
from ipydarkroom.wire import Output


def a_job(number: int = 1, **values: object) -> JobRecord:
    """A record with recognisable values."""
    record = JobRecord(
        f"job-{number}", "runcomfy", "https://x.example", "remote", "a/b", {"prompt": "狐", "width×height": "2K"},
        created=float(number),
    )
    return replace(record, **values)


@pytest.fixture
def journal(tmp_path):
    """An empty journal on disk."""
    found = Journal(tmp_path / "journal.sqlite3")
    yield found
    found.close()


def test_a_job_comes_back_as_it_was_written(journal, tmp_path):
    """Every lasting column survives, in another process as well: names, words, outputs, files and the error."""
    written = a_job(
        state=State.SUCCEEDED, remote_id="r-1", word="succeeded", cost=0.04, charged="yes",
        trouble=Trouble("JobFailed", "why", "7", "do this"), note="a note", owner="1-a",
        outputs=(Output("https://f.example/a.png?sig=1", "image"), Output("https://f.example/b.png", "image")),
        kept=(Kept(1, "/p/b.png", "image/png", "ab", 3, 4, 5),),
    )
    journal.add(a_job(owner="1-a"))
    journal.put(written, "Finished")

    assert written == journal.get("job-1")
    with closing(Journal(tmp_path / "journal.sqlite3")) as other:
        assert written == other.get("job-1")


def test_newest_jobs_come_first_and_unfinished_ones_can_be_asked_for(journal):
    """The list a person sees starts with the latest job."""
    journal.add(a_job(1))
    journal.add(a_job(2, state=State.FAILED))
    journal.add(a_job(3, state=State.UNCERTAIN))

    assert ["job-3", "job-2", "job-1"] == [record.id for record in journal.jobs()]
    assert ["job-3", "job-1"] == [record.id for record in journal.jobs(unfinished=True)]
    assert ["job-3"] == [record.id for record in journal.jobs(limit=1)]


def test_a_provider_names_a_job_once(journal):
    """Two of our jobs cannot share one remote id: one of them would show somebody else's picture."""
    journal.add(a_job(1, remote_id="r-1"))

    with pytest.raises(StorageError):
        journal.add(a_job(2, remote_id="r-1"))
    assert "job-1" == journal.by_remote("runcomfy", "https://x.example", "r-1").id


def test_a_failed_write_leaves_the_journal_usable(journal):
    """A refused row is rolled back, and the next one goes in."""
    journal.add(a_job(1, remote_id="r-1"))
    with pytest.raises(StorageError):
        journal.add(a_job(2, remote_id="r-1"))  # one id is one job

    journal.add(a_job(2))

    assert 2 == len(journal.jobs())


def test_only_the_owner_may_read_the_journal(journal):
    """Inputs may hold signed links: the file is for one person."""
    assert 0o600 == stat.S_IMODE(journal.path.stat().st_mode)


def test_a_journal_that_others_may_read_is_closed_to_them(tmp_path):
    """Copied from somewhere, or made by an earlier version: opening it puts that right."""
    path = tmp_path / "journal.sqlite3"
    with closing(Journal(path)):
        path.chmod(0o644)
    with closing(Journal(path)):
        pass

    assert 0o600 == stat.S_IMODE(path.stat().st_mode)


def test_a_journal_of_a_newer_version_is_left_and_ours_lies_beside_it(tmp_path):
    """An older program must not guess at a newer file, nor keep the newer one from it: it keeps its own and says so."""
    path = tmp_path / "journal.sqlite3"
    with closing(sqlite3.connect(path)) as db:
        db.execute("pragma user_version = 999")
    before = path.read_bytes()

    with closing(Journal(path)) as beside:
        beside.add(a_job())

    assert before == path.read_bytes()
    assert path != beside.path
    assert "newer" in beside.notice
    with closing(Journal(path)) as again:
        assert "job-1" == again.get("job-1").id


def test_a_damaged_journal_is_set_aside_and_what_can_be_read_is_taken_over(tmp_path):
    """Nothing is deleted: the damaged bytes keep a name of their own, and whole rows live on in the new file."""
    path = tmp_path / "journal.sqlite3"
    with closing(Journal(path)) as first:
        for number in range(400):
            first.add(a_job(number, remote_id=f"r-{number}", state=State.QUEUED))
    damaged = bytearray(path.read_bytes())
    middle = len(damaged) // 2 // 4096 * 4096
    damaged[middle : middle + 8192] = b"\xff" * 8192
    path.write_bytes(damaged)

    with closing(Journal(path)) as fresh:
        rescued = fresh.jobs()
        fresh.add(a_job(1000))

    [aside] = tmp_path.glob("journal-damaged-*.sqlite3")
    assert bytes(damaged) == aside.read_bytes()
    assert "set aside" in fresh.notice
    assert 200 < len(rescued) < 400


def test_a_file_that_is_no_journal_is_set_aside(tmp_path):
    """Whatever stood in the way is kept as it was, under another name."""
    path = tmp_path / "journal.sqlite3"
    text = b"not a database at all, just text" * 40
    path.write_bytes(text)

    with closing(Journal(path)) as fresh:
        fresh.add(a_job())

    [aside] = tmp_path.glob("journal-damaged-*")
    assert text == aside.read_bytes()
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)


def test_the_oldest_journal_opens_with_its_jobs_and_a_copy_is_kept(tmp_path):
    """A journal made by the first version opens in this one; the file as it was lies beside it."""
    path = tmp_path / "journal.sqlite3"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(STEPS[0] + "pragma user_version = 1;")
        names = [name for name in COLUMNS if name not in ("pictures", "usd", "budget")]
        row = {**job_row(a_job(remote_id="r-1", state=State.QUEUED)), "owner": "4711-abc"}
        db.execute(f"insert into jobs ({', '.join(names)}) values ({', '.join(':' + n for n in names)})", {n: row[n] for n in names})
        db.commit()

    with closing(Journal(path)) as now:
        [job] = now.jobs(unfinished=True)

    assert ("r-1", None, None) == (job.remote_id, job.usd, job.pictures)
    assert [tmp_path / "journal-version-1-copy.sqlite3"] == list(tmp_path.glob("*copy*"))


def test_a_migration_that_fails_leaves_the_old_shape(tmp_path, monkeypatch):
    """All steps in one transaction: the file is the old one or the new one, never half."""
    path = tmp_path / "journal.sqlite3"
    with closing(sqlite3.connect(path)) as db:
        db.executescript(STEPS[0] + "pragma user_version = 1;")
    monkeypatch.setattr(opening, "STEPS", (*STEPS, "create table more (x); create table more (x);"))

    with pytest.raises(StorageError):
        Journal(path)

    with closing(sqlite3.connect(path)) as db:
        assert 1 == db.execute("pragma user_version").fetchone()[0]
        assert [] == db.execute("select 1 from sqlite_master where name in ('more', 'hints')").fetchall()


def test_a_job_changes_hands_once(journal):
    """Of two clients who both saw that the owner is gone, one gets the job."""
    journal.add(a_job(owner="old", lease=5.0, state=State.QUEUED))

    first = journal.claim("job-1", "a", ("old", 5.0), 60.0)
    second = journal.claim("job-1", "b", ("old", 5.0), 60.0)

    assert (True, False) == (first, second)
    assert "a" == journal.get("job-1").owner


def test_an_owner_that_came_back_keeps_its_job(journal):
    """A lease renewed between the look and the grip is a grip on nothing."""
    journal.add(a_job(owner="old", lease=5.0, state=State.QUEUED))
    journal.renew("old", 99.0)

    assert not journal.claim("job-1", "a", ("old", 5.0), 60.0)


def test_a_job_whose_files_are_under_way_is_held_as_well(journal):
    """A long download must not look like a dead kernel: two would fetch the same video."""
    record = a_job(owner="a", lease=5.0)
    journal.add(record)
    journal.put(replace(record, state=State.SUCCEEDED, outputs=(Output("https://f.example/a.mp4", "video"),)), "Finished")

    journal.renew("a", 99.0)

    assert 99.0 == journal.get("job-1").lease


def test_an_order_that_changed_hands_may_not_be_sent_by_its_old_owner(journal):
    """A kernel that was stopped and wakes late finds that its order was settled meanwhile, and does not send it."""
    planned = a_job(owner="old", lease=5.0)
    journal.add(planned)
    journal.claim("job-1", "new", ("old", 5.0), 60.0)

    assert not journal.put(replace(planned, state=State.SUBMITTING), "Sending")
    assert State.PLANNED is journal.get("job-1").state


def test_a_fresh_link_replaces_only_that_of_a_missing_file(journal):
    """A file we have keeps the link it came from."""
    links = (Output("https://f.example/a.png", "image"), Output("https://f.example/b.png", "image"))
    done = a_job(state=State.SUCCEEDED, outputs=links, kept=(Kept(0, "/p/a.png", "image/png", "ab", 3, 4, 5),))
    journal.add(a_job())
    journal.put(done, "Finished")

    journal.put(replace(done, kept=(), outputs=(Output("https://f.example/x", "image"), Output("https://f.example/y", "image"))), "Relinked")

    assert ["https://f.example/a.png", "https://f.example/y"] == [output.url for output in journal.get("job-1").outputs]
    assert ["job-1"] == [record.id for record in journal.jobs(unfinished=True)]


def test_a_callbacks_word_is_kept_for_jobs_known_and_unknown(journal):
    """An unknown one may be the answer of a lost order; hearing twice is hearing once."""
    journal.add(a_job())

    heard = [journal.hear(job, "kie", "t-1", 1.0) for job in ("job-1", "job-1", "job-9")]

    assert [True, True, False] == heard
    assert ["t-1"] == journal.hints("job-1", "kie") == journal.hints("job-9", "kie")


def test_a_fact_is_made_once(journal):
    """Every kernel of the journal finds the same secret."""
    assert "one" == journal.fact("secret", lambda: "one") == journal.fact("secret", lambda: "two")


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_does_not_commit_its_parents_transaction(journal):
    """The child writes through a connection of its own, so the parent can still take back what it began."""
    with pytest.raises(RuntimeError), journal._transaction() as db:
        db.execute("insert into facts values ('half', 'done')")
        child = os.fork()
        if child == 0:
            with closing(journal._here()):
                os._exit(0 if journal._db is not db else 1)
        assert 0 == os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        raise RuntimeError("take it back")

    assert "new" == journal.fact("half", lambda: "new")


def test_writes_are_flushed_to_the_disk_itself(journal):
    """TRUNCATE and FULL: an acknowledged row survives a power cut; WAL would not promise that."""
    db = journal._db

    assert ("truncate", 2) == (db.execute("pragma journal_mode").fetchone()[0], db.execute("pragma synchronous").fetchone()[0])


def test_a_client_with_an_older_record_erases_nothing(journal):
    """Found by review: a second client once wrote empty paths over the files of the first."""
    kept = Kept(0, "/p/a.png", "image/png", "ab", 3, 4, 5)
    done = a_job(state=State.SUCCEEDED, remote_id="r-1", outputs=(Output("https://f.example/a.png", "image"),), kept=(kept,))
    journal.add(a_job())
    journal.put(done, "Saved")

    assert not journal.put(a_job(state=State.RUNNING), "Progress")
    assert journal.put(replace(done, kept=()), "Finished")
    assert (State.SUCCEEDED, (kept,)) == (journal.get("job-1").state, journal.get("job-1").kept)
