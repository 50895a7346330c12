"""Small things a person meets at the door: what a call takes, and sentences that are true."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace

import pytest

import ipydarkroom as dr
from ipydarkroom.client import AsyncClient
from ipydarkroom.errors import InputError
from ipydarkroom.jobs import Orphaned, Sending, State, Trouble, advance
from ipydarkroom.languages import LANGUAGES, current, known, say
from ipydarkroom.local import Pace as Show
from ipydarkroom.local import build_app
from ipydarkroom.models import Price
from ipydarkroom.pacing import Pace
from ipydarkroom.panel import Panel
from ipydarkroom.settings import load
from ipydarkroom.sync import Client

QUICK = Pace(steps=((0.0, 0.02),))
SEEDREAM, DREAMINA = "bytedance/seedream-5/lite/text-to-image", "bytedance/dreamina-4-0/text-to-image"
PROMPT = {"prompt": "a fox", "width×height": "1024x1024(1:1)"}


def at_once(token, find, send):
    """The local backend without a wait for show."""
    return build_app(tokens=frozenset({token.reveal()}), find=find, pace=Show(0, 0), send=send)


@pytest.fixture
def client(tmp_path):
    """A client without any token, so one of this machine."""
    with Client(settings=load({"IPYDARKROOM_HOME": str(tmp_path)}), paces=(QUICK, QUICK), local_app=at_once) as made:
        yield made


# --- what a call takes ---

WRONG = {
    "inputs that are text": lambda client: client.submit(SEEDREAM, "x"),
    "inputs that are a list": lambda client: client.submit(SEEDREAM, [("prompt", "x")]),
    "a name that is a number": lambda client: client.submit(SEEDREAM, {1: "x"}),
    "no model": lambda client: client.submit(None, PROMPT),
    "a model that is a number": lambda client: client.run(7, PROMPT),
    "a model to estimate": lambda client: client.estimate(None),
    "a fingerprint of nothing": lambda client: client.fingerprint(None),
    "an id that is none": lambda client: client.job(None),
    "an adopted number": lambda client: client.adopt(5, provider="kie", model="ideogram/v3-reframe"),
    "a time that is text": lambda client: client.run(DREAMINA, PROMPT, timeout="a"),
    "a time that is no number": lambda client: client.run(DREAMINA, PROMPT, timeout=float("nan")),
    "a callback that is a number": lambda client: client.submit("kie:ideogram/v3-reframe", {}, callback_url=5),
}


@pytest.mark.parametrize("call", WRONG.values(), ids=WRONG.keys())
def test_a_wrong_kind_of_argument_is_said_at_the_door(call, client):
    """A typed sentence, and nothing is ordered."""
    with pytest.raises(InputError):
        call(client)
    assert [] == client.jobs()


@pytest.mark.parametrize("timeout", ["a", True, float("nan"), [1]])
def test_a_wrong_time_does_not_end_the_waiting_for_ever(timeout, client):
    """The job can still be waited for."""
    job = client.submit(DREAMINA, PROMPT)
    with pytest.raises(InputError, match="number of seconds"):
        job.wait(timeout)

    assert 1 == len(job.result(30).images)


@pytest.mark.parametrize("call", [lambda: dr.use(language="xx"), lambda: dr.use(language=7), lambda: Panel({"properties": {}}, language="tlh")])
def test_a_language_we_do_not_speak_is_said(call):
    """English in its place would be a puzzle; the four are named."""
    before = current()
    with pytest.raises(InputError, match="en, zh-CN, zh-TW, ja"):
        call()

    assert before == current()


@pytest.mark.parametrize(("code", "ours"), [("en-GB", True), ("zh", True), ("zh_Hant_HK", True), ("JA", True), ("fr", False), ("", False), ("english", False)])
def test_a_code_is_ours_by_its_first_part(code, ours):
    """However people write it."""
    assert ours == known(code)


def test_a_misspelt_name_stands_beside_the_missing_one(client):
    """It is the reason, so both are in one sentence; a wrong choice names those there are."""
    with pytest.raises(InputError) as caught:
        client.submit(SEEDREAM, {"promt": "a fox", "resolution": "2048x2048", "output_format": "gif"})
    said = str(caught.value)

    assert "prompt: This is required." in said
    assert "The model does not take promt. Did you mean prompt?" in said
    assert "Allowed are '2K', '3K', " in said
    assert "Allowed are 'png', 'jpeg'." in said
    assert {"prompt", "promt", "resolution", "output_format"} == {problem.pointer[0] for problem in caught.value.problems}


def test_a_name_that_is_only_undocumented_is_no_reason(client):
    """It would have been sent; it does not clutter the sentence."""
    with pytest.raises(InputError) as caught:
        client.submit(SEEDREAM, {"resolution": "2K", "quite_another": 1})

    assert "quite_another" not in str(caught.value)


# --- sentences that are true ---


def test_a_client_says_where_its_jobs_run(tmp_path):
    """Without a token that is this machine."""
    home = {"IPYDARKROOM_HOME": str(tmp_path)}
    said = []
    for environ, options in (
        (home, {}), (home, {"local": False}), ({**home, "KIE_API_KEY": "k-12345678"}, {}), ({**home, "KIE_API_KEY": "k-12345678"}, {"local": True}),
        (home, {"base_url": "http://127.0.0.1:8000"}), ({**home, "KIE_API_KEY": "k-12345678", "IPYDARKROOM_LOCAL": "1"}, {}),
    ):  # fmt: skip
        with Client(settings=load(environ), **options) as client:
            said.append(repr(client).partition(" · ")[0])

    assert [
        "<Client on this machine, without a token", "<Client hosted, without a token", "<Client hosted at Kie.ai", "<Client on this machine",
        "<Client at http://127.0.0.1:8000", "<Client on this machine",
    ] == said  # fmt: skip


@pytest.mark.parametrize("ended", ["succeeded", "failed"])
def test_an_ended_job_has_nothing_to_stop(ended, client):
    """`still_running` of a picture that is there would be odd; the panel has a sentence for it in every language."""
    job = client.submit(DREAMINA, PROMPT)
    job.result(30)
    if ended == "failed":
        job._inner._track.record = replace(job.record, state=State.FAILED)

    assert "ended" == job.cancel()
    assert all("panel.cancel.ended" != say("panel.cancel.ended", language=language) for language in LANGUAGES)


def test_a_certain_job_has_nothing_to_resolve(client):
    """`resolved` would say that something had been open."""
    job = client.submit(DREAMINA, PROMPT)
    job.result(30)

    assert "settled" == job.reconcile()


def test_what_is_drawn_here_costs_nothing(client):
    """Also by the estimate, whatever the catalog's price; a hosted one has its price."""
    model, order = replace(client.model(DREAMINA), price=Price(0.04)), {**PROMPT, "force_single": True}
    here, hosted = client.estimate(model, order), client.estimate(model, order, local=False)

    assert (1, 0.0) == (here.pictures, here.usd)
    assert (1, 0.04) == (hosted.pictures, hosted.usd)


def test_a_local_jobs_errors_lead_to_no_hosted_page(tmp_path):
    """What was drawn here stands on nobody's list, and nothing of it is paid."""

    async def main() -> list[str]:
        settings = load({"IPYDARKROOM_HOME": str(tmp_path)})
        async with AsyncClient(settings=settings, paces=(QUICK, QUICK), local_app=at_once) as client:
            job = await client.submit(DREAMINA, PROMPT)
            await job.wait(30)
            with pytest.raises(InputError) as certain:
                await job.give_up()
            lost = advance(replace(job.record, state=State.PLANNED, remote_id=""), Sending(), 1.0)
            trouble = Trouble("SubmitUncertain", "The order left.", "", "Look at https://www.runcomfy.com/profile/generations; it may be paid.")
            job._track.record = advance(lost, Orphaned(trouble), 2.0)
            return [str(certain.value), str(job.error), json.dumps(job._repr_mimebundle_())]

    for said in asyncio.run(main()):
        assert "https://" not in said
        assert "may be paid" not in said
