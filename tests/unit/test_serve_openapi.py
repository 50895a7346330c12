"""The served app keeps its own description: schemathesis sends what fits and what does not, to every operation."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
import schemathesis
import uvicorn
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import (
    content_type_conformance,
    negative_data_rejection,
    not_a_server_error,
    positive_data_acceptance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.generation import GenerationMode

from ipydarkroom.catalog import bundled
from ipydarkroom.local import Pace, build_app
from ipydarkroom.local.descriptions import descriptions, document
from ipydarkroom.local.gate import Gate
from ipydarkroom.local.mirrors import mirrors
from ipydarkroom.local.serve import listen, origin_of
from local_bench import TOKEN, Scripted

EXAMPLES = 60  # of each operation, each way; the whole file stays under half a minute
CHECKS = [
    not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance,
    response_schema_conformance,
]
DOCUMENT = document(bundled(), "http://127.0.0.1:1")
SCHEMA = schemathesis.openapi.from_dict(DOCUMENT)
OPERATIONS = {f"{one.method} {one.path}": one for one in (found.ok() for found in SCHEMA.get_all_operations())}


@contextmanager
def listening() -> Iterator[str]:
    """The app behind its gate on a free port, with a painter that takes no time; its address."""
    with listen("127.0.0.1", 0) as taken:
        origin = origin_of(taken)
        app = build_app(tokens=frozenset({TOKEN}), pace=Pace(0, 0), painters=[Scripted()], origin=origin)
        config = uvicorn.Config(Gate(app, taken.getsockname()[1]), ws="none", lifespan="off", log_config=None, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
        thread.start()
        try:
            yield origin
        finally:
            server.should_exit = True
            thread.join(20)
            app.state.studio.shelf.close()


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    """One server for all of this file."""
    with listening() as address:
        yield address


def hammer(operation, mode: GenerationMode, origin: str, checks, **fixed: object) -> None:
    """Send what hypothesis makes of an operation's description, and check every answer; the same requests each time."""

    @settings(
        max_examples=EXAMPLES, derandomize=True, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(mode, **fixed))
    def attempt(case) -> None:
        case.call_and_validate(base_url=origin, headers={"Authorization": f"Bearer {TOKEN}"}, checks=checks, timeout=20)

    attempt()


BOTH_WAYS = [(name, mode) for name in OPERATIONS for mode in GenerationMode if "/files/" not in name or mode.is_positive]


@pytest.mark.parametrize(("name", "mode"), BOTH_WAYS, ids=lambda part: getattr(part, "value", part))
def test_every_answer_is_a_documented_one(name, mode, origin):
    """Whatever comes: no server error, no status, type or shape that the description does not know."""
    hammer(OPERATIONS[name], mode, origin, CHECKS)


ORDERS = [name for name in OPERATIONS if name.startswith("post /v1/models/") and "{" not in name]


@pytest.mark.parametrize("name", ORDERS)
def test_what_does_not_fit_the_description_is_refused(name, origin):
    """A wrong kind, a value that is no choice, a required one left out."""
    hammer(OPERATIONS[name], GenerationMode.NEGATIVE, origin, [*CHECKS, negative_data_rejection])


@pytest.mark.parametrize("name", ORDERS)
def test_what_fits_the_description_is_taken(name, origin):
    """The description and the checker know the same inputs."""
    hammer(OPERATIONS[name], GenerationMode.POSITIVE, origin, [*CHECKS, positive_data_acceptance])


@pytest.mark.parametrize("name", [name for name in OPERATIONS if "{request_id}" in name])
def test_the_answers_about_a_real_request_are_as_described(name, origin):
    """Most ids that chance makes are unknown; this one is not."""
    with httpx.Client(base_url=origin, headers={"Authorization": f"Bearer {TOKEN}"}, trust_env=False) as http:
        order = {"prompt": "a fox", "resolution": "2048x2048 (1:1)"}
        request_id = http.post("/v1/models/bytedance/seedream-5/lite/text-to-image", json=order).json()["request_id"]

    hammer(OPERATIONS[name], GenerationMode.POSITIVE, origin, [*CHECKS, only_success], path_parameters={"request_id": request_id})


def only_success(_: object, response, case) -> None:
    """A check of ours: a known request is never refused."""
    assert response.status_code in (200, 202), case.path


def test_a_server_that_breaks_its_description_is_found():
    """The control: schemathesis, set up like this, does find an answer nobody described."""

    async def wrong(scope, receive, send) -> None:
        await send({"type": "http.response.start", "status": 500, "headers": [(b"content-type", b"text/plain")]})
        await send({"type": "http.response.body", "body": b"oops"})

    with listen("127.0.0.1", 0) as taken:
        server = uvicorn.Server(uvicorn.Config(wrong, ws="none", lifespan="off", log_config=None, timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [taken]})
        thread.start()
        try:
            with pytest.raises(BaseExceptionGroup):
                hammer(OPERATIONS["get /prod/v2/balance"], GenerationMode.POSITIVE, origin_of(taken), CHECKS)
        finally:
            server.should_exit = True
            thread.join(20)


def test_every_route_of_a_described_mirror_is_described(origin):
    """A path that works and stands in no document is found by nobody."""
    described = {path.partition("{")[0] for path in DOCUMENT["paths"]}
    studio = build_app(tokens=frozenset({TOKEN})).state.studio
    told = {each.provider for each in descriptions}
    paths = {route.path for mirror in mirrors if mirror.provider in told for route in mirror.routes(studio)}
    studio.shelf.close()

    assert {"kie", "runcomfy"} <= told
    assert set() == {path for path in paths if path.partition("{")[0] not in described}
    assert httpx.get(f"{origin}/openapi.json", trust_env=False).json()["paths"] == DOCUMENT["paths"]


def test_the_description_names_every_input_of_every_bundled_model():
    """With its choices, so that a page made from it is a form."""
    for model in bundled():
        if model.provider == "runcomfy":
            schema = DOCUMENT["paths"][f"/v1/models/{model.id}"]["post"]["requestBody"]["content"]["application/json"]["schema"]

            assert [field.name for field in model.fields] == list(schema["properties"])
            assert all(
                [choice.value for choice in field.choices] == schema["properties"][field.name].get("enum", []) for field in model.fields
            )
