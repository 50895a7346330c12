"""The button "Check link" beside a link, and what came of it in one line."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeAlias

import ipywidgets as w

from ..errors import DarkroomError
from ..fields import Media
from ..languages import say
from ..link_check import LinkCheck
from ..markup import Markup, tag
from ..schema.links import has_scheme
from .labels import bytes_text, error_text, next_step_text, problem_text
from .pump import put

if TYPE_CHECKING:
    from .controls import Slot

__all__ = ["Ask", "LinkLine", "found_html"]

Ask: TypeAlias = Callable[[str, Media, Callable[[LinkCheck | DarkroomError], None]], None]
"""Asks a link somewhere else, tells what was found, and has everything painted before and after."""


class LinkLine:
    """Button and line of one field; made when a link first stands in it, gone while none does.

    Args:
        slot: Whose field it is.
        media: What the field takes.
        ask: See `Ask`.

    Attributes:
        news: Whether `parts` would say something else now.
    """

    def __init__(self, slot: Slot, media: Media, ask: Ask) -> None:
        self._slot = slot
        self._media = media
        self._ask = ask
        self._link = ""
        self._found: LinkCheck | DarkroomError | None = None
        self._asking = False
        self.news = False
        self._button: w.Button | None = None
        self._line: w.HTML | None = None

    def parts(self, value: object) -> list[w.DOMWidget]:
        """What stands below the link box now. Sends nothing where nothing differs."""
        self.news = False
        link = value if isinstance(value, str) and has_scheme(value) else ""
        if link != self._link:  # what was found of another link says nothing about this one
            self._link, self._found, self._asking = link, None, False
        if not link:
            return []
        if self._button is None:
            self._button = self._slot.kit.make(w.Button, "dr-quiet", description=self._slot.say("panel.link.check"), icon="link")
            self._slot.press(self._button, self._pressed)
        said = self._said()
        if self._line is None and said:
            self._line = self._slot.kit.make(w.HTML, "dr-preview", value=said)
        if self._line is None:
            return [self._button]
        put(self._line, value=said)
        return [self._line, self._button] if said else [self._button]

    def _said(self) -> str:
        if self._asking:
            return tag("figure", tag("figcaption", self._slot.say("panel.link.asking")))
        return "" if self._found is None else found_html(self._found, self._slot.kit.language)

    def _pressed(self) -> None:
        if self._asking or not self._link:
            return
        asked, self._asking, self.news = self._link, True, True

        def told(found: LinkCheck | DarkroomError) -> None:
            if asked == self._link:
                self._asking, self._found, self.news = False, found, True

        self._ask(asked, self._media, told)


def found_html(found: LinkCheck | DarkroomError, language: str) -> Markup:
    """What came of asking, in one line; what speaks against it, in one more each. It is read out when it comes."""
    if isinstance(found, DarkroomError):
        sentences = (error_text(found, language), next_step_text(found, language))
        lines = [tag("span", " ".join(each for each in sentences if each), class_="dr-problem")]
    else:
        facts = " · ".join(_facts(found, language))
        lines = [tag("span", facts)] if facts else []
        lines += [tag("span", problem_text(each, language), class_="dr-problem") for each in found.problems]
    return tag("figure", tag("figcaption", *lines, role="status"))


def _facts(found: LinkCheck, language: str) -> list[str]:
    if not found.reachable:
        return []
    facts = [say("panel.link.works", language=language), found.mime]
    facts += [bytes_text(found.size)] if found.size is not None else []
    if found.width is not None and found.height is not None:
        facts.append(say("panel.pixels", language=language, width=found.width, height=found.height))
    if found.expires is not None:
        key = "panel.link.over" if found.expires < datetime.now(UTC) else "panel.link.expires"
        facts.append(say(key, language=language, time=f"{found.expires.astimezone():%Y-%m-%d %H:%M}"))
    return [fact for fact in facts if fact]
