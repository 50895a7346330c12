"""The pictures folder keeps whole, verified files under our own names, or nothing at all."""

from __future__ import annotations

import hashlib
import io
import json
import os
import subprocess
import sys
import zlib
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ipydarkroom import metadata
from ipydarkroom.display import figure
from ipydarkroom.errors import NoAnswer, StorageError, Unreadable
from ipydarkroom.files import Folder
from ipydarkroom.jobs import JobRecord

RECORD = JobRecord(
    "0198c2b4-0000-7000-8000-000000000001",
    "kie",
    "https://o.example",
    "remote",
    "a/model",
    {"prompt": "fox"},
    created=1_790_000_000.0,  # 21 September 2026
)
MP4 = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41" + bytes(100)


def picture(name: str = "PNG", colour: str = "teal") -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(file, name)
    return file.getvalue()


def everything(root: Path) -> list[str]:
    return sorted(str(path.relative_to(root)) for path in root.rglob("*") if path.is_file())


@pytest.mark.parametrize(
    ("name", "ending", "mime"),
    [("PNG", "png", "image/png"), ("JPEG", "jpg", "image/jpeg"), ("WEBP", "webp", "image/webp")],
)
def test_a_picture_is_kept_under_our_name(tmp_path: Path, name: str, ending: str, mime: str) -> None:
    """Month, job id, number, and the ending its bytes deserve; what is returned is what is on disk."""
    kept = Folder(tmp_path).keep(RECORD, 2, picture(name))

    path = Path(kept.path)
    assert tmp_path / "2026-09" / f"{RECORD.id}-2.{ending}" == path
    assert (2, mime, 40, 30) == (kept.index, kept.mime, kept.width, kept.height)
    assert hashlib.sha256(path.read_bytes()).hexdigest() == kept.sha256
    assert path.stat().st_size == kept.size
    assert [f"2026-09/{RECORD.id}-2.{ending}"] == everything(tmp_path)


def test_a_kept_picture_says_what_it_was_made_with(tmp_path: Path) -> None:
    """The facts are inside the file and read back."""
    kept = Folder(tmp_path).keep(RECORD, 0, picture())

    assert metadata.facts_of(RECORD) == metadata.read(kept.path)


@pytest.mark.parametrize(("data", "ending"), [(picture("GIF"), "gif"), (picture("AVIF"), "avif"), (MP4, "mp4")])
def test_facts_lie_beside_a_file_that_cannot_hold_them(tmp_path: Path, data: bytes, ending: str) -> None:
    """The file's own bytes stay as they came, and a JSON file has the facts."""
    kept = Folder(tmp_path).keep(RECORD, 0, data)

    assert data == Path(kept.path).read_bytes()
    assert [f"2026-09/{RECORD.id}-0.{ending}", f"2026-09/{RECORD.id}-0.{ending}.json"] == everything(tmp_path)
    assert metadata.facts_of(RECORD) == metadata.read(kept.path)


def test_keeping_the_same_bytes_again_changes_nothing(tmp_path: Path) -> None:
    """A download repeated after a crash finds its file."""
    folder = Folder(tmp_path)
    first = folder.keep(RECORD, 0, picture())
    changed = Path(first.path).stat().st_mtime_ns

    again = folder.keep(RECORD, 0, picture())

    assert first == again
    assert changed == Path(again.path).stat().st_mtime_ns
    assert 1 == len(everything(tmp_path))


def test_another_file_is_never_overwritten(tmp_path: Path) -> None:
    """Other bytes for the same result get a name of their own."""
    folder = Folder(tmp_path)
    kept = [folder.keep(RECORD, 0, picture(colour=colour)) for colour in ("teal", "red", "blue", "red")]

    names = [Path(each.path).name.removeprefix(RECORD.id) for each in kept]

    assert ["-0.png", "-0-2.png", "-0-3.png", "-0-2.png"] == names
    assert 3 == len(everything(tmp_path))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<html>expired</html>",
        picture()[:-40],
        picture("JPEG")[:-200],
        b"\x89PNG\r\n\x1a\n" + bytes(50),
        b"<svg onload='x'/>",
    ],
)
def test_a_bad_file_leaves_no_trace(tmp_path: Path, data: bytes) -> None:
    """What is not a whole file of a known type is an error that says so, and nothing is written."""
    with pytest.raises(Unreadable):
        Folder(tmp_path / "pictures").keep(RECORD, 0, data)

    assert [] == everything(tmp_path)


def test_an_unknown_file_shows_its_beginning(tmp_path: Path) -> None:
    """A login page instead of a picture can be recognised from the error."""
    with pytest.raises(Unreadable) as caught:
        Folder(tmp_path).keep(RECORD, 0, b"<!doctype html><title>Sign in</title>")

    assert "Sign in" in caught.value.raw


def huge_png(width: int, height: int) -> bytes:
    """A PNG whose header announces that size; a few of its pixels are there."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return len(content).to_bytes(4, "big") + name + content + zlib.crc32(name + content).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes([8, 2, 0, 0, 0])
    pixels = chunk(b"IDAT", zlib.compress(bytes(9_000)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + pixels + chunk(b"IEND", b"")


def test_a_picture_too_large_to_decode_is_kept_all_the_same(tmp_path: Path) -> None:
    """It was paid for: the bytes stay as they came, the size is the header's, and the facts lie beside it."""
    data = huge_png(9_000, 9_000)

    kept = Folder(tmp_path).keep(RECORD, 0, data)

    assert ("image/png", 9_000, 9_000) == (kept.mime, kept.width, kept.height)
    assert data == Path(kept.path).read_bytes()
    assert metadata.facts_of(RECORD) == metadata.read(kept.path)
    assert "too large to show" in figure(kept, RECORD, "en")


def test_a_result_is_written_as_it_comes(tmp_path: Path) -> None:
    """Until it is kept there is one hidden file with what came so far; afterwards there is the picture alone."""
    data = picture()
    with Folder(tmp_path).receive(RECORD, 0) as received:
        for at in range(0, len(data), 10):
            received.write(data[at : at + 10])
        [hidden] = everything(tmp_path)
        before = (tmp_path / hidden).read_bytes()
        kept = received.keep()

    assert data == before
    assert Path(hidden).name.startswith(".")
    assert [f"2026-09/{RECORD.id}-0.png"] == everything(tmp_path)
    assert (40, 30) == (kept.width, kept.height)


def test_a_download_that_breaks_off_leaves_nothing(tmp_path: Path) -> None:
    """An error or an interrupt in the middle removes the hidden file."""

    def breaks() -> None:
        with Folder(tmp_path).receive(RECORD, 0) as received:
            received.write(picture()[:50])
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        breaks()

    assert [] == everything(tmp_path)


def set_aside(root: Path, data: bytes) -> NoAnswer:
    """Receive bytes that do not verify, and put them aside; returns the error to be raised."""
    with Folder(root).receive(RECORD, 0) as received:
        received.write(data)
        with pytest.raises(Unreadable) as caught:
            received.keep()
        return received.set_aside(caught.value)


@pytest.mark.parametrize(
    "data", [b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", b"8BPS\x00\x01" + bytes(50), picture()[:-40]]
)
def test_bytes_that_do_not_verify_are_set_aside(tmp_path: Path, data: bytes) -> None:
    """An SVG, an unknown type or half a picture is no result, but may be what was paid for: the error says where it is."""
    error = set_aside(tmp_path, data)

    aside = tmp_path / "2026-09" / f"{RECORD.id}-0.unverified"
    assert data == aside.read_bytes()
    assert f"{tmp_path.name}/2026-09/{RECORD.id}-0.unverified" in error.message
    assert str(tmp_path) not in error.message
    assert [str(aside.relative_to(tmp_path))] == everything(tmp_path)


def test_what_was_set_aside_is_never_overwritten(tmp_path: Path) -> None:
    """Other bytes get another name, the same bytes the one they have."""
    for data in (b"first", b"second", b"first"):
        set_aside(tmp_path, data)

    names = [Path(name).name.removeprefix(RECORD.id) for name in everything(tmp_path)]
    assert ["-0-2.unverified", "-0.unverified"] == names


@pytest.mark.parametrize("data", [b"", b"\n<!DOCTYPE html><title>Sign in</title>", b"\xef\xbb\xbf<html>expired", "<html>".encode("utf-16")])
def test_a_web_page_is_not_set_aside(tmp_path: Path, data: bytes) -> None:
    """A page that says "expired" is no picture, and nothing to keep."""
    error = set_aside(tmp_path, data)

    assert [] == everything(tmp_path)
    assert "set aside" not in error.message


def test_a_download_that_did_not_end_is_not_set_aside(tmp_path: Path) -> None:
    """Half a file that can be fetched again is nothing to look at."""
    error = NoAnswer("cut off")
    with Folder(tmp_path).receive(RECORD, 0) as received:
        received.write(b"half")

        assert error is received.set_aside(error)

    assert [] == everything(tmp_path)


@given(job=st.text(max_size=80), index=st.integers(-3, 10**6))
@settings(max_examples=60, deadline=None)
def test_no_name_leads_out_of_the_folder(tmp_path_factory: pytest.TempPathFactory, job: str, index: int) -> None:
    """An id that is not letters, digits and hyphens is refused; every other one stays inside."""
    root = tmp_path_factory.getbasetemp() / "pictures"
    try:
        kept = Folder(root).keep(replace(RECORD, id=job), index, MP4)
    except ValueError:
        return

    assert Path(kept.path).resolve().is_relative_to(root.resolve())


@pytest.mark.parametrize("job", ["../x", "a/b", "a\\b", "C:x", "a\n", "", "-a", ".a", "a" * 65, "ａ", "a.png\x00"])
def test_a_hostile_id_is_refused(tmp_path: Path, job: str) -> None:
    """Traversal, drives, NUL, full-width letters and endless names never become a path."""
    with pytest.raises(ValueError, match="name a result"):
        Folder(tmp_path).keep(replace(RECORD, id=job), 0, picture())

    assert [] == everything(tmp_path)


FULL_DISK = """
import resource, sys
from pathlib import Path
from ipydarkroom.errors import StorageError
from ipydarkroom.files import Folder
from ipydarkroom.jobs import JobRecord

resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
record = JobRecord("job-1", "kie", "o", "remote", "m", {})
try:
    Folder(Path(sys.argv[1])).keep(record, 0, b"\\0\\0\\0\\x18ftypisom\\0\\0\\2\\0isommp41" + bytes(50_000))
except StorageError as error:
    print(error)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file size limit to set")
def test_a_full_disk_leaves_no_partial_file(tmp_path: Path) -> None:
    """When the bytes do not fit, the error names the way out and the folder is as before."""
    run = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )

    assert "The disk did not keep the file" in run.stdout
    assert "that is free" in run.stdout
    assert [] == everything(tmp_path)


def test_a_folder_that_cannot_be_made_is_a_storage_error(tmp_path: Path) -> None:
    """A file where the folder should be, as for any disk trouble, is our typed error with the cause."""
    (tmp_path / "pictures").write_text("in the way")

    with pytest.raises(StorageError) as caught:
        Folder(tmp_path / "pictures").keep(RECORD, 0, picture())

    assert isinstance(caught.value.__cause__, OSError)
    assert str(tmp_path / "pictures") in caught.value.next_step


def test_leftovers_of_a_killed_process_are_tidied(tmp_path: Path) -> None:
    """Partial files older than an hour go; younger ones and whole files stay."""
    folder = Folder(tmp_path)
    kept = Path(folder.keep(RECORD, 0, picture()).path)
    old, young = kept.with_name(".a.png.1.part"), kept.with_name(".b.png.2.part")
    old.write_bytes(b"x")
    young.write_bytes(b"x")
    os.utime(old, (1_000, 1_000))
    os.utime(young, (9_000, 9_000))

    removed = folder.tidy(now=10_000.0)

    assert 1 == removed
    assert young.exists()
    assert kept.exists()
    assert not old.exists()


def test_tidying_before_the_first_picture_is_nothing(tmp_path: Path) -> None:
    """A folder that is not there yet has no leftovers."""
    assert 0 == Folder(tmp_path / "none").tidy()


def test_facts_beside_a_file_are_plain_json(tmp_path: Path) -> None:
    """Any tool can read them."""
    kept = Folder(tmp_path).keep(RECORD, 0, MP4)

    assert "fox" == json.loads(Path(kept.path + ".json").read_text(encoding="utf-8"))["inputs"]["prompt"]
