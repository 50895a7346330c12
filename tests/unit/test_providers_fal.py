"""fal's queue, read from replies written by hand after its documentation, traps included."""

from __future__ import annotations

import json

import pytest

from ipydarkroom.errors import AuthError, DarkroomError, ModelNotFound, RateLimited, Unreadable
from ipydarkroom.jobs import Accepted, Cancelled, Failed, Finished, Orphaned, Progress, Queued, Rejected
from ipydarkroom.models import Price
from ipydarkroom.providers import Again, Balance, Further, Halt, Then, get_provider
from ipydarkroom.settings import load
from ipydarkroom.wire import Call, Reply

FAL = get_provider("fal")
FLUX = "fal-ai/flux/dev"
ID = "7f1d2c3b-0000-4000-8000-00000000beef"


def answer(body: object, status: int = 200, **headers: str) -> Reply:
    """A reply with that JSON body."""
    return Reply(status, {"content-type": "application/json", **headers}, json.dumps(body).encode())


def result(reply: Reply, **said: object) -> object:
    """What is read when the status says COMPLETED and the result call answers so."""
    then = FAL.polled(ID, answer({"status": "COMPLETED", "request_id": ID, **said}), FLUX)
    assert isinstance(then, Then)
    return then.read(reply)


def test_an_order_is_the_inputs_under_the_models_whole_id():
    """fal wants the inputs as the body itself; there is no place for a callback, as its signature is not read here."""
    call = FAL.submit(FLUX, {"width×height": "1:1", "seed": 0}, callback_url="https://a.example/s/1")

    assert Call("POST", "/fal-ai/flux/dev", body={"width×height": "1:1", "seed": 0}) == call
    assert not FAL.takes_callbacks


@pytest.mark.parametrize(
    ("model_id", "app"),
    [
        ("fal-ai/flux/dev", "fal-ai/flux"), ("fal-ai/fast-sdxl", "fal-ai/fast-sdxl"), ("owner/app/v2/edit/turbo", "owner/app"),
        ("workflows/owner/app/step", "workflows/owner/app"), ("comfy/owner/app", "comfy/owner/app"),
    ],
)
def test_a_request_is_asked_about_under_owner_and_app(model_id, app):
    """The endpoint of a model is in the order's path only; addresses that an answer gives are never followed."""
    evil = {"request_id": ID, "status_url": "https://evil.example/s", "response_url": "https://evil.example/r"}
    assert Accepted(ID) == FAL.submitted(answer(evil))

    then = FAL.polled(ID, answer({"status": "COMPLETED", **evil}), model_id)

    assert Call("GET", f"/{app}/requests/{ID}/status") == FAL.poll(ID, model_id)
    assert Call("GET", f"/{app}/requests/{ID}") == then.call
    assert Call("PUT", f"/{app}/requests/{ID}/cancel") == FAL.cancel(ID, model_id)


@pytest.mark.parametrize(
    ("status", "detail", "kind"),
    [
        (401, "no such key", "AuthError"), (403, "not allowed", "AuthError"), (404, "no such app", "ModelNotFound"),
        (403, "User is locked. Reason: Exhausted balance. Top up.", "BalanceError"), (429, "slow down", "RateLimited"),
        (422, [{"loc": ["body", "prompt"], "msg": "field required", "type": "missing"}], "InputError"),
    ],
)
def test_a_refusal_means_no_job_and_is_not_repeated(status, detail, kind):
    """No code is documented as one after which the same order may go again."""
    verdict = FAL.submitted(answer({"detail": detail}, status))

    assert isinstance(verdict, Rejected)
    assert (kind, str(status)) == (verdict.trouble.kind, verdict.trouble.code)
    assert verdict.trouble.message == (detail if isinstance(detail, str) else "prompt: field required")


@pytest.mark.parametrize(
    "reply",
    [
        answer({"detail": "Request timed out", "error_type": "request_timeout"}, 504), answer({"detail": "oops"}, 500),
        answer({"detail": "no runner", "error_type": "runner_scheduling_failure"}, 503), answer({}), answer({"request_id": "../x"}),
        answer({"detail": "closed"}, 499), answer({"detail": "again"}, 409), Reply(502, {}, b"<html>nginx</html>"),
    ],
)
def test_what_proves_nothing_leaves_the_order_uncertain(reply):
    """fal-client sends an order again after a 502; nothing says that the first one was not queued."""
    assert isinstance(FAL.submitted(reply), Orphaned)


def test_the_three_words_of_a_status():
    """HTTP 202 comes with the first two; the position counts the requests ahead."""
    assert Queued("IN_QUEUE", 3) == FAL.polled(ID, answer({"status": "IN_QUEUE", "queue_position": 3}, 202), FLUX)
    assert Queued("IN_QUEUE", None) == FAL.polled(ID, answer({"status": "IN_QUEUE", "queue_position": "x"}, 202), FLUX)
    assert Progress("IN_PROGRESS") == FAL.polled(ID, answer({"status": "IN_PROGRESS", "logs": None}, 202), FLUX)
    assert isinstance(FAL.polled(ID, answer({"status": "COMPLETED"}), FLUX), Then)


def test_a_word_that_nobody_knows_is_shown_and_waited_on():
    """FAILED is in clients of others and in no document: it ends nothing here."""
    assert Progress("FAILED") == FAL.polled(ID, answer({"status": "FAILED"}), FLUX)
    assert Progress("") == FAL.polled(ID, answer({"status": None}), FLUX)


def test_a_status_of_another_request_is_no_news():
    """A mixed-up answer."""
    assert isinstance(FAL.polled(ID, answer({"status": "COMPLETED", "request_id": "other"}), FLUX), Again)


def test_an_output_is_read_as_it_is():
    """Pictures from `images`, whatever else has a link in it."""
    output = {
        "images": [{"url": "https://v3.fal.media/a.jpg", "width": 64, "height": 48, "content_type": "image/jpeg"},
                   {"url": "https://v3.fal.media/b.jpg"}],
        "timings": {"inference": 1.5}, "seed": 7, "has_nsfw_concepts": [False, False], "prompt": "see https://a.example/not-a-result",
    }  # fmt: skip

    found = result(answer(output))

    assert isinstance(found, Finished)
    assert ["https://v3.fal.media/a.jpg", "https://v3.fal.media/b.jpg"] == [output.url for output in found.outputs]
    assert (None, None, "") == (found.cost, found.usd, found.note)


def test_a_marked_picture_is_said():
    """The safety checker's word stands beside the picture."""
    found = result(answer({"images": [{"url": "https://v3.fal.media/a.jpg"}], "has_nsfw_concepts": [True]}))

    assert "marked 1 of 1" in found.note


def test_other_outputs_are_found_too():
    """A video, one image, and a model whose output nobody has described."""
    for output in ({"video": {"url": "https://a.example/v.mp4"}}, {"image": {"url": "https://a.example/v.png"}},
                   {"model_mesh": {"url": "https://a.example/v.glb"}}):
        assert 1 == len(result(answer(output)).outputs)


@pytest.mark.parametrize("output", [{}, {"images": []}, {"detail": "filtered"}])
def test_a_success_without_a_link_is_a_failure_with_a_sentence(output):
    """The fallback looks for links everywhere."""
    found = result(answer(output))

    assert isinstance(found, Failed)
    assert found.trouble.message


@pytest.mark.parametrize(
    ("reply", "message"),
    [
        (answer({"detail": [{"loc": ["body", "prompt"], "msg": "too long", "type": "string_too_long"}]}, 422), "prompt: too long"),
        (answer({"detail": [{"loc": ["body"], "msg": "broke", "type": "internal_server_error"}]}, 500), "broke"),
        (answer({"detail": "Runner gone", "error_type": "runner_disconnected"}, 503), "Runner gone"),
        (answer({"detail": "Timed out"}, 504, **{"x-fal-error-type": "request_timeout"}), "Timed out"),
        (answer({"detail": "That picture cannot be read"}, 400), "That picture cannot be read"),
    ],
)
def test_the_error_of_a_completed_request_is_its_end(reply, message):
    """`completed` means "no longer running"; what the result call says is what became of it."""
    found = result(reply)

    assert isinstance(found, Failed)
    assert ("maybe", message) == (found.charged, found.trouble.message)


@pytest.mark.parametrize("status", [429, 500, 502, 503, 408])
def test_a_gateways_word_about_a_result_is_a_failed_look(status):
    """No error type and no list: that is no word of the request."""
    assert isinstance(result(Reply(status, {}, b"<html>bad gateway</html>")), Again)


def test_a_result_that_is_not_ready_yet_is_asked_for_again():
    """Status and result may be told by two machines."""
    assert isinstance(result(answer({"detail": "Request is still in progress"}, 400)), Again)


def test_an_error_told_by_the_status_counts_where_the_result_tells_none():
    """And a result counts more than the word of the status."""
    silent, there = Reply(502, {}, b""), answer({"images": [{"url": "https://a.example/a.png"}]})

    assert "no space" == result(silent, error="no space").trouble.message
    assert isinstance(result(there, error="no space"), Finished)


def test_a_cancelled_request_says_so_by_its_error_type():
    """Under either call; nothing is documented about which."""
    gone = {"status": "COMPLETED", "error": "cancelled", "error_type": "client_cancelled"}

    assert Cancelled("COMPLETED") == FAL.polled(ID, answer(gone), FLUX)
    assert Cancelled("COMPLETED") == result(answer({"detail": "x", "error_type": "client_cancelled"}, 499))


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [
        (answer({"status": "OK"}), "stopped"), (answer({"status": "CANCELLATION_REQUESTED"}, 202), "unknown"),
        (answer({"status": "ALREADY_COMPLETED"}, 400), "still_running"), (answer({"status": "NOT_FOUND"}, 404), "unknown"),
        (answer({}), "unknown"), (Reply(502, {}, b""), "unknown"),
    ],
)
def test_only_a_removed_request_counts_as_stopped(reply, outcome):
    """A signal to a runner is a wish."""
    assert outcome == FAL.cancelled(reply)


@pytest.mark.parametrize(("status", "kind"), [(401, Halt), (403, Halt), (404, Again), (429, Again), (500, Again), (422, Again)])
def test_a_failed_look_is_no_failed_job(status, kind):
    """404 is normal for a moment after the order; a bad key ends the looking, not the job."""
    reading = FAL.polled(ID, answer({"detail": "no"}, status), FLUX)

    assert isinstance(reading, kind)
    assert (status == 404) == getattr(reading, "unseen", False)


def test_the_key_is_called_fal_key_and_may_have_two_halves():
    """As the vendor's own client reads it; the word before it is the provider's."""
    token = load({"FAL_KEY": "canary-id:canary-secret"}).token("fal")

    assert token is not None
    assert ("canary-id:canary-secret", "Key") == (token.reveal(), FAL.auth_scheme)


def test_the_balance_is_in_dollars():
    """`credits` is expanded, on the platform's host."""
    asked = FAL.balance()

    assert ("platform", "/v1/account/billing", (("expand", "credits"),)) == (asked.host, asked.path, asked.query)
    told = {"username": "a", "credits": {"current_balance": 24.5, "currency": "USD"}}
    assert Balance("fal", 24.5, "USD", 24.5) == FAL.balanced(answer(told))


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (answer({"error": {"message": "Admin API key required"}}, 403), AuthError), (answer({"detail": "no"}, 401), AuthError),
        (answer({"username": "a"}), Unreadable), (answer({"credits": {"current_balance": 9, "currency": "EUR"}}), Unreadable),
        (answer({"credits": {"current_balance": "9", "currency": "USD"}}), Unreadable), (answer([]), Unreadable),
    ],
)
def test_what_is_no_balance_is_a_typed_error(reply, error):
    """A usual key may not ask: the next step says which one may."""
    with pytest.raises(error) as caught:
        FAL.balanced(reply)
    assert error is Unreadable or "Admin" in caught.value.next_step


def entry(model_id: object, **more: object) -> dict[str, object]:
    """One model of the list."""
    about = {"display_name": "Flux", "category": "text-to-image", "description": "Fast.", "model_url": "https://fal.run/x"}
    return {"endpoint_id": model_id, "metadata": about, **more}


def test_a_list_is_read_page_by_page():
    """The cursor is opaque; entries without a usable id are counted, and the page for people is made from the id."""
    asked = FAL.catalog()
    first = FAL.catalogued(asked, answer({"models": [entry(FLUX), entry("a/../b"), entry(7)], "next_cursor": "Mg=="}))
    last = FAL.catalogued(asked, answer({"models": [entry("fal-ai/x")], "next_cursor": None, "has_more": False}))

    assert ("platform", ("status", "active")) == (asked.host, asked.query[0])
    assert ([FLUX], 2) == ([each.id for each in first.models], first.skipped)
    assert ("cursor", "Mg==") == first.more.query[-1]
    assert last.more is None
    assert ("Flux", ("text-to-image",), f"https://fal.ai/models/{FLUX}") == (
        first.models[0].title, first.models[0].categories, first.models[0].page,
    )


def test_a_cursor_of_any_length_is_not_sent_back():
    """It would travel in an address."""
    for cursor in ("x" * 501, 7, "", ["Mg=="]):
        assert FAL.catalogued(FAL.catalog(), answer({"models": [entry(FLUX)], "next_cursor": cursor})).more is None


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (answer({"detail": "slow"}, 429), RateLimited), (answer({"error": {"message": "key?"}}, 401), AuthError),
        (answer({"models": 5}), DarkroomError), (Reply(503, {}, b""), DarkroomError),
    ],
)
def test_no_list_is_a_typed_error(reply, error):
    """Never an empty catalog."""
    with pytest.raises(error):
        FAL.catalogued(FAL.catalog(), reply)


DOCUMENT = {
    "openapi": "3.0.4",
    "components": {"schemas": {
        "FluxInput": {
            "type": "object", "required": ["prompt"], "x-fal-order-properties": ["prompt", "image_size", "num_images"],
            "properties": {
                "num_images": {"type": "integer", "minimum": 1, "maximum": 4, "default": 1},
                "image_size": {"allOf": [{"$ref": "#/components/schemas/Size"}]}, "prompt": {"type": "string"},
            },
        },
        "Size": {"type": "string", "enum": ["square", "portrait_4_3"]},
    }},
    "paths": {
        f"/{FLUX}/requests/{{request_id}}/status": {"get": {}}, f"/{FLUX}/requests/{{request_id}}/cancel": {"put": {}},
        f"/{FLUX}": {"post": {"requestBody": {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/FluxInput"}}}}}},
    },
}  # fmt: skip


def test_a_model_is_described_by_its_openapi_document_and_priced_apart():
    """The body of its POST, references and all; one billing unit is a number for budgets, every one is told in words."""
    found = FAL.described(FLUX, answer({"models": [entry(FLUX, openapi=DOCUMENT)]}))

    assert isinstance(found, Further)
    assert {"prompt", "image_size", "num_images"} == {field.name for field in found.known.model("here").fields}
    assert ("/v1/models/pricing", (("endpoint_id", FLUX),), "platform") == (found.call.path, found.call.query, found.call.host)
    each = {"endpoint_id": FLUX, "unit_price": 0.025, "unit": "image", "currency": "USD"}
    priced = found.read(answer({"prices": [{"endpoint_id": "other", "unit_price": 9, "unit": "image", "currency": "USD"}, each]}))
    assert (Price(0.025), "0.025 USD per image") == (priced.price, priced.pricing_note)
    for other, note in [({"unit": "megapixel"}, "0.025 USD per megapixel"), ({"currency": "EUR"}, "0.025 EUR per image"),
                        ({"unit_price": -1}, ""), ({"unit": 5}, ""), ({"endpoint_id": "x"}, "")]:
        priced = found.read(answer({"prices": [each | other]}))
        assert (None, note) == (priced.price, priced.pricing_note)


def test_a_document_under_another_path_is_read_all_the_same():
    """Some models are served under an older name."""
    moved = {**DOCUMENT, "paths": {"/fal-ai/old-name": DOCUMENT["paths"][f"/{FLUX}"]}}

    assert FAL.described(FLUX, answer({"models": [entry(FLUX, openapi=moved)]})).known.schema["required"] == ["prompt"]


@pytest.mark.parametrize("body", [{"models": []}, {"models": [entry("other", openapi=DOCUMENT)]}, {"models": [entry(FLUX, openapi={})]},
                                  {"models": [entry(FLUX)]}, {}])
def test_a_model_that_is_not_there_or_has_no_schema_is_not_found(body):
    """The two have sentences of their own."""
    with pytest.raises(ModelNotFound) as caught:
        FAL.described(FLUX, answer(body))
    assert (caught.value.key == "error.model_undescribed") == any(one["endpoint_id"] == FLUX for one in body.get("models", []))


def test_a_picture_inside_the_answer_is_an_output_too():
    """Some models have `sync_mode` on by themselves; their pictures are paid for, and fal keeps no link to them."""
    [output] = result(answer({"video": {"url": "data:video/mp4;base64,AAAA"}})).outputs

    assert ("video", "data:video/mp4;base64,AAAA") == (output.media, output.url)


@pytest.mark.parametrize("status", [401, 402, 403, 404, 408, 429])
def test_a_refused_look_at_a_result_ends_no_job(status):
    """It is about the question (a key, an empty account, too many calls), whatever else stands in the answer."""
    assert isinstance(result(answer({"detail": "no", "error_type": "odd"}, status=status)), Again | Halt)


def test_a_result_that_is_a_state_is_asked_for_again():
    """Its own addresses are no files."""
    told = {"status": "IN_PROGRESS", "response_url": "https://queue.fal.run/x", "status_url": "https://queue.fal.run/y"}

    assert isinstance(result(answer(told)), Again)
    assert isinstance(result(answer({"response_url": "https://queue.fal.run/x"})), Failed)
