"""A panel where people meet it: the notebook file that is left behind, and the picture in headless Chromium."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import marked

__all__ = ["BEGIN", "RUN", "browser", "in_chromium", "one_folder", "saved_bytes"]

_HERE = Path(__file__).parent
_ROOT = _HERE.parent
BEGIN = """
import time
import ipydarkroom as dr
import panel_kernel as kernel
client = kernel.client_of(kernel.Gate({mb}))
panel = dr.Panel(kernel.MODEL, client=client)
panel"""
RUN = """
for number in range({jobs}):
    kernel.order(panel, number)
panel.wait();"""
_ONE = "times = kernel.succeeded({{{number}: kernel.order(panel, {number})}}, time.time)"
# The words of every picture that the page has loaded and shown in large, and when that was first so; one picture may be loaded twice, as a small
# copy and as a large one.
_NOTE = """() => {
    window.shown = {};
    document.addEventListener('load', ({target}) => {
        if (target.tagName !== 'IMG' || !target.closest('.dr-print')) return;
        requestAnimationFrame(() => requestAnimationFrame(() => { window.shown[target.alt] ??= Date.now(); }));
    }, true);
}"""


def saved_bytes(jobs: int, megabytes: float, *, runs: int = 1) -> int:
    """The size of the saved notebook with a panel and that many pictures; the last cell is run so many times."""
    import nbformat
    from nbclient import NotebookClient

    cells = [BEGIN.format(mb=megabytes), *[RUN.format(jobs=jobs // runs)] * runs]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in cells])
    with one_folder() as home:
        client = NotebookClient(notebook, timeout=900, store_widget_state=False, resources={"metadata": {"path": home}})
        client.execute(env=dict(os.environ))
    return len(nbformat.writes(notebook).encode())


def in_chromium(jobs: int, megabytes: float) -> list[float]:
    """Seconds from each job's success to its picture on the page, one job after another, in JupyterLab.

    Raises:
        RuntimeError: There is no browser.
    """
    sys.path[:0] = [str(_ROOT / "tests" / "browser")]
    from lab import FLAGS, Lab, serve
    from playwright.sync_api import sync_playwright

    path = browser()
    if path is None:
        raise RuntimeError("there is no Chromium here")
    with one_folder() as home, serve(Path(home)) as server, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=FLAGS)
        lab = Lab(chromium, server, Path(home))
        try:
            return _one_by_one(lab, jobs, megabytes)
        finally:
            lab.close()
            chromium.close()


def _one_by_one(lab: Any, jobs: int, megabytes: float) -> list[float]:
    cells = [BEGIN.format(mb=megabytes), *(_ONE.format(number=number) for number in range(jobs)), "import json\nprint(json.dumps(times))"]
    lab.open(lab.write("panel.ipynb", *cells))
    lab.run(0)
    lab.page.evaluate(_NOTE)
    late = []
    for number in range(jobs):
        lab.run(1 + number)
        words = f"picture {number}"
        lab.page.wait_for_function("words => window.shown[words]", arg=words)
        shown = lab.page.evaluate("words => window.shown[words]", words) / 1000
        lab.run(1 + jobs)
        output = lab.cell(1 + jobs).locator(".jp-OutputArea-output")
        output.filter(has_text=f'"{number}": ').wait_for()  # and not what the job before left there
        succeeded = json.loads(output.inner_text())[str(number)]
        if number:  # the first one loads what is loaded late
            late.append(shown - succeeded)
    return late


@contextmanager
def one_folder() -> Iterator[str]:
    """A folder for everything, and kernels that find this folder's modules and no token."""
    assert marked.MARKS  # it is imported by the kernel from here
    kept = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as folder:
        os.environ |= {
            "IPYDARKROOM_HOME": f"{folder}/home", "IPYDARKROOM_LOCAL": "1", "IPYDARKROOM_SPENDING": "off",
            "IPYTHONDIR": f"{folder}/ipython", "PYTHONPATH": os.pathsep.join((str(_ROOT / "src"), str(_HERE))),
        }
        try:
            yield folder
        finally:
            os.environ.clear()
            os.environ |= kept


def browser() -> str | None:
    spec = importlib.util.spec_from_file_location("find_browser", _ROOT / "scripts" / "find_browser.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script.find_browser()
