"""JupyterLab for tests: a server of its own on loopback, and a page that can be driven by name.

Nothing of the person's Jupyter configuration is read or written; every request that wants to leave loopback is
refused and remembered.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from playwright.sync_api import Browser, Locator, Page

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]
_QUIET = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True,
    },
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none", "recordTiming": False},
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
    "@jupyterlab/apputils-extension:themes": {"adaptive-theme": False},
}
_OWN_FOLDERS = (
    "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTERLAB_SETTINGS_DIR",
    "JUPYTERLAB_WORKSPACES_DIR", "IPYTHONDIR", "IPYDARKROOM_HOME",
)


@dataclass(frozen=True)
class Server:
    """A running JupyterLab: its address, its token, and the folder of its notebooks."""

    url: str
    token: str
    root: Path

    def address(self, name: str) -> str:
        """The page of one notebook, without side bars."""
        return f"{self.url}doc/tree/{name}?token={self.token}"

    def ask(self, method: str, path: str) -> bytes:
        """A call of the server's own API."""
        request = urllib.request.Request(
            f"{self.url}api/{path}", method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=10) as reply:
            return reply.read()

    def end_kernels(self) -> None:
        """A notebook's kernel outlives its page; end them all."""
        for session in json.loads(self.ask("GET", "sessions")):
            self.ask("DELETE", f"sessions/{session['id']}")


@contextlib.contextmanager
def serve(folder: Path) -> Iterator[Server]:
    """Run JupyterLab on a free port until the block ends."""
    env = dict(os.environ)
    for name in _OWN_FOLDERS:
        env[name] = str(folder / name.lower())
        Path(env[name]).mkdir()
    overrides = Path(env["JUPYTER_CONFIG_DIR"]) / "labconfig" / "default_setting_overrides.json"
    overrides.parent.mkdir()
    overrides.write_text(json.dumps(_QUIET), encoding="utf-8")
    env.update(IPYDARKROOM_LOCAL="1", IPYDARKROOM_SPENDING="off", NO_PROXY="127.0.0.1,localhost")
    root = folder / "notebooks"
    root.mkdir()
    port, token = _free_port(), secrets.token_hex(16)
    command = [
        sys.executable, "-m", "jupyterlab", "--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0", "--ServerApp.open_browser=False", f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={root}", "--ServerApp.allow_root=True", "--LabApp.expose_app_in_browser=True",
        "--LabApp.extension_manager=readonly",
    ]
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        _until_it_answers(f"http://127.0.0.1:{port}/api", process, log)
        yield Server(f"http://127.0.0.1:{port}/", token, root)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGTERM)
        process.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _until_it_answers(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"JupyterLab ended:\n{log.read_text()[-3000:]}")
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=2).close()
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
    raise RuntimeError(f"JupyterLab did not answer:\n{log.read_text()[-3000:]}")


class Lab:
    """One notebook in one page."""

    def __init__(self, browser: Browser, server: Server, shots: Path) -> None:
        self.server = server
        self.shots = shots
        self.context = browser.new_context(viewport={"width": 1200, "height": 1250}, reduced_motion="reduce")
        self.context.set_default_timeout(30_000)
        self.page: Page = self.context.new_page()
        self.left_loopback: list[str] = []
        self.page.route(lambda url: not url.startswith(("http://127.0.0.1", "data:", "blob:")), self._refuse)

    def _refuse(self, route) -> None:
        self.left_loopback.append(route.request.url)
        route.abort()

    def write(self, name: str, *cells: str) -> str:
        """Write a notebook of these cells; returns its file name."""
        notebook = nbformat.v4.new_notebook(metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}})
        notebook.cells = [nbformat.v4.new_code_cell(cell) for cell in cells]
        nbformat.write(notebook, self.server.root / name)
        return name

    def open(self, name: str) -> None:
        """Open a notebook and wait until its kernel is idle."""
        self.page.goto(self.server.address(name), wait_until="domcontentloaded")
        self.page.wait_for_function("() => window.jupyterapp && window.jupyterapp.shell.currentWidget")
        self.page.wait_for_function(
            """() => {
                const kernel = window.jupyterapp.shell.currentWidget?.sessionContext?.session?.kernel;
                return kernel && kernel.connectionStatus === 'connected' && kernel.status === 'idle';
            }""",
            timeout=60_000,
        )

    def open_without_kernel(self, name: str) -> None:
        """Open a notebook as a reader would who chooses no kernel."""
        path = self.server.root / name
        notebook = nbformat.read(path, as_version=4)
        notebook.metadata.pop("kernelspec", None)
        notebook.metadata["language_info"] = {"name": "text"}  # else a kernel of that language is started unasked
        nbformat.write(notebook, path)
        self.page.goto(self.server.address(name), wait_until="domcontentloaded")
        dialog = self.page.locator(".jp-Dialog")
        dialog.locator("select").select_option(label="No Kernel")
        dialog.locator(".jp-mod-accept").click()
        dialog.wait_for(state="detached")
        assert self.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session?.kernel ?? null") is None

    def run(self, index: int, *, wait: bool = True) -> None:
        """Run one cell, by its place among all cells."""
        self.page.evaluate(
            """async ([index, wait]) => {
                const notebook = window.jupyterapp.shell.currentWidget;
                notebook.content.activeCellIndex = index;
                notebook.content.deselectAll();
                const done = window.jupyterapp.commands.execute('notebook:run-cell');
                if (wait) await done;
            }""",
            [index, wait],
        )

    def command(self, name: str, **arguments: object) -> None:
        """Run one of the application's own commands, such as `docmanager:save`."""
        self.page.evaluate(
            "async ([name, args]) => { await window.jupyterapp.commands.execute(name, args) }", [name, arguments]
        )

    def kernel_status(self) -> str:
        """`idle` or `busy`, as the page's session knows it."""
        return self.page.evaluate("() => window.jupyterapp.shell.currentWidget.sessionContext.session.kernel.status")

    def cell(self, index: int) -> Locator:
        """One cell with its outputs."""
        return self.page.locator(".jp-Notebook .jp-Cell").nth(index)

    def shot(self, name: str) -> None:
        """Keep a screenshot, to be looked at."""
        self.shots.mkdir(exist_ok=True)
        self.page.screenshot(path=self.shots / f"{name}.png")

    def note_lines(self) -> None:
        """From now on, remember every text a job line shows, however short."""
        self.page.evaluate(
            """() => {
                window.seenLines = [];
                const note = () => document.querySelectorAll('.dr-line').forEach((line) => {
                    if (window.seenLines.at(-1) !== line.innerText) window.seenLines.push(line.innerText);
                });
                new MutationObserver(note).observe(document.body, {subtree: true, childList: true, characterData: true});
            }"""
        )

    def lines(self) -> str:
        """All of those texts."""
        return "\n".join(self.page.evaluate("() => window.seenLines"))

    def close(self) -> None:
        """Close the page and end its kernel."""
        self.context.close()
        self.server.end_kernels()
