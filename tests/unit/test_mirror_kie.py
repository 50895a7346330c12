"""The Kie mirror: codes in the body, JSON in strings, uploads, credits and callbacks, driven as a client would."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Mapping

import pytest
from local_bench import DATA_URI, ORIGIN, OTHER, PNG, TOKEN, Bench, client, on_bench

from ipydarkroom.kinds import sniff
from ipydarkroom.local import Pace, build_app
from ipydarkroom.local import queue as queue_module
from ipydarkroom.local.postbox import Callback

CREATE = "/api/v1/jobs/createTask"
RECORD = "/api/v1/jobs/recordInfo"
UPLOAD = "/api/file-stream-upload"
SCENE = {"model": "acme/scene", "input": {"prompt": "a fox"}}


async def created(bench: Bench, order: Mapping[str, object] = SCENE) -> str:
    """Order a job and return its task id."""
    answer = (await bench.http.post(CREATE, json=order)).json()
    task_id: str = answer["data"]["taskId"]
    return task_id


async def recorded(bench: Bench, task_id: str) -> dict[str, object]:
    """The record of a task."""
    answer = (await bench.http.get(RECORD, params={"taskId": task_id})).json()
    assert 200 == answer["code"]
    data: dict[str, object] = answer["data"]
    return data


async def uploaded(bench: Bench, data: bytes, name: str = "fox.png") -> dict[str, object]:
    """Upload a file; the whole answer."""
    answer = await bench.http.post(UPLOAD, files={"file": (name, data, "image/png")}, data={"uploadPath": "mine"})
    assert 200 == answer.status_code
    found: dict[str, object] = answer.json()
    return found


def test_a_task_is_created_with_200_in_the_body() -> None:
    """`code` 200 means accepted; the id is in `data`."""

    async def test(bench: Bench) -> None:
        bench.painter.gate.clear()
        answer = (await bench.http.post(CREATE, json=SCENE)).json()

        assert (200, "success", ["taskId"]) == (answer["code"], answer["msg"], list(answer["data"]))

    on_bench(test)


def test_a_record_tells_each_state() -> None:
    """Waiting behind others, generating, success; progress from 0 to 100."""

    async def test(bench: Bench) -> None:
        bench.painter.gate.clear()
        first, second = await created(bench), await created(bench)
        await bench.until_painted(first, 0.5)
        record = await recorded(bench, first)

        assert "waiting" == (await recorded(bench, second))["state"]
        assert ("generating", 50, "") == (record["state"], record["progress"], record["resultJson"])
        assert (None, None) == (record["completeTime"], record["costTime"])

        bench.painter.gate.set()
        await bench.until(second, "done")
        record = await recorded(bench, second)

        assert ("success", 100, "", "") == (record["state"], record["progress"], record["failCode"], record["failMsg"])
        assert SCENE == json.loads(str(record["param"]))

    on_bench(test)


def test_the_next_job_is_queuing() -> None:
    """The first in line, nobody at work, is in Kie's processing queue."""

    async def test(bench: Bench) -> None:
        task_id = await created(bench)

        assert "queuing" == (await recorded(bench, task_id))["state"]

    on_bench(test, pace=Pace(wait_s=600, work_s=0))


def test_results_are_links_inside_a_string() -> None:
    """`resultJson` is JSON in a string, with one link per picture."""

    async def test(bench: Bench) -> None:
        task_id = await created(bench, {"model": "acme/scene", "input": {"prompt": "a fox", "num_images": "2"}})
        await bench.until(task_id, "done")
        links = json.loads(str((await recorded(bench, task_id))["resultJson"]))["resultUrls"]

        assert 2 == len(set(links))
        assert [PNG, PNG] == [(await bench.http.get(link)).content for link in links]

    on_bench(test)


def test_a_failed_task_says_why() -> None:
    """State fail, a code and a message, no results."""

    async def test(bench: Bench) -> None:
        bench.painter.error = RuntimeError("canary")
        task_id = await created(bench)
        await bench.until(task_id, "failed")
        record = await recorded(bench, task_id)

        assert ("fail", "501", "") == (record["state"], record["failCode"], record["resultJson"])
        assert "The picture could not be painted (RuntimeError); nothing was charged." == record["failMsg"]

    on_bench(test)


@pytest.mark.parametrize(
    ("order", "code"),
    [
        ({"model": "acme/nothing", "input": {}}, 404),
        ({"input": {"prompt": "x"}}, 422),
        ({"model": "acme/scene"}, 422),
        ({"model": 5, "input": {}}, 422),
        ({"model": "acme/scene", "input": []}, 422),
        ({"model": "acme/scene", "input": {}}, 422),
        ({"model": "acme/scene", "input": {"prompt": 5}}, 422),
        ({**SCENE, "callBackUrl": 5}, 422),
        ({**SCENE, "callBackUrl": "http://["}, 422),
        ({"model": "acme/reframe", "input": {"image": DATA_URI, "style": "AUTO"}}, 422),
        ({"model": "acme/reframe", "input": {"image": "https://a.example/x.png"}}, 422),
        ({"model": "acme/reframe", "input": {"image": "https://a.example/x.png", "style": "AUTO", "style_codes": ["a1"]}}, 422),
    ],
)
def test_a_refusal_is_a_code_in_the_body(order: dict[str, object], code: int) -> None:
    """HTTP 200, the documented code, a sentence, and no task."""

    async def test(bench: Bench) -> None:
        got = await bench.http.post(CREATE, json=order)

        assert (200, code, None) == (got.status_code, got.json()["code"], got.json()["data"])
        assert got.json()["msg"]
        assert not bench.painter.orders

    on_bench(test)


def test_style_codes_stand_for_the_style() -> None:
    """Giving them lifts the required mark of `style`."""

    async def test(bench: Bench) -> None:
        inputs = {"image": "https://a.example/fox.png", "style_codes": ["aa11bb22"]}
        task_id = await created(bench, {"model": "acme/reframe", "input": inputs})
        await bench.until(task_id, "done")
        note = (await recorded(bench, task_id))["note"]

        assert "The given picture could not be fetched here, so a drawn stand-in was used." == note

    on_bench(test)


@pytest.mark.parametrize("query", [{}, {"taskId": ""}, {"taskId": "nothing"}])
def test_an_unknown_task_is_null(query: dict[str, str]) -> None:
    """The documented words, with 422 in the body."""

    async def test(bench: Bench) -> None:
        answer = (await bench.http.get(RECORD, params=query)).json()

        assert (422, "recordInfo is null") == (answer["code"], answer["msg"])

    on_bench(test)


def test_a_foreign_task_is_as_unknown() -> None:
    """Another key's task is not even confirmed; nor is a request of the other provider."""

    async def test(bench: Bench) -> None:
        task_id = await created(bench)
        async with client(bench.app, OTHER) as other:
            foreign = (await other.get(RECORD, params={"taskId": task_id})).json()
        crossed = await bench.http.get(f"/v1/requests/{task_id}/status")

        assert (422, 404) == (foreign["code"], crossed.status_code)

    on_bench(test)


def test_an_upload_is_used_by_its_link() -> None:
    """What was uploaded reaches the painter; the reply has the documented keys."""

    async def test(bench: Bench) -> None:
        answer = await uploaded(bench, PNG, "../../x/fox.png")
        data = answer["data"]
        assert isinstance(data, dict)
        inputs = {"image": data["downloadUrl"], "style": "AUTO"}
        task_id = await created(bench, {"model": "acme/reframe", "input": inputs})
        await bench.until(task_id, "done")

        assert (True, 200) == (answer["success"], answer["code"])
        assert {"fileName", "filePath", "downloadUrl", "fileSize", "mimeType", "uploadedAt"} == data.keys()
        assert ("fox.png", "mine/fox.png", len(PNG)) == (data["fileName"], data["filePath"], data["fileSize"])
        assert str(data["downloadUrl"]).startswith(ORIGIN)
        assert PNG == bench.painter.orders[0].image
        assert "note" not in await recorded(bench, task_id)

    on_bench(test)


@pytest.mark.parametrize("data", [b"hello", PNG + b"0" * 300])
def test_the_models_limits_count_for_uploads(data: bytes) -> None:
    """Any file may be uploaded, but a model refuses one of the wrong type or size."""

    async def test(bench: Bench) -> None:
        answer = await uploaded(bench, data)
        assert isinstance(answer["data"], dict)
        order = {"model": "acme/reframe", "input": {"image": answer["data"]["downloadUrl"], "style": "AUTO"}}

        assert 422 == (await bench.http.post(CREATE, json=order)).json()["code"]

    on_bench(test)


@pytest.mark.parametrize(
    "request_parts",
    [
        {"data": {"uploadPath": "mine"}},
        {"files": {"file": ("a.png", PNG)}},
        {"files": {"file": ("a.png", PNG)}, "data": {"uploadPath": " "}},
        {"files": {"file": ("", "as text")}, "data": {"uploadPath": "mine"}},
        {"content": b"nonsense", "headers": {"Content-Type": "multipart/form-data; boundary=x"}},
        {"content": b"nonsense", "headers": {"Content-Type": "multipart/form-data"}},
        {"json": {"file": "x"}},
    ],
)
def test_an_incomplete_upload_is_400_in_the_body(request_parts: dict[str, object]) -> None:
    """No file, no folder or no form at all: never a 500."""

    async def test(bench: Bench) -> None:
        got = await bench.http.post(UPLOAD, **request_parts)  # type: ignore[arg-type]

        assert (200, 400) == (got.status_code, got.json()["code"])

    on_bench(test)


def test_credits_are_a_bare_number() -> None:
    """`data` itself is the number."""

    async def test(bench: Bench) -> None:
        answer = (await bench.http.get("/api/v1/chat/credit")).json()

        assert (200, 1000) == (answer["code"], answer["data"])

    on_bench(test)


def test_a_full_queue_is_429(monkeypatch: pytest.MonkeyPatch) -> None:
    """Documented as not queued."""
    monkeypatch.setattr(queue_module, "MOST_WAITING", 0)

    async def test(bench: Bench) -> None:
        got = await bench.http.post(CREATE, json=SCENE)

        assert (200, 429) == (got.status_code, got.json()["code"])

    on_bench(test)


async def called_back(bench: Bench) -> Callback:
    """The first callback, once its posting has ended."""
    async with asyncio.timeout(20):
        while not bench.studio.callbacks:
            await bench.studio.changed()
    return bench.studio.callbacks[0]


@pytest.mark.parametrize(
    ("url", "sent"), [("http://127.0.0.1:8765/done", True), ("https://your-domain.example/api/callback", False)]
)
def test_a_callback_is_posted_to_this_machine_only(url: str, sent: bool) -> None:
    """All are recorded; one that leads elsewhere never leaves."""
    posted: list[str] = []

    async def send(address: str, body: object, headers: object) -> int:
        posted.append(address)
        return 200

    async def test(bench: Bench) -> None:
        task_id = await created(bench, {**SCENE, "callBackUrl": url})
        callback = await called_back(bench)
        data = callback.body["data"]
        assert isinstance(data, dict)

        assert (url, sent) == (callback.url, callback.sent)
        assert [url] * sent == posted
        assert (200, task_id, "success") == (callback.body["code"], data["taskId"], data["state"])
        assert ORIGIN in data["resultJson"]

    on_bench(test, send=send)


def test_a_receiver_that_fails_does_no_harm() -> None:
    """It is asked three times in all, the callback counts as not sent, and the next job is painted."""

    async def send(address: str, body: object, headers: object) -> int:
        raise ConnectionError(address)

    async def test(bench: Bench) -> None:
        bench.painter.error = RuntimeError("canary")
        await created(bench, {**SCENE, "callBackUrl": "http://localhost:1/x"})
        second = await created(bench)
        await bench.until(second, "failed")
        callback = await called_back(bench)

        assert (False, 3, 501) == (callback.sent, callback.tries, callback.body["code"])

    on_bench(test, send=send)


@pytest.mark.parametrize(
    ("answers", "sent", "tries"),
    [((503, 200), True, 2), ((429, 408, 204), True, 3), ((500, 500, 500), False, 3), ((404,), False, 1), ((302,), False, 1)],
)
def test_a_receiver_that_may_be_better_soon_is_asked_again(answers: tuple[int, ...], sent: bool, tries: int) -> None:
    """5xx, 408 and 429 are worth another attempt; a no and a redirect are final."""
    left = list(answers)

    async def send(address: str, body: object, headers: object) -> int:
        return left.pop(0)

    async def test(bench: Bench) -> None:
        await created(bench, {**SCENE, "callBackUrl": "http://127.0.0.1:8765/x"})
        callback = await called_back(bench)

        assert (sent, tries, []) == (callback.sent, callback.tries, left)

    on_bench(test, send=send)


def test_a_slow_receiver_does_not_hold_up_the_queue() -> None:
    """The next picture is painted while the first one's callback is still being posted; closing waits for it."""
    go = asyncio.Event()

    async def send(address: str, body: object, headers: object) -> int:
        await go.wait()
        return 200

    async def test(bench: Bench) -> None:
        await created(bench, {**SCENE, "callBackUrl": "http://127.0.0.1:8765/x"})
        second = await created(bench)
        await bench.until(second, "done")

        assert () == bench.studio.callbacks

        go.set()
        await bench.studio.close()

        assert [True] == [callback.sent for callback in bench.studio.callbacks]

    on_bench(test, send=send)


def test_closing_ends_the_pauses_between_attempts() -> None:
    """A receiver that is away does not keep the studio open."""
    asked = asyncio.Event()

    async def send(address: str, body: object, headers: object) -> int:
        asked.set()
        return 503

    async def test(bench: Bench) -> None:
        await created(bench, {**SCENE, "callBackUrl": "http://127.0.0.1:8765/x"})
        async with asyncio.timeout(20):
            await asked.wait()
        await bench.studio.close()

        assert [(False, 1)] == [(callback.sent, callback.tries) for callback in bench.studio.callbacks]

    on_bench(test, send=send, pace=Pace(0, 0, callback_pauses_s=(600,)))


@pytest.mark.parametrize("key", ["", "whk-1"])
def test_a_callback_is_signed_where_there_is_a_key(key: str) -> None:
    """Two headers over task id and time, made anew for each attempt; none without a key."""
    seen: list[Mapping[str, str]] = []

    async def send(address: str, body: object, headers: Mapping[str, str]) -> int:
        seen.append(headers)
        return 200 if len(seen) == 2 else 503

    async def test(bench: Bench) -> None:
        task_id = await created(bench, {**SCENE, "callBackUrl": "http://127.0.0.1:8765/x"})
        await called_back(bench)

        if not key:
            assert [{}, {}] == seen
            return
        for headers in seen:
            said = f"{task_id}.{headers['X-Webhook-Timestamp']}".encode()
            digest = hmac.new(key.encode(), said, hashlib.sha256).digest()

            assert base64.b64encode(digest).decode() == headers["X-Webhook-Signature"]

    on_bench(test, send=send, webhook_key=key)


def test_the_whole_path_with_real_painters() -> None:
    """From a bundled model and a link that is never fetched to pictures of the named size."""

    async def main() -> None:
        app = build_app(tokens=frozenset({TOKEN}), pace=Pace(0, 0))
        http = client(app, TOKEN)
        inputs = {
            "image_url": "https://a.example/fox-in-the-snow.webp", "image_size": "square", "rendering_speed": "TURBO",
            "style": "AUTO", "num_images": "2", "seed": 0,
        }  # fmt: skip
        answer = (await http.post(CREATE, json={"model": "ideogram/v3-reframe", "input": inputs})).json()
        task_id = answer["data"]["taskId"]
        async with asyncio.timeout(60):
            while app.state.studio.task(task_id).state in ("waiting", "running"):
                await app.state.studio.changed()
        record = (await http.get(RECORD, params={"taskId": task_id})).json()["data"]
        links = json.loads(record["resultJson"])["resultUrls"]
        kinds = [sniff((await http.get(link)).content) for link in links]
        await http.aclose()
        await app.state.studio.close()

        assert "stand-in" in record["note"]
        assert ["PNG", "PNG"] == [kind.name for kind in kinds if kind]

    asyncio.run(main())
