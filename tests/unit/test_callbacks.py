"""The receiver of callbacks: what it lets in, what it answers, what it never does. Driven as an ASGI server would."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import logging
import os
import runpy
import socket
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
import uvicorn
from hypothesis import given, settings
from hypothesis import strategies as st

from ipydarkroom import callbacks as module
from ipydarkroom.callbacks import Callbacks, Hint, new_secret
from ipydarkroom.client import AsyncClient
from ipydarkroom.errors import InputError
from ipydarkroom.jobs import Accepted, new_job_id
from ipydarkroom.local import Pace, build_app
from ipydarkroom.providers import get_provider
from ipydarkroom.settings import load
from ipydarkroom.testing import ScriptedPainter
from ipydarkroom.webhooks import Replays, for_job

NOW = 1_790_000_000
JOB = new_job_id(NOW, 5)
SECRET = "K3t9-vB_72mQxLpZ8sWnYd"
KEY, NEXT_KEY = "whk-old-1", "whk-new-2"
TASK = "task_12345678"


class Heard:
    """A `deliver` that keeps what it hears, and may be told to answer something else."""

    def __init__(self, known: bool = True, error: Exception | None = None) -> None:
        self.hints: list[Hint] = []
        self.known = known
        self.error = error

    async def __call__(self, hint: Hint) -> bool:
        """One hint."""
        self.hints.append(hint)
        if self.error is not None:
            raise self.error
        return self.known


def app(heard: Callable[[Hint], Awaitable[bool]], *keys: str, clock: Callable[[], float] = lambda: NOW, **rest: object) -> Callbacks:
    """The app at https://a.example/hooks."""
    return Callbacks(heard, public_url="https://a.example/hooks/", secret=SECRET, keys=keys, clock=clock, **rest)


def signed(task_id: str = TASK, timestamp: object = NOW, key: str = KEY) -> dict[str, str]:
    """The two headers, made by the documented three lines."""
    digest = hmac.new(key.encode(), f"{task_id}.{timestamp}".encode(), hashlib.sha256).digest()
    return {"X-Webhook-Timestamp": str(timestamp), "X-Webhook-Signature": base64.b64encode(digest).decode()}


async def call(receiver: Callbacks, *, path: str | None = None, method: str = "POST", headers=None, body: object = None, **scope) -> tuple[int, dict]:
    """Send one request as an ASGI server would; the answer's status and headers."""
    content = body if isinstance(body, bytes) else json.dumps({"taskId": TASK} if body is None else body).encode()
    pairs = list(headers.items() if isinstance(headers, dict) else headers or ())
    raw = [(name.lower().encode() if isinstance(name, str) else name, value.encode() if isinstance(value, str) else value) for name, value in pairs]
    half = len(content) // 2
    messages = [
        {"type": "http.request", "body": content[:half], "more_body": True},
        {"type": "http.request", "body": content[half:], "more_body": False},
    ]
    sent: list[dict] = []

    async def receive() -> dict:
        return messages.pop(0)

    async def send(message: dict) -> None:
        sent.append(message)

    where = f"/hooks/{SECRET}/{JOB}" if path is None else path
    await receiver({"type": "http", "method": method, "path": where, "headers": raw, "root_path": "", **scope}, receive, send)
    start, end = sent

    assert (b"", False) == (end["body"], end.get("more_body", False))
    return start["status"], dict(start["headers"])


def answer(receiver: Callbacks, **request: object) -> int:
    """The status of one request."""
    return asyncio.run(call(receiver, **request))[0]


# --- the address ---


def test_the_address_leads_home():
    """The URL given away with an order, with the job's id put in, is the one that is let in."""
    heard = Heard()
    receiver = app(heard)

    assert f"https://a.example/hooks/{SECRET}/{{job}}" == receiver.url
    assert 200 == answer(receiver, path=for_job(receiver.url, JOB).removeprefix("https://a.example"))
    assert [Hint("kie", JOB, TASK)] == heard.hints


def test_an_address_without_a_place_for_the_job_stays_as_it_is():
    """Somebody's own receiver is none of our business."""
    assert "https://b.example/done?x=1" == for_job("https://b.example/done?x=1", JOB)


@pytest.mark.parametrize(
    ("path", "root"),
    [(f"/{SECRET}/{JOB}", ""), (f"/hooks/{SECRET}/{JOB}", ""), (f"/inner/{SECRET}/{JOB}", "/inner")],
)
def test_a_tunnel_or_a_mount_may_change_the_front_of_the_path(path, root):
    """The front is cut off by some, kept by others, and added by a mount."""
    assert 200 == answer(app(Heard()), path=path, root_path=root)


@pytest.mark.parametrize(
    "path",
    [
        "", "/", "/hooks", f"{SECRET}/{JOB}", f"/hooks/{SECRET}", f"/hooks/{SECRET}/", f"/hooks/{SECRET}/{JOB}/", f"/other/{SECRET}/{JOB}", f"/hooks/x/{SECRET}/{JOB}",
        f"/hooks/{SECRET[:-1]}/{JOB}", f"/hooks/{SECRET}x/{JOB}", f"/hooks/{SECRET.lower()}/{JOB}", f"/hooks//{JOB}", f"/hooks/é{SECRET}/{JOB}",
        f"/hooks/\ud800/{JOB}", f"/hooks/{SECRET}/{JOB.upper()}x", f"/hooks/{SECRET}/1", f"/hooks/{SECRET}/{{job}}", f"/hooks/{SECRET}/{JOB}\n",
        f"/hooks/{SECRET}/00000000-0000-4000-8000-000000000000", f"/hooks/{SECRET}/../{JOB}", "/api/contents", "/lab",
    ],
)  # fmt: skip
@pytest.mark.parametrize("method", ["POST", "GET"])
def test_every_other_address_is_unknown(path, method):
    """One route: a wrong secret, a job id that is not ours by its shape, the notebook's own paths."""
    heard = Heard()

    assert 404 == answer(app(heard), path=path, method=method)
    assert [] == heard.hints


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])
def test_only_a_post_is_taken(method):
    """The others are told what is."""
    status, headers = asyncio.run(call(app(Heard()), method=method))

    assert (405, b"POST") == (status, headers[b"allow"])


@pytest.mark.parametrize(
    "secret", ["", "short", "a" * 40, "0123456789abcdef0123456789abcde", "with/a/slash-and-27-letters", "with blanks and 30 letters here"]
)
def test_a_secret_that_could_be_guessed_is_refused(secret):
    """Less than 128 bits, or nothing that fits into a path."""
    with pytest.raises(InputError, match="128 bits"):
        Callbacks(Heard(), public_url="https://a.example", secret=secret)


def test_a_new_secret_is_a_good_one():
    """What the helper makes is taken, and never the same twice."""
    first, second = new_secret(), new_secret()

    assert first != second
    assert first in Callbacks(Heard(), public_url="https://a.example", secret=first).url
    assert "/" + "0123456789abcdef" * 2 in Callbacks(Heard(), public_url="https://a.example", secret="0123456789abcdef" * 2).url


@pytest.mark.parametrize("url", ["", "a.example", "http://a.example", "ftp://127.0.0.1", "https://u@a.example", "https://a.example?x=1", "http://[", "https://a.example/#x"])
def test_an_address_that_would_give_the_secret_away_is_refused(url):
    """https from outside; http on this machine only."""
    with pytest.raises(InputError, match="public address"):
        Callbacks(Heard(), public_url=url, secret=SECRET)


def test_one_text_is_not_a_list_of_keys():
    """`keys="abc"` would make a key of each letter, and a letter is soon guessed."""
    with pytest.raises(TypeError, match="one letter"):
        Callbacks(Heard(), public_url="https://a.example", secret=SECRET, keys=KEY)


@pytest.mark.parametrize("key", ["", " ", "line\nbreak", "schlüssel"])
def test_an_empty_or_broken_key_is_refused(key):
    """With an empty key everybody can sign."""
    with pytest.raises(InputError, match="signing key"):
        Callbacks(Heard(), public_url="https://a.example", secret=SECRET, keys=[KEY, key])


# --- the body ---


@pytest.mark.parametrize("name", ["taskId", "task_id"])
@pytest.mark.parametrize("wrap", [lambda found: found, lambda found: {"code": 200, "msg": "ok", "data": found}])
def test_the_task_is_named_in_four_ways(name, wrap):
    """`taskId` or `task_id`, at top or under `data`."""
    heard = Heard()

    assert 200 == answer(app(heard), body=wrap({name: TASK, "state": "success"}))
    assert [TASK] == [hint.remote_id for hint in heard.hints]


UNREADABLE = [
    b"", b"{", b"nonsense", b"\xff\xfe\x00", b"[]", b'"task_1"', b"null", b"1e999", b"{}", b'{"taskId": null}', b'{"taskId": 5}', b'{"taskId": ""}',
    b'{"taskId": "a b"}', b'{"taskId": "a\\nb"}', b'{"taskId": "\\u72d0"}', b'{"taskId": "\\ud800"}', b'{"taskId": ["a"]}', b'{"data": []}',
    b'{"data": {"taskId": {}}}', b'{"taskId": "a", "data": {"task_id": "b"}}', b'{"taskId": "a", "task_id": 5}', b'{"taskId": ' + b"9" * 5000 + b"}",
    b"[" * 100_000, b'{"a":' * 100_000, b'{"taskId": "' + b"a" * 201 + b'"}',
]  # fmt: skip


@pytest.mark.parametrize(("keys", "status"), [((), 400), ((KEY,), 401)])
@pytest.mark.parametrize("body", UNREADABLE, ids=range(len(UNREADABLE)))
def test_a_body_that_names_no_task_is_refused(body, keys, status):
    """Not JSON, not an object, no id, or two ids that differ: 400, and 401 where a signature was due."""
    heard = Heard()

    assert status == answer(app(heard, *keys), body=body, headers=signed())
    assert [] == heard.hints


@pytest.mark.parametrize("declared", [{}, {"Content-Length": "9"}, {"Content-Length": "99999999"}, {"Content-Length": "\u0661" * 3}])
@pytest.mark.parametrize("keys", [(), (KEY,)])
def test_a_body_above_a_mebibyte_is_cut_off(declared, keys):
    """What really comes in is counted, whatever length was declared."""
    heard = Heard()
    body = b'{"taskId": "task_1", "x": "' + b"x" * 2**20 + b'"}'

    assert 413 == answer(app(heard, *keys), body=body, headers={**signed(), **declared})
    assert [] == heard.hints


def test_a_declared_length_alone_is_enough_to_refuse():
    """Nothing is read of what is too large by its own word."""
    assert 413 == answer(app(Heard()), headers={"Content-Length": str(2**20 + 1)})


def test_a_body_that_never_ends_is_given_up(monkeypatch):
    """A sender that trickles is told so, and holds nothing."""
    monkeypatch.setattr(module, "BODY_SECONDS", 0.05)
    statuses = []

    async def receive():
        return await asyncio.Event().wait()

    async def send(message):
        statuses.append(message.get("status"))

    scope = {"type": "http", "method": "POST", "path": f"/{SECRET}/{JOB}", "headers": []}
    asyncio.run(app(Heard())(scope, receive, send))

    assert 408 == statuses[0]


@pytest.mark.parametrize("leaves_at", ["the body", "the answer"])
def test_a_sender_that_leaves_is_not_an_error(leaves_at):
    """Neither in the middle of its body nor before our answer."""
    heard = Heard()
    body = {"type": "http.request", "body": b'{"taskId": "t"}', "more_body": False}

    async def receive():
        return {"type": "http.disconnect"} if leaves_at == "the body" else body

    async def send(message):
        raise OSError("gone")

    scope = {"type": "http", "method": "POST", "path": f"/{SECRET}/{JOB}", "headers": []}
    asyncio.run(app(heard)(scope, receive, send))

    assert (leaves_at == "the answer") == bool(heard.hints)


# --- the signature ---


def test_a_signed_callback_is_let_in():
    """The control for everything below."""
    heard = Heard()

    assert 200 == answer(app(heard, KEY), headers=signed())
    assert [Hint("kie", JOB, TASK)] == heard.hints


def test_only_the_task_id_of_a_body_is_taken():
    """The signature does not cover the rest, so a swapped link or state in it leads nowhere."""
    heard = Heard()
    forged = {"taskId": TASK, "data": {"state": "success", "resultJson": '{"resultUrls": ["https://evil.example/x.png"]}'}}

    assert 200 == answer(app(heard, KEY), headers=signed(), body=forged)
    assert [Hint("kie", JOB, TASK)] == heard.hints


@pytest.mark.parametrize("key", [KEY, NEXT_KEY])
def test_a_key_is_replaced_without_a_gap(key):
    """While both are given, both are good."""
    assert 200 == answer(app(Heard(), KEY, NEXT_KEY), headers=signed(key=key))


def test_a_key_that_was_taken_away_is_no_good():
    """Nor is one that never was."""
    assert 401 == answer(app(Heard(), NEXT_KEY), headers=signed(key=KEY))


@pytest.mark.parametrize(("off", "status"), [(-301, 401), (-300, 200), (0, 200), (300, 200), (301, 401)])
def test_a_timestamp_may_be_five_minutes_off(off, status):
    """In both directions, its own edge included; the signature is genuine in every case."""
    assert status == answer(app(Heard(), KEY), headers=signed(timestamp=NOW + off))


GOOD = signed()
STAMP, SIGNATURE = GOOD["X-Webhook-Timestamp"], GOOD["X-Webhook-Signature"]


@pytest.mark.parametrize(
    "headers",
    [
        [], [("X-Webhook-Timestamp", STAMP)], [("X-Webhook-Signature", SIGNATURE)],
        [("X-Webhook-Timestamp", STAMP)] * 2 + [("X-Webhook-Signature", SIGNATURE)],
        [("X-Webhook-Timestamp", STAMP)] + [("X-Webhook-Signature", SIGNATURE)] * 2,
        [("X-Webhook-Timestamp", f"+{STAMP}"), ("X-Webhook-Signature", SIGNATURE)],
        [("X-Webhook-Timestamp", STAMP), ("X-Webhook-Signature", SIGNATURE.rstrip("="))],
        [("X-Webhook-Timestamp", STAMP), ("X-Webhook-Signature", SIGNATURE[:8])],
        [("X-Webhook-Timestamp", STAMP), ("X-Webhook-Signature", "v1," + SIGNATURE)],
        [("X-Webhook-Timestamp", STAMP), ("X-Webhook-Signature", b"\xff" * 44)],
        [("X-Webhook-Timestamp", str(NOW - 1)), ("X-Webhook-Signature", SIGNATURE)],
        list(signed("other").items()),
        *[list(signed(timestamp=odd).items()) for odd in (f"{NOW}.0", f" {NOW}", f"{NOW} ", f"1_{NOW}", "17e8", "-1", "", "9" * 30, "\uff11\uff17", "nan", NOW * 1000)],
    ],
)  # fmt: skip
def test_whatever_is_wrong_with_the_signature_the_answer_is_401(headers):
    """Absent, doubled, cut, of another task, of another time, or a time that only int() would read."""
    heard = Heard()

    assert 401 == answer(app(heard, KEY), headers=headers)
    assert [] == heard.hints


# --- replays, duplicates, order ---


def test_a_replay_is_answered_and_goes_no_further():
    """The same signed delivery twice inside the window: 200 both times, one hint."""
    heard = Heard()
    receiver = app(heard, KEY)

    assert [200, 200] == [answer(receiver, headers=signed()) for _ in range(2)]
    assert 1 == len(heard.hints)


def test_what_could_not_be_kept_comes_through_when_it_is_sent_again(caplog):
    """503 asks for another delivery; the same bytes must not be taken for a replay. The secret is not logged."""
    heard = Heard(error=RuntimeError("the disk is full"))
    receiver = app(heard, KEY)
    first = answer(receiver, headers=signed())
    heard.error = None

    assert (503, 200) == (first, answer(receiver, headers=signed()))
    assert 2 == len(heard.hints)
    assert JOB in caplog.text
    assert "the disk is full" in caplog.text
    assert SECRET not in caplog.text
    assert TASK not in caplog.text


def test_a_keeper_that_hangs_is_given_up(monkeypatch):
    """The provider waits 15 s; a 503 before that brings it back."""
    monkeypatch.setattr(module, "DELIVER_SECONDS", 0.05)

    async def hang(hint):
        await asyncio.Event().wait()

    assert 503 == answer(app(hang))


def test_an_unknown_job_is_an_orphan_and_is_answered_all_the_same(caplog):
    """It may be what became of a lost order; the journal keeps it, the sender learns nothing."""
    caplog.set_level(logging.INFO)

    assert 200 == answer(app(Heard(known=False)))
    assert "orphan" in caplog.text


@settings(max_examples=100, deadline=None)
@given(order=st.permutations([0, 0, 1, 1, 2, 3]), steps=st.lists(st.integers(0, 200), min_size=6, max_size=6))
def test_doubled_late_and_disordered_deliveries_are_harmless(order, steps):
    """Whatever the order and the delay: no error, each delivery is heard at most once, and only inside its window."""
    now, heard = [NOW], Heard()
    receiver = app(heard, KEY, clock=lambda: now[0])
    expected = set()
    for number, step in zip(order, steps, strict=True):
        now[0] += step
        good = now[0] - NOW <= 300
        status = answer(receiver, body={"taskId": f"t{number}"}, headers=signed(f"t{number}"))
        if good:
            expected.add(f"t{number}")

        assert (200 if good else 401) == status

    assert sorted(expected) == sorted(hint.remote_id for hint in heard.hints)


def test_the_memory_of_replays_is_bounded():
    """The oldest is forgotten: by number, and once it could not be accepted any more."""
    replays = Replays(300, most=3)
    for number in range(5):
        replays.add((str(number), "", ""), NOW)
    kept = [number for number in range(5) if (str(number), "", "") in replays]
    replays.add(("late", "", ""), NOW + 601)

    assert [2, 3, 4] == kept
    assert 1 == len(replays)


# --- anything at all ---

header_values = st.one_of(
    st.binary(max_size=60), st.sampled_from([STAMP.encode(), SIGNATURE.encode(), SIGNATURE[:8].encode(), b"", b"0", str(NOW * 1000).encode()])
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.just(TASK),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["taskId", "task_id", "data", "code"]), inner, max_size=4),
    max_leaves=8,
)
bodies = st.one_of(st.binary(max_size=200), json_values.map(lambda value: json.dumps(value).encode()), st.just(json.dumps({"taskId": TASK}).encode()))


@settings(max_examples=400, deadline=None)
@given(
    stamps=st.lists(header_values, max_size=2), signatures=st.lists(header_values, max_size=2), body=bodies,
    names=st.sampled_from([(b"x-webhook-timestamp", b"x-webhook-signature"), (b"X-WEBHOOK-TIMESTAMP", b"X-Webhook-Signature")]),
)  # fmt: skip
def test_no_header_and_no_body_breaks_it_or_gets_in_unsigned(stamps, signatures, body, names):
    """Never an exception, and 200 only for the one genuine signature of the task the body names."""
    heard = Heard()
    headers = [(names[0], stamp) for stamp in stamps] + [(names[1], signature) for signature in signatures]
    status = answer(app(heard, KEY), headers=headers, body=body)

    assert status in (200, 401)
    assert [TASK] * (status == 200) == [hint.remote_id for hint in heard.hints]
    if status == 200:
        assert ([STAMP.encode()], [SIGNATURE.encode()]) == (stamps, signatures)


@settings(max_examples=200, deadline=None)
@given(path=st.text(max_size=60) | st.just(f"/{SECRET}/{JOB}"), method=st.sampled_from(["POST", "GET", "X"]), body=bodies)
def test_no_address_breaks_it(path, method, body):
    """Any path, any method, any body: an answer, and a hint only by the one address."""
    heard = Heard()
    status = answer(app(heard), path=path, method=method, body=body)

    assert status in ((200, 400, 405) if path == f"/{SECRET}/{JOB}" else (404,))
    assert (status == 200) == bool(heard.hints)


def test_a_small_dose_of_the_reliability_run():
    """The harness of G8 agrees with the receiver on each of 3,000 deliveries, and catches every wrong receiver."""
    path = Path(__file__).parents[1] / "reliability" / "webhooks.py"
    found = runpy.run_path(str(path))["main"](3_000, 20_261_108)

    assert found["ok"], found


# --- what is never shown ---


def test_nothing_shown_or_logged_holds_the_secret(caplog):
    """Not the repr, and no line down to DEBUG, whatever the answer is."""
    caplog.set_level(logging.DEBUG)
    receiver = app(Heard(known=False, error=None), KEY)
    for headers in (signed(), {}):
        answer(receiver, headers=headers)
    shown = repr(receiver) + str(receiver) + repr(vars(receiver)) + caplog.text

    assert "a.example/hooks/…" in repr(receiver)
    assert [] == [secret for secret in (SECRET, KEY) if secret in shown]


# --- under real servers ---


def test_it_runs_under_httpx_in_process():
    """ASGITransport is a server too."""
    heard = Heard()

    async def main():
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app(heard, KEY)), base_url="https://a.example") as http:
            return (await http.post(f"/hooks/{SECRET}/{JOB}", json={"taskId": TASK}, headers=signed())).status_code

    assert 200 == asyncio.run(main())
    assert 1 == len(heard.hints)


@pytest.mark.parametrize(
    ("kind", "expected"), [("lifespan", ["lifespan.startup.complete", "lifespan.shutdown.complete"]), ("websocket", ["websocket.close"])]
)
def test_it_speaks_the_rest_of_asgi(kind, expected):
    """A lifespan begins and ends; a websocket is shut at once."""
    coming = [{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}] if kind == "lifespan" else [{"type": "websocket.connect"}]
    sent = []

    async def receive():
        return coming.pop(0)

    async def send(message):
        sent.append(message["type"])

    asyncio.run(app(Heard())({"type": kind, "path": "/"}, receive, send))

    assert expected == sent


@asynccontextmanager
async def served(receiver: Callable[[str], Callbacks]):
    """uvicorn on a free loopback port; gives the app, which was made for that address."""
    door = socket.create_server(("127.0.0.1", 0))
    made = receiver(f"http://127.0.0.1:{door.getsockname()[1]}")
    server = uvicorn.Server(uvicorn.Config(made, access_log=False, log_level="warning", lifespan="on", ws="none"))
    serving = asyncio.create_task(server.serve(sockets=[door]))
    try:
        yield made
    finally:
        server.should_exit = True
        await serving
        door.close()


REFRAME = {
    "image_url": "https://a.example/fox.png", "image_size": "square", "rendering_speed": "TURBO", "style": "AUTO", "num_images": "1", "seed": 0,
}  # fmt: skip


@asynccontextmanager
async def local_kie(home: Path):
    """A client that draws here and signs its callbacks: (order a picture with that callback's address, its backend)."""
    apps = []

    def local(token, find, send):
        pace = Pace(0, 0, callback_pauses_s=(0, 0))
        apps.append(
            build_app(
                tokens=frozenset({token.reveal()}), find=find, pace=pace, painters=[ScriptedPainter()], send=send, webhook_key=KEY
            )
        )
        return apps[0]

    env = {"IPYDARKROOM_HOME": str(home), "IPYDARKROOM_LOCAL": "1", "IPYDARKROOM_HTTP": os.environ.get("IPYDARKROOM_HTTP", "")}
    async with AsyncClient(local=True, settings=load(env), local_app=local) as client:
        kie, model = get_provider("kie"), await client.model("ideogram/v3-reframe", "kie")

        async def order(callback_url: str) -> str:
            call = kie.submit(model.id, REFRAME, callback_url=for_job(callback_url, JOB))
            accepted = kie.submitted(await client._transport.send(call, client.route(model), order=True))
            assert isinstance(accepted, Accepted), accepted
            return accepted.remote_id

        yield order, lambda: apps[0].state.studio


def test_a_local_job_calls_back_for_real(tmp_path, caplog):
    """A Kie job drawn in this process posts a signed callback over a socket, and the receiver hears of that task."""
    caplog.set_level(logging.DEBUG)
    heard, told = Heard(), asyncio.Event()

    async def deliver(hint):
        told.set()
        return await heard(hint)

    async def main():
        made = lambda origin: Callbacks(deliver, public_url=origin, secret=SECRET, keys=[KEY])
        async with served(made) as receiver, local_kie(tmp_path) as (order, _):
            remote_id = await order(receiver.url)
            async with asyncio.timeout(30):
                await told.wait()
            return remote_id

    remote_id = asyncio.run(main())

    assert [Hint("kie", JOB, remote_id)] == heard.hints
    assert SECRET not in caplog.text


def test_a_receiver_that_is_away_costs_nothing_but_the_hint(tmp_path, caplog):
    """Three attempts, no secret in the log that tells of them, and the picture is there for whoever asks."""
    caplog.set_level(logging.DEBUG)

    async def main():
        async with local_kie(tmp_path) as (order, studio):
            remote_id = await order(f"http://127.0.0.1:1/{SECRET}/{{job}}")
            async with asyncio.timeout(30):
                while not studio().callbacks:
                    await studio().changed()
            return studio().callbacks[0], studio().task(remote_id).state

    callback, state = asyncio.run(main())

    assert (False, 3, "done") == (callback.sent, callback.tries, state)
    assert "a callback failed" in caplog.text
    assert SECRET not in caplog.text
