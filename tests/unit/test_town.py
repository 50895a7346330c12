"""Towns: skylines that leave no gap, windows inside their walls, streets that vanish in one point."""

from __future__ import annotations

import numpy as np

from ipydarkroom.local.scenery.town import Block, Row, lamps, skyline, street

GREY, DARK, GOLD = (0.4, 0.4, 0.5), (0.2, 0.2, 0.3), (1.0, 0.8, 0.4)


def test_a_skyline_spans_the_picture() -> None:
    """From edge to edge, on its base line, no taller than about twice its height."""
    buildings, windows = skyline(np.random.default_rng(1), Row(0.8, 0.3, 0.06, GREY, DARK), 1.4)
    points = np.concatenate([shape.points for shape in buildings])

    assert points[:, 0].min() <= 0 < 1.4 <= points[:, 0].max()
    assert 0.8 >= points[:, 1].max()
    assert points[:, 1].min() > 0.8 - 0.3 * 2
    assert [] == windows


def test_windows_glow_as_many_as_asked() -> None:
    """More light, more windows; each in one of the lights' hues and above the base."""
    few, many = (
        skyline(np.random.default_rng(1), Row(0.8, 0.3, 0.06, GREY, DARK, (GOLD,), lit), 1.2)[1] for lit in (0.1, 0.5)
    )

    assert 0 < len(few) < len(many)
    assert max(shape.points[:, 1].max() for shape in many) < 0.81


def test_a_street_runs_to_its_vanishing_point() -> None:
    """Farther walls are closer to it, and the lamps get smaller."""
    block = Block(0.6, 0.5, 0.5, 0.2, DARK, GREY, (GOLD, GREY), 0.4)

    walls, glows = street(np.random.default_rng(2), block)
    posts, globes = lamps(block, DARK)

    assert min(np.abs(shape.points[:, 0] - 0.6).min() for shape in walls) < 0.05
    assert glows
    assert np.ptp(globes[0].points[:, 0]) < np.ptp(globes[-1].points[:, 0])
    assert len(posts) == len(globes)
