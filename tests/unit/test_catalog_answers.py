"""What providers' catalogs answer, read from replies written by hand: lists, descriptions, prices, and every way to say no."""

from __future__ import annotations

import json

import pytest

from ipydarkroom.catalog.listing import Listed, amount_of, is_model_id, listed, price_of
from ipydarkroom.errors import AuthError, DarkroomError, InputError, ModelNotFound, NoAnswer, RateLimited, Unreadable
from ipydarkroom.fields import UNSET
from ipydarkroom.models import Price
from ipydarkroom.providers import Further, get_provider
from ipydarkroom.schema.openapi import body_schema
from ipydarkroom.wire import Reply

RC, KIE = get_provider("runcomfy"), get_provider("kie")
SCHEMA = {"type": "object", "properties": {"prompt": {"type": "string"}}, "required": ["prompt"]}
ENTRY = {
    "model_id": "acme/swift/text-to-image", "display_name": "Swift", "description": "Quick.", "categories": ["text-to-image", "image"],
    "kind": "model", "input_schema": SCHEMA, "base_price_usd": 0.04, "price_unit": "output", "pricing_note": "4K costs twice.",
    "model_url": "https://www.example.com/models/acme/swift",
}


def answer(body: object, status: int = 200) -> Reply:
    """A reply with that JSON."""
    return Reply(status, {}, json.dumps(body).encode())


def document(schema: object, path: str = "/api/v1/jobs/createTask", **rest: object) -> dict[str, object]:
    """An OpenAPI document that orders with that schema as `input`."""
    body = {"type": "object", "properties": {"model": {"type": "string"}, "input": schema}}
    content = {"content": {"application/json": {"schema": body}}}
    return {"openapi": "3.1.0", "info": {"title": "Swift"}, "paths": {path: {"post": {"requestBody": content}}}, **rest}


def kie_schema(openapi: object) -> Reply:
    """What Kie answers about one model."""
    return answer({"code": 200, "msg": "success", "data": {"model": "acme/swift", "openapi": openapi}})


def test_runcomfys_entry_is_read_whole():
    """Id, names, price with its unit, the note that no number can say, the page, the schema."""
    call = RC.catalog()
    page = RC.catalogued(call, answer({"models": [ENTRY], "total": 1}))

    assert ("GET", "/v1/models", {"include_schema": "true", "limit": "100", "offset": "0"}) == (call.method, call.path, dict(call.query))
    assert (None, 0) == (page.more, page.skipped)
    [entry] = page.models
    assert ("acme/swift/text-to-image", "runcomfy", "Swift", ("text-to-image", "image"), "model") == (
        entry.id, entry.provider, entry.title, entry.categories, entry.kind,
    )
    assert (Price(0.04), "4K costs twice.", ENTRY["model_url"], SCHEMA) == (entry.price, entry.pricing_note, entry.page, entry.schema)


def test_runcomfys_pages_go_on_to_the_total():
    """The next one begins where this one ended; the last one says so by the total, an empty one ends it too."""
    first = RC.catalogued(RC.catalog(), answer({"models": [ENTRY] * 100, "total": 150}))
    assert first.more is not None
    second = RC.catalogued(first.more, answer({"models": [ENTRY] * 50, "total": 150}))

    assert ("100", None) == (dict(first.more.query)["offset"], second.more)
    assert RC.catalogued(RC.catalog(), answer({"models": [], "total": 150})).more is None
    assert RC.catalogued(RC.catalog(), answer({"models": [ENTRY]})).more is None


def test_an_id_travels_with_its_slashes():
    """Both services take the id as it is; what is no part of a path is escaped."""
    assert "/v1/models/acme/swift/4K" == RC.describe("acme/swift/4K").path
    assert "/api/v1/models/acme/swift/schema" == KIE.describe("acme/swift").path
    assert "/v1/models/a%3Fb%23c" == RC.describe("a?b#c").path


def test_runcomfys_description_is_the_entry():
    """Alone, or under `model`; it is believed only about the model that was asked for."""
    assert SCHEMA == RC.described(ENTRY["model_id"], answer(ENTRY)).schema
    assert SCHEMA == RC.described(ENTRY["model_id"], answer({"model": ENTRY})).schema
    with pytest.raises(Unreadable):
        RC.described("acme/other", answer(ENTRY))


def test_kies_schema_is_the_input_of_its_openapi_document():
    """References lead to the document's components, which go along; the price is a second question, and prose."""
    components = {"schemas": {"Prompt": {"type": "string", "maxLength": 800}}}
    schema = {"type": "object", "properties": {"prompt": {"$ref": "#/components/schemas/Prompt"}}, "required": ["prompt"]}
    found = KIE.described("acme/swift", kie_schema(document(schema, components=components)))

    assert isinstance(found, Further)
    assert "/api/v1/models/acme/swift/price" == found.call.path
    entry = found.read(answer({"code": 200, "data": {"pricingDesc": " 7 credits each "}}))
    assert ("Swift", "7 credits each") == (entry.title, entry.pricing_note)
    [field] = entry.model("here").fields
    assert (("prompt",), 800, True) == (field.pointer, field.max_length, field.required)
    assert found.known == found.read(answer({"code": 500, "data": None}))


def test_the_documents_own_request_is_evidence():
    """A name with a blank behind it is sent without where the request beside it writes it so; pages had that, catalogs not."""
    whole = document({"type": "object", "properties": {"image_urls ": {"type": "array", "items": {"type": "string"}}}})
    body = whole["paths"]["/api/v1/jobs/createTask"]["post"]["requestBody"]["content"]["application/json"]
    body["example"] = {"model": "acme/swift", "input": {"image_urls": ["https://files.example.org/a.png"]}}
    model = KIE.described("acme/swift", kie_schema(whole)).known.model("here")

    assert ["image_urls"] == [field.name for field in model.fields]
    assert body["example"]["input"] == model.sample


def test_kies_whole_body_may_be_a_reference():
    """The document's parts lead to one another in any way that OpenAPI allows; circles end."""
    root = document(SCHEMA)
    body = root["paths"]["/api/v1/jobs/createTask"]["post"]["requestBody"]
    bodies, refs = {"Order": body}, {"$ref": "#/components/requestBodies/Order"}
    circle = {"$ref": "#/components/schemas/A"}

    assert SCHEMA["properties"] == body_schema({
        "paths": {"/x/jobs/createTask": {"post": {"requestBody": refs}}}, "components": {"requestBodies": bodies},
    }, "/jobs/createTask", "input")["properties"]
    assert body_schema(document(circle, components={"schemas": {"A": circle}}), "/jobs/createTask", "input") is None
    for odd in (None, [], {"paths": []}, {"paths": {"/jobs/createTask": 7}}, document(None), document("x")):
        assert body_schema(odd, "/jobs/createTask", "input") is None


@pytest.mark.parametrize(("openapi", "key"), [
    (None, "error.model_undescribed"), ("later", "error.model_undescribed"), (document(None), "error.model_undescribed"),
    (document(SCHEMA, "/api/v1/veo/generate"), "error.model_not_task"), ({}, "error.model_not_task"),
])
def test_a_model_that_cannot_be_ordered_from_here_says_why(openapi, key):
    """Listed without a schema, or with a path of its own: two errors, each with its next step."""
    with pytest.raises(ModelNotFound) as caught:
        KIE.described("acme/swift", kie_schema(openapi))

    assert key == caught.value.key
    assert caught.value.next_step


def test_kies_list_has_prices_in_prose():
    """`taskType` is the category; nothing else is asked for."""
    item = {"model": "acme/swift", "slug": "swift", "title": "Swift", "provider": "Acme", "taskType": ["text-to-image"],
            "description": "Quick.", "pricingDesc": "7 credits each"}
    page = KIE.catalogued(KIE.catalog(), answer({"code": 200, "data": {"total": 1, "models": [item]}}))

    assert ("acme/swift", "kie", ("text-to-image",), None, "7 credits each") == (
        page.models[0].id, page.models[0].provider, page.models[0].categories, page.models[0].price, page.models[0].pricing_note,
    )


@pytest.mark.parametrize(("reply", "error"), [
    (answer({"error_code": 400004, "error_message": "no"}, 400), AuthError),
    (answer({"error_code": 400004, "error_message": "no"}), AuthError),
    (answer({}, 401), AuthError), (answer({"detail": "wait"}, 429), RateLimited), (answer({"error_code": 429001}, 200), RateLimited),
    (Reply(502, {}, b"<html>bad gateway"), NoAnswer), (Reply(200, {}, b"<html>log in"), Unreadable), (answer([]), Unreadable),
    (answer({"models": {}}), Unreadable), (answer({}, 404), Unreadable),
])
def test_runcomfys_refusals_have_their_types(reply, error):
    """Also those that come as HTTP 200."""
    with pytest.raises(DarkroomError) as caught:
        RC.catalogued(RC.catalog(), reply)

    assert error is type(caught.value)
    assert caught.value.next_step or reply.body == b"[]"  # the wire's own sentence about what is no object


@pytest.mark.parametrize(("reply", "error"), [
    (answer({"code": 401, "msg": "no"}), AuthError), (answer({"code": 429, "msg": "slow"}), RateLimited),
    (answer({"code": 455, "msg": "down"}), NoAnswer), (answer({"code": 500}), NoAnswer), (Reply(429, {}, b""), RateLimited),
    (Reply(200, {}, b"<html>"), Unreadable), (answer({"code": 200, "data": []}), Unreadable),
    (answer({"code": 200, "data": {"models": 1}}), Unreadable),
])
def test_kies_refusals_have_their_types(reply, error):
    """The envelope's code first, the HTTP status where there is none."""
    with pytest.raises(DarkroomError) as caught:
        KIE.catalogued(KIE.catalog(), reply)

    assert error is type(caught.value)


@pytest.mark.parametrize(("provider", "reply"), [
    (RC, answer({"error_code": 400001}, 400)), (RC, answer({"error_code": 404001}, 404)), (RC, answer({}, 404)),
    (KIE, answer({"code": 404, "msg": "no"})), (KIE, answer({"code": 422, "msg": "model not found"})), (KIE, answer({}, 404)),
])
def test_an_unknown_id_is_no_failure_of_the_service(provider, reply):
    """`ModelNotFound`, whatever the number under which it is said."""
    with pytest.raises(ModelNotFound) as caught:
        provider.described("acme/none", reply)

    assert "error.model_not_found" == caught.value.key


def test_hostile_entries_cost_themselves_only():
    """Ids that lead elsewhere, entries that are none, texts without end: left out or cut, and counted."""
    bad = ["../../account", "a//b", "/a", "a/", "a/./b", "a?b", "a#b", "a b", "a\nb", "a\\b", "<b>", "", "x" * 200, "a/" * 20 + "b", "é", None, 7, {}]
    models = [ENTRY, *({**ENTRY, "model_id": each} for each in bad), 7, None, [], "x", {"display_name": "no id"}]
    odd = {"model_id": "odd/one", "display_name": ["x"], "description": "d" * 10_000_000, "categories": [7, "image", None] * 100,
           "base_price_usd": "NaN", "price_unit": [], "input_schema": "none", "model_url": "javascript:alert(1)"}
    page = RC.catalogued(RC.catalog(), answer({"models": [*models, odd], "total": 1}))

    assert ([ENTRY["model_id"], "odd/one"], len(models) - 1) == ([entry.id for entry in page.models], page.skipped)
    entry = page.models[1]
    assert ("", ("image",), None, "", None, 4000) == (
        entry.title, entry.categories, entry.price, entry.page, entry.schema, len(entry.description),
    )


@pytest.mark.parametrize("found", [True, -1, float("inf"), 1e9, "1e999", "x", "٣", "0" * 50, None, [], {}])
def test_a_price_that_is_none_is_no_price(found):
    """What is not known is never taken for a number, least of all for nothing."""
    assert amount_of(found) is None
    assert price_of(found, "output") is None
    assert price_of(0.1, "furlong") is None


def test_a_sum_may_be_written_as_text():
    """Some services send decimals as strings."""
    assert (0.045, 0.0) == (amount_of("0.045"), amount_of(0))


@pytest.mark.parametrize("found", ["kling/kling-video-o3/4K/pro", "veo3_fast", "happyhorse/happyhorse-1.0/reference-to-video", "a:b@c"])
def test_ids_in_use_are_ids(found):
    """Dots, capitals, one part or five."""
    assert is_model_id(found)


def test_a_category_is_found_by_its_end():
    """`image` is where pictures come out; every word of a search must be there somewhere."""
    entry = listed("acme/swift", "kie", title="Swift", description="Quick pictures", categories=["text-to-image"], kind="model")

    assert isinstance(entry, Listed)
    assert entry.fits()
    assert entry.fits("SWIFT quick", "image")
    assert entry.fits("", "Text-To-Image")
    assert not entry.fits("swift slow")
    assert not entry.fits("", "video")
    assert not entry.fits("", "age")


def test_an_entry_becomes_a_model_with_its_price():
    """A form, a price and a kind; where it came from and when."""
    [entry] = RC.catalogued(RC.catalog(), answer({"models": [ENTRY], "total": 1})).models
    model = entry.model("https://api.example/v1/models")

    assert ("acme/swift/text-to-image", "runcomfy", "Swift", "text-to-image") == (model.id, model.provider, model.title, model.kind)
    assert (Price(0.04), "4K costs twice.", "https://api.example/v1/models") == (model.price, model.pricing_note, model.source)
    assert [("prompt", True)] == [(field.name, field.required) for field in model.fields]


def test_a_schema_that_is_none_is_an_error_with_a_next_step():
    """A list of things instead of an object: refused by the reader of schemas, not by a crash."""
    entry = listed("acme/swift", "kie", schema={"type": "array"})

    assert entry is not None
    with pytest.raises(InputError):
        entry.model("here")


def test_a_demo_prompt_of_a_catalog_is_never_sent_by_itself():
    """A required input whose default is a sentence or a link is an example; a short setting stays a default."""
    parts = {"prompt": {"type": "string", "default": "A fox in a snowy forest at night"}, "image": {"type": "string", "default": "https://a.example/x.png"},
             "style": {"type": "string", "default": "AUTO"}, "note": {"type": "string", "default": "some words that are optional"}}
    schema = {"type": "object", "properties": parts, "required": ["prompt", "image", "style"]}
    model = listed("acme/swift", "runcomfy", schema=schema).model("here")

    assert {"prompt": parts["prompt"]["default"], "image": parts["image"]["default"]} == dict(model.sample)
    assert [UNSET, UNSET, "AUTO"] == [model.field(name).default for name in ("prompt", "image", "style")]
