"""Links lose their secrets and files their bytes wherever inputs are repeated."""

from __future__ import annotations

import base64
import hashlib

import pytest

from ipydarkroom.redaction import masked, masked_text, stamp


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ("https://a.example/x.png?X-Sig=abc&e=1", "https://a.example/x.png?…"),
        ("HTTPS://a.example/x.png?sig", "HTTPS://a.example/x.png?…"),
        ("https://a.example?sig=abc#frag", "https://a.example?…"),
        ("https://a.example/x#access_token=abc", "https://a.example/x#…"),
        ("https://user:secret@a.example/x", "https://…@a.example/x"),
        ("s3://bucket/key?sig=abc", "s3://bucket/key?…"),
        ("https://a.example/x.png", "https://a.example/x.png"),
        ("see https://a.example?k=v, then <http://b.example?z=1>", "see https://a.example?… then <http://b.example?…>"),
        ("what is 1?2 or a fox? nothing", "what is 1?2 or a fox? nothing"),
    ],
)
def test_a_links_secrets_are_cut(link: str, shown: str) -> None:
    """Query, fragment and user name go, the rest stays readable."""
    assert shown == masked_text(link)
    assert shown == masked_text(masked_text(link))


def test_a_data_uri_becomes_a_stamp() -> None:
    """An input that is a whole file is kept as its type, hash and length."""
    uri = "data:image/png;base64," + base64.b64encode(b"pixels").decode()

    assert {"$file": "image/png", "sha256": hashlib.sha256(b"pixels").hexdigest(), "size": 6} == masked(uri)
    assert "cGl4ZWxz" not in masked_text(f"before {uri} after")


@pytest.mark.parametrize(
    "uri", ["data:text/plain,hello%20you", "data:;base64,AAAA", "data:image/png;base64,***", "data:image/png;base64,A"]
)
def test_an_odd_data_uri_is_stamped_too(uri: str) -> None:
    """No base64, no type, broken base64: still a stamp and no error."""
    assert isinstance(masked(uri), dict)


def test_words_that_only_look_like_a_data_uri_stay() -> None:
    """A prompt may say "data:" without losing anything."""
    assert "my data: a, b" == masked("my data: a, b")
    assert "data:foo,bar" == masked("data:foo,bar")


def test_every_level_of_the_inputs_is_masked() -> None:
    """Lists and objects are walked; numbers, nothing and truth pass through."""
    inputs = {"images": ["https://a.example?s=1", {"url": "https://b.example?s"}], "seed": 7, "on": True, "none": None}

    assert {
        "images": ["https://a.example?…", {"url": "https://b.example?…"}],
        "seed": 7,
        "on": True,
        "none": None,
    } == masked(inputs)


def test_a_stamp_names_hashes_and_measures() -> None:
    """The stamp of a file is the one the journal keeps."""
    assert {"$file": "a.png", "sha256": hashlib.sha256(b"x").hexdigest(), "size": 1} == stamp(b"x", "a.png")


def test_a_very_long_text_is_masked_in_linear_time() -> None:
    """Letters built to make a search go round in circles are done long before the test's time is up."""
    many = 50_000
    hostile = ["a" * many + "://", "a://" * many, "://" + "@" * many, "data:" * many, "data:a/" + "b" * many]

    grown = [text for text in hostile if len(masked_text(text)) > len(text)]

    assert grown == []
