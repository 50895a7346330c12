"""The button "Download all (zip)" and what becomes of it: a link that holds the zip, or a file beside the notebook.

A zip of a few megabytes travels to the page inside the link itself, made when asked for, so it works wherever a widget
does. A larger one is written beside the notebook, as the file browser can download what a message cannot carry.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import ipywidgets as w

from ..archive import Wanted
from ..markup import Markup, data_uri, join, tag
from ..wording import bytes_text, count_text
from .pump import put

if TYPE_CHECKING:
    from ..archive import Archive
    from ..exporting import Exported
    from .kit import Kit

__all__ = ["LINK_MOST", "Taking", "missing_text", "zip_name", "zipped", "zipped_all"]

LINK_MOST = 8_000_000
"""Bytes of a zip that a link may hold: a third more as text, well below the 16 MB a message was seen to carry."""

_NAMED = 5  # missing files


def zip_name() -> str:
    """The zip's name, by today's date."""
    return f"darkroom-{datetime.now().astimezone():%Y-%m-%d}.zip"


def zipped(archive: Archive, ids: tuple[str, ...], language: str) -> Exported:
    """These jobs as a zip: in memory where it is small, else beside the notebook. Blocking.

    Raises:
        StorageError: It could not be written.
    """
    from ..exporting import zip_or_file  # loaded when asked for: few panels ever are

    return zip_or_file(archive, ids, Path.cwd() / zip_name(), most=LINK_MOST, language=language)


def zipped_all(archive: Archive, language: str) -> Exported:
    """Every job of the journal as a zip; see `zipped`."""
    return zipped(archive, archive.ids(Wanted()), language)


class Taking:
    """Button and answer.

    Args:
        kit: Makes the widgets.
        pack: Makes the zip; blocking.
        aside: Does blocking work where it blocks neither a cell nor the loop, and paints before and after.
    """

    def __init__(self, kit: Kit, pack: Callable[[], Exported], aside: Callable[[Callable[[], None]], None]) -> None:
        self._kit = kit
        self._pack = pack
        self._aside = aside
        self._busy = False
        self._answer = Markup()
        self._said: w.HTML | None = None
        self.button = kit.make(w.Button, "dr-quiet", "dr-stop", description=kit.say("export.zip"))
        self.button.on_click(lambda _button: self.press())

    @property
    def said(self) -> tuple[w.HTML, ...]:
        """The answer, once there is one."""
        return () if self._said is None else (self._said,)

    def press(self) -> None:
        """Pack; one press at a time."""
        if self._busy:
            return
        self._busy, self._answer = True, Markup()

        def pack() -> None:
            try:
                self._answer = self._told(self._pack())
            finally:
                self._busy = False

        self._aside(pack)

    def paint(self) -> None:
        """Bring button and answer in line."""
        put(self.button, description=self._kit.say("export.working" if self._busy else "export.zip"))
        if self._answer and self._said is None:
            self._said = self._kit.make(w.HTML, "dr-line-text", "dr-taken")
        if self._said is not None:
            put(self._said, value=self._answer)

    def _told(self, done: Exported) -> Markup:
        say, language = self._kit.say, self._kit.language
        if not done.jobs:
            return tag("div", say("export.nothing"), role="status")
        files, jobs = count_text("file", done.pictures, language), count_text("job", done.jobs, language)
        count = say("export.zip_ready", files=files, jobs=jobs)
        if done.path is not None:
            size = bytes_text(done.path.stat().st_size)
            words = [tag("span", say("export.zip_beside", name=done.path.name, size=size))]
        else:
            data, name = done.data or b"", zip_name()
            link = tag("a", say("export.zip_link", name=name, size=bytes_text(len(data))), href=data_uri(data, "application/zip"), download=name)
            words = [tag("span", count), link]
        return tag("div", join(words, " "), missing_text(done, self._kit), role="status")


def missing_text(done: Exported, kit: Kit) -> Markup | None:
    """Which files are no longer where they were kept, if any."""
    if not done.missing:
        return None
    names = ", ".join(done.missing[:_NAMED]) + (f", +{len(done.missing) - _NAMED}" if len(done.missing) > _NAMED else "")
    return tag("div", kit.say("export.missing", names=names), class_="dr-next")
