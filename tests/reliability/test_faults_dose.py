"""A small dose of the fault harnesses, each with a bad client that it must catch; `make reliability` runs them in full."""

from __future__ import annotations

import asyncio

import pytest

import answers
import expected
import jobs
import matrix
import outage
from backend import Backend, Plan
from ipydarkroom.client import AsyncClient

NOTHING_WRONG = dict.fromkeys(jobs.WRONG, 0)


def test_no_job_is_doubled_or_lost_while_a_fifth_of_all_requests_fails():
    """What the journal believes is what the server took, on both protocols."""
    found = jobs.main(jobs=120, seeds=(1,))

    assert NOTHING_WRONG == {name: found[name] for name in jobs.WRONG}, found["cases"]
    assert found["ok"]


def test_an_id_that_nobody_has_been_told_is_given_to_nobody_else(tmp_path):
    """The books once accused a good client: one order's answer was slow, and the next order's named the same, unheard-of id.

    No client can tell such an id from its own. It ended as another's picture, and the first order as uncertain for ever.
    """

    async def whole(backend):
        backend.script("m-1", {"submit": ["silence"]})
        backend.script("m-3", {"submit": ["another_id"]})
        model = backend.model("kie")
        async with AsyncClient(settings=backend.settings(tmp_path), base_url=backend.base_url, paces=backend.paces) as client:
            await client.submit(model, prompt="m-1 a fox")
            while not backend.truth():  # taken, and its answer never comes
                await asyncio.sleep(0.01)
            later = await client.submit(model, prompt="m-3 a fox")
            await later.wait(20)
            return later.remote_id, {order.marker: order.remote_id for order in backend.truth()}

    with Backend(Plan()) as backend:
        remote_id, truth = asyncio.run(whole(backend))

    assert truth["m-3"] == remote_id


@pytest.mark.parametrize(("control", "word"), [("resends", "doubled"), ("gives_up", "lost"), ("forgets", "lost")])
def test_bad_clients_are_caught_by_the_books(control, word):
    """A client that repeats lost orders, fails at a bad look or takes a lost answer for a no is noticed."""
    found = jobs.main(jobs=150, rate=0.4, control=control, seeds=(1,))

    assert 0 < found[word]


def test_every_fault_has_a_row_and_every_cell_a_word():
    """No cell of the matrix is empty; one that cannot be says why."""
    cells = expected.cells(expected.TABLE)

    assert 24 <= len({fault for fault, _, _ in cells})
    assert len(expected.TABLE) * 10 == len(cells)


def test_some_rows_of_the_matrix_end_as_the_table_says():
    """Every eleventh fault at every phase of both protocols."""
    found = matrix.main(rows=11, forever=False)

    assert [] == found["cases"]
    assert found["ok"]


@pytest.mark.parametrize("control", ["wrong", "resends"])
def test_the_matrix_notices_a_wrong_word_and_a_bad_client(control):
    """One wrong expectation, or a client that repeats lost orders, fails the run."""
    found = matrix.main(only="reset_after", control=control, forever=False)

    assert "reset_after-submit-runcomfy-once" in {case.partition(":")[0] for case in found["cases"]}


def test_a_client_that_takes_another_jobs_id_for_its_own_is_noticed():
    """The control: an answer to an order may be somebody else's."""
    found = matrix.main(only="another_id", control="believes", forever=False)

    assert {"another_id-submit-runcomfy-once", "another_id-submit-kie-once"} == {case.partition(":")[0] for case in found["cases"]}


def test_an_outage_is_not_made_worse_by_orders():
    """A hundred orders at a shut port and at a broken gateway: hardly more requests than orders."""
    found = outage.main(sizes=(100,), outages=("refused", "html_503_before"), looks=False)

    assert [] == found["cases"]


def test_ten_tries_in_an_outage_are_noticed():
    """The control: what fal-client was measured to do."""
    found = outage.main(sizes=(20,), outages=("html_503_before",), looks=False, control="ten_tries")

    assert 10 <= found["worst"]


def test_broken_answers_are_typed_errors_or_make_sense():
    """No reader lets another package's exception out, whatever the answer."""
    found = answers.main(count=6_000)

    assert [] == found["cases"]


def test_a_loose_reader_is_noticed():
    """The control: a reader that lets the JSON package's errors out."""
    assert 0 < answers.main(count=1_000, control="loose", seeds=(1,))["untyped"]
