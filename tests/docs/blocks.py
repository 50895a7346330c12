"""The code blocks of the documentation, and the kernel that runs them as if each had been pasted into a cell.

Sybil finds the blocks, in the order of the page, and understands two comments that a reader does not see:
`<!-- skip: next "why" -->` before a block that needs an account, and `<!-- invisible-code-block: python ... -->`
for what must be there, or must be true, without being worth a reader's time. One page has one kernel and one
namespace. A line of bash runs in that kernel's surroundings.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from unittest import SkipTest

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from sybil import Document, Example, Sybil
from sybil.example import SybilFailure
from sybil.parsers.markdown import CodeBlockParser, SkipParser

from serving import TOKEN, served

__all__ = ["EXAMPLE_ORIGIN", "PAGES", "ROOT", "RUN", "Ran", "needs_a_server", "parsed", "reasons", "run"]

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
RUN = ("python", "bash")
EXAMPLE_ORIGIN = "http://127.0.0.1:8000"
"""What the pages write where `ipydarkroom serve` answers; the tests put the port of a real one in its place."""

# The local backend is the real one, but it paints small pictures of one colour, and does not wait for show. Every address
# that a socket wants to reach is written down.
_FIRST = """
%xmode Minimal
%colors nocolor
import sys as _sys

def _watch(event, args):
    address = args[1][0] if event == "socket.connect" and isinstance(args[1], tuple) else args[0] if event == "socket.getaddrinfo" else None
    if address is not None:
        with open("reached.txt", "a") as out:
            out.write(f"{address}\\n")
_sys.addaudithook(_watch)

import ipydarkroom.local.app as _app
from ipydarkroom.testing import ScriptedPainter as _ScriptedPainter
_app.build_app.__kwdefaults__.update(pace=_app.Pace(0, 0), painters=[_ScriptedPainter()])
"""


@dataclass(frozen=True)
class Ran:
    """How many blocks of a page were run, why each of the others was not, and the addresses that its kernel wanted to reach."""

    blocks: int
    skipped: tuple[str, ...]
    reached: frozenset[str]


def _python(example: Example) -> None:
    _cell(example, example.parsed)


def _bash(example: Example) -> None:
    missing = [name for name in ("bash", "curl") if shutil.which(name) is None]
    if missing:
        raise SkipTest(f"there is no {missing[0]} here")
    _cell(example, f"%%bash\nset -eo pipefail\n{example.parsed}")


_PARSER = Sybil([SkipParser(), CodeBlockParser("python", _python), CodeBlockParser("bash", _bash)], pattern="*.md", path=str(ROOT))


def parsed(page: Path) -> Document:
    """The page's blocks and comments, in order."""
    return _PARSER.parse(page)


def reasons(page: Path) -> list[str]:
    """What the page says about each block that is not run; an empty string where it says nothing."""
    said = [example.parsed for example in parsed(page) if isinstance(example.parsed, tuple)]
    return [(reason or "").strip().strip('"') for action, reason in said if action != "end"]


def needs_a_server(page: Path) -> bool:
    """Whether a block of the page talks to `ipydarkroom serve`."""
    return any(EXAMPLE_ORIGIN in example.parsed for example in parsed(page) if not isinstance(example.parsed, tuple))


def run(page: Path, home: Path) -> Ran:
    """Run every block of a page in a kernel of its own, on the local backend, with its files in `home`.

    Raises:
        SybilFailure: A block raised; the message has its place and what it said.
    """
    document, blocks, skipped = parsed(page), 0, []
    with _server(page) as origin, _kernel(home) as kernel:
        document.namespace.update(kernel=kernel, origin=origin)
        for example in document:
            try:
                example.evaluate()
            except SkipTest as why:
                skipped.append(str(why))
            else:
                blocks += not isinstance(example.parsed, tuple)  # a comment is no block
    log = home / "reached.txt"
    return Ran(blocks, tuple(skipped), frozenset(log.read_text(encoding="utf-8").split() if log.exists() else ()))


def _cell(example: Example, source: str) -> None:
    """Run one block as the next cell."""
    kernel: NotebookClient = example.namespace["kernel"]
    cell = nbformat.v4.new_code_cell(source.replace(EXAMPLE_ORIGIN, example.namespace["origin"]))
    kernel.nb.cells.append(cell)
    try:
        kernel.execute_cell(cell, len(kernel.nb.cells) - 1)
    except CellExecutionError as error:
        raise SybilFailure(example, str(error)) from error


@contextmanager
def _server(page: Path) -> Iterator[str]:
    """A real `ipydarkroom serve` for a page that talks to one; its address."""
    if not needs_a_server(page):
        yield EXAMPLE_ORIGIN
        return
    with served() as server:
        yield server.origin


@contextmanager
def _kernel(home: Path) -> Iterator[NotebookClient]:
    """A kernel whose working folder, journal and settings are `home`; no token but that of `serve` is in its surroundings."""
    client = NotebookClient(
        nbformat.v4.new_notebook(), timeout=120, store_widget_state=False, resources={"metadata": {"path": str(home)}}
    )
    ours = {
        "IPYDARKROOM_HOME": str(home / "data"), "IPYDARKROOM_SPENDING": "off", "IPYDARKROOM_SERVE_TOKEN": TOKEN,
        "IPYTHONDIR": str(home / "ipython"), "NO_PROXY": "127.0.0.1", "no_proxy": "127.0.0.1",
    }
    kept = {name: value for name, value in os.environ.items() if name not in ("IPYDARKROOM_LOCAL", "IPYDARKROOM_LANGUAGE")}
    with client.setup_kernel(env={**kept, **ours}):
        first = nbformat.v4.new_code_cell(_FIRST)
        client.nb.cells.append(first)
        client.execute_cell(first, 0)
        yield client
