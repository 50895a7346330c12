"""Times and numbers as each reader writes them."""

from __future__ import annotations

from datetime import UTC, date, timedelta, timezone

import pytest

from ipydarkroom.dates import day, day_span, moment, number, stamp
from ipydarkroom.languages import LANGUAGES

AT = 1_795_820_405.0  # 27 November 2026, 23:00:05 UTC
TOKYO = timezone(timedelta(hours=9))


@pytest.mark.parametrize(
    ("language", "said"),
    [("en", "28 Nov 2026, 08:00"), ("ja", "2026/11/28 08:00"), ("zh-CN", "2026/11/28 08:00"), ("zh-TW", "2026/11/28 08:00")],
)
def test_a_moment_is_said_in_the_readers_zone_and_order(language, said):
    """No reader can take the month for the day."""
    assert said == moment(AT, language, zone=TOKYO)


def test_every_language_says_a_day():
    """With the whole year."""
    assert all("2026" in day(date(2026, 2, 3), language) for language in LANGUAGES)


def test_digits_are_grouped():
    """As all four do."""
    assert ("1,234,567", "60") == (number(1_234_567, "ja"), number(60))


def test_a_stamp_carries_its_zone_and_never_is_empty():
    """A program must not guess."""
    assert "2026-11-28T08:00:05+09:00" == stamp(AT, zone=TOKYO)
    assert "" == stamp(0)


def test_both_days_of_a_span_are_included():
    """From midnight to the midnight after."""
    since, until = day_span(date(2026, 11, 27), date(2026, 11, 27), zone=UTC)

    assert since is not None
    assert until is not None
    assert since <= AT < until
    assert 86_400 == until - since
    assert (None, None) == day_span(None, None)


def test_odd_days_do_not_break_a_span():
    """The first and the last day of the calendar are days, too."""
    since, until = day_span(date.min, date.max, zone=UTC)

    assert since is not None
    assert since < 0
    assert until is None
