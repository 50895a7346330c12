"""The panel on the real local backend: the whole path, without a browser."""

from __future__ import annotations

import pytest
from ipywidgets.widgets.widget import _instances

from ipydarkroom.errors import WaitTimeout
from ipydarkroom.jobs import State
from ipydarkroom.panel import Panel
from ipydarkroom.testing import ScriptedPainter, local_client

SEEDREAM = "bytedance/seedream-5/lite/text-to-image"
MODELS = (
    SEEDREAM, "ideogram/ideogram-v3/reframe", "bytedance/dreamina-4-0/text-to-image", "kie:ideogram/v3-reframe",
)


@pytest.fixture
def painter():
    """A painter under the test's control."""
    return ScriptedPainter()


@pytest.fixture
def local(tmp_path, painter):
    """A local client with that painter."""
    with local_client(tmp_path, painter) as found:
        yield found
        painter.release()


@pytest.fixture
def make(local):
    """Makes panels on the local client and closes them."""
    made = []

    def build(model=SEEDREAM, **options):
        made.append(Panel(model, client=local, **options))
        return made[-1]

    yield build
    for panel in made:
        panel.close()


def test_a_run_becomes_a_picture_in_the_strip_and_in_the_file(make):
    """Form, job, picture: live and for keeps."""
    panel = make()
    panel.value = {"prompt": "a fox"}
    job = panel.submit()
    panel.wait(30)

    assert (State.SUCCEEDED, True) == (job.state, job.done)
    assert 'alt="a fox"' in panel._screen.results.large
    assert 'alt="a fox"' in panel._bundle()["text/html"]


def test_waiting_has_an_end_and_the_job_has_not(make, painter):
    """The time is over for the waiting only."""
    painter.hold()
    panel = make()
    panel.value = {"prompt": "a fox"}
    job = panel.submit()
    with pytest.raises(WaitTimeout):
        panel.wait(0.05)
    painter.release()
    panel.wait(30)

    assert State.SUCCEEDED is job.state


def test_stop_watching_says_that_the_job_goes_on(make, painter):
    """Kie has no cancel: the line says so once, without an error, and its button is gone."""
    painter.hold()
    panel = make("kie:ideogram/v3-reframe")
    panel.value = {"image_url": "https://example.org/fox.png"}
    job = panel.submit()
    line = panel._screen._lines[job.id]
    line.outcome = job.cancel()
    panel._pump.now()
    text = line.root.children[0].value

    assert ("not_offered", 1) == (line.outcome, len(line.root.children))
    assert "nothing is charged" in text
    assert "Not watched" in text
    assert job.id in text
    assert "dr-problem" not in text


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("language", ["en", "zh_cn", "zh_tw", "ja"])
def test_every_bundled_model_has_a_panel_in_every_language(make, model, language):
    """No key is left on the page, and what is untouched is not sent."""
    panel = make(model, language=language)
    required = {field.name for field in panel.model.fields if field.required}
    texts = [str(getattr(made, "description", "")) for made in panel._kit._made]

    assert set(panel.value) <= required
    assert [] == [text for text in texts if "panel." in text or ".title" in text]


def test_a_panel_is_small(make):
    """At most thirty models for the form with the most choices, and four for banner, Run and results."""
    before = len(_instances)
    make("ideogram/ideogram-v3/reframe")

    assert len(_instances) - before <= 34


def test_close_leaves_no_widget(make):
    """Jobs and all."""
    before = len(_instances)
    panel = make()
    panel.value = {"prompt": "a fox"}
    panel.submit()
    panel.wait(30)
    panel.close()

    assert before == len(_instances)


def test_a_picture_opens_its_panel_again(make, local):
    """The whole way round: ordered, kept on disk, and its form filled from the file."""
    panel = make()
    panel.value = {"prompt": "a fox"}
    panel.submit()
    panel.wait(30)
    again = Panel.from_picture(panel.jobs[0].record.kept[0].path, client=local)
    value, model, notice = dict(again.value), again.model.id, again.state.trouble
    again.close()

    assert ({**panel.value}, SEEDREAM, None) == (value, model, notice)


def test_a_picture_is_given_another_frame_and_stands_beside_what_came_of_it(make, local):
    """A result becomes the image of another model in one press; before and after stand side by side, and come back from the file."""
    panel = make()
    panel.value = {"prompt": "a fox"}
    panel.submit()
    panel.wait(30)
    gallery = panel._screen.results
    gallery._viewer._press_use()
    gallery._viewer.look()
    next(button for button in gallery._viewer._targets.children if "kie" in button.description).click()
    inner = next(iter(panel._below._opened.values())).panel
    inner.submit()
    inner.wait(30)
    shown = inner._screen.results.large
    again = Panel.from_picture(inner.jobs[0].record.kept[0].path, client=local)
    value, notice = dict(again.value), again.state.trouble
    again.close()

    assert (2, True) == (shown.count("<img"), "Given" in shown)
    assert ({**inner.value}, None) == (value, notice)


def test_a_job_says_how_long_its_model_usually_takes(local):
    """From the third finished one on, as the journal has them; a live line says so."""
    usual = []
    for _ in range(4):
        job = local.submit(SEEDREAM, prompt="a fox")
        job.result(30)
        usual.append(job.usual)

    assert [None, None, None] == usual[:3]
    assert usual[3] is not None
    assert usual[3] > 0
