"""Water: a mirror of what is above, darker towards the viewer, glittering under the light."""

from __future__ import annotations

import numpy as np

from ipydarkroom.local.scenery.canvas import Frame, develop
from ipydarkroom.local.scenery.chance import Chance
from ipydarkroom.local.scenery.shapes import Shape, Shapes, rectangle
from ipydarkroom.local.scenery.sky import Sky
from ipydarkroom.local.scenery.water import Water

FRAME = Frame.of((120, 90))
BLUE, WHITE, BLACK = (0.3, 0.4, 0.7), (1.0, 1.0, 1.0), (0.0, 0.0, 0.0)
AIR = Sky((BLUE, BLUE, BLUE, BLUE), BLUE, 0.5, 0.2, 0.2, power=0.0)


def test_what_stands_above_is_mirrored_below() -> None:
    """A dark tower left of the middle darkens the water under it, not elsewhere."""
    tower = Shapes([Shape(rectangle(0.2, 0.2, 0.4, 0.5), BLACK)])

    painted = develop(FRAME, [AIR, tower, Water(Chance.of(1), [AIR, tower], 0.5, BLUE, WHITE, 5.0, rough=0.1, glitter=0.0)])
    row = painted[2, round(0.58 * FRAME.px)]

    assert row[round(0.3 * FRAME.px)] < row[round(0.9 * FRAME.px)] - 0.2


def test_the_light_glitters_in_its_own_column() -> None:
    """Under the sun the water is brighter than at the side."""
    painted = develop(FRAME, [AIR, Water(Chance.of(1), [AIR], 0.5, BLUE, WHITE, 0.8, rough=0.5, glitter=1.0)])
    sea = painted[0, round(0.52 * FRAME.px) :].max(0)

    assert sea[round(0.8 * FRAME.px)] > sea[round(0.15 * FRAME.px)] + 0.1


def test_it_is_solid_below_the_horizon_and_absent_above() -> None:
    """Nothing above the line changes; everything below is covered."""
    water = Water(Chance.of(1), [AIR], 0.5, BLUE, WHITE, 0.8)

    painted = develop(FRAME, [water])

    assert 0 == painted[:, : round(0.5 * FRAME.px) - 1].max()
    assert painted[:, round(0.5 * FRAME.px) + 1 :].min() > 0.05
    assert water.on(FRAME).solid_below >= 0.5


def test_bands_make_the_same_water() -> None:
    """Each row depends on its own place only."""
    layers = [AIR, Water(Chance.of(1), [AIR], 0.5, BLUE, WHITE, 0.8)]

    assert np.array_equal(develop(FRAME, layers), develop(FRAME, layers))
