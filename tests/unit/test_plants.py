"""Plants: each grows from its foot to about its height."""

from __future__ import annotations

import numpy as np
import pytest

from ipydarkroom.local.scenery.plants import birch, blossom_branch, broadleaf, fir, firs, flower, grass, palm

GREEN, BROWN, ROSE = (0.2, 0.5, 0.3), (0.4, 0.3, 0.2), (0.9, 0.6, 0.7)
GROWN = {
    "fir": lambda stream: [fir(stream, 1.0, 1.0, 0.4, GREEN)],
    "broadleaf": lambda stream: broadleaf(stream, 1.0, 1.0, 0.4, (BROWN, GREEN)),
    "birch": lambda stream: birch(stream, 1.0, 0.6, 1.0, 0.02, BROWN),
    "palm": lambda stream: palm(stream, 1.0, 1.0, 0.33, GREEN),
    "grass": lambda stream: [grass(stream, 1.0, 1.0, 0.4, GREEN)],
} | {kind: (lambda stream, kind=kind: flower(stream, kind, 1.0, 1.0, 0.38, ROSE, GREEN)) for kind in ("poppy", "daisy", "tulip", "spike")}


@pytest.mark.parametrize("name", GROWN)
def test_it_grows_from_its_foot_to_its_height(name: str) -> None:
    """Nothing far below the ground, and about as tall as asked."""
    shapes = GROWN[name](np.random.default_rng(4))

    points = np.concatenate([shape.points for shape in shapes])

    assert points[:, 1].max() < 1.05
    assert 0.28 < 1.0 - points[:, 1].min() < 0.6


def test_a_row_of_firs_is_ordered_from_back_to_front() -> None:
    """Those standing lower are drawn later, over the others."""
    stream = np.random.default_rng(1)

    shapes = firs(stream, np.linspace(0, 1, 9), np.linspace(0.9, 0.5, 9), 0.2, (GREEN, BROWN))
    feet = [shape.points[:, 1].max() for shape in shapes]

    assert sorted(feet) == feet


def test_a_branch_bears_blossom() -> None:
    """Wood in its own colour, and many more petals than twigs."""
    shapes = blossom_branch(np.random.default_rng(2), (0.0, 0.1), (0.6, 0.3), 0.02, BROWN, ROSE)

    wood = sum(shape.colour == BROWN for shape in shapes)

    assert 0 < wood < len(shapes) / 5
