"""Which picture is looked at and which two are compared: the gallery's model, without a widget."""

from __future__ import annotations

import pytest

from ipydarkroom.jobs import JobRecord, Kept
from ipydarkroom.panel.gallery.selection import Selection


def record(name: str, count: int = 1) -> JobRecord:
    """A job with so many pictures."""
    kept = tuple(Kept(at, f"/nowhere/{name}-{at}.png", "image/png", f"{name}{at}", 10, 4, 3) for at in range(count))
    return JobRecord(name, "runcomfy", "", "local-process", "lab/one", {}, kept=kept)


def looking(*records: JobRecord) -> Selection:
    """A selection that knows these jobs."""
    selection = Selection()
    selection.take(records)
    return selection


def shown(selection: Selection) -> str:
    """The file of the picture in large, `-` where there is none."""
    return "-" if selection.shown is None else selection.shown.path.stem


def test_nothing_is_shown_where_there_is_nothing():
    """And every step is harmless."""
    selection = looking(record("a", 0))
    selection.step(1)
    selection.compare()
    selection.open(("a", 0))

    assert ("-", (0, 0), None) == (shown(selection), selection.place, selection.pair)


def test_the_newest_picture_is_followed():
    """The first one of the newest job, whatever was shown before."""
    selection = looking(record("a"))
    before = shown(selection)
    selection.take([record("a"), record("b", 3)])

    assert ("a-0", "b-0", True) == (before, shown(selection), selection.following)


def test_who_opens_an_older_picture_stays_with_it():
    """A picture that arrives takes nothing away."""
    selection = looking(record("a"), record("b"))
    selection.open(("a", 0))
    selection.take([record("a"), record("b"), record("c")])

    assert ("a-0", (1, 3), False) == (shown(selection), selection.place, selection.following)


def test_an_order_goes_back_to_what_comes_of_it():
    """The next picture shall be seen; and so it is after "back to the newest"."""
    selection = looking(record("a"), record("b"))
    selection.open(("a", 0))
    selection.ordered()
    after_order = shown(selection)
    selection.open(("a", 0))
    selection.newest()

    assert ("b-0", "b-0") == (after_order, shown(selection))


def test_an_order_does_not_end_a_comparison():
    """Two pictures side by side stay there until somebody ends it."""
    selection = looking(record("a"), record("b"))
    selection.compare()
    selection.open(("a", 0))
    selection.ordered()

    assert ["b-0", "a-0"] == [each.path.stem for each in selection.pair or ()]


def test_steps_end_at_the_ends():
    """Towards the newer ones, one by one, and no further than the last; from the newest back."""
    selection = looking(record("a"), record("b", 2))
    walk = []
    for by in (-1, -1, 1, 1, 1):
        selection.step(by)
        walk.append(shown(selection))

    assert ["a-0", "a-0", "b-0", "b-1", "b-1"] == walk


def test_the_second_picture_to_compare_is_the_next_that_is_opened():
    """And every further one takes its place, by steps too; ending it leaves the first."""
    selection = looking(record("a"), record("b"), record("c"))
    selection.open(("b", 0))
    selection.compare()
    choosing = selection.choosing
    selection.open(("c", 0))
    first = [each.path.stem for each in selection.pair or ()]
    selection.step(-1)
    selection.step(-1)
    stepped = [each.path.stem for each in selection.pair or ()]
    place = selection.place
    selection.compare()

    assert (True, ["b-0", "c-0"], ["b-0", "a-0"], (1, 3)) == (choosing, first, stepped, place)
    assert ("b-0", None, False) == (shown(selection), selection.pair, selection.choosing)


def test_there_is_nothing_to_compare_one_picture_with():
    """The wish alone changes nothing."""
    selection = looking(record("a"))
    selection.compare()

    assert (False, None) == (selection.choosing, selection.pair)


@pytest.mark.parametrize("gone", ["a", "b"])
def test_a_picture_that_is_gone_is_not_shown(gone):
    """Neither in large nor as one of two, and one alone is no comparison; what is left is shown."""
    selection = looking(record("a"), record("b"))
    selection.open(("a", 0))
    selection.compare()
    selection.open(("b", 0))
    selection.take([record("b" if gone == "a" else "a")])

    assert ("b-0" if gone == "a" else "a-0", None, False) == (shown(selection), selection.pair, selection.choosing)


def test_all_bytes_are_over_with_the_next_step():
    """Nobody has to remember to close a picture of sixteen megabytes."""
    selection = looking(record("a"), record("b"))
    selection.full = True
    selection.step(-1)

    assert not selection.full
