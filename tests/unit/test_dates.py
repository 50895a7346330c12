"""Times and numbers as each reader writes them."""

from __future__ import annotations

from datetime import UTC, date, timedelta, timezone

import pytest

from ipydarkroom.dates import amount, day, day_span, duration, moment, number, stamp
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


@pytest.mark.parametrize(
    ("seconds", "english", "japanese", "simplified", "traditional"),
    [
        (0, "0.0 s", "0.0 秒", "0.0 秒", "0.0 秒"),
        (3.21, "3.2 s", "3.2 秒", "3.2 秒", "3.2 秒"),
        (59.94, "59.9 s", "59.9 秒", "59.9 秒", "59.9 秒"),
        (59.99, "1 min 00 s", "1 分 00 秒", "1 分 00 秒", "1 分 00 秒"),
        (65, "1 min 05 s", "1 分 05 秒", "1 分 05 秒", "1 分 05 秒"),
        (7_380, "2 h 03 min", "2 時間 03 分", "2 小时 03 分钟", "2 小時 03 分鐘"),
    ],
)
def test_a_duration_is_said_in_the_readers_language(seconds, english, japanese, simplified, traditional):
    """Seconds with a tenth, then minutes, then hours."""
    said = [duration(seconds, language) for language in ("en", "ja", "zh-CN", "zh-TW")]

    assert [english, japanese, simplified, traditional] == said


@pytest.mark.parametrize(("seconds", "said"), [(0.9, "0 秒"), (59.99, "59 秒"), (65.9, "1 分 05 秒")])
def test_a_clock_shows_whole_seconds_and_does_not_run_ahead(seconds, said):
    """Cut, not rounded."""
    assert said == duration(seconds, "ja", whole=True)


@pytest.mark.parametrize(
    ("value", "said"), [(0.04, "0.04"), (12_500, "12,500"), (1_234_567.5, "1,234,567.5"), (120.0, "120"), (0, "0"), (0.1 + 0.2, "0.3")]
)
def test_an_amount_is_grouped_and_has_the_decimals_it_needs(value, said):
    """And no exponent, however large."""
    assert [said] * 4 == [amount(value, language) for language in LANGUAGES]


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
