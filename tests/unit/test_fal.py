"""fal through the whole house: client, panel, live status, cancel, catalog, a second session, a lost answer, a marked key."""

from __future__ import annotations

import asyncio
import base64
import json
import logging
import socket
from contextlib import asynccontextmanager
from queue import Queue

import pytest
import uvicorn

from ipydarkroom.client import AsyncClient
from ipydarkroom.errors import DarkroomError, InputError, JobFailed, SubmitUncertain
from ipydarkroom.jobs import State
from ipydarkroom.local import Pace, build_app
from ipydarkroom.models import Model
from ipydarkroom.panel import Panel
from ipydarkroom.schema.openapi import body_schema
from ipydarkroom.settings import load
from ipydarkroom.testing import QUICK, ScriptedPainter, local_client, tiny_png

FLUX = "fal-ai/flux/dev"
KEY_ID, SECRET = "canary-1d1d1d1d", "canary-5ec2e75ec2e7"
KEY = f"{KEY_ID}:{SECRET}"
# The names, defaults and choices of this model's page (fal.ai/models/fal-ai/flux/dev, autumn 2025), in the shape of its document.
DOCUMENT = {
    "openapi": "3.0.4",
    "components": {"schemas": {
        "FluxDevInput": {
            "title": "FluxDevInput", "type": "object", "required": ["prompt"],
            "x-fal-order-properties": ["prompt", "image_size", "num_images", "seed", "output_format", "guidance_scale"],
            "properties": {
                "guidance_scale": {"type": "number", "default": 3.5, "title": "Guidance scale"},
                "image_size": {
                    "anyOf": [{"$ref": "#/components/schemas/ImageSize"},
                              {"type": "string", "enum": ["square_hd", "square", "portrait_4_3", "landscape_4_3"]}],
                    "default": "landscape_4_3",
                },
                "num_images": {"type": "integer", "default": 1}, "output_format": {"type": "string", "enum": ["jpeg", "png"]},
                "prompt": {"type": "string", "title": "Prompt"}, "seed": {"type": "integer"},
            },
        },
        "ImageSize": {"type": "object", "properties": {"width": {"type": "integer"}, "height": {"type": "integer"}}},
    }},
    "paths": {
        f"/{FLUX}/requests/{{request_id}}": {"get": {}},
        f"/{FLUX}": {"post": {"requestBody": {"content": {"application/json": {
            "schema": {"$ref": "#/components/schemas/FluxDevInput"}}}}}},
    },
}  # fmt: skip


def flux() -> Model:
    """The model of the document."""
    schema = body_schema(DOCUMENT, f"/{FLUX}")
    assert schema is not None
    return Model.from_schema(schema, id=FLUX, provider="fal")


@pytest.fixture
def painter():
    """A painter under the test's control, let go at the end."""
    made = ScriptedPainter()
    yield made
    made.release()


@asynccontextmanager
async def served(painter):
    """The local backend on a loopback port, as a stand-in for fal that knows this one model; gives its origin."""
    door = socket.create_server(("127.0.0.1", 0))
    origin = f"http://127.0.0.1:{door.getsockname()[1]}"
    model = flux()
    app = build_app(
        tokens=frozenset({KEY}), pace=Pace(0, 0), painters=[painter], origin=origin,
        find=lambda provider, model_id: model if (provider, model_id) == ("fal", FLUX) else None,
        models=lambda provider: [model] if provider == "fal" else [],
    )
    server = uvicorn.Server(uvicorn.Config(app, access_log=False, log_level="warning", lifespan="off", ws="none"))
    serving = asyncio.create_task(server.serve(sockets=[door]))
    try:
        yield origin
    finally:
        painter.release()
        server.should_exit = True
        await serving
        await app.state.studio.close()
        door.close()


def client_at(home, origin: str) -> AsyncClient:
    """A client with the key, whose fal is at that address."""
    return AsyncClient(settings=load({"IPYDARKROOM_HOME": str(home), "FAL_KEY": KEY, "IPYDARKROOM_FAL_URL": origin}), paces=(QUICK, QUICK))


def test_two_pictures_come_and_every_word_on_the_way_is_fals(tmp_path, painter):
    """In this process, without a token; the words that people see are those of the protocol."""
    painter.hold()
    with local_client(tmp_path, painter) as client:
        job = client.submit(flux(), prompt="a fox", num_images=2, output_format="png")
        words: Queue[str] = Queue()
        job.watch(lambda record: words.put(record.word))
        words.put(job.record.word)  # it may be at work already
        seen = [""]
        while seen[-1] != "IN_PROGRESS":
            seen.append(words.get(timeout=20))
        painter.release()
        result = job.result(30)
        seen += [words.get_nowait() for _ in range(words.qsize())]

    assert 2 == len(result.images)
    assert "COMPLETED" == seen[-1]
    assert set(seen) <= {"", "IN_QUEUE", "IN_PROGRESS", "COMPLETED"}


def test_a_panel_of_the_model_runs_it(tmp_path, painter):
    """Form, Run, picture."""
    with local_client(tmp_path, painter) as client:
        panel = Panel(flux(), client=client)
        panel.value = {"prompt": "a fox"}
        job = panel.submit()
        panel.wait(30)

        assert (State.SUCCEEDED, "fal") == (job.state, job.record.provider)
        assert 'alt="a fox"' in panel._screen.results.large
        panel.close()


def test_a_waiting_request_is_cancelled_and_one_at_work_is_not(tmp_path, painter):
    """The position is shown, the first goes on, the second never begins and costs nothing."""
    painter.hold()
    with local_client(tmp_path, painter) as client:
        first = client.submit(flux(), prompt="one")
        assert painter.started.wait(20)
        second = client.submit(flux(), prompt="two")
        places: Queue[int | None] = Queue()
        second.watch(lambda record: places.put(record.position))
        places.put(second.record.position)  # it may be there already
        while places.get(timeout=20) != 1:  # one is ahead
            continue
        assert "stopped" == second.cancel()
        with pytest.raises(JobFailed):
            second.result(30)
        assert "unknown" == first.cancel()
        painter.release()
        first.result(30)

    assert (State.CANCELLED, "no") == (second.state, second.record.charged)
    assert State.SUCCEEDED is first.state
    assert ["one"] == [order.prompt for order in painter.orders]


def test_a_model_is_found_in_the_catalog_and_ordered_by_its_id(tmp_path, painter):
    """Over real HTTP with a key: list, description, price, order, picture, balance."""

    async def live() -> None:
        async with served(painter) as origin, client_at(tmp_path, origin) as client:
            listed = await client.models(provider="fal")
            model = await client.model(FLUX)
            result = await client.run(f"fal:{FLUX}", prompt="a fox", image_size={"width": 32, "height": 24})
            left = await client.balance("fal")

            assert [FLUX] == [entry.id for entry in listed]
            assert {"prompt", "image_size", "seed"} <= {field.name for field in model.fields}
            assert (0.0, "fal") == (model.price.usd, model.provider)
            assert (1, 5.0) == (len(result.images), left.usd)

    asyncio.run(live())


def test_the_next_session_goes_on_with_a_request_under_its_apps_path(tmp_path, painter):
    """The journal has the model and the id; both are needed to ask."""

    async def live() -> None:
        async with served(painter) as origin:
            painter.hold()
            async with client_at(tmp_path, origin) as client:
                job = await client.submit(flux(), prompt="a fox")
                async for record in job.events():
                    if record.remote_id:
                        break
            painter.release()
            async with client_at(tmp_path, origin) as client:
                (again,) = await client.resume()
                result = await again.result(30)

            assert (job.id, 1, 1) == (again.id, len(result.images), len(painter.orders))

    asyncio.run(live())


def test_pictures_inside_the_answer_are_not_ordered(tmp_path, faults):
    """`sync_mode` was paid for and ended as a failure, since only links are fetched; now it is refused before it is sent."""

    async def live() -> None:
        async with faults.server(faults.sends_raw(b"")) as server:
            async with client_at(tmp_path, server.origin) as client:
                job = await client.submit(flux(), {"prompt": "a fox", "sync_mode": True})
                await job.wait(20)
                with pytest.raises(DarkroomError, match="sync_mode"):
                    await job
                assert (State.FAILED, "no") == (job.state, job.charged)
            assert not server.requests

    asyncio.run(live())


def test_a_lost_answer_is_uncertain_and_never_sent_again(tmp_path, faults):
    """fal-client sends such an order ten times; nothing documented says that the first was not queued."""

    async def live() -> None:
        async with faults.server(faults.sends_raw(b"")) as server:
            async with client_at(tmp_path, server.origin) as client:
                job = await client.submit(flux(), prompt="a fox")
                await job.wait(20)
                with pytest.raises(SubmitUncertain):
                    await job
                assert State.UNCERTAIN is job.state
            assert 1 == sum(request.startswith(b"POST") for request in server.requests)

    asyncio.run(live())


@pytest.mark.parametrize("said", [f"Key {KEY}", f"no key {KEY_ID} with {SECRET}", SECRET])
def test_a_key_goes_to_fal_and_is_seen_nowhere(tmp_path, faults, caplog, said):
    """After `Key`, and to its own address only; cut from what a server repeats of it, whole or its secret half."""
    caplog.set_level(logging.DEBUG)

    async def live() -> tuple[list[str], list[bytes]]:
        async with faults.server(faults.says(json.dumps({"detail": said}).encode(), status="401 No")) as server:
            async with client_at(tmp_path, server.origin) as client:
                job = await client.submit(flux(), prompt="fox")
                await job.wait(20)
                shown = [str(job.error), repr(job), repr(job.record), repr(client), repr(client.settings), repr(client.route(flux()))]
            return shown, server.requests

    shown, requests = asyncio.run(live())

    assert [True] == [f"authorization: key {KEY}".encode() in request.lower() for request in requests]
    assert "(token)" in shown[0]
    assert SECRET not in "".join(shown) + caplog.text
    assert not [path for path in tmp_path.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]


def test_a_picture_inside_the_answer_is_kept(tmp_path, faults):
    """Of a model whose own default is `sync_mode`: it was paid for, and there is no second copy."""
    inside = "data:image/png;base64," + base64.b64encode(tiny_png()).decode()

    async def live() -> bytes:
        answers = ({"request_id": "r-1"}, {"status": "COMPLETED", "request_id": "r-1"}, {"images": [{"url": inside}]})
        async with faults.server(*(faults.says(json.dumps(each).encode()) for each in answers)) as server:
            async with client_at(tmp_path, server.origin) as client:
                [picture] = (await client.run(flux(), prompt="fox")).images
                return picture.path.read_bytes()

    assert tiny_png()[:8] == asyncio.run(live())[:8]


def test_a_picture_is_fetched_without_the_key_and_addresses_are_not_followed(tmp_path, faults):
    """Pictures lie at public links; the addresses that an order is answered with are built anew from model and id."""

    async def live() -> list[bytes]:
        async with faults.server(faults.says(b'{"request_id": "r-1", "status_url": "http://127.0.0.1:9/trap"}')) as server:
            told = {"status": "COMPLETED", "request_id": "r-1", "response_url": f"{server.origin}/trap"}
            result = {"images": [{"url": f"{server.origin}/a.png", "content_type": "image/png"}]}
            server.scripts += [faults.says(json.dumps(body).encode()) for body in (told, result)] + [faults.says(tiny_png())]
            async with client_at(tmp_path, server.origin) as client:
                assert 1 == len((await client.run(flux(), prompt="fox")).images)
            return server.requests

    requests = asyncio.run(live())

    paths = [f"/{FLUX}", "/fal-ai/flux/requests/r-1/status", "/fal-ai/flux/requests/r-1", "/a.png"]
    assert paths == [request.split(b" ")[1].decode() for request in requests]
    assert [True, True, True, False] == [b"authorization" in request.lower() for request in requests]


def test_there_is_no_place_for_a_callbacks_address(tmp_path):
    """Told before anything is sent."""
    with local_client(tmp_path) as client, pytest.raises(InputError):
        client.submit(flux(), prompt="a fox", callback_url="https://a.example/s/1")
