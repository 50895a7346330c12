"""What a notebook says once, and the client that everything in it shares.

`use` sets how this notebook works, `default_client` is the one client of this process, `run` orders from it.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from . import languages
from .account import warn_if_written
from .settings import wish_local
from .sync import Client

if TYPE_CHECKING:
    from .models import Model
    from .results import Result

__all__ = ["default_client", "run", "use"]

_shared: dict[str, Client] = {}
_guard = threading.Lock()


def default_client() -> Client:
    """The client that panels and `dr.run` use where none is given: one per process, made on first need."""
    with _guard:
        client = _shared.get("client")
        if client is None or not client.usable:
            client = _shared["client"] = Client()
            warn_if_written(client.settings)
        return client


def use(*, language: str | None = None, local: bool | None = None) -> None:
    """Set how this notebook works; once, in its first cell.

    Args:
        language: The panels' language: `en`, `zh-CN`, `zh-TW` or `ja`.
        local: True draws everything on this machine, free. False insists on hosted services, which cost money. It
            holds for every client and panel that was not told otherwise itself.
    """
    if language is not None:
        languages.choose(language)
    if local is not None:
        wish_local(local)


def run(model: str | Model, inputs: Mapping[str, object] | None = None, /, **values: Any) -> Result:
    """Order one job with the default client, wait, and return its pictures. See `Client.run`."""
    return default_client().run(model, inputs, **values)
