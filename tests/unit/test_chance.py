"""Chance that repeats, and the smooth noises drawn from it."""

from __future__ import annotations

import numpy as np

from ipydarkroom.local.scenery.chance import Chance, Contour, Noise, drift


def test_a_stream_depends_on_its_label_only() -> None:
    """What else was drawn before makes no difference."""
    chance = Chance.of("a prompt", 7)
    first = chance.stream("stars").uniform(size=3)
    chance.stream("clouds").uniform(size=100)

    assert first.tolist() == Chance.of("a prompt", 7).stream("stars").uniform(size=3).tolist()
    assert first.tolist() != chance.stream("clouds").uniform(size=3).tolist()
    assert chance.key != Chance.of("a prompt", 8).key


def test_any_text_and_number_is_a_key() -> None:
    """Signs of all scripts, lone surrogates and large numbers included."""
    assert 0 <= Chance.of("夜\ud800", -(2**70)).number("x") < 1


def test_noise_is_smooth_and_bounded() -> None:
    """Values within -1..1, without jumps, also across the repeat and below zero."""
    x = np.linspace(-3, 1030, 80_000)
    values = Noise(np.random.default_rng(1))(x)

    assert np.abs(values).max() <= 1
    assert np.abs(np.diff(values)).max() < 0.06


def test_a_contour_is_the_same_at_every_resolution() -> None:
    """It is a function of the place, so that a small and a large picture show the same mountain."""
    line = Contour.draw(Chance.of(1).stream("ridge"), level=0.7, height=0.2, pace=3.0, sharp=0.8, hero=(0.5, 0.3, 0.4))
    coarse, fine = np.linspace(0, 1, 11), np.linspace(0, 1, 101)

    assert np.allclose(line(coarse), line(fine)[::10])
    assert line(np.array([0.5]))[0] < line(np.array([0.02]))[0]


def test_drift_fills_any_shape() -> None:
    """Cloud noise of the shape asked for, around 0, for single pixels too."""
    assert (1, 1) == drift(np.random.default_rng(0), (1, 1), (3, 3)).shape
    clouds = drift(np.random.default_rng(0), (40, 90), (3, 5))
    assert (40, 90) == clouds.shape
    assert abs(float(clouds.mean())) < 0.5
