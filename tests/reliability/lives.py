"""Lives of a client that end by SIGKILL: a forked process with the whole client over HTTP, on one journal.

A fork stands for a fresh kernel, as starting an interpreter 500 times would take minutes; so what an interpreter makes
for itself (its name in the journal) is made anew in each. The parent holds no client, no loop and no thread.
"""

from __future__ import annotations

import asyncio
import importlib
import inspect
import os
import signal
import sys
import traceback
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ipydarkroom import settings, transport
from ipydarkroom.client import AsyncClient
from ipydarkroom.handle import AsyncJob
from ipydarkroom.jobs import State

if TYPE_CHECKING:
    from backend import Backend

__all__ = ["client_on", "fork", "preload", "resumed", "end_of"]

HARD_LIMIT_S = 90.0
_shared: dict[Any, Any] = {}  # the HTTP package's module that makes TLS contexts -> one of them


def preload(backend: Backend) -> None:
    """Load here what every life would load for itself: modules, and the certificates that loopback never needs."""
    name = transport.http_package(settings.load({}))
    http = importlib.import_module(name)
    http.AsyncClient()
    for module in ("anyio._backends._asyncio", "h11", "PIL.Image", "PIL.PngImagePlugin", "ipydarkroom.files"):
        importlib.import_module(module)
    default = importlib.import_module(f"{name}._transports.default")
    _shared[default] = default.create_ssl_context()
    for provider in ("runcomfy", "kie"):
        backend.model(provider)


def fork(work: Callable[[], Awaitable[None]], before: Callable[[], None] | None = None) -> int:
    """Run `work` on a loop of its own in a new process; returns its id. It exits with 0, or with 1 and a traceback."""
    pid = os.fork()
    if pid:
        return pid
    try:
        signal.alarm(int(HARD_LIMIT_S))
        _rename()
        for module, context in _shared.items():
            module.create_ssl_context = lambda *_, context=context, **__: context
        if before is not None:
            before()
        asyncio.run(work())
        code = 0
    except BaseException:
        traceback.print_exc(file=sys.stderr)
        code = 1
    finally:
        os._exit(code)


def end_of(pid: int) -> int:
    """Wait for a life to end: its exit code, or minus the signal that ended it."""
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


@contextmanager
def client_on(home: Path, backend: Backend) -> Iterator[AsyncClient]:
    """A client of the backend with its journal in `home`; not closed, as its process is about to be killed."""
    yield AsyncClient(settings=backend.settings(home), base_url=backend.base_url, paces=backend.paces)


async def resumed(client: AsyncClient, limit: int | None = None) -> list[AsyncJob]:
    """What a person does after a restart: go on with every job that is not done; `limit` looks at the newest only."""
    if hasattr(client, "resume"):
        found: Any = client.resume()
        return list(await found if inspect.isawaitable(found) else found)
    return [job for job in client.jobs(limit) if not job.done and job.state is not State.UNCERTAIN]


def _rename() -> None:
    """Give this process a name of its own in the journal, as a fresh interpreter has."""
    name = uuid.uuid4().hex
    for module in [found for key, found in sys.modules.items() if key.startswith("ipydarkroom") and found is not None]:
        if isinstance(getattr(module, "PROCESS", None), str):
            module.PROCESS = name  # type: ignore[attr-defined]
        if isinstance(getattr(module, "OWNER", None), str):
            module.OWNER = f"{os.getpid()}-{name}"  # type: ignore[attr-defined]
