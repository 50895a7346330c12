"""A file given where a link is wanted is read, judged and named; a link is left alone."""

from __future__ import annotations

import base64
import hashlib
import io
import logging
from functools import cache
from pathlib import Path

import pytest
from PIL import Image

from ipydarkroom.errors import InputError
from ipydarkroom.fields import Media
from ipydarkroom.images import decode
from ipydarkroom.intake import advice, blob_stamp, data_uri, read_file, shrink, size_text
from ipydarkroom.wire import Blob

IMAGE = Media("image")


@cache
def picture(name: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB") -> bytes:
    file = io.BytesIO()
    Image.effect_noise(size, 90).convert(mode).save(file, name)
    return file.getvalue()


def blob_of(value: object, media: Media = IMAGE) -> Blob:
    found = read_file(value, media)  # type: ignore[arg-type]
    assert isinstance(found, Blob)
    return found


def refusal(value: object, media: Media = IMAGE) -> InputError:
    with pytest.raises(InputError) as caught:
        read_file(value, media, pointer=("image",))  # type: ignore[arg-type]
    return caught.value


@pytest.mark.parametrize(
    "link",
    [
        "https://a.example/x.png",
        "http://a.example/x",
        "data:image/png;base64,AAAA",
        "file:///etc/passwd",
        " https://a.example",
        "javascript:alert(1)",
        "s3://b/k",
        "",
        "   ",
    ],
)
def test_a_link_is_returned_as_it_is(link: str) -> None:
    """Whatever has a scheme is the checker's to judge, word for word; so is nothing at all."""
    assert link is read_file(link, IMAGE)


@pytest.mark.parametrize("kind", ["text", "path", "home"])
def test_a_path_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str) -> None:
    """A string without a scheme, a Path and a `~` name the same file; its folder is not told."""
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    (tmp_path / "photo.jpg").write_bytes(picture("JPEG"))
    value = {"text": str(tmp_path / "photo.jpg"), "path": tmp_path / "photo.jpg", "home": "~/photo.jpg"}[kind]

    assert Blob(picture("JPEG"), "photo.jpg", "image/jpeg").name == blob_of(value).name
    assert "image/jpeg" == blob_of(value).mime


def test_the_bytes_tell_the_type_not_the_ending(tmp_path: Path) -> None:
    """A WebP named .png is a WebP, and its name says so from then on."""
    (tmp_path / "fox.png").write_bytes(picture("WEBP"))

    found = blob_of(tmp_path / "fox.png")

    assert ("image/webp", "fox.png.webp") == (found.mime, found.name)


@pytest.mark.parametrize("make", [bytes, bytearray, memoryview, io.BytesIO])
def test_bytes_and_open_files_are_taken(make: type) -> None:
    """All that holds bytes gives the same Blob."""
    assert Blob(picture(), "image.png", "image/png") == blob_of(make(picture()))


def test_an_open_file_is_taken_from_its_beginning(tmp_path: Path) -> None:
    """A buffer just written stands at its end; it is read whole all the same."""
    buffer = io.BytesIO()
    buffer.write(picture())
    with (tmp_path / "a.png").open("w+b") as file:
        file.write(picture())

        assert picture() == blob_of(buffer).data
        assert ("a.png", picture()) == (blob_of(file).name, blob_of(file).data)


def test_a_pillow_image_keeps_its_pixels_as_png() -> None:
    """What was drawn here travels without loss."""
    image = Image.effect_noise((20, 20), 90).convert("RGB")

    found = blob_of(image)

    assert "image/png" == found.mime
    assert image.tobytes() == decode(found.data).tobytes()


def test_a_pillow_image_from_a_jpeg_stays_one(tmp_path: Path) -> None:
    """A photo does not grow tenfold by becoming a PNG, and keeps its name."""
    (tmp_path / "photo.jpg").write_bytes(picture("JPEG"))

    with Image.open(tmp_path / "photo.jpg") as image:
        found = blob_of(image)

    assert ("image/jpeg", "photo.jpg") == (found.mime, found.name)


def test_a_missing_file_is_named_with_the_working_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says which path, and from where it was looked for; the problem names the field."""
    monkeypatch.chdir(tmp_path)

    error = refusal("fotos/fox.png")

    assert "'fotos/fox.png' does not exist" in error.message
    assert str(tmp_path) in error.message
    assert ("image",) == error.problems[0].pointer
    assert "problem.file_missing" == error.key


@pytest.mark.parametrize(
    "value",
    [
        "no\x00file",
        "a" * 5_000,
        "~nobody-of-that-name/x.png",
        "C:\\nowhere\\x.png",
        "../../nowhere",
        17,
        None,
        object(),
        ["a.png"],
        io.StringIO("text"),
    ],
)
def test_odd_values_are_input_errors(value: object) -> None:
    """Whatever is no file is refused in one short sentence, before anything is sent."""
    assert len(str(refusal(value))) < 1_000


def test_a_folder_is_not_a_file(tmp_path: Path) -> None:
    """The error says what was found instead."""
    assert "is a folder" in refusal(tmp_path).message


@pytest.mark.parametrize(
    "data", [b"", b"<svg/>", b"BM" + bytes(60), b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isommp41"]
)
def test_what_is_not_an_image_is_refused_for_an_image(data: bytes) -> None:
    """Nothing, a script, an unknown type or a video is not sent as a picture."""
    assert refusal(data).key in ("problem.file_empty", "problem.file_kind")


def test_any_file_goes_where_any_file_is_wanted() -> None:
    """A field for plain files takes bytes of any kind."""
    assert Blob(b"hello", "file", "application/octet-stream") == blob_of(b"hello", Media("file"))


def test_a_type_off_the_list_is_refused() -> None:
    """The model's own list of types blocks, and is read with its aliases."""
    media = Media("image", mimes=("image/jpg", "image/png"))

    assert "image/webp; the model takes image/jpeg, image/png" in refusal(picture("WEBP"), media).message
    assert "image/jpeg" == blob_of(picture("JPEG"), media).mime


@pytest.mark.parametrize("way", ["path", "bytes", "file", "image"])
def test_a_file_above_the_limit_is_refused_with_a_way_out(tmp_path: Path, way: str) -> None:
    """The error gives size, limit and the call that helps; nothing is made smaller silently."""
    data = picture(size=(200, 200))
    (tmp_path / "a.png").write_bytes(data)
    value = {"path": tmp_path / "a.png", "bytes": data, "file": io.BytesIO(data), "image": decode(data)}[way]

    error = refusal(value, Media("image", max_bytes=1_000))

    most = "1,000 bytes" if way == "file" else "1 kB"  # an open file is read a byte further than it may go, and no more
    assert f"at most {most} are taken" in error.message
    assert "dr.shrink(image, max_bytes=1000)" in error.next_step


def test_a_file_exactly_at_the_limit_is_taken() -> None:
    """The limit itself is allowed; one byte more is not, and the message shows the difference."""
    data = picture(size=(200, 200))

    assert len(data) == blob_of(data, Media("image", max_bytes=len(data))).size
    assert f"{len(data):,} bytes" in refusal(data, Media("image", max_bytes=len(data) - 1)).message


def test_an_advised_limit_only_advises() -> None:
    """A file above the advised size is read, and a non-blocking problem says so."""
    media = Media("image", advised_bytes=100)
    found = blob_of(picture(), media)

    [problem] = advice(found, media, pointer=("image",))

    assert (("image",), "file_advised", False) == (problem.pointer, problem.code, problem.blocking)
    assert () == advice(found, IMAGE)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd.png"),
        ("C:\\fotos\\fox.png", "fox.png"),
        ("fox\u202egnp.png", "fox_gnp.png"),
        ("a\nb.png", "a_b.png"),
        ("..", "image.png"),
        ("x" * 300 + ".png", "x" * 100 + ".png"),
        ("狐.PNG", "狐.PNG"),
    ],
)
def test_a_name_is_reduced_to_a_name(given: str, kept: str) -> None:
    """No folder, no hidden character and no endless name travels with a file."""
    assert kept == blob_of(Blob(picture(), given, "x/y")).name


def test_a_data_uri_holds_a_small_file() -> None:
    """Up to the limit the file travels inside the inputs."""
    uri = data_uri(Blob(b"abc", "a.png", "image/png"), limit=3)

    assert "data:image/png;base64," + base64.b64encode(b"abc").decode() == uri


def test_a_large_file_is_never_squeezed_into_a_data_uri() -> None:
    """Above 6 MiB the error says size and limit and offers to shrink."""
    blob = Blob(bytes(6 * 2**20 + 1), "a.png", "image/png")

    with pytest.raises(InputError) as caught:
        data_uri(blob, pointer=("image",))

    assert "6,291,457 bytes" in caught.value.message
    assert "dr.shrink(image, max_bytes=6291456)" in caught.value.next_step
    assert "problem.file_inline" == caught.value.key
    assert ("image",) == caught.value.problems[0].pointer


def test_shrinking_fits_and_says_what_it_did(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """The result fits, and its name and the log tell the new size."""
    caplog.set_level(logging.INFO, logger="ipydarkroom.intake")
    (tmp_path / "photo.png").write_bytes(picture(size=(600, 400)))

    made = shrink(tmp_path / "photo.png", max_bytes=20_000)

    width, height = decode(made.data).size
    assert made.size <= 20_000
    assert ("image/jpeg", f"photo-{width}x{height}.jpg") == (made.mime, made.name)
    assert abs(width / height - 1.5) < 0.05
    assert made.name in caplog.text


def test_shrinking_keeps_transparency() -> None:
    """A cut-out becomes a WebP, not a picture on white."""
    image = Image.effect_noise((300, 300), 90).convert("RGBA")
    image.putalpha(120)

    assert "image/webp" == shrink(image, max_bytes=15_000).mime
    assert "image/jpeg" == shrink(image, max_bytes=15_000, mime="image/jpeg").mime


def test_what_fits_is_not_touched() -> None:
    """A small picture comes back with its own bytes."""
    assert picture() == shrink(picture(), max_bytes=10**6).data


@pytest.mark.parametrize("value", ["https://a.example/x.png", picture()[:300], b"not a picture"])
def test_only_a_whole_picture_can_be_shrunk(value: object) -> None:
    """A link, half a picture and plain bytes are refused."""
    with pytest.raises(InputError):
        shrink(value, max_bytes=200)  # type: ignore[arg-type]


def test_a_stamp_stands_for_the_file() -> None:
    """The journal keeps name, hash and size."""
    digest = hashlib.sha256(b"abc").hexdigest()

    assert {"$file": "a.png", "sha256": digest, "size": 3} == blob_stamp(Blob(b"abc", "a.png", "image/png"))


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 bytes"), (999, "999 bytes"), (1500, "1.5 kB"), (6 * 2**20, "6.3 MB"), (3 * 10**9, "3 GB")],
)
def test_sizes_are_written_for_people(size: int, words: str) -> None:
    """Short numbers with decimal units, as beside a field and in a file manager."""
    assert words == size_text(size)


def test_a_signed_link_without_its_scheme_is_not_repeated_whole(tmp_path, monkeypatch):
    """It reads like a file that does not exist; the sentence about it leaves the query out."""
    monkeypatch.chdir(tmp_path)

    with pytest.raises(InputError) as caught:
        read_file("bucket.example/cat.png?sig=5eed&e=1", Media("image"), pointer=("image",))

    assert "bucket.example/cat.png?…" in str(caught.value)
    assert "5eed" not in str(caught.value) + repr(vars(caught.value)) + repr(caught.value.problems)
