"""First paint: from running the cell to the last control standing in the page, in JupyterLab in a headless Chromium.

Each form has a page and a kernel of its own. One unmeasured run loads what the page loads once (the widgets' script, fonts)
and tells how many controls there are; then the cell is run again, its output cleared before, and the clock stops at the
second animation frame after the last of them stands there. Kernel, server and browser share the machine.
"""

from __future__ import annotations

import importlib.util
import json
import statistics
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from cells import HERE

_ROOT = HERE.parent
sys.path.insert(0, str(_ROOT / "tests" / "browser"))

_CONTROLS = "input, select, textarea, .noUi-handle"
_CLOCK = """async ([controls, wanted]) => {
    const notebook = window.jupyterapp.shell.currentWidget;
    const cell = notebook.content.widgets[1];
    notebook.content.activeCellIndex = 1;
    notebook.content.deselectAll();
    const count = () => cell.outputArea.node.querySelectorAll(controls).length;
    const frame = () => new Promise(requestAnimationFrame);
    await window.jupyterapp.commands.execute('notebook:clear-cell-output');
    while (count()) await frame();
    const began = performance.now();
    const done = window.jupyterapp.commands.execute('notebook:run-cell');
    while (count() < wanted) {
        if (performance.now() - began > 120000) throw new Error(`only ${count()} of ${wanted} controls after two minutes`);
        await frame();
    }
    await frame();
    const took = performance.now() - began;
    await done;
    return took;
}"""
_SETTLED = """async (controls) => {
    const node = window.jupyterapp.shell.currentWidget.content.widgets[1].outputArea.node;
    let last = performance.now();
    const watcher = new MutationObserver(() => { last = performance.now() });
    watcher.observe(node, {subtree: true, childList: true});
    while (performance.now() - last < 1500) await new Promise(requestAnimationFrame);
    watcher.disconnect();
    return node.querySelectorAll(controls).length;
}"""


def paints(makers: Sequence[dict[str, Any]], cases: Sequence[dict[str, Any]], peers: Path, times: int) -> Iterator[dict[str, Any]]:
    """The milliseconds of each maker's form of each case; nothing where there is no browser.

    Args:
        makers: {"key", "title", "script", "ours"}.
        cases: As `form_cell` takes them.
        peers: The Python of the peers' environment, where the kernel of their forms runs.
        times: Measured runs of each.
    """
    path = _browser()
    if path is None:
        print("No Chromium or Chrome, so no first paint; scripts/find_browser.py --get fetches one.", file=sys.stderr)
        return
    from lab import FLAGS, Lab, serve
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory(prefix="bench-") as folder, serve(Path(folder)) as server, sync_playwright() as driver:
        _write_kernel(Path(folder) / "jupyter_data_dir" / "kernels" / "peers", peers)
        (Path(folder) / "cases.json").write_text(json.dumps({case["name"]: case["schema"] for case in cases}), encoding="utf-8")
        chromium = driver.chromium.launch(executable_path=path, args=FLAGS)
        for case in cases:
            for maker in makers:
                lab = Lab(chromium, server, Path(folder))
                try:
                    took = _measured(lab, maker, case["name"], Path(folder), times)
                finally:
                    lab.close()
                yield {"figure": "form paint", "maker": maker["key"], "title": maker["title"], "form": case["name"], **took}


def _measured(lab: Any, maker: dict[str, Any], form: str, folder: Path, times: int) -> dict[str, Any]:
    from playwright.sync_api import Error

    paths = [str(HERE / "form_makers"), *([str(_ROOT / "src")] if maker["ours"] else [])]
    setup = (
        f"import sys, json; sys.path[:0] = {paths!r}\n"
        f"schema = json.load(open({str(folder / 'cases.json')!r}))[{form!r}]\n"
        f"import {maker['script']} as maker\nshown = []"
    )
    build = "for old in shown: old.close()\nmade = maker.make(schema); shown[:] = [made]\nmade.widget"
    name = f"{maker['key']}-{form}.ipynb"
    lab.write(name, setup, build)
    if not maker["ours"]:
        _use_kernel(lab.server.root / name, "peers")
    lab.context.set_default_timeout(180_000)
    lab.open(name)
    lab.run(0)
    lab.run(1)
    controls = lab.page.evaluate(_SETTLED, _CONTROLS)
    if not controls:
        said = " ".join(" ".join(lab.cell(1).locator(".jp-OutputArea-output").all_inner_texts()).split())
        return {"broke": f"no control; the page says: {said[-120:]}"}
    took: list[float] = []
    for run in range(times):
        try:
            took.append(lab.page.evaluate(_CLOCK, [_CONTROLS, controls]))
        except Error as error:  # a burst of thousands of messages overruns the kernel's socket, and the view never comes
            return {"broke": f"lost in run {run + 1} of {times}: {str(error).partition('Error: ')[2].partition(chr(10))[0]}"}
    return {"controls": controls, "ms": round(statistics.median(took)), "least_ms": round(min(took)), "most_ms": round(max(took))}


def _browser() -> str | None:
    spec = importlib.util.spec_from_file_location("find_browser", _ROOT / "scripts" / "find_browser.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    return script.find_browser()


def _write_kernel(folder: Path, python: Path) -> None:
    folder.mkdir(parents=True)
    told = {"argv": [str(python), "-m", "ipykernel_launcher", "-f", "{connection_file}"], "display_name": "peers", "language": "python"}
    (folder / "kernel.json").write_text(json.dumps(told), encoding="utf-8")


def _use_kernel(notebook: Path, name: str) -> None:
    told = json.loads(notebook.read_text(encoding="utf-8"))
    told["metadata"]["kernelspec"] = {"name": name, "display_name": name}
    notebook.write_text(json.dumps(told), encoding="utf-8")
