"""Figures: every one can be drawn, stands on its feet, and can look the other way."""

from __future__ import annotations

import numpy as np
import pytest

from ipydarkroom.local.scenery.figures import FIGURES, Tones, bird, figure

TONES = Tones((0.8, 0.4, 0.2), (1.0, 0.9, 0.8), (0.2, 0.1, 0.1), (1.0, 0.8, 0.4))


@pytest.mark.parametrize("name", FIGURES)
def test_a_figure_has_its_size_and_stands_on_its_feet(name: str) -> None:
    """About `size` units tall above (x, y), in the tones it is given."""
    shapes = figure(name, 2.0, 1.0, 0.5, TONES)

    points = np.concatenate([shape.points for shape in shapes])

    assert 0.4 < 1.0 - points[:, 1].min() < 0.62
    assert points[:, 1].max() < 1.12
    assert {shape.colour for shape in shapes} <= {TONES.body, TONES.pale, TONES.dark, TONES.rim}


def test_a_flipped_figure_is_mirrored() -> None:
    """Left becomes right around its own middle."""
    right, left = figure("fox", 2.0, 1.0, 0.5, TONES), figure("fox", 2.0, 1.0, 0.5, TONES, flip=True)

    assert np.allclose(4.0 - right[0].points[:, 0], left[0].points[:, 0])


def test_the_rim_of_light_lies_behind_the_figure() -> None:
    """It is drawn first, in the light's colour."""
    shapes = figure("cat", 0.5, 0.5, 0.3, TONES, rim=0.01)

    assert len(shapes) > len(figure("cat", 0.5, 0.5, 0.3, TONES))
    assert TONES.rim == shapes[0].colour


def test_a_bird_is_as_wide_as_its_span() -> None:
    """From wing tip to wing tip."""
    points = bird(0.5, 0.5, 0.2, 0.4, TONES.dark).points

    assert abs(np.ptp(points[:, 0]) - 0.2) < 0.02
