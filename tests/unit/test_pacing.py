"""When to ask again."""

from __future__ import annotations

import heapq
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ipydarkroom.pacing import HOSTED, LOCAL, Expected, RetryQuota, Window, expect, retry_after

NOW = 1_790_000_000.0  # 2026-09-21 13:33:20 UTC


def test_the_older_the_job_the_longer_the_pause():
    """Quick while most jobs end, patient later, as both providers advise."""
    pauses = [HOSTED.pause(age, 0.5) for age in (5, 15, 60, 600)]

    assert sorted(pauses) == pauses
    assert (0.7, 15.0) == (pauses[0], pauses[-1])


def test_a_crowd_does_not_ask_at_once():
    """Chance spreads the looks by 15 % to both sides."""
    assert (1.7, 2.3) == (round(HOSTED.pause(0, 0.0), 6), round(HOSTED.pause(0, 1.0), 6))


def test_a_crowd_looks_less_often_job_by_job():
    """A thousand jobs share 400 looks a second."""
    assert 2.5 == HOSTED.pause(5, 0.5, crowd=1000)


def test_what_a_provider_advises_is_kept():
    """Kie: not before 2 s."""
    assert 2.0 == HOSTED.pause(0, 0.5, least=2.0)


def test_failures_are_answered_with_growing_patience():
    """Each failure doubles the wait, up to a cap, even after thousands."""
    waits = [LOCAL.backoff(failures, 1.0) for failures in (1, 2, 3, 5000)]

    assert [0.05, 0.1, 0.2, 1.0] == waits


def test_too_few_earlier_jobs_tell_nothing():
    """Two are chance."""
    assert expect([5.0, 6.0]) is None


def test_the_first_of_a_crowd_to_end_are_its_quick_ones():
    """Three of a hundred have ended: that says nothing about the other ninety-seven. Thirty do, whatever the crowd."""
    ended = [5.0 + number / 10 for number in range(30)]

    assert expect(ended[:3], crowd=97) is None
    assert expect(ended[:3], crowd=3) is not None
    assert expect(ended, crowd=1000) is not None


def test_a_hundred_jobs_are_seen_soon_with_few_questions():
    """Jobs of 5 to 15 s, ordered at once by a client that never saw the model: at most 15 requests each, and half of their ends
    are known within half a second, nineteen of twenty within one. Played on a clock of numbers."""
    chance, asked, late, took = random.Random(7), 0, [], []
    ends = [chance.uniform(5, 15) for _ in range(100)]
    due = [(0.0, number) for number in range(100)]  # the first look comes as soon as the order is taken
    while due:
        now, number = heapq.heappop(due)
        asked += 1
        if now >= ends[number]:
            late.append(now - ends[number])
            took = [now, *took][:30]
            continue
        crowd = len(due) + 1
        heapq.heappush(due, (now + HOSTED.pause(now, chance.random(), expected=expect(took, crowd=crowd), crowd=crowd), number))
    late.sort()

    assert asked / 100 + 2 <= 15  # the order, and the result
    assert late[49] <= 0.5
    assert late[94] <= 1.0


def test_looks_are_spent_where_a_job_is_likely_to_end():
    """Rarely before the quickest would be done, often while most end, by age again when this one is late."""
    expected = expect([float(seconds) for seconds in range(20, 31)])
    pauses = {age: HOSTED.pause(age, 0.5, expected=expected) for age in (3, 12, 20, 25, 60)}

    assert (17.85, 29.0) == (round(expected.soon, 6), expected.late)
    assert 2.5 == pauses[12]
    assert 3.0 == pauses[3]  # never longer than it has waited already
    assert 0.75 < pauses[20] < 0.85
    assert pauses[20] == pauses[25]
    assert 4.0 == pauses[60]


def test_the_waiting_never_jumps_over_the_first_likely_end():
    """However early one looks, the next look is not after `soon`."""
    expected = Expected(10.0, 12.0)

    assert all(age + HOSTED.pause(age, 0.5, expected=expected) <= 10.0 + 1e-9 for age in (1, 5, 7.5, 9.9))


@pytest.mark.parametrize(("said", "seconds"), [
    ("7", 7.0), ("0", 0.0), (" 12 ", 12.0), ("100000000000000000000", 120.0), ("Mon, 21 Sep 2026 14:13:50 GMT", 30.0),
    ("Mon, 21 Sep 2020 14:13:50 GMT", 0.0), ("nan", None), ("inf", None), ("-3", None), ("1.5", None), ("1e3", None),
    ("\u0663", None), ("", None), ("soon", None), ("Mon, 99 Sep 2026 99:99:99 GMT", None),
])
def test_only_plain_seconds_or_a_date_make_us_wait(said, seconds):
    """`float()` would take nan and `int()` Arabic digits; a year is cut to two minutes."""
    assert seconds == retry_after({"retry-after": said}, NOW)


@given(st.text())
def test_no_text_in_that_header_breaks_anything(said):
    """Whatever a server says there, it is a wait of 0 to 120 s or none."""
    wait = retry_after({"retry-after": said}, NOW)

    assert wait is None or 0 <= wait <= 120


@given(st.lists(st.floats(0, 3), min_size=30, max_size=200))
def test_no_ten_seconds_ever_see_more_than_twenty(pauses):
    """A true sliding window: whatever the rhythm, no span of its length holds more than its number."""
    window, now, taken = Window(20, 10.0), 0.0, []
    for pause in pauses:
        now += pause
        while (early := window.take(now)) > 0:
            now += early + 1e-9
        taken.append(now)

    assert all(late - early >= 10.0 for early, late in zip(taken, taken[20:], strict=False))


def test_a_full_window_lets_nobody_in_for_its_whole_length():
    """The server counts somebody else's orders too."""
    window = Window(2, 10.0)
    window.fill(100.0)

    assert 10.0 == window.take(100.0)
    assert 0.0 == window.take(110.0)


def test_quick_repeats_stay_below_a_fifth_of_the_first_tries():
    """A hundred calls that all fail: ten repeats, and one for every ten of them."""
    quota, repeats = RetryQuota(), 0
    for _ in range(100):
        quota.earn()
        repeats += quota.spend()

    assert 0 < repeats <= 20
