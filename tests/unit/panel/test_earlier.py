"""Jobs of earlier sessions: told of once above the lines, taken in by one press."""

from __future__ import annotations

import asyncio
import threading
from dataclasses import replace

import pytest

from ipydarkroom.jobs import Accepted, Finished, JobRecord, Orphaned, Saved, Sending, State, Trouble, advance
from ipydarkroom.journal import Journal
from ipydarkroom.models import Model
from ipydarkroom.owners import dismiss, new_owner
from ipydarkroom.panel import Panel
from ipydarkroom.testing import local_client, tiny_png
from ipydarkroom.wire import Output


def note(panel):
    """The notice's text and button, or None."""
    found = [part for part in panel._screen.form.children if "dr-earlier" in part._dom_classes]
    return found[0].children if found else None


def run(scene):
    """Run a scene on a loop, as jobs tell their news on one."""
    return asyncio.run(scene())


def on_its_way(job):
    """The same job, found: it is waiting at its provider."""
    job.learn(Accepted("r-1"))
    return job


def write(home, record, *events):
    """Leave a job in the journal as a kernel that is gone left it."""
    journal = Journal(home / "journal.sqlite3")
    journal.add(record)
    for event in events:
        record = advance(record, event, 2.0)
        journal.put(record, type(event).__name__)
    journal.close()


def test_earlier_jobs_are_told_of_once(panels, client, lost):
    """How many, how many of them uncertain, and one button."""
    client.journal = [on_its_way(lost(1)), lost(2)]
    panel = panels()
    _ = panel.form
    text, button = note(panel)

    assert "2 earlier jobs are unfinished (1 uncertain)." in text.value
    assert "Show them" == button.description


@pytest.mark.parametrize(
    ("states", "said"),
    [
        ("w", "An earlier job is unfinished."), ("u", "An earlier job is unfinished: nobody knows"),
        ("ww", "2 earlier jobs are unfinished."), ("uuw", "3 earlier jobs are unfinished (2 uncertain)."),
    ],
)
def test_one_job_is_one_job_and_several_are_several(panels, client, lost, states, said):
    """A sentence for each number."""
    client.journal = [lost(at) if state == "u" else on_its_way(lost(at)) for at, state in enumerate(states)]
    panel = panels()
    _ = panel.form

    assert said in note(panel)[0].value


def test_without_earlier_jobs_nothing_is_said_and_no_widget_made(panels, client):
    """A quiet start."""
    panel = panels()
    _ = panel.form

    assert note(panel) is None


def test_a_press_takes_them_in_with_a_line_each(panels, client, lost):
    """The client goes on with all of them; a job of another model says which; the notice is gone, and does not come again."""

    async def scene():
        client.journal = [on_its_way(lost(1, Model("lab/other", "runcomfy", ()))), lost(2)]
        panel = panels()
        _ = panel.form
        note(panel)[1].click()
        _ = panel.form
        texts = [line.children[0].value for line in panel._screen._line_box.children]
        return client.resumed, [job.id for job in panel.jobs], texts, note(panel)

    resumed, jobs, texts, left = run(scene)

    assert (1, ["job-1", "job-2"], None) == (resumed, jobs, left)
    assert ("lab/other" in texts[0], "lab/everything" in texts[1]) == (True, False)


def test_a_picture_of_an_earlier_job_arrives_in_the_strip(panels, client, lost, kept):
    """As of any other job."""
    async def scene():
        job = on_its_way(lost(1))
        client.journal = [job]
        panel = panels()
        _ = panel.form
        note(panel)[1].click()
        job.learn(Finished("completed", (Output("https://x/1.png", "image"),)), Saved(kept))
        panel.wait()
        return panel._screen.results.large

    assert 'alt="a fox"' in run(scene)


def test_jobs_that_somebody_here_follows_are_not_told_of(panels, client, lost):
    """Those on this panel, those another client of this process drives, and those that are read along already."""
    mine, theirs = new_owner(), new_owner()
    dismiss(theirs)
    driven, left, read = (on_its_way(lost(at)) for at in (1, 2, 3))
    driven.record, left.record = replace(driven.record, owner=mine), replace(left.record, owner=theirs)
    read.attended = True
    client.journal = [driven, left, read]
    panel = panels()
    _ = panel.form
    dismiss(mine)

    assert ("job-2",) == panel.state.earlier.ids


def test_the_journal_may_have_a_word_of_its_own(panels, client, lost):
    """Where it went, in its own words, as text; it stays when the jobs are shown."""

    async def scene():
        client.notices = ("The journal is in <tmp>.",)
        client.journal = [lost(1)]
        panel = panels()
        _ = panel.form
        before = note(panel)
        note(panel)[1].click()
        return before[0].value, len(before), note(panel)

    before, parts, after = run(scene)

    assert ("The journal is in &lt;tmp&gt;." in before, 2, 1) == (True, parts, len(after))


def test_the_journal_is_not_read_before_the_panel_is_there(panels, client, lost):
    """The first paint waits for nothing."""
    client.journal = [lost(1)]
    later = []
    client.later = lambda _seconds, act: later.append(act)
    panel = panels()
    _ = panel.form
    before = note(panel)
    for act in later:
        act()

    assert (None, 2) == (before, len(note(panel)))


def test_what_another_session_left_comes_back_by_one_press(tmp_path):
    """The whole way, with a real journal: an order of an earlier kernel got lost, and its line has its four buttons."""
    record = JobRecord(
        "0198c2b4-7f3a-7000-8000-000000000001", "runcomfy", "https://model-api.runcomfy.net", "remote",
        "ideogram/ideogram-v3/reframe", {"prompt": "a fox"}, created=1.0, owner="gone:1:x:1",
    )
    write(tmp_path, record, Sending(), Orphaned(Trouble("SubmitUncertain", "The kernel ended while the order was being sent.")))
    with local_client(tmp_path) as client:
        panel = Panel("bytedance/seedream-5/lite/text-to-image", client=client)
        _told(panel, lambda: panel.form)
        said = note(panel)
        _told(panel, said[1].click, "jobs")
        line = panel._screen._line_box.children[0].children
        states = [job.state for job in panel.jobs]
        panel.close()

    assert "An earlier job is unfinished" in said[0].value
    assert ([State.UNCERTAIN], 5) == (states, len(line))
    assert "ideogram/ideogram-v3/reframe" in line[0].value


def test_a_picture_that_an_earlier_session_did_not_fetch_arrives_in_the_strip(faults, tmp_path):
    """The whole way: the job had succeeded, its kernel died before the download, and one press brings the picture."""

    async def scene():
        async with faults.server(faults.says(tiny_png(8, 8), headers=("Content-Type: image/png",))) as server:
            return await asyncio.to_thread(_fetch_one, server.origin, tmp_path)

    said, tile, state = run(scene)

    assert "An earlier job is unfinished." in said
    assert 'alt="a fox"' in tile
    assert State.SUCCEEDED is state


def _fetch_one(origin, home):
    record = JobRecord(
        "0198c2b4-7f3a-7000-8000-000000000002", "runcomfy", origin, "local-url",
        "bytedance/seedream-5/lite/text-to-image", {"prompt": "a fox"}, created=1.0, owner="gone:1:x:1",
    )
    events = (Sending(), Accepted("r-1"), Finished("completed", (Output(f"{origin}/1.png", "image"),)))
    write(home, record, *events)
    with local_client(home) as client:
        panel = Panel("bytedance/seedream-5/lite/text-to-image", client=client)
        _told(panel, lambda: panel.form)
        said = note(panel)
        _told(panel, said[1].click, "jobs")
        panel.wait(30)
        tile, state = panel._screen.results.large, panel.jobs[0].state
        panel.close()
    return said[0].value, tile, state


def _told(panel, act, kind="earlier"):
    """Do something and wait until the panel has heard news of that kind, and painted them."""
    heard = threading.Event()
    unobserve = panel.state.observe(lambda change: heard.set() if change.kind == kind else None)
    act()
    assert heard.wait(30)
    unobserve()
