"""Small doses of the crash and disk harnesses, for every push. `make reliability` runs the full ones."""

from __future__ import annotations

import claims
import failpoints
import kills
import power
import rows


def test_a_power_cut_loses_no_acknowledged_row():
    """G5: what the journal acknowledged is there; the same cuts under weaker settings lose rows."""
    figures = power.main(cuts=60, control_cuts=40)

    assert figures["ok"], figures


def test_kills_at_random_moments_lose_and_double_nothing():
    """G3: every order the server took is on disk, uncertain, or failed with a reason; committing late loses some."""
    figures = kills.main(kills=16, control_kills=24)

    assert figures["ok"], figures


def test_a_kill_at_a_failpoint_is_told_right_afterwards():
    """G4: before sending nothing is charged, then uncertain, then resumed; three bad clients are caught."""
    figures = failpoints.main(sample=9, control_sample=5)

    assert figures["ok"], figures


def test_claims_and_reservations_are_one_step():
    """G14: four processes at once, one driver per job and no budget passed; a look before a write fails."""
    figures = claims.main(claims=240, reservations=400, control_claims=120)

    assert figures["ok"], figures


def test_a_big_journal_opens_at_once():
    """G16 in its smallest form, without the clock: as many statements for a page of 5,000 jobs as for one of 50."""
    figures = rows.statements(rows=5000)

    assert figures["ok"], figures
