"""The journal: what is on disk before anything depends on it."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from dataclasses import replace

import pytest

from ipydarkroom.errors import StorageError
from ipydarkroom.jobs import JobRecord, Kept, State, Trouble
from ipydarkroom.journal import Journal
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
    journal.add(a_job())
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
    journal.add(a_job(1))
    with pytest.raises(StorageError):
        journal.add(a_job(1))

    journal.add(a_job(2))

    assert 2 == len(journal.jobs())


def test_only_the_owner_may_read_the_journal(journal):
    """Inputs may hold signed links: the file is for one person."""
    assert 0o600 == stat.S_IMODE(journal.path.stat().st_mode)


def test_a_journal_of_a_newer_version_is_not_touched(tmp_path):
    """An older program must not guess at a newer file."""
    path = tmp_path / "journal.sqlite3"
    with sqlite3.connect(path) as db:
        db.execute("pragma user_version = 999")
    db.close()

    with pytest.raises(StorageError, match="newer version"):
        Journal(path)


def test_a_file_that_is_no_journal_is_refused_with_a_sentence(tmp_path):
    """Whatever stands in the way is named, and nothing is overwritten."""
    path = tmp_path / "journal.sqlite3"
    path.write_bytes(b"not a database at all, just text" * 40)

    with pytest.raises(StorageError, match="refused"):
        Journal(path)
    assert path.read_bytes().startswith(b"not a database")


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
