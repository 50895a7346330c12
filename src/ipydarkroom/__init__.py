"""ipydarkroom: watch pictures develop in a notebook cell.

`Panel` is a form for a model, `Client` submits jobs, `Job`, `Result` and `Picture` are what comes of them; everything
else is found from these. Names are loaded on first use: importing the package loads neither widgets nor HTTP.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from . import errors, testing
    from .account import login, logout
    from .budget import Budget
    from .client import AsyncClient
    from .handle import AsyncJob
    from .intake import shrink
    from .models import Model
    from .panel import Compare, Form, History, Panel, Sweep, controls
    from .results import Picture, Result
    from .notebook import default_client, run, use
    from .sweep import axis
    from .sync import Client, Job

    __version__: str

__all__ = [
    "AsyncClient",
    "AsyncJob",
    "Budget",
    "Client",
    "Compare",
    "Form",
    "History",
    "Job",
    "Model",
    "Panel",
    "Picture",
    "Result",
    "Sweep",
    "axis",
    "controls",
    "default_client",
    "errors",
    "login",
    "logout",
    "run",
    "shrink",
    "testing",
    "use",
]

_HOMES = {
    "AsyncClient": "client",
    "AsyncJob": "handle",
    "Budget": "budget",
    "Client": "sync",
    "Compare": "panel",
    "Form": "panel",
    "History": "panel",
    "Job": "sync",
    "Model": "models",
    "Panel": "panel",
    "Picture": "results",
    "Result": "results",
    "Sweep": "panel",
    "axis": "sweep",
    "default_client": "notebook",
    "login": "account",
    "logout": "account",
    "run": "notebook",
    "shrink": "intake",
    "use": "notebook",
}

_MODULES = {"controls": ".panel.controls", "errors": ".errors", "testing": ".testing"}


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("ipydarkroom")
    if name in _MODULES:
        return importlib.import_module(_MODULES[name], __name__)
    if name in _HOMES:
        return getattr(importlib.import_module(f".{_HOMES[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
