"""Restart & Run All pays nothing: the pictures of the first run are shown again, and no order leaves."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
from nbclient import NotebookClient

from backend import Backend

MODEL = "bytedance/seedream-5/lite/text-to-image"
CELLS = (
    f"import ipydarkroom as dr\nfoxes = [dr.run({MODEL!r}, prompt='m-1 a fox') for _ in range(2)]\n[fox.job_id for fox in foxes]",
    f"dr.run({MODEL!r}, prompt='m-2 an owl')",
    f"panel = dr.Panel({MODEL!r}); panel.value = {{'prompt': 'm-3 never ordered'}}; panel",
    f"grid = dr.Sweep({MODEL!r}, prompt=['m-2 an owl', 'm-4 a hare', 'm-5 a wren']); grid",
    "grid.wait(); [job.id for job in grid.jobs]",
)


def run_all(home: Path, backend: Backend) -> nbformat.NotebookNode:
    """A fresh kernel runs every cell, as a person's Restart & Run All does."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    env = {
        **os.environ, "IPYDARKROOM_HOME": str(home), "IPYTHONDIR": str(home / "ipython"),
        "IPYDARKROOM_RUNCOMFY_URL": backend.origin, "RUNCOMFY_API_TOKEN": backend.token,
    }
    NotebookClient(notebook, timeout=60, store_widget_state=False).execute(env=env)
    return notebook


def test_restart_and_run_all_sends_no_order(tmp_path):
    """Five orders in the first run (the sweep finds one of its three made); in the second none, the same jobs, and a line that says so."""
    with Backend() as backend:
        first = run_all(tmp_path, backend)
        ordered = len(backend.truth())
        second = run_all(tmp_path, backend)
        posts = [order.marker for order in backend.truth()]

    assert 5 == ordered
    assert ["m-1", "m-1", "m-2", "m-4", "m-5"] == sorted(posts)
    assert first.cells[0].outputs[-1]["data"]["text/plain"] == second.cells[0].outputs[-1]["data"]["text/plain"]
    assert "again=True" not in nbformat.writes(first)
    assert "again=True" in second.cells[1].outputs[-1]["data"]["text/html"]
    assert "data:image/" in second.cells[1].outputs[-1]["data"]["text/html"]
    assert first.cells[4].outputs[-1]["data"]["text/plain"] == second.cells[4].outputs[-1]["data"]["text/plain"]
    grids = [each.cells[3].outputs[-1]["data"]["text/html"] for each in (first, second)]
    assert [3, 3] == [grid.count("data:image/") for grid in grids]
    assert abs(len(grids[0]) - len(grids[1])) < 100
