"""The RunComfy mirror: documented endpoints, words and errors, driven as a client would."""

from __future__ import annotations

import asyncio
import struct
from datetime import datetime
from urllib.parse import urlsplit

import pytest
from local_bench import ORIGIN, OTHER, PNG, TOKEN, Bench, client, on_bench

from ipydarkroom.local import Pace, build_app
from ipydarkroom.local import queue as queue_module

SCENE = "/v1/models/acme/scene"
REFRAME = "/v1/models/acme/reframe"
ORDER = {"prompt": "a fox", "seed": 5}


async def submitted(bench: Bench, **inputs: object) -> str:
    """Order a picture and return the request id."""
    answer = await bench.http.post(SCENE, json=ORDER | inputs)
    request_id: str = answer.json()["request_id"]
    return request_id


async def asked(bench: Bench, request_id: str, what: str, **query: str) -> dict[str, object]:
    """Ask for `status` or `result`."""
    got = await bench.http.get(f"/v1/requests/{request_id}/{what}", params=query)
    assert 200 == got.status_code
    answer: dict[str, object] = got.json()
    return answer


def test_a_submit_answers_the_id_and_three_addresses() -> None:
    """200, at once, with addresses on our own origin."""

    async def test(bench: Bench) -> None:
        bench.painter.gate.clear()
        got = await bench.http.post(SCENE, json=ORDER)
        answer = got.json()
        base = f"{ORIGIN}/v1/requests/{answer['request_id']}"

        assert 200 == got.status_code
        assert {
            "request_id": answer["request_id"], "status_url": f"{base}/status", "result_url": f"{base}/result",
            "cancel_url": f"{base}/cancel",
        } == answer  # fmt: skip

    on_bench(test)


def test_each_state_has_its_two_words() -> None:
    """`/status` and `/result` speak different words, and both tell the position, the progress and the end."""

    async def test(bench: Bench) -> None:
        bench.painter.gate.clear()
        first, second = await submitted(bench), await submitted(bench)
        await bench.until_painted(first, 0.5)

        status, result = await asked(bench, second, "status"), await asked(bench, second, "result")
        assert ("in_queue", 1, 0.0) == (status["status"], status["queue_position"], status["progress"])
        assert ("in_queue", 1, None) == (result["status"], result["queue_position"], result["finished_at"])
        status, result = await asked(bench, first, "status"), await asked(bench, first, "result")
        assert ("in_progress", 0.5) == (status["status"], status["progress"])
        assert ("in_progress", 0.5) == (result["status"], result["progress"])
        assert not {"queue_position", "output", "error", "cost"} & result.keys()

        bench.painter.gate.set()
        await bench.until(second, "done")
        status, result = await asked(bench, second, "status"), await asked(bench, second, "result", include_cost="true")
        assert ("completed", 1.0) == (status["status"], status["progress"])
        assert ("succeeded", 0.0) == (result["status"], result["cost"])
        assert datetime.fromisoformat(str(result["finished_at"])) >= datetime.fromisoformat(str(result["created_at"]))

    on_bench(test)


def test_a_failed_job_is_completed_without_success() -> None:
    """`/status` has no word for failure; `/result` says it with the reason."""

    async def test(bench: Bench) -> None:
        bench.painter.error = RuntimeError("canary")
        request_id = await submitted(bench)
        await bench.until(request_id, "failed")
        status, result = await asked(bench, request_id, "status"), await asked(bench, request_id, "result")

        assert ("completed", "failed") == (status["status"], result["status"])
        assert "The picture could not be painted (RuntimeError); nothing was charged." == result["error"]
        assert "output" not in result

    on_bench(test)


def test_one_picture_is_an_image_and_several_are_images() -> None:
    """The output's key follows the number; every link leads to the picture."""

    async def test(bench: Bench) -> None:
        one, three = await submitted(bench), await submitted(bench, num_images="3")
        await bench.until(three, "done")
        single, several = (await asked(bench, one, "result"))["output"], (await asked(bench, three, "result"))["output"]
        assert isinstance(single, dict)
        assert isinstance(several, dict)

        assert (["image"], ["images"]) == (list(single), list(several))
        assert 3 == len(set(several["images"]))
        assert PNG == (await bench.http.get(several["images"][2])).content

    on_bench(test)


def test_cancel_stops_a_queued_request_only() -> None:
    """Always 202; `cancelled` for a queued one, also when asked twice, and `not_cancellable` for the others."""

    async def test(bench: Bench) -> None:
        bench.painter.gate.clear()
        first, second = await submitted(bench), await submitted(bench)
        await bench.until(first, "running")
        answers = [await bench.http.post(f"/v1/requests/{one}/cancel") for one in (second, second, first)]

        assert [202, 202, 202] == [answer.status_code for answer in answers]
        assert {"request_id": second, "status": "cancelled", "outcome": "cancelled"} == answers[1].json()
        assert {"request_id": first, "status": "in_progress", "outcome": "not_cancellable"} == answers[2].json()
        assert "cancelled" == (await asked(bench, second, "status"))["status"]
        assert "cancelled" == (await asked(bench, second, "result"))["status"]

    on_bench(test)


def test_an_unknown_model_is_400001() -> None:
    """HTTP 400 with the documented code; a Kie model is unknown here too."""

    async def test(bench: Bench) -> None:
        got = await bench.http.post("/v1/models/acme/nothing", json=ORDER)

        assert (400, 400001) == (got.status_code, got.json()["error_code"])

    on_bench(test)


@pytest.mark.parametrize("what", ["status", "result", "cancel"])
def test_an_unknown_request_is_404001_and_a_foreign_one_403001(what: str) -> None:
    """Unknown, deleted or expired ids are one answer, somebody else's another."""

    async def test(bench: Bench) -> None:
        request_id = await submitted(bench)
        method = "POST" if what == "cancel" else "GET"
        unknown = await bench.http.request(method, f"/v1/requests/nothing/{what}")
        async with client(bench.app, OTHER) as other:
            foreign = await other.request(method, f"/v1/requests/{request_id}/{what}")

        assert (404, 404001) == (unknown.status_code, unknown.json()["error_code"])
        assert (403, 403001) == (foreign.status_code, foreign.json()["error_code"])

    on_bench(test)


@pytest.mark.parametrize(
    ("path", "inputs", "place", "code"),
    [
        (SCENE, {}, "prompt", "required"),
        (SCENE, {"prompt": ""}, "prompt", "required"),
        (SCENE, {"prompt": 5}, "prompt", "type"),
        (SCENE, {"prompt": "a fox", "size": "64x49"}, "size", "choice"),
        (SCENE, {"prompt": "a fox", "num_images": 1}, "num_images", None),
        (REFRAME, {"style": "AUTO"}, "image", "required"),
        (REFRAME, {"style": "AUTO", "image": "http://a.example/x.png"}, "image", None),
        (REFRAME, {"style": "AUTO", "image": "data:image/png;base64,aGVsbG8="}, "image", "picture"),
    ],
)
def test_inputs_that_break_the_schema_are_422(path: str, inputs: dict[str, object], place: str, code: str | None) -> None:
    """The answer lists each place with a sentence, and nothing is queued."""

    async def test(bench: Bench) -> None:
        got = await bench.http.post(path, json=inputs)
        (detail,) = got.json()["detail"]

        assert (422, ["body", place]) == (got.status_code, detail["loc"])
        assert code in (None, detail["type"])
        assert detail["msg"].startswith(f"{place}: ")
        assert detail["msg"] in got.json()["error_message"]
        assert not bench.painter.orders

    on_bench(test)


def test_an_empty_picture_is_replaced_and_the_result_says_so() -> None:
    """The page's own sample sends an empty image; here it becomes a drawn one, with a note."""

    async def test(bench: Bench) -> None:
        answer = (await bench.http.post(REFRAME, json={"image": "", "style": "AUTO"})).json()
        await bench.until(answer["request_id"], "done")

        result = await asked(bench, answer["request_id"], "result")

        assert "No picture was given, so a drawn stand-in was used." == result["note"]

    on_bench(test)


def test_a_full_queue_is_429(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refused, not queued."""
    monkeypatch.setattr(queue_module, "MOST_WAITING", 0)

    async def test(bench: Bench) -> None:
        got = await bench.http.post(SCENE, json=ORDER)

        assert 429 == got.status_code

    on_bench(test)


def test_the_whole_path_with_real_painters() -> None:
    """From a bundled model to a picture of exactly the size that was asked for, that says where it was made."""

    async def main() -> None:
        app = build_app(tokens=frozenset({TOKEN}), pace=Pace(0, 0))
        http = client(app, TOKEN)
        order = {"prompt": "a fox in the snow", "width×height": "1024x1024(1:1)"}
        request_id = (await http.post("/v1/models/bytedance/dreamina-4-0/text-to-image", json=order)).json()["request_id"]
        async with asyncio.timeout(60):
            while app.state.studio.task(request_id).state in ("waiting", "running"):
                await app.state.studio.changed()
        result = (await http.get(f"/v1/requests/{request_id}/result")).json()
        picture = (await http.get(urlsplit(result["output"]["image"]).path)).content
        await http.aclose()
        await app.state.studio.close()

        assert (1024, 1024) == struct.unpack(">II", picture[16:24])
        assert b"bytedance/dreamina-4-0/text-to-image" in picture

    asyncio.run(main())

