"""Times and numbers as the reader writes them, in the time zone of this machine. Pure; the system's locale is not asked.

After CLDR's forms: `27 Nov 2026, 23:20` in English, the day in front of which no other order can be meant;
`2026/11/27 23:20` in Japanese and both Chinese. Hours run from 0 to 23 everywhere. All four group digits by commas.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from .languages import current, normal, say

__all__ = ["amount", "day", "day_span", "duration", "moment", "number", "stamp"]

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def moment(seconds: float, language: str | None = None, *, zone: tzinfo | None = None) -> str:
    """A time, to the minute.

    Args:
        seconds: Since the epoch.
        language: The process's own when None.
        zone: This machine's when None.
    """
    found = _local(seconds, zone)
    between = ", " if _language(language) == "en" else " "
    return f"{day(found.date(), language)}{between}{found:%H:%M}"


def day(when: date, language: str | None = None) -> str:
    """A day."""
    if _language(language) == "en":
        return f"{when.day} {_MONTHS[when.month - 1]} {when.year}"
    return f"{when.year}/{when.month}/{when.day}"


def number(value: int, language: str | None = None) -> str:
    """A whole number with its digits in groups."""
    del language  # the four agree
    return f"{value:,}"


def amount(value: float, language: str | None = None) -> str:
    """A number with its digits in groups and as many decimals as it has, six at most: `12,500`, `0.04`."""
    del language  # the four agree
    return f"{value:,.6f}".rstrip("0").rstrip(".")


def duration(seconds: float, language: str | None = None, *, whole: bool = False) -> str:
    """How long something took: `3.2 s`, `1 min 05 s`, `2 h 03 min`; `1 分 05 秒` in Japanese.

    Args:
        seconds: Not negative.
        language: The process's own when None.
        whole: Without tenths, cut and not rounded: a clock does not run ahead.
    """
    if (whole and seconds < 60) or seconds < 59.95:
        return say("duration.seconds", language=language, seconds=int(seconds) if whole else f"{seconds:.1f}")
    minutes, rest = divmod(int(seconds) if whole else round(seconds), 60)
    if minutes < 60:
        return say("duration.minutes", language=language, minutes=minutes, seconds=f"{rest:02}")
    return say("duration.hours", language=language, hours=number(minutes // 60, language), minutes=f"{minutes % 60:02}")


def stamp(seconds: float, *, zone: tzinfo | None = None) -> str:
    """A time for programs, with its zone: `2026-11-27T23:20:05+09:00`; empty for 0, which is "never"."""
    return _local(seconds, zone).isoformat(timespec="seconds") if seconds else ""


def day_span(since: date | None, until: date | None, *, zone: tzinfo | None = None) -> tuple[float | None, float | None]:
    """Two days, both included, as seconds since the epoch: from the first's midnight to the midnight after the second."""
    after = None if until is None or until == date.max else until + timedelta(days=1)
    first, last = (None if each is None else _midnight(each, zone) for each in (since, after))
    return first, last


def _midnight(when: date, zone: tzinfo | None) -> float:
    try:
        return datetime.combine(when, time(), zone).timestamp()
    except (OverflowError, OSError, ValueError):  # a year that this system's clock does not know
        return datetime.combine(when, time(), UTC).timestamp()


def _local(seconds: float, zone: tzinfo | None) -> datetime:
    found = datetime.fromtimestamp(seconds, UTC)
    return found.astimezone(zone)


def _language(language: str | None) -> str:
    return normal(language) if language else current()
