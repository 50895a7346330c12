"""What a cell shows of a widget: the live view, and beside it what a saved file says where no kernel runs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from IPython.display import display

from ..markup import tag

if TYPE_CHECKING:
    import ipywidgets as w

__all__ = ["live_view", "show", "show_closed"]

_KEEP_LIVE = sys.platform != "emscripten"  # JupyterLite reopens an output that has a widget view as "Loading widget..."


def show(widget: w.Widget, plain: str, sentence: str) -> None:
    """Show a widget in the cell that runs.

    Args:
        widget: What is live while the kernel is.
        plain: What a front end without HTML shows.
        sentence: What the saved file says in its place.
    """
    display({**(widget._repr_mimebundle_() or {}), **_said(plain, sentence)}, raw=True)  # type: ignore[no-untyped-call]


def show_closed(sentence: str) -> None:
    """Show in the cell that runs that there is nothing to show any more."""
    display({"text/plain": sentence, "text/html": tag("em", sentence)}, raw=True)  # type: ignore[no-untyped-call]


def live_view(widget: w.Widget, *, busy: bool) -> dict[str, object]:
    """The live half of an output whose other half the file keeps.

    Args:
        widget: What is live.
        busy: Whether something still goes on in it; where a reopened file cannot show a view, only then it has one.
    """
    return dict(widget._repr_mimebundle_() or {}) if _KEEP_LIVE or busy else {}


def _said(plain: str, sentence: str) -> dict[str, str]:
    return {"text/plain": plain, "text/html": tag("p", tag("em", sentence))}
