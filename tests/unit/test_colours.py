"""Colours: reading, mixing and bending them."""

from __future__ import annotations

import numpy as np
import pytest

from ipydarkroom.local.scenery.colours import from_hex, lightness, mix, parse, ramp, recolour, scale


def test_hex_is_read_in_both_lengths() -> None:
    """`#rgb` and `#rrggbb`, with or without `#`."""
    assert from_hex("#ff8000") == from_hex("ff8000") == from_hex("#ff8000")
    assert parse("#f00") == (1.0, 0.0, 0.0)


@pytest.mark.parametrize("text", ["", "red", "#12", "#12345g", "rgb(1,2,3)"])
def test_what_is_no_colour_is_none(text: str) -> None:
    """`parse` never raises, `from_hex` does."""
    assert parse(text) is None
    with pytest.raises(ValueError, match="not a colour"):
        from_hex(text)


def test_a_mixture_ends_at_its_ends() -> None:
    """0 is the first colour and 1 the second."""
    one, two = from_hex("#123456"), from_hex("#fedcba")

    assert one == pytest.approx(mix(one, two, 0), abs=1e-4)
    assert two == pytest.approx(mix(one, two, 1), abs=1e-4)


def test_a_ramp_runs_through_its_stops_without_a_jump() -> None:
    """A gradient of shape (3, steps) whose neighbours are close."""
    table = ramp([from_hex(code) for code in ("#000000", "#3355ff", "#ffffff")], 300)

    assert (3, 300) == table.shape
    assert np.abs(np.diff(table, axis=1)).max() < 0.03


def test_light_and_hue_can_be_changed_apart() -> None:
    """Darker keeps the hue; recolouring keeps most of the lightness."""
    blue, red = from_hex("#4477cc"), from_hex("#d7263d")

    assert lightness(scale(blue, light=0.5)) < lightness(blue)
    assert recolour(blue, red, 0.9)[0] > recolour(blue, red, 0.9)[2]
    assert lightness(blue) == pytest.approx(lightness(recolour(blue, red, 0.9)), abs=0.12)
