"""Helpers for tests of code that uses this library: the same ones its own tests use.

`local_client` gives a client whose jobs are drawn in this process and kept in a folder of the test's; a `ScriptedPainter`
decides when a picture is ready. `spending(False)` locks paid hosts for the length of a `with`.
"""

from __future__ import annotations

import struct
import threading
import zlib
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

from .pacing import Pace
from .settings import forbid_spending, load
from .sync import Client

if TYPE_CHECKING:
    from .client import FindModel, PostCallback
    from .local.painters import Order, Report
    from .settings import Token

__all__ = ["QUICK", "ScriptedPainter", "local_client", "spending", "tiny_png"]

QUICK = Pace(
    steps=((0, 0.005),), grace=0.1, deadline=60, patience=5, first_backoff=0.002, longest_backoff=0.01, longest_hold=0.05
)
"""A rhythm for tests, where nothing waits for show: `Client(paces=(QUICK, QUICK))`."""


def spending(allowed: bool) -> AbstractContextManager[None]:  # reads as a sentence: spending(False)
    """Forbid paid hosts inside the `with`, whatever the environment says; `spending(True)` changes nothing."""
    return nullcontext() if allowed else forbid_spending()


def tiny_png(width: int = 2, height: int = 2, colour: tuple[int, int, int] = (200, 120, 40)) -> bytes:
    """A valid PNG of one colour, without any image library."""
    row = b"\0" + bytes(colour) * width

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(row * height)) + chunk(b"IEND", b"")


class ScriptedPainter:
    """A painter that paints one plain colour, when it is told to.

    `hold()` makes the next pictures wait for `release()`; `started` is set while one is being painted; `orders` lists
    what was asked for; `fail_with` makes it fail with that sentence.
    """

    name = "scripted"

    def __init__(self) -> None:
        self.orders: list[Order] = []
        self.started = threading.Event()
        self.fail_with = ""
        self._go = threading.Event()
        self._go.set()

    def hold(self) -> None:
        """Let the next pictures wait."""
        self._go.clear()

    def release(self) -> None:
        """Let them go on."""
        self._go.set()

    def accepts(self, order: Order) -> bool:
        """Every order."""
        return True

    def paint(self, order: Order, report: Report) -> bytes:
        """One colour, the size that was asked for (at most 64 pixels a side), after `release()`."""
        self.orders.append(order)
        self.started.set()
        report(0.5)
        self._go.wait(30)
        self.started.clear()
        if self.fail_with:
            raise ValueError(self.fail_with)
        width, height = order.size
        return tiny_png(min(width, 64), min(height, 64), (order.seed % 256, order.index % 256, 40))


def local_client(home: Path, painter: ScriptedPainter | None = None) -> Client:
    """A client for tests: everything in this process, nothing waits for show, the journal lies in `home`.

    Args:
        home: An empty folder, such as pytest's `tmp_path`.
        painter: Who paints; the real painters when absent.
    """
    settings = load({"IPYDARKROOM_HOME": str(home), "IPYDARKROOM_LOCAL": "1", "IPYDARKROOM_SPENDING": "off"})

    def build(token: Token, find: FindModel, send: PostCallback) -> object:
        from .local import Pace as Show
        from .local import build_app

        painters = None if painter is None else [painter]
        return build_app(tokens=frozenset({token.reveal()}), find=find, pace=Show(0, 0), painters=painters, send=send)

    return Client(local=True, settings=settings, paces=(QUICK, QUICK), local_app=build)
