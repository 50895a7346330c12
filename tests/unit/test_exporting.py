"""Taking jobs out of the journal: a folder, a zip in memory, a zip beside the notebook."""

from __future__ import annotations

import csv
import io
import tracemalloc
import zipfile
from pathlib import Path

import pytest
from many_jobs import START, archive_of, job, picture

from ipydarkroom.archive import Wanted
from ipydarkroom.errors import StorageError
from ipydarkroom.exporting import SHEET, TABLE, export_folder, free_name, zip_file, zip_or_file


@pytest.fixture
def archive(tmp_path):
    """Two jobs: one of two pictures, one of a picture that is gone."""
    kept = tmp_path / "kept"
    kept.mkdir()
    return archive_of(
        job(START, {"prompt": "a fox"}, picture(kept, "a-0.png"), picture(kept, "a-1.png", "navy")),
        job(START + 9, {"prompt": "an owl"}, kept / "b-0.png"),
    )


def rows(text: str) -> list[dict[str, str]]:
    """A table as a program reads it."""
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_folder_has_pictures_table_and_sheet(archive, tmp_path):
    """Pictures byte for byte; the table says where each lies, and what is missing is named."""
    done = export_folder(archive, archive.ids(Wanted()), tmp_path / "out", title="Foxes")

    assert [SHEET, TABLE, "pictures"] == sorted(path.name for path in (tmp_path / "out").iterdir())
    assert (2, 2, ("b-0.png",)) == (done.jobs, done.pictures, done.missing)
    assert (tmp_path / "kept/a-1.png").read_bytes() == (tmp_path / "out/pictures/a-1.png").read_bytes()
    owl, fox = rows((tmp_path / "out" / TABLE).read_text("utf-8-sig"))
    assert ("an owl", "", "b-0.png") == (owl["prompt"], owl["files"], owl["missing"])
    assert ("a fox", "pictures/a-0.png; pictures/a-1.png", "") == (fox["prompt"], fox["files"], fox["missing"])
    assert "Foxes" in (tmp_path / "out" / SHEET).read_text("utf-8")


def test_nothing_that_is_there_is_replaced(archive, tmp_path):
    """A folder with something in it is refused, an empty one is taken."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    (tmp_path / "empty").mkdir()

    with pytest.raises(StorageError) as refused:
        export_folder(archive, archive.ids(Wanted()), tmp_path / "full")
    export_folder(archive, archive.ids(Wanted()), tmp_path / "empty")

    assert "error.folder_taken" == refused.value.key
    assert ["mine.txt"] == [path.name for path in (tmp_path / "full").iterdir()]
    assert (tmp_path / "full-2") == free_name(tmp_path / "full")


def test_a_place_that_cannot_be_written_is_said(archive, tmp_path):
    """In a sentence of ours, with the place."""
    (tmp_path / "file").write_text("a file")

    with pytest.raises(StorageError, match="file"):
        export_folder(archive, archive.ids(Wanted()), tmp_path / "file" / "out")


def test_a_small_zip_stays_in_memory(archive, tmp_path):
    """It has the same in it as a folder, in paths that begin nowhere."""
    done = zip_or_file(archive, archive.ids(Wanted()), tmp_path / "all.zip", most=1_000_000)

    assert done.path is None
    assert not (tmp_path / "all.zip").exists()
    with zipfile.ZipFile(io.BytesIO(done.data or b"")) as found:
        assert found.testzip() is None
        assert ["pictures/a-0.png", "pictures/a-1.png", TABLE, SHEET] == found.namelist()
        assert (tmp_path / "kept/a-0.png").read_bytes() == found.read("pictures/a-0.png")
        assert ["an owl", "a fox"] == [row["prompt"] for row in rows(found.read(TABLE).decode("utf-8-sig"))]
        assert 'href="pictures/a-0.png"' in found.read(SHEET).decode()


def test_a_larger_zip_becomes_a_file_and_takes_nobodys_name(archive, tmp_path):
    """Whole or not there at all; a second one gets a name of its own."""
    (tmp_path / "all.zip").write_bytes(b"somebody's")

    done = zip_or_file(archive, archive.ids(Wanted()), tmp_path / "all.zip", most=100)

    assert done.data is None
    assert (tmp_path / "all-2.zip") == done.path
    assert b"somebody's" == (tmp_path / "all.zip").read_bytes()
    assert zipfile.ZipFile(tmp_path / "all-2.zip").testzip() is None
    assert [] == list(tmp_path.glob(".*"))


def test_a_zip_that_fails_leaves_nothing_behind(archive, tmp_path, monkeypatch):
    """A full disk is a sentence, and half a zip is removed."""

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("ipydarkroom.exporting.shutil.copyfileobj", full)

    with pytest.raises(StorageError, match="No space left"):
        zip_file(archive, archive.ids(Wanted()), tmp_path / "all.zip")
    assert ["kept"] == [path.name for path in tmp_path.iterdir()]


def test_pictures_are_never_all_in_memory(tmp_path):
    """Forty files of a megabyte pass through; a few megabytes at most are held at once."""
    big = []
    for number in range(40):
        path = tmp_path / f"{number:02}.bin"
        path.write_bytes(bytes(2**20))
        big.append(job(START + number, {}, path, mime="video/mp4"))
    archive = archive_of(*big)
    ids = archive.ids(Wanted())

    tracemalloc.start()
    done = zip_file(archive, ids, tmp_path / "all.zip")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert 40 == done.pictures
    assert peak < 8 * 2**20


def test_an_empty_search_makes_an_empty_export(archive, tmp_path):
    """Table and sheet say so themselves."""
    done = export_folder(archive, (), tmp_path / "out")

    assert (0, 0) == (done.jobs, done.pictures)
    assert [] == rows((tmp_path / "out" / TABLE).read_text("utf-8-sig"))
    assert Path(tmp_path / "out" / SHEET).is_file()
