"""Links lose their secrets and files their bytes wherever inputs are repeated."""

from __future__ import annotations

import base64
import hashlib
import copy
import json
import logging
import pickle

import pytest

from ipydarkroom.models import Model
from ipydarkroom.redaction import Veiled, masked, masked_text, quiet, stamp
from ipydarkroom.tokens import Token


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
    hostile = ["a%3a%2f%2f" * many, "x-amz-" * many, "sig=" * many, "a" * many + "://", "a://" * many, "://" + "@" * many, "data:" * many, "data:a/" + "b" * many]

    grown = [text for text in hostile if len(masked_text(text)) > len(text)]

    assert grown == []


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("https%3A%2F%2Fb.example%2Fx.png%3FX-Amz-Signature%3Dabc", "https%3A%2F%2Fb.example%2Fx.png%3F…"),
        ("https://a.example/go?to=https%3A%2F%2Fb.example%3Fk%3Dv", "https://a.example/go?…"),
        ("X-Amz-Signature=abc&X-Amz-Date=1 does not match", "X-Amz-Signature=…&X-Amz-Date=… does not match"),
        ('{"X-Goog-Credential": "me@b"}', '{"X-Goog-Credential": "…"}'),
        ("sig=abcdefgh01234567%3D is wrong", "sig=… is wrong"),
        ("signature: a fox; policy: be kind; token=fox", "signature: a fox; policy: be kind; token=fox"),
        ("a 50%3 discount", "a 50%3 discount"),
    ],
)
def test_a_signature_outside_a_link_is_cut_too(said: str, shown: str) -> None:
    """Servers quote links encoded, or their parameters alone; words of a prompt that sound alike stay."""
    assert shown == masked_text(said)
    assert shown == masked_text(masked_text(said))


def test_veiled_inputs_are_whole_and_look_masked() -> None:
    """A dict in every way but its looks."""
    inputs = Veiled({"image": "https://a.example/x.png?s=1", "n": 2})

    assert "{'image': 'https://a.example/x.png?…', 'n': 2}" == repr(inputs) == str(inputs) == f"{inputs}"
    assert {"image": "https://a.example/x.png?s=1", "n": 2} == inputs
    assert "?s=1" in json.dumps(inputs)


def test_secrets_are_no_part_of_how_veiled_inputs_look() -> None:
    """Wherever they stand: they are asked for when somebody looks, copies are as whole, and what is sent has them."""
    model = Model.from_schema({"properties": {
        "key": {"type": "string", "format": "password"},
        "logins": {"type": "array", "items": {
            "properties": {"code": {"type": "string", "writeOnly": True}, "name": {"type": "string"}},
        }},
        "door": {"oneOf": [{"type": "integer"}, {"properties": {"pin": {"type": "string", "format": "password"}}}]},
    }})
    said = {"key": "swordfish", "logins": [{"code": "swordfish", "name": "ann"}], "door": {"pin": "swordfish"}}
    inputs = Veiled(said, model.secrets)

    assert "{'key': '…', 'logins': [{'code': '…', 'name': 'ann'}], 'door': {'pin': '…'}}" == repr(inputs)
    assert said == inputs == copy.deepcopy(inputs) == pickle.loads(pickle.dumps(inputs))
    assert 3 == json.dumps(inputs).count("swordfish")


def test_a_quiet_logger_says_no_secret(caplog: pytest.LogCaptureFixture) -> None:
    """Neither in the sentence, nor in an argument, nor in the text of an error; and an odd record is left to logging."""
    log, token = logging.getLogger("test.quiet"), Token("canary-1f77c0de")
    quiet(log)
    quiet(log)
    try:
        raise ValueError("no https://a.example/x?s=1 canary-1f77c0de")
    except ValueError:
        log.exception("at %s of %d", "https://a.example/y?s=1", 3)

    assert 1 == len(log.filters)
    assert "at https://a.example/y?… of 3" in caplog.text
    assert "no https://a.example/x?… (token)" in caplog.text
    assert "s=1" not in caplog.text
    assert repr(token) not in caplog.text
