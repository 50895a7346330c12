"""The single edge between a person's click and our code.

A traceback inside a widget's callback goes where nobody looks. Here it goes to the log, and a sentence goes to the
panel. Nothing else in `panel/` catches what it does not name.
"""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import ParamSpec, Protocol

from ..errors import DarkroomError
from ..redaction import masked_text, quiet
from .notice import Notice

__all__ = ["Told", "guarded"]

Args = ParamSpec("Args")
log = logging.getLogger("ipydarkroom.panel")
quiet(log)


class Told(Protocol):
    """Who tells the person what went wrong: the model of a panel, or of a history."""

    def fail(self, error: DarkroomError) -> None:
        """Show an error."""

    def say(self, notice: Notice | None) -> None:
        """Put a sentence there."""


def guarded(model: Told, act: Callable[Args, object]) -> Callable[Args, None]:
    """Return `act` with the edge around it: our own errors are shown as they are, any other as an unexpected one."""

    @functools.wraps(act)
    def call(*args: Args.args, **kwargs: Args.kwargs) -> None:
        try:
            act(*args, **kwargs)
        except DarkroomError as error:
            model.fail(error)
        except Exception as error:  # the edge: beyond it there is only a log nobody has open
            log.exception("a callback of the panel failed")
            model.say(Notice("panel.unexpected", {"kind": type(error).__name__, "message": masked_text(str(error))[:200]}))

    return call
