"""Made things: each is drawn near the place it is given, in the colours it is given."""

from __future__ import annotations

import numpy as np
import pytest

from ipydarkroom.local.scenery.props import balloon, boat, house, lighthouse, snowman, umbrella

RED, BLUE, PALE = (0.8, 0.2, 0.2), (0.2, 0.2, 0.8), (0.9, 0.9, 0.8)
DRAWN = {
    "balloon": lambda: balloon(1.0, 1.0, 0.3, (RED, PALE), BLUE),
    "boat": lambda: boat(1.0, 1.0, 0.3, BLUE, PALE),
    "house": lambda: house(1.0, 1.0, 0.3, RED, BLUE, PALE),
    "lighthouse": lambda: lighthouse(1.0, 1.0, 0.3, PALE, RED, BLUE),
    "snowman": lambda: snowman(1.0, 1.0, 0.3, PALE, BLUE, RED, BLUE),
    "umbrella": lambda: umbrella(1.0, 1.0, 0.3, RED, BLUE),
}


@pytest.mark.parametrize("name", DRAWN)
def test_it_is_drawn_about_its_place(name: str) -> None:
    """Within its own size of (x, y), and with more than one colour."""
    shapes = DRAWN[name]()

    points = np.concatenate([shape.points for shape in shapes])

    assert np.abs(points - 1.0).max() < 0.35
    assert len({shape.colour for shape in shapes}) > 1
