"""Live catalogs through the client: what is asked, what is kept, what is said when nobody answers."""

from __future__ import annotations

import asyncio
import json
import logging
import stat
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from ipydarkroom.budget import estimate
from ipydarkroom.catalog.listing import listed
from ipydarkroom.catalog_cache import FRESH_S
from ipydarkroom.client import AsyncClient
from ipydarkroom.errors import (
    AmbiguousModel, AuthError, DarkroomError, ModelNotFound, NotSent, RateLimited, SpendingForbidden, Unreadable,
)
from ipydarkroom.models import Model, Price
from ipydarkroom.settings import load
from ipydarkroom.testing import QUICK, local_client
from ipydarkroom.wire import Call

CANARY = "canary-0ddba11-token"
SWIFT, SLOW = "acme/swift/text-to-image", "acme/slow/image-to-video"
SEEDREAM = "bytedance/seedream-5/lite/text-to-image"
SCHEMA = {"type": "object", "properties": {"prompt": {"type": "string"}, "width×height": {"type": "string"}}, "required": ["prompt"]}
DEAD = "http://127.0.0.1:9"


def entry(model_id: str, **rest: object) -> dict[str, object]:
    """One line of RunComfy's list."""
    kind = model_id.rpartition("/")[2]
    return {"model_id": model_id, "display_name": model_id.split("/")[1].title(), "categories": [kind], "kind": "model",
            "input_schema": SCHEMA, "base_price_usd": 0.04, "price_unit": "output", "pricing_note": "", **rest}


def reply(body: object, status: str = "200 OK", *headers: str) -> bytes:
    """A whole answer as bytes."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(content)}", "Connection: close", *headers, "", ""]
    return "\r\n".join(lines).encode() + content


@dataclass
class Service:
    """A loopback server that answers by path; the longest beginning that fits. Lists are taken from the front, the last one stays."""

    answers: dict[str, object]
    asked: list[str] = field(default_factory=list)
    origin: str = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        method, target, _ = head.split(b"\r\n")[0].decode().split(" ")
        self.asked.append(f"{method} {target}")
        found = self.answers.get(max((start for start in self.answers if target.startswith(start)), key=len, default=""))
        if isinstance(found, list):
            found = found.pop(0) if len(found) > 1 else found[0]
        writer.write(found if isinstance(found, bytes) else reply({"detail": "nothing"} if found is None else found,
                                                                 "404 Not Found" if found is None else "200 OK"))
        await writer.drain()
        writer.close()


@asynccontextmanager
async def service(answers: dict[str, object]):
    """The server, for the length of the block."""
    made = Service(answers)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield made
    finally:
        server.close()


def client_of(home, runcomfy: str = "", kie: str = "", now: float | None = None, **environ: str) -> AsyncClient:
    """A client with a token and an address for each provider named; `now` stops its clock."""
    told = {"IPYDARKROOM_HOME": str(home), **environ}
    if runcomfy:
        told |= {"RUNCOMFY_API_TOKEN": CANARY, "IPYDARKROOM_RUNCOMFY_URL": runcomfy}
    if kie:
        told |= {"KIE_API_KEY": CANARY, "IPYDARKROOM_KIE_URL": kie}
    client = AsyncClient(settings=load(told), paces=(QUICK, QUICK))
    if now is not None:
        client._finder._browser.cache.clock = lambda: now
    return client


def live(test: Callable[..., Awaitable[None]], *args: object) -> None:
    """Run one test."""
    asyncio.run(test(*args))


LIST = {"/v1/models?": {"models": [entry(SWIFT), entry(SLOW, base_price_usd=0.1, price_unit="second")], "total": 2}}


def test_a_list_has_prices_and_is_asked_for_once_a_day(tmp_path):
    """Two pages, the bundled models beside them, a table; the same day nobody is asked again, the next day somebody is."""

    async def test() -> None:
        pages = [{"models": [entry(SWIFT)], "total": 2}, {"models": [entry(SLOW, price_unit="second")], "total": 2}]
        async with service({"/v1/models?": pages}) as server:
            async with client_of(tmp_path, server.origin, now=1e9) as client:
                found = await client.models(provider="runcomfy")
                again = await client.models("swift")
                clips = await client.models(category="video", provider="runcomfy")

            assert ["0", "1"] == [line.rpartition("offset=")[2] for line in server.asked[:2]]
            assert {SWIFT, SLOW, SEEDREAM} <= {each.id for each in found}
            assert ([SWIFT], [SLOW]) == ([each.id for each in again], [each.id for each in clips])
            assert (Price(0.04), Price(0.04, "second")) == (again[0].price, clips[0].price)
            shown = again._repr_html_()
            assert all(part in shown for part in (f"<code>{SWIFT}</code>", "$0.04 each", "just now", "runcomfy", "text-to-image"))
            assert (2, 1e9) == (len(server.asked), again[0].fetched)
            async with client_of(tmp_path, server.origin, now=1e9 + FRESH_S + 1) as client:
                await client.models(provider="runcomfy")
                assert 4 == len(server.asked)

    live(test)


def test_a_list_of_yesterday_serves_where_nobody_answers_and_says_so(tmp_path):
    """Offline afterwards: the list, its age in words, and every model's form."""

    async def test() -> None:
        async with service(LIST) as server, client_of(tmp_path, server.origin, now=1e9) as client:
            await client.models()
            origin = server.origin
        async with client_of(tmp_path, origin, now=1e9 + 27 * 3600) as client:  # the server is gone
            found = await client.models(provider="runcomfy")
            model = await client.model(SWIFT)
            [notice] = found.notices

        assert ("1 d ago" in notice, "RunComfy gave no answer (No connection" in notice) == (True, True)
        assert "1 d ago" in repr(found)
        assert (["prompt", "width×height"], 1e9, f"{origin}/v1/models/{SWIFT}") == (
            [each.name for each in model.fields], model.fetched, model.source,
        )
        assert Price(0.04) == model.price

    live(test)


def test_nobody_answers_and_nothing_is_kept(tmp_path):
    """Then it is a typed error, for a list and for a model."""

    async def test() -> None:
        async with client_of(tmp_path, DEAD) as client:
            with pytest.raises(NotSent):
                await client.models()
            with pytest.raises(NotSent):
                await client.model("acme/none")

    live(test)


def test_one_provider_that_does_not_answer_leaves_the_other_ones_list(tmp_path):
    """Said in the list; a named one is an error."""

    async def test() -> None:
        async with service(LIST) as server, client_of(tmp_path, server.origin, DEAD) as client:
            found = await client.models()

            assert {"runcomfy", "kie"} == {each.provider for each in found}
            assert ["Kie.ai did not tell its models: No connection to 127.0.0.1: ConnectError."] == list(found.notices)
            with pytest.raises(NotSent):
                await client.models(provider="kie")

    live(test)


@pytest.mark.parametrize(("answer", "error"), [
    (reply({"error_code": 400004, "error_message": f"bad token {CANARY}"}, "400 Bad"), AuthError),
    (reply(b"<html>log in</html>"), Unreadable), (reply({"models": "none"}), Unreadable),
    (reply({"detail": "slow"}, "429 Too Many"), RateLimited), (reply(b"{" * 200), Unreadable),
    (reply(b'{"models":[],"models":[]}'), Unreadable),
])
def test_a_refusal_is_a_typed_error(tmp_path, answer, error):
    """With nothing kept, the person hears what it was; the token is not in it."""

    async def test() -> None:
        async with service({"/v1/models": answer}) as server, client_of(tmp_path, server.origin) as client:
            for ask in (client.models(provider="runcomfy"), client.model("acme/none", "runcomfy")):
                with pytest.raises(DarkroomError) as caught:
                    await ask

                assert error is type(caught.value)
                assert CANARY not in str(caught.value) + repr(vars(caught.value))

    live(test)


def test_one_question_too_many_is_asked_again_a_little_later(tmp_path):
    """Kie's schema call says 429 after a few quick ones: three more tries, Retry-After heard, then the error says what to do."""
    slow = reply({"code": 429, "msg": "slow down"})
    schema = kie_schema(SCHEMA)

    async def test() -> None:
        answers = {"/api/v1/models/acme/swift/schema": [slow, reply({}, "429 Too Many", "Retry-After: 1"), schema],
                   "/api/v1/models/acme/swift/price": {"code": 200, "data": {"pricingDesc": "7 credits"}},
                   "/api/v1/models/acme/slow/schema": slow}
        async with service(answers) as server, client_of(tmp_path, kie=server.origin) as client:
            model = await client.model("acme/swift")
            with pytest.raises(RateLimited, match="Wait a minute"):
                await client.model("acme/slow", "kie")

        assert ("kie", "7 credits", None) == (model.provider, model.pricing_note, model.price)
        assert [4, 4] == [sum(name in line for line in server.asked) for name in ("swift", "slow")]

    live(test)


def kie_schema(schema: object) -> dict[str, object]:
    """What Kie says about a model."""
    body = {"type": "object", "properties": {"model": {"type": "string"}, "input": schema}}
    post = {"post": {"requestBody": {"content": {"application/json": {"schema": body}}}}}
    return {"code": 200, "data": {"model": "x", "openapi": {"openapi": "3.1.0", "paths": {"/api/v1/jobs/createTask": post}}}}


def test_a_rate_limit_is_no_matter_where_something_is_kept(tmp_path):
    """The older description, rather than an error."""

    async def test() -> None:
        slow = reply({"code": 429})
        answers = {"/api/v1/models/acme/swift/schema": [kie_schema(SCHEMA), slow], "/api/v1/models/acme/swift/price": slow}
        async with service(answers) as server:
            async with client_of(tmp_path, kie=server.origin, now=1e9) as client:
                assert 1e9 == (await client.model("acme/swift")).fetched
            async with client_of(tmp_path, kie=server.origin, now=2e9) as client:
                assert 1e9 == (await client.model("acme/swift")).fetched

    live(test)


def test_kies_list_tells_the_price_that_the_schema_does_not(tmp_path):
    """With the list at hand, a description is one question."""

    async def test() -> None:
        item = {"model": "acme/swift", "title": "Swift", "taskType": ["image-to-video"], "pricingDesc": "7 credits"}
        answers = {"/api/v1/models": {"code": 200, "data": {"total": 1, "models": [item]}},
                   "/api/v1/models/acme/swift/schema": kie_schema(SCHEMA)}
        async with service(answers) as server, client_of(tmp_path, kie=server.origin) as client:
            found = await client.models("swift")
            model = await client.model("acme/swift")

        assert ("7 credits", "7 credits", "Swift", "image-to-video") == (
            found[0].pricing_note, model.pricing_note, model.title, model.kind,
        )
        assert ["GET /api/v1/models", "GET /api/v1/models/acme/swift/schema"] == server.asked

    live(test)


def test_a_bundled_model_gets_the_price_that_its_list_told(tmp_path):
    """So a budget can count; before anybody asked for the list, the price is unknown, never nothing."""

    async def test() -> None:
        told = {"/v1/models?": {"models": [entry(SEEDREAM, base_price_usd=0.03)], "total": 1}}
        async with service(told) as server, client_of(tmp_path, server.origin) as client:
            assert None is (await client.model(SEEDREAM)).price
            await client.models()
            model = await client.model(SEEDREAM)

            assert (Price(0.03), 0.0) == (model.price, model.fetched)
            assert 0.03 == estimate(model, {"prompt": "x"}).usd
            assert 0.0 == client.estimate(SEEDREAM, prompt="x").usd  # the service of this test is on this machine
            assert model.most

    live(test)


def test_an_unknown_id_names_the_nearest_of_the_providers_own_list(tmp_path):
    """The list is fetched for that, once; bundled ids are near as well."""

    async def test() -> None:
        async with service(LIST) as server, client_of(tmp_path, server.origin) as client:
            with pytest.raises(ModelNotFound) as caught:
                await client.model("acme/swift/text-to-imge")
            with pytest.raises(ModelNotFound, match="seedream-5/lite"):
                await client.submit("bytedance/seedream-5/lite/text-to-imag", prompt="x")
            for odd in ("../../account", "a b", "", "x" * 150, "%2e%2e/x"):
                with pytest.raises(ModelNotFound):
                    await client.model(odd)

        assert SWIFT in caught.value.params["near"].split(", ")
        assert [1, 0] == [sum(part in line for line in server.asked) for part in ("models?", "account")]

    live(test)


def test_without_a_token_nobody_is_asked(tmp_path):
    """The list is the local backend's, and says so; an unknown id says what a token would change."""

    async def test() -> None:
        async with AsyncClient(settings=load({"IPYDARKROOM_HOME": str(tmp_path)}), paces=(QUICK, QUICK)) as client:
            mine = Model.from_schema(SCHEMA, id="me/mine", provider="kie")
            client._models.keep(mine, "kie")  # as an order does
            found = await client.models()

            assert {"me/mine", SEEDREAM, "ideogram/v3-reframe"} <= {each.id for each in found}
            assert 2 == sum("local backend" in notice for notice in found.notices)
            with pytest.raises(ModelNotFound, match="With a token"):
                await client.model("acme/none")
            assert [] == list((tmp_path / "cache").glob("*"))

    live(test)


def test_paid_hosts_that_are_locked_are_not_asked(tmp_path):
    """IPYDARKROOM_SPENDING=off is a lock on every byte, also a free one; what is kept still serves."""

    async def test() -> None:
        told = {"IPYDARKROOM_HOME": str(tmp_path), "RUNCOMFY_API_TOKEN": CANARY, "IPYDARKROOM_SPENDING": "off"}
        async with AsyncClient(settings=load(told)) as client:
            with pytest.raises(SpendingForbidden):
                await client.models(provider="runcomfy")
            cache = client._finder._browser.cache
            asked = client._finder._browser
            cache.keep_listing("runcomfy", "https://model-api.runcomfy.net", [])
            cache.clock = lambda: 4e9
            answer = await asked.listing(client._finder._route("runcomfy", None), client._engine.traffic(client._finder._route("runcomfy", None)))

            assert isinstance(answer.trouble, SpendingForbidden)

    live(test)


def test_a_model_of_the_catalog_is_ordered_like_any_other(tmp_path):
    """Submit by an id that nobody here knows: one look-up, one order with the inputs as they are; later none is asked."""

    async def test() -> None:
        answers = {f"/v1/models/{SWIFT}": [entry(SWIFT), {"request_id": "r-1"}], "/v1/requests/r-1/status": {"status": "cancelled"}}
        async with service(answers) as server, client_of(tmp_path, server.origin) as client:
            job = await client.submit(SWIFT, {"width×height": "1024x768"}, prompt="a fox")
            await job.wait(20)

            assert [f"GET /v1/models/{SWIFT}", f"POST /v1/models/{SWIFT}"] == server.asked[:2]
            assert {"prompt": "a fox", "width×height": "1024x768"} == dict(job.record.inputs)
            assert Price(0.04) == (await client.model(SWIFT)).price
            assert 1 == sum(line == f"GET /v1/models/{SWIFT}" for line in server.asked)

    live(test)


def test_an_order_that_stays_here_asks_nobody(tmp_path):
    """`local=True` means that nothing leaves, a question neither; what was described before is drawn here."""

    async def test() -> None:
        told = {"IPYDARKROOM_HOME": str(tmp_path), "RUNCOMFY_API_TOKEN": CANARY, "IPYDARKROOM_SPENDING": "off"}
        async with AsyncClient(settings=load(told), paces=(QUICK, QUICK)) as client:
            with pytest.raises(ModelNotFound, match="switched off"):  # so a question would be noticed
                await client.submit(SWIFT, prompt="a fox")
            with pytest.raises(ModelNotFound, match="With a token"):
                await client.submit(SWIFT, prompt="a fox", local=True)
            described = listed(SWIFT, "runcomfy", schema=SCHEMA)
            client._finder._browser.cache.keep_model("runcomfy", "https://model-api.runcomfy.net", described)
            job = await client.submit(SWIFT, prompt="a fox", local=True)

            assert 1 == len((await job.result(30)).images)

    live(test)


def test_two_providers_with_the_same_id_are_never_guessed(tmp_path):
    """Both are asked, both know it: the error names both ways to say it."""

    async def test() -> None:
        answers = {"/v1/models/acme/swift": entry("acme/swift"), "/api/v1/models/acme/swift/schema": kie_schema(SCHEMA)}
        async with service(answers) as server, client_of(tmp_path, server.origin, server.origin) as client:
            with pytest.raises(AmbiguousModel, match="kie:acme/swift"):
                await client.model("acme/swift")
            with pytest.raises(AmbiguousModel):
                await client.submit("acme/swift", prompt="x")

            assert "kie" == (await client.model("kie:acme/swift")).provider
            assert "runcomfy" == (await client.model("acme/swift", "runcomfy")).provider

    live(test)


def test_a_crowd_asks_one_question(tmp_path):
    """Twenty at once for the same list and the same model."""

    async def test() -> None:
        answers = {**LIST, f"/v1/models/{SWIFT}": entry(SWIFT)}
        async with service(answers) as server, client_of(tmp_path, server.origin) as client:
            await asyncio.gather(*(client.model(SWIFT, "runcomfy") for _ in range(10)), *(client.models(provider="runcomfy") for _ in range(10)))

        assert 2 == len(server.asked)

    live(test)


def test_what_is_kept_is_for_its_owner_and_holds_no_token(tmp_path):
    """Files 0600 in a folder 0700, also where the provider repeats the token."""

    async def test() -> None:
        told = {"/v1/models?": {"models": [entry(SWIFT, description=f"Your key is {CANARY}.")], "total": 1},
                f"/v1/models/{SWIFT}": entry(SWIFT, pricing_note=CANARY)}
        async with service(told) as server, client_of(tmp_path, server.origin) as client:
            await client.model(SWIFT)
            await client.models(refresh=True)

    live(test)
    files = list((tmp_path / "cache").iterdir())

    assert {"list", "model", "schemas"} == {path.name.partition("-")[0] for path in files}
    assert {0o600} == {stat.S_IMODE(path.stat().st_mode) for path in files}
    assert 0o700 == stat.S_IMODE((tmp_path / "cache").stat().st_mode)
    assert not any(CANARY in path.read_text("utf-8") for path in files)


@pytest.mark.parametrize("damage", [
    b"", b"{", b"null", b"[]", b"\xff\xfe", b'{"version": 1}', b'{"version": 99, "models": []}', b"[" * 5000,
    b'{"version": 1, "kind": "list", "provider": "kie", "fetched": 1e9, "models": []}', b'{"version": 1, "fetched": NaN}',
])
def test_a_damaged_file_counts_as_none_and_is_written_anew(tmp_path, damage):
    """Whatever a disk, another program or another version left there."""

    async def test() -> None:
        async with service(LIST) as server:
            for _ in range(2):
                async with client_of(tmp_path, server.origin) as client:
                    assert 1 == len(await client.models("swift"))
                for path in (tmp_path / "cache").iterdir():
                    assert SWIFT.encode() in path.read_bytes()
                    path.write_bytes(damage)

            assert 2 == len(server.asked)

    live(test)


def test_entries_that_somebody_put_into_a_file_are_read_like_any_stranger(tmp_path):
    """A whole file with odd lines gives the lines that can be read."""

    async def test() -> None:
        async with service(LIST) as server:
            async with client_of(tmp_path, server.origin) as client:
                await client.models()
            [path] = (tmp_path / "cache").glob("list-*")
            found = json.loads(path.read_text("utf-8"))
            found["models"] += [7, {"id": "../x"}, {"id": "acme/late", "usd": "x", "schema": 3, "title": {}}]
            path.write_text(json.dumps(found), "utf-8")
            async with client_of(tmp_path, server.origin) as client:
                assert ["acme/late"] == [each.id for each in await client.models("late")]
                with pytest.raises(ModelNotFound):
                    await client.model("acme/late")

    live(test)


def test_a_folder_that_cannot_be_written_costs_the_day_only(tmp_path, caplog):
    """A file stands where the folder should be: memory serves."""
    (tmp_path / "cache").write_text("in the way", "utf-8")

    async def test() -> None:
        async with service(LIST) as server, client_of(tmp_path, server.origin) as client:
            await client.models()
            assert 1 == len(await client.models("swift"))
            assert 1 == len(server.asked)

    with caplog.at_level(logging.WARNING, "ipydarkroom"):
        live(test)

    assert "kept in memory only" in caplog.text


def test_a_clock_that_was_wrong_does_not_make_a_list_young_for_ever(tmp_path):
    """A file from the future is of no known age: asked again where possible, used where not."""

    async def test() -> None:
        async with service(LIST) as server:
            async with client_of(tmp_path, server.origin, now=3e9) as client:
                await client.models()
            async with client_of(tmp_path, server.origin, now=1e9) as client:
                await client.models()

            assert 2 == len(server.asked)

    live(test)


def test_pages_without_end_come_to_one(tmp_path):
    """A server that repeats its page for ever, or counts beyond all measure, is left alone."""

    async def test() -> None:
        async with service({"/v1/models?": {"models": [entry(SWIFT)], "total": 10**12}}) as server, client_of(tmp_path, server.origin) as client:
            assert 1 == len(await client.models("swift"))
            assert 2 == len(server.asked)

    live(test)


def test_a_list_shows_foreign_words_as_text(tmp_path):
    """Titles and notes of a catalog open no tag and turn no line around."""
    title = "<script>alert(1)</script>\u202e"

    async def test() -> None:
        odd = {"models": [entry(SWIFT, display_name=title, base_price_usd=None, pricing_note=title, categories=[title])], "total": 1}
        async with service({"/v1/models?": odd}) as server, client_of(tmp_path, server.origin) as client:
            found = await client.models("swift")

        assert ("<script" in found._repr_html_(), "\u202e" in found._repr_html_(), repr(found).count("\u202e")) == (False, False, 0)

    live(test)


def test_a_list_is_a_sequence(tmp_path):
    """Length, places, slices, a further search; what is not shown is counted."""
    with local_client(tmp_path) as client:
        found = client.models()

        assert len(found) == len(list(found)) == len(found[:]) >= 4
        assert ["ideogram/v3-reframe"] == [each.id for each in found.search("v3 reframe")[:1]] or found.search("v3")[0].provider
        assert "No model fits." in repr(client.models("no such thing"))
        with pytest.raises(ModelNotFound):
            client.models(provider="nobody")


def test_a_panel_of_a_model_that_is_not_bundled(tmp_path):
    """From the cache that another notebook filled, or from the provider: the form is there."""
    from ipydarkroom.panel import Panel
    from ipydarkroom.sync import Client

    async def fill() -> str:
        async with service({f"/v1/models/{SWIFT}": entry(SWIFT)}) as server, client_of(tmp_path, server.origin) as client:
            await client.model(SWIFT)
            return server.origin

    origin = asyncio.run(fill())
    told = {"IPYDARKROOM_HOME": str(tmp_path), "RUNCOMFY_API_TOKEN": CANARY, "IPYDARKROOM_RUNCOMFY_URL": origin}
    with Client(settings=load(told), paces=(QUICK, QUICK)) as client:
        panel = Panel(SWIFT, client=client)
        panel.value = {"prompt": "a fox", "width×height": "1"}

        assert {"prompt": "a fox", "width×height": "1"} == dict(panel.value)
        assert client.fingerprint(SWIFT, prompt="x")
        panel.close()


def test_a_question_that_breaks_our_reader_is_an_error_of_the_answer(tmp_path, monkeypatch):
    """A provider's file from elsewhere may stumble over an answer; nobody sees its traceback."""
    from ipydarkroom.providers import get_provider

    def stumble(asked: Call, reply: object) -> None:
        raise KeyError("models")

    monkeypatch.setattr(get_provider("runcomfy"), "catalogued", stumble, raising=False)

    async def test() -> None:
        async with service(LIST) as server, client_of(tmp_path, server.origin) as client:
            with pytest.raises(Unreadable, match="KeyError"):
                await client.models(provider="runcomfy")

    live(test)
