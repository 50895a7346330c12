"""The applications notebooks run in, and their servers: each of its own on loopback, with nothing of a person's Jupyter in it."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

__all__ = ["LAB", "NOTEBOOK", "VOILA", "Application", "Server", "serve"]

_TEMPLATE = Path(__file__).parent / "voila_offline"
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


_ON_LOOPBACK = ("--ServerApp.ip=127.0.0.1", "--ServerApp.port_retries=0", "--ServerApp.open_browser=False", "--ServerApp.allow_root=True")


@dataclass(frozen=True)
class Application:
    """What opens a notebook in a browser: how its server is started, and the path of one notebook's page."""

    name: str
    module: str
    options: tuple[str, ...]
    path: str


LAB = Application(
    "JupyterLab", "jupyterlab", ("--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly"), "doc/tree",
)
NOTEBOOK = Application("Notebook 7", "notebook", ("--JupyterNotebookApp.expose_app_in_browser=True",), "notebooks")
VOILA = Application(  # as an extension of a server, so that the server's own API is there as well
    "Voila", "jupyter_server",
    ("--ServerApp.jpserver_extensions={'voila.server_extension': True}", "--VoilaConfiguration.template=offline"), "voila/render",
)


@dataclass(frozen=True)
class Server:
    """A running server: its address, its token, the folder of its notebooks, and what it serves."""

    url: str
    token: str
    root: Path
    application: Application = LAB

    def address(self, name: str) -> str:
        """The page of one notebook, without side bars."""
        return f"{self.url}{self.application.path}/{name}?token={self.token}"

    def ask(self, method: str, path: str) -> bytes:
        """A call of the server's own API."""
        request = urllib.request.Request(
            f"{self.url}api/{path}", method=method, headers={"Authorization": f"token {self.token}"}
        )
        with urllib.request.urlopen(request, timeout=10) as reply:
            return reply.read()

    def end_kernels(self) -> None:
        """A notebook's kernel outlives its page; end them all."""
        for kind in ("sessions", "kernels"):
            for one in json.loads(self.ask("GET", kind)):
                with contextlib.suppress(urllib.error.HTTPError):  # one that is ending already
                    self.ask("DELETE", f"{kind}/{one['id']}")


@contextlib.contextmanager
def serve(folder: Path, application: Application = LAB) -> Iterator[Server]:
    """Run an application on a free port until the block ends."""
    env = dict(os.environ)
    for name in _OWN_FOLDERS:
        env[name] = str(folder / name.lower())
        Path(env[name]).mkdir()
    overrides = Path(env["JUPYTER_CONFIG_DIR"]) / "labconfig" / "default_setting_overrides.json"
    overrides.parent.mkdir()
    overrides.write_text(json.dumps(_QUIET), encoding="utf-8")
    shutil.copytree(_TEMPLATE, Path(env["JUPYTER_DATA_DIR"]) / "voila" / "templates" / "offline")
    env.update(IPYDARKROOM_LOCAL="1", IPYDARKROOM_SPENDING="off", NO_PROXY="127.0.0.1,localhost")
    root = folder / "notebooks"
    root.mkdir()
    port, token = _free_port(), secrets.token_hex(16)
    command = [
        sys.executable, "-m", application.module, *_ON_LOOPBACK, f"--ServerApp.port={port}", f"--IdentityProvider.token={token}",
        f"--ServerApp.root_dir={root}", *application.options,
    ]
    log = folder / "server.log"
    with log.open("wb") as out:
        process = subprocess.Popen(command, cwd=folder, env=env, stdout=out, stderr=subprocess.STDOUT, start_new_session=True)
    try:
        _until_it_answers(f"http://127.0.0.1:{port}/api", process, log)
        yield Server(f"http://127.0.0.1:{port}/", token, root, application)
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
            raise RuntimeError(f"the server ended:\n{log.read_text()[-3000:]}")
        with contextlib.suppress(OSError):
            urllib.request.urlopen(url, timeout=2).close()
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(0.1)
    raise RuntimeError(f"the server did not answer:\n{log.read_text()[-3000:]}")


