"""One canary token, and every surface it must not appear on."""

from __future__ import annotations

import ast
import asyncio
import contextlib
import copy
import inspect
import json
import logging
import pickle
import stat
import traceback
from urllib.parse import quote

import httpx
import pytest
from IPython.core.ultratb import AutoFormattedTB

from ipydarkroom import transport
from ipydarkroom.client import AsyncClient
from ipydarkroom.errors import AuthError, DarkroomError, WaitTimeout
from ipydarkroom.fields import Field
from ipydarkroom.journal import Journal
from ipydarkroom.models import Model
from ipydarkroom.settings import Token, load, usable_home
from ipydarkroom.sync import Client
from ipydarkroom.testing import QUICK, tiny_png
from ipydarkroom.wire import Call

CANARY = "canary-1f77c0de"
SIGNATURE = "5eed5eed5eed5eed5eed"
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


def lived(tmp_path, faults, *scripts, inputs=None, provider="runcomfy", wait=20):
    """A job against a server with these scripts: (the job's handle after its end, the server's requests)."""
    values = dict(inputs or {"prompt": "fox"})

    async def live():
        async with faults.server(*scripts) as server:
            base = {provider: server.origin}
            async with AsyncClient(settings=settings_at(tmp_path), base_url=base, paces=(QUICK, QUICK)) as client:
                job = await client.submit(Model("a/b", provider, MODEL.fields), values)
                with contextlib.suppress(WaitTimeout):
                    await job.wait(wait)
                return job, server.requests

    return asyncio.run(live())


LINK = f"https://bucket.example/cat.png?X-Amz-Signature={SIGNATURE}&X-Amz-Expires=60"


@pytest.mark.parametrize("shape", ["{link}", "({link})", "'{link}'", "{quoted}", "?{query}", "{query} does not match"])
def test_a_provider_that_repeats_a_signed_link_does_not_make_us_show_it(tmp_path, faults, shape):
    """In an error's text, in a note and in a status word, in every shape servers write links."""
    told = shape.format(link=LINK, quoted=quote(LINK, safe=""), query=LINK.split("?")[1])
    says = faults.says
    refused, _ = lived(tmp_path / "1", faults, says(json.dumps({"error_message": f"bad {told}"}).encode(), status="400 No"))
    failed, _ = lived(
        tmp_path / "2", faults, says(b'{"request_id": "r-1"}'), says(json.dumps({"status": "completed"}).encode()),
        says(json.dumps({"status": "failed", "error": f"bad {told}", "note": told}).encode()),
    )

    shown = [
        repr(thing) + str(thing) + repr(vars(job.error)) + repr(job.error.params) + json.dumps(job._repr_mimebundle_())
        for job in (refused, failed) for thing in (job, job.error, job.record)
    ]

    assert all("bad" in text for text in shown)
    assert [] == [text for text in shown if SIGNATURE in text]


def test_a_notes_signed_link_is_cut_before_anybody_reads_it(tmp_path, faults):
    """The note of a result, and the provider's own word for a state."""
    says = faults.says
    job, _ = lived(
        tmp_path, faults, says(b'{"request_id": "r-1"}'), says(json.dumps({"status": f"reading {LINK}"}).encode()),
        says(b'{"status": "completed"}'), says(json.dumps({"status": "succeeded", "output": [LINK], "note": f"used {LINK}"}).encode()),
        wait=2,
    )

    assert "used https://bucket.example/cat.png?…" == job.record.note
    assert SIGNATURE not in repr(job.record)


def test_inputs_show_themselves_without_a_links_query(tmp_path, faults):
    """Evaluated in a cell they are saved with the notebook; as values they are whole, for running again."""
    job, requests = lived(tmp_path, faults, faults.says(b"{}", status="400 No"), inputs={"prompt": LINK})

    assert {"prompt": "https://bucket.example/cat.png?…"} == ast.literal_eval(repr(job.record.inputs))
    assert LINK == job.record.inputs["prompt"]
    assert SIGNATURE.encode() in requests[0]


def with_our_locals(error):
    """Its traceback with every local variable, from our first frame on: the test's own know the server's requests."""
    ours = error.__traceback__
    while "ipydarkroom" not in ours.tb_frame.f_globals["__name__"]:
        ours = ours.tb_next
    return "".join(traceback.TracebackException(type(error), error, ours, capture_locals=True).format())


def test_an_error_out_of_the_middle_of_a_call_has_no_frame_with_the_token(tmp_path, faults):
    """Below us the request's headers lie in local variables; their frames do not come with our error."""

    async def act():
        async with faults.server(faults.sends_raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort")) as server:
            async with AsyncClient(settings=settings_at(tmp_path), base_url={"runcomfy": server.origin}) as client:
                await client._transport.send(Call("POST", "/x", body={}), client.route(MODEL))

    with pytest.raises(DarkroomError) as caught:
        asyncio.run(act())

    text = with_our_locals(caught.value)
    assert "_answers" in text
    assert "http11.py" not in text
    assert CANARY not in text


def test_a_cancelled_call_has_no_frame_with_the_token(tmp_path, faults):
    """An interrupted cell shows the frames of what it awaited; below us they hold the headers."""

    async def hangs(*_):
        await asyncio.sleep(60)

    async def act():
        async with faults.server(hangs) as server:
            async with AsyncClient(settings=settings_at(tmp_path), base_url={"runcomfy": server.origin}) as client:
                async def cell():
                    try:
                        await client._transport.send(Call("POST", "/x", body={}), client.route(MODEL))
                    except asyncio.CancelledError as stop:
                        return stop

                task = asyncio.ensure_future(cell())
                while not server.requests:
                    await asyncio.sleep(0.01)
                task.cancel()
                return await task

    stop = asyncio.run(act())

    text = with_our_locals(stop)
    assert asyncio.CancelledError is type(stop)
    assert "_answers" in text
    assert "http11.py" not in text
    assert CANARY not in text


@pytest.mark.parametrize("answer", ["order", "status"])
def test_nobody_is_followed_to_another_host(tmp_path, faults, answer):
    """Another port of this machine is another host: a redirect and a link in an answer bring it no request at all."""

    async def live():
        async with faults.server() as elsewhere:
            away = faults.says(b"", status="302 Found", headers=(f"Location: {elsewhere.origin}/taken",))
            linked = faults.says(json.dumps({"request_id": "r-1", "status_url": f"{elsewhere.origin}/status"}).encode())
            async with faults.server(*([away] if answer == "order" else [linked, away])) as server:
                base = {"runcomfy": server.origin}
                async with AsyncClient(settings=settings_at(tmp_path), base_url=base, paces=(QUICK, QUICK)) as client:
                    job = await client.submit(MODEL, prompt="fox")
                    with contextlib.suppress(WaitTimeout):
                        await job.wait(0.3)
            return len(server.requests), elsewhere.requests

    asked, there = asyncio.run(live())

    assert asked >= (1 if answer == "order" else 2)
    assert [] == there


def test_a_token_goes_to_its_own_origin_only():
    """The auth object knows one origin: another host, port or scheme gets a request without a token."""
    auth = transport._auth_of(httpx)("Bearer", Token(CANARY), frozenset({"https://api.example"}))
    given = {}
    for address in ("https://api.example/x", "https://api.example:8443/x", "http://api.example/x", "https://api.example.evil.example/"):
        request = httpx.Request("GET", address)
        next(auth.auth_flow(request))
        given[address] = "Authorization" in request.headers

    assert ["https://api.example/x"] == [address for address, sent in given.items() if sent]


def test_each_provider_is_given_its_own_token(tmp_path, faults):
    """With both set, neither host hears of the other's."""
    environ = {"IPYDARKROOM_HOME": str(tmp_path), "RUNCOMFY_API_TOKEN": CANARY, "KIE_API_KEY": "other-0ddba11"}
    with_both = load(environ)

    async def live(provider):
        async with faults.server(faults.says(b"{}", status="400 No")) as server:
            base = {provider: server.origin}
            async with AsyncClient(settings=with_both, base_url=base, paces=(QUICK, QUICK)) as client:
                await (await client.submit(Model("a/b", provider, MODEL.fields), prompt="fox")).wait(10)
            return b"".join(server.requests)

    ours, theirs = asyncio.run(live("runcomfy")), asyncio.run(live("kie"))

    assert (True, False) == (CANARY.encode() in ours, b"other-0ddba11" in ours)
    assert (False, True) == (CANARY.encode() in theirs, b"other-0ddba11" in theirs)


def test_the_journal_and_its_folder_are_their_owners_only(tmp_path):
    """They hold signed links; SQLite's own file beside the journal, there during a transaction, likewise."""
    home, _ = usable_home(tmp_path / "home")
    journal = Journal(home / "journal.sqlite3")
    with journal._transaction() as db:
        db.execute("delete from jobs")
        db.execute("create table probe (x)")
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (home, *home.iterdir())}
    journal.close()

    assert {"home": 0o700, "journal.sqlite3": 0o600, "journal.sqlite3-journal": 0o600} == modes


@pytest.mark.parametrize("copier", [pickle.dumps, copy.deepcopy])
def test_what_holds_a_token_is_not_copied(tmp_path, copier):
    """Nor is a client, sent to another process or kept by %store; it says what to do instead."""
    with Client(settings=settings_at(tmp_path)) as client:
        for thing in (client, client.settings, client.route(MODEL)):
            with pytest.raises(TypeError, match="token|another process"):
                copier(thing)


@pytest.mark.parametrize("read", ["inspect", "slots"])
def test_no_attribute_of_a_token_is_the_token(read):
    """Variable inspectors and debuggers read every attribute they find."""
    token = Token(CANARY)
    found = inspect.getmembers(token) if read == "inspect" else [getattr(token, name) for name in ("_Token__reveal",)]

    assert CANARY not in repr(found)


def test_a_broken_variable_does_not_spill_the_environment(monkeypatch):
    """The traceback of a broken paste, every local variable written out, shows neither it nor its neighbours."""
    monkeypatch.setenv("RUNCOMFY_API_TOKEN", f"{CANARY} broken")
    monkeypatch.setenv("KIE_API_KEY", CANARY)

    with pytest.raises(AuthError) as caught:
        load()

    shown = traceback.TracebackException.from_exception(caught.value, capture_locals=True)
    assert "_token" in "".join(shown.format())
    assert CANARY not in "".join(shown.format())


def test_what_the_http_package_logs_of_an_answer_is_cut(tmp_path, faults, caplog):
    """At DEBUG its core writes out every header; a server that sends the token back would have it in the log."""
    caplog.set_level(logging.DEBUG)
    headers = (f"X-Echo: {CANARY}", f"Location: {LINK}")
    lived(tmp_path, faults, faults.says(b"{}", status="400 No", headers=headers))

    assert "X-Echo" in caplog.text
    assert CANARY not in caplog.text
    assert SIGNATURE not in caplog.text


@pytest.mark.parametrize(("secret", "said", "left"), [
    ("canary-1d:canary-5ec2e7", "a canary-5ec2e7 b canary-1d:canary-5ec2e7", "a (token) b (token)"),
    ("canary-1d:short", "a short word, and canary-1d:short", "a short word, and (token)"),
    ("id:no", "this id:no secret", "this id:no secret"), ("canary-1d", "canary-1d: a colon", "(token): a colon"),
])
def test_of_a_token_with_two_halves_the_secret_one_is_cut_alone_too(secret, said, left):
    """`id:secret`, as fal's keys are; the id is none."""
    token = Token(secret)

    assert left == token.hidden_in_text(said)
    assert token.stands_in(said) == (left != said)
