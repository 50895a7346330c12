"""A sweep in a cell: bar, buttons and grid, what is asked first, what is painted, and what the file keeps."""

from __future__ import annotations

import dataclasses
import re
import threading

import pytest
from ipywidgets.widgets.widget import _instances

from ipydarkroom.budget import Budget
from ipydarkroom.errors import BudgetExceeded
from ipydarkroom.models import Model, Price
from ipydarkroom.panel import Sweep, consent
from ipydarkroom.sync import Client
from ipydarkroom.testing import QUICK, ScriptedPainter, local_client

LANGUAGES = ("en", "ja", "zh_cn", "zh_tw")
MODEL = Model.from_schema(
    {"type": "object", "required": ["prompt"], "properties": {
        "prompt": {"type": "string"}, "seed": {"type": "integer"}, "size": {"enum": ["32x48", "64x48"]},
    }}, id="lab/scene",
)  # fmt: skip


@pytest.fixture
def painter():
    """A painter under the test's control."""
    return ScriptedPainter()


@pytest.fixture
def client(tmp_path, painter):
    """A local client with that painter."""
    with local_client(tmp_path, painter) as found:
        yield found
        painter.release()


@pytest.fixture
def sweeps(client):
    """Makes sweeps, closes them afterwards, and asserts that not one widget model is left."""
    before, made = set(_instances), []

    def make(**values):
        made.append(Sweep(MODEL, client=values.pop("by", client), **values))
        return made[-1]

    yield make
    for sweep in made:
        sweep.close()
    assert set() == set(_instances) - before


def buttons(sweep):
    """What the buttons that can be seen say."""
    view = sweep._view
    return [each.description for each in (view._go, view._pause, view._stop, view._again) if "dr-away" not in each._dom_classes]


def grid(sweep):
    """All that stands in the grid."""
    return "".join(block.value for _, block in sweep._view._blocks)


def words(html):
    """The text of some HTML."""
    return re.sub(r"<[^>]*>", " ", html)


def until(sweep, holds):
    """Wait until a sweep's state is so; it is asked after every change."""
    reached = threading.Event()

    def look():
        if holds():
            reached.set()

    end = sweep._client.inside(lambda _: sweep._driver.observe(look))
    sweep._client.inside(lambda _: look())
    assert reached.wait(20)
    end()


def test_the_count_and_the_cost_stand_there_before_anything_is_ordered(sweeps, painter):
    """`Prompt (2) × Seed (3) = 6 pictures`, free, and one button."""
    sweep = sweeps(prompt=["fox", "owl"], seed=range(3))
    sweep.form
    said = words(sweep._view._plan.value)

    assert "Prompt (2) × Seed (3) = 6 pictures" in said
    assert "6 to order · free, on this machine" in said
    assert ["Order 6"] == buttons(sweep)
    assert [] == painter.orders


def test_pressed_it_fills_in_and_can_be_paused_gone_on_with_and_stopped(sweeps, painter):
    """Every button is there when it has something to do."""
    painter.hold()
    sweep = sweeps(prompt="fox", seed=range(5), at_once=1)
    sweep.form
    sweep._view._go.click()
    until(sweep, lambda: sweep.progress.live == 1)
    sweep._pump.now()
    assert ["Pause", "Stop"] == buttons(sweep)
    sweep._view._pause.click()
    sweep._pump.now()
    assert ["Continue (4 to order)", "Stop"] == buttons(sweep)
    assert "Paused: nothing more is ordered." in words(sweep._view._notice.value)
    painter.release()
    sweep.wait(30)
    sweep._view._go.click()
    sweep.wait(30)

    assert ([], 5) == (buttons(sweep), len(painter.orders))
    assert 5 == grid(sweep).count("<img ")
    assert "5 of 5" in words(sweep._view._bar.value)


def test_the_grid_has_labels_and_pictures_say_what_they_are(sweeps):
    """Rows and columns are named, and each picture's alternative text has the words of both and the prompt that all share."""
    sweep = sweeps(prompt="fox", seed=[1, 2], size=["32x48", "64x48"])
    sweep.grid
    sweep.run(30)

    assert ["32x48", "64x48"] == words(sweep._view.grid.children[1].value).split()[-2:]
    assert "Seed 2" in words(grid(sweep))
    assert 'alt="fox · Seed 2 · 64x48"' in grid(sweep)


def test_what_failed_says_so_in_its_place_and_has_a_button(sweeps, painter):
    """The others are there; tried again, the grid is whole."""
    painter.fail_with = "out of paint"
    sweep = sweeps(prompt=["fox", "owl"])
    sweep.form
    sweep.run(30)
    assert ["Try the failed again (2)"] == buttons(sweep)
    assert "failed" in words(grid(sweep))
    assert "2 failed" in words(sweep._view._bar.value)
    painter.fail_with = ""
    sweep._view._again.click()
    sweep.wait(30)

    assert (2, []) == (grid(sweep).count("<img "), buttons(sweep))


def test_made_anew_nothing_is_ordered_and_it_says_so(sweeps, painter):
    """Running the cell again: the pictures at once, and that nothing was paid."""
    sweeps(prompt=["fox", "owl"]).run(30)
    again = sweeps(prompt=["fox", "owl"])
    again.begin()
    again.form

    assert 2 == len(painter.orders)
    assert 2 == grid(again).count("<img ")
    assert "2 made before, nothing paid now" in words(again._view._bar.value)
    assert "to order" not in words(again._view._plan.value)


def test_a_small_sweep_begins_when_shown_and_a_large_one_asks(sweeps, painter, monkeypatch):
    """Sixty free ones are nothing to ask about; sixty-one fill a queue for minutes."""
    monkeypatch.setattr(painter, "paint", lambda order, report: ScriptedPainter.paint(painter, order, report))
    small, large = sweeps(prompt=["fox", "owl"]), sweeps(prompt="fox", seed=range(61))
    small.begin()
    large.begin()
    small.wait(30)

    assert ("over", "ready") == (small._driver.phase, large._driver.phase)
    assert 2 == len(painter.orders)


# --- where it costs money: nothing is sent, the address is this machine's and nobody listens ---


@pytest.fixture
def paying(tmp_path, monkeypatch):
    """A client whose orders would be paid, at three cents each; they end as not sent, as nobody listens there."""
    from ipydarkroom.settings import load

    words = {"IPYDARKROOM_HOME": str(tmp_path / "paid"), "RUNCOMFY_API_TOKEN": "canary-77"}
    client = Client(settings=load(words), base_url={"runcomfy": "http://127.0.0.1:9"}, paces=(dataclasses.replace(QUICK, tries=1),) * 2)
    real = client._inner.route
    monkeypatch.setattr(client._inner, "route", lambda model, local=None: dataclasses.replace(real(model, local=local), backend="remote"))
    with client:
        yield client


PRICED = dataclasses.replace(MODEL, provider="runcomfy", price=Price(0.03, "order"))


@pytest.fixture
def priced(paying):
    """Makes paid sweeps and closes them."""
    made = []

    def make(**values):
        made.append(Sweep(PRICED, client=paying, **values))
        return made[-1]

    yield make
    for sweep in made:
        sweep.close()


def test_the_first_paid_sweep_asks_however_small(priced, paying):
    """As a panel's first Run does; the button says what it costs, and pressing it is the word."""
    sweep = priced(prompt=["fox", "owl"])
    sweep.begin()
    sweep.form
    assert (["Order 2 · ≤ $0.06"], []) == (buttons(sweep), paying.jobs())
    assert "≤ $0.06 by the catalog" in words(sweep._view._plan.value)
    sweep._view._go.click()
    until(sweep, lambda: sweep.progress.failed == 2)

    assert consent.given()
    assert 2 == len(paying.jobs())


def test_a_paid_sweep_above_the_threshold_asks_every_time(priced, paying):
    """Four orders go by themselves once a person has agreed to pay; five ask, and so does more than half a dollar."""
    consent.give()
    many, dear = priced(prompt="fox", seed=range(5)), Sweep(dataclasses.replace(PRICED, price=Price(0.3, "order")), client=paying, prompt=["a", "b"])
    many.begin()
    dear.begin()

    assert ("ready", "ready", []) == (many._driver.phase, dear._driver.phase, paying.jobs())
    dear.close()


def test_a_budget_that_is_used_up_pauses_it_and_says_so(priced, paying):
    """Nothing is allowed: the first is refused by ourselves, the others wait, and a larger budget lets it go on."""
    paying.budget = Budget(usd=0.0)
    sweep = priced(prompt=["fox", "owl"], confirm=True)
    sweep.form
    with pytest.raises(BudgetExceeded):
        sweep.run(20)

    assert ("paused", 2, []) == (sweep._driver.phase, sweep.progress.waiting, paying.jobs())
    assert "The budget would be exceeded" in words(sweep._view._notice.value)
    assert ["Continue (2 to order) · ≤ $0.06", "Stop"] == buttons(sweep)
    paying.budget = Budget(usd=1.0)
    sweep._view._go.click()
    until(sweep, lambda: sweep.progress.failed == 2)
    assert 2 == len(paying.jobs())


def test_an_unknown_price_under_a_budget_in_money_wants_a_word(priced, paying):
    """It is said above the button, and going on agrees: the first order takes all that is left."""
    consent.give()
    paying.budget = Budget(usd=1.0)
    sweep = Sweep(dataclasses.replace(PRICED, price=None), client=paying, prompt=["fox", "owl"], at_once=1)
    sweep.form
    sweep.begin()
    until(sweep, lambda: sweep._driver.phase == "paused")
    sweep._pump.now()
    assert "What these orders cost is not known" in words(sweep._view._notice.value)
    assert [] == paying.jobs()
    sweep._view._go.click()
    until(sweep, lambda: len(sweep.jobs) == 2)
    sweep.close()


# --- what stays ---


def test_the_file_keeps_one_plain_table_with_thumbnails(sweeps):
    """No class, no widget: inline styles, small pictures, labels as headings, and not the hostile words as HTML."""
    sweep = sweeps(prompt=["<i>fox</i>", "owl"], seed=[1, 2])
    sweep.grid
    sweep.run(30)
    kept = sweep._bundle()["text/html"]

    assert 4 == kept.count("data:image/webp")
    assert "&lt;i&gt;fox&lt;/i&gt;" in kept
    assert "<i>" not in kept
    assert 2 == kept.count('scope="row"') == kept.count('scope="col"')
    assert "class=" not in kept
    assert kept == sweep._bundle()["text/html"]


def test_the_file_stays_small_however_many_pictures_there_are(sweeps, painter, monkeypatch):
    """Two hundred pictures that do not compress: less than 1.5 MB in all."""
    import io

    import numpy as np
    from PIL import Image

    noise = np.random.default_rng(1).integers(0, 255, (300, 300, 3), dtype=np.uint8)
    file = io.BytesIO()
    Image.fromarray(noise).save(file, "PNG")
    monkeypatch.setattr(painter, "paint", lambda order, report: file.getvalue())
    sweep = sweeps(prompt="fox", seed=range(200), confirm=True, at_once=16)
    sweep.grid
    sweep.run(100)
    made = sweep._bundle()

    assert 200 == made["text/html"].count("<img ")
    assert len(made["text/html"]) < 1_500_000
    assert len(sweep._view._blocks) <= 40


def test_saved_on_the_way_it_says_how_it_stood(sweeps, painter):
    """A reader without a kernel must not wait for a picture that nobody makes."""
    painter.hold()
    sweep = sweeps(prompt=["fox", "owl"], at_once=1)
    sweep.begin()
    until(sweep, lambda: sweep.progress.live == 1)

    assert "waiting when this was saved" in words(sweep._html.saved())
    assert "2 pictures" in sweep._static_text()


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_the_readers_language(sweeps, painter, language):
    """No key is left anywhere, in any phase."""
    painter.fail_with = "out of paint"
    sweep = sweeps(prompt=["fox", "owl", "elk"], language=language, at_once=1)
    sweep.widget
    seen = [*buttons(sweep)]
    sweep.run(30)
    texts = [made.value for made in sweep._kit._made if hasattr(made, "value") and "dr-sheet" not in made._dom_classes]
    seen += [*buttons(sweep), *texts, sweep._html.saved(), sweep._static_text()]

    assert [] == [text for text in seen if re.search(r"\b(sweep|panel|state|card|gallery)\.[a-z_]+", words(text))]
    assert (language == "en") == ("failed" in words(" ".join(seen)))


def test_painting_costs_few_messages(sweeps, painter, monkeypatch):
    """A paint sends what has changed: the bar and one row, not the grid."""
    painter.hold()
    sweep = sweeps(prompt=["fox", "owl", "elk"], seed=range(4), at_once=1)
    sweep.widget
    sent = []
    for made in sweep._kit._made:
        made.observe(lambda change: sent.append(change.owner), "value")
    sweep.begin()
    until(sweep, lambda: sweep.progress.live == 1)
    sent.clear()
    sweep._pump.now()

    assert len({widget.model_id for widget in sent if widget in [block for _, block in sweep._view._blocks]}) <= 1
    assert len(sweep._kit._made) < 30


def test_showing_it_never_waits_for_the_loop(sweeps, client):
    """A panel shows it in a paint, with its lock held, and the loop may wait for that very lock: both stood still for ever."""
    gate, sweep = threading.Event(), sweeps(prompt=["fox"])

    async def busy():
        gate.wait(20)

    held = client.start(lambda _: busy())
    sweep.widget

    assert not held.done()
    gate.set()
    held.result(20)


def test_closed_it_says_so(sweeps):
    """Widgets of a closed sweep would be dead; and closing twice is harmless."""
    sweep = sweeps(prompt=["fox"])
    sweep.form
    sweep.close()
    sweep.close()

    with pytest.raises(Exception, match="closed"):
        sweep.form
