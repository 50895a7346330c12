"""Running again does not pay again: the i-th equal call of one cell gives the journal's i-th such job."""

from __future__ import annotations

import pytest
from IPython.core.interactiveshell import InteractiveShell

from ipydarkroom import notebook
from ipydarkroom.cells import Calls
from ipydarkroom.errors import JobFailed, NotSaved
from ipydarkroom.testing import ScriptedPainter, local_client

SEEDREAM = "bytedance/seedream-5/lite/text-to-image"


@pytest.fixture
def painter(tmp_path, monkeypatch):
    """A painter whose client is the process's default one, and a count of cells that starts at nothing."""
    painter = ScriptedPainter()
    with local_client(tmp_path, painter) as client:
        monkeypatch.setattr(notebook, "_calls", Calls())
        monkeypatch.setitem(notebook._shared, "client", client)
        yield painter
        painter.release()


def new_cell():
    """The next cell starts."""
    notebook._calls._fresh()


def test_a_cell_run_again_shows_the_same_picture_and_orders_nothing(painter):
    """The line says when it was made and how to get another."""
    first = notebook.run(SEEDREAM, prompt="a fox")
    new_cell()
    second = notebook.run(SEEDREAM, prompt="a fox")

    assert first.images[0].path == second.images[0].path
    assert (False, True) == (first.reused, second.reused)
    assert "again=True" in second._repr_mimebundle_()["text/html"]
    assert 1 == len(painter.orders)


def test_a_loop_gives_distinct_pictures_also_when_run_again(painter):
    """Three equal calls of one execution are three orders; run again they are the same three, in the same order."""
    first = [notebook.run(SEEDREAM, prompt="a fox").job_id for _ in range(3)]
    new_cell()
    second = [notebook.run(SEEDREAM, prompt="a fox").job_id for _ in range(4)]

    assert 3 == len(set(first))
    assert first == second[:3]
    assert 4 == len(painter.orders)


def test_another_order_is_another_picture(painter):
    """What differs in one input was never made."""
    notebook.run(SEEDREAM, prompt="a fox")

    assert not notebook.run(SEEDREAM, prompt="an owl").reused


def test_again_orders_anew(painter):
    """The person said so."""
    notebook.run(SEEDREAM, prompt="a fox")
    new_cell()

    assert not notebook.run(SEEDREAM, prompt="a fox", again=True).reused
    assert 2 == len(painter.orders)


def test_what_failed_does_not_count(painter):
    """There is no picture to show again, so the same call orders."""
    painter.fail_with = "out of paint"
    with pytest.raises(JobFailed):
        notebook.run(SEEDREAM, prompt="a fox")
    painter.fail_with = ""
    new_cell()

    assert 1 == len(notebook.run(SEEDREAM, prompt="a fox").images)


def test_a_picture_that_was_deleted_is_not_paid_for_in_silence(painter):
    """The person decides whether to order another."""
    made = notebook.run(SEEDREAM, prompt="a fox")
    made.images[0].path.unlink()
    new_cell()

    with pytest.raises(NotSaved, match="again=True"):
        notebook.run(SEEDREAM, prompt="a fox")
    assert 1 == len(painter.orders)


def test_what_was_drawn_here_never_stands_in_for_a_hosted_picture(painter):
    """Local and hosted orders have different fingerprints, and so have two hosted places."""
    client = notebook.default_client()
    here = client.fingerprint(SEEDREAM, prompt="a fox")
    token = {"RUNCOMFY_API_TOKEN": "canary-77", "IPYDARKROOM_HOME": str(client.home)}
    from ipydarkroom.settings import load
    from ipydarkroom.sync import Client

    with Client(settings=load(token)) as hosted, Client(settings=load(token), base_url={"runcomfy": "https://b.example"}) as other:
        places = {here, hosted.fingerprint(SEEDREAM, prompt="a fox"), other.fingerprint(SEEDREAM, prompt="a fox")}

    assert 3 == len(places)


def test_a_cell_is_what_ipython_calls_one(monkeypatch):
    """The count starts anew with every cell, and not within one."""
    shell = InteractiveShell.instance()
    calls = Calls()
    monkeypatch.setitem(shell.user_ns, "calls", calls)

    shell.run_cell("found = [calls.number('x'), calls.number('x'), calls.number('y')]")
    first = shell.user_ns["found"]
    shell.run_cell("found = [calls.number('x')]")
    InteractiveShell.clear_instance()

    assert ([0, 1, 0], [0]) == (first, shell.user_ns["found"])
