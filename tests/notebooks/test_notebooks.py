"""Every notebook runs on the local backend: no error, no foreign address, no token anywhere."""

from __future__ import annotations

import os
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from kernels import KERNEL

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
CANARY = "canary-1f77c0de"
pytestmark = pytest.mark.timeout(300)  # a lesson draws some twenty pictures, on a machine that may be busy

# Run first in the kernel: writes down every address a socket wants to reach, and lets none but ours through.
WATCH = """
import os, socket, sys
def _watch(event, args):
    if event == "socket.connect" and isinstance(args[1], tuple):
        _note(str(args[1][0]))
    elif event == "socket.getaddrinfo":
        _note(str(args[0]))
def _note(address):
    with open({log!r}, "a") as out:
        out.write(address + "\\n")
    if address not in {ours!r}:
        raise RuntimeError("a notebook wants to reach " + address)
sys.addaudithook(_watch)
try:
    socket.create_connection(("127.0.0.1", 1), 1)  # the control: this one must be in the list
except OSError:
    print("watching")
"""
OURS = {"127.0.0.1", "::1", "localhost", "darkroom.localhost", "None", ""}


def execute(path: Path, home: Path, env: dict[str, str], before: str = "") -> nbformat.NotebookNode:
    """Run a notebook as a person would, in a kernel of its own; widget state is not stored."""
    notebook = nbformat.read(path, as_version=4)
    if before:
        notebook.cells.insert(0, nbformat.v4.new_code_cell(before))
    surroundings = {**os.environ, "IPYDARKROOM_HOME": str(home), "IPYTHONDIR": str(home / "ipython"), **env}
    client = NotebookClient(
        notebook, timeout=120, kernel_name=KERNEL, store_widget_state=False, resources={"metadata": {"path": str(home)}}
    )
    client.execute(env=surroundings)
    return notebook


def errors(notebook: nbformat.NotebookNode) -> list[str]:
    """What went wrong in any cell."""
    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    return [f"{out.ename}: {out.evalue}" for out in outputs if out.output_type == "error"]


@pytest.mark.kernel
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_runs_to_its_end(path, tmp_path):
    """No key, no network, no error; and there is a picture in it."""
    notebook = execute(path, tmp_path, {"IPYDARKROOM_SPENDING": "off"})

    assert [] == errors(notebook)
    assert "data:image/" in nbformat.writes(notebook)


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_notebook_on_a_machine_with_tokens_sends_nothing_and_shows_nothing(path, tmp_path):
    """With tokens set and spending allowed, no request leaves loopback, and no token is in notebook, HTML or files."""
    log = tmp_path / "addresses.txt"
    tokens = {"RUNCOMFY_API_TOKEN": CANARY, "KIE_API_KEY": CANARY, "IPYDARKROOM_SPENDING": "on"}

    notebook = execute(path, tmp_path, tokens, WATCH.format(log=str(log), ours=OURS))

    reached = set(log.read_text(encoding="utf-8").split("\n"))
    assert "127.0.0.1" in reached
    assert set() == reached - OURS
    assert [] == errors(notebook)
    page, _ = HTMLExporter().from_notebook_node(notebook)
    kept = [place for place in tmp_path.rglob("*") if place.is_file() and CANARY.encode() in place.read_bytes()]
    assert CANARY not in nbformat.writes(notebook)
    assert CANARY not in page
    assert [] == kept
