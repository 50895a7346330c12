"""Weather: what falls and floats, beams, and the lens's corners."""

from __future__ import annotations

import numpy as np

from ipydarkroom.local.scenery.canvas import Frame, develop
from ipydarkroom.local.scenery.chance import Chance
from ipydarkroom.local.scenery.weather import Beams, Corners, floating, petals, rainfall, snowfall

FRAME = Frame.of((120, 90))
CHANCE, WHITE = Chance.of(2), (1.0, 1.0, 1.0)


def test_everything_that_falls_is_seen_and_grows_with_its_amount() -> None:
    """More snow, rain or petals cover more of the picture."""
    for make in (snowfall, rainfall, petals):
        little, much = (develop(FRAME, make(CHANCE, FRAME, WHITE, amount)).mean() for amount in (0.3, 1.5))

        assert 0 < little < much


def test_small_lights_glow_below_their_top_only() -> None:
    """Fireflies keep to the ground."""
    light = develop(FRAME, floating(CHANCE, FRAME, WHITE, 30, 0.6))

    assert light[:, round(0.7 * FRAME.px) :].max() > 0.5
    assert 0.05 > light[:, : round(0.5 * FRAME.px)].max()


def test_corners_are_darkened_and_the_middle_is_not() -> None:
    """A vignette multiplies: black stays black."""
    frame = Frame.of((101, 101))

    class Grey:
        def on(self, frame):
            from ipydarkroom.local.scenery.canvas import Brush

            return Brush(lambda band: band.lay((0.5, 0.5, 0.5), 1.0))

    found = develop(frame, [Grey(), Corners(0.4)])[0]

    assert abs(float(found[50, 50]) - 0.5) < 1e-3
    assert found[0, 0] < 0.4


def test_beams_start_at_their_source_and_fade() -> None:
    """The far corner gets less light than what is near."""
    light = develop(FRAME, [Beams(CHANCE, 0.0, 0.0, WHITE, 0.4, 1.0)])[0]

    assert light[:30, :30].mean() > light[-20:, -20:].mean()
    assert np.isfinite(light).all()
