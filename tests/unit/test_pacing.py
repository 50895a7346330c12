"""When to ask again."""

from __future__ import annotations

from ipydarkroom.pacing import HOSTED, LOCAL


def test_the_older_the_job_the_longer_the_pause():
    """Quick at first, patient later, as both providers advise."""
    pauses = [HOSTED.pause(age, 0.5) for age in (0, 15, 60, 600)]

    assert sorted(pauses) == pauses
    assert (1.5, 15.0) == (pauses[0], pauses[-1])


def test_a_crowd_does_not_ask_at_once():
    """Chance spreads the looks by 15 % to both sides."""
    assert (1.275, 1.725) == (round(HOSTED.pause(0, 0.0), 6), round(HOSTED.pause(0, 1.0), 6))


def test_failures_are_answered_with_growing_patience():
    """Each failure doubles the wait, up to a cap, even after thousands."""
    waits = [LOCAL.backoff(failures, 1.0) for failures in (1, 2, 3, 5000)]

    assert [0.05, 0.1, 0.2, 1.0] == waits
