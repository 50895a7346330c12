"""The mirrors' catalogs, asked as the vendors' own tools ask, and read by our own providers as a cross-check."""

from __future__ import annotations

import pytest
from local_bench import Bench, client, on_bench

from ipydarkroom.errors import ModelNotFound
from ipydarkroom.local import build_app
from ipydarkroom.providers import Further, Listed, get_provider
from ipydarkroom.schema import read_schema
from ipydarkroom.wire import Call, Reply


async def asked(bench: Bench, path: str, **query: object) -> tuple[int, dict[str, object]]:
    """The status and the answer."""
    got = await bench.http.get(path, params={name: str(value) for name, value in query.items()})
    answer: dict[str, object] = got.json()
    return got.status_code, answer


async def carried(bench: Bench, call: Call) -> Reply:
    """A provider's question, carried to the app."""
    got = await bench.http.request(call.method, call.path, params=list(call.query))
    return Reply(got.status_code, dict(got.headers), got.content)


def test_runcomfys_list_is_searched_and_paged() -> None:
    """`search`, `category`, `kind`, `limit` and `offset`; `total` counts what fits, not the page."""

    async def test(bench: Bench) -> None:
        ids = ["acme/reframe", "acme/scene"]
        for query, wanted in [
            ({}, ids), ({"search": "SCENE"}, ids[1:]), ({"search": "nothing"}, []), ({"category": "text-to-image"}, ids),
            ({"category": "video"}, []), ({"kind": "model"}, ids), ({"kind": "workflow"}, []), ({"limit": 1}, ids[:1]),
            ({"offset": 1}, ids[1:]), ({"limit": 1000, "offset": 2}, []), ({"limit": 0}, []),
        ]:
            status, answer = await asked(bench, "/v1/models", **query)
            assert (200, wanted) == (status, [entry["model_id"] for entry in answer["models"]]), query
            assert ("limit" in query or "offset" in query or answer["total"] == len(wanted)), query
        assert 2 == (await asked(bench, "/v1/models", limit=1))[1]["total"]

    on_bench(test)


@pytest.mark.parametrize("query", [{"limit": "ten"}, {"offset": "-1"}, {"limit": "1" * 40}, {"offset": "٣"}])
def test_a_page_that_is_no_number_is_refused(query) -> None:
    """422 with the place, as the service's other refusals are."""

    async def test(bench: Bench) -> None:
        status, answer = await asked(bench, "/v1/models", **query)

        assert 422 == status
        assert answer["detail"]

    on_bench(test)


def test_schemas_come_where_they_are_asked_for() -> None:
    """A list has them with `include_schema=true`, one model always."""

    async def test(bench: Bench) -> None:
        bare = (await asked(bench, "/v1/models"))[1]["models"][0]
        full = (await asked(bench, "/v1/models", include_schema="true"))[1]["models"][0]
        one = (await asked(bench, "/v1/models/acme/reframe"))[1]

        assert "input_schema" not in bare
        assert one == full == {**bare, "input_schema": full["input_schema"]}
        assert (0.0, "output") == (one["base_price_usd"], one["price_unit"])
        assert {"categories": ["text-to-image"]} == (await asked(bench, "/v1/models/categories"))[1]

    on_bench(test)


def test_both_catalogs_want_a_token() -> None:
    """Like every other endpoint of theirs."""

    async def test(bench: Bench) -> None:
        async with client(bench.app, None) as stranger:
            runcomfy, kie = (await stranger.get("/v1/models")), (await stranger.get("/api/v1/models"))

        assert (400, 400004) == (runcomfy.status_code, runcomfy.json()["error_code"])
        assert (200, 401) == (kie.status_code, kie.json()["code"])

    on_bench(test)


def test_an_order_and_a_description_share_a_path() -> None:
    """`POST` orders, `GET` describes; an unknown id is the same refusal for both."""

    async def test(bench: Bench) -> None:
        posted = await bench.http.post("/v1/models/acme/nothing", json={})
        got = await bench.http.get("/v1/models/acme/nothing")

        assert (400, 400001) == (got.status_code, got.json()["error_code"])
        assert posted.json() == got.json()
        assert 200 == (await bench.http.post("/v1/models/acme/scene", json={"prompt": "a fox"})).status_code

    on_bench(test)


def test_kies_models_have_a_schema_a_price_and_a_record() -> None:
    """`/models` lists, `/schema` is an OpenAPI 3.1 document with createTask, `/success-rate` counts real jobs."""

    async def test(bench: Bench) -> None:
        listing = (await asked(bench, "/api/v1/models"))[1]["data"]
        document = (await asked(bench, "/api/v1/models/acme/scene/schema"))[1]["data"]["openapi"]
        price = (await asked(bench, "/api/v1/models/acme/scene/price"))[1]["data"]
        order = {"model": "acme/scene", "input": {"prompt": "a fox"}}
        task = (await bench.http.post("/api/v1/jobs/createTask", json=order)).json()["data"]["taskId"]
        await bench.until(task, "done")
        rate = (await asked(bench, "/api/v1/models/acme/scene/success-rate"))[1]["data"]

        assert (2, ["acme/reframe", "acme/scene"]) == (listing["total"], [one["model"] for one in listing["models"]])
        assert {"model", "slug", "title", "provider", "taskType", "description", "pricingDesc"} == listing["models"][0].keys()
        body = document["paths"]["/api/v1/jobs/createTask"]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert ("3.1.0", ["acme/scene"]) == (document["openapi"], body["properties"]["model"]["enum"])
        assert "free" in price["pricingDesc"]
        assert [(1, 1, 1.0)] == [(one["total"], one["success"], one["rate"]) for one in rate["buckets"]]
        for what in ("schema", "price", "success-rate"):
            assert 404 == (await asked(bench, f"/api/v1/models/acme/nothing/{what}"))[1]["code"]

    on_bench(test)


@pytest.mark.parametrize("name", ["runcomfy", "kie"])
def test_what_a_mirror_says_our_provider_understands(name) -> None:
    """Two halves written from the same documentation, apart from each other."""
    provider = get_provider(name)

    async def test(bench: Bench) -> None:
        call = provider.catalog()
        assert call is not None
        listing = provider.catalogued(call, await carried(bench, call))
        one = provider.described("acme/scene", await carried(bench, provider.describe("acme/scene")))
        if isinstance(one, Further):
            one = one.read(await carried(bench, one.call))

        assert (["acme/reframe", "acme/scene"], None, 0) == ([m.id for m in listing.models], listing.more, listing.skipped)
        assert isinstance(one, Listed)
        assert ("acme/scene", name, "Drawn on this machine: free.") == (one.id, one.provider, one.pricing_note)
        with pytest.raises(ModelNotFound):
            provider.described("acme/no", await carried(bench, provider.describe("acme/no")))

    on_bench(test)


@pytest.mark.parametrize("name", ["runcomfy", "kie"])
def test_a_bundled_model_comes_back_with_the_fields_it_has(name) -> None:
    """From the bundled schema, over the mirror's document, to the same names, kinds and required marks."""

    async def test() -> None:
        from ipydarkroom.catalog import bundled

        provider, app = get_provider(name), build_app(tokens=frozenset({"token-of-mine"}))
        async with client(app, "token-of-mine") as http:
            for model in (model for model in bundled() if model.provider == name):
                call = provider.describe(model.id)
                got = await http.get(call.path)
                found = provider.described(model.id, Reply(got.status_code, {}, got.content))
                entry = found.known if isinstance(found, Further) else found
                shape = [(field.name, field.kind, field.required) for field in entry.model("here").fields]

                assert [(field.name, field.kind, field.required) for field in read_schema(model.schema).fields] == shape
        await app.state.studio.close()

    import asyncio

    asyncio.run(test())
