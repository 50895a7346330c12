"""The study: everything settled before the first stroke."""

from __future__ import annotations

import pytest

from ipydarkroom.local.painters import Order
from ipydarkroom.local.scenery.study import study

SIZE = (400, 300)


def test_speed_and_style_do_not_move_things() -> None:
    """The same order in a hurry has its sun, horizon and palette in the same place."""
    plain, hurried = study(Order("sea", 3, SIZE)), study(Order("sea", 3, SIZE, speed="turbo", style="design"))

    assert (plain.sun, plain.horizon, plain.palette) == (hurried.sun, hurried.horizon, hurried.palette)
    assert hurried.detail < plain.detail
    assert hurried.flat


def test_the_pictures_of_a_set_share_their_palette() -> None:
    """Index changes the composition, not the colours."""
    first, second = study(Order("mountains", 3, SIZE)), study(Order("mountains", 3, SIZE, index=1))

    assert first.palette == second.palette
    assert first.sun != second.sun


def test_size_does_not_change_the_composition() -> None:
    """A preview of the same shape shows the same picture."""
    small, large = study(Order("sea", 3, (200, 150))), study(Order("sea", 3, (4000, 3000)))

    assert (*small.sun, small.horizon) == pytest.approx((*large.sun, large.horizon))


def test_something_is_always_assumed() -> None:
    """Without a place or a time, both are chosen; a whale lives in the sea."""
    assert study(Order("", 1, SIZE)).places
    assert study(Order("", 1, SIZE)).time in {"day", "sunset", "dawn", "night"}
    assert ("sea",) == study(Order("a whale", 1, SIZE)).places


@pytest.mark.parametrize(("given", "kept"), [(-1.0, 0.0), (0.3, 0.3), (7.0, 1.0)])
def test_strength_is_kept_within_its_bounds(given: float, kept: float) -> None:
    """0 to 1, whatever is ordered."""
    assert kept == study(Order("sea", 1, SIZE, strength=given)).strength
