"""The submit rule: what an answer to an order means for the bill."""

from __future__ import annotations

import pytest

from ipydarkroom.jobs import Accepted, Orphaned, Rejected
from ipydarkroom.submission import Later, judge


def test_an_id_makes_a_job_whatever_else_is_said():
    """With an id there is something to look up; guessing would be worse."""
    assert Accepted("r-1") == judge(500, "r-1", "")
    assert Accepted("t-1") == judge(200, "t-1", "", code=429, refused_codes=frozenset({429}), retry_codes=frozenset({429}))


def test_a_server_error_in_the_body_is_no_refusal():
    """Two codes that contradict each other: the one that says less decides."""
    assert isinstance(judge(400, "", "", code=500), Orphaned)


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 413, 422, 429])
def test_a_refusal_is_final_and_free(status):
    """These codes mean that no job was made."""
    verdict = judge(status, "", "no")

    assert isinstance(verdict, Rejected)
    assert str(status) == verdict.trouble.code


@pytest.mark.parametrize("status", [200, 302, 408, 500, 502, 503, 504])
def test_everything_else_is_uncertain(status):
    """A time-out, a redirect, a server error or a 2xx without an id: the order may have been placed."""
    assert isinstance(judge(status, "", ""), Orphaned)


def test_only_a_documented_not_created_may_go_again():
    """A 429 is repeated for the one provider that documents it as not queued."""
    assert isinstance(judge(429, "", "", code=429, refused_codes=frozenset({429}), retry_codes=frozenset({429})), Later)
    assert isinstance(judge(429, "", ""), Rejected)
