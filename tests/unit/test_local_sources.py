"""The picture a job starts from: how it is read, judged by its bytes, or replaced."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest
from local_bench import DATA_URI, ORIGIN, PNG, picture_model, text_model

from ipydarkroom.fields import Field
from ipydarkroom.local.shelf import Shelf
from ipydarkroom.local.sources import judge, read_source
from ipydarkroom.local.standin import stand_in
from ipydarkroom.models import Model

MODEL = picture_model()
OPTIONAL = Model("acme/either", "runcomfy", (Field(("image",), "string"), Field(("image_urls",), "array")))


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    """An empty shelf."""
    shelf = Shelf(ORIGIN)
    yield shelf
    shelf.close()


def reasons(shelf: Shelf, image: str) -> list[object]:
    """What is wrong with a picture, as reasons or codes."""
    return [problem.params.get("reason", problem.code) for problem in judge(MODEL, {"image": image, "style": "AUTO"}, shelf)]


def test_a_data_uri_is_decoded(shelf: Shelf) -> None:
    """The bytes come along; nothing is noted."""
    source = read_source(MODEL, {"image": DATA_URI}, shelf)

    assert source is not None
    assert (PNG, None, "") == (source.data, source.drawn, source.note)
    assert [] == reasons(shelf, DATA_URI)


def test_an_upload_of_ours_is_read_from_the_shelf(shelf: Shelf) -> None:
    """A link to our own origin leads to the file, although it is no https link."""
    upload = shelf.put(PNG, upload=True)
    source = read_source(MODEL, {"image": shelf.url(upload)}, shelf)

    assert source is not None
    assert (upload, False) == (source.upload, source.own)
    assert [] == reasons(shelf, shelf.url(upload))


@pytest.mark.parametrize(
    ("image", "note"),
    [
        ("https://a.example/fox.png", "The given picture could not be fetched here, so a drawn stand-in was used."),
        (f"{ORIGIN}/files/gone.png", "The given picture could not be fetched here, so a drawn stand-in was used."),
        ("", "No picture was given, so a drawn stand-in was used."),
    ],
)
def test_a_picture_out_of_reach_has_a_stand_in(shelf: Shelf, image: str, note: str) -> None:
    """A link elsewhere, an upload that is gone and an empty required picture become an order for one."""
    source = read_source(MODEL, {"image": image}, shelf)

    assert source is not None
    assert source.drawn is not None
    assert note == source.note
    assert [] == reasons(shelf, image)


def test_an_optional_picture_may_be_left_out(shelf: Shelf) -> None:
    """Silence or an empty text is no picture at all where none is required."""
    assert read_source(OPTIONAL, {}, shelf) is None
    assert read_source(OPTIONAL, {"image": ""}, shelf) is None
    assert read_source(text_model(), {"prompt": "a fox"}, shelf) is None


@pytest.mark.parametrize(
    ("image", "reason"),
    [
        ("data:image/png;base64,???", "the base64 text of the data URI is broken"),
        ("data:image/png,abc", "not a base64 data URI"),
        ("data:image/png;base64,aGVsbG8=", "the bytes are not a picture"),
        ("data:image/png;base64,R0lGODlhAQABAAAAACw=", "image/gif is not one of image/png, image/jpeg"),
        (DATA_URI + "x", "the base64 text of the data URI is broken"),
        ("data:image/png;base64," + base64.b64encode(PNG + b"0" * 300).decode(), "370 bytes is above the limit of 200"),
    ],
)
def test_a_picture_is_judged_by_its_bytes(shelf: Shelf, image: str, reason: str) -> None:
    """Type by signature and size by count, never by what the text claims."""
    assert [reason] == reasons(shelf, image)


def test_an_upload_is_judged_too(shelf: Shelf) -> None:
    """What was uploaded freely may still not fit the model."""
    text, large = shelf.put(b"hello", upload=True), shelf.put(PNG + b"0" * 300, upload=True)

    assert ["the bytes are not a picture"] == reasons(shelf, shelf.url(text))
    assert ["370 bytes is above the limit of 200"] == reasons(shelf, shelf.url(large))


def test_a_size_beyond_what_we_paint_is_refused(shelf: Shelf) -> None:
    """The schema may allow what would fill the memory."""
    (problem,) = judge(text_model(), {"prompt": "a fox", "size": "9000x9000"}, shelf)

    assert ((), "size") == (problem.pointer, problem.code)


def test_a_stand_in_shows_what_the_link_says() -> None:
    """The file's name gives the words, the same link the same picture; without words it is a quiet landscape."""
    fox = stand_in("https://a.example/x/Red-Fox_in%20snow.1757168087.webp?key=secret")

    assert ("Red Fox snow", (960, 720), None) == (fox.prompt, fox.size, fox.image)
    assert fox == stand_in("https://a.example/x/Red-Fox_in%20snow.1757168087.webp?key=secret")
    assert stand_in("https://a.example/1.png").prompt == stand_in("http://[").prompt == stand_in("").prompt
    assert stand_in("https://a.example/1.png").seed != stand_in("https://a.example/2.png").seed


def test_uploads_make_room_for_newer_ones(shelf: Shelf, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond their share the oldest upload goes; pictures are not touched by it."""
    monkeypatch.setattr("ipydarkroom.local.shelf._UPLOAD_BYTES", 150)
    picture = shelf.put(PNG)
    first, second, third = [shelf.put(PNG, upload=True) for _ in range(3)]

    assert [None, second, third, picture] == [shelf.find(file.name) for file in (first, second, third, picture)]
    assert not first.path.exists()
