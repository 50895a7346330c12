"""Named failpoints without hooks in the source: the doors of the client are wrapped from outside.

Doors: every fact (when it is learnt, when it waits for its commit, when whoever learnt it goes on), every commit of the
journal (before and after, by method and event, also where several writes share one), every request (before it leaves,
when it has left, when the answer's head is here, when it was read), every download, every fsync, link, rename and
removal in the pictures folder. The first crossing of each name is a failpoint; at the chosen one the process ends by SIGKILL.
"""

from __future__ import annotations

import functools
import importlib
import inspect
import os
import signal
import sqlite3
import sys
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from ipydarkroom import settings, transport
from ipydarkroom.jobs import Progress, Queued
from ipydarkroom.journal import Group, Journal
from ipydarkroom.learning import Learner
from ipydarkroom.transport import Transport

__all__ = ["watch"]

_call: ContextVar[str] = ContextVar("_call", default="")
_fact: ContextVar[str] = ContextVar("_fact", default="")
_COMMITTING = tuple(
    name for name, method in inspect.getmembers(Journal, inspect.isfunction)
    if not name.startswith("_") and name != "together" and "_transaction" in inspect.getsource(method)
)
_WRITES = ("link", "rename", "replace", "unlink", "fsync")


class Crossings:
    """Names as they are crossed, one a line in `book`; the end of the process at the one called `fatal`."""

    def __init__(self, book: Path, fatal: str) -> None:
        self._book = os.open(book, os.O_CREAT | os.O_WRONLY | os.O_APPEND)
        self._fatal, self._seen = fatal, set[str]()

    def cross(self, name: str) -> None:
        if name in self._seen:
            return
        self._seen.add(name)
        os.write(self._book, f"{name}\n".encode())
        if name == self._fatal:
            os.kill(os.getpid(), signal.SIGKILL)


def watch(home: Path, book: Path, fatal: str = "") -> Crossings:
    """Wrap every door of this process; call it in the process that may die, before its client is made."""
    seen = Crossings(book, fatal)
    _watch_journal(seen)
    _watch_facts(seen)
    _watch_transport(seen)
    _watch_folder(seen, home / "pictures")
    return seen


def _watch_journal(seen: Crossings) -> None:
    """`add`, `put.<event>` and whatever else commits: around the method, and around its `commit` itself.

    Where several writes share a commit it is the commit of each of them, and `together.<write>` says that it is shared.
    """
    doing = [""]
    sharing: list[str] = []

    class Watched(sqlite3.Connection):
        def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
            writes = ([doing[-1]] if doing[-1] else sharing) if statement.strip().lower() == "commit" else []
            for name in writes:
                if writes.count(name) > 1:
                    seen.cross(f"together.{name}")
                seen.cross(f"{name}.commit.before")
            done = super().execute(statement, *values)
            for name in writes:
                seen.cross(f"{name}.commit.after")
            return done

    for name, module in list(sys.modules.items()):
        if name.startswith("ipydarkroom.journal") and getattr(module, "sqlite3", None) is sqlite3:
            door = SimpleNamespace(**vars(sqlite3))
            door.connect = functools.partial(sqlite3.connect, factory=Watched)
            module.sqlite3 = door  # type: ignore[attr-defined]

    def around(method: Callable[..., Any], name: str) -> Callable[..., Any]:
        @functools.wraps(method)
        def watched(journal: Journal, *given: Any, **options: Any) -> Any:
            called = f"{name}.{given[1]}" if name == "put" else name
            doing.append(called)
            sharing.append(called)
            seen.cross(f"{called}.before")
            try:
                done = method(journal, *given, **options)
            finally:
                doing.pop()
            seen.cross(f"{called}.after")
            return done

        return watched

    for name in _COMMITTING:
        setattr(Journal, name, around(getattr(Journal, name), name))
    together = Journal.together

    @contextmanager
    def shared(journal: Journal) -> Iterator[None]:
        sharing.clear()
        with together(journal):
            yield

    Journal.together = shared  # type: ignore[method-assign]


def _watch_facts(seen: Crossings) -> None:
    """`learn.<event>`: learnt and nothing done about it yet; waiting for its commit; and gone on with.

    What stays in memory is left out: which of it a look happens to see is chance, and it changes nothing on disk.
    """
    learn, do = Learner.learn, Group.do

    @functools.wraps(learn)
    async def learnt(learner: Learner, track: Any, event: Any) -> bool:
        if isinstance(event, Queued | Progress):
            return await learn(learner, track, event)
        name = f"learn.{type(event).__name__}"
        token = _fact.set(name)
        seen.cross(f"{name}.before")
        try:
            done = await learn(learner, track, event)
        finally:
            _fact.reset(token)
        seen.cross(f"{name}.after")
        return done

    @functools.wraps(do)
    def waiting(group: Group, *given: Any) -> Any:
        told = do(group, *given)
        seen.cross(f"{_fact.get() or 'plan'}.waits")
        return told

    Learner.learn, Group.do = learnt, waiting  # type: ignore[method-assign]


def _watch_transport(seen: Crossings) -> None:
    """`send.<kind>` and `fetch` around the door's methods, and the moments in between from the HTTP package's own trace."""

    def around(method: Callable[..., Awaitable[Any]], name: str) -> Callable[..., Awaitable[Any]]:
        @functools.wraps(method)
        async def watched(door: Transport, what: Any, *given: Any, **options: Any) -> Any:
            called = f"{name}.{_kind(what)}" if name == "send" else name
            token = _call.set(called)
            seen.cross(f"{called}.before")
            try:
                done = await method(door, what, *given, **options)
            finally:
                _call.reset(token)
            seen.cross(f"{called}.after")
            return done

        return watched

    for name in ("send", "fetch"):
        setattr(Transport, name, around(getattr(Transport, name), name))
    http = importlib.import_module(transport.http_package(settings.load({})))
    handle = http.AsyncHTTPTransport.handle_async_request

    async def handled(door: Any, request: Any) -> Any:
        called = _call.get() or "request"

        async def trace(event: str, _: Any) -> None:
            if event.endswith("send_request_body.complete"):
                seen.cross(f"{called}.left")
            elif event.endswith("receive_response_headers.complete"):
                seen.cross(f"{called}.answered")

        request.extensions["trace"] = trace
        return await handle(door, request)

    http.AsyncHTTPTransport.handle_async_request = handled


def _watch_folder(seen: Crossings, pictures: Path) -> None:
    """Every step on a file in the pictures folder."""

    def around(step: Callable[..., Any], name: str) -> Callable[..., Any]:
        @functools.wraps(step)
        def watched(what: Any, *given: Any, **options: Any) -> Any:
            path = f"/proc/self/fd/{what}" if isinstance(what, int) else os.fspath(what)
            if not os.path.realpath(path).startswith(f"{os.path.realpath(pictures)}/"):
                return step(what, *given, **options)
            seen.cross(f"file.{name}.before")
            done = step(what, *given, **options)
            seen.cross(f"file.{name}.after")
            return done

        return watched

    for name in _WRITES:
        setattr(os, name, around(getattr(os, name), name))


def _kind(call: Any) -> str:
    """What a call asks for, by either protocol."""
    if call.upload is not None:
        return "upload"
    if call.path.startswith("/v1/models/") or call.path.endswith("/createTask"):
        return "order"
    last = call.path.rsplit("/", 1)[-1]
    return last if last in ("cancel", "result") else "poll"
