"""Uncertain jobs in a panel: what the line says, and the four things to do about them."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest

from ipydarkroom.display import card, card_text, gallery
from ipydarkroom.errors import InputError
from ipydarkroom.jobs import Accepted, State
from ipydarkroom.models import Model
from ipydarkroom.panel import Panel
from ipydarkroom.sync import Client
from ipydarkroom.settings import load

LIST = 'href="https://www.runcomfy.com/profile/generations"'


def run(scene):
    """Run a scene on a loop, as jobs tell their news on one."""
    return asyncio.run(scene())


@pytest.fixture
def stage(panels, lost):
    """A panel with one uncertain job on it: (panel, job, line)."""

    def build(**options):
        panel, job = panels(**options), lost()
        panel._running.follow(job)
        return panel, job, panel._screen._lines[job.id]

    return build


def parts(line):
    """Buttons and field of a line, in order."""
    found = []
    for part in line.root.children[1:]:
        found += getattr(part, "children", (part,))
    return found


def names(line):
    """What the buttons of a line say, in order."""
    return [part.description for part in parts(line)]


def button(line, name):
    """The button of that name on the line."""
    return next(part for part in parts(line) if part.description == name and hasattr(part, "click"))


def text(line):
    """The line's HTML."""
    return line.root.children[0].value


def test_the_line_says_what_it_means_what_it_may_cost_and_where_to_look(stage):
    """State, one sentence, the bill, and a real link to the provider's own list."""

    async def scene():
        _, _, line = stage()
        return text(line)

    said = run(scene)

    assert "Uncertain" in said
    assert "it may have been placed, and paid" in said
    assert "It may have been charged." in said
    assert LIST in said
    assert 'target="_blank" rel="noopener noreferrer"' in said
    assert "sent 1970-01-01 00:00 UTC" in said
    assert "progressbar" not in said


def test_a_lost_order_on_this_machine_links_nowhere(panels, lost):
    """There is no list of it, and nothing was charged."""

    async def scene():
        panel = panels()
        panel._running.follow(lost(paid=False))
        return text(panel._screen._lines["job-1"])

    said = run(scene)

    assert "Nothing was charged." in said
    assert "<a " not in said


def test_there_are_four_things_to_do(stage):
    """All of them buttons, and no Cancel."""

    async def scene():
        return names(stage()[2])

    assert ["Look again", "I have its id", "Give up", "Send again"] == run(scene)


def test_looking_again_says_when_nothing_is_known(stage):
    """The buttons stay."""

    async def scene():
        _, job, line = stage()
        button(line, "Look again").click()
        return job.deeds, text(line), len(names(line))

    deeds, said, buttons = run(scene)

    assert (["reconcile"], 4) == (deeds, buttons)
    assert "Still nothing known here." in said


def test_while_one_thing_is_under_way_the_others_rest(stage, client):
    """The pressed one stays enabled, so that it keeps the focus, says what it does, and does it once."""

    async def scene():
        panel, job, line = stage()
        seen = []

        def meanwhile():
            seen.append([(part.description, part.disabled) for part in line.root.children[1:]])
            client.meanwhile = None
            button(line, "Looking…").click()

        client.meanwhile = meanwhile
        button(line, "Look again").click()
        return seen[0], job.deeds, [part.disabled for part in line.root.children[1:]]

    during, deeds, after = run(scene)

    assert [("Looking…", False), ("I have its id", True), ("Give up", True), ("Send again", True)] == during
    assert (["reconcile"], [False] * 4) == (deeds, after)


def test_an_id_is_typed_into_a_field_that_opens_and_has_the_focus(stage):
    """Adopted, the job is on its way: the decisions are gone, the button to stop is there."""

    async def scene():
        panel, job, line = stage()
        sent = []
        button(line, "I have its id").click()
        field = line.root.children[-1].children[0]
        field.send = lambda message, **_: sent.append(message)
        button(line, "I have its id").click()
        closed = len(line.root.children)
        button(line, "I have its id").click()
        field.value = "r-42"
        button(line, "Adopt").click()
        return sent, closed, job.deeds, names(line), job.state, panel.state.running

    sent, closed, deeds, left, state, running = run(scene)

    assert ([{"do": "focus"}], 5) == (sent, closed)
    assert ([("adopt", "r-42")], ["Cancel"], State.QUEUED, 1) == (deeds, left, state, running)


def test_the_id_is_read_when_the_typing_has_settled(stage, client):
    """A click can overtake the last letters; half an id would be nobody's."""

    async def scene():
        _, job, line = stage()
        button(line, "I have its id").click()
        field = line.root.children[-1].children[0]
        field.value = "r-4"
        client.meanwhile = lambda: setattr(field, "value", "r-42")
        button(line, "Adopt").click()
        return job.deeds

    assert [("adopt", "r-42")] == run(scene)


def test_an_id_that_will_not_do_is_a_sentence_on_the_line(stage):
    """There, not at the top, and the field stays."""

    async def scene():
        panel, job, line = stage()
        job.refuses = InputError("Taken.", next_step="Look for another.", key="error.id_taken", id="r-1")
        button(line, "I have its id").click()
        button(line, "Adopt").click()
        return text(line), panel.state.trouble, names(line)[-1]

    said, trouble, last = run(scene)

    assert "Another job of this journal has the id r-1. Look for another." in said
    assert (None, "Adopt") == (trouble, last)


def test_giving_up_ends_it_and_keeps_the_bill_in_sight(stage):
    """No button is left, the link is."""

    async def scene():
        _, _, line = stage()
        button(line, "Give up").click()
        return text(line), names(line)

    said, left = run(scene)

    assert "Given up: nobody knows whether the order was placed." in said
    assert "It may have been charged." in said
    assert (True, []) == (LIST in said, left)


def test_sending_again_asks_first(stage, lost):
    """"May pay twice": a slip of the hand is no answer, a second press is; the new job has a line and is followed."""

    async def scene():
        panel, job, line = stage()
        job.again = lost(2)
        job.again.learn(Accepted("r-2"))
        clock = [0.0]
        line.decisions.now = lambda: clock[0]
        button(line, "Send again").click()
        asked = text(line)
        button(line, "Yes, send again: may pay twice").click()
        slip = list(job.deeds)
        clock[0] = 1.0
        button(line, "Yes, send again: may pay twice").click()
        return asked, slip, job.deeds, [found.id for found in panel.jobs], len(job.again.watchers)

    asked, slip, deeds, jobs, watchers = run(scene)

    assert "may be paid twice" in asked
    assert ([], [("send_again", True)], ["job-1", "job-2"], 1) == (slip, deeds, jobs, watchers)


def test_another_press_takes_the_question_back(stage):
    """Who looks again has not agreed to pay twice."""

    async def scene():
        _, _, line = stage()
        button(line, "Send again").click()
        button(line, "Look again").click()
        return names(line)

    assert "Send again" in run(scene)


def test_news_from_elsewhere_ends_the_decision(stage):
    """A callback or another kernel found its id."""

    async def scene():
        panel, job, line = stage()
        job.learn(Accepted("r-9"))
        panel._pump.now()
        return names(line)

    assert ["Cancel"] == run(scene)


def test_an_uncertain_line_never_makes_room(stage, client):
    """Newer jobs push out what is over, not what waits for a person."""

    async def scene():
        panel, job, _ = stage()
        panel.value = {"prompt": "a fox"}
        for _ in range(12):
            panel.submit()
        made = len(panel._kit._made)
        panel._pump.now()
        return job.id in panel._screen._lines, len(panel._kit._made) - made

    assert (True, 0) == run(scene)


def test_a_job_that_another_kernel_drives_says_so(panels, client):
    """Read along here."""

    async def scene():
        panel = panels()
        panel.value = {"prompt": "a fox"}
        job = panel.submit()
        job.attended = True
        panel._pump.now()
        return text(panel._screen._lines[job.id])

    assert "Another kernel follows this job" in run(scene)


@pytest.mark.parametrize("code", ["en", "zh_cn", "zh_tw", "ja"])
def test_every_sentence_is_in_the_panels_language(stage, code):
    """Buttons, questions and answers; no key is left."""

    async def scene():
        _, _, line = stage(language=code)
        look, have, _, again = line.root.children[1:]
        look.click()
        said = [text(line), *names(line)]
        have.click()
        again.click()
        return [*said, text(line), *names(line)]

    said = run(scene)

    assert [] == [words for words in said if "panel." in words or "card." in words or "link." in words]
    assert (code == "en") is any("Look again" in words for words in said)


def test_only_our_own_addresses_are_linked(stage, lost, panels):
    """A stranger's words stay words, in a provider's name too."""

    async def scene():
        panel, job = panels(Model("<a href=https://evil.example>x</a>", "runcomfy", ())), lost()
        job.record = replace(job.record, model="<a href=https://evil.example>x</a>", word="https://evil.example")
        panel._running.follow(job)
        return text(panel._screen._lines[job.id])

    assert 1 == run(scene).count("<a ")


@pytest.mark.parametrize("language", ["en", "ja"])
def test_card_and_gallery_say_the_same(lost, language):
    """Wherever the job is shown: the state, the bill, the link."""
    record = lost().record

    for html in (card(record, 99.0, language), gallery([record], language)):
        assert LIST in html
        assert ("may have been charged" in html) is (language == "en")


def test_the_line_of_text_says_it_too(lost):
    """For a console, a log and a list of jobs."""
    said = card_text(lost().record, 99.0)

    assert "uncertain: The order left, but no answer came." in said
    assert "it may have been placed and paid" in said
    assert "https://www.runcomfy.com/profile/generations" in said


def test_an_order_whose_answer_is_lost_can_be_looked_for_and_given_up(faults, tmp_path):
    """The whole way: a server takes the order and hangs up; exactly one order was sent in all."""

    async def scene():
        async with faults.server(faults.sends_raw(b"")) as server:
            return server, await asyncio.to_thread(_lose_one, server.origin, tmp_path)

    server, (said, buttons, after, end) = run(scene)

    assert "Still nothing known here." in said
    assert (["Look again", "I have its id", "Give up", "Send again"], []) == (buttons, after)
    assert State.FAILED is end
    assert 1 == len(server.requests)


def _lose_one(origin, home):
    settings = load({"IPYDARKROOM_HOME": str(home), "RUNCOMFY_API_TOKEN": "canary-77"})
    with Client(base_url={"runcomfy": origin}, settings=settings) as client:
        panel = Panel("bytedance/seedream-5/lite/text-to-image", client=client)
        panel.value = {"prompt": "a fox"}
        job = panel.submit()
        panel.wait(30)
        line = panel._screen._lines[job.id]
        buttons = names(line)
        _press_and_wait(panel, line, "Look again")
        said = text(line)
        _press_and_wait(panel, line, "Give up")
        after, end = names(line), job.state
        panel.close()
    return said, buttons, after, end


def _press_and_wait(panel, line, name):
    """Press a button and wait until what it does is done and painted."""
    done = threading.Event()
    decisions, publish_later = line.decisions, panel._running.client.later
    panel._running.client.later = lambda seconds, act: publish_later(seconds, lambda: (act(), done.set()))
    button(line, name).click()
    assert done.wait(30)
    panel._running.client.later = publish_later
    assert decisions._doing is None
