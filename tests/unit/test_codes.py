"""Each provider's table of codes: on an order, on a look, on an upload, in four languages, with the bill."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

from ipydarkroom import errors
from ipydarkroom.client import AsyncClient
from ipydarkroom.codes import Code, code_key, later, refused
from ipydarkroom.errors import DarkroomError, NoAnswer
from ipydarkroom.jobs import Accepted, Failed, JobRecord, Orphaned, Queued, Rejected, Sending, Trouble, Unsent, advance
from ipydarkroom.languages import LANGUAGES, say
from ipydarkroom.learning import trouble_of
from ipydarkroom.pacing import Pace
from ipydarkroom.panel.labels import error_text, next_step_text
from ipydarkroom.providers import Again, Halt, get_provider
from ipydarkroom.results import error_of
from ipydarkroom.settings import load
from ipydarkroom.submission import Later
from ipydarkroom.wire import Reply

TABLE = [(name, code) for name in ("kie", "runcomfy") for code in get_provider(name).codes]
DOCUMENTED = {
    "kie": {400, 401, 402, 403, 404, 408, 422, 429, 433, 451, 455, 500, 501, 505},
    "runcomfy": {400001, 400002, 400004, 403001, 404001, 401001, 403003, 422001, 500001, 10001, 10002, 10003},
}
ORDERS = {
    "kie": ("kie:ideogram/v3-reframe", {
        "image_url": "https://a.example/a.png", "image_size": "square", "rendering_speed": "TURBO", "style": "AUTO", "num_images": "1",
    }),
    "runcomfy": ("bytedance/dreamina-4-0/text-to-image", {"prompt": "a fox"}),
}  # fmt: skip
QUICK = Pace(steps=((0.0, 0.01),), grace=0.05, patience=0.0, first_backoff=0.01, longest_backoff=0.02)


def reply_of(provider: str, code: int, said: str = "no.") -> Reply:
    """An answer with that code, under the HTTP status it comes with."""
    if provider == "kie":
        return Reply(200, {}, json.dumps({"code": code, "msg": said, "data": None}).encode())
    status = code // 1000 if code >= 100_000 else 400
    return Reply(status, {}, json.dumps({"error_code": code, "error_message": said}).encode())


def record_of(provider: str) -> JobRecord:
    """A hosted job that is about to be sent."""
    return JobRecord("j-1", provider, get_provider(provider).hosts["api"], "remote", "acme/scene", {})


def test_the_tables_hold_every_documented_code():
    """And nothing that nobody has seen."""
    assert DOCUMENTED == {name: set(get_provider(name).codes) for name in DOCUMENTED}


def test_the_submit_rule_is_as_it_was():
    """Which codes are refusals whatever the HTTP status, and which one may go again, written out a second time on purpose."""
    kie, runcomfy = get_provider("kie").codes, get_provider("runcomfy").codes

    assert {400, 401, 402, 404, 422, 429, 433, 455, 505} == refused(kie)
    assert {400001, 400002, 400004, 403001, 404001} == refused(runcomfy)
    assert ({429}, set()) == (later(kie), later(runcomfy))


@pytest.mark.parametrize(("provider", "code"), TABLE)
def test_a_code_on_an_order_says_whether_there_may_be_a_job(provider, code):
    """A refusal is of its class and free; anything else is uncertain and may be charged."""
    asked, about = get_provider(provider), get_provider(provider).codes[code]
    verdict = asked.submitted(reply_of(provider, code))
    event = Rejected(verdict.trouble) if isinstance(verdict, Later) else verdict
    record = advance(advance(record_of(provider), Sending(), 1.0), event, 2.0)
    error = error_of(record, None)

    assert isinstance(verdict, (Rejected, Later, Orphaned))
    if isinstance(verdict, Orphaned):
        assert about.order == "unknown"
        assert (errors.SubmitUncertain, "maybe") == (type(error), record.charged)
    else:
        assert (getattr(errors, about.kind), "no") == (type(error), record.charged)
        assert f"error.{provider}.{code}" == error.key
        assert "Nothing was charged." in str(error)
        assert error.next_step


@pytest.mark.parametrize(("provider", "code"), TABLE)
def test_a_code_on_a_look_says_whether_to_look_again(provider, code):
    """A failed job is final; what only a person can mend stops the looking; both may be charged."""
    asked, about = get_provider(provider), get_provider(provider).codes[code]
    reading = asked.polled("t-1", reply_of(provider, code))
    record = advance(advance(advance(record_of(provider), Sending(), 1.0), Accepted("t-1"), 2.0), Queued("waiting"), 3.0)

    match about.look:
        case "failed":
            assert isinstance(reading, Failed)
            error = error_of(advance(record, reading, 4.0), None)
            assert (errors.JobFailed, f"error.{provider}.{code}") == (type(error), error.key)
            assert "It may have been charged." in str(error)
        case "halt":
            assert isinstance(reading, Halt)
            error = error_of(record, None, reading.trouble)
            assert (getattr(errors, about.kind), f"error.{provider}.{code}") == (type(error), error.key)
            assert "It may have been charged." in str(error)
            assert error.next_step
        case look:
            assert isinstance(reading, Again)
            assert (look == "unseen") == reading.unseen


@pytest.mark.parametrize("code", get_provider("kie").codes)
def test_a_code_on_an_upload_is_free(code):
    """Nothing was ordered yet, so nothing is charged; a server's own error is no answer."""
    about = get_provider("kie").codes[code]
    with pytest.raises(DarkroomError) as caught:
        get_provider("kie").uploaded(reply_of("kie", code, "too big"))
    record = advance(record_of("kie"), Unsent(trouble_of(caught.value)), 2.0)
    error = error_of(record, None)

    assert type(error) is (NoAnswer if about.refusal is None else getattr(errors, about.kind))
    assert "no" == record.charged
    assert "too big" in caught.value.message
    assert code in (408, 501) or "Nothing was charged." in error.message


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("provider", "code"), TABLE)
def test_a_code_has_a_sentence_and_a_next_step_in_every_language(provider, code, language):
    """The panel says what happened, what it cost and what to do, and the number for whoever writes to the provider."""
    about = get_provider(provider).codes[code]
    trouble = Trouble(about.kind, "the words of the provider.", str(code))
    error = error_of(replace(advance(record_of(provider), Sending(), 1.0), trouble=trouble), None, trouble)
    said, step = error_text(error, language), next_step_text(error, language)

    assert str(code) in said
    assert say("charged.maybe", language=language) in said
    assert step
    assert "–" not in said + step
    assert ".." not in said
    assert language == "en" or said != error_text(error, "en")


def test_the_same_number_of_another_kind_keeps_its_own_sentence():
    """A task that failed with `failCode` 422 is no refused order; an order without an answer is no failed task."""
    table = get_provider("kie").codes

    assert "" == code_key(table, "kie", "422", "JobFailed")
    assert "" == code_key(table, "kie", "501", "SubmitUncertain")
    assert "error.kie.422" == code_key(table, "kie", "422", "InputError")
    assert ["", "", "", ""] == [code_key(table, "kie", code, "InputError") for code in ("", "uncertain", "9" * 5000, "٤٢٢")]
    assert "" == code_key({7: Code("Refused", "refused")}, "acme", "7", "Refused")  # a plug-in brings no sentences


def app_that_answers(order: Reply, look: Reply | None = None):
    """An ASGI app in the local backend's place: these answers to an order and to whatever is asked afterwards."""

    async def app(scope, receive, send) -> None:
        while (await receive()).get("more_body"):
            continue
        reply = order if scope["method"] == "POST" or look is None else look
        await send({"type": "http.response.start", "status": reply.status, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": reply.body})

    async def close() -> None:
        """The transport ends the studio of the app it was given."""

    app.state = type("State", (), {"studio": type("Studio", (), {"close": staticmethod(close)})})
    return app


def ended(
    tmp_path, provider: str, order: Reply, look: Reply | None = None, *, goes_on: bool = False
) -> tuple[DarkroomError | None, JobRecord]:
    """Place one order with the whole client; the error the job has once nobody looks any more, or has its id and `goes_on`."""

    async def main():
        settings = load({"IPYDARKROOM_HOME": str(tmp_path)})
        app = app_that_answers(order, look)
        async with AsyncClient(settings=settings, paces=(QUICK, QUICK), local_app=lambda *_: app) as client:
            job = await client.submit(ORDERS[provider][0], ORDERS[provider][1])
            if goes_on:
                await anext(record async for record in job.events() if record.remote_id)
                return job.error, job.record
            await job.wait(20)
            return job.error, job.record

    return asyncio.run(main())


@pytest.mark.parametrize(("provider", "code"), TABLE)
def test_the_whole_client_ends_an_order_with_the_errors_class(provider, code, tmp_path):
    """From the answer's bytes to what `job.error` is."""
    error, record = ended(tmp_path, provider, reply_of(provider, code))
    verdict = get_provider(provider).submitted(reply_of(provider, code))

    assert type(error) is getattr(errors, verdict.trouble.kind)
    assert str(code) == record.trouble.code


ACCEPTED = {
    "kie": Reply(200, {}, b'{"code": 200, "msg": "success", "data": {"taskId": "t-1"}}'),
    "runcomfy": Reply(200, {}, b'{"request_id": "t-1"}'),
}


@pytest.mark.parametrize(("provider", "code"), TABLE)
def test_the_whole_client_takes_a_look_for_what_it_is(provider, code, tmp_path):
    """Halted, failed, lost after the grace, or still watched."""
    about = get_provider(provider).codes[code]
    error, record = ended(tmp_path, provider, ACCEPTED[provider], reply_of(provider, code), goes_on=about.look == "again")

    assert "t-1" == record.remote_id
    assert {
        "halt": getattr(errors, about.kind), "failed": errors.JobFailed, "unseen": errors.JobFailed, "again": type(None),
    }[about.look] is type(error)
    assert (about.look == "failed") == record.state.is_terminal
