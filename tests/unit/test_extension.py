"""Continuing a picture sideways: where from, how far, how soft."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image

from ipydarkroom.local.scenery.chance import Chance
from ipydarkroom.local.scenery.extension import Manner, extended

from paintbox import landscape, quiet


def grown(source: Image.Image, width: int, **manner) -> np.ndarray:
    """The pixels of an extended picture."""
    return np.asarray(extended(source, width, Chance.of(1), Manner(**manner), quiet), np.float64)


def test_nothing_to_do_is_nothing_done() -> None:
    """A picture that is wide enough comes back as it is."""
    source = landscape()

    assert source is extended(source, 120, Chance.of(1), Manner(), quiet)


def test_a_subject_is_not_mirrored() -> None:
    """A dark figure on an even ground is not seen a second time in the margin."""
    picture = Image.new("RGB", (120, 120), (200, 180, 160))
    picture.paste((20, 20, 40), (45, 30, 75, 120))

    found = grown(picture, 360)

    assert found[:, :120].min() > 120
    assert found[:, 240:].min() > 120


@pytest.mark.parametrize("width", [121, 123, 400])
def test_odd_margins_are_filled(width: int) -> None:
    """Also one single column, and only on one side."""
    found = grown(landscape(), width)

    assert (120, width, 3) == found.shape
    assert found.max(2).min() > 40


def test_a_tint_reaches_the_far_end_only() -> None:
    """The palette colours what is far from the seam more than what is near."""
    plain, tinted = grown(landscape(), 400), grown(landscape(), 400, palette=((0.3, 0.0, 0.0), (1.0, 0.6, 0.6)))

    change = np.abs(plain - tinted).mean((0, 2))

    assert change[:60].mean() > 4 * change[134:140].mean()


def test_progress_is_reported_and_may_end_the_work() -> None:
    """After each band, up to 1; an exception comes through."""
    told: list[float] = []
    extended(landscape((800, 900)), 1600, Chance.of(1), Manner(proxy=200), told.append)

    assert 1.0 == told[-1]
    assert len(told) > 2

    def stop(_: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        extended(landscape(), 200, Chance.of(1), Manner(), stop)
