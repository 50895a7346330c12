"""The land: ridges that cover what is behind, light on their flanks, snow on their tops, fog between."""

from __future__ import annotations

import numpy as np

from ipydarkroom.local.scenery.canvas import Frame, develop
from ipydarkroom.local.scenery.chance import Chance, Contour
from ipydarkroom.local.scenery.land import Cast, Fog, Relief, Ridge, ground, snow_tone
from ipydarkroom.local.painters import Order
from ipydarkroom.local.scenery.study import study

FRAME = Frame.of((120, 90))
GREEN, WHITE, BLACK = (0.2, 0.5, 0.3), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
CHANCE = Chance.of(1)
PEAK = Contour.draw(CHANCE.stream("peak"), level=0.7, height=0.02, pace=2.0, hero=(0.58, 0.4, 0.35))


def test_a_ridge_covers_all_below_its_edge() -> None:
    """Solid from the lowest point of its contour on, and it says where that is."""
    ridge = Ridge(PEAK, GREEN, GREEN, 0.3, CHANCE)

    painted = develop(FRAME, [ridge])
    solid = ridge.on(FRAME).solid_below

    assert np.allclose(0.5, painted[1, int(solid * FRAME.px) + 1 :])
    assert 0 == painted[:, 5].max()


def test_the_lit_flank_faces_the_light() -> None:
    """With the light to the right, the right flank is brighter; with the light to the left, the left one."""
    for side in (1.0, -1.0):
        relief = Relief(WHITE, BLACK, 1.0, side=side, grain=0.0)
        painted = develop(FRAME, [Ridge(PEAK, GREEN, GREEN, 0.9, CHANCE, relief)]).mean(0)
        row = round(0.36 * FRAME.px)
        middle = round(0.58 * FRAME.px)

        left, right = painted[row, middle - 16 : middle - 8].mean(), painted[row, middle + 8 : middle + 16].mean()

        assert (right - left) * side > 0.1


def test_snow_lies_above_its_line() -> None:
    """The summit is white, the foot is not."""
    relief = Relief(GREEN, GREEN, 0.5, snow=WHITE, snowline=0.45, ragged=0.02)

    painted = develop(FRAME, [Ridge(PEAK, GREEN, GREEN, 0.9, CHANCE, relief)]).mean(0)
    column = painted[:, round(0.58 * FRAME.px)]

    assert column[round(0.42 * FRAME.px)] > column[round(0.65 * FRAME.px)] + 0.2


def test_fog_and_shadow_fade_with_distance() -> None:
    """Fog is thickest at its middle; a cast shadow is deepest at the edge that casts it."""
    fog = develop(FRAME, [Fog(CHANCE, WHITE, 0.4, 0.1, 0.8, patchy=0.0)])[0, :, 10]
    dark = develop(FRAME, [Cast(PEAK, WHITE, 0.05, 0.5)])[0, :, 2]

    assert abs(0.4 * FRAME.px - int(np.argmax(fog))) < 2
    assert dark[round(0.5 * FRAME.px)] < dark[round(0.66 * FRAME.px)]


def test_snow_on_the_ground_is_dimmer_at_night() -> None:
    """It takes the light there is; and things can stand on the ground's contour."""
    day, night = study(Order("snow at noon", 1, (400, 300))), study(Order("snow at night", 1, (400, 300)))

    assert sum(snow_tone(night, 1.0)) < sum(snow_tone(day, 1.0))
    ridge, contour = ground(day, 0.8)
    assert ridge.contour is contour
