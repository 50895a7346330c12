"""The ingredients of landscapes, woods, gardens, skies and stages, each from a study."""

from __future__ import annotations

import numpy as np
import pytest

from ipydarkroom.local.scenery.canvas import Layer, develop
from ipydarkroom.local.scenery.colours import lightness
from ipydarkroom.local.scenery.cosmos import cosmos
from ipydarkroom.local.scenery.gardens import blossom, meadow, palms, tufts
from ipydarkroom.local.scenery.heavens import heavens
from ipydarkroom.local.scenery.land import Ridge, ground
from ipydarkroom.local.scenery.landscapes import city, coast, desert, mountains, ribbons
from ipydarkroom.local.painters import Order
from ipydarkroom.local.scenery.portraits import portrait
from ipydarkroom.local.scenery.shapes import Shapes
from ipydarkroom.local.scenery.staging import afloat, cast, standing
from ipydarkroom.local.scenery.streets import avenue
from ipydarkroom.local.scenery.study import Study, study
from ipydarkroom.local.scenery.woods import forest, hillside, park, sentinels, trunks


def made(prompt: str, **rest) -> Study:
    """A study of a small picture."""
    return study(Order(prompt, 2, (160, 120), **rest))


MAKERS = {
    "mountains": lambda s: mountains(s, s.horizon + 0.1, s.horizon - 0.3),
    "coast": coast, "desert": lambda s: desert(s, s.horizon), "city": lambda s: city(s, s.horizon), "ribbons": ribbons,
    "forest": lambda s: forest(s, s.horizon, s.frame.h), "trunks": trunks, "meadow": meadow, "blossom": blossom,
    "palms": lambda s: palms(s, s.frame.h), "heavens": heavens, "cosmos": cosmos, "avenue": avenue, "portrait": portrait,
    "park": lambda s: park(s, ground(s, 0.7)[1]), "sentinels": lambda s: sentinels(s, ground(s, 0.8)[1]),
    "tufts": lambda s: tufts(s, ground(s, 0.7)[1]), "hillside": lambda s: [hillside(s, ground(s, 0.7)[1], 0.8, 1)],
}  # fmt: skip


@pytest.mark.parametrize("name", [name for name in MAKERS if name != "coast"])
def test_an_ingredient_is_seen(name: str) -> None:
    """It paints something on black, within the range of colours."""
    scene = made("autumn fields at sunset")

    planes = develop(scene.frame, MAKERS[name](scene))

    assert planes.max() > 0.05
    assert -0.01 <= planes.min() <= planes.max() <= 1.01


def test_coasts_differ_and_may_be_absent() -> None:
    """Some seeds show the open sea, others islands and headlands."""
    counts = {len(coast(study(Order("sea", seed, (160, 120))))) for seed in range(16)}

    assert 0 in counts
    assert len(counts) > 2


def ranges(layers: list[Layer]) -> list[Ridge]:
    """The ridges among layers."""
    return [layer for layer in layers if isinstance(layer, Ridge)]


def test_farther_mountains_are_paler() -> None:
    """Aerial perspective: lightness falls from the back to the front."""
    tones = [lightness(ridge.top) for ridge in ranges(MAKERS["mountains"](made("mountains at noon")))]

    assert sorted(tones, reverse=True) == tones
    assert len(tones) > 3


def test_speed_changes_how_many_ranges_there_are() -> None:
    """Turbo paints fewer, quality more."""
    counts = [len(ranges(MAKERS["mountains"](made("mountains", speed=speed)))) for speed in ("turbo", "balanced", "quality")]

    assert sorted(set(counts)) == counts


def test_no_grass_grows_on_snow() -> None:
    """Tufts are for bare ground."""
    winter = made("snow")

    assert [] == tufts(winter, ground(winter, 0.7)[1])


def test_strength_makes_the_figure_larger() -> None:
    """The more the words count, the larger what they name."""
    heights = []
    for strength in (0.0, 1.0):
        scene = made("a fox", strength=strength)
        layer = standing(scene, ground(scene, 0.9)[1], 0.5)[-1]
        assert isinstance(layer, Shapes)
        heights.append(np.ptp(np.concatenate([shape.points for shape in layer.shapes])[:, 1]))

    assert heights[1] > heights[0] * 1.4


@pytest.mark.parametrize(
    ("prompt", "name"), [("a man", "man"), ("a woman", "person"), ("a portrait", None), ("an owl", "owl"), ("hills", None)]
)
def test_the_cast_is_read_from_the_words(prompt: str, name: str | None) -> None:
    """Who stands in the scene; a face is no figure in a landscape."""
    assert name == cast(made(prompt))


def test_boats_and_whales_float_where_they_are_named() -> None:
    """Named, they are always there."""
    assert afloat(made("a boat on the sea"))
    assert afloat(made("a whale"))


def test_people_in_portraits_differ_by_seed_and_words() -> None:
    """Two seeds are two people, and a hat is worn when asked for."""
    one, two = (develop(s.frame, portrait(s)) for s in (study(Order("portrait", seed, (60, 80))) for seed in (1, 2)))

    assert np.abs(one - two).mean() > 0.02
