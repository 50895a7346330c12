"""A job's life: the table, and what each event writes into the record."""

from __future__ import annotations

import itertools
import secrets
import uuid
from dataclasses import replace

import pytest

from ipydarkroom.jobs import (
    TERMINAL, TRANSITIONS, Accepted, Cancelled, Failed, Finished, JobRecord, Kept, Orphaned, Progress, Queued, Rejected,
    Saved, Sending, State, Trouble, Unsent, advance, new_job_id,
)
from ipydarkroom.wire import Output

TROUBLE = Trouble("JobFailed", "why")
EVENTS = (
    Sending(), Unsent(TROUBLE), Rejected(TROUBLE), Orphaned(TROUBLE), Accepted("r"), Queued("q", 1), Progress("p", 0.5),
    Finished("f", (Output("https://f.example/a.png"),)), Failed("x", TROUBLE), Cancelled("c"),
)


def a_job(state: State = State.PLANNED, backend: str = "remote") -> JobRecord:
    """A record in that state."""
    return JobRecord("1", "runcomfy", "https://x.example", backend, "m", {}, state=state, created=1.0)


@pytest.mark.parametrize(("state", "event"), list(itertools.product(sorted(TERMINAL), EVENTS)))
def test_terminal_states_are_sticky(state, event):
    """Nothing that arrives late undoes an end."""
    record = a_job(state)

    assert advance(record, event, 9.0) is record


def test_every_state_has_a_row():
    """The table answers for each state."""
    assert set(State) == set(TRANSITIONS)


def test_a_picture_is_paid_once_it_is_there():
    """A hosted job that finished is charged; a local one never is."""
    done = Finished("succeeded", (Output("https://f.example/a.png"),), 0.04)

    hosted = advance(a_job(State.RUNNING), done, 5.0)

    assert ("yes", 0.04) == (hosted.charged, hosted.cost)
    assert "no" == advance(a_job(State.RUNNING, "local-process"), done, 5.0).charged


def test_a_lost_answer_may_be_charged_and_stays_open():
    """Uncertain is neither failed nor forgotten."""
    record = advance(a_job(State.SUBMITTING), Orphaned(TROUBLE), 2.0)

    assert (State.UNCERTAIN, "maybe", 0.0) == (record.state, record.charged, record.finished)
    assert State.QUEUED is advance(record, Accepted("r"), 3.0).state


def test_a_refused_or_unsent_order_costs_nothing():
    """Both ends before anything was placed."""
    for event in (Rejected(TROUBLE), Unsent(TROUBLE)):
        record = advance(a_job(State.SUBMITTING), event, 2.0)

        assert (State.FAILED, "no") == (record.state, record.charged)


def test_a_status_that_runs_backwards_does_not():
    """Running stays running when the provider says queued again; its word is still shown."""
    record = advance(a_job(State.RUNNING), Queued("in_queue", 4), 3.0)

    assert (State.RUNNING, "in_queue") == (record.state, record.word)


def test_files_are_kept_in_order_and_once():
    """Two files arriving in any order, one of them twice, are two files in order."""
    record = replace(a_job(State.SUCCEEDED), outputs=(Output("https://f.example/a"), Output("https://f.example/b")))
    for index in (1, 0, 1):
        record = advance(record, Saved(Kept(index, f"/p/{index}.png", "image/png", "", 1)), 3.0)

    assert [0, 1] == [kept.index for kept in record.kept]


def test_ids_sort_by_time():
    """A job id is a UUID version 7: later jobs sort later."""
    ids = [new_job_id(now, secrets.randbits(74)) for now in (1.0, 1000.0, 2000000000.0)]

    assert sorted(ids) == ids
    assert [7, 7, 7] == [uuid.UUID(found).version for found in ids]
