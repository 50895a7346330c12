"""The palettes: curated, chosen by mood, bent by colours."""

from __future__ import annotations

import pytest

from ipydarkroom.local.scenery.chance import Chance
from ipydarkroom.local.scenery.colours import from_hex, lightness
from ipydarkroom.local.scenery.palettes import PALETTES, choose

TIMES = {"day", "sunset", "dawn", "night", "storm", "calm"}


@pytest.mark.parametrize("palette", PALETTES, ids=lambda palette: palette.name)
def test_a_palette_is_complete_and_goes_from_far_to_near(palette) -> None:
    """Four stops of sky, four accents, a time or mood to be found by, and a near that is darker than the far."""
    assert (4, 4) == (len(palette.sky), len(palette.accents))
    assert TIMES & palette.moods
    assert lightness(palette.near) < lightness(palette.far)


def test_names_are_unique() -> None:
    """No palette is listed twice."""
    assert len(PALETTES) == len({palette.name for palette in PALETTES})


def test_the_first_mood_leads() -> None:
    """Night gives a dark palette and day a bright one, whatever comes after."""
    for seed in range(8):
        assert choose(["night", "sea"], (), (), Chance.of(seed)).dark
        assert not choose(["day", "sea"], (), (), Chance.of(seed)).dark


def test_seeds_choose_among_fitting_palettes() -> None:
    """There is more than one night."""
    assert len({choose(["night"], (), (), Chance.of(seed)).name for seed in range(20)}) > 2


def test_ordered_colours_take_over() -> None:
    """All accents are the ordered colours; what is no colour is left out."""
    green, sand = from_hex("#0b3d2e"), from_hex("#f4d9a9")

    found = choose(["day"], (), ("#0b3d2e", "no colour", "#f4d9a9"), Chance.of(1))

    assert {green, sand} == set(found.accents)
    assert len(PALETTES[0].sky) == len(found.sky)
