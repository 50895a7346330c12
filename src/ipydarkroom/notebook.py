"""What a notebook says once, and the client that everything in it shares.

`use` sets how this notebook works, `default_client` is the one client of this process, `run` orders from it.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from . import languages
from .account import warn_if_written
from .arguments import demand_language, demand_seconds
from .budget import Budget
from .cells import Calls
from .errors import InputError, NotSaved
from .settings import wish_local
from .sync import Client

if TYPE_CHECKING:
    from .models import Model
    from .sync import Job
    from .results import Result

__all__ = ["default_client", "run", "use"]

_shared: dict[str, Client] = {}
_wished: dict[str, Budget] = {}
_guard = threading.Lock()
_calls = Calls()


def default_client() -> Client:
    """The client that panels and `dr.run` use where none is given: one per process, made on first need."""
    with _guard:
        client = _shared.get("client")
        if client is None or not client.usable:
            client = _shared["client"] = Client(budget=_wished.get("budget"))
            warn_if_written(client.settings)
        return client


def use(
    *, language: str | None = None, local: bool | None = None, budget: Budget | None = None, ask_above: int | None = None
) -> None:
    """Set how this notebook works; once, in its first cell.

    Args:
        language: The panels' language: `en`, `zh-CN`, `zh-TW` or `ja`.
        local: True draws everything on this machine, free. False insists on hosted services, which cost money. It
            holds for every client and panel that was not told otherwise itself.
        budget: The cap on hosted orders of panels and `dr.run`, such as `dr.Budget(jobs=20, usd=1.50)`.
        ask_above: How many new orders a sweep may place before it asks; 4 where it costs money, 60 where not, when never said.

    Raises:
        InputError: The language is none of the four, the budget is none, or `ask_above` no number of orders.
    """
    if language is not None:
        languages.choose(demand_language(language))
    if local is not None:
        wish_local(local)
    if ask_above is not None:
        from .sweep.asking import ask_above as above  # most notebooks make no sweep

        above(ask_above)
    if budget is not None and not isinstance(budget, Budget):
        raise InputError("budget= takes a Budget.", next_step="For example dr.Budget(jobs=20, usd=1.50).")
    if budget is not None:
        _wished["budget"] = budget
        if "client" in _shared:
            _shared["client"].budget = budget


def run(
    model: str | Model,
    inputs: Mapping[str, object] | None = None,
    /,
    *,
    again: bool = False,
    provider: str | None = None,
    local: bool | None = None,
    confirm: bool = False,
    timeout: float | None = None,
    **values: Any,
) -> Result:
    """The pictures of this order: those made before where there are any, else of a new job. Waits for them.

    Running a cell again pays nothing: the i-th identical call of one cell execution (outside a notebook, of one
    process) gives the journal's i-th job of that order, so a loop still gives distinct pictures. Jobs that failed do
    not count. A job still on its way is waited for; one whose order got no answer raises, it is not ordered twice.

    Args:
        model: A model id, or a Model.
        inputs: Input name -> value, for names of any shape.
        again: True orders anew, and may cost money.
        provider: Whose model it is, where two providers know the id.
        local: True on this machine, False hosted.
        confirm: See `Client.submit`.
        timeout: Seconds to wait at most.
        **values: Inputs whose names are Python names.

    Raises:
        NotSaved: It was made before, and its files are no longer where they were kept.
        DarkroomError: What `Client.submit` and `Job.result` raise.
    """
    demand_seconds(timeout)
    client = default_client()
    place: dict[str, Any] = {"provider": provider, "local": local}
    order = client.fingerprint(model, inputs, **place, **values)
    made, number = client.made_before(order), _calls.number(order)
    if again or number >= len(made):
        return client.submit(model, inputs, **place, confirm=confirm, **values).result(timeout)
    return _kept(made[number], timeout)


def _kept(job: Job, timeout: float | None) -> Result:
    """The pictures of a job made before, with the line that says so."""
    result = replace(job.result(timeout), reused=True)
    gone = [file.path.name for file in result.files if not file.path.is_file()]
    if gone:
        raise NotSaved(
            f"This was made before, but {gone[0]} is no longer where it was kept.",
            next_step="again=True orders a new one.", job=job, key="error.file_moved", name=gone[0],
        )
    return result
