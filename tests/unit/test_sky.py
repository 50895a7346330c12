"""The sky: its gradient, its glow, clouds, stars, northern lights, sun and moon."""

from __future__ import annotations

import numpy as np
import pytest

from ipydarkroom.local.scenery.canvas import Frame, develop
from ipydarkroom.local.scenery.chance import Chance
from ipydarkroom.local.scenery.colours import from_hex
from ipydarkroom.local.scenery.sky import Aurora, Clouds, Disc, Sky, Stars

FRAME = Frame.of((120, 90))
STOPS = tuple(from_hex(code) for code in ("#102040", "#4060a0", "#c0a0a0", "#ffe0b0"))
WHITE = (1.0, 1.0, 1.0)


@pytest.mark.parametrize("steps", [0, 6])
def test_the_horizon_is_lighter_than_the_zenith(steps: int) -> None:
    """The stops run downwards; with steps, in flat rings."""
    sky = develop(FRAME, [Sky(STOPS, WHITE, 0.8, 0.3, 0.5, steps=steps)])

    assert sky[:, -10:].mean() > sky[:, :10].mean() + 0.05
    assert 0 <= sky.min() <= sky.max() <= 1


def test_the_glow_is_around_the_light() -> None:
    """The air is brightest where the sun stands."""
    sky = develop(FRAME, [Sky(STOPS, WHITE, 0.8, 0.9, 0.3, power=0.9)]).mean(0)

    row = round(0.3 * FRAME.px)

    assert sky[row, round(0.9 * FRAME.px)] > sky[row, 5] + 0.15


def test_a_disc_is_round_and_where_it_is_put() -> None:
    """Its area is that of a circle; a crescent and stripes are less."""
    area = [
        develop(FRAME, [Disc(Chance.of(1), 0.5, 0.4, 0.2, WHITE, WHITE, **change)])[0].sum() / FRAME.px**2
        for change in ({}, {"phase": 0.5}, {"bands": 4})
    ]

    assert np.pi * 0.04 == pytest.approx(area[0], rel=0.04)
    assert max(area[1:]) < area[0]


def test_clouds_stars_and_aurora_are_light_on_the_dark() -> None:
    """Each brightens a black sky somewhere, and stays within the colours' range."""
    chance = Chance.of(3)
    for layer in (Clouds(chance, WHITE, WHITE, 0.0, 0.9, 0.8), Stars(chance, WHITE, 0.8, 200, 0.5), Aurora(chance, (WHITE, WHITE), 0.6, 0.4)):
        light = develop(FRAME, [layer])

        assert 0.3 < light.max() <= 1.001
        assert light.min() >= 0


def test_stars_shine_above_the_horizon_only() -> None:
    """None below the line they are given."""
    light = develop(FRAME, [Stars(Chance.of(1), WHITE, 0.3, 400)])

    assert 0 == light[:, round(0.36 * FRAME.px):].max()
