"""Where a machine is forgotten when one leaves, panel, history, sweep and comparison say so, with the way to take all along beside it."""

from __future__ import annotations

import re
import threading
from dataclasses import replace

import pytest
from many_jobs import START, archive_of, job, picture

from ipydarkroom.catalog import find
from ipydarkroom.panel import Compare, History, Sweep
from ipydarkroom.panel.passing import Passing
from ipydarkroom.settings import load, passing_in
from ipydarkroom.testing import ScriptedPainter, local_client


@pytest.mark.parametrize(
    ("environ", "platform", "where"),
    [
        ({"BINDER_LAUNCH_HOST": "https://mybinder.org/"}, "linux", "binder"), ({"BINDER_SERVICE_HOST": "10.0.0.1"}, "linux", "binder"),
        ({"BINDER_REPO_URL": "https://github.com/x/y"}, "linux", "binder"), ({}, "emscripten", "browser"), ({}, "linux", ""),
        ({"JUPYTERHUB_USER": "ann"}, "linux", ""),
    ],
)
def test_binder_and_the_browser_are_known(environ, platform, where):
    """A JupyterHub alone keeps people's folders."""
    assert where == passing_in(lambda name: environ.get(name, ""), platform)


def test_the_settings_tell_it():
    """Read where everything of the environment is read."""
    assert "binder" == load({"BINDER_LAUNCH_HOST": "https://mybinder.org/"}).passing
    assert "" == load({}).passing


@pytest.fixture
def binder(client, tmp_path):
    """The panel tests' client on such a machine, with one picture in its journal."""
    client.settings = replace(client.settings, passing="binder")
    client.archive = archive_of(job(START, {"prompt": "a fox"}, picture(tmp_path, "fox.png")))
    return client


def note(children) -> object:
    """The box with the sentence."""
    return next(child for child in children if "dr-passing" in child._dom_classes)


def test_the_panel_says_it_under_its_banner(binder, panels):
    """And the button beside it packs the whole journal."""
    panel = panels()
    box = note(panel.form.children)

    assert "forgotten when you leave" in box.children[0].value
    assert box is panel.form.children[2]
    box.children[1].click()
    assert re.search(r'href="data:application/zip;base64,[^"]+"', box.children[2].value)


def test_the_history_says_it_too(binder):
    """At its top, whatever was searched for."""
    history = History(binder)
    history.search("nothing of that kind")
    box = note(history.widget.children)

    box.children[1].click()

    assert "Packed: 1 file from 1 job" in box.children[2].value
    history.close()


def test_a_comparison_says_it_under_its_banner(binder):
    """The button packs the whole journal, as on a panel."""
    compare = Compare([find("runcomfy:ideogram/ideogram-v3/reframe"), find("kie:ideogram/v3-reframe")], client=binder)
    box = note(compare.form.children)

    box.children[1].click()

    assert "forgotten when you leave" in box.children[0].value
    assert "Packed: 1 file from 1 job" in box.children[2].value
    compare.close()


def test_a_panel_below_another_says_it_once(client, panels):
    """The one above it has said it."""
    client.settings = replace(client.settings, passing="binder")
    panel = panels(find("bytedance/seedream-5/lite/text-to-image"))
    inner = panel._inner(panel.model, client, None)

    assert "forgotten when you leave" in note(panel.form.children).children[0].value
    assert [] == [child for child in inner.form.children if "dr-passing" in child._dom_classes]
    inner.close()


def test_a_panel_opened_in_a_history_leaves_it_to_that(tmp_path):
    """It stands in the same box."""
    with local_client(tmp_path, ScriptedPainter()) as client:
        client._inner.settings = replace(client.settings, passing="binder")
        job = client.submit("bytedance/seedream-5/lite/text-to-image", prompt="a fox")
        job.result(30)
        history = History(client)
        opened = history.open(job.id)

        assert note(history.widget.children)
        assert [] == [child for child in opened.form.children if "dr-passing" in child._dom_classes]
        history.close()


def test_a_sweep_says_it_under_its_banner(tmp_path):
    """What it made is in the zip; the press blocks nobody, so the answer is awaited."""
    with local_client(tmp_path, ScriptedPainter()) as client:
        client._inner.settings = replace(client.settings, passing="binder")
        sweep = Sweep("bytedance/seedream-5/lite/text-to-image", prompt=["a fox", "an owl"], client=client).run(30)
        box = note(sweep.form.children)
        answered = threading.Event()
        box.observe(lambda _change: answered.set(), "children")
        box.children[1].click()

        assert "forgotten when you leave" in box.children[0].value
        assert answered.wait(30)
        assert "Packed: 2 files from 2 jobs" in box.children[2].value
        sweep.close()


def test_elsewhere_nothing_is_said(panels, tmp_path):
    """Not a widget more."""
    panel = panels()

    with local_client(tmp_path, ScriptedPainter()) as client:
        sweep = Sweep("bytedance/seedream-5/lite/text-to-image", prompt=["a fox"], client=client)
        assert [] == [child for child in sweep.form.children if "dr-passing" in child._dom_classes]
        sweep.close()
    assert [] == [child for child in panel.form.children if "dr-passing" in child._dom_classes]
    assert () == Passing(panel._kit, "", lambda: None, lambda _work: None).widgets
