"""Kie's protocol, read from replies written by hand after its documentation, traps included."""

from __future__ import annotations

import json

import pytest

from ipydarkroom.errors import InputError, Unreadable
from ipydarkroom.jobs import Accepted, Failed, Finished, Orphaned, Progress, Queued, Rejected
from ipydarkroom.providers import Again, Halt, get_provider
from ipydarkroom.submission import Later
from ipydarkroom.wire import Blob, Reply

KIE = get_provider("kie")


def envelope(code: int, data: object = None, msg: str = "", status: int = 200) -> Reply:
    """A reply in Kie's envelope; the HTTP status is 200 unless said otherwise."""
    return Reply(status, {}, json.dumps({"code": code, "msg": msg, "data": data}).encode())


def task(state: str, **rest: object) -> Reply:
    """A recordInfo answer."""
    return envelope(200, {"taskId": "t-1", "state": state, **rest})


def test_an_order_wraps_the_inputs():
    """Kie wants the model's name beside the inputs, not above them."""
    call = KIE.submit("ideogram/v3-reframe", {"num_images": "1"})

    assert "/api/v1/jobs/createTask" == call.path
    assert {"model": "ideogram/v3-reframe", "input": {"num_images": "1"}} == call.body


def test_an_order_carries_the_address_of_a_callback():
    """`callBackUrl` stands beside the model, never among its inputs; without one there is no such key."""
    call = KIE.submit("ideogram/v3-reframe", {"num_images": "1"}, callback_url="https://a.example/s/1")

    assert {"model": "ideogram/v3-reframe", "callBackUrl": "https://a.example/s/1", "input": {"num_images": "1"}} == call.body
    assert KIE.takes_callbacks


def test_an_accepted_order_names_its_task():
    """`data.taskId` is the id everything else is asked with."""
    assert Accepted("t-1") == KIE.submitted(envelope(200, {"taskId": "t-1"}))
    assert (("taskId", "t-1"),) == KIE.poll("t-1").query


@pytest.mark.parametrize(
    ("code", "kind"),
    [(400, "InputError"), (401, "AuthError"), (402, "BalanceError"), (404, "ModelNotFound"), (422, "InputError"),
     (433, "BalanceError"), (455, "Refused"), (505, "Refused")],
)
def test_a_refusal_hides_inside_http_200(code, kind):
    """The envelope's code is the outcome, whatever the HTTP status says."""
    verdict = KIE.submitted(envelope(code, None, "no"))

    assert isinstance(verdict, Rejected)
    assert (kind, "no") == (verdict.trouble.kind, verdict.trouble.message)


def test_too_many_orders_at_once_may_be_repeated():
    """429 on a create is documented as not queued: the one refusal after which the same order may go again."""
    assert isinstance(KIE.submitted(envelope(429, None, "slow down")), Later)


@pytest.mark.parametrize("code", [500, 501])
def test_a_server_error_without_a_task_id_is_uncertain(code):
    """The task may exist all the same."""
    assert isinstance(KIE.submitted(envelope(code, None, "oops")), Orphaned)


def test_a_server_error_with_a_task_id_is_looked_up():
    """Where there is an id there is something to ask about."""
    assert Accepted("t-1") == KIE.submitted(envelope(500, {"taskId": "t-1"}))


@pytest.mark.parametrize("word", ["waiting", "queuing"])
def test_waiting_is_waiting_even_with_a_result(word):
    """Older pages show a filled resultJson while waiting: only `state` decides."""
    assert Queued(word) == KIE.polled("t-1", task(word, resultJson='{"resultUrls":["https://f.example/old.png"]}'))


def test_work_tells_progress_where_it_is_known():
    """Progress is a percentage on the wire and a fraction in the house."""
    assert Progress("generating", 0.4) == KIE.polled("t-1", task("generating", progress=40))
    assert Progress("rendering") == KIE.polled("t-1", task("rendering"))


def test_success_is_read_from_json_inside_a_string():
    """resultJson is a string that holds JSON; the credits come along."""
    event = KIE.polled("t-1", task("success", resultJson='{"resultUrls":["https://f.example/a.png"]}', creditsConsumed=7))

    assert isinstance(event, Finished)
    assert (["https://f.example/a.png"], 7.0) == ([found.url for found in event.outputs], event.cost)


def test_the_echoed_inputs_are_no_result():
    """`param` repeats the given picture's link; it must not come back as a result."""
    param = json.dumps({"input": {"image_url": "https://f.example/mine.png"}})

    assert isinstance(KIE.polled("t-1", task("success", param=param, resultJson='{"resultUrls":[]}')), Failed)


def test_a_broken_result_string_is_unreadable_not_lost():
    """The answer is kept for a report; the job is asked again."""
    with pytest.raises(Unreadable):
        KIE.polled("t-1", task("success", resultJson="{not json"))


@pytest.mark.parametrize("code", [408, 501])
def test_the_codes_of_a_failed_task_are_final(code):
    """408 and 501 look like a server's hiccup and mean that the task has failed."""
    assert isinstance(KIE.polled("t-1", envelope(code, None, "failed")), Failed)


@pytest.mark.parametrize("status", [408, 501])
def test_a_gateways_408_or_501_ends_nothing(status):
    """Final are these codes in Kie's own envelope; as an HTTP status of whoever stands between they say nothing."""
    assert isinstance(KIE.polled("t-1", Reply(status, {}, b"<html>")), Again)


@pytest.mark.parametrize("task_id", [{"a": 1}, ["t-1"], 7, True, "t 1", "x" * 200, "t-1\n"])
def test_an_id_that_cannot_be_one_leaves_the_order_uncertain(task_id):
    """Polling a wrong id would end as "unknown to the provider" while the real job is paid."""
    assert isinstance(KIE.submitted(envelope(200, {"taskId": task_id})), Orphaned)


def test_an_answer_about_another_task_is_no_news_of_ours():
    """A mixed-up answer would put somebody else's pictures under our job."""
    theirs = envelope(200, {"taskId": "t-2", "state": "success", "resultJson": '{"resultUrls": ["https://f.example/a.png"]}'})

    assert isinstance(KIE.polled("t-1", theirs), Again)


def test_a_failed_task_gives_its_reason():
    """failCode and failMsg reach the person."""
    event = KIE.polled("t-1", task("fail", failCode="E7", failMsg="image too small"))

    assert isinstance(event, Failed)
    assert ("E7", "image too small") == (event.trouble.code, event.trouble.message)


@pytest.mark.parametrize("code", [404, 422])
def test_a_fresh_task_may_be_invisible(code):
    """Just after a create, "not found" and "recordInfo is null" mean: not yet."""
    reading = KIE.polled("t-1", envelope(code, None, "recordInfo is null"))

    assert isinstance(reading, Again)
    assert reading.unseen


def test_transient_and_fatal_codes_are_told_apart():
    """Maintenance is waited out; a bad key is not."""
    assert isinstance(KIE.polled("t-1", envelope(455)), Again)
    assert isinstance(KIE.polled("t-1", envelope(401)), Halt)


def test_an_older_envelope_says_message():
    """`msg` became so only later."""
    reply = Reply(200, {}, json.dumps({"code": 402, "message": "no credits"}).encode())

    assert "no credits" == KIE.submitted(reply).trouble.message


def test_files_travel_to_the_upload_host():
    """A local file becomes a stream upload on another host, and its downloadUrl the input."""
    call = KIE.upload(Blob(b"x", "fox.png", "image/png"))

    assert ("upload", "/api/file-stream-upload") == (call.host, call.path)
    assert "https://t.example/fox.png" == KIE.uploaded(envelope(200, {"downloadUrl": "https://t.example/fox.png"}))


def test_a_refused_upload_says_why():
    """Nothing was ordered, so nothing is charged, and the sentence is the provider's; an unknown code is unreadable."""
    with pytest.raises(InputError, match="too big"):
        KIE.uploaded(envelope(400, None, "too big"))
    with pytest.raises(Unreadable, match="too odd"):
        KIE.uploaded(envelope(777, None, "too odd"))


def test_there_is_no_cancel():
    """The provider offers none; the honest word is "stop watching"."""
    assert KIE.cancel("t-1") is None
