"""Prompts read in three languages: what was said, and which shape is asked for."""

from __future__ import annotations

import pytest

from ipydarkroom.local.scenery.colours import from_hex
from ipydarkroom.local.scenery.words import plain, read, shape_hint


@pytest.mark.parametrize(
    ("prompt", "time", "places"),
    [
        ("A lake in the mountains at sunset", "sunset", ("sea", "mountain")),
        ("Forests by NIGHT", "night", ("forest",)),
        ("夜の海", "night", ("sea",)),
        ("日落时的城市", "sunset", ("city",)),
        ("雪山 黎明", "dawn", ("mountain",)),
        ("上海", None, ("city",)),  # its second sign alone is the sea
        ("海报", None, ()),  # a poster, not the sea
        ("quorvex", None, ()),
        ("", None, ()),
    ],
)
def test_time_and_places_are_read(prompt: str, time: str | None, places: tuple[str, ...]) -> None:
    """The words for time and place are known, in the order they are said."""
    found = read(prompt)

    assert (time, places) == (found.time, found.places)


@pytest.mark.parametrize(
    ("prompt", "figure"),
    [("two foxes", "fox"), ("猫头鹰", "owl"), ("熊猫", "bear"), ("小猫", "cat"), ("portrait of a woman", "portrait"),
     ("a girl and her dog", "wolf"), ("肖像", "portrait"), ("portrait orientation, lake", None), ("mountains", None)],
)  # fmt: skip
def test_the_figure_is_read(prompt: str, figure: str | None) -> None:
    """Animals come before people, longer signs before shorter ones, and a page's orientation is no face."""
    assert figure == read(prompt).figure


def test_a_colour_beside_a_figure_is_the_figures() -> None:
    """The red of a red fox is its fur; the blue of a blue forest is the air."""
    found = read("a red fox in a blue forest")

    assert from_hex("#d7263d") == found.figure_colour
    assert (from_hex("#2a66d9"),) == found.colours


def test_what_is_excluded_is_not_read() -> None:
    """A word after `no` or `without` is left out."""
    found = read("mountains without fog, no moon")

    assert frozenset() == found.weather
    assert frozenset() == found.things


def test_black_and_white_is_a_manner_and_golden_hour_a_time() -> None:
    """Set phrases do not colour the picture."""
    assert ((), True) == (read("black and white city").colours, "ink" in read("black and white city").weather)
    assert () == read("golden hour at the sea").colours


def test_full_width_letters_and_capitals_do_not_matter() -> None:
    """A prompt is evened out before it is looked up."""
    assert "a fox by the sea" == plain("  Ａ Fox\n by the SEA ")


@pytest.mark.parametrize(
    ("prompt", "shape"),
    [
        ("a fox, 16:9", (16, 9)), ("9：16 海", (9, 16)), ("2.35:1 desert", (47, 20)), ("1920x1080 ocean", (16, 9)),
        ("aspect ratio 7:3", (7, 3)), ("ultra-wide valley", (21, 9)), ("panorama of the alps", (21, 9)), ("全景 山", (21, 9)),
        ("a banner", (21, 9)), ("phone wallpaper of a fox", (9, 16)), ("vertical, a tower", (9, 16)), ("手机壁纸", (9, 16)),
        ("縦長の海", (9, 16)), ("wide shot", (16, 9)), ("ワイド", (16, 9)), ("a poster", (2, 3)), ("雪山海报", (2, 3)),
        ("square", (1, 1)), ("正方形", (1, 1)), ("portrait orientation", (3, 4)), ("portrait of a king", (3, 4)), ("肖像", (3, 4)),
        ("3:2", (3, 2)), ("21:9", (21, 9)), ("landscape", (4, 3)), ("wide portrait", (16, 9)),
    ],
)  # fmt: skip
def test_the_shape_is_read(prompt: str, shape: tuple[int, int]) -> None:
    """A written ratio wins, then words for formats, then portrait and landscape."""
    assert shape == shape_hint(prompt)


@pytest.mark.parametrize("prompt", ["a fox", "at 10:30 in the morning", "0:0", "ratio 1:9", "chapter 12:345", "", "一只狐狸"])
def test_no_shape_is_invented(prompt: str) -> None:
    """A time of day is no ratio, and nothing narrower than 1:4 is taken."""
    assert shape_hint(prompt) is None
