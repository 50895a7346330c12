"""One canary token, and every surface it must not appear on."""

from __future__ import annotations

import asyncio
import json
import logging
import traceback

import pytest
from IPython.core.ultratb import AutoFormattedTB

from ipydarkroom.client import AsyncClient
from ipydarkroom.errors import DarkroomError
from ipydarkroom.fields import Field
from ipydarkroom.models import Model
from ipydarkroom.pacing import Pace
from ipydarkroom.settings import load
from ipydarkroom.testing import tiny_png

CANARY = "canary-1f77c0de"
SIGNATURE = "signature-5eed"
QUICK = Pace(steps=((0, 0.001),), grace=0.05, deadline=60, first_backoff=0.001, longest_backoff=0.002)
MODEL = Model("a/b", "runcomfy", (Field(("prompt",), "string", required=True),))


def settings_at(home):
    """Settings that hold the canary under every provider's name."""
    return load({"IPYDARKROOM_HOME": str(home), "RUNCOMFY_API_TOKEN": CANARY, "KIE_API_KEY": CANARY})


@pytest.fixture
def whole_life(tmp_path, faults, caplog):
    """A job's whole life with the canary as token: (what was shown, what was logged, the server's requests)."""
    caplog.set_level(logging.DEBUG)
    says = faults.says

    async def live():
        shown = []
        async with faults.server(says(b'{"request_id": "r-1"}'), says(b'{"status": "completed"}')) as server:
            link = f"{server.origin}/a.png?sig={SIGNATURE}"
            server.scripts += [says(json.dumps({"status": "succeeded", "output": [link]}).encode()), says(tiny_png())]
            base = {"runcomfy": server.origin}
            async with AsyncClient(settings=settings_at(tmp_path), base_url=base, paces=(QUICK, QUICK)) as client:
                job = await client.submit(MODEL, prompt="fox")
                job.watch(lambda record: shown.append(repr(record)))
                result = await job
                things = [client, client.settings, client.route(MODEL), job, job.record, result, result.images[0]]
                shown += [repr(thing) + str(thing) + repr(getattr(thing, "__dict__", "")) for thing in things]
                shown += [json.dumps(thing._repr_mimebundle_()) for thing in (job, result, result.images[0])]
            return shown, server.requests

    shown, requests = asyncio.run(live())
    return shown, caplog.text, requests


def test_the_token_reaches_its_provider(whole_life):
    """The control: a test that looks for a canary must first know that it flew."""
    _, _, requests = whole_life

    assert CANARY.encode() in requests[0]


def test_no_repr_shows_the_token_or_a_signed_links_query(whole_life):
    """Client, settings, route, job, record, result, picture, and what they show in a cell."""
    shown, _, _ = whole_life

    assert [] == [text for text in shown if CANARY in text or SIGNATURE in text]


def test_no_log_line_shows_them(whole_life):
    """Down to DEBUG, the HTTP package's own lines included."""
    _, logged, _ = whole_life

    assert "HTTP Request" in logged
    assert CANARY not in logged
    assert SIGNATURE not in logged


def test_no_file_we_write_holds_the_token(whole_life, tmp_path):
    """Journal, pictures and whatever lies beside them, as raw bytes."""
    files = [path for path in tmp_path.rglob("*") if path.is_file()]

    assert any(path.suffix == ".png" for path in files)
    assert [] == [path for path in files if CANARY.encode() in path.read_bytes()]
    assert [] == [path for path in files if path.suffix == ".png" and SIGNATURE.encode() in path.read_bytes()]


def failing_call(tmp_path):
    """An error out of the depth of a hosted call, with every frame between."""

    async def act():
        async with AsyncClient(
            settings=settings_at(tmp_path), base_url={"runcomfy": "http://127.0.0.1:1"}, paces=(QUICK, QUICK)
        ) as client:
            route = client.route(MODEL)
            from ipydarkroom.wire import Call

            await client._transport.send(Call("GET", "/x"), route)

    try:
        asyncio.run(act())
    except DarkroomError as error:
        return error
    raise AssertionError("the call should have failed")


@pytest.mark.parametrize("mode", ["Plain", "Context", "Verbose", "Minimal"])
def test_no_traceback_shows_the_token(tmp_path, mode):
    """Not in any of IPython's modes, of which Verbose prints every local variable."""
    error = failing_call(tmp_path)

    formatter = AutoFormattedTB(mode=mode)
    text = "\n".join(map(str, formatter.structured_traceback(type(error), error, error.__traceback__)))

    assert type(error).__name__ in text
    assert CANARY not in text


def test_no_captured_local_shows_the_token(tmp_path):
    """Nor in the standard library's traceback with its locals written out."""
    error = failing_call(tmp_path)

    text = "".join(traceback.TracebackException.from_exception(error, capture_locals=True).format())

    assert "_answers" in text
    assert CANARY not in text


def test_a_server_that_repeats_the_token_does_not_make_us_show_it(tmp_path, faults):
    """An error that quotes the header it was sent: cut before anybody reads it."""

    async def live():
        async with faults.server(faults.says(f"no: {CANARY}".encode().join([b'{"error_message": "', b'"}']), status="401 No")) as server:
            async with AsyncClient(settings=settings_at(tmp_path), base_url={"runcomfy": server.origin}, paces=(QUICK, QUICK)) as client:
                job = await client.submit(MODEL, prompt="fox")
                await job.wait(20)
                return str(job.error)

    said = asyncio.run(live())

    assert "no: (token)" in said
    assert CANARY.encode() not in (tmp_path / "journal.sqlite3").read_bytes()
