"""A job of the journal in a panel again: its model, its inputs, its line and its pictures. Orders nothing.

The journal keeps of a file its name and hash only, so inputs that were files are left open, and the panel names them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from ..redaction import holds_stamp
from .model import Notice
from .view import Panel

if TYPE_CHECKING:
    from ..sync import Client

__all__ = ["files_of", "reopened"]


def reopened(client: Client, job_id: str, language: str) -> Panel:
    """Make the panel. It may ask a provider's catalog about a model nobody here knows, which is free.

    A job that was drawn on this machine gets a panel that draws here as well; for any other the usual choice holds.

    Raises:
        ModelNotFound: The journal has no such job, or nobody knows its model any more.
        NoAnswer: The model is not known here, and its provider's catalog did not answer.
    """
    job = client.job(job_id)
    record = job.record
    panel = Panel(client.model(record.model, record.provider), client=client, local=True if record.is_local else None, language=language)
    panel.state.value = {name: value for name, value in record.inputs.items() if not holds_stamp(value)}
    if not job.done:
        job.follow()
    panel._running.follow(job)
    if names := files_of(record.inputs):
        panel.state.say(Notice("history.files_again", {"names": ", ".join(names)}))
    return panel


def files_of(value: object) -> list[str]:
    """The names of the files that stand anywhere in inputs, in order."""
    if isinstance(value, Mapping):
        if "$file" in value:
            return [str(value["$file"])]
        return [name for inner in value.values() for name in files_of(inner)]
    if isinstance(value, (list, tuple)):
        return [name for inner in value for name in files_of(inner)]
    return []
