"""Vector shapes: curves through their points, edges without stairs, mist and blur."""

from __future__ import annotations

import numpy as np

from ipydarkroom.local.scenery.canvas import Frame, develop
from ipydarkroom.local.scenery.shapes import Mist, Shape, Shapes, blob, curve, ellipse, place, rectangle, stroke

FRAME = Frame.of((100, 100))
WHITE = (1.0, 1.0, 1.0)


def test_a_curve_passes_through_its_points() -> None:
    """Every node is on the line, and a closed line has `steps` points for each."""
    nodes = [(0, 0), (1, 0), (1, 1), (0, 1, 1)]

    line = curve(nodes, steps=5)

    assert (20, 2) == line.shape
    assert [[0, 0], [1, 0], [1, 1], [0, 1]] == line[::5].tolist()


def test_a_stroke_is_as_wide_as_asked() -> None:
    """Its outline lies half a width to both sides."""
    outline = stroke([(0, 0), (1, 0)], [0.2, 0.2])

    assert np.allclose([-0.1, 0.1], [outline[:, 1].min(), outline[:, 1].max()])


def test_an_ellipse_covers_its_area_with_soft_edges() -> None:
    """The sum of coverage is the area, so the edges are anti-aliased and not stepped."""
    coverage = develop(FRAME, [Shapes([Shape(ellipse(0.5, 0.5, 0.3, 0.2, steps=90), WHITE)])])[0]

    assert abs(coverage.sum() / 1e4 - np.pi * 0.06) < 0.006
    assert ((coverage > 0.1) & (coverage < 0.9)).any()


def test_later_shapes_lie_over_earlier_ones() -> None:
    """Painter's order within a layer."""
    box = rectangle(0.2, 0.2, 0.8, 0.8)

    middle = develop(FRAME, [Shapes([Shape(box, WHITE), Shape(box, (0.0, 0.0, 1.0))])])[:, 50, 50]

    assert [0.0, 0.0, 1.0] == middle.tolist()


def test_nothing_outside_the_frame_is_an_error() -> None:
    """Shapes beyond all edges, and none at all, paint nothing."""
    outside = [Shape(rectangle(-2, -2, -1, -1), WHITE), Shape(rectangle(3, 0, 4, 1), WHITE)]

    assert 0 == develop(FRAME, [Shapes(outside), Shapes([])]).max()
    assert 0 == develop(FRAME, [Shapes(outside, blur=0.02)]).max()


def test_mist_and_blur_and_light() -> None:
    """Mist takes a shape's colour towards its own, blur spreads it, light adds."""
    box = Shape(rectangle(0.3, 0.0, 0.7, 1.0), WHITE)

    misty = develop(FRAME, [Shapes([box], mist=Mist((0.0, 0.0, 0.0), 0.2, 0.8))])[0, :, 50]
    blurred = develop(FRAME, [Shapes([box], blur=0.05)])[0, 50]
    added = develop(FRAME, [Shapes([box], opacity=0.5, light=True)] * 2)[0, 50, 50]

    assert misty[5] > misty[50] > misty[95]
    assert 0 < blurred[28] < blurred[50]
    assert abs(added - 0.75) < 0.01


def test_placing_turns_y_upwards() -> None:
    """An outline drawn with y up stands on its feet; flipping mirrors it."""
    point = np.array([[1.0, 2.0]])

    assert [[3.5, 4.0]] == place(point, 3, 5, 0.5).tolist()
    assert [[2.5, 4.0]] == place(point, 3, 5, 0.5, flip=True).tolist()


def test_a_blob_stays_near_its_radius() -> None:
    """Uneven, but not by more than it is told."""
    points = blob(np.random.default_rng(1), 1.0, 2.0, 0.5, uneven=0.1)

    away = np.hypot(points[:, 0] - 1, points[:, 1] - 2)

    assert 0.4 < away.min() < away.max() < 0.6
