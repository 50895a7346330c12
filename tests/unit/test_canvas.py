"""The canvas: bands that join without a seam, units that do not know pixels, layers that hide others."""

from __future__ import annotations

import numpy as np
import pytest

from ipydarkroom.local.scenery import canvas
from ipydarkroom.local.scenery.canvas import Band, Brush, Frame, Soft, develop, expose, rise
from ipydarkroom.local.scenery.chance import Chance


class Slope:
    """Red grows to the right, green downwards."""

    def on(self, frame: Frame) -> Brush:
        def paint(band: Band) -> None:
            band.lay((band.x[None] / frame.w, band.y / frame.h, 0.5), 1.0)

        return Brush(paint)


class Floor:
    """Hides everything below the middle; says so; counts its bands."""

    def __init__(self) -> None:
        self.bands = 0

    def on(self, frame: Frame) -> Brush:
        def paint(band: Band) -> None:
            self.bands += 1
            band.lay((0.0, 0.0, 0.0), (band.y > frame.h / 2).astype(np.float32))

        return Brush(paint, frame.h / 2)


class Witness(Floor):
    """Counts the bands it is asked to paint, and paints nothing."""

    def on(self, frame: Frame) -> Brush:
        def paint(_: Band) -> None:
            self.bands += 1

        return Brush(paint)


def quiet(_: float) -> None:
    """A report that nobody reads."""


def test_the_area_of_a_frame_is_one_unit() -> None:
    """Whatever its size and shape, w × h is 1 and a pixel is square."""
    frame = Frame.of((640, 360))

    assert 1.0 == pytest.approx(frame.w * frame.h)
    assert frame.px == pytest.approx(frame.width / frame.w)
    assert (160, 90) == (frame.small(160).width, frame.small(160).height)


def test_bands_join_without_a_seam(monkeypatch: pytest.MonkeyPatch) -> None:
    """Painting in many bands gives what painting in one gives, but for the grain."""
    frame = Frame.of((50, 80))
    monkeypatch.setattr(canvas, "_BAND_PIXELS", 50 * 8)

    banded = np.asarray(expose(frame, [Slope()], Chance.of(1), 0.3, quiet), np.float64)

    assert np.abs(banded - np.moveaxis(develop(frame, [Slope()]), 0, 2) * 255).max() < 3


def test_what_is_hidden_is_not_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Layers beneath a solid one are skipped in the bands it covers."""
    monkeypatch.setattr(canvas, "_BAND_PIXELS", 50 * 8)
    witness, floor = Witness(), Floor()

    expose(Frame.of((50, 80)), [witness, floor], Chance.of(1), 0.3, quiet)

    assert (5, 10) == (witness.bands, floor.bands)


def test_soft_planes_are_read_smoothly_in_bands() -> None:
    """A small plane, enlarged band by band, has no steps at the bands' edges."""
    frame = Frame.of((90, 60))
    soft = Soft(np.linspace(0, 1, 6, dtype=np.float32)[None, :, None].repeat(9, 2))

    rows = np.concatenate([soft.rows(Band(frame, top, top + 10))[0] for top in range(0, 60, 10)])

    assert (60, 90) == rows.shape
    assert np.abs(np.diff(rows, axis=0)).max() < 0.05


def test_light_never_goes_beyond_white() -> None:
    """Shining twice on white stays white."""
    band = Band(Frame.of((4, 4)), 0, 4)
    band.lay((1.0, 0.5, 0.0), 1.0)
    band.shine((1.0, 1.0, 1.0), 0.5)

    assert (1.0, 0.75, 0.5) == tuple(band.rgb[:, 0, 0])


def test_a_step_can_rise_and_fall() -> None:
    """0 to 1 between low and high, and the other way round when they are swapped."""
    x = np.array([0.0, 0.5, 1.0], np.float32)

    assert [0.0, 0.5, 1.0] == rise(0.0, 1.0, x).tolist()
    assert [1.0, 0.5, 0.0] == rise(1.0, 0.0, x).tolist()
