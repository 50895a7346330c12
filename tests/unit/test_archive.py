"""Looking through a journal: by words, model, state and time, newest first, a few at a time."""

from __future__ import annotations

from pathlib import Path

import pytest
from many_jobs import START, archive_of, crowd, job, write

from ipydarkroom.archive import Archive, Wanted
from ipydarkroom.jobs import State
from ipydarkroom.journal import Journal

JOBS = (
    job(START, {"prompt": "A Fox in the snow, 100% sharp", "seed": 42}, Path("a.png")),
    job(START + 100, {"prompt": "雪の中の狐", "size": "2K"}, model="ideogram/v3-reframe", provider="kie", state=State.FAILED),
    job(START + 200, {"prompt": "ein Bär am Fluß", "palette": {"members": ["snow", "ink"]}}, state=State.RUNNING),
    job(START + 300, {"image": {"$file": "fox.jpg", "sha256": "abc123", "size": 7}}, remote_id="r-77"),
)


def places(**wanted: object) -> list[int]:
    """Which of the jobs above are found, newest first."""
    ids = [record.id for record in JOBS]
    return [ids.index(found) for found in archive_of(*JOBS).ids(Wanted(**wanted))]


def test_an_empty_question_wants_every_job_newest_first():
    """As a list is read."""
    assert [3, 2, 1, 0] == places()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("fox", [3, 0]), ("FOX snow", [0]), ("snow", [2, 0]), ("狐", [1]), ("bär", [2]), ("BÄR", [2]), ("2k", [1]), ("42", [0]),
        ("100%", [0]), ("%", [0]), ("_", []), ("abc123", []), ("seedream", [3, 2, 0]), ("r-77", [3]), ("zebra", []),
        ("fox zebra", []), ("prompt", []), ("'; drop table jobs; --", []), ("\ud800 \0", []),
    ],
)
def test_all_words_must_stand_in_what_was_sent(words, found):
    """In any input at any depth, or the model's id; names of inputs and hashes of files are nobody's words, and no sign is special."""
    assert found == places(words=words)


def test_a_job_is_found_by_either_id():
    """Ours, and the provider's."""
    assert [2] == places(words=JOBS[2].id)
    assert [3] == places(words="r-77")


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        ({"model": "kie:"}, [1]), ({"model": "REFRAME"}, [1]), ({"model": "%"}, []), ({"state": "open"}, [2]), ({"state": "failed"}, [1]),
        ({"state": "succeeded"}, [3, 0]), ({"since": START + 100}, [3, 2, 1]), ({"until": START + 100}, [0]),
        ({"since": START + 100, "until": START + 300}, [2, 1]), ({"pictures": True}, [0]), ({"words": "snow", "state": "open"}, [2]),
    ],
)
def test_each_part_of_a_question_narrows_it(wanted, found):
    """Model, state, time (the end not included) and whether a file is here; together they all count."""
    assert found == places(**wanted)


def test_records_come_in_the_order_that_was_asked_for():
    """What is not there is left out."""
    archive = archive_of(*JOBS)

    found = archive.records((JOBS[0].id, "nobody", JOBS[2].id))

    assert [JOBS[0].id, JOBS[2].id] == [record.id for record in found]
    assert JOBS[0].inputs == found[0].inputs


def test_every_job_is_read_a_hundred_at_a_time():
    """An export of ten thousand jobs never has more of them in memory."""
    asked = []

    class Watched(Journal):
        def records(self, ids):
            asked.append(len(ids))
            return super().records(ids)

    journal = Watched(None)
    write(journal, *crowd(250))
    archive = Archive(journal, lambda: None)
    ids = archive.ids(Wanted())

    assert list(ids) == [record.id for record in archive.each(ids)]
    assert [100, 100, 50] == asked


def test_models_are_listed_the_most_used_first():
    """As `provider:model`, which a question understands."""
    models = archive_of(*JOBS).models()

    assert ("runcomfy:bytedance/seedream-5/lite/text-to-image", "kie:ideogram/v3-reframe") == models
    assert [3, 2, 0] == places(model=models[0])


def test_a_spoiled_row_does_not_end_a_search(tmp_path):
    """Half a row that a disk has turned over is passed over; the others are found."""
    journal = Journal(tmp_path / "journal.sqlite3")
    write(journal, *JOBS)
    journal._db.execute("update jobs set inputs = '{half' where id = ?", (JOBS[0].id,))

    assert (JOBS[3].id,) == Archive(journal, lambda: None).ids(Wanted(words="fox"))
    journal.close()


def test_what_was_learnt_a_moment_ago_is_found_too():
    """A question has everything written first."""
    flushed = []

    Archive(Journal(None), lambda: flushed.append("now")).ids(Wanted())

    assert ["now"] == flushed
