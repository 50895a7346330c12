"""Controls for numbers: a box that may be empty, a slider with such a box, and a seed with dice and lock."""

from __future__ import annotations

import asyncio
import dataclasses

import ipywidgets as w
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from ipydarkroom.fields import Field
from ipydarkroom.jobs import Finished, Kept, Saved
from ipydarkroom.panel.controls.seed import roll
from ipydarkroom.panel.controls.slider import Track, track
from ipydarkroom.wire import Output

SCALE = Field(("scale",), "number", minimum=0, maximum=1, default=0.5)
SEED = Field(("seed",), "integer")


@pytest.fixture
def pair(row, root):
    """pair(field) -> (panel, the box, the slider)."""

    def make(field):
        panel, box = row(field)
        return panel, box, root(panel, field.name).children[1]

    return make


@pytest.fixture
def ended(client, tmp_path):
    """ended(panel, texts) lets the panel's newest job succeed, on a loop as in life, with a PNG that says these texts."""

    def end(panel, **texts):
        notes = PngInfo()
        for name, text in texts.items():
            notes.add_text(name, text)
        path = tmp_path / f"{len(client.orders)}.png"
        Image.new("RGB", (8, 8)).save(path, pnginfo=notes)
        kept = Kept(0, str(path), "image/png", f"{len(client.orders):064}", path.stat().st_size, 8, 8)

        async def scene():
            client.orders[-1].learn(Finished("done", (Output("https://example.org/a.png", "image"),)), Saved(kept))

        asyncio.run(scene())
        panel._pump.now()

    return end


def field(**bounds):
    """A number with bounds."""
    return Field(("x",), bounds.pop("kind", "number"), **bounds)


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        (field(kind="integer", minimum=1, maximum=50), Track(1, 50, 1)),
        (field(minimum=0, maximum=1), Track(0, 1, 0.01)),
        (field(minimum=0, maximum=20), Track(0, 20, 0.1)),
        (field(minimum=-3.5, maximum=3.5), Track(-3.5, 3.5, 0.1)),
        (field(minimum=0, maximum=1000), Track(0, 1000, 1)),
        (field(minimum=0, maximum=5000), None),
        (field(minimum=0.1, maximum=1, multiple_of=0.25), Track(0.25, 1, 0.25)),
        (field(minimum=0, maximum=0.3, multiple_of=0.1), Track(0, 0.3, 0.1)),
        (field(kind="integer", minimum=256, maximum=2048, multiple_of=64), Track(256, 2048, 64)),
        (field(kind="integer", minimum=250, maximum=2040, multiple_of=64), Track(256, 1984, 64)),
        (field(kind="integer", exclusive_minimum=0, maximum=10), Track(1, 10, 1)),
        (field(minimum=0, exclusive_maximum=1), Track(0, 0.99, 0.01)),
        (field(kind="integer", minimum=0, maximum=2**53), None),
        (field(minimum=3, maximum=3), None),
        (field(minimum=5, maximum=1), None),
        (field(minimum=0), None),
        (field(maximum=0), None),
    ],
    ids=lambda value: str(value) if isinstance(value, Track) else "",
)
def test_a_slider_runs_where_every_step_can_be_hit(given, expected):
    """Both bounds, at most a thousand steps, and both ends allowed."""
    assert expected == track(given)


def test_an_untouched_slider_is_grey_at_the_default_and_sends_nothing(pair, root):
    """The box is empty, with the default in grey."""
    panel, box, bar = pair(SCALE)

    assert ("", "0.5", 0.5, {}) == (box.value, box.placeholder, bar.value, panel.value)
    assert "dr-unset" in root(panel, "scale")._dom_classes
    assert "0 to 1" in box.description


def test_slider_and_box_are_one_value(pair, root):
    """Whichever moves, the other follows, without the dust of binary fractions."""
    panel, box, bar = pair(SCALE)
    bar.value = 0.1 + 0.2
    slid = (panel.value, box.value)
    box.value = "0.75"
    typed = (panel.value, bar.value)
    panel.value = {"scale": 1}

    assert ({"scale": 0.3}, "0.3") == slid
    assert ({"scale": 0.75}, 0.75) == typed
    assert ("1", 1) == (box.value, bar.value)
    assert "dr-unset" not in root(panel, "scale")._dom_classes


def test_an_emptied_box_is_silence_and_the_slider_goes_back(pair):
    """Empty is possible."""
    panel, box, bar = pair(SCALE)
    box.value = "0.9"
    box.value = ""

    assert ({}, 0.5) == (panel.value, bar.value)


def test_a_whole_number_slides_in_whole_numbers(pair):
    """And is sent as one."""
    panel, _, bar = pair(Field(("steps",), "integer", minimum=1, maximum=50))
    bar.value = 12

    assert isinstance(bar, w.IntSlider)
    assert [12, int] == [panel.value["steps"], type(panel.value["steps"])]


@pytest.mark.parametrize("typed", ["7", "half"])
def test_what_the_slider_cannot_show_stays_in_the_box_with_its_problem(pair, typed):
    """Out of bounds, or no number at all."""
    panel, box, bar = pair(SCALE)
    box.value = typed

    assert typed == box.value
    assert "dr-problem" in box.description
    assert not panel.state.can_run
    assert 0 <= bar.value <= 1


def test_a_number_of_one_bound_may_be_empty(row):
    """A box shows default and range in grey, and nothing is typed in."""
    panel, box = row(Field(("steps",), "integer", minimum=1, default=30))

    assert ("", "30 · 1 or more", {}) == (box.value, box.placeholder, panel.value)


@pytest.mark.parametrize("name", ["big", "seed"])
def test_an_integer_beyond_2_to_the_53_travels_as_text(row, name):
    """The browser's own numbers end there; what the front end is told is a string, digit for digit."""
    panel, box = row(Field((name,), "integer", maximum=2**64))
    box.value = "9007199254740993"

    assert {name: 9007199254740993} == panel.value
    panel.value = {name: 2**63 + 1}
    assert "9223372036854775809" == box.get_state("value")["value"]


def test_the_dice_fix_a_seed_within_bounds(row, root):
    """A roll is shown in the box and sent."""
    panel, box = row(Field(("seed",), "integer", minimum=5, maximum=5))
    root(panel, "seed").children[1].click()

    assert ("5", {"seed": 5}) == (box.value, panel.value)


def test_a_roll_without_bounds_is_a_31_bit_number():
    """The range that the image services document themselves."""
    assert all(0 <= roll(None, None) <= 2147483647 for _ in range(50))


def test_an_empty_seed_is_not_sent_and_has_no_lock(row, root):
    """There is nothing to keep and nothing to let go."""
    panel, box = row(SEED)

    assert ({}, "empty: the server chooses") == (panel.value, box.placeholder)
    assert 2 == len(root(panel, "seed").children)


def test_the_lock_lets_a_seed_go(row, root):
    """It says what a press does, as no plain button tells its state otherwise."""
    panel, box = row(SEED)
    box.value = "42"
    lock = root(panel, "seed").children[2]
    words = lock.description
    lock.click()

    assert ("Let go", "Keep it") == (words, lock.description)
    assert ("", {}) == (box.value, panel.value)


def test_the_seed_that_was_sent_is_shown_and_can_be_kept(row, root, ended):
    """Beside the title; closing the lock takes it over."""
    panel, box = row(SEED)
    panel.value = {"seed": 7}
    panel.submit()
    ended(panel)
    panel.value = {}
    shown = box.description
    root(panel, "seed").children[2].click()

    assert "last used: 7" in shown
    assert {"seed": 7} == panel.value


def test_the_seed_that_the_server_chose_is_read_from_the_picture(row, root, ended):
    """Nobody else tells it."""
    panel, box = row(SEED)
    panel.submit()
    ended(panel, seed="1234567")
    root(panel, "seed").children[2].click()

    assert "last used: 1234567" in box.description
    assert {"seed": 1234567} == panel.value


@pytest.mark.parametrize("said", ["", "nine", "1e9", "9" * 30, "<b>1</b>"])
def test_a_picture_may_say_anything_and_only_a_whole_number_is_a_seed(row, ended, said):
    """It is a file from elsewhere."""
    panel, box = row(SEED)
    panel.submit()
    ended(panel, seed=said)

    assert "last used" not in box.description


def test_a_used_seed_that_the_field_does_not_take_is_not_taken_over(row, root, ended):
    """The lock then rolls one that is."""
    panel, _ = row(dataclasses.replace(SEED, minimum=0, maximum=9))
    panel.submit()
    ended(panel, seed="1234567")
    root(panel, "seed").children[2].click()

    assert 0 <= panel.value["seed"] <= 9
