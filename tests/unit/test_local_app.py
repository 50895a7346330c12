"""The app's edge: files, unknown paths, wrong methods, limits, broken bodies, and mistakes of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from local_bench import ORIGIN, PNG, TOKEN, Bench, client, on_bench

from ipydarkroom.local import border
from ipydarkroom.local.mirrors import mirrors
from ipydarkroom.tokens import issuers

ORDER = {"prompt": "a fox"}


async def painted(bench: Bench) -> str:
    """Order a picture, wait, and return its link."""
    answer = (await bench.http.post("/v1/models/acme/scene", json=ORDER)).json()
    await bench.until(answer["request_id"], "done")
    result = (await bench.http.get(f"/v1/requests/{answer['request_id']}/result")).json()
    link: str = result["output"]["image"]
    return link


def test_a_picture_is_served_without_a_token() -> None:
    """Its name is unguessable; its type is told by its content and not to be guessed again."""

    async def test(bench: Bench) -> None:
        link = await painted(bench)
        async with client(bench.app, None) as anybody:
            got = await anybody.get(link)

        assert link.startswith(f"{ORIGIN}/files/")
        assert (200, PNG, "image/png") == (got.status_code, got.content, got.headers["content-type"])
        assert "nosniff" == got.headers["x-content-type-options"]

    on_bench(test)


@pytest.mark.parametrize("name", ["nothing.png", "..%2F..%2Fetc%2Fpasswd", "%00", "....//x", ""])
def test_a_file_is_found_by_table_only(name: str) -> None:
    """Whatever is not in the table does not exist; nothing is read as a path."""

    async def test(bench: Bench) -> None:
        await painted(bench)

        got = await bench.http.get(f"/files/{name}")

        assert 404 == got.status_code

    on_bench(test)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 404),
        ("GET", "/v1/nothing", 404),
        ("GET", "/api/v1/nothing", 404),
        ("PUT", "/v1/models/acme/scene", 405),
        ("POST", "/api/v1/models", 405),
        ("GET", "/api/v1/models/acme/scene", 404),
        ("POST", "/v1/requests/x/status", 405),
        ("GET", "/v1/requests/x/cancel", 405),
        ("GET", "/v1/requests/x/status/", 404),
        ("GET", "/api/v1/jobs/createTask", 405),
        ("POST", "/files/x.png", 405),
    ],
)
def test_only_the_documented_paths_and_methods_exist(method: str, path: str, status: int) -> None:
    """Unknown path 404, wrong method 405, always as JSON; no redirect to a path with or without a slash."""

    async def test(bench: Bench) -> None:
        got = await bench.http.request(method, path)

        assert status == got.status_code
        assert isinstance(got.json(), dict)

    on_bench(test)


@pytest.mark.parametrize("path", ["/v1/models/acme/scene", "/api/v1/jobs/createTask", "/api/file-stream-upload"])
def test_a_body_above_the_limit_is_refused(path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """413, by the announced length and by what really comes."""
    monkeypatch.setattr(border, "MAX_BODY", 1000)

    async def unannounced() -> AsyncIterator[bytes]:
        yield b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'
        for _ in range(30):
            yield b"x" * 100

    async def test(bench: Bench) -> None:
        headers = {"Content-Type": "multipart/form-data; boundary=x"} if "upload" in path else {}
        announced = await bench.http.post(path, content=b"x" * 3000, headers=headers)
        streamed = await bench.http.post(path, content=unannounced(), headers=headers)

        assert (413, 413) == (announced.status_code, streamed.status_code)

    on_bench(test)


@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b'"x"', b"null", b"\xff\xfe{}", b"[" * 100_000, b'{"prompt": NaN}', b"1" * 5000]
)
def test_a_broken_body_is_the_documented_error(body: bytes) -> None:
    """Neither mirror answers 500 to bytes that are no JSON object."""

    async def test(bench: Bench) -> None:
        runcomfy = await bench.http.post("/v1/models/acme/scene", content=body)
        kie = await bench.http.post("/api/v1/jobs/createTask", content=body)

        assert (422, "json_invalid") == (runcomfy.status_code, runcomfy.json()["detail"][0]["type"])
        assert (200, 422) == (kie.status_code, kie.json()["code"])

    on_bench(test)


def test_half_a_character_in_a_body_is_no_mistake() -> None:
    """A lone surrogate is valid JSON; it comes back escaped, in errors and in records."""
    text = rb'{"prompt": "a \ud83d fox", "size": "\ud83d"}'
    order = rb'{"model": "acme/scene", "input": {"prompt": "\ud83d"}}'

    async def test(bench: Bench) -> None:
        wrong = await bench.http.post("/v1/models/acme/scene", content=text)
        unknown = await bench.http.post("/api/v1/jobs/createTask", content=rb'{"model": "\ud83d", "input": {}}')
        taken = (await bench.http.post("/api/v1/jobs/createTask", content=order)).json()
        record = await bench.http.get("/api/v1/jobs/recordInfo", params={"taskId": taken["data"]["taskId"]})

        assert (422, 404, 200) == (wrong.status_code, unknown.json()["code"], record.json()["code"])

    on_bench(test)


def test_a_mistake_of_its_own_is_an_answer_without_details() -> None:
    """Whatever goes wrong inside, a client gets a 500 in the provider's shape and no traceback."""

    def broken(*_: object) -> None:
        raise ZeroDivisionError("canary")

    async def test(bench: Bench) -> None:
        bench.studio.find = broken
        got = await bench.http.post("/v1/models/acme/scene", json=ORDER)

        assert 500 == got.status_code
        assert "canary" not in got.text
        assert ["error_message"] == list(got.json())

    on_bench(test)


@pytest.mark.parametrize("header", ["", "Bearer", f"Basic {TOKEN}", "Bearer wrong", TOKEN, f"Bearer {TOKEN}x"])
def test_only_a_known_bearer_token_opens_the_door(header: str) -> None:
    """Anything else is each provider's own "no access"."""

    async def test(bench: Bench) -> None:
        async with client(bench.app, None) as nobody:
            headers = {"Authorization": header} if header else {}
            runcomfy = await nobody.post("/v1/models/acme/scene", json=ORDER, headers=headers)
            kie = await nobody.get("/api/v1/chat/credit", headers=headers)

        assert (400, 400004) == (runcomfy.status_code, runcomfy.json()["error_code"])
        assert (200, 401) == (kie.status_code, kie.json()["code"])
        assert not bench.painter.orders

    on_bench(test)


def test_switched_off_both_mirrors_say_so() -> None:
    """RunComfy answers 503, Kie code 455."""

    async def test(bench: Bench) -> None:
        bench.studio.unavailable = True
        runcomfy = await bench.http.post("/v1/models/acme/scene", json=ORDER)
        kie = await bench.http.get("/api/v1/chat/credit")

        assert (503, 200, 455) == (runcomfy.status_code, kie.status_code, kie.json()["code"])

    on_bench(test)


def test_the_mirrors_have_ranks_and_paths_of_their_own() -> None:
    """A mirror is one file; no two answer to the same provider or the same paths."""
    found = list(mirrors)

    assert list(issuers()) == [mirror.provider for mirror in found]
    assert sorted(set(mirrors.ranks())) == mirrors.ranks()
    assert len(found) == len({mirror.prefix for mirror in found})


def test_an_upload_cannot_act_in_a_browser() -> None:
    """A page sent as a file comes back as bytes, not as a page."""
    page = b"<script>alert(1)</script>"

    async def test(bench: Bench) -> None:
        sent = await bench.http.post(
            "/api/file-stream-upload", files={"file": ("x.html", page, "text/html")}, data={"uploadPath": "a"}
        )
        got = await bench.http.get(sent.json()["data"]["downloadUrl"])

        assert (page, "application/octet-stream") == (got.content, got.headers["content-type"])
        assert "sandbox" in got.headers["content-security-policy"]

    on_bench(test)


def test_a_pictures_type_is_read_from_its_bytes() -> None:
    """What a client claims does not count."""

    async def test(bench: Bench) -> None:
        sent = await bench.http.post(
            "/api/file-stream-upload", files={"file": ("x.txt", PNG, "text/plain")}, data={"uploadPath": "a"}
        )

        assert "image/png" == sent.json()["data"]["mimeType"]

    on_bench(test)
