"""An output of a cell that lasts: while its kernel lives it is a widget, and in the saved file plain HTML, kept up to date."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from IPython.display import display

if TYPE_CHECKING:
    from IPython.core.display_functions import DisplayHandle

__all__ = ["Lasting"]


class Lasting:
    """The places where one such output was shown.

    Args:
        bundle: Makes the output: MIME type -> what it is there.
        stamp: What the saved form depends on; cheap, as it is asked at every paint.
    """

    def __init__(self, bundle: Callable[[], Mapping[str, object]], stamp: Callable[[], object]) -> None:
        self._make = bundle
        self._stamp = stamp
        self._handles: list[DisplayHandle] = []
        self._saved: object = None

    def show(self) -> None:
        """Show it in the cell that runs."""
        self._handles.append(display(self._bundle(), raw=True, display_id=True))  # type: ignore[no-untyped-call]

    def renew(self) -> None:
        """Bring the saved form up to date. It makes the output's view anew, so not while anything goes on in it."""
        if self._handles and self._saved != self._stamp():
            bundle = self._bundle()
            for handle in self._handles:
                handle.update(bundle, raw=True)  # type: ignore[no-untyped-call]

    def close(self) -> None:
        """What was shown stays as it is."""
        self._handles.clear()

    def _bundle(self) -> dict[str, object]:
        self._saved = self._stamp()
        return dict(self._make())
