"""How a thing can be written out: each way an object, an error or a log shows itself, as (surface, text)."""

from __future__ import annotations

import copy
import inspect
import io
import json
import logging
import pickle
import traceback
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from IPython.core.ultratb import AutoFormattedTB
from IPython.lib.pretty import pretty
from pydantic import BaseModel, TypeAdapter, ValidationError

import ipydarkroom as dr

__all__ = ["OWN_INPUTS", "logged", "pydantic_errors", "shapes", "tracebacks"]

MODES = ("Plain", "Context", "Verbose", "Minimal", "Docs")
LOGGERS = ("ipydarkroom", "ipydarkroom.panel", "httpx", "httpx2", "httpcore", "httpcore2", "asyncio")



def shapes(thing: object) -> Iterator[tuple[str, str]]:
    """Every way an object is written out, as (surface, text)."""
    yield "repr", repr(thing)
    yield "str", str(thing)
    yield "format", f"{thing:}" if type(thing).__format__ is not object.__format__ else format(thing)
    yield "vars", repr(getattr(thing, "__dict__", None))
    yield "slots", repr([getattr(thing, name, None) for kind in type(thing).__mro__ for name in getattr(kind, "__slots__", ())])
    yield "inspected attributes", repr(_attributes(thing))
    yield "pretty printer", pretty(thing)
    yield "json default=str", json.dumps({"it": thing}, default=str)
    yield "mimebundle", json.dumps(_bundle(thing), default=str)
    for name, act in (("pickle", pickle.dumps), ("deepcopy", copy.deepcopy)):
        try:
            yield name, repr(act(thing))
        except Exception as error:  # what refuses to be copied cannot leak by it; what it says may
            yield name, str(error)


def _attributes(thing: object) -> list[tuple[str, object]]:
    """As a variable inspector reads them, private ones included."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return inspect.getmembers(thing, lambda value: not inspect.isroutine(value))


def _bundle(thing: object) -> object:
    show = getattr(thing, "_repr_mimebundle_", None)
    return show() if callable(show) and not isinstance(thing, dr.Panel) else None


def tracebacks(error: BaseException) -> Iterator[tuple[str, str]]:
    """An error as each of IPython's modes, the standard library with locals, and rich would print it."""
    ours = error.__traceback__ and error.__traceback__.tb_next  # our frames: the caller's own hold what he wrote
    for mode in MODES:
        with suppress(AssertionError):  # IPython's own, in mode Docs, for an error with a cause
            shown = AutoFormattedTB(mode=mode).structured_traceback(
                type(error), error, ours, context=1 if mode == "Docs" else 5,
            )
            yield f"traceback {mode}", "\n".join(map(str, shown))
    told = traceback.TracebackException(type(error), error, ours, capture_locals=True)
    yield "traceback capture_locals", "".join(told.format())
    yield "error args and vars", repr((error.args, vars(error), error.__notes__ if hasattr(error, "__notes__") else ""))
    try:
        from rich.console import Console
        from rich.traceback import Traceback
    except ImportError:
        return
    out = io.StringIO()
    rich = Traceback.from_exception(type(error), error, ours, show_locals=True, locals_max_string=None, extra_lines=0)
    Console(file=out, width=200).print(rich)
    yield "traceback rich show_locals", out.getvalue()


OWN_INPUTS = ("traceback Verbose", "traceback capture_locals", "traceback rich show_locals", "pickle", "deepcopy")
"""Where the signature is the person's own variable or value, written out because they asked for exactly that."""


@contextmanager
def logged() -> Iterator[io.StringIO]:
    """Everything said at DEBUG by us and by the HTTP packages, formatted as `basicConfig` would."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    handler.setFormatter(logging.Formatter("%(levelname)s:%(name)s:%(message)s"))
    before = {name: logging.getLogger(name).level for name in LOGGERS}
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.DEBUG)
    logging.getLogger().addHandler(handler)
    try:
        yield out
    finally:
        logging.getLogger().removeHandler(handler)
        for name, level in before.items():
            logging.getLogger(name).setLevel(level)


def pydantic_errors(token: object) -> Iterator[tuple[str, str]]:
    """A token that strays into a model of somebody's: each of pydantic's ways to complain."""

    class Their(BaseModel):
        key: int

    for act in (lambda: Their(key=token), lambda: TypeAdapter(list[int]).validate_python([token])):
        try:
            act()
        except ValidationError as error:
            yield "pydantic error", str(error)
            yield "pydantic errors()", repr(error.errors())
            yield "pydantic json()", repr(error)
