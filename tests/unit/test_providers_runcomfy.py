"""RunComfy's protocol, read from replies written by hand after its documentation, traps included."""

from __future__ import annotations

import json

import pytest

from ipydarkroom.errors import Unreadable
from ipydarkroom.jobs import Accepted, Cancelled, Failed, Finished, Orphaned, Progress, Queued, Rejected
from ipydarkroom.providers import Again, Halt, Then, get_provider
from ipydarkroom.wire import Reply

RC = get_provider("runcomfy")


def answer(body: object, status: int = 200) -> Reply:
    """A reply with that JSON body."""
    return Reply(status, {"content-type": "application/json"}, json.dumps(body).encode())


def test_an_order_carries_the_inputs_at_top_level():
    """RunComfy wants the model's inputs as the body itself, under the model's id with its slashes kept."""
    call = RC.submit("bytedance/dreamina-4-0/text-to-image", {"width×height": "1024x1024(1:1)"})

    assert ("POST", "/v1/models/bytedance/dreamina-4-0/text-to-image") == (call.method, call.path)
    assert {"width×height": "1024x1024(1:1)"} == call.body


def test_an_order_has_no_place_for_a_callback():
    """The Model API documents none, and the body belongs to the model's inputs; the client refuses one beforehand."""
    call = RC.submit("acme/scene", {"prompt": "fox"}, callback_url="https://a.example/s/1")

    assert {"prompt": "fox"} == call.body
    assert not RC.takes_callbacks


def test_only_the_request_id_of_an_answer_is_used():
    """The three URLs of an accepted order are never followed; ours are rebuilt from the id."""
    evil = {"request_id": "r-1", "status_url": "https://evil.example/s", "result_url": "", "cancel_url": ""}

    assert Accepted("r-1") == RC.submitted(answer(evil))
    assert "/v1/requests/r-1/status" == RC.poll("r-1").path


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (400, 400001, "ModelNotFound"), (400, 400002, "BalanceError"), (400, 400004, "AuthError"),
        (200, 400002, "BalanceError"), (403, 403001, "AuthError"), (401, None, "AuthError"),
        (402, None, "BalanceError"), (422, None, "InputError"), (429, None, "RateLimited"),
    ],
)
def test_a_documented_refusal_means_no_job(status, code, kind):
    """A refusal is told by the number in the body, also under HTTP 200; nothing was placed, nothing is charged."""
    body = {"error_message": "no"} | ({"error_code": code} if code else {})

    verdict = RC.submitted(answer(body, status))

    assert isinstance(verdict, Rejected)
    assert (kind, "no") == (verdict.trouble.kind, verdict.trouble.message)


@pytest.mark.parametrize("status", [200, 204, 301, 408, 500, 502, 503])
def test_an_answer_without_an_id_leaves_the_order_uncertain(status):
    """Neither refused nor named: the order may have been placed, so it must not go again."""
    assert isinstance(RC.submitted(answer({}, status)), Orphaned)


def test_a_gateways_page_instead_of_an_answer_leaves_the_order_uncertain():
    """An HTML page with 502 says nothing about the order behind it."""
    assert isinstance(RC.submitted(Reply(502, {}, b"<html>Bad gateway</html>")), Orphaned)


def test_a_login_page_with_200_is_unreadable():
    """A captive portal answers 200 with HTML; that is no answer of the provider."""
    with pytest.raises(Unreadable) as caught:
        RC.submitted(Reply(200, {}, b"<html>Sign in</html>"))

    assert caught.value.raw.startswith("<html>")


def test_waiting_tells_the_position_in_the_queue():
    """`in_queue` comes with the number of jobs ahead."""
    assert Queued("in_queue", 3) == RC.polled("r-1", answer({"status": "in_queue", "queue_position": 3}))


def test_an_unknown_word_is_shown_and_waited_on():
    """A status word nobody documented is work going on, in the provider's own word."""
    assert Progress("warming_up") == RC.polled("r-1", answer({"status": "warming_up"}))


def test_completed_is_not_yet_success():
    """The status call says `completed` for failed jobs too; the result call decides."""
    then = RC.polled("r-1", answer({"status": "completed", "result_url": "https://elsewhere.example/x"}))

    assert isinstance(then, Then)
    assert "/v1/requests/r-1/result" == then.call.path
    failed = then.read(answer({"status": "failed", "error": {"message": "content policy"}}))
    assert isinstance(failed, Failed)
    assert "content policy" == failed.trouble.message


def test_an_answer_about_another_request_is_no_news_of_ours():
    """A mixed-up answer would put somebody else's pictures under our job."""
    theirs = answer({"request_id": "r-2", "status": "succeeded", "output": "https://f.example/theirs.png"})
    then = RC.polled("r-1", answer({"request_id": "r-1", "status": "completed"}))

    assert [Again, Again] == [type(RC.polled("r-1", theirs)), type(then.read(theirs))]


@pytest.mark.parametrize(
    "output",
    [
        {"image": "https://f.example/a.png"}, {"images": ["https://f.example/a.png"], "image": "https://f.example/a.png"},
        ["https://f.example/a.png"], "https://f.example/a.png", {"result": {"files": [{"url": "https://f.example/a.png"}]}},
    ],
)
def test_a_result_is_found_in_every_shape(output):
    """Output is an object, a list or a bare string; each link counts once."""
    then = RC.polled("r-1", answer({"status": "completed"}))

    event = then.read(answer({"status": "succeeded", "output": output, "cost": 0.04}))

    assert isinstance(event, Finished)
    assert (["https://f.example/a.png"], 0.04) == ([found.url for found in event.outputs], event.cost)


def test_a_success_without_a_picture_is_a_failure_with_a_reason():
    """A safety filter may end a job as succeeded with nothing to show; that is not silence and not an endless wait."""
    then = RC.polled("r-1", answer({"status": "completed"}))

    assert isinstance(then.read(answer({"status": "succeeded", "output": {}})), Failed)


def test_a_result_that_lags_behind_the_status_is_asked_for_again():
    """The result call may still answer the running state just after `completed`."""
    then = RC.polled("r-1", answer({"status": "completed"}))

    assert Progress("in_progress") == then.read(answer({"status": "in_progress"}))


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_failed_look_is_not_a_failed_job(status):
    """Trouble on the way is asked again; the job is none the worse."""
    assert isinstance(RC.polled("r-1", answer({"error_message": "later"}, status)), Again)


def test_an_unknown_id_is_given_time():
    """Just after an order its id may not be visible yet."""
    reading = RC.polled("r-1", answer({"error_code": 404001, "error_message": "not found"}, 404))

    assert isinstance(reading, Again)
    assert reading.unseen


def test_a_revoked_token_ends_the_looking_at_once():
    """Asking on with a dead token helps nobody; the job itself stays as it is."""
    assert isinstance(RC.polled("r-1", answer({"error_code": 400004, "error_message": "expired"}, 400)), Halt)


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ({"status": "completed", "outcome": "cancelled"}, "stopped"),
        ({"status": "in_progress", "outcome": "not_cancellable"}, "still_running"),
        ({}, "unknown"),
    ],
)
def test_cancel_says_what_really_happened(body, outcome):
    """`outcome` decides; `status` beside it contradicts it in the documentation's own sample."""
    assert outcome == RC.cancelled(answer(body, 202))


def test_a_cancelled_job_is_told_by_the_status():
    """Someone else may have cancelled it."""
    assert Cancelled("cancelled") == RC.polled("r-1", answer({"status": "cancelled"}))
