"""A job of the journal in a panel again: its model, its inputs, its line and its pictures. Orders nothing.

The journal keeps of a file its name and hash only, and of a signed link the part before its secrets. Neither would be of
use to a provider: a file comes back where it is still found, and the panel names what does not come back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .remade import made_from
from .view import InnerPanel

if TYPE_CHECKING:
    from ..sync import Client
    from .view import Panel

__all__ = ["reopened"]


def reopened(client: Client, job_id: str, language: str) -> Panel:
    """Make the panel. It may ask a provider's catalog about a model nobody here knows, which is free.

    A job that was drawn on this machine gets a panel that draws here as well; for any other the usual choice holds. A
    model that nobody here knows, such as one that was made from a schema, gets a form from the inputs themselves.

    Raises:
        ModelNotFound: The journal has no such job.
    """
    job = client.job(job_id)
    panel = InnerPanel._remade(made_from(job.record), client, local=True if job.record.is_local else None, language=language)
    lost = panel.state.trouble
    if not job.done:
        job.follow()
    panel._running.follow(job)
    panel.state.say(lost)  # a job that is taken in ends what was said before
    return panel
