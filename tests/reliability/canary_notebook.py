"""The canaries in a real kernel: a panel under nbclient with its widget state stored, saved, and exported as HTML."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat
from jupyter_client import KernelManager
from nbclient import NotebookClient
from nbconvert import HTMLExporter

if TYPE_CHECKING:
    from canaries import Canaries
    from canary_server import Provider

__all__ = ["login_surfaces", "notebook_surfaces"]

# The link comes from the environment, as a person would read it from somewhere: no cell's source may hold it.
CELLS = (
    "%load_ext storemagic\nimport logging, os, sys\nlogging.basicConfig(level=logging.DEBUG, stream=sys.stdout)\n"
    "import ipydarkroom as dr\ninputs = lambda name: {'image': os.environ['CANARY_LINK'].replace('/ok.', f'/{name}.'), 'resolution': '1536:640 (12:5)'}",
    "panel = dr.Panel('ideogram/ideogram-v3/reframe', provider='runcomfy')\npanel.value = inputs('ok')\npanel",
    "panel.submit()\npanel.wait(30)\npanel.jobs[-1].result()",
    "panel.value = inputs('note')\npanel.submit()\npanel.wait(30)\npanel.jobs[-1].result()",
    "panel.value = inputs('fail')\npanel.submit()\npanel.wait(30)\npanel.jobs[-1]",
    "panel.value = inputs('refuse')\npanel.submit()\npanel.wait(30)\npanel.jobs[-1].error",
    "panel.value",
    "panel.jobs[0].record.inputs",
    "panel.jobs[0].result().inputs, panel.jobs[0].record, dr.default_client(), dr.default_client().settings",
    "dr.run('ideogram/ideogram-v3/reframe', inputs('fail'), provider='runcomfy')",
    "panel.jobs[-1].result()",
    "dr.login()",
    "token = dr.default_client().settings.token('runcomfy')\n%store token",
    "%xmode Verbose\ntry:\n    dr.login()\nexcept dr.errors.AuthError as error:\n    get_ipython().showtraceback()",
)


def notebook_surfaces(folder: Path, canaries: Canaries, provider: Provider) -> dict[str, list[str]]:
    """Run the cells with the token in the environment and the link in a form; what was saved, shown and written."""
    folder.mkdir(parents=True)
    env = {**_surroundings(folder, provider), "RUNCOMFY_API_TOKEN": canaries.token, "CANARY_LINK": canaries.link("ok")}
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(cell) for cell in CELLS])
    client = NotebookClient(
        notebook, timeout=120, store_widget_state=True, allow_errors=True, resources={"metadata": {"path": str(folder)}}
    )
    client.execute(env=env)
    state = notebook.metadata.pop("widgets", None)
    bare = nbformat.writes(notebook)
    bare_page, _ = HTMLExporter().from_notebook_node(notebook)
    notebook.metadata["widgets"] = state or {}
    page, _ = HTMLExporter().from_notebook_node(notebook)
    _expect(notebook, state)
    return {
        "notebook: widget state": [str(state), page],
        "notebook: saved": [bare],
        "notebook: HTML": [bare_page],
        "notebook: shown errors": _texts(notebook, "error"),
        "notebook: streams and logs": _texts(notebook, "stream"),
        "notebook: cell outputs": _texts(notebook, "execute_result", "display_data"),
        **_written(folder),
    }


def login_surfaces(folder: Path, canaries: Canaries, provider: Provider) -> dict[str, list[str]]:
    """Type the token at `dr.login()`'s prompt in a kernel whose front end can ask, order with it, and look at everything."""
    folder.mkdir(parents=True)
    manager = KernelManager(kernel_name="python3")
    with (folder.parent / "kernel.log").open("wb") as log:
        manager.start_kernel(env=_surroundings(folder, provider), independent=True, stdout=log, stderr=log)
        front = manager.client()
        try:
            front.start_channels()
            front.wait_for_ready(60)
            return {"login in a kernel": [*_typed(front, canaries), *sum(_written(folder).values(), [])]}
        finally:
            front.stop_channels()
            manager.shutdown_kernel(now=True)


def _typed(front: Any, canaries: Canaries) -> list[str]:
    """All messages of a cell that asks, answered by the canary, and of one that orders with it."""
    order = "dr.default_client().submit('bytedance/dreamina-4-0/text-to-image', prompt='fox').wait(20)"
    cell = front.execute(f"import ipydarkroom as dr\nclient = dr.default_client()\nsaid = dr.login()\ndisplay(said)\n{order}", allow_stdin=True)
    asked = front.get_stdin_msg(timeout=30)["content"]
    if not asked["password"]:
        raise AssertionError("the prompt would show the letters")
    front.input(canaries.token)
    shown = [str(asked)]
    while True:
        message = front.get_iopub_msg(timeout=30)
        if message["parent_header"].get("msg_id") != cell:
            continue
        shown.append(str(message["content"]))
        if message["msg_type"] == "error":
            raise AssertionError(f"the login did not work: {message['content']}")
        if message["msg_type"] == "status" and message["content"]["execution_state"] == "idle":
            return shown


def _surroundings(folder: Path, provider: Provider) -> dict[str, str]:
    """A kernel's environment: the provider on loopback, and every folder of its own."""
    return {
        **{name: value for name, value in os.environ.items() if not name.startswith(("RUNCOMFY", "KIE"))},
        "IPYDARKROOM_RUNCOMFY_URL": provider.origin, "IPYDARKROOM_HOME": str(folder / "home"), "IPYDARKROOM_LOCAL": "0",
        "IPYTHONDIR": str(folder / "ipython"), "JUPYTER_RUNTIME_DIR": str(folder / "runtime"),
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
    }


def _expect(notebook: Any, state: Any) -> None:
    """Look at what must be there, for a run that showed nothing would hide nothing."""
    text = nbformat.writes(notebook)
    pictures, errors = text.count("data:image/"), _texts(notebook, "error")
    if not state or pictures < 2 or not any("cannot read" in error for error in errors) or not any(
        "Nobody can be asked for a token here" in error for error in errors
    ) or "HTTP Request" not in text:
        raise AssertionError(f"the notebook did not do its work: {pictures} pictures, {errors}")


def _texts(notebook: Any, *kinds: str) -> list[str]:
    return [str(output) for cell in notebook.cells for output in cell.outputs if output.output_type in kinds]


def _written(folder: Path) -> dict[str, list[str]]:
    """The files of the run: ours as in the library's own life, and IPython's history and store."""
    found: dict[str, list[str]] = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        ours = "home" in path.relative_to(folder).parts
        kind = ("file: journal" if "journal" in path.name else "file: picture") if ours else "notebook: IPython's files"
        found.setdefault(kind, []).append(path.read_bytes().decode("latin-1"))
    return found
