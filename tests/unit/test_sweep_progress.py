"""How fast a sweep goes and how long it will take, by a clock of the test's own; and what its bar says of that."""

from __future__ import annotations

import re

import pytest

from ipydarkroom.panel.kit import Kit
from ipydarkroom.panel.sweepview import bar_html
from ipydarkroom.sweep.progress import Progress, Pulse, counted


def beating(*ends: float, began: float = 0.0) -> Pulse:
    """A pulse that began then, and jobs that ended at these seconds."""
    pulse = Pulse()
    pulse.begin(began)
    for end in ends:
        pulse.end(end)
    return pulse


def cells(**counts: int) -> list[tuple[str, bool]]:
    """So many cells of each status; `reused` ones are done."""
    return [("done" if status == "reused" else status, status == "reused") for status, count in counts.items() for _ in range(count)]


def said(now: Progress, language: str = "en") -> list[str]:
    """The figures below the bar."""
    html = bar_html(now, Kit(language))
    return [part for part in re.sub(r"<[^>]*>", "\n", html).split("\n") if part]


def test_one_end_tells_no_pace():
    """Nor does none: nothing is guessed."""
    assert [None, None] == [beating().per_second(9.0), beating(5.0).per_second(9.0)]


def test_the_pace_is_all_ends_since_it_went_on():
    """Counted to now, so that it falls while nothing ends."""
    pulse = beating(102.0, 104.0, 106.0, began=100.0)

    assert (0.5, 0.25) == (pulse.per_second(106.0), pulse.per_second(112.0))


def test_of_many_ends_the_newest_twenty_tell_the_pace():
    """A queue that has become slow is not told by its fast beginning: 100 ends in a second, then one every two seconds."""
    quick = [at / 100 for at in range(100)]
    slow = [10.0 + 2 * at for at in range(21)]
    pulse = beating(*quick, *slow)

    assert pulse.per_second(slow[-1]) == pytest.approx(0.5)


def test_a_pause_does_not_count():
    """What was before it tells nothing, and the time it took is none of the pace."""
    pulse = beating(1.0, 2.0, 3.0)
    pulse.begin(1_000.0)

    assert pulse.per_second(1_001.0) is None
    pulse.end(1_002.0)
    pulse.end(1_004.0)
    assert pulse.per_second(1_004.0) == pytest.approx(0.5)


def test_ends_in_one_instant_divide_by_no_zero():
    """As where all were made before."""
    assert beating(5.0, 5.0, began=5.0).per_second(5.0) == pytest.approx(2_000)


def test_the_time_left_is_what_is_open_at_that_pace():
    """Of 12 places 4 have ended; 2 are on their way and 6 wait: at one every two seconds, 16 s."""
    now = counted(cells(done=2, reused=1, failed=1, live=2, waiting=6), 0.5)

    assert (30.0, 16.0) == (now.per_minute, now.left_s)
    assert (12, 3, 1, 1, 2, 6) == (now.total, now.done, now.failed, now.reused, now.live, now.waiting)
    assert now.fraction == pytest.approx(4 / 12)


@pytest.mark.parametrize(("open_", "pace"), [({"waiting": 3}, None), ({}, 0.5)], ids=["no pace yet", "all over"])
def test_without_a_pace_or_without_work_no_time_is_told(open_, pace):
    """What is not known is not said."""
    now = counted(cells(done=2, **open_), pace)

    assert (None, None) == (now.per_minute, now.left_s)
    assert not any("minute" in word or "left" in word for word in said(now))


@pytest.mark.parametrize("status", ["failed", "cancelled", "gone", "unwatched"])
def test_what_has_no_picture_counts_as_failed(status):
    """And as ended."""
    now = counted(cells(done=1, **{status: 1}))

    assert (1, 1.0) == (now.failed, now.fraction)


def test_the_bar_says_done_failed_rate_and_time_left():
    """And each share is a piece of the bar."""
    now = counted(cells(done=3, failed=1, uncertain=1, live=2, waiting=5), 0.05)
    html = bar_html(now, Kit("en"))

    assert ["3 of 12", "1 failed", "1 uncertain", "2 on their way", "3.0 a minute", "about 2 min 20 s left"] == said(now)
    assert ["done", "bad", "unsure", "live"] == re.findall(r'class="dr-sweep-(done|bad|unsure|live)"', html)
    assert ["25.000%", "8.333%", "8.333%", "16.667%"] == re.findall(r"width:\s*([\d.]+%)", html)
    assert 'aria-valuenow="42"' in html


@pytest.mark.parametrize(
    ("language", "rate", "left"),
    [("ja", "毎分 12 件", "2 時間 03 分"), ("zh_cn", "每分钟 12 个", "2 小时 03 分钟"), ("zh_tw", "每分鐘 12 個", "2 小時 03 分鐘")],
)
def test_the_bar_speaks_the_readers_language(language, rate, left):
    """Rate and time, with their units."""
    words = said(Progress(total=2_000, done=524, live=4, waiting=1_472, per_minute=12.0, left_s=7_380.0), language)

    assert rate in words
    assert any(left in word for word in words)


def test_less_than_a_second_left_is_a_second():
    """Nothing is left in no time."""
    assert "about 1 s left" in said(Progress(total=3, done=2, live=1, per_minute=90.0, left_s=0.2))
