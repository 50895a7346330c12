"""The fal mirror: documented calls, words and errors, driven as a client would; then our provider against it."""

from __future__ import annotations

import json
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from local_bench import ORIGIN, OTHER, PNG, TOKEN, Bench, client, on_bench, text_model

from ipydarkroom.jobs import Accepted, Cancelled, Finished, Progress, Queued
from ipydarkroom.local import queue as queue_module
from ipydarkroom.models import Model
from ipydarkroom.providers import Balance, get_provider
from ipydarkroom.wire import Call, Reply

FAL = get_provider("fal")
FAST = "acme/scene/fast"
ORDER = {"prompt": "a fox", "seed": 5}


@asynccontextmanager
async def counter(bench: Bench, token: str | None = TOKEN, scheme: str = "Key"):
    """A client with fal's way of saying a token, and a model with an endpoint of its own."""
    bench.models["fal", FAST] = replace(text_model("fal"), id=FAST)
    async with client(bench.app, token, scheme) as http:
        yield http


async def carried(http, call: Call) -> Reply:
    """A provider's question, carried to the app."""
    got = await http.request(call.method, call.path, params=list(call.query), json=call.body)
    return Reply(got.status_code, dict(got.headers), got.content)


def test_a_submit_answers_the_id_and_addresses_without_the_endpoint() -> None:
    """`/acme/scene/fast` takes the order, `/acme/scene/requests/…` knows it."""

    async def test(bench: Bench) -> None:
        bench.painter.gate.clear()
        async with counter(bench) as http:
            got = await http.post(f"/{FAST}", json=ORDER)
            answer = got.json()
            base = f"{ORIGIN}/acme/scene/requests/{answer['request_id']}"

            assert (200, "IN_QUEUE") == (got.status_code, answer["status"])
            assert (base, f"{base}/status", f"{base}/cancel") == (answer["response_url"], answer["status_url"], answer["cancel_url"])
            for wrong in (f"/{FAST}/requests/{answer['request_id']}", f"/acme/reframe/requests/{answer['request_id']}"):
                assert 404 == (await http.get(f"{wrong}/status")).status_code

    on_bench(test)


PIECES = ("v1", "models", "pricing", "account", "billing", "acme", "scene", "fast", "requests", "status", "cancel", "api", "openapi", "..", "%2e%2e", "é", "a b", "\x00", "")


@settings(max_examples=200, deadline=None)
@given(
    requests=st.lists(st.tuples(
        st.sampled_from(["GET", "POST", "PUT", "DELETE", "PATCH"]),
        st.lists(st.sampled_from(PIECES) | st.text(max_size=8), max_size=6),
        st.dictionaries(st.sampled_from(["limit", "cursor", "endpoint_id", "q", "logs"]), st.text(max_size=12), max_size=3),
        st.none() | st.binary(max_size=60) | st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=8), lambda inner: st.dictionaries(st.text(max_size=6), inner, max_size=3)).map(lambda value: json.dumps(value).encode()),
    ), min_size=1, max_size=8),
)
def test_nothing_that_is_asked_breaks_it(requests) -> None:
    """Whatever path, query and body: an answer of its own in JSON, never a server error."""

    async def test(bench: Bench) -> None:
        async with counter(bench) as http:
            for method, pieces, query, content in requests:
                path = "/" + "/".join(quote(piece, safe="%") for piece in pieces).lstrip("/")  # two of them would name a host
                got = await http.request(method, path, params=query, content=content, headers={"content-type": "application/json"})
                assert got.status_code < 500, (method, path, query, content, got.text)
                assert got.status_code < 400 or got.json()

    on_bench(test)


def test_three_words_and_two_statuses() -> None:
    """202 while it waits and works, 200 when it is over; a result too early is refused, then it is the bare output."""

    async def test(bench: Bench) -> None:
        bench.painter.gate.clear()
        async with counter(bench) as http:
            first, second = [(await http.post(f"/{FAST}", json=ORDER)).json()["response_url"] for _ in range(2)]
            await bench.until_painted(first.rpartition("/")[2], 0.5)
            waiting, working = await http.get(f"{second}/status"), await http.get(f"{first}/status", params={"logs": "1"})
            assert (202, "IN_QUEUE", 1) == (waiting.status_code, waiting.json()["status"], waiting.json()["queue_position"])
            assert (202, "IN_PROGRESS", []) == (working.status_code, working.json()["status"], working.json()["logs"])
            early = await http.get(first)
            assert (400, "Request is still in progress") == (early.status_code, early.json()["detail"])

            bench.painter.gate.set()
            await bench.until(first.rpartition("/")[2], "done")
            over, output = await http.get(f"{first}/status"), (await http.get(first)).json()
            assert (200, "COMPLETED") == (over.status_code, over.json()["status"])
            assert over.json()["metrics"]["inference_time"] >= 0
            image = output["images"][0]
            assert (1, 1, "image/png", 5, "a fox", [False]) == (
                image["width"], image["height"], image["content_type"], output["seed"], output["prompt"], output["has_nsfw_concepts"],
            )
            assert PNG == (await http.get(image["url"])).content

    on_bench(test)


def test_cancelling_says_what_became_of_it() -> None:
    """A waiting request is removed, one at work goes on, one that is over is over."""

    async def test(bench: Bench) -> None:
        bench.painter.gate.clear()
        async with counter(bench) as http:
            first, second = [(await http.post(f"/{FAST}", json=ORDER)).json()["response_url"] for _ in range(2)]
            await bench.until_painted(first.rpartition("/")[2], 0.5)
            assert (202, "CANCELLATION_REQUESTED") == _said(await http.put(f"{first}/cancel"))
            assert (200, "OK") == _said(await http.put(f"{second}/cancel"))
            assert (400, "ALREADY_COMPLETED") == _said(await http.put(f"{second}/cancel"))
            assert (404, "NOT_FOUND") == _said(await http.put("/acme/scene/requests/nothing/cancel"))
            gone = await http.get(f"{second}/status")
            assert ("COMPLETED", "client_cancelled") == (gone.json()["status"], gone.json()["error_type"])
            ended = await http.get(second)
            assert (499, "client_cancelled") == (ended.status_code, ended.headers["x-fal-error-type"])

    on_bench(test)


def _said(got) -> tuple[int, str]:
    return got.status_code, got.json()["status"]


def test_a_failed_request_is_completed_with_an_error() -> None:
    """There is no word for failure."""

    async def test(bench: Bench) -> None:
        bench.painter.error = ValueError("no paint left")
        async with counter(bench) as http:
            address = (await http.post(f"/{FAST}", json=ORDER)).json()["response_url"]
            await bench.until(address.rpartition("/")[2], "failed")
            status, ended = (await http.get(f"{address}/status")).json(), await http.get(address)

            assert ("COMPLETED", "runner_server_error") == (status["status"], status["error_type"])
            assert 500 == ended.status_code
            assert {"detail": status["error"], "error_type": "runner_server_error"} == ended.json()

    on_bench(test)


def test_errors_are_details() -> None:
    """A key nobody knows, a model nobody knows, inputs that do not fit, a body that is none, somebody else's request."""

    async def test(bench: Bench) -> None:
        async with counter(bench) as http, counter(bench, OTHER) as other, counter(bench, "nonsense") as wrong, \
                counter(bench, None) as stranger:
            mine = (await http.post(f"/{FAST}", json=ORDER)).json()["status_url"]
            for got, status in [
                (await wrong.post(f"/{FAST}", json=ORDER), 401), (await stranger.post(f"/{FAST}", json=ORDER), 401),
                (await http.post("/acme/nothing", json=ORDER), 404), (await other.get(mine), 404),
                (await http.post(f"/{FAST}", content=b"[1]"), 422), (await http.post(f"/{FAST}", json={"seed": -1}), 422),
            ]:
                assert (status, True) == (got.status_code, bool(got.json()["detail"]))
            wrongs = (await http.post(f"/{FAST}", json={"prompt": "a", "seed": -1})).json()["detail"]
            assert [["body", "seed"]] == [one["loc"] for one in wrongs]
            bench.studio.unavailable = True
            assert 503 == (await http.get(mine)).status_code
            bench.studio.unavailable = False

    on_bench(test)


def test_a_full_queue_refuses(monkeypatch) -> None:
    """The hosted one has no limit; this one has, and says so with 429."""
    monkeypatch.setattr(queue_module, "MOST_WAITING", 0)

    async def test(bench: Bench) -> None:
        async with counter(bench) as http:
            assert 429 == (await http.post(f"/{FAST}", json=ORDER)).status_code

    on_bench(test)


def test_the_word_before_the_token_says_whose_request_it_is() -> None:
    """`GET /v1/models` is RunComfy's with `Bearer` and fal's with `Key`; an order never ends at the other one."""

    async def test(bench: Bench) -> None:
        async with counter(bench) as http, counter(bench, TOKEN, "Bearer") as bearer, counter(bench, None) as stranger:
            ours, theirs = (await http.get("/v1/models")).json(), (await bearer.get("/v1/models")).json()
            assert ("endpoint_id", "model_id") == (next(iter(ours["models"][0])), next(iter(theirs["models"][0])))
            assert 404 == (await bearer.post(f"/{FAST}", json=ORDER)).status_code
            assert 404 == (await http.post("/v1/models/acme/scene", json=ORDER)).status_code
            assert [] == bench.painter.orders
            assert (404, 404) == ((await stranger.post("/no/where")).status_code, (await stranger.get("/nowhere")).status_code)
            assert 400 == (await stranger.get("/v1/models")).status_code

    on_bench(test)


def test_the_catalog_is_found_by_id_by_words_and_page_by_page() -> None:
    """`endpoint_id`, `q`, `category`, `status`, `limit`, `cursor`, `expand`."""

    async def test(bench: Bench) -> None:
        async with counter(bench) as http:
            ids = ["acme/reframe", "acme/scene", FAST]
            for query, wanted in [
                ({}, ids), ({"q": "FAST"}, ids[2:]), ({"category": "video"}, []), ({"status": "deprecated"}, []),
                ({"endpoint_id": ["acme/scene", FAST]}, ids[1:]), ({"endpoint_id": "nobody"}, []),
            ]:
                found = (await http.get("/v1/models", params=query)).json()
                assert (wanted, None, False) == ([one["endpoint_id"] for one in found["models"]], found["next_cursor"], found["has_more"])
            first = (await http.get("/v1/models", params={"limit": 2})).json()
            rest = (await http.get("/v1/models", params={"limit": 2, "cursor": first["next_cursor"]})).json()
            assert ids == [one["endpoint_id"] for one in first["models"] + rest["models"]]
            for bad in ({"limit": "0"}, {"limit": "ten"}, {"cursor": "!"}, {"cursor": "LTE="}, {"cursor": "é"}):
                assert 422 == (await http.get("/v1/models", params=bad)).status_code

    on_bench(test)


@pytest.mark.parametrize("definitions", ["components", "$defs"])
def test_a_models_document_is_openapi_with_an_order(definitions) -> None:
    """Under the address its page links to, and in the catalog; the schema's own parts stay where references find them."""
    parts = {"Size": {"type": "string", "enum": ["square", "wide"]}}
    where, kept = ("#/components/schemas/Size", {"schemas": parts}) if definitions == "components" else ("#/$defs/Size", parts)
    schema = {"type": "object", "properties": {"size": {"$ref": where}, "prompt": {"type": "string"}}, definitions: kept}

    async def test(bench: Bench) -> None:
        bench.models["fal", "acme/own"] = Model.from_schema(schema, id="acme/own", provider="fal")
        async with counter(bench) as http:
            document = (await http.get("/api/openapi/queue/openapi.json", params={"endpoint_id": "acme/own"})).json()
            listed = (await http.get("/v1/models", params={"endpoint_id": "acme/own", "expand": "openapi-3.0"})).json()
            told = FAL.described("acme/own", await carried(http, FAL.describe("acme/own")))

            assert document == listed["models"][0]["openapi"]
            assert ["size", "prompt"] == document["components"]["schemas"]["Input"]["x-fal-order-properties"]
            assert {"get", "put", "post"} == {method for path in document["paths"].values() for method in path}
            size = told.known.model("here").field("size")
            assert ["square", "wide"] == [choice.value for choice in size.choices]
            assert 0.0 == told.read(await carried(http, told.call)).price.usd

    on_bench(test)


def test_our_provider_and_the_mirror_agree() -> None:
    """Order, place in the queue, work, cancel, picture, balance, catalog: each question of ours has an answer we can read."""

    async def test(bench: Bench) -> None:
        bench.painter.gate.clear()
        async with counter(bench) as http:
            verdicts = [FAL.submitted(await carried(http, FAL.submit(FAST, ORDER))) for _ in range(2)]
            assert all(isinstance(verdict, Accepted) for verdict in verdicts)
            first, second = (verdict.remote_id for verdict in verdicts)

            async def look(remote_id: str) -> object:
                reading = FAL.polled(remote_id, await carried(http, FAL.poll(remote_id, FAST)), FAST)
                return reading.read(await carried(http, reading.call)) if hasattr(reading, "call") else reading

            await bench.until_painted(first, 0.5)
            assert (Progress("IN_PROGRESS"), Queued("IN_QUEUE", 1)) == (await look(first), await look(second))
            assert "unknown" == FAL.cancelled(await carried(http, FAL.cancel(first, FAST)))
            assert "stopped" == FAL.cancelled(await carried(http, FAL.cancel(second, FAST)))
            assert Cancelled("COMPLETED") == await look(second)
            bench.painter.gate.set()
            await bench.until(first, "done")
            ended = await look(first)
            assert isinstance(ended, Finished)
            assert PNG == (await http.get(ended.outputs[0].url)).content
            assert "still_running" == FAL.cancelled(await carried(http, FAL.cancel(first, FAST)))

            assert Balance("fal", 5.0, "USD", 5.0) == FAL.balanced(await carried(http, FAL.balance()))
            listing = FAL.catalogued(FAL.catalog(), await carried(http, FAL.catalog()))
            assert (3, 0, None) == (len(listing.models), listing.skipped, listing.more)

    on_bench(test)
